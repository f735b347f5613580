"""Where the engine doubts that a name is whom the words speak of: somebody the sheet does not hold may be meant instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.strangers import between
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words

if TYPE_CHECKING:
    from articles.factcheck.grammar.roles import Roles

_STEERED = 3  # words: article, description, verb
_RELATIVE_REACH = 4  # words


def is_doubtful(page: Roles, sentence: Sentence, clause: tuple[int, int], group: Group, first: int) -> bool:
    """Whether somebody the sheet does not hold stands where he may be the one who is meant."""
    if (
        _is_vague(page, group)
        or _is_another_pilot(page, sentence, group)
        or _is_driven_by_another(page, sentence, group)
        or _is_steered_by_nobody(page, clause, group)
    ):
        return True
    strangers = page.strangers[sentence.number]
    if not strangers:
        return False
    if group.last <= clause[0] and between(strangers, group.last, clause[1]):
        return True
    if group.last <= first:
        before = group.first - 1
        is_listed = before > sentence.first and page.cut.tokens[before].key in {"und", "and", "/", "&", "sowie"}
        return (
            between(strangers, group.last, first)
            or (page.is_object(group) and between(strangers, clause[0], group.first))
            or (is_listed and between(strangers, before - 2, before))
        )
    return between(strangers, clause[0], group.first)


def _is_vague(page: Roles, group: Group) -> bool:
    """`the other Audi`, `der Joos-Porsche`: a make alone, and words that say it is not just any car of the make."""
    if any(part.kind not in (Kind.MAKE, Kind.MODEL) for part in group.parts):
        return False
    before = page.cut.tokens[max(group.first - 2, 0) : group.first]
    if not before:
        return False
    is_compound = len(before) > 1 and before[1].text == "-" and before[0].is_capital
    return is_compound or bool({token.key for token in before} & words("page_choosing"))


def _is_another_pilot(page: Roles, sentence: Sentence, group: Group) -> bool:
    """`Der Red-Bull-Pilot siegte` behind a sentence about somebody the sheet does not hold."""
    if group.people or group.numbers or not sentence.number:
        return False
    behind = {token.key for token in page.cut.tokens[group.last : group.last + 2]}
    return bool(behind & words("page_pilots") and page.strangers[sentence.number - 1])


def _is_steered_by_nobody(page: Roles, clause: tuple[int, int], group: Group) -> bool:
    """`Der Trierer steuerte den Ligier von Inter Europol …`: whoever steers is only described, and his car may be told wrongly."""
    if group.people or group.numbers:
        return False
    before = page.cut.tokens[clause[0] : group.first]
    if not before or before[0].key not in {"der", "die", "the"} or len(before) < _STEERED:
        return False
    return before[1].is_capital and any(token.key in words("seats_drove") for token in before[2:])


def _is_driven_by_another(page: Roles, sentence: Sentence, group: Group) -> bool:
    """`dem Porsche mit der Startnummer 6, den Andlauer an die Spitze brachte`, and Andlauer drives another car."""
    tokens = page.cut.tokens
    if group.people or group.last + 1 >= sentence.last or tokens[group.last].text != ",":
        return False
    if tokens[group.last + 1].key not in words("page_relative") | {"in", "mit"}:
        return False
    behind = [
        other for other in page.groups(sentence) if 0 < other.first - group.last <= _RELATIVE_REACH and other.people
    ]
    return bool(behind) and not behind[0].cars & group.cars
