"""What a file says of a driver besides the name: date of birth, rating of the season, the source's own key."""

from __future__ import annotations

from django.utils.translation import gettext as _

from results.countries import is_unknown
from results.importers.loading.bench import Bench, is_stored
from results.importers.records import DriverRecord
from results.models import Driver, DriverGrade, DriverKey, Season

GRADES = frozenset(DriverGrade.Grade.values)


class People:
    """Collects what the sheets say of known and new drivers; gaps are filled, contradictions are doubts."""

    def __init__(self, bench: Bench, season: Season, key_source: str) -> None:
        self._bench, self._season, self._source = bench, season, key_source
        self._met: dict[int, tuple[Driver, DriverRecord, int | None]] = {}
        self._nations: dict[str, int | None] = {}  # codes nobody knows, and where each stands first

    def meet(self, driver: Driver, record: DriverRecord, line: int | None) -> None:
        if is_unknown(record.nationality):
            self._nations.setdefault(record.nationality.strip(), line)
        if record.birth_date or record.grade or record.key:
            self._met.setdefault(driver.pk or -id(driver), (driver, record, line))

    def settle(self) -> None:
        """Writes it all to the workbench: three queries at most."""
        for driver, record, line in self._met.values():
            self._birth_date(driver, record, line)
        for printed, line in self._nations.items():
            self._bench.doubt(
                _("“%(printed)s” is no country we know. It is kept and shown as printed.") % {"printed": printed},
                line=line,
                column=_("nationality"),
            )
        self._add_keys()
        self._add_grades()

    def _birth_date(self, driver: Driver, record: DriverRecord, line: int | None) -> None:
        said, known = record.birth_date, driver.birth_date
        if said.startswith(known) and said != known:  # nothing known, or less precisely
            self._bench.alter(driver, line=line, birth_date=said)
        elif said and not known.startswith(said):
            self._bench.doubt(
                _("“%(name)s”: born %(said)s in the file, stored is %(known)s; it stays.")
                % {"name": driver.full_name, "said": said, "known": known},
                line=line,
                column=_("date of birth"),
            )

    def _add_keys(self) -> None:
        keyed = [(driver, record.key) for driver, record, _line in self._met.values() if record.key and self._source]
        known = DriverKey.objects.filter(source=self._source, key__in=[key for _driver, key in keyed])
        taken = set(known.values_list("key", flat=True)) if keyed else set()
        for driver, key in keyed:
            if key not in taken:
                taken.add(key)
                self._bench.add(DriverKey(driver=driver, source=self._source, key=key))

    def _add_grades(self) -> None:
        graded = [(driver, record, line) for driver, record, line in self._met.values() if record.grade in GRADES]
        stored = [driver.pk for driver, _record, _line in graded if is_stored(driver)]
        known: dict[int, str] = {}
        if stored and is_stored(self._season):
            rows = DriverGrade.objects.filter(season=self._season, driver__in=stored)
            known = dict(rows.values_list("driver_id", "grade"))
        for driver, record, line in graded:
            before = known.get(driver.pk or 0)
            if before is None:
                self._bench.add(DriverGrade(driver=driver, season=self._season, grade=record.grade), line=line)
            elif before != record.grade:
                said = DriverGrade.Grade(record.grade).label
                self._bench.doubt(
                    _("“%(name)s” is rated %(said)s in the file, stored is %(known)s; it stays.")
                    % {"name": driver.full_name, "said": said, "known": DriverGrade.Grade(before).label},
                    line=line,
                    column=_("rating"),
                )
