"""Whether the words beside a place say that it is one on the grid."""

from __future__ import annotations

from articles.factcheck.grammar.asides import is_finite
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.words import words

_GRID_FROM = words("places_grid_from")
_STARTS = words("places_starts")


def is_grid(noun: str, before: list[str], after: list[str]) -> bool:
    """Whether the words beside a place, those behind it up to the next comma, say that it is one on the grid."""
    if _says_start(noun, before, after):
        return True
    if {"championship", "standings"} & set(after[:4]):
        return False
    if _GRID_FROM & set(before[-2:]) and _STARTS & {*before, *after}:
        return True
    is_gone = words("places_gone_off") & set(after[:2]) or {"lined", "rolled"} & set(before[-2:])
    if before[-1:] in (["als"], ["up"], ["off"]) and is_gone:
        return True
    is_into_race = before[-2:-1] in (["ging"], ["gingen"]) and "rennen" in after[:5]
    if before[-1:] == ["als"] and ({"startete", "starteten", "startet"} & set(before) or is_into_race):
        return True  # `startete als Zweite der GT3`, `startete den Hauptlauf als Fünfter`
    into = after[1] if before[-1:] == ["als"] and after[:1] == ["ins"] and after[1:2] else ""
    starts = {"start", "started", "starting", "starts", "startet", "startete"}
    return (
        into.endswith(("rennen", "race", "finale")) or bool(starts & set(before[-1:])) or before[-3:-2] == ["started"]
    )


def _says_start(noun: str, before: list[str], after: list[str]) -> bool:
    if before[-2:] == ["beim", "start"]:
        return True  # `beim Start Fünfter`
    if noun.startswith("start") or after[:2] == ["am", "start"] or after[:3] == ["at", "the", "start"]:
        return True
    if noun and after[:1] == ["gestanden"]:
        return True
    return bool(words("places_at_the_start") & set(after[:5])) and after[:1] != ["from"]


def is_start_again(page: Page, start: int, before: list[str]) -> bool:
    """`Michelle startete als Vierte, Mike als Achter`: the verb of the clause before holds on."""
    if not {"als", "von"} & set(before[-1:]):
        return False
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    if first == sentence.first or any(is_finite(token) for token in page.cut.tokens[first:last]):
        return False
    former = page.clause(sentence, first - 1)
    return bool(page.keys_of(former) & {"startete", "starteten", "startet", "started"})


def says_begin(page: Page, start: int) -> bool:
    """`nimmt das Rennen vom neunten Rang auf`: the clause speaks of a start; `rückte von Rang fünf vor` does not."""
    first, last = page.clause(page.sentence_at(start), page.cut.token_at(start))
    return any(token.key in words("bare_starts") for token in page.cut.tokens[first:last])
