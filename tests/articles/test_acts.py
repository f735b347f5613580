"""Review by a second person, embargo, removal: what each act does, what it refuses, and what the audit log keeps."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import workflow
from articles.acts.review import for_review_by, writers_of
from articles.content import same
from articles.models import Act, Article, Publication, TakeDown
from articles.state import code_of, state_of, with_state
from articles.stories import get_story, withdrawal_of
from tests.factories import ArticleFactory, AuthorFactory, ImageFactory, TagFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def reporter():
    return UserFactory(role="reporter", first_name="Rita", last_name="Renner")


@pytest.fixture
def editor():
    return UserFactory(role="editor")


@pytest.fixture
def chief():
    return UserFactory(role="chief")


def written_by(person, **fields):
    article = ArticleFactory(created_by=person, **fields)
    workflow.save(article, by=person, expected_lock_version=None)
    return article


def rewrite(article, by, **fields):
    article.refresh_from_db()
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    return workflow.save(article, by=by, expected_lock_version=None)


def stage(article):
    return Article.objects.get(pk=article.pk).stage


def public_titles():
    return list(Publication.objects.public().values_list("title", flat=True))


def deeds(article=None):
    acts = Act.objects.filter(article=article) if article else Act.objects.all()
    return list(acts.order_by("pk").values_list("verb", "outcome"))


class TestReview:
    def test_a_text_is_submitted_returned_with_a_reason_and_approved(self, reporter, editor):
        article = written_by(reporter)

        workflow.submit(article, by=reporter, note="Bitte schnell.")
        workflow.return_to_writer(article, by=editor, reason="Der Sieger fehlt.")
        came_back = Article.objects.get()
        rewrite(article, reporter, title="Mit Sieger")
        workflow.submit(article, by=reporter)
        workflow.approve(article, by=editor)

        assert (came_back.stage, came_back.stage_note, came_back.submitted_by) == (
            "returned", "Der Sieger fehlt.", reporter,
        )  # fmt: skip
        assert stage(article) == "approved"
        assert [(act.verb, act.by, act.before, act.after, act.reason) for act in Act.objects.order_by("pk")] == [
            ("save", reporter, "", "", ""),
            ("submit", reporter, "draft", "review", "Bitte schnell."),
            ("return", editor, "review", "returned", "Der Sieger fehlt."),
            ("save", reporter, "", "", ""),
            ("submit", reporter, "returned", "review", ""),
            ("approve", editor, "review", "approved", ""),
        ]

    def test_submitting_twice_is_submitting_once(self, reporter):
        article = written_by(reporter)

        for _ in range(2):
            workflow.submit(article, by=reporter)

        assert deeds(article).count(("submit", "done")) == 1

    def test_a_return_needs_a_reason(self, reporter, editor):
        article = written_by(reporter)
        workflow.submit(article, by=reporter)

        with pytest.raises(ValueError, match="Grund"):
            workflow.return_to_writer(article, by=editor, reason="  ")
        assert stage(article) == "review"

    @pytest.mark.parametrize("act", ["approve", "return_to_writer"])
    def test_what_was_not_submitted_is_neither_approved_nor_returned(self, act, reporter, editor):
        article = written_by(reporter)

        with pytest.raises(workflow.NotNow):
            getattr(workflow, act)(article, by=editor, **({} if act == "approve" else {"reason": "Nein."}))
        assert stage(article) == "draft"

    def test_nobody_approves_his_own_text(self, editor):
        article = written_by(editor)
        workflow.submit(article, by=editor)

        with pytest.raises(workflow.FourEyes):
            workflow.approve(article, by=editor)

        assert stage(article) == "review"
        assert deeds(article)[-1] == ("approve", "refused")

    def test_who_changed_a_text_last_does_not_approve_it_either(self, reporter, editor):
        article = written_by(reporter)
        workflow.submit(article, by=reporter)
        rewrite(article, editor, title="Umgeschrieben")

        with pytest.raises(workflow.FourEyes):
            workflow.approve(article, by=editor)

    def test_an_approval_lapses_with_the_next_change(self, reporter, editor):
        article = written_by(reporter)
        workflow.submit(article, by=reporter)
        workflow.approve(article, by=editor)

        rewrite(article, reporter, title="Schnell noch geändert")

        article.refresh_from_db()
        assert (article.stage, article.approved_revision, article.approved_by) == ("review", None, None)
        assert deeds(article)[-1] == ("lapse", "done")

    def test_a_corrected_picture_text_is_a_change_of_what_was_approved(self, reporter, editor, chief):
        article = written_by(reporter, lead_image=ImageFactory(alt="falsch"))
        workflow.submit(article, by=reporter)
        workflow.approve(article, by=editor)
        article.lead_image.alt = "richtig"
        article.lead_image.save()

        workflow.save(article, by=chief, expected_lock_version=None)

        assert stage(article) == "review"

    def test_an_approval_is_for_the_text_that_was_looked_at(self, reporter, editor):
        article = written_by(reporter)
        workflow.submit(article, by=reporter)
        seen = Article.objects.get().lock_version
        rewrite(article, reporter, title="Danach geändert")

        with pytest.raises(workflow.StaleSave):
            workflow.approve(article, by=editor, expected_lock_version=seen)

    def test_what_waits_for_whom(self, reporter, editor, chief):
        mine, other = written_by(editor), written_by(reporter)
        for article, by in ((mine, editor), (other, reporter)):
            workflow.submit(article, by=by)

        assert list(for_review_by(editor)) == [other]
        assert set(for_review_by(chief)) == {mine, other}

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            (None, set()),
            ("reporter", {"submit"}),
            ("editor", {"submit", "approve", "return_to_writer"}),
            ("chief", {"submit", "approve", "return_to_writer"}),
            ("results", set()),
            ("pictures", set()),
        ],
    )
    def test_who_may_submit_approve_and_return(self, role, allowed, reporter):
        done = set()
        for act in ("submit", "approve", "return_to_writer"):
            article = written_by(reporter)
            if act != "submit":
                workflow.submit(article, by=reporter)
            try:
                getattr(workflow, act)(
                    article, by=UserFactory(role=role), **({"reason": "Nein."} if act == "return_to_writer" else {})
                )
            except PermissionDenied:
                continue
            done.add(act)

        assert done == allowed

    def test_old_revisions_that_hold_a_stage_equal_new_ones(self, reporter):
        article = written_by(reporter)
        held = article.revisions.get().content
        assert "stage" not in held
        assert same({**held, "stage": "review"}, held)


class TestFourEyes:
    def test_an_editor_publishes_what_a_reporter_wrote(self, reporter, editor):
        publish(written_by(reporter, title="Bericht"), by=editor)

        assert public_titles() == ["Bericht"]

    def test_an_editor_does_not_publish_alone_what_he_wrote(self, editor):
        article = written_by(editor)

        with pytest.raises(workflow.FourEyes):
            workflow.publish(article, by=editor, alone_because="Ich bin sicher.")

        assert not Publication.objects.exists()
        assert deeds(article)[-1] == ("publish", "refused")

    def test_an_editor_publishes_his_own_text_once_somebody_approved_it(self, editor, chief):
        article = written_by(editor)
        workflow.submit(article, by=editor)
        workflow.approve(article, by=chief)

        publish(article, by=editor)

        assert Publication.objects.public().exists()
        assert stage(article) == "draft"
        assert ("lapse", "done") not in deeds(article)

    def test_a_changed_text_needs_the_second_person_again(self, editor, chief):
        article = written_by(editor)
        workflow.submit(article, by=editor)
        workflow.approve(article, by=chief)
        rewrite(article, editor, title="Noch einmal anders")

        with pytest.raises(workflow.FourEyes):
            publish(article, by=editor)

    def test_a_chief_publishes_alone_with_a_reason_that_is_kept(self, chief):
        article = written_by(chief)

        with pytest.raises(workflow.FourEyes):
            publish(article, by=chief)
        workflow.publish(article, by=chief, alone_because="Nachts allein im Dienst.")

        assert Act.objects.get(verb="publish", outcome="done").reason == "Nachts allein im Dienst."

    def test_writers_are_those_since_the_last_publication(self, reporter, editor, chief):
        article = written_by(editor)
        assert writers_of(article) == {editor.pk}
        publish(article, by=chief)

        rewrite(article, reporter, title="Neu")

        assert writers_of(article) == {reporter.pk}
        publish(article, by=editor, note="Der Titel war falsch.")

    def test_an_authors_edits_of_a_live_story_stay_invisible_until_somebody_publishes_them(self, reporter, editor):
        article = written_by(reporter, title="Alt", slug="adresse")
        publish(article, by=editor)

        rewrite(article, reporter, title="Neu", body="<p>Neu.</p>")
        workflow.submit(article, by=reporter)
        workflow.approve(article, by=editor)

        assert public_titles() == ["Alt"]
        assert get_story("adresse").title == "Alt"
        assert code_of(article) == "changed"
        assert state_of(with_state(Article.objects.all()).get()).stage_words == "freigegeben"


class TestCorrect:
    def corrected(self, by, note="", **fields):
        article = ArticleFactory(title="Sieg", body="<p>Er fuhr 1:46,540 und gewann das Rennen.</p>")
        publish(article)
        rewrite(article, None, **fields)
        return workflow.publish(article, by=by, correction_note=note)

    def test_a_spelling_mistake_needs_no_notice(self, editor):
        self.corrected(editor, body="<p>Er fuhr 1:46,540 und gewann das rennen.</p>")

        assert Act.objects.order_by("pk").last().verb == "update"

    @pytest.mark.parametrize(
        "fields",
        [
            {"title": "Niederlage"},
            {"body": "<p>Er fuhr 1:46,541 und gewann das Rennen.</p>"},
            {"body": "<p>" + "Ein ganz anderer Text. " * 9 + "1:46,540</p>"},
        ],
    )
    def test_a_change_of_title_number_or_many_words_needs_a_notice_of_an_editor(self, fields, editor):
        with pytest.raises(workflow.NotPublishable):
            self.corrected(editor, **fields)

    def test_with_a_notice_it_is_a_correction(self, editor):
        version = self.corrected(editor, note="Der Sieger war ein anderer.", title="Niederlage")

        assert version.correction_note == "Der Sieger war ein anderer."
        assert Act.objects.order_by("pk").last().verb == "correct"

    def test_a_chief_decides_himself(self, chief):
        assert self.corrected(chief, title="Niederlage").title == "Niederlage"

    def test_a_new_tag_needs_no_notice(self, editor):
        article = ArticleFactory()
        publish(article)
        article.tags.add(TagFactory())

        assert publish(article, by=editor).version == 2


class TestSchedule:
    def test_a_version_moves_as_it_was_frozen(self, reporter, editor):
        article = written_by(reporter, title="Eins", slug="eins")
        scheduled = publish(article, by=editor, visible_from=timezone.now() + HOUR)
        rewrite(article, reporter, title="Zwei")

        moved = workflow.reschedule(article, by=editor, visible_from=timezone.now() + 2 * HOUR)
        assert (moved.pk, moved.title) == (scheduled.pk, "Eins")
        workflow.reschedule(article, by=editor)

        assert public_titles() == ["Eins"]
        assert [verb for verb, _ in deeds(article)] == ["save", "schedule", "save", "reschedule", "publish"]

    def test_nothing_to_move(self, editor):
        with pytest.raises(workflow.NothingToWithdraw):
            workflow.reschedule(ArticleFactory(), by=editor)

    def test_a_story_whose_hour_came_is_public_without_anybody_doing_anything(self, editor):
        publication = publish(by=editor, visible_from=timezone.now() + HOUR)
        before = list(Act.objects.values()), Publication.objects.count()

        now = timezone.now()
        Publication.objects.filter(pk=publication.pk).update(visible_from=now - HOUR)

        assert public_titles() == [publication.title]
        assert (list(Act.objects.values()), Publication.objects.count()) == before


class TestEmbargo:
    def test_nothing_goes_out_before_its_end(self, editor):
        article = ArticleFactory()
        until = timezone.now() + HOUR
        workflow.embargo(article, by=editor, until=until)

        for hour in (None, timezone.now() + HOUR / 2):
            with pytest.raises(workflow.NotPublishable, match="Gesperrt bis"):
                publish(article, by=editor, visible_from=hour)

        assert publish(article, by=editor, visible_from=until).visible_from == until

    def test_what_was_scheduled_sooner_waits_for_its_end(self, editor):
        article = ArticleFactory()
        scheduled = publish(article, by=editor, visible_from=timezone.now() + HOUR)
        until = timezone.now() + 2 * HOUR

        workflow.embargo(article, by=editor, until=until)

        scheduled.refresh_from_db()
        assert scheduled.visible_from == until
        with pytest.raises(workflow.NotPublishable):
            workflow.reschedule(article, by=editor)

    def test_a_live_story_is_gone_at_once_and_comes_back_by_itself(self, chief):
        article = ArticleFactory(title="Verfrüht", slug="verfrueht", authors=[AuthorFactory()])
        live = publish(article, note="")
        until = timezone.now() + HOUR

        workflow.embargo(article, by=chief, until=until, reason="Der Hersteller bat darum.")

        assert public_titles() == []
        assert (get_story("verfrueht"), withdrawal_of("verfrueht")) == (None, None)
        back = article.publications.to_come().get()
        assert (back.visible_from, back.body_html, back.content) == (until, live.body_html, live.content)
        assert list(back.authors.all()) == list(live.authors.all())
        Publication.objects.filter(pk=live.pk).update(
            visible_from=timezone.now() - 2 * HOUR, visible_until=timezone.now() - HOUR
        )
        Article.objects.update(embargo_until=timezone.now() - HOUR)
        Publication.objects.filter(pk=back.pk).update(visible_from=timezone.now() - HOUR)
        assert get_story("verfrueht").title == "Verfrüht"

    def test_prolonging_moves_its_return(self, chief):
        article = ArticleFactory()
        publish(article)
        workflow.embargo(article, by=chief, until=timezone.now() + HOUR)
        later = timezone.now() + 2 * HOUR

        workflow.embargo(article, by=chief, until=later)

        assert article.publications.to_come().get().visible_from == later
        assert article.publications.count() == 2

    def test_a_live_story_with_a_scheduled_correction_returns_as_the_correction(self, chief):
        article = ArticleFactory(title="Eins")
        publish(article)
        rewrite(article, None, title="Zwei")
        second = publish(article, visible_from=timezone.now() + HOUR)

        workflow.embargo(article, by=chief, until=timezone.now() + 2 * HOUR)

        assert public_titles() == []
        assert list(article.publications.to_come()) == [second]

    def test_an_editor_neither_takes_a_live_story_away_nor_lifts_an_embargo(self, editor):
        live, waits = ArticleFactory(title="Live"), ArticleFactory()
        publish(live)
        workflow.embargo(waits, by=editor, until=timezone.now() + 2 * HOUR)

        attempts = (
            lambda: workflow.embargo(live, by=editor, until=timezone.now() + HOUR),
            lambda: workflow.embargo(waits, by=editor, until=timezone.now() + HOUR),
            lambda: workflow.lift_embargo(waits, by=editor),
        )
        for attempt in attempts:
            with pytest.raises(PermissionDenied):
                attempt()

        assert public_titles() == ["Live"]
        assert [verb for verb, outcome in deeds() if outcome == "refused"] == ["embargo", "embargo", "lift"]

    def test_lifting_publishes_nothing(self, chief):
        article = ArticleFactory()
        publish(article)
        workflow.embargo(article, by=chief, until=timezone.now() + HOUR)

        workflow.lift_embargo(article, by=chief)

        assert public_titles() == []
        publish(article, by=chief)
        assert public_titles() == [article.title]

    def test_an_hour_that_has_passed_is_refused(self, chief):
        with pytest.raises(workflow.NotNow):
            workflow.embargo(ArticleFactory(), by=chief, until=timezone.now() - HOUR)

    @pytest.mark.parametrize("until", [None, dt.timedelta(days=2)])
    def test_the_database_refuses_a_version_that_breaks_it(self, until, chief):
        article = ArticleFactory()
        end = timezone.now() + 3 * HOUR
        workflow.embargo(article, by=chief, until=end)
        version = publish(article, visible_from=end)
        window = {"visible_from": timezone.now(), "visible_until": timezone.now() + until if until else None}

        with pytest.raises(IntegrityError, match="under embargo"), transaction.atomic():
            Publication.objects.filter(pk=version.pk).update(**window)

        Publication.objects.filter(pk=version.pk).update(visible_until=end)  # to empty a window is always fine

    def test_an_article_without_an_embargo_is_not_touched_by_the_trigger(self):
        version = publish()
        Publication.objects.filter(pk=version.pk).update(visible_from=timezone.now() - HOUR)


class TestRemoval:
    def test_what_is_taken_down_leaves_no_word(self, chief):
        article = ArticleFactory(title="Peinlich", slug="peinlich")
        publish(article)
        rewrite(article, None, title="Anders")
        publish(article, visible_from=timezone.now() + HOUR)

        workflow.take_down(article, by=chief, reason="Einstweilige Verfügung")

        assert (get_story("peinlich"), withdrawal_of("peinlich")) == (None, None)
        assert not article.publications.to_come().exists()
        assert code_of(article) == "taken_down"

    def test_a_withdrawn_story_can_be_taken_down_and_its_note_goes(self, chief):
        article = ArticleFactory(slug="weg")
        publish(article)
        workflow.withdraw(article, by=chief, note="Irrtum.")
        assert withdrawal_of("weg")

        workflow.take_down(article, by=chief, reason="Auch der Hinweis war zu viel.")

        assert withdrawal_of("weg") is None

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_taking_down_needs_a_reason(self, reason, chief):
        article = ArticleFactory()
        publish(article)

        with pytest.raises(ValueError, match="Grund"):
            workflow.take_down(article, by=chief, reason=reason)
        assert public_titles() == [article.title]

    def test_what_is_not_there_cannot_be_taken_down(self, chief):
        with pytest.raises(workflow.NothingToWithdraw):
            workflow.take_down(ArticleFactory(), by=chief, reason="Weg")

    @pytest.mark.parametrize("act", ["withdraw", "take_down"])
    def test_what_readers_saw_last_comes_back_word_for_word(self, act, chief, reporter):
        article = ArticleFactory(title="Alt", slug="adresse", authors=[AuthorFactory(name="Ada")])
        publish(article)
        getattr(workflow, act)(article, by=chief, **{"note" if act == "withdraw" else "reason": "Prüfung."})
        rewrite(article, reporter, title="Unfertig")

        back = workflow.reinstate(article, by=chief, reason="Doch richtig.")

        assert (back.version, back.title) == (2, "Alt")
        assert get_story("adresse").title == "Alt"
        assert withdrawal_of("adresse") is None
        assert [author.name for author in back.authors.all()] == ["Ada"]
        assert code_of(article) == "changed"

    def test_there_must_be_something_to_put_back(self, chief):
        live = ArticleFactory()
        publish(live)

        for article in (live, ArticleFactory()):
            with pytest.raises(workflow.NotNow):
                workflow.reinstate(article, by=chief, reason="Zurück.")

    def test_nothing_comes_back_under_an_embargo(self, chief):
        article = ArticleFactory()
        publish(article)
        workflow.withdraw(article, by=chief, note="Irrtum.")
        workflow.embargo(article, by=chief, until=timezone.now() + HOUR)

        with pytest.raises(workflow.NotNow, match="Gesperrt"):
            workflow.reinstate(article, by=chief, reason="Zurück.")

    @pytest.mark.parametrize("role", [None, "reporter", "editor", "results", "pictures"])
    def test_only_a_chief_takes_stories_from_readers(self, role):
        article, person = ArticleFactory(), UserFactory(role=role)
        publish(article)

        for act in (
            lambda: workflow.take_down(article, by=person, reason="Weg."),
            lambda: workflow.withdraw(article, by=person, note="Weg."),
            lambda: workflow.reinstate(article, by=person, reason="Her."),
        ):
            with pytest.raises(PermissionDenied):
                act()

        assert public_titles() == [article.title]


class TestJournal:
    def test_every_act_is_kept_with_who_when_and_from_where_to_where(self, chief, reporter):
        article = written_by(reporter, slug="adresse")
        start = timezone.now()
        workflow.publish(article, by=chief)
        workflow.withdraw(article, by=chief, note="Irrtum.")
        workflow.take_down(article, by=chief, reason="Anwalt.")
        workflow.reinstate(article, by=chief, reason="Geklärt.")
        workflow.take_down(article, by=chief, reason="Doch nicht.")
        workflow.trash(article, by=chief)
        workflow.restore(article, by=chief)
        workflow.revert(article, by=reporter, revision=article.revisions.last())

        acts = list(Act.objects.filter(at__gte=start).order_by("pk"))
        assert [(act.verb, act.before, act.after) for act in acts] == [
            ("publish", "draft", "public"),
            ("withdraw", "public", "withdrawn"),
            ("take_down", "withdrawn", "taken_down"),
            ("reinstate", "taken_down", "public"),
            ("take_down", "public", "taken_down"),
            ("trash", "taken_down", "bin"),
            ("restore", "bin", "taken_down"),
        ]
        assert {act.by for act in acts} == {chief}
        assert [act.at for act in acts] == sorted(act.at for act in acts)
        assert acts[0].publication == article.publications.get(version=1)

    def test_a_name_stays_as_it_was(self, reporter):
        written_by(reporter)
        reporter.last_name = "Anders"
        reporter.save()

        assert Act.objects.get().by_name == "Rita Renner"

    @pytest.mark.parametrize("change", [lambda acts: acts.update(verb="trash"), lambda acts: acts.delete()])
    @pytest.mark.parametrize("model", [Act, TakeDown])
    def test_the_database_lets_nobody_change_it(self, change, model, chief):
        article = ArticleFactory()
        publish(article)
        workflow.take_down(article, by=chief, reason="Weg.")

        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            change(model.objects.all()) if model is Act else model.objects.update(reason="x")
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            model.objects.all()._raw_delete("default")

    @pytest.mark.parametrize(
        ("verb", "attempt"),
        [
            ("submit", lambda article, by: workflow.submit(article, by=by)),
            ("approve", lambda article, by: workflow.approve(article, by=by)),
            ("return", lambda article, by: workflow.return_to_writer(article, by=by, reason="x")),
            ("publish", lambda article, by: workflow.publish(article, by=by)),
            ("reschedule", lambda article, by: workflow.reschedule(article, by=by)),
            ("unschedule", lambda article, by: workflow.unschedule(article, by=by)),
            ("embargo", lambda article, by: workflow.embargo(article, by=by, until=timezone.now() + HOUR)),
            ("lift", lambda article, by: workflow.lift_embargo(article, by=by)),
            ("withdraw", lambda article, by: workflow.withdraw(article, by=by, note="x")),
            ("take_down", lambda article, by: workflow.take_down(article, by=by, reason="x")),
            ("reinstate", lambda article, by: workflow.reinstate(article, by=by, reason="x")),
            ("trash", lambda article, by: workflow.trash(article, by=by)),
            ("restore", lambda article, by: workflow.restore(article, by=by)),
            ("save", lambda article, by: workflow.save(article, by=by, expected_lock_version=None)),
            ("revert", lambda article, by: workflow.revert(article, by=by, revision=None)),
        ],
    )
    def test_an_attempt_without_the_right_is_kept(self, verb, attempt):
        article, stranger = ArticleFactory(), UserFactory(role="results")

        with pytest.raises(PermissionDenied):
            attempt(article, stranger)

        assert list(Act.objects.values_list("article", "verb", "outcome", "by")) == [
            (article.pk, verb, "refused", stranger.pk)
        ]
