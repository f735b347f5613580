"""What a text proposes for the boxes beside it: the cars it names, by class, the sessions it tells of, and doubts. Pure.

A car counts as named where the words name it: by number, by somebody who drives it, by a team or make that has no other
car here. What only lets it understand (`das Schwesterauto`, `der Neuseeländer`) names nobody. A name that several cars
share is a doubt, and none of them is proposed for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from articles.factcheck.claim import Claim, ClaimType, Context
from articles.factcheck.claims import claims_of
from articles.factcheck.grammar.mentions import Group, Mention
from articles.factcheck.grammar.page import Page, read_page
from articles.factcheck.relevance import speaks_of
from articles.factcheck.sheet import Car, Driver, FactSheet, Session

# Claims about what happened in a session; points, days and hours tell of none.
_OF_A_SESSION = frozenset(
    {
        ClaimType.LAP_TIME, ClaimType.GAP_TIME, ClaimType.GAP_LAPS, ClaimType.POSITION, ClaimType.CLASS_POSITION,
        ClaimType.LAPS_COMPLETED, ClaimType.STATUS, ClaimType.COUNT,
    }
)  # fmt: skip
_PROOF = 3  # a lap time of exactly one session counts as much as three words that may mean it
_MOST_OF_A_HOUSE = 3  # a team or make with more cars is spoken of as a house
_NEARLY = 0.75
_MOST_PLACES = 3
_LONGEST_NUMBER = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is named: code points of the text, the paragraph counted from one."""

    start: int
    end: int
    words: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class NamedCar:
    """A car the text names, and where. `is_aside`: only in direct speech, in what might be or in what once was."""

    car: Car
    places: tuple[Place, ...]
    is_aside: bool

    @property
    def first_places(self) -> tuple[Place, ...]:
        return self.places[:_MOST_PLACES]


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """The named cars of a class in the order in which the text names them; an empty name where there are no classes."""

    name: str
    cars: tuple[NamedCar, ...]


class DoubtKind(StrEnum):
    """Why words name no car for certain."""

    SHARED = "shared"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words that name no car for certain, and the cars they may mean."""

    kind: DoubtKind
    place: Place
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldSession:
    """A session with results, and how much of the text tells of it."""

    session: Session
    count: int
    place: Place | None
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class SidebarProposal:
    """What the boxes beside a text could show. `sessions`: those with results, the most told first."""

    groups: tuple[ClassGroup, ...]
    sessions: tuple[ToldSession, ...]
    doubts: tuple[Doubt, ...]
    people: tuple[tuple[Driver, Place], ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """All proposed cars, class by class."""
        return tuple(named.car.number for group in self.groups for named in group.cars)


def propose(text: str, sheet: FactSheet) -> SidebarProposal:
    """What a text proposes beside the facts of its event; nothing where it is about something else. Linear in the text."""
    if not speaks_of(text, sheet):
        return SidebarProposal((), (), (), ())
    page = read_page(text, sheet)
    named, doubts = _read(page)
    return SidebarProposal(
        groups=tuple(_by_class(named.values())),
        sessions=tuple(_sessions(page, claims_of(page))),
        doubts=tuple(doubts),
        people=tuple(_people(page)),
    )


# ------------------------------------------------------------------ cars


@dataclass(frozen=True, slots=True)
class _Meant:
    """Words and the cars they leave possible."""

    place: Place
    cars: frozenset[str]
    is_plain: bool
    is_conflict: bool = False
    is_house: bool = False


def _read(page: Page) -> tuple[dict[str, NamedCar], list[Doubt]]:
    """The named cars in the order of their first mention, and what stays doubtful beside them."""
    found: dict[str, list[_Meant]] = {}
    open_: list[_Meant] = []
    for meant in _all_meant(page):
        if len(meant.cars) == 1 and not meant.is_conflict:
            found.setdefault(next(iter(meant.cars)), []).append(meant)
        else:
            open_.append(meant)
    named = {
        number: NamedCar(
            page.sheet.cars[number],
            tuple(one.place for one in places),
            is_aside=not any(one.is_plain for one in places),
        )
        for number, places in found.items()
    }
    return named, list(_doubts(open_, named.keys())) if page.sheet.cars else []


def _all_meant(page: Page) -> Iterator[_Meant]:
    for sentence in page.cut.sentences:
        for group in page.groups(sentence):
            if not (group.nation or group.is_sister or group.is_winner):
                yield from _meant(page, group, sentence.paragraph + 1)


def _meant(page: Page, group: Group, paragraph: int) -> Iterator[_Meant]:
    is_plain = page.context(page.cut.tokens[group.first].start) is Context.PLAIN
    if group.has_conflict:
        cars = group.cars.union(*(part.cars for part in group.parts if not _is_house(part)))
        yield _Meant(_place(page, group.first, group.last, paragraph), cars, is_plain, is_conflict=True)
    elif group.is_plural:
        for part in group.parts:
            yield _Meant(
                _place(page, part.first, part.last, paragraph),
                group.cars & part.cars or part.cars,
                is_plain,
                is_house=_is_house(part),
            )
    elif group.level > 1 or group.car is None:
        is_nobody = not group.cars and any(not part.is_number for part in group.parts)
        if not is_nobody:  # people of the tables who drove no car
            is_house = all(_is_house(part) for part in group.parts)
            yield _Meant(_place(page, group.first, group.last, paragraph), group.cars, is_plain, is_house=is_house)


def _is_house(part: Mention) -> bool:
    return not part.is_person and not part.is_number


def _place(page: Page, first: int, last: int, paragraph: int) -> Place:
    start, end = page.cut.tokens[first].start, page.cut.tokens[last - 1].end
    words = page.text[start:end]
    if "(" in words and ")" not in words and page.text[end : end + 1] == ")":
        words = page.text[start : (end := end + 1)]
    return Place(start, end, " ".join(words.split()), paragraph)


def _doubts(open_: Iterable[_Meant], named: Iterable[str]) -> Iterator[Doubt]:
    """Each doubtful name once, unless the text names one of its cars for certain elsewhere."""
    known, said = set(named), set[tuple[str, frozenset[str]]]()
    for meant in open_:
        key = (meant.place.words.casefold(), meant.cars)
        if key in said:
            continue
        said.add(key)
        numbers = tuple(sorted(meant.cars, key=_as_number))
        if meant.is_conflict:
            yield Doubt(DoubtKind.CONFLICT, meant.place, numbers)
        elif not meant.cars:
            yield Doubt(DoubtKind.UNKNOWN, meant.place, ())
        elif not meant.cars & known and not (meant.is_house and len(meant.cars) > _MOST_OF_A_HOUSE):
            yield Doubt(DoubtKind.SHARED, meant.place, numbers)


def _as_number(number: str) -> tuple[int, str]:
    return (int(number) if number.isdecimal() and len(number) < _LONGEST_NUMBER else 0, number)


def _by_class(named: Iterable[NamedCar]) -> Iterator[ClassGroup]:
    """Classes in the order in which they are first named."""
    groups: dict[str, list[NamedCar]] = {}
    for one in named:
        groups.setdefault(one.car.class_name, []).append(one)
    for name, cars in groups.items():
        yield ClassGroup(name, tuple(cars))


def _people(page: Page) -> Iterator[tuple[Driver, Place]]:
    """Everybody the text names who cannot be anybody else, in order."""
    known = set[Driver]()
    for sentence in page.cut.sentences:
        for part in page.named[sentence.number].mentions:
            if part.is_person and part.cars and len(part.people) == 1 and part.people[0] not in known:
                known.add(part.people[0])
                yield part.people[0], _place(page, part.first, part.last, sentence.paragraph + 1)


# ------------------------------------------------------------------ sessions


def _sessions(page: Page, claims: Sequence[Claim]) -> Iterator[ToldSession]:
    """Sessions with results by how many statements tell of them; those near the most told are proposed."""
    run = [session for session in page.sheet.run if session.kind != "grid" and is_of_the_calendar(session)]
    told: Counter[Session] = Counter()
    first: dict[Session, Place] = {}
    for claim in claims:
        for session, weight in _told_by(claim, run):
            told[session] += weight
            first.setdefault(session, _span(page, claim))
    most = max(told.values(), default=0)
    for session in sorted(run, key=lambda session: -told[session]):
        is_proposed = len(run) == 1 or (told[session] > 0 and told[session] >= _NEARLY * most)
        yield ToldSession(session, told[session], first.get(session), is_proposed)


def is_of_the_calendar(session: Session) -> bool:
    """A sheet of ours also holds printed grids and states of a race (`R:grid`, `R:6h`), which are no sessions."""
    return ":" not in session.key


def _told_by(claim: Claim, run: list[Session]) -> Iterator[tuple[Session, int]]:
    if not claim.is_judged or claim.type not in _OF_A_SESSION:
        return
    if claim.type is ClaimType.LAP_TIME:
        timed = [session for session in run if any(row.best_lap_ms == claim.value for row in session.rows)]
        if len(timed) == 1:
            yield timed[0], _PROOF
            return
    meant = [session for session in claim.scene.sessions if session in run]
    if len(meant) == 1 and claim.scene.level > 0:
        yield meant[0], 1


def _span(page: Page, claim: Claim) -> Place:
    paragraph = page.sentence_at(claim.start).paragraph + 1
    return Place(claim.start, claim.end, " ".join(claim.text.split()), paragraph)
