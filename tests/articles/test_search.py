"""The search finds what readers may read, in German, and nothing else."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import Listing, Publication
from articles.search import find, find_names, understand
from results.models import Entry, SessionEntry
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    CarTraceFactory,
    CircuitFactory,
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    ImageFactory,
    LapSetFactory,
    SessionCrewMemberFactory,
    SessionEntryFactory,
    SessionFactory,
    TagFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def titles(text, **options):
    return [hit.story.title for hit in find(understand(text), **options).hits]


@pytest.mark.parametrize(
    "asked",
    ["Nürburgring", "nürburgring", "NÜRBURGRING", "Nuerburgring", "nurburgring", "Nürburgrings", "Nürb"],
)
def test_an_umlaut_is_found_however_it_is_written(asked):
    publish(title="Regen am Nürburgring")

    assert titles(asked) == ["Regen am Nürburgring"]


@pytest.mark.parametrize("written", ["Straße", "STRASSE", "Strasse", "straße"])
def test_a_sharp_s_is_found_as_two(written):
    publish(title="Die lange Straße")

    assert titles(written) == ["Die lange Straße"]


@pytest.mark.parametrize("asked", ["Feuer", "feuers", "neue Bauer"])
def test_two_vowels_that_are_no_umlaut_stay_two(asked):
    publish(title="Feuer beim neuen Bauern")

    assert titles(asked) == ["Feuer beim neuen Bauern"]
    assert titles("Bar Neun") == []


def test_words_in_another_form_are_found():
    publish(title="Drei Rennen, zwei Siege")

    assert titles("Sieg im Rennen") == ["Drei Rennen, zwei Siege"]


def test_every_word_must_stand_in_the_story():
    publish(title="Sieg in Spa")
    publish(title="Sieg in Monza")

    assert titles("Sieg Spa") == ["Sieg in Spa"]


def test_the_last_word_counts_from_its_beginning_and_the_others_do_not():
    publish(title="Qualifying in Hockenheim")

    assert titles("Qualifying Hock") == ["Qualifying in Hockenheim"]
    assert titles("Hock Qualifying") == []


def test_titles_beat_texts():
    publish(title="Ein Bericht", body="<p>Am Rande ging es um Porsche und um vieles andere.</p>")
    publish(title="Porsche gewinnt")

    assert titles("Porsche") == ["Porsche gewinnt", "Ein Bericht"]


def test_by_date_the_newest_stands_first_and_a_correction_lifts_nothing():
    long_ago = timezone.now() - 48 * HOUR
    old = publish(title="Alter Porsche", moved_to=(long_ago, None)).article
    publish(title="Neuer Bericht", body="<p>Ein Porsche.</p>")
    workflow.publish(old, by=UserFactory(role="chief"), correction_note="Berichtigt.")

    assert titles("Porsche", by_date=True) == ["Neuer Bericht", "Alter Porsche"]


def test_names_captions_and_topics_are_found():
    article = ArticleFactory(title="Ohne alles", lead_image=ImageFactory(caption="Abendsonne über dem Karussell"))
    article.bylines.all().delete()
    article.bylines.create(author=AuthorFactory(name="Gerlinde Xaver"))
    article.tags.add(TagFactory(name="Hybridantrieb"))
    article.lead_event = EventFactory(name="Sechs Stunden von Fuji")
    article.save()
    publish(article)

    for word in ("Abendsonne", "Xaver", "Hybridantrieb", "Fuji"):
        assert titles(word) == ["Ohne alles"], word


def test_the_name_of_a_hidden_event_is_in_no_index():
    publish(title="Was kommt", lead_event=EventFactory(name="Geheimes Rennen von Irgendwo", public_from=None))

    assert titles("Geheimes") == []


# ------------------------------------------------------------------ what is hidden has no words


def draft():
    ArticleFactory(title="Nachtigall")


def scheduled():
    publish(title="Nachtigall", visible_from=timezone.now() + HOUR)


def withdrawn():
    workflow.withdraw(publish(title="Nachtigall").article, by=UserFactory(role="chief"), note="Irrtum.")


def embargoed_again():
    publication = publish(title="Nachtigall")
    Publication.objects.filter(pk=publication.pk).update(visible_from=timezone.now() + HOUR)


def superseded():
    article = publish(title="Nachtigall").article
    article.refresh_from_db()
    article.title = "Etwas anderes"
    article.save()
    publish(article)


def scheduled_correction():
    article = publish(title="Etwas anderes").article
    article.refresh_from_db()
    article.title = "Nachtigall"
    article.save()
    publish(article, visible_from=timezone.now() + HOUR, note="Nachtigall")


HIDDEN = [draft, scheduled, withdrawn, embargoed_again, superseded, scheduled_correction]


@pytest.mark.parametrize("by_date", [False, True])
@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_hidden_words_find_as_much_as_nonsense(client, hide, by_date):
    hide()

    asked, nonsense = (find(understand(word), by_date=by_date) for word in ("Nachtigall", "Xyzzyxyzzy"))
    assert (asked.hits, asked.count) == (nonsense.hits, nonsense.count) == ([], 0)
    page, empty = (client.get("/suche/", {"q": word}).content.decode() for word in ("Nachtigall", "Xyzzyxyzz0"))
    assert page.replace("Nachtigall", "") == empty.replace("Xyzzyxyzz0", "")


def test_a_scheduled_story_is_found_when_its_time_comes_without_any_job():
    publication = publish(title="Nachtigall", visible_from=timezone.now() + HOUR)
    Publication.objects.filter(pk=publication.pk).update(visible_from=timezone.now() - HOUR)

    assert titles("Nachtigall") == ["Nachtigall"]


def test_the_listing_follows_the_window_of_every_version():
    """Whatever moves a publication moves its row in the same statement."""
    first = publish(title="Eins")
    publish(first.article, note="Berichtigt.")
    publish(title="Zwei", visible_from=timezone.now() + HOUR)
    withdrawn()

    windows = {row.pk: (row.visible_from, row.visible_until) for row in Listing.objects.all()}
    assert windows == {one.pk: (one.visible_from, one.visible_until) for one in Publication.objects.all()}
    assert set(Listing.objects.public().values_list("pk", flat=True)) == set(
        Publication.objects.public().values_list("pk", flat=True)
    )


# ------------------------------------------------------------------ names


def found_names(text):
    return {str(named.title): [str(thing) for thing in named.things] for named in find_names(text)}


def test_public_drivers_events_and_circuits_are_found_by_name():
    circuit = CircuitFactory(name="Nürburgring")
    event = EventFactory(name="6 Stunden", circuit=circuit)
    driver = DriverFactory(first_name="Maximilian", last_name="Götz")
    ClassificationFactory(session__event=event, rows=[{"position": 1, "entry__crew": [driver]}])

    assert found_names("goetz") == {"Fahrer": ["Maximilian Götz"]}
    assert found_names("Götz") == {"Fahrer": ["Maximilian Götz"]}
    assert found_names("Nürburgring") == {"Veranstaltungen": [str(event)], "Strecken": ["Nürburgring"]}


def test_names_of_hidden_facts_are_not_found():
    event = EventFactory(name="Geheimes Rennen", circuit__name="Geheimer Ring", public_from=None)
    driver = DriverFactory(last_name="Geheim")
    ClassificationFactory(
        session__event=event,
        hidden=True,
        rows=[{"position": 1, "entry__crew": [driver], "entry__team__name": "Geheim"}],
    )

    assert find_names("Geheim") == []


def car_of(session, word, **entry):
    """A car of that session whose driver and team are called so."""
    driver = DriverFactory(last_name=word)
    return SessionEntryFactory(
        session=session,
        entry=EntryFactory(event=session.event, crew=[driver], team__name=word, public_from=None, **entry),
    )


def in_a_hidden_event(word):
    event = EventFactory(name=word, circuit__name=word, season__series__name=word, public_from=None)
    session = SessionFactory(event=event)
    ClassificationFactory(session=session, rows=[{"position": 1, "session_entry": car_of(session, word)}])


def in_a_draft(word):
    session = SessionFactory()
    car = car_of(session, word)
    SessionCrewMemberFactory(session_entry=car, driver__last_name=word)
    ClassificationFactory(session=session, hidden=True, rows=[{"position": 1, "session_entry": car}])


def in_a_result_under_embargo(word):
    session = SessionFactory()
    rows = [{"position": 1, "session_entry": car_of(session, word)}]
    ClassificationFactory(session=session, rows=rows, public_from=timezone.now() + HOUR)


def in_a_hidden_session(word):
    session = SessionFactory(public_from=None)
    ClassificationFactory(session=session, rows=[{"position": 1, "session_entry": car_of(session, word)}])


def in_laps_before_their_result(word):
    in_a_draft(word)
    car = SessionEntry.objects.latest("pk")
    CarTraceFactory(session_entry=car)
    LapSetFactory(session=car.session)


NOT_YET = [in_a_hidden_event, in_a_draft, in_a_result_under_embargo, in_a_hidden_session, in_laps_before_their_result]


@pytest.mark.parametrize("hide", NOT_YET, ids=lambda hide: hide.__name__)
def test_a_hidden_name_costs_not_a_query_more_than_nonsense(hide):
    """Else the time of an answer tells whether there is such a driver, a team, a race."""
    hide("Nachtigall")

    with CaptureQueriesContext(connection) as hidden:
        assert find_names("Nachtigall") == []
    with CaptureQueriesContext(connection) as nonsense:
        assert find_names("Nachtigxll") == []
    assert len(hidden) == len(nonsense) == 1


def on_the_entry_list(word):
    session = SessionFactory()
    Entry.objects.filter(pk=car_of(session, word).entry_id).update(public_from=timezone.now() - HOUR)


def in_a_result(word):
    session = SessionFactory()
    ClassificationFactory(session=session, rows=[{"position": 1, "session_entry": car_of(session, word)}])


def with_laps_alone(word):
    car = car_of(SessionFactory(), word)
    CarTraceFactory(session_entry=car)
    LapSetFactory(session=car.session)


def as_the_crew_of_one_session(word):
    session = SessionFactory()
    car = SessionEntryFactory(session=session, entry__team__name=word)
    SessionCrewMemberFactory(session_entry=car, driver__last_name=word)
    ClassificationFactory(session=session, rows=[{"position": 1, "session_entry": car}])


@pytest.mark.parametrize(
    "show",
    [on_the_entry_list, in_a_result, with_laps_alone, as_the_crew_of_one_session],
    ids=lambda show: show.__name__,
)
def test_a_name_is_found_however_it_became_public(show):
    """The quick look at the names knows all ways in which a car is shown."""
    show("Nachtigall")

    assert found_names("Nachtigall").keys() == {"Fahrer", "Teams"}


# ------------------------------------------------------------------ the page


def test_hits_are_marked_and_nothing_of_a_text_is_taken_for_html(client):
    publish(title="Sieg <b>für</b> & gegen Nürburg", body="<p>Am Nürburgring &lt;script&gt; blieb es trocken.</p>")

    page = client.get("/suche/", {"q": "nuerburg"}).content.decode()
    assert "Sieg &lt;b&gt;für&lt;/b&gt; &amp; gegen <mark>Nürburg</mark>" in page
    assert "<script>" not in page


def test_a_question_is_no_html_and_no_query(client):
    publish(title="Ein Bericht")

    for text in ("<script>alert(1)</script>", "'; drop table x --", "a & | ! ( ) : *", "\\'", "%s %(x)s", "🏁", "…"):
        page = client.get("/suche/", {"q": text})
        assert page.status_code == 200, text
        assert "<script>" not in page.content.decode()


@pytest.mark.parametrize(
    "query",
    ["q=" + "x" * 8000, "q=" + "x" * 201, "q=a&seite=100000", "q=a&seite=0", "q=a&seite=x", "q=a&page=100000",
     "q=a&limit=1000000", "q=a&sortierung=quer", "q=%00", "&".join(f"f{n}=1" for n in range(200))],
)  # fmt: skip
def test_absurd_questions_are_refused(client, query):
    assert client.get(f"/suche/?{query}").status_code == 400


def test_a_page_behind_the_last_is_not_there(client):
    publish(title="Porsche")

    assert client.get("/suche/?q=porsche&seite=2").status_code == 404


def test_without_a_question_nothing_is_asked_for(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # the bar of series
        assert client.get("/suche/").status_code == 200
