"""Nothing written is lost: not when the login ends meanwhile, not without a connection, not by leaving the page."""

import pytest

from articles.models import Article
from tests.browser.test_desk import PASSWORDS, an_article, change_page

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(log_in):
    return log_in("reporter")


def write(desk, words):
    body = desk.page.get_by_role("textbox", name="Text", exact=True)
    body.click()
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.type(words)


def log_in_again(desk):
    """In another tab, as the notice says."""
    with desk.context.expect_page() as opened:
        desk.page.get_by_role("link", name="Melden Sie sich in einem neuen Tab an").click()
    tab = opened.value
    tab.get_by_label("Benutzername").fill("reporter")
    tab.get_by_label("Passwort").fill(PASSWORDS["reporter"])
    with tab.expect_navigation():
        tab.get_by_role("button", name="Anmelden").click()
    tab.close()


def test_a_text_outlives_the_login(desk):
    article = an_article()
    desk.go(change_page(article))
    write(desk, " Und stürmt.")
    desk.context.clear_cookies(name="racedesk_session")

    desk.page.get_by_role("button", name="Speichern", exact=True).click()
    desk.page.get_by_text("Sie sind abgemeldet.").wait_for()
    assert "Es regnet. Und stürmt." in desk.page.get_by_role("textbox", name="Text", exact=True).inner_text()
    log_in_again(desk)
    desk.press("Speichern")

    article.refresh_from_db()
    assert article.body == "<p>Es regnet. Und stürmt.</p>"


def test_a_text_waits_for_the_connection(desk):
    article = an_article()
    desk.go(change_page(article))
    write(desk, " Und stürmt.")
    desk.context.route("**/admin/password_change/", lambda route: route.abort("internetdisconnected"))
    desk.page.get_by_role("button", name="Speichern", exact=True).click()
    desk.page.get_by_text("Der Server ist nicht zu erreichen.").wait_for()
    desk.context.unroute_all()
    desk.complaints.clear()  # the broken connection was meant
    desk.press("Speichern")

    article.refresh_from_db()
    assert article.body == "<p>Es regnet. Und stürmt.</p>"


def test_a_double_click_makes_one_article(desk):
    desk.go("/admin/articles/article/add/")
    desk.page.get_by_label("Titel").fill("Zweimal gedrückt")
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Speichern", exact=True).dblclick()
    assert Article.objects.filter(title="Zweimal gedrückt").count() == 1


def test_the_keys_that_save_everywhere_save_here(desk):
    article = an_article()
    desk.go(change_page(article))
    write(desk, " Und stürmt.")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Control+s")

    article.refresh_from_db()
    assert article.body == "<p>Es regnet. Und stürmt.</p>"


def test_leaving_with_unsaved_words_is_asked_and_without_is_not(desk):
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    desk.page.on("dialog", answer)
    desk.go(change_page(an_article()))
    desk.go("/admin/")
    assert asked == []
    desk.go(change_page(an_article(title="Ein zweiter")))
    write(desk, " Und stürmt.")
    desk.go("/admin/")
    assert asked == ["beforeunload"]
    desk.go(change_page(an_article(title="Ein dritter")))
    write(desk, " Und stürmt.")
    desk.press("Speichern")
    assert asked == ["beforeunload"]
