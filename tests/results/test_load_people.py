"""Crews that change between sessions, shared drives, and what files say of drivers besides their names."""

import pytest

from results.importers.load import plan
from results.importers.plan import ImportRefused, ImportTarget
from results.importers.records import DriverRecord, LapRecord
from results.models import (
    Classification,
    ClassificationRow,
    Driver,
    DriverGrade,
    DriverKey,
    Entry,
    Lap,
    SessionCrewMember,
)
from tests.results.made import driver, load, parsed, race, row, session

pytestmark = pytest.mark.django_db
FREE = {"accept": True, "reason": "Nachtrag"}


def crews():
    """By session and line: who drove where it was not simply the entry's crew."""
    found = {}
    for member in SessionCrewMember.objects.order_by("session_entry", "line", "seat"):
        found.setdefault((member.session_entry.session.key, member.line), []).append(member.driver.full_name)
    return found


def test_a_session_with_other_drivers_has_a_crew_of_its_own():
    load(parsed(session(rows=(row("7", 1, crew=("Ada Eins", "Bea Zwei")),))))

    report = load(parsed(race(rows=(row("7", 1, crew=("Ada Eins", "Cleo Drei")),))))

    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins", "Bea Zwei"]
    assert crews() == {("R", 1): ["Ada Eins", "Cleo Drei"]}
    assert "#7: In dieser Sitzung fuhren „Ada Eins/Cleo Drei“, gemeldet sind „Ada Eins/Bea Zwei“." in [
        doubt.reason for doubt in report.plan.doubts
    ]
    assert load(parsed(race(rows=(row("7", 1, crew=("Ada Eins", "Cleo Drei")),)))).plan.is_empty


def test_a_correction_of_one_session_leaves_the_crew_of_the_others():
    load(parsed(session(rows=(row("7", 1),)), race(rows=(row("7", 1),))))
    corrected = parsed(race(rows=(row("7", 1, crew=("Bea Zwei",)),)))

    with pytest.raises(ImportRefused, match="#7 Besatzung: Ada Eins → Bea Zwei"):
        load(corrected)
    load(corrected, **FREE)

    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins"]
    assert crews() == {("R", 1): ["Bea Zwei"]}
    assert load(corrected).plan.is_empty


def test_one_file_with_a_longer_crew_in_the_race_keeps_the_qualifying_as_printed():
    load(parsed(session(rows=(row("7", 1),)), race(rows=(row("7", 1, crew=("Ada Eins", "Bea Zwei")),))))

    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins", "Bea Zwei"]
    assert crews() == {("Q", 1): ["Ada Eins"]}


def test_a_shared_drive_is_two_lines_of_one_car_with_a_driver_each():
    rows = (
        row("2", 1, crew=("Luigi Eins",), share=1, laps=77),
        row("2", 1, crew=("Juan Zwei",), share=2, laps=77),
        row("4", 2, crew=("Juan Zwei",), laps=77),
    )
    load(parsed(race(rows=rows)))

    lines = ClassificationRow.objects.order_by("display_order").values_list(
        "session_entry__entry__number", "line", "position"
    )
    assert list(lines) == [("2", 1, 1), ("2", 2, 1), ("4", 1, 2)]
    assert crews() == {("R", 1): ["Luigi Eins"], ("R", 2): ["Juan Zwei"]}
    assert Driver.objects.count() == 2
    assert load(parsed(race(rows=rows))).plan.is_empty


def test_a_second_car_with_a_taken_number_is_an_entry_of_its_own():
    rows = (row("30", 1, team="Nord"), row("30", None, status="dns", team="Süd", crew=("Bea Zwei",), entry_line=2))
    load(parsed(race(rows=rows)))

    entries = Entry.objects.order_by("line")
    assert [(str(entry), entry.team.name) for entry in entries] == [("#30", "Nord"), ("#30·2", "Süd")]
    assert load(parsed(race(rows=rows))).plan.is_empty


def test_times_by_part_are_cells_like_any_other():
    rows = (row("7", 1, part_times_ms=(90_000, 89_000, 88_000)), row("8", 2, part_times_ms=(91_000, 90_500, None)))
    load(parsed(session(rows=rows, part_names=("Q1", "Q2", "Q3"))))

    assert Classification.objects.get().part_names == ["Q1", "Q2", "Q3"]
    assert [line.part_times_ms for line in ClassificationRow.objects.order_by("display_order")] == [
        [90_000, 89_000, 88_000], [91_000, 90_500, None],
    ]  # fmt: skip
    slower = parsed(
        session(rows=(rows[0], row("8", 2, part_times_ms=(91_000, 90_600, None))), part_names=("Q1", "Q2", "Q3"))
    )
    with pytest.raises(ImportRefused, match="1:31,000 / 1:30,500 / – → 1:31,000 / 1:30,600 / –"):
        load(slower)


# drivers


def known(name="Ada Eins", **values):
    first, _, last = name.rpartition(" ")
    return DriverRecord(first, last, **values)


def test_birth_date_rating_and_key_of_a_driver_are_kept():
    crew = (known(birth_date="1997-09-30", grade="gold", key="ada_eins"),)
    load(parsed(race(rows=(row("7", 1, crew=crew),)), key_source="ergast"))

    assert Driver.objects.get().birth_date == "1997-09-30"
    assert [(str(key), key.driver.full_name) for key in DriverKey.objects.all()] == [("ergast: ada_eins", "Ada Eins")]
    assert [grade.grade for grade in DriverGrade.objects.all()] == ["gold"]


def test_a_date_of_birth_becomes_more_precise_and_never_another_one():
    load(parsed(race(rows=(row("7", 1, crew=(known(birth_date="1997"),)),))))
    load(parsed(session(rows=(row("7", 1, crew=(known(birth_date="1997-09-30"),)),))))
    assert Driver.objects.get().birth_date == "1997-09-30"


def test_another_date_of_birth_is_another_person():
    load(parsed(race(rows=(row("7", 1, crew=(known(birth_date="1997-09-30"),)),))))

    report = load(parsed(session(rows=(row("8", 1, crew=(known(birth_date="1998-01-01"),)),))))

    assert sorted(Driver.objects.values_list("birth_date", flat=True)) == ["1997-09-30", "1998-01-01"]
    assert any("Namensvetter" in doubt.reason for doubt in report.plan.doubts)


def test_a_draft_says_nothing_of_a_driver():
    load(parsed(race(rows=(row("7", 1, crew=(known(birth_date="1997", grade="gold"),)),), released=False)))

    assert Driver.objects.get().birth_date == ""
    assert not DriverGrade.objects.exists()


# laps


def lap(number, seat, time=100_000, **values):
    return LapRecord(number="7", lap=number, time_ms=time, seat=seat, **values)


def test_seats_of_a_lap_file_are_those_of_the_stored_crew():
    load(parsed(race(rows=(row("7", 1, crew=("Ada Eins", "Bea Zwei", "Cleo Drei")),))))
    entries = (row("7", crew=(known("Cleo Drei", seat=1), known("Ada Eins", seat=2)), status=""),)

    load(parsed(race(laps=(lap(1, 1), lap(2, 2), lap(3, 4)), entries=entries)))

    assert list(Lap.objects.order_by("number").values_list("number", "seat")) == [(1, 3), (2, 1), (3, 4)]
    assert not SessionCrewMember.objects.exists()


def test_a_lap_file_never_takes_a_driver_off_the_crew_and_adds_who_drove():
    load(parsed(race(rows=(row("7", 1, crew=("Ada Eins", "Bea Zwei")),))))
    entries = (row("7", crew=(known("Bea Zwei", seat=1), known("Dora Vier", seat=2)), status=""),)

    load(parsed(race(laps=(lap(1, 1), lap(2, 2)), entries=entries)))

    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins", "Bea Zwei", "Dora Vier"]
    assert list(Lap.objects.order_by("number").values_list("seat", flat=True)) == [2, 3]


def test_a_plan_without_names_still_counts_its_laps():
    assert plan(parsed(race(laps=(lap(1, 1),))), target=ImportTarget()).sessions[0].laps.created == 1


def test_a_country_nobody_knows_is_kept_as_printed_and_said_once():
    crew = (driver("Ada Eins", "LUD"), driver("Bea Zwei", "GER"), driver("Cleo Drei", "LUD"), driver("Dora Vier", "?"))
    report = load(parsed(race(rows=(row("7", 1, crew=crew),))))

    said = [doubt.reason for doubt in report.plan.doubts if "Land" in doubt.reason]
    assert said == ["„LUD“ ist kein bekanntes Land. Die Angabe bleibt, wie sie gedruckt ist."]
    assert Driver.objects.get(last_name="Eins").nationality == "LUD"
