"""Tables and titles within a text: taken from what readers see, kept as they stood, in page, feed and plain text."""

import pytest
from django.test import Client

from articles.body_gate import reasons_of_the_text
from articles.facts.reference import Reference
from articles.facts.tables import find_tables, tables_of
from results.models import Championship, Event
from tests.articles.test_standing_boxes import two_races, withdraw
from tests.factories import ArticleFactory, publish
from tests.results.standings.made import hold, result

pytestmark = pytest.mark.django_db

TABLE = "table:formel-1/2015!driver!!?rows=2"
TITLE = "title:formel-1/2015!driver"
TEXT = (
    f'<p>Davor.</p><figure data-extract="{TABLE}"><figcaption></figcaption></figure>'
    f'<figure data-extract="{TITLE}"><figcaption>Wer Meister werden kann</figcaption></figure>'
)


@pytest.mark.parametrize(
    "text", [TABLE, TITLE, "table:wec/2021!driver!bahrain!kamui", "table:wec/2021!gte-am!!Aston%20Martin?rows=3"]
)
def test_a_reference_to_a_table_reads_as_it_is_written(text):
    assert str(Reference.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["table:wec/2021!driver", "table:wec/2021!!!", "title:wec/2021", "title:wec/2021!a!b", "table:wec!a!!",
             "title:wec/2021!a?rows=3", "table:wec/2021!a!!?class=x", "points:wec/2021!driver!!"],
)  # fmt: skip
def test_what_is_no_reference_to_a_table_is_none(text):
    assert Reference.parse(text) is None


def test_a_text_keeps_its_tables_as_they_stood():
    _formula, _first, second, (ada, bea, cleo) = two_races()
    publication = publish(ArticleFactory(body=TEXT))
    result(second.session, [cleo, bea, ada])

    page = Client().get(publication.get_absolute_url()).content.decode()
    feed = Client().get("/feeds/rss.xml").content.decode()

    assert [row["name"] for row in publication.content["tables"][0]["shown"]["rows"]] == ["Ada", "Bea"]
    assert "Formel 1 2015, Fahrerweltmeisterschaft" in page
    assert "Drei können noch Meister werden: Ada, Bea und Cleo." in page
    assert "<td>Ada</td>" in feed or "&lt;td&gt;Ada&lt;/td&gt;" in feed
    lines = publication.body_text.split("\n")
    assert "1. Ada: 43" in lines
    assert "1. Bea: 43" in lines
    assert "Wer Meister werden kann" in lines


@pytest.mark.parametrize("is_taken_back", [True, False])
def test_a_text_leaves_out_tables_that_readers_see_no_more(is_taken_back):
    formula, _first, second, _drivers = two_races()
    publication = publish(ArticleFactory(body=TEXT))
    if is_taken_back:
        Championship.objects.filter(season=formula).update(public_from=None)
    else:
        withdraw(second)

    for path in (publication.get_absolute_url(), "/feeds/rss.xml", "/suche/?q=Davor"):
        said = Client().get(path).content.decode()
        assert "Davor" in said
        assert "Ada" not in said


def test_what_readers_may_not_see_keeps_a_text_back():
    _formula, _first, second, _drivers = two_races()
    hold(second)
    after = f"table:formel-1/2015!driver!{second.session.event.slug}!"

    article = ArticleFactory(body=f'<p>x</p><figure data-extract="{after}"><figcaption></figcaption></figure>')

    assert reasons_of_the_text(article) == [f"Zum Ausschnitt „{after}“ gibt es noch kein öffentliches Ergebnis."]
    assert [row.points for row in tables_of([TABLE])[TABLE].rows] == ["25", "18"]


def test_a_table_after_an_event_of_the_desk_says_nothing_of_it():
    _formula, _first, second, _drivers = two_races()
    Event.objects.filter(pk=second.session.event_id).update(public_from=None)

    assert tables_of([f"table:formel-1/2015!driver!{second.session.event.slug}!"]) == {}


def test_the_desk_is_offered_tables_and_titles_of_the_seasons_it_writes_about():
    _formula, first, *_rest = two_races()
    event = Event.objects.select_related("season__series").get(pk=first.session.event_id)

    offered = [one["reference"] for one in find_tables([event]) if "driver" in one["reference"]]

    assert offered == [
        "table:formel-1/2015!driver!!", f"table:formel-1/2015!driver!{event.slug}!", "title:formel-1/2015!driver",
    ]  # fmt: skip
