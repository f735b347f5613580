"""Public pages of the stories: load, decide, render. Nothing here that is not published."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from articles import front, stories
from articles.structured_data import data_block, news_article, trail
from results import selectors

RELATED = 4
FRONT_RESULTS = 4


def home(request: HttpRequest) -> HttpResponse:
    """The front page: pinned and newest stories in their slots, the latest results and what comes next."""
    context = {
        "front": front.front_page(),
        "results": selectors.latest_results(limit=FRONT_RESULTS),
        "canonical_path": reverse("articles:home"),
    }
    return render(request, "articles/home.html", context)


def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A story at its current address; 301 from a former one, 410 once it is withdrawn, 404 for all else."""
    story = stories.get_story(slug)
    if story is None:
        return _gone(request, slug)
    if story.slug != slug:
        return redirect(story, permanent=True)
    context = {
        "story": story,
        "related": stories.related_stories(story, limit=RELATED),
        "structured_data": [data_block(news_article(story)), data_block(trail(story))],
        "canonical_path": story.get_absolute_url(),
        "series": story.series,
        "current_series": story.series.slug if story.series else "",
    }
    return render(request, "articles/article_detail.html", context)


def _gone(request: HttpRequest, slug: str) -> HttpResponse:
    withdrawal = stories.withdrawal_of(slug)
    if withdrawal is None:
        raise Http404
    return render(request, "410.html", {"note": withdrawal.note}, status=410)
