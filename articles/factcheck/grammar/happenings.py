"""What happened to fields: starters and finishers, one-two wins, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.claim import Claim, ClaimType, Context, Subject
from articles.factcheck.grammar.lexicon import Kind, some
from articles.factcheck.grammar.numerals import cardinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS, fold_words

_CARS = (
    r"(?:Teams?|Autos?|Fahrzeugen?|Startern?|Wagen|Fahrern?|Teilnehmern?|Piloten|Boliden|Motorrädern?|Mann|Gespannen?|Paarungen|Duos|crews|cars|starters|drivers|riders|finishers|"
    r"entries|machines)"
)
_FIELD = re.compile(
    r"\b(?P<n>\d{1,3})\s(?:[a-zäöüß]{3,14}\s)?(?:"
    + _CARS
    + r"\b|(?:erreichten|kamen|sahen|finished|took|saw|reached|made|were|gelangten|schafften|in Wertung|starteten|nahmen|gingen)\b)"
)
_FIELD_BEHIND = re.compile(
    r"\b(?:kamen|sahen|erreichten)\s(?:nur\s|lediglich\s)?(?P<n>\d{1,3})\b(?!\s?(?:Runden|Sekunden|Punkte|Zehntel|[.,:]))"
)
_START = words("happenings_start")
_FINISH = words("happenings_finish")
_MULTIPLE = {"doppel": 2, "dreifach": 3, "vierfach": 4, "funffach": 5}
_TOP = re.compile(
    r"\b(?P<w>Doppel|Dreifach|Vierfach|Fünffach)(?:sieg|erfolg|führung)\w{0,2}\b|\b(?P<en>one-two(?:-three)?(?:-four)?|1-2(?:-3)?)\b"
)
_ONLY = re.compile(
    r"\b(?:Einzige[rn]?|only (?:driver|man|car))\b.{0,30}?\b(?:unter|under|below)\s(?:der Marke von\s|the mark of\s)?(?P<t>\d{1,3}(?:[.,]\d{1,3})?)\s(?:Sekunden|seconds)"
)
_TITLE = re.compile(
    r"\b(?P<not>(?:noch niemand|noch nicht entschieden|vertagt))\b|\b(?:ist|sind|wurde|wurden)\s(?:damit\s|die\s|der\s|neue[rn]?\s|neuen?\s)*"
    r"(?P<w>Champions?|Meister|Weltmeister|Gesamtsieger)\b|(?P<t>\b(?:sicherten?|holten?|gewann(?:en)?)\s(?:sich\s)?(?:damit\s)?(?:den|die)\s(?:Meistert|T)itel\b)"
    r"|\b(?P<en>(?:are|is|crowned)\s(?:the\s)?(?:new\s)?(?:world\s)?champions?)\b"
)


def find(page: Page) -> Iterator[Claim]:
    """Counts and titles."""
    yield from _fields(page)
    for match in _TOP.finditer(page.text):
        yield _top(page, match)
    for match in _ONLY.finditer(page.text):
        limit = round(float(match["t"].replace(",", ".")) * 1000)
        yield page.claim(ClaimType.COUNT, match.start(), match.end(), 1, hint=f"under {limit}")
    yield from _titles(page)


def _fields(page: Page) -> Iterator[Claim]:
    for pattern in (_FIELD, _FIELD_BEHIND):
        for match in pattern.finditer(page.text):
            number = cardinal(fold_word(match["n"]))
            before, after = page.words_before(match.start(), 4), page.words_after(match.end(), 5)
            near = {*before, *after, *(fold_word(word) for word in match[0].split())}
            own = {fold_word(word) for word in match[0].split()}
            if (before[-1:] in (["der"], ["the"]) and before[-2:] != ["of", "the"]) or {"nicht", "not"} & set(after):
                continue  # `21 der 66 Autos`, `23 Autos sahen die Flagge nicht` count neither
            hint = (
                _field_meant(own)
                or _field_meant(set(after[:4]))
                or _field_meant({*before, *after[:2]})
                or _field_meant(near)
            )
            classes = {word for name in page.sheet.classes for word in fold_words(name)}
            if classes & {*after[:3], *own}:
                continue  # `20 Autos der GT3`
            if own & {"gemeldeten", "gemeldete", "entered", "genannten", "genannte"}:
                continue
            if own & {"kamen"} and after[:1] == ["an"]:
                hint = "finishers"
            if number and number > 1 and hint:
                start, end = match.start("n"), match.end()
                yield page.claim(ClaimType.COUNT, start, end, number, hint=hint)


def _field_meant(words: set[str]) -> str:
    return "finishers" if words & _FINISH else "starters" if words & _START else ""


def _top(page: Page, match: re.Match[str]) -> Claim:
    """A one-two of a make or a team: all its cars are meant, not the one last spoken of."""
    number = _MULTIPLE[fold_word(match["w"])] if match["w"] else match["en"].count("-") + 1
    subject = _house(page, match.start(), match.end())
    if {"since", "seit"} & set(page.words_after(match.end(), 3)):
        return page.claim(
            ClaimType.COUNT, match.start(), match.end(), number, subject=subject, hint="top", context=Context.HISTORICAL
        )
    return page.claim(
        ClaimType.COUNT, match.start(), match.end(), number, subject=subject, hint="top", kinds=RACE_KINDS
    )


def _house(page: Page, start: int, end: int) -> Subject:
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    houses = [
        part for part in page.named[sentence.number].mentions if part.kind in (Kind.TEAM, Kind.MAKE) and part.cars
    ]
    before = [part for part in houses if part.last <= token]
    chosen = before[-1:] or houses[:1]
    if not chosen:
        return page.subject(start, end)
    return Subject(some(chosen[0].cars), 2, is_plural=True, name="house")


def _titles(page: Page) -> Iterator[Claim]:
    if not page.sheet.tables:
        return
    for match in _TITLE.finditer(page.text):
        if match["not"]:
            sentence = page.sentence_at(match.start())
            about = page.text[sentence.start : sentence.end].lower()
            if "titel" not in about and "meister" not in about:
                continue
            context = page.context(match.start())
            negated = Context.NEGATED if context is Context.PLAIN else context
            yield page.claim(ClaimType.TITLE, match.start(), match.end(), "", hint="open", context=negated)
        elif "reihe" not in match[0]:
            subject = page.subject(match.start(), match.end())
            start = (
                page.text.rfind(subject.name, page.sentence_at(match.start()).start, match.start())
                if subject.name
                else -1
            )
            begin = start if start >= 0 else match.start()
            yield page.claim(ClaimType.TITLE, begin, match.end(), subject.name, subject=subject)
