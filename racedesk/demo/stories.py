"""Stories of the demo: TOML files in `stories/`, written and released through the verbs of the desk.

A file gives the story as it stands today. `published` says when readers first saw it, `[correction]` what stood there
before, `[withdrawal]` the public note with which it was taken back; without `published` it is still on the desk.
"""

import datetime as dt
import tomllib
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from articles import workflow
from articles.fact_desk import check, words_of
from articles.models import Article, Author, Byline, Publication, SidebarItem, Tag
from racedesk.demo.accounts import ACCOUNTS
from racedesk.demo.pictures import picture
from results.models import Event, Series, Session
from results.release import database_now

STORIES = Path(__file__).parent / "stories"
TEXTS = ("title", "slug", "kind", "kicker", "standfirst", "body", "dateline", "notes")
CORRECTED = ("title", "standfirst", "body")
Story = dict[str, Any]


def load_stories(people: Mapping[str, User]) -> None:
    """Write every story that the desk has not seen yet."""
    known = set(Article.objects.values_list("uid", flat=True))
    missing = [path for path in sorted(STORIES.glob("*.toml")) if uid_of(path.stem) not in known]
    for path in missing:
        story = tomllib.loads(path.read_text("utf-8"))
        _tell(story, uid_of(path.stem), people)


def uid_of(name: str) -> uuid.UUID:
    """The id of the story in that file, on every machine the same."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://racedesk.example.org/demo/{name}")


def _tell(story: Story, uid: uuid.UUID, people: Mapping[str, User]) -> None:
    article = _write(story, uid, people)
    if "published" not in story:
        return
    moment = _moment(story["published"])
    if "correction" in story:
        _answer(article, story["correction"]["answer"], by=people["reporter"])
    publication = workflow.publish(article, by=people["editor"], visible_from=moment)
    first_seen = min(moment, publication.visible_from)
    Publication.objects.filter(pk=publication.pk).update(visible_from=first_seen)
    if correction := story.get("correction"):
        _correct(article, story, correction, people)
    if withdrawal := story.get("withdrawal"):
        workflow.withdraw(article, by=people["chief"], note=withdrawal["note"])


def _answer(article: Article, reason: str, *, by: User) -> None:
    """The first form of a corrected story was right when it was written: the reporter answers for what was true then."""
    for item in check(words_of(article), article).open:
        workflow.waive(article, by=by, item=item, reason=reason)


def _write(story: Story, uid: uuid.UUID, people: Mapping[str, User]) -> Article:
    """The draft with all that belongs to it, saved by the reporter; one that was corrected in its first form."""
    image = picture(story["picture"], by=people["pictures"]) if "picture" in story else None
    texts = {name: story[name].strip() for name in TEXTS if name in story}
    event = _event(story["event"]) if "event" in story else None
    article = Article.objects.create(
        uid=uid, lead_event=event, lead_image=image, created_by=people["reporter"], **_before_correction(texts, story)
    )
    for position, name in enumerate(story["authors"], 1):
        Byline.objects.create(article=article, author=_author(name, people), position=position)
    article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in story.get("tags", ())])
    article.further_events.set([_event(address) for address in story.get("further_events", ())])
    for position, box in enumerate(story.get("sidebar", ()), 1):
        SidebarItem.objects.create(article=article, position=position, **_references(box))
    workflow.save(article, by=people["reporter"], expected_lock_version=None)
    if story.get("stage") == Article.Stage.REVIEW:
        workflow.submit(article, by=people["reporter"])
    return article


def _correct(article: Article, story: Story, correction: Story, people: Mapping[str, User]) -> None:
    """Publish the story as it stands today over its first form; the first one's window ends when the second's begins."""
    Article.objects.filter(pk=article.pk).update(**{name: story[name].strip() for name in CORRECTED})
    article.refresh_from_db()
    workflow.save(article, by=people["editor"], expected_lock_version=None, comment=correction["comment"])
    moment = _moment(correction["at"])
    publication = workflow.publish(article, by=people["chief"], correction_note=correction["note"])
    Publication.objects.filter(article=article).exclude(pk=publication.pk).update(visible_until=moment)
    Publication.objects.filter(pk=publication.pk).update(visible_from=moment)


def _before_correction(texts: dict[str, str], story: Story) -> dict[str, str]:
    first = dict(texts)
    for change in story.get("correction", {}).get("changes", ()):
        for name in CORRECTED:
            first[name] = first[name].replace(change["now"], change["was"])
    return first


def _author(name: str, people: Mapping[str, User]) -> Author:
    """The byline of that name, with the login of whoever of the demo desk bears it."""
    logins = {f"{account.first_name} {account.last_name}": people[account.role] for account in ACCOUNTS}
    author, _created = Author.objects.get_or_create(name=name, defaults={"user": logins.get(name)})
    return author


def _moment(when: dt.datetime | Story) -> dt.datetime:
    """An instant, `{event, day, time}` of a weekend (its first day is 0), or `{day, time}` counted from today."""
    if isinstance(when, dt.datetime):
        return when
    zone: dt.tzinfo = timezone.get_default_timezone()
    first: dt.date | None = database_now().astimezone(zone).date()
    if "event" in when:
        event = _event(when["event"])
        zone, first = event.zone, event.starts_on
    if first is None:
        raise ValueError(f"{when} counts from a day that is not known")
    day = first + dt.timedelta(days=when.get("day", 0))
    return dt.datetime.combine(day, when["time"], zone)


def _references(box: Story) -> Story:
    """A sidebar box with its addresses turned into what they lead to."""
    finders = {"session": _session, "event": _event, "series": _series}
    return {name: finders[name](value) if name in finders else value for name, value in box.items()}


def _series(slug: str) -> Series:
    return Series.objects.get(slug=slug)


def _event(address: str) -> Event:
    """`wec/8-stunden-von-bahrain`"""
    series, event = address.split("/")
    return Event.objects.select_related("season__series").get(season__series__slug=series, slug=event)


def _session(address: str) -> Session:
    """`wec/8-stunden-von-bahrain/Q`"""
    event, key = address.rsplit("/", 1)
    return Session.objects.get(event=_event(event), key=key)
