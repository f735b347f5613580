"""What the commands ask for: a series and season by name, one championship or all. Refusals are German sentences."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from results.importers.loading.place import stored_series
from results.models import Championship, Computation, Season, Series
from results.names import fold
from results.standings.compute import compute_season
from results.standings.rulebook import pack_of, series_named, year_of
from results.standings.schedule import calendar_of


class AskedInVain(Exception):  # noqa: N818 - reads as the sentence it stands for
    """There is no such thing; the message is one German sentence."""


def season_asked(series: str, season: str) -> Season:
    """The season of a series, by address, name, short name or alias. Raises AskedInVain."""
    found = Series.objects.filter(slug=series).first()
    if found is None and fold(series):  # a series without a short name has an empty one too
        found = stored_series(series) or series_named(series)
    if found is None:
        raise AskedInVain(_("There is no series “%(series)s”.") % {"series": series})
    wanted = (
        Season.objects.filter(Q(label__iexact=season) | Q(slug=season), series=found).select_related("series").first()
    )
    if wanted is None:
        raise AskedInVain(_("%(series)s has no season “%(season)s”.") % {"series": found, "season": season})
    return wanted


def championships_asked(season: Season, key: str) -> list[Championship]:
    """All championships of a season, or the one of that key, computed where that has not happened yet.

    Raises AskedInVain.
    """
    found = _stored(season)
    if not found or _has_no_tables(found):
        compute_season(season.pk)
        found = _stored(season)
    if not found:
        pack, year = pack_of(season.series), year_of(season)
        if pack is not None and year is not None and pack.is_unproven(year):
            raise AskedInVain(
                _("The rules of points of %(season)s are not proven: nothing is computed until the desk enters them.")
                % {"season": season}
            )
        raise AskedInVain(_("There are no rules of points for %(season)s.") % {"season": season})
    if not key:
        return found
    chosen = [one for one in found if one.key == key]
    if not chosen:
        raise AskedInVain(
            _("%(season)s has no championship “%(key)s”, only: %(known)s.")
            % {"season": season, "key": key, "known": ", ".join(one.key for one in found)}
        )
    return chosen


def part_asked(said: int | str | None) -> tuple[str | None, int | None]:
    """`12.1` is the first scoring of round 12: the round as said and the number of the scoring, None for the whole round.

    Raises AskedInVain.
    """
    number, dot, part = str(said).partition(".") if said is not None else (None, "", "")
    if not dot:
        return number, None
    if not part.isdecimal() or int(part) < 1:
        raise AskedInVain(_("“%(said)s” is no part of a round: a number such as 3.1 is needed.") % {"said": said})
    return number, int(part)


def round_asked(season: Season, said: int | str | None) -> int | None:
    """The round, as long as it is a number and the season has so many. Raises AskedInVain."""
    if said is None:
        return None
    try:
        after = int(said)
    except ValueError as error:
        raise AskedInVain(_("“%(said)s” is no round: a number such as 3 is needed.") % {"said": said}) from error
    rounds = len(calendar_of(season).events)
    if not 1 <= after <= rounds:
        raise AskedInVain(
            _("%(season)s has rounds 1 to %(rounds)s, no round %(after)s.")
            % {"season": season, "rounds": rounds, "after": after}
        )
    return after


def _stored(season: Season) -> list[Championship]:
    found = Championship.objects.filter(season=season).select_related("season__series", "racing_class")
    return list(found.order_by("sequence", "key"))


def _has_no_tables(championships: list[Championship]) -> bool:
    return Computation.objects.current().filter(championship__in=championships).count() < len(championships)
