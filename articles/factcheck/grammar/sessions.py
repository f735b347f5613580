"""Sessions by their names, as a text may say them: `WP 14`, `Superfinale`, `second semi-final`."""

from __future__ import annotations

from functools import lru_cache

from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import FactSheet, Session, fold_words

_SHORTEST_PLACE = 5  # letters


_AT_NIGHT = frozenset({"nachtrennen", "abendrennen"})
_NIGHT = "18:30"


def named_sessions(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> tuple[Session, ...]:
    """Sessions whose name stands here: whole, its first two words (`WP 14`), or without its number (`second semi-final`)."""
    if index > sentence.first and tokens[index].glued and tokens[index - 1].text == "-":
        return ()  # the second half of `semi-final` is not the final
    if tokens[index].key in _AT_NIGHT:
        late = tuple(session for session in sheet.sessions if session.is_race and session.clock >= _NIGHT)
        return late if len(late) == 1 else ()
    names = session_names(sheet).get(tokens[index].key, ())
    whole = tuple(
        session for session, name, is_stem in names if not is_stem and _stands_here(name, tokens, index, sentence.last)
    )
    if whole:
        return whole
    stems = tuple(
        session for session, name, is_stem in names if is_stem and _stands_here(name, tokens, index, sentence.last)
    )
    number = ordinal(tokens[index - 1].key) if index > sentence.first and len(stems) > 1 else None
    return stems[number - 1 : number] if number else stems


def goes_on(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> bool:
    """Whether a word is the second of a session's name that stands here whole: the `Race` of `Superpole Race`."""
    if index == sentence.first:
        return False
    names = session_names(sheet).get(tokens[index - 1].key, ())
    return any(
        len(name) > 1 and _stands_here(name, tokens, index - 1, sentence.last)
        for _session, name, is_stem in names
        if not is_stem
    )


@lru_cache(maxsize=16)
def session_names(sheet: FactSheet) -> dict[str, list[tuple[Session, tuple[str, ...], bool]]]:
    """The names of the sessions by their first word; whether they stand for the name alone or for all that share it."""
    found: list[tuple[Session, tuple[str, ...], bool]] = []
    for session in sheet.sessions:
        name = fold_words(session.name)
        if not name or set(name) <= words("scenes_generic_sessions"):
            continue
        found.append((session, name, False))
        if len(name) > 2 and name[1].isdecimal():  # noqa: PLR2004 - WP 14 and a place
            found.append((session, name[:2], False))
            place = _place(name, sheet)
            if place and session.kind == "stage":
                found.append((session, place, True))
        if session.kind == "stage" and len(name) > 1:
            found.append((session, ("".join(name[:2]),), False))
        stem = tuple(word for word in name if not word.isdecimal() and word not in pairs("days"))
        if (
            session.kind not in {"stage", "grid"}
            and stem
            and stem != name
            and not set(stem) <= words("scenes_generic_sessions")
        ):
            found.append((session, stem, True))
    by_word: dict[str, list[tuple[Session, tuple[str, ...], bool]]] = {}
    for session, name, is_stem in found:
        by_word.setdefault(name[0], []).append((session, name, is_stem))
    return by_word


def _place(name: tuple[str, ...], sheet: FactSheet) -> tuple[str, ...]:
    """`Almberg` of `WP 2 Almberg`, `Panzerplatte` of `WP 15 Panzerplatte 2`; nothing where the event itself is called so."""
    place = tuple(word for word in name[2:] if not word.isdecimal() and word not in words("sessions_of_stages"))
    known = {*fold_words(sheet.event), *fold_words(sheet.circuit), *fold_words(sheet.series)}
    return () if known & set(place) or len("".join(place)) < _SHORTEST_PLACE else place


def _stands_here(name: tuple[str, ...], tokens: list[Token], index: int, last: int) -> bool:
    at = index
    for word in name:
        while at < last and at > index and tokens[at].text in "-–.":
            at += 1
        if at >= last or tokens[at].key not in (word, word + "s"):
            return False
        at += 1
    return True
