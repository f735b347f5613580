"""The versions of a result in a real browser: phone and desktop, light and dark, and without a line of script."""

import pytest

from results.models import Classification

pytestmark = pytest.mark.browser

RACE = "/langstrecken-cup/demosaison/4-stunden-von-kaltenbach/rennen/"


@pytest.mark.usefixtures("demo")
def test_a_reader_follows_a_result_through_its_versions_without_script(visit):
    reader = visit(java_script_enabled=False)
    reader.go(RACE)
    page = reader.page
    page.get_by_text("Verlauf dieses Ergebnisses").click()
    page.get_by_role("link", name="Alle Fassungen und was sich geändert hat").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Verlauf des Ergebnisses"

    page.get_by_label("Von Fassung").select_option("1")
    page.get_by_label("Bis Fassung").select_option("3")
    page.get_by_role("button", name="Vergleichen").click()
    assert page.url.endswith("/verlauf/?von=1&bis=3#vergleich")
    assert "(Zeitstrafe: 5 Sekunden, Entscheidung 27)" in page.locator(".changes").inner_text()
    assert page.locator(".results--diff tbody tr").count() == 2

    page.locator(".changes").get_by_role("link", name="zur Entscheidung").click()
    assert page.locator("li:target strong").inner_text() == "Zeitstrafe: 5 Sekunden"
    page.locator(".versions").get_by_role("link", name="Fassung 1", exact=True).click()
    assert "Inzwischen geändert." in page.get_by_role("note").inner_text()
    page.get_by_role("link", name="Zum aktuellen Ergebnis").click()
    assert page.url.endswith(RACE)


@pytest.mark.usefixtures("demo")
def test_the_versions_keep_wcag_and_fit_a_phone(visit):
    reader = visit()
    for name, tail in {
        "verlauf": "verlauf/", "verlauf-vergleich": "verlauf/?von=1&bis=3", "stand": "?version=1", "aktuell": "",
    }.items():  # fmt: skip
        assert reader.go(RACE + tail).status == 200
        reader.look(name)


@pytest.mark.usefixtures("demo")
def test_the_desk_compares_and_annuls(log_in):
    desk = log_in("results")
    version = Classification.objects.get(session__event__slug="4-stunden-von-kaltenbach", session__key="R", version=3)
    desk.go(f"/admin/results/classification/{version.pk}/change/?mit=1")
    assert (
        "Platz 18 → 19, in der Klasse GT3 von 11 auf 12 (Zeitstrafe: 5 Sekunden, Entscheidung 27)"
        in desk.page.locator("#content").inner_text()
    )
    desk.look("fassung-am-pult")

    desk.page.get_by_role("link", name="Dieses Ergebnis annullieren").click()
    desk.look("annullieren")
    desk.page.get_by_label("Grund").fill("Protest erfolgreich")
    desk.page.get_by_role("button", name="Dieses Ergebnis annullieren").click()
    desk.page.get_by_text("Fassung 4 gilt jetzt.").wait_for()
    assert Classification.objects.get(session=version.session_id, is_current=True).state == "annulled"
