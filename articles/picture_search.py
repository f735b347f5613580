"""Finding pictures in the library: by the words that stand beside them, their file's name, a day, a person's name."""

import datetime as dt
import re
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Func, Q, QuerySet
from django.utils import timezone

from articles.models import Image

# The database keeps an index of this very expression.
WORDS = Func(
    *map(F, ("title", "alt", "caption", "credit", "rights_holder", "file_name")),
    function="articles_image_words",
    output_field=SearchVectorField(),
)
MOST_WORDS = 8
MOST_FOUND = 1_000_000
_WORD = re.compile(r"[^\W_]+")
_DAYS = {
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"): (0, 1, 2),
    re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"): (2, 1, 0),
}


def search(images: QuerySet[Image], text: str) -> QuerySet[Image]:
    """Pictures that have every word of the text, its beginning or its German stem; a date is the day of the upload."""
    found: Any = Image.objects.annotate(words=WORDS).order_by()
    for term in text.split()[:MOST_WORDS]:
        if day := _day(term):
            start = timezone.make_aware(dt.datetime.combine(day, dt.time()))
            found = found.filter(uploaded_at__gte=start, uploaded_at__lt=start + dt.timedelta(days=1))
        else:
            for word in _WORD.findall(term):
                found = found.filter(_has(word))
    # With a limit the database looks for the words first. Without one it walks through the newest pictures instead, all
    # of them where a word is rare.
    return images.filter(pk__in=found.values("pk")[:MOST_FOUND])


def _has(word: str) -> Q:
    german = SearchQuery(f"{word}:*", config="german", search_type="raw")
    simple = SearchQuery(f"{word}:*", config="simple", search_type="raw")
    matches = Q(words=german | simple)
    people = _people(word)
    return matches | Q(uploaded_by__in=people) if people else matches


def _people(word: str) -> list[int]:
    """Who is called so; few people work at a desk, and an empty list keeps the search on its index."""
    named = Q(username__istartswith=word) | Q(first_name__istartswith=word) | Q(last_name__istartswith=word)
    return list(User.objects.filter(named).values_list("pk", flat=True))


def _day(term: str) -> dt.date | None:
    for pattern, order in _DAYS.items():
        if match := pattern.fullmatch(term):
            try:
                return dt.date(*(int(match[place + 1]) for place in order))
            except ValueError:
                return None
    return None
