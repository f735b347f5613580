"""The acts of the desk: one verb, one function, one transaction under the lock of the article's row.

Every verb asks for the person's permission itself, so no door leads round it. An act happens at one instant of the
database clock, read once after the lock is held: a verb that waited for another never acts in its past, and one at the
very moment of a scheduled version stands on one side of it with all that it does.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body_nodes, content
from articles.body import sanitise
from articles.gate import free_slug, reasons_not_to_publish
from articles.models import Address, Article, Author, Byline, Image, Publication, Revision, SidebarItem, Tag, Withdrawal
from results.models import Event, Series, Session

__all__ = [
    "NotPublishable",
    "NothingToWithdraw",
    "StaleSave",
    "claim",
    "publish",
    "reasons_not_to_publish",
    "restore",
    "revert",
    "save",
    "trash",
    "unschedule",
    "withdraw",
]


class StaleSave(Exception):  # noqa: N818  # the desk's word for it
    """Somebody saved between opening and saving. `current` is the article as it is stored now."""

    def __init__(self, current: Article, expected_lock_version: int) -> None:
        super().__init__(_("The article was changed in the meantime."))
        self.current = current
        self.expected_lock_version = expected_lock_version


class NotPublishable(Exception):  # noqa: N818
    """The gate is closed; `reasons` are German sentences, one for each thing that is missing."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class NothingToWithdraw(Exception):  # noqa: N818
    """No version of the story is public or scheduled."""


def claim(article: Article, *, expected_lock_version: int | None = None) -> Article:
    """Lock the article's row until the transaction ends and return it fresh; call it before anything is written.

    Raises `StaleSave` where a version is expected and another one is stored.
    """
    current = Article.objects.select_for_update(of=("self",)).select_related("lead_image").get(pk=article.pk)
    if expected_lock_version is not None and current.lock_version != expected_lock_version:
        raise StaleSave(current, expected_lock_version)
    return current


@transaction.atomic
def save(article: Article, *, by: User | None, expected_lock_version: int | None, comment: str = "") -> Revision:
    """Remember the article as it is stored now; call it once, after its text, boxes and relations are written.

    Without a change it returns the latest revision and writes nothing. `by` is None for a command run on the machine.
    Raises `StaleSave` where a version is expected and another one is stored.
    """
    if by is not None and not (by.has_perm("articles.change_article") or by.has_perm("articles.add_article")):
        raise PermissionDenied
    current = claim(article, expected_lock_version=expected_lock_version)
    revision = _remember(current, by=by, comment=comment)
    _tell(article, current)
    return revision


@transaction.atomic
def revert(article: Article, *, by: User, revision: Revision, expected_lock_version: int | None = None) -> Revision:
    """Make the draft what a revision of it held, as a new revision. Address and stage stay; lost relations are left out."""
    _require(by, "articles.change_article")
    current = claim(article, expected_lock_version=expected_lock_version)
    old = current.revisions.get(pk=revision.pk).content
    for name in set(content.TEXT_FIELDS) - {"slug", "stage"}:
        setattr(current, name, old[name])
    current.lead_event = Event.objects.filter(pk__in=_ids([old["lead_event"]])).first()
    current.lead_image = Image.objects.filter(pk__in=_ids([old["lead_image"]])).first()
    current.save()
    current.tags.set(Tag.objects.filter(pk__in=_ids(old["tags"])))
    current.further_events.set(Event.objects.filter(pk__in=_ids(old["further_events"])))
    _replace_bylines(current, old["bylines"])
    _replace_sidebar(current, old["sidebar"])
    comment = _("Back to version %(number)s") % {"number": revision.number}
    written = _remember(current, by=by, comment=comment)
    _tell(article, current)
    return written


@transaction.atomic
def publish(
    article: Article, *, by: User, visible_from: dt.datetime | None = None, correction_note: str = ""
) -> Publication:
    """Freeze the draft as the next public version, visible now or from a later instant (aware; the past means now).

    The same draft published again returns the version that is there; a scheduled one moves to the instant now asked
    for. Every scheduled version that readers have not seen yet is replaced. Raises `NotPublishable`.
    """
    _require(by, "articles.publish_article")
    current = claim(article)
    moment = _database_now()
    start = _start(visible_from, moment)
    if reasons := reasons_not_to_publish(current):
        raise NotPublishable(reasons)
    _give_address(current)
    revision = _remember(current, by=by, comment="")
    _tell(article, current)
    open_version = current.publications.filter(visible_until__isnull=True).first()
    if (
        open_version
        and open_version.revision_id == revision.pk
        and correction_note in {"", open_version.correction_note}
    ):
        if open_version.visible_from <= moment:
            return open_version
        return _move(open_version, start, moment)
    _hand_over(current, start, moment)
    return _freeze(current, revision, by=by, visible_from=start, correction_note=correction_note)


@transaction.atomic
def unschedule(article: Article, *, by: User) -> Publication:
    """Take back the version that is scheduled and not visible yet; what is public now stays public. Returns it."""
    _require(by, "articles.publish_article")
    current = claim(article)
    moment = _database_now()
    scheduled = current.publications.to_come(moment).first()
    if scheduled is None:
        raise NothingToWithdraw(_("Nothing is scheduled."))
    _set_window(scheduled, visible_until=scheduled.visible_from)
    current.publications.public(moment).update(visible_until=None)
    return scheduled


@transaction.atomic
def withdraw(article: Article, *, by: User, note: str) -> Withdrawal:
    """Take the story back now: the public version ends, a scheduled one never begins. The note is public.

    Raises `NothingToWithdraw` where no version is public or scheduled, ValueError without a note.
    """
    _require(by, "articles.withdraw_article")
    if not note.strip():
        raise ValueError(_("A withdrawal needs a note for the readers."))
    current = claim(article)
    moment = _database_now()
    # A version that has not begun ends with its own beginning: its window is empty.
    never_began = current.publications.to_come(moment).update(visible_until=F("visible_from"))
    ended = current.publications.public(moment).update(visible_until=moment)
    if not never_began + ended:
        raise NothingToWithdraw(_("No version of the article is public or scheduled."))
    return Withdrawal.objects.create(article=current, note=note.strip(), withdrawn_by=by)


@transaction.atomic
def trash(article: Article, *, by: User) -> None:
    """Put an article into the bin; a public or scheduled one must be withdrawn first. Nothing is deleted."""
    _require(by, "articles.delete_article")
    current = claim(article)
    moment = _database_now()
    if current.publications.public(moment).exists() or current.publications.to_come(moment).exists():
        raise NotPublishable([_("The article is public or scheduled. Withdraw it first.")])
    Article.objects.filter(pk=current.pk, trashed_at__isnull=True).update(trashed_at=Now())
    article.refresh_from_db(fields=["trashed_at"])


@transaction.atomic
def restore(article: Article, *, by: User) -> None:
    """Take an article out of the bin."""
    _require(by, "articles.delete_article")
    current = claim(article)
    Article.objects.filter(pk=current.pk).update(trashed_at=None)
    article.trashed_at = None


def _require(by: User, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied


def _database_now() -> dt.datetime:
    """The database clock at this statement; a statement that waited for a lock would tell when it began to wait."""
    moment: dt.datetime = Article.objects.values_list(Now(), flat=True)[:1].get()
    return moment


def _start(visible_from: dt.datetime | None, moment: dt.datetime) -> dt.datetime:
    if visible_from is None:
        return moment
    if timezone.is_naive(visible_from):
        raise ValueError("visible_from needs a time zone")
    return max(visible_from, moment)


def _remember(article: Article, *, by: User | None, comment: str) -> Revision:
    """Write the next revision if the article differs from the latest; the row's version moves with it."""
    now_held = content.remember(article)
    latest = article.revisions.first()
    if latest and content.same(latest.content, now_held):
        return latest
    number = max(article.lock_version, latest.number if latest else 0) + 1
    Article.objects.filter(pk=article.pk).update(lock_version=number, changed_at=Now())
    article.refresh_from_db(fields=["lock_version", "changed_at"])
    return Revision.objects.create(
        article=article, number=number, content=now_held, comment=comment[:200], created_by=by
    )


def _tell(article: Article, current: Article) -> None:
    """Let the caller's copy know what the verb changed in the row."""
    for name in ("slug", "lock_version", "changed_at"):
        setattr(article, name, getattr(current, name))


def _give_address(article: Article) -> None:
    """Fill in an address where none is given. Another article may take the same one at this moment: then try on."""
    while not article.slug:
        wanted = free_slug(article)
        try:
            with transaction.atomic():
                Article.objects.filter(pk=article.pk).update(slug=wanted)
        except IntegrityError:
            continue
        article.slug = wanted


def _set_window(publication: Publication, **window: dt.datetime | None) -> None:
    Publication.objects.filter(pk=publication.pk).update(**window)
    for name, instant in window.items():
        setattr(publication, name, instant)


def _move(scheduled: Publication, start: dt.datetime, moment: dt.datetime) -> Publication:
    """Give a scheduled version another beginning; the version before it ends then."""
    if scheduled.visible_from != start:
        scheduled.article.publications.public(moment).update(visible_until=start)
        _set_window(scheduled, visible_from=start)
    return scheduled


def _hand_over(article: Article, start: dt.datetime, moment: dt.datetime) -> None:
    """End what is public when its successor begins, and empty the window of what was only scheduled."""
    article.publications.to_come(moment).update(visible_until=F("visible_from"))
    article.publications.public(moment).update(visible_until=start)


def _freeze(
    article: Article, revision: Revision, *, by: User, visible_from: dt.datetime, correction_note: str
) -> Publication:
    last = article.publications.order_by("-version").values_list("version", flat=True).first() or 0
    events = _events(article)
    body = sanitise(article.body)
    kept = content.freeze_for_public(article, events)
    copied = ("uid", "slug", "title", "kicker", "kind", "standfirst", "language", "dateline", "agency", "lead_event")
    publication = Publication.objects.create(
        article=article,
        version=last + 1,
        revision=revision,
        body_html=body,
        body_text=body_nodes.plain_text(body, kept),
        content=kept,
        correction_note=correction_note.strip(),
        visible_from=visible_from,
        published_by=by,
        **{name: getattr(article, name) for name in copied},
    )
    boxed = Series.objects.filter(pk__in=article.sidebar.exclude(series=None).values("series"))
    publication.events.set(events)
    publication.series.set({event.season.series for event in events} | set(boxed))
    publication.authors.set(line.author for line in article.bylines.select_related("author"))
    publication.tags.set(article.tags.all())
    lead = [article.lead_image] if article.lead_image else []
    publication.images.set({*lead, *content.body_images(article)})
    Address.objects.get_or_create(slug=article.slug, defaults={"article": article})
    return publication


def _events(article: Article) -> list[Event]:
    """The lead event first, then the further ones, none twice."""
    wanted = [article.lead_event_id, *article.further_events.order_by("pk").values_list("pk", flat=True)]
    found = Event.objects.select_related("season__series").in_bulk([pk for pk in wanted if pk])
    return [found[pk] for pk in dict.fromkeys(wanted) if pk]


def _ids(references: list[dict[str, Any] | None]) -> list[int]:
    return [reference["id"] for reference in references if reference]


def _replace_bylines(article: Article, lines: list[dict[str, Any]]) -> None:
    article.bylines.all().delete()
    known = Author.objects.in_bulk([line["author"] for line in lines])
    Byline.objects.bulk_create(
        Byline(article=article, author=known[line["author"]], position=position)
        for position, line in enumerate(lines, start=1)
        if line["author"] in known
    )


def _replace_sidebar(article: Article, boxes: list[dict[str, Any]]) -> None:
    """Boxes as they were; a reference to something that is gone is left empty, and the gate will ask for it."""
    article.sidebar.all().delete()
    models: dict[str, type[Session | Event | Series]] = {"session": Session, "event": Event, "series": Series}
    known = {
        name: set(model.objects.filter(pk__in=_ids([box[name] for box in boxes])).values_list("pk", flat=True))
        for name, model in models.items()
    }
    SidebarItem.objects.bulk_create(
        SidebarItem(
            article=article,
            position=position,
            **{name: box[name] for name in content.SIDEBAR_FIELDS},
            **{f"{name}_id": pk for name, there in known.items() for pk in _ids([box[name]]) if pk in there},
        )
        for position, box in enumerate(boxes, start=1)
    )
