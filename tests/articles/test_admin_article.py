"""The article form: drafts, order, two editors at once, and that nothing goes out by it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles import workflow
from articles.gate import DRAFT_TITLE
from articles.models import Article, Publication, Revision
from results.venue_time import moment
from tests.articles.desk_forms import filled, save, text_of
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    EventFactory,
    ImageFactory,
    SidebarItemFactory,
    TagFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"
CANARY = '"><img src=x onerror=alert(1)>'


def change(article):
    return f"/admin/articles/article/{article.pk}/change/"


def someone(role="reporter", **fields):
    client = Client()
    client.force_login(UserFactory(role=role, **fields))
    return client


class TestDraft:
    def test_a_draft_may_be_nearly_empty(self):
        client = someone()

        response = save(client, ADD, filled(client, ADD, title="", body="nur ein Gedanke"))

        assert response.status_code == 302
        article = Article.objects.get()
        assert (article.title, article.body) == (DRAFT_TITLE, "<p>nur ein Gedanke</p>")
        assert article.revisions.get().content["title"] == DRAFT_TITLE

    def test_a_title_is_one_line_however_it_was_pasted(self):
        client = someone()

        save(client, ADD, filled(client, ADD, title=" Zweimal \r\n  Regen\nam Ring "))

        assert Article.objects.get().title == "Zweimal Regen am Ring"

    def test_a_full_form_is_stored_with_all_its_parts_as_one_revision(self):
        client, author, other = someone(), AuthorFactory(), AuthorFactory()
        event, tag, image = EventFactory(), TagFactory(), ImageFactory()
        data = filled(
            client,
            ADD,
            title="Sieg",
            standfirst="Kurz.",
            body="<p>Text<script>alert(1)</script></p>",
            lead_event=str(event.pk),
            further_events=[str(EventFactory().pk)],
            tags=[str(tag.pk)],
            lead_image=str(image.pk),
        ) | {
            "bylines-TOTAL_FORMS": "2",
            "bylines-0-author": str(author.pk),
            "bylines-0-position": "2",
            "bylines-1-author": str(other.pk),
            "bylines-1-position": "1",
            "sidebar-0-kind": "schedule",
            "sidebar-0-event": str(event.pk),
        }

        assert save(client, ADD, data).status_code == 302
        article = Article.objects.get()
        assert article.body == "<p>Text</p>"
        assert [(line.position, line.author) for line in article.bylines.all()] == [(1, other), (2, author)]
        assert [(box.position, box.kind, box.event) for box in article.sidebar.all()] == [(1, "schedule", event)]
        assert (article.lead_image, list(article.tags.all())) == (image, [tag])
        revision = article.revisions.get()
        assert [line["author"] for line in revision.content["bylines"]] == [other.pk, author.pk]
        assert revision.created_by == article.created_by

    def test_a_new_row_without_a_number_goes_last(self):
        article, client = ArticleFactory(), someone()
        SidebarItemFactory(article=article, heading="Erster", position=1)
        SidebarItemFactory(article=article, heading="Zweiter", position=2)
        new = {"sidebar-2-kind": "free", "sidebar-2-heading": "Dritter", "sidebar-1-position": "0"}

        save(client, change(article), filled(client, change(article)) | new)

        assert list(article.sidebar.values_list("position", "heading")) == [
            (1, "Zweiter"),
            (2, "Erster"),
            (3, "Dritter"),
        ]

    def test_saving_without_a_change_writes_no_revision(self):
        article, client = ArticleFactory(lead_image=ImageFactory()), someone()
        SidebarItemFactory(article=article)
        workflow.save(article, by=None, expected_lock_version=0)

        response = save(client, change(article), filled(client, change(article)))

        assert response.status_code == 302
        assert article.revisions.count() == 1

    @pytest.mark.parametrize("slug", ["Groß", "a--b", "suche", "-a", "a_b"])
    def test_an_address_that_is_none_is_refused(self, slug):
        client = someone()

        response = save(client, ADD, filled(client, ADD, title="x", slug=slug))

        assert response.status_code == 200
        assert not Article.objects.exists()

    def test_an_address_once_given_is_not_lost_by_an_empty_field(self):
        article, client = ArticleFactory(), someone()
        publish(article)

        save(client, change(article), filled(client, change(article), slug=""))

        assert Article.objects.get().slug == article.slug


class TestTwoEditors:
    def test_the_second_sees_both_texts_and_nothing_of_his_is_written(self):
        article = ArticleFactory(title="Anfang", standfirst="Alt", authors=[AuthorFactory()])
        first, second = someone(username="rita"), someone()
        early, late = filled(first, change(article)), filled(second, change(article))
        author = AuthorFactory()
        save(first, change(article), early | {"title": "Fassung A", "bylines-1-author": str(author.pk)})
        late |= {"title": "Fassung B", "sidebar-0-kind": "free", "sidebar-0-text": "Kasten B"}

        response = save(second, change(article), late)

        assert response.status_code == 409
        article.refresh_from_db()
        assert (article.title, article.bylines.count(), article.sidebar.count()) == ("Fassung A", 2, 0)
        assert article.revisions.count() == 1
        page = text_of(response)
        assert "Der Artikel wurde inzwischen geändert" in page
        assert "rita hat am" in page
        areas = [area.text or "" for area in html.fromstring(response.content.decode()).xpath("//section//textarea")]
        assert "Fassung A" in "".join(areas)
        assert "Fassung B" in "".join(areas)
        assert "Kasten B" in "".join(areas)

    def test_the_form_shown_again_holds_the_work_of_both_and_can_be_saved(self):
        article = ArticleFactory(title="Anfang", standfirst="Alt", authors=[AuthorFactory(name="Eins")])
        workflow.save(article, by=None, expected_lock_version=0)
        first, second = someone(), someone()
        early, late = filled(first, change(article)), filled(second, change(article))
        added = AuthorFactory(name="Zwei")
        save(first, change(article), early | {"standfirst": "Von A", "bylines-1-author": str(added.pk)})

        response = save(
            second, change(article), late | {"title": "Von B", "sidebar-0-kind": "free", "sidebar-0-text": "B"}
        )
        shown = again(response)
        saved = save(second, change(article), shown)

        assert (response.status_code, saved.status_code) == (409, 302)
        article.refresh_from_db()
        assert (article.title, article.standfirst) == ("Von B", "Von A")
        assert [line.author.name for line in article.bylines.all()] == ["Eins", "Zwei"]
        assert [box.text for box in article.sidebar.all()] == ["B"]

    def test_a_box_that_the_other_deleted_is_kept_by_him_who_changed_it(self):
        article = ArticleFactory(title="Anfang")
        SidebarItemFactory(article=article, text="alt")
        workflow.save(article, by=None, expected_lock_version=0)
        first, second = someone(), someone()
        early, late = filled(first, change(article)), filled(second, change(article))
        save(first, change(article), early | {"sidebar-0-DELETE": "on"})

        response = save(second, change(article), late | {"sidebar-0-text": "neu von B"})
        save(second, change(article), again(response))

        assert [box.text for box in article.sidebar.all()] == ["neu von B"]

    def test_a_text_both_changed_stays_as_sent_and_is_marked(self):
        article = ArticleFactory(body="<p>Anfang</p>")
        workflow.save(article, by=None, expected_lock_version=0)
        first, second = someone(), someone()
        early, late = filled(first, change(article)), filled(second, change(article))
        save(first, change(article), early | {"body": "<p>Von A</p>"})

        response = save(second, change(article), late | {"body": "<p>Von B</p>"})

        assert "von beiden geändert" in text_of(response)
        assert again(response)["body"] == ["<p>Von B</p>"]

    def test_who_sends_what_is_stored_already_is_told_so(self):
        article, client = ArticleFactory(), someone()
        data = filled(client, change(article), title="Neu")
        save(client, change(article), data)

        response = client.post(change(article), {**data, "_continue": "1"}, follow=True)

        assert response.status_code == 200
        assert "Der Artikel ist so gespeichert, wie Sie ihn abgeschickt haben" in text_of(response)
        assert article.revisions.count() == 1

    @pytest.mark.parametrize("version", [None, "", "abc", "-1", "999999999999999999999999"])
    def test_a_form_without_a_true_version_is_stale(self, version):
        article, client = ArticleFactory(title="Alt"), someone()

        response = save(client, change(article), filled(client, change(article), title="Neu", lock_version=version))

        assert response.status_code == 409
        assert Article.objects.get().title == "Alt"

    def test_publishing_is_a_change_the_other_learns_of(self):
        article, client = ArticleFactory(), someone()
        data = filled(client, change(article), title="Neu")
        publish(article)

        assert save(client, change(article), data).status_code == 409


def again(response):
    """The form that a page shows, as a browser would send it."""
    page = html.fromstring(response.content.decode())
    (form,) = [form for form in page.forms if form.get("id") == "article_form"]
    values = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return {name: [v.removeprefix("\n") for v in value] for name, value in values.items() if not name.startswith("_")}


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def post_at_once(self, requests):
        def send(item):
            client, path, data = item
            try:
                return save(client, path, data).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(len(requests)) as threads:
            return sorted(threads.map(send, requests))

    def test_eight_equal_saves_are_one_change(self):
        article, user = ArticleFactory(), UserFactory(role="reporter")
        clients = [Client() for _ in range(8)]
        for client in clients:
            client.force_login(user)
        data = filled(clients[0], change(article), title="Neu") | {"sidebar-0-kind": "free", "sidebar-0-text": "Einmal"}

        codes = self.post_at_once([(client, change(article), data) for client in clients])

        assert codes == [302] * 8
        assert Article.objects.get().title == "Neu"
        assert article.sidebar.count() == 1
        assert Revision.objects.count() == 1

    def test_of_eight_different_saves_one_is_stored_and_seven_are_asked(self):
        article = ArticleFactory()
        clients = [someone() for _ in range(8)]
        requests = [
            (client, change(article), filled(client, change(article), title=f"Fassung {number}"))
            for number, client in enumerate(clients)
        ]

        codes = self.post_at_once(requests)

        assert codes == [302] + [409] * 7
        assert Revision.objects.count() == 1


class TestRights:
    @pytest.mark.parametrize(
        ("role", "status"), [(None, 403), ("results", 200), ("pictures", 200), ("reporter", 200), ("chief", 200)]
    )
    def test_who_may_open_an_article(self, role, status):
        assert someone(role).get(change(ArticleFactory())).status_code == status

    @pytest.mark.parametrize("role", ["results", "pictures"])
    def test_who_may_only_look_cannot_save(self, role):
        article = ArticleFactory(title="Alt")

        assert someone(role).post(change(article), {"title": "Neu", "lock_version": "0"}).status_code == 403
        assert Article.objects.get().title == "Alt"

    @pytest.mark.parametrize("button", ["_publish", "_save", "_continue", "_withdraw"])
    def test_a_reporter_publishes_by_no_button(self, button):
        article, client = ArticleFactory(), someone()

        save(client, change(article), filled(client, change(article)) | {"visible_from": "2020-01-01"}, button)

        assert not Publication.objects.exists()

    def test_forged_fields_change_nothing(self):
        article, client = ArticleFactory(), someone()
        other = ArticleFactory(title="Fremd")
        before = Article.objects.values("uid", "created_by", "trashed_at", "source").get(pk=article.pk)
        forged = {
            "id": str(other.pk),
            "uid": "00000000-0000-0000-0000-000000000000",
            "created_by": str(UserFactory().pk),
            "trashed_at": "2020-01-01",
            "visible_from": "2020-01-01",
            "published_at": "2020-01-01",
            "status": "published",
        }

        save(client, change(article), filled(client, change(article), title="Neu") | forged)

        assert Article.objects.values("uid", "created_by", "trashed_at", "source").get(pk=article.pk) == before
        assert Article.objects.get(pk=other.pk).title == "Fremd"
        assert not Publication.objects.exists()

    def test_the_rows_of_another_article_cannot_be_taken(self):
        article, client = ArticleFactory(), someone()
        foreign = SidebarItemFactory(text="fremd")
        data = filled(client, change(article)) | {
            "sidebar-TOTAL_FORMS": "1",
            "sidebar-INITIAL_FORMS": "1",
            "sidebar-0-id": str(foreign.pk),
            "sidebar-0-article": str(article.pk),
            "sidebar-0-kind": "free",
            "sidebar-0-text": "gestohlen",
        }

        save(client, change(article), data)

        foreign.refresh_from_db()
        assert (foreign.text, foreign.article == article) == ("fremd", False)

    @pytest.mark.parametrize("path", ["/admin/articles/article/{}/delete/", "/admin/articles/revision/{}/delete/"])
    def test_nobody_deletes(self, path):
        article = ArticleFactory()
        workflow.save(article, by=None, expected_lock_version=0)

        response = someone("administrator").post(path.format(article.pk), {"post": "yes"})

        assert response.status_code in {403, 302}
        assert Article.objects.exists()
        assert Revision.objects.exists()

    def test_there_are_no_bulk_acts(self):
        article, client = ArticleFactory(), someone("administrator")

        client.post(LIST, {"action": "delete_selected", "_selected_action": [str(article.pk)], "post": "yes"})

        assert Article.objects.exists()

    @pytest.mark.parametrize("model", ["publication", "revision", "withdrawal"])
    def test_the_records_of_the_past_are_read_only(self, model):
        article, client = ArticleFactory(), someone("administrator", is_superuser=True)
        publish(article)
        workflow.withdraw(article, by=UserFactory(role="chief"), note="Zurück.")
        pk = (
            {"publication": article.publications, "revision": article.revisions, "withdrawal": article.withdrawals}[
                model
            ]
            .get()
            .pk
        )
        base = f"/admin/articles/{model}/"

        assert client.get(base).status_code == client.get(f"{base}{pk}/change/").status_code == 200
        assert client.post(f"{base}{pk}/change/", {"title": "x", "note": "x"}).status_code == 403
        assert client.post(f"{base}{pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.get(f"{base}add/").status_code == 403

    def test_an_article_in_the_bin_can_be_read_and_not_changed(self):
        article, client = ArticleFactory(title="Alt"), someone("chief")
        workflow.trash(article, by=UserFactory(role="chief"))

        assert client.get(change(article)).status_code == 200
        assert client.post(change(article), {"title": "Neu", "lock_version": "0"}).status_code == 403

    def test_a_save_without_a_token_is_refused(self):
        article, client = ArticleFactory(title="Alt"), Client(enforce_csrf_checks=True)
        client.force_login(UserFactory(role="chief"))

        assert client.post(change(article), {"title": "Neu", "lock_version": "0"}).status_code == 403
        assert Article.objects.get().title == "Alt"


class TestList:
    @pytest.mark.parametrize("count", [1, 30, 100])
    def test_a_list_costs_the_same_queries_however_long(self, count, django_assert_max_num_queries):
        for _ in range(count):
            ArticleFactory()
        client = someone("chief")

        with django_assert_max_num_queries(12):
            response = client.get(LIST)

        assert len(html.fromstring(response.content.decode()).xpath("//table[@id='result_list']/tbody/tr")) == count

    def test_each_state_has_its_words_and_its_filter(self):
        chief = UserFactory(role="chief")
        ArticleFactory(title="Entwurf")
        ArticleFactory(title="Prüfung", stage="review")
        publish(title="Öffentlich")
        changed = ArticleFactory(title="Alt")
        publish(changed)
        changed.title = "Geändert"
        changed.save()
        workflow.save(changed, by=None, expected_lock_version=None)
        gone = ArticleFactory(title="Zurück")
        publish(gone)
        workflow.withdraw(gone, by=chief, note="Weg.")
        workflow.trash(ArticleFactory(title="Müll"), by=chief)
        client = someone("chief")

        def titles(state):
            page = html.fromstring(client.get(LIST, {"state": state} if state else {}).content.decode())
            return {cell.text_content() for cell in page.xpath("//th[@class='field-title']")}

        assert titles("") == {"Entwurf", "Prüfung", "Öffentlich", "Geändert", "Zurück"}
        assert titles("draft") == {"Entwurf"}
        assert titles("review") == {"Prüfung"}
        assert titles("public") == {"Öffentlich", "Geändert"}
        assert titles("changed") == {"Geändert"}
        assert titles("withdrawn") == {"Zurück"}
        assert titles("bin") == {"Müll"}

    def test_the_board_shows_what_is_in_hand(self):
        client = someone("chief")
        ArticleFactory(title="Bitte lesen", stage="review")
        publish(title="Gerade erschienen")

        page = text_of(client.get("/admin/"))

        assert "Wartet auf Ihre Prüfung 1 Bitte lesen" in page
        assert "Zuletzt veröffentlicht 1 in 24 Stunden" in page
        assert "Gerade erschienen" in page

    def test_the_board_names_the_newest_publication_first_and_when_it_went_out(self):
        hours = [timezone.now() - dt.timedelta(hours=hours) for hours in (3, 1, 2)]
        for title, hour in zip(("Früh", "Spät", "Mittag"), hours, strict=True):
            publish(title=title, moved_to=(hour, None))

        page = text_of(someone("chief").get("/admin/"))

        newest = [
            f"{moment(hour)} {title}"
            for title, hour in zip(("Spät", "Mittag", "Früh"), sorted(hours)[::-1], strict=True)
        ]
        places = [page.index(words) for words in newest]
        assert places == sorted(places)

    def test_someone_without_rights_sees_an_empty_board(self):
        ArticleFactory(title="Geheim", stage="review")

        assert "Geheim" not in text_of(someone(None).get("/admin/"))


class TestSafety:
    def test_what_people_type_never_becomes_markup(self):
        author, tag = AuthorFactory(name=CANARY), TagFactory(name=CANARY)
        article = ArticleFactory(title=CANARY, kicker=CANARY[:80], standfirst=CANARY, notes=CANARY, authors=[author])
        article.tags.add(tag)
        SidebarItemFactory(article=article, heading=CANARY, text=CANARY)
        workflow.save(article, by=None, expected_lock_version=0, comment=CANARY)
        client = someone("chief")
        late = filled(client, change(article), title=CANARY + "B")
        publish(article)
        acts = ["publish", "withdraw", "trash", "revisions", "unschedule"]
        paths = [
            "/admin/",
            LIST,
            change(article),
            *(reverse(f"admin:articles_article_{act}", args=[article.pk]) for act in acts),
        ]
        paths += [f"/admin/articles/article/{article.pk}/revisions/?after=1", "/admin/articles/publication/"]
        paths += [f"/admin/articles/article/{article.pk}/history/", "/admin/articles/revision/"]

        pages = [client.get(path) for path in paths] + [save(client, change(article), late)]

        assert {page.status_code for page in pages} == {200, 409}
        for page in pages:
            assert b"<img src=x" not in page.content
            assert html.fromstring(page.content.decode()).xpath("//*[@onerror]") == []

    def test_the_form_gets_a_nonce_and_one_hash_and_nothing_unsafe(self):
        response = someone().get(change(ArticleFactory()))
        policy = response["Content-Security-Policy"]
        page = html.fromstring(response.content.decode())
        inline = [script for script in page.xpath("//script[not(@src)]") if script.get("type") != "application/json"]

        assert "unsafe" not in policy
        assert "'nonce-" in policy
        assert {f"'nonce-{script.get('nonce')}'" in policy for script in inline} == {True}
        assert page.xpath("//*[@style] | //style | //*[@onclick]") == []

    @pytest.mark.parametrize("path", ["/admin/", LIST, "/admin/login/"])
    def test_other_pages_of_the_desk_have_the_policy_of_the_site(self, path):
        policy = someone("chief").get(path)["Content-Security-Policy"]

        assert "nonce" not in policy
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy + ";"

    def test_pages_of_the_desk_are_never_stored(self):
        assert "no-store" in someone().get(change(ArticleFactory()))["Cache-Control"]


@pytest.mark.django_db
def test_a_revision_names_the_person_and_not_the_login():
    person = UserFactory(username="r17", first_name="Jule", last_name="Brandstetter", role="reporter")
    article = ArticleFactory()
    assert workflow.save(article, by=person, expected_lock_version=None).saved_by == "Jule Brandstetter"
    nameless = workflow.save(
        ArticleFactory(), by=UserFactory(username="r18", role="reporter"), expected_lock_version=None
    )
    assert nameless.saved_by == "r18"
    assert workflow.save(ArticleFactory(), by=None, expected_lock_version=None).saved_by == "–"


def test_a_save_is_confirmed_in_one_short_sentence():
    client = Client()
    client.force_login(UserFactory(role="reporter"))
    for button, then in (("_continue", "/change/"), ("_save", "/admin/articles/article/")):
        add = "/admin/articles/article/add/"
        answer = save(client, add, filled(client, add, title=f"Sieg {button}"), button)
        assert answer["Location"].endswith(then)
        assert f"„Sieg {button}“ ist gespeichert." in text_of(client.get(answer["Location"]))
