"""F1DB holds every race of Formula 1: what its import may say of the completeness of the archive.

Nothing else does that by itself: that a folder of results lacks no race is known of this one source only.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max

from results.importers.f1db import SERIES, SeasonRecord, WeekendRecord
from results.importers.loading.history import SOURCE
from results.models import ArchiveSpan, Season
from results.names import fold

FIRST_SEASON = 1950


@transaction.atomic
def vouch_for(seasons: Iterable[SeasonRecord]) -> ArchiveSpan | None:
    """Says of Formula 1 from which season to which day the files hold every race; None where they hold no whole season.

    An earlier span of this source is extended where the new one touches it, and left where it does not. What a person
    entered stays as it is.
    """
    run = _latest_run(seasons)
    if not run:
        return None
    labels = [str(season.year) for season in run]
    stored = Season.objects.filter(series__folded=fold(SERIES), label__in=labels).order_by("label")
    first = stored.first()
    until = _last_race(run[-1].weekends)
    if first is None or until is None:
        return None
    span = ArchiveSpan.objects.select_for_update().filter(series=first.series_id).first()
    if span is None:
        span = ArchiveSpan(series=first.series, first_season=first, until=until, source=SOURCE)
    elif span.source != SOURCE or not _touches(span, run):
        return span
    if first.label < span.first_season.label:
        span.first_season = first
    span.until = max(until, span.until) if span.until else None
    span.covers_history = span.first_season.label == str(FIRST_SEASON)
    span.has_poles = span.has_fastest_laps = True
    span.save()
    return span


def _latest_run(seasons: Iterable[SeasonRecord]) -> list[SeasonRecord]:
    """The latest seasons without a year between them missing, each with all its rounds up to its last one."""
    run: list[SeasonRecord] = []
    for season in sorted(seasons, key=lambda one: one.year):
        if [weekend.round for weekend in season.weekends] != list(range(1, len(season.weekends) + 1)):
            run = []
        elif run and season.year != run[-1].year + 1:
            run = [season]
        else:
            run.append(season)
    return run


def _last_race(weekends: Sequence[WeekendRecord]) -> dt.date | None:
    """The day of the last race with a result."""
    days = [
        session.date or weekend.end
        for weekend in weekends
        for session in weekend.sessions
        if session.kind == "race" and session.classification
    ]
    return max(days, default=None)


def _touches(span: ArchiveSpan, run: Sequence[SeasonRecord]) -> bool:
    """Whether both together leave no season out. A span that ends within a season goes on where it ended."""
    if span.until is None:
        return True
    ended = Season.objects.filter(series=span.series_id, events__sessions__local_date__lte=span.until)
    last = ended.aggregate(label=Max("label"))["label"] or span.first_season.label
    return str(run[0].year - 1) <= last and str(run[-1].year + 1) >= span.first_season.label
