"""The search over public stories and over the names of public drivers, teams, events, circuits and series.

What is hidden has no words here: `Listing` is asked within its window, and what it finds is loaded through
`Publication.objects.public()` once more.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Publication
from articles.snippets import fold_word, mark, snippet
from articles.stories import Story, withheld_pictures
from results.models import Circuit, Driver, Event, Series, Team
from results.names import fold, slugify_german

RANKED = 1000  # hits that are counted and can be paged through, the newest
RATED = 500  # of these are rated, first those with a word in title, names or standfirst; the others follow by date
HITS = 20  # a page
PAGES = RANKED // HITS
LONGEST = 200  # characters of a question
WORDS = 12  # of a question; more of them say nothing more
SHORTEST_NAME = 3
SHORTEST_PREFIX = 4  # three letters count as they stand: they begin half of all words
SURE_PREFIX = 6  # shorter beginnings have thousands of words: they count in title, names and standfirst
READ = 30_000  # characters of a text that are read for the stretch to show
NAMES = 6  # of each kind
_QUOTED = re.compile(r"['\\]")

# `articles_search_fold` leaves letters and digits alone, so a blank divides words and no sign is left to be escaped.
UNDERSTOOD = """
SELECT word, tsvector_to_array(to_tsvector('pg_catalog.german', word))
FROM regexp_split_to_table(articles_search_fold(%s), ' ') WITH ORDINALITY AS asked(word, place)
ORDER BY place
"""

# Each step is materialized: with a limit in sight the planner would walk all stories by date for a rare word. It keeps to
# the index and to one row after another, for it cannot know what the words cost, which lie outside the rows.
PLAN = """
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('enable_hashjoin', 'off', true), set_config('jit', 'off', true), set_config('work_mem', '16MB', true),
       set_config('max_parallel_workers_per_gather', '0', true)
"""
# A common word is looked for among the newest stories first: these suffice, or it is not that common. Quarters of a year
# stand in the index beside the words, so that it leaps over the older ones. Asked is the quarter of the 5,000th story.
RECENT = 5_000
FURTHER = 5  # times as far back
QUARTERS = """
SELECT (SELECT (articles_quarter(published_at))[1] FROM (
         SELECT published_at FROM articles_listing ORDER BY published_at DESC, publication_id DESC OFFSET %s LIMIT 1
       ) AS recent),
       (articles_quarter(statement_timestamp()))[1]
"""
# All conditions but the window are answered by the index `listing_search`: on a row they would mean to read its words.
IN_TEXT = "words @@ %(words)s::tsquery"
OTHERS = "words @@ %(others)s::tsquery"
BEGUN = "articles_heading(words) @@ %(begun)s::tsquery"
OF_LATE = "articles_quarter(published_at) && %(quarters)s::int[]"
LISTED = """
SELECT publication_id, published_at, {headed} AS headed FROM articles_listing
WHERE {conditions}
  AND visible_from <= statement_timestamp()
  AND (visible_until IS NULL OR visible_until > statement_timestamp())
"""
# A union, for with OR between them the planner leaves the index.
EITHER = """
SELECT publication_id, published_at, bool_or(headed) AS headed FROM ({matching} UNION ALL {begun}) AS either
GROUP BY publication_id, published_at
"""
NEWEST = """
WITH matching AS MATERIALIZED ({matching}), newest AS MATERIALIZED (
  SELECT publication_id, published_at, headed FROM matching
  ORDER BY published_at DESC, publication_id DESC LIMIT %(ranked)s + 1
)"""
BY_DATE = """
SELECT publication_id, (SELECT count(*) FROM newest) FROM newest
ORDER BY published_at DESC, publication_id DESC
LIMIT %(limit)s OFFSET %(offset)s
"""
BY_RANK = """, in_heading AS MATERIALIZED (
  SELECT publication_id FROM articles_listing
  WHERE (SELECT count(*) FROM newest) > greatest(%(rated)s, %(least)s)
    AND {conditions} AND articles_heading(words) @@ %(any)s::tsquery
), placed AS (
  SELECT publication_id, published_at, row_number() OVER (
    ORDER BY headed OR publication_id IN (SELECT publication_id FROM in_heading) DESC,
             published_at DESC, publication_id DESC
  ) AS place
  FROM newest
), rated AS (
  SELECT publication_id, published_at, CASE WHEN place <= %(rated)s AND (SELECT count(*) FROM newest) > %(least)s THEN (
    SELECT ts_rank(listing.words, %(all)s::tsquery) FROM articles_listing listing
    WHERE listing.publication_id = placed.publication_id
  ) END AS rating
  FROM placed
)
SELECT publication_id, (SELECT count(*) FROM newest) FROM rated
ORDER BY rating DESC NULLS LAST, published_at DESC, publication_id DESC
LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: each word as the index has it in `terms`; `stems` and `prefix`, the last word's beginning, mark hits."""

    text: str
    terms: tuple[str, ...]
    stems: tuple[str, ...]
    prefix: str

    @property
    def begun(self) -> str:
        """Words that begin like the last one; empty where that counts only as it stands."""
        return f"'{self.prefix}':*" if self.prefix else ""

    @property
    def widened(self) -> tuple[str, ...]:
        """The terms, the last one from its beginning too."""
        return (*self.terms[:-1], f"({self.terms[-1]} | {self.begun})") if self.begun else self.terms


@dataclass(frozen=True, slots=True)
class Hit:
    """A story with its title and the stretch that answers, both escaped and marked."""

    story: Story
    title: SafeString
    words: SafeString


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. `count` goes no further than one more than the newest 1,000, which can be paged through."""

    hits: list[Hit]
    count: int
    number: int

    @property
    def has_next(self) -> bool:
        return self.number < PAGES and min(self.count, RANKED) > self.number * HITS

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


@dataclass(frozen=True, slots=True)
class Named:
    """Things of one kind whose names hold every word."""

    title: str | Promise
    things: list[Any]


def understand(text: str) -> Question:
    """A question in the words of the index; the last word counts from its beginning too. One query."""
    with connection.cursor() as cursor:
        cursor.execute(UNDERSTOOD, [text])
        words: list[tuple[str, list[str]]] = [(word, lexemes) for word, lexemes in cursor.fetchall() if word][:WORDS]
    stems = [[_clean(lexeme) for lexeme in lexemes] for _word, lexemes in words]
    terms = tuple(_either(alternatives) for alternatives in stems if alternatives)
    prefix = ""
    if words and stems[-1] and len(words[-1][0]) >= SHORTEST_PREFIX:  # a stop word is the beginning of nothing
        prefix = _clean(words[-1][0])
    return Question(text, terms, tuple(chain.from_iterable(stems)), prefix)


def _clean(lexeme: str) -> str:
    return _QUOTED.sub("", lexeme)


def _either(stems: Sequence[str]) -> str:
    return "({})".format(" | ".join(f"'{stem}'" for stem in stems))


def find(question: Question, *, by_date: bool = False, number: int = 1) -> Found:
    """That page of the public stories which hold every word of the question."""
    if not question.terms:
        return Found([], 0, number)
    keys, count = _keys(question, by_date=by_date, number=number)
    stories = {story.publication.pk: story for story in _stories(keys)}
    hits = [_hit(stories[key], question) for key in keys if key in stories]
    return Found(hits, count, number)


def _keys(question: Question, *, by_date: bool, number: int) -> tuple[list[int], int]:
    """Keys of that page and the count; a short beginning that stands in no heading is looked for in the texts too."""
    first = (number - 1) * HITS
    sure = len(question.prefix) >= SURE_PREFIX or not question.prefix
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAN)

        def ask(quarters: Sequence[int] = (), *, in_texts: bool = sure, offset: int = first) -> list[tuple[int, int]]:
            sql, values = _asked(question, of_late=bool(quarters), in_texts=in_texts, by_date=by_date)
            least = RANKED if quarters else 0  # fewer hits are not the answer yet: to rate them would be in vain
            page = {"ranked": RANKED, "rated": RATED, "least": least, "limit": HITS, "offset": offset}
            cursor.execute(sql, {**page, **values, "quarters": list(quarters)})
            return [(key, count) for key, count in cursor.fetchall()]

        rows = []
        cursor.execute(QUARTERS, [RECENT])
        recent, now = cursor.fetchone()
        if recent is not None:
            rows = ask(range(recent, now + 1))
            if rows and rows[0][1] <= RANKED < rows[0][1] * FURTHER:
                rows = ask(range(now - (now - recent + 1) * FURTHER, now + 1))
        if not rows or rows[0][1] <= RANKED:
            rows = ask()
        if not (rows or sure or (first and ask(offset=0))):
            rows = ask(in_texts=True)
    return [key for key, _count in rows], rows[0][1] if rows else 0


def _asked(question: Question, *, of_late: bool, in_texts: bool, by_date: bool) -> tuple[str, dict[str, str]]:
    """The statement and its values; `in_texts` says whether the last word's beginning counts in the texts as well."""
    whole, others = question.widened if in_texts else question.terms, question.terms[:-1]
    window = [OF_LATE] if of_late else []
    conditions = " AND ".join([IN_TEXT, *window])
    matching = LISTED.format(headed="false", conditions=conditions)
    if question.begun and not in_texts:
        begun = " AND ".join([*([OTHERS] if others else []), BEGUN, *window])
        matching = EITHER.format(matching=matching, begun=LISTED.format(headed="true", conditions=begun))
    order = BY_DATE if by_date else BY_RANK.format(conditions=conditions)
    values = {
        "words": " & ".join(whole),
        "others": " & ".join(others),
        "begun": question.begun,
        "any": " | ".join(whole),
        "all": " & ".join(question.widened),
    }
    return NEWEST.format(matching=matching) + order, values


# Fields that `Story` and the template of a hit read; a hundred more would cost as much as all the rest of the page.
SHOWN = (
    *("uid", "slug", "title", "kicker", "standfirst", "language", "dateline", "agency", "visible_from"),
    *(f"lead_event__season__series__{name}" for name in ("name", "short_name", "accent")),
)


def _stories(keys: Sequence[int]) -> list[Story]:
    """Those of them that are public, with what a hit shows: no picture, and of the text its beginning; one query."""
    found = (
        Publication.objects.public()
        .filter(pk__in=keys)
        .annotate(
            event_is_public=Exists(Event.objects.public().filter(pk=OuterRef("lead_event"))),
            first_published_at=F("listing__published_at"),
            opening=Left("body_text", READ),
            withheld_pictures=withheld_pictures(),
            has_tables=ExpressionWrapper(Q(content__tables__0__isnull=False), output_field=BooleanField()),
        )
        .select_related("lead_event__season__series")
        .only(*SHOWN)
    )
    return [Story(publication) for publication in found]


def _hit(story: Story, question: Question) -> Hit:
    marks = (question.stems, question.prefix)
    title = mark(story.title, *marks)
    # Where a picture of the text was blocked or a table taken back, the text is read anew without: a few queries more, for
    # the few stories with such a picture or any table.
    publication: Any = story.publication  # annotated
    text = story.words[:READ] if story.withheld or publication.has_tables else publication.opening
    words = snippet(f"{story.standfirst} {text}", *marks)
    return Hit(story, title, words or mark(story.standfirst, *marks))


# ------------------------------------------------------------------ names


def find_names(text: str) -> list[Named]:
    """Public drivers, teams, series, events and circuits whose names hold every word; one query, and one more for each kind that may have some."""
    words = fold(text).split()[:WORDS]
    if not words or max(map(len, words)) < SHORTEST_NAME:
        return []
    events = Event.objects.public().select_related("season__series").order_by("-starts_on", "pk")
    kinds: dict[str, tuple[str | Promise, Callable[[], QuerySet[Any]]]] = {
        "driver": (_("Drivers"), lambda: _named(Driver, words).order_by("sort_key", "pk")),
        "team": (_("Teams"), lambda: _named(Team, words).order_by("folded")),
        "series": (_("Series"), lambda: _named(Series, words, "short_name__icontains").order_by("folded")),
        "event": (_("Events"), lambda: _events(events, text)),
        "circuit": (_("Circuits"), lambda: _named(Circuit, words).order_by("folded")),
    }
    worth_asking = _kinds_with(max(words, key=len))
    found = [Named(title, list(things()[:NAMES])) for kind, (title, things) in kinds.items() if kind in worth_asking]
    return [named for named in found if named.things]


# Most questions name nothing. One look at the names spares the five careful queries. It must know what is public as well
# as they do: a query more for a hidden name than for nonsense would tell by the clock that there is such a name. With
# `OFFSET 0` the planner asks for the few names that match, one by one, and never reads a whole table of cars for them.
_IN_RESULT = """EXISTS (
  SELECT FROM results_classificationrow line JOIN results_classification result ON result.id = line.classification_id
  WHERE line.session_entry_id = car.id AND result.public_from <= statement_timestamp()
    AND (result.public_until IS NULL OR result.public_until > statement_timestamp()) OFFSET 0)"""
_WITH_LAPS = """EXISTS (
  SELECT FROM results_lapset laps JOIN results_cartrace trace ON trace.session_entry_id = car.id
  WHERE laps.session_id = car.session_id AND laps.public_from <= statement_timestamp() AND (
    NOT EXISTS (
      SELECT FROM results_classification result
      WHERE result.session_id = car.session_id AND result.checkpoint = '' OFFSET 0)
    OR EXISTS (
      SELECT FROM results_classification result
      WHERE result.session_id = car.session_id AND result.checkpoint = '' AND result.state <> 'annulled'
        AND result.public_from <= statement_timestamp()
        AND (result.public_until IS NULL OR result.public_until > statement_timestamp()) OFFSET 0)) OFFSET 0)"""
_SHOWN = f"""event.public_from <= statement_timestamp() AND (
  entry.public_from <= statement_timestamp() OR EXISTS (
    SELECT FROM results_sessionentry car
    JOIN results_session session ON session.id = car.session_id AND session.public_from <= statement_timestamp()
    WHERE car.entry_id = entry.id AND ({_IN_RESULT} OR {_WITH_LAPS}) OFFSET 0))"""
KINDS = f"""
WITH circuit AS MATERIALIZED (
  SELECT id FROM results_circuit WHERE folded LIKE ANY (%(like)s)
  UNION SELECT circuit_id FROM results_circuitalias WHERE folded LIKE ANY (%(like)s)
)
SELECT 'driver' WHERE EXISTS (
  SELECT FROM results_driver driver
  WHERE (driver.folded LIKE ANY (%(like)s)
         OR driver.id IN (SELECT driver_id FROM results_driveralias WHERE folded LIKE ANY (%(like)s)))
    AND (EXISTS (
      SELECT FROM results_crewmember seat JOIN results_entry entry ON entry.id = seat.entry_id
      JOIN results_event event ON event.id = entry.event_id
      WHERE seat.driver_id = driver.id AND {_SHOWN} OFFSET 0)
    OR EXISTS (
      SELECT FROM results_sessioncrewmember seat JOIN results_sessionentry car ON car.id = seat.session_entry_id
      JOIN results_session session ON session.id = car.session_id AND session.public_from <= statement_timestamp()
      JOIN results_event event ON event.id = session.event_id AND event.public_from <= statement_timestamp()
      WHERE seat.driver_id = driver.id AND ({_IN_RESULT} OR {_WITH_LAPS}) OFFSET 0)))
UNION ALL
SELECT 'team' WHERE EXISTS (
  SELECT FROM results_team team
  WHERE (team.folded LIKE ANY (%(like)s)
         OR team.id IN (SELECT team_id FROM results_teamalias WHERE folded LIKE ANY (%(like)s)))
    AND EXISTS (
      SELECT FROM results_entry entry JOIN results_event event ON event.id = entry.event_id
      WHERE entry.team_id = team.id AND {_SHOWN} OFFSET 0))
UNION ALL
SELECT 'series' WHERE EXISTS (
  SELECT FROM results_series series
  WHERE (series.folded LIKE ANY (%(like)s) OR series.short_name ILIKE ANY (%(like)s)
         OR series.id IN (SELECT series_id FROM results_seriesalias WHERE folded LIKE ANY (%(like)s)))
    AND EXISTS (
      SELECT FROM results_season season JOIN results_event event ON event.season_id = season.id
      WHERE season.series_id = series.id AND event.public_from <= statement_timestamp() OFFSET 0))
UNION ALL
SELECT 'event' WHERE EXISTS (
  SELECT FROM results_event event
  WHERE event.public_from <= statement_timestamp()
    AND (event.slug LIKE ANY (%(like)s) OR event.name ILIKE ANY (%(like)s)
         OR event.circuit_id IN (SELECT id FROM circuit)
         OR event.season_id IN (SELECT id FROM results_season WHERE label LIKE ANY (%(like)s))))
UNION ALL
SELECT 'circuit' WHERE EXISTS (
  SELECT FROM results_event event
  WHERE event.circuit_id IN (SELECT id FROM circuit) AND event.public_from <= statement_timestamp())
"""  # noqa: S608 - put together from constants


def _kinds_with(word: str) -> set[str]:
    """Kinds of which at least one public name holds that folded word; the word has letters and digits only."""
    spellings = {word, fold_word(word), re.sub("([aou])(?!e)", r"\1%", word)}
    with connection.cursor() as cursor:
        cursor.execute(KINDS, {"like": [f"%{one.replace('_', '')}%" for one in spellings]})
        return {kind for (kind,) in cursor.fetchall()}


def _named(model: type[Model], words: Sequence[str], *further: str) -> QuerySet[Any]:
    """Every word in the name or in one of its other spellings; `ue` finds `ü` as well."""
    public: QuerySet[Any] = model._default_manager.public()  # type: ignore[attr-defined]
    aliases: Any = model._meta.get_field("aliases").related_model
    owner = str(model._meta.model_name)
    in_name, in_alias = Q(), Q()
    for word in words:
        short = fold_word(word)
        spelled = Q(folded__contains=word) | Q(folded__contains=short)
        in_alias &= spelled
        for lookup in further:
            spelled |= Q(**{lookup: word})
        in_name &= spelled
    return public.filter(in_name | Q(pk__in=aliases._default_manager.filter(in_alias).values(owner)))


def _events(events: QuerySet[Event], text: str) -> QuerySet[Event]:
    for word in text.split()[:WORDS]:
        short = fold_word(word)
        events = events.filter(
            Q(name__icontains=word)
            | Q(slug__contains=slugify_german(word))
            | Q(circuit__folded__contains=short)
            | Q(season__label=word)
        )
    return events
