"""All linters over whole texts: the seeds and gold articles with names we know, every case with its own sheet and others'."""

import json
from pathlib import Path

import pytest

from articles.factcheck.lint.linters import linters
from articles.factcheck.lint.piece import Crew, Piece, Starters
from articles.factcheck.lint.register import Register
from articles.factcheck.lint.remark import Kind
from articles.factcheck.lint.run import lint
from articles.factcheck.sheet import FactSheet
from tests.articles.factcheck.lint.desk import REGISTER, person
from tests.shared import SHARED, needs_shared

CASES = [
    json.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parents[3] / "data/claims").rglob("*.json"))
]
SHEETS = {case["id"]: Starters.of(FactSheet.from_records(case["data"])) for case in CASES}
EVERYBODY = Register(
    drivers=tuple({driver for sheet in SHEETS.values() for crew in sheet.crews for driver in crew.drivers}),
    teams=tuple({crew.team for sheet in SHEETS.values() for crew in sheet.crews if crew.team}),
    makes=REGISTER.makes,
    circuits=REGISTER.circuits,
)
# What a register of those races holds of the people in the seeds, in its own spelling.
KNOWN = Register(
    drivers=tuple(
        map(
            person,
            [
                "André Negrão", "Nicolas Lapierre", "Matthieu Vaxivière", "Mike Conway", "Kamui Kobayashi", "Maximilian Götz",
                "Maximilian Buhk", "Bernd Schneider", "Patrice Goueslard", "Laurens Vanthoor", "Cesar Ramos", "Klaus Bachler",
            ],
        )
    ),
    teams=("HTP Gravity Charouz", "Haupt Racing Team", "Belgian Audi Club Team WRT"),
    makes=REGISTER.makes,
    circuits=REGISTER.circuits,
)  # fmt: skip
HTP = Starters((Crew(tuple(map(person, ["Maximilian Götz", "Maximilian Buhk", "Bernd Schneider"])), "HTP Gravity Charouz", "mercedes"),))  # fmt: skip


def read(path):
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")


NOBODY = Starters()


def words(text, register=KNOWN, starters=NOBODY):
    return [(str(remark.kind), remark.text, remark.suggestion) for remark in lint(Piece(text, register, starters))]


def test_linters_are_found_by_convention():
    assert [linter.__module__.rpartition(".")[2] for linter in linters()] == [
        "captions", "names", "pictures", "places", "quotation_marks", "teams", "weekdays",
    ]  # fmt: skip


@needs_shared
def test_seeds_have_the_remarks_a_desk_would_make():
    seeds = {path.name[:3]: words(read(path), starters=HTP) for path in (SHARED / "seeds").glob("*.txt")}

    assert seeds == {
        "000": [("accent", "Negrao", "Negrão"), ("accent", "Vaxiviere", "Vaxivière"), ("accent", "Vaxiviere", "Vaxivière")],
        "001": [("team", "HRT", "HTP"), ("name", "Gouselrad", "Goueslard")],
        "002": [("quote", '"', None)],
        "003": [
            ("one_name", "Maxi", "Maximilian"),
            ("caption", "Baku war Schauplatz eines spannenden Finales, Foto: Blancpain", ""),
            ("one_name", "Maxi", "Maximilian"),
            ("one_name", "Maxi", "Maximilian"),
            ("caption", "Maxi Götz ist Champion der Blancpain Sprint Serie, Foto: Blancpain", ""),
        ],
        "004": [],
    }  # fmt: skip


@needs_shared
def test_gold_articles_hold_nothing_to_remark_but_accents():
    found = [
        remark
        for path in (SHARED / "gold/articles").glob("*.txt")
        for remark in words(read(path), EVERYBODY)
        if remark[0] != Kind.ACCENT
    ]

    assert found == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_beside_its_own_sheet_and_everybody_elses_names(case):
    """Held case 205 closes a quotation with another sign than it began with; 17 calls Buhk by two names."""
    expected = {"205": [("quote", '"', "“")], "17": [("one_name", "Maxi", "Maximilian")]}
    found = [one for one in words(case["body"], EVERYBODY, SHEETS[case["id"]]) if one[0] != Kind.ACCENT]

    assert found == expected.get(case["id"], [])


def test_no_case_has_a_slip_beside_the_sheet_of_another_event():
    found = {
        (case["id"], other, *one)
        for case in CASES
        for other, starters in list(SHEETS.items())[::4]
        for one in words(case["body"], EVERYBODY, starters)
        if one[0] in {Kind.NAME, Kind.TEAM, Kind.PLACE, Kind.WEEKDAY} and other != case["id"]
    }

    assert found == set()


def test_every_slip_in_a_full_name_of_a_case_is_found_or_left_alone_and_never_put_wrong():
    """A letter doubled in every last name that stands behind its first name: at least nine of ten come back right."""
    right = wrong = 0
    for case in CASES:
        sheet = SHEETS[case["id"]]
        for driver in dict.fromkeys(driver for crew in sheet.crews for driver in crew.drivers):
            last = driver.last.split()[-1]
            if driver.name not in case["body"] or len(last) < 5 or not last.isalpha():
                continue
            slipped = driver.name[: -len(last)] + last[:2] + last[1:]
            found = words(case["body"].replace(driver.name, slipped), EVERYBODY, sheet)
            names = {one[2] for one in found if one[0] == Kind.NAME}
            forms = {last, f"{last}s", f"{last}'s"}  # the genitive is put right as a genitive
            right += bool(names) and names <= forms
            wrong += bool(names - forms)

    assert right >= 100
    assert wrong == 0


@pytest.mark.parametrize(
    "text",
    ["", " \n\n ", "\x00\x01", "«" * 100_000, "„" * 100_000, "Samstag und " * 20_000, "31. " * 30_000, "Max/" * 30_000, "A" * 1_000_000, "Ä\u0308" * 100_000],
)  # fmt: skip
def test_bad_texts_are_read_to_the_end(text):
    assert isinstance(lint(Piece(text, EVERYBODY, SHEETS["01"])), list)
