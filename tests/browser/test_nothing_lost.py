"""The form's scripts where something goes wrong: an answer that never arrives, another login, a form taken over."""

import pytest

from articles import workflow
from articles.models import Article, Autosave
from tests import factories
from tests.browser.test_desk import PASSWORDS, an_article, change_page
from tests.browser.test_keeping_text import write
from tests.browser.test_writing import kept, wait_for_holder, wait_until_kept
from tests.browser.visit import take_over

pytestmark = pytest.mark.browser
ADD = "/admin/articles/article/add/"


def lose_the_answer(desk, path):
    """The server saves, and the browser never hears of it: the page stays as it was."""

    def saved_unheard(route):
        if route.request.method != "POST":
            route.continue_()
            return
        route.fetch(max_redirects=0)
        route.fulfill(status=204)

    desk.context.route(f"**{path}", saved_unheard)
    with desk.page.expect_response(lambda answer: answer.status == 204):
        desk.page.get_by_role("button", name="Speichern", exact=True).click()
    desk.context.unroute_all()


def kept_titles():
    return [dict(one.fields)["title"] for one in Autosave.objects.kept()]


class TestTheAnswerOfASaveIsLost:
    def test_a_new_article_is_written_on_and_saved_without_a_second_one(self, log_in):
        desk = log_in("reporter")
        desk.page.on("dialog", lambda dialog: dialog.accept())
        desk.go(ADD)
        desk.page.locator("#id_title").fill("Erst")
        lose_the_answer(desk, ADD)
        desk.page.wait_for_timeout(10_500)  # until the page no longer counts as being on its way
        desk.page.locator("#id_title").fill("Weiter geschrieben")
        wait_until_kept(desk)
        waiting = kept_titles()
        desk.press("Speichern")
        shown = desk.page.locator(".conflict").inner_text()
        desk.complaints.clear()  # 409 was meant
        desk.press("Speichern")

        assert waiting == ["Weiter geschrieben"]
        assert "geändert" in shown
        assert Article.objects.get().title == "Weiter geschrieben"
        assert not Autosave.objects.kept().exists()

    def test_what_was_written_on_outlives_the_browser(self, log_in):
        article = an_article()
        workflow.save(article, by=None, expected_lock_version=0)
        desk = log_in("reporter")
        desk.page.on("dialog", lambda dialog: dialog.accept())
        desk.go(change_page(article))
        desk.page.locator("#id_title").fill("Gespeichert")
        lose_the_answer(desk, change_page(article))
        desk.context.route("**/keep/", lambda route: route.abort("internetdisconnected"))
        desk.page.locator("#id_title").fill("Danach getippt")
        desk.page.get_by_text("Keine Verbindung: Der Text ist in diesem Browser aufgehoben.").wait_for()
        desk.go("/admin/")
        desk.context.unroute_all()
        desk.complaints.clear()  # the broken connection was meant
        desk.go(change_page(article))

        desk.page.get_by_role("button", name="Ins Formular holen").wait_for()
        assert kept_titles() == ["Danach getippt"]


class TestAnotherLogin:
    def test_a_text_stays_with_its_writer(self, log_in):
        article = an_article()
        desk = log_in("reporter")
        desk.page.on("dialog", lambda dialog: dialog.accept())
        desk.go(change_page(article))
        tab = desk.context.new_page()
        tab.goto("/admin/")
        tab.locator("#logout-form button").click()
        tab.goto("/admin/")
        tab.get_by_label("Benutzername").fill("editor")
        tab.get_by_label("Passwort").fill(PASSWORDS["editor"])
        tab.get_by_role("button", name="Anmelden").click()
        tab.wait_for_url("**/admin/")
        tab.close()
        write(desk, " Und stürmt.")
        desk.page.get_by_text("hat sich in diesem Browser jemand anders angemeldet").wait_for()
        desk.press("Speichern")
        asked = desk.page.locator(".conflict").inner_text()
        desk.complaints.clear()  # 409 was meant

        article.refresh_from_db()
        assert "geschrieben" in asked
        assert not Autosave.objects.filter(person__username="editor", fields__isnull=False, article=None).exists()
        assert article.body == "<p>Es regnet.</p>"


class TestTakenOver:
    def test_what_is_kept_is_the_whole_form_though_its_fields_are_locked(self, log_in):
        article = an_article()
        tag = factories.TagFactory(name="Regenrennen")
        article.tags.add(tag)
        workflow.save(article, by=None, expected_lock_version=0)
        first, second = log_in("reporter"), log_in("editor")
        first.page.on("dialog", lambda dialog: dialog.accept())
        first.go(change_page(article))
        wait_for_holder(first, article, "reporter")
        first.context.route("**/keep/", lambda route: route.abort("internetdisconnected"))
        write(first, " Von der Ersten.")
        second.go(change_page(article))
        take_over(second.page)
        first.page.evaluate("document.dispatchEvent(new Event('desk:beat'))")
        first.page.get_by_text("hat dieses Formular um").wait_for()
        first.go("/admin/")
        first.context.unroute_all()
        first.complaints.clear()  # the broken connection was meant
        first.go(change_page(article))
        first.page.get_by_role("button", name="Ins Formular holen").wait_for()

        fields = dict(Autosave.objects.kept().get().fields)
        assert fields["tags"] == str(tag.pk)
        assert fields["kind"] == "report"


def test_words_taken_out_and_put_back_at_once_stay_kept(log_in):
    article = an_article()
    desk = log_in("reporter")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.go(change_page(article))
    write(desk, " Und stürmt.")
    kept(desk)
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.press("Delete")
    desk.page.wait_for_timeout(800)  # the browser has kept it, the server not yet
    desk.page.keyboard.press("Control+z")
    desk.page.wait_for_timeout(800)
    desk.page.close(run_before_unload=False)

    desk.page = desk.context.new_page()
    desk.go(change_page(article))
    desk.page.get_by_role("button", name="Ins Formular holen").wait_for()
    assert dict(Autosave.objects.kept().get().fields)["body"] == "<p>Es regnet. Und stürmt.</p>"
