"""How alike two names of teams are, from 0 to 100, and why: without legal forms, filler words and sponsors. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import OSA

from results.likeness import APART, SAME_NAME, UMLAUT, Likeness, skeleton
from results.names import fold

_WORDS = tomllib.loads(Path(__file__).with_name("team_words.toml").read_text("utf-8"))
_LEGAL, _MAKES = frozenset(_WORDS["legal"]), frozenset(_WORDS["makes"])
_FILLER, _TELLING = frozenset(_WORDS["filler"]), frozenset(_WORDS["telling"])
_JOINTS = re.compile(r"\b(?:{})\b".format("|".join(sorted(_WORDS["joints"], key=len, reverse=True))))
_TWO_SLIPS = 2
_HALF = 4  # letters at either end of a word, one of which a single slip leaves alone


@dataclass(frozen=True, slots=True)
class TeamName:
    """A name in folded words and the few of them that tell the team from others."""

    words: tuple[str, ...]
    core: frozenset[str]
    named: frozenset[str]  # the core and the makers
    makes: frozenset[str]
    telling: frozenset[str]
    houses: tuple[frozenset[str], ...]  # the cores before and behind “by”, “powered by”
    initials: str


def team_name(printed: str) -> TeamName:
    """A team's name taken apart."""
    folded = fold(printed)
    words = tuple(folded.split())
    houses = tuple(core for part in _JOINTS.split(folded) if (core := _core(part.split())))
    return TeamName(
        words=words,
        core=_core([word for part in _JOINTS.split(folded) for word in part.split()]),
        named=frozenset(skeleton(word) for word in words if word not in _LEGAL | _FILLER | _TELLING),
        makes=frozenset(words) & _MAKES,
        telling=frozenset(words) & _TELLING,
        houses=houses if len(houses) > 1 else (),
        initials="".join(word[0] for word in words if word not in _LEGAL),
    )


def _core(words: list[str]) -> frozenset[str]:
    """The words that tell; makers and filler words only where there is nothing better."""
    for empty in (_LEGAL | _FILLER | _MAKES, _LEGAL | _FILLER, _LEGAL):
        core = frozenset(skeleton(word) for word in words if word not in empty and word not in _TELLING)
        if core:
            return core
    return frozenset(skeleton(word) for word in words)


def compare_teams(one: TeamName, other: TeamName) -> Likeness:
    """How likely the two names are one team's, by the names alone."""
    if not one.words or not other.words:
        return Likeness(0)
    if one.words == other.words:
        return Likeness(100, (SAME_NAME,))
    if [skeleton(word) for word in one.words] == [skeleton(word) for word in other.words]:
        return Likeness(98, (UMLAUT,))
    found = _same_core(one, other) or _related(one, other)
    if one.telling != other.telling:
        telling = ", ".join(sorted(one.telling ^ other.telling))
        return Likeness(min(found.score, 60), (*found.reasons, f"„{telling}“ nur bei einem"))
    return found


def _same_core(one: TeamName, other: TeamName) -> Likeness | None:
    if one.core == other.core:
        if one.makes == other.makes:
            return Likeness(95, ("nur Rechtsform oder Füllwort anders",))
        return Likeness(88, ("gleicher Name, Marke oder Füllwort anders",))
    if "".join(sorted(one.core)) == "".join(sorted(other.core)) or _joined(one) == _joined(other):
        return Likeness(94, (APART,))
    return None


def _joined(name: TeamName) -> str:
    """The telling words in their order, without blanks: `Get Speed` and `GetSpeed` are one."""
    return "".join(skeleton(word) for word in name.words if skeleton(word) in name.core)


def _related(one: TeamName, other: TeamName) -> Likeness:
    mine, theirs = _joined(one), _joined(other)
    if mine == other.initials or theirs == one.initials:
        return Likeness(84, ("Abkürzung des Namens",))
    if set(one.houses or (one.core,)) & set(other.houses or (other.core,)):
        return Likeness(88, ("gleiches Team, ein Zusatz wie „by …“ nur bei einem",))
    if one.core < other.core or other.core < one.core:
        return Likeness(82, (_only_one_has(one.core ^ other.core),))
    if one.named and other.named and (one.named < other.named or other.named < one.named):
        return Likeness(72, (_only_one_has(one.named ^ other.named),))
    return _slip(mine, theirs) or _shared(one, other)


def _only_one_has(words: frozenset[str]) -> str:
    return f"ein Namensteil ({', '.join(sorted(words))}) nur bei einem"


def _slip(mine: str, theirs: str) -> Likeness | None:
    longer = max(len(mine), len(theirs))
    distance = OSA.distance(mine, theirs, score_cutoff=2)
    if distance == 1 and longer > _HALF:
        return Likeness(90, ("ein Buchstabe anders",))
    if distance == _TWO_SLIPS and longer > 2 * _HALF:
        return Likeness(80, ("zwei Buchstaben anders",))
    return None


def _shared(one: TeamName, other: TeamName) -> Likeness:
    shared = one.core & other.core
    share = len(shared) / max(len(one.core), len(other.core))
    return Likeness(round(75 * share), (f"gemeinsam: {', '.join(sorted(shared))}",)) if shared else Likeness(0)


# keys


def stored_team_keys(folded: str) -> frozenset[str]:
    """Under what a stored team can be found; the same as `results_team_keys` in SQL (migration 0007)."""
    words = folded.split()
    keys = {f"={''.join(word[0] for word in words)}", f"+{skeleton(''.join(words))}"}
    for word in words:
        keys |= _word_keys(skeleton(word))
    return frozenset(keys)


def sought_team_keys(name: TeamName) -> frozenset[str]:
    """The keys of whichever stored team may be meant by a new name."""
    keys = {name.initials, f"={_joined(name)}", f"+{skeleton(''.join(name.words))}"}
    poor = all(len(word) < _HALF for word in name.core)  # `Hyundai Motorsport N`: the maker has to help
    for word in name.core | (name.named if poor else frozenset()):
        keys |= _word_keys(word)
    return frozenset(keys)


def _word_keys(word: str) -> set[str]:
    return {word, f"{word[:_HALF]}<", f"{word[-_HALF:]}>"} if len(word) > _HALF else {word}
