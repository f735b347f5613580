"""Tables of laps: cars and drivers of a session, the laps of a car, two cars side by side."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from results.duel import Driven, Round
from results.laps import LapLine, car_key
from results.models import DriverShare, Session
from results.notation import Gap, format_duration, format_gap, format_lap_time
from results.tables import LeanColumn, LeanTable, blank, class_badge

Row = Mapping[str, Any]


class SessionCarTable(LeanTable):
    """A table of a session's cars: the number leads to the car's laps."""

    def __init__(self, data: Any, *, session: Session, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        season = session.event.season
        # One `reverse` a table; it takes longer than all the rest of a row.
        arguments = [season.series.slug, season.slug, session.event.slug, session.slug, "CAR"]
        self.address = reverse("results:car-laps", args=arguments)

    def render_number(self, record: Row) -> SafeString:
        key = quote(car_key(record["number"], record["line"]), safe="~")
        return format_html('<a href="{}">{}</a>', self.address.replace("/CAR/", f"/{key}/"), record["number"])

    def render_car_class(self, record: Row) -> SafeString | str:
        return class_badge(record["class_name"], record["class_sequence"]) if record["class_name"] else ""

    def render_best_lap(self, record: Row) -> str:
        return lap_time(record["best_lap_ms"])


class LapCarTable(SessionCarTable):
    """Every car of a session with laps."""

    number = LeanColumn(verbose_name=gettext_lazy("No."), css="no")
    team = LeanColumn(verbose_name=gettext_lazy("Team, car"), css="crew")
    car_class = LeanColumn(verbose_name=gettext_lazy("Class"), css="cls")
    laps = LeanColumn(verbose_name=gettext_lazy("Laps"), css="r")
    best_lap = LeanColumn(verbose_name=gettext_lazy("Best lap"), css="r")
    stops = LeanColumn(verbose_name=gettext_lazy("Pit stops"), css="r")
    pit = LeanColumn(verbose_name=gettext_lazy("In the pits"), css="r")

    NEEDS = {"car_class": "class_name", "best_lap": "best_lap_ms", "stops": "stops", "pit": "pit_ms"}

    def __init__(self, data: list[Row], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        hide_empty(self, self.NEEDS, data)

    def render_team(self, record: Row) -> SafeString:
        name = record["team"] or record["entrant"] or "–"
        return format_html('<strong>{}</strong> <span class="sub">{}</span>', name, record["car"] or "")

    def render_laps(self, record: Row) -> str:
        return blank(record["driven"])

    def render_stops(self, record: Row) -> str:
        return blank(record["stops"] or 0)

    def render_pit(self, record: Row) -> str:
        return lap_time(record["pit_ms"])


class DriverBestTable(SessionCarTable):
    """Every driver of a session by his best lap that counts."""

    position = LeanColumn(verbose_name=gettext_lazy("Pos."), css="pos")
    driver = LeanColumn(verbose_name=gettext_lazy("Driver"), css="crew")
    best_lap = LeanColumn(verbose_name=gettext_lazy("Best lap"), css="r")
    in_lap = LeanColumn(verbose_name=gettext_lazy("in lap"), css="r")
    number = LeanColumn(verbose_name=gettext_lazy("No."), css="no")
    car_class = LeanColumn(verbose_name=gettext_lazy("Class"), css="cls")
    laps = LeanColumn(verbose_name=gettext_lazy("Laps"), css="r")
    drive = LeanColumn(verbose_name=gettext_lazy("At the wheel"), css="r")

    NEEDS = {"car_class": "class_name", "in_lap": "best_lap_number", "drive": "drive_ms"}

    def __init__(self, data: list[Row], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.place = 0
        hide_empty(self, self.NEEDS, data)

    def render_position(self, record: Row) -> str:
        self.place += 1
        return f"{self.place}." if record["best_lap_ms"] else "–"

    def render_driver(self, record: Row) -> SafeString:
        if not record["last"]:
            return format_html('<span class="sub">{}</span>', seat_words(record["seat"]))
        return format_html("{} <strong>{}</strong>", record["first"], record["last"])

    def render_in_lap(self, record: Row) -> str:
        return blank(record["best_lap_number"])

    def render_laps(self, record: Row) -> str:
        return blank(record["laps"])

    def render_drive(self, record: Row) -> str:
        return whole_seconds(record["drive_ms"])


class SectorColumn(LeanColumn):
    """One sector of a lap."""

    def __init__(self, index: int) -> None:
        super().__init__(css="r", verbose_name=_("S%(n)d") % {"n": index + 1})
        self.index = index

    def lean_render(self, record: LapLine) -> str:
        return lap_time(record.sectors_ms[self.index] if self.index < len(record.sectors_ms) else None)


class LapTable(LeanTable):
    """Laps of a car. `best_ms` is its best lap that counts, `whole` all its laps, from which columns are chosen."""

    number = LeanColumn(verbose_name=gettext_lazy("Lap"), css="pos")
    time = LeanColumn(verbose_name=pgettext_lazy("duration", "Time"), css="r")
    driver = LeanColumn(verbose_name=gettext_lazy("Driver"), css="crew")
    place = LeanColumn(verbose_name=gettext_lazy("Pos."), css="r")
    clock = LeanColumn(verbose_name=gettext_lazy("Time of day"), css="r")
    note = LeanColumn(verbose_name=gettext_lazy("Remark"), css="note")

    def __init__(
        self,
        data: list[LapLine],
        *,
        best_ms: int | None,
        whole: list[LapLine],
        drivers: Mapping[int | None, str] | None = None,
        **kwargs: Any,
    ) -> None:
        sectors = max((len(lap.sectors_ms) for lap in whole), default=0)
        columns = [(f"sector_{n}", SectorColumn(n)) for n in range(sectors)]
        order = ("number", "time", "driver", *(name for name, _column in columns), "...")
        super().__init__(data, extra_columns=columns, sequence=order, **kwargs)
        self.best_ms, self.drivers = best_ms, drivers or {}
        shown = {
            "driver": bool(drivers),
            "place": any(lap.position for lap in whole),
            "clock": any(lap.day_ms is not None for lap in whole),
            "note": any(lap.in_pit or lap.pit_ms or not lap.counts for lap in whole),
        }
        for name in (name for name, is_shown in shown.items() if not is_shown):
            self.columns.hide(name)

    def row_class(self, record: LapLine) -> str:  # type: ignore[override]
        return "" if record.counts else "out"

    def render_number(self, record: LapLine) -> str:
        return str(record.number)

    def render_time(self, record: LapLine) -> SafeString | str:
        if record.time_ms is None:
            return "–"
        time = format_lap_time(record.time_ms)
        if not record.counts:
            return format_html("<s>{}</s>", time)
        if record.time_ms != self.best_ms:
            return time
        return format_html('<span class="best">{}<span class="hidden"> {}</span></span>', time, _("best lap"))

    def render_driver(self, record: LapLine) -> str:
        return self.drivers.get(record.seat) or seat_words(record.seat)

    def render_place(self, record: LapLine) -> str:
        return f"{record.position}." if record.position else ""

    def render_clock(self, record: LapLine) -> str:
        return time_of_day(record.day_ms)

    def render_note(self, record: LapLine) -> str:
        notes = [
            _("pit") if record.in_pit else "",
            _("stop %(time)s") % {"time": lap_time(record.pit_ms)} if record.pit_ms else "",
            "" if record.counts else _("deleted"),
        ]
        return ", ".join(filter(None, notes))


class ShareTable(LeanTable):
    """What each driver did in a car."""

    driver = LeanColumn(verbose_name=gettext_lazy("Driver"), css="crew")
    laps = LeanColumn(verbose_name=gettext_lazy("Laps"), css="r")
    share = LeanColumn(verbose_name=gettext_lazy("Share"), css="r")
    drive = LeanColumn(verbose_name=gettext_lazy("At the wheel"), css="r")
    best_lap = LeanColumn(verbose_name=gettext_lazy("Best lap"), css="r")
    in_lap = LeanColumn(verbose_name=gettext_lazy("in lap"), css="r")

    def __init__(self, data: list[DriverShare], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.total = sum(share.laps for share in data)
        if not any(share.drive_ms for share in data):
            self.columns.hide("drive")

    def render_driver(self, record: DriverShare) -> SafeString:
        return format_html("<strong>{}</strong>", record.driver or seat_words(record.seat))

    def render_laps(self, record: DriverShare) -> str:
        return str(record.laps)

    def render_share(self, record: DriverShare) -> str:
        return _("%(n)d %%") % {"n": round(100 * record.laps / self.total)} if self.total else ""

    def render_drive(self, record: DriverShare) -> str:
        return whole_seconds(record.drive_ms)

    def render_best_lap(self, record: DriverShare) -> str:
        return lap_time(record.best_lap_ms)

    def render_in_lap(self, record: DriverShare) -> str:
        return blank(record.best_lap_number)


class DuelTable(LeanTable):
    """Two cars lap by lap; differences are those of the first car."""

    number = LeanColumn(verbose_name=gettext_lazy("Lap"), css="pos")
    first = LeanColumn(css="r")
    second = LeanColumn(css="r")
    difference = LeanColumn(verbose_name=gettext_lazy("Difference"), css="r")
    gap = LeanColumn(verbose_name=gettext_lazy("Gap"), css="r")

    def __init__(self, data: list[Round], *, names: tuple[str, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for column, name in zip(("first", "second"), names, strict=True):
            self.columns[column].column.verbose_name = f"#{name}"

    def render_number(self, record: Round) -> str:
        return str(record.number)

    def render_first(self, record: Round) -> SafeString | str:
        return _driven(record.first, is_faster=(record.difference_ms or 0) < 0)

    def render_second(self, record: Round) -> SafeString | str:
        return _driven(record.second, is_faster=(record.difference_ms or 0) > 0)

    def render_difference(self, record: Round) -> str:
        return signed_time(record.difference_ms)

    def render_gap(self, record: Round) -> str:
        return signed_time(record.gap_ms)


def _driven(lap: Driven | None, *, is_faster: bool) -> SafeString | str:
    if lap is None or lap.time_ms is None:
        return "–"
    time: SafeString | str = format_lap_time(lap.time_ms)
    if not lap.counts:
        time = format_html("<s>{}</s>", time)
    if lap.in_pit:
        time = format_html('{} <abbr title="{}">{}</abbr>', time, _("into the pits"), _("P"))
    return format_html("<b>{}</b>", time) if is_faster else time


def hide_empty(table: LeanTable, needs: Mapping[str, str], data: list[Row]) -> None:
    """Hides the columns no row has a value for."""
    for name, key in needs.items():
        if not any(row[key] for row in data):
            table.columns.hide(name)


def lap_time(ms: int | None) -> str:
    return format_lap_time(ms) if ms else ""


def whole_seconds(ms: int | None) -> str:
    """`1:43:07`: long times without their fractions."""
    return format_duration(ms).partition(",")[0] if ms else ""


def time_of_day(ms: int | None) -> str:
    """`14:05:07`, after midnight again from `00:00:00`."""
    if ms is None:
        return ""
    seconds = ms // 1000 % 86_400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def signed_time(ms: int | None) -> str:
    """`+0,290`, `−1:02,100` with a real minus, `0,000`."""
    if ms is None:
        return ""
    if ms < 0:
        return f"−{format_lap_time(-ms)}"
    return format_gap(Gap(ms=ms)) if ms else format_lap_time(0)


def seat_words(seat: int | None) -> str:
    """Who drove, where only the seat is known."""
    return _("Seat %(n)d") % {"n": seat} if seat else _("unknown")
