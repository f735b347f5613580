"""What a text proposes for its sidebar: the cars it names, by class and in its order, the sessions, the doubts."""

from pathlib import Path

import pytest

from articles.factcheck.proposal import DoubtKind, propose
from articles.factcheck.sheet import FactSheet
from tests.articles.factcheck.build_cases import FOLDER, build
from tests.articles.factcheck.desk import SHEET
from tests.shared import SHARED, needs_shared

TWO_RACES = FactSheet.from_records(
    build("""id: t
language: en
series: GT4
season: 2024
event: Weekend
circuit: Park
timezone: Europe/London
title: -
@cars
4 | Pro-Am | Gale Racing | McLaren Artura GT4 | Owen,Moss,GBR;Piers,Quill,GBR
04 | Silver | Gale Racing | McLaren Artura GT4 | Rory,Stone,IRL;Tess,Vale,GBR
90 | Pro-Am | Hearth Motorsport | Aston Martin Vantage GT4 | Una,Wren,GBR;Owen,Moss,GBR
11 | Silver | Solo Sport | Ginetta G56 GT4 | Vic,York,GBR;Wim,Zeller,NED
@session R1 | Race 1 | race | 2024-06-01T11:00
1 4 30 1:00:10.000 1:31.100
2 11 30 +2.500 1:31.900
3 04 30 +8.100 1:32.000
4 90 29
@session R2 | Race 2 | race | 2024-06-02T15:00
1 11 31 1:00:40.000 1:30.700
2 04 31 +0.400 1:30.900
3 90 31 +9.000 1:31.500
4 4 20
@body
-
""")["data"]
)
NO_CLASSES = FactSheet.from_records(
    build("""id: t
language: de
series: F
season: 2024
event: Lauf
circuit: Stadt
timezone: Europe/Berlin
title: -
@cars
1 |  | Falke Racing | Dallara | Anna,Adler,GER
2 |  | Falke Racing | Dallara | Bruno,Bussard,ITA
33 |  | Elster | Dallara | Carla,Condor,FRA
@session Q | Qualifying | qualifying | 2024-06-01T11:00
1 2 1:11.100
2 1 1:11.200
3 33 1:11.900
@session R | Rennen | race | 2024-06-02T11:00
1 1 30 1:00:10.000 1:12.100
2 33 30 +2.500 1:12.900
3 2 30 +8.100 1:13.000
@body
-
""")["data"]
)
NOTHING = FactSheet.from_records({"sessions": []})


def classes(text, sheet=SHEET):
    return {group.name: [named.car.number for named in group.cars] for group in propose(text, sheet).groups}


def doubts(text, sheet=SHEET):
    return [(doubt.kind, doubt.place.words, doubt.numbers) for doubt in propose(text, sheet).doubts]


def sessions(text, sheet=SHEET):
    return [told.session.name for told in propose(text, sheet).sessions if told.is_proposed]


@needs_shared
def test_the_first_seed_proposes_its_twelve_cars_in_their_classes():
    (seed,) = (SHARED / "seeds").glob("000_*.txt")
    sheet = FactSheet.from_records(build((FOLDER / "sheets" / "000.txt").read_text("utf-8"))["data"])
    found = propose(Path(seed).read_text("utf-8"), sheet)
    assert {group.name: [named.car.number for named in group.cars] for group in found.groups} == {
        "Hypercar": ["7", "8", "36"],
        "LMP2": ["22", "70"],
        "LMGTE Pro": ["92", "51", "52", "91"],
        "LMGTE Am": ["47", "83", "85"],
    }
    assert found.numbers == ("7", "8", "36", "22", "70", "92", "51", "52", "91", "47", "83", "85")
    assert [told.session.name for told in found.sessions if told.is_proposed] == ["Qualifying"]
    assert found.doubts == ()


def test_cars_stand_in_the_order_of_their_first_mention_inside_their_class():
    text = "Die GT3 gewann Gina Gans vor der #92. Davor lagen Emil Elster, Condor und Bussard im Ziel."
    assert classes(text) == {"GT3": ["51", "92"], "Hypercar": ["36", "8", "7"]}


def test_a_car_is_named_by_number_by_driver_or_by_the_only_car_of_a_team():
    assert classes("Startnummer 7 führte.") == {"Hypercar": ["7"]}
    assert classes("Kauz schied früh aus.") == {"GT3": ["31"]}
    assert classes("Manthey feierte.") == {"GT3": ["92"]}


def test_a_reason_gives_the_words_and_their_paragraph():
    text = "Das Rennen war lang.\nAm Ende siegte der Toyota #7 (Adler/Bussard) vor Condor."
    first = propose(text, SHEET).groups[0].cars[0].places[0]
    assert (first.words, first.paragraph) == ("Toyota #7 (Adler/Bussard)", 2)
    assert text[first.start : first.end] == first.words


def test_a_name_that_two_cars_share_is_a_doubt_and_no_proposal():
    assert classes("Adler war zufrieden.") == {}
    assert doubts("Adler war zufrieden.") == [(DoubtKind.SHARED, "Adler", ("7", "92"))]
    assert doubts("Falke Racing jubelte.") == [(DoubtKind.SHARED, "Falke Racing", ("7", "8"))]


def test_a_shared_name_is_no_doubt_where_the_text_says_elsewhere_who_is_meant():
    assert doubts("Anna Adler gewann. Adler freute sich, ganz Falke Racing auch.") == []


def test_a_driver_of_two_cars_is_named_by_the_number_beside_him():
    assert classes("Moss was quickest.", TWO_RACES) == {}
    assert doubts("Moss was quickest.", TWO_RACES) == [(DoubtKind.SHARED, "Moss", ("4", "90"))]
    assert classes("Moss won in the #90 Aston Martin.", TWO_RACES) == {"Pro-Am": ["90"]}


def test_a_number_beside_somebody_who_drives_another_car_is_a_doubt():
    text = "Die #92 von Gina Gans fiel zurück."
    assert classes(text) == {}
    assert doubts(text) == [(DoubtKind.CONFLICT, "#92 von Gina Gans", ("51", "92"))]


def test_a_number_nobody_has_is_a_doubt():
    assert doubts("Die #99 blieb stehen.") == [(DoubtKind.UNKNOWN, "#99", ())]


def test_what_only_lets_a_car_be_understood_names_none():
    assert classes("Die #7 gewann. Das Schwesterauto wurde Zweiter, der Franzose war enttäuscht.") == {
        "Hypercar": ["7"]
    }


def test_a_car_named_only_in_direct_speech_is_marked():
    text = 'Die #7 gewann. "Der Wagen von Lerche hat mich eine ganze Runde lang aufgehalten", sagte Bussard.'
    named = {one.car.number: one.is_aside for group in propose(text, SHEET).groups for one in group.cars}
    assert named == {"7": False, "31": True}


def test_a_leading_nought_makes_another_car():
    assert classes("The #04 beat the #4.", TWO_RACES) == {"Silver": ["04"], "Pro-Am": ["4"]}


def test_a_series_without_classes_makes_one_group():
    assert classes("Condor schlug Bussard und Anna Adler.", NO_CLASSES) == {"": ["33", "2", "1"]}


@pytest.mark.parametrize(
    ("text", "sheet", "told"),
    [
        ("Im Qualifying fuhr Condor 1:35.416 Minuten, Bussard 1:35.563 Minuten.", SHEET, ["Qualifying"]),
        ("Das Rennen gewann die #7 mit 14,221 Sekunden Vorsprung vor der #8. Die #36 wurde Dritte.", SHEET, ["Rennen"]),
        ("In the second race Vic York finished first. Rory Stone was second in race 2.", TWO_RACES, ["Race 2"]),
        ("Bussard holte im Qualifying in 1:11.100 Minuten die Pole.", NO_CLASSES, ["Qualifying"]),
        ("Es regnete den ganzen Tag.", SHEET, []),
    ],
)
def test_the_session_that_a_text_tells_of_is_proposed(text, sheet, told):
    assert sessions(text, sheet) == told


def test_two_sessions_told_alike_are_both_proposed():
    text = "Owen Moss finished first in race 1. Vic York finished first in race 2."
    assert sorted(sessions(text, TWO_RACES)) == ["Race 1", "Race 2"]


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "\0", "🏁" * 500, "#" * 5000, "<p>" * 5000, "Der Verein gewann das Derby vor 80.000 Zuschauern mit 3:1.",
        "(" * 3000 + "Fußball" + ")" * 3000,
    ],
)  # fmt: skip
def test_a_text_about_something_else_proposes_nothing(text):
    found = propose(text, SHEET)
    assert (found.groups, found.people) == ((), ())


def test_an_event_without_results_proposes_nothing():
    found = propose("Die #7 von Anna Adler gewann das Rennen in 1:35.416 Minuten.", NOTHING)
    assert (found.groups, found.sessions, found.doubts) == ((), (), ())
