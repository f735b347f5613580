"""What results answer to their own changes: championships are computed in the transaction of what moves them."""

from typing import Any

from django.db.models import Model
from django.db.models.functions import Now
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from results.models import (
    CarKey,
    Championship,
    ChampionshipDecision,
    Classification,
    DriverKey,
    Entry,
    IdentityChange,
    LapSet,
    ScoringEvent,
    Season,
    SeriesAlias,
    Session,
)
from results.signals import classification_released, classification_withdrawn, summaries_wait
from results.standings.concerned import SEASON_OF, SHARED, season_of, seasons_sharing
from results.standings.due import championships_are_due, stands_no_more

ALWAYS = frozenset({Championship, ChampionshipDecision, ScoringEvent})
# They say something of another thing, on which seasons may stand already.
KEYS = frozenset({SeriesAlias, DriverKey, CarKey})


@receiver(classification_released)
def compute_with_new_version(sender: type[Classification], classification: Classification, **_signal: Any) -> None:
    """A new version of a result moves every championship that counts it."""
    championships_are_due(classification.session.event.season_id)


@receiver(classification_withdrawn)
def compute_without_version(sender: type[Classification], classification: Classification, **_signal: Any) -> None:
    """So does a result that is taken back."""
    stands_no_more(classification.session.event.season_id)


def compute_after_change(sender: type[Model], instance: Any, **signal: Any) -> None:
    """A row by hand: a guest, a crew, a date, a rule. Bulk writing sends no signal; imports say themselves what is due."""
    if signal.get("raw"):
        return
    season = season_of(instance)
    if sender in ALWAYS or Championship.objects.filter(season=season).exists():
        championships_are_due(season)


for _model in SEASON_OF:
    post_save.connect(compute_after_change, sender=_model, dispatch_uid=f"championships.{_model.__name__}.saved")
    post_delete.connect(compute_after_change, sender=_model, dispatch_uid=f"championships.{_model.__name__}.deleted")


@receiver(post_save, sender=LapSet)
def compute_when_laps_open(sender: type[LapSet], instance: LapSet, **signal: Any) -> None:
    """Laps that readers see from an hour on move points that need minutes at the wheel at that hour."""
    if signal.get("raw"):
        return
    later = LapSet.objects.filter(pk=instance.pk, public_from__gt=Now()).values_list("public_from", flat=True).first()
    if later is not None:
        summaries_wait.send(sender=Session, session=instance.session_id, at=later)


def compute_after_shared_change(sender: type[Model], instance: Any, **signal: Any) -> None:
    """What several seasons share: a class, a maker, the name of a series. On a thing just made nothing stands yet."""
    if not signal.get("raw") and not (signal.get("created") and sender not in KEYS):
        for season in seasons_sharing(instance):
            championships_are_due(season)


for _model in SHARED:
    post_save.connect(compute_after_shared_change, sender=_model, dispatch_uid=f"championships.{_model.__name__}.saved")
for _model in KEYS:  # others go only when nothing stands on them
    post_delete.connect(
        compute_after_shared_change, sender=_model, dispatch_uid=f"championships.{_model.__name__}.deleted"
    )


@receiver(m2m_changed, sender=Entry.cups.through)
def compute_after_cups(sender: type[Model], instance: Any, action: str, **_signal: Any) -> None:
    """A car entered for a cup, or no more."""
    if not action.startswith("post_"):
        return
    for season in [season_of(instance)] if isinstance(instance, Entry) else seasons_sharing(instance):
        if Championship.objects.filter(season=season).exists():
            championships_are_due(season)


@receiver(post_save, sender=IdentityChange)
def compute_after_identity(sender: type[IdentityChange], instance: IdentityChange, **_signal: Any) -> None:
    """Two drivers or teams became one, or two again: the seasons in which either raced."""
    path = {"driver": "events__entries__crew__driver", "team": "events__entries__team"}.get(instance.model)
    own = {"driver": "events__entries__session_entries__crew__driver"}.get(instance.model)
    if path is None:
        return
    things = [instance.kept, instance.other]
    seasons = Season.objects.filter(championships__isnull=False)
    found = set(seasons.filter(**{f"{path}__in": things}).values_list("pk", flat=True))
    if own is not None:
        found |= set(seasons.filter(**{f"{own}__in": things}).values_list("pk", flat=True))
    for season in sorted(found):
        championships_are_due(season)
