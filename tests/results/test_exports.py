"""Tables as files: what is shown is what is written, no cell is a formula, and a machine gets milliseconds."""

import csv
import io
import json

import openpyxl
import pytest
from django.utils import timezone

from results.cells import restore
from tests.factories import (
    LONG_AGO,
    CarModelFactory,
    ClassificationFactory,
    CupFactory,
    DriverFactory,
    DriverGradeFactory,
    EntryFactory,
    RacingClassFactory,
    SessionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

HOSTILE = ["=1+1", "+49 170", "-1+2", "@SUM(1+1)", "\t=1", "\r=1", "a;=1", "'=1", "#N/A", "=cmd|'/C calc'!A0"]


STAMP = ["1", "Endergebnis", "2021-11-06T18:30:00+00:00", ""]


def race():
    """Two cars in two classes, the second a lap down, and a third that was struck."""
    session = SessionFactory(name="Rennen", slug="rennen", event__slug="monza", event__season__series__slug="wec")
    series = session.event.season.series
    gt3, gt4 = (RacingClassFactory(series=series, name=name, slug=name.lower()) for name in ("GT3", "GT4"))
    ada, bea = DriverFactory(first_name="Ada", last_name="Eins"), DriverFactory(first_name="Bea", last_name="Zwei")
    car = {"entry__team": TeamFactory(name="Stall"), "entry__car_model": CarModelFactory(name="911")}
    rows = [
        {"position": 1, "class_position": 1, "laps": 40, "total_ms": 3_601_250, "best_lap_ms": 106_250,
         "entry__number": "007", "entry__crew": [ada, bea], "entry__racing_class": gt3, **car},
        {"position": 2, "class_position": 1, "laps": 39, "gap_laps": 1, "best_lap_ms": 107_000, "penalty_ms": 5_000,
         "entry__number": "8", "entry__racing_class": gt4, **car},
        {"status": "dsq", "laps": 40, "entry__number": "9", "entry__is_guest": True, "entry__racing_class": gt3, **car},
    ]  # fmt: skip
    ClassificationFactory(session=session, document__name="RENNEN.CSV", rows=rows)
    return session


def lines_of(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def book_of(response):
    return openpyxl.load_workbook(io.BytesIO(response.content))


def test_session_export_as_csv_speaks_german(client):
    response = client.get(f"{race().get_absolute_url()}ergebnis.csv")

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="wec-2021-monza-rennen-ergebnis.csv"'
    assert lines_of(response) == [
        ["Pos.", "Nr.", "Fahrer", "Team", "Auto", "Gaststarter", "Zeit", "Abstand", "Klasse", "Klassenplatz",
         "Runden", "Beste Runde", "Strafe", "Fassung", "Ergebnis", "Stand", "Entscheidungen"],
        ["1", "007", "Ada Eins / Bea Zwei", "Stall", "911", "", "1:00:01,250", "", "GT3", "1", "40", "1:46,250", "", *STAMP],
        ["2", "8", "", "Stall", "911", "", "", "'+1 Rd.", "GT4", "1", "39", "1:47,000", "'+5,000", *STAMP],
        ["DSQ", "9", "", "Stall", "911", "ja", "", "", "GT3", "", "40", "", "", *STAMP],
    ]  # fmt: skip


def test_session_export_as_xlsx_keeps_whole_numbers_and_text_apart(client):
    response = client.get(f"{race().get_absolute_url()}ergebnis.xlsx")
    book = book_of(response)
    sheet = book["Rennen"]

    assert [cell.value for cell in sheet[2]][:4] == [1, "007", "Ada Eins / Bea Zwei", "Stall"]
    assert [cell.data_type for cell in sheet[2]][:4] == ["n", "s", "s", "s"]
    assert sheet["H3"].value == "+1 Rd."
    assert sheet["H3"].data_type == "s"
    source = {row[0].value: row[1].value for row in book["Quelle"]}
    assert source["source"] == "RENNEN.CSV"


def test_session_export_as_json_speaks_milliseconds_and_names_its_source(client, settings):
    settings.SITE_URL = "https://rennen.example"
    settings.DATA_LICENSE = "Nur mit Quelle."
    session = race()

    content = json.loads(client.get(f"{session.get_absolute_url()}ergebnis.json").content)

    assert content["about"] == {
        "page": f"https://rennen.example{session.get_absolute_url()}",
        "publisher": settings.SITE_NAME,
        "license": "Nur mit Quelle.",
        "source": "RENNEN.CSV",
        "series": session.event.season.series.name,
        "season": "2021",
        "event": session.event.name,
        "session": "Rennen",
        "kind": "race",
        "version": 1,
        "state": "final",
        "is_current": True,
        "as_of": "2021-11-06T18:30:00+00:00",
        "is_complete": True,
    }
    assert content["rows"][1] == {
        "position": 2, "class_position": 1, "chosen_position": 2, "status": "classified", "number": "8", "drivers": [],
        "team": "Stall", "entrant": "", "car": "911", "manufacturer": None, "class": "GT4", "cups": [], "guest": False,
        "laps": 39, "total_ms": None, "gap_ms": None, "gap_laps": 1, "ahead_ms": None, "ahead_laps": 1,
        "best_lap_ms": 107_000, "best_lap_number": None, "grid": None, "penalty_ms": 5_000, "penalty_laps": 0,
        "parts_ms": {},
    }  # fmt: skip


def test_session_export_holds_the_chosen_rows_in_the_chosen_order(client):
    address = f"{race().get_absolute_url()}ergebnis"

    chosen = lines_of(client.get(f"{address}.csv", {"klasse": "gt3", "sortierung": "-number"}))
    content = json.loads(client.get(f"{address}.json", {"klasse": "gt4"}).content)

    assert [line[1] for line in chosen[1:]] == ["9", "007"]
    assert chosen[0][5:7] == ["Gaststarter", "Gesamt"]
    assert [(row["number"], row["chosen_position"], row["position"]) for row in content["rows"]] == [("8", 1, 2)]
    assert content["about"]["choice"] == {"klasse": "gt4"}
    assert content["about"]["page"].endswith("/rennen/?klasse=gt4")


def test_session_export_of_a_checkpoint(client):
    session = race()
    ClassificationFactory(session=session, checkpoint="6h", rows=[{"position": 1, "entry__number": "66"}])

    lines = lines_of(client.get(f"{session.get_absolute_url()}ergebnis.csv", {"wertung": "6h"}))

    assert [line[1] for line in lines[1:]] == ["66"]


def test_session_export_writes_the_parts_of_a_qualifying(client):
    session = SessionFactory(kind="qualifying")
    rows = [{"position": 1, "best_lap_ms": 80_000, "part_times_ms": [82_000, None, 80_000]}]
    ClassificationFactory(session=session, part_names=["Q1", "Q2", "Q3"], rows=rows)
    address = f"{session.get_absolute_url()}ergebnis"

    head, line = lines_of(client.get(f"{address}.csv"))
    content = json.loads(client.get(f"{address}.json").content)

    assert dict(zip(head, line, strict=True))["Q3"] == "1:20,000"
    assert content["rows"][0]["parts_ms"] == {"Q1": 82_000, "Q2": None, "Q3": 80_000}


def hostile():
    session = SessionFactory(name="=Rennen")
    rows = [
        {
            "position": n,
            "gap_ms": n * 100,
            "entry__number": f"={n}",
            "entry__team": None,
            "entry__entrant": word,
            "entry__car_model": CarModelFactory(name=f"{word}{n}"),
            "entry__crew": [DriverFactory(first_name="", last_name=word)],
            "entry__cups": [CupFactory(series=session.event.season.series, name=f"{word} c{n}")],
        }
        for n, word in enumerate(HOSTILE, start=1)
    ]
    ClassificationFactory(session=session, document__name="=böse.csv", rows=rows)
    return session


def test_session_export_as_csv_holds_no_formula_and_gives_every_text_back(client):
    head, *lines = lines_of(client.get(f"{hostile().get_absolute_url()}ergebnis.csv"))

    assert [cell for line in lines for cell in line if cell[:1] in set("=+-@\t\r")] == []
    assert [restore(line[head.index("Team")]) for line in lines] == HOSTILE


def test_session_export_as_xlsx_holds_text_where_a_formula_could_be(client):
    book = book_of(client.get(f"{hostile().get_absolute_url()}ergebnis.xlsx"))

    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"n", "s"}
    assert all(isinstance(cell.value, int) for cell in cells if cell.data_type == "n")
    head = [cell.value for cell in book.worksheets[0][1]]
    entrants = [row[head.index("Team")] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert entrants == HOSTILE


def test_session_export_refuses_what_the_page_refuses(client):
    address = f"{race().get_absolute_url()}ergebnis"

    assert client.get(f"{address}.csv", {"klasse": "x"}).status_code == 400
    assert client.get(f"{address}.csv", {"sortierung": "pk"}).status_code == 400
    assert client.get(f"{address}.pdf").status_code == 404


def test_session_export_of_nothing_released_is_not_found(client):
    hidden = SessionFactory()
    ClassificationFactory(session=hidden, hidden=True, rows=[{"position": 1}])
    embargoed = SessionFactory()
    later = timezone.now() + timezone.timedelta(hours=1)
    ClassificationFactory(session=embargoed, public_from=later, rows=[{"position": 1}])
    annulled = SessionFactory()
    ClassificationFactory(session=annulled, state="annulled", rows=[{"position": 1}])

    for session in (hidden, embargoed, annulled, SessionFactory(public_from=None)):
        for form in ("csv", "xlsx", "json"):
            assert client.get(f"{session.get_absolute_url()}ergebnis.{form}").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_an_export_is_cached_as_a_page_and_unchanged_answers_304(client, form):
    session = race()
    address = f"{session.get_absolute_url()}ergebnis.{form}"
    page = client.get(session.get_absolute_url())

    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    chosen = client.get(address, {"klasse": "gt3"}, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == page["Cache-Control"]
    assert not first.cookies
    assert again.status_code == 304
    assert chosen.status_code == 200


def test_a_corrected_result_changes_the_tag_of_its_exports(client):
    session = race()
    address = f"{session.get_absolute_url()}ergebnis.csv"
    tag = client.get(address)["ETag"]
    old = session.classifications.get()
    now = timezone.now()
    type(old).objects.filter(pk=old.pk).update(is_current=False, public_until=now)
    rows = [{"position": 1, "entry__number": "80"}]
    ClassificationFactory(session=session, version=2, released_at=now, reason="Nachprüfung", rows=rows)

    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("cars", [1, 30])
def test_session_export_takes_five_queries_whatever_the_field(client, django_assert_num_queries, cars):
    session = SessionFactory()
    ClassificationFactory(session=session, rows=[{"position": n} for n in range(1, cars + 1)])

    with django_assert_num_queries(5):
        client.get(f"{session.get_absolute_url()}ergebnis.csv")


def test_entry_list_export_holds_the_chosen_cars(client):
    session = SessionFactory(event__slug="monza", event__season__series__slug="wec")
    event = session.event
    gt3, gt4 = (RacingClassFactory(series=event.season.series, name=name, slug=name.lower()) for name in ("A", "B"))
    ada = DriverFactory(first_name="Ada", last_name="Eins", nationality="DEU")
    DriverGradeFactory(driver=ada, season=event.season, grade="gold")
    car = {"event": event, "public_from": LONG_AGO, "team": TeamFactory(name="=Stall")}
    EntryFactory(number="7", racing_class=gt3, crew=[ada], car_model=CarModelFactory(name="911"), **car)
    EntryFactory(number="8", racing_class=gt4, **car)
    EntryFactory(event=event, number="9")
    address = f"{event.get_absolute_url()}starterliste"

    response = client.get(f"{address}.csv", {"klasse": "a"})
    content = json.loads(client.get(f"{address}.json", {"klasse": "a"}).content)
    sheet = book_of(client.get(f"{address}.xlsx")).worksheets[0]

    assert response["Content-Disposition"] == 'attachment; filename="wec-2021-monza-starterliste.csv"'
    assert lines_of(response) == [
        ["Nr.", "Klasse", "Team", "Auto", "Marke", "Fahrer", "Nationen", "Einstufungen", "Wertungen", "Gaststarter"],
        ["7", "A", "'=Stall", "911", "", "Ada Eins", "GER", "Gold", "", ""],
    ]
    assert content["rows"][0]["drivers"] == [
        {"name": "Ada Eins", "seat": 1, "nation": "GER", "nation_as_printed": "DEU", "grade": "gold"}
    ]
    assert [cell.value for cell in sheet["A"]] == ["Nr.", "7", "8"]
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}


def test_entry_list_export_of_no_public_car_is_not_found(client):
    entry = EntryFactory()

    assert client.get(f"{entry.event.get_absolute_url()}starterliste.csv").status_code == 404
