"""The acts as pages, forged forms, acts on many articles, the audit log and the start page."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from lxml import html

from articles import workflow
from articles.act_forms import EmbargoForm, PublishForm, as_fields
from articles.models import Act, Article, Publication
from tests.articles.desk_forms import filled, text_of
from tests.factories import ArticleFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
LIST = "/admin/articles/article/"
PAGES = [
    "submit", "return", "approve", "publish", "reschedule", "unschedule", "embargo", "lift-embargo", "withdraw",
    "take-down", "reinstate", "trash", "restore", "revert",
]  # fmt: skip


def page(article, act):
    return f"{LIST}{article.pk}/{act}/"


def desk_of(person):
    client = Client()
    client.force_login(person)
    client.person = person
    return client


def someone(role):
    return desk_of(UserFactory(role=role))


def written_by(person, **fields):
    article = ArticleFactory(created_by=person, **fields)
    workflow.save(article, by=person, expected_lock_version=None)
    return article


def headings(client):
    """The start page: titles under each heading."""
    board = html.fromstring(client.get("/admin/").content.decode())
    return {
        section.get("class").split()[1]: [link.text_content() for link in section.xpath(".//li/a")]
        for section in board.xpath("//section[contains(@class, 'board-column')]")
    }


class TestPages:
    def test_a_story_goes_from_the_writer_over_the_reader_to_the_readers(self):
        writer, reader = someone("reporter"), someone("editor")
        article = written_by(writer.person, title="Sieg")

        writer.post(page(article, "submit"), filled(writer, page(article, "submit"), note="Bitte lesen."))
        shown = text_of(reader.get(page(article, "approve")))
        reader.post(page(article, "return"), filled(reader, page(article, "return"), reason="Der Sieger fehlt."))
        came_back = text_of(writer.get(f"{LIST}{article.pk}/change/"))
        writer.post(page(article, "submit"), filled(writer, page(article, "submit")))
        reader.post(page(article, "approve"), filled(reader, page(article, "approve")))
        reader.post(page(article, "publish"), filled(reader, page(article, "publish")))

        assert "Bitte lesen." in shown
        assert "Was freigegeben wird" in shown
        assert "Zurückgegeben: Der Sieger fehlt." in came_back
        assert Publication.objects.public().get().title == "Sieg"

    def test_what_was_changed_while_somebody_read_is_not_approved(self):
        writer, reader = someone("reporter"), someone("editor")
        article = written_by(writer.person)
        workflow.submit(article, by=writer.person)
        data = filled(reader, page(article, "approve"))
        article.refresh_from_db()
        article.title = "Danach geändert"
        article.save()
        workflow.save(article, by=writer.person, expected_lock_version=None)

        response = reader.post(page(article, "approve"), data)

        assert response.status_code == 409
        assert "Der Artikel wurde inzwischen geändert." in text_of(response)
        assert "Danach geändert" in text_of(response)
        assert Article.objects.get().stage == "review"

    def test_an_editor_reads_that_somebody_else_has_to_publish_his_text(self):
        editor = someone("editor")
        article = written_by(editor.person)

        shown = editor.get(page(article, "publish"))
        refused = editor.post(page(article, "publish"), {"lock_version": "1", "alone_because": "Ich bin sicher."})

        assert "Freigeben oder veröffentlichen muss ihn jemand anders." in text_of(shown)
        assert b'type="submit" class="default"' not in shown.content
        assert refused.status_code == 409
        assert not Publication.objects.exists()

    def test_a_chief_says_why_nobody_else_looked(self):
        chief = someone("chief")
        article = written_by(chief.person)
        data = filled(chief, page(article, "publish"))

        assert chief.post(page(article, "publish"), data).status_code == 409
        chief.post(page(article, "publish"), data | {"alone_because": "Nachts allein."})

        assert Act.objects.get(verb="publish", outcome="done").reason == "Nachts allein."

    def test_eight_clicks_publish_once_with_one_event_and_one_revision(self):
        article, chief = ArticleFactory(), someone("chief")
        data = filled(chief, page(article, "publish"))

        codes = {chief.post(page(article, "publish"), data).status_code for _ in range(8)}

        assert codes == {302}
        assert (Act.objects.filter(verb="publish").count(), Publication.objects.count()) == (1, 1)
        assert article.revisions.count() == 1

    def test_a_schedule_moves_and_shows_its_zone(self):
        article, chief = ArticleFactory(), someone("chief")
        publish(article, visible_from=dt.datetime(2030, 7, 1, 16, 30, tzinfo=dt.UTC))

        data = filled(chief, page(article, "reschedule"))
        assert (data["day"], data["time"]) == (["2030-07-01"], ["18:30"])
        response = chief.post(page(article, "reschedule"), data | {"day": "2030-12-01"}, follow=True)

        assert Publication.objects.get().visible_from == dt.datetime(2030, 12, 1, 17, 30, tzinfo=dt.UTC)
        assert "1. Dezember 2030, 18:30 Uhr MEZ" in text_of(response)
        assert "1. Dezember 2030, 18:30 Uhr MEZ" in text_of(chief.get(LIST))

    def test_an_embargo_is_set_shown_and_filled_into_the_publish_form(self):
        article, editor = ArticleFactory(), someone("editor")
        data = filled(editor, page(article, "embargo"), day="2030-07-01", time="18:30", reason="Sperrvermerk")

        response = editor.post(page(article, "embargo"), data, follow=True)

        assert "Gesperrt bis 1. Juli 2030, 18:30 Uhr MESZ" in text_of(response)
        sent = filled(editor, page(article, "publish"))
        assert (sent["day"], sent["time"]) == (["2030-07-01"], ["18:30"])
        refused = editor.post(page(article, "publish"), sent | {"day": "", "time": ""})
        assert (refused.status_code, "Gesperrt bis 1. Juli 2030" in text_of(refused)) == (409, True)

    def test_an_embargo_without_an_hour_is_refused(self):
        editor, article = someone("editor"), ArticleFactory()

        response = editor.post(page(article, "embargo"), {"day": "", "time": ""})

        assert "Tag und Uhrzeit fehlen." in text_of(response)
        assert Article.objects.get().embargo_until is None

    def test_a_public_story_warns_before_an_embargo_takes_it_away(self):
        article = ArticleFactory()
        publish(article)

        assert "Eine Sperrfrist nimmt ihn sofort von allen Seiten" in text_of(
            someone("chief").get(page(article, "embargo"))
        )

    def test_a_story_is_taken_down_and_put_back(self):
        article, chief = ArticleFactory(), someone("chief")
        publish(article)
        address = article.publications.get().get_absolute_url()

        chief.post(page(article, "take-down"), {"reason": "Anwalt."})
        gone = Client().get(address)
        chief.post(page(article, "reinstate"), {"reason": "Geklärt."})

        assert (gone.status_code, Client().get(address).status_code) == (404, 200)
        assert "Anwalt" not in gone.content.decode()

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ("reporter", {"submit", "revert"}),
            ("editor", set(PAGES) - {"withdraw", "take-down", "reinstate", "lift-embargo"}),
            ("chief", set(PAGES)),
            ("administrator", set(PAGES)),
            ("results", set()),
            ("pictures", set()),
            (None, set()),
        ],
    )
    def test_a_role_reaches_the_acts_it_has_a_right_to(self, role, allowed):
        article, client = ArticleFactory(), someone(role)
        workflow.save(article, by=None, expected_lock_version=0)

        reached = {act for act in PAGES if client.get(page(article, act), {"revision": "1"}).status_code == 200}

        assert reached == allowed
        assert Act.objects.filter(outcome="refused").count() == len(PAGES) - len(allowed)

    @pytest.mark.parametrize("act", PAGES)
    def test_an_act_without_a_token_is_refused(self, act):
        article, client = ArticleFactory(), Client(enforce_csrf_checks=True)
        publish(article)
        client.force_login(UserFactory(role="chief"))

        assert client.post(page(article, act), {"reason": "x", "note": "x", "revision": "1"}).status_code == 403


class TestClockChange:
    def test_an_hour_that_does_not_exist_is_refused_in_words(self):
        form = PublishForm({"lock_version": "1", "day": "2026-03-29", "time": "02:30"})

        assert form.errors["time"] == ["Diese Uhrzeit gibt es nicht: In dieser Nacht wird die Uhr vorgestellt."]

    def test_an_hour_that_comes_twice_is_asked(self):
        form = PublishForm({"lock_version": "1", "day": "2026-10-25", "time": "02:30"})

        assert form.errors["which"] == ["Die Uhr zeigt diese Zeit in dieser Nacht zweimal. Welche ist gemeint?"]
        assert form.is_ambiguous

    @pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
    def test_an_embargo_knows_both_hours_and_shows_them_again(self, which, hour):
        instant = dt.datetime(2030, 10, 27, hour, 30, tzinfo=dt.UTC)
        form = EmbargoForm({"day": "2030-10-27", "time": "02:30", "which": which})

        assert form.is_valid(), form.errors
        assert form.cleaned_data["instant"] == instant
        assert as_fields(instant) == {"day": dt.date(2030, 10, 27), "time": dt.time(2, 30), "which": which}
        assert EmbargoForm(initial=as_fields(instant)).is_ambiguous


class TestForgery:
    """What a browser never sends: fields the form does not have, keys of others, addresses typed by hand."""

    def test_foreign_fields_are_ignored_and_kept(self):
        reporter = someone("reporter")
        article = written_by(reporter.person, title="Alt")
        other = UserFactory(role="chief")
        data = filled(reporter, f"{LIST}{article.pk}/change/", title="Neu") | {
            "stage": "approved", "approved_by": other.pk, "approved_revision": "1", "created_by": other.pk,
            "embargo_until": "2020-01-01", "trashed_at": "2020-01-01", "is_superuser": "1", "published_at": "2020-01-01",
        }  # fmt: skip

        reporter.post(f"{LIST}{article.pk}/change/", {**data, "_continue": "1"})

        stored = Article.objects.get()
        assert (stored.title, stored.stage, stored.approved_by, stored.created_by) == (
            "Neu", "draft", None, reporter.person,
        )  # fmt: skip
        assert (stored.embargo_until, stored.trashed_at, Publication.objects.count()) == (None, None, 0)
        assert not User.objects.get(pk=reporter.person.pk).is_superuser
        kept = Act.objects.get(verb="forge")
        assert (kept.outcome, kept.by, kept.article) == ("refused", reporter.person, article)
        assert "approved_by" in kept.reason
        assert "stage" in kept.reason

    def test_a_form_as_a_browser_sends_it_is_no_forgery(self):
        reporter = someone("reporter")
        article = written_by(reporter.person)

        reporter.post(f"{LIST}{article.pk}/change/", {**filled(reporter, f"{LIST}{article.pk}/change/"), "_save": "1"})
        reporter.post(f"{LIST}add/", {**filled(reporter, f"{LIST}add/", title="Neu"), "_save": "1"})

        assert Article.objects.filter(title="Neu").exists()
        assert not Act.objects.filter(outcome="refused").exists()

    @pytest.mark.parametrize("role", ["results", "pictures", None])
    def test_a_save_without_the_right_changes_nothing_and_is_kept(self, role):
        article, client = ArticleFactory(title="Alt"), someone(role)

        answers = [
            client.post(f"{LIST}{article.pk}/change/", {"title": "Neu", "lock_version": "0", "_save": "1"}),
            client.post(f"{LIST}add/", {"title": "Neu", "_save": "1"}),
        ]

        assert {answer.status_code for answer in answers} == {403}
        assert list(Article.objects.values_list("title", flat=True)) == ["Alt"]
        assert Act.objects.filter(verb="save", outcome="refused", by=client.person).count() == 2

    @pytest.mark.parametrize("button", ["_publish", "_submit", "_approve"])
    def test_a_reporter_publishes_by_no_button(self, button):
        reporter = someone("reporter")
        article = written_by(reporter.person)

        data = filled(reporter, f"{LIST}{article.pk}/change/")
        reporter.post(f"{LIST}{article.pk}/change/", {**data, button: "1"}, follow=True)

        assert (Publication.objects.count(), Article.objects.get().stage) == (0, "draft")

    def test_a_revision_of_another_article_is_not_restored(self):
        reporter = someone("reporter")
        mine, other = written_by(reporter.person, title="Meins"), written_by(reporter.person, title="Fremd")
        other.title = "Fremd 2"
        other.save()
        workflow.save(other, by=None, expected_lock_version=None)

        response = reporter.post(page(mine, "revert"), {"revision": "2", "lock_version": "1"})

        assert response.status_code == 404
        assert Article.objects.get(pk=mine.pk).title == "Meins"

    @pytest.mark.parametrize("path", ["history/", "revisions/", "publish/", "approve/", "delete/", "change/"])
    def test_someone_without_a_role_learns_no_title(self, path):
        article = ArticleFactory(title="Geheimer Titel")

        response = someone(None).get(f"{LIST}{article.pk}/{path}")

        assert response.status_code == 403
        assert "Geheimer Titel" not in response.content.decode()

    @pytest.mark.parametrize("model", ["act", "revision", "publication", "withdrawal"])
    @pytest.mark.parametrize("door", ["add/", "{pk}/change/", "{pk}/delete/"])
    def test_nobody_edits_history_by_any_door(self, model, door):
        article = ArticleFactory()
        publish(article)
        workflow.withdraw(article, by=UserFactory(role="chief"), note="Weg.")
        pk = {"act": Act.objects.first().pk, "revision": article.revisions.get().pk}.get(model)
        pk = pk or (article.publications.get() if model == "publication" else article.withdrawals.get()).pk

        response = someone("administrator").post(f"/admin/articles/{model}/{door.format(pk=pk)}", {"post": "yes"})

        assert response.status_code == 403


class TestMany:
    def act(self, client, name, articles, **more):
        data = {"action": name, "_selected_action": [article.pk for article in articles], **more}
        return client.post(LIST, data, follow=True)

    def test_many_are_submitted_approved_and_binned_at_once(self):
        reporter, editor = someone("reporter"), someone("editor")
        articles = [written_by(reporter.person) for _ in range(3)]

        self.act(reporter, "submit_many", articles)
        assert set(Article.objects.values_list("stage", flat=True)) == {"review"}
        response = self.act(editor, "approve_many", articles)
        assert set(Article.objects.values_list("stage", flat=True)) == {"approved"}
        assert "3 Artikel erledigt." in text_of(response)
        self.act(editor, "trash_many", articles)
        assert not Article.objects.on_the_desk().exists()

    def test_each_article_has_its_own_refusal_and_the_others_are_done(self):
        editor, reporter = someone("editor"), UserFactory(role="reporter")
        own, other = written_by(editor.person, title="Eigener"), written_by(reporter)
        for article, by in ((own, editor.person), (other, reporter)):
            workflow.submit(article, by=by)

        response = self.act(editor, "approve_many", [own, other])

        assert (Article.objects.get(pk=own.pk).stage, Article.objects.get(pk=other.pk).stage) == ("review", "approved")
        assert "1 Artikel erledigt." in text_of(response)
        assert "„Eigener“: Der Text stammt ganz oder teilweise von Ihnen." in text_of(response)
        assert Act.objects.filter(verb="approve", outcome="refused").count() == 1

    def test_a_live_story_is_not_binned_with_the_others(self):
        editor, live, draft = someone("editor"), ArticleFactory(), ArticleFactory()
        publish(live)

        self.act(editor, "trash_many", [live, draft, Article(pk=999_999)])

        assert list(Article.objects.on_the_desk()) == [live]

    @pytest.mark.parametrize("action", ["approve_many", "trash_many", "delete_selected"])
    def test_an_act_one_may_not_do_is_not_offered_and_not_done(self, action):
        reporter = someone("reporter")
        article = written_by(reporter.person)
        workflow.submit(article, by=reporter.person)

        assert f'value="{action}"'.encode() not in reporter.get(LIST).content
        self.act(reporter, action, [article])

        assert (Article.objects.get().stage, Article.objects.get().trashed_at) == ("review", None)


class TestAuditLog:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("reporter", 403),
            ("editor", 403),
            ("results", 403),
            ("pictures", 403),
            ("chief", 200),
            ("administrator", 200),
        ],
    )
    def test_who_sees_it_whole(self, role, status):
        assert someone(role).get("/admin/articles/act/").status_code == status

    def test_it_is_filtered_by_act_outcome_and_person(self):
        chief = someone("chief")
        rita = UserFactory(role="reporter", first_name="Rita", last_name="Renner")
        article = written_by(rita, title="Eins")
        workflow.submit(article, by=rita)
        someone("reporter").get(page(article, "publish"))

        def rows(**query):
            found = html.fromstring(chief.get("/admin/articles/act/", query).content.decode())
            return [" ".join(row.text_content().split()) for row in found.xpath("//table[@id='result_list']/tbody/tr")]

        assert len(rows()) == 3
        (submitted,) = rows(verb__exact="submit")
        assert "Rita Renner" in submitted
        assert "Entwurf → in Prüfung" in submitted
        assert "Uhr ME" in submitted
        (refused,) = rows(outcome__exact="refused")
        assert "hat veröffentlicht" in refused
        assert len(rows(by=rita.pk)) == 2
        assert len(rows(by="x" * 20)) == 3

    def test_an_article_has_its_history_and_what_stays_inside_is_for_few(self):
        chief, reporter = someone("chief"), someone("reporter")
        article = written_by(reporter.person)
        publish(article, by=chief.person)
        workflow.take_down(article, by=chief.person, reason="Anwalt schrieb.")
        reporter.get(page(article, "publish"))

        for_all = text_of(reporter.get(f"{LIST}{article.pk}/history/"))
        for_chief = text_of(chief.get(f"{LIST}{article.pk}/history/"))

        assert "hat von der Seite genommen" in for_all
        assert "Entwurf → öffentlich" in for_all
        assert "Anwalt schrieb." not in for_all
        assert "abgelehnt" not in for_all
        assert "Anwalt schrieb." in for_chief
        assert "abgelehnt" in for_chief


class TestStartPage:
    def test_everybody_finds_what_waits_for_him(self):
        reporter, editor = someone("reporter"), someone("editor")
        written_by(reporter.person, title="Angefangen")
        returned, waiting, own, ready = (
            written_by(reporter.person, title=title) for title in ("Zurück", "Wartet", "Vom Redakteur", "Fertig")
        )
        own.title = "Vom Redakteur geändert"
        own.save()
        workflow.save(own, by=editor.person, expected_lock_version=None)
        for article in (returned, waiting, own, ready):
            workflow.submit(article, by=reporter.person)
        workflow.return_to_writer(returned, by=editor.person, reason="Mehr Zitate.")
        workflow.approve(ready, by=editor.person)
        publish(title="Morgen", visible_from=timezone.now() + HOUR)
        publish(title="Heute")

        assert headings(reporter) == {
            "returned": ["Zurück"],
            "scheduled": ["Morgen"],
            "mine": ["Vom Redakteur geändert", "Fertig", "Wartet", "Angefangen"],
            "public": ["Heute"],
        }
        assert headings(editor) == {
            "returned": [],
            "review": ["Wartet"],
            "approved": ["Fertig"],
            "scheduled": ["Morgen"],
            "mine": ["Vom Redakteur geändert"],
            "public": ["Heute"],
        }
        page = text_of(reporter.get("/admin/"))
        assert "Mehr Zitate." in page
        assert "An Sie zurückgegeben 1" in page

    def test_a_live_story_with_a_changed_draft_is_work_again(self):
        reporter = someone("reporter")
        article = written_by(reporter.person, title="Alt")
        publish(article, by=UserFactory(role="chief"))
        assert headings(reporter)["mine"] == []

        article.refresh_from_db()
        article.title = "Neu"
        article.save()
        workflow.save(article, by=reporter.person, expected_lock_version=None)

        assert headings(reporter)["mine"] == ["Neu"]

    def test_what_goes_out_next_stands_first_with_its_hour_and_zone(self):
        for title, hours in (("Spät", 30), ("Früh", 10)):
            publish(title=title, visible_from=timezone.now() + hours * HOUR)

        client = someone("reporter")

        assert headings(client)["scheduled"] == ["Früh", "Spät"]
        assert "Uhr ME" in text_of(client.get("/admin/"))

    @pytest.mark.parametrize("count", [1, 30])
    def test_it_costs_the_same_queries_however_much_waits(self, count, django_assert_max_num_queries):
        chief, reporter = someone("chief"), UserFactory(role="reporter")
        for _ in range(count):
            workflow.submit(written_by(reporter), by=reporter)
            publish(written_by(chief.person), by=UserFactory(role="editor"), visible_from=timezone.now() + HOUR)

        with django_assert_max_num_queries(15):
            chief.get("/admin/")
