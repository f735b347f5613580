"""The sheet of a result in a browser: with the keyboard alone, pasted, undone, contested, kept, on a tablet."""

import pytest

from results.models import Classification
from tests import factories
from tests.browser.test_desk import tab_to
from tests.browser.visit import PASSWORDS, PICTURE, violations
from tests.results.sheet.fields import ADDRESS, a_field, a_result, versions

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='bös'\">"
READY = "[data-sheet='ready']:not([hidden])"
ACTIVE = "() => document.activeElement.closest('td')?.innerText ?? document.activeElement.value"


def open_sheet(desk, session, query=""):
    desk.go(f"{ADDRESS}{session.pk}/{query}")
    desk.page.locator(READY).wait_for()


def cell(desk, row, column):
    """The cell of a line, counted from 1, by the head of its column."""
    heads = desk.page.locator("#sheet thead th").evaluate_all(
        "heads => heads.map(one => one.querySelector('[aria-hidden]')?.textContent ?? one.textContent)"
    )
    return desk.page.locator("#sheet tbody tr").nth(row - 1).locator("td").nth(heads.index(column) - 1)


def typed(desk, *words):
    """Types each word and goes on to the right."""
    for word in words:
        desk.page.keyboard.type(word)
        desk.page.keyboard.press("Tab")


def paste(desk, text):
    """What Ctrl+V does, without the clipboard of the machine, which workers share."""
    desk.page.evaluate(
        """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }""",
        text,
    )


def copied(desk):
    return desk.page.evaluate(
        """() => { const data = new DataTransfer();
        document.activeElement.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
        return data.getData("text/plain"); }"""
    )


def sheet_of(desk):
    return desk.page.locator("#sheet tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(one => one.innerText.trim()))"
    )


def save(desk, *, reason="", release=None, expects=200):
    page = desk.page
    page.get_by_role("button", name="Speichern …").click()
    dialog = page.get_by_role("dialog", name="Als neue Fassung speichern")
    if release is not None:
        dialog.get_by_label("die Leser" if release else "nur die Redaktion").check()
    if reason:
        dialog.get_by_label("Grund", exact=True).fill(reason)
    with desk.expecting(expects):
        dialog.get_by_role("button", name="Fassung speichern").click()
        dialog.wait_for(state="hidden")


@pytest.fixture
def session(transactional_db):
    return a_field(4)


def test_a_result_is_typed_and_saved_with_the_keyboard_alone(log_in, session):
    desk = log_in("results")
    keys = desk.page.keyboard
    desk.go(f"/admin/results/session/{session.pk}/change/")
    tab_to(desk, "Ergebnis eingeben")
    with desk.page.expect_navigation():
        keys.press("Enter")
    desk.page.locator(READY).wait_for()
    tab_to(desk, "Plätze neu zählen")
    keys.press("Tab")
    assert cell(desk, 1, "Pl.").evaluate("one => one === document.activeElement")
    order = [line[2] for line in sheet_of(desk)]
    keys.type("1")
    keys.press("Enter")  # goes on below
    keys.type("2")
    keys.press("Enter")
    keys.type("DNF")
    keys.press("Enter")
    keys.type("DNS")
    keys.press("Enter")
    keys.press("Control+Home")
    for _ in range(6):
        keys.press("ArrowRight")
    typed(desk, "30", "1:00:00", "", "1.46,250 Minuten".replace("1.46", "1:46"), "12")
    keys.press("ArrowDown")
    keys.press("Home")
    for _ in range(6):
        keys.press("ArrowRight")
    typed(desk, "30", "1:00:02,5")
    desk.page.locator("#sheet .proposal", has_text="+2,500").wait_for()
    keys.press("Control+Enter")
    desk.page.get_by_text("Übernommene Vorschläge: 1.").wait_for()
    assert cell(desk, 2, "Abstand").inner_text() == "+2,500"
    keys.press("Control+s")
    dialog = desk.page.get_by_role("dialog", name="Als neue Fassung speichern")
    dialog.get_by_text("Die erste Fassung dieses Ergebnisses").wait_for()
    for _ in range(20):
        keys.press("Tab")
        if desk.page.evaluate("document.activeElement.value") == "store":
            break
    keys.press("Enter")
    desk.page.get_by_text("Als Fassung 1 gespeichert").wait_for()

    rows = Classification.objects.get().rows.order_by("display_order")
    assert [(row.session_entry.entry.number, row.position, row.status, row.total_ms) for row in rows] == [
        (order[0], 1, "classified", 3_600_000), (order[1], 2, "classified", 3_602_500),
        (order[2], None, "dnf", None), (order[3], None, "dns", None),
    ]  # fmt: skip
    assert (rows[0].best_lap_ms, rows[0].best_lap_number, rows[1].gap_ms) == (106_250, 12, 2_500)


def test_nobody_is_caught_in_the_table(log_in, session):
    desk = log_in("results")
    open_sheet(desk, session)
    cell(desk, 1, "Pl.").focus()
    desk.page.keyboard.press("Shift+Tab")
    assert not desk.page.evaluate("!!document.activeElement.closest('table')")
    cell(desk, 1, "Pl.").focus()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.textContent") == "Speichern …"
    cell(desk, 1, "Pl.").focus()
    desk.page.keyboard.press("End")
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.textContent") == "Speichern …"


def test_escape_gives_up_and_each_step_goes_back_and_forth(log_in, session):
    desk = log_in("results")
    open_sheet(desk, session)
    first = cell(desk, 1, "Runden")
    first.focus()
    keys = desk.page.keyboard
    keys.type("12")
    keys.press("Escape")
    assert first.inner_text() == ""
    for laps in range(1, 31):
        first.focus()
        keys.type(str(laps))
        keys.press("Tab")
    for laps in range(29, -1, -1):
        first.focus()
        keys.press("Control+z")
        assert first.inner_text() == (str(laps) if laps else "")
    for _ in range(30):
        keys.press("Control+y")
    assert first.inner_text() == "30"


def test_lines_are_moved_added_and_removed(log_in, session):
    desk = log_in("results")
    open_sheet(desk, session)
    keys = desk.page.keyboard
    numbers = lambda: [line[2] for line in sheet_of(desk)]  # noqa: E731
    before = numbers()
    cell(desk, 1, "Nr.").focus()
    keys.press("Alt+ArrowDown")
    assert numbers() == [before[1], before[0], *before[2:]]
    keys.press("Alt+ArrowDown")
    keys.press("Alt+ArrowDown")
    keys.press("Alt+ArrowDown")  # it is the last one already
    assert numbers() == [*before[1:], before[0]]
    keys.press("Insert")
    assert numbers() == [*before[1:], before[0], ""]
    keys.press("Control+Delete")
    keys.press("Control+Home")
    keys.press("Control+Delete")
    assert numbers() == [*before[2:], before[0]]
    for _ in range(6):
        keys.press("Control+z")
    assert numbers() == before


def test_a_whole_table_and_a_rectangle_are_pasted_each_as_one_step(log_in, transactional_db):
    session = a_field(150)
    desk = log_in("results")
    open_sheet(desk, session)
    before = sheet_of(desk)
    head = "Pos\tNr\tFahrer\tRunden\tZeit\tBeste Runde\n"
    lines = "".join(
        f"{place}\t{151 - place}\t{HOSTILE}\t30\t1:{place // 60:02d}:{place % 60:02d}.000\t1:46.250\n"
        for place in range(1, 151)
    )
    cell(desk, 1, "Pl.").focus()
    paste(desk, head + lines)
    desk.page.get_by_text("Eingefügte Zeilen: 150.").wait_for()
    assert "Nicht übernommen: Fahrer." in desk.page.locator("#sheet-message").inner_text()
    desk.page.locator("#sheet .proposal", has_text="+2:29,000").wait_for()
    assert [(line[1], line[2], line[7]) for line in sheet_of(desk)[:2]] == [("1", "150", "30"), ("2", "149", "30")]
    assert cell(desk, 1, "Zeit").inner_text() == "1:00:01,000"
    cell(desk, 1, "Runden").focus()
    desk.page.keyboard.press("Shift+ArrowRight")
    desk.page.keyboard.press("Shift+ArrowDown")
    assert copied(desk) == "30\t1:00:01,000\n30\t1:00:02,000"
    desk.page.keyboard.press("Control+z")
    assert sheet_of(desk) == before
    cell(desk, 150, "Runden").focus()
    paste(desk, "29\t1:00:03\n28\t=HYPERLINK(1)\r\n")
    desk.page.get_by_text("Eingefügte Zeilen: 2.").wait_for()
    assert cell(desk, 151, "Zeit").inner_text() == "=HYPERLINK(1)"
    cell(desk, 151, "Zeit").focus()
    assert copied(desk) == "'=HYPERLINK(1)"
    assert desk.page.title().startswith("Rennen") or "bös" not in desk.page.title()


def test_too_much_is_refused_with_words_and_changes_nothing(log_in, session):
    desk = log_in("results")
    open_sheet(desk, session)
    before = sheet_of(desk)
    cell(desk, 1, "Pl.").focus()
    with desk.expecting(422):
        paste(desk, "1\t2\n" * 5_000)
        desk.page.get_by_text("Das sind 5000 Zeilen. Ein Raster hat höchstens 1000.").wait_for()
        cell(desk, 1, "Pl.").focus()
        paste(desk, "x\ty" * 300_000)
        desk.page.get_by_text("Spalten. Erlaubt sind 60").or_(desk.page.get_by_text("zu lang")).wait_for()
    assert sheet_of(desk) == before


def test_what_speaks_against_a_cell_is_said_where_it_is_and_in_a_list(log_in, session):
    desk = log_in("results")
    open_sheet(desk, session)
    cell(desk, 1, "Runden").focus()
    desk.page.keyboard.type("viele")
    desk.page.keyboard.press("Tab")
    desk.page.locator("#sheet td[aria-invalid='true']", has_text="viele").wait_for()
    cell(desk, 1, "Runden").focus()
    assert "„viele“ ist keine ganze Zahl" in desk.page.locator("#sheet-message").inner_text()
    cell(desk, 3, "Pl.").focus()
    desk.page.get_by_role("button", name="Zeile 1: „viele“ ist keine ganze Zahl").click()
    assert cell(desk, 1, "Runden").evaluate("one => one === document.activeElement")


def test_a_car_that_is_not_entered_is_entered_after_a_question(log_in, session):
    desk = log_in("results")
    open_sheet(desk, session)
    cell(desk, 1, "Nr.").focus()
    desk.page.keyboard.type("99")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_role("button", name="Nennung 99 anlegen …").click()
    dialog = desk.page.get_by_role("dialog", name="Auto melden")
    dialog.get_by_label("Klasse").select_option("GT4")
    dialog.get_by_role("button", name="Nennung anlegen").click()
    desk.page.get_by_text("Startnummer 99 ist gemeldet.").wait_for()
    assert cell(desk, 1, "Klasse").inner_text() == "GT4"


def test_two_people_at_one_result_and_neither_loses_a_cell(log_in, session):
    a_result(session)
    first, second = log_in("results"), log_in("administrator")
    for desk in (first, second):
        open_sheet(desk, session)
    cell(first, 1, "Start").focus()
    typed(first, "3")
    cell(first, 2, "Start").focus()
    typed(first, "4")
    cell(second, 1, "Start").focus()
    typed(second, "5")
    cell(second, 4, "Start").focus()
    typed(second, "8")
    save(first, reason="Startplätze")
    first.page.get_by_text("Als Fassung 2 gespeichert").wait_for()

    with second.expecting(409):
        second.page.get_by_role("button", name="Speichern …").click()
        conflict = second.page.get_by_role("dialog", name="Jemand anders war schneller")
        conflict.wait_for()
    assert "#1 Startplatz" in conflict.inner_text()
    second.look("raster-konflikt")
    conflict.get_by_label("Die andere").check()
    conflict.get_by_role("button", name="Damit weiterarbeiten").click()
    assert [cell(second, row, "Start").inner_text() for row in (1, 2, 3, 4)] == ["3", "4", "", "8"]
    save(second, reason="Startplatz 8")
    second.page.get_by_text("Als Fassung 3 gespeichert").wait_for()
    assert [row.grid for row in Classification.objects.get(version=3).rows.order_by("position")] == [3, 4, None, 8]


def test_a_reload_loses_nothing_and_another_login_sees_nothing(log_in, session, people):
    desk = log_in("results")
    open_sheet(desk, session)
    cell(desk, 1, "Runden").focus()
    typed(desk, "30")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.wait_for_timeout(500)
    desk.page.reload()
    desk.page.locator(READY).wait_for()
    desk.page.get_by_text("wurde nie gespeichert").wait_for()
    desk.page.get_by_role("button", name="Damit weiterarbeiten").first.click()
    assert cell(desk, 1, "Runden").inner_text() == "30"
    desk.page.wait_for_timeout(500)

    desk.context.clear_cookies()
    with desk.expecting(403):
        desk.page.get_by_role("button", name="Speichern …").click()
        desk.page.get_by_text("Sie sind abgemeldet. Melden Sie sich").wait_for()
    another = desk.context.new_page()
    another.goto(f"{desk.address}/admin/login/")
    another.get_by_label("Benutzername").fill("administrator")
    another.get_by_label("Passwort").fill(PASSWORDS["administrator"])
    another.get_by_role("button", name="Anmelden").click()
    another.goto(f"{desk.address}{ADDRESS}{session.pk}/")
    another.locator(READY).wait_for()
    assert another.get_by_text("wurde nie gespeichert").is_hidden()
    with desk.expecting(403):  # the old token, and then the other person
        desk.page.get_by_role("button", name="Zurück zur Tabelle").first.click()
        desk.page.get_by_role("button", name="Speichern …").click()
        desk.page.get_by_text("Gespeichert wurde nichts").wait_for()
    assert versions(session) == []
    refused = [one for one in desk.complaints if "status 409" in one]
    assert len(refused) == 1
    desk.complaints.remove(*refused)


def test_a_double_click_on_save_makes_one_version(log_in, session):
    desk = log_in("results")
    open_sheet(desk, session)
    cell(desk, 1, "Pl.").focus()
    paste(desk, "1\n2\n3\n4")
    desk.page.get_by_text("Eingefügte Zeilen: 4.").wait_for()
    desk.page.get_by_role("button", name="Speichern …").click()
    store = desk.page.get_by_role("button", name="Fassung speichern")
    desk.page.get_by_text("Die erste Fassung").wait_for()
    store.evaluate("button => { for (let time = 0; time < 8; time += 1) button.click(); }")
    desk.page.get_by_text("Als Fassung 1 gespeichert").wait_for()
    assert versions(session) == [(1, "provisional", False)]


def test_the_sheet_keeps_wcag_in_every_look_and_on_a_tablet(log_in, transactional_db):
    session = a_field(30)
    hostile = factories.TeamFactory(name=HOSTILE)
    session.event.entries.update(team=hostile)
    a_result(session, 30)
    desk = log_in("results")
    open_sheet(desk, session)
    cell(desk, 3, "Abstand").focus()
    typed(desk, "9", "", "", "x")
    desk.page.locator("#sheet td[data-weight='error']").wait_for()
    desk.look("raster")
    desk.is_measuring = True
    desk.page.set_viewport_size({"width": 820, "height": 1180})
    for scheme in ("light", "dark"):
        desk.page.emulate_media(color_scheme=scheme)
        assert violations(desk.page) == []
        desk.page.screenshot(path=f"artefacts/browser/raster-820-{scheme}.png", timeout=PICTURE)
    desk.page.emulate_media(color_scheme="light")
    cell(desk, 5, "in Rd.").focus()
    desk.page.keyboard.press("Control+z")
    desk.page.keyboard.press("Control+z")
    cell(desk, 4, "Abstand").focus()
    typed(desk, "9")
    desk.page.locator("#sheet td[data-weight='doubt']").first.wait_for()
    desk.page.get_by_role("button", name="Speichern …").click()
    desk.page.get_by_role("checkbox", name="Ich habe die Zweifel angesehen").wait_for()
    desk.look("raster-speichern")
    assert "bös" not in desk.page.title()


def test_a_finger_opens_a_cell_with_the_second_touch(log_in, session):
    desk = log_in("results", has_touch=True)
    desk.page.set_viewport_size({"width": 820, "height": 1180})
    open_sheet(desk, session)
    cell(desk, 1, "Runden").tap()
    assert desk.page.locator("#sheet td input").count() == 0
    cell(desk, 1, "Runden").tap()
    desk.page.locator("#sheet td input").fill("30")
    desk.page.locator("#sheet td input").press("Enter")
    assert cell(desk, 1, "Runden").inner_text() == "30"


def test_without_script_the_result_is_edited_as_csv(log_in, visit, session):
    a_result(session)
    desk = log_in("results")
    plain = visit(has_cookies=True, java_script_enabled=False)
    plain.context.add_cookies(desk.context.cookies())
    plain.go(f"{ADDRESS}{session.pk}/")
    assert "Die Tabelle braucht JavaScript" in plain.text
    plain.page.get_by_text("Als CSV-Datei").click()
    with plain.page.expect_download() as download:
        plain.page.get_by_role("link", name="Zeilen als CSV herunterladen").click()
    text = download.value.path().read_text("utf-8-sig").replace("1:46,250", "1:45,500", 1)
    plain.page.get_by_label("Bearbeitete Datei").set_input_files(
        {"name": "raster.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    plain.press("Datei prüfen")
    assert "1:45,500" in plain.text
    plain.page.get_by_label("Wer sieht es").select_option("yes")
    plain.page.get_by_label("Grund").fill("Bestzeit korrigiert")
    plain.press("Noch einmal prüfen")
    plain.press("Fassung speichern")
    assert versions(session) == [(1, "final", True), (2, "amended", True)]
    assert Classification.objects.get(version=2).rows.get(position=1).best_lap_ms == 105_500


def kept_copies(desk):
    return desk.page.evaluate("Object.keys(localStorage).filter(one => one.startsWith('racedesk:sheet:')).length")


def test_what_is_typed_while_the_answer_is_under_way_is_not_called_saved(log_in, session):
    """The answer to the save is held back, and the person goes back to the table and types on."""
    desk = log_in("results")
    open_sheet(desk, session)
    cell(desk, 1, "Pl.").focus()
    paste(desk, "1\n2\n3\n4")
    desk.page.get_by_text("Eingefügte Zeilen: 4.").wait_for()
    held = []

    def hold(route):
        if '"act":"save"' in (route.request.post_data or "").replace(" ", ""):
            held.append(route)
        else:
            route.continue_()

    desk.page.route("**/speichern/**", hold)
    desk.page.get_by_role("button", name="Speichern …").click()
    dialog = desk.page.get_by_role("dialog", name="Als neue Fassung speichern")
    desk.page.get_by_text("Die erste Fassung").wait_for()
    dialog.get_by_role("button", name="Fassung speichern").click()
    for _ in range(50):
        if held:
            break
        desk.page.wait_for_timeout(100)
    desk.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    cell(desk, 2, "Runden").focus()
    typed(desk, "30")
    held[0].continue_()
    desk.page.get_by_text("Als Fassung 1 gespeichert").wait_for()

    desk.page.wait_for_timeout(500)
    assert kept_copies(desk) == 1
    desk.page.unroute("**/speichern/**")
    desk.page.once("dialog", lambda asks: asks.accept())
    desk.page.reload()
    desk.page.locator(READY).wait_for()
    desk.page.locator("[data-sheet='kept'] [value='take']").click()
    assert cell(desk, 2, "Runden").inner_text() == "30"


def test_typing_beside_the_offer_does_not_write_over_what_is_offered(log_in, session):
    desk = log_in("results")
    open_sheet(desk, session)
    cell(desk, 1, "Runden").focus()
    typed(desk, "31")
    desk.page.wait_for_timeout(500)
    desk.page.once("dialog", lambda asks: asks.accept())
    desk.page.reload()
    desk.page.locator(READY).wait_for()
    cell(desk, 2, "Runden").focus()
    typed(desk, "29")
    desk.page.wait_for_timeout(500)
    assert kept_copies(desk) == 2

    desk.page.keyboard.press("Control+z")
    desk.page.wait_for_timeout(500)
    desk.page.locator("[data-sheet='kept'] [value='take']").click()
    assert cell(desk, 1, "Runden").inner_text() == "31"
