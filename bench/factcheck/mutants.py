"""Mutants: true claims of the cases made false by one change, to see how many the engine finds."""

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.scoring import overlaps
from results.names import fold

_CARDINALS = ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
_EN_CARDINALS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_STEMS = ["erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwölft"]
_EN_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_DIGITS = re.compile(r"\d")
_PER_CLAIM = 18
_NUMERIC = frozenset(
    [
        "lap_time",
        "gap_time",
        "gap_laps",
        "position",
        "class_position",
        "grid_position",
        "points",
        "points_gap",
        "laps_completed",
        "session_time",
    ]
)


@dataclass
class MutantScore:
    """Mutants per type and kind of change; alarms far from the change count as false."""

    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false_alarms: int = 0
    survivors: list[str] = field(default_factory=list)
    true_claims: int = 0

    def summary(self) -> str:
        made, found = sum(self.made.values()), sum(self.found.values())
        return (
            f"{made} mutants, {found} found ({100 * found / max(made, 1):.1f} %), false alarms {self.false_alarms} on "
            f"{self.true_claims} true claims ({100 * self.false_alarms / max(self.true_claims, 1):.3f} %)"
        )

    def table(self) -> str:
        return "\n".join(
            f"{kind:28}{self.made[kind]:8}{self.found[kind]:8}{100 * self.found[kind] / self.made[kind]:8.1f} %"
            for kind in sorted(self.made)
        )


def mutate_case(case: dict[str, Any], score: MutantScore) -> None:
    sheet = FactSheet.from_records(case["data"])
    body = case["body"]
    noise = {
        (finding.claim.text, finding.claim.type)
        for finding in check_text(body, sheet)
        if finding.verdict.judgement == "contradicted"
    }
    confirmed = [gold for gold in case["claims"] if gold["verdict"] == "confirmed"]
    for gold in confirmed:
        start, end = gold["start"], gold["start"] + len(gold["text"])
        for change, text in _variants(gold, case, sheet):
            kind = f"{gold['type']}: {change}"
            score.made[kind] += 1
            score.true_claims += len(confirmed) - 1
            findings = check_text(body[:start] + text + body[end:], sheet)
            alarms = [finding for finding in findings if finding.verdict.judgement == "contradicted"]
            stop = start + len(text)
            if any(overlaps(finding, start, stop, gold["type"]) for finding in alarms):
                score.found[kind] += 1
            else:
                score.survivors.append(f"{case['id']} {kind} «{gold['text']}» -> «{text}»")
            score.false_alarms += sum(_is_far(finding.claim, start, stop, body, noise) for finding in alarms)


def _is_far(claim: Any, start: int, stop: int, body: str, noise: set[Any]) -> bool:
    """An alarm outside the sentence that was changed, unless the case had it before."""
    if (claim.text, claim.type) in noise:
        return False
    begin = body.rfind("\n", 0, start) + 1
    return not begin <= claim.start < stop + 250


def _variants(gold: dict[str, Any], case: dict[str, Any], sheet: FactSheet) -> Iterator[tuple[str, str]]:
    random_ = random.Random(f"{case['id']}{gold['start']}")
    text = gold["text"]
    found: dict[str, str] = {}
    if gold["type"] in _NUMERIC or gold["type"] == "count":
        found |= dict.fromkeys(_figures(text, gold, random_), "figure")
        found |= dict.fromkeys(_words(text, gold, random_), "word")
    if gold["type"] == "car_number":
        found |= {re.sub(r"\d+", other, text): "number" for other in _other_numbers(text, sheet, random_)}
    if gold["type"] == "crew":
        found |= dict.fromkeys(_other_names(text, gold, sheet, random_), "name")
    if gold["type"] == "date":
        found |= dict.fromkeys(_figures(text, gold, random_), "figure")
    if gold.get("class"):
        found |= dict.fromkeys(_other_classes(text, sheet), "class")
    found.pop(text, None)
    chosen = sorted(found)
    random_.shuffle(chosen)
    for variant in chosen[:_PER_CLAIM]:
        yield found[variant], variant


def _figures(text: str, gold: dict[str, Any], random_: random.Random) -> Iterator[str]:
    places = [match.start() for match in _DIGITS.finditer(text)]
    if gold.get("op"):
        places = places[:1]
    for place in places:
        for _try in range(4):
            digit = random_.choice("123456789")
            if digit != text[place] and not (gold.get("op") and abs(int(digit) - int(text[place])) < 4):
                yield text[:place] + digit + text[place + 1 :]
    for one, other in itertools.pairwise(places):
        if text[one] != text[other] and not gold.get("op"):
            signs = list(text)
            signs[one], signs[other] = signs[other], signs[one]
            yield "".join(signs)


def _words(text: str, gold: dict[str, Any], random_: random.Random) -> Iterator[str]:
    for match in re.finditer(r"\w+", text):
        for other in _other_words(match[0], random_):
            if gold.get("op") and abs(_rank(other) - _rank(match[0])) < 4:
                continue
            yield text[: match.start()] + other + text[match.end() :]


def _rank(word: str) -> int:
    low = word.lower()
    for words in (_CARDINALS, _EN_CARDINALS, _EN_ORDINALS):
        if low in words:
            return words.index(low)
    return 99


def _other_words(word: str, random_: random.Random) -> list[str]:
    low = word.lower()
    for words in (_CARDINALS, _EN_CARDINALS, _EN_ORDINALS):
        if low in words:
            return random_.sample([other for other in words if other != low], 3)
    stem = next(
        (stem for stem in sorted(_STEMS, key=len, reverse=True) if re.fullmatch(stem + "(e|er|en|em|es)", low)), None
    )
    if stem is None:
        return []
    others = [low.replace(stem, other, 1) for other in _STEMS if other not in (stem, "erst")]
    return [other.capitalize() if word[0].isupper() else other for other in random_.sample(others, 3)]


def _other_numbers(text: str, sheet: FactSheet, random_: random.Random) -> list[str]:
    printed = re.search(r"\d+", text)
    others = [number for number in sheet.cars if printed and number != printed[0]]
    return random_.sample(others, min(3, len(others)))


def _other_names(text: str, gold: dict[str, Any], sheet: FactSheet, random_: random.Random) -> Iterator[str]:
    own = fold(" ".join(gold["value"]))
    crew = next(
        (car for car in sheet.cars.values() if sum(fold(one.last) in own for one in car.drivers) >= len(gold["value"])),
        None,
    )
    inside = {fold(one.last) for one in crew.drivers} if crew else set()
    strangers = [
        one
        for car in sheet.cars.values()
        for one in car.drivers
        if fold(one.last) not in own and fold(one.last) not in inside
    ]
    for name in gold["value"]:
        if name in text and strangers:
            other = random_.choice(strangers)
            yield text.replace(name, other.last if " " not in name else other.name, 1)


def _other_classes(text: str, sheet: FactSheet) -> Iterator[str]:
    for name in sheet.classes:
        if name in text:
            for other in sheet.classes:
                if other != name:
                    yield text.replace(name, other, 1)
