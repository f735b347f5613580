"""Bytes of a foreign file to text that may be stored: read right or refused, never guessed into garbage.

The order is byte order mark, declaration (XML, HTML), UTF-8 strict, Windows-1252, and only then a detector. Refused is
what a database or a reader must not get: NUL, lone surrogates, text already garbled by somebody else (`MÃ¼ller`), and
control characters that turn names around. Articles use this module too. Errors carry one German sentence each.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

import charset_normalizer

from results.importers.records import FileRefused

RESULTS_LIMIT = 64 * 2**20  # bytes
_HEAD = 2_048

_MARKS = (  # UTF-32 before UTF-16, whose mark it begins with
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""\A\s*<\?xml[^>]{0,100}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_.:-]{1,40})["']"""
    rb"""|<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)
# What a declaration may name. Browsers read ISO-8859-1 as Windows-1252, and so do we: the files are that in truth.
_ALLOWED = {
    "utf-8": "utf-8", "ascii": "cp1252", "iso8859-1": "cp1252", "cp1252": "cp1252", "iso8859-15": "iso8859-15",
    "iso8859-2": "iso8859-2", "cp1250": "cp1250", "cp850": "cp850", "mac-roman": "mac-roman",
}  # fmt: skip
_DETECTABLE = ["cp850", "mac_roman", "cp1250"]  # the likelier first
_EXPECTED = frozenset("äöüÄÖÜßéèêëáàâãåæçíìîïñóòôõøúùûÿÉÈÁÀÅÆÇÍÑÓÔØÚčćšžřýěůłńśżźąęőűČŠŽ–—„“”‚‘’»«°…•©®§€²³½")
_ENOUGH = 0.9  # share of the odd signs that must be ones a race report holds

# Bytes 80 to BF as Windows-1252 shows them: what stands behind the first byte of a UTF-8 pair read with the wrong eyes.
_TAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_GARBLED = re.compile(rf"Ã[{_TAIL}]|Â[{_TAIL}]|â€[{_TAIL}]|Å[¡¾½¼¸¯±™›ƒ]|ï»¿|í[\u00a0-\u00bf][{_TAIL}]|\ufffd")
# Macintosh umlauts read as Windows-1252 (`MŸller`, `KšŠln`): capitals and daggers in the middle of a word.
_MACINTOSH = re.compile("[ŸŠ†](?<=[A-Za-zš].)(?=[a-zš§])")
# Dashes, quotation marks and daggers as UTF-8, in three bytes that stand together in no word of any other encoding: a
# file in the Macintosh's was edited by a program that wrote UTF-8.
_PUNCTUATION = re.compile(rb"(\xe2\x80[\x90-\xbf])")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NEWLINE = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text without byte order mark, newlines as they stood, and the Python name of its encoding.

    `mixed`: signs of a second encoding stood in it, which whoever shows the file should say.
    """

    text: str
    encoding: str
    mixed: bool = False


def decode(data: bytes, *, limit: int = RESULTS_LIMIT) -> Decoded:
    """The file's text, or FileRefused with a sentence naming line and byte. `limit` is the most bytes that are looked at."""
    if len(data) > limit:
        raise FileRefused(f"Die Datei ist zu groß. Erlaubt sind {_size(limit)}.")
    if not data or data.isspace():
        raise FileRefused("Die Datei ist leer.")
    decoded = _by_mark(data) or _by_declaration(data) or _by_trial(data)
    text = decoded.text
    if "\x00" in text:
        raise FileRefused(f"{_place(text, text.index(chr(0)))}: ein NUL-Zeichen. So etwas steht in keiner Textdatei.")
    garbled = _GARBLED.search(text)
    if garbled:
        raise FileRefused(_broken_utf8(data) or _garbled_sentence(text, garbled))
    return decoded


def split_lines(text: str) -> list[str]:
    """Lines at CR, LF or CRLF only: `str.splitlines` would also break at signs that stand inside fields."""
    lines = _NEWLINE.split(text) if "\r" in text else text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines


def unfit(text: str) -> str | None:
    """Why a name or another single-line value may not be stored, as the second half of a German sentence; else None."""
    if text.isascii() and text.isprintable():
        return None
    for pattern, reason in _UNFIT:
        if pattern.search(text):
            return reason
    return None


_UNFIT = (
    (_SURROGATES, "enthält ein halbes Zeichen (Surrogat)"),
    (_CONTROLS, "enthält Steuerzeichen"),
    (re.compile("[\t\n\v\f\r\u2028\u2029]"), "enthält einen Zeilenumbruch oder Tabulator"),
    (_TURNING, "enthält Zeichen, die die Schreibrichtung umkehren"),
    (_GARBLED, "ist durch falsche Zeichenkodierung verstümmelt"),
)


def tidy(text: str) -> str:
    """A value as it is stored: composed letters (`u` + diaeresis is `ü`), nothing invisible, single blanks, none around."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(text.split())


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding)
            except UnicodeDecodeError as error:
                name = encoding.removesuffix("-sig").upper()
                raise FileRefused(
                    f"{_byte_place(data, error.start + len(data) - len(error.object))}: kein gültiges {name}."
                ) from error
    return None


def _by_declaration(data: bytes) -> Decoded | None:
    """A declaration that does not hold is passed over: scraped pages often lie about themselves."""
    match = _DECLARED.search(data[:_HEAD])
    if not match:
        return None
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name
    except LookupError:
        return None
    encoding = _ALLOWED.get(name)
    try:
        return Decoded(data.decode(encoding), encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def _by_trial(data: bytes) -> Decoded:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        utf8_error = error
    if b"\x00" in data[:_HEAD]:
        raise FileRefused(
            f"{_byte_place(data, data.index(0))}: ein NUL-Byte. Die Datei ist keine Textdatei oder UTF-16 ohne Kennung."
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return _by_detector(data, utf8_error)
    return _by_detector(data, utf8_error) if _MACINTOSH.search(text) else Decoded(text, "cp1252")


def _by_detector(data: bytes, utf8_error: UnicodeDecodeError) -> Decoded:
    """The last resort, for old DOS and Macintosh files; it judges the lines that hold the odd bytes only.

    The detector alone takes DOS for Macintosh (`MÅller`), so of its proposals the one with the most letters of our
    languages is chosen, and none if signs are left that no report holds.
    """
    whole, pieces = data, _PUNCTUATION.split(data)
    data = b"".join(pieces[0::2])
    odd = b"\n".join([line for line in re.split(rb"[\r\n]+", data) if not line.isascii()][:2_000])[: 2**16]
    matches = charset_normalizer.from_bytes(odd, cp_isolation=_DETECTABLE, threshold=1.0)
    proposed = {match.encoding: _likeness(odd, match.encoding) for match in matches}
    good = [encoding for encoding in _DETECTABLE if proposed.get(encoding, 0) >= _ENOUGH]
    for encoding in sorted(good, key=lambda encoding: -proposed[encoding]):
        try:
            text = "".join(piece.decode("utf-8" if place % 2 else encoding) for place, piece in enumerate(pieces))
            return Decoded(text, codecs.lookup(encoding).name, mixed=len(pieces) > 1)
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        f"{_byte_place(whole, utf8_error.start)}: kein gültiges UTF-8, und eine andere Zeichenkodierung ist nicht zu "
        "erkennen. Bitte als UTF-8 oder Windows-1252 speichern."
    )


def _likeness(odd: bytes, encoding: str) -> float:
    signs = [sign for sign in odd.decode(encoding, "replace") if not sign.isascii()]
    return sum(sign in _EXPECTED for sign in signs) / len(signs) if signs else 0.0


def _broken_utf8(data: bytes) -> str | None:
    """The sentence for bytes that are mostly UTF-8, and were read as Windows-1252 for a broken one among them."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return f"{_byte_place(data, error.start)}: kein gültiges UTF-8, und auch nicht Windows-1252."
    return None


def _garbled_sentence(text: str, garbled: re.Match[str]) -> str:
    place = _place(text, garbled.start())
    if garbled[0] == "\ufffd":
        return f"{place}: ein Ersatzzeichen (�). Buchstaben sind schon früher verloren gegangen, bitte neu exportieren."
    around = text[max(0, garbled.start() - 10) : garbled.end() + 10]
    sample = "".join(sign if sign.isprintable() else " " for sign in around).strip()
    return f"{place}: Die Umlaute sind verstümmelt („{sample}“). Bitte mit richtiger Zeichenkodierung neu exportieren."


def _place(text: str, position: int) -> str:
    before = text[:position]
    lines = len(_NEWLINE.findall(before))
    return f"Zeile {lines + 1}, Byte {len(before.encode('utf-8', 'replace')) + 1}"


def _byte_place(data: bytes, position: int) -> str:
    lines = len(re.findall(rb"\r\n|\r|\n", data[:position]))
    return f"Zeile {lines + 1}, Byte {position + 1}"


def _size(count: int) -> str:
    if count < 2**20:
        return f"{count // 1000} kB"
    return f"{-(-count // 2**20)} MB"
