"""The fact desk at the desk: what is checked, kept, answered for, corrected and bound, and what it stops."""

import datetime as dt
import json
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from lxml import html

from articles import fact_desk, workflow
from articles.acts.facts import Checked
from articles.fact_desk import check, words_kept, words_of
from articles.fact_memory import still_open
from articles.models import Act, Article, FactCheck, Publication, Waiver
from results.models import Event
from tests.articles.desk_forms import filled, save, text_of
from tests.articles.factcheck.desk import DATA
from tests.factories import ArticleFactory, EventFactory, ImageFactory, UserFactory

pytestmark = pytest.mark.django_db

WRONG = "<p>Im Rennen siegten Adler/Bussard im Toyota #7 mit 14,212 Sekunden Vorsprung auf Condor/Dohle in der #8.</p>"
RIGHT = WRONG.replace("14,212", "14,221")
LAPS = "<p>Die #7 fuhr im Rennen <strong>189</strong> Runden &amp; gewann.</p>"


@pytest.fixture
def event(tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(DATA), "utf-8")
    call_command("import_results", str(facts), stdout=StringIO())
    return Event.objects.select_related("season__series").get(name="Sechs Stunden")


@pytest.fixture
def reporter():
    return UserFactory(role="reporter", first_name="Rita", last_name="Renner")


@pytest.fixture
def editor():
    return UserFactory(role="editor", first_name="Edda", last_name="Eck")


@pytest.fixture
def chief():
    return UserFactory(role="chief")


def a_story(event, by, **fields):
    article = ArticleFactory(**{"lead_event": event, "body": WRONG, **fields})
    workflow.save(article, by=by, expected_lock_version=None)
    return article


def checked(article):
    stored = Article.objects.get(pk=article.pk)
    return check(words_of(stored), stored)


def the_open(article):
    (item,) = checked(article).open
    return item


def at_the_desk(person):
    client = Client()
    client.force_login(person)
    return client


def page_of(article, name="claims"):
    return f"/admin/articles/article/{article.pk}/{name}/"


def facts_on(response):
    """The claims on a page: group and words."""
    page = html.fromstring(response.content.decode())
    return [
        (group.get("data-group"), fact.get("data-words"))
        for group in page.xpath("//details[@data-group]")
        for fact in group.xpath(".//li[@data-key]")
    ]


@contextmanager
def a_broken_table(name):
    """A check that cannot read: its table is away."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO {name}_away")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name}_away RENAME TO {name}")


class TestChecking:
    def test_title_standfirst_text_and_captions_are_checked_and_know_their_place(self, event, reporter):
        said = "Adler/Bussard gewannen im Rennen mit 14,212 Sekunden Vorsprung auf die #8"
        picture = ImageFactory(caption=f"{said}.")
        figure = f'<figure data-image="{picture.token}"><figcaption>{said}.</figcaption></figure>'
        article = a_story(event, reporter, title=said, standfirst=f"{said}.", body=f"<p>{said}.</p>{figure}")
        Article.objects.update(lead_image=picture)

        places = [(item.place.field, item.words, item.place.occurrence) for item in checked(article).open]

        assert places == [
            ("title", "14,212 Sekunden", 0),
            ("standfirst", "14,212 Sekunden", 0),
            ("body", "14,212 Sekunden", 0),
            ("body", "14,212 Sekunden", 1),
            ("caption", "14,212 Sekunden", 0),
        ]

    def test_a_bound_value_is_bound_and_nothing_else(self, event, reporter):
        node = '<data value="14212" data-ref="gap:gt/2024/sechs-stunden/R#8">14,212 Sekunden</data>'
        article = a_story(event, reporter, body=WRONG.replace("14,212 Sekunden", node))

        report = checked(article)

        assert report.open == []
        assert [(item.words, item.type) for item in report.of("bound")] == [("14,212 Sekunden", "differs")]

    def test_a_quotation_is_speech_whether_signs_or_a_node_mark_it(self, event, reporter):
        quotation = f'<figure data-quote=""><blockquote>{WRONG}</blockquote><figcaption>Adler</figcaption></figure>'
        article = a_story(event, reporter, body=quotation)

        assert checked(article).open == []
        assert "14,212 Sekunden" in [item.words for item in checked(article).of("uncheckable")]

    def test_a_further_event_speaks_for_the_text_and_never_against_it(self, event, reporter):
        other = EventFactory(season=event.season, name="Vier Stunden")
        article = a_story(other, reporter)
        assert checked(article).open == []  # the lead event knows none of these cars
        article.further_events.add(event)

        report = checked(article)

        assert report.open == []
        assert ("crew", "Adler/Bussard") in [(item.type, item.words) for item in report.of("confirmed")]
        assert [sheet["event"] for sheet in report.sheets] == [other.pk, event.pk]

    def test_without_an_event_there_is_nothing_to_check_against(self, reporter):
        report = checked(a_story(None, reporter))

        assert (report.items, report.has_data, report.failed) == ((), False, False)

    def test_the_same_data_give_the_same_fingerprint_and_others_another(self, event, reporter):
        article = a_story(event, reporter)
        (before,), (again,) = checked(article).sheets, checked(article).sheets
        event.sessions.filter(key="R").update(finishers=28)
        (after,) = checked(article).sheets

        assert before == again
        assert before["fingerprint"] != after["fingerprint"]

    def test_evidence_leads_to_the_page_readers_know_or_to_the_desk_while_it_is_hidden(self, event, reporter):
        article = a_story(event, reporter)
        public = the_open(article).link.address
        event.sessions.update(public_from=None)

        assert public == "/gt/2024/sechs-stunden/rennen/"
        assert the_open(article).link.address.startswith("/admin/results/classification/")


class TestKeeping:
    def test_a_revision_keeps_its_findings_once_it_is_stored(self, event, reporter, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            article = a_story(event, reporter)

        (kept,) = FactCheck.objects.all()
        assert kept.revision == article.revisions.get()
        assert (kept.outcome, kept.contradicted, kept.waived) == ("done", 1, 0)
        assert kept.sheets == list(checked(article).sheets)
        (wrong,) = [finding for finding in kept.findings if finding["verdict"] == "contradicted"]
        assert (wrong["words"], wrong["right"], wrong["field"]) == ("14,212 Sekunden", "14,221 Sekunden", "body")
        assert wrong["evidence"] == {
            "source": "Rennen", "car": "#7–#8", "column": "Abstand", "value": "14,221 Sekunden"
        }  # fmt: skip

    def test_the_revision_is_checked_as_it_was_written(self, event, reporter):
        article = a_story(event, reporter)

        assert words_kept(article.revisions.get().content) == words_of(Article.objects.get())

    def test_a_publication_keeps_what_was_checked_against_what(self, event, reporter, editor):
        publication = workflow.publish(a_story(event, reporter, body=RIGHT), by=editor)

        kept = publication.fact_checks.get()
        assert (kept.revision, kept.contradicted, kept.confirmed > 3) == (publication.revision, 0, True)

    def test_what_was_found_can_neither_change_nor_go(self, event, reporter, editor):
        publication = workflow.publish(a_story(event, reporter, body=RIGHT), by=editor)
        for change in (lambda rows: rows.update(contradicted=7), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                change(FactCheck.objects.all())
        workflow.withdraw(publication.article, by=UserFactory(role="chief"), note="Falsch.")
        workflow.trash(publication.article, by=editor)

        assert FactCheck.objects.count() == 1

    def test_the_desk_can_look_at_what_was_kept(self, event, reporter, chief):
        publication = workflow.publish(a_story(event, reporter), by=chief, facts_because="Bulletin 4")

        page = at_the_desk(chief).get(f"/admin/articles/publication/{publication.pk}/change/")

        assert "1 widerspricht" in text_of(page)
        assert "„14,212 Sekunden“: Im Text steht 14,212 Sekunden" in text_of(page)

    def test_the_list_names_what_is_still_open(
        self, event, reporter, django_capture_on_commit_callbacks, django_assert_num_queries
    ):
        with django_capture_on_commit_callbacks(execute=True):
            wrong, answered = a_story(event, reporter), a_story(event, reporter)
            right, mended = a_story(event, reporter, body=RIGHT), a_story(event, reporter)
        workflow.waive(answered, by=reporter, item=the_open(answered), reason="Bulletin 4")
        stored = Article.objects.get(pk=mended.pk)
        stored.body = RIGHT
        stored.save()
        with django_capture_on_commit_callbacks(execute=True):
            workflow.save(stored, by=reporter, expected_lock_version=stored.lock_version)

        with django_assert_num_queries(3):
            assert still_open([wrong.pk, answered.pk, right.pk, mended.pk]) == {wrong.pk: 1}

        states = html.fromstring(at_the_desk(reporter).get("/admin/articles/article/").content.decode())
        told = [cell.text_content() for cell in states.iter("td") if "field-state" in cell.get("class", "")]
        assert sorted(told) == ["Entwurf", "Entwurf", "Entwurf", "Entwurf · 1 Widerspruch"]

    def test_a_check_that_failed_hides_no_contradiction_of_the_one_before(
        self, event, reporter, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            article = a_story(event, reporter)
        FactCheck.objects.create(revision=article.revisions.last(), outcome=FactCheck.Outcome.FAILED)
        assert still_open([article.pk]) == {article.pk: 1}

    def test_whoever_may_not_see_results_sees_none_in_the_list(
        self, event, reporter, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            a_story(event, reporter)
        reader = UserFactory(is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_article"))
        page = at_the_desk(reader).get("/admin/articles/article/")
        assert (page.status_code, "Widerspruch" in text_of(page)) == (200, False)

    def test_approving_many_tells_which_the_data_contradict(
        self, event, reporter, editor, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            stories = [a_story(event, reporter, title="Falsch"), a_story(event, reporter, title="Richtig", body=RIGHT)]
        for story in stories:
            workflow.submit(story, by=reporter)
        chosen = {"action": "approve_many", "_selected_action": [story.pk for story in stories]}
        page = at_the_desk(editor).post("/admin/articles/article/", chosen, follow=True)
        said = [str(message) for message in page.context["messages"]]
        assert said == ["2 Artikel erledigt.", "„Falsch“: Fakten prüfen: 1 Widerspruch"]


class TestAnswering:
    def test_somebody_answers_by_name_and_the_claim_is_open_no_more(self, event, reporter):
        article = a_story(event, reporter)

        waiver = workflow.waive(article, by=reporter, item=the_open(article), reason=" Bulletin 4 ")

        assert (waiver.waived_by_name, waiver.reason, waiver.words) == ("Rita Renner", "Bulletin 4", "14,212 Sekunden")
        report = checked(article)
        assert (report.open, [item.words for item in report.waived]) == ([], ["14,212 Sekunden"])
        assert Act.objects.filter(verb=Act.Verb.WAIVE).get().reason == "„14,212 Sekunden“: Bulletin 4"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("14,212", "14,122"),  # another value
            ("14,212 Sekunden", "rund 14,212 Sekunden"),  # another meaning
            ("Condor/Dohle in der #8", "Elster/Fink in der #36"),  # about somebody else
        ],
    )
    def test_it_lapses_with_another_claim(self, event, reporter, old, new):
        article = a_story(event, reporter)
        workflow.waive(article, by=reporter, item=the_open(article), reason="Bulletin 4")
        Article.objects.update(body=WRONG.replace(old, new))

        assert checked(article).waived == []

    def test_it_holds_while_only_the_words_around_change(self, event, reporter):
        article = a_story(event, reporter)
        workflow.waive(article, by=reporter, item=the_open(article), reason="Bulletin 4")
        Article.objects.update(body="<p>Es war heiß.</p>" + WRONG.replace(" im Toyota #7", " im Toyota #7 am Ende"))

        assert checked(article).open == []

    def test_it_lapses_when_the_data_say_something_else(self, event, reporter, tmp_path):
        article = a_story(event, reporter)
        workflow.waive(article, by=reporter, item=the_open(article), reason="Bulletin 4")
        changed = json.loads(json.dumps(DATA).replace("+14.221", "+14.199").replace("6:00:55.721", "6:00:55.699"))
        _import_again(changed, tmp_path / "again.json")

        assert [item.right for item in checked(article).open] == ["14,199 Sekunden"]

    def test_a_second_answer_is_the_first_and_taking_it_back_opens_the_claim(self, event, reporter, editor):
        article = a_story(event, reporter)
        item = the_open(article)
        first = workflow.waive(article, by=reporter, item=item, reason="Bulletin 4")
        assert workflow.waive(article, by=editor, item=item, reason="Anders") == first

        workflow.unwaive(article, by=editor, waiver=first)

        assert the_open(article).words == "14,212 Sekunden"
        assert Waiver.objects.get().withdrawn_by == editor
        assert workflow.waive(article, by=editor, item=item, reason="Doch").waived_by == editor

    def test_without_a_reason_or_the_right_nobody_answers(self, event, reporter):
        article = a_story(event, reporter)
        with pytest.raises(workflow.NotNow, match="Grund"):
            workflow.waive(article, by=reporter, item=the_open(article), reason="  ")
        with pytest.raises(PermissionDenied):
            workflow.waive(article, by=UserFactory(role="results"), item=the_open(article), reason="Ich weiß es")

        assert not Waiver.objects.exists()

    def test_an_answer_can_neither_be_rewritten_nor_deleted(self, event, reporter):
        article = a_story(event, reporter)
        workflow.waive(article, by=reporter, item=the_open(article), reason="Bulletin 4")
        for change in (lambda rows: rows.update(reason="Anders"), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
                change(Waiver.objects.all())


def _import_again(data, path):
    """The corrected file of the organiser, taken by somebody with a reason."""
    path.write_text(json.dumps(data), "utf-8")
    call_command("import_results", str(path), "--accept", "--reason", "Bulletin 5", stdout=StringIO())


class TestCorrecting:
    def test_the_right_words_take_the_place_as_a_revision(self, event, reporter, editor):
        article = a_story(event, reporter)
        report = checked(article)
        (item,) = report.open
        assert item.replacement == "14,221 Sekunden"

        workflow.correct(
            article,
            by=editor,
            report=report,
            item=item,
            words=item.replacement,
            expected_lock_version=article.lock_version,
        )

        assert Article.objects.get().body == RIGHT
        assert article.revisions.first().comment == "Aus „14,212 Sekunden“ wurde „14,221 Sekunden“"

    def test_words_across_emphasis_and_entities_are_replaced_where_they_stand(self, event, reporter, editor):
        article = a_story(event, reporter, body=LAPS)
        report = checked(article)
        (item,) = report.open
        assert (item.words, item.replacement) == ("189 Runden", "198 Runden")

        workflow.correct(
            article,
            by=editor,
            report=report,
            item=item,
            words="198 <Runden>",
            expected_lock_version=article.lock_version,
        )

        assert Article.objects.get().body == (
            "<p>Die #7 fuhr im Rennen <strong>198 &lt;Runden&gt;</strong> &amp; gewann.</p>"
        )

    def test_a_title_is_corrected_too(self, event, reporter, editor):
        said = "Adler/Bussard gewannen im Rennen mit 14,212 Sekunden Vorsprung auf die #8"
        article = a_story(event, reporter, title=said, body=RIGHT)
        report = checked(article)

        workflow.correct(
            article, by=editor, report=report, item=report.open[0], words="14,221 Sekunden",
            expected_lock_version=article.lock_version,
        )  # fmt: skip

        assert Article.objects.get().title == said.replace("14,212", "14,221")

    @pytest.mark.parametrize(
        ("written", "becomes"),
        [
            ("<em>14,212</em> Sekunden", "<em>14,221</em> Sekunden"),
            ("14,212 <strong>Sekunden</strong>", "14,221 <strong>Sekunden</strong>"),
            ("<strong>14,</strong>212 Sekunden", "<strong>14,</strong>221 Sekunden"),
            ("14,212&nbsp;Sekunden", "14,221&nbsp;Sekunden"),
            ("1,212 Sekunden", "14,221 Sekunden"),
            ("<em>4,221</em> Sekunden", "<em>14,221</em> Sekunden"),
        ],
    )
    def test_only_what_differs_is_written_anew_and_emphasis_stays(self, event, reporter, editor, written, becomes):
        body = "<p>Im Rennen siegten Adler/Bussard im Toyota #7 mit {} Vorsprung auf Condor/Dohle in der #8.</p>"
        article = a_story(event, reporter, body=body.format(written))
        report = checked(article)

        workflow.correct(
            article, by=editor, report=report, item=report.open[0], words=report.open[0].replacement,
            expected_lock_version=article.lock_version,
        )  # fmt: skip

        assert Article.objects.get().body == body.format(becomes)

    def test_a_data_node_takes_the_place_and_the_gate_finds_it_right(self, event, reporter, editor):
        article = a_story(event, reporter)
        report = checked(article)
        (item,) = report.open

        workflow.bind(article, by=editor, report=report, item=item, expected_lock_version=article.lock_version)

        body = Article.objects.get().body
        assert '<data value="14221" data-ref="gap:gt/2024/sechs-stunden/R#8">14,221&nbsp;Sekunden</data>' in body
        assert checked(article).open == []
        assert [one.type for one in checked(article).of("bound")] == ["same"]
        article.refresh_from_db()
        assert workflow.publish(article, by=UserFactory(role="editor")).version == 1

    def test_what_somebody_saved_meanwhile_is_not_overwritten(self, event, reporter, editor):
        article = a_story(event, reporter)
        report = checked(article)
        version = article.lock_version
        Article.objects.update(body="<p>Ganz anders.</p>")
        article.refresh_from_db()
        workflow.save(article, by=reporter, expected_lock_version=None)

        with pytest.raises(workflow.StaleSave):
            workflow.correct(
                article, by=editor, report=report, item=report.open[0], words="1", expected_lock_version=version
            )
        assert Article.objects.get().body == "<p>Ganz anders.</p>"


class TestStop:
    def test_an_editor_is_stopped_by_what_nobody_answers_for(self, event, reporter, editor):
        article = a_story(event, reporter)

        with pytest.raises(workflow.NotPublishable) as stop:
            workflow.publish(article, by=editor, facts_because="Ich will")

        assert (
            "„14,212 Sekunden“: Im Text steht 14,212 Sekunden, in den Daten 14,221 Sekunden (Rennen, #7–#8, Abstand)."
            in (stop.value.reasons)
        )
        assert not Publication.objects.exists()

    def test_scheduling_is_stopped_as_well(self, event, reporter, editor):
        tomorrow = timezone.now() + dt.timedelta(days=1)
        with pytest.raises(workflow.NotPublishable):
            workflow.publish(a_story(event, reporter), by=editor, visible_from=tomorrow)

    @pytest.mark.parametrize("act", ["correct", "bind", "waive"])
    def test_each_of_the_three_ways_opens_it(self, event, reporter, editor, act):
        article = a_story(event, reporter)
        report = checked(article)
        (item,) = report.open
        version = article.lock_version
        if act == "waive":
            workflow.waive(article, by=reporter, item=item, reason="Bulletin 4")
        elif act == "bind":
            workflow.bind(article, by=reporter, report=report, item=item, expected_lock_version=version)
        else:
            workflow.correct(
                article, by=reporter, report=report, item=item, words=item.replacement, expected_lock_version=version
            )

        publication = workflow.publish(article, by=editor)

        kept = publication.fact_checks.get()
        assert (kept.contradicted, kept.waived) == ((1, 1) if act == "waive" else (0, 0))

    def test_the_chief_lifts_it_with_a_reason_that_stays_in_the_log(self, event, reporter, chief):
        article = a_story(event, reporter)
        with pytest.raises(workflow.NotPublishable, match="Nenne den Grund"):
            workflow.publish(article, by=chief)

        publication = workflow.publish(article, by=chief, facts_because="Zeitnahme bestätigt den Text")

        act = Act.objects.get(verb=Act.Verb.LIFT_FACTS)
        assert (act.publication, act.by) == (publication, chief)
        assert act.reason.startswith("Zeitnahme bestätigt den Text\n„14,212 Sekunden“: ")

    def test_a_check_that_fails_keeps_nothing_in_and_says_so(self, event, reporter, editor):
        article = a_story(event, reporter)
        with a_broken_table("results_printedstanding"):
            page = at_the_desk(editor).get(page_of(article, "publish"))
            publication = workflow.publish(article, by=editor)

        assert "Die Prüfung selbst ist gescheitert" in text_of(page)
        assert publication.fact_checks.get().outcome == "failed"

    def test_an_answer_taken_back_after_the_check_stops_again(self, event, reporter, editor):
        article = a_story(event, reporter)
        waiver = workflow.waive(article, by=reporter, item=the_open(article), reason="Bulletin 4")
        before = Checked.of(article)
        workflow.unwaive(article, by=reporter, waiver=waiver)

        assert [item.words for item in before.open_under_lock(article)] == ["14,212 Sekunden"]


class TestPages:
    def test_the_form_lists_the_claims_by_verdict(self, event, reporter):
        article = a_story(event, reporter)

        groups = facts_on(at_the_desk(reporter).get(page_of(article, "change")))

        assert groups[0] == ("contradicted", "14,212 Sekunden")
        assert ("confirmed", "Adler/Bussard") in groups

    def test_what_is_in_the_form_is_checked_and_nothing_is_written(self, event, reporter):
        article, client = a_story(event, reporter, body=RIGHT), at_the_desk(reporter)
        form = filled(client, page_of(article, "change"), body=WRONG)

        answer = client.post(page_of(article, "check"), form)

        assert facts_on(answer)[0] == ("contradicted", "14,212 Sekunden")
        assert "no-store" in answer["Cache-Control"]
        assert Article.objects.get().body == RIGHT
        assert not FactCheck.objects.exists()

    def test_an_article_that_was_never_saved_is_checked_too(self, event, reporter):
        client = at_the_desk(reporter)

        answer = client.post(
            "/admin/articles/article/add/check/", {"title": "Neu", "body": WRONG, "lead_event": str(event.pk)}
        )

        assert ("contradicted", "14,212 Sekunden") in facts_on(answer)

    @pytest.mark.parametrize("sent", [{"lead_event": "7 OR 1"}, {"body": "\x00<p<<"}, {"lead_image": "9" * 40}, {}])
    def test_anything_may_be_sent(self, event, reporter, sent):
        article = a_story(event, reporter)

        assert at_the_desk(reporter).post(page_of(article, "check"), sent).status_code == 200

    def test_a_text_about_something_else_is_told_from_one_without_faults(self, event, reporter, editor):
        match = (
            "<p>Mit 3:1 siegte der FC am Samstag gegen die Adler, der Stürmer traf in der 87. Minute per Elfmeter. In der Tabelle "
            "der Bundesliga liegt die Mannschaft mit 34 Punkten auf Rang vier, der Trainer lobte seine Spieler.</p>"
        )
        article = a_story(event, reporter, title="Drei Tore", standfirst="Ein Sieg.", body=match)
        told = "Der Text nennt kaum etwas von „Sechs Stunden“ und wird damit nicht verglichen."
        assert checked(article).items == ()
        assert told in text_of(at_the_desk(reporter).get(page_of(article)))
        assert told in text_of(at_the_desk(editor).get(page_of(article, "publish")))
        assert told not in text_of(at_the_desk(reporter).get(page_of(a_story(event, reporter))))

    def test_the_page_without_script_corrects_binds_and_answers(self, event, reporter):
        article, client = a_story(event, reporter), at_the_desk(reporter)
        key = the_open(article).key
        client.post(page_of(article), {"waive": key, f"{key}-reason": "Bulletin 4"})
        assert Waiver.objects.get().reason == "Bulletin 4"
        client.post(page_of(article), {"unwaive": key})
        assert the_open(article).key == key

        answer = client.post(
            page_of(article), {"correct": key, f"{key}-words": "14,221 Sekunden", "lock_version": article.lock_version}
        )

        assert answer.status_code == 302
        assert Article.objects.get().body == RIGHT

    def test_the_form_of_somebody_who_is_late_changes_nothing(self, event, reporter):
        article, client = a_story(event, reporter), at_the_desk(reporter)
        key = the_open(article).key

        answer = client.post(page_of(article), {"bind": key, "lock_version": article.lock_version + 1})

        assert (answer.status_code, Article.objects.get().body) == (409, WRONG)
        assert "Der Artikel wurde inzwischen geändert" in text_of(answer)

    def test_from_the_form_somebody_answers_for_what_is_not_saved_yet(self, event, reporter):
        article, client = a_story(event, reporter, body=RIGHT), at_the_desk(reporter)
        form = filled(client, page_of(article, "change"), body=WRONG)
        answer = client.post(page_of(article, "check"), form)
        key = html.fromstring(answer.content.decode()).xpath("//li[@data-key]/@data-key")[0]

        answer = client.post(page_of(article), {**form, "in_form": "1", "waive": key, f"{key}-reason": "Bulletin 4"})

        assert "Rita Renner verantwortet das" in text_of(answer)
        assert Article.objects.get().body == RIGHT

    def test_without_the_right_to_write_the_claims_are_there_to_read(self, event, reporter):
        article = a_story(event, reporter)
        reader = at_the_desk(UserFactory(role="results"))

        assert facts_on(reader.get(page_of(article, "change")))[0] == ("contradicted", "14,212 Sekunden")
        assert reader.post(page_of(article, "check"), {}).status_code == 403
        assert reader.post(page_of(article), {"waive": the_open(article).key}).status_code == 403

    def test_the_publish_page_names_what_stops_and_what_somebody_answers_for(self, event, reporter, editor, chief):
        article = a_story(event, reporter, body=WRONG + LAPS)
        first = checked(article).open[0]
        workflow.waive(article, by=reporter, item=first, reason="Bulletin 4")

        page, of_chief = (at_the_desk(one).get(page_of(article, "publish")) for one in (editor, chief))

        assert "Die Daten widersprechen dem Text" in text_of(page)
        assert "„189 Runden“" in text_of(page)
        assert "Rita Renner" in text_of(page)
        assert 'value="Veröffentlichen"' not in page.content.decode()
        assert "Warum gegen die Daten?" not in text_of(page)
        assert "Warum gegen die Daten?" in text_of(of_chief)

    def test_saving_shows_the_lists_anew(self, event, reporter):
        article, client = a_story(event, reporter), at_the_desk(reporter)
        data = filled(client, page_of(article, "change"), body=RIGHT)

        save(client, page_of(article, "change"), data)

        assert facts_on(client.get(page_of(article, "change")))[0][0] != "contradicted"

    def test_readers_never_see_any_of_it(self, event, reporter, chief):
        article = a_story(event, reporter)
        workflow.publish(article, by=chief, facts_because="Ein Grund nur für uns")
        publication = Publication.objects.get()

        for path in (f"/artikel/{publication.slug}/", "/", "/feeds/rss.xml", "/feeds/feed.json"):
            page = Client().get(path).content.decode()
            assert "in den Daten" not in page
            assert "Ein Grund nur für uns" not in page


def test_a_check_of_very_many_claims_lists_the_contradicted_ones_first(event, reporter, monkeypatch):
    monkeypatch.setattr(fact_desk, "MOST_ITEMS", 2)
    article = a_story(event, reporter, body=RIGHT + WRONG)

    report = checked(article)

    assert (len(report.items), report.left_out > 3, len(report.open)) == (2, True, 1)
