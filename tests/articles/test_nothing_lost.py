"""What somebody was told is saved or kept is there afterwards, and what is not is never called so."""

import datetime as dt

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from lxml import html

from articles import pictures, workflow
from articles.models import Article, Autosave, Image, Publication, Revision
from racedesk import errors
from tests.articles.desk_forms import filled, save, text_of
from tests.articles.picture_files import picture, upload
from tests.articles.test_form_work import ADD, keep, open_form, page_of, sent_again, someone
from tests.factories import ArticleFactory, AuthorFactory, SidebarItemFactory, TagFactory, UserFactory

pytestmark = pytest.mark.django_db


def action_of(response):
    (form,) = html.fromstring(response.content.decode()).xpath("//form[@id='article_form']")
    return form.get("action") or ""


def sent_by(response):
    """The form of an act's page, as a browser would send it again."""
    (form,) = html.fromstring(response.content.decode()).xpath("//div[@id='content-main']/form")
    return dict(form.form_values())


class TestBackFromASave:
    """The button “back”, or an answer that never arrived: the form is there again, with the key it was saved with."""

    def test_a_new_article_written_on_after_its_save_is_not_called_saved(self):
        client = someone()
        data = open_form(client, None, title="Erst")
        client.get(save(client, ADD, data)["Location"])  # shows what that save said

        answer = save(client, ADD, data | {"title": ["Weiter geschrieben"]})

        assert answer.status_code == 409
        assert "ist gespeichert" not in text_of(answer)
        assert Article.objects.get().title == "Erst"
        assert sent_again(answer)["title"] == ["Weiter geschrieben"]

    def test_it_is_saved_by_saving_what_is_shown_then(self):
        client = someone()
        data = open_form(client, None, title="Erst", **{"sidebar-0-kind": "free", "sidebar-0-text": "Kasten"})
        save(client, ADD, data)
        shown = save(client, ADD, data | {"title": ["Weiter"], "sidebar-0-text": ["Kasten, länger"]})
        article = Article.objects.get()

        saved = save(client, action_of(shown), sent_again(shown))

        article.refresh_from_db()
        assert action_of(shown) == page_of(article)
        assert saved.status_code == 302
        assert (article.title, [box.text for box in article.sidebar.all()]) == ("Weiter", ["Kasten, länger"])
        assert Article.objects.count() == 1

    def test_the_form_shown_then_has_a_key_under_which_text_is_kept(self):
        client = someone()
        data = open_form(client, None, title="Erst")
        save(client, ADD, data)
        shown = sent_again(save(client, ADD, data | {"title": ["Weiter"]}))

        keep(client, Article.objects.get(), shown)

        assert Autosave.objects.kept().count() == 1

    def test_so_has_the_form_of_an_article_that_comes_too_late(self):
        article, client = ArticleFactory(title="Alt"), someone()
        data = open_form(client, article, title="Neu")
        save(client, page_of(article), data)
        shown = save(client, page_of(article), data | {"title": ["Noch neuer"]})

        keep(client, article, sent_again(shown))

        assert shown.status_code == 409
        assert Autosave.objects.kept().count() == 1

    def test_text_written_on_after_a_save_gets_a_new_key(self):
        article, client = ArticleFactory(title="Alt"), someone()
        data = open_form(client, article, title="Neu")
        save(client, page_of(article), data)

        told = keep(client, article, data | {"title": ["Weiter"]}).json()
        keep(client, article, data | {"title": ["Weiter"], "form_key": [told["new_key"]]})

        assert told["saved"] is True
        assert "Weiter" in text_of(client.get(page_of(article)))


class TestAnotherPersonAtTheSameMachine:
    """One tab with a text, another in which somebody else has logged in since."""

    def test_a_text_is_never_kept_for_another_person(self):
        article, writer, other = ArticleFactory(title="Alt"), someone(), someone("editor")
        data = open_form(writer, article, title="Von der Ersten")

        answer = keep(other, article, data)

        assert answer.status_code == 409
        assert not Autosave.objects.kept().exists()

    @pytest.mark.parametrize("is_new", [True, False])
    def test_nor_is_it_saved_under_another_name_without_asking(self, is_new):
        article = None if is_new else ArticleFactory(title="Alt")
        writer, other = someone(first_name="Anna", last_name="Erst"), someone("editor")
        data = open_form(writer, article, title="Von der Ersten")
        path = ADD if is_new else page_of(article)

        asked = save(other, path, data)
        before = Article.objects.filter(title="Von der Ersten").count()
        saved = save(other, path, sent_again(asked))

        assert (asked.status_code, before) == (409, 0)
        assert "Anna Erst" in text_of(asked)
        assert saved.status_code == 302
        assert Revision.objects.get().created_by == other.user


class TestComingTooLate:
    LINES = "Erste Zeile\r\nZweite Zeile"

    def test_lines_are_no_difference_because_a_browser_ends_them_otherwise(self):
        article, client = ArticleFactory(title="Alt"), someone()
        data = open_form(client, article, notes=self.LINES, standfirst=self.LINES)
        save(client, page_of(article), data)

        again = save(client, page_of(article), data)
        keep(client, article, open_form(client, article, notes=self.LINES.replace("\r", "")))

        assert again.status_code == 302
        assert "nie gespeichert" not in text_of(client.get(page_of(article)))

    def test_what_somebody_else_wrote_into_lines_i_left_alone_stays(self):
        article, client, other = ArticleFactory(notes=self.LINES), someone(), someone()
        workflow.save(article, by=None, expected_lock_version=0)
        data = open_form(client, article, title="Von mir")
        save(other, page_of(article), open_form(other, article, notes="Ganz anders"))

        save(client, page_of(article), sent_again(save(client, page_of(article), data)))

        article.refresh_from_db()
        assert (article.title, article.notes) == ("Von mir", "Ganz anders")

    def test_a_box_without_a_kind_is_not_thrown_away(self):
        article, client, other = ArticleFactory(title="Alt"), someone(), someone()
        workflow.save(article, by=None, expected_lock_version=0)
        data = open_form(client, article, standfirst="Von mir") | {"sidebar-0-text": ["Im Kasten getippt"]}
        save(other, page_of(article), open_form(other, article, title="Vom anderen"))

        shown = save(client, page_of(article), data)
        save(client, page_of(article), sent_again(shown))

        article.refresh_from_db()
        assert "Im Kasten getippt" in text_of(shown)
        assert (article.title, article.standfirst) == ("Vom anderen", "Von mir")
        assert [(box.kind, box.text) for box in article.sidebar.all()] == [("free", "Im Kasten getippt")]

    def test_who_had_nothing_to_add_is_not_told_that_the_article_is_as_he_sent_it(self):
        article, client, other = ArticleFactory(title="Alt"), someone(), someone()
        workflow.save(article, by=None, expected_lock_version=0)
        data = open_form(client, article)
        save(other, page_of(article), open_form(other, article, title="Vom anderen"))

        page = text_of(client.get(save(client, page_of(article), data)["Location"]))

        assert "so gespeichert, wie" not in page


class TestEveryDifferenceIsSeen:
    """What saving the conflict page would overwrite stands on it, be it no word at all."""

    def test_where_a_link_leads_and_what_a_value_refers_to(self):
        body = (
            '<p><a href="https://a.example/">Mehr</a> in <data value="1" data-ref="lap:wec/2021/x/Q#7">1:46</data></p>'
        )
        article, client, other = ArticleFactory(body=body), someone(), someone()
        workflow.save(article, by=None, expected_lock_version=0)
        data = open_form(client, article, body=body.replace("Mehr", "Weiteres"))
        theirs = body.replace("a.example", "b.example").replace("Q#7", "R#8")
        save(other, page_of(article), open_form(other, article, body=theirs))

        page = text_of(save(client, page_of(article), data))

        assert "b.example" in page
        assert "wec/2021/x/R · #8" in page

    def test_how_many_rows_a_box_has(self):
        article, client, other = ArticleFactory(), someone(), someone()
        SidebarItemFactory(article=article, text="Kasten")
        workflow.save(article, by=None, expected_lock_version=0)
        data = open_form(client, article, **{"sidebar-0-limit": "3"})
        save(other, page_of(article), open_form(other, article, **{"sidebar-0-limit": "7"}))

        page = text_of(save(client, page_of(article), data))

        assert "7 Zeilen" in page
        assert "3 Zeilen" in page


class TestHandedOverLater:
    """What a browser still has of a form that was saved, after somebody else has saved too."""

    def saved_and_changed(self):
        article, client, other = ArticleFactory(title="Alt"), someone(), someone()
        workflow.save(article, by=None, expected_lock_version=0)
        data = open_form(client, article, title="Neu", notes="Eins\r\nZwei")
        save(client, page_of(article), data)
        save(other, page_of(article), open_form(other, article, title="Vom anderen"))
        key = keep(client, article, data).json()["new_key"]
        return article, client, data | {"form_key": [key], "saved_key": data["form_key"]}

    def test_the_very_text_that_was_saved_is_not_offered(self):
        article, client, again = self.saved_and_changed()

        told = keep(client, article, again).json()

        assert told["is_stored"] is True
        assert "nie gespeichert" not in text_of(client.get(page_of(article)))

    def test_what_was_written_on_is(self):
        article, client, again = self.saved_and_changed()

        told = keep(client, article, again | {"standfirst": ["Weiter geschrieben"]}).json()
        restored = client.post(page_of(article, "kept"), {"kept": again["form_key"][0], "_restore": "1"})

        assert "is_stored" not in told
        assert sent_again(restored)["standfirst"] == ["Weiter geschrieben"]
        assert sent_again(restored)["title"] == ["Vom anderen"]

    def test_of_a_new_article_it_is_offered_with_the_article(self):
        client = someone()
        data = open_form(client, None, title="Neu")
        save(client, ADD, data)
        key = keep(client, None, data).json()["new_key"]

        keep(client, None, data | {"form_key": [key], "saved_key": data["form_key"], "title": ["Weiter"]})

        assert "Weiter" in text_of(client.get(page_of(Article.objects.get())))
        assert "nie gespeichert" not in text_of(client.get(ADD))


@pytest.fixture
def failing_commit(transactional_db):
    """The database refuses at the very end, as it does when it is stopped, is full, or misses what a key points at."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = 'disk_full'; END $$;
            CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON articles_revision
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_at_commit();
        """)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER fail_at_commit ON articles_revision; DROP FUNCTION fail_at_commit()")


class TestACommitThatFails:
    @pytest.mark.parametrize("is_new", [True, False])
    def test_nothing_is_called_saved(self, failing_commit, is_new):
        article = ArticleFactory(title="Alt")
        client = someone()
        client.raise_request_exception = False
        path = ADD if is_new else page_of(article)

        answer = save(client, path, open_form(client, None if is_new else article, title="Neu"))
        page = text_of(client.get("/admin/articles/article/"))

        assert answer.status_code >= 500
        assert "ist gespeichert" not in page
        assert [one.title for one in Article.objects.all()] == ["Alt"]
        assert not Revision.objects.exists()

    def test_the_text_can_be_fetched_again(self, failing_commit):
        article, client = ArticleFactory(title="Alt"), someone()
        client.raise_request_exception = False

        answer = save(client, page_of(article), open_form(client, article, title="Neu getippt"))

        assert answer.status_code >= 500
        assert "Neu getippt" in text_of(answer)
        assert "Alt Neu getippt" in text_of(client.get(page_of(article)))

    def test_whoever_lost_the_right_to_save_has_the_words(self):
        article, client = ArticleFactory(title="Alt"), someone()
        data = open_form(client, article, title="Neu getippt", body="<p>Viele <em>Worte</em></p>")
        workflow.trash(article, by=UserFactory(role="chief"))

        answer = save(client, page_of(article), data)

        assert answer.status_code == 403
        assert "Neu getippt" in text_of(answer)
        assert "Viele Worte" in text_of(answer)

    @pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_change/", "/admin/auth/user/1/password/"])
    def test_what_is_no_work_of_the_desk_is_never_shown_again(self, path):
        request = RequestFactory().post(path, {"password1": "streng geheimes Wort"})

        assert errors.texts_sent(request) == []


class TestWhatAPageHadNotSeen:
    """Two chiefs with pages open: neither undoes what the other decided without having seen it."""

    TOMORROW = timezone.now() + dt.timedelta(days=1)

    def act(self, client, article, name, data):
        return client.post(page_of(article, name), data)

    def test_publishing_now_does_not_undo_a_schedule_set_meanwhile(self):
        article, client = ArticleFactory(slug="schon-da"), someone("chief")
        workflow.save(article, by=None, expected_lock_version=0)
        data = filled(client, page_of(article, "publish"))
        workflow.publish(article, by=UserFactory(role="chief"), visible_from=self.TOMORROW)

        answer = self.act(client, article, "publish", data)

        assert answer.status_code == 409
        assert not Publication.objects.public().exists()
        assert self.act(client, article, "publish", sent_by(answer)).status_code == 302
        assert Publication.objects.public().exists()

    def test_an_hour_moved_meanwhile_is_shown_before_it_is_moved_again(self):
        article, client, other = ArticleFactory(), someone("chief"), UserFactory(role="chief")
        workflow.publish(article, by=other, visible_from=self.TOMORROW)
        data = filled(client, page_of(article, "reschedule"), day="", time="")
        workflow.reschedule(article, by=other, visible_from=self.TOMORROW + dt.timedelta(days=1))

        answer = self.act(client, article, "reschedule", data)

        assert answer.status_code == 409
        assert not Publication.objects.public().exists()
        assert self.act(client, article, "reschedule", sent_by(answer)).status_code == 302
        assert Publication.objects.public().exists()


class TestApprovingInTheList:
    LIST = "/admin/articles/article/"

    def ticked(self, client, article):
        page = html.fromstring(client.get(self.LIST).content.decode())
        (form,) = [form for form in page.forms if form.get("id") == "changelist-form"]
        values = {name: value for name, value in form.form_values() if name != "_selected_action"}
        return values | {"_selected_action": [str(article.pk)], "action": "approve_many"}

    def in_review(self):
        article = ArticleFactory()
        writer = UserFactory(role="reporter")
        workflow.save(article, by=writer, expected_lock_version=0)
        workflow.submit(article, by=writer)
        return article, writer

    def test_a_text_is_approved(self):
        article, _writer = self.in_review()
        client = someone("chief")

        client.post(self.LIST, self.ticked(client, article))

        assert Article.objects.get().stage == "approved"

    def test_one_that_changed_since_the_list_was_made_is_not(self):
        article, writer = self.in_review()
        client = someone("chief")
        data = self.ticked(client, article)
        article.refresh_from_db()
        article.title = "Nach dem Lesen geändert"
        article.save()
        workflow.save(article, by=writer, expected_lock_version=None)

        page = text_of(client.post(self.LIST, data, follow=True))

        assert Article.objects.get().stage == "review"
        assert "inzwischen geändert" in page


def test_a_revision_that_names_what_is_gone_is_not_called_whole(client):
    article, tag, chief = ArticleFactory(title="Alt"), TagFactory(), someone("chief")
    article.tags.add(tag)
    first = workflow.save(article, by=None, expected_lock_version=0)
    article.tags.clear()
    article.title = "Neu"
    article.save()
    workflow.save(article, by=None, expected_lock_version=1)
    tag.delete()

    data = filled(chief, f"{page_of(article, 'revert')}?revision={first.number}")
    page = text_of(chief.post(page_of(article, "revert"), data, follow=True))

    assert "Nicht alles" in page
    assert "Themen" in page


class TestAPictureThatSomebodyUses:
    def test_a_portrait_does_not_go_into_the_bin(self):
        image = pictures.store_upload(upload(picture()), by=None, title="Kopf")
        AuthorFactory(name="Rita Ring", portrait=image)

        with pytest.raises(pictures.PictureInUse, match="Rita Ring"):
            pictures.trash(image, by=UserFactory(role="chief"))

    def test_one_that_became_a_portrait_in_the_bin_does_not_keep_the_others_there(self):
        first, _other = (pictures.store_upload(upload(picture(colour=one)), by=None) for one in ((9, 9, 9), (99, 9, 9)))
        Image.objects.update(trashed_at=timezone.now() - dt.timedelta(days=31))
        AuthorFactory(portrait=first)

        assert pictures.empty_bin() == 1
        assert list(Image.objects.all()) == [first]


def test_the_list_opens_before_there_is_an_article():
    assert someone("chief").get("/admin/articles/article/").status_code == 200
