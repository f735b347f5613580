"""`import_results` as the contract says, by hand-made files and by all the real ones."""

import datetime as dt
import json
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from results.models import Classification, Driver, Event, Lap, Season, Series, Session, SourceDocument
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.django_db

GOLD = sorted((SHARED / "gold" / "claims").glob("*.json"))
WIGE = SHARED / "data" / "nls_wige"
DAYS = {"NLS1": "2025-03-22", "NLS2": "2025-04-26", "NLS3": "2025-05-10", "NLS7": "2025-09-13"}


def import_results(*files, **options):
    out = StringIO()
    call_command("import_results", *[str(file) for file in files], stdout=out, **options)
    return out.getvalue()


def as_json(*files, **options):
    return json.loads(import_results(*files, json=True, **options))


def line(number, position, **cells):
    return {
        "pos": position, "class": "Pro", "pos_in_class": position, "number": number, "team": f"Team {number}",
        "car": "Audi R8", "drivers": [{"first": "Ada", "last": f"Eins{number}", "nationality": "GER"}], "laps": None,
        "time": None, "gap": None, "best_lap": None, "status": "classified", **cells,
    }  # fmt: skip


@pytest.fixture
def facts():
    """The `data` object of a small file."""
    rows = [line("7", 1, best_lap="1:46.250"), line("8", 2, best_lap="1:46.540", gap="+0.290")]
    return {
        "series": "Cup", "season": "2026", "event": "Ring", "circuit": "Nürburgring", "timezone": "Europe/Berlin",
        "sessions": [
            {"id": "Q", "name": "Qualifying", "kind": "qualifying", "date": "2026-05-16T18:00", "classification": rows},
            {"id": "R", "name": "Rennen", "kind": "race", "date": "2026-05-17T12:00", "classification": []},
        ],
        "standings": [],
    }  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write(content, name="datei.json"):
        path = tmp_path / name
        path.write_text(json.dumps(content), "utf-8")
        return path

    return write


def nls_options(path):
    event = path.name.partition("__")[0]
    return {
        "create": True, "series": "NLS", "season": "2025", "name": event, "date": DAYS[event],
        "zone": "Europe/Berlin", "session": "Q" if "ZEITTRAINING" in path.name else "R",
    }  # fmt: skip


def test_the_answer_has_the_keys_of_the_contract(facts, written):
    answer = as_json(written(facts))

    assert answer == {
        "format": "exchange",
        "event": "ring",
        "sessions": [{"key": "Q", "state": "final", "version": 1}, {"key": "R", "state": None, "version": None}],
        "rows": {"read": 2, "created": 2, "changed": 0, "rejected": []},
        "doubts": [
            {"line": None, "column": None, "reason": "Neu angelegt: Serie „Cup“."},
            {"line": None, "column": None, "reason": "Neu angelegt: Strecke „Nürburgring“."},
            {"line": 1, "column": "Team", "reason": "Neu angelegt: Team „Team 7“."},
            {"line": 1, "column": "Fahrzeugmodell", "reason": "Neu angelegt: Fahrzeugmodell „Audi R8“."},
            {"line": 1, "column": "Klasse", "reason": "Neu angelegt: Klasse „Pro“."},
            {"line": 1, "column": "Fahrer", "reason": "Neu angelegt: Fahrer „Ada Eins7“."},
            {"line": 2, "column": "Team", "reason": "Neu angelegt: Team „Team 8“."},
            {"line": 2, "column": "Fahrer", "reason": "Neu angelegt: Fahrer „Ada Eins8“."},
        ],
        "facts": {
            "created": {
                "series": 1, "season": 1, "circuit": 1, "event": 1, "session": 2, "carmodel": 1, "team": 2,
                "racingclass": 1, "driver": 2, "entry": 2,
            },
            "changed": 0,
        },
    }  # fmt: skip


def test_a_second_run_says_nothing_new(facts, written):
    path = written(facts)
    import_results(path)

    assert as_json(path)["rows"] == {"read": 2, "created": 0, "changed": 0, "rejected": []}
    assert "0 neu, 0 geändert" in import_results(path)


@pytest.mark.parametrize(("date", "sentence"), [("2026-03-29T02:30", "nicht"), ("2026-10-25T02:30", "zweimal")])
def test_what_the_clocks_do_is_said_once(facts, written, date, sentence):
    facts["sessions"][1]["date"] = date
    out = StringIO()

    with suppress(CommandError):
        call_command("import_results", str(written(facts)), json=True, stdout=out)

    answer = json.loads(out.getvalue())
    said = [problem["reason"] for problem in (*answer["rows"]["rejected"], *answer["doubts"])]
    assert len([reason for reason in said if f"gibt es in Europe/Berlin {sentence}" in reason]) == 1, said


def test_several_files_are_answered_as_a_list(facts, written):
    other = {**facts, "event": "Monza"}

    answer = as_json(written(facts, "a.json"), written(other, "b.json"))

    assert [one["event"] for one in answer] == ["ring", "monza"]
    assert Season.objects.count() == 1


def test_several_files_are_imported_all_or_none(facts, written):
    bad = written({**facts, "event": "Monza", "timezone": "Nirgends"}, "b.json")

    with pytest.raises(CommandError, match=r"b\.json"):
        import_results(written(facts, "a.json"), bad)

    assert not Series.objects.exists()
    assert not SourceDocument.objects.exists()


def test_a_dry_run_says_what_would_happen_and_writes_nothing(facts, written):
    said = import_results(written(facts), dry_run=True)

    assert "Probelauf" in said
    assert "2 neu" in said
    assert not Series.objects.exists()
    assert as_json(written(facts), dry_run=True)["rows"]["created"] == 2


def test_a_released_result_changes_with_accept_and_reason(facts, written):
    import_results(written(facts))
    facts["sessions"][0]["classification"][1].update(best_lap="1:46.600", gap="+0.350")
    path = written(facts)

    with pytest.raises(CommandError, match=r"1:46,540 → 1:46,600.*--accept --reason"):
        import_results(path)
    with pytest.raises(CommandError, match="verlangt mit --reason"):
        import_results(path, accept=True)
    answer = as_json(path, accept=True, reason="Runde gestrichen")

    assert answer["sessions"][0] == {"key": "Q", "state": "final", "version": 2}
    assert answer["rows"]["changed"] == 1
    assert Classification.objects.get(is_current=True).reason == "Runde gestrichen"


def test_rejected_rows_are_answered_as_json_and_nothing_is_written(facts, written):
    facts["sessions"][0]["classification"][1]["best_lap"] = "1:60.000"
    out = StringIO()

    with pytest.raises(CommandError, match=r"1:60\.000"):
        call_command("import_results", str(written(facts)), json=True, stdout=out)

    rows = json.loads(out.getvalue())["rows"]
    assert [(one["line"], one["column"]) for one in rows["rejected"]] == [(2, "best_lap")]
    assert (rows["created"], rows["changed"]) == (0, 0)
    assert not Series.objects.exists()


@needs_shared
def test_a_wige_file_without_a_place_lists_what_is_missing():
    with pytest.raises(CommandError) as error:
        import_results(WIGE / "NLS1__RENNEN_RESULT.CSV")

    for option in ("--series", "--season", "--name", "--zone", "--date", "--session", "--create"):
        assert option in str(error.value)


@needs_shared
def test_a_wige_file_goes_into_an_event_there_is():
    import_results(WIGE / "NLS1__RENNEN_RESULT.CSV", **nls_options(WIGE / "NLS1__RENNEN_RESULT.CSV"))

    for address in ("nls1", "nls/2025/nls1"):
        answer = as_json(WIGE / "NLS1__RENNEN_RESULT.CSV", event=address, session="R")
        assert answer["rows"]["created"] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"event": "nirgends"}, "Eine Veranstaltung „nirgends“ gibt es nicht"),
        ({"date": "22.3.2025"}, "ist kein Tag"),
        ({"kind": "lunch"}, "ist keine Art von Session"),
    ],
)
def test_wrong_options_are_named_in_german(facts, written, options, said):
    with pytest.raises(CommandError, match=said):
        import_results(written(facts), **options)


def test_an_event_of_two_seasons_has_to_be_named_in_full(facts, written):
    import_results(written(facts))
    import_results(written({**facts, "season": "2027"}))

    with pytest.raises(CommandError, match="cup/2026/ring, cup/2027/ring"):
        import_results(written(facts), event="ring")
    assert as_json(written(facts), event="cup/2026/ring")["rows"]["created"] == 0


def test_no_file_a_folder_and_a_strange_file_are_refused(tmp_path):
    strange = tmp_path / "bild.json"
    strange.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    for files, said in (
        ((), "keine Datei angegeben"),
        ((tmp_path / "fehlt.csv",), "gibt es nicht"),
        ((tmp_path,), "ist ein Ordner, keine Datei"),
        ((strange,), "Das ist ein Bild"),
    ):
        with pytest.raises(CommandError, match=said):
            import_results(*files)


@pytest.mark.parametrize("content", [b"", b"\x00", b'{"sessions": [', b"a;b\n1;2\n", None])
def test_a_file_that_cannot_be_read_is_answered_as_json_too(tmp_path, content):
    path = tmp_path / "datei.json"
    if content is not None:
        path.write_bytes(content)
    out = StringIO()

    with pytest.raises(CommandError, match=r"datei\.json") as error:
        call_command("import_results", str(path), json=True, stdout=out)

    assert json.loads(out.getvalue()) == {
        "format": None, "event": None, "sessions": [],
        "rows": {"read": 0, "created": 0, "changed": 0,
                 "rejected": [{"line": None, "column": None, "reason": str(error.value)}]},
        "doubts": [], "facts": {"created": {}, "changed": 0},
    }  # fmt: skip


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path):
    huge = tmp_path / "riesig.csv"
    with huge.open("wb") as file:
        file.truncate(2 * 2**30)

    with pytest.raises(CommandError, match="größer als 64 MB"):
        import_results(huge)


@needs_shared
@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_every_gold_case_loads_whole_and_as_bare_data(path, written):
    answer = as_json(path)
    assert answer["rows"]["rejected"] == []
    assert answer["rows"]["created"] == answer["rows"]["read"] > 0

    bare = as_json(written(json.loads(path.read_text("utf-8"))["data"]))
    assert (bare["rows"]["created"], bare["rows"]["changed"], bare["facts"]) == (0, 0, {"created": {}, "changed": 0})


@needs_shared
def test_all_gold_cases_share_their_series_and_seasons():
    import_results(*GOLD)
    again = as_json(*GOLD)

    assert [(one["rows"]["created"], one["rows"]["changed"]) for one in again] == [(0, 0)] * len(GOLD)
    assert Series.objects.filter(slug="wec").count() == 1
    assert sorted(Season.objects.filter(series__slug="wec").values_list("label", flat=True)) == ["2016", "2022", "2024"]
    assert Driver.objects.filter(folded="kamui kobayashi").count() == 1
    later = Event.objects.get(slug="adac-zurich-24h-rennen")
    assert (later.starts_on, later.time_zone) == (dt.date(2016, 5, 26), "Europe/Berlin")


@needs_shared
def test_all_real_wige_files_load_and_change_nothing_the_second_time():
    files = sorted([*WIGE.glob("*RESULT.CSV"), *WIGE.glob("*LAPS.CSV")])
    assert len(files) == 12
    first = [as_json(file, **nls_options(file)) for file in files]
    second = [as_json(file, **nls_options(file)) for file in files]

    assert [one["rows"]["rejected"] for one in first] == [[]] * 12
    assert [one["rows"]["created"] for one in first] == [one["rows"]["read"] for one in first]
    assert [(one["rows"]["created"], one["rows"]["changed"]) for one in second] == [(0, 0)] * 12
    assert Lap.objects.count() == sum(
        one["rows"]["read"] for file, one in zip(files, first, strict=True) if "LAPS" in file.name
    )
    assert (Session.objects.count(), Series.objects.count(), Event.objects.count()) == (6, 1, 4)
    assert Driver.objects.filter(folded="frank stippler").count() == 1
