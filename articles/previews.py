"""A draft as readers would see it: beside the form before it is saved, and behind a link that expires.

What is shown is what publishing now would freeze, so facts that readers may not see yet are not shown here either.
"""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, Min, OuterRef
from django.db.models.functions import Now
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import content, workflow
from articles.body import sanitise, to_plain_text
from articles.corrections import told
from articles.gate import free_slug
from articles.models import Article, Image, ImageBlock, PreviewLink, Publication, Rendition
from articles.models.drafting import LONGEST
from articles.renditions import SIZES, in_place_of
from articles.sidebar import BoxSpec
from articles.stories import Story
from results.models import Event

TOKEN_BYTES = 24  # 192 random bits
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_PICTURE_IN_BODY = re.compile(r'data-image="([A-Za-z0-9_-]{22})"')
# A preview that waits longer for somebody's save is asked for again by the browser.
_LOCK_WAIT = "3s"


def draft_story(article: Article) -> Story:
    """The story that publishing the article now would make, for the templates of the public pages. Nothing is stored."""
    events = list(dict.fromkeys(_events(article)))
    body = sanitise(article.body)
    moment = timezone.now()
    seen = article.publications.seen()
    event = article.lead_event
    copied = ("uid", "title", "kicker", "kind", "standfirst", "language", "dateline", "agency", "lead_event")
    publication = Publication(
        article=article,
        version=0,
        slug=article.slug or free_slug(article),
        body_html=body,
        body_text=to_plain_text(body),
        content=content.freeze_for_public(article, events),
        visible_from=moment,
        **{name: getattr(article, name) for name in copied},
    )
    notes = told().filter(article=article).order_by("version").values("visible_from", "correction_note")
    # What `articles.stories` asks the database to add to a publication.
    added = {
        "first_published_at": seen.aggregate(first=Min("visible_from"))["first"] or moment,
        "kept_picture": publication.content["lead_image"],
        "event_is_public": event is not None and Event.objects.public().filter(pk=event.pk).exists(),
        "withheld_pictures": list(ImageBlock.objects.open().values_list("image__token", flat=True)),
        "notices": [{"at": row["visible_from"].isoformat(), "text": row["correction_note"]} for row in notes],
    }
    for name, value in added.items():
        setattr(publication, name, value)
    return Story(publication)


def _events(article: Article) -> Iterable[Event]:
    """The lead event first, then the further ones."""
    return [*([article.lead_event] if article.lead_event else []), *content.further_events(article)]


def unsaved(
    form: ModelForm[Article],
    formsets: Iterable[BaseInlineFormSet],  # type: ignore[type-arg]
    show: Callable[[Story, list[str]], HttpResponse],
) -> HttpResponse:
    """What `show` makes of the story as the form holds it, with notes about what is not shown.

    The form is stored as a save would store it and taken back at once, so that the preview knows all that publishing
    knows and no second way of making a story out of a form exists. Nobody else ever sees it; no revision is written.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_WAIT])
        notes = _store(form, formsets)
        story = draft_story(form.instance)
        answer = show(story, notes + _silent_boxes(form.instance, story))
        transaction.set_rollback(True)
    return answer


def _store(form: ModelForm[Article], formsets: Iterable[BaseInlineFormSet]) -> list[str]:  # type: ignore[type-arg]
    """Store all that is valid; what is not keeps its stored value and is named in a note."""
    form.is_valid()
    article = form.instance
    article.save()
    for name in ("further_events", "tags"):
        if name in form.cleaned_data:
            getattr(article, name).set(form.cleaned_data[name])
    wrong = [str(form.fields[name].label or name) for name in form.errors if name in form.fields]
    for formset in formsets:
        formset.is_valid()
        wrong += [_name_of(formset) for row in formset.forms if not _stored(row, formset, article)]
    if not wrong:
        return []
    return [_("Not shown, because it cannot be stored like this: %(fields)s.") % {"fields": ", ".join(wrong)}]


def _name_of(formset: BaseInlineFormSet) -> str:  # type: ignore[type-arg]
    assert formset.model is not None  # noqa: S101 - an inline's factory sets it
    return str(formset.model._meta.verbose_name)


def _stored(row: ModelForm, formset: BaseInlineFormSet, article: Article) -> bool:  # type: ignore[type-arg]
    """Whether a row of the form could be stored, or there was nothing to store."""
    if row.is_valid() and row.cleaned_data.get("DELETE") and formset.can_delete:
        if row.instance.pk:
            row.instance.delete()
        return True
    if not row.has_changed():
        return True
    if not row.is_valid():
        return False
    row.instance.article = article
    try:
        with transaction.atomic():
            row.instance.save()
    except IntegrityError:  # the same author twice
        return False
    return True


def _silent_boxes(article: Article, story: Story) -> list[str]:
    """Boxes that readers would not see, for what they refer to is missing or not public."""
    shown = {box.spec for box in story.boxes}
    return [
        _("Sidebar box %(number)s (%(kind)s) shows nothing yet.") % {"number": number, "kind": item.get_kind_display()}
        for number, item in enumerate(article.sidebar.all(), start=1)
        if BoxSpec.from_item(item) not in shown
    ]


# --- links ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def mint(article: Article, *, by: User, hours: int, purpose: str = "") -> tuple[PreviewLink, str]:
    """Make a link to the draft, valid for `hours`, a day at most. The token in it is told here and never again."""
    if not by.has_perm("articles.change_article"):
        raise PermissionDenied
    # Under the row's lock an act of publishing lies either before the link or after it, and then ends it.
    current = workflow.claim(article)
    if current.trashed_at:
        raise PermissionDenied
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = PreviewLink.objects.create(
        article=current,
        token_sha256=_hash(token),
        purpose=purpose.strip()[:120],
        created_by=by,
        expires_at=Now() + min(dt.timedelta(hours=hours), LONGEST),
    )
    link.refresh_from_db()
    return link, token


def revoke(link: PreviewLink, *, by: User) -> None:
    """The link opens no more; a second time changes nothing."""
    if not by.has_perm("articles.change_article"):
        raise PermissionDenied
    PreviewLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=Now(), revoked_by=by)


def link_behind(token: str) -> PreviewLink | None:
    """The living link of a token; None for one that never was, expired, was revoked or ended with an act of the desk,
    and for one whose maker may not make any more.
    """
    if not _TOKEN.fullmatch(token):
        return None
    related = ("article__lead_event__season__series", "article__lead_image", "created_by")
    link = PreviewLink.objects.alive().select_related(*related).filter(token_sha256=_hash(token)).first()
    return link if link and _may_mint(link.created_by) else None


def _may_mint(person: User) -> bool:
    return person.is_staff and person.has_perm("articles.change_article")


def picture_behind(link: PreviewLink, image_token: str, size: str) -> list[Rendition]:
    """What may answer for a picture of the draft in that size, best first; nothing for a picture it does not show."""
    if size not in SIZES or image_token not in _pictures(link.article):
        return []
    names = in_place_of(SIZES[size])
    blocked = Exists(ImageBlock.objects.open().filter(image=OuterRef("image")))
    found = Rendition.objects.filter(~blocked, image__token=image_token, name__in=names)
    return sorted(found, key=lambda rendition: names.index(rendition.name))


def beneath(html: str, link: PreviewLink, token: str) -> str:
    """The page with the addresses of the draft's pictures beneath the link's own, where its token opens them."""
    for image_token in _pictures(link.article):
        public, own = (
            reverse("articles:media", args=[image_token, "x"]).removesuffix("x"),
            reverse("articles:preview-media", args=[token, image_token, "x"]).removesuffix("x"),
        )
        html = html.replace(f'"{public}', f'"{own}').replace(f" {public}", f" {own}")
    return html


def _pictures(article: Article) -> set[str]:
    lead: Image | None = article.lead_image
    return {*_PICTURE_IN_BODY.findall(article.body), *([lead.token] if lead else [])}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def links_of(article: Article) -> list[PreviewLink]:
    """All links ever made for an article, newest first, each with `is_alive`."""
    alive = set(PreviewLink.objects.alive().filter(article=article).values_list("pk", flat=True))
    links = list(
        PreviewLink.objects.filter(article=article)
        .select_related("created_by", "revoked_by")
        .order_by(F("created_at").desc(), "-pk")
    )
    for link in links:
        link.is_alive = link.pk in alive  # type: ignore[attr-defined]  # for the template
    return links
