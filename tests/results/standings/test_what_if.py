"""What a decision of the stewards would do to the championships, as the desk sees it before anything is stored."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from results.models import Championship, Computation, Entry
from results.previews import effects_of
from results.proposal import propose, what_if
from results.rulings import Ruling
from results.standings.what_if import effect_on_championships
from tests import factories as make
from tests.results.standings.made import drivers, race, season
from tests.results.stewards_made import HOUR, car_of, commit, decide
from tests.results.stewards_made import result as result_of_cars

pytestmark = pytest.mark.django_db

NUMBERS = ("7", "8", "9")


def ran(session, *crews, racing_class=None):
    """A result of the cars 7, 8, 9 in that order, two seconds apart, with these drivers."""
    for number, crew in zip(NUMBERS, crews, strict=True):
        make.EntryFactory(event=session.event, number=number, racing_class=racing_class, crew=crew)
    return result_of_cars(("7", HOUR), ("8", 2_000), ("9", 4_000), session=session)


def cup(of, **rules):
    """A championship of drivers in which who is invisible takes no place."""
    said = {"scores": [{"table": ["4.5", "3", "1"]}], **rules}
    Championship.objects.create(season=of, key="cup", name="Cup", subject="driver", is_by_hand=True, rules=said)


def said(proposal):
    return [(one.what, one.before, one.after) for group in effects_of(proposal) for one in group.effects]


def of(key, lines):
    """Those of the championship with that name."""
    return [line for line in lines if line[0].startswith(key)]


def test_a_penalty_shows_points_places_lead_and_title():
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    ran(race(formula, 1), [ada], [bea], [cleo])
    last = ran(race(formula, 2), [ada], [bea], [cleo])
    decide(last, "7", "time", 3_000)

    assert of("Fahrer", said(propose(last))) == [
        ("Fahrerweltmeisterschaft, Punkte: #8 (Bea)", "18", "25"),
        ("Fahrerweltmeisterschaft, Punkte: #7 (Ada)", "25", "18"),
        ("Fahrerweltmeisterschaft, Platz: Bea", "2. (36 Punkte)", "1. (43 Punkte)"),
        ("Fahrerweltmeisterschaft, Spitze", "Ada führt mit 50 Punkten, 14 vor Bea.",
         "Ada/Bea führen mit 43 Punkten, 13 vor Cleo."),
        ("Fahrerweltmeisterschaft, Titel", "Ada ist Meister.", "Zwei können noch Meister werden: Ada und Bea."),
    ]  # fmt: skip


def test_what_it_shows_is_what_then_stands_in_the_table():
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    ran(race(formula, 1), [ada], [bea], [cleo])
    last = ran(race(formula, 2), [ada], [bea], [cleo])
    race(formula, 3)
    decide(last, "7", "disqualified")
    shown = {what: after for what, _before, after in of("Fahrer", said(propose(last)))}

    commit(last)

    lines = Computation.objects.current().get(championship__key="driver").competitors.all()
    assert sorted(lines.filter(standings__round=2).values_list("standings__position", "standings__points")) == [
        (1, 43), (2, 33), (3, 25),
    ]  # fmt: skip
    assert shown == {
        "Fahrerweltmeisterschaft, Punkte: #7 (Ada)": "0",
        "Fahrerweltmeisterschaft, Punkte: #8 (Bea)": "25",
        "Fahrerweltmeisterschaft, Punkte: #9 (Cleo)": "18",
        "Fahrerweltmeisterschaft, Platz: Bea": "1. (43 Punkte)",
        "Fahrerweltmeisterschaft, Platz: Cleo": "2. (33 Punkte)",
        "Fahrerweltmeisterschaft, Platz: Ada": "3. (25 Punkte)",
        "Fahrerweltmeisterschaft, Spitze": "Bea führt mit 43 Punkten, 10 vor Cleo.",
    }


def test_nothing_is_written():
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    last = ran(race(formula, 1), [ada], [bea], [cleo])
    decide(last, "7", "time", 3_000)
    proposal = propose(last)

    with CaptureQueriesContext(connection) as queries:
        effect_on_championships(proposal)

    assert [one["sql"] for one in queries if not one["sql"].startswith(("SELECT", "WITH"))] == []


def test_a_crew_is_named_once_and_every_championship_that_counts_the_session_is_shown():
    """The WEC of 2021 by class; the second championship is one of our own."""
    wec = season("2021", name="FIA WEC", slug="wec")
    hyper = make.RacingClassFactory(name="Hypercar", slug="hypercar")
    crews = [drivers("Conway", "Kobayashi"), drivers("Buemi", "Nakajima"), drivers("Lapierre", "Negrão")]
    cup(wec)
    session = race(wec, 6, name="8 Hours of Bahrain")
    ran(session, *crews, racing_class=hyper)

    proposal = what_if(session, rulings=[Ruling(key="neu", kind="time", car=car_of(session, "7").pk, amount=3_000)])

    lines = said(proposal)
    assert [line for line in lines if "Punkte" in line[0]] == [
        ("Cup, Punkte: #8 (Buemi/Nakajima)", "3", "4,5"),
        ("Cup, Punkte: #7 (Conway/Kobayashi)", "4,5", "3"),
        ("Fahrer Hypercar, Punkte: #8 (Buemi/Nakajima)", "27", "38"),
        ("Fahrer Hypercar, Punkte: #7 (Conway/Kobayashi)", "38", "27"),
    ]
    assert ("Fahrer Hypercar, Platz: Buemi/Nakajima", "3. (27 Punkte)", "1. (38 Punkte)") in lines
    assert (
        "Fahrer Hypercar, Spitze",
        "Conway/Kobayashi führen mit 38 Punkten, 11 vor Buemi/Nakajima.",
        "Buemi/Nakajima führen mit 38 Punkten, 11 vor Conway/Kobayashi.",
    ) in lines
    assert ("Fahrer Hypercar, Titel", "Conway/Kobayashi ist Meister.", "Buemi/Nakajima ist Meister.") in lines


def test_a_result_that_no_championship_counts_has_no_effect():
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    practice = ran(race(formula, 1, kind="practice"), [ada], [bea], [cleo])
    decide(practice, "7", "disqualified")

    assert propose(practice).changes
    assert said(propose(practice)) == []


def test_a_guest_who_is_punished_moves_nobody():
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    cup(formula)
    session = ran(race(formula, 1), [ada], [bea], [cleo])
    car = Entry.objects.get(crew__driver=ada)
    car.is_guest = True
    car.save()
    decide(session, "7", "disqualified")

    assert of("Cup", said(propose(session))) == []


@pytest.mark.parametrize(("role", "status"), [("results", 200), ("reporter", 403)])
def test_who_may_not_see_the_preview_sees_no_effect(client, role, status):
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    session = ran(race(formula, 1), [ada], [bea], [cleo])
    decide(session, "7", "time", 3_000)
    client.force_login(make.UserFactory(role=role))

    answer = client.get(reverse("admin:results_session_decisions", args=[session.pk]))

    assert answer.status_code == status
    assert ("Fahrerweltmeisterschaft, Punkte: #7 (Ada): 25 → 18" in " ".join(answer.content.decode().split())) == (
        status == 200
    )
