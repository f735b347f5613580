"""Publishing is all or nothing: whatever kills it, however often it is asked for, whoever asks at once."""

import os
import random
import signal
import time

import pytest
from django.db import connection, connections
from django.db.models import F
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Act, Address, Article, Publication, Revision
from tests.articles.desk_forms import filled
from tests.articles.test_workflow import at_once
from tests.factories import ArticleFactory, UserFactory

KILLS = 50


def publish_in_a_child(article_pk, chief):
    """A process of its own that publishes on a connection of its own; it never returns into the test."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        workflow.publish(Article.objects.get(pk=article_pk), by=chief)
    finally:
        os._exit(0)


def state_of_all(article):
    """How much of a publication is there: article with its address, revision, version, relations, act."""
    article.refresh_from_db()
    return {
        "slug": bool(article.slug),
        "revision": Revision.objects.filter(article=article).count(),
        "version": Publication.objects.public().filter(article=article).count(),
        "signed": Publication.authors.through.objects.filter(publication__article=article).count(),
        "address": Address.objects.filter(article=article).count(),
        "act": Act.objects.filter(article=article, verb="publish").count(),
    }


NOTHING = {"slug": False, "revision": 0, "version": 0, "signed": 0, "address": 0, "act": 0}
ALL = {"slug": True, "revision": 1, "version": 1, "signed": 1, "address": 1, "act": 1}


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_it_publishes_leaves_all_or_nothing_and_a_retry_succeeds():
    chief = UserFactory(role="chief")
    chief.has_perm("articles.publish_article")  # remembered, so that the child begins with its work
    seed = random.Random(4)
    outcomes = []
    for _ in range(KILLS):
        article = ArticleFactory()
        child = publish_in_a_child(article.pk, chief)
        time.sleep(seed.uniform(0, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        # The server may still roll back; the lock of the row is free once it has.
        workflow.publish(article, by=chief)
        outcomes.append(state_of_all(article))

    assert outcomes == [ALL] * KILLS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", range(1, 40, 3))
def test_a_connection_lost_at_any_statement_leaves_nothing(statement):
    article, chief = ArticleFactory(), UserFactory(role="chief")
    chief.has_perm("articles.publish_article")
    left = [statement]

    def lose(execute, sql, params, many, context):
        left[0] -= 1
        if left[0] == 0:
            raise ConnectionError("the plug was pulled")
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(lose):
            workflow.publish(article, by=chief)
    except ConnectionError:
        assert state_of_all(article) == NOTHING
    workflow.publish(article, by=chief)
    assert state_of_all(article) == ALL


@pytest.mark.django_db(transaction=True)
def test_eight_people_click_at_once_and_it_is_published_once():
    """C2: one publish event, one revision, one version, whatever the eight see."""
    article, chief = ArticleFactory(), UserFactory(role="chief")
    desk = Client()
    desk.force_login(chief)
    path = f"/admin/articles/article/{article.pk}/publish/"
    data = filled(desk, path)

    def click(_number):
        client = Client()
        client.force_login(chief)
        return client.post(path, data).status_code

    codes = at_once(8, click)

    assert codes == [302] * 8
    assert state_of_all(article) == ALL


@pytest.mark.django_db(transaction=True)
def test_two_who_look_after_schedules_find_nothing_to_do():
    """C7: a version becomes public by the clock alone, so there is no job that could run twice."""
    article, chief = ArticleFactory(), UserFactory(role="chief")
    publication = workflow.publish(article, by=chief, visible_from=timezone.now() + timezone.timedelta(hours=1))
    Publication.objects.filter(pk=publication.pk).update(visible_from=F("published_at"))

    seen = at_once(4, lambda _: list(Publication.objects.public().values_list("pk", "version")))

    assert seen == [[(publication.pk, 1)]] * 4
    assert Act.objects.filter(article=article).exclude(verb="save").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_and_return_at_once_do_one_after_the_other():
    reporter, editor, chief = (UserFactory(role=role) for role in ("reporter", "editor", "chief"))
    article = ArticleFactory(slug="adresse")
    workflow.save(article, by=reporter, expected_lock_version=None)
    workflow.submit(article, by=reporter)
    acts = [
        lambda: workflow.approve(article, by=editor).stage,
        lambda: workflow.return_to_writer(article, by=chief, reason="Nein.").stage,
    ]

    at_once(2, lambda number: acts[number]())

    assert Article.objects.get().stage == "returned"
    assert Act.objects.filter(verb="return").count() == 1
