"""Whose line of a table a claim speaks of: the people it names, the crew of the car, the team."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

from articles.factcheck.claim import Claim, Subject
from articles.factcheck.sheet import Driver, FactSheet, Table, TableRow
from results.names import fold

_PEOPLE = ("-pilot", "-piloten", "-pilotin", "-fahrer", "-fahrerin", "-mann")
_OF_TEAMS = ("team", "hersteller", "konstrukteur", "marken", "manufacturer", "constructor", "entrant")


def names_teams(word: str) -> bool:
    """`Teamwertung`, `constructors`: of tables that rank no people."""
    return word.startswith(_OF_TEAMS)


def rows_for(claim: Claim, sheet: FactSheet, subject: Subject | None = None) -> list[tuple[Table, TableRow]]:
    """The lines that name the subject, of the tables the words have in mind."""
    rows = [(table, row) for table, row in rows_of(subject or claim.subject, sheet) if is_meant(claim, table)]
    if claim.stand:
        return [line for line in rows if _is_of_stand(claim, line[0], sheet)] or rows
    is_now = claim.moment == "now" and not claim.scene.is_interim
    if not sheet.former_tables or not (is_now or claim.moment == "before"):
        return rows  # a preview that is read again after the race gives the points of before
    return [(table, row) for table, row in rows if (table in sheet.former_tables) is (claim.moment == "before")] or rows


def tables_of(claim: Claim, sheet: FactSheet) -> tuple[Table, ...]:
    """The tables of the moment that the words have in mind; where they look back, all."""
    if claim.moment != "now" or claim.scene.is_interim:
        return sheet.tables
    return tuple(table for table in sheet.tables if table not in sheet.former_tables)


def is_meant(claim: Claim, table: Table) -> bool:
    """Whether a table is of the kind that the words name."""
    if not claim.among:
        return True
    if claim.among.startswith("="):
        return claim.among[1:] in fold(table.name)
    return _is_of_teams(table.name) is (claim.among == "teams")


def _is_of_stand(claim: Claim, table: Table, sheet: FactSheet) -> bool:
    newest = _newest(sheet).get(table.name)
    return newest is None or (table is newest) is (claim.stand == "now")


def is_of_its_stand(claim: Claim, tables: list[Table], sheet: FactSheet) -> bool:
    """Whether the words say which of two tables of one name they speak of, and these are those."""
    is_told = claim.stand and all(table.name in _newest(sheet) for table in tables)
    return bool(is_told) and all(_is_of_stand(claim, table, sheet) for table in tables)


@lru_cache(maxsize=64)
def _newest(sheet: FactSheet) -> dict[str, Table]:
    """Of tables that one name has the one after this event, by the name of the event."""
    found: dict[str, Table] = {}
    for name in {table.name for table in sheet.tables}:
        same = [table for table in sheet.tables if table.name == name]
        own = [table for table in same if _words(table.after) & _words(f"{sheet.event} {sheet.circuit}")]
        if len(same) > 1 and len(own) == 1:
            found[name] = own[0]
    return found


@lru_cache(maxsize=256)
def _is_of_teams(name: str) -> bool:
    return any(names_teams(word) for word in fold(name).replace("-", " ").split())


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


@lru_cache(maxsize=16)
def _lines(sheet: FactSheet) -> list[tuple[Table, TableRow]]:
    return [(table, row) for table in sheet.tables for row in table.rows]


@lru_cache(maxsize=16)
def _places_by_word(sheet: FactSheet) -> dict[str, list[int]]:
    """Where among all lines a word of an entrant stands, be it one of a crew with slashes or of the whole name."""
    found: dict[str, list[int]] = {}
    for place, (_table, row) in enumerate(_lines(sheet)):
        for word in _words(row.entrant).union(*map(_words, row.entrant.split("/"))):
            found.setdefault(word, []).append(place)
    return found


def _lines_with(called: Set[str], sheet: FactSheet) -> list[tuple[Table, TableRow]]:
    """The lines whose entrant bears one of the words, in the order of the tables; of a thousand a claim needs a few."""
    places = _places_by_word(sheet)
    return [_lines(sheet)[place] for place in sorted({at for word in called for at in places.get(word, ())})]


def rows_of(subject: Subject, sheet: FactSheet) -> list[tuple[Table, TableRow]]:
    """The lines of all tables that name the subject; people before crews, crews before teams."""
    if subject.people:
        return _naming(subject.people, sheet, need_all=True) or _naming(subject.people, sheet, need_all=False)
    cars = [sheet.cars[number] for number in subject.cars if number in sheet.cars]
    if len(cars) != 1:
        return (_called(subject.name, sheet) or _of_teams({car.team for car in cars}, sheet)) if cars else []
    crew = _naming(cars[0].drivers, sheet, need_all=True) or _naming(cars[0].drivers, sheet, need_all=False)
    return list(dict.fromkeys((*_called(subject.name, sheet), *crew, *_of_teams({cars[0].team}, sheet))))


def _naming(people: tuple[Driver, ...], sheet: FactSheet, *, need_all: bool) -> list[tuple[Table, TableRow]]:
    if not people:
        return []
    test = all if need_all else any
    called = {word for person in people for name in (person, *sheet.also_called(person)) for word in _words(name.last)}
    return [
        (table, row)
        for table, row in _lines_with(called, sheet)
        if test(any(_names(row.entrant, name) for name in (person, *sheet.also_called(person))) for person in people)
    ]


def _names(entrant: str, person: Driver) -> bool:
    """Whether one of the entrant's names is the person: the last name, and the first where one is printed."""
    last = _words(person.last)
    for part in entrant.split("/"):
        words = _words(part)
        if last and last <= words:
            firsts = words - last
            own = _words(person.first)
            if not firsts or firsts & own or any(word[0] == other[0] for word in firsts for other in own):
                return True
    return False


def _called(name: str, sheet: FactSheet) -> list[tuple[Table, TableRow]]:
    """`dem Dritten Andretti (216)`: lines of a table of teams or makes that bear the name itself."""
    said = _words(name)
    if not said or name.lower().endswith(_PEOPLE):  # `Ducati-Pilot` is somebody
        return []
    return [
        (table, row) for table, row in _lines_with(said, sheet)
        if (own := _words(row.entrant)) and (own <= said or said <= own) and not _is_somebody(row.entrant, sheet)
    ]  # fmt: skip


def is_entrant(claim: Claim, rows: list[tuple[Table, TableRow]]) -> bool:
    """Whether the words name a team or a make that is one entrant of the tables: then nobody else has these points."""
    said = _words(claim.subject.name)
    entrants = {row.entrant for _table, row in rows}
    return len(entrants) == 1 and bool(said) and all(said <= _words(one) or _words(one) <= said for one in entrants)


def _is_somebody(entrant: str, sheet: FactSheet) -> bool:
    return any(word in sheet.people_by_word for word in _words(entrant))


def _of_teams(teams: set[str], sheet: FactSheet) -> list[tuple[Table, TableRow]]:
    wanted = {fold(name) for team in teams if team for name in (team, *sheet.team_also_called(team))}
    called = {word for name in wanted for word in name.split()}
    return [(table, row) for table, row in _lines_with(called, sheet) if fold(row.entrant) in wanted]


def is_stale(claim: Claim, sheet: FactSheet) -> bool:
    """`vor dem Rennen lag er …`: another moment than the tables'. Before any race there is but one."""
    if claim.moment == "before" and sheet.former_tables:
        return False  # of that moment there are tables
    return claim.scene.is_interim and any(session.is_race for session in sheet.run)
