"""Around the form: text kept and offered again, one article of eight equal forms, who holds the form, drafts as they are."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from lxml import html

from articles import drafting, holding, workflow
from articles.gate import DRAFT_TITLE
from articles.models import Article, Autosave, EditLock, Publication, Revision
from tests import factories
from tests.articles.desk_forms import filled, save, text_of
from tests.factories import ArticleFactory, AuthorFactory, EventFactory, SidebarItemFactory, UserFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/article/add/"


def page_of(article, name="change"):
    return f"/admin/articles/article/{article.pk}/{name}/"


def someone(role="reporter", **fields):
    client = Client()
    client.user = UserFactory(role=role, **fields)
    client.force_login(client.user)
    return client


def keep(client, article, data):
    """As the browser does a few seconds after the last key; the pause between two is not waited for."""
    Autosave.objects.update(kept_at=None)
    return client.post(page_of(article, "keep") if article else f"{ADD}keep/", data)


def open_form(client, article, **changes):
    return filled(client, page_of(article) if article else ADD, **changes)


class TestKeeping:
    def test_a_kept_text_is_no_save(self):
        article, client = ArticleFactory(title="Alt"), someone()

        answer = keep(client, article, open_form(client, article, title="Neu"))

        assert answer.status_code == 200
        assert Article.objects.get().title == "Alt"
        assert not Revision.objects.exists()
        assert not Publication.objects.exists()

    def test_it_is_offered_with_what_differs_when_the_form_is_opened_again(self):
        article, client = ArticleFactory(title="Alt"), someone()
        keep(client, article, open_form(client, article, title="Neu getippt"))

        page = text_of(client.get(page_of(article)))

        assert "Hier liegt Text, der nie gespeichert wurde" in page
        assert "Alt Neu getippt" in page

    def test_what_was_put_into_the_form_again_is_saved_only_by_saving(self):
        article, client = ArticleFactory(title="Alt"), someone()
        SidebarItemFactory(article=article, text="<p>Alter Kasten</p>")
        data = open_form(client, article, title="Neu") | {"sidebar-1-kind": "free", "sidebar-1-text": "Neuer Kasten"}
        keep(client, article, data)

        restored = client.post(page_of(article, "kept"), {"kept": data["form_key"][0], "_restore": "1"})
        before = Article.objects.get().title
        save(client, page_of(article), sent_again(restored))

        assert (restored.status_code, before) == (200, "Alt")
        assert "inzwischen geändert" not in text_of(restored)
        assert "Noch ist nichts gespeichert" in text_of(restored)
        assert Article.objects.get().title == "Neu"
        assert [box.text for box in article.sidebar.all()] == ["<p>Alter Kasten</p>", "Neuer Kasten"]
        assert not Autosave.objects.kept().exists()
        assert "nie gespeichert" not in text_of(client.get(page_of(article)))

    def test_a_text_kept_before_somebody_saved_meets_the_new_version(self):
        article, client, other = ArticleFactory(title="Alt", standfirst="Alt"), someone(), someone()
        workflow.save(article, by=None, expected_lock_version=0)
        data = open_form(client, article, title="Von mir")
        save(other, page_of(article), open_form(other, article, standfirst="Vom anderen"))

        told = keep(client, article, data).json()
        restored = client.post(page_of(article, "kept"), {"kept": data["form_key"][0], "_restore": "1"})
        save(client, page_of(article), sent_again(restored))

        article.refresh_from_db()
        assert told["version"] > int(data["lock_version"][0])
        assert (article.title, article.standfirst) == ("Von mir", "Vom anderen")

    def test_what_is_stored_by_now_is_not_offered(self):
        article, client = ArticleFactory(title="Alt"), someone()
        keep(client, article, open_form(client, article, title="Neu"))
        save(client, page_of(article), open_form(client, article, title="Neu"))

        assert "nie gespeichert" not in text_of(client.get(page_of(article)))

    def test_a_text_that_arrives_after_its_save_is_not_kept(self):
        article, client = ArticleFactory(title="Alt"), someone()
        data = open_form(client, article, title="Neu")
        save(client, page_of(article), data)

        answer = keep(client, article, data)

        assert answer.json()["saved"] is True
        assert not Autosave.objects.kept().exists()

    def test_two_windows_of_one_person_do_not_overwrite_each_other(self):
        article, client = ArticleFactory(), someone()
        keep(client, article, open_form(client, article, title="Im ersten Fenster"))
        keep(client, article, open_form(client, article, title="Im zweiten Fenster"))

        page = text_of(client.get(page_of(article)))

        assert "Im ersten Fenster" in page
        assert "Im zweiten Fenster" in page

    def test_it_is_thrown_away_when_its_writer_says_so(self):
        article, client = ArticleFactory(), someone()
        data = open_form(client, article, title="Weg damit")
        keep(client, article, data)

        client.post(page_of(article, "kept"), {"kept": data["form_key"][0], "_drop": "1"})

        assert not Autosave.objects.exists()

    def test_nobody_else_sees_or_takes_it(self):
        article, client, other = ArticleFactory(), someone(), someone("chief")
        data = open_form(client, article, title="Nur meins")
        keep(client, article, data)

        for act in ("_restore", "_drop"):
            assert "Nur meins" not in text_of(
                other.post(page_of(article, "kept"), {"kept": data["form_key"][0], act: "1"}, follow=True)
            )
        assert "Nur meins" not in text_of(other.get(page_of(article)))
        assert Autosave.objects.kept().count() == 1

    def test_a_new_article_that_was_never_saved_is_kept_too(self):
        client = someone()
        data = open_form(client, None, title="Nie gespeichert", body="<p>Viele Worte</p>")
        keep(client, None, data)
        offered = text_of(client.get(ADD))

        restored = client.post(f"{ADD}kept/", {"kept": data["form_key"][0], "_restore": "1"})
        written_before = Article.objects.count()
        save(client, ADD, sent_again(restored))

        assert "Nie gespeichert Viele Worte" in offered
        assert (restored.status_code, written_before) == (200, 0)
        assert Article.objects.get().body == "<p>Viele Worte</p>"
        assert "Viele Worte" not in text_of(client.get(ADD))

    def test_the_browser_is_asked_for_patience(self):
        article, client = ArticleFactory(), someone()
        data = open_form(client, article)

        codes = [client.post(page_of(article, "keep"), data).status_code for _ in range(2)]

        assert codes == [200, 429]

    def test_more_than_a_form_holds_is_not_kept(self):
        article, client = ArticleFactory(), someone()

        answer = keep(client, article, open_form(client, article) | {"notes": "x" * (drafting.MOST_SIGNS + 1)})

        assert answer.status_code == 413

    @pytest.mark.parametrize("key", ["", "abc", "0", "ffffffff-ffff-ffff-ffff-fffffffffffg"])
    def test_a_key_that_is_none_keeps_nothing(self, key):
        article, client = ArticleFactory(), someone()

        assert keep(client, article, {"form_key": key, "title": "x"}).status_code == 400

    def test_signs_that_the_database_cannot_hold_are_left_out(self):
        article, client = ArticleFactory(), someone()
        data = open_form(client, article, title="A\x00B")

        assert keep(client, article, data).status_code == 200
        assert ["title", "AB"] in Autosave.objects.get().fields

    def test_what_was_kept_a_month_ago_is_cleared_away(self):
        article, client = ArticleFactory(), someone()
        keep(client, article, open_form(client, article, title="Alt"))
        Autosave.objects.update(opened_at=Now() - dt.timedelta(days=31))

        keep(client, article, open_form(client, article, title="Neu"))

        assert Autosave.objects.count() == 1

    @pytest.mark.parametrize("role", ["results", "pictures", None])
    def test_who_may_not_write_keeps_nothing(self, role):
        assert keep(someone(role), ArticleFactory(), {"form_key": str(uuid.uuid4())}).status_code == 403


def sent_again(response):
    """The form that a page shows, as a browser would send it."""
    page = html.fromstring(response.content.decode())
    (form,) = [form for form in page.forms if form.get("id") == "article_form"]
    values = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value.removeprefix("\n"))
    return {name: value for name, value in values.items() if not name.startswith("_")}


class TestOneArticle:
    def test_the_same_new_form_sent_twice_is_one_article(self):
        client = someone()
        data = open_form(client, None, title="Einmal")

        answers = [save(client, ADD, data) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert (Article.objects.count(), Revision.objects.count()) == (1, 1)

    def test_a_form_that_was_refused_can_be_sent_again_with_its_key(self):
        client = someone()
        data = open_form(client, None, title="Einmal", slug="suche")

        codes = [save(client, ADD, data).status_code, save(client, ADD, data | {"slug": "gut"}).status_code]

        assert codes == [200, 302]

    def test_the_key_of_another_person_opens_nothing(self):
        client, other = someone(), someone()
        data = open_form(client, None, title="Meins")
        save(client, ADD, data)

        save(other, ADD, open_form(other, None, title="Auch eins") | {"form_key": data["form_key"]})

        assert sorted(Article.objects.values_list("title", flat=True)) == ["Auch eins", "Meins"]

    @pytest.mark.django_db(transaction=True)
    def test_eight_at_once_are_one_article(self):
        user = UserFactory(role="reporter")
        clients = [Client() for _ in range(8)]
        for client in clients:
            client.force_login(user)
        data = open_form(clients[0], None, title="Achtmal")

        def send(client):
            try:
                return save(client, ADD, data).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as threads:
            codes = list(threads.map(send, clients))

        assert codes == [302] * 8
        assert (Article.objects.count(), Revision.objects.count()) == (1, 1)

    @pytest.mark.django_db(transaction=True)
    def test_keeping_holding_and_saving_at_once_do_not_wait_for_each_other_in_a_circle(self):
        article, user = ArticleFactory(title="Alt"), UserFactory(role="reporter")
        clients = [Client() for _ in range(4)]
        for client in clients:
            client.force_login(user)

        def send(client, act, data):
            try:
                if act == "save":
                    return save(client, page_of(article), data).status_code
                path = page_of(article, "hold" if act == "beat" else act)
                return client.post(path, data | {"act": act}).status_code
            finally:
                connection.close()

        codes = set()
        for number in range(6):
            data = open_form(clients[0], article, title=f"Fassung {number}")
            acts = ("keep", "save", "beat", "preview")
            with ThreadPoolExecutor(4) as threads:
                codes |= set(threads.map(send, clients, acts, [data] * 4))

        assert codes <= {200, 302}
        assert Article.objects.get().title == "Fassung 5"
        assert not Autosave.objects.kept().exists()


class TestDraftsAsTheyAre:
    def test_a_draft_with_half_made_parts_is_saved(self):
        client = someone()
        data = open_form(client, None, title="Halb") | {
            "sidebar-0-kind": "lap_times",
            "sidebar-0-limit": "",
            "bylines-0-position": "4",
        }

        assert save(client, ADD, data).status_code == 302
        box = Article.objects.get().sidebar.get()
        assert (box.kind, box.limit, box.session) == ("lap_times", 10, None)
        assert not Article.objects.get().bylines.exists()

    def test_an_author_named_twice_signs_once(self):
        client, author = someone(), AuthorFactory()
        data = open_form(client, None, title="Zweimal") | {
            "bylines-TOTAL_FORMS": "2",
            "bylines-0-author": str(author.pk),
            "bylines-1-author": str(author.pk),
        }

        assert save(client, ADD, data).status_code == 302
        assert Article.objects.get().bylines.count() == 1

    def test_a_draft_without_title_has_one_for_the_list(self):
        client = someone()

        save(client, ADD, {"form_key": str(uuid.uuid4()), **management()})

        assert Article.objects.get().title == DRAFT_TITLE

    @pytest.mark.parametrize("value", ["abc", "1;DROP", "9" * 30, "-1", "1.5", "٣"])
    @pytest.mark.parametrize(
        "field", ["lead_event", "further_events", "tags", "lead_image", "bylines-0-author", "sidebar-0-session"]
    )
    def test_words_in_a_search_box_are_refused_without_a_crash(self, field, value):
        article, client = ArticleFactory(title="Alt"), someone()
        data = open_form(client, article, title="Neu") | {"sidebar-0-kind": "classification", field: value}

        answer = save(client, page_of(article), data)

        assert answer.status_code == 200
        assert Article.objects.get().title == "Alt"

    @pytest.mark.parametrize("field", ["lead_event", "tags", "bylines-0-author", "sidebar-0-session"])
    def test_nor_do_they_crash_a_form_that_comes_too_late(self, field):
        article, client = ArticleFactory(), someone()
        data = open_form(client, article, title="Neu") | {field: "abc", "lock_version": "77", "sidebar-0-kind": "free"}

        assert save(client, page_of(article), data).status_code == 409


def management():
    return {f"{prefix}-{name}_FORMS": "0" for prefix in ("bylines", "sidebar") for name in ("TOTAL", "INITIAL")}


def hold(client, article, act, key):
    return client.post(page_of(article, "hold"), {"act": act, "form_key": key}).json()


class TestHolding:
    def keys(self):
        return str(uuid.uuid4()), str(uuid.uuid4())

    def test_who_opens_the_form_first_holds_it_and_the_second_is_told_who(self):
        article, (mine, other) = ArticleFactory(), self.keys()
        first, second = someone(first_name="Rita", last_name="Ring"), someone("editor")

        opened = hold(first, article, "open", mine)
        refused = hold(second, article, "open", other)

        assert (opened["mine"], refused["mine"], refused["holder"]) == (True, False, "Rita Ring")
        assert refused["since"] == opened["since"]
        assert "Rita Ring hat dieses Formular seit" in text_of(second.get(page_of(article)))

    def test_taking_over_is_told_to_the_first_at_the_next_heartbeat(self):
        article, (mine, other) = ArticleFactory(), self.keys()
        first, second = someone(), someone("editor", first_name="Chris", last_name="Chef")
        hold(first, article, "open", mine)

        taken = hold(second, article, "take", other)
        beat = hold(first, article, "beat", mine)

        assert (taken["mine"], beat["mine"], beat["holder"]) == (True, False, "Chris Chef")

    def test_it_ends_by_itself_when_the_heart_stops(self):
        article, (mine, other) = ArticleFactory(), self.keys()
        first, second = someone(), someone("editor")
        hold(first, article, "open", mine)
        EditLock.objects.update(beat_at=Now() - holding.LIFE)

        assert hold(second, article, "open", other)["mine"] is True

    def test_a_heartbeat_keeps_it(self):
        article, (mine, other) = ArticleFactory(), self.keys()
        first, second = someone(), someone("editor")
        hold(first, article, "open", mine)
        EditLock.objects.update(beat_at=Now() - holding.LIFE / 2)
        hold(first, article, "beat", mine)
        EditLock.objects.update(beat_at=F("beat_at") - holding.LIFE * 0.9)

        assert hold(second, article, "beat", other)["mine"] is False

    def test_closing_the_form_frees_it_but_not_what_another_window_holds(self):
        article, (mine, newer) = ArticleFactory(), self.keys()
        client, second = someone(), someone("editor")
        hold(client, article, "open", mine)
        hold(client, article, "open", newer)
        hold(client, article, "release", mine)
        still = hold(second, article, "open", str(uuid.uuid4()))
        hold(client, article, "release", newer)

        assert still["mine"] is False
        assert hold(second, article, "open", str(uuid.uuid4()))["mine"] is True

    def test_the_newest_window_of_one_person_holds_it(self):
        article, (mine, newer) = ArticleFactory(), self.keys()
        client = someone()
        hold(client, article, "open", mine)

        opened, beat = hold(client, article, "open", newer), hold(client, article, "beat", mine)

        assert (opened["mine"], beat["mine"], beat["own"]) == (True, False, True)

    def test_who_holds_the_form_still_meets_the_stale_check(self):
        article, client, other = ArticleFactory(title="Alt"), someone(), someone("editor")
        data = open_form(client, article, title="Vom Halter")
        hold(client, article, "open", data["form_key"][0])
        save(other, page_of(article), open_form(other, article, title="Ohne Sperre"))

        assert save(client, page_of(article), data).status_code == 409
        assert Article.objects.get().title == "Ohne Sperre"

    @pytest.mark.parametrize(
        ("act", "key"), [("", str(uuid.UUID(int=1))), ("steal", str(uuid.UUID(int=2))), ("open", "x")]
    )
    def test_what_is_no_act_is_refused(self, act, key):
        article, client = ArticleFactory(), someone()

        assert client.post(page_of(article, "hold"), {"act": act, "form_key": key}).status_code == 400
        assert not EditLock.objects.exists()

    @pytest.mark.parametrize("role", ["results", "pictures", None])
    def test_who_may_not_write_holds_nothing(self, role):
        answer = someone(role).post(page_of(ArticleFactory(), "hold"), {"act": "take", "form_key": str(uuid.uuid4())})

        assert answer.status_code == 403

    def test_a_heartbeat_does_not_keep_the_login_alive(self):
        article, client = ArticleFactory(), someone()
        session = client.session
        session["seen_at"] = 1
        session.save()

        hold(client, article, "beat", str(uuid.uuid4()))
        after_beat = client.session["seen_at"]
        client.get(page_of(article))

        assert after_beat == 1
        assert client.session["seen_at"] > 1

    @pytest.mark.django_db(transaction=True)
    def test_of_eight_who_open_at_once_one_holds_it(self):
        article = ArticleFactory()
        clients = [someone() for _ in range(8)]

        def send(client):
            try:
                return hold(client, article, "open", str(uuid.uuid4()))["mine"]
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as threads:
            assert sorted(threads.map(send, clients)) == [False] * 7 + [True]


class TestChoices:
    def test_a_box_is_offered_what_its_session_has(self):
        session = factories.SessionFactory()
        series = session.event.season.series
        hyper = factories.RacingClassFactory(series=series, name="Hypercar", slug="hypercar", sequence=1)
        for number in ("51", "7", "007"):
            entry = factories.EntryFactory(event=session.event, number=number, racing_class=hyper)
            factories.SessionEntryFactory(session=session, entry=entry)
        factories.ClassificationFactory(session=session, checkpoint="6 h")
        factories.EntryFactory(event=EventFactory(), number="99")

        told = someone().get("/admin/articles/article/box-choices/", {"session": session.pk}).json()

        assert told["classes"] == ["Hypercar"]
        assert [car["number"] for car in told["cars"]] == ["007", "7", "51"]
        assert told["checkpoints"] == ["6 h"]

    @pytest.mark.parametrize("session", ["", "abc", "99999999", "9" * 40])
    def test_no_session_has_nothing(self, session):
        told = someone().get("/admin/articles/article/box-choices/", {"session": session}).json()

        assert told == {"classes": [], "cars": [], "checkpoints": []}
