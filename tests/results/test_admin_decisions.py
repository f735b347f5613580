"""Decisions of the stewards at the desk: entered as people say them, looked at, applied, kept as a draft."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from results import previews
from results.amending import apply_decisions, current_version
from results.models import AppliedDecision, Classification, Decision, LapDeletion, Session, SourceDocument
from results.proposal import propose
from tests import factories as make
from tests.articles.desk_forms import filled, save, text_of
from tests.results.stewards_made import HOUR, car_of, chain, commit, decide, places, result
from tests.site.test_two_at_one_form import again

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n% Entscheidung 27"


@pytest.fixture
def desk(client):
    client.force_login(make.UserFactory(username="ergebnisse", role="results"))
    return client


@pytest.fixture
def race():
    return result(("7", HOUR), ("8", 2_000), ("9", 9_000))


def enter(desk, session, pk=None, **fields):
    """Sends the form; gives its errors, none where it was stored."""
    sent = {"session": session.pk, "car": "7", "kind": "time", "number": "27", "appeal": "", "public_from_0": "2021-01-01",
            "public_from_1": "00:00", **fields}  # fmt: skip
    address = reverse("admin:results_decision_change", args=[pk]) if pk else reverse("admin:results_decision_add")
    answer = desk.post(address, sent)
    return {} if answer.status_code == 302 else answer.context["adminform"].form.errors


def page(session, name="decisions", **query):
    return reverse(f"admin:results_session_{name}", args=[session.pk], query=query)


# the form


@pytest.mark.parametrize(
    ("kind", "said", "amount"),
    [("time", "5 s", 5_000), ("time", "1:00", 60_000), ("laps", "2 Runden", 2), ("places", "3 Plätze", 3),
     ("disqualified", "", None)],
)  # fmt: skip
def test_a_decision_is_entered_as_people_say_it(desk, race, kind, said, amount):
    assert enter(desk, race, kind=kind, said_amount=said) == {}

    decision = Decision.objects.get()
    assert (decision.kind, decision.amount, decision.session_entry) == (kind, amount, car_of(race, "7"))
    assert decision.entered_by.username == "ergebnisse"


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"said_amount": "2 Runden"}, "said_amount", "„2 Runden“ ist keine Zeit"),
        ({"said_amount": ""}, "said_amount", "Hier fehlt der Umfang"),
        ({"said_amount": "5 s", "car": "99"}, "car", "Kein Auto dieser Session hat die Nummer 99"),
        ({"said_amount": "5 s", "car": ""}, "car", "Welches Fahrzeug?"),
        ({"said_amount": "5 s", "leaves_vacant": "on"}, "leaves_vacant", "lässt seinen Platz frei"),
        ({"said_amount": "5 s", "said_laps": "6"}, "said_laps", "Nur eine gestrichene Runde"),
        ({"said_amount": "5 s", "said_best": "1:46,250"}, "said_best", "Nur eine gestrichene Runde"),
        ({"kind": "lap_deleted", "said_laps": "sechs"}, "said_laps", "„sechs“ ist keine Runde"),
        ({"kind": "lap_deleted", "said_best": "morgen"}, "said_best", "„morgen“ ist keine Zeit"),
        ({"said_amount": "5 s", "checkpoint": "6h"}, "checkpoint", "Dort wird diese Session nicht gewertet"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_in_german(desk, race, fields, field, said):
    assert said in str(enter(desk, race, **fields)[field])
    assert not Decision.objects.exists()


def test_the_same_decision_twice_is_refused_in_words(desk, race):
    assert enter(desk, race, said_amount="5 s") == {}

    assert "schon eingetragen" in str(enter(desk, race, said_amount="5 s"))


def test_a_reinstatement_names_a_decision_about_the_same_car(desk, race):
    own, other = decide(race, "7", "disqualified"), decide(race, "8", "disqualified")

    assert "anderes Fahrzeug" in str(enter(desk, race, kind="reinstated", overturns=other.pk)["overturns"])
    assert enter(desk, race, kind="reinstated", overturns=own.pk) == {}


def test_the_paper_is_kept_once_by_its_bytes(desk, race):
    for number in ("27", "28"):
        paper = SimpleUploadedFile("dec27.pdf", PDF, "application/pdf")
        assert enter(desk, race, number=number, said_amount="5 s", paper=paper) == {}

    document = SourceDocument.objects.get(name="dec27.pdf")
    assert bytes(document.content) == PDF
    assert set(Decision.objects.values_list("document", flat=True)) == {document.pk}


def test_what_is_no_pdf_is_refused(desk, race):
    paper = SimpleUploadedFile("dec27.pdf", b"<script>alert(1)</script>", "application/pdf")

    assert "kein PDF" in str(enter(desk, race, said_amount="5 s", paper=paper)["paper"])


def test_a_new_decision_is_public_at_once_unless_the_desk_says_otherwise(desk, race):
    shown = (
        desk.get(reverse("admin:results_decision_add"), {"session": race.pk, "checkpoint": "6h"})
        .context["adminform"]
        .form
    )

    assert shown.initial["public_from"] is not None
    assert (shown.initial["session"], shown.initial["checkpoint"]) == (str(race.pk), "6h")


# deleted laps


@pytest.fixture
def qualifying():
    session = result(("7", 90_000), ("8", 90_200), timed=True)
    make.drive(car_of(session, "7"), 95_000, 90_000, 90_500)
    make.drive(car_of(session, "8"), 95_000, 90_200)
    return session


def deleted(session):
    found = LapDeletion.objects.filter(session=session).order_by("pk")
    return [(one.lap, one.lap_ms, one.source, one.reversed_at is None) for one in found]


def test_laps_are_deleted_with_the_decision_and_count_again_when_it_falls(desk, qualifying):
    assert enter(desk, qualifying, kind="lap_deleted", said_laps="2") == {}
    decision = Decision.objects.get()
    assert deleted(qualifying) == [(2, None, "decision", True)]
    commit(qualifying)
    assert places(qualifying) == {"8": 1, "7": 2}

    assert enter(desk, qualifying, decision.pk, appeal="won") == {}
    assert deleted(qualifying) == [(2, None, "decision", False)]
    commit(qualifying)
    assert places(qualifying) == {"7": 1, "8": 2}

    assert enter(desk, qualifying, decision.pk, appeal="lost") == {}
    assert deleted(qualifying) == [(2, None, "decision", True)]


def test_a_lap_that_is_no_longer_named_counts_again(desk, qualifying):
    assert enter(desk, qualifying, kind="lap_deleted", said_laps="2; 1:30,500") == {}

    assert enter(desk, qualifying, Decision.objects.get().pk, kind="lap_deleted", said_laps="3") == {}

    assert deleted(qualifying) == [
        (2, None, "decision", False), (None, 90_500, "decision", False), (3, None, "decision", True),
    ]  # fmt: skip


def test_a_lap_that_race_control_deleted_stays_deleted_when_the_decision_falls(desk, qualifying):
    make.LapDeletionFactory(session_entry=car_of(qualifying, "7"), lap=2, source="message")
    assert enter(desk, qualifying, kind="lap_deleted", said_laps="2") == {}

    assert enter(desk, qualifying, Decision.objects.get().pk, kind="lap_deleted", said_laps="2", appeal="won") == {}

    assert deleted(qualifying) == [(2, None, "message", True)]


def test_a_lap_nobody_drove_is_told_at_once(desk, qualifying):
    sent = {"session": qualifying.pk, "car": "7", "kind": "lap_deleted", "said_laps": "40", "appeal": ""}

    answer = desk.post(reverse("admin:results_decision_add"), sent, follow=True)

    assert "Eine Runde 40 hat dieses Auto nicht." in answer.content.decode()


# a decision that stands


def test_what_stands_in_a_result_changes_only_in_what_it_says_and_the_form_says_so(desk, race):
    decision = decide(race, "7", "time", 5_000)
    commit(race)

    shown = desk.get(reverse("admin:results_decision_change", args=[decision.pk])).content.decode()
    assert "Diese Entscheidung steht in einem Ergebnis" in shown
    assert 'name="said_amount"' not in shown

    assert (
        enter(desk, race, decision.pk, kind="laps", said_amount="3 Runden", car="8", appeal="pending", number="27a")
        == {}
    )
    decision.refresh_from_db()
    assert (decision.kind, decision.amount, decision.appeal, decision.number) == ("time", 5_000, "pending", "27a")
    assert decision.session_entry == car_of(race, "7")


def test_whoever_opened_the_form_before_it_was_applied_is_told(desk, race):
    decision = decide(race, "7", "time", 5_000)
    address = reverse("admin:results_decision_change", args=[decision.pk])
    mark = desk.get(address).context["opened_as"]
    commit(race)

    answer = desk.post(
        address, {"opened_as": mark, "session": race.pk, "car": "7", "kind": "time", "said_amount": "30 s"}
    )

    assert answer.status_code == 409
    decision.refresh_from_db()
    assert decision.amount == 5_000


@pytest.mark.parametrize(
    ("begun", "field", "first", "second"),
    [
        ({"kind": "time", "amount": 5_000}, "said_amount", "10 s", "7 s"),
        ({"kind": "time", "amount": 5_000}, "car", "8", "9"),
        ({"kind": "lap_deleted", "next_best_ms": 100_000}, "said_best", "1:41,000", "1:42,000"),
        ({"kind": "lap_deleted"}, "said_laps", "6", "7"),
    ],
)
def test_two_editors_of_one_decision_overwrite_nothing_of_each_other(desk, begun, field, first, second):
    race = result(("7", HOUR), ("8", 2_000), ("9", 9_000))
    decision = decide(race, "7", number="27", text="", **begun)
    address = reverse("admin:results_decision_change", args=[decision.pk])
    early, late = filled(desk, address, **{field: first}), filled(desk, address, **{field: second})
    words_only = filled(desk, address, text="Nur der Text")
    assert save(desk, address, early).status_code == 302

    refused, beside = save(desk, address, late), save(desk, address, words_only)

    stored = again(desk.get(address))
    assert (refused.status_code, beside.status_code) == (409, 409)
    assert first in text_of(refused)
    assert again(refused)[field] == second
    assert (stored[field], stored["text"]) == (first, "")
    assert save(desk, address, again(refused)).status_code == 302
    assert again(desk.get(address))[field] == second


def test_a_decision_that_stands_in_a_result_stays(desk, race):
    decision = decide(race, "7", "time", 5_000)
    commit(race)

    desk.post(reverse("admin:results_decision_delete", args=[decision.pk]), {"post": "yes"})

    assert Decision.objects.exists()


# penalties for the grid


def weekend(*, with_grid=True, with_race=False):
    event = make.EventFactory()
    qualifying = make.SessionFactory(event=event, kind="qualifying", sequence=1)
    race = make.SessionFactory(event=event, kind="race", sequence=3)
    cars = [("7", 90_000), ("8", 90_200)]
    result(*cars, session=qualifying, timed=True)
    if with_grid:
        result(
            ("7", None),
            ("8", None),
            session=make.SessionFactory(event=event, kind="grid", sequence=2, name="Aufstellung"),
        )
    if with_race:
        result(("7", HOUR), ("8", 1_000), session=race)
    else:
        make.SessionEntryFactory(session=race, entry=car_of(qualifying, "7").entry)
    return qualifying, race


@pytest.mark.parametrize("place", [0, 1])
def test_a_penalty_for_the_grid_lands_at_the_grid(desk, place):
    session = weekend()[place]

    assert enter(desk, session, kind="grid", said_amount="3 Plätze") == {}

    decision = Decision.objects.get()
    assert (decision.session.name, decision.session_entry.session) == ("Aufstellung", decision.session)
    commit(decision.session)
    assert places(decision.session) == {"8": 1, "7": 2}


def test_without_a_grid_the_desk_is_offered_to_form_it(desk):
    qualifying, race = weekend(with_grid=False)
    sent = {"session": race.pk, "car": "7", "kind": "grid", "said_amount": "3", "appeal": ""}

    answer = desk.post(reverse("admin:results_decision_add"), sent, follow=True)
    address = page(race, "form_grid")
    assert f'href="{address}"' in answer.content.decode()
    assert "Startaufstellung bilden" in desk.get(address).content.decode()
    desk.post(address)

    grid = Session.objects.get(kind="grid")
    assert places(grid) == {"8": 1, "7": 2}
    assert Decision.objects.get().session == grid
    assert desk.get(page(qualifying, "form_grid")).status_code == 200


def test_a_penalty_for_the_grid_of_a_race_that_was_run_is_refused(desk):
    _qualifying, race = weekend(with_race=True)

    assert "kommt zu spät" in str(enter(desk, race, kind="grid", said_amount="3")["kind"])


# the effect


def test_the_page_shows_the_new_result_beside_the_old_one(desk, race):
    decision = decide(race, "7", "time", 5_000, number="27")

    answer = desk.get(page(race))

    text = " ".join(answer.content.decode().split())
    assert f'value="{decision.pk}" id="decision-{decision.pk}"' in text
    table = answer.context["table"]
    assert [(line.car, line.move, line.why) for line in table.lines] == [
        ("8", "up", ()), ("7", "down", ["Entscheidung 27: #7 Zeitstrafe"]), ("9", "", ()),
    ]  # fmt: skip
    assert [(cell.column, cell.before, cell.now) for cell in table.lines[1].cells if cell.is_changed] == [
        ("position", "1", "2"), ("total_ms", "1:00:00,000", "1:00:05,000"), ("gap", "–", "+3,000"), ("penalty_ms", "–", "5,000"),
    ]  # fmt: skip
    assert not AppliedDecision.objects.exists()


def test_a_vacant_place_is_shown(desk, race):
    decide(race, "7", "disqualified", leaves_vacant=True)

    assert "Platz 1 bleibt frei." in desk.get(page(race)).content.decode()


def post(desk, session, act="apply", ticked=None, checkpoint="", **fields):
    """Confirms what the page shows for these decisions, or for all that are open."""
    query = {"wertung": checkpoint} if checkpoint else {}
    if ticked is not None:
        query |= {"ticked": "1", "decision": [one.pk for one in ticked]}
    shown = desk.get(page(session, **query)).context
    chosen = [line["decision"].pk for line in shown["decisions"] if line["is_ticked"]]
    form = {"seen": shown["proposal"].fingerprint, "state": shown["proposal"].state, "reason": ""}
    sent = {**form, "ticked": "1", "decision": chosen, act: "1", **fields}
    return desk.post(page(session, **({"wertung": checkpoint} if checkpoint else {})), sent)


def test_taking_over_makes_the_next_version_with_state_and_reason(desk, race):
    decide(race, "7", "time", 5_000)

    answer = post(desk, race, state="final", reason="Boxengasse")

    assert answer.status_code == 302
    assert places(race) == {"8": 1, "7": 2, "9": 3}
    assert chain(race)[-1] == (2, "final", "Boxengasse")


def test_only_what_is_ticked_is_applied(desk, race):
    first = decide(race, "7", "time", 5_000)
    decide(race, "9", "disqualified")

    post(desk, race, ticked=[first])

    assert [one.decision for one in current_version(race).applied.all()] == [first]
    assert places(race) == {"8": 1, "7": 2, "9": 3}


def test_a_state_that_cannot_follow_is_refused(desk):
    race = result(("7", HOUR), ("8", 2_000), state="final")
    decide(race, "7", "time", 5_000)

    answer = post(desk, race, state="provisional")

    assert answer.status_code == 200
    assert len(chain(race)) == 1


def test_a_draft_is_seen_by_the_desk_only(desk, race, client):
    decide(race, "7", "time", 5_000)

    post(desk, race, act="draft")

    draft = Classification.objects.get(version=2)
    assert draft.released_at is None
    assert places(race) == {"7": 1, "8": 2, "9": 3}
    assert "5,000" not in client.get(race.get_absolute_url()).content.decode()


def test_two_stewards_pages_the_second_sees_what_has_changed_and_nothing_is_lost(desk, race, client):
    """Fault C1: both looked, both confirm; the second gets the new state of things and his words back."""
    first, second = decide(race, "7", "time", 5_000), decide(race, "8", "time", 60_000)
    pages = [
        desk.get(page(race, ticked="1", decision=one.pk)).context["proposal"].fingerprint for one in (first, second)
    ]

    answers = [
        desk.post(
            page(race),
            {"ticked": "1", "decision": one.pk, "seen": seen, "state": "revised", "reason": words, "apply": "1"},
        )
        for one, seen, words in zip((first, second), pages, ("erst", "dann"), strict=True)
    ]

    assert [one.status_code for one in answers] == [302, 409]
    text = answers[1].content.decode()
    assert "Bitte noch einmal ansehen" in text
    assert 'value="dann"' in text
    assert chain(race)[1:] == [(2, "revised", "erst")]
    again = answers[1].context["form"].initial["seen"]
    desk.post(
        page(race),
        {"ticked": "1", "decision": second.pk, "seen": again, "state": "revised", "reason": "dann", "apply": "1"},
    )
    assert places(race) == {"7": 1, "9": 2, "8": 3}
    assert current_version(race).applied.count() == 2


def test_a_double_click_makes_one_version(desk, race):
    decide(race, "7", "time", 5_000)
    seen = desk.get(page(race)).context["proposal"].fingerprint
    sent = {
        "ticked": "1",
        "decision": Decision.objects.get().pk,
        "seen": seen,
        "state": "revised",
        "reason": "",
        "apply": "1",
    }

    answers = [desk.post(page(race), sent).status_code for _click in range(8)]

    assert answers == [302, *[409] * 7]
    assert len(chain(race)) == 2


def test_what_the_result_holds_already_is_noted(desk):
    race = result(("8", HOUR), ("7", 3_000, {"penalty_ms": 5_000}))
    decision = decide(race, "7", "time", 5_000)
    assert "Ist im Ergebnis schon enthalten" in desk.get(page(race)).content.decode()

    desk.post(page(race), {"contained": decision.pk})

    assert [(one.decision, one.is_computed) for one in current_version(race).applied.all()] == [(decision, False)]
    assert "im Ergebnis" in desk.get(page(race)).content.decode()


def test_a_checkpoint_has_a_page_of_its_own(desk):
    race = make.SessionFactory()
    result(("7", 6 * HOUR), ("8", 2_000), session=race, checkpoint="6h")
    result(("7", 24 * HOUR), ("8", 20_000), session=race)
    decide(race, "7", "time", 5_000, checkpoint="6h")
    assert f'href="{page(race, wertung="6h")}"' in desk.get(page(race)).content.decode()

    post(desk, race, checkpoint="6h")

    assert (places(race, "6h"), places(race)) == ({"8": 1, "7": 2}, {"7": 1, "8": 2})
    assert desk.get(page(race, wertung="7h")).status_code == 404


def test_the_grid_that_follows_is_shown_and_left_out_where_it_is_not_ticked(desk):
    qualifying, _race = weekend()
    decide(qualifying, "7", "places", 1)
    grid = Session.objects.get(kind="grid")

    assert [line.car for line in desk.get(page(qualifying)).context["grid"].lines] == ["8", "7"]
    post(desk, qualifying)
    assert places(grid) == {"7": 1, "8": 2}

    decide(qualifying, "8", "places", 1)
    assert desk.get(page(qualifying)).context["grid"] is None  # it no longer follows


def test_the_grid_changes_where_it_is_ticked(desk):
    qualifying, _race = weekend()
    decide(qualifying, "7", "places", 1)

    post(desk, qualifying, with_grid="on")

    assert places(Session.objects.get(kind="grid")) == {"8": 1, "7": 2}


def test_other_rooms_add_their_part_to_the_preview(desk, race):
    decide(race, "7", "time", 5_000)

    def points(proposal):
        return previews.EffectGroup("Punkte", (previews.Effect("Fahrerwertung #7", "25", str(len(proposal.rows))),))

    previews.register(points)
    try:
        shown = " ".join(desk.get(page(race)).content.decode().split())
    finally:
        previews.unregister(points)
    assert "Fahrerwertung #7: 25 → 3" in shown
    assert previews.effects_of(propose(race)) == []


def test_a_decision_that_cannot_be_worked_in_is_named(desk):
    race = result(("7", HOUR, {"laps": 1}), ("8", 2_000, {"laps": 1}))
    decide(race, "7", "laps", 3)

    assert "#7 hat nur 1 Runden" in desk.get(page(race)).content.decode()


def test_needles_in_the_words_of_a_decision_do_not_fire(desk, race):
    race.event.entries.filter(number="7").update(team=make.TeamFactory(name="<script>x</script>"))
    decide(race, "7", "time", 5_000, number="<b>27</b>", text="<img onerror=x>")

    text = desk.get(page(race)).content.decode()

    assert "<script>x</script>" not in text
    assert "<b>27</b>" not in text


# what if


def test_what_if_stores_nothing_and_its_address_says_everything(desk, race):
    query = {"1-car": "7", "1-kind": "time", "1-amount": "5 s", "2-car": "#9", "2-kind": "disqualified", "2-amount": ""}

    answer = desk.get(page(race, "what_if", **query))

    assert [line.car for line in answer.context["table"].lines] == ["8", "7", "9"]
    assert not Decision.objects.exists()
    assert len(chain(race)) == 1


def test_what_if_says_in_german_what_it_cannot_read(desk, race):
    answer = desk.get(
        page(race, "what_if", **{"1-car": "77", "1-kind": "time", "1-amount": "5", "2-car": "8", "2-kind": "time"})
    )

    text = answer.content.decode()
    assert "Kein Auto dieser Session hat die Nummer 77" in text
    assert "Hier fehlt der Umfang" in text
    assert answer.context["proposal"] is None


def test_what_if_for_sixty_cars_costs_few_queries(desk):
    race = result(("1", HOUR), *((str(number), number * 1_500) for number in range(2, 61)))
    query = {f"{place}-{name}": value for place in range(1, 6)
             for name, value in (("car", str(place * 3)), ("kind", "time"), ("amount", "30 s"))}  # fmt: skip
    address = page(race, "what_if", **query)
    with CaptureQueriesContext(connection) as queries:
        desk.get(address)

    assert len(queries) <= 25


# hints


def test_the_list_of_sessions_says_what_is_not_applied(desk, race):
    decide(race, "7", "time", 5_000)
    decide(race, "8", "warning", None)
    fell = decide(race, "9", "time", 1_000)
    apply_decisions(race, decisions=[fell], by=make.UserFactory(role="results"))
    Decision.objects.filter(pk=fell.pk).update(appeal="won")

    assert "2 nicht angewandt" in desk.get(reverse("admin:results_session_changelist")).content.decode()
    assert (
        "2 Entscheidungen nicht angewandt"
        in desk.get(reverse("admin:results_session_change", args=[race.pk])).content.decode()
    )
    board = desk.get(reverse("admin:index")).content.decode()
    assert "Nicht angewandte Entscheidungen" in board
    assert page(race) in board

    commit(race)
    assert "nicht angewandt" not in desk.get(reverse("admin:results_session_changelist")).content.decode()
    assert page(race) not in desk.get(reverse("admin:index")).content.decode()


def test_the_list_of_decisions_tells_which_stand_in_a_result(desk, race):
    stands = decide(race, "7", "time", 5_000)
    commit(race)
    commit(race, decide(race, "8", "time", 1_000))
    waits = decide(race, "9", "time", 5_000)

    address = reverse("admin:results_decision_changelist")

    def listed(stand):
        return list(desk.get(address, {"stand": stand}).context["cl"].result_list)

    assert stands in listed("1")
    assert len(listed("1")) == 2
    assert listed("0") == [waits]


def test_the_list_asks_as_often_for_many_sessions_as_for_one(desk):
    numbers = []
    for _more in range(2):
        for _one in range(3):
            decide(result(("7", HOUR), ("8", 2_000)), "7", "time", 5_000)
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("admin:results_session_changelist"))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("role", ["reporter", "editor", "pictures"])
def test_who_may_not_change_results_opens_none_of_it(client, race, role):
    client.force_login(make.UserFactory(role=role))

    for name in ("decisions", "what_if", "form_grid"):
        assert client.get(page(race, name)).status_code == 403
        assert client.post(page(race, name)).status_code == 403
