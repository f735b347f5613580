"""Direct speech in a paragraph: the quotations of five words or more, and quotation marks that lack their partner."""

from collections.abc import Iterable
from dataclasses import dataclass

FEWEST_WORDS = 5

_CLOSING = {
    "„": '“”"‟',
    "“": '”"',
    "»": "«",
    "«": "»",
    '"': '"“”',
    "”": '”"',  # both marks alike, as some typewriters and Scandinavians print them
    "‚": "‘’",
    "‘": "’",
    "›": "‹",
    "‹": "›",
}
_SINGLE = "‚‘›‹"
_BEFORE_OPENING = " \t\n([{–—-/:"


@dataclass(frozen=True, slots=True)
class Speech:
    """The quotations of one text and whether a mark stood alone."""

    quotations: tuple[str, ...]
    unbalanced: bool


def read_speech(text: str) -> Speech:
    """Quotations between matching marks. Where a mark is missing nothing is guessed: that speech is left out."""
    found: list[str] = []
    mark, start, unbalanced = "", 0, False
    for position, sign in enumerate(text):
        if mark:
            if sign in _CLOSING[mark] and _closes(text, position, mark):
                found.append(text[start:position])
                mark = ""
            elif sign == mark and _opens(text, position):
                unbalanced, start = True, position + 1
        elif sign in _CLOSING:
            if _opens(text, position):
                mark, start = sign, position + 1
            elif sign not in _SINGLE:
                unbalanced = True
    return Speech(
        tuple(quote for quote in map(_tidy, found) if _is_long(quote)),
        unbalanced or (bool(mark) and mark not in _SINGLE),
    )


def read_all(texts: Iterable[str]) -> Speech:
    speeches = [read_speech(text) for text in texts]
    return Speech(
        tuple(quote for speech in speeches for quote in speech.quotations),
        any(speech.unbalanced for speech in speeches),
    )


def _opens(text: str, position: int) -> bool:
    """A mark opens before a word; a straight one glued between two sentences (`an."Theoretisch`) as well."""
    after = text[position + 1 : position + 2]
    before = text[position - 1 : position] if position else ""
    if not after or after.isspace() or after in ".,;:!?)":
        return False
    if text[position] in "„»‚›":
        return True
    return not before or before in _BEFORE_OPENING or (before in ".!?," and after.isupper()) or before in '„“"»'


def _closes(text: str, position: int, mark: str) -> bool:
    """A mark that could open a new speech does not close one, unless it belongs to the closing hand alone."""
    after = text[position + 1 : position + 2]
    if mark in _SINGLE:  # apostrophes: `Kobayashi’s`
        return not after.isalnum()
    if text[position] != '"':
        return True
    before = text[position - 1 : position]
    return not (before.isspace() and after.isalnum())


def _tidy(text: str) -> str:
    return text.strip().rstrip(",").strip()


def _is_long(text: str) -> bool:
    return sum(any(sign.isalnum() for sign in word) for word in text.split()) >= FEWEST_WORDS
