"""What a box can show of a session: its classes, cars and checkpoints; of a season: its championships. For the desk alone."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from results.models import Championship, Classification, Entry, Session

MOST_CARS = 300


def choices_of(session_id: int) -> dict[str, Any]:
    """`{"classes": [name], "cars": [{"number", "name", "class"}], "checkpoints": [text]}`; empty for no such session.

    The cars that took part; before the session those entered for the event.
    """
    session = Session.objects.filter(pk=session_id).first()
    if session is None:
        return {"classes": [], "cars": [], "checkpoints": []}
    entries = Entry.objects.filter(session_entries__session=session)
    if not entries.exists():
        entries = Entry.objects.filter(event=session.event_id)
    rows = list(
        entries.order_by("racing_class__sequence", "racing_class__name", "pk").values(
            "number", team_name=F("team__name"), printed=F("entrant"), class_name=F("racing_class__name")
        )[:MOST_CARS]
    )
    checkpoints = Classification.objects.filter(session=session).exclude(checkpoint="").order_by("checkpoint")
    return {
        "classes": list(dict.fromkeys(row["class_name"] for row in rows if row["class_name"])),
        "cars": [
            {
                "number": row["number"],
                "name": row["team_name"] or row["printed"] or "",
                "class": row["class_name"] or "",
            }
            for row in sorted(rows, key=_by_class_and_number)
        ],
        "checkpoints": list(checkpoints.values_list("checkpoint", flat=True).distinct()),
    }


def tables_of(season_id: int) -> dict[str, Any]:
    """`{"tables": [{"key", "name"}]}`, the championships of a season in their order."""
    found = Championship.objects.filter(season=season_id).order_by("sequence", "key")
    return {"tables": list(found.values("key", "name"))}


def _by_class_and_number(row: Mapping[str, Any]) -> tuple[str, int, str]:
    number = row["number"]
    return row["class_name"] or "", int(number) if number.isdecimal() else 0, number
