"""How a text refers to a fact: a kind and natural keys, which outlive every import, undo and new version of a result.

    lap:wec/2021/bahrain/Q#7           of car 7 in that session's result; @6h before the # for a checkpoint
    distance:wec/2021/bahrain/R#51?cars=92      between two cars of that result
    car:wec/2021/bahrain#7             of a car at an event; #7;2 is the second car of that number
    driver:kamui-kobayashi             a driver, by address; a former one leads to the one that is left
    start:wec/2021/bahrain/R           of a session
    points:wec/2021!NAME!CLASS!AFTER!ENTRANT          a line of a championship table
    result:wec/2021/bahrain/Q?class=LMP2;cars=7,8;rows=5     an extract of a classification
    table:wec/2021!KEY!EVENT!AROUND?rows=5     of a computed table: its newest state or that after an event, around somebody
    title:wec/2021!KEY                 how the title of a championship stands

A session is named by its key (`Q`, `R1`), a line of the result, where a car has two, by a third number (#7;1;2). Signs
that would have a meaning of their own are percent-encoded. Pure: no Django and no database.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar
from urllib.parse import quote, unquote

OF_A_ROW = ("lap", "total", "gap", "position", "class-position", "laps", "grid")
OF_TWO_ROWS = ("distance",)
OF_A_CAR = ("number", "car", "team", "crew")
OF_A_DRIVER = ("driver", "surname")
OF_A_SESSION = ("start", "clock")
OF_A_TABLE = ("points", "standing")
EXTRACT = "result"
TABLE = "table"
TITLE = "title"
ASKING = (EXTRACT, TABLE, *OF_TWO_ROWS)  # kinds with more after a question mark
MOST_ROWS = 100
USUAL_ROWS = 10

_FORM = re.compile(r"([a-z-]{3,20}):([^@#?!]+)(?:@([^@#?!]+))?(?:#([^@#?!]+))?(?:!([^@#?]+))?(?:\?([^@#?!]*))?")


R = TypeVar("R", bound="Reference")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference taken apart. `path` is series, season, event, session as far as the kind needs them, or a driver."""

    kind: str
    path: tuple[str, ...]
    checkpoint: str = ""
    number: str = ""
    line: int = 1
    row_line: int = 1
    table: tuple[str, ...] = ()  # name, class, after, entrant; of a computed one key, event, around whom
    class_name: str = ""
    cars: tuple[str, ...] = ()
    rows: int = USUAL_ROWS

    def __str__(self) -> str:
        parts = [f"{self.kind}:", "/".join(map(_quote, self.path))]
        parts += [f"@{_quote(self.checkpoint)}"] if self.checkpoint else []
        parts += [f"#{self._car()}"] if self.number else []
        parts += ["!" + "!".join(map(_quote, self.table))] if self.table else []
        return "".join(parts) + (self._question() if self.kind in ASKING else "")

    def _car(self) -> str:
        numbers = [_quote(self.number)]
        if self.line > 1 or self.row_line > 1:
            numbers.append(str(self.line))
        return ";".join(numbers + ([str(self.row_line)] if self.row_line > 1 else []))

    def _question(self) -> str:
        asked = [f"class={_quote(self.class_name)}"] if self.class_name else []
        asked += ["cars=" + ",".join(map(_quote, self.cars))] if self.cars else []
        asked += [f"rows={self.rows}"] if self.rows != USUAL_ROWS else []
        return "?" + ";".join(asked) if asked else ""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The reference that is written there; None for anything else."""
        match = _FORM.fullmatch(text)
        if not match or len(text) > 400:  # noqa: PLR2004 - what the attribute may hold
            return None
        kind, path, checkpoint, car, table, question = match.groups()
        reference = cls(kind, tuple(map(unquote, path.split("/"))), checkpoint=unquote(checkpoint or ""))
        reference = replace(reference, table=tuple(map(unquote, table.split("!"))) if table else ())
        with_car = _with_car(reference, car) if car else reference
        whole = _with_question(with_car, question) if with_car and question else with_car
        return whole if whole and _is_whole(whole) else None


def _quote(text: str) -> str:
    return quote(text, safe="")


def _with_car(reference: R, car: str) -> R | None:
    number, *lines = car.split(";")
    if len(lines) > 2 or not all(re.fullmatch(r"[1-9][0-9]{0,3}", line) for line in lines):  # noqa: PLR2004
        return None
    line, row_line = [*map(int, lines), 1, 1][:2]
    return replace(reference, number=unquote(number), line=line, row_line=row_line)


def _with_question(reference: R, question: str) -> R | None:
    asked = dict(part.partition("=")[::2] for part in question.split(";"))
    rows = asked.pop("rows", str(USUAL_ROWS))
    class_name = unquote(asked.pop("class", ""))
    cars = tuple(unquote(car) for car in asked.pop("cars", "").split(",") if car)
    if asked or not re.fullmatch(r"[1-9][0-9]{0,2}", rows) or int(rows) > MOST_ROWS:
        return None
    return replace(reference, class_name=class_name, cars=cars, rows=int(rows))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a kind is made of: how long its path is, and which further parts it has."""

    path: int
    parts: frozenset[str] = field(default_factory=frozenset)


def _shapes() -> dict[str, _Shape]:
    made = {
        OF_A_ROW: _Shape(4, frozenset({"number", "checkpoint"})),
        OF_TWO_ROWS: _Shape(4, frozenset({"number", "checkpoint", "cars"})),
        OF_A_CAR: _Shape(3, frozenset({"number"})),
        OF_A_DRIVER: _Shape(1),
        OF_A_SESSION: _Shape(4),
        OF_A_TABLE: _Shape(2, frozenset({"table"})),
        (TABLE, TITLE): _Shape(2, frozenset({"table"})),
        (EXTRACT,): _Shape(4, frozenset({"checkpoint", "class_name", "cars"})),
    }
    return {kind: shape for kinds, shape in made.items() for kind in kinds}


_SHAPES = _shapes()
_NEEDED = frozenset({"number", "table"})


def _is_whole(reference: Reference) -> bool:
    """Whether the reference has all that its kind needs and nothing else."""
    shape = _SHAPES.get(reference.kind)
    if shape is None or len(reference.path) != shape.path or not all(reference.path):
        return False
    given = {name for name in ("number", "checkpoint", "table", "class_name", "cars") if getattr(reference, name)}
    if reference.kind == TITLE and reference.rows != USUAL_ROWS:
        return False
    if reference.kind in OF_TWO_ROWS and (len(reference.cars) != 1 or reference.rows != USUAL_ROWS):
        return False
    parts = {TABLE: 3, TITLE: 1}.get(reference.kind, 4)
    is_table = not reference.table or (len(reference.table) == parts and (parts > 3 or bool(reference.table[0])))  # noqa: PLR2004
    return given <= shape.parts and shape.parts & _NEEDED <= given and is_table
