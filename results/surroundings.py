"""What stands around the result of a session: laps, entry list, weather, decisions of the stewards, deleted laps."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.aggregates import Count
from django.db.models.functions import Coalesce, JSONObject, Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.models import Decision, Entry, Lap, LapDeletion, LapSet, Session, WeatherReading
from results.notation import SECOND, format_lap_time

Kind, Appeal = Decision.Kind, Decision.Appeal


@dataclass(frozen=True, slots=True)
class Weather:
    """Temperatures in whole degrees Celsius as lowest and highest; `rain` is the share of wet readings, 0 to 1."""

    air: tuple[int, int] | None
    track: tuple[int, int] | None
    rain: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision of the stewards in words; `number` is the car's, empty where it concerns the session."""

    document: str
    number: str
    what: str
    text: str
    appeal: str
    decided_at: dt.datetime | None
    checkpoint: str = ""
    is_pending: bool = False  # an appeal is


@dataclass(frozen=True, slots=True)
class Struck:
    """A lap that does not count: the car, and of the lap what is known."""

    number: str
    lap: int | None
    time: str
    corner: str
    text: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    has_laps: bool
    has_entries: bool
    weather: Weather | None
    rulings: list[Ruling]
    struck: list[Struck]

    def has_appeal(self, checkpoint: str) -> bool:
        """Whether an appeal is pending against a decision on the result at that checkpoint."""
        return any(ruling.is_pending and ruling.checkpoint == checkpoint for ruling in self.rulings)


def surroundings_of(session: Session, *, named: Collection[int] = ()) -> Surroundings:
    """All of it in one query, only what readers may see.

    `named` are the cars (keys of session entries) of the public result beside it: with it their deleted laps show.
    """
    public_laps = LapSet.objects.public().filter(session=OuterRef("pk"))
    # A public result names public cars; to ask again would take longer than all the rest.
    has_entries = Value(value=True) if named else Exists(Entry.objects.public().filter(event=OuterRef("event")))
    found = (
        Session.objects.filter(pk=session.pk)
        .values(
            has_laps=Exists(public_laps),
            has_entries=has_entries,
            readings=ArraySubquery(_weather()),
            said=ArraySubquery(_decisions()),
            struck=ArraySubquery(_deletions()),
        )
        .get()
    )
    return Surroundings(
        has_laps=found["has_laps"],
        has_entries=found["has_entries"],
        weather=_weather_in_words(found["readings"][0]) if found["readings"] else None,
        rulings=[_ruling(decision) for decision in found["said"]],
        struck=[
            _struck(deletion)
            for deletion in found["struck"]
            # Deletions carry no release of their own: they show with the result or the laps of their car.
            if deletion["car"] in named or (found["has_laps"] and deletion["has_laps"])
        ],
    )


def _weather() -> QuerySet[WeatherReading, Any]:
    ranges = JSONObject(
        air_low=Min("air_c"), air_high=Max("air_c"), track_low=Min("track_c"), track_high=Max("track_c"),
        readings=Count("pk"), wet=Count("pk", filter=Q(is_raining=True)),
    )  # fmt: skip
    return WeatherReading.objects.filter(session=OuterRef("pk")).order_by().values("session").values(json=ranges)


def _decisions() -> QuerySet[Decision, Any]:
    said = JSONObject(
        document=F("number"), number=F("session_entry__entry__number"), kind="kind", amount="amount", text="text",
        appeal="appeal", decided_at="decided_at", checkpoint="checkpoint",
    )  # fmt: skip
    public = Decision.objects.filter(session=OuterRef("pk"), public_from__lte=Now())
    return public.order_by(F("decided_at").asc(nulls_last=True), "pk").values(json=said)


def _deletions() -> QuerySet[LapDeletion, Any]:
    said = JSONObject(
        car="session_entry", number=F("session_entry__entry__number"), lap="lap", lap_ms="lap_ms", corner="corner",
        text=Coalesce(
            Case(When(decision__public_from__lte=Now(), then=F("decision__text"))), F("text"), Value("")
        ),
        has_laps=Exists(Lap.objects.filter(session_entry=OuterRef("session_entry"))),
    )  # fmt: skip
    struck = LapDeletion.objects.standing().filter(session=OuterRef("pk"))
    return struck.order_by("session_entry__entry__number", F("lap").asc(nulls_last=True), "pk").values(json=said)


def _weather_in_words(ranges: Mapping[str, Any]) -> Weather:
    def span(low: str, high: str) -> tuple[int, int] | None:
        return None if ranges[low] is None else (round(ranges[low]), round(ranges[high]))

    return Weather(
        air=span("air_low", "air_high"),
        track=span("track_low", "track_high"),
        rain=ranges["wet"] / ranges["readings"],
    )


def _ruling(decision: Mapping[str, Any]) -> Ruling:
    decided = decision["decided_at"]
    appeal = decision["appeal"]
    return Ruling(
        document=decision["document"],
        number=decision["number"] or "",
        what=penalty_in_words(Kind(decision["kind"]), decision["amount"]),
        text=decision["text"],
        appeal=str(Appeal(appeal).label) if appeal else "",
        decided_at=dt.datetime.fromisoformat(decided) if decided else None,
        checkpoint=decision["checkpoint"],
        is_pending=appeal == Appeal.PENDING,
    )


def penalty_in_words(kind: Decision.Kind, amount: int | None) -> str:
    """`5 Sekunden`, `2 Plätze in der Startaufstellung`, `Verwarnung`: what the stewards decided."""
    if amount is None:
        return str(kind.label)
    if kind is Kind.TIME:
        seconds, rest = divmod(amount, SECOND)
        if rest:
            return _("%(time)s added") % {"time": format_lap_time(amount)}
        return ngettext("%(n)d second added", "%(n)d seconds added", seconds) % {"n": seconds}
    if kind is Kind.LAPS:
        return ngettext("%(n)d lap taken off", "%(n)d laps taken off", amount) % {"n": amount}
    if kind is Kind.GRID:
        return ngettext("%(n)d place back on the grid", "%(n)d places back on the grid", amount) % {"n": amount}
    return ngettext("%(n)d place back in the result", "%(n)d places back in the result", amount) % {"n": amount}


def _struck(deletion: Mapping[str, Any]) -> Struck:
    time = deletion["lap_ms"]
    return Struck(
        number=deletion["number"],
        lap=deletion["lap"],
        time=format_lap_time(time) if time else "",
        corner=deletion["corner"],
        text=deletion["text"],
    )
