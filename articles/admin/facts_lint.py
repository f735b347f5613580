"""Remarks of the linters beside the form: asked for a text that need not be saved, applied in the browser, hidden here.

A `Draft` is what they are made of, stored or as a form holds it; `shown(draft)` is what `facts_lint.html` shows.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.body import to_plain_text
from articles.fact_desk import LONGEST_TEXT, Words, events_of, key_in, words_sent
from articles.factcheck.lint.database import remarks_on, written_on
from articles.factcheck.lint.remark import Kind, Remark
from articles.factcheck.text import end_of_reading
from articles.models import Article, Image
from articles.remarks import digest_of, hidden_digests, hide, show_all

LINES = ("kicker", "title", "standfirst")
_AROUND = 24  # signs of the line shown and compared at either side
_LINE_ENDS = re.compile(r"[\n\r\u2028\u2029]")

HEADINGS = {
    Kind.NAME: gettext_lazy("Names"),
    Kind.ACCENT: gettext_lazy("Accents"),
    Kind.ONE_NAME: gettext_lazy("One person, several names"),
    Kind.TEAM: gettext_lazy("Teams"),
    Kind.PLACE: gettext_lazy("Makes and circuits"),
    Kind.WEEKDAY: gettext_lazy("Weekday and date"),
    Kind.QUOTE: gettext_lazy("Quotation marks"),
    Kind.CAPTION: gettext_lazy("Said twice"),
    Kind.PICTURE: gettext_lazy("Pictures"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a remark stands: its words with those around them in their line."""

    before: str
    text: str
    after: str

    @classmethod
    def of(cls, remark: Remark, text: str) -> Place:
        before = _LINE_ENDS.split(text[max(remark.start - _AROUND, 0) : remark.start])[-1]
        after = _LINE_ENDS.split(text[remark.end : remark.end + _AROUND])[0]
        return cls(before, remark.text, after)


@dataclass(frozen=True, slots=True)
class Shown:
    """One remark with all places it is about; `picture_url` leads to the picture it is about."""

    remark: Remark
    digest: str
    places: tuple[Place, ...]
    picture_url: str = ""

    @property
    def places_json(self) -> str:
        return json.dumps([asdict(place) for place in self.places], ensure_ascii=False)

    @property
    def is_removal(self) -> bool:
        return self.remark.suggestion == ""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the panel shows: remarks by kind, how many there are, how many somebody has hidden.

    `may_hide`: there is a revision to hide them for. `unread`: signs of a text that is too long to be read to its end.
    """

    groups: tuple[tuple[str, tuple[Shown, ...]], ...]
    count: int
    hidden: int
    may_hide: bool = True
    unread: int = 0
    has_text: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A text with its events and pictures, as it is stored or as a form holds it."""

    article: Article | None
    text: str
    body: str
    events: tuple[int, ...]
    lead_image: int | None

    @classmethod
    def stored(cls, article: Article, text: str | None = None) -> Draft:
        read = _as_read(article) if text is None else text
        return cls(article, read, article.body, events_of(article), article.lead_image_id)

    @classmethod
    def sent(cls, sent: Any, article: Article | None) -> Draft:
        """What a form does not send is as it is stored."""
        words = words_sent(sent)
        events = events_of(article) if article and "lead_event" not in sent else words.events
        image = article.lead_image_id if article and "lead_image" not in sent else key_in(sent.get("lead_image", ""))
        return cls(article, _as_read(words), words.body, events, image)


def remarks(draft: Draft) -> list[Remark]:
    """All remarks on a text and on its pictures, hidden ones too; spans count code points of the text."""
    return remarks_on(
        draft.text[: end_of_reading(draft.text, LONGEST_TEXT)],
        body=draft.body,
        events=draft.events,
        lead_image=draft.lead_image,
        written=written_on(draft.article),
    )


def shown(draft: Draft) -> Remarks:
    """The remarks that nobody has hidden for the newest revision, the same remark about several places as one."""
    article, text = draft.article, draft.text
    if not (text or draft.lead_image):
        return Remarks((), 0, 0, may_hide=article is not None, has_text=False)
    together: dict[str, list[Remark]] = {}
    for remark in remarks(draft):
        together.setdefault(digest_of(remark), []).append(remark)
    hidden = hidden_digests(article) & together.keys() if article else frozenset()
    visible = {digest: found for digest, found in together.items() if digest not in hidden}
    addresses = _addresses(found[0].picture for found in visible.values())
    lines = [
        Shown(
            found[0],
            digest,
            tuple(Place.of(remark, text) for remark in found if remark.end),
            addresses.get(found[0].picture, ""),
        )
        for digest, found in visible.items()
    ]
    order = list(Kind)
    lines.sort(key=lambda line: order.index(line.remark.kind))
    groups = tuple(
        (str(HEADINGS[kind]), tuple(members)) for kind, members in groupby(lines, key=lambda line: line.remark.kind)
    )
    unread = len(text) - end_of_reading(text, LONGEST_TEXT)
    return Remarks(groups, len(lines), len(hidden), may_hide=article is not None, unread=unread)


def _addresses(tokens: Any) -> dict[str, str]:
    wanted = {token for token in tokens if token}
    if not wanted:
        return {}
    found = Image.objects.filter(token__in=wanted).values_list("token", "pk")
    return {token: reverse("admin:articles_image_change", args=[key]) for token, key in found}


def _as_read(words: Words | Article) -> str:
    """The words of a story as linters read them: its lines and the text, apart by empty lines."""
    lines = [str(getattr(words, name)).strip() for name in LINES]
    return "\n\n".join(filter(None, [*lines, to_plain_text(words.body)]))


class LintRemarks:
    """Addresses beside the article form; mixed into its ModelAdmin."""

    admin_site: Any
    has_add_permission: Any
    has_change_permission: Any
    _to_write: Any

    def get_urls(self) -> list[URLPattern]:
        doors = {"remarks": self.remarks_view, "remarks_hide": self.hide_view}
        own = [
            path(
                f"<int:object_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"articles_article_{name}",
            )
            for name, view in doors.items()
        ]
        new = self.admin_site.admin_view(require_POST(self.remarks_view))
        own.append(path("add/remarks/", new, name="articles_article_remarks_new"))
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    def lint_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """The remarks on what the form shows, for whoever may change it."""
        may_write = self.has_change_permission(request, article) if article else self.has_add_permission(request)
        if not may_write:
            return {"lint": None}
        base, args = "admin:articles_article_remarks", [article.pk] if article else []
        draft = Draft.stored(article) if article and request.method != "POST" else Draft.sent(request.POST, article)
        return {
            "lint": shown(draft),
            "remarks_url": reverse(base if article else f"{base}_new", args=args),
            "hide_url": reverse(f"{base}_hide", args=args) if article else "",
        }

    def remarks_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """The remarks on what stands in the form, as a piece of HTML."""
        article: Article | None = self._to_write(request, object_id)
        return _answer(request, article)

    def hide_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Hide one remark for this revision, or show all again; answers with the list."""
        article: Article = self._to_write(request, object_id)
        assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
        digest = request.POST.get("digest", "")
        if digest == "none":
            show_all(article)
        elif not re.fullmatch(r"[0-9a-f]{32}", digest) or not hide(article, digest, by=request.user):
            return HttpResponseBadRequest(_("There is no such remark."))
        return _answer(request, article)


def _answer(request: HttpRequest, article: Article | None) -> HttpResponse:
    remarks_now = shown(Draft.sent(request.POST, article))
    response = render(request, "admin/articles/article/facts_lint.html", {"lint": remarks_now})
    response["Cache-Control"] = "private, no-store"
    return response
