"""What the body editor asks while somebody writes: facts and pictures to insert, how values stand, typographic signs.

Answers are JSON. Nothing here writes. Embargoed facts are among them, for the desk writes before they are out.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from articles import body_tables
from articles.admin.node_words import NODE_WORDS
from articles.body import picture_tokens, references, sanitise
from articles.body_figures import values
from articles.body_gate import judge
from articles.body_nodes import is_extract, shown_of
from articles.facts.current import extracts_of, facts_of
from articles.facts.search import find_extracts, find_facts
from articles.facts.tables import find_tables, tables_of
from articles.models import Image
from articles.typography import typeset, typeset_html
from results.models import Event
from results.notation import Language

MOST_EVENTS = 12
MOST_PICTURES = 24
LONGEST_QUERY = 100
THUMB = "w480-jpeg"  # made with the upload; older pictures answer with the nearest they have


class BodyNodes:
    """Addresses beside the article form; mixed into its ModelAdmin."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[str, Callable[[HttpRequest], dict[str, Any]]]] = {
            "facts": ("GET", _facts),
            "pictures": ("GET", _pictures),
            "nodes": ("POST", _nodes),
            "typography": ("POST", _typography),
        }
        own = [
            path(f"{name}/", self.admin_site.admin_view(_answering(method, view)), name=f"articles_article_{name}")
            for name, (method, view) in views.items()
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls


def node_setup() -> dict[str, dict[str, StrOrPromise]]:
    """What the editor's script needs to know: its words, and where to ask."""
    names = ("facts", "pictures", "nodes", "typography")
    return {
        "words": NODE_WORDS,
        "addresses": {name: reverse(f"admin:articles_article_{name}") for name in names},
    }


def _answering(method: str, view: Callable[[HttpRequest], dict[str, Any]]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The view for those who write stories and may look at facts and pictures; everybody else is refused."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        person = request.user
        writes = person.has_perm("articles.change_article") or person.has_perm("articles.add_article")
        if not (writes and person.has_perms(["results.view_classification", "articles.view_image"])):
            raise PermissionDenied
        if request.method != method:
            return HttpResponseNotAllowed([method])
        response = JsonResponse(view(request))
        response["Cache-Control"] = "private, no-store"
        return response

    return answer


def _language(sent: str | None) -> Language:
    return "en" if sent == "en" else "de"


def _facts(request: HttpRequest) -> dict[str, Any]:
    """Facts of the events (`event=1&event=2`) that answer to `q`, and the classifications to take an extract from."""
    keys = [int(key) for key in request.GET.getlist("event") if key.isdecimal() and len(key) < 10]  # noqa: PLR2004 - an integer
    events = list(Event.objects.filter(pk__in=keys).select_related("season__series")[:MOST_EVENTS])
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    hits = find_facts(events, query, language=_language(request.GET.get("language"))) if events else []
    wants_extracts = "extracts" in request.GET and events
    extracts = [*find_extracts(events), *find_tables(events)] if wants_extracts else []
    return {"hits": [hit.as_json() for hit in hits], "extracts": extracts, "has_events": bool(events)}


def _pictures(request: HttpRequest) -> dict[str, Any]:
    """Pictures of the library that answer to every word of `q`, newest first."""
    found = Image.objects.kept().filter(renditions__isnull=False).distinct()
    for word in request.GET.get("q", "")[:LONGEST_QUERY].split():
        texts = (Q(**{f"{name}__icontains": word}) for name in ("title", "alt", "caption", "credit"))
        found = found.filter(_any(texts))
    return {"pictures": [_picture(image) for image in found.order_by("-uploaded_at", "-pk")[:MOST_PICTURES]]}


def _any(conditions: Any) -> Q:
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole


def _picture(image: Image) -> dict[str, Any]:
    texts = {name: getattr(image, name) for name in ("token", "title", "alt", "caption", "credit")}
    return texts | {
        "thumb": reverse("articles:media", args=[image.token, THUMB]),
        "edit": reverse("admin:articles_image_change", args=[image.pk]),
    }


def _nodes(request: HttpRequest) -> dict[str, Any]:
    """How the nodes of a text stand: each value beside the data, what extracts show to readers now, what pictures lack."""
    clean = sanitise(request.POST.get("body", ""))
    language = _language(request.POST.get("language"))
    asked = references(clean)
    public = facts_of(asked, language=language)
    desk = facts_of(asked, language=language, for_desk=True)
    told = []
    for value in dict.fromkeys(values(clean)):
        verdict = judge(value, public, desk)
        fact = verdict.fact
        told.append(
            {
                "reference": value.reference,
                "text": value.text,
                "state": verdict.state,
                "now": fact.text if fact else "",
                "value": fact.value if fact else "",
                "about": fact.about if fact else "",
            }
        )
    extracts = {reference: shown_of(result) for reference, result in extracts_of(asked).items()}
    for reference, part in tables_of(asked).items():
        extracts[reference] = {
            "name": body_tables.name_of(part),
            "lines": body_tables.lines_of(part),
            "source": body_tables.source_of(part),
        }
    images = Image.objects.filter(token__in=picture_tokens(clean))
    return {
        "values": told,
        "extracts": {reference: extracts.get(reference) for reference in asked if is_extract(reference)},
        "pictures": {image.token: _picture(image) for image in images},
    }


LINES = ("kicker", "title", "standfirst")


def _typography(request: HttpRequest) -> dict[str, Any]:
    """The texts of the form with their signs set, and each change with the words around it."""
    language = _language(request.POST.get("language"))
    set_texts = {name: typeset(request.POST.get(name, ""), language) for name in LINES}
    set_texts["body"] = typeset_html(sanitise(request.POST.get("body", "")), language)
    labels = {"kicker": _("kicker"), "title": _("title"), "standfirst": _("standfirst"), "body": _("text")}
    return {
        "texts": {name: whole.text for name, whole in set_texts.items() if whole.changes},
        "changes": [
            {"label": labels[name], "before": change.before, "after": change.after}
            for name, whole in set_texts.items()
            for change in whole.changes
        ],
    }
