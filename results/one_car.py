"""One car of a session: its laps under their stints, and the share of each driver."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from results.lap_tables import LapTable, ShareTable, lap_time, whole_seconds
from results.laps import LapLine, StintLaps, by_stint, get_car, laps_of, struck_laps
from results.models import DriverShare, Session, SessionEntry, Stint

SHORT = 60  # laps that are shown without folding their stints


@dataclass(frozen=True, slots=True)
class ShownStint:
    """A stint and the table of its laps. `title` names who drove where the laps say so; `facts` are its figures."""

    title: str
    facts: list[str]
    table: LapTable
    is_open: bool


@dataclass(frozen=True, slots=True)
class ShownCar:
    """What the page of a car's laps shows."""

    car: SessionEntry
    laps: list[LapLine]
    stints: list[ShownStint]
    shares: ShareTable | None
    best: LapLine | None
    stops: int

    @property
    def best_time(self) -> str:
        return lap_time(self.best.time_ms) if self.best else ""


def shown_car(session: Session, key: str) -> ShownCar:
    """The car of that number in a session whose laps are released, five queries; Http404 without laps."""
    car = get_car(session, key)
    laps = laps_of(car, struck_laps([car.pk])[car.pk])
    stints = list(Stint.objects.filter(session_entry=car).select_related("driver").order_by("sequence"))
    shares = list(DriverShare.objects.filter(session_entry=car).select_related("driver").order_by("seat"))
    best = min((lap for lap in laps if lap.counts and lap.time_ms), key=lambda lap: lap.time_ms or 0, default=None)
    groups = by_stint(laps, stints)
    shown = [_shown(n, group, laps, shares, best) for n, group in enumerate(groups, start=1)]
    return ShownCar(
        car=car,
        laps=laps,
        stints=shown,
        shares=ShareTable(shares, caption=_("Drivers of this car")) if shares else None,
        best=best,
        stops=sum(lap.in_pit for lap in laps),
    )


def _shown(
    sequence: int, group: StintLaps, laps: list[LapLine], shares: list[DriverShare], best: LapLine | None
) -> ShownStint:
    first, last = group.laps[0].number, group.laps[-1].number
    span = _("Lap %(first)d") if first == last else _("Laps %(first)d to %(last)d")
    title = span % {"first": first, "last": last}
    drivers: dict[int | None, str] = {share.seat: str(share.driver) for share in shares if share.driver}
    several = len({lap.seat for lap in group.laps}) > 1
    table = LapTable(
        group.laps,
        caption=title,
        best_ms=best.time_ms if best else None,
        whole=laps,
        drivers=drivers if several else None,
    )
    who = str(group.stint.driver) if group.stint and group.stint.driver else drivers.get(group.laps[0].seat, "")
    return ShownStint(
        title=f"{title}: {who}" if who and not several else title,
        facts=_facts(group.stint),
        table=table,
        is_open=len(laps) <= SHORT or sequence == 1,
    )


def _facts(stint: Stint | None) -> list[str]:
    """`1:43:07 Stunden`, `beste Runde 8:01,234`, `Stopp 2:35,306`: what is known of a stint."""
    if stint is None:
        return []
    return [
        words % {"time": time}
        for words, time in (
            (_("%(time)s at the wheel"), whole_seconds(stint.drive_ms)),
            (_("best lap %(time)s"), lap_time(stint.best_lap_ms)),
            (_("stop %(time)s"), lap_time(stint.pit_ms)),
        )
        if time
    ]
