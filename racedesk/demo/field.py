"""The invented field of the demo: who drives what, read from `data/field.toml`. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    nation: str


@dataclass(frozen=True, slots=True)
class Car:
    """A car of the field. `pace` is its lap time in thousandths of the fastest class's, `stint` its laps on one tank."""

    number: str
    racing_class: str
    team: str
    model: str
    crew: tuple[Person, ...]
    pace: int
    stint: int

    @property
    def crew_name(self) -> str:
        """`Falkenrath/Vauquelin/Oosterkade`, as timing sheets and standings print a crew."""
        return "/".join(person.last for person in self.crew)


@cache
def all_cars() -> tuple[Car, ...]:
    """All cars in the order of the file."""
    content = tomllib.loads((DATA / "field.toml").read_text("utf-8"))
    classes = {entry["name"]: entry for entry in content["classes"]}
    return tuple(
        Car(
            number=entry["number"],
            racing_class=entry["class"],
            team=entry["team"],
            model=entry["car"],
            crew=tuple(Person(*person) for person in entry["crew"]),
            pace=classes[entry["class"]]["pace"] + entry["pace"],
            stint=classes[entry["class"]]["stint"],
        )
        for entry in content["cars"]
    )
