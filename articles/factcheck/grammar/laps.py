"""Laps in prose: how many a car completed, how many it is behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from articles.factcheck.claim import NOBODY, Claim, ClaimType, Scene
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence, Token, fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS

_COUNTED = re.compile(
    r"\b(?P<n>\d{1,4}|an?(?=\s(?:\w{4,6}\s)?lap)|"
    + NUMBER_WORD
    + r")[\s\u00a0-](?:(?:ganze|volle|einzige|einzigen|komplette|weitere|full|single|clear|whole|more)\s)?"
    r"(?P<u>Runden?|Rennrunden|Umläufen?|Umlauf|Umgängen?|Rdn?\b\.?|laps?|tours|circuits)(?![\w])(?!-(?!car))",
    re.IGNORECASE,
)
_LAPPED = re.compile(
    r"\b(?P<n>einmal|zweimal|dreimal|viermal|einfach|zweifach|dreifach)\süberrundet\w{0,2}\b|\b(?:was|were|been|finished)\slapped(?:\s(?P<en>once|twice))?\b|"
    r"\büberrundet\s(?:wurden?|werden|worden)\b|\bwurden?\süberrundet\b"
)
_SAME = re.compile(r"\brundengleich\w{0,2}\b|\b(?:in|auf) der(?:selben| gleichen) Runde\b|\bon the (?:same|lead) lap\b")
_NONE = re.compile(
    r"\bkeine\s(?:einzige\s)?(?:ganze\s|volle\s)?Runde\s\w{3,12}|\b(?:without|failed\sto|did\snot|didn't|never|neither)\s(?:complet\w{1,3})\s(?:even\s)?a\s(?:single\s)?lap\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"(?:\b(?P<o>\d{1,3}\.|[A-Za-zäöüß]{4,20}+)\s(?P<u>Runde|Umlauf|lap)|\b(?:lap|Runde)\s(?P<n>\d{1,3}|[a-z-]{3,14}))(?![\w-])",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    r"\((?P<span>[-+−]?\s?(?P<n>\d{1,3}|"
    + NUMBER_WORD
    + r")\s(?:Runden?|laps?|Rd\.?))(?:\s(?:zurück|Rückstand|down|behind))?\)"
)
_UNITS = ("runden", "runde", "umlaufe", "umlaufen", "umlauf", "laps", "lap", "tours", "circuits")
_UNIT_WORDS = frozenset(_UNITS)
_OTHER_UNITS = (
    "punkt",
    "zahler",
    "point",
    "sekunde",
    "second",
    "minute",
    "zehntel",
    "hundertstel",
    "tausendstel",
    "tenth",
)
_TIMES = {
    "einmal": 1, "einfach": 1, "once": 1, "zweimal": 2, "zweifach": 2, "twice": 2, "dreimal": 3, "dreifach": 3, "viermal": 4,
}  # fmt: skip
_MORE = {
    "mehr": "lead",
    "weniger": "behind",
    "more": "lead",
    "fewer": "behind",
    "less": "behind",
    "dahinter": "behind",
    "hinter": "behind",
    "zuruck": "behind",
    "down": "behind",
}
_BEHIND = words("laps_behind")
_ENDS = frozenset({".", ",", ";", "und", "and", ")"})
_MANY = 20  # laps that nobody is behind who is told of
_NO_RESULT = words("laps_no_result")
_FEWER = frozenset({"weniger", "mehr", "fewer", "less", "more"})
_RANKS = frozenset({"rang", "platz", "position", "startplatz", "gesamtrang", "stelle"})
_TO_GO = frozenset({"schluss", "ende", "rennende", "ziel"})
_TO = words("laps_to")
_NEEDED = frozenset({"brauchte", "brauchten", "benotigte", "benotigten", "needed"})
_RETIRED = words("laps_retired")
_RESULT = words("laps_result") | (_RETIRED - {"out", "aus", "early", "dreher", "vorbei"}) | {"vorbei"}  # fmt: skip
_NOT_DONE = words("laps_not_done")


def find(page: Page) -> Iterator[Claim]:
    """Laps completed and laps behind."""
    yield from _counted(page)
    yield from _elided(page)
    yield from _in_a_word(page)
    for match in page.matches(_IN_BRACKETS, "rund", "rd", "lap"):
        claim = _in_brackets(page, match)
        if claim:
            yield claim
    for match in page.matches(_ORDERED, "rund", "umlauf", "lap"):
        claim = _in_lap(page, match)
        if claim:
            yield claim


def _in_a_word(page: Page) -> Iterator[Claim]:
    """`zweimal überrundet`, `rundengleich`, `keine einzige Runde schaffte`."""
    for match in page.matches(_LAPPED, "rundet", "lapped"):
        number = _TIMES.get(match["n"] or match["en"] or "once")
        if number and not {"nicht", "nie", "not", "never"} & set(page.words_before(match.start(), 2)):
            yield _told(page, match, ClaimType.GAP_LAPS, number, "behind")
    for match in page.matches(_SAME, "rund", "lap"):
        yield _told(page, match, ClaimType.GAP_LAPS, 0, "even")
    for match in page.matches(_NONE, "rund", "lap"):
        yield _told(page, match, ClaimType.LAPS_COMPLETED, 0, "none")


def _told(page: Page, match: re.Match[str], kind: ClaimType, number: int, hint: str) -> Claim:
    scene = _scene(page, match.start())
    return page.claim(kind, match.start(), match.end(), number, scene=scene, hint=hint)


def _scene(page: Page, start: int) -> Scene:
    """Where laps were driven: in the one race of a sheet, whatever else its sentence speaks of."""
    scene = page.scene(start, RACE_KINDS)
    races = [session for session in page.sheet.run if session.is_race]
    return scene if scene.sessions or len(races) != 1 else replace(scene, sessions=tuple(races), level=0)


def _counted(page: Page) -> Iterator[Claim]:
    """`nach 198 Runden`, `one lap down`."""
    for match in page.matches(_COUNTED, "rund", "umlauf", "umgang", "rd", "lap", "tour", "circuit"):
        number = 1 if match["n"].lower() in {"a", "an"} else cardinal(fold_word(match["n"]))
        if number is None:
            continue
        before, after = page.words_before(match.start(), 7), page.words_after(match.end(), 5)
        is_lap_time = after[:1] == ["of"] and len(after) > 1 and after[1][:1].isdecimal()  # `a lap of 1m19.432s`
        is_needed = bool(_NEEDED & set(before[-1:]) and {"um", "to"} & set(after[:2]))  # `brauchte 17 Runden, um`
        if is_needed or (before and before[-1] in _NOT_DONE) or _are_to_go(after) or is_lap_time:
            continue
        if _is_behind(before[-5:], after, number) or _is_lost(page, match.start(), before, after):
            yield _behind(page, match.span(), number, after)
        elif match["u"].lower() not in {"runde", "lap"} or number > 1:
            hint = _hint(page, match.start(), before)
            yield page.claim(
                ClaimType.LAPS_COMPLETED,
                match.start(),
                match.end(),
                number,
                scene=_scene(page, match.start()),
                hint=hint,
            )


def _are_to_go(after: list[str]) -> bool:
    """`acht Runden vor Schluss`, `ten laps to go`."""
    if after[:1] == ["vor"]:
        return bool(_TO_GO & set(after[1:3]))
    return after[:2] == ["to", "go"] or after[:1] in (["remaining"], ["left"])


def _hint(page: Page, start: int, before: list[str]) -> str:
    """`result` where the laps are those of a result or of a retirement, not of a stint or a safety car."""
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    first, last = page.clause(sentence, token)
    keys = page.keys_of((first, last))
    after = page.cut.tokens[token + 2 : token + 4]
    if keys & words("laps_distance") or any(other.key in {"lange", "langen"} for other in after):
        return "distance"
    if keys & _NO_RESULT or before[-1:] in (["jeweils"], ["je"], ["each"]):
        return ""  # on the way, or of several
    if before[-1:] in (["after"], ["nach"]) and keys & _RETIRED:
        return "out"  # `was out after nine laps`
    if (after and after[0].key in words("laps_driven")) or _is_own(before, keys):
        return "own"  # `die 93 Umläufe schafften`
    is_whole = before[-1:] in (["all"], ["alle"])
    return "result" if is_whole or (keys & _RESULT and before[-1:] != ["lang"]) else ""


def _is_own(before: list[str], keys: frozenset[str]) -> bool:
    """`kam auf 166 Runden`, `schaffte nur 158`, `came home with 29 laps`: what a car did, and not how long a race was."""
    if not before or before[-2:] in (["kam", "auf"], ["kamen", "auf"]):
        return bool(before)
    if before[-1] in {"mit", "with"}:
        return True
    return bool(keys & words("laps_driven")) and before[-1] not in words("laps_of_all")


def _is_behind(before: list[str], after: list[str], number: int) -> bool:
    following = set(after[:2]) - ({"mehr", "weniger"} - set(after[:1]))
    if set(before[-2:]) & {"dropped", "shed", "conceded"} or after[:2] == ["in", "hand"]:
        return True
    if ({"legte", "legten"} & set(before) and "zuruck" in following) or after[:2] == ["hinter", "sich"]:
        return False  # `legten 281 Runden zurück`, `hatte neun Umläufe hinter sich`
    is_held = {"mit", "with"} & set(before[-2:]) and {"ruckstand", "vorsprung"} & following
    if is_held or "verlor" in before or "verloren" in after[:4]:
        return True
    if before[-1:] in (["um"], ["by"]):
        return True
    if (
        before
        and before[-1]
        in {
            "nach",
            "after",
            "uber",
            "in",
            "der",
            "mit" if number > _MANY else "nach",
            "all",
            "over",
            "completed",
            "the",
        }
        and number > 1
    ):
        return bool({"ruckstand", "abstand", "vorsprung", "behind", "down"} & following)
    is_clear = after[:3] in (["to", "the", "good"], ["in", "front", "of"])
    return is_clear or bool(_BEHIND & (following | set(before[-3:])))


def _is_lost(page: Page, start: int, before: list[str], after: list[str]) -> bool:
    """`ein Polster von vier Umläufen`, `büßte bei einem Wechsel drei Runden ein`, `verlor nach einer Strafe aber eine Runde`."""
    if before[-1:] in (["von"], ["of"]) and words("gap_nouns") & set(before[-5:]):
        return True
    if before[-1:] in (["nach"], ["after"], ["in"], ["uber"], ["all"], ["alle"], ["over"]) or {"zuruck", "lang"} & set(
        after[:1]
    ):
        return False
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = page.keys_of((first, last))
    if after[:1] == ["bis"]:
        return False  # `fehlten noch drei Runden bis ins Ziel`
    return bool(keys & words("laps_lost")) or ("ein" in keys and bool(keys & {"busste", "bussten"}))


def _is_cost(page: Page, start: int) -> bool:
    """`kostete ihn zwei Runden`, `cost him the best part of 30 circuits`: not all that he lost in the end."""
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    return any(token.key in {"kostete", "kosteten", "cost", "costing"} for token in page.cut.tokens[first:last])


def _behind(page: Page, span: tuple[int, int], number: int, after: list[str], hint: str = "") -> Claim:
    start, end = span
    rival = NOBODY
    pair = page.pair_before(start) if page.words_before(start, 1) in (["um"], ["by"]) else None
    if pair:
        return page.claim(
            ClaimType.GAP_LAPS,
            start,
            end,
            number,
            subject=pair[0],
            rival=pair[1],
            hint="lead",
            scene=_scene(page, start),
        )
    skipped = 3 if after[:3] == ["to", "the", "good"] else 0
    for step, word in enumerate(after[: 3 + skipped]):
        if word in _TO and step >= skipped:
            position = end
            for _skip in range(step + 1):
                index = page.cut.token_at(position)
                index += page.cut.tokens[index].start < position
                position = page.cut.tokens[index].end
            group = page.group_at(position)
            is_named = group is not None and (not group.is_winner or bool(group.people))
            rival = page.as_subject(group, 2) if group and is_named else NOBODY  # the winners, overall or of the class
            break
    lead = bool({"vorsprung", "ahead", "clear", "vor", "mehr", "front", "hand"} & set(after[:2]))
    lead |= bool({"vorsprung", "polster", "puffer", "lead", "cushion"} & set(page.words_before(start, 5)))
    is_counted = bool(after) and any(
        word in _TO and words("laps_leaders") & set(after[at + 1 : at + 4]) for at, word in enumerate(after[:3])
    )
    is_passing = after[:1] in (["spater"], ["later"]) or _is_cost(page, start)
    usual = _leader_meant(after) if is_counted and not rival.cars else "behind"
    hint = hint or ("later" if is_passing else "lead" if lead else usual)
    return page.claim(
        ClaimType.GAP_LAPS, start, end, number, scene=_scene(page, start), rival=rival, hint=hint,
        subject=page.subject(start, end, but=rival.cars),
    )  # fmt: skip


def _leader_meant(after: list[str]) -> str:
    """`sechs Runden Rückstand auf die Klassensieger`, `four laps down on the overall winner`: of which winner it is one."""
    if any(word.startswith(("klassensieger", "klassenbest")) or word == "class" for word in after[:5]):
        return "class leader"
    return (
        "overall leader"
        if any(word == "overall" or word.startswith("gesamtsieger") for word in after[:5])
        else "leader"
    )


def _elided(page: Page) -> Iterator[Claim]:
    """`119 Runden standen zu Buche, zwei weniger als …`, `kam auf deren 362`: the noun was said before in the sentence."""
    tokens = page.cut.tokens
    for sentence, keys in zip(page.cut.sentences, page.cut.keys, strict=True):
        if not any(cardinal(key) is not None for key in keys):
            continue
        for index, number, unit in _numbers(tokens, sentence):
            is_out = _is_last(tokens, index, sentence)
            if not (is_out or _speaks_of_laps(page, sentence, unit, index)):
                continue
            before = tokens[index - 1].key if index > sentence.first else ""
            start, end = tokens[index].start, tokens[index + 1].end
            hint = _MORE.get(tokens[index + 1].key)
            if hint and tokens[index + 1].key in _FEWER and not any(group.cars for group in page.groups(sentence)):
                continue  # `das Samstagsrennen hatte neun Runden, das am Sonntag eine weniger`
            if hint and tokens[index].text != "0":
                claim = _behind(page, (start, end), number, page.words_after(tokens[index].end, 5), hint)
                # what is counted from may be said long before
                yield replace(claim, subject=replace(claim.subject, level=min(claim.subject.level, 1)))
            elif number > 1 and (
                before in {"deren", "derer"} or _is_come_to(tokens, index) or _is_last(tokens, index, sentence)
            ):
                yield page.claim(
                    ClaimType.LAPS_COMPLETED, start, tokens[index].end, number, scene=_scene(page, start), hint="result"
                )


def _is_come_to(tokens: list[Token], index: int) -> bool:
    """`der Porsche kam auf 164.`, `die Hubers schafften 532`: laps were spoken of before."""
    if index < 2 or tokens[index + 1].text not in _ENDS or not tokens[index].text.isdecimal():  # noqa: PLR2004
        return False
    before = tokens[index - 1].key
    return before in words("laps_driven") or (before == "auf" and tokens[index - 2].key in {"kam", "kamen"})


def _numbers(tokens: list[Token], sentence: Sentence) -> Iterator[tuple[int, int, int]]:
    """Where a number stands that something follows, the number, and where a lap was said last before it (-1: nowhere)."""
    unit = -1
    for index in range(sentence.first, sentence.last - 1):
        key = tokens[index].key
        unit = index if key in _UNIT_WORDS else unit
        number = cardinal(key)
        if number is not None and tokens[index - 1].key not in _RANKS:  # `fiel auf Rang sieben zurück`
            yield index, number, unit


def _is_last(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`was out with engine failure after 91.`: the end of a race that is told, and nothing else is counted."""
    before = tokens[index - 1].key if index > sentence.first else ""
    if before in {"after", "nach"} and tokens[index + 1].key in words("laps_gone") - {"out", "aus"}:
        return True  # `hatte schon nach acht aufgegeben`
    if before not in {"after", "nach"} or tokens[index + 1].text[0].isalnum() or tokens[index + 1].text in "-–%:":
        return False
    if tokens[index + 1].glued and index + 2 < sentence.last and tokens[index + 2].glued:
        return False  # `nach 14,2 Sekunden`
    return any(token.key in words("laps_gone") for token in tokens[max(index - 10, sentence.first) : index])


def _speaks_of_laps(page: Page, sentence: Sentence, unit: int, index: int) -> bool:
    """Whether the unit that was said last before a token is a lap."""
    tokens = page.cut.tokens
    if unit >= 0:
        return not any(token.key.startswith(_OTHER_UNITS) for token in tokens[unit + 1 : index])
    former = page.cut.sentences[sentence.number - 1] if sentence.number else sentence
    if former.paragraph != sentence.paragraph or former is sentence:
        return False
    said = [token.key for token in tokens[former.first : former.last] if token.key.startswith((*_OTHER_UNITS, *_UNITS))]
    own = [token.key for token in tokens[sentence.first : index] if token.key.startswith(_OTHER_UNITS)]
    return bool(said) and said[-1] in _UNITS and not own


def _in_brackets(page: Page, match: re.Match[str]) -> Claim | None:
    """`Zarco (eine Runde)`: how far the name beside the bracket is behind."""
    token = page.cut.token_at(match.start())
    group = next((one for one in page.groups(page.sentence_at(match.start())) if one.last == token), None)
    number = cardinal(fold_word(match["n"]))
    if group is None or number is None:
        return None
    start, end = match.span("span")
    return page.claim(
        ClaimType.GAP_LAPS,
        start,
        end,
        number,
        scene=_scene(page, start),
        hint="behind",
        subject=page.as_subject(group, 2),
    )


def _in_lap(page: Page, match: re.Match[str]) -> Claim | None:
    """The lap in which somebody retired: `in der 22. Runde … schied aus`."""
    printed = match["o"] or match["n"]
    word = fold_word(printed.rstrip("."))
    number = cardinal(word) if printed[0].isdecimal() or match["n"] else ordinal(word)
    sentence = page.sentence_at(match.start())
    keys = page.cut.keys[sentence.number]
    if not number:
        return None
    subject = page.subject(match.start(), match.end())
    hint = "retired" if keys & _RETIRED else "lap"
    return page.claim(
        ClaimType.LAPS_COMPLETED,
        match.start(),
        match.end(),
        number,
        scene=_scene(page, match.start()),
        subject=subject,
        hint=hint,
    )
