"""Names of people against the event and the register: slips, missing accents, two forms of one name.

A register of thousands holds somebody one letter away from almost everybody. So a word is a slip only where something
says who was meant: the first name beside it, the crew it stands in, or, for a starter of this event, the right name
elsewhere in the text. A word that anybody in the register bears is right; so is a person nobody has registered.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from articles.factcheck.facts import Driver, fold_words
from articles.factcheck.grammar.tokens import Token
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.register import composed, same_but_marks
from articles.factcheck.lint.remark import Kind, Remark
from articles.factcheck.lint.slips import DOUBLED, EXTRA, MISSING, OTHER, SWAPPED, TWO, slip
from results.likeness import PARTICLES, SUFFIXES, are_forms_of_one, skeleton

_SHORTEST = 4
# How long a word must be that nothing but the right name elsewhere says anything about.
_ALONE = {SWAPPED: 5, DOUBLED: 5, MISSING: 6, EXTRA: 6, OTHER: 7}
_NEVER = 1000
_JOINTS = frozenset(("/", ",", "und", "and", "&"))
_LONG_ENOUGH = 6  # for another letter in a word that only the register knows
_FARTHEST_FIRST = 4  # words between a first name and the word looked at
_SHORTEST_FIRST = 5


class _Meant(NamedTuple):
    """The right spelling, what is wrong with the word (empty: an umlaut written out), and whose name it is."""

    right: str
    reason: str
    driver: Driver


def lint(piece: Piece) -> Iterator[Remark]:
    reader = _Reader(piece)
    for index, token in enumerate(piece.cut.tokens):
        if token.is_capital and len(token.key) >= _SHORTEST and reader.is_whole(token):
            yield from reader.look(index)
    yield from reader.two_forms()


class _Reader:
    """Goes through the words once and remembers who was named how."""

    def __init__(self, piece: Piece) -> None:
        self.text = piece.text
        self.tokens = piece.cut.tokens
        self.register = piece.register
        self.near = piece.near
        self.starters = piece.starters
        self.forms: dict[Driver, dict[str, list[tuple[Token, Token]]]] = {}

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(token.key for token in self.tokens)

    @cached_property
    def lower(self) -> frozenset[str]:
        """Words that the text writes small somewhere: they are no names."""
        return frozenset(token.key for token in self.tokens if not token.is_capital)

    def is_whole(self, token: Token) -> bool:
        """Whether it is a word of letters and not in capitals, and no accent stands apart behind it."""
        after = self.text[token.end : token.end + 1]
        return (
            token.text.replace("'", "").replace("’", "").isalpha()
            and not token.text.isupper()
            and after.isprintable()
            and not (after and "\u0300" <= after <= "\u036f")
        )

    def look(self, index: int) -> Iterator[Remark]:
        token = self.tokens[index]
        key = self._base(token)
        if key in self.register.by_last or key in self.near.by_last:
            yield from self._right(index, key)
            return
        if self.register.is_form_of_known(token.key) or self.near.is_form_of_known(token.key):
            return
        yield from self._unknown(index)

    def _base(self, token: Token) -> str:
        """The key without a genitive s, where only that is known."""
        for key in (token.key, token.key.removesuffix("s")):
            if key in self.near.by_last or key in self.register.by_last:
                return key
        return token.key

    # ------------------------------------------------------------------ known last names

    def _right(self, index: int, key: str) -> Iterator[Remark]:
        token = self.tokens[index]
        namesakes = list(dict.fromkeys((*self.near.by_last.get(key, ()), *self.register.by_last.get(key, ()))))
        given = self._given(index, namesakes)
        if given is None:
            if _is_free(self.tokens, index):
                starters = self.near.by_last.get(key, [])
                in_crew = namesakes if self._is_in_crew(index) else []
                yield from self._marks(
                    token, key, [driver.last for driver in starters or in_crew], is_sure=bool(starters)
                )
            return
        first, people = given
        if people:
            starters = [driver for driver in people if driver in self.starters.drivers]
            people = starters or people
            yield from self._marks(token, key, [driver.last for driver in people], is_sure=bool(starters))
            yield from self._marks(first, first.key, [driver.first for driver in people], is_sure=bool(starters))
            if len(people) == 1:
                self._remember(people[0], first, token)
            return
        yield from self._wrong_first(first, namesakes)

    def _remember(self, driver: Driver, first: Token, last: Token) -> None:
        if len(first.text) > 1 and (first.key, *fold_words(driver.last)) not in self.register.full_names:
            self.forms.setdefault(driver, {}).setdefault(first.key, []).append((first, last))

    def _is_in_crew(self, index: int) -> bool:
        """Whether it stands beside a stroke with another last name behind it."""
        return any(self._base(self.tokens[at]) in self.register.by_last for at in self._mates(index))

    def _mates(self, index: int, joints: frozenset[str] = frozenset("/")) -> Iterator[int]:
        """Where the capital words stand that a stroke, a comma or an `und` joins to this one."""
        for at, mate in ((index - 1, index - 2), (index + 1, index + 2)):
            if 0 <= mate < len(self.tokens) and self.tokens[at].text in joints and self.tokens[mate].is_capital:
                yield mate

    def _marks(self, token: Token, key: str, names: list[str], *, is_sure: bool) -> Iterator[Remark]:
        """An accent that everybody who is meant has, and the word has not.

        Where only the register knows him, a word with accents of its own is believed.
        """
        printed = {word for name in names if (word := _written(name, key))}
        word = composed(token.text)
        ending = "s" if token.key == key + "s" else word[-2:] if word.endswith("'s") else ""
        stem = word.removesuffix(ending)
        if len(printed) != 1 or stem in printed or stem in self.register.spellings:
            return
        right = next(iter(printed))
        if right.casefold() == stem.casefold() or not _has_marks(right) or not (is_sure or stem.isascii()):
            return
        yield Remark(token.start, token.end, token.text, Kind.ACCENT, f"Im Register steht „{right}“.", right + ending)

    def _wrong_first(self, first: Token, namesakes: list[Driver]) -> Iterator[Remark]:
        """A first name that is nobody's, one slip away from that of somebody with this last name."""
        if len(first.key) < _SHORTEST_FIRST or not self.is_whole(first) or self._is_first(first.key):
            return
        found: dict[str, tuple[str, Driver]] = {}
        for driver in namesakes:
            for word in fold_words(driver.first):
                reason = slip(first.key, word)
                if reason and reason != TWO:
                    found.setdefault(_written(driver.first, word), (reason, driver))
        if len(found) == 1:
            right, (reason, driver) = next(iter(found.items()))
            why = f"Im Register steht „{composed(driver.name)}“: {reason}."
            yield Remark(first.start, first.end, first.text, Kind.NAME, why, right)

    def _is_first(self, key: str) -> bool:
        return (
            self.register.is_form_of_known(key)
            or self.near.is_form_of_known(key)
            or key in self.lower
            or key in words("common_first")
        )

    def _given(self, index: int, people: list[Driver]) -> tuple[Token, list[Driver]] | None:
        """The first name before a last name and those whom both together name; None where there is no first name."""
        nearest: Token | None = None
        between: set[str] = set()
        for at in range(index - 1, max(index - 1 - _FARTHEST_FIRST, -1), -1):
            token = self.tokens[at]
            if not self._beside(at) or not token.text[0].isalpha():
                break
            is_particle = token.key in PARTICLES
            if not token.is_capital and not is_particle:
                break
            if not is_particle or token.is_capital:
                meant = [
                    driver
                    for driver in people
                    if between <= set(fold_words(driver.last)) and _is_called(driver, token.key)
                ]
                if meant:
                    return token, meant
                nearest = nearest or (None if is_particle else token)
            between.add(token.key)
        if nearest is None or _is_role(nearest):
            return None
        return nearest, []

    def _beside(self, at: int) -> bool:
        """Whether nothing but a blank or a hyphen stands between a word and the next."""
        here, after = self.tokens[at], self.tokens[at + 1]
        gap = self.text[here.end : after.start]
        return gap in {" ", "\u00a0"} or (gap == "" and ("-" in {here.text, after.text} or here.text == "."))

    # ------------------------------------------------------------------ unknown words

    def _unknown(self, index: int) -> Iterator[Remark]:
        token = self.tokens[index]
        genitive = token.text[-2:] if token.text[-2:] in {"'s", "’s"} else ""
        readings = [(token.key, genitive)]
        if not genitive and token.key.endswith("s"):
            readings.append((token.key[:-1], "s"))
        found = [
            (meant.reason == TWO, meant, ending)
            for key, ending in readings
            if (meant := self._meant(index, key)) is not None
        ]
        if found:
            _is_far, meant, ending = min(found, key=lambda one: one[0])
            kind = Kind.NAME if meant.reason else Kind.ACCENT
            why = f"Im Register steht „{composed(meant.driver.name)}“{': ' + meant.reason if meant.reason else ''}."
            yield Remark(token.start, token.end, token.text, kind, why, meant.right + ending)

    def _meant(self, index: int, key: str) -> _Meant | None:
        return self._by_first_name(index, key) or self._by_crew(index, key) or self._alone(index, key)

    def _by_first_name(self, index: int, key: str) -> _Meant | None:
        """Somebody with the first name that stands before, and nearly that last name; starters before all others."""
        firsts = list(self._firsts(index))
        if not firsts:
            return None
        for names in (self.near, self.register):
            likely = [driver for word in names.driver_ends.near(key, 2) for driver in names.by_last[word]]
            people = [driver for driver in likely if any(_fits(driver, *first) for first in firsts)]
            found = _nearest(key, people, _SHORTEST)
            if found and (names is self.near or found.reason != OTHER or len(key) >= _LONG_ENOUGH):
                return found
        return None

    def _firsts(self, index: int) -> Iterator[tuple[str, set[str]]]:
        """Words that may be a first name to this one, each with what stands between."""
        between: set[str] = set()
        for at in range(index - 1, max(index - 1 - _FARTHEST_FIRST, -1), -1):
            token = self.tokens[at]
            if not self._beside(at) or not (token.is_capital or token.key in PARTICLES or token.text in "-–"):
                return
            if token.is_capital:
                yield token.key, set(between)
            if token.text[0].isalpha():
                between.add(token.key)

    def _by_crew(self, index: int, key: str) -> _Meant | None:
        """In `Hanson/Schrer/Albuquerque` the mates say who is meant."""
        mates = [self._base(self.tokens[at]) for at in self._mates(index, _JOINTS)]
        crews = [crew for mate in mates for crew in self.starters.mates.get(mate, ())]
        people = [driver for crew in crews for driver in crew if not set(mates) & set(fold_words(driver.last))]
        return _nearest(key, people, _SHORTEST)

    def _alone(self, index: int, key: str) -> _Meant | None:
        """A starter whom the text names rightly elsewhere, and a word that can be nothing but his name."""
        if key in self.lower or not _is_free(self.tokens, index) or self._is_named_by_another(index):
            return None
        near = [driver for word in self.near.driver_ends.near(key) for driver in self.near.by_last[word]]
        found = _nearest(key, near, _SHORTEST)
        if found is None or not found.reason:
            return found
        is_named = any(word in self.keys for word in fold_words(found.driver.last))
        return found if is_named and len(key) >= _ALONE.get(found.reason, _NEVER) else None

    def _is_named_by_another(self, index: int) -> bool:
        """Whether a capital word stands right before or behind: a first name of somebody else, or a noun to this word."""
        before, after = (
            self.tokens[index - 1] if index else None,
            self.tokens[index + 1] if index + 1 < len(self.tokens) else None,
        )
        if after and self._beside(index) and after.is_capital:
            return True
        return bool(before and self._beside(index - 1) and before.is_capital and not _is_role(before))

    # ------------------------------------------------------------------ one person, two names

    def two_forms(self) -> Iterator[Remark]:
        """`Maxi Götz` and `Maximilian Götz` in one text: the registered form is proposed for the other."""
        for driver, forms in self.forms.items():
            registered = fold_words(driver.first)
            if len(forms) < 2 or not any(form in registered for form in forms):  # noqa: PLR2004 - two forms
                continue
            for form, places in forms.items():
                if form in registered or len(form) < 2:  # noqa: PLR2004 - an initial
                    continue
                right = composed(driver.first)
                why = f"Im selben Text steht „{composed(driver.name)}“; so führt ihn auch das Register."
                for first, _last in places:
                    yield Remark(first.start, first.end, first.text, Kind.ONE_NAME, why, right)


def _is_called(driver: Driver, key: str) -> bool:
    """Whether the word is one of his first names, an initial or a short form of it."""
    firsts = fold_words(driver.first)
    if len(key) == 1:
        return bool(firsts) and firsts[0][0] == key
    return any(same_but_marks(key, first) for first in firsts) or are_forms_of_one(key, " ".join(firsts) or "-")


def _fits(driver: Driver, first: str, between: set[str]) -> bool:
    """Whether the first name is his; Jean is not Jean-Luc."""
    firsts, said = set(fold_words(driver.first)), {first, *between}
    is_called = firsts <= said if "-" in driver.first else first in firsts
    return is_called and between <= firsts | set(fold_words(driver.last))


def _nearest(key: str, people: list[Driver], shortest: int) -> _Meant | None:
    """The one spelling that the word may be a slip for."""
    found: dict[str, _Meant] = {}
    for driver in people:
        for word in fold_words(driver.last):
            if word in PARTICLES or word in SUFFIXES or len(word) < shortest:
                continue
            is_umlaut = word != key and skeleton(word) == skeleton(key)
            reason = "" if is_umlaut else slip(key, word)
            if reason or is_umlaut:
                found.setdefault(word, _Meant(_written(driver.last, word), reason, driver))
    return next(iter(found.values())) if len(found) == 1 else None


@lru_cache(maxsize=20_000)
def _written(name: str, key: str) -> str:
    """The word of a name that folds to the key, as it is written; empty for none."""
    for word in composed(name).replace("-", " ").split():
        if fold_words(word)[:1] == (key,):
            return word.strip(".,")
    return ""


def _has_marks(word: str) -> bool:
    """Whether it has accents that are printed; strokes over Japanese vowels are not."""
    return not strip_macrons(word).isascii()


def strip_macrons(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).replace("\u0304", ""))


def _is_role(token: Token) -> bool:
    """`Teamkollege`, `Polesitter`, `der Franzose`: words that stand before a last name without being a first name."""
    return token.key in words("glue") or token.key in pairs("nations") or token.key in words("lint_roles")


def _is_free(tokens: list[Token], index: int) -> bool:
    """Whether a name may stand here: no article before it, no hyphen beside it."""
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after and after.glued and after.text in "-–":
        return False
    return before is None or not (before.key in words("lint_articles") or (tokens[index].glued and before.text in "-–"))
