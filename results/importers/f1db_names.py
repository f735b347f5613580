"""Readable names, circuits and zones for the ids of F1DB, whose CSV files hold nothing but ids. Pure.

The tables are `data/f1db_names.toml` and `data/f1db_circuits.toml`; a name that is not listed is built from its id.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DATA = Path(__file__).parent / "data"
_GENERATIONS = {"jr": "jr.", "sr": "sen."}
_MC = re.compile(r"^mc(?=[a-z]{2})")


@dataclass(frozen=True, slots=True)
class CircuitRecord:
    """A circuit as we print it; `also` are names under which it may be stored already.

    `runs_at_night`: races start late in the evening, so that a date without a time, which F1DB gives in UTC, is the
    day after.
    """

    key: str
    name: str
    town: str
    country: str
    zone: ZoneInfo
    also: tuple[str, ...] = ()
    runs_at_night: bool = False


@cache
def driver_name(key: str) -> tuple[str, str]:
    """First and last name: `nino-farina` is Nino, Farina; `elio-de-angelis` is Elio, de Angelis."""
    listed = _names()["drivers"].get(key)
    if listed is not None:
        first, _bar, last = listed.rpartition("|")
        return first, last
    words = key.split("-")
    particles = _names()["particles"]["words"]
    # The last name begins with its first particle, else with the second word.
    begin = next((place for place, word in enumerate(words) if place and word in particles), 1)
    written = [word if place and word in particles else _capital(word) for place, word in enumerate(words)]
    if len(words) == 1:
        return "", written[0]
    return " ".join(written[:begin]), " ".join(written[begin:])


@cache
def constructor_name(key: str) -> str:
    """`kurtis-kraft` is Kurtis Kraft, `brm` BRM."""
    listed: str | None = _names()["constructors"].get(key)
    return listed or " ".join(_capital(word) for word in key.split("-"))


@cache
def car_name(constructor: str, engine: str) -> str:
    """Chassis and engine as the sport says them: Cooper-Climax, and plainly Ferrari where both are one."""
    chassis, power = constructor_name(constructor), constructor_name(engine) if engine else ""
    return chassis if not power or power == chassis else f"{chassis}-{power}"


def grand_prix_name(key: str) -> str | None:
    """The German name, None for a Grand Prix the table does not hold."""
    name: str | None = _names()["grands-prix"].get(key)
    return name


def circuit(key: str) -> CircuitRecord | None:
    """The circuit, None for one the table does not hold."""
    return _circuits().get(key)


def _capital(word: str) -> str:
    if word in _GENERATIONS:
        return _GENERATIONS[word]
    if _MC.match(word):
        return f"Mc{word[2:].capitalize()}"
    return word.capitalize()


@cache
def _names() -> dict[str, Any]:
    with (DATA / "f1db_names.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _circuits() -> dict[str, CircuitRecord]:
    with (DATA / "f1db_circuits.toml").open("rb") as file:
        listed = tomllib.load(file)
    return {
        key: CircuitRecord(
            key=key,
            name=values["name"],
            town=values["town"],
            country=values["country"],
            zone=ZoneInfo(values["zone"]),
            also=tuple(values.get("also", ())),
            runs_at_night=values.get("runs_at_night", False),
        )
        for key, values in listed.items()
    }
