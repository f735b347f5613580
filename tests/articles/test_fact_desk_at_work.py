"""The fact desk in the middle of work: the same said twice, text typed and refused, a result that changes under a story."""
# ruff: noqa: F401, F811 - fixtures are imported

import datetime as dt
import json

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from articles import fact_desk, workflow
from articles.admin.facts_proposal import proposal
from articles.admin.facts_proposal import text_of as proposal_text
from articles.fact_desk import words_kept, words_of
from articles.models import Act, Article, FactCheck, Waiver
from results.models import Decision
from tests.articles.desk_forms import filled, text_of
from tests.articles.factcheck.desk import DATA
from tests.articles.test_fact_desk import (
    RIGHT,
    WRONG,
    _import_again,
    a_story,
    at_the_desk,
    checked,
    chief,
    editor,
    event,
    facts_on,
    page_of,
    reporter,
    the_open,
)
from tests.factories import (
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    ImageFactory,
    SessionEntryFactory,
    SessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LAPS = "Die #7 fuhr im Rennen 189 Runden."
TOMORROW = dt.timedelta(days=1)


def tree_of(response):
    return html.fromstring(response.content.decode())


def the_result_changes(path):
    """The organiser corrects the gap that `RIGHT` states."""
    changed = json.loads(json.dumps(DATA).replace("+14.221", "+14.199").replace("6:00:55.721", "6:00:55.699"))
    _import_again(changed, path / "again.json")


class TestTheSameTwice:
    @pytest.fixture
    def article(self, event, reporter):
        return a_story(event, reporter, title="Adler gewinnt", standfirst=LAPS, body=f"<p>{LAPS}</p><p>{LAPS}</p>")

    def test_each_place_has_a_handle_and_all_of_them_one_key(self, article):
        items = checked(article).open

        assert len({item.key for item in items}) == 1
        assert [(item.place.field, item.handle.removeprefix(item.key)) for item in items] == [
            ("standfirst", ""), ("body", ".1"), ("body", ".2")
        ]  # fmt: skip

    @pytest.mark.parametrize("deed", ["correct", "bind"])
    def test_the_page_changes_the_place_whose_button_is_pressed(self, article, reporter, deed):
        handle = checked(article).open[2].handle
        sent = {deed: handle, f"{handle}-words": "198 Runden", "lock_version": article.lock_version}

        assert at_the_desk(reporter).post(page_of(article), sent).status_code == 302

        stored = Article.objects.get()
        assert stored.standfirst == LAPS
        assert stored.body.startswith(f"<p>{LAPS}</p><p>Die #7 fuhr im Rennen ")
        assert "189" not in stored.body.removeprefix(f"<p>{LAPS}</p>")

    def test_no_id_stands_twice(self, article, reporter):
        for page in ("change", "claims"):
            ids = tree_of(at_the_desk(reporter).get(page_of(article, page))).xpath("//@id")
            assert sorted(ids) == sorted(set(ids))

    def test_one_answer_is_for_all_places(self, article, reporter):
        handle = checked(article).open[1].handle
        at_the_desk(reporter).post(page_of(article), {"waive": handle, f"{handle}-reason": "Bulletin 4"})

        assert (checked(article).open, len(checked(article).waived)) == ([], 3)


class TestWhatIsTyped:
    def test_refused_words_stand_in_their_field_again(self, event, reporter):
        article = a_story(event, reporter)
        key = the_open(article).key
        sent = {"correct": key, f"{key}-words": "14,2 Sekunden (Bulletin 4)", "lock_version": article.lock_version + 1}

        answer = at_the_desk(reporter).post(page_of(article), sent)

        assert answer.status_code == 409
        assert tree_of(answer).get_element_by_id(f"words-{key}").value == "14,2 Sekunden (Bulletin 4)"

    def test_a_reason_whose_claim_is_gone_is_still_told(self, event, reporter):
        article = a_story(event, reporter)
        key = the_open(article).key
        Article.objects.update(body=RIGHT)

        answer = at_the_desk(reporter).post(page_of(article), {"waive": key, f"{key}-reason": "Bulletin <4>"})

        assert answer.status_code == 409
        assert "Geschrieben war: „Bulletin <4>“" in text_of(answer)
        assert not Waiver.objects.exists()

    def test_nobody_answers_for_what_lies_in_the_bin(self, event, reporter, editor):
        article = a_story(event, reporter)
        item = the_open(article)
        workflow.trash(article, by=editor)

        with pytest.raises(workflow.NotNow, match="Papierkorb"):
            workflow.waive(article, by=reporter, item=item, reason="Bulletin 4")

    def test_nobody_answers_under_the_name_of_a_login_in_another_tab(self, event, reporter, editor):
        article, client = a_story(event, reporter), at_the_desk(editor)
        key = the_open(article).key
        form = filled(at_the_desk(reporter), page_of(article, "change"))  # opened by the reporter

        answer = client.post(page_of(article), {**form, "in_form": "1", "waive": key, f"{key}-reason": "Bulletin 4"})

        assert answer.status_code == 409
        assert "jemand anders angemeldet" in text_of(answer)
        assert not Waiver.objects.exists()


class TestLongTexts:
    def test_a_text_is_read_to_a_line_and_what_is_left_is_told(self, event, reporter, editor, monkeypatch):
        monkeypatch.setattr(fact_desk, "LONGEST_TEXT", 200)
        article = a_story(event, reporter, title="Adler gewinnt", body=f"<p>{LAPS}</p>" * 40)

        report = checked(article)

        assert (len(report.open), report.unread > 1000) == (4, True)
        told = f"Seine letzten {report.unread} Zeichen wurden nicht geprüft."
        assert told in text_of(at_the_desk(reporter).get(page_of(article, "change")))
        assert told in text_of(at_the_desk(editor).get(page_of(article, "publish")))

    def test_no_figure_is_cut_in_two(self, event, reporter, monkeypatch):
        body = WRONG.replace("14,212", "14,221").removesuffix("</p>") + " Und" + " danach" * 60
        article = a_story(event, reporter, title="Adler", body=f"{body}.</p>")
        whole = article.title + "\n\n" + body
        monkeypatch.setattr(fact_desk, "LONGEST_TEXT", whole.index(",221"))

        assert checked(article).open == []

    def test_of_very_many_the_open_ones_are_listed_and_all_are_counted(self, event, reporter, monkeypatch):
        article = a_story(event, reporter, body=WRONG + f"<p>{LAPS}</p>")
        first, second = checked(article).open
        workflow.waive(article, by=reporter, item=first, reason="Bulletin 4")
        monkeypatch.setattr(fact_desk, "MOST_ITEMS", 1)

        report = checked(article)

        assert [item.key for item in report.items] == [second.key]
        assert (report.counts["contradicted"], report.counts["confirmed"] > 2) == (2, True)

    def test_the_memory_keeps_how_many_there_were(self, event, reporter, editor, monkeypatch):
        monkeypatch.setattr(fact_desk, "MOST_ITEMS", 1)

        publication = workflow.publish(a_story(event, reporter, body=RIGHT), by=editor)

        assert publication.fact_checks.get().confirmed > 2


class TestAResultThatChanges:
    @pytest.fixture
    def waiting(self, event, reporter, editor, tmp_path):
        """A story that was right when it was scheduled."""
        article = a_story(event, reporter, body=RIGHT)
        workflow.publish(article, by=editor, visible_from=timezone.now() + TOMORROW)
        the_result_changes(tmp_path)
        article.refresh_from_db()
        return article

    def test_publishing_it_again_does_not_let_it_out(self, waiting, editor):
        with pytest.raises(workflow.NotPublishable, match="in den Daten 14,199 Sekunden"):
            workflow.publish(waiting, by=editor)

        assert not waiting.publications.public().exists()

    def test_nor_does_an_earlier_hour_and_a_later_one_does(self, waiting, editor):
        soon, later = (timezone.now() + TOMORROW * step for step in (0.5, 2))
        for start in (None, soon):
            with pytest.raises(workflow.NotPublishable, match="in den Daten 14,199 Sekunden"):
                workflow.reschedule(waiting, by=editor, visible_from=start)

        assert workflow.reschedule(waiting, by=editor, visible_from=later).visible_from == later

    @pytest.mark.parametrize("act", [workflow.publish, workflow.reschedule])
    def test_the_chief_lets_it_out_with_a_reason_in_the_log(self, waiting, chief, act):
        publication = act(waiting, by=chief, facts_because="Der Text meint das erste Ergebnis")

        assert waiting.publications.public().get() == publication
        lifted = Act.objects.get(verb=Act.Verb.LIFT_FACTS)
        assert lifted.reason.startswith("Der Text meint das erste Ergebnis\n„14,221 Sekunden“: ")

    def test_the_page_for_another_hour_names_it_and_takes_the_chiefs_reason(self, waiting, editor, chief):
        page = at_the_desk(editor).get(page_of(waiting, "reschedule"))
        assert "Die Daten widersprechen dem Text" in text_of(page)
        assert "Warum gegen die Daten?" not in text_of(page)
        client = at_the_desk(chief)
        form = filled(client, page_of(waiting, "reschedule"), day="", time="", facts_because="Bulletin 4")

        assert client.post(page_of(waiting, "reschedule"), form).status_code == 302
        assert waiting.publications.public().exists()

    def test_twice_the_same_hour_is_no_second_lifting(self, waiting, chief):
        hour = timezone.now() + TOMORROW / 2
        for _click in range(2):
            workflow.publish(waiting, by=chief, visible_from=hour, facts_because="Bulletin 4")

        assert Act.objects.filter(verb=Act.Verb.LIFT_FACTS).count() == 1

    def test_a_reason_does_not_cover_what_the_page_did_not_show(self, event, reporter, chief, tmp_path):
        article = a_story(event, reporter, body=RIGHT + f"<p>{LAPS}</p>")
        client = at_the_desk(chief)
        form = filled(client, page_of(article, "publish"), facts_because="Die 189 Runden stimmen")
        the_result_changes(tmp_path)

        refused = client.post(page_of(article, "publish"), form)

        assert refused.status_code == 409
        assert "Inzwischen widersprechen die Daten mehr Angaben" in text_of(refused)
        assert not article.publications.exists()
        again = filled(client, page_of(article, "publish"), facts_because="Beides stimmt")
        assert client.post(page_of(article, "publish"), again).status_code == 302
        assert article.publications.exists()

    def test_fewer_than_the_page_showed_are_covered(self, event, reporter, chief):
        article = a_story(event, reporter, body=WRONG + f"<p>{LAPS}</p>")
        client = at_the_desk(chief)
        form = filled(client, page_of(article, "publish"), facts_because="Beides stimmt")
        workflow.waive(article, by=reporter, item=checked(article).open[0], reason="Bulletin 4")

        assert client.post(page_of(article, "publish"), form).status_code == 302


class TestSeveralPeopleAndRevisions:
    def test_whoever_saves_beside_a_correction_sees_both_texts_and_the_facts_of_his_own(self, event, reporter, editor):
        article = a_story(event, reporter)
        late = at_the_desk(editor)
        form = filled(late, page_of(article, "change"), standfirst=LAPS)
        key = the_open(article).key
        sent = {"correct": key, f"{key}-words": "14,221 Sekunden", "lock_version": article.lock_version}
        at_the_desk(reporter).post(page_of(article), sent)

        answer = late.post(page_of(article, "change"), form)

        assert answer.status_code == 409
        assert [words for group, words in facts_on(answer) if group == "contradicted"] == ["189 Runden"]
        assert Article.objects.get().body == RIGHT

    def test_an_older_revision_is_checked_anew_and_an_answer_for_its_words_still_holds(
        self, event, reporter, editor, django_capture_on_commit_callbacks
    ):
        article = a_story(event, reporter)
        workflow.waive(article, by=reporter, item=the_open(article), reason="Bulletin 4")
        first = article.revisions.get()
        Article.objects.update(body=RIGHT)
        article.refresh_from_db()
        workflow.save(article, by=reporter, expected_lock_version=None)
        with django_capture_on_commit_callbacks(execute=True):
            written = workflow.revert(article, by=editor, revision=first)

        kept = written.fact_checks.get()
        assert (kept.contradicted, kept.waived) == (1, 1)
        assert checked(article).open == []


class TestWhoSees:
    @pytest.fixture
    def writer(self, reporter):
        """Somebody who writes and was never given the right to see results."""
        writer = UserFactory(is_staff=True)
        names = ["view_article", "change_article", "add_article"]
        writer.user_permissions.set(Permission.objects.filter(codename__in=names))
        return writer

    def test_what_the_results_say_is_for_whoever_may_see_results(self, event, reporter, writer):
        article, client = a_story(event, reporter), at_the_desk(writer)

        page = client.get(page_of(article, "change"))
        answers = [client.post(page_of(article, name), {"body": WRONG}) for name in ("check", "claims")]

        assert page.status_code == 200
        assert "14,221" not in page.content.decode()
        assert [answer.status_code for answer in answers] == [403, 403]

    def test_saving_and_its_memory_do_not_depend_on_it(
        self, event, reporter, writer, django_capture_on_commit_callbacks
    ):
        article = a_story(event, reporter)
        Article.objects.update(standfirst="Neu.")
        article.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            workflow.save(article, by=writer, expected_lock_version=None)

        assert FactCheck.objects.latest("pk").contradicted == 1


class TestTheForm:
    def order_on(self, page):
        return tree_of(page).xpath("//section[@class='checks']//h3/text()")

    def test_facts_language_and_proposals_stand_together_in_one_order(self, event, reporter):
        article, client = a_story(event, reporter), at_the_desk(reporter)
        add = "/admin/articles/article/add/"
        pages = [
            client.get(page_of(article, "change")),
            client.get(add),
            client.post(add, filled(client, add, title="x" * 300)),
        ]

        for page in pages:
            assert self.order_on(page) == ["Fakten prüfen", "Sprache", "Vorschläge aus dem Text"]

    def test_the_caption_that_a_picture_has_from_the_library_is_checked_where_readers_see_it(self, event, reporter):
        picture = ImageFactory(caption=LAPS)
        plain = f'<figure data-image="{picture.token}"></figure>'
        own = f'<figure data-image="{picture.token}"><figcaption>In der Box.</figcaption></figure>'
        article = a_story(event, reporter, body=RIGHT + plain)

        assert [(item.in_field, item.words) for item in checked(article).open] == [("Bildunterschrift", "189 Runden")]
        assert words_kept(article.revisions.get().content) == words_of(article)
        Article.objects.update(body=RIGHT + own)
        assert checked(article).open == []

    def test_a_decision_that_no_result_holds_is_told(self, event, reporter):
        race = event.sessions.get(key="R")
        seat = race.session_entries.get(entry__number="8")
        Decision.objects.create(session=race, session_entry=seat, kind="disqualified")

        page = at_the_desk(reporter).get(page_of(a_story(event, reporter), "change"))

        assert "was noch nicht im Ergebnis steht (Rennen)" in text_of(page)

    def test_remarks_stand_there_without_script(self, event, reporter):
        article = a_story(event, reporter, body="<p>„Gut, sagte er.</p>")

        items = tree_of(at_the_desk(reporter).get(page_of(article, "change"))).cssselect("#lint-panel li")

        assert [item.cssselect("strong")[0].text for item in items] == ["„"]

    def test_remarks_are_on_a_text_that_was_never_saved_and_cannot_be_hidden(self, event, reporter):
        answer = at_the_desk(reporter).post("/admin/articles/article/add/remarks/", {"body": "<p>„Gut, sagte er.</p>"})

        (item,) = tree_of(answer).cssselect("li")
        assert item.xpath(".//button/@data-lint") == ["show"]

    def test_the_event_and_the_picture_of_the_form_count_not_those_that_are_stored(self, event, reporter):
        article = a_story(None, reporter, body="<p>Elster.</p>")
        picture = ImageFactory(credit="")
        door = page_of(article, "remarks")
        said = {"body": "<p>Am Sonntag, 4. Mai, gewann Adler.</p>"}

        stored, of_form = (
            text_of(at_the_desk(reporter).post(door, said | more))
            for more in ({}, {"lead_event": str(event.pk), "lead_image": str(picture.pk)})
        )

        assert "Der 4. Mai 2024 ist ein Samstag" in of_form
        assert "2024" not in stored
        assert "Bild bearbeiten" in of_form
        assert "Bild bearbeiten" not in stored

    def test_a_kicker_is_checked_and_corrected_like_a_title(self, event, reporter, editor):
        article = a_story(event, reporter, kicker="Im Rennen 189 Runden für die #7", body=RIGHT)
        report = checked(article)
        (item,) = report.open
        assert item.in_field == "Dachzeile"

        workflow.correct(
            article, by=editor, report=report, item=item, words="198 Runden", expected_lock_version=article.lock_version
        )

        assert Article.objects.get().kicker == "Im Rennen 198 Runden für die #7"

    def test_the_publish_page_names_contradictions_beside_what_else_is_missing(self, event, reporter, chief):
        article = a_story(event, reporter)
        article.bylines.all().delete()

        page = at_the_desk(chief).get(page_of(article, "publish"))

        assert "Das fehlt noch" in text_of(page)
        assert "„14,212 Sekunden“" in text_of(page)
        assert tree_of(page).xpath("//*[@name='facts_because']") == []

    def test_whoever_only_reads_finds_the_list_and_no_remarks(self, event, reporter):
        page = at_the_desk(UserFactory(role="results")).get(page_of(a_story(event, reporter), "change"))

        assert facts_on(page)[0] == ("contradicted", "14,212 Sekunden")
        assert self.order_on(page) == ["Fakten prüfen"]


def test_the_results_of_the_event_are_read_once_for_facts_and_proposals(event, reporter):
    article, client = a_story(event, reporter), at_the_desk(reporter)

    with CaptureQueriesContext(connection) as queries:
        client.get(page_of(article, "change"))

    assert sum("part_times_ms" in query["sql"] for query in queries.captured_queries) == 1


def test_two_cars_of_one_number_are_proposed_by_what_is_painted_on_them(event, reporter):
    twins = EventFactory(season=event.season, name="Zwei Stunden", slug="zwei-stunden")
    race = SessionFactory(event=twins, key="R", name="Rennen", kind="race")
    rows = []
    for line, name in enumerate(("Adler", "Condor"), start=1):
        crew = [DriverFactory(first_name="Anna", last_name=name)]
        seat = SessionEntryFactory(session=race, entry=EntryFactory(event=twins, number="7", line=line, crew=crew))
        rows.append({"session_entry": seat, "status": "classified", "position": line})
    ClassificationFactory(session=race, rows=rows)
    article = a_story(twins, reporter, title="-", body="<p>Adler gewann das Rennen vor Condor.</p>")

    (group,) = proposal(article, proposal_text(article)).classes

    assert [(car.number, car.value.partition("|")[0]) for car in group.cars] == [("7", "7"), ("7", "7")]
    client = at_the_desk(reporter)
    form = filled(client, page_of(article, "change"))
    chosen = {
        "_propose": "1",
        "propose-for": twins.pk,
        "propose-session": race.pk,
        "propose-car": [car.value for car in group.cars],
    }
    client.post(page_of(article, "change"), form | chosen)
    assert [box.cars for box in article.sidebar.all()] == ["7"]
