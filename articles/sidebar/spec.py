"""What a box asks for: the same question whether it comes from the workbench or out of a publication."""

import re
from dataclasses import dataclass
from typing import Any, Self

from articles.body import sanitise
from articles.models import SidebarItem

MOST_ROWS = 100
# Said where it is given: publications from before there were such boxes lack them.
OF_A_CHAMPIONSHIP = frozenset({"season_id", "table", "competitor", "told"})


@dataclass(frozen=True, slots=True)
class BoxSpec:
    """One box as the desk asked for it. `class_name` and `cars` narrow the rows; an empty `checkpoint` is the finish.

    A table is that of the championship `table` of a season, after an event if there is one, else the newest; `told` is
    `published` for what stays as it stood at publication, of which `from_kept` brings along nothing.
    """

    kind: str
    heading: str
    session_id: int | None
    event_id: int | None
    series_id: int | None
    checkpoint: str
    class_name: str
    cars: tuple[str, ...]
    limit: int
    text_html: str
    season_id: int | None = None
    table: str = ""
    competitor: str = ""
    told: str = ""

    @classmethod
    def from_item(cls, item: SidebarItem) -> Self:
        return cls(
            kind=item.kind,
            heading=item.heading,
            session_id=item.session_id,
            event_id=item.event_id,
            series_id=item.series_id,
            checkpoint=item.checkpoint,
            class_name=item.class_name,
            cars=car_numbers(item.cars),
            limit=min(max(item.limit, 1), MOST_ROWS),
            text_html=sanitise(item.text) if item.kind == SidebarItem.Kind.FREE else "",
            season_id=item.season_id,
            table=item.table.strip(),
            competitor=item.competitor.strip(),
            told=item.told,
        )

    @classmethod
    def from_kept(cls, kept: dict[str, Any]) -> Self:
        """The question of a box that a publication keeps; keys as `as_kept` writes them. Older ones lack the last four."""
        fields = {name: kept[name] for name in cls.__slots__ if name != "cars" and name in kept}
        return cls(cars=tuple(kept["cars"]), **fields)

    def as_kept(self) -> dict[str, Any]:
        said = {name: getattr(self, name) for name in self.__slots__} | {"cars": list(self.cars)}
        return {name: value for name, value in said.items() if value or name not in OF_A_CHAMPIONSHIP}


def car_numbers(text: str) -> tuple[str, ...]:
    """`7, #8; 007` -> `("7", "8", "007")`, in the order given, each once."""
    numbers = (number.lstrip("#") for number in re.split(r"[,;\s]+", text))
    return tuple(dict.fromkeys(filter(None, numbers)))
