"""Nations as files print them: a mix of ISO, IOC, invention and adjectives, read as one country with a German name.

What is printed stays in the database. Unknown codes are nobody's guess: they are shown as printed and reported.
"""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.translation import override
from django_countries import countries, ioc_data

from results.names import fold

NOBODY = frozenset({"", "unknown", "unbekannt", "n a", "none"})


@cache
def _tables() -> dict[str, str]:
    """Folded code, adjective or English name -> ISO 3166 alpha-2; what stands in our own file goes first."""
    known: dict[str, str] = {}
    with override("en"):
        for code, name in countries:
            known[fold(str(name))] = code
            known[fold(code)] = code
            known[fold(countries.alpha3(code))] = code
    known |= {fold(ioc): iso for iso, ioc in ioc_data.ISO_TO_IOC.items()}
    shipped = tomllib.loads(Path(__file__).with_name("countries.toml").read_text(encoding="utf-8"))
    return known | {fold(word): code for table in shipped.values() for word, code in table.items()}


def iso_code(printed: str) -> str:
    """`DE` for `GER`, `DEU`, `German` or `Deutschland`; empty for what nobody knows."""
    return "" if fold(printed) in NOBODY else _tables().get(fold(printed), "")


def is_unknown(printed: str) -> bool:
    """Whether something is printed that names no country we know; `?` and `-` print nothing."""
    return fold(printed) not in NOBODY and not iso_code(printed)


def german_name(printed: str) -> str:
    """`Deutschland`; as printed where nobody knows the code, empty for placeholders."""
    code = iso_code(printed)
    if code:
        with override("de"):
            return str(countries.name(code))
    return printed if is_unknown(printed) else ""


def short_code(printed: str) -> str:
    """`GER`: the three letters that racing prints, else what stands there."""
    code = iso_code(printed)
    return countries.ioc_code(code) or countries.alpha3(code) or printed if code else german_name(printed)
