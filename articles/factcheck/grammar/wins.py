"""Words that say somebody won, overall or in a class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.placing import given_to
from articles.factcheck.grammar.tokens import Token
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS

_CLASS_BEHIND = 6  # words
_CLASS_REACH = 9
# First word, two words behind it, and whether the class stands behind them (None: wherever).
_IDIOMS = (
    ({"entschied", "entschieden", "entscheidet", "entscheiden"}, ("fur", "sich"), None),
    ({"ganz"}, ("ganz", "oben"), None), ({"eine"}, ("klasse", "fur"), None), ({"an"}, ("die", "spitze"), True),
    ({"behielt", "behielten"}, ("nase", "vorn"), None), ({"behielt", "behielten"}, ("die", "oberhand"), None),
    ({"ging", "gingen", "geht"}, ("ging", "an"), False), ({"gingen"}, ("gingen", "an"), False),
    ({"geht"}, ("geht", "an"), False), ({"went"}, ("went", "to"), False), ({"fell"}, ("fell", "to"), False),
    ({"goes"}, ("goes", "to"), False),
)  # fmt: skip
_TOP_STEP = re.compile(
    r"\b(?:ganz oben (?:auf dem|auf das|aufs) (?:Klassen|Sieger)?(?:podest|podium|treppchen)|oberste[rn]? Stufe|"
    r"top (?:step|spot) (?:of|on) the (?:class )?(?:podium|rostrum))\b",
    re.IGNORECASE,
)
_WIN = re.compile(
    r"\b(?P<w>(?:Start-Ziel-|Gesamt|Klassen|Heim|Lauf|Renn|Tages|Auftakt)?[Ss]iege?|gewann(?:en)?|gewonnen|gewinn(?:t|en)|siegt(?:e|en)?|triumphierten?|won|victory|"
    r"(?:keine|ohne) (?:Gegner|Konkurrenz)|nicht zu schlagen|victorious|kein Kraut gewachsen|setzten? sich|für sich entsch(?:ied|ieden|eidet|eiden)|unbeatable|honou?rs|"
    r"(?:[A-Z][\w-]{0,11})?-Sieg|winning|class win|(?:took|takes|secured|claimed|scored|sealed|inherited) (?:the|his|their|her) (?:overall )?win)\b"
)
_WINNER = re.compile(
    r"\b(?:(?:Renn|Lauf|Sprint|Samstags|Sonntags|Tages|Gesamt|Klassen)?[Ss]ieger(?:in)?|[Rr]ace winners?|(?:Saturday|Sunday) winners?)\b(?![-\w])"
)
_WIN_STEMS = (
    "sieg", "gewa", "gewonnen", "gewinn", "triumph", "won", "victor", "gegner", "konkurrenz", "schlagen", "setzt", "entsch",
    "unbeatable", "hono", "winning", "win", "kraut",
)  # fmt: skip
_NOT_THE_RACE = (
    "juniorwertung",
    "rookiewertung",
    "mannschaftswertung",
    "amateurwertung",
    "damenwertung",
    "qualifying",
    "pole",
    "quali",
    "zeittraining",
    "start",
    "duell",
    "duel",
)
_LAST_WEEKEND = frozenset({("letzten", "wochenende"), ("vergangenen", "wochenende"), ("last", "weekend")})
_NOT_REAL = (
    "gefuhlt",
    "moralisch",
    "vermeintlich",
    "geglaubt",
    "moglich",
    "sicheren",
    "moral",
    "potenziell",
    "erhofft",
    "ersehnt",
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def find_wins(page: Page) -> Iterator[Claim]:
    """Wins by a word that says so, by what became of a class, and by where on the podium somebody stood."""
    yield from _by_word(page)
    yield from _by_class(page)
    yield from _by_cheer(page)
    yield from _by_title(page)
    for match in page.matches(_TOP_STEP, "stufe", "podest", "podium", "treppchen", "rostrum"):
        yield _won(page, match.start(), match.end(), in_class="klassen" in match[0].lower() or "class" in match[0])


def _by_class(page: Page) -> Iterator[Claim]:
    """`entschied die GT4 für sich`, `die Pro-Am-Wertung ging an AO by TF`, `LMP2 honours went to …`."""
    tokens = page.cut.tokens
    for sentence in page.cut.sentences:
        for part in page.named[sentence.number].mentions:
            if part.kind is not Kind.CLASS:
                continue
            first, last = page.clause(sentence, part.first)
            last = (
                sentence.last if tokens[last - 1].text == "," else last
            )  # `entschieden Ried, Ferrari und Bruni für sich`
            verb = next((at for at in range(first, last) if _takes_class(tokens, at, part.first, last)), None)
            if verb is not None and abs(verb - part.first) <= _CLASS_REACH and not _is_of_place(tokens, first, verb):
                begin, end = min(verb, part.first), max(verb + 1, part.last)
                claim = _won(page, tokens[begin].start, tokens[end - 1].end, in_class=True)
                yield replace(claim, scene=replace(claim.scene, class_name=part.name, class_level=3))


def _by_cheer(page: Page) -> Iterator[Claim]:
    """`In der Cup3 jubelten Blickle/Scheerbarth`, `In WRC2, Korhonen beat Solberg`: a class, and a word of triumph in its clause.

    Such words say nothing for certain; where the class was not won they stay open.
    """
    tokens = page.cut.tokens
    for sentence in page.cut.sentences:
        classes = [part for part in page.named[sentence.number].mentions if part.kind is Kind.CLASS]
        for index in range(sentence.first, sentence.last) if classes else ():
            if tokens[index].key not in words("wins_cheers"):
                continue
            before = [part for part in classes if part.last <= index]
            part = before[-1] if before else classes[0]
            first, last = page.clause(sentence, index)
            if _is_of_place(tokens, first, index) or not (before or part.first < last):
                continue
            claim = _won(page, tokens[index].start, tokens[index].end, in_class=True)
            yield replace(claim, hint="cheer", scene=replace(claim.scene, class_name=part.name, class_level=2))


def _by_title(page: Page) -> Iterator[Claim]:
    """`Rennsieger Elster`, `race winner Elster`: right before a name."""
    for match in page.matches(_WINNER, "sieger", "winner"):
        beside = page.group_at(match.end())
        if beside is None or beside.first != page.cut.token_at(match.end() - 1) + 1 or not beside.people:
            continue
        before = page.words_before(match.start(), 2)
        if before[-1:] in (["-"], ["ex"]) or _is_one_of_many("sieger", before):
            continue
        subject = replace(page.as_subject(beside, 2), is_plain=True)
        scene = page.scene(match.start(), RACE_KINDS)
        yield page.claim(ClaimType.POSITION, match.start(), match.end(), 1, subject=subject, scene=scene, hint="win")


def _takes_class(tokens: list[Token], at: int, a_class: int, last: int) -> bool:
    """Whether the verb at a token says that somebody won the class at another."""
    keys = [token.key for token in tokens[at:last]]
    if keys[0] in words("wins_before_class"):
        return at < a_class
    if keys[0] in words("wins_with_class"):  # `took the LMP2 class`, `claimed GT3 honours`
        return at < a_class and bool(words("wins_class_nouns") & {token.key for token in tokens[a_class:last][:4]})
    if keys[0] in {"ging", "gingen", "geht", "gehen"} and at < a_class:
        return "an" in [token.key for token in tokens[a_class : min(a_class + 5, last)]]
    for begin, more, is_before in _IDIOMS:
        if keys[0] in begin and more in pairwise([*keys, ""]) and (is_before is None or (at < a_class) is is_before):
            return True
    return False


def _is_of_place(tokens: list[Token], first: int, verb: int) -> bool:
    """`Platz zwei in der GT3 ging an …`, `die Pole in der GT3 ging an …` are no wins."""
    return any(
        ordinal(token.key)
        or token.key.startswith(("platz", "rang", "position", "pole", "start", "best", "schnell", "fast", "place"))
        for token in tokens[first:verb]
    )


def _won(page: Page, start: int, end: int, *, in_class: bool) -> Claim:
    scene = page.scene(start, RACE_KINDS)
    kind = ClaimType.CLASS_POSITION if in_class or scene.class_name else ClaimType.POSITION
    return page.claim(kind, start, end, 1, scene=scene, hint="cheer" if _is_open(page, start, start) else "win")


def _is_open(page: Page, start: int, end: int) -> bool:
    """`ließ den Sieg in der GT3 liegen`, `gewann das GT3-Qualifying`, `siegte 2022 in der GT3`: a win lost, or of something else."""
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = [token.key for token in page.cut.tokens[first:last]]
    if any(pair in _LAST_WEEKEND for pair in pairwise(keys)):
        return True
    around = [token for token in page.cut.tokens[first:last] if token.end <= start or token.start >= end]
    return any(
        token.key in words("wins_not_won") or token.key.endswith(_NOT_THE_RACE) or _YEAR.fullmatch(token.text)
        for token in around
    )


def _is_of_no_race(page: Page, start: int) -> bool:
    """`Auf SP 3 war Fink nicht zu schlagen`: the words name a session, and it is no race."""
    scene = page.scene(start)
    return scene.level > 1 and bool(scene.sessions) and not any(one.is_race for one in scene.sessions)


def _by_word(page: Page) -> Iterator[Claim]:
    for match in page.matches(_WIN, *_WIN_STEMS):
        before, after = page.words_before(match.start(), 4), page.words_after(match.end(), 9)
        if not _is_win(match["w"].lower(), before, after) or _is_taken_away(page, match.start()):
            continue
        scene = page.scene(match.start(), RACE_KINDS if not _is_quick(page, match.start()) else frozenset())
        if not scene.sessions:
            scene = page.scene(match.start())
        in_class = bool(scene.class_name) or match["w"].startswith("Klassen")
        kind = ClaimType.CLASS_POSITION if in_class else ClaimType.POSITION
        end = _end_of_win(page, match)
        is_open = _is_open(page, match.start(), match.end()) or _is_of_no_race(page, match.start())
        hint = "cheer" if is_open else "win"
        subject = given_to(page, match.start(), end) or page.subject(match.start(), end)
        yield page.claim(kind, match.start(), end, 1, scene=scene, hint=hint, subject=subject)


def _is_taken_away(page: Page, start: int) -> bool:
    """`Strafen kosteten Lieb den Sieg`, `a puncture cost them victory`: whoever is named did not win."""
    token = page.cut.token_at(start)
    first, _last = page.clause(page.sentence_at(start), token)
    return any(one.key in words("wins_taken_away") for one in page.cut.tokens[first:token])


def _end_of_win(page: Page, match: re.Match[str]) -> int:
    """`gewinnen die VT2`: the class right behind belongs to the words."""
    token = page.cut.token_at(match.end() - 1)
    sentence = page.sentence_at(match.start())
    for part in page.named[sentence.number].mentions:
        if part.kind is Kind.CLASS and token < part.first <= token + _CLASS_BEHIND:
            between = page.cut.tokens[token + 1 : part.first]
            if not any(word.text[0].isdecimal() or word.text in ",;:()" for word in between):
                return page.cut.tokens[part.last - 1].end
    return match.end()


def _is_quick(page: Page, start: int) -> bool:
    """`nicht zu schlagen` may praise a pole."""
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    kind, level = page.settings[sentence.number].latest("kind", token, page.clause(sentence, token))
    return kind is not None and level > 0 and kind.value != "race"


def _is_win(word: str, before: list[str], after: list[str]) -> bool:
    if _is_one_of_many(word, before) or _is_denied(word, before) or {"since", "seit"} & set(after[:3]):
        return False
    if word.startswith("für sich"):
        return not {"duell", "kampf", "zweikampf", "dreikampf"} & set(before)
    if word.startswith("setzt"):
        return "durch" in after
    if word in {"gewann", "gewannen", "won"}:
        return not {"platze", "positionen", "places", "duell", "boden", "start"} & set(after[:4])
    if word == "sieg" and before[-1:] == ["zum"]:
        return bool(words("wins_driven_to") & set(before)) and not {"fehlte", "fehlten"} & {*before, *after}
    return word not in {"sieg", "siege", "victory"} or not {"zum", "zwei", "drei", "two", "three"} & set(before[-2:])


def _is_one_of_many(word: str, before: list[str]) -> bool:
    """The 54th of a career."""
    return (
        ("." in before and before[before.index(".") - 1].isdecimal())
        or bool(before and ordinal(before[-1]))
        or bool(("sieg" in word or word in {"victory", "honours"}) and any(map(ordinal, before[-2:])))
        or bool(before[-1:] == ["-"] and before[-3:-2] and ordinal(before[-3]))
    )


def _is_denied(word: str, before: list[str]) -> bool:
    if before[-1:] and before[-1].startswith(_NOT_REAL):
        return True  # `sprach von einem gefühlten Sieg`
    if word.endswith(("sieg", "siege")) and "auf" in before[-2:]:
        return True  # `zwölf Sekunden fehlten auf den Sieg`
    return (
        bool({"kein", "keinen", "nicht", "ohne", "no", "never", "um", "without"} & set(before[-2:]))
        and ":" not in before[-2:]
        and not word.startswith(("kein", "nicht", "ohne"))
    )
