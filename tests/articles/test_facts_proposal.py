"""What a draft's text proposes for event, boxes and tags, and that only a person's tick brings it into the draft."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles import workflow
from articles.admin.facts_proposal import proposal, text_of
from articles.factcheck.register import likely_events
from articles.importers.load import import_article
from articles.importers.text import Wishes, parse_bytes
from articles.models import Article, SidebarItem
from results.importers.plan import Upload
from results.models import SeriesAlias
from tests.articles.desk_forms import filled, save
from tests.articles.desk_forms import text_of as words_of
from tests.articles.weekends import STORY, bahrain_2021, wec, weekend
from tests.factories import (
    ArticleFactory,
    CircuitFactory,
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    LapSetFactory,
    SessionFactory,
    SidebarItemFactory,
    TagFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bahrain():
    return bahrain_2021()


def proposed(article):
    return proposal(article, text_of(article))


def someone(role="reporter"):
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def change(article):
    return f"/admin/articles/article/{article.pk}/change/"


def boxes(article):
    return [
        (box.kind, box.heading, box.session and box.session.key, box.class_name, box.cars, box.limit)
        for box in article.sidebar.order_by("position")
    ]


class TestEvent:
    def test_it_is_proposed_first_with_the_words_that_name_it(self, bahrain):
        found = proposed(ArticleFactory(title="Pole für Toyota", body=STORY))

        assert found.needs_event
        best = found.events[0]
        assert (best.event, best.is_chosen) == (bahrain, True)
        assert {"Veranstaltung: „Bahrain“", "Serie: „WEC“", "Jahr: „2021“"} <= set(best.reasons)
        assert found.event == bahrain

    def test_aliases_of_the_register_name_it_too(self, bahrain):
        SeriesAlias.objects.create(series=bahrain.season.series, name="Langstrecken-WM")
        article = ArticleFactory(body="<p>Die Langstrecken-WM fuhr am 6. November 2021 in Sakhir.</p>")
        assert proposed(article).events[0].event == bahrain

    def test_two_that_are_level_are_shown_and_none_is_chosen(self, bahrain):
        twin = EventFactory(
            name=bahrain.name, circuit=bahrain.circuit, starts_on=bahrain.starts_on, ends_on=bahrain.ends_on
        )
        article = ArticleFactory(body="<p>Am 6. November 2021 wurde in Bahrain gefahren, über 8 Stunden.</p>")
        found = proposed(article)
        assert {line.event for line in found.events} >= {bahrain, twin}
        assert not any(line.is_chosen for line in found.events)
        assert (found.event, found.classes) == (None, ())

    def test_an_event_the_draft_has_is_not_proposed_again(self, bahrain):
        found = proposed(ArticleFactory(lead_event=bahrain, body=STORY))
        assert not found.needs_event
        assert bahrain not in [line.event for line in found.events]

    def test_an_article_filed_under_another_event_than_its_text_names_is_a_doubt(self, bahrain):
        other = EventFactory(name="Nachtrennen", season__series__name="Rundstreckencup")
        found = proposed(ArticleFactory(lead_event=other, body=STORY))
        assert found.doubts == (
            "Der Artikel gehört zu Rundstreckencup 2021 · Nachtrennen, sein Text nennt WEC 2021 · 8 Stunden von Bahrain.",
        )
        assert proposed(ArticleFactory(lead_event=bahrain, body=STORY)).doubts == ()

    def test_the_date_of_an_imported_text_counts_though_it_stands_in_the_notes(self, bahrain):
        story = "<p>In Bahrain holte Toyota die Pole, meldet die WEC.</p>"
        article = ArticleFactory(body=story, notes="Datum im Text: 2021-11")
        assert proposed(article).events[0].event == bahrain
        assert "Monat: „2021-11“" in proposed(article).events[0].reasons

    def test_a_text_about_something_else_proposes_nothing(self, bahrain):
        article = ArticleFactory(title="Pokal", body="<p>Der FC gewann das Derby mit 3:1 vor 80.000 Zuschauern.</p>")
        assert proposed(article).is_empty

    def test_a_large_register_costs_no_more_queries(self, bahrain):
        text = text_of(ArticleFactory(body=STORY))
        with CaptureQueriesContext(connection) as few:
            likely_events(text, written=dt.date(2021, 11, 5))
        for number in range(30):
            EventFactory(season=bahrain.season, name=f"{number} Stunden von Bahrain", circuit=bahrain.circuit)
            CircuitFactory(name=f"Bahrain {number}")
        with CaptureQueriesContext(connection) as many:
            likely_events(text, written=dt.date(2021, 11, 5))
        assert len(many) == len(few) <= 7


class TestBoxes:
    def test_cars_stand_in_their_classes_in_the_order_of_the_text(self, bahrain):
        found = proposed(ArticleFactory(lead_event=bahrain, body=STORY))
        assert [(group.name, [car.named.car.number for car in group.cars]) for group in found.classes] == [
            ("Hypercar", ["7", "8"]), ("LMGTE Pro", ["92"])
        ]  # fmt: skip
        assert [(line.name, line.is_chosen) for line in found.sessions] == [("Qualifying", True)]

    def test_a_preview_proposes_the_schedule_and_the_cars_entered(self):
        season, circuit = wec(), CircuitFactory(name="Fuji Speedway")
        event = weekend(
            season, "6 Stunden von Fuji", (dt.date(2021, 9, 10), dt.date(2021, 9, 12)), circuit, is_run=False
        )
        article = ArticleFactory(
            lead_event=event, body="<p>Am kommenden Sonntag will Kobayashi die 6 Stunden von Fuji gewinnen.</p>"
        )
        found = proposed(article)
        assert found.offers_schedule
        assert [car.named.car.number for group in found.classes for car in group.cars] == ["7"]
        assert [(line.name, line.is_run, line.is_chosen) for line in found.sessions] == [
            ("Qualifying", False, False), ("Rennen", False, False)
        ]  # fmt: skip

    def test_a_shared_name_is_said_as_a_doubt(self, bahrain):
        DriverFactory(first_name="Anna", last_name="Estre")
        entry = EntryFactory(event=bahrain, number="46", crew=[DriverFactory(first_name="Anna", last_name="Estre")])
        race = bahrain.sessions.get(key="R")
        ClassificationFactory(session=race, rows=[{"entry": entry, "position": 1}])
        article = ArticleFactory(lead_event=bahrain, body="<p>Estre war zufrieden.</p>")
        assert proposed(article).doubts == ("„Estre“ (Absatz 1) kann #46, #92 sein.",)

    def test_a_class_with_a_box_is_not_chosen_again(self, bahrain):
        article = ArticleFactory(lead_event=bahrain, body=STORY)
        qualifying = bahrain.sessions.get(key="Q")
        SidebarItemFactory(article=article, kind="classification", session=qualifying, class_name="Hypercar")
        hypercar, pro = proposed(article).classes
        assert (hypercar.is_there, [car.is_chosen for car in hypercar.cars]) == (True, [False, False])
        assert (pro.is_there, [car.is_chosen for car in pro.cars]) == (False, [True])


class TestTags:
    def test_only_tags_of_the_register_that_the_text_names(self, bahrain):
        for name in ("WEC", "Kévin Estre", "Bahrain", "Nordschleife", "Formel 1"):
            TagFactory(name=name)
        article = ArticleFactory(lead_event=bahrain, body=STORY)
        found = {line.tag.name: line.words for line in proposed(article).tags}
        assert found == {"WEC": "WEC", "Kévin Estre": "Kevin Estre", "Bahrain": "Bahrain"}

    def test_a_driver_s_tag_is_found_by_his_last_name(self, bahrain):
        TagFactory(name="Brendon Hartley")
        article = ArticleFactory(lead_event=bahrain, body="<p>Hartley fuhr am schnellsten. Hartley strahlte.</p>")
        (line,) = proposed(article).tags
        assert (line.tag.name, line.words, line.count, line.is_chosen) == ("Brendon Hartley", "Hartley", 2, True)

    def test_a_tag_the_draft_has_is_not_proposed_again(self, bahrain):
        article = ArticleFactory(lead_event=bahrain, body=STORY)
        article.tags.add(TagFactory(name="WEC"))
        assert proposed(article).tags == ()


class TestRelated:
    def test_stories_of_the_event_and_of_the_same_cars(self, bahrain):
        article = ArticleFactory(lead_event=bahrain, body=STORY)
        same = ArticleFactory(title="Training in Bahrain", lead_event=bahrain)
        monza = EventFactory(season=bahrain.season)
        cars = ArticleFactory(title="Toyota in Monza", lead_event=monza)
        SidebarItemFactory(
            article=cars,
            kind="classification",
            session=SessionFactory(event=monza),
            cars="7, 36",
            class_name="Hypercar",
        )
        ArticleFactory(title="Etwas anderes", lead_event=monza)
        workflow_bin = ArticleFactory(title="Im Papierkorb", lead_event=bahrain)
        workflow.trash(workflow_bin, by=UserFactory(role="chief"))
        found = [(line.article, line.reasons) for line in proposed(article).related]
        assert found == [(same, ("gleiche Veranstaltung",)), (cars, ("zeigt auch #7",))]


class TestForm:
    def test_nothing_is_written_by_looking(self, bahrain):
        article, client = ArticleFactory(body=STORY), someone()
        page = words_of(client.get(change(article)))
        assert "Um welche Veranstaltung geht es?" in page
        assert "8 Stunden von Bahrain" in page
        article.refresh_from_db()
        assert (article.lead_event, article.sidebar.count(), article.lock_version) == (None, 0, 0)

    def test_an_ordinary_save_takes_nothing_over(self, bahrain):
        article, client = ArticleFactory(body=STORY), someone()
        save(client, change(article), filled(client, change(article), title="Neu"))
        article.refresh_from_db()
        assert (article.title, article.lead_event, article.sidebar.count()) == ("Neu", None, 0)

    def test_what_is_ticked_is_saved_as_one_revision_and_undone_by_the_one_before(self, bahrain):
        tag = TagFactory(name="WEC")
        article, client = ArticleFactory(body=STORY), someone()
        save(client, change(article), filled(client, change(article), title="Vorher"))

        answer = save(client, change(article), filled(client, change(article), title="Nachher"), button="_propose")

        assert answer.status_code == 302
        assert answer.url == change(article)
        article.refresh_from_db()
        assert (article.title, article.lead_event, list(article.tags.all())) == ("Nachher", bahrain, [tag])
        assert boxes(article) == [
            ("classification", "Qualifying · Hypercar", "Q", "Hypercar", "7, 8", 2),
            ("classification", "Qualifying · LMGTE Pro", "Q", "LMGTE Pro", "92", 1),
        ]
        last, before = article.revisions.all()[:2]
        assert last.comment == "Vorschläge aus dem Text übernommen"
        workflow.revert(article, by=UserFactory(role="editor"), revision=before)
        article.refresh_from_db()
        assert (article.lead_event, article.sidebar.count(), article.tags.count()) == (None, 0, 0)

    def test_what_is_not_ticked_stays_out(self, bahrain):
        TagFactory(name="WEC")
        article, client = ArticleFactory(lead_event=bahrain, body=STORY), someone()
        data = filled(client, change(article), **{"propose-car": ["92|LMGTE Pro"], "propose-tag": []})
        save(client, change(article), data, button="_propose")
        assert boxes(article) == [("classification", "", "Q", "LMGTE Pro", "92", 1)]
        assert article.tags.count() == 0

    def test_boxes_go_behind_those_that_are_there(self, bahrain):
        article, client = ArticleFactory(lead_event=bahrain, body=STORY), someone()
        SidebarItemFactory(article=article, kind="free", text="<p>Regen</p>")
        save(client, change(article), filled(client, change(article)), button="_propose")
        assert [box.kind for box in article.sidebar.order_by("position")] == [
            "free",
            "classification",
            "classification",
        ]

    def test_lap_times_of_all_chosen_cars(self, bahrain):
        qualifying = bahrain.sessions.get(key="Q")
        LapSetFactory(session=qualifying)
        article, client = ArticleFactory(lead_event=bahrain, body=STORY), someone()
        data = filled(client, change(article), **{"propose-laps": str(qualifying.pk), "propose-session": []})
        save(client, change(article), data, button="_propose")
        assert boxes(article) == [("lap_times", "", "Q", "", "7, 8, 92", 3)]

    def test_a_further_event_is_added_to_those_that_are_there(self, bahrain):
        article, client = ArticleFactory(lead_event=EventFactory(), body=STORY), someone()
        other = EventFactory()
        article.further_events.add(other)
        data = filled(client, change(article), **{"propose-further": str(bahrain.pk)})
        save(client, change(article), data, button="_propose")
        assert set(article.further_events.all()) == {bahrain, other}

    def test_boxes_of_another_event_than_the_chosen_one_are_not_taken(self, bahrain):
        other = EventFactory()
        article, client = ArticleFactory(body=STORY), someone()
        data = filled(client, change(article), **{"propose-event": str(other.pk)})
        save(client, change(article), data, button="_propose")
        article.refresh_from_db()
        assert (article.lead_event, article.sidebar.count()) == (other, 0)

    def test_sessions_of_another_event_than_the_one_shown_are_not_taken(self, bahrain):
        foreign = SessionFactory()
        article, client = ArticleFactory(lead_event=bahrain, body=STORY), someone()
        data = filled(client, change(article), **{"propose-session": str(foreign.pk)})
        save(client, change(article), data, button="_propose")
        assert article.sidebar.count() == 0

    @pytest.mark.parametrize("wrong", ["0", "x", "99999999999999999999", "1 OR 1=1", "²"])
    def test_keys_that_name_nothing_are_refused_by_the_form(self, bahrain, wrong):
        article, client = ArticleFactory(body=STORY), someone()
        data = filled(client, change(article), **{"propose-event": wrong, "propose-tag": wrong})
        answer = save(client, change(article), data, button="_propose")
        assert answer.status_code == 200
        article.refresh_from_db()
        assert article.lead_event is None

    def test_whoever_comes_second_is_shown_both_texts_and_nothing_is_taken_over(self, bahrain):
        article, client = ArticleFactory(body=STORY), someone()
        data = filled(client, change(article), title="Meiner")
        other = someone()
        save(other, change(article), filled(other, change(article), title="Ihrer"))

        answer = save(client, change(article), data, button="_propose")

        assert answer.status_code == 409
        article.refresh_from_db()
        assert (article.title, article.lead_event, article.sidebar.count()) == ("Ihrer", None, 0)
        page = html.fromstring(answer.content.decode())
        assert page.xpath("//select[@name='lead_event']/option[@selected]/@value") == [str(bahrain.pk)]
        assert page.xpath("//input[@name='sidebar-TOTAL_FORMS']/@value") != ["1"]

    def test_what_the_browser_kept_of_a_form_on_its_way_is_what_was_stored(self, bahrain):
        article, client = ArticleFactory(body=STORY), someone()
        data = filled(client, change(article)) | {"_propose": "1"}
        client.post(change(article), data)
        key = data["form_key"][0]
        again = {**data, "form_key": "3f2b8a1e-0d5c-4a77-9a57-6f0c7d1e2b34", "saved_key": key}
        keep = f"/admin/articles/article/{article.pk}/keep/"
        assert client.post(keep, again).json()["is_stored"] is True
        assert "is_stored" not in client.post(keep, {**again, "propose-tag": str(TagFactory(name="Regen").pk)}).json()

    def test_a_class_with_a_box_of_another_session_is_chosen(self, bahrain):
        article = ArticleFactory(lead_event=bahrain, body=STORY)
        race = bahrain.sessions.get(key="R")
        SidebarItemFactory(article=article, kind="classification", session=race, class_name="Hypercar")
        assert [line.is_there for line in proposed(article).classes] == [False, False]

    def test_the_button_belongs_to_those_who_may_write(self, bahrain):
        article = ArticleFactory(body=STORY)
        reader = someone("results")
        page = reader.get(change(article))
        assert page.status_code in {200, 403}
        assert b"_propose" not in page.content
        answer = reader.post(change(article), {"_propose": "1", "propose-event": bahrain.pk, "lock_version": "0"})
        assert answer.status_code == 403
        assert Article.objects.get().lead_event is None

    def test_the_enter_key_saves_and_takes_nothing_over(self, bahrain):
        article = ArticleFactory(body=STORY)
        page = html.fromstring(someone().get(change(article)).content.decode())
        buttons = page.xpath(
            "//*[(self::button or self::input) and @type='submit' and (ancestor::form[@id='article_form'] or "
            "@form='article_form') and not(@form and @form!='article_form')]/@name"
        )
        assert buttons[0] == "_continue"
        assert "_propose" in buttons

    def test_markup_of_the_text_stays_text(self, bahrain):
        article = ArticleFactory(lead_event=bahrain, body="<p>#7 &lt;script&gt;alert(1)&lt;/script&gt;</p>")
        TagFactory(name="<b>WEC</b>", slug="wec")
        page = someone().get(change(article)).content.decode()
        assert "<script>alert(1)" not in page
        assert "<b>WEC</b></b>" not in page


def test_an_imported_draft_gets_its_proposals_shown_and_none_applied(bahrain):
    story = "Pole für Toyota\n\nDie Startaufstellung in Bahrain steht.\n\n" + html.fromstring(STORY).text_content()
    upload = Upload("bericht.txt", story.encode())
    editor = UserFactory(role="editor")
    article = import_article(parse_bytes(upload.content, Wishes()), upload, by=editor).article
    assert article.lead_event is None
    client = Client()
    client.force_login(editor)
    page = html.fromstring(client.get(change(article)).content.decode())
    assert page.xpath("//input[@name='propose-event'][@checked]/@value") == [str(bahrain.pk)]
    assert SidebarItem.objects.count() == 0
