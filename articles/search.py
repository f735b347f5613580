"""The search over public stories and over the names of public drivers, teams, events, circuits and series.

What is hidden has no words here: `Listing` is asked within its window, and what it finds is loaded through
`Publication.objects.public()` once more.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.snippets import fold_word, mark, snippet
from articles.stories import Story, public_stories
from results.models import Circuit, Driver, Event, Series, Team
from results.names import fold, slugify_german

RANKED = 2000  # only the newest hits are ranked: a common word would cost a fifth of a second
HITS = 20  # a page
PAGES = 100
LONGEST = 200  # characters of a question
WORDS = 12  # of a question; more of them say nothing more
SHORTEST_PREFIX = 3
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
       set_config('enable_hashjoin', 'off', true), set_config('jit', 'off', true), set_config('work_mem', '16MB', true)
"""
FOUND = """
WITH matching AS MATERIALIZED (
  SELECT publication_id, published_at FROM articles_listing
  WHERE words @@ %(query)s::tsquery
    AND published_at + interval '0' >= %(since)s
    AND visible_from <= statement_timestamp()
    AND (visible_until IS NULL OR visible_until > statement_timestamp())
), newest AS MATERIALIZED (
  SELECT publication_id, published_at FROM matching
  ORDER BY published_at DESC, publication_id DESC LIMIT %(ranked)s + 1
)
SELECT newest.publication_id, (SELECT count(*) FROM newest)
FROM newest {ranking}
ORDER BY {order} published_at DESC, publication_id DESC
LIMIT %(limit)s OFFSET %(offset)s
"""
# A common word is looked for among the newest stories first; these suffice, or it is not that common. The sum above hides
# the date from its index: by that one the planner would read the words of ten thousand stories instead of the word's own.
SINCE = "SELECT published_at FROM articles_listing ORDER BY published_at DESC, publication_id DESC OFFSET %s LIMIT 1"
RECENT = 10_000
BY_DATE = FOUND.format(ranking="", order="")
BY_RANK = FOUND.format(
    ranking="JOIN articles_listing USING (publication_id, published_at)",
    order="ts_rank(articles_listing.words, %(query)s::tsquery) DESC,",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: `query` for the database, empty where nothing is left to look for; `stems` and `prefix` to mark hits."""

    text: str
    query: str
    stems: tuple[str, ...]
    prefix: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A story with its title and the stretch that answers, both escaped and marked."""

    story: Story
    title: SafeString
    words: SafeString


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. `count` goes no further than one more than the newest 2,000, which can be paged through."""

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
    terms, stems = [], []
    prefix = words[-1][0] if words and len(words[-1][0]) >= SHORTEST_PREFIX else ""
    for number, (word, lexemes) in enumerate(words, start=1):
        alternatives = [f"'{_clean(lexeme)}'" for lexeme in lexemes]
        if prefix and lexemes and number == len(words):  # a stop word is the beginning of nothing
            alternatives.append(f"'{_clean(word)}':*")
        if alternatives:
            terms.append(f"({' | '.join(alternatives)})")
        stems += lexemes
    return Question(text, " & ".join(terms), tuple(stems), prefix)


def _clean(lexeme: str) -> str:
    return _QUOTED.sub("", lexeme)


def find(question: Question, *, by_date: bool = False, number: int = 1) -> Found:
    """That page of the public stories which hold every word of the question."""
    if not question.query:
        return Found([], 0, number)
    keys, count = _keys(question.query, by_date=by_date, number=number)
    stories = {story.publication.pk: story for story in _stories(keys)}
    hits = [_hit(stories[key], question) for key in keys if key in stories]
    return Found(hits, count, number)


def _keys(query: str, *, by_date: bool, number: int) -> tuple[list[int], int]:
    values: dict[str, Any] = {"query": query, "ranked": RANKED, "limit": HITS, "offset": (number - 1) * HITS}
    sql = BY_DATE if by_date else BY_RANK
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAN)
        cursor.execute(SINCE, [RECENT])
        since = cursor.fetchone()
        rows = []
        if since:
            cursor.execute(sql, {**values, "since": since[0]})
            rows = cursor.fetchall()
        if not rows or rows[0][1] <= RANKED:
            cursor.execute(sql, {**values, "since": "-infinity"})
            rows = cursor.fetchall()
    return [key for key, _count in rows], rows[0][1] if rows else 0


def _stories(keys: Sequence[int]) -> list[Story]:
    found = public_stories().filter(pk__in=keys).defer("body_html", "content")
    return [Story(publication) for publication in found]


def _hit(story: Story, question: Question) -> Hit:
    marks = (question.stems, question.prefix)
    title = mark(story.title, *marks)
    words = snippet(f"{story.standfirst} {story.words}", *marks)
    return Hit(story, title, words or mark(story.standfirst, *marks))


# ------------------------------------------------------------------ names


def find_names(text: str) -> list[Named]:
    """Public drivers, teams, series, events and circuits whose names hold every word; one query, and one more for each kind that may have some."""
    words = fold(text).split()[:WORDS]
    if not words or max(map(len, words)) < SHORTEST_PREFIX:
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
