"""Texts and sheets of any kind: no exception, no stall, no invented claim."""

import copy

import pytest

from articles.factcheck.proposal import propose
from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet, SheetError
from tests.articles.factcheck.desk import DATA, SHEET

OTHER_SPORT = (
    "Der FC Kickers gewann am Sonntag mit 3:1 gegen den SV Blau-Weiß. Der Siegtreffer fiel in der 87. Minute, der Stürmer "
    "traf zum zweiten Mal. In der Tabelle liegt die Elf mit 34 Punkten auf Rang vier, drei Punkte hinter dem Zweiten."
)
MIXED = (
    "Der Toyota #7 (Adler/Bussard) gewann. The Alpine finished third. Le deuxième était Condor. 丰田 a gagné. "
    "Победил Адлер на 7 секунд."
)


@pytest.mark.parametrize(
    "bomb",
    ["<", "a.", "&;", "1:", " ", "#", "„", "1,2 ", "A/", "und ", "Sek. ", "zwei ", "Platz ", "(", "schied ", "ß"],
)
def test_a_long_text_of_one_sign_is_read_without_a_claim_against_anybody(bomb):
    findings = check_text(bomb * (100_000 // len(bomb)), SHEET)
    assert [finding for finding in findings if finding.verdict.judgement == "contradicted"] == []


@pytest.mark.parametrize(
    "text", ["", "\n", "\0", "\ud800", "\u200b", "🏁" * 1000, "1" * 5000, "<p>" * 5000 + "</p>" * 5000]
)
def test_nothing_and_nonsense_make_no_claim(text):
    assert check_text(text, SHEET) == []


def test_another_sport_is_not_contradicted():
    assert [
        finding.claim.text for finding in check_text(OTHER_SPORT, SHEET) if finding.verdict.judgement == "contradicted"
    ] == []


def test_an_event_without_results_judges_nothing():
    empty = FactSheet.from_records(
        {"sessions": [{"id": "R", "name": "Rennen", "kind": "race", "date": "2024-05-05", "classification": []}]}
    )
    findings = check_text("Condor gewann das Rennen mit 14,221 Sekunden Vorsprung auf Adler und wurde Erste.", empty)
    assert {str(finding.verdict.judgement) for finding in findings} <= {"uncheckable"}


def test_mixed_languages_are_read_as_far_as_they_are_understood():
    found = {(finding.claim.text, str(finding.verdict.judgement)) for finding in check_text(MIXED, SHEET)}
    assert {("#7", "confirmed"), ("Adler/Bussard", "confirmed"), ("third", "confirmed")} <= found


@pytest.mark.parametrize(
    "data", [None, [], "x", 7, {}, {"data": {"sessions": []}}, {"sessions": "x"}, {"standings": {}}]
)
def test_what_is_no_sheet_is_refused_in_german(data):
    with pytest.raises(SheetError, match=r"^(Die Daten|„)"):
        FactSheet.from_records(data)


def test_a_sheet_of_odd_values_is_read_all_the_same():
    row = {
        "pos": True,
        "number": 7,
        "drivers": [None, {"last": ["x"]}],
        "time": "abc",
        "gap": "-",
        "laps": "x",
        "best_lap": "1:99.999",
    }
    sheet = FactSheet.from_records(
        {
            "sessions": [{"id": None, "date": "2024-13-45", "classification": [row, "x"]}],
            "standings": [{"rows": [{"points": "NaN"}]}],
        }
    )
    assert list(sheet.cars) == ["7"]
    assert check_text("Die #7 gewann am Samstag das Rennen mit 25 Punkten.", sheet)


def _rows_with(**values):
    data = copy.deepcopy(DATA)
    for session in data["sessions"]:
        for row in session["classification"]:
            row.update({key: make(row[key]) for key, make in values.items() if row.get(key) is not None})
    return FactSheet.from_records(data)


@pytest.mark.parametrize("make", [str, float, lambda number: f" {number} "])
def test_numbers_written_as_words_or_with_a_point_are_the_same_numbers(make):
    assert [session.rows for session in _rows_with(pos=make, laps=make, pos_in_class=make).sessions] == [
        session.rows for session in SHEET.sessions
    ]


@pytest.mark.parametrize(
    "make", [lambda _: -5, lambda _: True, lambda _: float("nan"), lambda _: 1e300, lambda _: "-5", lambda _: "9" * 5000, lambda _: [5]]
)  # fmt: skip
def test_what_is_no_number_of_laps_contradicts_nobody(make):
    sheet = _rows_with(pos=make, laps=make, pos_in_class=make)
    text = "Im Rennen wurde Condor Zweite nach 198 Runden. Elster wurde Dritter, 197 Runden. Gans fuhr 181 Runden in der GT3."
    assert [one.claim.text for one in check_text(text, sheet) if one.verdict.judgement == "contradicted"] == []


def test_names_made_of_signs_and_numbers_of_thousands_of_figures_break_nothing():
    data = copy.deepcopy(DATA)
    for session in data["sessions"]:
        session["name"] = f"Rennen {'9' * 5000}"
        for row in session["classification"]:
            row |= {"class": "!?", "number": "9" * 5000, "team": "…"}
    sheet = FactSheet.from_records(data)
    text = (
        "Im Rennen siegte Bussard in der Klasse !? vor Condor. Im zweiten Rennen war Elster Dritter, in Rennen 2 Gans."
    )
    assert check_text(text, sheet)
    propose(text, sheet)


def test_claims_grow_with_the_text_and_no_faster():
    text = "Der Toyota #7 (Adler/Bussard) siegte im Rennen nach 198 Runden mit 14,221 Sekunden Vorsprung auf Condor.\n"
    few, many = len(check_text(text * 10, SHEET)), len(check_text(text * 100, SHEET))
    assert many == 10 * few


def test_the_sheet_does_not_change_while_it_is_used():
    assert FactSheet.from_records(DATA).cars == SHEET.cars


def test_a_megabyte_of_a_report_is_read_in_one_go():
    text = (
        "Im Rennen siegte Bussard (Toyota) vor Quarlo, Condor wurde mit 14,221 Sekunden Rückstand Zweite. " * 11_000
    )[:1_000_000]
    found = check_text(text, SHEET)
    assert len(found) > 10_000
    assert {str(finding.verdict.judgement) for finding in found} <= {"confirmed", "uncheckable"}


@pytest.mark.parametrize("sheet", [SHEET, FactSheet.from_records({"sessions": []})])
def test_a_football_report_full_of_numbers_alarms_nobody(sheet):
    text = (
        "Mit 2:0 (1:0) siegte der FC am Samstag um 15.30 Uhr vor 37 500 Fans gegen den VfB und ist nun Fünfter. Adler traf in der 12. "
        "Minute, Condor in der 87. Minute. Elster, in der Vorsaison noch Dritter, schied nach 20 Minuten verletzt aus. Mit 44 Punkten "
        "liegt der FC vier Punkte hinter dem Zweiten. Am 12. Mai geht es um 18 Uhr weiter."
    )
    assert [one.claim.text for one in check_text(text, sheet) if one.verdict.judgement == "contradicted"] == []
