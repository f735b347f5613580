"""Where the engine doubts: each pair says something wrong of somebody, once plainly and once so that another may be meant."""

import json

import pytest

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.disturbed import DisturbedScore, disturb_case
from bench.factcheck.scoring import CASES, load
from tests.articles.factcheck.desk import DATA, SHEET, said


def is_contradicted(text, sheet=SHEET):
    return any(finding.verdict.judgement == "contradicted" for finding in check_text(text, sheet))


@pytest.mark.parametrize(
    ("plain", "doubtful"),
    [
        ("Im Rennen wurde Condor Fünfte.", "Im Rennen führte Condor, Quarlo wurde Fünfter."),
        ("Im Rennen wurde Condor Fünfte.", "Im Rennen verwies Condor den Lokalmatador auf Platz fünf."),
        ("Im Rennen wurde Condor Fünfte.", "Im Rennen fuhren Quarlo und Condor auf Platz fünf."),
        ("In the race Condor finished fifth.", "In the race Condor held on while local favourite Quarlo finished fifth."),
        ("In the race Condor finished fifth.", "In the race Condor was hit, which left her second and promoted Bussard."),
        ("In the race Condor finished fifth.", "In the race Condor was fifth on the road."),
        ("Im Rennen schied Condor aus.", "Im Rennen siegte Bussard, für Quarlo war im Rennen nach 20 Runden Schluss."),
        ("Bussard gewann das Rennen nach 189 Runden.", "Bussard gewann. Quarlo schied im Rennen nach 189 Runden aus."),
        ("Im Rennen wurde der Ferrari Sechster.", "Im Rennen wurde der andere Ferrari Sechster."),
        ("Im Rennen wurde der Alpine Vierter.", "Im Rennen wurde der Quarlo-Alpine Vierter."),
        (
            "Im Rennen siegte Bussard mit 14,212 Sekunden Vorsprung auf Condor.",
            "Im Rennen siegte Bussard mit 14,212 Sekunden Vorsprung auf Emil Quarlo.",
        ),
        (
            "Im Rennen hatte Condor 14,212 Sekunden Rückstand.",
            "Im Rennen hatte Condor 0,412 Sekunden Rückstand.",
        ),
        ("In der Fahrerwertung hat Fink 84 Punkte.", "In der Fahrerwertung führt Bussard vor Quarlo (84)."),
        ("Von 38 gestarteten Autos war die Rede.", "Von 29 gestarteten Autos war die Rede."),
        ("Im Qualifying wurde Condor Fünfte.", "Im Warm-up wurde Condor Fünfte."),
        ("Im Qualifying wurde Condor Fünfte.", "Im Sprint wurde Condor Fünfte."),
        ("Das Qualifying war schnell. Condor wurde Fünfte.", "Das Warm-up war schnell. Condor wurde Fünfte."),
        ("Am Samstag wurde Condor im Qualifying Fünfte.", "Am Mittwoch wurde Condor Fünfte."),
        ("Im Rennen wurde Condor Fünfte.", "Im Rennen jubelte Condor, als wäre Condor Fünfte."),
        ("Condor gewann das Rennen.", "Eine Strafe kostete Condor im Rennen den Sieg."),
        ("Condor gewann das Rennen.", "Condor verliert im Rennen den Sieg."),
    ],
)  # fmt: skip
def test_what_may_be_said_of_somebody_else_is_not_contradicted(plain, doubtful):
    assert is_contradicted(plain), plain
    assert not is_contradicted(doubtful), doubtful


def without(kind):
    return FactSheet.from_records(
        DATA | {"sessions": [session for session in DATA["sessions"] if session["kind"] != kind]}
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("race", "Im Rennen wurde Condor Fünfte."),
        ("race", "Im Rennen ging es eng zu. Condor wurde Fünfte."),
        ("race", "Condor kam als Fünfte ins Ziel."),
        ("qualifying", "Im Qualifying wurde Condor Fünfte."),
        ("qualifying", "Im Qualifying fuhr Condor in 1:39,200 Minuten."),
    ],
)
def test_a_session_that_is_not_stored_judges_nobody(kind, text):
    assert is_contradicted(text)
    assert not is_contradicted(text, without(kind))


def test_on_the_nordschleife_the_training_is_the_qualifying():
    assert said("Im Training wurde Condor Erste.", "position") == [("position", "Erste", "confirmed")]
    assert is_contradicted("Im Training wurde Condor Fünfte.")
    assert not is_contradicted("Im Freien Training wurde Condor Fünfte.")


def test_an_excerpt_without_the_leader_keeps_the_printed_gaps():
    rows = [dict(row) for row in DATA["sessions"][2]["classification"][1:3]]
    sheet = FactSheet.from_records({"sessions": [DATA["sessions"][2] | {"classification": rows}]})
    assert [row.behind_ms for row in sheet.sessions[0].rows] == [14_221, None]


def test_a_checkpoint_is_no_race_of_its_own():
    stand = DATA["sessions"][2] | {"id": "H3", "name": "Nach 3 Stunden"}
    stand["classification"] = [
        row | {"laps": row["laps"] // 2, "pos": 6 - (row["pos"] or 6)} for row in stand["classification"]
    ]
    sheet = FactSheet.from_records(DATA | {"sessions": [*DATA["sessions"], stand]})
    assert list(sheet.checkpoints) == [3]
    found = check_text("Nach drei Stunden lag Condor auf Rang vier. Im Ziel des Rennens war Condor Zweite.", sheet)
    places = {finding.claim.text: finding.verdict for finding in found if finding.claim.type == "position"}
    assert {place: str(verdict.judgement) for place, verdict in places.items()} == {
        "Rang vier": "confirmed", "Zweite": "confirmed"
    }  # fmt: skip
    assert [verdict.evidence.source for verdict in places.values()] == ["Nach 3 Stunden", "Rennen"]


def test_disturbed_cases_raise_few_alarms():
    score = DisturbedScore()
    for case in load(CASES / "gold"):
        disturb_case(json.loads(json.dumps(case)), score)
    assert score.claims["person"] > 1000
    assert score.alarms["person"] <= 0.002 * score.claims["person"], score.told
    assert score.alarms["car"] <= 0.01 * score.claims["car"], score.told
    assert score.alarms["cue"] == 0, score.told


NEVER = [line for line in (CASES / "never.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("before", ["", "Im Rennen ging es um viel. "])
@pytest.mark.parametrize("sentence", NEVER)
def test_other_events_moments_and_wishes_are_never_contradicted(sentence, before):
    assert not is_contradicted(before + sentence)


def test_a_race_of_some_hours_on_the_next_day_is_no_state_of_the_one_before():
    race = DATA["sessions"][2]
    shorter = [row | {"laps": row["laps"] // 2} for row in race["classification"]]
    after = race | {"id": "R2", "date": race["date"].replace("-05T", "-06T"), "classification": shorter}
    own = FactSheet.from_records(DATA | {"sessions": [*DATA["sessions"], after | {"name": "4 Stunden, Lauf 2"}]})
    state = FactSheet.from_records(DATA | {"sessions": [*DATA["sessions"], after | {"name": "Stand nach 4 Stunden"}]})
    assert (list(own.checkpoints), list(state.checkpoints)) == ([], [4])
