"""The pictures of README and handbook, taken from the demo: `make bilder` writes them into docs/bilder.

Without that they go to artefacts/bilder, so that a run notices when a screen of the handbook is no longer there. What
is shown is the same each time, but for days and times of the invented season, which follow the day of the run.
"""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image as PillowImage

from articles.importers import batches
from articles.models import Article, Image, TextItem
from results.models import Championship, Classification, Decision, Event, Session
from results.standings.due import championships_are_due
from tests.browser.visit import PICTURE, choose, take_over

PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "tests" / "data"
LARGEST = 200_000
BAHRAIN = "/artikel/wec-bahrain-2021-kobayashi-holt-den-punkt/"
WALDSEE = "/langstrecken-cup/demosaison/6-stunden-am-waldsee/rennen/"
PLACE = {
    "Serie": "NLS",
    "Saison": "2026",
    "Name der Veranstaltung": "4 Stunden der Eifel",
    "Datum": "2026-08-15",
    "Kürzel der Session": "R",
}
# Debian's Chromium brings English only; one in German shows its fields for files, day and time like this.
GERMAN_FIELDS = """() => {
  for (const [kind, empty] of [["date", "tt.mm.jjjj"], ["time", "--:--"]]) {
    for (const field of document.querySelectorAll(`input[type=${kind}]`)) {
      const shown = kind === "date" ? field.value.split("-").reverse().join(".") : field.value;
      field.type = "text";
      field.style.width = "10rem";
      field.value = shown || empty;
    }
  }
  for (const field of document.querySelectorAll("input[type=file]")) {
    const button = Object.assign(document.createElement("button"), { className: "button", textContent: "Dateien auswählen" });
    field.replaceWith(button, "  Keine Dateien ausgewählt");
  }
}"""
TEXTS = (
    "seiten/01-zeitung.html",
    "17-cookie-banner-lang.txt",
    "19-zwei-serien-eine-strecke.txt",
    "32-platzhalter-ueberall.txt",
)
SHEETS = ("wige/result_race.csv", "wige/laps_race.csv", "exchange/weekend.json", "alkamel/classification_wec.csv")
# All pictures of the page, or those that came within four seconds.
ALL_IMAGES = """() => Promise.race([
  Promise.all([...document.images].map((one) => { one.loading = "eager"; return one.decode().catch(() => 0); })),
  new Promise((done) => setTimeout(done, 4000)),
])"""
PHONE = {"width": 390, "height": 844}
TABLES = "/formel-1/2025/tabelle/driver/"
# The six best after the finale, with three points too few for the fourth.
PRINTED = """Platz;Fahrer;Punkte
1;Lando Norris;423
2;Max Verstappen;421
3;Oscar Piastri;410
4;George Russell;316
5;Charles Leclerc;242
6;Lewis Hamilton;156
"""


@pytest.fixture
def take(request):
    """`take(visit, "tafel.webp", height=900)` keeps the upper part of the page, or of the element that is named."""
    folder = PROJECT / ("docs" if request.config.getoption("--bilder", default=False) else "artefacts") / "bilder"
    folder.mkdir(parents=True, exist_ok=True)

    def picture(visit, name, *, height=900, of=None):
        page = visit.page
        page.evaluate(ALL_IMAGES)
        if of:
            shot = page.locator(of).screenshot(animations="disabled", timeout=PICTURE)
        else:
            page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
            shot = page.screenshot(animations="disabled", timeout=PICTURE)
        path = folder / name
        PillowImage.open(io.BytesIO(shot)).convert("RGB").save(path, quality=72, method=6)
        assert path.stat().st_size < LARGEST, f"{name} weighs {path.stat().st_size} bytes"

    return picture


@pytest.fixture
def desk(demo, log_in):
    """`desk("chief")`: logged in, with the column of links folded away."""

    def without_links(role):
        visit = log_in(role)
        visit.page.add_init_script("localStorage.setItem('django.admin.navSidebarIsOpen', 'false')")
        return visit

    return without_links


def change_page(slug):
    return f"/admin/articles/article/{Article.objects.get(slug=slug).pk}/"


def test_every_picture_of_the_handbook_is_taken(desk, visit, take):
    """One test, for the demo takes longer to load than the pictures to take."""
    for_readers(visit, take)
    the_front_page(desk, take)
    reviewing_and_scheduling(desk, take)
    writing_and_publishing(desk, take)
    checking_facts(desk, take)
    writing_with_data_and_preview(desk, take)
    two_people_at_one_article(desk, take)
    pictures(desk, take)
    importing_texts(desk, take)
    importing_results(desk, take)
    deciding(desk, take)
    championships(desk, visit, take)


def for_readers(visit, take):
    reader = visit()
    reader.go(BAHRAIN)
    take(reader, "artikel.webp", height=960)
    reader.go(WALDSEE)
    take(reader, "klassement.webp", height=960)
    reader.go(f"{WALDSEE}verlauf/")
    take(reader, "verlauf.webp", height=760)
    with reader.expecting(410):
        reader.go("/artikel/nordlicht-drittes-auto/")
    take(reader, "zurueckgezogen.webp", height=480)

    phone = visit(device_scale_factor=2)
    phone.page.set_viewport_size(PHONE)
    phone.go(WALDSEE)
    take(phone, "telefon.webp", height=PHONE["height"])


def writing_and_publishing(desk, take):
    chief = desk("chief")
    chief.go("/admin/")
    take(chief, "tafel.webp", height=840)

    page = change_page("wec-bahrain-2021-kobayashi-holt-den-punkt")
    chief.go(f"{page}change/")
    take(chief, "formular.webp", height=1000)
    take(chief, "randspalte.webp", of="#sidebar-0")
    chief.page.locator("#id_standfirst").fill("Kamui Kobayashi fährt mit 1:46,250 Minuten auf die Pole-Position.")
    chief.press("Speichern und veröffentlichen …")
    chief.page.evaluate(GERMAN_FIELDS)
    take(chief, "veroeffentlichen.webp", height=900)
    chief.go(f"{page}revisions/?before=1&after=2")
    take(chief, "revisionen.webp", height=760)
    chief.go(f"{page}withdraw/")
    take(chief, "zurueckziehen.webp", height=560)


def checking_facts(desk, take):
    editor = desk("editor")
    editor.go(f"{change_page('waldsee-cup-wermelskirchner-burscheidt')}change/")
    editor.page.locator(".tiptap").wait_for()
    editor.page.set_viewport_size({"width": 1280, "height": 1500})  # the row of buttons sticks below it
    take(editor, "fakten.webp", of=".checks")


def two_people_at_one_article(desk, take):
    page = change_page("wec-bahrain-2021-kobayashi-holt-den-punkt")
    first, second = desk("reporter"), desk("editor")
    for one in (first, second):
        one.go(f"{page}change/")
    take_over(second.page)
    first.page.locator("#id_kicker").fill("Qualifying in Bahrain")
    first.press("Speichern")
    second.page.locator("#id_kicker").fill("WEC-Qualifying")
    with second.expecting(409):
        second.press("Speichern")
    take(second, "konflikt.webp", height=640)


def the_front_page(desk, take):
    chief = desk("chief")
    chief.go("/admin/articles/frontpin/add/")
    choose(chief.page, "id_article", "Rheinfalke gewinnt")
    chief.page.get_by_label("Platz").select_option(label="Aufmacher")
    until = timezone.localtime() + dt.timedelta(days=2)
    chief.page.locator("#id_until_0").fill(f"{until:%d.%m.%Y}")
    chief.page.locator("#id_until_1").fill("06:00")
    take(chief, "startseite-setzen.webp", height=560)
    chief.press("Speichern")
    take(chief, "startseite-plaetze.webp", height=480)
    chief.go("/admin/articles/page/")
    chief.press("Impressum")
    take(chief, "seite-impressum.webp", height=820)


def reviewing_and_scheduling(desk, take):
    editor = desk("editor")
    editor.go(f"{change_page('interview-elias-quitzow')}approve/")
    take(editor, "pruefen.webp", height=900)
    editor.go(f"{change_page('interview-elias-quitzow')}return/")
    editor.page.locator("[name=reason]").fill(
        "Bitte die dritte Frage kürzen und die 50 von 52 Punkten am Tabellenstand prüfen."
    )
    take(editor, "zurueckgeben.webp", height=520)

    chief = desk("chief")
    waiting = change_page("waldsee-strategie-der-eins")
    chief.go(f"{waiting}reschedule/")
    chief.page.evaluate(GERMAN_FIELDS)
    take(chief, "termin-verschieben.webp", height=460)
    chief.go(f"{waiting}embargo/")
    chief.page.evaluate(GERMAN_FIELDS)
    chief.page.locator("[name=reason]").fill("Das Team gibt die Zahlen erst am Montag frei.")
    take(chief, "sperrfrist.webp", height=560)
    chief.go(f"{change_page('waldsee-rheinfalke-gewinnt-nordlicht-strandet')}take-down/")
    chief.page.locator("[name=reason]").fill("Einstweilige Verfügung vom heutigen Vormittag.")
    take(chief, "von-der-seite.webp", height=520)
    chief.go(f"{change_page('waldsee-rheinfalke-gewinnt-nordlicht-strandet')}history/")
    take(chief, "protokoll-artikel.webp", height=560)
    chief.go("/admin/articles/act/")
    take(chief, "protokoll.webp", height=720)

    draft = Article.objects.get(title__startswith="Streckenporträt")
    chief.go(f"/admin/articles/article/{draft.pk}/links/")
    chief.page.get_by_label("Für wen").fill("Streckensprecherin, zum Gegenlesen")
    chief.press("Link anlegen")
    take(chief, "vorschau-link.webp", height=700)


def writing_with_data_and_preview(desk, take):
    reporter, editor = desk("reporter"), desk("editor")
    form = f"{change_page('waldsee-rheinfalke-gewinnt-nordlicht-strandet')}change/"
    reporter.go(form)
    keys, dialog = reporter.page.keyboard, reporter.page.locator("dialog")
    reporter.page.get_by_role("textbox", name="Text", exact=True).click()
    for shortcut, words, drawn, name in (
        ("Control+Alt+v", "rheinfalke rundenzeit", "[aria-selected=true]", "wert-waehlen.webp"),
        ("Control+Alt+b", "", "img", "bild-waehlen.webp"),
    ):
        keys.press(shortcut)
        keys.type(words)
        dialog.locator(f".node-list {drawn}").first.wait_for()
        reporter.page.wait_for_load_state("networkidle")
        take(reporter, name, height=760)
        dialog.get_by_role("button", name="Abbrechen").click()
        dialog.wait_for(state="detached")
    keys.press("Control+Alt+k")
    dialog.locator("select").first.wait_for()
    take(reporter, "klassement-waehlen.webp", height=760)
    keys.press("Escape")
    dialog.wait_for(state="detached")

    reporter.page.get_by_role("button", name="Vorschau", exact=True).click()
    shown = reporter.page.frame_locator(".story-preview iframe:not(.is-coming)")
    shown.get_by_role("heading", name="Rheinfalke gewinnt").first.wait_for()
    reporter.page.evaluate("window.scrollTo(0, 0)")
    take(reporter, "vorschau.webp", height=1000)

    editor.go(form)
    editor.page.locator("#article_form.read-first").wait_for()
    take(editor, "belegt.webp", height=460)
    reporter.page.on("dialog", lambda question: question.accept())


def pictures(desk, take):
    keeper = desk("pictures")
    keeper.go("/admin/articles/image/")
    keeper.page.wait_for_load_state("networkidle")
    take(keeper, "bildbibliothek.webp", height=860)
    keeper.go(f"/admin/articles/image/{Image.objects.get(title='Rundkurs in der Wüste').pk}/change/")
    keeper.page.wait_for_load_state("networkidle")
    take(keeper, "bild.webp", height=960)
    keeper.go("/admin/articles/image/upload/")
    keeper.page.get_by_label("Dateien").set_input_files(
        [
            {"name": name, "mimeType": "image/jpeg", "buffer": content}
            for name, content in (
                ("boxenstopp-038.jpg", a_picture("#21252d", "#c1121f")),
                ("boxenstopp-038 (1).jpg", a_picture("#21252d", "#c1121f")),
                ("zielflagge.jpg", b"GIF89a, not a photograph"),
            )
        ]
    )
    keeper.page.get_by_role("button", name="Hochladen").click()
    keeper.page.locator(".arrival-refused").wait_for()
    keeper.page.wait_for_load_state("networkidle")
    keeper.page.evaluate(GERMAN_FIELDS)
    take(keeper, "hochladen.webp", height=860)


def a_picture(*colours):
    """A JPEG of 1500 by 1000 points that runs from one colour into the other."""
    blend = PillowImage.linear_gradient("L").resize((1500, 1000))
    one, other = (PillowImage.new("RGB", blend.size, colour) for colour in colours)
    stored = io.BytesIO()
    PillowImage.composite(one, other, blend).save(stored, "JPEG")
    return stored.getvalue()


def importing_texts(desk, take):
    reporter = desk("reporter")
    reporter.go("/admin/articles/article/import/")
    reporter.page.get_by_label("Dateien").set_input_files(DATA / "articles" / "14-umbruch-mit-kopf.txt")
    reporter.press("Vorschau")
    take(reporter, "text-importieren.webp", height=1180)
    reporter.page.locator(".import-lines").evaluate("table => table.parentElement.scrollIntoView()")
    take(reporter, "zeile-fuer-zeile.webp", height=760)

    editor = desk("editor")
    editor.go("/admin/articles/article/import/")
    editor.page.get_by_label("Dateien").set_input_files([DATA / "articles" / name for name in TEXTS])
    editor.press("Vorschau")
    for item in TextItem.objects.all():
        batches.work(item.pk)
    editor.page.get_by_text("Rapsfeld gewinnt am Deister").first.wait_for()  # the page itself looks how far it is
    editor.page.reload()
    take(editor, "texte-stapel.webp", height=860)

    article = Article.objects.get(title="Rapsfeld gewinnt am Deister")
    article.body = article.body.replace("keine drei Sekunden", "nur zwei Sekunden")
    article.save()
    page = (DATA / "articles" / TEXTS[0]).read_text("utf-8")
    editor.go("/admin/articles/article/import/")
    editor.page.get_by_label("Dateien").set_input_files(
        {
            "name": "01-zeitung.html",
            "mimeType": "text/html",
            "buffer": page.replace("vierzig Sekunden Vorsprung vor", "41 Sekunden Vorsprung vor").encode(),
        }
    )
    editor.press("Vorschau")
    editor.press("Mit dem Entwurf vergleichen")
    take(editor, "quelle-geaendert.webp", height=900)


def importing_results(desk, take):
    results = desk("results")
    results.go("/admin/results/importrun/add/")
    results.page.get_by_label("Datei").set_input_files(DATA / "wige" / "result_race.csv")
    results.press("Vorschau")
    take(results, "ergebnisse-wohin.webp", height=760)
    results.page.get_by_label("Fehlendes anlegen").check()
    for label, words in PLACE.items():
        results.page.get_by_label(label).fill(words)
    results.page.get_by_label("Zeitzone des Veranstaltungsorts").select_option("Europe/Berlin")
    results.press("Vorschau erneuern")
    take(results, "ergebnisse-vorschau.webp", height=760)

    changed = Classification.objects.filter(version__gt=1).latest("pk")
    results.go(f"/admin/results/classification/{changed.pk}/change/")
    take(results, "fassung.webp", height=1000)
    former = Classification.objects.get(session=changed.session, checkpoint=changed.checkpoint, version=1)
    results.go(f"/admin/results/classification/{former.pk}/go-back/")
    take(results, "fassung-zurueck.webp", height=640)
    typing_a_result(results, take, changed)


def typing_a_result(results, take, version):
    """The sheet with a gap that does not fit, and what saving shows."""
    page = results.page
    results.go(f"/admin/results/classification/raster/{version.session_id}/")
    page.locator("[data-sheet='ready']:not([hidden])").wait_for()
    gap = page.locator("#sheet tbody tr").nth(2).locator("td.column-gap")
    gap.focus()
    page.keyboard.type("+59,9")
    page.keyboard.press("Enter")
    page.locator("#sheet td[data-weight='doubt']").first.wait_for()
    gap.focus()
    take(results, "raster.webp", height=900)
    page.get_by_role("button", name="Speichern …").click()
    page.get_by_role("checkbox", name="Ich habe die Zweifel angesehen").wait_for()
    take(results, "raster-speichern.webp", height=900)

    results.go("/admin/results/importrun/add/")
    results.page.get_by_label("Datei").set_input_files(DATA / "tabular" / "rennen.csv")
    results.press("Vorschau")
    results.page.locator(".import-columns").evaluate("columns => columns.scrollIntoView()")
    take(results, "spalten.webp", height=640)
    results.go("/admin/results/importrun/add/")
    results.page.get_by_label("Datei").set_input_files([DATA / name for name in SHEETS])
    results.press("Vorschau")
    take(results, "ergebnisse-stapel.webp", height=760)


def deciding(desk, take):
    """A penalty that takes the win at the lake, looked at before it is taken over."""
    session = Session.objects.get(slug="rennen", event__slug="6-stunden-am-waldsee")
    winner = session.classifications.get(is_current=True).rows.get(position=1).session_entry
    decision = Decision.objects.create(
        session=session, session_entry=winner, number="14", kind=Decision.Kind.TIME, amount=180_000, public_from=None
    )
    results = desk("results")
    results.go(f"/admin/results/decision/{decision.pk}/change/")
    take(results, "entscheidung.webp", height=900)
    results.go(f"/admin/results/session/{session.pk}/decisions/")
    take(results, "auswirkung.webp", height=1000)
    results.go(f"/admin/results/session/{session.pk}/what-if/?1-car={winner.entry.number}&1-kind=laps&1-amount=1+Runde")
    take(results, "was-waere-wenn.webp", height=1000)


def championships(desk, visit, take):
    """Rules with their effect, a total down to its rows, the organiser's table beside ours, and a title before its finale."""
    drivers = Championship.objects.get(key="driver", season__slug="2025", season__series__slug="formel-1")
    finale = Event.objects.get(slug="abu-dhabi", season=drivers.season)
    page = f"/admin/results/championship/{drivers.pk}/"
    results = desk("results")
    results.go(f"{page}change/")
    results.press("Regeln ändern")
    rules = results.page.get_by_label("Regeln", exact=False)
    rules.fill(rules.input_value().replace("25,", "30,", 1).replace("25", "30", 1))
    results.press("Auswirkung ansehen")
    take(results, "regeln-wirkung.webp", height=1000)

    results.go(f"{page}printed/")
    results.page.locator("#id_event").select_option(str(finale.pk))
    results.page.locator("#id_text").fill(PRINTED)
    results.press("Zeilen prüfen")
    results.press("Neben unserer Tabelle speichern")
    take(results, "tabelle-verglichen.webp", height=900)

    reader = visit()
    reader.go(f"{TABLES}punkte/lando-norris/")
    take(reader, "punkte-einzeln.webp", height=900)
    hidden = timezone.now() + dt.timedelta(days=1)
    Classification.objects.filter(session__event=finale, session__kind="race").update(public_from=hidden)
    championships_are_due(drivers.season_id)
    reader.go(f"{TABLES}titel/")
    take(reader, "titelkampf.webp", height=1000)
