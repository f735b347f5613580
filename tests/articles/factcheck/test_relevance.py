"""A text about something else beside a sheet of a race: nothing in it is confirmed or contradicted."""

import json

import pytest

from articles.factcheck.proposal import propose
from articles.factcheck.relevance import speaks_of
from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.scoring import CASES
from tests.articles.factcheck.desk import DATA, SHEET

ELSEWHERE = [line for line in (CASES / "elsewhere.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
REPORTS = sorted(CASES.rglob("*.json"))
RECORDS = {path.stem: json.loads(path.read_text("utf-8")) for path in REPORTS}
SHEETS = {name: FactSheet.from_records(case["data"]) for name, case in RECORDS.items()}


@pytest.mark.parametrize("text", ELSEWHERE, ids=lambda text: text[:30])
def test_a_report_about_something_else_makes_no_claim_beside_any_sheet(text):
    judged = {name: [one.claim.text for one in check_text(text, sheet)] for name, sheet in SHEETS.items()}
    foreign = [name for name, claims in judged.items() if not claims]
    assert check_text(text, SHEET) == []
    assert len(foreign) >= 0.9 * len(SHEETS), judged  # a winner of that name or two may drive somewhere


@pytest.mark.parametrize("text", ELSEWHERE, ids=lambda text: text[:30])
def test_a_report_about_something_else_proposes_no_cars(text):
    proposed = [name for name, sheet in SHEETS.items() if propose(text, sheet).numbers]
    assert propose(text, SHEET).numbers == ()
    assert len(proposed) <= 0.1 * len(SHEETS), proposed


@pytest.mark.parametrize("name", SHEETS)
def test_every_race_report_speaks_of_its_own_event(name):
    assert speaks_of(RECORDS[name]["body"], SHEETS[name])


def test_half_a_race_report_speaks_of_its_event_too():
    lost = []
    for name, case in RECORDS.items():
        lines = [line for line in case["body"].split("\n") if line.strip()]
        halves = "\n".join(lines[: len(lines) // 2]), "\n".join(lines[len(lines) // 2 :])
        lost += [(name, half[:60]) for half in halves if not speaks_of(half, SHEETS[name])]
    assert lost == []


def test_an_accident_in_a_thunderstorm_makes_no_other_field_of_a_race_report():
    accident = (
        "Ein Gewitter mit starken Böen überflutete die Strecke. Nach einem schweren Unfall kam der Fahrer ins Krankenhaus, wo "
        "Ärzte eine Prellung feststellten; die Feuerwehr löschte den Wagen, die Polizei sperrte die Zufahrt."
    )
    lost = []
    for name, case in RECORDS.items():
        lines = [line for line in case["body"].split("\n") if line.strip()]
        lost += [name] if not speaks_of("\n".join([*lines[:2], accident]), SHEETS[name]) else []
    assert len(lost) <= 1, lost  # two lines that announce a broadcast name nobody


def _before_it_is_run(data):
    """The event with its programme alone: no entry list, no result."""
    programme = [{**session, "classification": []} for session in data["sessions"]]
    return FactSheet.from_records({**data, "sessions": programme, "entries": [], "standings": []})


def test_before_there_is_a_result_nobody_has_to_be_named():
    refused = [name for name, case in RECORDS.items() if not speaks_of(case["body"], _before_it_is_run(case["data"]))]
    assert len(refused) <= 0.1 * len(RECORDS), refused


def test_a_text_about_something_else_is_foreign_to_an_event_without_a_result_too():
    sheets = [_before_it_is_run(case["data"]) for case in RECORDS.values()]
    passed = [(text[:30], sheet.event) for text in ELSEWHERE for sheet in sheets if speaks_of(text, sheet)]
    assert len(passed) <= 0.02 * len(ELSEWHERE) * len(sheets), passed


def test_days_and_hours_of_a_preview_are_held_against_the_programme():
    text = (
        "Zum Auftakt der neuen GT-Saison reisen die Hypercars an diesem Wochenende an den Ring, und noch weiß niemand, wer nach "
        "dem langen Winter am schnellsten ist. Das Qualifying der Sechs Stunden beginnt am Samstag um 16 Uhr, das Rennen am "
        "Sonntag um 12 Uhr. Die Mannschaften erwarten kühles Wetter, die Reifen werden deshalb wohl mehr als einen Stint halten."
    )
    found = {one.claim.text: str(one.verdict.judgement) for one in check_text(text, _before_it_is_run(DATA))}
    assert found["16 Uhr"] == "contradicted"
    assert found["Sonntag"] == "confirmed"


def test_hardly_any_race_report_speaks_of_the_event_of_another():
    sheets = [
        "01-wec-6-stunden-von-monza",
        "102-wrc-monte",
        "106-motogp-sachsenring",
        "403-nls-65-adac-barbarossapreis",
    ]
    pairs = [(name, sheet) for name in RECORDS for sheet in sheets if sheet != name]
    mixed = [(name, sheet) for name, sheet in pairs if speaks_of(RECORDS[name]["body"], SHEETS[sheet])]
    assert len(mixed) <= 0.08 * len(pairs), mixed


@pytest.mark.parametrize(
    "text",
    [
        "Am Sonntag um 12 Uhr beginnt das Rennen.",
        "Condor wurde Zweite.",
        "Der Toyota #7 gewann vor 30.000 Zuschauern, danach kochte das Team Nudeln mit Butter.",
    ],
)  # fmt: skip
def test_a_few_words_are_given_the_doubt(text):
    assert speaks_of(text, SHEET)


@pytest.mark.parametrize(
    "text",
    [
        "Der FC Bayern gewann am Sonntag um 12 Uhr mit 3:1 und ist Zweiter.",
        "Für vier Personen: 500 Gramm Mehl, 3 Eier, am Sonntag um 12 Uhr backen.",
        "Adler verwandelte am Sonntag einen Elfmeter, der Torwart war Zweiter, der Trainer lobte ihn.",
    ],
)
def test_a_few_words_of_another_field_make_no_claim(text):
    assert check_text(text, SHEET) == []


def test_without_any_facts_no_longer_text_speaks_of_them():
    assert not speaks_of(RECORDS["101-dtm-assen"]["body"], FactSheet.from_records({"sessions": []}))


def test_names_of_drivers_make_no_race_report_of_a_match():
    text = (
        "Adler und Bussard trafen im Halbfinale doppelt, Condor hielt zwei Elfmeter, der Trainer lobte seine Spieler. "
        "Nach 87 Minuten sah Elster die zweite gelbe Karte; mit 44 Punkten liegt die Mannschaft auf Platz zwei der Bundesliga."
    )
    assert not speaks_of(text, SHEET)
