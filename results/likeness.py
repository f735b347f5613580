"""How alike two names of people are, from 0 to 100, and why, in words a person can check. Pure.

A score never decides: `Max` and `Jos Verstappen` are two, `Maxi` and `Maximilian Götz` one, and which of the two a pair
is a person says. `stored_keys` and `sought_keys` name the few stored people a new name is worth comparing with; the
former is written a second time in SQL (`results_person_keys`, migration 0007), under which the database indexes names.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from results.names import fold

PARTICLES = frozenset(
    (
        "af", "al", "d", "da", "de", "dei", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "les", "o",
        "of", "te", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur",
    )
)  # fmt: skip
SUFFIXES = {"jr": "jr", "jun": "jr", "junior": "jr", "sr": "sr", "sen": "sr", "senior": "sr", "ii": "ii", "iii": "iii"}
_TWO_SLIPS = 2
_LONG_NAME = 3  # words
_HALF = 3  # letters at either end of a name, one of which a single slip leaves alone
_FORMS = tomllib.loads(Path(__file__).with_name("short_forms.toml").read_text("utf-8"))["groups"]

SAME_NAME = "gleicher Name"
UMLAUT = "Umlaut anders geschrieben"
APART = "zusammen oder getrennt geschrieben"
ORDER = "andere Reihenfolge der Namen"
SAME_FAMILY = "gleicher Nachname"
OTHER_GIVEN = "anderer Vorname"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 (nothing in common) to 100 (one spelling) and what it rests on."""

    score: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in folded words; `given` is empty for a pseudonym or where only one name is known."""

    given: tuple[str, ...]
    particles: tuple[str, ...]
    family: tuple[str, ...]
    suffix: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.given, *self.particles, *self.family)

    @property
    def turned(self) -> PersonName:
        """The name as if first and last name stood in each other's column."""
        return PersonName((*self.particles, *self.family), (), self.given, self.suffix)


@dataclass(frozen=True, slots=True)
class _Part:
    """How alike one part of two names is."""

    score: int
    reason: str = ""


@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """A folded word under which both ways of an umlaut meet: `hulkenberg`, `huelkenberg` -> `hulkenberg`."""
    return word.replace("ue", "u").replace("oe", "o").replace("ae", "a")


def person_name(last: str, first: str = "") -> PersonName:
    """A name taken apart. Without `first`, `last` is the whole as printed: `van der Zande, Renger`, `Renger VAN DER ZANDE`."""
    if not first.strip():
        first, last = _in_two(last)
    given, family = list(_words(first)), list(_words(last))
    suffix = ""
    for words in (given, family):
        while len(words) > 1 and words[-1] in SUFFIXES:
            suffix = SUFFIXES[words.pop()]
    particles = []
    while len(family) > 1 and family[0] in PARTICLES:
        particles.append(family.pop(0))
    return PersonName(tuple(given), tuple(particles), tuple(family), suffix)


def _is_family(loud: str) -> bool:
    """Whether a word in capitals is a family name, and not `AJ`, `J.-M.` or `III`."""
    folded = fold(loud)
    return folded in PARTICLES or (folded not in SUFFIXES and re.search(r"[^\W\d_]{3}", loud) is not None)


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(text).split())


def _in_two(printed: str) -> tuple[str, str]:
    """First and last name of a printed whole."""
    last, comma, first = printed.partition(",")
    if comma and fold(first) and fold(first) not in SUFFIXES:
        return first, last
    words = printed.replace(",", " ").split()
    loud = [word for word in words if word.upper() == word and _is_family(word)]
    if any(fold(word) not in PARTICLES for word in loud) and len(loud) < len(words):
        return " ".join(word for word in words if word not in loud), " ".join(loud)
    start = len(words) - 1
    if start > 1 and fold(words[start]) in SUFFIXES:
        start -= 1
    while start > 1 and fold(words[start - 1]) in PARTICLES:
        start -= 1
    return (" ".join(words[:start]), " ".join(words[start:])) if start > 0 else ("", printed)


def compare_people(one: PersonName, other: PersonName) -> Likeness:
    """How likely the two names are one person's, by the names alone."""
    if not one.words or not other.words:
        return Likeness(0)
    found = _as_a_whole(one, other) or max(
        (_in_parts(one, other), _turned(one, other)), key=lambda likeness: likeness.score
    )
    if one.suffix == other.suffix:
        return found
    if one.suffix and other.suffix:
        return Likeness(min(found.score, 60), (*found.reasons, f"aber „{one.suffix}“ und „{other.suffix}“"))
    return Likeness(min(found.score, 93), (*found.reasons, f"„{one.suffix or other.suffix}“ nur bei einem"))


def _as_a_whole(one: PersonName, other: PersonName) -> Likeness | None:
    """All words of both names, where they are the same but for their spelling or order."""
    mine, theirs = [skeleton(word) for word in one.words], [skeleton(word) for word in other.words]
    if one.words == other.words:
        return Likeness(100, (SAME_NAME,))
    if mine == theirs:
        return Likeness(98, (UMLAUT,))
    if "".join(mine) == "".join(theirs):
        return Likeness(97, (APART,))
    if sorted(mine) == sorted(theirs):
        return Likeness(96, (ORDER,))
    return _one_word_off(mine, theirs)


def _one_word_off(mine: list[str], theirs: list[str]) -> Likeness | None:
    """A slip in one word of a long name, wherever its parts begin; not in the first, which tells siblings apart."""
    differing = [pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]]
    if len(mine) != len(theirs) or len(mine) < _LONG_NAME or len(differing) != 1 or mine[0] != theirs[0]:
        return None
    slip = _slip(*differing[0])
    return Likeness(slip.score, (slip.reason,)) if slip else None


def _in_parts(one: PersonName, other: PersonName) -> Likeness:
    family = _compare_family(one, other)
    if not family.score:
        return Likeness(0)
    given = _compare_given(one, other)
    return Likeness(
        round(family.score * given.score / 100), tuple(part.reason for part in (family, given) if part.reason)
    )


def _turned(one: PersonName, other: PersonName) -> Likeness:
    if not other.given:
        return Likeness(0)
    likeness = _in_parts(one, other.turned)
    return Likeness(max(likeness.score - 2, 0), (*likeness.reasons, "Vor- und Nachname vertauscht"))


def _compare_family(one: PersonName, other: PersonName) -> _Part:
    mine, theirs = "".join(one.family), "".join(other.family)
    if mine == theirs:
        same = one.particles == other.particles
        return _Part(100, SAME_FAMILY) if same else _Part(97, f"{SAME_FAMILY}, Namenszusatz anders")
    if skeleton(mine) == skeleton(theirs):
        return _Part(97, UMLAUT)
    if skeleton("".join(one.particles) + mine) == skeleton("".join(other.particles) + theirs):
        return _Part(97, APART)
    if 1 in {len(mine), len(theirs)}:
        return _Part(75, "Nachname abgekürzt") if mine[0] == theirs[0] else _Part(0)
    if set(one.family) < set(other.family) or set(other.family) < set(one.family):
        return _Part(88, "ein Teil des Doppelnamens fehlt")
    return _slip(skeleton(mine), skeleton(theirs)) or _Part(0)


def _compare_given(one: PersonName, other: PersonName) -> _Part:
    if not one.given or not other.given:
        return _Part(72, "nur ein Name bekannt") if one.given or other.given else _Part(100)
    mine, theirs = (tuple(skeleton(word) for word in name.given) for name in (one, other))
    if "".join(mine) == "".join(theirs):
        return _Part(100 if one.given == other.given else 98, "gleicher Vorname")
    if set(mine) < set(theirs) or set(theirs) < set(mine):
        return _Part(92, "ein weiterer Vorname")
    if _short_forms(one.given) & _short_forms(other.given):
        return _Part(91, "Kurzform oder andere Form des Vornamens")
    if _abbreviated(mine, theirs) or _abbreviated(theirs, mine):
        return _Part(86, "Vorname abgekürzt")
    slip = _slip("".join(mine), "".join(theirs))
    return _Part(slip.score - 4, f"Vorname: {slip.reason}") if slip else _Part(30, OTHER_GIVEN)


def _abbreviated(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """`m` for `maximilian`, `j m` for `jose maria`, `jose m` for either, `seb` for `sebastian`."""
    if len(short) > len(long):
        return False
    pairs = list(zip(short, long, strict=False))
    return any(mine != theirs for mine, theirs in pairs) and all(theirs.startswith(mine) for mine, theirs in pairs)


def _slip(mine: str, theirs: str) -> _Part | None:
    """A typing error, or two in a long name; None where it is more than that."""
    longer = max(len(mine), len(theirs))
    distance = OSA.distance(mine, theirs, score_cutoff=2)
    if distance == 1 and longer > _HALF:
        same_letters = sorted(mine) == sorted(theirs)
        return _Part(90, "zwei Buchstaben vertauscht" if same_letters else "ein Buchstabe anders")
    if distance == _TWO_SLIPS and longer > 2 * _HALF + 1:
        return _Part(80, "zwei Buchstaben anders")
    return None


@cache
def _groups() -> dict[str, frozenset[int]]:
    """Given name -> the groups of forms it belongs to."""
    found: dict[str, set[int]] = {}
    for number, names in enumerate(_FORMS):
        for name in names:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _short_forms(given: tuple[str, ...]) -> frozenset[int]:
    groups = _groups()
    return groups.get(" ".join(given), frozenset()) | groups.get(given[0], frozenset())


def are_forms_of_one(given: str, other: str) -> bool:
    """Whether two folded given names are forms of one: `maxi`, `maximilian`."""
    return bool(_short_forms(tuple(given.split())) & _short_forms(tuple(other.split())))


# keys


def meeting_key(name: PersonName) -> str:
    """Equal for spellings that differ in case, accents, umlauts, order and punctuation only."""
    return " ".join(sorted(skeleton(word) for word in name.words))


def stored_keys(folded: str) -> frozenset[str]:
    """Under what a stored name can be found: its last word (of three or more the last two) whole, and either end of it
    with the initial of the first word."""
    words = [skeleton(word) for word in folded.split() if word not in SUFFIXES]
    keys: set[str] = set()
    for family in words[-2:] if len(words) > 2 else words[-1:]:  # noqa: PLR2004 - given name and two more
        keys |= {family} | _ends(family, words[0][:1])
    return frozenset(keys)


def sought_keys(name: PersonName) -> frozenset[str]:
    """The keys of whoever may be meant by a new name: any of its words may be the family's."""
    words = [skeleton(word) for word in name.words]
    keys = set()
    for place, family in enumerate(words):
        if len(family) == 1 or name.words[place] in PARTICLES:
            continue
        keys.add(family)
        for initial in {word[:1] for word in words[:place] + words[place + 1 :]} | _initials(name):
            keys |= _ends(family, initial)
    return frozenset(keys)


def _ends(family: str, initial: str) -> set[str]:
    return {f"{family[:_HALF]}<{initial}", f"{family[-_HALF:]}>{initial}"} if len(family) > _HALF else set()


def _initials(name: PersonName) -> set[str]:
    """What else the given name may begin with: `Bill` is looked for under W as well."""
    groups = _short_forms(name.given) if name.given else frozenset()
    return {form[0] for number in groups for form in _FORMS[number]}
