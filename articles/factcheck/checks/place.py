"""Places in a session, in a class and in a table."""

from __future__ import annotations

from articles.factcheck.claim import TABLE, Claim, ClaimType
from articles.factcheck.entrants import is_of_its_stand, rows_for, rows_of
from articles.factcheck.near_miss import is_slip
from articles.factcheck.sheet import CLASSIFIED, RACE_KINDS, FactSheet, Row, Session
from articles.factcheck.verdict import Evidence, Reading, Verdict, contradicted, decide, uncheckable

TYPES = (ClaimType.POSITION, ClaimType.CLASS_POSITION)
_SURE_SCENE = 2
_IN_CLAUSE = 3
_HOLES = 3  # cars of a class that an excerpt may leave out behind the last one stored
_ASIDES = frozenset({"practice", "stage", "warmup"})  # mentioned beside what really counts


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    if claim.hint == "table":
        return _in_table(claim, sheet, value)
    if not claim.scene.is_class_known:
        return _unknown_class(claim, sheet)
    strong = [reading for session in _sessions(claim, sheet) for reading in _readings(claim, session, value)]
    lost = _retired(claim)
    if lost:
        return contradicted(lost, _said(claim, value))
    weak = _weak(claim, sheet, value)
    return decide(
        claim, strong, weak, is_sure=_is_sure(claim, sheet, strong), said=_said(claim, value),
        is_exact=claim.hint in {"win", "quick", "cheer"}, is_open=_is_open(claim, sheet, value),
    )  # fmt: skip


def _is_open(claim: Claim, sheet: FactSheet, value: int) -> bool:
    """Of two races on a weekend the words may mean either, where nothing in the sentence says which."""
    if claim.scene.level >= _SURE_SCENE or claim.subject.level < 2:  # noqa: PLR2004
        return False
    kinds = {session.kind for session in claim.scene.sessions}
    others = [session for session in sheet.run if session.kind in kinds and session not in claim.scene.sessions]
    return any(reading.agrees for session in others for reading in _readings(claim, session, value))


def _sessions(claim: Claim, sheet: FactSheet) -> list[Session]:
    """Those in mind; where nothing in the sentence says so, a place is one of the race as well."""
    if claim.scene.level >= _SURE_SCENE or (claim.scene.level and not claim.scene.sessions):
        return list(claim.scene.sessions)
    stands = set(sheet.checkpoints.values()).difference(claim.scene.sessions)
    races = [session for session in sheet.run if session.is_race and session not in stands]
    if claim.scene.sessions and not claim.scene.is_far and all(session.is_race for session in claim.scene.sessions):
        return list(claim.scene.sessions)
    return list(dict.fromkeys((*claim.scene.sessions, *(races or sheet.run))))


def _shown(place: int, *, in_class: bool = False) -> str:
    return f"Klassenrang {place}" if in_class else f"Rang {place}"


def _said(claim: Claim, value: int) -> str:
    """The place as the text gives it, with the class that its clause names."""
    if not _is_in_class(claim):
        return _shown(value)
    is_named = claim.scene.class_name and claim.scene.class_level >= _IN_CLAUSE
    return f"{_shown(value, in_class=True)} in {claim.scene.class_name}" if is_named else _shown(value, in_class=True)


def _is_in_class(claim: Claim) -> bool:
    return claim.type is ClaimType.CLASS_POSITION and bool(claim.scene.class_name or claim.hint == "class")


def _is_sure(claim: Claim, sheet: FactSheet, strong: list[Reading]) -> bool:
    """A place is short and easily somebody else's: car and session must both be beyond doubt."""
    subject, scene = claim.subject, claim.scene
    is_meant = subject.level > 1 or (
        subject.level == 1 and claim.hint not in {"win", "cheer"} and is_slip(claim, strong)
    )
    if scene.is_interim or not is_meant or claim.hint in {"duel", "quick", "cheer"} or _may_be_absent(claim):
        return False
    if claim.hint == "win":
        return _is_other_class(claim, sheet) or _is_beaten_in_class(claim, strong) or _was_never_first(claim, sheet)
    if not (subject.car or (subject.is_plural and len(strong) > 1)):
        return False
    if scene.level < _SURE_SCENE and not any(session.is_race for session in (*scene.sessions, *sheet.sessions)):
        return False  # carried over, and the race that may be meant is not stored
    is_alone = len(scene.sessions) == 1 and (scene.day is None or scene.day in scene.sessions[0].days)
    return scene.level >= 1 or is_alone


def _may_be_absent(claim: Claim) -> bool:
    """Whether a team or a make alone is named and nobody stored has the place: a car that an excerpt leaves out may be meant."""
    subject, value = claim.subject, int(str(claim.value))
    if subject.people or any(map(str.isdecimal, subject.name)) or not claim.scene.sessions:
        return False
    if _is_in_class(claim):
        held = {place for session in claim.scene.sessions for _name, place in session.by_class_position}
    else:
        held = {place for session in claim.scene.sessions for place in session.by_position}
    return value not in held and value < max(held, default=0)


def _is_other_class(claim: Claim, sheet: FactSheet) -> bool:
    """A class win is plainly wrong where no car of the subject drives in the class the clause names."""
    cars = [sheet.cars[number] for number in claim.subject.cars if number in sheet.cars]
    named = claim.scene.class_name
    return (
        bool(cars)
        and claim.scene.class_level >= _IN_CLAUSE
        and not any(is_class(named, car.class_name) for car in cars)
    )


def _is_beaten_in_class(claim: Claim, strong: list[Reading]) -> bool:
    """A class win of cars that the clause names, in a class that it names: another car was the first of it."""
    is_said = claim.type is ClaimType.CLASS_POSITION and claim.scene.class_level >= _IN_CLAUSE
    if not (is_said and strong and len(claim.scene.sessions) == 1) or claim.subject.is_doubted:
        return False
    leader = claim.scene.sessions[0].class_leader(claim.scene.class_name)
    return leader is not None and leader.number not in claim.subject.cars


def _was_never_first(claim: Claim, sheet: FactSheet) -> bool:
    """A win of whom its clause alone names, and whose car was the first of no session and no class, or not of the one it names."""
    subject = claim.subject
    is_meant = subject.is_plain and subject.level > 1 and not subject.is_doubted and bool(subject.people)
    if not is_meant or not claim.scene.sessions:
        return False
    is_told = not claim.text.startswith(("gewinn", "siegt "))  # `Hier gewinnt Elster`: always
    is_named = is_told and len(claim.scene.sessions) == 1 and claim.scene.level >= _IN_CLAUSE
    sessions = claim.scene.sessions if is_named else sheet.run
    rows = [row for session in sessions for car in subject.cars if (row := session.by_number.get(car)) is not None]
    return bool(rows) and not any(1 in (row.position, row.class_position) for row in rows)


def _retired(claim: Claim) -> Evidence | None:
    """A class win of whom its clause alone names, and whose car was not classified in the one race that is meant."""
    subject, sessions = claim.subject, claim.scene.sessions
    is_meant = subject.is_plain and subject.level > 1 and subject.car is not None and bool(subject.people)
    is_win = claim.hint == "win" and claim.type is ClaimType.CLASS_POSITION
    if not is_win or not is_meant or len(sessions) != 1 or claim.scene.is_interim:
        return None
    row = sessions[0].by_number.get(subject.car or "")
    if row is None or row.status == CLASSIFIED or row.position is not None or row.class_position is not None:
        return None
    return Evidence(sessions[0].name, f"#{row.number}", "Status", "nicht gewertet")


def _readings(claim: Claim, session: Session, value: int) -> list[Reading]:
    found = []
    for car in claim.subject.cars:
        row = session.by_number.get(car)
        if row is not None:
            found += _of_row(claim, session, row, value)
    return found


def _of_row(claim: Claim, session: Session, row: Row, value: int) -> list[Reading]:
    """Overall and in class; where the words name the class, that alone, and the car must belong to it."""
    overall = Reading(
        row.position, Evidence(session.name, f"#{row.number}", "Rang", _shown(row.position or 0)), row.position == value
    )
    place = row.class_position
    shown = f"Klassenrang {place} in {row.class_name}"
    in_class = Reading(place, Evidence(session.name, f"#{row.number}", "Klassenrang", shown), place == value)
    if claim.hint == "overall" or place is None:
        return [overall]
    if row.position is None and not _is_in_class(claim) and not in_class.agrees:
        return [overall]  # a place in class does not tell the one overall, and no class is named
    named = claim.scene.class_name
    if value > _size_of_class(session, row.class_name):
        return [overall]  # more than the class has cars
    if named and claim.scene.class_level and _is_in_class(claim):
        return _of_named_class(claim, row, overall, in_class)
    if _is_in_class(claim):
        return [in_class, overall]
    return [overall] if _is_best_class(session, row.class_name) else [overall, in_class]


def _of_named_class(claim: Claim, row: Row, overall: Reading, in_class: Reading) -> list[Reading]:
    """Where the words name a class, near or far."""
    if claim.scene.class_level < _IN_CLAUSE and in_class.agrees:
        return [in_class]  # the class was named in another clause, and the place is the one in its own
    if claim.scene.class_level > 1 and not is_class(claim.scene.class_name, row.class_name):
        return [in_class._replace(agrees=False)]
    return [in_class] if claim.scene.class_level > 1 else [in_class, overall]


def _is_best_class(session: Session, class_name: str) -> bool:
    """Of the class that wins the race nobody means places in class without saying so; of the small ones everybody does."""
    leader = session.class_leader(class_name)
    return leader is not None and leader.position == 1


def is_class(named: str, own: str) -> bool:
    """`LMP2` may be said of an LMP2 Pro/Am."""
    return own == named or own.startswith(f"{named} ")


def _size_of_class(session: Session, class_name: str) -> int:
    """How far places in a class may go: its cars in the sheet, and the last place stored of it, for an excerpt has holes."""
    return session.class_reach.get(class_name, 0) + _HOLES


def _weak(claim: Claim, sheet: FactSheet, value: int) -> list[Reading]:
    """The same car in another session, another car of the sentence in this one."""
    found = []
    stands = set(sheet.checkpoints.values())
    others = [
        session for session in sheet.run
        if session not in claim.scene.sessions and session not in stands and _may_be_meant(claim, session)
        if claim.scene.day is None or not session.is_race or claim.scene.day in session.days
    ]  # fmt: skip
    is_aside = any(session.kind in _ASIDES for session in claim.scene.sessions)
    if is_aside and claim.scene.level >= _IN_CLAUSE:
        others = [session for session in others if session.kind not in _ASIDES]
    if claim.scene.level < _IN_CLAUSE or is_aside:
        found += [reading for session in others for reading in _readings(claim, session, value)]
    is_first = claim.hint in {"win", "quick", "cheer"} and claim.scene.class_level < _IN_CLAUSE
    is_open = claim.subject.level < 2 or not claim.subject.cars or is_first  # noqa: PLR2004
    for session in claim.scene.sessions if is_open else ():
        for car in claim.near:
            row = session.by_number.get(car)
            if row is not None and car not in claim.subject.cars:
                found += _of_row(claim, session, row, value)
    if _is_in_class(claim):
        meant = claim.scene.sessions if claim.scene.level >= _IN_CLAUSE else sheet.run
        rows = [session.by_number.get(car) for session in meant for car in claim.subject.cars]
        found += [Reading(row.position, _overall(row), row.position == value) for row in rows if row]
    if claim.subject.people and claim.scene.in_table:
        found += [
            Reading(
                row.position, Evidence(table.name, row.entrant, "Rang", _shown(row.position)), row.position == value
            )
            for table, row in rows_of(claim.subject, sheet)
        ]
    return found


def _may_be_meant(claim: Claim, session: Session) -> bool:
    """Who speaks of the race in this paragraph and names no other session does not mean the qualifying."""
    scene = claim.scene
    is_race = bool(scene.sessions) and all(other.is_race for other in scene.sessions)
    is_said = scene.level > 1 or session.kind not in scene.told or (scene.level == 1 and not scene.is_far)
    is_timed = scene.level >= _SURE_SCENE and all(other.kind == "qualifying" for other in scene.sessions)
    if is_timed and scene.sessions and session.kind in ("practice", "warmup"):
        return False  # who speaks of the qualifying means no practice
    kinds = RACE_KINDS if "sprint" in scene.told else RACE_KINDS - {"sprint"}
    return not (is_race and is_said and session.kind not in kinds)


def _overall(row: Row) -> Evidence:
    return Evidence("", f"#{row.number}", "Rang", _shown(row.position or 0))


def _unknown_class(claim: Claim, sheet: FactSheet) -> Verdict:
    """`Sieg in der Klasse SP2T`, and the sheet has no such class: wrong if the car drove in another one."""
    named = claim.scene.class_name
    cars = [sheet.cars[number] for number in claim.subject.cars if number in sheet.cars]
    is_said = claim.scene.class_level >= _IN_CLAUSE and claim.subject.level > 1
    if cars and is_said and all(car.class_name for car in cars):
        evidence = Evidence("Nennung", f"#{cars[0].number}", "Klasse", cars[0].class_name)
        return contradicted(evidence, f"Klasse {named}")
    return uncheckable(f"Eine Klasse {named} kennen die Daten nicht.")


def _in_table(claim: Claim, sheet: FactSheet, value: int) -> Verdict:
    found = rows_for(claim, sheet)
    strong = [
        Reading(row.position, Evidence(table.name, row.entrant, "Rang", _shown(row.position)), row.position == value)
        for table, row in found
    ]
    weak: list[Reading] = []
    is_alone = claim.scene.level < 1 and claim.scene.told == {TABLE}  # nothing else is spoken of
    is_told = claim.scene.table_level >= _IN_CLAUSE or (
        claim.scene.table_level >= _SURE_SCENE and (claim.stand == "now" or is_alone)
    )
    is_plain = is_told and not claim.scene.class_name and claim.scene.level < _SURE_SCENE
    if found:
        weak = (
            []
            if is_plain
            else [reading for session in claim.scene.sessions for reading in _readings(claim, session, value)]
        )
    else:
        strong = [reading for session in _sessions(claim, sheet) for reading in _readings(claim, session, value)]
    stands = sheet.checkpoints.values()
    races = [] if is_plain else [session for session in sheet.run if session.is_race and session not in stands]
    weak += [reading for session in races for reading in _readings(claim, session, value) if reading.agrees]
    is_one = len({table.name for table, _row in found}) == 1  # the same before and after the event
    is_meant = claim.subject.level > 1 or (claim.subject.level == 1 and is_slip(claim, strong))
    is_timed = is_of_its_stand(claim, [table for table, _row in found], sheet)
    is_sure = is_meant and is_one and (is_timed or (not claim.scene.is_interim and claim.stand != "then"))
    return decide(claim, strong, weak, is_sure=is_sure, said=_shown(value), is_exact=False, is_open=not is_plain)
