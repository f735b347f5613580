"""Names of teams: one word off in a name of several, a slip before a make, letters of another team (HTP, HRT)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.facts import fold_words
from articles.factcheck.grammar.tokens import Token
from articles.factcheck.grammar.words import words
from articles.factcheck.lint.piece import Crew, Piece
from articles.factcheck.lint.register import Ends, Register, composed
from articles.factcheck.lint.remark import Kind, Remark
from articles.factcheck.lint.slips import OTHER, slip

_LETTERS = re.compile(r"[A-ZÄÖÜ]{3,4}")
_SHORTEST = 5
_SHORTEST_ALONE = 6
_LONG_ENOUGH = 7  # for another letter: Shank Racing is not Shark Racing


def lint(piece: Piece) -> Iterator[Remark]:
    shorts = _short_names(piece)
    near_ends = Ends(_telling_words(piece.near))
    tokens = piece.cut.tokens
    for index, token in enumerate(tokens):
        if not token.is_capital:
            continue
        if _LETTERS.fullmatch(token.text):
            yield from _letters(piece, shorts, index)
        elif len(token.key) >= _SHORTEST and token.text.isalpha():
            if piece.register.is_form_of_known(token.key) or piece.near.is_form_of_known(token.key):
                continue
            yield from _in_a_name(piece, index) or _before_a_make(piece, near_ends, index)


# ------------------------------------------------------------------ letters


def _short_names(piece: Piece) -> dict[str, list[Crew]]:
    """The crews of teams that go by letters: HTP."""
    found: dict[str, list[Crew]] = {}
    for crew in piece.starters.crews:
        for word in crew.team.split():
            if _LETTERS.fullmatch(word):
                found.setdefault(word, []).append(crew)
    return found


def _letters(piece: Piece, shorts: dict[str, list[Crew]], index: int) -> Iterator[Remark]:
    """Letters that no starter bears, before a make that a starter with nearly the same letters runs.

    Other teams of other races are named, too: somebody of that team must be named beside it.
    """
    token = piece.cut.tokens[index]
    make = _make_behind(piece.cut.tokens, index)
    if not make or token.text in shorts or token.key in words("lint_letters") | words("known_makes"):
        return
    meant = {
        short: crews
        for short, crews in shorts.items()
        if _look_alike(token.text, short) and any(make in crew.make.split() for crew in crews)
    }
    if len(meant) != 1 or _is_initials_of(token.text, piece.near.teams):
        return
    short, crews = next(iter(meant.items()))
    if _is_named_beside(piece, token, crews):
        name = composed(make)
        why = f"Bei dieser Veranstaltung fährt kein Team {token.text}; mit {name.capitalize()} fährt dort „{short}“."
        yield Remark(token.start, token.end, token.text, Kind.TEAM, why, short)


def _is_named_beside(piece: Piece, token: Token, crews: list[Crew]) -> bool:
    sentence = piece.cut.sentence_at(token.start)
    said = {word.key for word in piece.cut.tokens[sentence.first : sentence.last] if word.is_capital}
    return any(word in said for crew in crews for driver in crew.drivers for word in fold_words(driver.last))


def _make_behind(tokens: list[Token], index: int) -> str:
    """`mercedes` behind `HRT` in `HRT-Mercedes`, `HRT Mercedes`."""
    after = tokens[index + 1 : index + 3]
    if after and after[0].text in "-–":
        after = after[1:]
    return after[0].key if after and after[0].key in words("known_makes") else ""


def _look_alike(letters: str, other: str) -> bool:
    """The same first letter, as many letters, all but one of them shared: HTP and HRT, not HTP and WRT."""
    if letters == other or len(letters) != len(other) or letters[0] != other[0]:
        return False
    rest = list(other)
    for letter in letters:
        if letter in rest:
            rest.remove(letter)
    return len(rest) <= 1


def _is_initials_of(letters: str, teams: tuple[str, ...]) -> bool:
    """HRT is Haupt Racing Team."""
    return any("".join(word[0] for word in fold_words(team)).startswith(letters.lower()) for team in teams)


# ------------------------------------------------------------------ words


def _in_a_name(piece: Piece, index: int) -> list[Remark]:
    """A word off in a name whose other words stand beside it: `United Autosprots`."""
    tokens = piece.cut.tokens
    token = tokens[index]
    found: dict[str, tuple[str, str, str]] = {}
    for step in (-1, 1):
        mate = _beside(piece.text, tokens, index, step)
        if mate is None or len(mate.key) < 2:  # noqa: PLR2004 - initials are no word
            continue
        for names in (piece.near, piece.register):
            for word, (printed, team) in names.team_neighbours.get((mate.key, -step, token.key[0]), {}).items():
                reason = slip(token.key, word)
                if reason and (reason != OTHER or len(word) >= _LONG_ENOUGH):
                    found.setdefault(word, (printed, reason, team))
    return _remarks(token, found)


def _beside(text: str, tokens: list[Token], index: int, step: int) -> Token | None:
    """The capital word before or behind, with a blank or a hyphen between."""
    at = index + step
    if 0 <= at < len(tokens) and tokens[at].text in "-–":
        at += step
    if not 0 <= at < len(tokens) or not tokens[at].is_capital:
        return None
    first, last = sorted((tokens[at], tokens[index]), key=lambda token: token.start)
    return tokens[at] if text[first.end : last.start] in {" ", "\u00a0", "-", "–"} else None


def _before_a_make(piece: Piece, ends: Ends, index: int) -> list[Remark]:
    """`Mantey-Porsche`: a team of the event, right before a make."""
    tokens = piece.cut.tokens
    token = tokens[index]
    is_compound = index + 1 < len(tokens) and tokens[index + 1].text == "-" and tokens[index + 1].glued
    if len(token.key) < _SHORTEST_ALONE or not is_compound or not _make_behind(tokens, index):
        return []
    found = {}
    for word in ends.near(token.key):
        reason = slip(token.key, word)
        if reason:
            team, printed = next(
                (team, printed)
                for team in piece.near.teams
                for printed in re.split(r"[\s-]+", team)
                if fold_words(printed) == (word,)
            )
            found[word] = (printed, reason, team)
    return _remarks(token, found)


def _telling_words(register: Register) -> Iterator[str]:
    generic = words("generic_team") | words("common_words") | words("known_makes")
    return (
        word
        for team in register.teams
        for printed in re.split(r"[\s-]+", team)
        for word in fold_words(printed)
        if len(word) >= _SHORTEST_ALONE and word not in generic and fold_words(printed) == (word,)
    )


def _remarks(token: Token, found: dict[str, tuple[str, str, str]]) -> list[Remark]:
    if len(found) != 1:
        return []
    right, reason, team = next(iter(found.values()))
    why = f"Im Register steht das Team „{team}“: {reason}."
    return [Remark(token.start, token.end, token.text, Kind.TEAM, why, right)]
