"""A classification or an entry list out of a plain table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from results.importers.plausible import LAP_ORDERED, Columns, judge
from results.importers.records import Problem, RowRecord, SessionRecord, collect
from results.importers.status import CLASSIFIED, DNF, DSQ, EXCLUDED, NC, STATUSES, UnknownStatus, read_status
from results.importers.table import MAX_COUNT, MAX_ROWS
from results.importers.tabular.lines import Line, Reading
from results.importers.tabular.people import drivers
from results.notation import Gap, NotationError, Penalty, parse_duration, parse_gap, parse_penalty, shown

LONGEST_STATUS = 40
_WITH_A_TIME = frozenset({CLASSIFIED, NC, DSQ, EXCLUDED})  # a retired car's is the hour at which it stopped
_FORMULA = ("=", "@")
_NO_PLACE = frozenset({"", "-", "–", "—"})


def read_classification(reading: Reading, part: str) -> SessionRecord:
    """All good rows, tried against each other; `part` picks the year of a table that holds several."""
    lines = (line for line in reading.lines() if not part or line.raw("part") == part)
    rows = _numbered_apart(reading, [row for line in lines if (row := _row(line))])
    if len(rows) > MAX_COUNT and not reading.rejected:
        reason = f"Eine Wertung hat höchstens {MAX_COUNT} Zeilen."
        collect(reading.rejected, Problem(None, None, reason))
    kind, measured = _kind(rows)
    sound = not reading.rejected
    parts = reading.mapping.places("part_time")
    # Times of different parts say nothing about each other.
    verdict = judge(rows, kind="grid" if parts else measured, columns=_columns(reading))
    for problem in verdict.rejected:
        contradiction = not reading.strict and problem.field != "number"  # no session holds a number twice
        reading.contradicted |= contradiction
        collect(reading.doubts if contradiction else reading.rejected, problem)
    if sound:  # else a place would be missing because its row is bad
        reading.doubts += verdict.doubts
    if parts:
        _compare_parts(reading, rows)
    return SessionRecord(
        key="",
        kind=kind,
        classification=rows,
        complete=verdict.complete,
        part_names=tuple(reading.mapping.header[place][:20] for place in parts),
        released=not reading.contradicted,
    )


def _compare_parts(reading: Reading, rows: tuple[RowRecord, ...]) -> None:
    """Cars that came as far as each other are ordered by the time of that part."""
    reached: dict[int, RowRecord] = {}
    for row in sorted(rows, key=lambda row: row.position or MAX_ROWS):
        part = max((place for place, time in enumerate(row.part_times_ms or ()) if time), default=None)
        if row.position is None or part is None:
            continue
        ahead = reached.get(part)
        if ahead is not None and (row.best_lap_ms or 0) < (ahead.best_lap_ms or 0):
            reason = f"Startnummer {row.number} war schneller als {ahead.number} davor."
            reading.doubt(row.line, "part_time", reason, car=row.number)
        reached[part] = row


def _numbered_apart(reading: Reading, rows: list[RowRecord]) -> tuple[RowRecord, ...]:
    """A number that a car gave up and another one raced with is two cars; two that both started remain a fault."""
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        before = first.setdefault(row.number, place)
        if before == place or (STATUSES[row.status].started and STATUSES[rows[before].status].started):
            continue
        aside = before if STATUSES[row.status].started else place
        first[row.number] = place if aside == before else before
        rows[aside] = replace(rows[aside], entry_line=2)
        reason = f"Die Startnummer {row.number} steht zweimal da, ein Auto davon ist nicht gestartet: Es werden zwei Nennungen."
        reading.doubt(rows[aside].line, "number", reason)
    return tuple(rows)


def read_entries(reading: Reading, part: str) -> SessionRecord:
    """A published entry list."""
    lines = (line for line in reading.lines() if not part or line.raw("part") == part)
    entries: dict[str, RowRecord] = {}
    for line in lines:
        row = car(line)
        other = entries.setdefault(row.number, row)
        if other is not row and not line.bad:
            line.reject("number", f"Die Startnummer {row.number} steht schon in Zeile {other.line}.")
    return SessionRecord(key="", entries=tuple(entries.values()), is_entry_list=True)


def car(line: Line) -> RowRecord:
    """Number, class, team, car and crew of a line, nothing measured."""
    team, entrant = line.text("team", 120), line.text("entrant", 160)
    return RowRecord(
        number=line.car_number(),
        status="",
        class_name=line.text("class", 60) or None,
        team=team or entrant[:120] or None,
        entrant=entrant if team and entrant and entrant != team else None,
        car=line.text("car", 120) or None,
        manufacturer=line.text("manufacturer", 80) or None,
        drivers=drivers(line),
        cups=tuple(dict.fromkeys(cup for raw in line.raws("cup") if (cup := line.fit("cup", raw, 60)))),
        line=line.number,
    )


def _part_time(line: Line, value: str) -> int | None:
    """None where the car did not take part, or set no time: `DNS`, `-`."""
    if not value or not value[0].isdigit():
        return None
    return line.read("part_time", parse_duration, value) or None


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of a car."""

    status: str
    position: int | None
    printed: str


def _row(line: Line) -> RowRecord | None:
    """A row as it stands; None when a cell of it was rejected."""
    fate = _fate(line)
    classified = fate.status == CLASSIFIED
    total, gap = _time_and_gap(line, fate)
    penalty = line.read("penalty", parse_penalty) or Penalty()
    parts = tuple(_part_time(line, value) for value in line.raws("part_time")) or None
    row = replace(
        car(line),
        status=fate.status,
        printed_status=fate.printed,
        position=fate.position,
        class_position=line.count("class_position") or None if classified else None,
        laps=line.count("laps"),
        total_ms=total if fate.status in _WITH_A_TIME else None,
        gap_ms=gap.ms if gap else None,
        gap_laps=gap.laps if gap else None,
        best_lap_ms=line.read("best_lap", parse_duration)
        or (parts and next(filter(None, reversed(parts)), None))
        or None,
        part_times_ms=parts,
        best_lap_number=line.count("best_lap_number") or None,
        grid=line.count("grid") or None,
        penalty_ms=penalty.ms,
        penalty_laps=penalty.laps,
    )
    if classified and row.position is None and row.class_position is None and not line.bad:
        line.reject("position", "Das Auto ist gewertet, hat aber keinen Platz.")
    return None if line.bad else row


def _fate(line: Line) -> _Fate:
    """Status and place: a word in the place column is a status, a reason beside an unclassified car is kept as printed."""
    number, word = _place(line)
    printed = line.raw("status") or word
    reason = line.text("note", 200) or _said_in_time(line)
    if not printed and number is None and reason:
        status = _by_reason(line, reason)
    elif not printed and number is None:
        line.doubt("position", "Ohne Platz und ohne Status: wird als nicht gewertet übernommen.")
        status = NC
    else:
        status = _status(line, printed) if printed else CLASSIFIED
    if status == CLASSIFIED:
        return _Fate(status, number, "")
    if number is not None:
        word = STATUSES[status].german
        line.doubt("position", f"Das Auto ist {word}, trägt aber Platz {number}: er entfällt.")
    return _Fate(status, None, (reason or printed)[:LONGEST_STATUS])


def _place(line: Line) -> tuple[int | None, str]:
    """The place, or the word that stands instead of it."""
    value = line.raw("position").rstrip(".")
    if value in _NO_PLACE:
        return None, ""
    if not (value.isascii() and value.isdigit()):
        return None, value
    number = int(value) if len(value) < len(str(MAX_ROWS)) + 1 else 0
    if not 1 <= number <= MAX_ROWS:
        line.reject("position", f"„{value[:20]}“ ist kein Platz.")
    return number, ""


def _by_reason(line: Line, reason: str) -> str:
    """What a reason alone says: `Reserve` is a status, `Getriebe` is why a car retired."""
    try:
        return read_status(reason)
    except UnknownStatus:
        line.doubt("position", f"Ohne Status, mit Grund „{shown(reason)}“: wird als ausgefallen übernommen.")
        return DNF


def _status(line: Line, printed: str) -> str:
    try:
        return read_status(printed)
    except UnknownStatus as error:
        line.reject("status" if line.raw("status") else "position", str(error))
        return NC


def _said_in_time(line: Line) -> str:
    """What stands in a column `Time/Reason` where it is neither a time nor a gap: `Accident`; `DNF` stands as a gap, too."""
    value = line.raw("total_or_gap")
    if value and not _is_measure(value):
        return line.fit("total_or_gap", value, 200)
    return next((value for key in ("gap", "total") if _is_status(value := line.raw(key))), "")


def _is_status(value: str) -> bool:
    try:
        return value[:1].isalpha() and bool(read_status(value))
    except UnknownStatus:
        return False


def _is_measure(value: str) -> bool:
    """A time or a gap, or meant to be one: whoever begins with a figure is not a reason."""
    return value[:1] in "+-–−—=@0123456789" or value[:1].isdigit()


def _time_and_gap(line: Line, fate: _Fate) -> tuple[int | None, Gap | None]:
    """Total and distance to the leader, from columns of their own or from one for both."""
    mixed = line.raw("total_or_gap")
    if mixed:
        if not _is_measure(mixed):
            if fate.status == CLASSIFIED:
                line.reject("total_or_gap", f"„{shown(mixed)}“ ist weder Zeit noch Rückstand.")
            return None, None
        return _split_mixed(line, mixed, fate)
    total = None if _is_status(line.raw("total")) else line.read("total", parse_duration)
    value = "" if _is_status(line.raw("gap")) else line.raw("gap")
    if value.startswith(_FORMULA):
        line.doubt("gap", f"„{shown(value)}“ ist eine Formel und kein Rückstand: Das Feld bleibt leer.")
        return total, None
    if value and fate.position == 1 and total is None and value[0].isdigit():
        return line.read("gap", parse_duration), None  # the winner's own time in the column of the gaps
    return total, line.read("gap", parse_gap)


def _split_mixed(line: Line, value: str, fate: _Fate) -> tuple[int | None, Gap | None]:
    """`24:00:18.099` is a time, `+1:21.793` and `1 lap` are gaps."""
    if value[0].isdigit() and not _has_letters(value):
        return line.read("total_or_gap", parse_duration), None
    if fate.status == CLASSIFIED or value[0] == "+":
        return None, line.read("total_or_gap", parse_gap)
    try:
        return None, parse_gap(value)
    except NotationError:
        return None, None  # `3 wheels` is why a car stopped


def _has_letters(value: str) -> bool:
    return any(sign.isalpha() and sign not in "hms" for sign in value)


def _kind(rows: tuple[RowRecord, ...]) -> tuple[str | None, str | None]:
    """The kind of session the figures prove, and by what it is ranked; a best lap alone may be practice or qualifying."""
    if any(row.total_ms or row.gap_laps for row in rows):
        return "race", "race"
    if any(row.best_lap_ms for row in rows):
        return None, min(LAP_ORDERED)
    return ("race", "race") if any(row.laps for row in rows) else (None, None)


def _columns(reading: Reading) -> Columns:
    def name(*keys: str) -> str:
        return next((column for key in keys if (column := reading.column(key))), keys[0])

    return Columns(
        number=name("number"),
        position=name("position", "status"),
        class_position=name("class_position"),
        laps=name("laps"),
        total=name("total", "total_or_gap"),
        gap=name("gap", "total_or_gap"),
        best_lap=name("best_lap"),
    )
