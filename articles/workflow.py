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
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body_nodes, content
from articles.acts import review
from articles.acts.embargo import embargo, lift_embargo
from articles.acts.facts import Checked, bind, correct, need_no_contradiction, note_lifted, unwaive, waive
from articles.acts.ground import (
    NothingToWithdraw,
    NotNow,
    NotPublishable,
    StaleSave,
    claim,
    database_now,
    remember,
    require,
    under_embargo,
)
from articles.acts.journal import FourEyes, act, record
from articles.acts.minor import is_minor, texts_differ
from articles.acts.removal import reinstate, take_down, withdraw
from articles.acts.review import approve, return_to_writer, submit
from articles.acts.versions import hand_over, next_version, set_window
from articles.body import sanitise
from articles.fact_desk import Item
from articles.fact_memory import keep
from articles.gate import free_slug, reasons_not_to_publish
from articles.models import Act, Address, Article, Author, Byline, Image, Publication, Revision, SidebarItem, Tag
from articles.pictures import rights_ended
from articles.state import code_of
from results.models import Event, Season, Series, Session
from results.venue_time import moment as in_words

__all__ = [
    "FourEyes",
    "NotNow",
    "NotPublishable",
    "NothingToWithdraw",
    "StaleSave",
    "approve",
    "bind",
    "claim",
    "correct",
    "embargo",
    "lift_embargo",
    "publish",
    "reasons_not_to_publish",
    "reinstate",
    "reschedule",
    "restore",
    "return_to_writer",
    "revert",
    "save",
    "submit",
    "take_down",
    "trash",
    "unschedule",
    "unwaive",
    "waive",
    "withdraw",
]

# A text that others save while it is checked is checked again, so often.
MOST_CHECKS = 3


@act(Act.Verb.SAVE)
def save(article: Article, *, by: User | None, expected_lock_version: int | None, comment: str = "") -> Revision:
    """Remember the article as it is stored now; call it once, after its text, boxes and relations are written.

    Without a change it returns the latest revision and writes nothing. `by` is None for a command run on the machine.
    Raises `StaleSave` where a version is expected and another one is stored.
    """
    if by is not None and not (by.has_perm("articles.change_article") or by.has_perm("articles.add_article")):
        raise PermissionDenied
    current = claim(article, expected_lock_version=expected_lock_version)
    revision = remember(current, by=by, comment=comment)
    _tell(article, current)
    return revision


@act(Act.Verb.REVERT)
def revert(article: Article, *, by: User, revision: Revision, expected_lock_version: int | None = None) -> Revision:
    """Make the draft what a revision of it held, as a new revision. Address and stage stay; lost relations are left out."""
    require(by, "articles.change_article")
    current = claim(article, expected_lock_version=expected_lock_version)
    old = current.revisions.get(pk=revision.pk).content
    for name in set(content.TEXT_FIELDS) - {"slug"}:
        setattr(current, name, old[name])
    current.lead_event = Event.objects.filter(pk__in=_ids([old["lead_event"]])).first()
    current.lead_image = Image.objects.filter(pk__in=_ids([old["lead_image"]])).first()
    current.save()
    current.tags.set(Tag.objects.filter(pk__in=_ids(old["tags"])))
    current.further_events.set(Event.objects.filter(pk__in=_ids(old["further_events"])))
    _replace_bylines(current, old["bylines"])
    _replace_sidebar(current, old["sidebar"])
    comment = _("Back to version %(number)s") % {"number": revision.number}
    written = remember(current, by=by, comment=comment, verb=Act.Verb.REVERT)
    _tell(article, current)
    return written


def publish(
    article: Article,
    *,
    by: User,
    visible_from: dt.datetime | None = None,
    correction_note: str = "",
    alone_because: str = "",
    facts_because: str = "",
    facts_seen: str | None = None,
    expected_lock_version: int | None = None,
    known_version: int | None = None,
) -> Publication:
    """Freeze the draft as the next public version, visible now or from a later instant (aware; the past means now).

    The same draft published again returns the version that is there; a scheduled one moves to the instant now asked
    for, unless somebody else scheduled it since: `known_version` is the last version that the person knew of. Every
    scheduled version that readers have not seen yet is replaced. The text must be approved, or the publisher
    must have written nothing of it, or give the reason why he passes it alone (`FourEyes`). What the data contradict
    and nobody answers for keeps it in, unless the chief says why not; his reason covers the contradictions that he was
    shown (`facts_seen`, see `acts.facts.seen_of`). Raises `NotPublishable`.
    """
    for _attempt in range(MOST_CHECKS):
        # Before the transaction: a check takes a while, and holds no lock.
        checked = Checked.of(article)
        try:
            return _publish(
                article,
                by=by,
                checked=checked,
                visible_from=visible_from,
                correction_note=correction_note,
                alone_because=alone_because,
                facts_because=facts_because,
                facts_seen=facts_seen,
                expected_lock_version=expected_lock_version,
                known_version=known_version,
            )
        except _CheckedAnother:
            continue
    raise NotPublishable([_("The article was changed in the meantime.")])


def _contradicted(current: Article, checked: Checked) -> list[Item]:
    """What the data contradict in the text under the lock and nobody answers for."""
    if not checked.is_of(current):
        raise _CheckedAnother
    return checked.open_under_lock(current)


class _CheckedAnother(Exception):  # noqa: N818
    """Somebody saved another text while this one was checked."""


@act(Act.Verb.PUBLISH)
def _publish(
    article: Article,
    *,
    by: User,
    checked: Checked,
    visible_from: dt.datetime | None,
    correction_note: str,
    alone_because: str,
    facts_because: str,
    facts_seen: str | None,
    expected_lock_version: int | None,
    known_version: int | None,
) -> Publication:
    require(by, "articles.publish_article")
    current = claim(article)
    moment = database_now()
    start = _start(visible_from, moment)
    before, writers, open_version = code_of(current), review.writers_of(current), _open_version(current)
    if open_version is None or open_version.revision_id != _latest_pk(current):
        # Else it is the second click of a publication, which gave the article its address and a new version.
        claim(article, expected_lock_version=expected_lock_version)
    if reasons := reasons_not_to_publish(current, at=start) + _embargoed(current, start, moment):
        raise NotPublishable(reasons)
    contradicted = _contradicted(current, checked)
    is_passed = _is_passed(current)
    if is_passed:  # the address, which the story gets now, is no change of what was approved
        review.close_review(current)
    _give_address(current)
    revision = remember(current, by=by, comment="")
    _tell(article, current)
    again = _same_version(open_version, revision, correction_note)
    if again and (again.visible_from <= moment or again.visible_from == start):
        return again
    if again and known_version not in {None, again.version}:
        raise StaleSave(current, current.lock_version)
    need_no_contradiction(contradicted, by=by, because=facts_because, seen=facts_seen)
    if again:  # scheduled, and the result may have changed since
        note_lifted(current, contradicted, by=by, because=facts_because, at=moment, publication=again)
        return _move(again, start, moment, by=by, before=before)
    if open_version is None or open_version.revision_id != revision.pk:
        _need_second_person(writers, by=by, is_passed=is_passed, alone_because=alone_because)
    verb = _verb_of(current, start, moment, by=by, correction_note=correction_note)
    review.close_review(current)
    hand_over(current, start, moment)
    publication = _freeze(current, revision, by=by, visible_from=start, correction_note=correction_note)
    reason = "\n".join(text for text in (correction_note.strip(), alone_because.strip()) if text)
    instant = start if start > moment else None
    keep(checked.report, revision, publication)
    note_lifted(current, contradicted, by=by, because=facts_because, at=moment, publication=publication)
    record(verb, current, by=by, before=before, reason=reason, at=moment, instant=instant, publication=publication)
    return publication


def reschedule(
    article: Article,
    *,
    by: User,
    visible_from: dt.datetime | None = None,
    known: str = "",
    facts_because: str = "",
    facts_seen: str | None = None,
) -> Publication:
    """Move the scheduled version to another instant, or to now, as it was frozen; the draft stays where it is.

    `known` is what the person saw waiting, see `Publication.waiting`. Raises `NotNow` where that has changed. What the
    data contradict by now keeps it from going out any earlier, as in `publish`.
    """
    for _attempt in range(MOST_CHECKS):
        checked = Checked.of_waiting(article)
        try:
            return _reschedule(
                article,
                by=by,
                checked=checked,
                visible_from=visible_from,
                known=known,
                facts_because=facts_because,
                facts_seen=facts_seen,
            )
        except _CheckedAnother:
            continue
    raise NotNow(_("The article was changed in the meantime."))


@act(Act.Verb.RESCHEDULE)
def _reschedule(
    article: Article,
    *,
    by: User,
    checked: Checked | None,
    visible_from: dt.datetime | None,
    known: str,
    facts_because: str,
    facts_seen: str | None,
) -> Publication:
    require(by, "articles.publish_article")
    current = claim(article)
    moment = database_now()
    start = _start(visible_from, moment)
    scheduled = current.publications.to_come(moment).first()
    if scheduled is None:
        raise NothingToWithdraw(_("Nothing is scheduled."))
    if known and known != scheduled.waiting:
        raise NotNow(
            _("Somebody has changed the schedule meanwhile: version %(version)s now goes out on %(at)s.")
            % {"version": scheduled.version, "at": in_words(scheduled.visible_from)}
        )
    if reasons := _embargoed(current, start, moment) + _rights_ended(scheduled, start):
        raise NotPublishable(reasons)
    if start < scheduled.visible_from:
        if checked is None or checked.revision != scheduled.revision_id:
            raise _CheckedAnother
        contradicted = checked.open_under_lock(current)
        need_no_contradiction(contradicted, by=by, because=facts_because, seen=facts_seen)
        note_lifted(current, contradicted, by=by, because=facts_because, at=moment, publication=scheduled)
    return _move(scheduled, start, moment, by=by, before=code_of(current))


@act(Act.Verb.UNSCHEDULE)
def unschedule(article: Article, *, by: User) -> Publication:
    """Take back the version that is scheduled and not visible yet; what is public now stays public. Returns it."""
    require(by, "articles.publish_article")
    current = claim(article)
    moment = database_now()
    before = code_of(current)
    scheduled = current.publications.to_come(moment).first()
    if scheduled is None:
        raise NothingToWithdraw(_("Nothing is scheduled."))
    set_window(scheduled, visible_until=scheduled.visible_from)
    current.publications.public(moment).update(visible_until=None)
    record(Act.Verb.UNSCHEDULE, current, by=by, before=before, at=moment, publication=scheduled)
    return scheduled


@act(Act.Verb.TRASH)
def trash(article: Article, *, by: User) -> None:
    """Put an article into the bin; a public or scheduled one must be withdrawn first. Nothing is deleted."""
    require(by, "articles.delete_article")
    current = claim(article)
    moment = database_now()
    if current.trashed_at:
        article.trashed_at = current.trashed_at
        return
    before = code_of(current)
    if current.publications.public(moment).exists() or current.publications.to_come(moment).exists():
        raise NotPublishable([_("The article is public or scheduled. Withdraw it first.")])
    Article.objects.filter(pk=current.pk).update(trashed_at=Now())
    article.refresh_from_db(fields=["trashed_at"])
    record(Act.Verb.TRASH, current, by=by, before=before, at=moment)


@act(Act.Verb.RESTORE)
def restore(article: Article, *, by: User) -> None:
    """Take an article out of the bin."""
    require(by, "articles.delete_article")
    current = claim(article)
    article.trashed_at = None
    if current.trashed_at is None:
        return
    Article.objects.filter(pk=current.pk).update(trashed_at=None)
    record(Act.Verb.RESTORE, current, by=by, before="bin")


def _open_version(article: Article) -> Publication | None:
    return article.publications.filter(visible_until__isnull=True).first()


def _same_version(version: Publication | None, revision: Revision, correction_note: str) -> Publication | None:
    """The version that is public or scheduled, where the same draft is published again."""
    if version is None or version.revision_id != revision.pk:
        return None
    return version if correction_note in {"", version.correction_note} else None


def _latest_pk(article: Article) -> int | None:
    latest: int | None = article.revisions.values_list("pk", flat=True).first()
    return latest


def _embargoed(article: Article, start: dt.datetime, moment: dt.datetime) -> list[str]:
    if not under_embargo(article, start, moment):
        return []
    return [_("Under embargo until %(at)s.") % {"at": in_words(article.embargo_until or moment)}]


def _rights_ended(version: Publication, start: dt.datetime) -> list[str]:
    return [reason for image in version.images.order_by("pk") for reason in rights_ended(image, at=start)]


def _is_passed(article: Article) -> bool:
    """Whether the draft is what somebody approved, as it is stored now."""
    latest = article.revisions.first()
    if latest is None or not review.is_approved(article, latest):
        return False
    return content.same(latest.content, content.remember(article))


def _need_second_person(writers: set[int], *, by: User, is_passed: bool, alone_because: str) -> None:
    """Four eyes: an approved revision, a publisher who wrote none of it, or a reason from whoever may do without."""
    if is_passed or by.pk not in writers:
        return
    if not by.has_perm("articles.publishalone_article"):
        raise FourEyes(_("You wrote or changed this text yourself. Somebody else has to approve or publish it."))
    if not alone_because.strip():
        raise FourEyes(
            _("You wrote or changed this text yourself. Say why nobody else looks at it before it goes out.")
        )


def _verb_of(article: Article, start: dt.datetime, moment: dt.datetime, *, by: User, correction_note: str) -> str:
    """What this publication is: the first, a scheduled one, a correction, a change without a notice. Asks for its right."""
    last = article.publications.seen().order_by("-visible_from", "-version").first()
    if last is None:
        return Act.Verb.SCHEDULE if start > moment else Act.Verb.PUBLISH
    require(by, "articles.correct_article")
    if correction_note.strip():
        return Act.Verb.CORRECT
    may_be_silent = by.has_perm("articles.publishquietly_article") or not texts_differ(last, article)
    if not may_be_silent and not is_minor(last, article):
        raise NotPublishable([_("Readers know this story. Say what was corrected, so that they can see it.")])
    return Act.Verb.UPDATE


def _start(visible_from: dt.datetime | None, moment: dt.datetime) -> dt.datetime:
    if visible_from is None:
        return moment
    if timezone.is_naive(visible_from):
        raise ValueError("visible_from needs a time zone")
    return max(visible_from, moment)


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


def _move(scheduled: Publication, start: dt.datetime, moment: dt.datetime, *, by: User, before: str) -> Publication:
    """Give a scheduled version another beginning; the version before it ends then."""
    if scheduled.visible_from != start:
        scheduled.article.publications.public(moment).update(visible_until=start)
        set_window(scheduled, visible_from=start)
        verb = Act.Verb.RESCHEDULE if start > moment else Act.Verb.PUBLISH
        record(verb, scheduled.article, by=by, before=before, at=moment, instant=start, publication=scheduled)
    return scheduled


def _freeze(
    article: Article, revision: Revision, *, by: User, visible_from: dt.datetime, correction_note: str
) -> Publication:
    events = _events(article)
    body = sanitise(article.body)
    kept = content.freeze_for_public(article, events)
    copied = ("uid", "slug", "title", "kicker", "kind", "standfirst", "language", "dateline", "agency", "lead_event")
    publication = Publication.objects.create(
        article=article,
        version=next_version(article),
        revision=revision,
        body_html=body,
        body_text=body_nodes.plain_text(body, kept),
        content=kept,
        correction_note=correction_note.strip(),
        visible_from=visible_from,
        published_by=by,
        **{name: getattr(article, name) for name in copied},
    )
    in_boxes = article.sidebar.values("series"), article.sidebar.values("season__series")
    boxed = Series.objects.filter(Q(pk__in=in_boxes[0]) | Q(pk__in=in_boxes[1]))
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
    models: dict[str, type[Session | Event | Series | Season]] = {
        "session": Session, "event": Event, "series": Series, "season": Season,
    }  # fmt: skip
    known = {
        name: set(model.objects.filter(pk__in=_ids([box.get(name) for box in boxes])).values_list("pk", flat=True))
        for name, model in models.items()
    }
    SidebarItem.objects.bulk_create(
        SidebarItem(
            article=article,
            position=position,
            **{name: box[name] for name in content.SIDEBAR_FIELDS},
            **{name: box.get(name, "") for name in content.STANDING_FIELDS},
            **{f"{name}_id": pk for name, there in known.items() for pk in _ids([box.get(name)]) if pk in there},
        )
        for position, box in enumerate(boxes, start=1)
    )
