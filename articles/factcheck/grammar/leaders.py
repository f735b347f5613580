"""Who leads a championship: `Tabellenführer Elster`, `Elster führt die Meisterschaft an`, `leads the standings`; and at which time.

Where the sheet holds a table as it was before the event and as it is now, `nun`, `ist` and `leads` speak of the second,
`war angereist` of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.grammar.among import among
from articles.factcheck.grammar.moments import moment
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.words import words

_NOUN = re.compile(
    r"\b(?P<n>Tabellenführer(?:in|n)?|Tabellenerste[rn]?|Tabellenführende[rn]?|Tabellenleader|Meisterschaftsführende[rn]?|Meisterschaftsleader|"
    r"Gesamtführende[rn]?|(?:championship|points|standings) leaders?)\b(?![-\w])"
)
_LEADING = words("leaders_verbs")
_MOST_BETWEEN = 3  # words


def find(page: Page) -> Iterator[Claim]:
    """Claims of the first place in a table that no ordinal gives."""
    if not page.sheet.tables:
        return
    for match in page.matches(_NOUN, "tabellen", "meisterschafts", "gesamtf", "leader"):
        yield _leader(page, match)
    yield from _by_verb(page)


def _leader(page: Page, match: re.Match[str]) -> Claim:
    """`Tabellenführer Elster` names him right behind; else it is said of whoever is spoken of."""
    beside = page.group_at(match.end())
    is_beside = beside is not None and beside.first == page.cut.token_at(match.end() - 1) + 1
    given = {"subject": page.as_subject(beside, 2)} if beside is not None and is_beside else {}
    stand = "" if is_beside else stand_of(page, match.start())
    hint = "table" if is_beside or _is_being(page, match.start()) else "duel"
    return page.claim(ClaimType.POSITION, match.start(), match.end(), 1, hint=hint, stand=stand, **given)


def _is_being(page: Page, start: int) -> bool:
    """`ist Tabellenführer`, `reiste als Tabellenführer an`; not `jagt den Tabellenführer`."""
    return bool(words("leaders_being") & set(page.words_before(start, 4)))


def _by_verb(page: Page) -> Iterator[Claim]:
    """A verb of leading and a table in one clause: `In der Fahrerwertung führt Elster`."""
    tokens = page.cut.tokens
    for sentence, setting in zip(page.cut.sentences, page.settings, strict=True):
        if not any(cue.what == "table" for cue in setting.cues):
            continue
        for at in range(sentence.first, sentence.last):
            if tokens[at].key not in _LEADING:
                continue
            first, last = page.clause(sentence, at)
            keys = {token.key for token in tokens[first:last]}
            if keys & words("leaders_tables") and not keys & words("leaders_not"):
                start, end = tokens[at].start, tokens[at].end
                kind = among(tokens, sentence, last)
                stand = stand_of(page, start)
                yield page.claim(ClaimType.POSITION, start, end, 1, hint="table", among=kind, stand=stand)


def stand_of(page: Page, start: int) -> str:
    """`now` or `then`, where the clause says which of two tables it speaks of."""
    first, last = page.clause(page.sentence_at(start), page.cut.token_at(start))
    keys = {token.key for token in page.cut.tokens[first:last]}
    if keys & words("leaders_then") or ({"vor", "before"} & keys and words("leaders_event") & keys):
        return "then"
    sentence = page.sentence_at(start)
    if moment(page, sentence, page.cut.token_at(start)) == "before":
        return "then"  # `Vor dem Sachsenring war er noch Zweiter der Tabelle`
    return "now" if keys & words("leaders_now") else ""
