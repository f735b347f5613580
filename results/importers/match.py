"""Names of a file to rows of the database: by key, exact, by alias or folded; else a new row, named as a doubt.

Nothing is ever merged by likeness: whom a new name means beyond that a person says (`ImportTarget.same`), and what was
said is learned as an alias. All names of a file are looked up with a handful of queries, however many cars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext as _

from results.importers.loading.bench import Bench, is_stored
from results.importers.plan import Newcomer
from results.importers.records import DriverRecord, RowRecord
from results.models import (
    CarModel,
    CrewMember,
    Cup,
    Driver,
    DriverAlias,
    DriverKey,
    Entry,
    Manufacturer,
    RacingClass,
    Series,
    Team,
    TeamAlias,
)
from results.names import fold

M = TypeVar("M", bound=models.Model)

# A seat that nobody has been named for.
NOBODY = frozenset({"n n", "nn", "tba", "tbc", "tbd", "tbn", "to be announced", "wird nachgeliefert"})
_QUOTES = "'\"’‘“”„"


class NameBook(Generic[M]):
    """Rows of one model under their folded names."""

    def __init__(self, bench: Bench, make: Callable[[str], M], known: Iterable[tuple[str, M]]) -> None:
        self._bench, self._make = bench, make
        self._rows: dict[str, M] = {}
        for folded, row in known:
            self._rows.setdefault(folded, row)

    def find(self, name: str | None) -> M | None:
        """The row of that name, None where nobody knows it."""
        return self._rows.get(fold(name or ""))

    def get(self, name: str | None, *, line: int | None = None) -> M | None:
        """The row of that name, a new one where nobody knows it; None for a name without letters or digits."""
        folded = fold(name or "")
        if not folded or name is None:
            return None
        row = self._rows.get(folded)
        if row is None:
            row = self._rows[folded] = self._bench.add(self._make(name.strip()), line=line)
            self._bench.doubt(
                _("New: %(what)s “%(name)s”.") % {"what": row._meta.verbose_name, "name": name.strip()},
                line=line,
                column=str(row._meta.verbose_name),
            )
        return row


def _folded(names: Iterable[str | None]) -> set[str]:
    return {fold(name) for name in names if name} - {""}


class Books:
    """Teams, makes, cars, classes and cups that the rows of a file name; at most seven queries."""

    def __init__(self, bench: Bench, series: Series, rows: list[RowRecord]) -> None:
        teams = _folded(row.team or row.entrant for row in rows)
        makes, cars = _folded(row.manufacturer for row in rows), _folded(row.car for row in rows)
        classes, cups = _folded(row.class_name for row in rows), _folded(cup for row in rows for cup in row.cups)
        known_teams = _teams(teams)
        self.teams = NameBook(bench, lambda name: Team(name=name), known_teams + _said(bench, rows, known_teams))
        self.manufacturers = NameBook(bench, lambda name: Manufacturer(name=name), _known(Manufacturer, makes))
        self.cars = NameBook(bench, lambda name: CarModel(name=name), _known(CarModel, cars))
        self.classes = NameBook(bench, _ClassMaker(series), _known(RacingClass, classes, series))
        self.cups = NameBook(bench, lambda name: Cup(series=series, name=name), _known(Cup, cups, series))


class _ClassMaker:
    """Makes new classes behind those the series has: results name them from the fastest down."""

    def __init__(self, series: Series) -> None:
        self._series = series
        self._next: int | None = None

    def __call__(self, name: str) -> RacingClass:
        if self._next is None:
            last = RacingClass.objects.filter(series=self._series.pk).aggregate(last=Max("sequence"))["last"]
            self._next = 0 if last is None else last + 1
        made = RacingClass(series=self._series, name=name, sequence=self._next)
        self._next += 1
        return made


def _known(model: type[M], folded: set[str], series: Series | None = None) -> list[tuple[str, M]]:
    if not folded or (series is not None and not is_stored(series)):
        return []
    rows = model._default_manager.filter(folded__in=folded)
    if series is not None:
        rows = rows.filter(series=series)
    return [(row.folded, row) for row in rows]  # type: ignore[attr-defined]


def _teams(folded: set[str]) -> list[tuple[str, Team]]:
    if not folded:
        return []
    aliases = TeamAlias.objects.filter(folded__in=folded).select_related("team")
    return [*_known(Team, folded), *((alias.folded, alias.team) for alias in aliases)]


def _said(bench: Bench, rows: list[RowRecord], known: list[tuple[str, Team]]) -> list[tuple[str, Team]]:
    """Teams that a person named for unknown names of the file; each such name becomes an alias."""
    met, chosen = {folded for folded, _team in known}, {}
    for row in rows:
        name = (row.team or row.entrant or "").strip()
        if fold(name) and fold(name) not in met:
            newcomer = Newcomer(f"team:{fold(name)}", "team", name, number=row.number, line=row.line)
            met.add(fold(name))
            if (pk := bench.newcomers.note(newcomer)) is not None:
                chosen[name] = pk
    stored = Team.objects.in_bulk(chosen.values()) if chosen else {}
    said = []
    for name, pk in chosen.items():
        if pk not in stored:
            _gone(bench, name)
            continue
        bench.add(TeamAlias(team=stored[pk], name=name))
        said.append((fold(name), stored[pk]))
    return said


def _gone(bench: Bench, name: str) -> None:
    bench.reject(
        _("“%(name)s” was said to be somebody who is not stored any more. Please choose anew.") % {"name": name}
    )


class DriverBook:
    """Drivers under their folded full names. Names do not identify: namesakes are told apart by birth, car, team, nation.

    The source's own key decides before any name. A name known once is that driver, if no date of birth speaks against
    it. Of several, the one born that day, who already sits in that car, races at that event, drove for that team or has
    that nationality is taken, in this order; then whom a person chose; else a new driver and a doubt.
    """

    def __init__(
        self, bench: Bench, rows: list[RowRecord], stored: Iterable[Entry], seated: Iterable[tuple[str, int]] = ()
    ) -> None:
        """`stored` are the entries of the event there are already, with `crew` prefetched.

        `seated` are numbers and drivers of the crews that single sessions have of their own.
        """
        self._bench = bench
        records = [driver for row in rows for driver in row.drivers]
        folded = _folded(full_name(driver) for driver in records)
        self._candidates = _drivers(folded)
        self._source = bench.newcomers.key_source
        self._by_key, self._keys = self._load_keys(records)
        self._said = self._load_said()
        self._nations = _by_name(records, lambda driver: driver.nationality)
        self._births = _by_name(records, lambda driver: driver.birth_date)
        self._doubt_towns(_by_name(records, lambda driver: driver.town))
        self._chosen: dict[tuple[str, str], Driver] = {}
        self._cars: dict[str, set[int]] = {
            entry.number: {member.driver_id for member in entry.crew.all()} for entry in stored
        }
        for number, driver in seated:
            self._cars.setdefault(number, set()).add(driver)
        self._event = {driver for crew in self._cars.values() for driver in crew}
        self._teams = self._drivers_of_teams()

    def is_nobody(self, record: DriverRecord) -> bool:
        """Whether the seat is not filled yet."""
        folded = fold(full_name(record))
        return not folded or folded in NOBODY

    def find(self, record: DriverRecord, *, number: str, team: Team | None, line: int | None) -> Driver | None:
        """The driver in that seat of that car; None where nobody knows one of that name, or which of several."""
        known = self._by_key.get(record.key) or self._by_name(record, number, team, line)
        if known is not None:
            self._bench.newcomers.meet(known.pk, number)
            return known
        chosen = self._bench.newcomers.note(self._newcomer(record, number, team, line))
        return self._chosen.get(self._key(record)) if chosen is None else self._take_said(record, chosen)

    def _by_name(self, record: DriverRecord, number: str, team: Team | None, line: int | None) -> Driver | None:
        folded = fold(full_name(record))
        candidates = [driver for driver in self._candidates.get(folded, []) if self._not_another(driver, record)]
        if len(candidates) == 1 and not self._names_several(folded):
            self._compare_nation(candidates[0], record, line)
            return candidates[0]
        same_birth = [driver for driver in candidates if record.birth_date and driver.birth_date]
        if len(same_birth) == 1:
            return same_birth[0]
        for known in self._rings(number, team):
            near = [driver for driver in candidates if driver.pk in known]
            if len(near) == 1 and _may_be(near[0], record):
                return near[0]
        same_nation = [driver for driver in candidates if record.nationality and _nation(driver) == _nation(record)]
        return same_nation[0] if len(same_nation) == 1 else None

    def _names_several(self, folded: str) -> bool:
        """Whether the file itself tells two people of one name apart."""
        return len(self._nations[folded]) > 1 or len(self._births[folded]) > 1

    def _not_another(self, driver: Driver, record: DriverRecord) -> bool:
        """Whether neither the date of birth nor the source's own key says that this is somebody else."""
        said, known = record.birth_date, driver.birth_date
        key = self._keys.get(driver.pk)
        return (said.startswith(known) or known.startswith(said)) and (not record.key or key in {None, record.key})

    def _load_keys(self, records: list[DriverRecord]) -> tuple[dict[str, Driver], dict[int, str]]:
        """Drivers under the keys of this source, and which keys of it the candidates have."""
        printed = {record.key for record in records if record.key}
        if not self._source or not printed:
            return {}, {}
        keys = DriverKey.objects.filter(source=self._source)
        by_key = {key.key: key.driver for key in keys.filter(key__in=printed).select_related("driver")}
        namesakes = [driver.pk for drivers in self._candidates.values() for driver in drivers]
        return by_key, dict(keys.filter(driver__in=namesakes).values_list("driver", "key"))

    # what a person said

    def _newcomer(self, record: DriverRecord, number: str, team: Team | None, line: int | None) -> Newcomer:
        folded, apart = self._key(record)
        return Newcomer(
            ":".join(part for part in ("driver", folded, apart) if part), "driver", full_name(record),
            first_name=record.first_name.strip(), last_name=record.last_name.strip(), number=number,
            team=team.pk if team else None, nationality=record.nationality.strip(), birth_date=record.birth_date,
            town=record.town.strip(), line=line,
        )  # fmt: skip

    def _load_said(self) -> dict[int, Driver]:
        wanted = [pk for key, pk in self._bench.newcomers.same.items() if key.startswith("driver:")]
        return Driver.objects.in_bulk(wanted) if wanted else {}

    def _take_said(self, record: DriverRecord, pk: int) -> Driver | None:
        """The driver a person chose for the name, which becomes an alias of his."""
        key, driver = self._key(record), self._said.get(pk)
        if key in self._chosen:
            return self._chosen[key]
        if driver is None:
            _gone(self._bench, full_name(record))
            return None
        self._chosen[key] = driver
        if driver not in self._candidates.get(key[0], []):
            self._bench.add(DriverAlias(driver=driver, name=full_name(record)))
        return driver

    def _rings(self, number: str, team: Team | None) -> tuple[set[int], set[int], set[int]]:
        return self._cars.get(number, set()), self._event, self._teams.get(team.pk if team else None, set())

    def _key(self, record: DriverRecord) -> tuple[str, str]:
        """What tells new drivers of one file apart: the name; the source's key, or nation and birth where it prints two."""
        folded = fold(full_name(record))
        if self._source and record.key:
            return folded, record.key
        nation = _nation(record) if len(self._nations[folded]) > 1 else ""
        birth = record.birth_date if len(self._births[folded]) > 1 else ""
        return folded, f"{nation} {birth}".strip()

    def new(self, record: DriverRecord, *, line: int | None) -> Driver:
        """A driver nobody knows, one a file."""
        key = self._key(record)
        folded = key[0]
        if key in self._chosen:
            return self._chosen[key]
        namesakes = bool(self._candidates.get(folded)) or any(name == folded for name, _other in self._chosen)
        quoted = record.last_name[:1] in _QUOTES and record.last_name[-1:] in _QUOTES
        driver = self._bench.add(
            Driver(
                first_name=record.first_name.strip(),
                last_name=record.last_name.strip(),
                nationality=record.nationality.strip(),
                town=record.town.strip(),
                is_pseudonym=quoted and bool(record.last_name),
            ),
            line=line,
        )
        self._chosen[key] = driver
        said = _("New: driver “%(name)s”, a namesake of one already known. The same person?") if namesakes else _(
            "New: driver “%(name)s”."
        )  # fmt: skip
        self._bench.doubt(said % {"name": full_name(record)}, line=line, column=_("driver"))
        return driver

    def _compare_nation(self, driver: Driver, record: DriverRecord, line: int | None) -> None:
        if not _may_be(driver, record):
            self._bench.doubt(
                _("“%(name)s” is known as %(known)s, the file says %(said)s. Taken for the same person.")
                % {"name": driver.full_name, "known": driver.nationality, "said": record.nationality},
                line=line,
                column=_("driver"),
            )

    def _doubt_towns(self, towns: dict[str, set[str]]) -> None:
        for folded, named in towns.items():
            if len(named) > 1 and len(self._nations[folded]) < 2:  # noqa: PLR2004
                self._bench.doubt(
                    _("“%(name)s” is listed from two places (%(towns)s). Taken for one person.")
                    % {"name": folded.title(), "towns": ", ".join(sorted(named))},
                    column=_("driver"),
                )

    def _drivers_of_teams(self) -> dict[int | None, set[int]]:
        """Who of the namesakes drove for which team; asked only where there are namesakes."""
        ambiguous = [driver.pk for drivers in self._candidates.values() if len(drivers) > 1 for driver in drivers]
        teams: dict[int | None, set[int]] = defaultdict(set)
        if ambiguous:
            seats = CrewMember.objects.filter(driver__in=ambiguous).values_list("entry__team", "driver").distinct()
            for team, driver in seats:
                teams[team].add(driver)
        return teams


def full_name(record: DriverRecord) -> str:
    return f"{record.first_name} {record.last_name}".strip()


def _nation(person: Driver | DriverRecord) -> str:
    return fold(person.nationality)


def _may_be(driver: Driver, record: DriverRecord) -> bool:
    """Whether the printed nationalities do not speak against it."""
    return not record.nationality or not driver.nationality or _nation(driver) == _nation(record)


def _by_name(records: list[DriverRecord], what: Callable[[DriverRecord], str]) -> dict[str, set[str]]:
    """The different values that a file prints for each name, the empty one and placeholders left out."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for record in records:
        printed = what(record).strip()
        if fold(printed) and fold(printed) not in NOBODY:
            values[fold(full_name(record))].setdefault(fold(printed), printed)
    return defaultdict(set, {name: set(printed.values()) for name, printed in values.items()})


def _drivers(folded: set[str]) -> dict[str, list[Driver]]:
    found: dict[str, dict[int, Driver]] = defaultdict(dict)
    if folded:
        for driver in Driver.objects.filter(folded__in=folded):
            found[driver.folded][driver.pk] = driver
        for alias in DriverAlias.objects.filter(folded__in=folded).select_related("driver"):
            found[alias.folded].setdefault(alias.driver.pk, alias.driver)
    return {name: list(drivers.values()) for name, drivers in found.items()}
