"""The time zone of a circuit whose source prints none; the table is `zones.toml`. Pure."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def _table() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("zones.toml").open("rb") as file:
        return tomllib.load(file)


def zone_of_circuit(circuit_id: str) -> str | None:
    """The IANA zone of an Ergast `circuitId` such as `red_bull_ring`; None for one that is not in the table."""
    return _table()["ergast"].get(circuit_id)


def zone_of_track(name: str) -> str | None:
    """The IANA zone of a track as timing screens call it (`Spa GT3`); None for one that is not in the table."""
    words = f"{' '.join(name.casefold().split())} "
    return next((zone for track, zone in _table()["tracks"].items() if words.startswith(f"{track} ")), None)
