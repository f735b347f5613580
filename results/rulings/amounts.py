"""What a person types as the amount of a decision: `5 s`, `1:00`, `2 Runden`, `3 Plätze`, read by its kind. Pure."""

from __future__ import annotations

import re

from results.notation import MAX_LAPS, SECOND, NotationError, format_lap_time, parse_duration, shown

COUNTED = frozenset({"laps", "places", "grid"})
WITH_AMOUNT = COUNTED | {"time"}
LONGEST_MS = 24 * 3_600_000  # a penalty of a day is a slip

_PLAIN = re.compile(r"([0-9]{1,5})(?:[.,]([0-9]{1,3}))?")
_LAPS = re.compile(r"([0-9]{1,5}) ?(?:Runden?|Rdn?\.?|laps?|L)?", re.IGNORECASE)
_PLACES = re.compile(
    r"([0-9]{1,5}) ?(?:Plätze?|Platz|Pl\.?|Startplätze|Positionen|Position|Pos\.?|places?)?", re.IGNORECASE
)
_WANTED = {
    "time": "erwartet wird zum Beispiel 5 s, 5 oder 1:00",
    "laps": "erwartet wird zum Beispiel 2 Runden oder 2",
    "places": "erwartet wird zum Beispiel 3 Plätze oder 3",
    "grid": "erwartet wird zum Beispiel 3 Plätze oder 3",
}


class AmountRefused(ValueError):  # noqa: N818 - reads as the sentence it stands for
    """The text is no amount of this kind; the message is one German sentence."""


def read_amount(kind: str, text: str) -> int | None:
    """Milliseconds for `time`, laps or places for the others; None for a kind without amount and an empty text.

    A bare number of a time penalty counts seconds. Raises AmountRefused, also for an amount that a kind needs or has not.
    """
    clean = " ".join(text.replace("\u00a0", " ").split()).lstrip("+").strip()
    if kind not in WITH_AMOUNT:
        if clean:
            raise AmountRefused("Diese Art Entscheidung hat keinen Umfang: Bitte das Feld leeren.")
        return None
    if not clean:
        raise AmountRefused(f"Hier fehlt der Umfang: {_WANTED[kind]}.")
    amount = _milliseconds(clean) if kind == "time" else _count(kind, clean)
    if amount < 1:
        raise AmountRefused("Der Umfang ist mehr als nichts.")
    if amount > (LONGEST_MS if kind == "time" else MAX_LAPS):
        raise AmountRefused(f"„{shown(text)}“ ist zu viel.")
    return amount


def _milliseconds(clean: str) -> int:
    plain = _PLAIN.fullmatch(clean)
    if plain:
        return int(plain[1]) * SECOND + int((plain[2] or "0").ljust(3, "0"))
    try:
        return parse_duration(clean) or 0
    except NotationError as error:
        raise AmountRefused(f"„{shown(clean)}“ ist keine Zeit: {_WANTED['time']}.") from error


def _count(kind: str, clean: str) -> int:
    match = (_LAPS if kind == "laps" else _PLACES).fullmatch(clean)
    if match is None:
        what = "keine Zahl von Runden" if kind == "laps" else "keine Zahl von Plätzen"
        raise AmountRefused(f"„{shown(clean)}“ ist {what}: {_WANTED[kind]}.")
    return int(match[1])


def amount_as_typed(kind: str, amount: int | None) -> str:
    """How the amount stands in the field: `5 s`, `1:05,250`, `2 Runden`; `read_amount` reads it back."""
    if amount is None:
        return ""
    if kind == "time":
        return f"{amount // SECOND} s" if amount % SECOND == 0 and amount < 60 * SECOND else _long(amount)
    words = ("Runde", "Runden") if kind == "laps" else ("Platz", "Plätze")
    return f"{amount} {words[amount != 1]}"


def _long(amount: int) -> str:
    """`1:00`, or with what is left over: `5,500`."""
    said = format_lap_time(amount)
    return said.removesuffix(",000") if amount >= 60 * SECOND else said
