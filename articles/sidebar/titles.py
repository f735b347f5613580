"""Title races beside a story: who can still be champion and what is enough, with the way to the game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.sidebar.spec import BoxSpec
from articles.sidebar.standings import address_of
from results.models import Championship
from results.standings.title_race import title_race
from results.title_page import TitlePage
from results.title_sentences import enough

SAID = 4  # contenders of whom a box says what is enough


@dataclass(frozen=True, slots=True)
class BoxTitle:
    """A title in sentences; `after` is the event after which it stands so, `can_play` whether its page has a game.

    `event_id` is the event's key, 0 where there is none.
    """

    championship: str
    series_label: str
    season_label: str
    accent: int
    address: str
    after: str
    is_provisional: bool
    can_play: bool
    sentences: tuple[str, ...]
    event_id: int = 0
    is_overtaken: bool = False  # told as it stood, and something has changed since

    def shown(self) -> dict[str, Any]:
        """What stood there, as `from_shown` reads it."""
        names = [name for name in self.__slots__ if name != "is_overtaken"]
        return {name: getattr(self, name) for name in names} | {"sentences": list(self.sentences)}

    @classmethod
    def from_shown(cls, shown: Mapping[str, Any], *, now: BoxTitle | None) -> BoxTitle:
        """What a publication kept, beside what is said `now`. The game is that of now, or none."""
        sentences = tuple(shown["sentences"])
        told = {**shown, "sentences": sentences, "can_play": now is not None and now.can_play}
        is_overtaken = now is not None and now.after == shown["after"] and now.sentences != sentences
        return cls(**told, is_overtaken=is_overtaken)


def titles_of(specs: Sequence[BoxSpec]) -> dict[BoxSpec, BoxTitle]:
    """What each box says now; a box is missing where readers see no table of its championship.

    One query for all championships, then some for each: a story has one such box.
    """
    asked = [spec for spec in specs if spec.season_id and spec.table]
    if not asked:
        return {}
    keys = {spec.table for spec in asked}
    seasons = {spec.season_id for spec in asked}
    found = Championship.objects.public().filter(season__in=seasons, key__in=keys)
    known = {(one.season_id, one.key): one for one in found.select_related("season__series", "racing_class")}
    said = {at: box for at, one in known.items() if (box := _box(one)) is not None}
    return {spec: box for spec in asked if (box := said.get((spec.season_id or 0, spec.table))) is not None}


def _box(championship: Championship) -> BoxTitle | None:
    race = title_race(championship)
    if race is None:
        return None
    page, season = TitlePage(race), championship.season
    sentences = [page.headline]
    if page.is_decided and page.decided_by:
        sentences.append(_("It was decided after %(event)s.") % {"event": page.decided_by.name})
    if page.earliest:
        sentences.append(page.earliest)
    contenders = race.title.contenders
    if race.survey.is_detailed and len(contenders) <= SAID:
        said = (enough(race, one, race.next_coming, race.name_of) for one in contenders if one.alone is not None)
        sentences += filter(None, said)
    return BoxTitle(
        championship=championship.name,
        series_label=season.series.label,
        season_label=season.label,
        accent=season.series.accent,
        address=address_of("title", season.series.slug, season.slug, championship.key),
        after=page.after.name if page.after else "",
        is_provisional=race.is_provisional,
        can_play=race.survey.can_be_played,
        sentences=tuple(sentences),
        event_id=page.after.pk if page.after else 0,
    )
