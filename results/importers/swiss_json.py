"""Swiss Timing (SRO): the session JSON of the live timing with classification, laps and race control, one session each.

It is a picture of the screen at `savedAt`, not a result: the classification is provisional, and while the session runs
an excerpt. The best lap on the screen is the one that counts; laps faster than it were deleted, or are laps out of
the pits that began behind the line. Sectors of a lost transponder stay on the screen: where they do not add up to the
lap they are another lap's, and left out.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections import Counter
from dataclasses import dataclass, replace

from results.importers.document import Json, Report, load
from results.importers.encoding import decode
from results.importers.plausible import DISTANCE_ORDERED, LAP_ORDERED, Columns, judge
from results.importers.printed import Printed, fit_for_print
from results.importers.race_control import MAX_TEXT, Message, day_ms_of, deletions_in, speaks_of_lap_times
from results.importers.records import (
    DeletionRecord,
    FileRefused,
    MessageRecord,
    ParsedFile,
    RowRecord,
    SessionRecord,
)
from results.importers.swiss_cars import MAX_LAPS, Car, read_car
from results.importers.swiss_session import key_of_session, kind_of_session, read_moment
from results.importers.zones import zone_of_track
from results.notation import shown

FORMAT = "swiss_json"
TITLE = "Session von Swiss Timing (JSON der Zeitnahme)"

SIZE_LIMIT = 64 * 2**20
MAX_VALUES = 1_600_000  # every lap stands twice in it, with some 17 values: 24 hours of 70 cars are 1.3 million
MAX_CARS = 2_000
MAX_MESSAGES = 20_000
# What the screen computes from the rest, and would fill the memory: left out while the document is read.
COMPUTED = frozenset(
    {
        "driverName", "raw", "color", "classColor", "lapsByDriver", "bestLapByDriver", "bestSectorsByKey",
        "bestSectorsByDriver", "classSectorBests", "_bestLapByDriver", "_bestSectors", "_bestSectorsByDriver",
        "bestSectors", "theoreticalBest", "overallSectorBests", "overallBestLap", "manufacturers", "classes",
        "activeClass", "neutralizationPhases",
    }
)  # fmt: skip
NAMES = Columns(
    number="nr", position="pos", class_position="classPos", laps="laps", total="time", gap="gap", best_lap="bestLap"
)  # fmt: skip
_OVER = re.compile(r"\b(?:CHEQUERED|CHECKERED)\b|\bTAKE THE FLAG\b|\bSESSION (?:FINISHED|ENDED|IS OVER)\b", re.IGNORECASE)  # fmt: skip
_RECOGNISED = re.compile(r'"(?:carsDetail|lapHistory)"\s*:')


def recognises(text: str) -> bool:
    """A JSON object with the cars of a screen, sound or damaged."""
    return text.lstrip()[:1] == "{" and _RECOGNISED.search(text) is not None


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """One session; raises FileRefused for what is no such document. Rows are counted from 1 within their list."""
    decoded = decode(data, limit=SIZE_LIMIT)
    document = load(decoded.text, most=MAX_VALUES, without=COMPUTED)
    if not isinstance(document, dict) or not isinstance(document.get("vm"), dict):
        raise FileRefused("Eine Session von Swiss Timing ist ein JSON-Objekt mit „vm“ und „carsDetail“.")
    reading = _Reading(document)
    return replace(reading.parsed(), encoding=decoded.encoding)


@dataclass(slots=True)
class _Heading:
    """What the screen says of the session as a whole."""

    name: str
    kind: str | None
    competition: str | None
    meeting: str | None
    track: str | None
    zone: str | None
    start: dt.datetime | None  # local
    flag: str


class _Reading:
    """One document on its way to records."""

    def __init__(self, document: Json) -> None:
        self.report = Report()
        self.top = Printed(document, self.report, level="auf oberster Ebene")
        self.screen = self.top.part("vm", "in „vm“")
        self.heading = self._heading()
        self.cars = self._cars()
        self.messages, self.deletions, self.day = self._messages()

    def parsed(self) -> ParsedFile:
        heading = self.heading
        rows, complete = self._classification()
        laps = tuple(lap for car in self.cars for lap in car.laps)
        start = heading.start.time() if heading.start and heading.start.time() != dt.time() else None
        session = SessionRecord(
            key=key_of_session(heading.name),
            name=heading.name or None,
            kind=heading.kind,
            date=self.day,
            time=start,
            classification=rows,
            laps=laps or None,
            deletions=self.deletions,
            messages=self.messages,
            state="provisional",
            complete=complete,
        )
        self._odd_laps()
        for fields in (self.top, self.screen):
            fields.finish()
        return ParsedFile(
            format=FORMAT,
            sessions=(session,),
            series=heading.competition,
            season=str(self.day.year) if self.day else None,
            event=heading.meeting,
            circuit=heading.track,
            time_zone=heading.zone,
            rows_read=len(rows) + len(laps) + len(self.messages),
            rejected=tuple(self.report.rejected),
            doubts=(*self.report.doubts, *self.report.unknown_keys()),
            proposes=True,
        )

    # the parts

    def _heading(self) -> _Heading:
        fields = self.screen.part("session", "in „session“")
        label = [part.strip() for part in (self.top.text("label", 300) or "").split("›")]
        label = label if len(label) == 3 else ["", "", ""]  # noqa: PLR2004 - meeting › competition › session
        name = fields.text("sessionName") or label[2]
        track = fields.text("trackName")
        for key in ("type", "startTimeMs"):  # the local start taken for UTC
            fields.get(key)
        heading = _Heading(
            name=name,
            kind=kind_of_session(name),
            competition=fields.text("competition") or label[1] or None,
            meeting=fields.text("meeting", 160) or label[0] or None,
            track=track,
            zone=zone_of_track(track or ""),
            start=fields.notation("startTime", read_moment),
            flag=fields.text("flag", 40) or "",
        )
        fields.finish()
        return heading

    def _cars(self) -> list[Car]:
        """The cars with their laps; the detail list has the same laps as the screen, or more."""
        laps: dict[str, list[object]] = {}
        for item in self.top.items("carsDetail", MAX_CARS):
            detail = Printed(item, self.report, level="in „carsDetail“", where="Runden: ")
            laps[detail.plain("nr", 40)] = detail.items("lapHistory", MAX_LAPS)
        cars = []
        for line, item in enumerate(self.screen.items("cars", MAX_CARS), start=1):
            fields = Printed(item, self.report, level="bei einem Auto", line=line)
            car = read_car(fields, laps.get(fields.plain("nr", 40)), timed=self.heading.kind in {None, *LAP_ORDERED})
            if car is not None:
                cars.append(car)
        count = self.top.figure("carCount")
        if count is not None and count != len(cars):
            self.top.doubt("carCount", f"Die Datei spricht von {count} Autos und führt {len(cars)} auf.")
        if not cars and not self.report.rejected:
            raise FileRefused("In der Datei steht kein einziges Auto.")
        return cars

    def _messages(self) -> tuple[tuple[MessageRecord, ...], tuple[DeletionRecord, ...], dt.date | None]:
        """What race control said, which lap times it deleted, and the session's first day."""
        read: list[tuple[int, str, dt.datetime | None]] = []
        for line, item in enumerate(self.screen.items("announcements", MAX_MESSAGES), start=1):
            fields = Printed(item, self.report, level="in einer Meldung", where="Meldung: ", line=line)
            value = fields.get("text")
            text = fit_for_print(value, MAX_TEXT) if isinstance(value, str) else None
            moment = fields.notation("dt", read_moment)
            fields.get("type")
            fields.finish()
            if text is None:
                fields.doubt("text", "Der Text ist leer oder unlesbar, die Meldung wird nicht übernommen.")
            elif not fields.bad:
                read.append((line, text, moment))
        day = self._day([moment for _, _, moment in read if moment])
        known = {car.row.number for car in self.cars}
        messages: list[MessageRecord] = []
        deletions: list[DeletionRecord] = []
        for line, text, moment in read:
            day_ms = day_ms_of(moment, day) if moment and day and moment.date() >= day else None
            messages.append(MessageRecord(text, _instant(moment, self.heading.zone), day_ms, line))
            deleted = deletions_in(Message(text, day_ms, line))
            deletions += [deletion for deletion in deleted if deletion.number in known]
            if not deleted and speaks_of_lap_times(text):
                self.report.doubt(line, "text", f"Welche Rundenzeit ist gemeint? „{shown(text)}“ streicht keine.")
            for deletion in deleted:
                if deletion.number not in known:  # a slip of the hand must not enter a car
                    self.report.doubt(line, "text", f"Gestrichen ist eine Runde von Startnummer {deletion.number}, die nicht dabei ist: „{shown(text)}“.")  # fmt: skip
        return tuple(messages), tuple(deletions), day

    def _day(self, moments: list[dt.datetime]) -> dt.date | None:
        """The day of the start; where the screen has lost it, of the first message, at last of the picture itself."""
        saved = (self.top.text("savedAt", 40) or "")[:10]
        self.top.get("id")
        if self.heading.start:
            return self.heading.start.date()
        if moments:
            return min(moments).date()
        try:
            return dt.date.fromisoformat(saved)
        except ValueError:
            return None

    def _classification(self) -> tuple[tuple[RowRecord, ...], bool]:
        rows = tuple(car.row for car in self.cars)
        if self.heading.kind in DISTANCE_ORDERED:
            rows = self._gaps_that_fit(rows)
        running = not self._is_over()
        verdict = judge(rows, kind=self.heading.kind or "practice", columns=NAMES, complete=False if running else None)
        self.report.rejected += verdict.rejected
        self.report.doubts += verdict.doubts
        if running:
            self.report.doubt(None, "flag", "Die Session lief noch, als die Datei gespeichert wurde: ein Zwischenstand, als unvollständig gespeichert.")  # fmt: skip
        return rows, verdict.complete

    def _gaps_that_fit(self, rows: tuple[RowRecord, ...]) -> tuple[RowRecord, ...]:
        """A picture taken in a race catches cars on both sides of the line: a lap less, and seconds behind all the same."""
        leader = next((row for row in rows if row.position == 1), None)
        if leader is None or leader.laps is None:
            return rows
        kept = []
        for row in rows:
            behind = leader.laps - (leader.laps if row.laps is None else row.laps)
            fits = row.gap_laps in {None, behind} and not (row.gap_ms and behind)
            kept.append(row if fits else replace(row, gap_ms=None, gap_laps=None))
        if lost := sum(before is not after for before, after in zip(rows, kept, strict=True)):
            self.report.doubt(None, "gap", f"Autos, deren Rückstand nicht zu ihren Runden passt: {lost}. Der Rückstand bleibt leer.")  # fmt: skip
        return tuple(kept)

    def _is_over(self) -> bool:
        """The chequered flag, on the screen or in a message; later the screen may show another flag."""
        return any(_OVER.search(text) for text in (self.heading.flag, *(message.text for message in self.messages)))

    def _odd_laps(self) -> None:
        """One sentence for each oddity, however many laps have it."""
        odd: Counter[str] = Counter()
        for car in self.cars:
            odd.update(car.odd)
        for what, sentence in ODD.items():
            if odd[what]:
                self.report.doubt(None, "lapHistory", sentence.format(odd[what]))


ODD = {
    "sectors": "Runden, deren Sektoren nicht die Rundenzeit ergeben: {}. Die Sektoren bleiben leer.",
    "faster": "Runden, die schneller sind als die gewertete beste des Autos: {}. Sie zählen nicht (gestrichen oder aus der Box).",
    "best": "Autos, deren beste Runde unter ihrer Nummer nicht in den Runden steht: {}. Die Nummer bleibt leer.",
    "driver": "Runden eines Fahrers, der beim Auto nicht genannt ist: {}. Der Fahrer bleibt offen.",
    "laps": "Autos, deren Rundenzahl nicht zu den aufgeführten Runden passt: {}.",
}


def _instant(moment: dt.datetime | None, zone: str | None) -> dt.datetime | None:
    """The local time as an instant; None where the zone is not known or its clocks skip that hour."""
    if moment is None or zone is None:
        return None
    local = moment.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    instant = local.astimezone(dt.UTC)
    return instant if instant.astimezone(local.tzinfo).replace(tzinfo=None) == moment else None
