"""What a story lacks before the public may read it. Drafts may be incomplete; here is where it gets strict."""

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from itertools import count

from django.db.models import Q
from django.utils.translation import gettext as _

from articles import pictures
from articles.body import to_plain_text
from articles.body_gate import reasons_of_the_text
from articles.models import Address, Article, Image, SidebarItem
from articles.usage import TOKENS_OF_BODY
from results.names import RESERVED_SLUGS, slugify_german

# A draft saved without a title gets this one, see `articles.forms`.
DRAFT_TITLE = "Ohne Titel"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def reasons_not_to_publish(article: Article, *, at: dt.datetime | None = None) -> list[str]:
    """One German sentence for each thing that is missing; empty when the story may go out at that instant (now)."""
    reasons: list[str] = []
    for find in (
        _missing_words,
        _missing_people,
        _missing_picture_texts,
        reasons_of_the_text,
        partial(_picture_rights, at=at),
        _incomplete_boxes,
        _bad_address,
    ):
        reasons += find(article)
    return reasons


def _missing_words(article: Article) -> list[str]:
    reasons = []
    if article.trashed_at:
        reasons.append(_("The article is in the bin."))
    if article.title.strip() in {"", DRAFT_TITLE}:
        reasons.append(_("The title is missing."))
    if not article.standfirst.strip():
        reasons.append(_("The standfirst is missing."))
    if not to_plain_text(article.body):
        reasons.append(_("The text is missing."))
    return reasons


def _missing_people(article: Article) -> list[str]:
    return [] if article.bylines.exists() else [_("No author is named.")]


def _missing_picture_texts(article: Article) -> list[str]:
    image: Image | None = article.lead_image
    if image is None:
        return []
    reasons = []
    if not image.alt.strip():
        reasons.append(_("The lead picture has no alternative text."))
    if not image.credit.strip():
        reasons.append(_("The lead picture has no credit."))
    return reasons


def pictures_of(article: Article) -> list[Image]:
    """Every picture the story would show: the lead, and those in its text."""
    drawn = Article.objects.filter(pk=article.pk).values_list(TOKENS_OF_BODY, flat=True).first() or []
    wanted = Q(pk=article.lead_image_id) | Q(token__in=drawn)
    return list(Image.objects.filter(wanted).order_by("pk"))


def _picture_rights(article: Article, *, at: dt.datetime | None) -> list[str]:
    return [reason for image in pictures_of(article) for reason in pictures.reasons_not_to_publish(image, at=at)]


def warnings_before_publishing(article: Article) -> list[str]:
    """What keeps nobody from publishing and should be known before; German sentences."""
    return [words for image in pictures_of(article) for words in pictures.warnings_before_publishing(image)]


def _incomplete_boxes(article: Article) -> list[str]:
    return [
        _("Sidebar box %(number)s (%(kind)s): %(missing)s.")
        % {"number": number, "kind": item.get_kind_display(), "missing": missing}
        for number, item in enumerate(article.sidebar.all(), start=1)
        if (missing := what_is_missing(item))
    ]


def what_is_missing(item: SidebarItem) -> str:
    """What a box of its kind cannot do without, in words; empty when it is complete."""
    of_a_championship: list[tuple[Callable[[SidebarItem], object], str]] = [
        (lambda box: box.season_id, _("the season is missing")),
        (lambda box: box.table.strip(), _("the championship is missing")),
    ]
    needs: dict[str, list[tuple[Callable[[SidebarItem], object], str]]] = {
        SidebarItem.Kind.CLASSIFICATION: [(lambda box: box.session_id, _("the session is missing"))],
        SidebarItem.Kind.LAP_TIMES: [
            (lambda box: box.session_id, _("the session is missing")),
            (lambda box: box.cars.strip(), _("the car numbers are missing")),
        ],
        SidebarItem.Kind.NEXT_EVENT: [(lambda box: box.series_id, _("the series is missing"))],
        SidebarItem.Kind.SCHEDULE: [(lambda box: box.event_id, _("the event is missing"))],
        SidebarItem.Kind.STANDING: of_a_championship,
        SidebarItem.Kind.TITLE: of_a_championship,
        SidebarItem.Kind.FREE: [(lambda box: box.text.strip(), _("the text is missing"))],
    }
    return ", ".join(words for given, words in needs.get(item.kind, []) if not given(item))


def _bad_address(article: Article) -> list[str]:
    slug = article.slug
    if not slug:
        return []
    if not is_slug(slug):
        return [_("The address “%(slug)s” may hold small letters, digits and single hyphens only.") % {"slug": slug}]
    if slug in RESERVED_SLUGS:
        return [_("The address “%(slug)s” belongs to the site itself.") % {"slug": slug}]
    if Address.objects.filter(slug=slug).exclude(article=article).exists():
        return [_("The address “%(slug)s” belongs to another article.") % {"slug": slug}]
    return []


def is_slug(text: str) -> bool:
    return bool(_SLUG.fullmatch(text))


def free_slug(article: Article) -> str:
    """An address made of the title that neither another article nor the site has: `title`, `title-2`, `title-3` …"""
    wanted = slugify_german(article.title, limit=76)
    taken = {
        *RESERVED_SLUGS,
        *Address.objects.filter(slug__startswith=wanted).exclude(article=article).values_list("slug", flat=True),
        *Article.objects.filter(slug__startswith=wanted).exclude(pk=article.pk).values_list("slug", flat=True),
    }
    if wanted not in taken:
        return wanted
    return next(slug for number in count(2) if (slug := f"{wanted}-{number}") not in taken)
