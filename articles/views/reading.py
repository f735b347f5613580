"""Pages to find stories by: authors, topics, archive, search, corrections; and the site's own pages."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import archive, search
from articles.archive import Span, StoryFilter
from articles.corrections import corrections
from articles.models import Author, FormerSlug, Listing, PageVersion, Tag
from articles.stories import portrait
from results.structured_data import Data, data_block, profile_page


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Who wrote what; exists only while one of the stories is public."""
    number = archive.page_number(request.GET)
    found = Author.objects.public().select_related("portrait").filter(slug=slug).first()
    if found is None:
        return _moved(Author, slug)
    context = {
        "author": found,
        "page_title": found.name,
        "structured_data": [data_block(_profile(found))],
        "portrait": portrait(found),
        "page": archive.page_of(archive.of_author(found), number),
        "canonical_path": found.get_absolute_url(),
    }
    return render(request, "articles/author.html", context)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """Stories of a topic; exists only while one of them is public."""
    number = archive.page_number(request.GET)
    found = Tag.objects.public().filter(slug=slug).first()
    if found is None:
        return _moved(Tag, slug)
    context = {
        "tag": found,
        "page_title": found.name,
        "page": archive.page_of(archive.of_tag(found), number),
        "canonical_path": found.get_absolute_url(),
    }
    return render(request, "articles/tag.html", context)


def _profile(author: Author) -> Data:
    said = {"description": author.biography} if author.biography else {}
    return profile_page(author.name, author.get_absolute_url(), **said)


def _moved(model: type[Author | Tag], slug: str) -> HttpResponse:
    """From a former address to the present one if readers may see that; Http404 otherwise."""
    former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug).values("object_id")
    present: Author | Tag | None = model._default_manager.public().filter(pk__in=former).first()
    if present is None:
        raise Http404
    return HttpResponsePermanentRedirect(present.get_absolute_url())


@require_safe
def archive_list(request: HttpRequest, year: int | None = None, month: int = 0) -> HttpResponse:
    """All public stories, of a year or a month, by series, kind, author and topic."""
    number = archive.page_number(request.GET)
    span = None if year is None else Span(year, month)
    chosen = StoryFilter(request.GET, archive.in_span(span) if span else Listing.objects.public())
    if not chosen.is_valid():
        raise BadRequest("no such choice")
    page = archive.page_of(chosen.qs, number)
    if span and not page.stories and not chosen.chosen:
        raise Http404
    context = {
        "filter": chosen,
        "page": page,
        "span": span,
        "years": archive.years(),
        "months": [] if year is None else archive.months_of(year),
        "canonical_path": request.path,
    }
    return render(request, "articles/archive.html", context)


class SearchForm(forms.Form):
    """What somebody looks for, and in which order the hits come."""

    q = forms.CharField(
        label=_("Search for"),
        required=False,
        max_length=search.LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    sortierung = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("best first")), ("datum", _("newest first"))]
    )
    seite = forms.IntegerField(required=False, min_value=1, max_value=search.PAGES, widget=forms.HiddenInput)


@require_safe
def search_results(request: HttpRequest) -> HttpResponse:
    """Public stories with all the words, and public names; nothing is asked of the database without a question."""
    form = SearchForm(request.GET)
    if archive.FOREIGN & request.GET.keys() or not form.is_valid():
        raise BadRequest("no such question")
    text, order, number = (form.cleaned_data[name] for name in ("q", "sortierung", "seite"))
    context: dict[str, Any] = {
        "form": form,
        "text": text,
        "canonical_path": reverse("articles:search"),
        "chosen": {name: value for name, value in (("q", text), ("sortierung", order)) if value},
        "ranked": search.RANKED,
    }
    if text:
        found = search.find(search.understand(text), by_date=order == "datum", number=number or 1)
        if found.number > 1 and not found.hits:
            raise Http404
        context |= {"found": found, "names": search.find_names(text) if found.number == 1 else []}
    return render(request, "articles/search.html", context)


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """What was wrong and when it was put right."""
    number = archive.page_number(request.GET)
    found, has_more = corrections(number)
    context = {
        "corrections": found,
        "page": archive.StoryPage([], number, has_more),
        "canonical_path": reverse("articles:corrections"),
    }
    return render(request, "articles/corrections.html", context)


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page of the site itself, in the version that holds now."""
    version = PageVersion.objects.public().filter(page__name=name).first()
    if version is None:
        raise Http404
    return render(request, "articles/page.html", {"version": version, "canonical_path": request.path})
