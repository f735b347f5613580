"""Rulings in any order give one result, and where the data are whole it is that of a plain sort."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from results.rulings import Line, Ruling, RulingRefused, compute, overturned
from results.rulings.standing import Verdict

HOUR = 3_600_000
KINDS = ("time", "laps", "places", "disqualified", "excluded", "warning", "reinstated")


@st.composite
def fields(draw, *, timed=False):
    """A whole classification of up to 14 cars in two classes, some of them retired."""
    count = draw(st.integers(2, 14))
    finish = draw(
        st.lists(st.tuples(st.integers(25, 30), st.integers(0, 90_000)), min_size=count, max_size=count, unique=True)
    )
    finish.sort(key=lambda one: (0 if timed else -one[0], one[1]))
    assume(not timed or len({ms for _laps, ms in finish}) == count)
    retired = draw(st.integers(0, 2))
    lines, in_class = [], {}
    for place, (laps, ms) in enumerate(finish, start=1):
        name = draw(st.sampled_from("AB"))
        in_class[name] = in_class.get(name, 0) + 1
        line = Line(
            car=place, line=1, label=f"#{place}", position=place, racing_class=name, class_position=in_class[name]
        )
        if timed:
            line = replace(line, best_lap_ms=80_000 + ms, gap_ms=ms - finish[0][1] if place > 1 else None)
        else:
            behind = finish[0][0] - laps
            line = replace(
                line, laps=laps, total_ms=HOUR + ms, gap_laps=behind or None,
                gap_ms=ms - finish[0][1] if place > 1 and not behind else None,
            )  # fmt: skip
        lines.append(line)
    lines += [
        Line(car=count + place, line=1, label=f"#{count + place}", racing_class="A", status="dnf", laps=3)
        for place in range(1, retired + 1)
    ]
    return lines


@st.composite
def verdicts(draw, lines, kinds=KINDS):
    """Some rulings about cars of the field, no more than one of each kind to a car."""
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from([line.car for line in lines]), st.sampled_from(kinds)), max_size=6, unique=True
        )
    )
    found = []
    for number, (car, kind) in enumerate(pairs):
        amount = {"time": draw(st.integers(1, 60_000)), "laps": 1, "places": draw(st.integers(1, 5))}.get(kind)
        vacant = kind in {"disqualified", "excluded"} and draw(st.booleans())
        found.append(Ruling(number, kind, car, amount, leaves_vacant=vacant))
    return found


@st.composite
def cases(draw, *, timed=False, kinds=KINDS):
    lines = draw(fields(timed=timed))
    return lines, draw(verdicts(lines, kinds)), draw(st.randoms(use_true_random=False))


@given(cases())
def test_the_order_of_the_rulings_does_not_show(case):
    lines, rulings, random = case
    once = compute(lines, rulings, timed=False)
    shuffled = random.sample(rulings, len(rulings))
    assert compute(lines, shuffled, timed=False) == once


@given(cases(kinds=("time", "laps", "disqualified")))
def test_penalties_of_time_and_laps_sort_a_whole_field_anew(case):
    """The slow, obvious version: add everything up, sort, count."""
    lines, rulings, _random = case
    rulings = [replace(one, leaves_vacant=False) for one in rulings]
    out = {one.car for one in rulings if one.kind == "disqualified"}
    totals = {line.car: (line.laps or 0, line.total_ms or 0) for line in lines if line.status == "classified"}
    for one in rulings:
        if one.car in totals:
            laps, ms = totals[one.car]
            totals[one.car] = (laps - (one.kind == "laps"), ms + (one.amount if one.kind == "time" else 0))
    standing = sorted((-laps, ms) for car, (laps, ms) in totals.items() if car not in out)
    expected = {car: standing.index((-laps, ms)) + 1 for car, (laps, ms) in totals.items() if car not in out}
    outcome = compute(lines, rulings, timed=False)
    assert {line.car: line.position for line in outcome.lines if line.position} == expected
    leader = next((line for line in outcome.lines if line.position), None)
    for line in outcome.lines:
        if line.position and line.car != leader.car:
            behind = leader.laps - line.laps
            assert (line.gap_laps or 0) == behind
            assert line.gap_ms == (None if behind else line.total_ms - leader.total_ms)
    for name in "AB":
        ranks = [
            (-line.laps, line.total_ms, line.class_position)
            for line in outcome.lines
            if line.position and line.racing_class == name
        ]
        assert [rank for _laps, _ms, rank in ranks] == [
            [other[:2] for other in ranks].index(one[:2]) + 1 for one in ranks
        ]


@given(cases(kinds=("time", "laps", "disqualified", "excluded")))
def test_what_was_ruled_and_then_lifted_leaves_the_result_as_it_was(case):
    """Lifted on lines that hold it already, as when a file brought it; a dead heat that arose on the way may remain."""
    lines, rulings, _random = case
    rulings = [replace(one, leaves_vacant=False) for one in rulings]
    assume(len({one.car for one in rulings}) == len(rulings))
    there = compute(lines, rulings, timed=False)
    assume(not there.doubts)
    former = {line.key: line for line in lines}
    back = compute(there.lines, [replace(one, is_lifted=True) for one in rulings], timed=False, former=former)
    ranked = [line for line in back.lines if line.position]
    assert ranked == [line for line in lines if line.position]


@given(cases(timed=True, kinds=("places", "grid", "disqualified")))
def test_places_are_a_row_without_holes_unless_one_is_left_vacant(case):
    lines, rulings, _random = case
    outcome = compute(lines, rulings, timed=True)
    taken = [line.position for line in outcome.lines if line.position]
    assert taken == sorted(taken)
    vacant = {one.car for one in rulings if one.leaves_vacant}
    if not vacant:
        assert taken == list(range(1, len(taken) + 1))


@given(cases(timed=True))
def test_nothing_breaks_that_is_not_refused_with_words(case):
    lines, rulings, _random = case
    with suppress(RulingRefused):
        outcome = compute(lines, rulings, timed=True)
        assert {line.key for line in outcome.lines} == {line.key for line in lines}


def test_an_appeal_that_was_won_ends_a_decision_and_a_reinstatement_ends_the_strike():
    listed = [
        Verdict(1, "time", 7, is_appeal_won=True), Verdict(2, "disqualified", 8), Verdict(3, "reinstated", 8),
        Verdict(4, "disqualified", 9), Verdict(5, "reinstated", 9, is_appeal_won=True),
        Verdict(6, "laps", 9), Verdict(7, "reinstated", 9, overturns=6, is_appeal_won=False),
    ]  # fmt: skip
    assert overturned(listed) == {1, 2, 5, 6}
