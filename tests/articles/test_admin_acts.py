"""Publish, withdraw, bin and revisions as pages: what they show, what they do, who may."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.act_forms import PublishForm
from articles.models import Article, Publication, Withdrawal
from tests.articles.desk_forms import filled, text_of
from tests.factories import ArticleFactory, UserFactory, publish

pytestmark = pytest.mark.django_db
TOMORROW = dt.timedelta(days=1)
ACTS = ["publish", "unschedule", "withdraw", "trash", "restore", "revert"]


def page(article, act):
    return f"/admin/articles/article/{article.pk}/{act}/"


def someone(role):
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


class TestPublish:
    def test_the_page_lists_what_is_missing_and_offers_no_button(self):
        article = ArticleFactory(standfirst="", authors=[])

        response = someone("chief").get(page(article, "publish"))

        assert "Das fehlt noch Der Vorspann fehlt.Es ist kein Autor genannt." in text_of(response)
        assert b'type="submit" class="default"' not in response.content

    def test_a_post_against_the_gate_changes_nothing(self):
        article, client = ArticleFactory(standfirst=""), someone("chief")

        response = client.post(page(article, "publish"), {"lock_version": "0"})

        assert response.status_code == 409
        assert "Der Vorspann fehlt." in text_of(response)
        assert not Publication.objects.exists()

    def test_one_click_publishes_now(self):
        article, client = ArticleFactory(title="Sieg"), someone("chief")

        response = client.post(page(article, "publish"), filled(client, page(article, "publish")), follow=True)

        assert Publication.objects.public().get().title == "Sieg"
        assert "„Sieg“ ist veröffentlicht." in text_of(response)
        assert "Öffentlich" in text_of(response)

    def test_eight_posts_of_one_page_publish_once(self):
        article, client = ArticleFactory(), someone("chief")
        data = filled(client, page(article, "publish"))

        codes = {client.post(page(article, "publish"), data).status_code for _ in range(8)}

        assert codes == {302}
        assert Publication.objects.count() == 1

    def test_what_was_changed_after_the_page_was_opened_is_looked_at_again(self):
        article, client = ArticleFactory(title="Geprüft"), someone("chief")
        data = filled(client, page(article, "publish"))
        article.title = "Heimlich geändert"
        article.save()
        workflow.save(article, by=None, expected_lock_version=None)

        response = client.post(page(article, "publish"), data)

        assert response.status_code == 409
        assert "Der Artikel wurde inzwischen geändert." in text_of(response)
        assert not Publication.objects.exists()
        assert client.post(page(article, "publish"), filled(client, page(article, "publish"))).status_code == 302

    def test_a_story_waits_for_the_hour_given_in_german_time(self):
        article, client = ArticleFactory(), someone("chief")
        data = filled(client, page(article, "publish"), day="2030-07-01", time="18:30")

        response = client.post(page(article, "publish"), data, follow=True)

        assert Publication.objects.get().visible_from == dt.datetime(2030, 7, 1, 16, 30, tzinfo=dt.UTC)
        assert "erscheint am 1. Juli 2030, 18:30 Uhr MESZ" in text_of(response)
        assert not Publication.objects.public().exists()

    def test_a_correction_shows_what_changes_and_takes_a_note(self):
        article, client = ArticleFactory(title="Alter Titel"), someone("chief")
        publish(article)
        article.title = "Neuer Titel"
        article.save()
        workflow.save(article, by=None, expected_lock_version=None)

        shown = text_of(client.get(page(article, "publish")))
        data = filled(client, page(article, "publish"), correction_note="Der Titel war falsch.")
        client.post(page(article, "publish"), data)

        assert "Was sich für die Leser ändert Titel AlterNeuer Titel" in shown
        assert Publication.objects.public().get().correction_note == "Der Titel war falsch."

    def test_a_schedule_is_taken_back(self):
        article, client = ArticleFactory(), someone("chief")
        publish(article, visible_from=timezone.now() + TOMORROW)

        client.post(page(article, "unschedule"))

        assert not Publication.objects.to_come().exists()


class TestHours:
    @pytest.mark.parametrize(
        ("day", "time", "which", "instant"),
        [
            ("2030-07-01", "18:30", "", dt.datetime(2030, 7, 1, 16, 30, tzinfo=dt.UTC)),
            ("2030-12-01", "18:30", "", dt.datetime(2030, 12, 1, 17, 30, tzinfo=dt.UTC)),
            ("2030-10-27", "02:30", "first", dt.datetime(2030, 10, 27, 0, 30, tzinfo=dt.UTC)),
            ("2030-10-27", "02:30", "second", dt.datetime(2030, 10, 27, 1, 30, tzinfo=dt.UTC)),
            ("2030-10-27", "03:00", "", dt.datetime(2030, 10, 27, 2, 0, tzinfo=dt.UTC)),
            ("2030-03-31", "03:00", "", dt.datetime(2030, 3, 31, 1, 0, tzinfo=dt.UTC)),
            ("1.7.2030", "18:30", "", dt.datetime(2030, 7, 1, 16, 30, tzinfo=dt.UTC)),
            ("", "", "", None),
        ],
    )
    def test_a_time_on_the_newsrooms_clock_is_one_instant(self, day, time, which, instant):
        form = PublishForm({"lock_version": "1", "day": day, "time": time, "which": which})

        assert form.is_valid(), form.errors
        assert form.cleaned_data["instant"] == instant

    @pytest.mark.parametrize(
        ("day", "time", "field", "sentence"),
        [
            ("2030-03-31", "02:30", "time", "Diese Uhrzeit gibt es nicht: In dieser Nacht wird die Uhr vorgestellt."),
            ("2030-10-27", "02:30", "which", "Die Uhr zeigt diese Zeit in dieser Nacht zweimal. Welche ist gemeint?"),
            ("2030-07-01", "", "time", "Tag und Uhrzeit gehören zusammen."),
            ("", "18:30", "day", "Tag und Uhrzeit gehören zusammen."),
            (
                "2020-07-01",
                "18:30",
                "day",
                "Dieser Zeitpunkt ist vorbei. Lassen Sie Tag und Uhrzeit leer, um jetzt zu veröffentlichen.",
            ),
        ],
    )
    def test_a_time_that_is_no_instant_is_refused_or_asked(self, day, time, field, sentence):
        form = PublishForm({"lock_version": "1", "day": day, "time": time})

        assert not form.is_valid()
        assert form.errors[field] == [sentence]

    def test_the_page_asks_which_of_the_two_hours_is_meant(self):
        article, client = ArticleFactory(), someone("chief")
        data = filled(client, page(article, "publish"), day="2030-10-27", time="02:30")

        response = client.post(page(article, "publish"), data)

        assert "Welche der beiden?" in text_of(response)
        assert not Publication.objects.exists()
        client.post(page(article, "publish"), data | {"which": "second"})
        assert Publication.objects.get().visible_from == dt.datetime(2030, 10, 27, 1, 30, tzinfo=dt.UTC)


class TestWithdraw:
    def test_a_withdrawal_needs_a_note(self):
        article, client = ArticleFactory(), someone("chief")
        publish(article)

        assert client.post(page(article, "withdraw"), {"note": "  "}).status_code == 200
        assert Publication.objects.public().exists()

    def test_a_withdrawn_story_says_so_at_the_desk(self):
        article, client = ArticleFactory(), someone("chief")
        publish(article)

        response = client.post(page(article, "withdraw"), {"note": "Die Angaben waren falsch."}, follow=True)

        assert Withdrawal.objects.get().note == "Die Angaben waren falsch."
        assert "Zurückgezogen Unter seiner Adresse steht der Hinweis an die Leser." in text_of(response)

    def test_what_is_not_public_cannot_be_withdrawn(self):
        response = someone("chief").post(page(ArticleFactory(), "withdraw"), {"note": "Weg."})

        assert response.status_code == 409
        assert "Keine Fassung des Artikels ist öffentlich oder terminiert." in text_of(response)


class TestBin:
    def test_an_article_goes_into_the_bin_and_back(self):
        article, client = ArticleFactory(), someone("editor")

        client.post(page(article, "trash"))
        assert Article.objects.get().trashed_at
        client.post(page(article, "restore"))
        assert Article.objects.get().trashed_at is None

    def test_a_public_story_is_not_binned(self):
        article = ArticleFactory()
        publish(article)

        response = someone("editor").post(page(article, "trash"))

        assert response.status_code == 409
        assert "Ziehen Sie ihn zuerst zurück." in text_of(response)


class TestRevisions:
    def test_two_revisions_are_compared_word_by_word(self):
        article = ArticleFactory(title="Sieg in Spa")
        workflow.save(article, by=UserFactory(role="reporter", username="rita"), expected_lock_version=0)
        article.title = "Sieg in Monza"
        article.save()
        workflow.save(article, by=None, expected_lock_version=1)

        response = someone("reporter").get(page(article, "revisions"), {"before": "1", "after": "2"})

        assert "<del>Spa</del><ins>Monza</ins>" in response.content.decode()
        assert "rita" in text_of(response)

    @pytest.mark.parametrize("number", ["0", "99", "x", "-1", "9" * 40, ""])
    def test_a_revision_that_does_not_exist_is_just_not_shown(self, number):
        article = ArticleFactory()

        assert someone("reporter").get(page(article, "revisions"), {"after": number}).status_code == 200
        assert someone("reporter").post(page(article, "revert"), {"revision": number}).status_code == 404

    def test_a_draft_goes_back_to_a_revision(self):
        article, client = ArticleFactory(title="Eins"), someone("reporter")
        workflow.save(article, by=None, expected_lock_version=0)
        article.title = "Zwei"
        article.save()
        workflow.save(article, by=None, expected_lock_version=1)

        assert client.get(page(article, "revert"), {"revision": "1"}).status_code == 200
        assert Article.objects.get().title == "Zwei"
        client.post(page(article, "revert"), filled(client, page(article, "revert") + "?revision=1"))

        assert Article.objects.get().title == "Eins"
        assert article.revisions.count() == 3

    def test_what_somebody_saved_meanwhile_is_looked_at_before_it_goes(self):
        article, client = ArticleFactory(title="Eins"), someone("reporter")
        workflow.save(article, by=None, expected_lock_version=0)
        article.title = "Zwei"
        article.save()
        workflow.save(article, by=None, expected_lock_version=1)
        data = filled(client, page(article, "revert") + "?revision=1")
        article.title = "Drei"
        article.save()
        workflow.save(article, by=None, expected_lock_version=2)

        response = client.post(page(article, "revert"), data)

        assert response.status_code == 409
        assert "Der Artikel wurde inzwischen geändert." in text_of(response)
        assert "<del>Drei</del>" in response.content.decode()
        assert Article.objects.get().title == "Drei"

    def test_a_way_back_without_a_version_is_refused(self):
        article, client = ArticleFactory(), someone("reporter")
        workflow.save(article, by=None, expected_lock_version=0)

        assert client.post(page(article, "revert"), {"revision": "1"}).status_code == 409


class TestRights:
    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ("reporter", {"revert"}),
            ("editor", {"publish", "unschedule", "trash", "restore", "revert"}),
            ("chief", set(ACTS)),
            ("results", set()),
            ("pictures", set()),
            (None, set()),
        ],
    )
    def test_a_role_reaches_the_acts_it_has_a_right_to(self, role, allowed):
        article, client = ArticleFactory(), someone(role)
        workflow.save(article, by=None, expected_lock_version=0)

        reached = {act for act in ACTS if client.get(page(article, act), {"revision": "1"}).status_code == 200}

        assert reached == allowed

    @pytest.mark.parametrize("act", ACTS)
    def test_looking_at_an_act_does_nothing(self, act):
        article = ArticleFactory()
        publish(article)
        before = Article.objects.values().get(), list(Publication.objects.values())

        someone("chief").get(page(article, act), {"revision": "1", "note": "x", "lock_version": "1"})

        assert (Article.objects.values().get(), list(Publication.objects.values())) == before

    @pytest.mark.parametrize("act", ACTS)
    def test_an_act_without_a_token_is_refused(self, act):
        article, client = ArticleFactory(), Client(enforce_csrf_checks=True)
        publish(article)
        client.force_login(UserFactory(role="chief"))

        assert client.post(page(article, act), {"note": "x", "revision": "1"}).status_code == 403

    @pytest.mark.parametrize("act", ACTS)
    def test_a_visitor_is_sent_to_the_login(self, act, client):
        response = client.post(page(ArticleFactory(), act), {"note": "x"})

        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")

    @pytest.mark.parametrize("act", ACTS)
    def test_an_article_that_does_not_exist_answers_404(self, act):
        assert someone("chief").get(f"/admin/articles/article/999999/{act}/").status_code == 404


class TestRecords:
    def test_published_versions_are_listed_and_filtered_in_german(self):
        publish(ArticleFactory(kind="preview"))
        desk = someone("chief")
        listed = text_of(desk.get("/admin/articles/publication/"))
        assert "Vorschau" in listed
        assert "preview" not in listed
        version = Publication.objects.get()
        assert "Deutsch" in text_of(desk.get(f"/admin/articles/publication/{version.pk}/change/"))
