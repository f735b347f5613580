"""Lists of public stories a page at a time: the archive with its filters, the pages of authors and topics."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.db import connection
from django.db.models import Max, Min, QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.filters import ChoiceFilter, ModelChoiceFilter
from django_filters.filterset import FilterSet

from articles.models import Author, Listing, Publication, Tag
from articles.stories import Story, listed_by_key
from results.models import Series

PAGE = 24  # stories of a page
PAGES = 40  # behind these, a year or a month leads further back
OFFERED = 300  # choices of a field
# Parameters of other people's lists: whoever sends them tries what a page costs.
FOREIGN = frozenset({"page", "page_size", "per_page", "limit", "offset", "sort", "order"})


class PageForm(forms.Form):
    """Which page of a list; one that cannot be is refused."""

    seite = forms.IntegerField(min_value=1, max_value=PAGES, required=False)


def page_number(query: QueryDict) -> int:
    """The page asked for; BadRequest for one that no list has and for parameters of other sites."""
    form = PageForm(query)
    if FOREIGN & query.keys() or not form.is_valid():
        raise BadRequest("no such page")
    return int(form.cleaned_data["seite"] or 1)


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A page of a list whose whole length nobody counts."""

    stories: list[Story]
    number: int
    has_more: bool

    @property
    def has_next(self) -> bool:
        return self.has_more and self.number < PAGES

    @property
    def is_last_offered(self) -> bool:
        """Whether older stories are reached by year and month only."""
        return self.has_more and self.number >= PAGES

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1


def page_of(listed: QuerySet[Listing], number: int) -> StoryPage:
    """That page of the rows, newest first; Http404 behind the last one. Two queries."""
    first = (number - 1) * PAGE
    keys = list(listed.newest_first().values_list("publication", flat=True)[first : first + PAGE + 1])  # type: ignore[attr-defined]
    if not keys and number > 1:
        raise Http404
    return StoryPage(listed_by_key(keys[:PAGE]), number, has_more=len(keys) > PAGE)


def of_author(author: Author) -> QuerySet[Listing]:
    return _linked(Listing.objects.public(), "authors", author=author)


def of_tag(tag: Tag) -> QuerySet[Listing]:
    return _linked(Listing.objects.public(), "tags", tag=tag)


def _linked(listed: QuerySet[Listing], link: str, **to: Any) -> QuerySet[Listing]:
    links = getattr(Publication, link).through.objects.filter(**to)
    return listed.filter(publication__in=links.values("publication"))


# ------------------------------------------------------------------ the archive


class StoryFilter(FilterSet):
    """What a reader may choose in the archive. Every choice is that of a public story; any other value is refused."""

    serie = ModelChoiceFilter(
        queryset=lambda _request: Series.objects.public().order_by("folded"),
        to_field_name="slug",
        method="of_series",
        label=pgettext_lazy("one", "Series"),
        empty_label=_("all series"),
    )
    art = ChoiceFilter(
        choices=lambda: Publication._meta.get_field("kind").choices,
        method="of_kind",
        label=_("Kind"),
        empty_label=_("all kinds"),
    )
    autor = ModelChoiceFilter(
        queryset=lambda _request: Author.objects.public().order_by("name"),
        to_field_name="slug",
        method="by_author",
        label=_("Author"),
        empty_label=_("all authors"),
    )
    thema = ModelChoiceFilter(
        queryset=lambda _request: Tag.objects.public().order_by("name"),
        to_field_name="slug",
        method="with_tag",
        label=_("Topic"),
        empty_label=_("all topics"),
    )

    class Meta:
        model = Listing
        fields: tuple[str, ...] = ()

    def of_series(self, listed: QuerySet[Listing], _name: str, series: Series) -> QuerySet[Listing]:
        return _linked(listed, "series", series=series)

    def of_kind(self, listed: QuerySet[Listing], _name: str, kind: str) -> QuerySet[Listing]:
        return listed.filter(publication__kind=kind)

    def by_author(self, listed: QuerySet[Listing], _name: str, author: Author) -> QuerySet[Listing]:
        return _linked(listed, "authors", author=author)

    def with_tag(self, listed: QuerySet[Listing], _name: str, tag: Tag) -> QuerySet[Listing]:
        return _linked(listed, "tags", tag=tag)

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, as it stands in the address."""
        return {name: str(getattr(value, "slug", value)) for name, value in self.form.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The same as the end of an address, with its question mark; empty where nothing was chosen."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""


@dataclass(frozen=True, slots=True)
class Span:
    """A year or a month of the archive."""

    year: int
    month: int = 0

    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """Its first instant and that of the next one, in the newsroom's zone; ValueError where there is none such."""
        zone = timezone.get_default_timezone()
        months = self.year * 12 + self.month if self.month else self.year * 12 + 12
        start = dt.datetime(self.year, self.month or 1, 1, tzinfo=zone)
        return start, dt.datetime(months // 12, months % 12 + 1, 1, tzinfo=zone)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month or 1, 1)


def in_span(span: Span) -> QuerySet[Listing]:
    """Rows of that year or month; Http404 for one that no calendar has."""
    try:
        start, end = span.bounds()
    except ValueError as error:
        raise Http404 from error
    return Listing.objects.public().appeared_between(start, end)


# A year is asked whether it holds anything at all; to count a hundred thousand rows takes longer than a page.
YEARS = """
SELECT year FROM generate_series(%(first)s, %(last)s) AS year
WHERE EXISTS (
  SELECT FROM articles_listing
  WHERE published_at >= make_timestamptz(year, 1, 1, 0, 0, 0, %(zone)s)
    AND published_at < make_timestamptz(year + 1, 1, 1, 0, 0, 0, %(zone)s)
    AND visible_from <= statement_timestamp()
    AND (visible_until IS NULL OR visible_until > statement_timestamp())
)
ORDER BY year DESC
"""


def years() -> list[int]:
    """The years in which a public story appeared, latest first; two queries."""
    span = Listing.objects.public().aggregate(first=Min("published_at"), last=Max("published_at"))
    if span["first"] is None:
        return []
    zone = timezone.get_default_timezone()
    values: dict[str, Any] = {name: instant.astimezone(zone).year for name, instant in span.items()}
    with connection.cursor() as cursor:
        cursor.execute(YEARS, {**values, "zone": str(zone)})
        return [year for (year,) in cursor.fetchall()]


def months_of(year: int) -> list[Span]:
    """The months of a year in which a public story appeared, in order; one query."""
    zone = timezone.get_default_timezone()
    starts = (
        in_span(Span(year))
        .annotate(start=TruncMonth("published_at", tzinfo=zone))
        .order_by("start")
        .values_list("start", flat=True)
        .distinct()
    )
    return [Span(year, start.month) for start in starts]
