"""Where the facts of a file belong: series, season, circuit and event.

What the file says itself comes first, what a person chose (`ImportTarget`) fills the gaps.
"""

from __future__ import annotations

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from results.importers.document import FIRST_YEAR, LAST_YEAR
from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.sessions import Sessions
from results.importers.plan import ImportTarget
from results.importers.records import ParsedFile
from results.models import Circuit, Event, Layout, Season, Series
from results.models.calendar import validate_time_zone
from results.names import fold, slugify_german
from results.release import database_now


class Place:
    """The event of an import with its series and season; new ones wait on the workbench.

    `event` is None when something is missing to make one; `missing` names the fields of ImportTarget.
    """

    def __init__(self, bench: Bench, parsed: ParsedFile, target: ImportTarget, *, lock: bool) -> None:
        self._bench, self._parsed, self._target, self._lock = bench, parsed, target, lock
        self.missing: list[str] = []
        self.event: Event | None = None
        self._circuits: dict[str, Circuit] = {}
        if target.date is not None and not FIRST_YEAR <= target.date.year <= LAST_YEAR:
            bench.reject(_("The year %(year)s cannot be right.") % {"year": target.date.year}, column="date")
        if target.event is not None:
            self.event = self._chosen_event(target.event)
        elif not self.is_calendar:
            self.event = self._named_event()

    @property
    def is_calendar(self) -> bool:
        """Whether the file holds nothing but the dates of seasons and belongs to no event."""
        parsed = self._parsed
        return bool(parsed.calendar) and not (parsed.sessions or parsed.standings or parsed.event or self._target.event)

    @property
    def names_itself(self) -> bool:
        """Whether the file says what it is about."""
        return bool(self._parsed.series and self._parsed.event)

    @property
    def is_authority(self) -> bool:
        """Whether it says so in words that may correct names and dates of sessions."""
        return self.names_itself and not self._parsed.proposes

    def _chosen_event(self, chosen: Event) -> Event:
        event = Event.objects.select_related("season__series", "circuit").get(pk=chosen.pk)
        season = self._parsed.season
        claims: list[tuple[str | None, Series | Season]] = [(season, event.season)]
        if not self._parsed.proposes:
            claims.insert(0, (self._parsed.series, event.season.series))
        elif season and _holds(event.season.label, season):
            claims.clear()
        for said, known in claims:
            if said and not _is_called(known, said):
                self._bench.reject(
                    _("The file belongs to “%(said)s”, the chosen event to “%(known)s”.")
                    % {"said": said, "known": known}
                )
        if self._parsed.event and fold(self._parsed.event) != fold(event.name):
            self._bench.doubt(
                _("The file names the event “%(said)s”, the chosen one is “%(known)s”.")
                % {"said": self._parsed.event, "known": event.name}
            )
        self._describe(event)
        return event

    def _named_event(self) -> Event | None:
        said = {
            "series": self._said("series", self._parsed.series, self._target.series),
            "season": self._said("season", self._parsed.season, self._target.season),
            "name": self._said("name", self._parsed.event, self._target.name),
        }
        self.missing += [field for field, value in said.items() if not fold(value)]
        if not self.names_itself and not self._target.create:
            self.missing.append("create")
        if self.missing:
            self.missing += self._unsaid()
            return None
        series = find_series(self._bench, said["series"])
        season = find_season(self._bench, series, said["season"])
        event = find_event(season, said["name"]) or self._new_event(season, said["name"])
        if event is not None:
            self._describe(event)
        return event

    def _unsaid(self) -> list[str]:
        """What a new event needs besides its name, so that a person is asked once for everything."""
        known = {"zone": self._parsed.time_zone or self._target.zone, "date": _days(self._parsed, self._target)[0]}
        return [field for field, value in known.items() if not value]

    def _said(self, field: str, in_file: str | None, chosen: str) -> str:
        """The file's word, else the person's; both different is a contradiction, unless the file only proposes."""
        if self._parsed.proposes and (field != "season" or _holds(chosen, in_file or "")):
            return (chosen or in_file or "").strip()
        if in_file and chosen and fold(in_file) != fold(chosen):
            self._bench.reject(
                _("The file says “%(said)s”, “%(chosen)s” was asked for.") % {"said": in_file, "chosen": chosen},
                column=field,
            )
        return (in_file or chosen).strip()

    def _new_event(self, season: Season, name: str) -> Event | None:
        zone = self._zone()
        first, last = _days(self._parsed, self._target)
        if first is None and not self.names_itself:
            self.missing.append("date")
        if zone is None or self.missing:
            return None
        event = Event(season=season, name=name, time_zone=zone, starts_on=first, ends_on=last)
        return self._bench.add(event)

    def _zone(self) -> str | None:
        zone = self._parsed.time_zone or self._target.zone
        if not zone:
            self.missing.append("zone")
            return None
        try:
            validate_time_zone(zone)
        except ValidationError as error:
            self._bench.reject(error.messages[0], column="timezone")
            return None
        return zone

    def _describe(self, event: Event) -> None:
        """Circuit, layout and days: gaps are filled, contradictions of a stored event are doubts."""
        circuit = self.circuit(self._parsed.circuit, event.time_zone, create=event.circuit is None)
        if circuit is not None and event.circuit is None:
            self._bench.alter(event, circuit=circuit)
        elif circuit is not None and event.circuit != circuit:
            self._bench.doubt(
                _("The file names the circuit “%(said)s”, stored is “%(known)s”; it stays.")
                % {"said": circuit.name, "known": event.circuit}
            )
        if self._parsed.layout and event.circuit is not None and event.layout is None:
            self._bench.alter(event, layout=_find_layout(self._bench, event.circuit, self._parsed.layout))
        zone = self._parsed.time_zone or self._target.zone
        if zone and zone != event.time_zone:
            self._bench.doubt(
                _("The file names the time zone %(said)s, stored is %(known)s; it stays.")
                % {"said": zone, "known": event.time_zone}
            )
        if is_stored(event):
            self._widen(event)

    def _widen(self, event: Event) -> None:
        first, last = _days(self._parsed, self._target, hidden=self._hidden(event))
        if first is None or last is None:
            return
        if self._parsed.start is None:  # days of these sessions: the event may have further ones
            first, last = min(first, event.starts_on or first), max(last, event.ends_on or last)
        self._bench.alter(event, starts_on=first, ends_on=last)

    def _hidden(self, event: Event) -> frozenset[str]:
        """The keys, in the words of the file, of sessions that are not public: on which day they are is nothing
        readers may tell from the event.
        """
        if self._parsed.start is not None:
            return frozenset()
        sessions, now, records = Sessions(self._bench, event, lock=False), database_now(), self._parsed.sessions
        found = {
            key: sessions.known(record, key, authoritative=self.is_authority)
            for key, record in zip(_keys(self._parsed, self._target), records, strict=True)
        }
        found[self._target.session] = sessions.get(self._target.session)
        return frozenset(key.casefold() for key, one in found.items() if one is not None and one.is_hidden_at(now))

    def circuit(self, name: str | None, zone: str, *, create: bool = True) -> Circuit | None:
        """The circuit of that name or alias; where nobody knows it a new one, or one that is not kept."""
        folded = fold(name or "")
        if not folded or name is None:
            return None
        if folded not in self._circuits:
            stored = Circuit.objects.filter(Q(folded=folded) | Q(aliases__folded=folded)).order_by("pk").first()
            if stored is None and not create:
                return Circuit(name=name.strip())
            if stored is None:
                stored = self._bench.add(Circuit(name=name.strip(), time_zone=zone))
                _doubt_new(self._bench, stored)
            self._circuits[folded] = stored
        return self._circuits[folded]


def _holds(label: str, year: str) -> bool:
    """Whether a season's label holds the year: `2025-26` holds 2025 and 2026."""
    parts = re.findall(r"[0-9]+", label)
    return bool(parts) and (year in parts or year == parts[0][:2] + parts[-1])


def _is_called(known: Series | Season, said: str) -> bool:
    if isinstance(known, Season):
        return fold(known.label) == fold(said)
    return known == Series.objects.filter(_series_named(said)).first()


def _doubt_new(bench: Bench, row: Series | Circuit) -> None:
    bench.doubt(_("New: %(what)s “%(name)s”.") % {"what": row._meta.verbose_name, "name": row.name})


def _series_named(name: str) -> Q:
    folded = fold(name)
    return (
        Q(folded=folded) | Q(aliases__folded=folded) | Q(short_name__iexact=name.strip()) | Q(slug=slugify_german(name))
    )


def stored_series(name: str) -> Series | None:
    """The one series of that name, short name, alias or address."""
    stored = list(Series.objects.filter(_series_named(name)).distinct().order_by("pk"))
    exact = [series for series in stored if series.folded == fold(name)]
    return (exact or stored)[0] if exact or len(stored) == 1 else None


def find_series(bench: Bench, name: str) -> Series:
    """The stored series of that name; a new one where nobody knows it."""
    if (known := stored_series(name)) is not None:
        return known
    series = bench.add(Series(name=name))
    _doubt_new(bench, series)
    return series


def find_season(bench: Bench, series: Series, label: str) -> Season:
    stored = None if not is_stored(series) else Season.objects.filter(series=series, label__iexact=label).first()
    if stored is None:
        return bench.add(Season(series=series, label=label))
    stored.series = series
    return stored


def find_event(season: Season, name: str) -> Event | None:
    """The event of that address or folded name in the season."""
    if not is_stored(season):
        return None
    stored = list(Event.objects.filter(season=season).select_related("circuit", "layout").order_by("pk"))
    named = [event for event in stored if fold(event.name) == fold(name)]
    found = named or [event for event in stored if event.slug in {name, slugify_german(name)}]
    if not found:
        return None
    found[0].season = season
    return found[0]


def _find_layout(bench: Bench, circuit: Circuit, name: str) -> Layout:
    stored = [] if not is_stored(circuit) else list(Layout.objects.filter(circuit=circuit).order_by("pk"))
    for layout in stored:
        if fold(layout.name) == fold(name):
            return layout
    return bench.add(Layout(circuit=circuit, name=name))


def _days(
    parsed: ParsedFile, target: ImportTarget, *, hidden: frozenset[str] = frozenset()
) -> tuple[dt.date | None, dt.date | None]:
    """First and last day: as the file says, else those of its sessions that are not `hidden`, else the chosen day."""
    if parsed.start is not None:
        return parsed.start, parsed.end or parsed.start
    said = [(key, session.date) for key, session in zip(_keys(parsed, target), parsed.sessions, strict=True)]
    days = [day for key, day in said if day is not None and key.casefold() not in hidden]
    if days:
        return min(days), max(days)
    dated = any(day is not None for _key, day in said) or target.session.casefold() in hidden
    return (None, None) if dated else (target.date, target.date)


def _keys(parsed: ParsedFile, target: ImportTarget) -> list[str]:
    """The keys of the file's sessions; that of an only one may be chosen."""
    return [session.key if len(parsed.sessions) > 1 else target.session or session.key for session in parsed.sessions]
