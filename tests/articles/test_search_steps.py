"""The search looks among the newest stories first and rates some of its hits; what it finds does not depend on that."""

import datetime as dt
from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from articles import search
from articles.models import Publication
from tests.factories import ArticleFactory, publish

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def titles(text, **options):
    return [hit.story.title for hit in search.find(search.understand(text), **options).hits]


def long_ago(days, **texts):
    return publish(moved_to=(timezone.now() - days * DAY, None), **texts)


# ------------------------------------------------------------------ how far back


@pytest.fixture
def decades(monkeypatch):
    """Twelve stories, each 200 days older than the one before; every second has the rarer word."""
    monkeypatch.setattr(search, "HITS", 3)
    for number in range(12):
        words = ["Porsche", "Regen"] if number % 2 else ["Porsche"]
        long_ago(200 * number, title=f"Nummer {number}", body=f"<p>{' '.join(words)}</p>")


def test_answers_are_the_same_however_far_back_is_looked_first(decades, monkeypatch):
    for ranked, by_date, text in product(
        [2, 5, 100], [False, True], ["Porsche", "Regen", "Porsche Regen", "Numm", "Schnee"]
    ):
        monkeypatch.setattr(search, "RANKED", ranked)
        question = search.understand(text)
        answers = []
        for recent in (10_000, 1, 3, 8):
            monkeypatch.setattr(search, "RECENT", recent)
            answers.append([search._keys(question, by_date=by_date, number=number) for number in range(1, 5)])

        there = {"Porsche": 12, "Numm": 12, "Schnee": 0}.get(text, 6)
        assert answers[0][0][1] == min(there, ranked + 1)
        assert answers == answers[:1] * 4, (text, ranked, by_date)


def test_a_hidden_story_has_no_words_in_the_newest_quarters_either(decades, monkeypatch):
    monkeypatch.setattr(search, "RECENT", 2)
    monkeypatch.setattr(search, "RANKED", 1)
    hidden = publish(title="Nachtigall")
    Publication.objects.filter(pk=hidden.pk).update(visible_from=timezone.now() + DAY)
    publish(title="Nachtigall", visible_from=timezone.now() + 100 * DAY)
    ArticleFactory(title="Nachtigall")

    for text in ("Nachtigall", "Nach", "Porsche Nachtigall"):
        assert search.find(search.understand(text)).count == 0, text


# ------------------------------------------------------------------ what is rated


def test_a_heading_is_rated_before_newer_texts(monkeypatch):
    monkeypatch.setattr(search, "RATED", 1)
    long_ago(30, title="Porsche gewinnt", body="<p>Mehr nicht.</p>")
    for number in range(3):
        long_ago(number, title=f"Bericht {number}", body="<p>Ein Porsche.</p>")

    assert titles("Porsche") == ["Porsche gewinnt", "Bericht 0", "Bericht 1", "Bericht 2"]


def test_what_is_not_rated_follows_by_date(monkeypatch):
    monkeypatch.setattr(search, "RATED", 1)
    for number in (2, 0, 1):
        long_ago(number, title=f"Bericht {number}", body="<p>Ein Porsche.</p>")

    assert titles("Porsche") == ["Bericht 0", "Bericht 1", "Bericht 2"]


# ------------------------------------------------------------------ beginnings


def test_a_short_beginning_counts_in_headings_and_a_longer_one_in_texts_too():
    publish(title="Hockenheim ruft", body="<p>Mehr nicht.</p>")
    publish(title="Ein Bericht", body="<p>Wir fahren nach Hockenheim.</p>")

    assert titles("Hock") == ["Hockenheim ruft"]
    assert titles("Hocken") == ["Hockenheim ruft", "Ein Bericht"]


def test_three_letters_count_as_they_stand():
    publish(title="Spa ruft")
    publish(title="Spannung im Regen")

    assert titles("Spa") == ["Spa ruft"]


def test_a_short_beginning_that_stands_in_no_heading_is_found_in_texts(monkeypatch):
    monkeypatch.setattr(search, "HITS", 1)
    publish(title="Ein Bericht", body="<p>Wir fahren nach Hockenheim.</p>")
    publish(title="Noch ein Bericht", body="<p>Aus Hockenheim.</p>")

    assert sorted(titles("Hock") + titles("Hock", number=2)) == ["Ein Bericht", "Noch ein Bericht"]
    assert titles("Hock", number=3) == []


def test_the_other_words_may_stand_in_the_text():
    publish(title="Hockenheim ruft", body="<p>Es regnet.</p>")
    publish(title="Hockenheim schweigt", body="<p>Es schneit.</p>")

    assert titles("regnet Hock") == ["Hockenheim ruft"]


def test_a_stop_word_at_the_end_is_the_beginning_of_nothing():
    publish(title="Sieg über Dernbach", body="<p>Der Sieg.</p>")

    assert search.understand("Sieg der").prefix == ""
    assert "<mark>Dern" not in search.find(search.understand("Sieg der")).hits[0].title


# ------------------------------------------------------------------ the plan


@pytest.mark.parametrize("of_late", [False, True])
@pytest.mark.parametrize("in_texts", [False, True])
@pytest.mark.parametrize("by_date", [False, True])
def test_no_row_is_asked_for_its_words(of_late, in_texts, by_date):
    """All that concerns words is a condition of the index: on rows it would cost the reading of their texts' words."""
    sql, values = search._asked(search.understand("Regen am Ring"), of_late=of_late, in_texts=in_texts, by_date=by_date)
    numbers = {"ranked": 1000, "rated": 500, "least": 0, "limit": 20, "offset": 0, "quarters": [8100, 8101]}
    with connection.cursor() as cursor:
        cursor.execute(search.PLAN)
        cursor.execute(f"EXPLAIN {sql}", {**values, **numbers})
        plan = [line.strip() for (line,) in cursor.fetchall()]

    assert any(line.startswith(("Index Cond: ((words @@", "Index Cond: (words @@")) for line in plan)
    assert not [line for line in plan if line.startswith("Filter:") and ("@@" in line or "&&" in line)]
