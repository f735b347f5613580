"""Of which sessions, run or not, the words around a day or an hour speak."""

from __future__ import annotations

from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import Session, fold_words

_BESIDE = 6  # words between a day and the session it is said of
_SAID = 3  # level of what the clause itself says
_OWNED = 3  # `Saturday's feature race`


def sessions_meant(page: Page, start: int, *, at_start: bool = False) -> tuple[tuple[Session, ...], int]:
    """The sessions, run or not, that the words around a day or an hour speak of."""
    sentence = page.sentence_at(start)
    setting = page.settings[sentence.number]
    token = page.cut.token_at(start)
    clause = page.clause(sentence, token)
    named, named_level = setting.latest("sessions", token, clause)
    kind, level = setting.latest("kind", token, clause)
    verb, verb_level = setting.latest("verb", token, clause)
    sessions = page.sheet.sessions
    if named and named_level > 1 and isinstance(named.value, tuple):
        sessions, level = named.value, 2 if _is_beside(page, named.at, token) else 1
    elif kind and level > 1 and level >= verb_level:
        kinds = {str(kind.value), *({"qualifying"} if _speaks_of_pole(page, start) else ())}
        sessions = tuple(session for session in sessions if any(_fits(session, one) for one in kinds))
        level = 2 if _is_beside(page, kind.at, token) else 1
    elif verb and verb_level > 1:
        sessions, level = tuple(session for session in sessions if session.is_race), 1
    else:
        level = 0
    if at_start:
        day, day_level = setting.latest("day", token, clause)
        chosen = tuple(session for session in sessions if day and session.day == day.value)
        if day_level <= 1 and (len(chosen) != 1 or not level):
            chosen = ()  # the day of the sentences before
        sessions = chosen or sessions
        level = max(level, 1) if chosen else level
    sessions = tuple(session for session in sessions if session.kind != "grid")
    own = _by_own_word(page, sessions, clause)
    if not at_start and len(own) == 1 < len(sessions) and own[0].kind == "stage":
        return own, _SAID  # `am Freitag auf der Panzerplatte`
    return own if at_start else sessions, level


def _by_own_word(page: Page, sessions: tuple[Session, ...], clause: tuple[int, int]) -> tuple[Session, ...]:
    """`Das Rennen der MotoGP`: of several sessions the one whose name alone has a word that is said."""
    keys = {token.key for token in page.cut.tokens[slice(*clause)]}
    names = [set(fold_words(session.name)) for session in sessions]
    shared = set[str]().union(*(one & other for one in names for other in names if one is not other))
    own = [session for session, name in zip(sessions, names, strict=True) if (name - shared) & keys]
    return (own[0],) if len(own) == 1 < len(sessions) else sessions


def _is_beside(page: Page, one: int, day: int) -> bool:
    """Whether a session and a day stand close, in one breath: `13th on Saturday's grid and 12th in the opener` are two."""
    first, last = sorted((one, day))
    between = page.cut.tokens[first + 1 : last]
    if last - first > _BESIDE or any(token.key in words("calendar_apart") or token.text in ",;:" for token in between):
        return False
    if page.cut.tokens[day - 1].key in words("seats_own"):
        return False  # `repeated his Saturday result in practice`
    is_owner = page.cut.tokens[day].text.endswith(("'s", "’s"))
    return not is_owner or 0 < one - day <= _OWNED


def _speaks_of_pole(page: Page, start: int) -> bool:
    sentence = page.sentence_at(start)
    keys = {token.key for token in page.cut.tokens[sentence.first : sentence.last]}
    return bool(keys & {"pole", "startplatz", "startreihe", "bestzeit", "polezeit", "grid"})


def _fits(session: Session, kind: str) -> bool:
    return session.is_race if kind == "race" else session.kind == kind
