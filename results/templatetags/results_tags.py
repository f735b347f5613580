"""What templates ask of the results: the series bar, the "Nächstes Event" box, and times in German notation."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from results import countries, former, partial_dates, schedule, tables, venue_time
from results.calendars import subscription
from results.charts import positions
from results.models import Event, Season, Series, Session
from results.notation import format_lap_time
from results.traces import field_of

register = template.Library()


@register.inclusion_tag("components/series_nav.html", takes_context=True)
def series_nav(context: template.Context) -> dict[str, Any]:
    """The bar of all public series; one query a page."""
    return {"series_list": list(Series.objects.public()), "current": context.get("current_series", "")}


@register.inclusion_tag("components/next_event.html")
def next_event_box(series: Series | None = None, heading: str = "") -> dict[str, Any]:
    """The event that runs or comes next, of one series or of all; at most three queries, nothing where none is known."""
    upcoming = schedule.next_event(series)
    return {"upcoming": upcoming, "heading": heading, "with_series": series is None}


@register.inclusion_tag("components/next_event.html")
def next_event_of_season(season: Season) -> dict[str, Any]:
    """The same where the next event of the series belongs to this season; at most two queries."""
    upcoming = schedule.next_event(season.series, broadcasts=False)
    return {"upcoming": upcoming if upcoming and upcoming.event.season_id == season.pk else None}


@register.inclusion_tag("components/next_event.html")
def next_event_after(event: Event, sessions: list[schedule.ClockedSession]) -> dict[str, Any]:
    """The same beside an event that is over or off; at most two queries, none while it lies ahead or runs."""
    gone = event.status != "scheduled" or (sessions and all(session.is_over for session in sessions))
    upcoming = schedule.next_event(event.season.series, broadcasts=False) if gone or not sessions else None
    return {"upcoming": upcoming if upcoming and upcoming.event != event else None}


@register.inclusion_tag("components/next_event.html")
def next_event_in_short(series: Series | None) -> dict[str, Any]:
    """The same beside a story; one query, nothing for a story without a series."""
    return {"upcoming": schedule.next_programme(series) if series else None}


@register.inclusion_tag("components/subscribe.html")
def subscribe(series: Series | None = None) -> dict[str, Any]:
    """Links to the calendar of a series, or of all, for programs."""
    return {"series": series, **subscription(series.slug if series else None)}


@register.inclusion_tag("components/position_chart.html")
def position_chart(session: Session) -> dict[str, Any]:
    """The first five through the race, with a link to all charts; one query, nothing where laps are not public."""
    field = [] if session.is_timed else field_of(session)
    chart = positions.draw_preview(field) if any(positions.leaders_of(field)) else None
    return {"session": session, "heading": session.name, "chart": chart}


@register.filter
def programme(sessions: list[schedule.ClockedSession]) -> list[schedule.Day]:
    """Sessions grouped by their day at the venue."""
    return schedule.by_day(sessions)


@register.filter
def session_when(session: Session) -> str:
    """`Sa. 09:35 Uhr` at the venue; says so where the time or the day is still open."""
    if session.starts_at is not None:
        local = session.starts_at.astimezone(session.event.zone)
        return f"{venue_time.weekday(local.date())} {venue_time.clock(local)}"
    if session.local_date is not None:
        return _("%(day)s time open") % {"day": venue_time.weekday(session.local_date)}
    return _("date open")


@register.filter
def session_clock(session: Session) -> str:
    """`09:35 Uhr` at the venue, below a heading that names the day."""
    if session.starts_at is None:
        return _("time open") if session.local_date else _("date open")
    return venue_time.clock(session.starts_at.astimezone(session.event.zone))


@register.filter
def session_in_germany(session: Session) -> str:
    """`14:10 Uhr MEZ` where clocks in Germany show something else than at the venue, else empty."""
    return venue_time.in_germany(session.starts_at, session.event.zone) if session.starts_at else ""


@register.filter
def venue_zone(sessions: list[schedule.ClockedSession] | None) -> str:
    """`UTC+3` where the venue does not keep German time, read at the first session with an instant; else empty."""
    for session in sessions or ():
        if session.starts_at is not None:
            zone = session.event.zone
            german = venue_time.is_german_time(session.starts_at, zone)
            return "" if german else venue_time.zone_name(session.starts_at, zone)
    return ""


@register.filter
def event_days(event: Event) -> str:
    """`4.–6. November 2021`, `Oktober 2026` as long as the days are not known."""
    return venue_time.days(event.starts_on, event.ends_on) or partial_dates.in_german(event.around)


@register.filter
def days_below_month(event: Event) -> str:
    """`Fr. 4. – So. 6.` below the heading of the month; empty as long as the days are not known."""
    if event.starts_on is None or event.ends_on is None:
        return ""
    return venue_time.days_within_a_month(event.starts_on, event.ends_on)


@register.inclusion_tag("components/moved.html")
def moved(thing: Session | Event) -> dict[str, Any]:
    """What became of a date that readers were told before: moved from, open, or off; no query."""
    told = former.words_of(thing)
    return {
        "thing": thing,
        "before": told[-1] if told else "",
        "history": former.history(thing),
        "standing": former.standing_of(thing),
        "is_dated": bool(thing.local_date if isinstance(thing, Session) else thing.starts_on),
        "same_day": isinstance(thing, Event) and bool(told) and thing.moved_from is None,
    }


@register.simple_tag
def note_on_date(thing: Session | Event) -> str:
    """Why it does not take place when it should have; one query for what is off, none else."""
    return former.note_on(thing)


@register.filter
def standing(thing: Session | Event) -> str:
    """`scheduled`, `postponed`, `cancelled`: what becomes of an event becomes of its sessions."""
    return former.standing_of(thing).value


@register.filter
def former_days(event: Event) -> str:
    """`15.–17. Mai 2026`, the days told before; empty for an event that only changed its place, or nothing."""
    told = former.former_times_of(event)
    return told[-1].of_event(event) if told and event.moved_from else ""


@register.filter
def former_short(session: Session) -> str:
    """`13:00 Uhr`, `Sa. 13:00 Uhr`, `Sa. 24.10., 13:00 Uhr`: the date told before, beside the one of now."""
    return former.short_words(session)


@register.filter
def lap_time(ms: int | None) -> str:
    """`8:01,234`; empty for none."""
    return format_lap_time(ms) if ms else ""


@register.filter
def long_day(day: dt.date | None) -> str:
    """`Samstag, 6. November 2021`, or that the day is open."""
    return venue_time.long_day(day) if day else _("Date open")


@register.filter
def partial_date(value: str) -> str:
    """`Juni 1957` for `1957-06`."""
    return partial_dates.in_german(value)


@register.filter
def nation(printed: str) -> str:
    """`Deutschland` for whatever a file prints for it."""
    return countries.german_name(printed)


@register.filter
def points(value: Decimal) -> str:
    """`16,5`, and `25` without a comma."""
    return f"{value.normalize():f}".replace(".", ",")


@register.filter
def kilometres(metres: int | None) -> str:
    """`5,148 km`."""
    return f"{metres / 1000:.3f} km".replace(".", ",") if metres else ""


@register.filter
def iso(instant: dt.datetime | None) -> str:
    """`2021-11-06T12:00:00+00:00` for `datetime` attributes, which take no microseconds."""
    return instant.isoformat(timespec="seconds") if instant else ""


@register.filter
def moment(instant: dt.datetime | None) -> str:
    """`5. November 2021, 16:42 Uhr MEZ`."""
    return venue_time.moment(instant) if instant else ""


@register.filter
def moment_at(instant: dt.datetime | None, zone: dt.tzinfo) -> str:
    """`12. Juni 2026, 17:42 Uhr MESZ`, by the clocks at the venue and, where they differ, in Germany."""
    return venue_time.moment_at(instant, zone) if instant else ""


@register.filter
def standing_since(instant: dt.datetime | None, zone: dt.tzinfo) -> str:
    """The same, of today the hour alone."""
    return venue_time.standing_since(instant, zone, timezone.now()) if instant else ""


@register.filter
def german_when(instant: dt.datetime) -> str:
    """`Sa. 14:10 Uhr MEZ`: when something is on air, for a viewer in Germany."""
    german = instant.astimezone(venue_time.GERMANY)
    return f"{venue_time.weekday(german.date())} {venue_time.clock(german)} {venue_time.zone_name(instant, venue_time.GERMANY)}"


@register.filter
def web_address(url: str) -> str:
    """The address if it leads into the web, else nothing: a source may have brought in `javascript:`."""
    return url if url.startswith(("https://", "http://")) else ""


@register.filter
def crew_names(crew: list[dict[str, str]]) -> SafeString:
    return tables.crew_names(crew)


@register.simple_tag
def class_badge(name: str, sequence: int) -> SafeString:
    return tables.class_badge(name, sequence)
