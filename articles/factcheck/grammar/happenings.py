"""What happened to fields: starters and finishers, one-two wins, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from articles.factcheck.claim import Claim, ClaimType, Context, Subject
from articles.factcheck.entrants import names_teams
from articles.factcheck.grammar.lexicon import Kind, some
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS, fold_words

_TITLE_REACH = 9  # words
_TITLE_VERB = 4
_BESIDE = 12  # signs between a name and the title that is his
_MULTIPLE = {"doppel": 2, "dreifach": 3, "vierfach": 4, "funffach": 5}
_TOP = re.compile(
    r"\b(?P<w>Doppel|Dreifach|Vierfach|Fünffach)(?:sieg|erfolg|führung)\w{0,2}\b|\b(?P<en>one-two(?:-three)?(?:-four)?|1-2(?:-3)?)\b"
)
_OPEN = re.compile(
    r"\b(?:noch niemand|noch nicht (?:entschieden|vergeben)|vertagt|weiter(?:hin)? offen|still open|yet to be decided)\b"
)
_TITLE_NOUN = re.compile(
    r"\b(?:(?:Vize)?(?:Welt|Europa|Marken|Team|Fahrer)?[Mm]eister(?:n|innen|in)?\b(?!-|schaft)|(?:Gesamts|S)erien?sieger|Gesamtsieger\b|[Cc]hampions?\b(?!hip)|"
    r"(?:Meister(?:schafts)?|Fahrer|Team|Marken|Klassen|Gesamt|WM-|EM-)?[Tt]itel\b(?!-)|[Tt]itle\b|[Cc]rown\b|[Cc]hampionship\b|Meisterschaft\b|(?:Team|Fahrer|Gesamt|Marken|Hersteller)wertung\b)"
)


def find(page: Page) -> Iterator[Claim]:
    """One-two wins and titles."""
    for match in page.matches(_TOP, "doppel", "fach", "two", "2"):
        yield _top(page, match)
    yield from _titles(page)


def _top(page: Page, match: re.Match[str]) -> Claim:
    """A one-two of a make or a team: all its cars are meant, not the one last spoken of."""
    number = _MULTIPLE[fold_word(match["w"])] if match["w"] else match["en"].count("-") + 1
    subject = _with_mates(page, _house(page, match.start(), match.end()))
    is_counted = "." in page.words_before(match.start(), 4)  # `der 48. McLaren-Doppelsieg`
    is_denied = bool(words("fates_negations") & set(page.words_before(match.start(), 4)))  # `it was not a BMW one-two`
    is_timed = page.words_after(match.end(), 2) in (["in", "qualifying"], ["im", "qualifying"], ["im", "zeittraining"])
    if is_counted or is_denied or is_timed or {"since", "seit"} & set(page.words_after(match.end(), 3)):
        return page.claim(
            ClaimType.COUNT, match.start(), match.end(), number, subject=subject, hint="top", context=Context.HISTORICAL
        )
    return page.claim(
        ClaimType.COUNT, match.start(), match.end(), number, subject=subject, hint="top", kinds=RACE_KINDS
    )


def _with_mates(page: Page, subject: Subject) -> Subject:
    """A one-two said of one car is one of its team."""
    car = page.sheet.cars.get(subject.car or "")
    if car is None:
        return subject
    return Subject(some(page.sheet.numbers_by_team.get(car.team, frozenset())), 1, is_plural=True, name="house")


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
    for match in page.matches(_OPEN, "niemand", "nicht", "vertagt", "offen", "open", "yet"):
        sentence = page.sentence_at(match.start())
        about = page.text[sentence.start : sentence.end].lower()
        if any(word in about for word in ("titel", "meister", "title", "championship")):
            context = page.context(match.start())
            negated = Context.NEGATED if context is Context.PLAIN else context
            yield page.claim(ClaimType.TITLE, match.start(), match.end(), "", hint="open", context=negated)
    for match in page.matches(_TITLE_NOUN, "meister", "sieger", "champion", "titel", "title", "crown", "wertung"):
        claim = _title(page, match.start(), match.end())
        if claim:
            yield claim


def _title(page: Page, start: int, end: int) -> Claim | None:
    """`sind Meister`, `clinched the LMP3 title`, `crowned champions`, `der Titel geht an …`: who has won a championship."""
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    first, last = page.clause(sentence, token)
    keys = [other.key for other in page.cut.tokens[first:last]]
    noun = page.cut.tokens[token].key
    is_person = not noun.endswith(("titel", "title", "crown", "championship", "meisterschaft", "wertung"))
    before = [other.key for other in page.cut.tokens[max(token - _TITLE_REACH, sentence.first) : token]]
    verbs = words("titles_being" if is_person else "titles_winning")
    if not verbs & set(before if is_person else keys) or noun.startswith("vize"):
        return None
    if any(match.start() >= sentence.start for match in _OPEN.finditer(page.text, sentence.start, sentence.end)):
        return None
    if {
        "nicht",
        "not",
        "no",
        "kein",
        "keinen",
        "reigning",
        "defending",
        "amtierende",
        "amtierender",
        "former",
        "around",
        "fast",
        "almost",
    } & set(before):
        return None
    after = page.words_after(end, 1)
    if after and after[0] in words("titles_not_after"):
        return None  # `the championship leaders`
    said = page.subject(start, end)
    # a name right before the words is part of what is said: `Buemi, Hartley und Hirakawa sind Weltmeister`
    place = page.text.rfind(said.name, sentence.start, start) if said.name else -1
    verb = next((at for at in range(token - 1, first - 1, -1) if page.cut.tokens[at].key in verbs), token)
    begin = page.cut.tokens[verb].start if token - _TITLE_VERB <= verb < token else start
    winner = page.described(token + 1) or _receiver(page, token, last)
    if (
        winner
        and winner.first < last
        and winner.cars
        and verbs & {key.key for key in page.cut.tokens[token : winner.first]}
    ):
        said = replace(
            page.as_subject(winner, 2), is_plain=True
        )  # `der Teamtitel ging an CLRT`, `die Teamwertung gewann Mercedes`
        end = page.cut.tokens[winner.last - 1].end
    if place >= 0 and begin - place - len(said.name) <= _BESIDE:
        begin = place
    hint = (
        "" if before[-1:] and before[-1] in words("titles_plain") else "of"
    )  # `the Pro-Am title` may be one nobody stored
    kind = "teams" if any(names_teams(key) and not key.startswith("markenpokal") for key in keys) else ""
    called = _called(page, token)
    kind, hint = (f"={called}", "") if called else (kind, hint)
    return page.claim(ClaimType.TITLE, begin, end, said.name, subject=said, hint=hint, among=kind)


def _called(page: Page, token: int) -> str:
    """`den T3-Titel`: the first part of the word, where a table is called so."""
    tokens = page.cut.tokens
    if token < 2 or tokens[token - 1].text != "-" or not tokens[token].glued:  # noqa: PLR2004
        return ""
    stem = tokens[token - 2].key
    return stem if any(stem in fold_words(table.name) for table in page.sheet.tables) else ""


def _receiver(page: Page, token: int, last: int) -> Group | None:
    """`Die Teamwertung ging mit neun Punkten Unterschied an den Rennstall …`: whoever stands behind `an`."""
    keys = [other.key for other in page.cut.tokens[token:last]]
    if not {"ging", "geht", "gingen", "went"} & set(keys):
        return None
    at = next((token + place for place, key in enumerate(keys) if key in {"an", "to"}), None)
    return page.described(at + 1) if at is not None else None
