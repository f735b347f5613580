"""Whether a sentence tells what is, or what was, would, might be or was only for a while."""

from __future__ import annotations

import itertools
import re
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from articles.factcheck.grammar.numerals import cardinal
from articles.factcheck.grammar.tokens import Cut, Sentence, Token, fold_word
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import FactSheet
from results.notation import HOUR

_MODALS = frozenset({"would", "could", "might", "should"})
_GRANTING = frozenset({"auch", "even", "selbst"})
_MARGIN = 0.2  # of an hour: six hours take some seconds more
_BEFORE_YEAR = frozenset(
    [
        "seit",
        "since",
        "in",
        "im",
        "jahr",
        "year",
        "saison",
        "season",
        "hatte",
        "hatten",
        "war",
        "waren",
        "meister",
        "champion",
        "siegte",
        "wurde",
        "wurden",
        "had",
        "was",
        "were",
    ]
)
_COUNTED = frozenset(
    ["runden", "laps", "meter", "zuschauer", "punkte", "points", "kilometer", "spectators", "fans", "uhr"]
)
_CENTURIES = frozenset({"19", "20"})
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Moods:
    """Whether a sentence tells what is: or what might be, what was, what was for a while, what another year saw.

    A condition (`wenn`, `hätte`) colours its whole sentence, a mere possibility (`vielleicht`, `could`) and a look back
    (`im Vorjahr`) their own clause; in the others nothing is then held against anybody.
    """

    is_hypothetical: bool
    is_interim: bool
    names_year: bool
    maybe_at: tuple[int, ...] = ()
    past_at: tuple[int, ...] = ()
    meanwhile_at: tuple[int, ...] = ()

    def is_maybe(self, clause: tuple[int, int]) -> bool:
        return any(clause[0] <= at < clause[1] for at in self.maybe_at)

    def is_meanwhile(self, clause: tuple[int, int]) -> bool:
        return any(clause[0] <= at < clause[1] for at in self.meanwhile_at)

    def is_past(self, clause: tuple[int, int]) -> bool:
        return any(clause[0] <= at < clause[1] for at in self.past_at)

    @property
    def is_coloured(self) -> bool:
        """Whether some clause looks back or ahead, and a word of another may do so too."""
        return bool(self.maybe_at or self.past_at)


PLAIN = Moods(is_hypothetical=False, is_interim=False, names_year=False)


def read_moods(cut: Cut, sentence: Sentence, sheet: FactSheet) -> Moods:
    keys = cut.keys[sentence.number]
    if keys.isdisjoint(_telling()) and not any(key[:2] in _CENTURIES for key in keys):
        return PLAIN
    return moods_of(cut.tokens[sentence.first : sentence.last], sentence.first, sheet)


def moods_of(tokens: list[Token], first: int, sheet: FactSheet) -> Moods:
    """The moods of tokens of which the first stands at a place in the text."""
    keys = {token.key for token in tokens}
    subjunctive = words("subjunctive")
    is_hypothetical = _is_condition(tokens, keys) or any(token.text.lower() in subjunctive for token in tokens)
    maybe = _suppositions(tokens) if not keys.isdisjoint(words("hypothetical")) else ()
    past = [
        place for place, token in enumerate(tokens) if token.key in words("history") and _is_past(tokens, place)
    ] + _last_years(tokens)
    meanwhile = [place for place, token in enumerate(tokens) if token.key in words("interim")]
    meanwhile += _hours_before_the_end(tokens, sheet)
    is_interim = "vor" in keys and bool(keys & {"letzten", "vorletzten"})
    is_interim |= _names_other_month(tokens, sheet) or _is_before(tokens) or _is_at_a_lap(tokens, sheet)
    names_year = any(
        token.text[:2] in _CENTURIES
        and _YEAR.fullmatch(token.text)
        and token.text != sheet.season
        and (at == 0 or tokens[at - 1].key in _BEFORE_YEAR)
        and not (tokens[at + 1 :] and tokens[at + 1].key in _COUNTED)
        for at, token in enumerate(tokens)
    )
    maybe_at, past_at, meanwhile_at = (tuple(first + at for at in found) for found in (maybe, past, meanwhile))
    return Moods(is_hypothetical, is_interim, names_year, maybe_at, past_at, meanwhile_at)


@lru_cache(maxsize=1)
def _telling() -> frozenset[str]:
    """The words without one of which a sentence tells plainly what is."""
    subjunctive = {fold_word(word) for word in words("subjunctive")}
    lists = ("conditions", "hypothetical", "history", "interim")
    known = frozenset(word for name in lists for word in words(name)) | subjunctive | frozenset(pairs("months"))
    return known | {
        "vor", "before", "until", "als", "when", "letzten", "vorigen", "last", "previous", "runde", "lap", "umlauf", "jahr", "jahre",
        "jahren", "jahres", "year", "season", "ago", "stunden", "stunde", "hours", "hour",
    }  # fmt: skip


def _is_condition(tokens: list[Token], keys: Set[str]) -> bool:
    """`wenn`, `if`, `would have`; but `auch wenn`, `even if` and `falls es jemanden interessiert` grant a fact."""
    if keys.isdisjoint(words("conditions")):
        return False
    for place, token in enumerate(tokens):
        if token.key not in words("conditions"):
            continue
        before = tokens[place - 1].key if place else ""
        after = {other.key for other in tokens[place + 1 : place + 3]}
        if token.key in _MODALS:
            is_granted = "have" not in after
        else:
            is_granted = (
                before in _GRANTING or "auch" in after or (token.key == "falls" and bool(after & {"es", "das"}))
            )
        if not is_granted:
            return True
    return False


def _hours_before_the_end(tokens: list[Token], sheet: FactSheet) -> list[int]:
    """`nach zwölf Stunden führte …` of a race that took twenty-four: how it stood while they raced."""
    times = [session.by_time[-1][0] for session in sheet.run if session.is_race and session.by_time]
    longest = max(times, default=0)
    return [
        place + 1
        for place, (before, number, unit) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False))
        if unit.key in {"stunden", "stunde", "hours", "hour"}
        and before.key in {"nach", "after"}
        and (hours := cardinal(number.key)) is not None
        and (hours + _MARGIN) * HOUR < longest
    ]


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


def _suppositions(tokens: list[Token]) -> list[int]:
    """Words of a mere possibility; but `home hope` and `could do no better` are facts."""
    found = []
    for place, token in enumerate(tokens):
        key = token.key
        if key not in words("hypothetical"):
            continue
        before = tokens[place - 1].key if place else ""
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if key in {"reicht", "genugt"} and _has(tokens, "zu", "zum", "fur") and _has(tokens, "es", "das"):
            continue
        if key == "hope" and (after is None or after.is_capital or before in {"home", "local"}):
            continue
        if key == "could" and _has(tokens[place : place + 4], "barely", "not", "hardly", "only", "no", "manage"):
            continue
        found.append(place)
    return found


def _has(tokens: list[Token], *keys: str) -> bool:
    return any(token.key in keys for token in tokens)


def _is_at_a_lap(tokens: list[Token], sheet: FactSheet) -> bool:
    """`kamen nach Runde 126 auf neun Sekunden heran`: how it stood while they raced."""
    return any(
        before.key in {"runde", "lap", "umlauf"} and token.text.isdecimal() and int(token.text[:4]) < sheet.farthest
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


def _is_past(tokens: list[Token], place: int) -> bool:
    """`in der Geschichte der Serie`; but `die Geschichte dieses Sieges` is told here."""
    if any(token.key == "wie" for token in tokens[max(place - 2, 0) : place]):
        return False  # `siegte wie im Vorjahr`
    if tokens[place].key not in {"geschichte", "history"}:
        return True
    return any(
        token.key in {"in", "der", "seiner", "ihrer", "its", "their"} for token in tokens[max(place - 3, 0) : place]
    )


def _last_years(tokens: list[Token]) -> list[int]:
    """Where it says `letztes Jahr`, `vor zwei Jahren`, `last year`, `two years ago`."""
    found = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1].key if place else ""
        is_last = before in {"letztes", "letzten", "vergangenen", "last", "previous", "vorigen", "voriges"}
        is_ago = token.key in {"jahr", "jahren"} and place > 1 and tokens[place - 2].key == "vor"
        if (
            (
                token.key in {"jahr", "jahres", "jahren", "year", "season", "time", "outing", "winter", "month"}
                and is_last
            )
            or is_ago
            or token.key == "ago"
        ):
            found.append(place)
    return found
