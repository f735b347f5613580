"""The proposals of a text in the article form: to be seen, by keyboard, and without script."""

import pytest

from tests.articles.weekends import STORY, bahrain_2021
from tests.browser.test_desk import change_page
from tests.factories import ArticleFactory, LapSetFactory, TagFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def article(transactional_db):
    event = bahrain_2021()
    LapSetFactory(session=event.sessions.get(key="Q"))
    TagFactory(name="WEC")
    TagFactory(name="Kamui Kobayashi")
    body = STORY + "<p>Die #99 blieb stehen. Weiter geht es 2022. Bruni wurde Dritter.</p>"
    other = ArticleFactory(title="Training in Bahrain", lead_event=event, standfirst="")
    return ArticleFactory(title="Pole für Toyota", standfirst="", body=body, stage=other.stage)


def held(article):
    article.refresh_from_db()
    return (
        article.lead_event and article.lead_event.name,
        [(box.class_name, box.cars) for box in article.sidebar.order_by("position")],
        sorted(tag.name for tag in article.tags.all()),
    )


def words_after_reload(desk):
    desk.page.reload()
    desk.page.wait_for_load_state("networkidle")
    return desk.text


ALL = ("8 Stunden von Bahrain", [("Hypercar", "7, 8"), ("LMGTE Pro", "92, 91")], ["Kamui Kobayashi", "WEC"])


def test_proposals_are_seen_ticked_by_keyboard_and_taken_over_with_what_was_typed(log_in, article):
    desk = log_in("reporter")
    desk.go(change_page(article))
    assert "Um welche Veranstaltung geht es?" in desk.text
    desk.look("vorschlaege")

    desk.page.get_by_label("Dachzeile").fill("WEC in Bahrain")
    box = desk.page.get_by_role("checkbox", name="#91")
    box.focus()
    desk.page.keyboard.press("Space")
    assert not box.is_checked()
    desk.page.keyboard.press("Space")
    take = desk.page.get_by_role("button", name="Übernehmen und speichern")
    take.focus()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")

    assert held(article) == ALL
    assert article.kicker == "WEC in Bahrain"
    desk.page.wait_for_load_state("networkidle")
    assert "nie gespeichert" not in desk.text  # what the browser had kept is what is stored
    assert "nie gespeichert" not in words_after_reload(desk)
    desk.page.get_by_text("Vorschläge aus dem Text").click()
    desk.look("vorschlaege-uebernommen")


def test_the_enter_key_in_a_field_saves_and_takes_nothing_over(log_in, article):
    desk = log_in("reporter")
    desk.go(change_page(article))
    desk.page.get_by_label("Dachzeile").fill("WEC in Bahrain")
    with desk.page.expect_navigation():
        desk.page.get_by_label("Dachzeile").press("Enter")
    assert held(article) == (None, [], [])
    assert article.kicker == "WEC in Bahrain"


def test_without_script_the_same_lines_are_taken_over(log_in, visit, article):
    desk = log_in("reporter")
    plain = visit(has_cookies=True, java_script_enabled=False)
    plain.context.add_cookies(desk.context.cookies())
    plain.go(change_page(article))
    plain.press("Übernehmen und speichern")
    assert held(article) == ALL
