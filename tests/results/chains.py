"""A result as a chain of versions with windows that the tests choose, for the database's clock cannot be moved."""

import datetime as dt
from dataclasses import dataclass, field

from results.models import AppliedDecision, Classification, DecisionEffect
from tests.factories import (
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    RacingClassFactory,
    SessionEntryFactory,
    SessionFactory,
)

UTC = dt.UTC


def at(text: str) -> dt.datetime:
    """`2026-06-12T15:42` in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Field:
    """A session at the Nürburgring and its cars by number."""

    session: object = field(default_factory=lambda: SessionFactory(slug="rennen", starts_at=at("2026-06-12T12:00")))
    cars: dict = field(default_factory=dict)

    def car(self, number, name=None, class_name=None):
        """The car of that number, made where there is none; crew and class are those of the first time."""
        if number not in self.cars:
            racing_class = class_name and self._class(class_name)
            entry = EntryFactory(
                event=self.session.event,
                number=number,
                crew=[DriverFactory(last_name=name or f"Fahrer{number}")],
                racing_class=racing_class,
            )
            self.cars[number] = SessionEntryFactory(session=self.session, entry=entry)
        return self.cars[number]

    def _class(self, name):
        series = self.session.event.season.series
        return series.racing_classes.filter(name=name).first() or RacingClassFactory(series=series, name=name)

    def order(self, *numbers, **cells):
        """Classified rows in that order, five seconds apart; `cells` of single cars by `_<number>`."""
        rows = []
        for place, number in enumerate(numbers, start=1):
            row = {
                "session_entry": self.car(number),
                "position": place,
                "laps": 50,
                "total_ms": 3_600_000 + 5_000 * place,
            }
            row["gap_ms"] = 5_000 * (place - 1) or None
            rows.append(row | cells.get(f"_{number}", {}))
        return rows

    def version(self, number, rows, opens, closes=None, *, decisions=(), effects=(), **values):
        """A released version; the one without an end is current. `effects` are (decision, car number, columns)."""
        window = {"released_at": at(opens), "public_from": at(opens), "public_until": at(closes) if closes else None}
        made = ClassificationFactory(
            session=self.session, version=number, rows=rows, hidden=True, reason=values.pop("reason", f"Grund {number}"),
            **values,
        )  # fmt: skip
        AppliedDecision.objects.bulk_create(
            AppliedDecision(classification=made, decision=one, is_computed=True) for one in decisions
        )
        DecisionEffect.objects.bulk_create(
            DecisionEffect(classification=made, decision=one, session_entry=self.car(car), columns=list(columns))
            for one, car, columns in effects
        )
        Classification.objects.filter(pk=made.pk).update(is_current=closes is None, **window)
        made.refresh_from_db()
        return made
