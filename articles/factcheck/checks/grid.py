"""Places on the grid: the printed grid counts, else the qualifying; pole, row and place."""

from __future__ import annotations

import re

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.grids import grids_of
from articles.factcheck.near_miss import is_slip
from articles.factcheck.sheet import FactSheet, Row, Session
from articles.factcheck.verdict import Evidence, Reading, Verdict, decide

TYPES = (ClaimType.GRID_POSITION,)
_FEW = 2
_OF_GRID = re.compile("start|grid|reihe|row|pole", re.IGNORECASE)


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    sessions = claim.scene.sessions or _grids(sheet)
    grids = [session for session in sessions if session.kind == "grid"]
    others = [session for session in sessions if session.kind != "grid"]
    printed = [session for session in sheet.run if session.kind == "grid"]
    if printed and not grids and claim.hint != "pole":
        stands = sheet.checkpoints.values()
        one_race = sum(one.kind in ("race", "sprint") and one not in stands for one in sheet.sessions) == len(printed)
        is_bare = not claim.hint and not _OF_GRID.search(claim.text)
        is_result = is_bare and claim.scene.level > _FEW  # `13. im Qualifying`: where he stood there, too
        grids, others = (printed, others) if one_race and not is_result else (printed + others, [])
    strong = [reading for session in grids or others for reading in _readings(claim, session, value)]
    # where a grid is printed, nobody starts from where he qualified; nor from where he did for the other race
    is_begun = claim.hint != "pole" and (bool(grids) or _is_of_one_race(claim, sheet))
    weak = [reading for session in (others if grids else ()) for reading in _readings(claim, session, value)]
    weak = [] if is_begun else weak
    weak += [
        reading
        for session in (() if is_begun else _grids(sheet))
        if session not in sessions
        for reading in _readings(claim, session, value)
    ]
    weak += _neighbours(claim, sessions, value)
    subject = claim.subject
    is_sure = (
        (subject.level > 1 or (subject.level == 1 and is_slip(claim, strong)))
        and (subject.car is not None or (subject.is_plural and len(strong) > 1))
        and 0 < len(grids or others) <= _FEW
        and not claim.scene.is_interim
        and (bool(grids) or not _is_made_up(sheet) or (claim.hint != "later" and is_slip(claim, strong)))
        and claim.hint not in {"pole", "from"}
        and (claim.hint != "starts" or (bool(grids) and bool(subject.people)))
        and (claim.hint != "left" or (is_slip(claim, strong) and not claim.scene.in_table))
    )
    is_sure = is_sure or _was_never_first(claim, sheet)
    said = f"Startreihe {value}" if claim.hint == "row" else f"Startplatz {value}"
    return decide(claim, strong, weak, is_sure=is_sure, said=said, is_exact=claim.hint == "pole")


def _was_never_first(claim: Claim, sheet: FactSheet) -> bool:
    """A pole of whom its clause alone names, and whose car was the first of no session and of no class."""
    subject = claim.subject
    is_meant = subject.is_plain and subject.level > 1 and bool(subject.people)
    if claim.hint != "pole" or not is_meant or claim.scene.is_interim:
        return False
    rows = [row for session in sheet.run for car in subject.cars if (row := session.by_number.get(car)) is not None]
    return bool(rows) and not any(1 in (row.position, row.class_position) for row in rows)


def _is_of_one_race(claim: Claim, sheet: FactSheet) -> bool:
    """Whether the words name the race, and the sheet shows which grid was its own."""
    sessions = claim.scene.sessions
    return claim.scene.level > 1 and len(sessions) == 1 and sessions[0] in grids_of(sheet).values()


def _is_made_up(sheet: FactSheet) -> bool:
    """Whether races outnumber their qualifyings and no grid is printed: results or a reversed order made some of the grids."""
    stands = sheet.checkpoints.values()
    races = sum(session.kind == "race" and session not in stands for session in sheet.sessions)
    return races > max(sum(session.kind == "qualifying" for session in sheet.run), 1)


def _grids(sheet: FactSheet) -> list[Session]:
    return [session for session in sheet.run if session.kind in ("grid", "qualifying")]


def _readings(claim: Claim, session: Session, value: int) -> list[Reading]:
    return [
        reading
        for car in claim.subject.cars
        if (row := session.by_number.get(car)) is not None
        for reading in _of_row(claim, session, row, value)
    ]


def _of_row(claim: Claim, session: Session, row: Row, value: int) -> list[Reading]:
    """The place, or the row of two it makes; overall and, for a pole of a class, in class."""
    evidence = Evidence(session.name, f"#{row.number}", "Startplatz", f"Startplatz {row.position}")
    if row.position is None:
        return []
    place = (row.position + 1) // 2 if claim.hint == "row" else row.position
    found = [Reading(place, evidence, place == value)]
    if claim.hint == "class" and row.class_position is not None:
        shown = f"Klassenstartplatz {row.class_position}"
        return [Reading(row.class_position, evidence._replace(value=shown), row.class_position == value)]
    if claim.hint == "row" and _stand_in_threes(session, row):
        found.append(Reading((row.position + 2) // 3, evidence, (row.position + 2) // 3 == value))
    if (row.class_position is not None and claim.hint in {"pole", "class"}) or (
        row.class_position is not None and claim.scene.class_name
    ):
        found.append(Reading(row.class_position, evidence, row.class_position == value))
    elif row.class_position == value and not _is_fastest_class(session, row):
        found.append(
            Reading(row.class_position, evidence, agrees=True)
        )  # of the small classes everybody counts in class
    return found


def _stand_in_threes(session: Session, row: Row) -> bool:
    """Motorcycles stand three to a row; a car with a crew is none, nor are its rivals."""
    return len(row.drivers) < _FEW and not any(len(other.drivers) > 1 for other in session.rows)


def _is_fastest_class(session: Session, row: Row) -> bool:
    first = session.by_position.get(1)
    return first is None or first.class_name == row.class_name


def _neighbours(claim: Claim, sessions: tuple[Session, ...] | list[Session], value: int) -> list[Reading]:
    """Another car of the sentence: the row or the pole may be its own."""
    return [
        reading
        for session in sessions
        for car in claim.near
        if car not in claim.subject.cars and (row := session.by_number.get(car)) is not None
        for reading in _of_row(claim, session, row, value)
        if claim.subject.level < 2 or claim.hint in {"row", "pole"}  # noqa: PLR2004
    ]
