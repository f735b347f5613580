"""What a fresh reader tried on decisions, drafts and the sheet: nothing is told early, worked in twice or frozen for ever."""

import pytest
from django.utils import timezone

from results.amending import apply_decisions, current_version, enter_rows
from results.chain_lines import rows_of_version
from results.deletions import Clue
from results.models import Decision
from results.proposal import propose, what_if
from results.refusal import ReleaseRefused
from results.release import annul, discard_draft
from results.rulings import Ruling
from results.stewards_desk import record, stands
from results.surroundings import surroundings_of
from tests import factories as make
from tests.results.stewards_made import HOUR, car_of, commit, decide, person, places, result

pytestmark = pytest.mark.django_db


@pytest.fixture
def race():
    return result(("7", HOUR), ("8", 2_000), ("9", 9_000))


def typed_over(session, **cells):
    """Lines as the sheet sends them: those that stand, with other cells of car 7."""
    rows = rows_of_version(current_version(session))
    for row in rows:
        if row.session_entry_id == car_of(session, "7").pk:
            for name, value in cells.items():
                setattr(row, name, value)
    return rows


def test_a_penalty_that_fell_and_was_taken_out_by_hand_is_not_taken_out_a_second_time(race):
    decision = decide(race, "7", "time", 5_000)
    commit(race)
    Decision.objects.filter(pk=decision.pk).update(appeal="won")
    held = typed_over(race, total_ms=HOUR, penalty_ms=0, laps=31)

    enter_rows(race, rows=held, by=person(), reason="Berufung", state="revised", expected=2, release=True)

    assert propose(race).is_empty
    assert list(current_version(race).applied.all()) == []


def test_laps_of_a_decision_that_nobody_may_know_of_still_count_for_readers(race):
    decision = Decision(
        session=race, session_entry=car_of(race, "7"), kind="lap_deleted", text="Kurve 4", public_from=None
    )
    said = record(decision, by=person(), laps=[Clue(lap=6)])

    cars = [row.session_entry_id for row in rows_of_version(current_version(race))]
    assert surroundings_of(race, named=cars).struck == []
    assert any("bis die Entscheidung öffentlich ist" in one for one in said)

    decision.public_from = timezone.now()
    record(decision, by=person())
    [struck] = surroundings_of(race, named=cars).struck
    assert (struck.lap, struck.text) == (6, "Kurve 4")


def test_a_lap_that_race_control_deleted_keeps_its_own_words_while_the_decision_is_hidden(race):
    make.LapDeletionFactory(
        session_entry=car_of(race, "7"), session=race, lap=6, source="message", text="TRACK LIMITS T4"
    )
    decision = Decision(
        session=race, session_entry=car_of(race, "7"), kind="lap_deleted", text="geheim", public_from=None
    )
    record(decision, by=person(), laps=[Clue(lap=6)])

    cars = [row.session_entry_id for row in rows_of_version(current_version(race))]
    assert [one.text for one in surroundings_of(race, named=cars).struck] == ["TRACK LIMITS T4"]


def test_a_draft_that_was_laid_aside_freezes_no_decision(race):
    decision = decide(race, "7", "time", 50_000)
    draft = commit(race, release=False)
    assert stands(decision)

    discard_draft(draft, by=person())
    decision.amount = 5_000
    decision.save()

    assert not stands(decision)
    assert commit(race).rows.get(session_entry=car_of(race, "7")).penalty_ms == 5_000


def test_the_paper_of_a_hidden_decision_is_not_named_as_the_source(race):
    paper = make.SourceDocumentFactory(name="Entscheidung-geheim.pdf")
    decide(race, "7", "time", 5_000, document=paper, public_from=None)

    assert commit(race, reason="Entscheidung der Sportkommissare").document != paper


def test_an_annulled_result_takes_no_decision(race):
    annul(race, by=person(), reason="x")
    decide(race, "7", "time", 5_000)

    with pytest.raises(ReleaseRefused, match="annulliert"):
        apply_decisions(race, by=person())


def test_what_if_a_car_that_a_decision_struck_were_reinstated(race):
    decide(race, "7", "disqualified")
    commit(race)
    assert places(race) == {"8": 1, "9": 2}

    shown = what_if(race, rulings=[Ruling("w", "reinstated", car_of(race, "7").pk)])

    assert [(row.session_entry.entry.number, row.position) for row in shown.rows] == [("7", 1), ("8", 2), ("9", 3)]


def test_a_car_that_is_struck_again_after_its_reinstatement_is_out(race):
    decide(race, "7", "disqualified")
    commit(race)
    decide(race, "7", "reinstated", decided_at=timezone.now())
    commit(race)
    assert places(race)["7"] == 1

    decide(race, "7", "disqualified", decided_at=timezone.now())
    commit(race)

    assert places(race) == {"8": 1, "9": 2}
