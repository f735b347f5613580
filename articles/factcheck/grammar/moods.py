"""Whether a sentence tells what is, or what was, would, might be or was only for a while."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from articles.factcheck.grammar.tokens import Cut, Sentence, Token
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import FactSheet

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Moods:
    """Whether a sentence tells what is: or what might be, what was, what was for a while, what another year saw."""

    is_hypothetical: bool
    is_historical: bool
    is_interim: bool
    names_year: bool


PLAIN = Moods(is_hypothetical=False, is_historical=False, is_interim=False, names_year=False)


def read_moods(cut: Cut, sentence: Sentence, sheet: FactSheet) -> Moods:
    tokens = cut.tokens[sentence.first : sentence.last]
    keys = {token.key for token in tokens}
    is_told = any(session.is_race for session in sheet.run)
    is_hypothetical = (
        (not keys.isdisjoint(words("hypothetical")) and bool(_suppositions(tokens, is_told=is_told)))
        or any(token.text.lower() in words("subjunctive") for token in tokens)
        or ("could" in keys and not keys & {"barely", "not", "hardly", "only", "no"})
    )
    is_historical = bool(keys & words("history")) or _says_last_year(tokens)
    is_interim = bool(keys & words("interim")) or ("vor" in keys and bool(keys & {"letzten", "vorletzten"}))
    is_interim |= _names_other_month(tokens, sheet) or _is_before(tokens) or _is_at_a_lap(tokens, sheet)
    names_year = any(
        _YEAR.fullmatch(token.text)
        and token.text != sheet.season
        and before.key in {"seit", "since", "in", "im", "jahr", "year"}
        for before, token in itertools.pairwise(tokens)
    )
    return Moods(is_hypothetical, is_historical, is_interim, names_year)


def _is_before(tokens: list[Token]) -> bool:
    """`vor dem letzten Stopp`, `before the safety car`, `im letzten Rennen`: another moment."""
    keys = [token.key for token in tokens]
    for one, other, third in zip(keys, keys[1:], keys[2:], strict=False):
        if one in {"vor", "before", "until"} and other in {"dem", "der", "the"} and third in words("moods_moments"):
            return True
        if (one == "," and other == "als" and third in {"der", "die", "das", "es"}) or (one, other) == ("when", "the"):
            return True
        if (
            one in {"im", "beim", "the"}
            and other in {"letzten", "vorigen", "last", "previous"}
            and third in {"rennen", "lauf", "race", "round"}
        ):
            return True
    return False


def _suppositions(tokens: list[Token], *, is_told: bool) -> set[str]:
    """Words of a mere possibility; but `reichte es zu Rang fünf` and `home hope` are facts."""
    found = set()
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        key = token.key
        if key not in words("hypothetical"):
            continue
        if is_told and key in {"genugte", "genugten"}:
            continue  # `Rang zwei genügte`: what was enough has happened
        if (
            is_told
            and key == "reichte"
            and (
                after is None
                or after.text in ":.,;"
                or after.key in {"rang", "platz", "position"}
                or "rang" in _before(tokens, token)
            )
        ):
            continue
        if key == "reichte" and after is not None and after.key in {"es", "das"} and _has(tokens, "zu", "zum", "fur"):
            continue
        if key == "hope" and (after is None or after.is_capital or (before and before.key in {"home", "local"})):
            continue
        if key == "falls" and after is not None and after.key in {"es", "das"}:
            continue  # `falls es jemanden interessiert`
        found.add(key)
    return found


def _before(tokens: list[Token], token: Token) -> set[str]:
    at = tokens.index(token)
    return {other.key for other in tokens[max(at - 2, 0) : at]}


def _has(tokens: list[Token], *keys: str) -> bool:
    return any(token.key in keys for token in tokens)


def _is_at_a_lap(tokens: list[Token], sheet: FactSheet) -> bool:
    """`kamen nach Runde 126 auf neun Sekunden heran`: how it stood while they raced."""
    return any(
        before.key in {"runde", "lap", "umlauf"} and token.text.isdigit() and int(token.text[:4]) < sheet.farthest
        for before, token in itertools.pairwise(tokens)
    )


def _names_other_month(tokens: list[Token], sheet: FactSheet) -> bool:
    """`after finishing second at Daytona in January`: another event."""
    named = {pairs("months").get(token.key) for token in tokens if token.is_capital and _is_month(token.key)} - {None}
    own = {str(session.day.month) for session in sheet.sessions if session.day}
    return bool(named) and not named & own


def _is_month(key: str) -> bool:
    """A month written out; `Jan` is a name and `May` a word."""
    return key == "mai" or len(key) > len("may")


def _says_last_year(tokens: list[Token]) -> bool:
    """`letztes Jahr`, `vor zwei Jahren`, `last year`, `two years ago`."""
    for before, token in itertools.pairwise(tokens):
        if token.key in {"jahr", "jahres", "jahren", "year", "season"} and (
            before.key in {"letztes", "letzten", "vergangenen", "last", "previous", "vorigen", "voriges"}
        ):
            return True
        if token.key == "ago":
            return True
    return any(
        first.key == "vor" and last.key in {"jahr", "jahren"} for first, last in zip(tokens, tokens[2:], strict=False)
    )
