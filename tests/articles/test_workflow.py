"""The acts of the desk: what each does, what it refuses, and that two at once do it once."""

import datetime as dt
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import workflow
from articles.gate import DRAFT_TITLE
from articles.models import Address, Article, Byline, Publication, Revision, SidebarItem, Withdrawal
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    EventFactory,
    ImageFactory,
    SeriesFactory,
    SessionFactory,
    SidebarItemFactory,
    TagFactory,
    UserFactory,
    publish,
)

HOUR = dt.timedelta(hours=1)


def public_titles():
    return list(Publication.objects.public().values_list("title", flat=True))


def rename(article, title):
    """An edit of the desk, saved."""
    article.title = title
    article.save()
    return workflow.save(article, by=UserFactory(role="reporter"), expected_lock_version=article.lock_version)


@pytest.mark.django_db
class TestSave:
    def test_every_save_with_a_change_is_a_revision_with_who_and_what(self):
        article = ArticleFactory(title="Eins")
        reporter = UserFactory(role="reporter")
        first = workflow.save(article, by=reporter, expected_lock_version=0, comment="angelegt")
        second = rename(article, "Zwei")

        assert [(r.number, r.content["title"]) for r in (first, second)] == [(1, "Eins"), (2, "Zwei")]
        assert (first.created_by, first.comment) == (reporter, "angelegt")
        assert article.lock_version == 2

    def test_a_save_without_a_change_writes_nothing(self):
        article = ArticleFactory()
        first = workflow.save(article, by=None, expected_lock_version=0)
        changed_at = article.changed_at

        assert workflow.save(article, by=None, expected_lock_version=1) == first
        assert (article.lock_version, article.changed_at) == (1, changed_at)

    def test_a_renamed_author_alone_is_no_change_of_the_article(self):
        author = AuthorFactory(name="Alt")
        article = ArticleFactory(authors=[author])
        workflow.save(article, by=None, expected_lock_version=0)
        author.name = "Neu"
        author.save()

        workflow.save(article, by=None, expected_lock_version=1)

        assert article.revisions.count() == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda article: article.tags.add(TagFactory()),
            lambda article: article.further_events.add(EventFactory()),
            lambda article: Byline.objects.create(article=article, author=AuthorFactory(), position=9),
            lambda article: SidebarItemFactory(article=article),
            lambda article: article.bylines.all().delete(),
            lambda article: Article.objects.filter(pk=article.pk).update(lead_image=ImageFactory()),
            lambda article: Article.objects.filter(pk=article.pk).update(notes="Bitte prüfen"),
        ],
    )
    def test_a_change_of_any_part_moves_the_version(self, change):
        article = ArticleFactory()
        workflow.save(article, by=None, expected_lock_version=0)
        change(article)

        workflow.save(article, by=None, expected_lock_version=1)

        assert article.lock_version == 2

    def test_the_order_of_authors_is_part_of_the_article(self):
        first, second = AuthorFactory(), AuthorFactory()
        article = ArticleFactory(authors=[first, second])
        workflow.save(article, by=None, expected_lock_version=0)
        article.bylines.filter(author=first).update(position=3)

        revision = workflow.save(article, by=None, expected_lock_version=1)

        assert [line["author"] for line in revision.content["bylines"]] == [second.pk, first.pk]

    def test_a_stale_save_is_refused_and_told_what_is_there_now(self):
        article = ArticleFactory(title="Eins")
        workflow.save(article, by=None, expected_lock_version=0)

        with pytest.raises(workflow.StaleSave) as refusal:
            workflow.save(article, by=UserFactory(role="reporter"), expected_lock_version=0)

        assert (refusal.value.current.title, refusal.value.current.lock_version) == ("Eins", 1)

    def test_someone_without_the_right_may_not_save(self):
        with pytest.raises(PermissionDenied):
            workflow.save(ArticleFactory(), by=UserFactory(), expected_lock_version=None)

    def test_whoever_writes_the_body_is_sanitised(self):
        article = ArticleFactory(body="<p>gut</p><script>alert(1)</script>")

        assert Article.objects.get(pk=article.pk).body == "<p>gut</p>"

    def test_a_revert_brings_back_equal_bytes_boxes_and_relations_as_a_new_revision(self):
        author, tag, event = AuthorFactory(), TagFactory(), EventFactory()
        body = "<h2>Ä</h2><p>„Zitat“ – 1:46,540<br>&amp; mehr</p>"
        article = ArticleFactory(title="Eins", body=body, authors=[author], lead_event=event)
        article.tags.add(tag)
        article.further_events.add(event)
        SidebarItemFactory(article=article, heading="Erster", kind="schedule", event=event)
        first = workflow.save(article, by=None, expected_lock_version=0)
        stored = Article.objects.get(pk=article.pk).body
        article.tags.clear()
        article.bylines.all().delete()
        article.sidebar.all().delete()
        article.body = "<p>anders</p>"
        article.save()
        workflow.save(article, by=None, expected_lock_version=1)

        third = workflow.revert(article, by=UserFactory(role="reporter"), revision=first)

        assert Article.objects.get(pk=article.pk).body.encode() == stored.encode() == body.encode()
        assert third.content == first.content
        assert (third.number, third.comment) == (3, "Zurück zu Revision 1")


@pytest.mark.django_db
class TestPublish:
    def test_a_published_version_holds_what_the_draft_held(self):
        author, tag, image = AuthorFactory(name="Ada Muster"), TagFactory(name="GT3"), ImageFactory()
        event, other = EventFactory(), EventFactory()
        article = ArticleFactory(
            title="Sieg in Bahrain", authors=[author], lead_event=event, lead_image=image, body="<p>Ein <b>Sieg</b></p>"
        )
        article.tags.add(tag)
        article.further_events.add(other, event)
        boxed = SeriesFactory()
        SidebarItemFactory(article=article, kind="next_event", series=boxed, text="")

        publication = publish(article)

        assert publication.slug == "sieg-in-bahrain"
        assert (publication.version, publication.uid) == (1, article.uid)
        assert (publication.body_html, publication.body_text) == ("<p>Ein <strong>Sieg</strong></p>", "Ein Sieg")
        assert publication.content["bylines"] == [{"name": "Ada Muster", "slug": "ada-muster"}]
        assert publication.content["tags"] == [{"name": "GT3", "slug": "gt3"}]
        assert publication.content["lead_image"] == {
            "token": image.token,
            "alt": image.alt,
            "caption": "",
            "credit": image.credit,
            "width": 1600,
            "height": 900,
            "renditions": [],
        }
        assert [box["kind"] for box in publication.content["sidebar"]] == ["next_event"]
        assert set(publication.events.all()) == {event, other}
        assert set(publication.series.all()) == {event.season.series, other.season.series, boxed}
        assert [*publication.authors.all(), *publication.tags.all(), *publication.images.all()] == [author, tag, image]
        assert Address.objects.get(slug="sieg-in-bahrain").article == article
        assert public_titles() == ["Sieg in Bahrain"]

    def test_a_correction_replaces_the_version_without_a_gap(self):
        article = ArticleFactory(title="Eins")
        first = publish(article)
        rename(article, "Zwei")

        second = publish(article, note="Der Sieger war ein anderer.")

        first.refresh_from_db()
        assert first.visible_until == second.visible_from
        assert (second.version, second.correction_note) == (2, "Der Sieger war ein anderer.")
        assert public_titles() == ["Zwei"]

    def test_a_saved_but_unpublished_change_stays_at_the_desk(self):
        article = ArticleFactory(title="Eins")
        publish(article)
        rename(article, "Geheim")

        assert public_titles() == ["Eins"]

    def test_publishing_the_same_again_returns_the_version_that_is_there(self):
        article = ArticleFactory()
        first = publish(article)

        assert publish(article) == first
        assert Publication.objects.count() == 1

    def test_a_new_note_alone_makes_a_new_version_once(self):
        article = ArticleFactory()
        publish(article)

        assert [publish(article, note="Korrigiert.").version for _ in range(2)] == [2, 2]

    def test_a_corrected_picture_text_is_a_change_worth_publishing(self):
        image = ImageFactory(alt="falsch")
        article = ArticleFactory(lead_image=image)
        publish(article)
        image.alt = "richtig"
        image.save()

        assert publish(article).content["lead_image"]["alt"] == "richtig"

    def test_a_scheduled_version_waits_and_the_public_one_stays_until_then(self):
        article = ArticleFactory(title="Eins")
        publish(article)
        rename(article, "Zwei")
        at = timezone.now() + HOUR

        second = publish(article, visible_from=at)

        assert (second.visible_from, second.visible_until) == (at, None)
        assert article.publications.get(version=1).visible_until == at
        assert public_titles() == ["Eins"]

    def test_the_same_version_moves_to_another_hour(self):
        article = ArticleFactory()
        at = timezone.now() + HOUR
        scheduled = publish(article, visible_from=at)

        assert publish(article, visible_from=at + HOUR) == scheduled
        assert publish(article, visible_from=at + HOUR).visible_from == at + HOUR
        assert public_titles() == []
        assert publish(article) == scheduled
        assert public_titles() == [article.title]

    def test_a_scheduled_version_that_is_replaced_never_becomes_visible(self):
        article = ArticleFactory(title="Eins")
        publish(article)
        rename(article, "Zwei")
        second = publish(article, visible_from=timezone.now() + HOUR)
        rename(article, "Drei")
        third = publish(article, visible_from=timezone.now() + 2 * HOUR)

        second.refresh_from_db()
        assert second.visible_until == second.visible_from
        assert article.publications.get(version=1).visible_until == third.visible_from

    def test_the_past_means_now(self):
        before = timezone.now()

        publication = publish(visible_from=before - HOUR)

        assert publication.visible_from >= before
        assert Publication.objects.public().get() == publication

    def test_an_hour_without_a_zone_is_refused(self):
        with pytest.raises(ValueError, match="zone"):
            publish(visible_from=dt.datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001

    def test_a_scheduled_version_is_taken_back_and_the_public_one_stays(self):
        article = ArticleFactory(title="Eins")
        first = publish(article)
        rename(article, "Zwei")
        publish(article, visible_from=timezone.now() + HOUR)

        scheduled = workflow.unschedule(article, by=UserFactory(role="chief"))

        first.refresh_from_db()
        assert scheduled.visible_until == scheduled.visible_from
        assert first.visible_until is None
        with pytest.raises(workflow.NothingToWithdraw):
            workflow.unschedule(article, by=UserFactory(role="chief"))

    @pytest.mark.parametrize("role", [None, "reporter", "results", "pictures"])
    def test_who_may_not_publish_cannot(self, role):
        article = ArticleFactory()

        with pytest.raises(PermissionDenied):
            publish(article, by=UserFactory(role=role))
        assert not Publication.objects.exists()

    def test_an_account_that_was_closed_cannot_publish(self):
        with pytest.raises(PermissionDenied):
            publish(by=UserFactory(role="chief", is_active=False))


@pytest.mark.django_db
class TestGate:
    def test_a_complete_story_lacks_nothing(self):
        assert workflow.reasons_not_to_publish(ArticleFactory()) == []

    def test_an_empty_draft_lacks_everything_at_once(self):
        article = ArticleFactory(title=DRAFT_TITLE, standfirst="", body="<p> </p>", authors=[])

        assert workflow.reasons_not_to_publish(article) == [
            "Der Titel fehlt.",
            "Der Vorspann fehlt.",
            "Der Text fehlt.",
            "Es ist kein Autor genannt.",
        ]

    def test_a_lead_picture_needs_alternative_text_and_credit(self):
        article = ArticleFactory(lead_image=ImageFactory(alt=" ", credit=""))

        assert workflow.reasons_not_to_publish(article) == [
            "Das Aufmacherbild hat keinen Alternativtext.",
            "Das Aufmacherbild hat keinen Bildnachweis.",
        ]

    @pytest.mark.parametrize(
        ("box", "missing"),
        [
            ({"kind": "classification"}, "die Session fehlt"),
            ({"kind": "lap_times"}, "die Session fehlt, die Startnummern fehlen"),
            ({"kind": "next_event"}, "die Serie fehlt"),
            ({"kind": "schedule"}, "die Veranstaltung fehlt"),
            ({"kind": "free", "text": " "}, "der Text fehlt"),
        ],
    )
    def test_a_box_needs_what_its_kind_shows(self, box, missing):
        item = SidebarItemFactory(**{"text": "", **box})

        (reason,) = workflow.reasons_not_to_publish(item.article)

        assert reason == f"Kasten 1 der Randspalte ({item.get_kind_display()}): {missing}."

    def test_complete_boxes_pass(self):
        article = ArticleFactory()
        session = SessionFactory()
        SidebarItemFactory(article=article, kind="classification", session=session)
        SidebarItemFactory(article=article, kind="lap_times", session=session, cars="7, 8")
        SidebarItemFactory(article=article, kind="schedule", event=session.event)

        assert workflow.reasons_not_to_publish(article) == []

    def test_nothing_is_published_while_something_is_missing(self):
        article = ArticleFactory(standfirst="")

        with pytest.raises(workflow.NotPublishable) as refusal:
            publish(article)

        assert refusal.value.reasons == ["Der Vorspann fehlt."]
        assert not Publication.objects.exists()
        assert not Article.objects.get(pk=article.pk).slug

    def test_the_address_is_made_of_the_title_and_counts_on_when_taken(self):
        slugs = [publish(title="Größe zählt").slug for _ in range(3)]

        assert slugs == ["groesse-zaehlt", "groesse-zaehlt-2", "groesse-zaehlt-3"]

    def test_an_address_another_story_once_had_is_never_given_again(self):
        first = ArticleFactory(title="Alt", slug="adresse")
        publish(first)
        first.slug = "neue-adresse"
        first.save()
        publish(first)

        second = ArticleFactory(slug="adresse")

        assert workflow.reasons_not_to_publish(second) == ["Die Adresse „adresse“ gehört einem anderen Artikel."]
        assert publish(title="Adresse").slug == "adresse-2"

    def test_a_story_may_return_to_an_address_of_its_own(self):
        article = ArticleFactory(slug="a")
        for slug in ("a", "b", "a"):
            article.slug = slug
            article.save()
            publish(article)

        assert Publication.objects.public().get().slug == "a"
        assert Address.objects.filter(article=article).count() == 2

    @pytest.mark.parametrize("slug", ["suche", "admin"])
    def test_an_address_of_the_site_is_refused(self, slug):
        assert workflow.reasons_not_to_publish(ArticleFactory(slug=slug)) == [
            f"Die Adresse „{slug}“ gehört der Website selbst."
        ]

    def test_a_title_that_is_a_word_of_the_site_gets_a_number(self):
        assert publish(title="Suche").slug == "suche-2"


@pytest.mark.django_db
class TestWithdraw:
    def test_a_withdrawn_story_is_gone_at_once_and_says_why(self):
        article = ArticleFactory()
        publish(article)

        withdrawal = workflow.withdraw(article, by=UserFactory(role="chief"), note=" Falsche Angaben. ")

        assert withdrawal.note == "Falsche Angaben."
        assert public_titles() == []

    def test_a_scheduled_version_is_withdrawn_with_the_public_one_and_was_never_seen(self):
        article = ArticleFactory(title="Eins")
        publish(article)
        rename(article, "Zwei")
        second = publish(article, visible_from=timezone.now() + HOUR)

        workflow.withdraw(article, by=UserFactory(role="chief"), note="Zurück.")

        second.refresh_from_db()
        assert second.visible_until == second.visible_from
        assert not Publication.objects.filter(visible_until=None).exists()
        assert public_titles() == []

    def test_a_withdrawn_story_can_be_published_again_unchanged(self):
        article = ArticleFactory()
        publish(article)
        workflow.withdraw(article, by=UserFactory(role="chief"), note="Zurück.")

        assert publish(article).version == 2
        assert public_titles() == [article.title]

    def test_a_note_is_obligatory(self):
        article = ArticleFactory()
        publish(article)

        with pytest.raises(ValueError, match="Hinweis"):
            workflow.withdraw(article, by=UserFactory(role="chief"), note="  ")

    def test_a_draft_cannot_be_withdrawn(self):
        with pytest.raises(workflow.NothingToWithdraw):
            workflow.withdraw(ArticleFactory(), by=UserFactory(role="chief"), note="Zurück.")
        assert not Withdrawal.objects.exists()

    @pytest.mark.parametrize("role", ["reporter", "editor", "results", "pictures"])
    def test_who_may_not_withdraw_cannot(self, role):
        article = ArticleFactory()
        publish(article)

        with pytest.raises(PermissionDenied):
            workflow.withdraw(article, by=UserFactory(role=role), note="Zurück.")
        assert public_titles() == [article.title]


@pytest.mark.django_db
class TestBin:
    def test_an_article_goes_into_the_bin_and_comes_back(self):
        article, chief = ArticleFactory(), UserFactory(role="chief")

        workflow.trash(article, by=chief)
        assert not Article.objects.on_the_desk().exists()
        assert workflow.reasons_not_to_publish(article) == ["Der Artikel liegt im Papierkorb."]

        workflow.restore(article, by=chief)
        assert Article.objects.on_the_desk().get() == article

    @pytest.mark.parametrize("in_hours", [None, 1])
    def test_a_public_or_scheduled_story_must_be_withdrawn_first(self, in_hours):
        article, chief = ArticleFactory(), UserFactory(role="chief")
        publish(article, visible_from=in_hours and timezone.now() + HOUR)

        with pytest.raises(workflow.NotPublishable):
            workflow.trash(article, by=chief)
        workflow.withdraw(article, by=chief, note="Zurück.")
        workflow.trash(article, by=chief)
        assert article.trashed_at

    def test_a_reporter_cannot_use_the_bin(self):
        with pytest.raises(PermissionDenied):
            workflow.trash(ArticleFactory(), by=UserFactory(role="reporter"))


@pytest.mark.django_db
class TestFrozen:
    @pytest.mark.parametrize(
        "forge",
        [
            lambda: Publication.objects.update(title="anders"),
            lambda: Publication.objects.update(content={}),
            lambda: Publication.objects.all()._raw_delete("default"),
            lambda: Revision.objects.update(content={}),
            lambda: Revision.objects.all()._raw_delete("default"),
            lambda: Withdrawal.objects.update(note="anders"),
            lambda: Address.objects.update(slug="anders"),
            lambda: Publication.authors.through.objects.all().delete(),
        ],
    )
    def test_the_database_refuses_to_change_what_was_published(self, forge):
        article = ArticleFactory()
        publish(article)
        workflow.withdraw(article, by=UserFactory(role="chief"), note="Zurück.")

        with pytest.raises(IntegrityError), transaction.atomic():
            forge()

    def test_only_the_window_of_visibility_moves(self):
        publication = publish()

        assert Publication.objects.filter(pk=publication.pk).update(visible_until=timezone.now() + HOUR) == 1


def at_once(times, act):
    """Run an act in as many threads at the same time, each on a connection of its own; results or exceptions."""

    def run(number):
        try:
            return act(number)
        except Exception as error:  # noqa: BLE001 - the exception is the result
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_eight_clicks_on_publish_publish_once(self):
        article, chief = ArticleFactory(), UserFactory(role="chief")

        versions = at_once(8, lambda _: workflow.publish(article, by=chief).pk)

        assert len(set(versions)) == 1
        assert (Publication.objects.count(), Revision.objects.count(), Address.objects.count()) == (1, 1, 1)

    def test_eight_clicks_on_publish_a_correction_publish_once(self):
        article, chief = ArticleFactory(title="Eins"), UserFactory(role="chief")
        publish(article, by=chief)
        rename(article, "Zwei")

        at_once(8, lambda _: workflow.publish(article, by=chief, correction_note="Neu.").pk)

        assert list(article.publications.values_list("version", flat=True)) == [2, 1]
        assert public_titles() == ["Zwei"]

    def test_eight_clicks_on_withdraw_withdraw_once(self):
        article, chief = ArticleFactory(), UserFactory(role="chief")
        publish(article)

        results = at_once(8, lambda _: workflow.withdraw(article, by=chief, note="Zurück."))

        assert sorted(type(result).__name__ for result in results) == ["NothingToWithdraw"] * 7 + ["Withdrawal"]

    def test_publish_and_withdraw_at_once_leave_windows_in_order(self):
        article, chief = ArticleFactory(), UserFactory(role="chief")
        publish(article)
        acts = [
            lambda: workflow.publish(article, by=chief).pk,
            lambda: workflow.withdraw(article, by=chief, note="Zurück."),
        ]

        results = at_once(10, lambda number: acts[number % 2]())

        assert {type(result) for result in results} <= {int, Withdrawal, workflow.NothingToWithdraw}
        windows = list(article.publications.order_by("version").values_list("visible_from", "visible_until"))
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(windows))

    def test_eight_stories_with_one_title_get_eight_addresses(self):
        chief = UserFactory(role="chief")
        articles = [ArticleFactory(title="Der gleiche Titel") for _ in range(8)]

        results = at_once(8, lambda number: workflow.publish(articles[number], by=chief).slug)

        assert set(results) == {"der-gleiche-titel", *(f"der-gleiche-titel-{n}" for n in range(2, 9))}

    def test_of_two_who_save_the_same_state_the_second_is_refused_with_his_boxes(self):
        article, reporter = ArticleFactory(title="Eins"), UserFactory(role="reporter")
        workflow.save(article, by=reporter, expected_lock_version=0)

        def edit(number):
            with transaction.atomic():
                current = workflow.claim(article, expected_lock_version=1)
                current.title = f"Fassung {number}"
                current.save()
                SidebarItem.objects.create(article=current, kind="free", heading=f"Kasten {number}", text="x")
                return workflow.save(current, by=reporter, expected_lock_version=1).content["title"]

        results = at_once(2, edit)

        (winner,) = [result for result in results if isinstance(result, str)]
        assert [type(result) for result in results if result != winner] == [workflow.StaleSave]
        assert Article.objects.get().title == winner
        assert SidebarItem.objects.get().heading == winner.replace("Fassung", "Kasten")
        assert Revision.objects.count() == 2
