"""Which year an announced weekend means: the nearest to the article in which its weekdays fall inside its days."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from articles.importers.timetable import DayRange, Reference

_REACH = 40  # years: every pairing of weekday and date comes back within so many
_OFFERED = 5


@dataclass(frozen=True, slots=True)
class Dated:
    """A range with its year. Both days are None where nothing at all says when; `years` fit, nearest first."""

    start: dt.date | None
    end: dt.date | None
    doubtful: bool
    years: tuple[int, ...] = ()


def settle(
    days: DayRange,
    weekdays: Collection[int],
    reference: Reference | None,
    today: dt.date | None,
    chosen: int | None = None,
) -> Dated:
    """The range in its year. A person's choice or a printed year decides; without an article date `today` proposes.

    Doubtful too: no year fits the weekdays, or the nearest that does begins more than twelve months away.
    """
    near = reference or (Reference(today, today) if today else None)
    decided = next((year for year in (chosen, days.first_year, _first_year_of(days)) if year is not None), None)
    if decided is not None:
        return _decided(days, decided, weekdays)
    if near is None:
        return Dated(None, None, doubtful=True)
    fitting = [year for year in _nearest_first(days, near) if _fits(days, _span(days, year), weekdays)]
    years = tuple(fitting[:_OFFERED])
    if not years:
        span = _span(days, _nearest_first(days, near)[0])
        return Dated(*span, doubtful=True, years=(span[0].year,))
    span = _span(days, years[0])
    return Dated(*span, doubtful=reference is None or _far(span[0], near), years=years)


def _decided(days: DayRange, year: int, weekdays: Collection[int]) -> Dated:
    span = days.in_year(year)
    if span is None:
        return Dated(None, None, doubtful=True)
    return Dated(*span, doubtful=not _fits(days, span, weekdays), years=(year,))


def days_of(start: dt.date, end: dt.date) -> list[dt.date]:
    return [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]


def _first_year_of(days: DayRange) -> int | None:
    return None if days.last_year is None else days.last_year - (days.last < days.first)


def _span(days: DayRange, year: int) -> tuple[dt.date, dt.date]:
    span = days.in_year(year)
    if span is None:
        raise ValueError(f"{days} has no days in {year}")
    return span


def _nearest_first(days: DayRange, near: Reference) -> list[int]:
    """Years that hold these days, nearest to the reference first, of two alike the later: events are announced ahead."""
    around = range(max(near.start.year - _REACH, 2), min(near.end.year + _REACH, 9998) + 1)
    held = [year for year in around if days.in_year(year)]
    return sorted(held, key=lambda year: (near.distance(*_span(days, year)), -year))


def _fits(days: DayRange, span: tuple[dt.date, dt.date], weekdays: Collection[int]) -> bool:
    inside = {day.weekday() for day in days_of(*span)}
    first_right = days.first_weekday in {None, span[0].weekday()}
    return first_right and days.last_weekday in {None, span[1].weekday()} and inside.issuperset(weekdays)


def _far(start: dt.date, near: Reference) -> bool:
    """More than twelve months from the reference, either way."""
    return start > _shifted(near.end, 1) or start < _shifted(near.start, -1)


def _shifted(day: dt.date, years: int) -> dt.date:
    year = min(max(day.year + years, dt.MINYEAR), dt.MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)
