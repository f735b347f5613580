"""Random small archives: the set-wise SQL says what a slow obvious count of the same archive says."""

import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from results.models import Event, Session
from results.statistics import Feat, Figures, Scope, SubjectKind, career_of, ranking_of, subject_of, tallies_after
from tests.results.season import Archive

NAMES = ("Ada", "Bo", "Cy", "Di")
CREWS = ("Ada", "Bo", "Cy", "Di", "Ada Bo", "Cy Di")
RUNS = {Feat.START, Feat.WIN, Feat.PODIUM, Feat.POLE, Feat.FASTEST_LAP, Feat.FINISH}

lines = st.fixed_dictionaries(
    {
        "position": st.one_of(st.none(), st.integers(1, 4)),
        "status": st.sampled_from(["dnf", "dns", "dsq", "excluded"]),
        "grid": st.one_of(st.none(), st.integers(1, 3)),
        "best_lap_ms": st.one_of(st.none(), st.integers(90_000, 90_002)),
    }
)
fields = st.dictionaries(st.sampled_from(CREWS), lines, max_size=4)
qualifyings = st.lists(st.lists(st.sampled_from(CREWS), unique=True, max_size=3), max_size=2)
FATES = ["public"] * 8 + ["excerpt", "hidden session", "hidden event", "annulled", "draft", "cancelled"]
races = st.fixed_dictionaries(
    {"field": fields, "qualifyings": qualifyings, "fate": st.sampled_from(FATES), "new_season": st.booleans()}
)


def build(plan):
    """The archive in the database; the races beside what was planned for them."""
    archive, built = Archive(label="2000"), []
    for number, race in enumerate(plan):
        if race["new_season"]:
            archive.new_season(str(2001 + number))
        event = archive.event()
        for order in race["qualifyings"]:
            archive.race(
                *({"who": crew, "position": place} for place, crew in enumerate(order, 1)),
                event=event,
                kind="qualifying",
            )
        rows = [
            {"who": crew, **row, "status": "classified" if row["position"] else row["status"]}
            for crew, row in race["field"].items()
        ]
        fate = race["fate"]
        version = {"excerpt": {"is_complete": False}, "annulled": {"state": "annulled"}, "draft": {"hidden": True}}
        session = archive.race(*rows, event=event, **version.get(fate, {}))
        if fate == "hidden session":
            Session.objects.filter(pk=session.pk).update(public_from=None)
        elif fate == "hidden event":
            Event.objects.filter(pk=event.pk).update(public_from=None)
        elif fate == "cancelled":
            Session.objects.filter(pk=session.pk).update(status="cancelled")
        built.append((race, session, archive.season.label))
    return archive, built


# --- the slow version -------------------------------------------------------------------------------------------------


def feats_of(name, race):
    """What somebody did in a race, as a set."""
    done = set()
    field = race["field"]
    cars = [(crew, row) for crew, row in field.items() if name in crew.split()]
    laps = [row["best_lap_ms"] for row in field.values() if row["best_lap_ms"]]
    for crew, row in cars:
        status = "classified" if row["position"] else row["status"]
        started = status in {"classified", "dnf", "dsq"} or (status == "excluded" and row["grid"])
        if started:
            done.add(Feat.START)
        if row["position"]:
            done.add(Feat.FINISH)
        if row["position"] == 1:
            done.add(Feat.WIN)
        if row["position"] and row["position"] <= 3:
            done.add(Feat.PODIUM)
        if row["grid"] == 1:
            done.add(Feat.POLE)
        if started and row["best_lap_ms"] and row["best_lap_ms"] == min(laps) and crew == name:
            done.add(Feat.FASTEST_LAP)
    if all(row["grid"] != 1 for row in field.values()) and name in pole_by_qualifying(race):
        done.add(Feat.POLE)
    return done


def pole_by_qualifying(race):
    """Who led the only qualifying; nobody of several."""
    (order, *others) = race["qualifyings"] or [[]]
    return order[0].split() if order and not others else []


def counted(built):
    """The races that count at all, whatever the span."""
    return [(race, session, label) for race, session, label in built if race["fate"] in {"public", "cancelled"}]


def covered(built):
    """The races up to the first gap. One called off leaves none, and its result, if any, is outside of the calendar."""
    found = []
    for race, session, label in built:
        if race["fate"] in {"excerpt", "draft", "hidden session"}:
            break
        if race["fate"] == "public":
            found.append((race, session, label))
    return found


def run_of(name, feat, sequence):
    """(count, longest, current) over the own races of a sequence."""
    own = [feats_of(name, race) for race, _session, _label in sequence]
    had = [feat in done for done in own if done & {Feat.START, feat}]
    longest = max((len(list(group)) for value, group in itertools.groupby(had) if value), default=0)
    current = len(list(itertools.takewhile(bool, reversed(had))))
    return sum(had), longest, current


def figures(name, built):
    total = dict.fromkeys(("starts", "wins", "podiums", "poles", "fastest_laps"), 0)
    of = {
        "starts": Feat.START,
        "wins": Feat.WIN,
        "podiums": Feat.PODIUM,
        "poles": Feat.POLE,
        "fastest_laps": Feat.FASTEST_LAP,
    }
    for race, _session, _label in counted(built):
        done = feats_of(name, race)
        for key, feat in of.items():
            total[key] += feat in done
    led = sum(
        1
        for race, _session, _label in built if race["fate"] != "hidden event"
        for order in race["qualifyings"] if order and name in order[0].split()
    )  # fmt: skip
    return Figures(**total, fastest=led)


@pytest.mark.slow
@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(plan=st.lists(races, min_size=1, max_size=7))
def test_sql_says_what_the_slow_version_says(plan):
    with transaction.atomic():
        archive, built = build(plan)
        sequence = covered(built)
        for name in NAMES:
            driver = archive.driver(name)
            career = career_of(subject_of(driver))
            assert career.total == figures(name, built)
            expected = {feat: run_of(name, feat, sequence) for feat in RUNS}
            runs = career.records[0].runs if career.records else dict.fromkeys(RUNS)
            said = {feat: (run.count, run.longest, run.current) if run else (0, 0, 0) for feat, run in runs.items()}
            assert said == expected
            for number, (_race, session, label) in enumerate(sequence, start=1):
                until = sequence[:number]
                season = [one for one in until if one[2] == label]
                tallies = tallies_after(session, SubjectKind.DRIVER, [driver.pk]).get(driver.pk, {})
                for feat, tally in tallies.items():
                    if feat in RUNS:
                        count, longest, current = run_of(name, feat, until)
                        assert (tally.count, tally.longest, tally.streak) == (count, longest, current)
                        assert tally.count_of_season == run_of(name, feat, season)[0]
                        assert tally.here == (feat in feats_of(name, sequence[number - 1][0]))
        ranking = ranking_of(archive.series, SubjectKind.DRIVER, Scope())
        assert {line.name: (line.wins, line.wins_in_a_row) for line in ranking.lines if line.wins} == {
            name: run_of(name, Feat.WIN, sequence)[:2] for name in NAMES if run_of(name, Feat.WIN, sequence)[0]
        }
        transaction.set_rollback(True)
