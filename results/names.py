"""Names as keys: folded for comparing, transliterated for addresses, ordered as a German reader expects. Pure."""

import re
import unicodedata
from collections.abc import Collection

# Letters that carry their mark inside and do not decompose.
_PLAIN = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "ss",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "ı": "i",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "þ": "th",
    }
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})
_FRACTION = re.compile("[\u00bc-\u00be\u2150-\u215e]")

# First parts of addresses that belong to the site; a series may not take one of them.
RESERVED_SLUGS = frozenset(
    {
        "admin",
        "api",
        "archiv",
        "artikel",
        "autor",
        "barrierefreiheit",
        "datenschutz",
        "embed",
        "ergebnisse",
        "fahrer",
        "favicon",
        "feeds",
        "healthz",
        "hersteller",
        "impressum",
        "kalender",
        "klasse",
        "korrekturen",
        "media",
        "medien",
        "news-sitemap",
        "oembed",
        "rennen",
        "robots",
        "sitemap",
        "static",
        "strecke",
        "suche",
        "team",
        "thema",
        "vorschau",
        "well-known",
        "wertung",
    }
)

# The same further down: words of our routes below a series, a season and an event.
RESERVED_SEASONS = frozenset({"feeds", "kalender", "rekorde", "tabelle", "wertung"})
RESERVED_EVENTS = frozenset({"feeds", "kalender", "statistik", "tabelle", "wertung"})
RESERVED_SESSIONS = frozenset({"feeds", "kalender", "starterliste", "verlauf", "zeitplan"})


def strip_marks(text: str) -> str:
    """The text without accents: `Vaxivière` -> `Vaxiviere`, `Sørensen` -> `Sorensen`, `Weiß` -> `Weiss`."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold(text: str) -> str:
    """A key under which spellings of one name meet: no case, no accents, no punctuation, single blanks."""
    return " ".join(re.sub(r"[^\w]+|_", " ", strip_marks(text)).casefold().split())


def slugify_german(text: str, *, default: str = "x", limit: int = 80) -> str:
    """An address part in ASCII with German transliteration: `6 Stunden Nürburgring` -> `6-stunden-nuerburgring`."""
    # `3½ Stunden` is not 312 hours.
    text = _FRACTION.sub(lambda sign: f" {unicodedata.normalize('NFKC', sign[0]).replace(chr(0x2044), ' ')}", text)
    ascii_text = strip_marks(unicodedata.normalize("NFC", text).translate(_GERMAN)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    return slug[:limit].strip("-") or default


def free_slug(text: str, taken: Collection[str], *, limit: int = 80) -> str:
    """An address part made from a text that is none of the taken ones: `starterliste` -> `starterliste-2`."""
    base = slugify_german(text, limit=limit)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base[: limit - len(str(number)) - 1]}-{number}"
    return slug


def sort_key(text: str) -> str:
    """The database collates by bytes; this key sorts `Österreich` beside `Oslo`."""
    return fold(text)
