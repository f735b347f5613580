"""Lists whose words bind the names to one car: `gefahren von A und B`, `A und B schieden im Porsche aus`, driver and co-driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import Driver

if TYPE_CHECKING:
    from articles.factcheck.grammar.crews import Listed

_HOUSE = (Kind.TEAM, Kind.MAKE, Kind.MODEL)
_PAIR = 2
_NEAR = 4  # words


def is_bound(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """Whether the words around a list leave no doubt that it is the crew of one car."""
    return (
        _is_driven_by(page, sentence, listed)
        or _is_won_by(page, sentence, listed)
        or _sits_in_one(page, sentence, listed)
        or _is_with_co_driver(page, sentence, listed)
    )


def _is_driven_by(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """`gefahren von A und B`, `mit A und B am Steuer`, `shared by A and B`."""
    tokens = page.cut.tokens
    before = [token.key for token in tokens[max(listed.first - 2, sentence.first) : listed.first]]
    after = [token.key for token in tokens[listed.last : min(listed.last + 3, sentence.last)]]
    if (
        before[-1:] in (["von"], ["by"])
        and before[:1]
        and before[0] in words("mentions_driven") | words("joint_driven")
    ):
        return True
    return before[-1:] in (["mit"], ["with"]) and bool(set(after) & words("joint_wheel"))


def _is_won_by(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """`Der Sieg ging an A und B`, `The second hour belonged to A and B`: one win, one car."""
    tokens = page.cut.tokens
    before = [token.key for token in tokens[max(listed.first - 2, sentence.first) : listed.first]]
    first, _last = page.clause(sentence, listed.first)
    keys = {token.key for token in tokens[first : listed.first]}
    if before in (["ging", "an"], ["went", "to"], ["belonged", "to"], ["sieg", "von"], ["erfolg", "von"]):
        return not keys & (words("crews_severally") | {"platze", "siege", "wins"})
    if before[-1:] == ["durch"]:
        return bool(keys & {"platz", "rang", "sieg", "erfolg", "position"}) and not keys & words("crews_severally")
    return before[-1:] == ["an"] and "ging" in keys and bool(keys & {"sieg", "gesamtsieg", "klassensieg", "pole"})


def _sits_in_one(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """`A und B schieden im Porsche aus`, `A und B im Schwesterauto`: one seat for those of whom the clause speaks."""
    tokens = page.cut.tokens
    first, last = page.clause(sentence, listed.last - 1)
    keys = [token.key for token in tokens[listed.last : last]]
    if set(keys) & (words("crews_apart") | words("crews_severally")):
        return False
    if keys[:1] == ["im"] and len(keys) > 1 and keys[1] in words("sister") | words("crews_cars"):
        return True
    if listed.first != first or any(group.people for group in _behind(page, sentence, listed, last)):
        return False
    seats = [group for group in _behind(page, sentence, listed, last) if _is_seat(page, group)]
    return len(seats) == 1 or _has_vehicle(page, sentence, (listed.last, last))


def _has_vehicle(page: Page, sentence: Sentence, span: tuple[int, int]) -> bool:
    """`brachten das Auto ins Ziel`, `mussten den führenden LMP3 abstellen`: a car without a name."""
    tokens = page.cut.tokens
    classes = {part.first for part in page.named[sentence.number].mentions if part.kind is Kind.CLASS}
    return any(
        (tokens[at].key in words("joint_vehicles") or at in classes)
        and bool(
            {token.key for token in tokens[max(at - 2, span[0]) : at]}
            & {"den", "das", "ihren", "ihr", "ihrem", "their"}
        )
        for at in range(*span)
    )


def _behind(page: Page, sentence: Sentence, listed: Listed, last: int) -> list[Group]:
    return [group for group in page.groups(sentence) if listed.last <= group.first < last]


def _is_seat(page: Page, group: Group) -> bool:
    """`im Porsche`, `ihren Audi`, `den führenden Ligier`: one car, and not one that they passed or hit."""
    if group.is_plural or not any(part.kind in _HOUSE for part in group.parts):
        return False
    before = [token.key for token in page.cut.tokens[max(group.first - 2, 0) : group.first]]
    return before[-1:] == ["im"] or bool(set(before) & {"ihren", "ihrem", "ihr", "their"})


def _is_with_co_driver(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """In a rally a driver and somebody else's co-driver in one breath: nobody lists these two but as a crew."""
    if len(listed.names) != _PAIR or not is_rally(page):
        return False
    parts = [part for part in page.named[sentence.number].mentions if listed.first <= part.first < listed.last]
    seats = [seat_of(page, driver) for part in parts if len(part.people) == 1 for driver in part.people]
    return seats == [1, 2]


def is_rally(page: Page) -> bool:
    return any(session.kind == "rally" for session in page.sheet.sessions)


def seat_of(page: Page, driver: Driver) -> int:
    """1 for who drives, 2 for who reads the notes; 0 where the cars differ or carry another number of people."""
    cars = [page.sheet.cars[number] for number in page.sheet.people.get(driver, ())]
    if len(cars) != 1 or len(cars[0].drivers) != _PAIR:
        return 0
    return 1 if cars[0].drivers[0] == driver else 2
