"""Whom a text speaks of without the sheet knowing him: names it does not hold, and people who are only described.

Where one of them stands between a name and what is said, the words may speak of him: the engine then doubts. Whether a
capital word is a name cannot be known for certain in German; what is missed here is a doubt less, what is found in vain an
error less, so the lists lean towards names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from articles.factcheck.grammar.mentions import Group, Named
from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.tokens import Cut, Sentence, Token
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import FactSheet, fold_words

PREPOSITIONS = frozenset({"in", "at", "bei"})  # before a place
_SHORTEST = 3
_A_FEW = 3
_NOUN_ENDING = re.compile(
    r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tat|ismus|nis|zeit|zeiten|platz|platze|platzen|rang|range|"
    r"rangen|runde|runden|sekunde|sekunden|minute|minuten|stunde|stunden|punkt|punkte|punkten|sieg|siege|siegen|lauf|rennen|rennens|"
    r"training|fahrt|strafe|strafen|wechsel|defekt|schaden|problem|probleme|problemen|fehler|fehlern|kurve|kurven|teil|seite|ende|"
    r"start|starts|wertung|klasse|reihe|phase|spur|linie|flagge|podium|podest|pole|position|abstand|vorsprung|ruckstand|fuhrung|"
    r"reifen|regen|boden|feld|wochenende|woche|monat|jahr|jahre|tag|tage|abend|morgen|mittag|nacht|chance|druck|kampf|duell|"
    r"stopp|stopps|stint|dreher|unfall|kollision|panne|pech|gluck|titel|meter|kilometer|grad|euro|weg|wege|ziel|box|boxen)"
)
_PERSON = re.compile(
    r"(?:\w*(?:pilot|piloten|pilotin|fahrer|fahrerin|fahrern|matador|matadorin|matadoren|jahrige|jahriger|jahrigen|kollege|kollegen|"
    r"kollegin|duo|trio|quartett|team|teams|mannschaft|mannschaften|truppe|crew|sieger|siegern|siegerin|meister|meistern|meisterin|champion|"
    r"champions|debutant|debutantin|routinier|veteran|rookie|neuling|talent|legende|altmeister|junior|junioren|star|profi|schutzling|"
    r"mann|frau|landsmann|setter|verfolger|verfolgern|konkurrent|konkurrenten|rivale|rivalen|gegner|gast|gaststarter|auto|autos|"
    r"wagen|fahrzeug|bolide|boliden|renner|flitzer|maschine|bruder|sohn|tochter|vater|neffe|polesitter|fuhrende|fuhrenden|mates?|sister|cousin|father|hero|"
    r"favourite|favorite|newcomer|driver|drivers|rider|riders|entry|squad|machine|brother|youngster|man|woman|local|pair|rival|rivals|"
    r"winner|winners|leader|leaders|runner))"
)
_ENGLISH = frozenset(
    ["the", "of", "and", "with", "was", "by", "to", "his", "after", "for", "from", "at", "who", "were"]
)
_GERMAN = frozenset(
    [
        "der",
        "die",
        "das",
        "und",
        "den",
        "dem",
        "mit",
        "im",
        "von",
        "auf",
        "wurde",
        "ein",
        "eine",
        "zu",
        "nach",
        "sich",
        "war",
    ]
)


def is_elsewhere(tokens: list[Token], clause: tuple[int, int], sheet: FactSheet) -> bool:
    """`in Imola noch Fünfter`: a place that is not the event's own, so it is another event."""
    for before, token in zip(tokens[clause[0] : clause[1]], tokens[clause[0] + 1 : clause[1]], strict=False):
        is_two = token.key in {"le", "la", "el", "sao", "las", "los", "sankt", "st"} and token.is_capital
        if before.key in PREPOSITIONS and is_two and token.key not in _here(sheet):
            return True
        if before.key not in PREPOSITIONS or not _may_name(token, sheet, _here(sheet)):
            continue
        if not token.key.endswith("er") and token.key not in words("strangers_no_places"):
            return True
    return False


@lru_cache(maxsize=16)
def _here(sheet: FactSheet) -> frozenset[str]:
    """The words of this event alone, and every name of its field."""
    texts = [sheet.series, sheet.event, sheet.circuit, *sheet.classes, *sheet.numbers_by_team, *sheet.numbers_by_model]
    texts += [session.name for session in sheet.sessions]
    return frozenset(word for text in texts for word in fold_words(text))


def find_strangers(cut: Cut, sentence: Sentence, named: Named, sheet: FactSheet) -> list[int]:
    """The tokens of a sentence that name or describe somebody the sheet does not hold."""
    taken = {index for group in named.groups for index in range(group.first, group.last)}
    taken |= {index for part in named.mentions for index in range(part.first, part.last)}
    starts = {group.first for group in named.groups}
    found = [
        group.first
        for group in named.groups
        if _is_unplaced(group) and not _is_object(cut.tokens, group.first, sentence)
    ]
    is_english = _is_english(cut.tokens, sentence)
    for index in range(sentence.first, sentence.last):
        if index in taken or not _may_be_strange(cut.tokens[index]):
            continue
        if _is_another_model(cut.tokens, index, sentence):
            found.append(index)
        elif _is_described(cut.tokens, index, sentence, is_english=is_english):
            if not _is_apposition(cut.tokens, index, sentence, starts, taken):
                found.append(index)
        elif _may_name(cut.tokens[index], sheet, _own_words(sheet)):
            names = _names_in_english if is_english else _names_in_german
            if names(cut.tokens, index, sentence) and not _belongs(cut.tokens, index, starts, taken):
                found.append(index)
    return sorted(found)


def _may_be_strange(token: Token) -> bool:
    """Whether a word may name or describe somebody at all: a capital one, a number, a word for people."""
    return token.text[0].isupper() or token.text[0].isdecimal() or _is_person_word(token.key)


def _is_unplaced(group: Group) -> bool:
    """A number, a nation or a sister car that no car of the sheet answers to."""
    return not group.cars and not group.people


def _is_english(tokens: list[Token], sentence: Sentence) -> bool:
    keys = [token.key for token in tokens[sentence.first : sentence.last]]
    return len([key for key in keys if key in _ENGLISH]) > len([key for key in keys if key in _GERMAN])


# ------------------------------------------------------------------ names


def _may_name(token: Token, sheet: FactSheet, own: frozenset[str]) -> bool:
    key = token.key
    if token.text.startswith(("I'", "I’")):
        return False
    if len(key) < _SHORTEST or not token.is_capital or not token.text.replace("'", "").replace("’", "").isalpha():
        return False
    if key in _known_words() or key in own or key in sheet.people_by_word or ordinal(key) or cardinal(key):
        return False
    return not _is_noun(key)


@lru_cache(maxsize=16_384)
def _is_noun(key: str) -> bool:
    """Whether a word ends like a common noun."""
    return _NOUN_ENDING.fullmatch(key) is not None or key.endswith(_ENDINGS)


@lru_cache(maxsize=16_384)
def _is_person_word(key: str) -> bool:
    """Whether a word describes a person or a car: `Lokalmatador`, `Werkspilot`."""
    return len(key) >= _SHORTEST and _PERSON.fullmatch(key) is not None


_ENDINGS = (
    "ung", "heit", "keit", "schaft", "tion", "zeit", "platz", "rang", "runde", "runden", "sekunden", "punkte", "punkten", "sieg", "rennen",
    "lauf", "training", "wertung", "klasse", "position", "reihe", "strafe", "schaden", "defekt", "wechsel", "phase", "fahrt", "podium",
    "podest", "stopp", "fuhrung", "erster", "zweiter", "dritter", "vierter", "funfter", "erste", "zweite", "dritte", "vierte", "funfte", "jahr", "sechster", "siebter", "achter", "neunter", "zehnter",
    "sechste", "siebte", "achte", "neunte", "zehnte", "wochenende", "marke",
)  # fmt: skip


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    lists = (
        "qualifying", "practice", "race", "sprint", "stage", "standings", "race_nouns", "winners", "leaders", "sister", "strangers_ordinary",
        "strangers_function", "weak_classes", "generic_team",
    )  # fmt: skip
    known = frozenset(word for name in lists for word in words(name))
    return known | frozenset(pairs("months")) | frozenset(pairs("days")) | frozenset(pairs("nations")) | {"marz"}


@lru_cache(maxsize=16)
def _own_words(sheet: FactSheet) -> frozenset[str]:
    """The words of the event itself: series, circuit, sessions, tables, classes."""
    texts = [sheet.series, sheet.event, sheet.circuit, *sheet.classes]
    texts += [session.name for session in sheet.sessions] + [table.name for table in sheet.tables]
    texts += [text for later in sheet.calendar for text in (later.name, later.circuit)]
    return frozenset(word for text in texts for word in fold_words(text))


def _names_in_english(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """A capital word is a name; at the start of a sentence only before a verb; behind `at` it is a place."""
    before = tokens[index - 1] if index > sentence.first else None
    after = tokens[index + 1] if index + 1 < sentence.last else None
    if before is None or before.text in '"“”„:':
        return after is not None and (after.key in words("strangers_verbs") or after.is_capital)
    return before.key not in {"at", "in", "near", "since", "during", "a", "an", "of", "the"} or (
        before.key == "of" and index > sentence.first + 1 and tokens[index - 2].key in {"ferrari", "car", "hands"}
    )


def _names_in_german(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """A noun without article, adjective, number or preposition before it; at the start of a sentence before a verb."""
    before = tokens[index - 1] if index > sentence.first else None
    after = tokens[index + 1] if index + 1 < sentence.last else None
    if before is None or before.text in '"“”„:':
        return after is not None and (after.key in words("strangers_verbs") or after.is_capital)
    if before.key == "fur" and index - 1 in (sentence.first, *sentence.clauses):
        return True  # `Für Quarlo war Schluss`
    if before.text[0].isdecimal() or cardinal(before.key) or before.key in words("strangers_before_noun"):
        return False
    if (before.text == "-" and before.glued) or before.key in {"bad", "sankt"}:
        return False  # the second half of a compound, or of a town
    if before.text[0].islower():
        return before.key in words("strangers_verbs") or not _is_like_an_adjective(before.key)
    return before.text[0].isupper() or before.text in ",;–—" or before.text == "."


def _is_like_an_adjective(key: str) -> bool:
    return key.endswith(("e", "er", "en", "em", "es")) and key not in words("strangers_linking")


# ------------------------------------------------------------------ descriptions


def describes_a_person(token: Token) -> bool:
    """`Klassenrivale`, `Teamkollege`, `driver`: a word for somebody."""
    return _PERSON.fullmatch(token.key) is not None


def _is_another_model(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`der zweite 963`, `the other 499P`: a car by the number of its model."""
    if not tokens[index].text[0].isdecimal() or index < sentence.first + 2:
        return False
    return tokens[index - 1].key in words("page_choosing") and tokens[index - 2].key in {
        "der",
        "die",
        "das",
        "den",
        "dem",
        "the",
    }


def _is_described(tokens: list[Token], index: int, sentence: Sentence, *, is_english: bool) -> bool:
    token = tokens[index]
    if not _is_person_word(token.key) or _is_object(tokens, index, sentence):
        return False
    if _is_counted(tokens, index, sentence) or _is_of_the_same(tokens, index, sentence):
        return False
    if is_english:
        near = tokens[max(index - 3, sentence.first) : index]
        return any(
            other.key == "the" or other.text.endswith(("'s", "’s")) for other in near
        )  # `Rast's former team-mate`
    return token.is_capital


def _is_counted(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`in einem Feld von 27 Autos`, `zwölf Konkurrenten`: a number of them, and nobody in particular."""
    before = [token.key for token in tokens[max(index - 2, sentence.first) : index]]
    return any(key.isdecimal() or (cardinal(key) or 0) > _A_FEW for key in before)


def _is_of_the_same(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`Sheldon van der Linde und seinen Kollegen`: those who sit in his car."""
    before = [token.key for token in tokens[max(index - 2, sentence.first) : index]]
    return len(before) > 1 and before[0] in {"und", "and", "mit", "with"} and before[1] in words("strangers_own")


def _is_object(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`auf die Klassensieger`, `behind the winner`: somebody else than the one spoken of."""
    for at in range(index - 1, max(index - 4, sentence.first) - 1, -1):
        if tokens[at].key in words("page_object_words") or tokens[at].key in {
            "mit",
            "with",
            "von",
            "bei",
            "im",
            "of",
            "nach",
            "after",
            "des",
            "zum",
            "als",
        }:
            return True
        if not tokens[at].text[0].islower():
            return False
    return False


def _is_apposition(tokens: list[Token], index: int, sentence: Sentence, starts: set[int], taken: set[int]) -> bool:
    """`Titelverteidiger Rast`, `Rast, der Titelverteidiger`, `Auer im Mercedes des Teams`: another word for a name beside it."""
    if _belongs(tokens, index, starts, taken) or index + 1 in starts:
        return True
    before = index - 1
    while before >= sentence.first and before > index - 4 and tokens[before].text[0].islower():
        before -= 1
    if tokens[before].text in ",(" and before - 1 in taken:
        return True
    return before in taken and tokens[before + 1].key in {
        "im",
        "in",
        "of",
        "mit",
        "aus",
        "vom",
        "von",
    }  # `Auer im besten Auto`


def _belongs(tokens: list[Token], index: int, starts: set[int], taken: set[int]) -> bool:
    """Part of a compound or of a bracket with a known name: `Quarlo-Pilot Rast`, `Rast (Kerpen)`."""
    at = index + 1
    while at < len(tokens) and at <= index + 3 and (tokens[at].text == "-" or (tokens[at - 1].text == "-")):
        at += 1
    if at in starts:
        return True
    before = tokens[index - 1] if index else None
    return before is not None and before.text in "(-'’" and index - 2 in taken


def between(found: list[int], first: int, last: int) -> bool:
    """Whether a stranger stands in first..last (exclusive)."""
    return any(first <= index < last for index in found)


def strangers_of(cut: Cut, named: list[Named], sheet: FactSheet) -> Iterator[list[int]]:
    for sentence, names in zip(cut.sentences, named, strict=True):
        yield find_strangers(cut, sentence, names, sheet)
