"""What happened to cars and fields: retirements, starters and finishers, one-two wins, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.claim import Claim, ClaimType, Context, Subject
from articles.factcheck.grammar.lexicon import Kind, some
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS

_WITHIN = r"(?:[^.;:!?\n]|(?<=\d)\.){0,90}?"
_OUT = (
    ("DSQ", re.compile(r"\b(?:disqualifiziert|disqualified|aus der Wertung genommen|excluded(?: from)?|von der Rennleitung ausgeschlossen)\b")),
    (
        "DNS",
        re.compile(
            r"\b(?:verzichtet\w*" + _WITHIN + r"auf den Start|nicht (?:an den Start|starten|antreten)|did not start|didn't start|"
            r"withdrew before the start)\b"
        ),
    ),
    (
        "DNF",
        re.compile(
            r"\b(?:(?:schied|fiel)(?:en)?\b" + _WITHIN + r"\baus(?=[\s.,;!?)]|$)|ausgeschieden|ausgefallen|blieb(?:en)?\b" + _WITHIN + r"\bliegen|"
            r"liegen (?:blieb|geblieben)|(?:musste|mussten)\b" + _WITHIN + r"\b(?:abstellen|aufgeben)|abgestellt|abstellen musste\w*|strandete\w*|stürzte(?:n)?\b|"
            r"flog(?:en)?\b" + _WITHIN + r"\bab(?=[\s.,;!?)]|$)|sah(?:en)?\b" + _WITHIN + r"Zielflagge nicht|nicht ins Ziel|"
            r"endete (?:das|der|die)\b" + _WITHIN + r"(?:Rennen|Heimspiel|Einsatz|Lauf)\b|(?:Rennen|Lauf)\b" + _WITHIN + r"\b(?:vorbei|beendet)\b|war\b" + _WITHIN + r"\bSchluss\b|"
            r"(?:scheidet|scheiden|fällt|fallen)\b" + _WITHIN + r"\baus(?=[\s.,;!?)]|$)|rollte?n?\b" + _WITHIN + r"\baus(?=[\s.,;!?)]|$)|"
            r"(?:liegt|lag|landete|steht|stand)\b" + _WITHIN + r"\b(?:im Kies\w*|in der Mauer|in den Reifenstapeln)|nicht (?:mehr )?(?:weiter|heraus|zurück auf die Strecke)|"
            r"streikten?\b" + _WITHIN + r"\b(?:Motor|Getriebe|Technik|Elektronik|Antrieb|Hydraulik)\b|stürzt(?=\s)|gibt\b" + _WITHIN + r"\bauf(?=[.,;!?])|"
            r"took no further part|(?:was|were) out\b(?! of| in\b)|in the garage\b|into retirement|went no further|"
            r"retired|retiring|retires|crashed out|parked|rolled out|out of the race|did not finish|didn't finish|dropped out|spun out|failed to finish)"
        ),
    ),
)  # fmt: skip
_TITLE_REACH = 9  # words
_NEARLY = frozenset({"beinahe", "fast", "almost", "nearly"})
_VAGUE = re.compile(
    r"was out|were out|in the garage|stürzt|nicht |parked|liegt|lag|stand|steht|gibt|streikt|rollt|into ret"
)
_NEGATED = frozenset({"nicht", "nie", "kein", "never", "not", "beinahe", "fast", "almost", "nearly"})
_MULTIPLE = {"doppel": 2, "dreifach": 3, "vierfach": 4, "funffach": 5}
_TOP = re.compile(
    r"\b(?P<w>Doppel|Dreifach|Vierfach|Fünffach)(?:sieg|erfolg|führung)\w{0,2}\b|\b(?P<en>one-two(?:-three)?(?:-four)?|1-2(?:-3)?)\b"
)
_OPEN = re.compile(
    r"\b(?:noch niemand|noch nicht (?:entschieden|vergeben)|vertagt|weiter(?:hin)? offen|still open|yet to be decided)\b"
)
_TITLE_NOUN = re.compile(
    r"\b(?:(?:Vize)?(?:Welt|Europa|Marken|Team|Fahrer)?[Mm]eister(?:n|innen|in)?\b(?!-|schaft)|(?:Gesamts|S)erien?sieger|Gesamtsieger\b|[Cc]hampions?\b(?!hip)|"
    r"(?:Meister(?:schafts)?|Fahrer|Team|Marken|Klassen|Gesamt|WM-|EM-)?[Tt]itel\b(?!-)|[Tt]itle\b|[Cc]rown\b|[Cc]hampionship\b|Meisterschaft\b)"
)


def find(page: Page) -> Iterator[Claim]:
    """Statuses, counts and titles."""
    for status, pattern in _OUT:
        for match in pattern.finditer(page.text):
            inside = _NEARLY & {fold_word(word) for word in match[0].split()}
            if status == "DNS" or not (inside or _NEGATED & set(page.words_before(match.start(), 2))):
                hint = "" if status != "DNF" or not _VAGUE.match(match[0]) else "vague"
                yield page.claim(ClaimType.STATUS, match.start(), match.end(), status, kinds=RACE_KINDS, hint=hint)
    for match in _TOP.finditer(page.text):
        yield _top(page, match)
    yield from _titles(page)


def _top(page: Page, match: re.Match[str]) -> Claim:
    """A one-two of a make or a team: all its cars are meant, not the one last spoken of."""
    number = _MULTIPLE[fold_word(match["w"])] if match["w"] else match["en"].count("-") + 1
    subject = _house(page, match.start(), match.end())
    is_counted = "." in page.words_before(match.start(), 4)  # `der 48. McLaren-Doppelsieg`
    if is_counted or {"since", "seit"} & set(page.words_after(match.end(), 3)):
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
    for match in _OPEN.finditer(page.text):
        sentence = page.sentence_at(match.start())
        about = page.text[sentence.start : sentence.end].lower()
        if any(word in about for word in ("titel", "meister", "title", "championship")):
            context = page.context(match.start())
            negated = Context.NEGATED if context is Context.PLAIN else context
            yield page.claim(ClaimType.TITLE, match.start(), match.end(), "", hint="open", context=negated)
    for match in _TITLE_NOUN.finditer(page.text):
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
    is_person = not noun.endswith(("titel", "title", "crown", "championship", "meisterschaft"))
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
    begin = page.cut.tokens[verb].start if verb < token else start
    if place >= 0 and begin - place - len(said.name) <= 1:
        begin = place
    hint = (
        "" if before[-1:] and before[-1] in words("titles_plain") else "of"
    )  # `the Pro-Am title` may be one nobody stored
    return page.claim(ClaimType.TITLE, begin, end, said.name, subject=said, hint=hint)
