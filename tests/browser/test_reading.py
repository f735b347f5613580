"""What readers meet: every kind of page in both sizes and both lights, and results that need no script."""

import pytest

SESSION = "/langstrecken-cup/demosaison/6-stunden-am-waldsee/rennen/"
PAGES = {
    "startseite": "/",
    "artikel": "/artikel/wec-bahrain-2021-kobayashi-holt-den-punkt/",
    "session": SESSION,
    "veranstaltung": "/langstrecken-cup/demosaison/6-stunden-am-waldsee/",
    "saison": "/langstrecken-cup/demosaison/",
    "serie": "/langstrecken-cup/",
    "meisterschaften": "/langstrecken-cup/demosaison/tabelle/",
    "tabelle": "/formel-1/2025/tabelle/driver/",
    "lauf-fuer-lauf": "/formel-1/2025/tabelle/driver/matrix/",
    "punkte": "/formel-1/2025/tabelle/driver/punkte/lando-norris/",
    "vor-und-nach-dem-rennen": "/formel-1/2025/sao-paulo/",
}


@pytest.mark.usefixtures("demo")
def test_pages_for_readers_keep_wcag_fit_a_phone_and_set_no_cookie(visit):
    reader = visit()

    for name, path in PAGES.items():
        assert reader.go(path).status == 200
        reader.look(name)
    with reader.expecting(404):
        reader.go("/artikel/gibt-es-nicht/")
        reader.look("nicht-gefunden")


@pytest.mark.usefixtures("demo")
def test_a_classification_is_filtered_and_sorted_without_script(visit):
    reader = visit(java_script_enabled=False)
    reader.go(SESSION)
    assert len(numbers(reader)) == 36

    reader.page.get_by_label("Klasse").select_option(label="Cup")
    reader.press("Anzeigen")
    assert numbers(reader) == ["207", "201", "224", "218", "231", "212"]

    reader.press("Beste Runde")
    assert numbers(reader) == ["201", "207", "224", "218", "212", "231"]
    assert reader.page.get_by_label("Klasse").input_value() == "cup"

    reader.page.get_by_label("Status").select_option(label="ausgefallen")
    reader.press("Anzeigen")
    assert numbers(reader) == ["212"]


@pytest.mark.usefixtures("demo")
def test_a_total_is_followed_to_its_rows_and_an_earlier_table_chosen_without_script(visit):
    reader = visit(java_script_enabled=False)
    reader.go(PAGES["tabelle"])
    reader.page.get_by_role("link", name="Punkte von Lando Norris, Zeile für Zeile").click()
    assert reader.page.locator("tfoot").inner_text().split()[-1] == "423"

    reader.page.get_by_label("Stand nach Lauf").select_option("1")
    reader.press("Anzeigen")
    assert reader.page.locator("tfoot").inner_text().split()[-1] == "25"


def test_the_watch_over_a_page_notices_what_must_not_happen(visit):
    reader = visit()
    reader.go("/")
    reader.page.evaluate("document.body.setAttribute('style', 'color: red')")
    reader.page.evaluate("new Image().src = 'https://example.org/zaehlpixel.gif'")
    reader.page.evaluate("setTimeout(() => { throw new Error('Skript') })")
    reader.page.evaluate("document.cookie = 'spur=1'")
    reader.go("/gibt-es-nicht/")

    complaints = "\n".join(reader.close())
    for said in (
        "inline style",
        "asked a stranger: https://example.org",
        "Skript",
        "status 404",
        "cookies for a reader",
    ):
        assert said in complaints
    reader.complaints.clear()


def numbers(reader):
    """The numbers of the cars, from the top of the table."""
    return reader.page.locator("tbody td:nth-child(2)").all_inner_texts()
