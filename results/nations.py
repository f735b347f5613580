"""A nation for readers: the code that sport writes, and the German name behind it."""

from dataclasses import dataclass

from results.countries import german_name, iso_code, short_code


@dataclass(frozen=True, slots=True)
class Nation:
    """`code` as sport writes it (GER), `name` in German; both as printed where nobody knows it."""

    code: str
    name: str
    iso: str = ""


def nation(printed: str) -> Nation | None:
    """The nation a source means; None where it says nothing (`?`, `-`, empty)."""
    name = german_name(printed)
    return Nation(short_code(printed), name, iso_code(printed)) if name else None
