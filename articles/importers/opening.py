"""How stories begin: export dates, agencies, places, bylines. Each reader gives back what it read and what is left."""

import datetime as dt
import re
from dataclasses import dataclass

from articles.importers import furniture
from articles.importers.lines import ends_sentence
from articles.importers.timetable import MONTH, WEEKDAY, month_number
from articles.importers.words import words

_LONGEST = 160
_FEW = 20
_CENTURY = 2000
_DATE_HEAD = re.compile(r"date\s?:?\s?(?P<date>(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-\d\d)?)(?![\d-])\s?", re.IGNORECASE)
_ISO = r"(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d)?(?:[+-]\d\d:?\d\d|Z)?)?"
_NUMERIC = r"(?P<d1>\d{1,2})\.\s?(?P<m1>\d{1,2})\.\s?(?P<y1>(?:19|20)\d\d|\d\d(?![.,:\d]))"
_WORDED = rf"(?P<d2>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?P<m2>{MONTH}),?\s(?P<y2>(?:19|20)\d\d)"
_MONTH_FIRST = rf"(?P<m3>{MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y3>(?:19|20)\d\d)"
_DATE = re.compile(rf"(?<!\d)(?:{_ISO}|{_NUMERIC}|{_WORDED}|{_MONTH_FIRST})(?!\d)", re.IGNORECASE)
_ISSUE = re.compile(r"[A-ZÄÖÜ][\w.-]+(?: [\w.-]+){0,2},? vom (?=\d)")
_PARTS = re.compile(r"\s[|•·–—-]\s")
_SECTIONS = re.compile(
    r"(?:motorsport|rennsport|sport|news|nachrichten|dtm|wec|vln|nls|formel ?\w|rallye|langstrecke|gt ?\d|aktuell|blog|presse|berichte?)",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(r"^[A-ZÄÖÜ][\w-]+(?:[/ ][A-ZÄÖÜ][\w-]+)?, (?:den |der )?(?=\d)")  # `Altmark, 12.05.2024`
_DATE_COMPANY = re.compile(
    rf"(?<!\w)(?:veröffentlicht|erschienen|erstellt|aktualisiert|stand|datum|zuletzt|geändert|bearbeitet|online seit|first|modified|veröffentlichung|published|updated|posted|last|date|"
    rf"vom|am|on|um|at|uhr|den|{WEEKDAY}|[ap]\.?m|mesz|mez|cest|cet|gmt|bst|utc|edt|est|cdt|cst|mdt|mst|pdt|pst|et|jst|aest)(?!\w)|\d{{1,2}}[:.]\d{{2}}(?::\d\d)?|T(?=\d)|"
    r"[-–—|•·/,:.()\s]",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\b(?:aktualisiert|geändert|bearbeitet|updated|modified|stand)\b", re.IGNORECASE)
_MOST_DATES = 3

_KNOWN_AGENCIES = words("agencies")
_WIRES = frozenset({"dpa", "sid", "afp", "apa", "reuters", "ots"})  # of those that may stand without brackets
_DOMAIN = re.compile(r"[\w-]+\.(?:com|de|net|org|at|ch|tv|eu|info)", re.IGNORECASE)
_AGENCY = r"[A-Za-zÄÖÜäöü][\w.\-]{1,30}(?:\s?/\s?[\w.\-]{2,30}){0,3}"
_ONLY_AGENCY = re.compile(_AGENCY)
_DASH = r"\s?(?:[-–—]+|:|\.)\s?"
_BRACKETED = re.compile(rf"[(\[](?P<agency>{_AGENCY})[)\]](?P<dash>{_DASH})?\s?")
_BARE_AGENCY = re.compile(r"(?P<agency>[A-Za-z-]{2,12})\s[-–—]+\s(?=[\"„“»«A-ZÄÖÜ0-9])")
_SIGNATURE = re.compile(rf"\s?[(\[](?P<name>{_AGENCY})[)\]]$")

_WORD = r"[A-ZÄÖÜ][\w'’\-]*"
_SMALL = r"(?:am|an der|im|in der|bei|ob der|de|del|la|le|du|of|the)"
_ONE_PLACE = rf"(?:St\. |Bad )?{_WORD}(?: (?:{_SMALL} )?{_WORD}){{0,3}}"
_PLACE = rf"(?P<place>{_ONE_PLACE}(?:\s?/\s?{_ONE_PLACE}){{0,2}})(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?|\s\([A-Z][\w.]+\))?"
_PLACE_DAY = rf"(?P<day>(?:(?i:{WEEKDAY}),? )?(?:\d{{1,2}}\.\s?(?:(?i:{MONTH})|\d{{1,2}}\.)|(?i:{MONTH}) \d{{1,2}}|\d{{1,2}} (?i:{MONTH}))(?:,?\s?\d{{4}})?)"
_WITH_AGENCY = re.compile(rf"{_PLACE}(?:, {_PLACE_DAY})?\.?\s?\((?P<agency>{_AGENCY})\)(?:{_DASH})?\s?")
_WITH_DAY = re.compile(rf"{_PLACE},? (?:den |am )?\(?{_PLACE_DAY}\)?\s?(?:[-–—:.|]+)\s")
_WITH_STOP = re.compile(rf"{_PLACE}\s?(?P<mark>\.|:|\s[-–—]+|[–—])\s(?=[\"„“»«A-ZÄÖÜ0-9])")
_PLACE_ENDINGS = re.compile(
    r"(?:burg|berg|heim|dorf|stadt|hausen|ingen|furt|weiler|kirchen|brücken|brück|hafen|münster|rode|stedt|hofen|felden"
    r"|leben|bronn|stetten|beuren|scheid|rath|büttel|walde|zell|bach|ring|town|ville|ford|stone|bury|mouth|shire|field"
    r"|hagen|horst|hoven|haven|werder|wede|thal|ental|rtal|nach|sum|lar|reuth|roda|rade|siel|koog|büll|born|brunn|baden|wald|winkel|wörth"
    r"|kamp|bergen|berge|hain|[cglrstw]itz|[bdklrst]ow|[bdgst]lau|[dns]au)$"
)
_PLACES = words("places") | words("towns")
_MULTI_PLACES = frozenset(
    ("le mans", "long beach", "são paulo", "sao paulo", "brands hatch", "paul ricard", "le castellet", "new york", "las vegas",
     "abu dhabi", "monte carlo", "magny cours", "watkins glen", "laguna seca", "road atlanta", "elkhart lake", "hong kong",
     "los angeles", "mexico city", "buenos aires", "port elizabeth", "oulton park", "hohenstein ernstthal", "den haag")
)  # fmt: skip
_WITHIN_PLACES = frozenset(
    ("am", "an", "der", "bei", "im", "in", "ob", "auf", "dem", "de", "la", "le", "of", "the", "vor")
)
_RESIDENT = r"(?:[Dd](?:er|ie|es|em|en)|[Aa]ls|[Ss]o|[Gg]ebürtige[rn]?|[Jj]unge[rn]?|\d\d-[Jj]ährige[rn]?|[Bb]eim?|[Vv]om|[Ee]ine[mnrs]?) "
_TWO_PLACES = re.compile(rf"(?:Bad )?{_WORD}\s?/\s?(?:Bad )?{_WORD}")
_NOT_PLACES = words("not_places")
_BYLINE = re.compile(
    r"(?:von|by|autor(?:in|en)?|author|text|bericht|redaktion|(?:das|dieses) (?:gespräch|interview) führten?|(?:die )?fragen stellten?|(?:interview|protokoll|aufgezeichnet|artikel|(?:ein )?beitrag)(?: von)?|"
    r"interview by|von unsere[mr] (?:mitarbeiter|redakteur|reporter|korrespondent)(?:in)?|geschrieben von|verfasst von|written by|words)\s?:?\s"
    r"(?P<names>.{3,90})",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-ZÄÖÜ][\w'’.\-]*(?: (?:(?:von|van|de|der|den|zu|la|di) ){0,2}[A-ZÄÖÜ][\w'’.\-]*){1,3}")
_BY = re.compile(r"(?:\s[|,·•–—-])?\s(?=(?:von|by|autor(?:in)?|text)\s?:?\s[A-ZÄÖÜ])", re.IGNORECASE)
_NAMES_APART = re.compile(r",\s|\s(?:und|and|&|/)\s")
_WITHOUT_DATE = re.compile(r"\s[|•·–—]\s|\s(?:am|vom|on|um)\s?$")
_AUTHOR_VERBS = frozenset(
    ("ist", "berichtet", "schreibt", "arbeitet", "lebt", "kommentiert", "begleitet", "leitet", "gehört", "is", "has", "writes", "covers",
     "reports", "lives", "works")
)  # fmt: skip
_INITIALS = re.compile(r"[(\[–-]\s?[a-zäöü]{1,4}(?:/[a-zäöü]{1,4})*\s?[)\]]?|[a-zäöü]{2,4}")


@dataclass(frozen=True, slots=True)
class Opening:
    """What stood before the first word of the story; `rest` is the story from there."""

    rest: str
    agency: str | None = None
    place: str | None = None
    date: str | None = None


def cut_date_head(text: str) -> tuple[str | None, str]:
    """The date of an export head (` date 2021-11 Im Toyota-internen …`) and what follows it."""
    match = _DATE_HEAD.match(text)
    if match is None or not _is_date(match["date"]):
        return None, text
    return match["date"], text[match.end() :]


def read_date_line(text: str) -> tuple[str, bool] | None:
    """The ISO date of a line holding nothing else, and whether it is the first publication rather than an update."""
    if len(text) <= _LONGEST:  # `15. Mai 2023 | Kategorie: Rennberichte`
        text = " | ".join(part for part in _PARTS.split(text) if not _is_beside(part.strip()))
    text = _PLACE_BEFORE.sub("", text[: _LONGEST + 1], count=1)
    found = list(_DATE.finditer(text)) if len(text) <= _LONGEST else []
    if not found or len(found) > _MOST_DATES or _DATE_COMPANY.sub("", _DATE.sub(" ", text)):
        return None
    return _first_published(text, found)


def read_issue_line(text: str) -> tuple[str, bool] | None:
    """The date in `Wochenblatt vom 14.08.2019`: of the issue, where such a line stands over a headline."""
    match = _ISSUE.match(text) if len(text) <= _LONGEST else None
    return read_date_line(text[match.end() :]) if match else None


def _is_beside(text: str) -> bool:
    """Whether a part of a date line says nothing of a date: a section, the reading time, a button."""
    return bool(furniture.recognise(text) or _SECTIONS.fullmatch(text))


def _first_published(text: str, found: list[re.Match[str]]) -> tuple[str, bool] | None:
    """Of several dates on a line the one of the publication, else the first: (ISO date, whether it is no update)."""
    best: tuple[str, bool] | None = None
    start = 0
    for match in found:
        date = _iso_of(match)
        if date is None:
            return None
        fresh = _UPDATED.search(text[start : match.start()]) is None
        best = (date, fresh) if best is None or (fresh and not best[1]) else best
        start = match.end()
    return best


def _iso_of(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    if parts["iso"]:
        return parts["iso"] if _is_date(parts["iso"]) else None
    for n in "123":
        if parts[f"y{n}"]:
            return _iso(parts[f"y{n}"], parts[f"m{n}"], parts[f"d{n}"])
    return None


def _iso(year: str | None, month: str | None, day: str | None) -> str | None:
    try:
        return dt.date(
            (_CENTURY if len(year or "") < len("2024") else 0) + int(year or 0),
            month_number(month or "") or 0,
            int(day or 0),
        ).isoformat()
    except ValueError:
        return None


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text if text.count("-") > 1 else f"{text}-01")
    except ValueError:
        return False
    return True


def cut_opening(text: str, story: str) -> Opening:
    """Agency, place and day off the beginning of a paragraph. `story` is the whole text: `der Leimener` proves Leimen."""
    head = text[:_LONGEST]
    bracketed = _BRACKETED.match(head)
    if bracketed and (bracketed["dash"] or is_agency(bracketed["agency"])):
        return _behind_bracket(bracketed["agency"], cut_opening(text[bracketed.end() :], story), story)
    bare = _BARE_AGENCY.match(head)
    if bare and bare["agency"].casefold() in _WIRES:
        return Opening(text[bare.end() :], bare["agency"])
    placed = _WITH_AGENCY.match(head)
    if placed and is_agency(placed["agency"]):
        return Opening(text[placed.end() :], placed["agency"], placed["place"], _day_of(placed["day"]))
    dated = _WITH_DAY.match(head)
    if dated and _place_words(dated["place"]):
        return Opening(text[dated.end() :], None, dated["place"], _day_of(dated["day"]))
    stopped = _WITH_STOP.match(head)
    if stopped and is_place(stopped["place"], story, sure=stopped["mark"] == "."):
        rest = cut_opening(text[stopped.end() :], story) if text[stopped.end() :].startswith("(") else None
        return Opening(rest.rest if rest else text[stopped.end() :], rest.agency if rest else None, stopped["place"])
    return Opening(text)


def _behind_bracket(name: str, found: Opening, story: str) -> Opening:
    """`(dpa) -` is an agency, `(Leimen) -` a place."""
    if not is_agency(name) and is_place(name, story):
        return Opening(found.rest, found.agency, name, found.date)
    return Opening(found.rest, name, found.place, found.date)


def _day_of(text: str | None) -> str | None:
    """The ISO date of a press release's dateline, None where it lacks the year."""
    found = _DATE.search(text) if text else None
    return _iso_of(found) if found else None


def cut_signature(text: str) -> tuple[str, str | None]:
    """Who signs a paragraph behind its full stop, an agency or an author's letters: `… sagte er. (dpa)`, `… fest. (mh)`."""
    match = _SIGNATURE.search(text[-40:])
    before = text[: len(text) - len(match[0])].rstrip() if match else text
    if match is None or not ends_sentence(before):
        return text, None
    if is_agency(match["name"]) or _INITIALS.fullmatch(match["name"]):
        return before, match["name"]
    return text, None


def is_initials(text: str) -> bool:
    """The letters by which editors sign: `mk`, `mk/hs`, `(mk)`."""
    return len(text) <= _FEW and bool(_INITIALS.fullmatch(text))


def is_person(text: str) -> bool:
    return bool(_NAME.fullmatch(text))


def is_agency(name: str) -> bool:
    """Whether a name, and nothing but a name, is an agency's: `dpa`, `dpa/lni`, `Motorsport-Total.com`."""
    first = name.split("/", 1)[0].strip()
    whole = len(name) <= _LONGEST and bool(_ONLY_AGENCY.fullmatch(name.strip()))
    return whole and (first.casefold() in _KNOWN_AGENCIES or bool(_DOMAIN.fullmatch(first)))


def is_place(name: str, story: str, *, sure: bool = True) -> bool:
    """Whether a capitalised beginning is a place rather than an outcry (`Geschafft.`): known, built, or lived in.

    Before a dash a person may stand as well (`Frank Roth - …`), so there (`sure` False) the first word must be known.
    """
    words = _place_words(name)
    if not words:
        return False
    if sure and (_TWO_PLACES.fullmatch(name) or words[0] in {"st.", "sankt", "bad"}):
        return True
    if name.casefold() in _MULTI_PLACES or any(word in _PLACES for word in (words if sure else words[:1])):
        return True
    if len(words) <= 1 + sure and any(_PLACE_ENDINGS.search(word) for word in words):
        return True
    shouted = name.isupper() and len(name) >= 5 and name.replace("-", "").replace(" ", "").isalpha()  # noqa: PLR2004
    return shouted or bool(
        re.search(rf"\b{_RESIDENT}(?:{'|'.join(map(re.escape, _residents(name)))})(?:in|s|n)?\b", story)
    )


def _residents(place: str) -> list[str]:
    """What people from a place are called: Leimener, Ganderkeseer, Münchner, Dresdner, Bremer, Leverkusener."""
    cut = place[:-2] if place.endswith("en") else place.removesuffix("e")
    return [f"{place}er", f"{place}r", f"{cut}er", f"{cut}ner"]


def _place_words(name: str) -> list[str]:
    words = [word for word in re.split(r"[\s/]+", name.casefold()) if word]
    words = words[:1] + [word for word in words[1:] if word not in _WITHIN_PLACES]
    return [] if any(word in _NOT_PLACES for word in words) else words


def read_byline(text: str) -> tuple[str, ...] | None:
    """The authors of a byline (`Von Hans Meier und Eva Müller, 12.05.2025`), () for bare initials, None for no byline."""
    if len(text) > _LONGEST:
        return None
    if _INITIALS.fullmatch(text):
        return ()
    match = _BYLINE.fullmatch(text) or _BYLINE.fullmatch(_behind_date(text))
    if match is None:
        return _bare_byline(text)
    bare = _WITHOUT_DATE.split(_DATE.split(match["names"], maxsplit=1)[0])[0]
    names = [name.strip(" .,|–—-(") for name in _NAMES_APART.split(bare)]
    people = tuple(name for name in names if _NAME.fullmatch(name))
    rest = [name for name in names if name and name not in people]
    return people if people and all(is_agency(name.strip("()")) or len(name.split()) == 1 for name in rest) else None


def _behind_date(text: str) -> str:
    """What follows the date in `Veröffentlicht am 22. Mai 2023 von Heike Kern`, empty where the line begins otherwise."""
    found = _BY.search(text)
    return text[found.end() :] if found and read_date_line(text[: found.start()]) else ""


def _bare_byline(text: str) -> tuple[str, ...] | None:
    """`Heike Kern, 22.05.2023, 10:12 Uhr`: a name and nothing but a date beside it."""
    found = _DATE.search(text)
    name = text[: found.start()].removesuffix(" am ").removesuffix(" on ").strip(" |,·•–—-") if found else ""
    person = _NAME.fullmatch(name) and not any(word.casefold() in _NOT_PLACES for word in name.split())
    return (name,) if found and person and read_date_line(text[found.start() :]) else None


def tells_of(text: str, name: str) -> bool:
    """`Tobias Kern berichtet seit 2009 …`: a paragraph about its author."""
    return text.startswith(f"{name} ") and text[len(name) + 1 :].split(" ", 1)[0] in _AUTHOR_VERBS


def read_byline_date(text: str) -> tuple[str, bool] | None:
    """The date within a byline: `Von Hans Meier, 12.05.2025`."""
    found = _DATE.search(text) if read_byline(text) else None
    date = _iso_of(found) if found else None
    return (date, True) if date else None
