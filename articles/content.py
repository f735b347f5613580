"""What an article holds, as JSON: complete for the desk's memory, and frozen for the public."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from articles import body_nodes
from articles.body import picture_tokens
from articles.body_gate import language_of
from articles.models import Article, Image, SidebarItem
from articles.sidebar import freeze_all
from results.models import Event

# Columns that a revision remembers as they are.
TEXT_FIELDS = (
    "title",
    "slug",
    "kind",
    "kicker",
    "standfirst",
    "body",
    "language",
    "dateline",
    "agency",
    "notes",
)
SIDEBAR_FIELDS = ("kind", "heading", "checkpoint", "class_name", "cars", "limit", "text")
SIDEBAR_REFERENCES = ("session", "event", "series")
# What only boxes with tables and titles hold; remembered where it is given, for older memories do not know of it.
STANDING_FIELDS = ("table", "competitor", "told")
STANDING_REFERENCES = ("season",)

Content = dict[str, Any]


def remember(article: Article) -> Content:
    """Everything a save may change, with ids for comparing and names for reading; the same state gives equal content."""
    return {
        **{name: getattr(article, name) for name in TEXT_FIELDS},
        "bylines": [
            {"author": line.author_id, "name": line.author.name} for line in article.bylines.select_related("author")
        ],
        "sidebar": [_box(item) for item in boxes(article)],
        "tags": [{"id": tag.pk, "name": tag.name} for tag in article.tags.order_by("pk")],
        "lead_event": _named(article.lead_event),
        "further_events": [_named(event) for event in further_events(article)],
        "lead_image": _picture(article.lead_image),
    }


def boxes(article: Article) -> QuerySet[SidebarItem]:
    """The sidebar in order, with all that its boxes refer to."""
    return article.sidebar.select_related(
        "session__event__season__series", "event__season__series", "series", "season__series"
    )


def further_events(article: Article) -> QuerySet[Event]:
    return article.further_events.select_related("season__series").order_by("pk")


def same(first: Content, second: Content) -> bool:
    """Whether two memories hold the same: a renamed author, tag or event alone is no change of the article."""
    return bool(_without_names(_texts(first)) == _without_names(_texts(second)))


def _texts(content: Content) -> Content:
    """Old memories hold the stage, which is not the article's text: only the acts of review change it."""
    return {name: value for name, value in content.items() if name != "stage"}


def _without_names(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_names(item) for item in value]
    if isinstance(value, dict):
        named = "name" in value and ("id" in value or "author" in value)
        return {key: _without_names(item) for key, item in value.items() if not (named and key == "name")}
    return value


def _named(thing: Any) -> Content | None:
    return {"id": thing.pk, "name": str(thing)} if thing else None


def _box(item: Any) -> Content:
    references = {name: _named(getattr(item, name)) for name in SIDEBAR_REFERENCES}
    further = {name: value for name in STANDING_FIELDS if (value := getattr(item, name))}
    further |= {name: _named(value) for name in STANDING_REFERENCES if (value := getattr(item, name))}
    return {**{name: getattr(item, name) for name in SIDEBAR_FIELDS}, **references, **further}


def _picture(image: Image | None) -> Content | None:
    if image is None:
        return None
    texts = {name: getattr(image, name) for name in ("token", "title", "alt", "caption", "credit")}
    return {"id": image.pk, **texts}


def freeze_for_public(article: Article, events: Iterable[Event]) -> Content:
    """What a publication keeps beside its columns: bylines, lead picture, boxes with what they showed, tags, events,
    and the nodes of the text with theirs (`articles.body_nodes`).
    """
    return {
        "bylines": [
            {"name": line.author.name, "slug": line.author.slug} for line in article.bylines.select_related("author")
        ],
        "lead_image": _public_picture(article.lead_image),
        "sidebar": freeze_all(boxes(article)),
        "tags": [{"name": tag.name, "slug": tag.slug} for tag in article.tags.all()],
        "events": [{"id": event.pk, "name": event.name, "season": str(event.season)} for event in events],
        "body_images": [_public_picture(image) for image in body_images(article)],
        **body_nodes.freeze(article.body, language=language_of(article)),
    }


def body_images(article: Article) -> list[Image]:
    """The pictures of the text that are in the library, each once, in order."""
    tokens = picture_tokens(article.body)
    known = {image.token: image for image in Image.objects.filter(token__in=tokens)} if tokens else {}
    return [known[token] for token in tokens if token in known]


def _public_picture(image: Image | None) -> Content | None:
    if image is None:
        return None
    sizes = image.renditions.order_by("width").values("name", "width", "height", "media_type")
    texts = {name: getattr(image, name) for name in ("token", "alt", "caption", "credit", "width", "height")}
    return {**texts, "renditions": list(sizes)}
