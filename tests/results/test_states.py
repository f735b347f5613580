"""Which state of a result may follow which: pure, and through the verbs of the desk."""

import pytest

from results.amending import apply_decisions, enter_rows
from results.chain_lines import rows_of_version
from results.models import Classification, ClassificationRow
from results.release import ReleaseRefused, annul, go_back, release_draft, restate
from results.states import STATES, is_older, may_follow, states_after
from tests.factories import ClassificationFactory, DecisionFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory()


def result(state="final", **values):
    rows = [
        {"position": place, "laps": 50, "total_ms": 3_600_000 + 1_000 * place, "gap_ms": 1_000 * (place - 1) or None}
        for place in (1, 2)
    ]
    return ClassificationFactory(state=state, rows=rows, **values)


def current(session):
    return Classification.objects.get(session=session, is_current=True)


@pytest.mark.parametrize("before", ["final", "amended"])
def test_after_final_a_result_is_amended_or_annulled(before):
    assert states_after(before) == ("amended", "annulled")


def test_after_annulled_anything_but_annulled_may_come():
    assert states_after("annulled") == STATES[:-1]


@pytest.mark.parametrize("before", [None, "provisional", "revised"])
def test_an_open_result_may_become_anything(before):
    assert all(may_follow(before, after) for after in STATES)


def test_a_file_is_older_that_says_less_than_what_stands():
    assert is_older("final", "provisional")
    assert is_older("revised", "provisional")
    assert is_older("annulled", "final")
    assert not is_older("final", "amended")
    assert not is_older("provisional", "final")


def test_a_result_is_annulled_with_its_lines_and_a_reason(by):
    first = result()

    version = annul(first.session, by=by, reason="Rennen abgebrochen")

    assert (version.state, version.version, version.reason, version.created_by) == (
        "annulled", 2, "Rennen abgebrochen", by,
    )  # fmt: skip
    assert version.rows.count() == 2
    first.refresh_from_db()
    assert first.public_until == version.public_from
    assert list(Classification.objects.public()) == [version]


def test_annulling_needs_a_result_a_reason_and_one_that_counts(by):
    with pytest.raises(ReleaseRefused, match="kein freigegebenes Ergebnis"):
        annul(SessionFactory(), by=by, reason="x")
    first = result()
    with pytest.raises(ReleaseRefused, match="Grund ist nötig"):
        annul(first.session, by=by, reason="  ")
    annul(first.session, by=by, reason="x")
    with pytest.raises(ReleaseRefused, match="hat diesen Stand schon"):
        annul(first.session, by=by, reason="x")
    with pytest.raises(ReleaseRefused, match="hat sich geändert"):
        restate(first.session, by=by, reason="x", state="final", expected=1)


def test_an_annulled_result_counts_again_as_what_it_was(by):
    first = result()
    annul(first.session, by=by, reason="x")

    again = go_back(first, by=by, reason="Berufung erfolgreich")

    assert (again.version, again.state, again.rows.count()) == (3, "final", 2)


def test_a_result_is_declared_final_with_the_same_lines(by):
    first = result("provisional")

    version = restate(first.session, by=by, reason="Einspruchsfrist abgelaufen", state="final")

    assert (version.version, version.state, version.rows.count()) == (2, "final", 2)
    with pytest.raises(ReleaseRefused, match=r"Nach „.*“ kann ein Ergebnis nicht „.*“ sein"):
        restate(first.session, by=by, reason="x", state="provisional")


def test_going_back_behind_a_final_result_is_an_amendment(by):
    first = result("provisional")
    restate(first.session, by=by, reason="x", state="final")

    assert go_back(first, by=by, reason="x").state == "amended"


def test_a_draft_is_released_in_the_state_that_is_asked_for(by):
    first = result()
    draft = result("final", session=first.session, version=2, hidden=True)
    with pytest.raises(ReleaseRefused, match="kann ein Ergebnis nicht"):
        release_draft(draft, by=by, reason="x", state="final")

    release_draft(draft, by=by, reason="x")

    assert current(first.session).state == "amended"


def test_typed_lines_and_decisions_keep_the_rule(by):
    first = result()
    decision = DecisionFactory(session=first.session, session_entry=first.rows.first().session_entry)
    with pytest.raises(ReleaseRefused, match="kann ein Ergebnis nicht"):
        apply_decisions(first.session, by=by, state="provisional")
    rows = [ClassificationRow(session_entry=row.session_entry, status="classified", position=row.position)
            for row in rows_of_version(first)]  # fmt: skip
    with pytest.raises(ReleaseRefused, match="kann ein Ergebnis nicht"):
        enter_rows(first.session, rows=rows, by=by, reason="x", state="final", expected=1, release=True)
    assert apply_decisions(first.session, decisions=[decision], by=by).state == "amended"


def computed_draft(by):
    """A draft that holds a decision worked into the current lines, as the stewards' desk makes it."""
    first = result("provisional")
    decision = DecisionFactory(session=first.session, session_entry=first.rows.first().session_entry, number="27")
    return apply_decisions(first.session, by=by, release=False), decision


def test_a_draft_from_a_decision_that_fell_is_refused(by):
    draft, decision = computed_draft(by)
    decision.appeal = "won"
    decision.save()

    with pytest.raises(ReleaseRefused, match="haben sich geändert"):
        release_draft(draft, by=by, reason="x")

    assert current(draft.session).version == 1


def test_a_draft_from_lines_that_were_replaced_is_refused(by):
    draft, _decision = computed_draft(by)
    other = result("provisional", session=draft.session, version=3, hidden=True)
    Classification.objects.filter(pk=draft.pk).update(version=4)
    release_draft(other, by=by, reason="x")

    with pytest.raises(ReleaseRefused, match=r"haben sich geändert|steht nicht in diesem Ergebnis"):
        release_draft(Classification.objects.get(pk=draft.pk), by=by, reason="x")


def test_a_draft_from_decisions_that_stand_goes_out(by):
    draft, _decision = computed_draft(by)

    assert release_draft(draft, by=by, reason="x").is_current


def test_the_reason_made_of_a_decision_of_the_desk_does_not_name_it(by):
    first = result("provisional")
    car = first.rows.first().session_entry
    DecisionFactory(session=first.session, session_entry=car, number="GEHEIM", public_from=None)

    assert apply_decisions(first.session, by=by).reason == "Entscheidung der Sportkommissare"


def test_going_back_knows_which_version_a_person_had_before_him(by):
    first = result("provisional")
    restate(first.session, by=by, reason="x", state="revised")
    restate(first.session, by=by, reason="x", state="final")

    with pytest.raises(ReleaseRefused, match="hat sich geändert"):
        go_back(first, by=by, reason="x", expected=2)

    assert go_back(first, by=by, reason="x", expected=3).version == 4


def test_who_typed_a_draft_stays_known_beside_who_released_it(by):
    author = UserFactory()
    draft = ClassificationFactory(hidden=True, created_by=author, rows=[{"position": 1}])

    released = release_draft(draft, by=by, reason="")

    released.refresh_from_db()
    assert (released.created_by, released.released_by) == (author, by)


def test_who_releases_at_once_made_and_released_it(by):
    session = result().session

    made = restate(session, by=by, reason="Berichtigt", state="amended")

    assert (made.created_by, made.released_by) == (by, by)
