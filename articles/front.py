"""The front page: what stands in which slot, by hand where the chief pinned a story, by rule everywhere else.

The rule is pure: `arrange` gets public stories only, so a pin of a hidden one finds nothing to show.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from articles import stories
from articles.models import FrontPin
from articles.stories import Story

POOL = 60  # newest stories that the rule chooses from
SECOND = ("second-1", "second-2", "second-3")
NEWEST = 8
STRIPS, STRIP = 3, 3

# What a kind is worth, in hours of age: a report beats a news item that came five hours later.
WORTH = {"report": 6.0, "interview": 4.0, "preview": 3.0, "news": 1.0}
PICTURE = 3.0
SAME_SERIES, SAME_KIND = 10.0, 2.0  # what each one that stands there already costs


@dataclass(frozen=True, slots=True)
class Strip:
    """A series with its latest stories that stand nowhere above."""

    series: object
    stories: list[Story]


@dataclass(slots=True)
class Front:
    """The front page from top to bottom."""

    lead: Story | None = None
    second: list[Story] = field(default_factory=list)
    newest: list[Story] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)


def front_page() -> Front:
    """What readers see now; two queries."""
    pins = {pin.slot: pin.article_id for pin in reversed(FrontPin.objects.running())}
    pool = stories.public_stories().filter(
        Q(article__in=stories.newest_articles(POOL)) | Q(article__in=list(pins.values()))
    )
    found = stories.without_text(pool)
    by_article = {story.publication.article_id: story for story in found}
    pinned = {slot: by_article[article] for slot, article in pins.items() if article in by_article}
    return arrange(found, pinned)


def arrange(found: Sequence[Story], pinned: Mapping[str, Story]) -> Front:
    """The slots: pinned stories where they were put, the best of the others in the rest, none twice."""
    front = Front()
    by_hand = {story.uid for story in pinned.values()}
    free = [story for story in found if story.uid not in by_hand]
    newest_at = max((story.published_at for story in free), default=None)
    shown: list[Story] = list({story.uid: story for story in pinned.values()}.values())
    placed: set[object] = set()
    for slot in ("lead", *SECOND):
        story = pinned.get(slot)
        if story is None or story.uid in placed:
            story = _best(free, shown, newest_at)
            if story is None:
                continue
            free.remove(story)
            shown.append(story)
        placed.add(story.uid)
        if slot == "lead":
            front.lead = story
        else:
            front.second.append(story)
    front.newest = free[:NEWEST]
    front.strips = _strips(free[NEWEST:])
    return front


def _best(free: Sequence[Story], shown: Sequence[Story], newest_at: dt.datetime | None) -> Story | None:
    if newest_at is None or not free:
        return None
    series = Counter(story.series.pk for story in shown if story.series)
    kinds = Counter(story.publication.kind for story in shown)
    return max(free, key=lambda story: _worth(story, series, kinds, newest_at))


def _worth(story: Story, series: Counter[int], kinds: Counter[str], newest_at: dt.datetime) -> float:
    """Hours: what a story is worth less its age; variety beats the clock for half a day, never for a week."""
    age = (newest_at - story.published_at) / dt.timedelta(hours=1)
    worth = WORTH.get(story.publication.kind, 0.0) + (PICTURE if story.picture else 0.0)
    repeated = SAME_SERIES * series[story.series.pk] if story.series else 0.0
    return worth - age - repeated - SAME_KIND * kinds[story.publication.kind]


def _strips(rest: Sequence[Story]) -> list[Strip]:
    """The series with the latest stories among the rest; one alone makes no strip."""
    of_series: dict[int, list[Story]] = {}
    for story in rest:
        if story.series:
            of_series.setdefault(story.series.pk, []).append(story)
    full = [found for found in of_series.values() if len(found) > 1][:STRIPS]
    return [Strip(found[0].series, found[:STRIP]) for found in full]
