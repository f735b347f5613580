"""The encoding of a text that says nothing of it: what `results` reads, judged once more by how German and English are written.

A timing sheet has one odd sign in a name; a story has umlauts inside words, quotation marks around them and dashes
between them. So a Macintosh's or DOS text shows itself where a single name would not, and UTF-16 without its mark does.
"""

import codecs
import re
from itertools import islice

from results.importers.encoding import Decoded, decode
from results.importers.records import FileRefused

_OTHERS = ("mac-roman", "cp850")
_CERTAIN = 0.6  # so much better another encoding must be than the first choice
_SIGNS = 2_000
_READABLE = 0.5  # share of the odd signs that must stand right in what nobody else can read
_HIGH = bytes(range(128, 256))
_HEAD = 4_096
_MANY_NULS, _ONE_SIDE = 0.3, 0.95

_BYTE_ORDER = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)

_ODD = re.compile(r"(.?)([^\x00-\x7f])(?=(.?))", re.DOTALL)
_SMALL, _CAPITALS = frozenset("äöüß"), frozenset("ÄÖÜ")
_MARKS = frozenset("„“”‚‘’»«›‹–—…")


def decode_text(data: bytes, *, limit: int) -> Decoded:
    """The text of an article's file. Raises FileRefused with a German sentence."""
    wide = _wide(data) if len(data) <= limit else None
    if wide:
        return Decoded(data.decode(wide), wide)
    try:
        decoded = decode(data, limit=limit)
    except FileRefused:
        if len(data) > limit or b"\x00" in data or _is_utf8(data):
            raise
        odd = len(data) - len(data.translate(None, _HIGH))
        better = _better(data, min(odd, _SIGNS) * _READABLE)
        if better is None:
            raise
        return better
    if decoded.encoding not in {"cp1252", *_OTHERS} or decoded.mixed or b"charset" in data[:_HEAD].lower():
        return decoded
    certain = _CERTAIN if decoded.encoding == "cp1252" else 0.0
    return _better(data, _likeness(decoded.text) + certain) or decoded


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Western text is NUL."""
    head = data[:_HEAD]
    nuls = head.count(0)
    if not nuls or data.startswith(_BYTE_ORDER) or len(data) % 2 or nuls < len(head) * _MANY_NULS:
        return None
    for encoding, side in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if side.count(0) >= nuls * _ONE_SIDE:
            try:
                return None if "\x00" in data.decode(encoding) else encoding
            except UnicodeDecodeError:
                return None
    return None


def _better(data: bytes, than: float) -> Decoded | None:
    best: Decoded | None = None
    for encoding in _OTHERS:
        text = data.decode(encoding)  # every byte is a sign in both
        likeness = _likeness(text)
        if likeness > than:
            best, than = Decoded(text, encoding), likeness
    return best


def _likeness(text: str) -> float:
    """How much the odd signs look like German or English as it is written, by where they stand."""
    return sum(_fit(*match.groups()) for match in islice(_ODD.finditer(text), _SIGNS))


def _fit(before: str, sign: str, after: str) -> float:
    inside = before.isalpha() or after.isalpha()
    if sign in _MARKS:
        return 1.0 if sign == "’" or not (before.isalpha() and after.isalpha()) else -1.0
    if sign in _SMALL:
        return 1.0 if inside else -1.0
    if sign in _CAPITALS:
        return 1.0 if inside and not before.islower() else -1.0
    if sign.isalpha() and sign < "\u0180":
        return 0.5 if inside and not (before.islower() and sign.isupper()) else -1.0
    return 0.0 if sign in "©®°§€²³½\u00a0" and not (before.isalpha() and after.isalpha()) else -1.0
