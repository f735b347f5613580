"""Writing in a browser: boxes without a mouse, a preview beside the form, text that outlives browser and login, one holder."""

import pytest

from articles import workflow
from articles.models import Autosave, EditLock
from tests import factories
from tests.browser.test_desk import an_article, change_page
from tests.browser.test_keeping_text import log_in_again, write
from tests.browser.visit import choose, take_over

pytestmark = pytest.mark.browser

FOCUS = "document.activeElement.closest('.inline-related')?.id"


def boxes(desk):
    """What the boxes are called, from above."""
    return desk.page.locator(
        "#sidebar-group .inline-related:not(.empty-form):visible .box-name:visible"
    ).all_inner_texts()


def said(desk):
    return desk.page.locator(".boxes-said").inner_text()


def add(desk, kind):
    desk.page.get_by_text("Kasten hinzufügen").click()
    desk.page.get_by_role("button", name=kind, exact=True).click()


class TestBoxes:
    @pytest.fixture
    def article(self, db):
        article = an_article()
        for number, heading in enumerate(("Eins", "Zwei", "Drei"), start=1):
            factories.SidebarItemFactory(article=article, heading=heading, position=number, text=f"<p>{heading}</p>")
        return article

    def test_boxes_are_added_configured_ordered_and_removed_by_keyboard_alone(self, article, log_in):
        session = factories.SessionFactory(event__name="6 Stunden der Eifel")
        desk = log_in("reporter")
        desk.go(change_page(article))
        keys = desk.page.keyboard
        before = boxes(desk)

        desk.page.locator(".add-box summary").focus()
        keys.press("Enter")
        keys.press("Tab")
        keys.press("Enter")
        added = said(desk)
        keys.press("Enter")  # the search box of the session has the focus
        keys.type("Eifel")
        desk.page.locator(".select2-results__option--highlighted", has_text="Eifel").wait_for()
        keys.press("Enter")
        desk.page.locator("#id_sidebar-3-heading").focus()
        keys.type("Ergebnis")
        keys.press("Alt+ArrowUp")
        keys.press("Alt+ArrowUp")
        moved, focused = said(desk), desk.page.evaluate(FOCUS)
        desk.page.locator("#sidebar-0").get_by_role("button", name="Entfernen").focus()
        keys.press("Enter")
        removed = said(desk)
        keys.press("Enter")  # the way back has the focus
        back = said(desk)
        desk.page.locator("#sidebar-2").get_by_role("button", name="Entfernen").focus()
        keys.press("Enter")
        desk.press("Speichern")

        assert before == ["Freier Kasten: Eins", "Freier Kasten: Zwei", "Freier Kasten: Drei"]
        assert added == "Kasten „Klassement einer Session“ hinzugefügt."
        assert moved == "„Klassement einer Session: Ergebnis“ steht jetzt an Stelle 2 von 4."
        assert focused == "sidebar-3"
        assert (removed, back) == (
            "Kasten „Freier Kasten: Eins“ entfernt.",
            "Kasten „Freier Kasten: Eins“ ist wieder da.",
        )
        stored = [(box.position, box.heading, box.session) for box in article.sidebar.all()]
        assert stored == [(1, "Eins", None), (2, "Ergebnis", session), (3, "Zwei", None)]

    def test_a_box_is_pulled_to_its_place(self, article, log_in):
        desk = log_in("reporter")
        desk.go(change_page(article))
        handle = desk.page.locator("#sidebar-2 .box-drag")
        handle.scroll_into_view_if_needed()
        first = desk.page.locator("#sidebar-0").bounding_box()
        start = handle.bounding_box()

        desk.page.mouse.move(start["x"] + 5, start["y"] + 5)
        desk.page.mouse.down()
        desk.page.mouse.move(start["x"] + 5, first["y"] + first["height"] * 0.7, steps=8)
        desk.page.mouse.move(start["x"] + 5, first["y"] + 4, steps=8)
        desk.page.mouse.up()
        pulled = boxes(desk)
        desk.press("Speichern")

        assert pulled == ["Freier Kasten: Drei", "Freier Kasten: Eins", "Freier Kasten: Zwei"]
        assert [box.heading for box in article.sidebar.all()] == ["Drei", "Eins", "Zwei"]

    def test_only_the_fields_of_its_kind_are_shown_and_the_session_offers_its_cars(self, article, log_in):
        session = factories.SessionFactory(event__name="6 Stunden der Eifel")
        for number in ("7", "007"):
            entry = factories.EntryFactory(event=session.event, number=number)
            factories.SessionEntryFactory(session=session, entry=entry)
        desk = log_in("reporter")
        desk.go(change_page(article))

        add(desk, "Rundenzeiten ausgewählter Fahrzeuge")
        choose(desk.page, "id_sidebar-3-session", "Eifel")
        box = desk.page.locator("#sidebar-3")
        box.get_by_text("Autos wählen").click()
        box.locator(".box-cars label", has_text="007").click()
        box.locator(".box-cars input[value='7']").check()
        shown = [row for row in ("session", "checkpoint", "event", "series", "cars", "limit", "text")
                 if box.locator(f".form-row.field-{row}").is_visible()]  # fmt: skip

        desk.look("randspalte")
        desk.page.on("dialog", lambda dialog: dialog.accept())

        assert shown == ["session", "cars", "limit"]
        assert desk.page.locator("#id_sidebar-3-cars").input_value() == "007, 7"

    def test_without_script_every_field_is_there_and_is_saved(self, article, log_in, visit):
        desk = log_in("reporter")
        plain = visit(has_cookies=True, java_script_enabled=False)
        plain.context.add_cookies(desk.context.cookies())
        plain.go(change_page(article))

        plain.page.locator("#id_sidebar-3-kind").select_option("free")
        plain.page.locator("#id_sidebar-3-text").fill("Ohne Skript.")
        plain.page.locator("#id_sidebar-0-position").fill("9")
        plain.press("Speichern")

        assert [box.text for box in article.sidebar.all()] == [
            "<p>Zwei</p>", "<p>Drei</p>", "<p>Eins</p>", "Ohne Skript.",
        ]  # fmt: skip


class TestPreview:
    def frame(self, desk):
        return desk.page.frame_locator(".story-preview iframe:not(.is-coming)")

    def test_the_unsaved_story_stands_beside_the_form_at_two_widths(self, log_in):
        article = an_article()
        desk = log_in("reporter")
        desk.go(change_page(article))

        desk.page.get_by_role("button", name="Vorschau", exact=True).click()
        self.frame(desk).get_by_role("heading", name="Regen am Ring").wait_for()
        phone = desk.page.locator(".preview-stage iframe").evaluate("frame => frame.contentWindow.innerWidth")
        desk.page.locator("#id_title").fill("Sturm am Ring")
        self.frame(desk).get_by_role("heading", name="Sturm am Ring").wait_for()
        write(desk, " Und stürmt.")
        self.frame(desk).get_by_text("Es regnet. Und stürmt.").wait_for()
        desk.look("vorschau-telefon")
        desk.page.get_by_role("button", name="Bildschirm", exact=True).click()
        wide = desk.page.locator(".preview-stage iframe").evaluate("frame => frame.contentWindow.innerWidth")
        desk.look("vorschau-bildschirm")
        room = desk.page.evaluate("innerWidth - document.querySelector('.content').getBoundingClientRect().right")

        article.refresh_from_db()
        assert room < 40
        assert (phone, wide) == (360, 1280)
        assert article.title == "Regen am Ring"
        assert not article.revisions.exists()
        desk.page.on("dialog", lambda dialog: dialog.accept())

    def test_a_new_article_has_a_preview_before_it_is_saved(self, log_in):
        desk = log_in("reporter")
        desk.go("/admin/articles/article/add/")
        desk.page.locator("#id_title").fill("Noch nie gespeichert")
        desk.page.get_by_role("button", name="Vorschau", exact=True).click()

        self.frame(desk).get_by_role("heading", name="Noch nie gespeichert").wait_for()
        desk.page.on("dialog", lambda dialog: dialog.accept())


def kept(desk):
    desk.page.get_by_text("aufgehoben, noch nicht gespeichert").wait_for()


class TestKeeping:
    def test_a_text_outlives_a_closed_browser(self, log_in):
        article = an_article()
        desk = log_in("reporter")
        desk.go(change_page(article))
        write(desk, " Und stürmt.")
        kept(desk)
        desk.close()

        again = log_in("reporter")
        again.go(change_page(article))
        again.look("aufgehoben")
        again.press("Ins Formular holen")
        inside = again.page.get_by_role("textbox", name="Text", exact=True).inner_text()
        again.press("Speichern")

        article.refresh_from_db()
        assert inside == "Es regnet. Und stürmt."
        assert article.body == "<p>Es regnet. Und stürmt.</p>"
        assert again.page.get_by_text("nie gespeichert").count() == 0
        assert not Autosave.objects.kept().exists()

    def test_an_article_that_was_never_saved_outlives_it_too(self, log_in):
        desk = log_in("reporter")
        desk.go("/admin/articles/article/add/")
        desk.page.locator("#id_title").fill("Nie gespeichert")
        kept(desk)
        desk.close()

        again = log_in("reporter")
        again.go("/admin/articles/article/add/")
        again.press("Ins Formular holen")
        assert again.page.locator("#id_title").input_value() == "Nie gespeichert"
        again.page.on("dialog", lambda dialog: dialog.accept())

    def test_a_text_typed_after_the_login_ended_outlives_a_closed_window(self, log_in):
        article = an_article()
        desk = log_in("reporter")
        desk.go(change_page(article))
        desk.context.clear_cookies(name="racedesk_session")
        write(desk, " Und stürmt.")
        desk.page.get_by_text("Sie sind abgemeldet.").wait_for()
        was_kept = Autosave.objects.kept().exists()
        log_in_again(desk)
        desk.page.on("dialog", lambda dialog: dialog.accept())
        desk.page.close(run_before_unload=False)

        desk.page = desk.context.new_page()
        desk.go(change_page(article))
        desk.press("Ins Formular holen")

        assert not was_kept
        assert "Es regnet. Und stürmt." in desk.page.get_by_role("textbox", name="Text", exact=True).inner_text()
        desk.page.on("dialog", lambda dialog: dialog.accept())

    def test_a_text_typed_without_connection_is_offered_when_it_is_back(self, log_in):
        article = an_article()
        desk = log_in("reporter")
        desk.go(change_page(article))
        desk.context.route("**/keep/", lambda route: route.abort("internetdisconnected"))
        desk.page.on("dialog", lambda dialog: dialog.accept())
        write(desk, " Und stürmt.")
        desk.page.get_by_text("Keine Verbindung: Der Text ist in diesem Browser aufgehoben.").wait_for()
        desk.context.unroute_all()
        desk.complaints.clear()  # the broken connection was meant
        desk.go("/admin/")
        desk.go(change_page(article))

        desk.page.get_by_role("button", name="Ins Formular holen").wait_for()
        assert Autosave.objects.kept().count() == 1


class TestHolding:
    def test_the_second_reads_first_takes_over_and_the_first_keeps_the_text(self, log_in):
        article = an_article()
        workflow.save(article, by=None, expected_lock_version=0)
        first, second = log_in("reporter"), log_in("editor")
        first.go(change_page(article))
        first.wait_until("document.querySelector('.form-hold').hidden")
        wait_for_holder(first, article, "reporter")
        write(first, " Von der Ersten.")

        second.go(change_page(article))
        second.page.locator("#article_form.read-first").wait_for()
        second.look("zweite-person")
        can_write = second.page.locator("#id_title").is_editable()
        take_over(second.page)
        second.page.locator("#id_title").fill("Von der Zweiten")
        second.press("Speichern")
        first.page.evaluate("document.dispatchEvent(new Event('desk:beat'))")
        first.page.get_by_text("hat dieses Formular um").wait_for()
        wait_until_kept(first)
        locked = not first.page.locator("#id_title").is_editable()
        first.look("uebernommen")
        first.page.on("dialog", lambda dialog: dialog.accept())
        first.go(change_page(article))
        first.press("Ins Formular holen")
        take_over(first.page)
        first.press("Speichern")

        article.refresh_from_db()
        assert (can_write, locked) == (False, True)
        assert (article.title, article.body) == ("Von der Zweiten", "<p>Es regnet. Von der Ersten.</p>")

    def test_reading_first_keeps_nothing(self, log_in):
        """A reader has written nothing: no text is offered to him later that would take authors and boxes away."""
        article = an_article()
        factories.SidebarItemFactory(article=article, text="<p>Kasten</p>")
        workflow.save(article, by=None, expected_lock_version=0)
        first, second = log_in("reporter"), log_in("editor")
        first.go(change_page(article))
        wait_for_holder(first, article, "reporter")

        second.go(change_page(article))
        second.page.locator("#article_form.read-first").wait_for()
        # As the search boxes do when they are made.
        second.page.locator("#id_kind").evaluate("field => field.dispatchEvent(new Event('change', {bubbles: true}))")
        second.page.evaluate("window.django.jQuery('#id_kind').trigger('change')")
        second.page.wait_for_timeout(600)
        kept = second.page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('racedesk:text'))")

        assert kept == []

    def test_the_form_is_free_when_its_holder_leaves(self, log_in):
        article = an_article()
        first, second = log_in("reporter"), log_in("editor")
        first.go(change_page(article))
        wait_for_holder(first, article, "reporter")
        first.go("/admin/")
        second.go(change_page(article))
        wait_for_holder(second, article, "editor")

        assert second.page.locator("#article_form.read-first").count() == 0


def wait_for_holder(desk, article, username):
    for _ in range(100):
        if EditLock.objects.filter(article=article, holder__username=username).exists():
            return
        desk.page.wait_for_timeout(100)
    raise AssertionError(f"{username} does not hold the form")


def wait_until_kept(desk):
    for _ in range(100):
        if Autosave.objects.kept().exists():
            return
        desk.page.wait_for_timeout(100)
    raise AssertionError("nothing was kept")
