"""Acts of the desk at the very moment at which a scheduled version begins: whichever side of it they land on, the
story neither vanishes nor comes back.
"""

import datetime as dt
import time

import pytest
from django.db import connection
from django.utils import timezone

from articles import workflow
from articles.models import Publication
from tests.factories import ArticleFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(seconds=0.2)
HOUR = dt.timedelta(hours=1)
# The clock passes the moment before the first, the second … statement of an act that touches versions.
STATEMENTS = range(1, 13)


@pytest.fixture
def chief():
    return UserFactory(role="chief")


@pytest.fixture
def story(chief):
    """A public story with a second version that begins in a moment."""
    article = ArticleFactory(title="Eins")
    publish(article)
    retitle(article, "Zwei", by=UserFactory(role="reporter"))
    article.begins = workflow.publish(article, by=chief, visible_from=timezone.now() + SOON).visible_from
    return article


def retitle(article, title, *, by):
    article.title = title
    article.save()
    workflow.save(article, by=by, expected_lock_version=None)


def public_titles():
    return list(Publication.objects.public().values_list("title", flat=True))


class Hesitation:
    """Lets the moment pass before one of the statements that touch versions."""

    def __init__(self, statement, until):
        self.left, self.until = statement, until

    def __call__(self, execute, sql, params, many, context):
        self.left -= '"articles_publication"' in sql
        if not self.left:
            time.sleep(max(0, (self.until - timezone.now()).total_seconds() + 0.02))
        return execute(sql, params, many, context)


def across_the_moment(story, statement, act):
    """Run the act; its refusal counts as an outcome too. Returns once the moment has passed for sure."""
    try:
        with connection.execute_wrapper(Hesitation(statement, story.begins)):
            act()
    except (workflow.NothingToWithdraw, workflow.NotPublishable) as refusal:
        return refusal
    finally:
        time.sleep(max(0, (story.begins - timezone.now()).total_seconds() + 0.02))
    return None


@pytest.mark.parametrize("statement", STATEMENTS)
class TestWhateverTheClockSaysMeanwhile:
    def test_a_schedule_taken_back_leaves_the_story_public(self, story, chief, statement):
        refused = across_the_moment(story, statement, lambda: workflow.unschedule(story, by=chief))
        assert public_titles() == (["Zwei"] if refused else ["Eins"])

    def test_a_schedule_put_off_leaves_the_story_public(self, story, chief, statement):
        across_the_moment(
            story, statement, lambda: workflow.publish(story, by=chief, visible_from=timezone.now() + HOUR)
        )
        assert public_titles() in (["Eins"], ["Zwei"])

    def test_a_later_version_leaves_the_story_public_until_then(self, story, chief, statement):
        retitle(story, "Drei", by=UserFactory(role="reporter"))
        across_the_moment(
            story, statement, lambda: workflow.publish(story, by=chief, visible_from=timezone.now() + HOUR)
        )
        assert public_titles() in (["Eins"], ["Zwei"])

    def test_a_version_published_now_is_the_public_one(self, story, chief, statement):
        retitle(story, "Drei", by=UserFactory(role="reporter"))
        across_the_moment(story, statement, lambda: workflow.publish(story, by=chief))
        assert public_titles() == ["Drei"]

    def test_a_withdrawn_story_stays_withdrawn(self, story, chief, statement):
        across_the_moment(story, statement, lambda: workflow.withdraw(story, by=chief, note="Zurück."))
        assert public_titles() == []
        assert not story.publications.filter(visible_until__isnull=True).exists()

    def test_a_story_that_is_about_to_be_public_is_not_binned(self, chief, statement):
        article = ArticleFactory()
        article.begins = publish(article, visible_from=timezone.now() + SOON).visible_from
        refused = across_the_moment(article, statement, lambda: workflow.trash(article, by=chief))
        assert isinstance(refused, workflow.NotPublishable)
