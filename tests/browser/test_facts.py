"""„Fakten prüfen“ in a real browser: claims beside the text, shown, corrected, bound and answered for, by pointer and keys."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from articles import workflow
from articles.models import Article, Waiver
from results.models import Event
from tests import factories
from tests.articles.factcheck.desk import DATA

pytestmark = pytest.mark.browser

BODY = (
    "<p>Im Rennen siegten Adler/Bussard im Toyota #7 mit 14,212 Sekunden Vorsprung auf Condor/Dohle in der #8.</p>"
    "<p>Die #7 fuhr im Rennen 189 Runden. „Wir hatten <strong>zwölf Sekunden</strong> Luft“, sagte Adler.</p>"
    "<p>Elster und Fink wurden im Rennen Dritte. Im Qualifying war die #8 in 1:35,461 Minuten die Schnellste.</p>"
)


@pytest.fixture
def story(transactional_db, people, tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(DATA), "utf-8")
    call_command("import_results", str(facts), stdout=StringIO())
    article = factories.ArticleFactory(
        title="Adler gewinnt", body=BODY, lead_event=Event.objects.get(name="Sechs Stunden")
    )
    workflow.save(article, by=people["reporter"], expected_lock_version=None)
    return article


def fact(page, words):
    return page.locator(".fact", has=page.locator("mark", has_text=words))


def test_claims_are_shown_corrected_bound_and_answered_for_beside_the_text(log_in, story):
    desk = log_in("editor")
    page = desk.page
    desk.go(f"/admin/articles/article/{story.pk}/change/")
    page.locator(".tiptap").wait_for()
    summary = page.locator(".facts-summary")
    assert summary.inner_text().startswith("3 Widersprüche")
    desk.look("fakten")

    gap = fact(page, "14,212 Sekunden")
    gap.get_by_role("button", name="Im Text zeigen").click()
    assert page.evaluate("getSelection().toString()") == "14,212 Sekunden"
    gap.get_by_role("button", name="Korrigieren zu „14,221 Sekunden“").press("Enter")
    summary.get_by_text("2 Widersprüche").wait_for()
    assert "14,221 Sekunden Vorsprung" in page.locator(".tiptap").inner_text()

    fact(page, "189 Runden").get_by_role("button", name="An die Daten binden").click()
    summary.get_by_text("1 Widerspruch").wait_for()
    assert page.locator(".tiptap data").inner_text() == "198"

    lap = fact(page, "1:35,461 Minuten")
    lap.locator("summary").press("Enter")
    reason = lap.get_by_label("Warum stimmt der Text?")
    reason.fill("Zeitnahme hat nachgebessert, Bulletin 4")
    reason.press("Enter")
    summary.get_by_text("0 Widersprüche").wait_for()
    assert "verantwortet das" in lap.locator(".fact-waiver").inner_text()
    desk.look("fakten-verantwortet")
    assert Waiver.objects.get().waived_by.username == "editor"
    assert Article.objects.get().body == story.body  # nothing is saved until somebody saves

    desk.press("Speichern")
    assert ">198</data> Runden" in Article.objects.get().body
    assert page.locator(".facts-summary").inner_text().startswith("0 Widersprüche")


def test_correcting_leaves_emphasis_and_links_where_they_are(log_in, story):
    body = (
        '<p>Im Rennen siegten Adler/Bussard im <a href="https://example.org/" rel="noopener noreferrer">Toyota</a> #7 mit '
        "<em>14,212</em> Sekunden Vorsprung auf Condor/Dohle in der #8. Die #7 fuhr im Rennen <strong>1</strong>89 Runden.</p>"
    )
    Article.objects.update(body=body)
    desk = log_in("editor")
    page = desk.page
    desk.go(f"/admin/articles/article/{story.pk}/change/")
    page.locator(".tiptap").wait_for()

    fact(page, "14,212").get_by_role("button", name="Korrigieren zu").click()
    page.locator(".facts-summary").get_by_text("1 Widerspruch").wait_for()
    fact(page, "189 Runden").get_by_role("button", name="Korrigieren zu").click()
    page.locator(".facts-summary").get_by_text("0 Widersprüche").wait_for()
    desk.press("Speichern")

    assert Article.objects.get().body == body.replace("14,212", "14,221").replace("89 R", "98 R")


def test_without_script_a_page_of_its_own_stores_a_correction(log_in, story):
    desk = log_in("editor", java_script_enabled=False)
    page = desk.page
    desk.go(f"/admin/articles/article/{story.pk}/change/")
    page.get_by_role("link", name="Angaben korrigieren, binden oder verantworten").click()
    gap = fact(page, "14,212 Sekunden")
    assert gap.get_by_label("Richtig wäre").input_value() == "14,221 Sekunden"
    gap.get_by_role("button", name="Korrigieren").click()

    assert "Aus „14,212 Sekunden“ wurde „14,221 Sekunden“" in page.locator(".messagelist").inner_text()
    assert "14,221 Sekunden Vorsprung" in Article.objects.get().body


def test_the_pages_beside_the_form_keep_wcag(log_in, story):
    desk = log_in("chief")
    desk.go(f"/admin/articles/article/{story.pk}/claims/")
    desk.look("fakten-seite")
    desk.go(f"/admin/articles/article/{story.pk}/publish/")
    desk.look("fakten-veroeffentlichen")
    assert desk.page.get_by_label("Warum gegen die Daten?").is_visible()


def test_typing_brings_the_lists_up_to_date(log_in, story):
    desk = log_in("reporter")
    page = desk.page
    desk.go(f"/admin/articles/article/{story.pk}/change/")
    page.locator(".tiptap").wait_for()
    title = page.locator("#id_title")
    title.fill("Sieg mit 14,122 Sekunden Vorsprung für Adler im Rennen vor der #8")

    fact(page, "14,122 Sekunden").wait_for(timeout=15_000)
    fact(page, "14,122 Sekunden").get_by_role("button", name="Korrigieren zu").click()
    assert title.input_value() == "Sieg mit 14,221 Sekunden Vorsprung für Adler im Rennen vor der #8"
