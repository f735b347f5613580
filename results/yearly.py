"""The calendar over all series, month by month: what a reader chose, and which events stand in which month."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import DateField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, ExtractYear, Left, Now, NullIf, TruncMonth
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters.filters import ChoiceFilter
from django_filters.filterset import FilterSet

from results.filters import LeanSelect
from results.models import Event, Series, Session, SessionKind
from results.schedule import ClockedSession, venue_today, with_clock
from results.selectors import RACES, Result, results_of, scored

LIMIT = 1_500  # events on one page; no year of ours has more
MAIN = (*RACES, SessionKind.QUALIFYING)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the calendar: its results once it is over, its main sessions before."""

    event: Event
    results: list[Result]
    sessions: list[ClockedSession]


@dataclass(frozen=True, slots=True)
class Month:
    """`first` is the first of the month; None gathers what has no month yet."""

    first: dt.date | None
    entries: list[Entry] = field(default_factory=list)

    @property
    def name(self) -> str:
        return dateformat.format(self.first, "F Y") if self.first else _("Date open")

    @property
    def anchor(self) -> str:
        return f"m{self.first:%Y-%m}" if self.first else "offen"


class CalendarFilter(FilterSet):
    """Which series and which year; without a year everything from this month on."""

    serie = ChoiceFilter(
        field_name="season__series__slug",
        label=pgettext_lazy("one of them", "Series"),
        empty_label=gettext_lazy("all series"),
    )
    jahr = ChoiceFilter(
        field_name="year", label=gettext_lazy("Year"), empty_label=gettext_lazy("from now on"), method="of_year"
    )

    class Meta:
        model = Event
        fields = ["serie", "jahr"]

    def __init__(self, *args: Any, series: Iterable[Series], years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["serie"].extra.update(choices=[(one.slug, one.label) for one in series], widget=LeanSelect)
        self.filters["jahr"].extra.update(choices=[(str(year), str(year)) for year in years], widget=LeanSelect)

    def of_year(self, events: QuerySet[Any, Any], _name: str, value: str) -> QuerySet[Any, Any]:
        return events.filter(year=int(value))


class ShownCalendar:
    """The calendar as the reader asked for it; BadRequest for a choice that does not exist. Six queries."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        self.series = list(Series.objects.public())
        public: QuerySet[Any, Any] = Event.objects.public().annotate(year=year_of_event())
        known = public.filter(year__isnull=False).values_list("year", flat=True)
        self.years = sorted(set(known.distinct()), reverse=True)
        self.filter = CalendarFilter(asked, public, series=self.series, years=self.years)
        if not self.filter.is_valid():
            raise BadRequest("no such choice")
        self.chosen = {name: value for name, value in self.filter.form.cleaned_data.items() if value}

    @property
    def form(self) -> Any:
        return self.filter.form

    @cached_property
    def one_series(self) -> Series | None:
        """The series that was chosen."""
        return next((one for one in self.series if one.slug == self.chosen.get("serie")), None)

    @cached_property
    def months(self) -> list[Month]:
        today = venue_today("time_zone")
        events = self.filter.qs.annotate(
            is_over=Q(ends_on__lt=today), is_now=Q(starts_on__lte=today, ends_on__gte=today), today=today
        ).select_related("season__series", "circuit")
        listed = list(self._ahead(events).order_by(F("starts_on").asc(nulls_last=True), "around", "pk")[:LIMIT])
        results = _by_event(results_of(_finished(listed)))
        sessions = _sessions(listed)
        months: dict[dt.date | None, Month] = {}
        for event in listed:
            first = _month(event)
            month = months.setdefault(first, Month(first))
            month.entries.append(Entry(event, results.get(event.pk, []), sessions.get(event.pk, [])))
        return sorted(months.values(), key=lambda month: (month.first is None, month.first or dt.date.max))

    def _ahead(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Without a year: what ends in this month or later, and what has no day yet and lies in no year gone by."""
        if self.chosen.get("jahr"):
            return events
        this_month = Cast(TruncMonth(Now()), DateField())
        coming_year = Q(year__isnull=True) | Q(year__gte=ExtractYear(Now()))
        return events.filter(Q(ends_on__gte=this_month) | Q(ends_on__isnull=True) & coming_year)


def year_of_event() -> Coalesce:
    """The year of the first day, else that of the rough date."""
    around = Cast(NullIf(Left("around", 4), Value("")), IntegerField())
    return Coalesce(ExtractYear("starts_on"), around, output_field=IntegerField())


def _month(event: Event) -> dt.date | None:
    if event.starts_on:
        return event.starts_on.replace(day=1)
    year, _dash, month = event.around.partition("-")
    return dt.date(int(year), int(month[:2]), 1) if month else None


def _finished(events: list[Event]) -> QuerySet[Session]:
    races = scored(RACES).filter(event__in=events).select_related("event__season__series")
    return races.order_by("local_date", "starts_at", "sequence", "pk")


def _by_event(results: list[Result]) -> dict[int, list[Result]]:
    grouped: dict[int, list[Result]] = {}
    for result in results:
        grouped.setdefault(result.session.event_id, []).append(result)
    return grouped


def _sessions(events: list[Event]) -> dict[int, list[ClockedSession]]:
    """Qualifyings and races of events that are not over, in order; one query."""
    ahead = {event.pk: event for event in events if not event.is_over}  # type: ignore[attr-defined]  # annotated
    sessions = with_clock(Session.objects.public().filter(event__in=ahead, kind__in=MAIN, parent__isnull=True))
    grouped: dict[int, list[ClockedSession]] = {}
    for session in sessions.order_by("local_date", F("starts_at").asc(nulls_last=True), "sequence", "pk"):
        session.event = ahead[session.event_id]
        grouped.setdefault(session.event_id, []).append(session)
    return grouped
