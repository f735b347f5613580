"""A PDF with contradictions in a browser: the marked cells read well on a phone and a screen, in both colours."""

from tests.factories import EventFactory, SessionFactory
from tests.results.printed_pages import printed, race

HEAD = ["Pos", "Nr", "Fahrer", "Team", "Klasse", "Kl-Pos", "Runden", "Zeit", "Abstand", "Beste Runde"]


def test_doubtful_cells_of_a_pdf_keep_wcag_and_scroll_in_their_box(log_in):
    SessionFactory(event=EventFactory(slug="heide", name="Heide-Cup"), key="R", kind="race")
    rows = race(14)
    rows[4][8], rows[8][6] = "+99.999", "60"
    desk = log_in("results")
    desk.go("/admin/results/importrun/add/")
    page = desk.page
    page.get_by_label("Datei").set_input_files(
        {
            "name": "rennen.pdf",
            "mimeType": "application/pdf",
            "buffer": printed(HEAD, rows, above=["Heide-Cup", "Rennen"]),
        }
    )
    desk.press("Vorschau")

    marked = page.locator(".doubtful-cells mark")
    assert marked.count() == 2
    desk.look("zweifelhafte-felder")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
