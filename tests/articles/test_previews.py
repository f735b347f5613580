"""A draft shown to somebody: beside the form before it is saved, and behind a link that opens one story for a while."""

import datetime as dt
import re
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from PIL import Image as PillowImage

from articles import previews, workflow
from articles.models import Article, Autosave, PreviewLink, Publication, Revision
from articles.pictures import store_upload
from tests.articles.desk_forms import filled, text_of
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClassificationFactory,
    EventFactory,
    SessionFactory,
    SidebarItemFactory,
    TagFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/article/add/"
HOUR = dt.timedelta(hours=1)


def page_of(article, name="change"):
    return f"/admin/articles/article/{article.pk}/{name}/"


def someone(role="reporter"):
    client = Client()
    client.user = UserFactory(role=role)
    client.force_login(client.user)
    return client


def picture(word="Bild"):
    file = BytesIO()
    PillowImage.new("RGB", (64, 36)).save(file, "JPEG")
    return store_upload(ContentFile(file.getvalue(), name="b.jpg"), by=None, title=word, alt=f"{word} alt", credit=word)


class TestBesideTheForm:
    def preview(self, client, article, **changes):
        data = filled(client, page_of(article) if article else ADD)
        return client.post(page_of(article, "preview") if article else f"{ADD}preview/", data | changes)

    def test_it_shows_what_the_form_holds_and_stores_nothing(self):
        article, client = ArticleFactory(title="Alt", body="<p>Alt</p>"), someone()
        author, tag, event = (
            AuthorFactory(name="Neue Feder"),
            TagFactory(name="Regen"),
            EventFactory(name="Eifelrennen"),
        )
        SidebarItemFactory(article=article, heading="Alter Kasten", text="<p>Weg</p>")

        response = self.preview(
            client,
            article,
            title="Sturm",
            body="<p>Neu<script>alert(1)</script></p>",
            lead_event=str(event.pk),
            tags=[str(tag.pk)],
            **{
                "bylines-1-author": str(author.pk),
                "sidebar-0-DELETE": "on",
                "sidebar-1-kind": "free",
                "sidebar-1-text": "<p>Neuer Kasten</p>",
            },
        )

        page = text_of(response)
        assert response.status_code == 200
        for words in ("Sturm", "Neu", "Neue Feder", "Regen", "Eifelrennen", "Neuer Kasten"):
            assert words in page
        assert "Alter Kasten" not in page
        assert "alert(1)" not in response.content.decode()
        assert Article.objects.get().title == "Alt"
        assert [box.heading for box in article.sidebar.all()] == ["Alter Kasten"]
        assert (article.bylines.count(), article.tags.count()) == (1, 0)
        assert not Revision.objects.exists()
        assert not Publication.objects.exists()

    def test_a_new_article_is_shown_and_not_made(self):
        response = self.preview(someone(), None, title="Noch nie gespeichert")

        assert "Noch nie gespeichert" in text_of(response)
        assert not Article.objects.exists()
        assert not Autosave.objects.exists()

    def test_only_this_answer_may_be_framed_by_the_site_and_nobody_keeps_or_finds_it(self):
        article, client = ArticleFactory(), someone()

        response = self.preview(client, article)

        assert re.search(r"frame-ancestors 'self'(;|$)", response["Content-Security-Policy"])
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "private, no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        for other in (client.get(page_of(article)), client.get("/")):
            assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
            assert other["X-Frame-Options"] == "DENY"

    def test_what_cannot_be_stored_is_named_and_the_rest_is_shown(self):
        page = text_of(self.preview(someone(), ArticleFactory(), title="x" * 300, standfirst="Der neue Vorspann"))

        assert "Nicht gezeigt, weil es so nicht gespeichert werden kann: Titel." in page
        assert "Der neue Vorspann" in page

    def test_facts_that_readers_may_not_see_are_not_shown(self):
        session = SessionFactory(event=EventFactory(name="Geheimrennen", public_from=None))
        ClassificationFactory(session=session, hidden=True, rows=[{"position": 1}])
        changes = {"sidebar-0-kind": "classification", "sidebar-0-session": str(session.pk)}

        page = text_of(self.preview(someone(), ArticleFactory(), lead_event=str(session.event.pk), **changes))

        assert "Geheimrennen" not in page
        assert "Kasten 1 der Randspalte (Klassement einer Session) zeigt noch nichts." in page

    def test_a_live_story_edited_while_the_old_text_stays_online(self):
        article = publish(title="Öffentlich", slug="s").article
        client = someone()

        page = text_of(self.preview(client, article, title="Nächste Fassung"))

        assert "Nächste Fassung" in page
        assert "Öffentlich" in text_of(Client().get("/artikel/s/"))

    @pytest.mark.parametrize(
        "field", ["uid", "created_by", "trashed_at", "visible_from", "published_by", "source", "id"]
    )
    def test_fields_nobody_may_edit_here_are_refused(self, field):
        article, client = ArticleFactory(), someone()

        assert self.preview(client, article, **{field: "1"}).status_code == 403

    def test_rows_of_another_article_are_refused(self):
        article, client = ArticleFactory(), someone()
        foreign = SidebarItemFactory(text="Geheimer Kasten")
        crafted = {
            "sidebar-INITIAL_FORMS": "1",
            "sidebar-0-id": str(foreign.pk),
            "sidebar-0-article": str(foreign.article.pk),
            "sidebar-0-kind": "free",
        }

        response = self.preview(client, article, **crafted)

        assert response.status_code == 403
        assert "Geheimer Kasten" not in response.content.decode()

    def test_an_article_that_may_not_be_changed_is_refused(self):
        article, client = ArticleFactory(), someone()
        data = filled(client, page_of(article))
        workflow.trash(article, by=UserFactory(role="chief"))

        assert client.post(page_of(article, "preview"), data).status_code == 403
        assert client.post("/admin/articles/article/999999/preview/", data).status_code == 404

    @pytest.mark.parametrize("role", ["results", "pictures", None])
    def test_who_may_not_write_is_refused(self, role):
        assert someone(role).post(page_of(ArticleFactory(), "preview"), {"title": "x"}).status_code == 403

    def test_it_needs_a_post_with_a_token(self):
        article, client = ArticleFactory(), someone()
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(client.user)

        assert client.get(page_of(article, "preview")).status_code == 405
        assert strict.post(page_of(article, "preview"), {"title": "x"}).status_code == 403

    @pytest.mark.parametrize("field", ["lead_event", "tags", "lead_image", "sidebar-0-session", "bylines-0-author"])
    def test_words_in_a_search_box_are_no_crash(self, field):
        assert (
            self.preview(someone(), ArticleFactory(), **{field: "abc", "sidebar-0-kind": "schedule"}).status_code == 200
        )


def mint(article, hours=4, by=None):
    return previews.mint(article, by=by or UserFactory(role="reporter"), hours=hours)[1]


def look(token):
    return Client().get(f"/vorschau/{token}/")


class TestLink:
    def test_it_shows_the_saved_draft_to_somebody_without_account_and_to_no_machine(self):
        article = ArticleFactory(title="Der Entwurf", notes="Nur für uns")

        response = look(mint(article))

        assert response.status_code == 200
        assert "Der Entwurf" in text_of(response)
        assert "Dieser Entwurf ist nicht veröffentlicht." in text_of(response)
        assert "Nur für uns" not in text_of(response)
        headers = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")
        assert [response[name] for name in headers] == [
            "private, no-store",
            "no-referrer",
            "noindex, nofollow, noarchive",
        ]
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert not response.cookies
        page = response.content.decode()
        assert '<meta name="robots" content="noindex, nofollow">' in page
        assert re.findall(r'(?:src|srcset|href)="(?:https?:)?//[^"]*', page) == []
        for machine in ("canonical", "og:title", "ld+json", "application/rss"):
            assert machine not in page

    def test_the_token_is_stored_nowhere(self):
        token = mint(ArticleFactory())

        link = PreviewLink.objects.get()
        assert len(token) * 6 >= 128
        assert token not in str(PreviewLink.objects.values().get())
        assert link.expires_at - link.created_at == 4 * HOUR

    @pytest.mark.parametrize("token", ["x", "x" * 32, "../" * 3, "ä" * 32, "0" * 400, "%00"])
    def test_a_token_that_was_never_made_leads_to_what_never_was(self, token):
        mint(ArticleFactory())

        response, never = look(token), Client().get("/vorschau/")

        assert response.status_code == 404
        assert response.content == never.content

    def test_it_opens_one_article(self):
        other = ArticleFactory(title="Ein anderer Entwurf")

        assert "Ein anderer Entwurf" not in text_of(look(mint(ArticleFactory())))
        assert "Ein anderer Entwurf" in text_of(look(mint(other)))

    def test_it_expires_by_the_clock_of_the_database(self):
        token = mint(ArticleFactory(), hours=1)
        PreviewLink.objects.update(created_at=F("created_at") - HOUR, expires_at=Now())

        assert look(token).status_code == 404

    def test_no_link_lives_longer_than_a_day(self):
        token = mint(ArticleFactory(), hours=1000)

        link = PreviewLink.objects.get()
        assert look(token).status_code == 200
        assert link.expires_at - link.created_at == 24 * HOUR
        with pytest.raises(IntegrityError, match="previewlink_at_most_a_day"), transaction.atomic():
            PreviewLink.objects.update(expires_at=F("created_at") + 25 * HOUR)

    def test_it_ends_when_it_is_revoked(self):
        token = mint(ArticleFactory())
        previews.revoke(PreviewLink.objects.get(), by=UserFactory(role="reporter"))

        assert look(token).status_code == 404

    def test_it_ends_when_the_story_is_published(self):
        article = ArticleFactory()
        token = mint(article)
        publish(article)

        assert look(token).status_code == 404

    def test_it_ends_when_the_story_is_scheduled_or_its_hour_comes(self):
        article, other = ArticleFactory(), ArticleFactory()
        token = mint(article)
        publish(article, visible_from=timezone.now() + HOUR)
        publish(other, visible_from=timezone.now() + HOUR)
        later = mint(other)
        before = look(later).status_code
        Publication.objects.filter(article=other).update(visible_from=Now())

        assert look(token).status_code == 404
        assert (before, look(later).status_code) == (200, 404)

    def test_it_ends_when_the_story_is_withdrawn(self):
        article = publish().article
        token = mint(article)
        before = look(token).status_code
        workflow.withdraw(article, by=UserFactory(role="chief"), note="Irrtum")

        assert (before, look(token).status_code) == (200, 404)

    def test_it_ends_when_a_story_that_waits_for_its_hour_is_taken_down(self):
        article = publish(visible_from=timezone.now() + HOUR).article
        token = mint(article)
        before = look(token).status_code
        workflow.take_down(article, by=UserFactory(role="chief"), reason="Klage")

        assert (before, look(token).status_code) == (200, 404)

    def test_it_ends_in_the_bin_and_with_its_maker(self):
        article, maker = ArticleFactory(), UserFactory(role="reporter")
        token, other = mint(article), mint(ArticleFactory(), by=maker)
        workflow.trash(article, by=UserFactory(role="chief"))
        maker.is_active = False
        maker.save()

        assert (look(token).status_code, look(other).status_code) == (404, 404)

    @pytest.mark.parametrize(
        "loses", [lambda maker: maker.groups.clear(), lambda maker: setattr(maker, "is_staff", False)]
    )
    def test_it_ends_with_the_right_of_its_maker(self, loses):
        maker = UserFactory(role="reporter")
        token = mint(ArticleFactory(), by=maker)
        before = look(token).status_code
        loses(maker)
        maker.save()

        assert (before, look(token).status_code) == (200, 404)

    def test_its_pictures_lie_beneath_it_and_no_others(self):
        shown, hidden = picture("Aufmacher"), picture("Anderes")
        article = ArticleFactory(lead_image=shown)
        ArticleFactory(lead_image=hidden)
        token = mint(article)

        page = look(token).content.decode()
        addresses = set(re.findall(rf"/vorschau/{token}/bild/{shown.token}/\w+", page))

        assert addresses
        assert "/medien/" not in page
        for address in addresses:
            answer = Client().get(address)
            assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
            answer.getvalue()
        gone = [
            f"/vorschau/{token}/bild/{hidden.token}/w480",
            f"/vorschau/{token}/bild/{shown.token}/original",
            f"/vorschau/{mint(ArticleFactory())}/bild/{shown.token}/w480",
            f"/medien/{shown.token}/w480",
        ]
        assert [Client().get(path).status_code for path in gone] == [404] * 4
        previews.revoke(PreviewLink.objects.get(article=article), by=UserFactory(role="chief"))
        assert [Client().get(path).status_code for path in addresses] == [404] * len(addresses)

    def test_it_changes_nothing(self):
        token = mint(ArticleFactory())

        assert Client().post(f"/vorschau/{token}/").status_code == 405

    def test_its_token_is_in_no_log(self, caplog):
        token = mint(ArticleFactory())
        look(token)

        assert token not in caplog.text

    def test_who_may_not_write_makes_none(self):
        with pytest.raises(PermissionDenied):
            mint(ArticleFactory(), by=UserFactory(role="results"))


class TestDesk:
    def test_a_link_is_made_by_a_post_alone_and_shown_once(self):
        article, client = ArticleFactory(), someone()
        refused = client.get(page_of(article, "links/mint"))

        made = client.post(page_of(article, "links/mint"), {"hours": "1", "purpose": "Rennleitung", "token": "x" * 32})
        token = re.search(r"/vorschau/([A-Za-z0-9_-]+)/", made.content.decode())[1]
        later = client.get(page_of(article, "links"))

        assert refused.status_code == 405
        assert (look(token).status_code, look("x" * 32).status_code) == (200, 404)
        assert "Rennleitung" in text_of(later)
        assert token not in later.content.decode()
        assert "private, no-store" in made["Cache-Control"]

    def test_it_needs_the_token_of_the_form(self):
        article, strict = ArticleFactory(), Client(enforce_csrf_checks=True)
        strict.force_login(UserFactory(role="chief"))

        assert strict.post(page_of(article, "links/mint"), {"hours": "1"}).status_code == 403
        assert not PreviewLink.objects.exists()

    @pytest.mark.parametrize("hours", ["", "0", "25", "-1", "abc", "9999999999"])
    def test_only_the_offered_hours_are_taken(self, hours):
        article, client = ArticleFactory(), someone()

        client.post(page_of(article, "links/mint"), {"hours": hours})

        assert not PreviewLink.objects.exists()

    def test_the_list_says_who_made_a_link_and_revokes_it(self):
        article, client = ArticleFactory(), someone("editor")
        token = mint(article, by=client.user)
        link = PreviewLink.objects.get()

        before = text_of(client.get(page_of(article, "links")))
        refused = client.get(page_of(article, f"links/{link.pk}/revoke"))
        client.post(page_of(article, f"links/{link.pk}/revoke"))

        assert client.user.username in before
        assert (refused.status_code, look(token).status_code) == (405, 404)
        assert "widerrufen am" in text_of(client.get(page_of(article, "links")))

    def test_a_link_of_another_article_is_not_revoked_here(self):
        token = mint(ArticleFactory())
        link = PreviewLink.objects.get()

        response = someone().post(page_of(ArticleFactory(), f"links/{link.pk}/revoke"))

        assert (response.status_code, look(token).status_code) == (404, 200)

    @pytest.mark.parametrize("role", ["results", "pictures", None])
    def test_who_may_not_write_sees_no_links(self, role):
        article, client = ArticleFactory(), someone(role)

        codes = [client.get(page_of(article, "links")).status_code]
        codes.append(client.post(page_of(article, "links/mint"), {"hours": "1"}).status_code)

        assert codes == [403, 403]
