"""Acts of the desk in any order: what is stored afterwards is what a fresh start gives, and every total is its ledger's sum."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from results.models import (
    Championship,
    ChampionshipDecision,
    Classification,
    Computation,
    CrewMember,
    Entry,
    Event,
    ScoringEvent,
    Session,
    Standing,
)
from results.release import annul, go_back
from tests import factories as make
from tests.results.standings.made import drivers, hold, open_now, race, released, result, season, stands

pytestmark = pytest.mark.django_db

RULES = {"scores": [{"table": ["10", "6", "3", "1"]}]}
ROUNDS = 4


class Desk:
    """A season of four rounds with two championships, and what somebody may do to it."""

    def __init__(self, seed):
        self.by_chance = random.Random(seed)
        self.season = season()
        self.chief = make.UserFactory(role="chief")
        self.people = drivers("Ada", "Bea", "Cleo", "Dora")
        self.sessions = [race(self.season, day) for day in range(1, ROUNDS + 1)]
        for session in self.sessions:
            for one in self.people:
                make.EntryFactory(event=session.event, crew=[one])
        self.cup = Championship.objects.create(
            season=self.season, key="cup", name="Cup", subject="driver", is_by_hand=True, rules=RULES
        )
        self.release()
        released(self.season)

    def any(self, things):
        things = list(things)
        return self.by_chance.choice(things) if things else None

    def release(self):
        order = self.by_chance.sample(self.people, self.by_chance.randint(2, 4))
        state = self.any(["provisional", "final"])
        session = self.any(self.sessions)
        former = session.classifications.filter(is_current=True).first()
        result(session, order, state=state if former is None else former.state)

    def go_back(self):
        former = self.any(
            Classification.objects.filter(is_current=False, released_at__isnull=False).exclude(state="annulled")
        )
        if former is not None:
            go_back(former, by=self.chief, reason="Berufung")

    def annul(self):
        current = self.any(Classification.objects.current().exclude(state="annulled"))
        if current is not None:
            annul(current.session, by=self.chief, reason="Abbruch")

    def embargo(self):
        current = self.any(Classification.objects.current())
        if current is not None:
            hold(current)

    def the_hour_comes(self):
        for one in Classification.objects.current():
            open_now(one)

    def hide(self):
        session = Session.objects.get(pk=self.any(self.sessions).pk)
        session.public_from = None
        session.save()

    def decide(self):
        kind = self.any(["points", "without", "excluded", "annulled"])
        own = {
            "points": {"points": Decimal(self.by_chance.randint(-40, 9)) / 4},
            "excluded": {"printed": "EX"},
        }.get(kind, {})
        event = self.any(self.sessions).event
        ChampionshipDecision.objects.create(
            championship=self.cup, kind=kind, driver=self.any(self.people), event=event, reason="x", **own
        )

    def take_back_a_decision(self):
        decision = self.any(ChampionshipDecision.objects.all())
        if decision is not None:
            decision.delete()

    def invite_or_enter(self):
        car = self.any(Entry.objects.order_by("pk"))
        car.is_guest = not car.is_guest
        car.save()

    def cancel_or_reinstate(self):
        event = Event.objects.get(pk=self.any(self.sessions).event_id)
        event.status = "cancelled" if event.status == "scheduled" else "scheduled"
        event.save()

    def swap_rounds(self):
        one, other = (Event.objects.get(pk=session.event_id) for session in self.by_chance.sample(self.sessions, 2))
        one.starts_on, other.starts_on = other.starts_on, one.starts_on
        one.ends_on, other.ends_on = one.starts_on, other.starts_on
        one.save()
        other.save()

    def edit_the_rules(self):
        self.cup = Championship.objects.get(pk=self.cup.pk)
        drops = self.any([[], [{"best": 2}], [{"best": 1, "first": 1, "last": 2}, {"best": 1, "first": 3}]])
        ties = self.any([["countback"], ["countback", "latest"], []])
        bonus = self.any([[], [{"cause": "fastest_lap", "kinds": ["race"], "points": "1"}]])
        self.cup.rules = RULES | {
            "drops": drops,
            "ties": ties,
            "bonuses": bonus,
            "lists": self.any(["scorers", "starters"]),
        }
        self.cup.save()

    def edit_a_scoring(self):
        counted = self.any(ScoringEvent.objects.filter(championship=self.cup).order_by("pk"))
        if counted is not None:
            counted.is_by_hand = True
            counted.counts = self.any([True, True, False])
            counted.factor_numerator, counted.factor_denominator = self.any([(None, 1), (2, 1), (3, 2), (1, 3)])
            counted.save()

    def change_a_crew(self):
        seat = self.any(CrewMember.objects.order_by("pk"))
        if seat is None:
            return
        taken = set(seat.entry.event.entries.values_list("crew__driver", flat=True))
        free = [one for one in self.people if one.pk not in taken]
        if free:
            seat.driver = self.any(free)
            seat.save()
        else:
            seat.delete()


ACTS = [name for name in vars(Desk) if name != "any" and not name.startswith("_")]


def sums_are_totals(of):
    """The awards that count after each round add up to the line of the table; the database promises it, too."""
    lines = Standing.objects.filter(competitor__computation__championship__season=of).select_related("competitor")
    for line in lines:
        counting = [
            award.points
            for award in line.competitor.awards.filter(round__lte=line.round)
            if line.round not in award.dropped_after and (award.void_since is None or line.round < award.void_since)
        ]
        assert sum(counting, Decimal(0)) == line.points, line


def readers_see_no_more_than_results(of):
    """A table that readers see stands on results that readers see, on all of them that it counts."""
    shown = set(Classification.objects.public().values_list("pk", flat=True))
    for one in Computation.objects.public().filter(championship__season=of):
        assert set(one.versions) <= shown


@pytest.mark.parametrize("seed", range(4))
def test_after_every_act_what_is_stored_is_what_a_fresh_start_gives(seed):
    desk, done = Desk(seed), Counter()
    for _act in range(14):
        act = desk.any(ACTS)
        getattr(desk, act)()
        done[act] += 1
        stands(desk.season)
        sums_are_totals(desk.season)
        readers_see_no_more_than_results(desk.season)
    assert len(done) > 4
