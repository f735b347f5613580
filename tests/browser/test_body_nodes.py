"""Values, extracts, pictures and quotations in the body editor, by keyboard and pointer, out to page and feed."""

import io
import time

import pytest
from django.core.files.base import ContentFile
from PIL import Image as PillowImage

from articles.models import Article
from articles.pictures import store_upload
from results.models import Classification
from tests import factories
from tests.browser.test_desk import change_page, move, tab_to

pytestmark = pytest.mark.browser


@pytest.fixture
def qualifying(transactional_db):
    session = factories.SessionFactory(
        key="Q",
        name="Qualifying",
        kind="qualifying",
        event__slug="bahrain",
        event__name="8 Stunden von Bahrain",
        event__season__series__slug="wec",
        event__season__series__name="WEC",
    )
    mike = factories.DriverFactory(first_name="Mike", last_name="Conway", slug="mike-conway")
    anna = factories.DriverFactory(first_name="Anna", last_name="Beispiel", slug="anna-beispiel")
    rows = [
        {"position": 1, "best_lap_ms": 106_250, "entry__number": "7", "entry__crew": [mike], "entry__team__name": "Toyota"},
        {"position": 2, "best_lap_ms": 106_540, "gap_ms": 290, "entry__number": "8", "entry__crew": [anna], "entry__team__name": "Gazoo"},
    ]  # fmt: skip
    for row in rows:
        row["entry__event"] = session.event
    factories.ClassificationFactory(session=session, rows=rows, state="provisional")
    return session


@pytest.fixture
def article(qualifying):
    return factories.ArticleFactory(
        title="Pole für Toyota", slug="pole", body="<p>Conway fuhr</p>", lead_event=qualifying.event
    )


def into_the_text(desk):
    """To the end of the text, with the keyboard."""
    tab_to(desk, "Text")
    move(desk.page, "Control+End")


def pick(desk, words, hit):
    """Type into the search of the dialog and take what is marked with Enter."""
    desk.page.keyboard.type(words)
    desk.page.locator(".node-list [aria-selected='true']", has_text=hit).wait_for()
    desk.page.keyboard.press("Enter")
    desk.page.locator("dialog").wait_for(state="detached")


def test_a_value_goes_by_keyboard_from_the_picker_to_page_and_feed(log_in, visit, article):
    desk = log_in("chief")
    keys = desk.page.keyboard
    desk.go(change_page(article))
    into_the_text(desk)
    keys.type(" ")
    keys.press("Control+Alt+v")
    pick(desk, "conway rundenzeit", "1:46,250")
    keys.type(" Minuten.")
    with desk.page.expect_navigation():
        keys.press("Control+s")

    article.refresh_from_db()
    assert article.body == (
        '<p>Conway fuhr <data value="106250" data-ref="lap:wec/2021/bahrain/Q#7">1:46,250</data> Minuten.</p>'
    )
    desk.press("Speichern und veröffentlichen …")
    desk.page.get_by_label("Warum ohne zweite Person?").fill("Nachtdienst allein")
    desk.press("Veröffentlichen")
    reader = visit()
    reader.go("/artikel/pole/")
    assert "Conway fuhr 1:46,250 Minuten." in reader.text
    feed = reader.context.request.get("/feeds/rss.xml").text()
    assert "&lt;p&gt;Conway fuhr 1:46,250 Minuten.&lt;/p&gt;" in feed


def test_extract_picture_and_quotation_by_keyboard(log_in, visit, article):
    file = io.BytesIO()
    PillowImage.new("RGB", (960, 540), "navy").save(file, "JPEG")
    picture = store_upload(
        ContentFile(file.getvalue(), name="start.jpg"), by=None, title="Start", alt="Der Start", credit="Foto: Eva"
    )
    desk = log_in("chief")
    keys = desk.page.keyboard
    desk.go(change_page(article))
    into_the_text(desk)
    keys.press("Enter")
    keys.press("Control+Alt+z")
    keys.type("Das war knapp.")
    move(desk.page, "ArrowDown")
    keys.type("Mike Conway")
    keys.press("Enter")
    keys.press("Control+Alt+k")
    desk.page.get_by_role("heading", name="Ausschnitt eines Klassements").wait_for()
    desk.look("waehler-klassement")
    desk.page.get_by_role("dialog").get_by_label("Zeilen").fill("1")
    keys.press("Enter")
    desk.page.locator("dialog").wait_for(state="detached")
    desk.page.locator(".node-extract", has_text="Vorläufiges Ergebnis").wait_for()
    move(desk.page, "ArrowRight")
    keys.press("Enter")
    keys.press("Control+Alt+b")
    desk.page.locator(".node-list img").wait_for()
    desk.look("waehler-bild")
    pick(desk, "start", "Start")
    desk.look("text-mit-knoten")
    with desk.page.expect_navigation():
        keys.press("Control+s")

    article.refresh_from_db()
    assert article.body == (
        '<p>Conway fuhr</p><figure data-quote=""><blockquote><p>Das war knapp.</p></blockquote>'
        "<figcaption>Mike Conway</figcaption></figure>"
        '<figure data-extract="result:wec/2021/bahrain/Q?rows=1"></figure>'
        f'<figure data-image="{picture.token}"></figure>'
    )
    factories.publish(Article.objects.get(), by=factories.UserFactory(role="chief"))
    reader = visit()
    reader.go("/artikel/pole/")
    assert "8 Stunden von Bahrain: Qualifying" in reader.text
    assert "#7" in reader.text
    assert "#8" not in reader.text
    reader.look("artikel-mit-knoten")


def test_a_value_that_differs_is_shown_and_taken_over(log_in, article):
    Article.objects.update(
        body='<p>Zeit: <data value="1" data-ref="lap:wec/2021/bahrain/Q#7">1:47,000</data>, auch '
        '<data value="1" data-ref="lap:wec/2021/bahrain/Q#99">1:40,000</data></p>'
    )
    desk = log_in("reporter")
    desk.go(change_page(article))
    report = desk.page.locator(".node-report")
    report.get_by_text("In den Daten steht jetzt „1:46,250“.").wait_for()
    desk.look("wert-weicht-ab")
    report.get_by_role("button", name="„1:46,250“ übernehmen").click()
    report.get_by_text("In den Daten steht jetzt").wait_for(state="detached")
    report.get_by_role("button", name="Als Text behalten").click()
    report.wait_for(state="hidden")
    desk.press("Speichern")

    article.refresh_from_db()
    assert article.body == (
        '<p>Zeit: <data value="106250" data-ref="lap:wec/2021/bahrain/Q#7">1:46,250</data>, auch 1:40,000</p>'
    )


def test_a_value_under_embargo_is_marked_in_picker_and_text(log_in, article):
    Classification.objects.update(public_from="2100-01-01T00:00Z")
    desk = log_in("reporter")
    desk.go(change_page(article))
    into_the_text(desk)
    desk.page.get_by_role("button", name="Wert aus den Daten einfügen (Strg+Alt+V)").click()
    desk.page.keyboard.type("7 platz")
    hit = desk.page.locator(".node-list li", has_text="#7 · Platz").first
    hit.get_by_text("noch nicht öffentlich").wait_for()
    desk.look("waehler-wert")
    hit.click()
    desk.page.locator(".node-report", has_text="Bis dahin kann der Artikel nicht erscheinen.").wait_for()


def test_a_body_of_one_picture_alone_is_kept(log_in, article):
    image = factories.ImageFactory(title="Allein")
    image.renditions.create(name="w480", file="x.webp", media_type="image/webp", width=480, height=270)
    Article.objects.update(body="")
    desk = log_in("reporter")
    with desk.expecting(404):  # the picture has no file
        desk.go(change_page(article))
        desk.page.get_by_role("textbox", name="Text", exact=True).click()
        move(desk.page, "Control+Alt+b")
        pick(desk, "allein", "Allein")
        desk.press("Speichern")

    article.refresh_from_db()
    assert article.body == f'<figure data-image="{image.token}"></figure>'


def test_typographic_signs_are_shown_before_they_are_set(log_in, article):
    Article.objects.update(title='"Pole" für Toyota', body='<p>Er sagte: "Ja" - nach 30 Runden.</p>')
    desk = log_in("reporter")
    desk.go(change_page(article))
    desk.page.get_by_role("button", name="Typografie prüfen …").click()
    desk.page.get_by_text("4 Änderungen.").wait_for()
    desk.look("typografie")
    desk.page.get_by_role("button", name="Übernehmen").click()
    desk.press("Speichern")

    article.refresh_from_db()
    assert (article.title, article.body) == (
        "„Pole“ für Toyota",
        "<p>Er sagte: „Ja“ – nach 30&nbsp;Runden.</p>",
    )
    desk.page.get_by_role("button", name="Typografie prüfen …").click()
    desk.page.get_by_text("Alle Zeichen sind gesetzt").wait_for()


def test_enter_takes_what_was_asked_for_however_slowly_it_comes_and_no_letter_is_lost(log_in, article):
    desk = log_in("chief")
    keys = desk.page.keyboard
    desk.go(change_page(article))
    into_the_text(desk)
    keys.type(" ")
    keys.press("Control+Alt+v")
    desk.page.locator(".node-list li").first.wait_for()

    def slowly(route):
        time.sleep(0.6)
        route.continue_()

    desk.page.route("**/facts/**", slowly)
    keys.type("8 rückstand")
    keys.press("Enter")
    keys.type(", also wenig")
    desk.page.locator("dialog").wait_for(state="detached")
    keys.type(".")

    body = desk.page.locator("[name='body']").input_value()
    assert "gap:wec/2021/bahrain/Q#8" in body
    assert body.endswith("</data>, also wenig.</p>")
