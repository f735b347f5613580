"""The championships of the demo's invented series: a public table of crews for each class, by rules of its own."""

from django.db import transaction
from django.db.models.functions import Now

from racedesk.demo.programme import Programme
from results.models import Championship, RacingClass, Season
from results.names import slugify_german
from results.standings.due import championships_are_due


@transaction.atomic
def load_championships(programme: Programme, *, series: str) -> None:
    """Adds the tables that are missing and has them computed; what the desk has made of the others stays."""
    season = Season.objects.filter(series__slug=series, label=programme.season).first()
    if season is None:
        return
    made = [
        Championship.objects.get_or_create(
            season=season,
            key=slugify_german(f"fahrer {one.name}"),
            defaults={
                "name": f"Fahrerwertung {one.name}",
                "subject": Championship.Subject.CREW,
                "racing_class": one,
                "rules": rules_of(programme),
                "sequence": one.sequence,
                "is_by_hand": True,
                "public_from": Now(),
            },
        )[1]
        for one in RacingClass.objects.filter(series__slug=series)
    ]
    if any(made):
        championships_are_due(season.pk)


def rules_of(programme: Programme) -> dict[str, object]:
    """What the invented stewards award: points by place in class, one for the pole of the class."""
    return {
        "scope": "class",
        "scores": [{"kinds": ["race"], "table": [str(one) for one in programme.points]}],
        "bonuses": [{"cause": "pole", "points": "1", "kinds": ["qualifying"]}],
        "ties": ["countback", "latest"],
    }
