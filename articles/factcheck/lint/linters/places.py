"""Makes of cars and circuits: slips in long names, and a German umlaut left out (Nurburgring)."""

from __future__ import annotations

from collections.abc import Iterator

from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.register import Ends, composed
from articles.factcheck.lint.remark import Kind, Remark
from articles.factcheck.lint.slips import slip
from results.likeness import skeleton

_SHORTEST_MAKE = 6
_SHORTEST_CIRCUIT = 7
_UMLAUTS = frozenset("äöüßÄÖÜ")


def lint(piece: Piece) -> Iterator[Remark]:
    register = piece.register
    lower = {token.key for token in piece.cut.tokens if not token.is_capital}
    seen: dict[str, tuple[str, str] | None] = {}
    for token in piece.cut.tokens:
        key = token.key
        if not token.is_capital or len(key) < _SHORTEST_MAKE or not token.text.isalpha() or token.text.isupper():
            continue
        if key not in seen:
            seen[key] = None if key in lower else _meant(piece, key, register.circuit_ends, register.make_ends)
        found = seen[key]
        if found and composed(token.text) not in {found[0], found[0] + "s"}:
            right, reason = found
            ending = "s" if key.endswith("s") and not right.endswith("s") else ""
            why = f"Im Register steht „{right}“{': ' + reason if reason else ''}."
            yield Remark(token.start, token.end, token.text, Kind.PLACE, why, right + ending)


def _meant(piece: Piece, key: str, circuits: Ends, makes: Ends) -> tuple[str, str] | None:
    """How the word is written in the register and what is wrong with it; None where nothing is."""
    register = piece.register
    for base in (key, key.removesuffix("s")):
        printed = register.printed.get(base)
        if printed and _UMLAUTS & set(printed):
            return printed, ""
    if (
        register.is_form_of_known(key)
        or piece.near.is_form_of_known(key)
        or key in pairs("days")
        or key in pairs("months")
    ):
        return None
    generic = words("lint_places")
    for base in (key, key.removesuffix("s")):
        meant = {word: slip(base, word) for word in makes.near(base) if len(word) >= _SHORTEST_MAKE}
        for word in circuits.near(base):
            if len(word) >= _SHORTEST_CIRCUIT and word not in generic:
                meant[word] = "" if skeleton(word) == skeleton(base) else slip(base, word)
        right = [
            (register.printed[word], reason)
            for word, reason in meant.items()
            if reason or skeleton(word) == skeleton(base)
        ]
        if len(right) == 1:
            return right[0]
    return None
