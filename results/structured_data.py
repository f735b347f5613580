"""Data for search engines in a page of facts (schema.org): it says what the page says, and nothing else."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from results.former import former_times_of, standing_of
from results.history import Version
from results.models import CalendarStatus, Circuit, Driver, Event, Session
from results.standings.shown import ShownChampionship

# Inside a script element these signs could end it or start another.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
STATES = {
    CalendarStatus.SCHEDULED: "https://schema.org/EventScheduled",
    CalendarStatus.POSTPONED: "https://schema.org/EventPostponed",
    CalendarStatus.CANCELLED: "https://schema.org/EventCancelled",
}
RESCHEDULED = "https://schema.org/EventRescheduled"
SCHEMA = {"@context": "https://schema.org"}

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Json:
    """JSON for a script element of a data type: never executed, and escaped so that it cannot leave its element."""

    data: Data

    def __html__(self) -> str:
        return json.dumps(self.data, ensure_ascii=False).translate(_ESCAPES)


def data_block(data: Data) -> SafeString:
    return format_html('<script type="application/ld+json">{}</script>', _Json(data))


def sports_event(event: Event, sessions: Sequence[Session]) -> Data:
    """https://schema.org/SportsEvent of an event with its sessions as parts."""
    parts = [_part(session) for session in sessions if session.parent_id is None]
    return {**SCHEMA, **_event(event), **({"subEvent": parts} if parts else {})}


def session_event(session: Session, result: Version | None = None) -> Data:
    """The same of one session, as a part of its event, with the version of its result that stands now."""
    said = {"subjectOf": _dataset(session, result)} if result else {}
    return {**SCHEMA, **_part(session), "superEvent": _event(session.event), **_where_and_who(session.event), **said}


def _dataset(session: Session, result: Version) -> Data:
    """https://schema.org/Dataset of a classification: which version, in which state, since when, and its files."""
    address = f"{settings.SITE_URL}{session.get_absolute_url()}"
    scored = f"?{urlencode({'wertung': result.checkpoint})}" if result.checkpoint else ""
    files = {"csv": "text/csv", "json": "application/json"}
    return {
        "@type": "Dataset",
        "name": f"{session.event.name}: {session.name}",
        "url": address + scored,
        "version": str(result.number),
        "creativeWorkStatus": result.state,
        "dateModified": result.opened.isoformat(timespec="seconds"),
        "license": settings.DATA_LICENSE,
        "distribution": [] if result.is_annulled else [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{address}ergebnis.{form}{scored}"}
            for form, kind in files.items()
        ],
    }  # fmt: skip


def standing_dataset(shown: ShownChampionship) -> Data:
    """https://schema.org/Dataset of a championship's newest table, with its files."""
    season = shown.season
    files = {"csv": "text/csv", "json": "application/json"}
    return {
        **SCHEMA,
        "@type": "Dataset",
        "name": f"{shown.championship.name}, {season.name_of_series} {season.label}",
        "url": f"{settings.SITE_URL}{shown.table_address}",
        "license": settings.DATA_LICENSE,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": f"{settings.SITE_URL}{shown.export_address}{form}",
            }
            for form, kind in files.items()
        ],
    }


def _event(event: Event) -> Data:
    data = {
        "@type": "SportsEvent",
        "@id": f"{settings.SITE_URL}{event.get_absolute_url()}#event",
        "name": event.name,
        "url": f"{settings.SITE_URL}{event.get_absolute_url()}",
        **_state(standing_of(event), moved=event.moved_from is not None),
        **_where_and_who(event),
    }
    told = former_times_of(event)
    if event.starts_on and event.ends_on:
        data["startDate"], data["endDate"] = event.starts_on.isoformat(), event.ends_on.isoformat()
    elif told:  # postponed, and the new days are open: the former ones identify it
        data["startDate"] = told[-1].on.isoformat()
    if event.moved_from:
        data["previousStartDate"] = event.moved_from.isoformat()
    return data


def _part(session: Session) -> Data:
    event = session.event
    told = former_times_of(session)
    before = _start(told[-1].at, told[-1].on, event) if told else None
    address = f"{settings.SITE_URL}{session.get_absolute_url()}"
    data = {
        "@type": "SportsEvent",
        "@id": f"{address}#event",
        "name": f"{event.name}: {session.name}",
        "url": address,
        **_state(standing_of(session), moved=before is not None),
        "location": place(event.circuit) if event.circuit else None,
    }
    data["startDate"] = _start(session.starts_at, session.local_date, event) or before
    if session.ends_at and not session.end_estimated:
        data["endDate"] = _start(session.ends_at, None, event)
    data["previousStartDate"] = before
    return {name: value for name, value in data.items() if value is not None}


def _start(instant: dt.datetime | None, day: dt.date | None, event: Event) -> str | None:
    """Instants at the venue, days where the hour is open."""
    if instant is not None:
        return instant.astimezone(event.zone).isoformat(timespec="seconds")
    return day.isoformat() if day else None


def _state(status: str, *, moved: bool) -> Data:
    rescheduled = moved and status == CalendarStatus.SCHEDULED
    return {
        "eventStatus": RESCHEDULED if rescheduled else STATES[CalendarStatus(status)],
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "sport": "Motorsport",
    }


def _where_and_who(event: Event) -> Data:
    series = event.season.series
    organizer = {
        "@type": "SportsOrganization",
        "name": series.name,
        "url": f"{settings.SITE_URL}{series.get_absolute_url()}",
    }
    return {"organizer": organizer, **({"location": place(event.circuit)} if event.circuit else {})}


def place(circuit: Circuit) -> Data:
    return {
        "@type": "Place",
        "name": circuit.name,
        "url": f"{settings.SITE_URL}{circuit.get_absolute_url()}",
        "address": circuit.town or circuit.name,
    }


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> Data:
    """https://schema.org/BreadcrumbList of names and paths, outermost first."""
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": f"{settings.SITE_URL}{path}"}
        for position, (name, path) in enumerate(trail, start=1)
    ]
    return {**SCHEMA, "@type": "BreadcrumbList", "itemListElement": items}


def profile_page(name: str, path: str, **person: str) -> Data:
    """https://schema.org/ProfilePage of a person: a driver, an author."""
    about = {"@type": "Person", "name": name, "url": f"{settings.SITE_URL}{path}", **person}
    return {**SCHEMA, "@type": "ProfilePage", "url": f"{settings.SITE_URL}{path}", "mainEntity": about}


def driver_page(driver: Driver) -> Data:
    return profile_page(driver.full_name, driver.get_absolute_url())
