"""The remarks beside the article form: asked for an unsaved text, hidden for a revision, refused to whoever may not write."""

import json
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from lxml import html

from articles import workflow
from articles.admin.facts_lint import Draft
from articles.models import HiddenRemark
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = {
    "kicker": "",
    "title": "Goetz gewinnt",
    "standfirst": "",
    "body": "<p>Es siegte Goetz.</p><p>„Gut, sagte er.</p>",
}


@pytest.fixture
def article():
    event = factories.EventFactory()
    goetz = factories.DriverFactory(first_name="Maximilian", last_name="Götz")
    factories.CrewMemberFactory(entry=factories.EntryFactory(event=event), driver=goetz)
    article = factories.ArticleFactory(lead_event=event, lead_image=None)
    workflow.save(article, by=factories.UserFactory(role="chief"), expected_lock_version=None)
    return article


@pytest.fixture
def reporter():
    client = Client()
    client.user = factories.UserFactory(role="reporter")
    client.force_login(client.user)
    return client


def door(article, name="remarks"):
    return f"/admin/articles/article/{article.pk}/{name}/"


def lines(answer):
    """What the buttons know of every remark: words, proposal, number of places."""
    page = html.fromstring(answer.content.decode())
    return [
        (places[0]["text"], item.get("data-suggestion"), len(places))
        for item in page.cssselect("li")
        if (places := json.loads(item.get("data-places")))
    ]


def test_the_form_has_the_place_of_the_list(article, reporter):
    page = html.fromstring(reporter.get(door(article, "change")).content.decode())

    assert page.cssselect("#lint-panel")[0].get("data-remarks") == door(article)


def test_remarks_are_on_what_was_sent_and_nothing_is_saved(article, reporter):
    answer = reporter.post(door(article), TEXT)

    assert "no-store" in answer["Cache-Control"]
    assert lines(answer) == [("Goetz", "Götz", 2), ("„", None, 1)]
    article.refresh_from_db()
    assert "Goetz" not in article.title + article.body


def test_words_of_the_form_stand_apart_by_empty_lines():
    assert (
        Draft.sent(QueryDict(urlencode(TEXT | {"standfirst": " Vorspann "})), None).text
        == "Goetz gewinnt\n\nVorspann\n\nEs siegte Goetz.\n\n„Gut, sagte er."
    )


def test_a_remark_is_hidden_until_the_next_save(article, reporter):
    digest = html.fromstring(reporter.post(door(article), TEXT).content.decode()).cssselect("li")[0].get("data-digest")

    answer = reporter.post(door(article, "remarks-hide"), TEXT | {"digest": digest})
    assert lines(answer) == [("„", None, 1)]
    assert "1 bis zum nächsten Speichern ausgeblendet" in answer.content.decode()
    assert HiddenRemark.objects.get().hidden_by == reporter.user

    article.title = "Anders"
    article.save()
    workflow.save(article, by=reporter.user, expected_lock_version=None)
    assert len(lines(reporter.post(door(article), TEXT))) == 2


def test_hidden_remarks_are_shown_again(article, reporter):
    digest = html.fromstring(reporter.post(door(article), TEXT).content.decode()).cssselect("li")[0].get("data-digest")
    reporter.post(door(article, "remarks-hide"), TEXT | {"digest": digest})

    assert len(lines(reporter.post(door(article, "remarks-hide"), TEXT | {"digest": "none"}))) == 2


@pytest.mark.parametrize("digest", ["", "x", "A" * 32, "0" * 31, "' OR 1=1 --"])
def test_no_other_digest_is_kept(article, reporter, digest):
    assert reporter.post(door(article, "remarks-hide"), TEXT | {"digest": digest}).status_code == 400
    assert not HiddenRemark.objects.exists()


def test_words_of_the_text_are_words_and_no_markup(article, reporter):
    nasty = TEXT | {
        "title": 'Goetz"><script>alert(1)</script>',
        "body": "<p>Es siegte Goetz &lt;img src=x onerror=y&gt;.</p>",
    }
    page = html.fromstring(reporter.post(door(article), nasty).content.decode())

    assert page.cssselect("script, img") == []
    assert lines(reporter.post(door(article), nasty)) == [("Goetz", "Götz", 2), ('"', None, 1)]


def test_only_whoever_may_write_it_asks(article):
    client = Client()
    assert client.post(door(article), TEXT).status_code == 302
    client.force_login(factories.UserFactory(role="results"))
    assert client.post(door(article), TEXT).status_code == 403
    assert client.post(door(article, "remarks-hide"), TEXT | {"digest": "0" * 32}).status_code == 403
    assert not HiddenRemark.objects.exists()


def test_a_picture_without_credit_is_led_to(article, reporter):
    image = factories.ImageFactory(title="Box", credit="")
    article.lead_image = image
    article.save()
    page = html.fromstring(reporter.post(door(article), TEXT).content.decode())

    assert [link.get("href") for link in page.cssselect("li a")] == [f"/admin/articles/image/{image.pk}/change/"]
