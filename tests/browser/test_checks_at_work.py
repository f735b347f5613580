"""The panels beside the text while somebody works: what is typed stays, an ended login disturbs nothing, the list stands still."""
# ruff: noqa: F401, F811 - fixtures are imported

import pytest
from playwright.sync_api import expect

from articles.models import Article, Waiver
from tests.browser.test_desk import PASSWORDS
from tests.browser.test_facts import fact, story

pytestmark = pytest.mark.browser
ADD = "/admin/articles/article/add/"
CHECK = "**/check/"


@pytest.fixture
def desk(log_in, story):
    desk = log_in("editor")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.go(f"/admin/articles/article/{story.pk}/change/")
    desk.page.locator(".tiptap").wait_for()
    return desk


def checked_again(desk, what):
    with desk.page.expect_response(CHECK):
        what()


def write_title(desk, words):
    title = desk.page.locator("#id_title")
    title.fill(words)
    title.press("Tab")


class TestWhatIsTyped:
    def test_a_reason_stays_while_the_list_is_renewed(self, desk):
        gap = fact(desk.page, "14,212 Sekunden")
        gap.locator("summary").click()
        reason = gap.get_by_label("Warum stimmt der Text?")
        reason.fill("Bulletin 4, noch nicht")

        checked_again(desk, lambda: write_title(desk, "Adler gewinnt im Rennen mit der #8"))

        expect(desk.page.locator(".facts-group.is-contradicted .fact")).not_to_have_count(0)
        assert reason.input_value() == "Bulletin 4, noch nicht"
        assert reason.is_visible()
        checked_again(desk, lambda: desk.page.get_by_role("button", name="Jetzt prüfen").click())
        reason.fill("Bulletin 4")
        reason.press("Enter")
        gap.locator(".fact-waiver").wait_for()
        assert Waiver.objects.get().reason == "Bulletin 4"
        assert desk.page.locator(".facts .check-told").inner_text() == ""

    def test_a_reason_whose_claim_goes_is_told(self, desk):
        gap = fact(desk.page, "14,212 Sekunden")
        gap.locator("summary").click()
        gap.get_by_label("Warum stimmt der Text?").fill("Bulletin 4")

        checked_again(desk, lambda: gap.get_by_role("button", name="Korrigieren zu").click())

        told = desk.page.locator(".facts .check-told")
        told.get_by_text("Die Angabe steht nicht mehr da. Geschrieben war: „Bulletin 4“").wait_for()

    def test_the_reader_of_the_list_stays_where_he_is(self, desk):
        desk.page.locator(".facts-group.is-confirmed summary").first.click()
        place = "document.querySelector('.facts-group.is-contradicted > ul').scrollTop"
        desk.page.set_viewport_size({"width": 1280, "height": 500})
        desk.page.evaluate(f"{place} = 120")

        checked_again(desk, lambda: desk.page.get_by_role("button", name="Jetzt prüfen").click())

        desk.wait_until(f"{place} === 120")
        assert desk.page.locator(".facts-group.is-confirmed").get_attribute("open") is not None


class TestAnEndedLogin:
    def test_checks_meet_it_without_a_harm_to_saving(self, desk, story):
        """The panels say so and ask no login page; after a login in another window text and panels go on."""
        asked, answered = [], []
        desk.page.on("request", lambda request: asked.append(request.url))
        desk.page.on("response", lambda response: answered.append(response.url))
        tab = desk.context.new_page()
        tab.goto("/admin/")
        tab.locator("#logout-form button").click()
        desk.page.get_by_role("button", name="Sprache prüfen").click()
        desk.page.locator(".lint-panel .check-told", has_text="Die Anmeldung ist abgelaufen").wait_for()
        desk.page.get_by_role("button", name="Jetzt prüfen").click()
        desk.page.locator(".facts .check-told", has_text="Die Anmeldung ist abgelaufen").wait_for()
        asked_by_hand = [url for url in asked if url.endswith("/check/")]
        write_title(desk, "Adler gewinnt doch mit 14,122 Sekunden Vorsprung auf die #8 im Rennen")
        desk.page.get_by_text("im Browser aufgehoben").or_(
            desk.page.locator("[data-not-sent='logged-out']")
        ).first.wait_for()

        assert [url for url in asked if url.endswith("/check/")] == asked_by_hand  # not again with a token that is void
        assert [url for url in answered if "/login/" in url] == []

        tab.goto("/admin/")
        tab.get_by_label("Benutzername").fill("editor")
        tab.get_by_label("Passwort").fill(PASSWORDS["editor"])
        tab.get_by_role("button", name="Anmelden").click()
        tab.wait_for_url("**/admin/")
        tab.close()
        fact(desk.page, "14,122 Sekunden").wait_for(timeout=20_000)  # of itself, with the token of the new login
        desk.page.get_by_role("button", name="Sprache prüfen").click()
        expect(desk.page.locator(".lint-panel .check-told")).to_have_text("")
        desk.complaints.clear()  # 403 was meant
        desk.press("Speichern")

        story.refresh_from_db()
        assert story.title.startswith("Adler gewinnt doch mit 14,122")
        assert Article.objects.count() == 1


class TestEverybody:
    def test_whoever_only_reads_is_offered_nothing_he_has_not(self, log_in, story):
        reader = log_in("results")
        reader.go(f"/admin/articles/article/{story.pk}/change/")
        fact(reader.page, "14,212 Sekunden").wait_for()

        expect(reader.page.locator(".fact-act:visible")).to_have_count(0)

    def test_a_new_story_is_read_before_it_is_saved(self, log_in, story):
        desk = log_in("reporter")
        desk.page.on("dialog", lambda dialog: dialog.accept())
        desk.go(ADD)
        desk.page.locator(".tiptap").click()
        desk.page.keyboard.type("„Gut, sagte er.")
        desk.page.get_by_role("button", name="Sprache prüfen").click()
        remark = desk.page.locator(".lint-panel li")
        remark.get_by_role("button", name="Im Text zeigen").click()

        assert remark.get_by_role("button", name="Ausblenden").count() == 0
        desk.wait_until("String(document.getSelection()) === '„'")
        desk.look("pruefen-neu")

    def test_without_script_remarks_are_there_to_read(self, log_in, story):
        Article.objects.update(body="<p>„Gut, sagte er.</p>")
        desk = log_in("editor", java_script_enabled=False)
        desk.go(f"/admin/articles/article/{story.pk}/change/")

        assert "wird nicht geschlossen" in desk.page.locator("#lint-panel li").inner_text()
        expect(desk.page.locator("#lint-panel button:visible")).to_have_count(0)
        assert desk.page.locator(".checks h3").all_inner_texts() == [
            "Fakten prüfen", "Sprache", "Vorschläge aus dem Text"
        ]  # fmt: skip

    def test_all_panels_open_keep_wcag_in_all_widths_and_lights(self, desk):
        desk.page.locator(".checks details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        desk.look("pruefen-alles")
