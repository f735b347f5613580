"""Remarks of the linters in a browser: put into the text, shown in it and hidden, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from articles import workflow
from tests import factories
from tests.browser.test_desk import an_article, change_page

pytestmark = pytest.mark.browser

BODY = (
    "<p>Es siegte <strong>Goetz</strong> vor Goetz und Adler.</p><p>„Gut, sagte er am Sonntag, 6. November.</p>"
    "<p>Der Sieger stand danach noch lange in der Box des Teams.</p><p>Der Sieger stand danach noch lange in der Box des Teams.</p>"
)


@pytest.fixture
def article(db):
    event = factories.EventFactory()
    goetz = factories.DriverFactory(first_name="Maximilian", last_name="Götz")
    factories.CrewMemberFactory(entry=factories.EntryFactory(event=event), driver=goetz)
    article = an_article(title="Goetz gewinnt", body=BODY, lead_event=event, lead_image=None)
    workflow.save(article, by=factories.UserFactory(role="chief"), expected_lock_version=None)
    return article


@pytest.fixture
def desk(article, log_in):
    desk = log_in("reporter")
    desk.go(change_page(article))
    desk.page.locator(".lint-panel li").first.wait_for()
    desk.page.locator(".tiptap.ProseMirror").wait_for()
    return desk


def has_items(desk, number):
    expect(desk.page.locator(".lint-panel li")).to_have_count(number)


def text(desk):
    return desk.page.locator(".tiptap.ProseMirror").evaluate("(dom) => dom.editor.getHTML()")


def press(desk, name):
    """The first button of that name, by keyboard."""
    desk.page.locator(".lint-panel").get_by_role("button", name=name).first.focus()
    with desk.page.expect_response(lambda answer: "/remarks" in answer.url):
        desk.page.keyboard.press("Enter")
    desk.wait_until("!document.getElementById('lint-panel').hasAttribute('aria-busy')")


def test_a_proposal_goes_into_all_its_places_and_is_saved_with_the_article(desk, article):
    has_items(desk, 4)

    press(desk, "„Götz“ an 3 Stellen einsetzen")
    assert "<strong>Götz</strong> vor Götz und Adler" in text(desk)
    assert desk.page.locator("#id_title").input_value() == "Götz gewinnt"
    assert desk.page.locator(".lint-said").inner_text() == "Geändert; der Text ist noch nicht gespeichert."
    assert desk.page.evaluate("document.activeElement.closest('.lint-panel') !== null")
    press(desk, "„Samstag“ einsetzen")
    press(desk, "Absatz entfernen")
    assert text(desk).count("Der Sieger stand") == 1
    has_items(desk, 1)
    desk.press("Speichern")

    article.refresh_from_db()
    assert article.title == "Götz gewinnt"
    assert "am Samstag, 6. November" in article.body


def test_a_remark_is_shown_in_the_text_and_hidden_by_keyboard(desk):
    desk.page.locator(".lint-panel li", has_text="nicht geschlossen").get_by_role(
        "button", name="Im Text zeigen"
    ).focus()
    desk.page.keyboard.press("Enter")
    desk.wait_until("String(document.getSelection()) === '„'")

    press(desk, "Ausblenden")
    has_items(desk, 3)
    press(desk, "Wieder zeigen")
    has_items(desk, 4)


def test_what_was_typed_since_is_not_written_over(desk):
    """The words are looked for again, with those around them; where they changed nothing is put."""
    desk.page.locator("#id_title").fill("Gewonnen")
    desk.page.locator(".tiptap.ProseMirror").evaluate("(dom) => dom.editor.commands.setContent('<p>Alles neu.</p>')")
    desk.page.locator(".lint-panel").get_by_role("button", name="an 3 Stellen").click()

    assert text(desk) == "<p>Alles neu.</p>"
    assert "stehen nicht mehr im Text" in desk.page.locator(".lint-said").inner_text()


def test_the_list_in_all_widths_and_lights(desk):
    desk.look("sprache")
