"""Writes the invented weekends as documents of the exchange format, the way a timing service would send them. Pure."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from racedesk.demo import race
from racedesk.demo.field import Car, all_cars
from racedesk.demo.programme import Programme, Round, Session
from results.notation import Gap, format_duration, format_gap, format_lap_time

QUALIFYING, RACE = "Q", "R"
QUALIFYING_MS = 30 * race.MINUTE

Document = dict[str, Any]


def as_bytes(document: Document) -> bytes:
    """The file: the same document gives the same bytes."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def weekend(season: Programme, item: Round, friday: dt.date) -> Document:
    """A weekend's programme without results."""
    return {
        "series": season.series,
        "season": season.season,
        "event": item.name,
        "circuit": item.circuit,
        "timezone": item.zone,
        "start": friday.isoformat(),
        "end": max(_starts(session, friday) + dt.timedelta(minutes=session.minutes) for session in item.sessions)
        .date()
        .isoformat(),
        "sessions": [_session(session, friday) for session in item.sessions],
        "standings": [],
    }


def entry_list(season: Programme, item: Round, friday: dt.date) -> Document:
    """A weekend's programme with the cars entered for it."""
    document = weekend(season, item, friday)
    document["sessions"][0]["entries"] = [_car(car) for car in all_cars()]
    return document


def results(season: Programme, friday: dt.date, *, upto: int) -> list[Document]:
    """What timing sends of a driven weekend, and later of the stewards: provisional first, final last.

    `upto` counts the rounds driven, this one included; the printed standings after it come with the last document.
    """
    item = season.driven[upto - 1]
    driven = drive(item)
    documents: list[Document] = []
    for struck in (False, True) if driven.plan.struck else (True,):
        document = weekend(season, item, friday)
        for session in document["sessions"]:
            rows, laps = driven.qualifying if session["id"] == QUALIFYING else driven.race(struck=struck)
            session["classification"] = [_row(row) for row in rows]
            if not documents:
                session["laps"] = _laps(laps, item.session(session["id"]))
            # What the stewards still work on at the desk is not final yet.
            is_final = session["id"] == QUALIFYING or (struck and not driven.plan.penalised)
            session["state"] = "final" if is_final else "provisional"
        if struck:
            document["standings"] = standings(season, upto)
        documents.append(document)
    return documents


class Driven:
    """A weekend as it was driven."""

    def __init__(self, item: Round) -> None:
        if item.plan is None:
            raise ValueError(f"{item.name} lies ahead")
        self.plan = item.plan
        self.cars = all_cars()
        flying = race.drive_qualifying(self.cars, f"{self.plan.seed}/Q", self.plan.lap_ms, QUALIFYING_MS, item.absent)
        self.qualifying = (race.classify_qualifying(self.cars, flying), flying)
        self.grid = race.grid_of(self.qualifying[0])
        self.laps = race.drive_race(self.cars, self.grid, self.plan)

    def race(self, *, struck: bool) -> tuple[list[race.Row], race.LapsByCar]:
        """The race's classification before or after the stewards, and its laps."""
        return race.classify_race(self.cars, self.laps, self.plan, self.grid, struck=struck), self.laps


def drive(item: Round) -> Driven:
    return Driven(item)


def standings(season: Programme, upto: int) -> list[Document]:
    """The tables of all classes after that many rounds: the points of the race by class place, one for the class's pole."""
    points: dict[str, int] = {}
    for item in season.driven[:upto]:
        driven = drive(item)
        for row in driven.qualifying[0]:
            points[row.car.number] = points.get(row.car.number, 0) + (row.class_position == 1)
        for row in driven.race(struck=True)[0]:
            place = row.class_position or len(season.points) + 1
            points[row.car.number] += season.points[place - 1] if place <= len(season.points) else 0
    after = season.driven[upto - 1].name
    classes = list(dict.fromkeys(car.racing_class for car in all_cars()))
    return [_table(name, after, [car for car in all_cars() if car.racing_class == name], points) for name in classes]


def _table(name: str, after: str, cars: Sequence[Car], points: dict[str, int]) -> Document:
    order = sorted((car for car in cars if points[car.number]), key=lambda car: -points[car.number])
    places: dict[int, int] = {}
    for place, car in enumerate(order, 1):
        places.setdefault(points[car.number], place)  # equal points share a place
    rows = [
        {"pos": places[points[car.number]], "entrant": car.crew_name, "points": points[car.number]} for car in order
    ]
    return {"id": name, "name": f"Fahrerwertung {name}", "after": after, "final": False, "class": name, "rows": rows}


def _starts(session: Session, friday: dt.date) -> dt.datetime:
    """When clocks at the venue show the start."""
    return dt.datetime.combine(friday + dt.timedelta(days=session.day), session.time)


def _session(session: Session, friday: dt.date) -> Document:
    start = _starts(session, friday)
    document: Document = {
        "id": session.key,
        "name": session.name,
        "kind": session.kind,
        "date": start.isoformat(timespec="minutes"),
        "classification": [],
    }
    if session.broadcasts:
        document["broadcasts"] = [
            {
                "channel": item.channel,
                "kind": item.kind,
                "starts_at": dt.datetime.combine(start.date(), item.time).isoformat(timespec="minutes"),
                "note": item.note,
            }
            for item in session.broadcasts
        ]
    return document


def _car(car: Car) -> Document:
    """Who drives what; the maker stands first in the name of a model."""
    return {
        "class": car.racing_class,
        "number": car.number,
        "team": car.team,
        "car": car.model,
        "manufacturer": car.model.split()[0],
        "drivers": [{"first": person.first, "last": person.last, "nationality": person.nation} for person in car.crew],
    }


def _row(row: race.Row) -> Document:
    gap = Gap(laps=row.gap_laps) if row.gap_laps else Gap(ms=row.gap_ms) if row.gap_ms else None
    return {
        **_car(row.car),
        "pos": row.position,
        "pos_in_class": row.class_position,
        "laps": row.laps,
        "time": format_duration(row.total_ms, "en") if row.total_ms else None,
        "gap": format_gap(gap, "en") if gap else None,
        "best_lap": format_lap_time(row.best_ms, "en") if row.best_ms else None,
        "best_lap_number": row.best_lap,
        "status": row.status,
        "grid": row.grid,
    }


def _laps(driven: race.LapsByCar, session: Session) -> list[Document]:
    """All laps with the time of day at their end; what is usual (not in the pits, valid) is left out."""
    start = (session.time.hour * 60 + session.time.minute) * race.MINUTE
    return [
        {
            "number": number,
            "lap": lap.number,
            "time": format_lap_time(lap.time_ms, "en"),
            "clock": format_duration(start + lap.end_ms, "en"),
            "seat": lap.seat,
        }
        | ({"in_pit": True} if lap.in_pit else {})
        | ({} if lap.valid else {"valid": False})
        for number, laps in driven.items()
        for lap in laps
    ]
