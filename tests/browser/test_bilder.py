"""The pictures of README and handbook, taken from the demo: `make bilder` writes them into docs/bilder.

Without that they go to artefacts/bilder, so that a run notices when a screen of the handbook is no longer there. What
is shown is the same each time, but for days and times of the invented season, which follow the day of the run.
"""

import io
from pathlib import Path

import pytest
from PIL import Image

from articles.models import Article
from results.models import Classification
from tests.browser.visit import take_over

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
# Debian's Chromium brings English only; one in German shows its empty fields for day and time like this.
GERMAN_FIELDS = """() => {
  for (const [kind, shown] of [["date", "tt.mm.jjjj"], ["time", "--:--"]]) {
    for (const field of document.querySelectorAll(`input[type=${kind}]`)) {
      field.type = "text";
      field.size = shown.length + 4;
      field.value = shown;
    }
  }
}"""
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def take(request):
    """`take(visit, "tafel.webp", height=900)` keeps the upper part of the page, or of the element that is named."""
    folder = PROJECT / ("docs" if request.config.getoption("--bilder", default=False) else "artefacts") / "bilder"
    folder.mkdir(parents=True, exist_ok=True)

    def picture(visit, name, *, height=900, of=None):
        page = visit.page
        if of:
            shot = page.locator(of).screenshot(animations="disabled")
        else:
            page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
            shot = page.screenshot(animations="disabled")
        image = Image.open(io.BytesIO(shot)).convert("RGB")
        path = folder / name
        if path.suffix == ".png":
            image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
        else:
            image.save(path, quality=82, method=6)
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
    writing_and_publishing(desk, take)
    two_people_at_one_article(desk, take)
    importing_a_text(desk, take)
    importing_results(desk, take)


def for_readers(visit, take):
    reader = visit()
    reader.go(BAHRAIN)
    take(reader, "artikel.png", height=960)
    reader.go(WALDSEE)
    take(reader, "klassement.webp", height=960)
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


def importing_a_text(desk, take):
    reporter = desk("reporter")
    reporter.go("/admin/articles/article/import/")
    reporter.page.get_by_label("Dateien").set_input_files(DATA / "articles" / "14-umbruch-mit-kopf.txt")
    reporter.press("Vorschau")
    take(reporter, "text-importieren.webp", height=1180)


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
    take(results, "fassung.webp", height=900)
    former = Classification.objects.get(session=changed.session, checkpoint=changed.checkpoint, version=1)
    results.go(f"/admin/results/classification/{former.pk}/go-back/")
    take(results, "fassung-zurueck.webp", height=640)
