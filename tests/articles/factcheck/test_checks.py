"""One test a check: what confirms, what contradicts, what stays open."""

import pytest

from articles.factcheck.checks import checks
from articles.factcheck.claim import ClaimType
from articles.factcheck.claims import read_claims
from articles.factcheck.run import check_text
from articles.factcheck.verdict import Evidence, Reading, decide
from tests.articles.factcheck.desk import SHEET, right, said


def test_every_type_of_claim_has_one_check():
    assert set(checks()) == set(ClaimType)


def test_a_lap_time_is_the_best_lap_of_the_session_spoken_of():
    true = "Im Qualifying fuhr Carla Condor in 1:35,416 Minuten die Bestzeit."
    assert said(true, "lap_time") == [("lap_time", "1:35,416 Minuten", "confirmed")]
    assert right(true.replace("416", "461"), "lap_time") == ["1:35,416"]


def test_a_gap_is_counted_from_whomever_the_words_name():
    assert said("Im Qualifying fehlten Fink 0,047 Sekunden auf Adler und Bussard.", "gap_time") == [
        ("gap_time", "0,047 Sekunden", "confirmed")
    ]
    assert right("Im Rennen siegte Bussard mit 14,212 Sekunden Vorsprung auf Condor.", "gap_time") == [
        "14,221 Sekunden"
    ]


def test_an_approximate_gap_has_a_width():
    assert said("Im Qualifying fehlten Bussard knapp zwei Zehntel.", "gap_time") == [
        ("gap_time", "zwei Zehntel", "uncheckable")
    ]
    assert said("Im Rennen hatte Condor gut 14 Sekunden Rückstand.", "gap_time") == [
        ("gap_time", "14 Sekunden", "confirmed")
    ]


def test_laps_behind_may_be_those_behind_the_class_winner():
    assert said("Im Rennen hatte Elster eine Runde Rückstand.", "gap_laps") == [("gap_laps", "eine Runde", "confirmed")]
    assert right("Im Rennen hatte Elster drei Runden Rückstand.", "gap_laps") == ["eine Runde"]


def test_a_place_counts_overall_or_in_class():
    assert said("Im Rennen wurde Ibis Zweite in der GT3.", "class_position") == [
        ("class_position", "Zweite", "confirmed")
    ]
    assert right("Im Rennen wurde Elster Vierter.", "position") == ["Rang 3"]


def test_the_printed_grid_counts_not_the_qualifying():
    assert said("Condor startete von Platz drei.", "grid_position") == [("grid_position", "Platz drei", "confirmed")]
    assert right("Gans ging von Startplatz vier ins Rennen.", "grid_position") == ["Startplatz 5"]


def test_points_and_their_gaps_are_those_of_the_table():
    assert said("In der Wertung führt Bussard mit 61,5 Punkten.", "points") == [("points", "61,5 Punkten", "confirmed")]
    assert right("In der Gesamtwertung hat Fink 84 Punkte.", "points") == ["48 Punkte"]
    assert right("In der Gesamtwertung hat Condor fünf Punkte Rückstand auf Fink.", "points_gap") == ["4 Punkte"]


def test_laps_are_those_of_the_car():
    assert right("Bussard gewann das Rennen nach 189 Runden.", "laps_completed") == ["198 Runden"]
    assert said("Kauz schied nach 102 Runden aus.", "laps_completed") == [("laps_completed", "102 Runden", "confirmed")]


def test_a_number_belongs_to_the_people_beside_it():
    assert right("Der Porsche #93 von Ida Ibis lag vorne.", "car_number") == ["#92"]
    assert said("Der Ferrari #51 (Gans/Habicht) lag vorne.", "car_number") == [("car_number", "#51", "confirmed")]


def test_a_crew_shares_one_car_and_brothers_are_told_apart():
    assert right("Der Porsche #92 (Ida Ibis/Anna Adler) lag vorne.", "crew") == ["Ida Ibis/Jan Adler"]
    assert said("Der Toyota #7 (Adler/Bussard) lag vorne.", "crew") == [("crew", "Adler/Bussard", "confirmed")]


@pytest.mark.parametrize(
    ("names", "crew"),
    [
        ("Adler/Fink", "Anna Adler/Bruno Bussard"),
        ("Fink/Adler", "Emil Elster/Fritz Fink"),
        ("Adler/Condor", "Anna Adler/Bruno Bussard"),
        ("Condor/Adler", "Carla Condor/Dirk Dohle"),
    ],
)
def test_names_of_two_cars_are_held_against_the_car_of_the_first(names, crew):
    assert right(f"{names} fuhren weiter.", "crew") == [crew]


def test_a_team_and_a_make_must_go_together():
    assert said("Im WRT-BMW saß Kauz.", "team_car")[0] == ("team_car", "WRT-BMW", "confirmed")
    assert right("Im Manthey-Ferrari saß Ibis.", "team_car") == ["Manthey EMA, Porsche 911 GT3 R"]


def test_a_day_is_that_of_the_session_named():
    assert said("Das Rennen am Sonntag war lang.", "date") == [("date", "Sonntag", "confirmed")]
    assert right("Das Rennen am 4. Mai war lang.", "date") == ["5.5.2024"]
    assert said("Weiter geht es vom 1. bis 3. November.", "date") == [("date", "1. bis 3. November", "confirmed")]


def test_an_hour_is_the_start_of_the_session_named():
    assert right("Das Rennen startet um 13 Uhr.", "session_time") == ["12:00 Uhr"]
    assert said("Das Rennen startet um 13 Uhr MESZ.", "session_time") == [("session_time", "13 Uhr", "uncheckable")]


def test_who_is_classified_did_not_retire():
    assert said("Im Rennen schied Kauz mit Defekt aus.", "status") == [
        ("status", "schied Kauz mit Defekt aus", "confirmed")
    ]
    assert right("Im Rennen fiel Condor mit Defekt aus.", "status") == ["gewertet, Rang 2"]


def test_starters_finishers_and_one_two_wins_are_counted():
    assert right("Von 38 gestarteten Autos war die Rede.", "count") == ["33"]
    assert said("29 Autos sahen die Zielflagge.", "count") == [("count", "29 Autos", "confirmed")]
    assert right("Im Rennen feierte Toyota einen Dreifachsieg.", "count") == ["2 Autos"]


def test_a_title_is_open_before_the_final_table():
    assert said("Im Titelkampf ist der Titel noch nicht entschieden.", "title") == [
        ("title", "noch nicht entschieden", "confirmed")
    ]
    assert said("Adler und Bussard sind Meister.", "title") == [
        ("title", "Adler und Bussard sind Meister", "uncheckable")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "„Wir wurden im Rennen Neunte und hatten 99,999 Sekunden Rückstand“, sagte Condor.",
        "Im Rennen würde Condor Rang neun reichen.",
        "Condor war im Vorjahr im Rennen Neunte geworden.",
        "Im Rennen lag Condor zwischenzeitlich auf Rang neun.",
    ],
)
def test_speech_possibilities_the_past_and_the_course_of_a_race_are_never_contradicted(text):
    assert [verdict for *_claim, verdict in said(text) if verdict == "contradicted"] == []


def test_of_two_readings_the_right_value_is_the_one_that_the_words_look_like():
    claim = read_claims("Im Rennen siegte Bussard mit 14,212 Sekunden Vorsprung auf Condor.", SHEET)[0]
    readings = [
        Reading(36732, Evidence("Qualifying", "#1", "Abstand", "36,732 Sekunden"), agrees=False),
        Reading(14221, Evidence("Rennen", "#1", "Abstand", "14,221 Sekunden"), agrees=False),
    ]
    for order in (readings, readings[::-1]):
        assert decide(claim, order, [], is_sure=True, said="14,212 Sekunden", is_exact=True).right == "14,221 Sekunden"


@pytest.mark.parametrize(
    "text", ["Condor holte am 5. Mai in 1:35,416 Minuten die Pole.", "Das Qualifying fand am 5. Mai statt."]
)
def test_a_day_is_printed_alike_whatever_denies_it(text):
    found = [one.verdict for one in check_text(text, SHEET) if one.claim.type == "date"]
    assert [(one.evidence.value, one.right) for one in found] == [("4.5.2024", "4.5.2024")]
