"""Numbers and places that a sheet holds in another form than the text: they stay open."""

import copy

import pytest

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from tests.articles.factcheck.build_cases import build
from tests.articles.factcheck.desk import DATA, SOURCE, said

LETTERED = (
    SOURCE.replace("\n8 | Hyper", "\n8B | Hyper")
    .replace("\n31 | GT3", "\n31A | GT3")
    .replace("\n36 | Hyper", "\n09 | Hyper")
    .replace("1 8 1:35", "1 8B 1:35")
    .replace("3 8\n", "3 8B\n")
    .replace("2 8 198", "2 8B 198")
    .replace("3 36 ", "3 09 ")
    .replace("2 36\n", "2 09\n")
    .replace("6 31 1", "6 31A 1")
    .replace("6 31\n", "6 31A\n")
    .replace("DNF 31 ", "DNF 31A ")
)


def told(text, data):
    return [
        (str(one.claim.type), one.claim.text, str(one.verdict.judgement))
        for one in check_text(text, FactSheet.from_records(data))
    ]


@pytest.mark.parametrize(
    ("text", "printed", "judgement"),
    [
        ("Condor/Dohle (#8) wurden im Rennen Zweite.", "#8", "uncheckable"),
        ("Kauz/Lerche (#31) fielen im Rennen aus.", "#31", "uncheckable"),
        ("Elster und Fink mit der Nummer 9 wurden Dritte.", "Nummer 9", "uncheckable"),
        ("Condor/Dohle (#31) wurden im Rennen Zweite.", "#31", "contradicted"),
        ("Emil Elster (#7) wurde Dritter.", "#7", "contradicted"),
    ],
)
def test_a_number_without_its_letter_or_its_zero_stays_open(text, printed, judgement):
    assert ("car_number", printed, judgement) in told(text, build(LETTERED)["data"])


def test_a_place_in_class_alone_tells_no_place_overall():
    data = copy.deepcopy(DATA)
    race = next(session for session in data["sessions"] if session["kind"] == "race")
    for row in race["classification"]:
        if row["number"] == "51":
            row["pos"] = None
    assert told("Gina Gans wurde im Rennen Vierte.", data) == [("position", "Vierte", "uncheckable")]
    assert told("Gina Gans wurde im Rennen Erste in der GT3.", data)[-1][2] == "confirmed"
    assert told("Gina Gans wurde im Rennen Zweite in der GT3.", data)[-1][2] == "contradicted"


@pytest.mark.parametrize(
    "text",
    [
        "Das Rennen am 6. Mai gewannen Adler und Bussard.",
        "The race took place on May 6.",
        "Das Rennen ist am 6. Mai.",
        "Das Qualifying am 5. Mai war kurz.",
        "Das Finale in Bahrain steigt am 10. November.",
    ],
)
def test_a_wrong_day_of_the_event_is_still_an_error(text):
    assert any(judgement == "contradicted" for _type, _words, judgement in said(text, "date"))


@pytest.mark.parametrize(
    "text",
    [
        "Condor teilte sich den Toyota mit Anna Adler.",
        "Condor/Adler wurden im Rennen Zweite.",
        "Condor und Adler wurden im Rennen Zweite.",
    ],
)
def test_a_wrong_partner_is_still_an_error(text):
    assert any(judgement == "contradicted" for _type, _words, judgement in said(text, "crew"))


def test_a_word_of_a_cars_name_is_no_place():
    sheet = build(SOURCE.replace("Porsche 911 GT3 R", "Borealis P4"))["data"]
    text = "Ida Ibis kam im Rennen im Borealis P4 ins Ziel."
    assert not any(kind == "position" for kind, *_rest in told(text, sheet))
    assert any(kind == "position" for kind, *_rest in told(text.replace("im Borealis P4", "auf P4"), sheet))
