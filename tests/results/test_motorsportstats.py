import datetime as dt
import json
from collections import defaultdict
from pathlib import Path

import pytest

from results.importers import motorsportstats, sniff
from results.importers.records import DriverRecord, FileRefused, ParsedFile, RowRecord
from tests.results.mutation import mutants
from tests.shared import SHARED, needs_shared

FILE = (Path(__file__).parent.parent / "data" / "motorsportstats" / "classifications.json").read_bytes()
REAL = SHARED / "data" / "motorsportstats_json" / "classifications.json"


def changed(change):
    document = json.loads(FILE)
    change(document["content"][0])
    return motorsportstats.parse(json.dumps(document).encode())


def test_the_races_of_an_event_are_in_the_order_of_their_days_and_excerpts():
    parsed = motorsportstats.parse(FILE)
    assert (parsed.series, parsed.season, parsed.event, parsed.proposes, parsed.key_source) == (
        "Muster Series", "2021", "Muster Grand Prix", True, "motorsportstats",
    )  # fmt: skip
    assert [(one.key, one.name, one.kind, one.date, one.complete) for one in parsed.sessions] == [
        ("R1", "Race 1", "race", dt.date(2021, 8, 7), False), ("R2", "Race 2", "race", dt.date(2021, 8, 8), False),
    ]  # fmt: skip
    assert (parsed.rows_read, parsed.rejected) == (6, ())


def test_a_fraction_stays_open_and_a_zero_behind_the_winner_is_nothing():
    first, second = motorsportstats.parse(FILE).sessions
    assert second.classification == (
        RowRecord(
            "007", "classified", 1, team="Team 007", laps=80, total_ms=8_329_830, line=1,
            drivers=(DriverRecord("Marcus", "Muster", "SWE", seat=1, key="marcus-muster"),),
        ),
        RowRecord(
            "9", "classified", 2, "DPi", team="Team 9", laps=80, total_ms=8_331_390, gap_ms=1_560, best_lap_ms=76_853,
            best_lap_number=27, line=2,
            drivers=(
                DriverRecord("Anna", "van der Beispiel", seat=1, key="anna"),
                DriverRecord("Bert", "Doe Jr", seat=2, key="bert"),
            ),
        ),
        RowRecord(
            "4", "classified", 3, team="Team 4", laps=79, gap_laps=1, line=3,
            drivers=(DriverRecord("Carl", "Coe", "USA", seat=1, key="carl"),),
        ),
    )  # fmt: skip
    assert [(row.position, row.gap_ms, row.status) for row in first.classification] == [
        (1, None, "classified"), (2, None, "classified"), (None, None, "dnf"),
    ]  # fmt: skip
    assert "1, zuerst 76652.6" in motorsportstats.parse(FILE).doubts[0].reason


def test_several_events_in_one_file_are_refused_by_name():
    def other(result):
        result["event"]["name"] = "Beispiel 300"

    with pytest.raises(FileRefused, match=r"2 Veranstaltungen: .*Muster Grand Prix.*Beispiel 300"):
        changed(other)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"carNumber": "4 4"}, "carNumber"), ({"finishPosition": "x"}, "finishPosition"), ({"time": -1.0}, "time"),
        ({"classifiedStatus": "???"}, "classifiedStatus"), ({"finishPosition": None}, "finishPosition"), ({"drivers": 5}, "drivers"),
        ({"gap": {"timeToLead": 1561.0}}, "gap"), ({"drivers": [{"name": ""}]}, "name"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_rejected_with_its_row(change, column):
    problems = changed(lambda result: result["details"][1].update(change)).rejected
    assert {(problem.line, problem.column) for problem in problems} == {(2, column)}


@pytest.mark.parametrize(
    "data", [b'{"finishPosition": 1}', b'{"finishPosition": ', b'{"content": [], "classifiedStatus": ""}', FILE[:900]]
)
def test_what_holds_no_result_is_recognised_and_refused(data):
    with pytest.raises(FileRefused) as refused:
        sniff.parse(data)
    assert "nicht bekannt" not in str(refused.value)


def test_a_mutated_file_is_parsed_or_refused_and_nothing_else():
    for data in mutants([FILE], each=2_000, seed=7):
        try:
            assert isinstance(motorsportstats.parse(data), ParsedFile)
        except FileRefused as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right


@needs_shared
def test_the_real_list_is_refused_whole_and_every_event_of_it_read():
    with pytest.raises(FileRefused, match="16 Veranstaltungen"):
        motorsportstats.parse(REAL.read_bytes())
    events = defaultdict(list)
    for result in json.loads(REAL.read_bytes())["content"]:
        events[result["series"]["name"], result["event"]["name"]].append(result)
    read = [motorsportstats.parse(json.dumps({"content": results}).encode()) for results in events.values()]
    assert (len(read), sum(parsed.rows_read for parsed in read)) == (16, 72)
    assert all(parsed.rejected == () for parsed in read)
