"""`python -m bench.factcheck.proposals [--misses]`: how well a text proposes its cars and its event.

Cars: those that the claims of a case speak of, against those proposed beside its own sheet. Events: every case's text among
the events of all cases, each with the same venue a year before and a year after, half of its people there too; once with
the day after the event as day of the story, once without any day.
"""

import argparse
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from articles.factcheck.events import Dated, EventFacts, EventGuess, rank, weigh
from articles.factcheck.naming import Wording, keys_of
from articles.factcheck.proposal import propose
from articles.factcheck.sheet import FactSheet
from bench.factcheck.scoring import CASES, load

FOLDERS = ("gold", ".", "held")
_WITH_PEOPLE = 10


@dataclass
class CarFigures:
    """Cars the claims speak of: proposed, said as a doubt, missed; and cars proposed beyond them."""

    proposed: int = 0
    doubted: int = 0
    missed: int = 0
    further: int = 0
    misses: list[str] = field(default_factory=list)


@dataclass
class EventFigures:
    """How often the event of a text came first, was certain, and how often another one was certain."""

    first: int = 0
    certain: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)


def all_cases() -> list[dict[str, Any]]:
    return [case for folder in FOLDERS for case in load(CASES / folder)]


def measure_cars(cases: list[dict[str, Any]]) -> CarFigures:
    figures = CarFigures()
    for case in cases:
        found = propose(case["body"], FactSheet.from_records(case["data"]))
        spoken = {number for claim in case["claims"] for number in re.findall(r"#(\w+)", claim["subject"])}
        proposed, doubted = set(found.numbers), {number for doubt in found.doubts for number in doubt.numbers}
        missed = spoken - proposed - doubted
        figures.proposed += len(spoken & proposed)
        figures.doubted += len((spoken & doubted) - proposed)
        figures.missed += len(missed)
        figures.further += len(proposed - spoken)
        figures.misses += [f"{case['id']}: #{number}" for number in sorted(missed)]
    return figures


def measure_events(cases: list[dict[str, Any]], *, is_dated: bool) -> EventFigures:
    register, people, own = _register(cases)
    figures = EventFigures()
    for case in cases:
        title = "" if case["title"] == "-" else case["title"] + "\n"
        event = register[own[case["id"]]]
        written = event.ends_on + dt.timedelta(days=1) if is_dated and event.ends_on else None
        found = _ranked(title + case["body"], written, list(register.values()), people)
        is_first = bool(found) and found[0].facts is event
        figures.first += is_first
        figures.certain += is_first and found[0].is_certain
        if found and found[0].is_certain and not is_first:
            figures.wrong += 1
            figures.misses.append(f"{case['id']}: {event.name}, taken for {found[0].facts.name}")
        elif not is_first:
            figures.misses.append(f"{case['id']}: {event.name}, not first")
    return figures


def _ranked(
    text: str, written: dt.date | None, register: list[EventFacts], people: dict[int, list[str]]
) -> list[EventGuess]:
    wording = Wording(text)
    weighed = weigh(wording, Dated.of(text, written), register)
    named = {
        guess.facts.key: [
            one
            for last in people[guess.facts.key]
            if (one := wording.named(wording.phrase(keys_of(last)), is_whole=True))
        ]
        for guess in weighed[:_WITH_PEOPLE]
    }
    return rank(weighed, named)


def _register(cases: list[dict[str, Any]]) -> tuple[dict[int, EventFacts], dict[int, list[str]], dict[str, int]]:
    """The events of all cases with their neighbours in time, who drove there, and which is whose."""
    register: dict[int, EventFacts] = {}
    people: dict[int, list[str]] = {}
    own: dict[str, int] = {}
    for case in cases:
        sheet = FactSheet.from_records(case["data"])
        days = [session.day for session in sheet.sessions if session.day]
        names = sorted({driver.last for driver in sheet.people})
        for years in (0, -1, 1):
            key = len(register)
            first, last = (_shifted(day, years) for day in (min(days), max(days)))
            season = str(first.year) if years else sheet.season
            register[key] = EventFacts(key, sheet.event, (sheet.series,), (sheet.circuit,), season, first, last)
            people[key] = names[::2] if years else names
            own.setdefault(case["id"], key)
    return register, people, own


def _shifted(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year + years, day=min(day.day, 28) if years else day.day)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.factcheck.proposals", description=__doc__)
    parser.add_argument("--misses", action="store_true")
    wanted = parser.parse_args()
    cases = all_cases()
    cars = measure_cars(cases)
    print(f"cars of {len(cases)} texts: {cars.proposed} proposed, {cars.doubted} doubted, {cars.missed} missed", end="")
    print(f"; {cars.further} further ones named without a claim")
    misses = cars.misses
    for words, is_dated in (("dated", True), ("undated", False)):
        events = measure_events(cases, is_dated=is_dated)
        print(f"event, {words}: {events.first} first, {events.certain} certain, {events.wrong} wrongly certain", end="")
        print(f", of {len(cases)}")
        misses += [f"{words}: {miss}" for miss in events.misses]
    if wanted.misses:
        print("\n".join(misses))


if __name__ == "__main__":
    main()
