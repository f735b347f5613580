"""The name of a series as it is written, restored from a heading in capitals."""

import re

from articles.importers.words import words

_ACRONYMS = words("acronyms")
_SMALL = words("small_words")
_KNOWN_WORDS = re.compile(
    r"\b(?:masters?|cups?|series|serie|challenge|championship|\w*meisterschaft|troph(?:y|äe|ée|ee)|pokal|dtm|wec|vln|nls|imsa|elms|gt\d?|gtwc|formel|"
    r"formula|endurance|sprint|supercup|carrera|tcr|wrc|rallye|rally|liga|league|nascar|indycar|masters|prototype|le mans)\b",
    re.IGNORECASE,
)


def restore_case(name: str, text: str) -> str:
    """`ADAC GT MASTERS` as `ADAC GT Masters`: as the text itself writes it elsewhere, else by known acronyms."""
    if not name.isupper() or (len(name.split()) == 1 and len(name) <= 4):  # noqa: PLR2004
        return name
    for match in re.finditer(re.escape(name), text, re.IGNORECASE):
        if not match[0].isupper() and not match[0].islower():
            return match[0]
    words = name.split(" ")
    return " ".join(_word(word, first=position == 0) for position, word in enumerate(words))


def _word(word: str, *, first: bool) -> str:
    if "-" in word:
        return "-".join(_word(part, first=True) for part in word.split("-"))
    if word in _ACRONYMS or any(sign.isdigit() for sign in word):
        return word
    if word.casefold() in _SMALL and not first:
        return word.casefold()
    return word.capitalize()


def looks_like_series(name: str) -> bool:
    """Whether a short line may be a series: it says so (`… Cup`, `… Masters`), or it shouts."""
    return bool(_KNOWN_WORDS.search(name)) or (name.isupper() and len(name) > 2)  # noqa: PLR2004
