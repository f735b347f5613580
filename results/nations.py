"""Nations as timing files print them: ISO codes, IOC codes, English names and inventions; in German words for readers."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django_countries import countries
from django_countries.ioc_data import IOC_TO_ISO

# What sheets print and no list holds. SWZ is Eswatini in every list and Switzerland on every sheet.
_INVENTED = {"SWZ": "CH", "SWI": "CH", "UAE": "AE", "ENG": "GB", "SCO": "GB", "WAL": "GB", "NIR": "GB"}
_NAMES = {"united states": "US", "usa": "US", "united kingdom": "GB", "great britain": "GB", "russia": "RU"}
_CODE = 3  # letters a code has at most


@dataclass(frozen=True, slots=True)
class Nation:
    """`code` as sport writes it (GER), `name` in the reader's language; both as printed where nobody knows it."""

    code: str
    name: str
    iso: str = ""


def nation(printed: str) -> Nation | None:
    """The nation a source means; None where it says nothing (`?`, `-`, empty)."""
    word = printed.strip()
    return _nation(word, get_language() or "") if any(sign.isalpha() for sign in word) else None


@lru_cache(maxsize=1024)
def _nation(word: str, _language: str) -> Nation:
    iso = _iso(word)
    if not iso:
        return Nation(word, word)
    return Nation(countries.ioc_code(iso) or iso, str(countries.name(iso)), iso)


def _iso(word: str) -> str:
    """The two letters of ISO 3166, or nothing."""
    if len(word) > _CODE:
        return _NAMES.get(word.casefold(), "") or countries.by_name(word) or countries.by_name(word, language="en")
    code = word.upper()
    return _INVENTED.get(code, "") or IOC_TO_ISO.get(code, "") or countries.alpha2(code)
