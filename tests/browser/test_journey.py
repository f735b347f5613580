"""The main job, as people do it: two timing files and a raw text become a published page, and that is taken back."""

from pathlib import Path

from tests import factories
from tests.browser.visit import choose, take_over

DATA = Path(__file__).parents[1] / "data"
TITLE = "Kraft staunt über ihren eigenen Sieg"
ADDRESS = "/artikel/kraft-staunt-ueber-ihren-eigenen-sieg/"
NOTE = "Der Bericht beruhte auf einem Ergebnis, das die Rennleitung aufgehoben hat."


def test_two_timing_files_and_a_raw_text_become_a_page_that_is_taken_back(log_in, visit):
    factories.AuthorFactory(name="Jule Brandstetter")

    desk = log_in("results")
    import_results(desk)
    import_laps(desk)

    reporter = log_in("reporter")
    import_text(reporter)
    complete_draft(reporter)

    reader = visit()
    assert TITLE not in feeds_of(reader)
    chief = log_in("chief")
    publish(chief)
    read(reader)

    withdraw(chief)
    reader.page.go_back()
    with reader.expecting(410):
        assert reader.page.reload().status == 410
        assert NOTE in reader.text
        reader.look("zurueckgezogen")
    assert TITLE not in feeds_of(reader)
    late_reader = visit()
    late_reader.go("/")
    assert TITLE not in late_reader.text


def import_results(desk):
    desk.go("/admin/results/importrun/add/")
    desk.look("import-ergebnisse")
    desk.page.get_by_label("Datei").set_input_files(DATA / "wige" / "result_race.csv")
    desk.press("Vorschau")
    assert "9 gelesen, 0 neu" in desk.text
    desk.page.get_by_label("Fehlendes anlegen").check()
    for label, words in {
        "Serie": "NLS", "Saison": "2026", "Name der Veranstaltung": "4 Stunden der Eifel",
        "Datum": "2026-08-15", "Kürzel der Session": "R",
    }.items():  # fmt: skip
        desk.page.get_by_label(label).fill(words)
    desk.page.get_by_label("Zeitzone des Veranstaltungsorts").select_option("Europe/Berlin")
    desk.press("Vorschau erneuern")
    assert "NLS 2026 · 4 Stunden der Eifel · neu · Europe/Berlin" in desk.text
    assert "9 gelesen, 9 neu, 0 geändert" in desk.text
    desk.look("import-ergebnisse-vorschau")
    desk.press("Importieren")
    assert "Importiert: 9 neu, 0 geändert." in desk.page.locator(".messagelist").inner_text()
    desk.look("import-ergebnisse-bericht")


def import_laps(desk):
    desk.go("/admin/results/importrun/add/")
    desk.page.get_by_label("Datei").set_input_files(DATA / "wige" / "laps_race.csv")
    desk.press("Vorschau")
    choose(desk.page, "id_event", "Eifel")
    desk.page.get_by_label("Kürzel der Session").fill("R")
    desk.press("Vorschau erneuern")
    assert "42 gelesen, 42 neu, 0 geändert" in desk.text
    desk.press("Importieren")
    assert "Importiert: 42 neu, 0 geändert." in desk.page.locator(".messagelist").inner_text()


def import_text(desk):
    desk.go("/admin/articles/article/")
    desk.press("Text importieren")
    desk.look("import-text")
    desk.page.get_by_label("Dateien").set_input_files(DATA / "articles" / "14-umbruch-mit-kopf.txt")
    desk.press("Vorschau")
    assert desk.page.locator("tr.label-cookie").count() == 3
    desk.look("import-text-vorschau")
    desk.press("Entwurf anlegen")
    assert f"1 neu: der Entwurf „{TITLE}“." in desk.page.locator(".messagelist").inner_text()
    assert "Cookies" not in desk.page.get_by_role("textbox", name="Text").inner_text()


def complete_draft(desk):
    choose(desk.page, "id_bylines-0-author", "Jule")
    choose(desk.page, "id_lead_event", "Eifel")
    add_box(desk, "Klassement einer Session")
    choose(desk.page, "id_sidebar-0-session", "Eifel")
    add_box(desk, "Rundenzeiten ausgewählter Fahrzeuge")
    choose(desk.page, "id_sidebar-1-session", "Eifel")
    desk.page.locator("#id_sidebar-1-cars").fill("3, 007")
    desk.press("Speichern")
    assert desk.page.locator(".state-line").inner_text() == "Entwurf"
    assert desk.page.get_by_role("button", name="Speichern und veröffentlichen").count() == 0
    assert desk.page.locator(".errornote:visible").count() == 0
    desk.look("artikel-formular")


def add_box(desk, kind):
    desk.page.get_by_text("Kasten hinzufügen").click()
    desk.page.get_by_role("button", name=kind, exact=True).click()


def publish(desk):
    desk.go("/admin/articles/article/")
    desk.look("artikel-liste")
    desk.press(TITLE)
    take_over(desk.page)
    desk.press("Speichern und veröffentlichen …")
    desk.look("veroeffentlichen")
    desk.press("Veröffentlichen")
    assert f"„{TITLE}“ ist veröffentlicht." in desk.page.locator(".messagelist").inner_text()


def read(reader):
    reader.go("/")
    reader.page.get_by_role("link", name=TITLE).first.click()
    reader.page.wait_for_url(f"**{ADDRESS}")
    results, laps = reader.page.locator("aside .rail__box").all()
    assert "Körber" in results.inner_text()
    assert "8:02,186" in laps.inner_text()
    assert "8:03,614" in laps.inner_text()
    reader.look("artikel-importiert")
    assert feeds_of(reader).count(TITLE) >= 2
    reader.press("Ganzes Ergebnis")
    assert reader.page.locator("tbody tr").count() == 9


def withdraw(desk):
    desk.page.locator(".more-acts summary").click()
    desk.press("Zurückziehen …")
    desk.page.get_by_label("Hinweis für die Leser").fill(NOTE)
    desk.look("zurueckziehen")
    desk.press("Zurückziehen")
    assert "Zurückgezogen" in desk.page.locator(".state-line").inner_text()


def feeds_of(reader):
    """RSS and JSON Feed in one string, as they answer now."""
    answers = [reader.context.request.get(path) for path in ("/feeds/rss.xml", "/feeds/feed.json")]
    assert [answer.status for answer in answers] == [200, 200]
    return "".join(answer.text() for answer in answers)
