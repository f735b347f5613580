"""What a single line could be in an announcement box or a television list, before its neighbours are asked."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from articles.importers import furniture
from articles.importers.lines import Line, ends_with_stop
from articles.importers.records import Label
from articles.importers.timetable import DayRange, Row, When, read_day, read_range, read_rows, split_range

LONGEST, _PROSE = 140, 50
_ROW_WORDS = 9

_MARKER = re.compile(
    r"(?:das |die |der |unser )?(?:nächste[rs]?|kommende[rs]?|next|upcoming)\s(?:event|rennen|termin|veranstaltung|rennwochenende|lauf|"
    r"station|rennstation|runde|stopp|rennserie|race(?: weekend)?|round|meeting|stop|events|termine)(?:\s?[:–-]\s*(?P<rest>.+)|:)?",
    re.IGNORECASE,
)
_SCHEDULE = re.compile(
    r"(?:der\s|the\s)?(?:zeitplan|termine?|programm|schedule|timetable|race\sweekend)\s?:?", re.IGNORECASE
)
_LIVE = re.compile(
    r"(?:(?P<name>.{2,70}?)\s?[-–:|]?\s+live(?:[ -]?(?:ticker|timing))?(?:\s?[&+/]\s?\w{3,12})?|live\s?[:–|-]\s?(?P<name2>.{2,70}))!?",
    re.IGNORECASE,
)
_MEDIUM = r"(?:free-?tv|pay-?tv|tv|fernsehen|live-?\s?stream(?:s|ing)?|stream|radio|internet|online)"
_TV = re.compile(
    rf"(?:(?P<name>.{{2,60}}?)(?:\s?[-–:|])?\s)??(?:(?:live\s)?(?:im|on)\s{_MEDIUM}(?:\s?(?:und|and|&|\+|/)\s?(?:im\s)?{_MEDIUM})?"
    rf"|live-?\s?stream(?:s|ing)?|live-tv|(?:how|where|when)\sto\swatch(?:\s.{{0,40}})?|{_MEDIUM}\s?(?:und|and|&|\+|/)\s?{_MEDIUM}|(?:die\s)?(?:live-?)?übertragung(?:en)?(?:\sim\s{_MEDIUM})?"
    rf"|(?:tv|fernseh|sende|stream|übertragungs)-?\s?(?:zeiten|termine|programm|plan|tipps?|übertragung(?:en)?|"
    r"hinweise?|guide|schedule|times|listings?|info(?:s|rmationen)?)(?:\s.{0,40})?)(?P<colon>:)?",
    re.IGNORECASE,
)
_PREFIXED = re.compile(
    r"(?:(?:live\s)?(?:im\s)?(?:tv|fernsehen|livestream|stream|free-tv)|tv-(?:tipp|zeiten|hinweis|übertragung)|live on tv|on tv|live auf|watch live)\b\s?[:\s]",
    re.IGNORECASE,
)
CHANNEL = re.compile(
    r"(?<![\w.])(?:sport\s?1\+?(?:\.de)?|(?:euro|discovery)sport(?:\s?[12])?|servus\s?tv|dazn|sky(?:\ssport)?(?:\s\w+\s?\d?|\s?\d)?|rtl\+?(?:\snitro)?|"
    r"nitro|pro\s?(?:sieben|7)(?:\smaxx)?|sat\.?\s?1|kabel\s?eins|das\serste|ard|zdf|n-?tv|motorvision(?:\.?\s?tv)?|you\s?tube(?:-kanal)?|twitch|"
    r"ran\.de|dmax|swr|wdr|orf(?:\s(?:eins|sport\s?\+?|1))?|srf(?:\szwei)?|puls\s?4|joyn|amazon\sprime|prime\svideo|bbc(?:\s\w+)?|itv\d?|espn\d?|"
    r"nbc(?:\ssports?)?|fs[12]|peacock|canal\s?\+|discovery\+|motortrend|motorsport\.tv|fiawec\.tv|[\w.-]+\.(?:tv|live)|tele\s?5|sport\sdigital|"
    r"sportdigital|df1|dyn|ndr|mdr|3sat|arte|rtl\s?(?:zwei|ii)|sporteurope\.tv|wedotv|ms\.?\s?sport|adac\.de\S*|imsa\.tv|gtworld|gt-world\S*|viaplay|movistar|tnt\ssports?|usa\snetwork|cnbc)(?![\w-])",
    re.IGNORECASE,
)
_ON_AIR = re.compile(
    r"\b(?:live|tv|stream|livestream|watch|übertragung|re-?live|zusammenfassung|highlights|aufzeichnung|sendung)\b",
    re.IGNORECASE,
)
# A row that says where it is shown: `Rennen 1 live auf Kanal 7`, `Highlights`. A bare `live` may stand behind a session.
_ROW_ON_AIR = re.compile(
    r"\b(?:live\s(?:auf|bei|im|in|on|via)|re-?live|zusammenfassung|highlights?|aufzeichnung|übertragung|livestream|live-stream)\b",
    re.IGNORECASE,
)
_AIR_WORDS = re.compile(
    r"[\s,:(–-]*\b(?:live|re-?live|im\s(?:tv|stream|livestream|free-tv|fernsehen)|livestream|auf|bei)\b.*$",
    re.IGNORECASE,
)
SESSION_NAME = re.compile(
    r"(?:\d\.?\s)?(?:freie[sn]?\s|free\s|official\s|pre-|super\s?)?(?:training|practice|test|shakedown|warm-?\s?up|qualifying|qualifikation|zeittraining|quali|"
    r"q[1-4]\b|fp[1-4]\b|superpole|hyperpole|top-?30|rennen|hauptrennen|qualirennen|qualifikationsrennen|sprint|race|feature|main\s|start\b|lauf|"
    r"grid|startaufstellung|pitwalk|autogramm|prolog|etappe|stage|wertungsprüfung|wp\s?\d|siegerehrung|session)",
    re.IGNORECASE,
)


class Sign(Enum):
    HEAD = auto()  # a series and LIVE
    TV = auto()  # a bare television label
    MARKER = auto()  # Nächstes Event
    RANGE = auto()
    ROWS = auto()
    DAY = auto()
    BROADCAST = auto()
    FURNITURE = auto()
    TEXT = auto()  # short, could be a venue, a name, a subhead
    PROSE = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A non-empty line with its sign and what that sign carries."""

    line: Line
    sign: Sign
    name: str = ""  # series of a head or label, venue of a marker or range
    days: DayRange | None = None
    rows: tuple[Row, ...] = ()
    day: When | None = None
    channel: str | None = None
    forced: Label | None = field(default=None)


_FORCED = {
    Label.WIDGET_HEAD: Sign.HEAD,
    Label.WIDGET_VENUE: Sign.TEXT,
    Label.WIDGET_RANGE: Sign.RANGE,
    Label.WIDGET_SESSION: Sign.ROWS,
    Label.BROADCAST: Sign.BROADCAST,
}


def tokens_of(lines: Iterable[Line], *, running: Collection[int], forced: Mapping[int, Label]) -> list[Token]:
    """Every line with words, in order. `running` are lines of wrapped paragraphs; a person's label goes before all."""
    return [_token(line, forced.get(line.number), running=line.number in running) for line in lines if line.text]


def _token(line: Line, forced: Label | None, *, running: bool) -> Token:
    if forced is None:
        return Token(line, Sign.PROSE) if running or len(line.text) > LONGEST else _read(line)
    sign = _FORCED.get(forced, Sign.PROSE)
    if len(line.text) > LONGEST or sign is Sign.PROSE:
        return Token(line, Sign.PROSE, forced=forced)
    found = _read(line)
    return Token(
        line, sign, found.name, found.days or read_range(line.text), found.rows, found.day, found.channel, forced
    )


def _read(line: Line) -> Token:
    return _label(line) or _dated(line) or _plain(line)


def _label(line: Line) -> Token | None:
    """Heads, markers, television labels and lines."""
    marker = _MARKER.fullmatch(line.text)
    if marker:
        return _marker(line, marker["rest"] or "")
    channel = CHANNEL.search(line.text)
    rows = _rows(line.text)
    if channel and (rows or _is_announcement(line.text, channel)):
        return Token(line, Sign.BROADCAST, rows=rows, channel=channel[0])
    if rows and (_PREFIXED.match(line.text) or any(_ROW_ON_AIR.search(f"{row.name} {row.rest}") for row in rows)):
        return Token(line, Sign.BROADCAST, rows=rows)
    if rows or ends_with_stop(line.text):
        return None
    label = _TV.fullmatch(line.text)
    if label:
        return Token(line, Sign.TV, _series(label["name"]), channel=channel[0] if channel else None)
    live = _LIVE.fullmatch(line.text)
    return Token(line, Sign.HEAD, _series(live["name"] or live["name2"])) if live else None


def _marker(line: Line, rest: str) -> Token:
    split = split_range(rest) if rest else None
    if split:
        return Token(line, Sign.MARKER, split[0], split[1])
    days = read_range(rest) if rest else None
    return Token(line, Sign.MARKER, "" if days else rest, days)


def _dated(line: Line) -> Token | None:
    day = read_day(line.text)
    if day and day.day is None:
        return Token(line, Sign.DAY, day=day)
    days = read_range(line.text)
    if days:
        return Token(line, Sign.RANGE, days=days, day=day)
    rows = _rows(line.text)
    if rows:
        return Token(line, Sign.ROWS, rows=rows)
    split = split_range(line.text)
    return Token(line, Sign.RANGE, *split) if split and len(split[0].split()) <= _ROW_WORDS else None


def _plain(line: Line) -> Token:
    if furniture.recognise(line.text):
        return Token(line, Sign.FURNITURE)
    long_sentence = ends_with_stop(line.text) and len(line.text) > _PROSE
    channel = CHANNEL.fullmatch(line.text.strip(" :-–"))
    return Token(line, Sign.PROSE if long_sentence else Sign.TEXT, channel=channel[0] if channel else None)


def _rows(text: str) -> tuple[Row, ...]:
    """Timetable rows, unless the line is a sentence that mentions a time."""
    rows = read_rows(text)
    spoken = ends_with_stop(text) and not text.casefold().endswith(("uhr.", ".m."))
    if spoken or any(len(row.name.split()) + len(row.rest.split()) > _ROW_WORDS for row in rows):
        return ()
    return tuple(rows)


def _is_announcement(text: str, channel: re.Match[str]) -> bool:
    """`Watch live on YouTube`, `Live auf Sport1`: a channel and a word of the air, and no sentence."""
    around = text[: channel.start()] + text[channel.end() :]
    return len(text.split()) <= _ROW_WORDS and bool(_ON_AIR.search(around)) and not ends_with_stop(text)


def heads_schedule(text: str) -> bool:
    """`Zeitplan`: heads a box where a box follows, and a paragraph elsewhere."""
    return bool(_SCHEDULE.fullmatch(text))


def names_channel(text: str) -> str | None:
    """The channel in a short line that is no sentence."""
    found = CHANNEL.search(text) if len(text.split()) <= _ROW_WORDS and not ends_with_stop(text) else None
    return found[0] if found else None


def without_channel(name: str) -> str:
    """The session in a television row: `Rennen 1` of `Rennen 1 live auf Sport1`."""
    return CHANNEL.sub("", _AIR_WORDS.sub("", name)).strip(" ,:(–-")


def _series(text: str | None) -> str:
    return (text or "").strip(" :|–—-")
