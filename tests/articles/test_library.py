"""The picture library as a tool: many files at once, search, rights, blocks, bin, where a picture is used."""

import datetime as dt
import io
import re
import resource

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles import gate, picture_search, picture_store, pictures, renditions, workflow
from articles.models import Article, Image, ImageBlock, Publication
from articles.usage import stories_with_picture
from tests.articles.desk_forms import text_of
from tests.articles.picture_files import photo_with_metadata, picture, png_header, upload
from tests.factories import ArticleFactory, AuthorFactory, ImageFactory, UserFactory, publish

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/image/"
UPLOAD = f"{LIST}upload/"
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


def someone(role="pictures"):
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def stored(data=None, **texts):
    values = {"title": "Start", "alt": "Rot", "credit": "Foto: x", **texts}
    return pictures.store_upload(upload(data or picture()), by=None, **values)


def with_picture(article, image):
    """The text of the draft shows the picture, as the body editor writes it."""
    Article.objects.filter(pk=article.pk).update(body=f'<p>x</p><figure data-image="{image.token}"></figure>')
    return article


def send(client, *files, **texts):
    named = [upload(data, name) for name, data in files]
    return client.post(UPLOAD, {"pictures": named, "title": "", "credit": "", "caption": "", **texts})


class TestUpload:
    def test_many_files_arrive_at_once_and_each_says_what_became_of_it(self):
        stored(picture(20, 20), title="Altes")

        response = send(
            someone(),
            ("Start_Sakhir.jpg", picture(30, 20)),
            ("alt.jpg", picture(20, 20)),
            ("riese.png", png_header(30_000, 30_000)),
            ("nett.jpg", b"<svg onload=alert(1)>"),
            ("leer.jpg", b""),
            credit="Foto: alle",
        )

        shown = text_of(response)
        assert Image.objects.filter(title="Start Sakhir", credit="Foto: alle").count() == 1
        assert Image.objects.count() == 2
        for sentence in (
            "Gespeichert. Es fehlt noch: Alternativtext.",
            "Liegt schon in der Bibliothek: „Altes“.",
            "Das Bild hat zu viele Bildpunkte",
            "Die Datei enthält HTML oder SVG.",
            "Die Datei ist kein Bild.",
        ):
            assert sentence in shown

    def test_one_file_leads_to_its_texts(self):
        response = send(someone(), ("start.jpg", photo_with_metadata()))

        image = Image.objects.get()
        assert response["Location"] == f"{LIST}{image.pk}/change/"
        assert (image.title, image.caption, image.file_name) == ("start", "Start in Sakhir", "start.jpg")

    def test_a_script_is_told_in_json(self):
        client = someone()
        response = client.post(
            UPLOAD, {"pictures": [upload(picture(9, 9), "a.jpg")]}, headers={"Accept": "application/json"}
        )

        image = Image.objects.get()
        assert response.json() == {
            "arrivals": [
                {
                    "name": "a.jpg",
                    "state": "stored",
                    "words": "Gespeichert. Es fehlt noch: Alternativtext, Bildnachweis.",
                    "address": f"{LIST}{image.pk}/change/",
                    "thumbnail": f"/medien/{image.token}/w480-jpeg",
                }
            ],
            "problems": [],
        }

    def test_more_than_fifty_files_are_refused_before_one_is_read(self):
        response = send(someone(), *((f"{n}.jpg", b"x") for n in range(51)))

        assert "Höchstens 50 Dateien auf einmal." in text_of(response)
        assert not Image.objects.exists()

    def test_no_file_at_all_is_said(self):
        assert "Dieses Feld ist zwingend erforderlich." in text_of(someone().post(UPLOAD, {"title": "x"}))

    @pytest.mark.parametrize(("role", "status"), [("reporter", 200), ("pictures", 200), ("results", 403), (None, 403)])
    def test_who_may(self, role, status):
        assert someone(role).get(UPLOAD).status_code == status

    def test_a_file_in_the_bin_is_recognised(self):
        image = stored(picture(20, 20), title="Altes")
        pictures.trash(image, by=UserFactory(role="pictures"))

        assert "Liegt schon im Papierkorb: „Altes“." in text_of(send(someone(), ("a.jpg", picture(20, 20))))

    def test_a_full_disk_refuses_in_words_and_leaves_neither_row_nor_file(self):
        """The system itself refuses to write more than 3 kB, as a full disk would."""
        client, noise = someone(), io.BytesIO()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        import PIL.Image  # noqa: PLC0415

        PIL.Image.effect_noise((600, 400), 80).save(noise, "JPEG")
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, before[1]))
        try:
            response = send(client, ("a.jpg", noise.getvalue()))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

        assert "Das Bild konnte nicht gespeichert werden. Ist die Platte voll?" in text_of(response)
        assert not Image.objects.exists()
        assert picture_store.compare(settled=-DAY).orphans == ()
        assert "Gespeichert" in text_of(send(client, ("a.jpg", noise.getvalue()), ("b.jpg", picture(9, 9))))


class TestSearch:
    @pytest.mark.parametrize(
        "words",
        [
            "boxengasse",
            "Boxen",
            "rennwagen",
            "Boxengassen",
            "müller",
            "DSC_0815",
            "0815",
            "Start Boxen",
            "katrin",
            "feder",
            "2026-11-05",
            "05.11.2026",
            "05.11.2026 Start",
        ],
    )
    def test_finds_by_words_stems_file_name_day_and_person(self, words):
        person = UserFactory(username="katrin", last_name="Feder")
        wanted = ImageFactory(
            title="Start",
            alt="Ein Auto, viele Rennwagen",
            caption="In der Boxengasse",
            credit="Foto: Müller",
            file_name="DSC_0815.JPG",
            uploaded_by=person,
            uploaded_at=dt.datetime(2026, 11, 5, 12, tzinfo=dt.UTC),
        )
        ImageFactory(title="Ziel", alt="Flagge", credit="Foto: Schulz", file_name="IMG_4711.JPG")

        assert list(picture_search.search(Image.objects.all(), words)) == [wanted]

    @pytest.mark.parametrize(
        "words", ["nirgends", "start nirgends", "' | & !:*", "31.02.2026", "<script>", "%", "a" * 3000]
    )
    def test_what_is_not_there_is_not_found_and_harms_nobody(self, words):
        ImageFactory(title="Start")

        found = set(picture_search.search(Image.objects.all(), words))

        assert found <= ({*Image.objects.all()} if not any(map(str.isalnum, words)) else set())

    def test_the_list_shows_what_was_found(self):
        ImageFactory(title="Gesucht")
        ImageFactory(title="Anderes")

        shown = text_of(someone().get(LIST, {"q": "gesucht"}))

        assert "Gesucht" in shown
        assert "Anderes" not in shown

    def test_the_article_form_is_offered_neither_the_bin_nor_what_is_blocked(self):
        kept, gone, blocked = (ImageFactory(title=f"Start {n}") for n in range(3))
        by = UserFactory(role="pictures")
        pictures.trash(gone, by=by)
        pictures.block(blocked, by=by, reason="Streit")

        found = someone().get(
            "/admin/autocomplete/",
            {"term": "start", "app_label": "articles", "model_name": "article", "field_name": "lead_image"},
        )

        assert [one["id"] for one in found.json()["results"]] == [str(kept.pk)]


class TestFilters:
    @pytest.fixture(autouse=True)
    def _pictures(self):
        by = UserFactory(role="pictures")
        names = ("Ganz", "Ohne Alt", "Ohne Nachweis", "Abgelaufen", "Gesperrt", "Im Papierkorb", "Im Text")
        self.images = {name: ImageFactory(title=name) for name in names}
        Image.objects.filter(title="Ohne Alt").update(alt="")
        Image.objects.filter(title="Ohne Nachweis").update(credit="")
        Image.objects.filter(title="Abgelaufen").update(usable_until=TODAY - DAY)
        pictures.block(self.images["Gesperrt"], by=by, reason="Streit")
        pictures.trash(self.images["Im Papierkorb"], by=by)
        for name in ("Ganz", "Ohne Alt"):
            ArticleFactory(lead_image=self.images[name])
        with_picture(ArticleFactory(), self.images["Im Text"])

    @pytest.mark.parametrize(
        ("state", "titles"),
        [
            ("", {"Ganz", "Ohne Alt", "Ohne Nachweis", "Abgelaufen", "Gesperrt", "Im Text"}),
            ("no-alt", {"Ohne Alt"}),
            ("no-credit", {"Ohne Nachweis"}),
            ("expired", {"Abgelaufen"}),
            ("blocked", {"Gesperrt"}),
            ("unused", {"Ohne Nachweis", "Abgelaufen", "Gesperrt"}),
            ("bin", {"Im Papierkorb"}),
        ],
    )
    def test_each_shows_exactly_its_own(self, state, titles):
        response = someone().get(LIST, {"state": state} if state else {})

        assert {card["image"].title for card in response.context_data["cards"]} == titles

    def test_a_badge_says_why(self):
        response = someone().get(LIST)

        badges = {card["image"].title: [b.words for b in card["badges"]][:1] for card in response.context_data["cards"]}
        assert badges["Gesperrt"] == ["gesperrt"]
        assert badges["Abgelaufen"] == ["Rechte abgelaufen"]
        assert badges["Ohne Alt"] == ["ohne Alternativtext"]


class TestWhereUsed:
    def test_drafts_texts_and_every_published_version_are_named(self):
        image, other = ImageFactory(), ImageFactory()
        draft = ArticleFactory(title="B Entwurf", lead_image=image)
        in_text = with_picture(ArticleFactory(title="C Im Text"), image)
        live = ArticleFactory(title="A Live", lead_image=image)
        publish(live)
        ArticleFactory(title="Anderes", lead_image=other)
        Article.objects.filter(pk=live.pk).update(lead_image=None)

        used = stories_with_picture(image)

        assert [(one.article, one.title, one.is_draft, one.versions, one.is_public) for one in used] == [
            (live.pk, "A Live", False, (1,), True),
            (draft.pk, "B Entwurf", True, (), False),
            (in_text.pk, "C Im Text", True, (), False),
        ]

    def test_the_detail_leads_to_the_articles(self):
        image = stored()
        article = ArticleFactory(title="Der Bericht", lead_image=image)

        page = someone().get(f"{LIST}{image.pk}/change/")

        assert f'href="/admin/articles/article/{article.pk}/change/">Der Bericht' in page.content.decode()

    def test_a_picture_in_a_text_cannot_be_deleted(self):
        image = ImageFactory()
        with_picture(ArticleFactory(title="Im Text"), image)

        with pytest.raises(pictures.PictureInUse, match="Im Text"):
            pictures.trash(image, by=UserFactory(role="pictures"))


class TestBin:
    def test_thirty_days_long_a_picture_can_be_taken_out_again(self):
        image, client = stored(), someone()
        client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"})
        assert pictures.empty_bin() == 0

        client.post(f"{LIST}{image.pk}/restore/")

        assert Image.objects.kept().get() == image

    def test_after_thirty_days_row_and_files_are_gone(self, django_capture_on_commit_callbacks):
        image = stored()
        renditions.make(image.pk)
        Image.objects.update(trashed_at=timezone.now() - 31 * DAY)

        with django_capture_on_commit_callbacks(execute=True):
            assert pictures.empty_bin() == 1

        assert not Image.objects.exists()
        assert default_storage.listdir("originals")[1] == []
        assert picture_store.compare(settled=-DAY) == picture_store.Difference((), (), ())

    def test_what_a_draft_took_up_meanwhile_stays(self):
        image = ImageFactory(trashed_at=timezone.now() - 31 * DAY)
        ArticleFactory(lead_image=image)

        assert pictures.empty_bin() == 0
        assert Image.objects.get() == image

    def test_a_portrait_is_in_use_and_stops_no_other_picture_from_going(self):
        portrait = ImageFactory()
        ImageFactory(trashed_at=timezone.now() - 31 * DAY)
        AuthorFactory(name="Eva Feder", portrait=portrait)
        with pytest.raises(pictures.PictureInUse, match="Porträt von Eva Feder"):
            pictures.trash(portrait, by=UserFactory(role="pictures"))
        Image.objects.filter(pk=portrait.pk).update(trashed_at=timezone.now() - 31 * DAY)

        assert pictures.empty_bin() == 1
        assert list(Image.objects.all()) == [portrait]

    def test_a_story_with_a_picture_from_the_bin_does_not_go_out(self):
        image = ImageFactory(title="Start", trashed_at=timezone.now())

        assert gate.reasons_not_to_publish(ArticleFactory(lead_image=image)) == [
            "Das Bild „Start“ liegt im Papierkorb."
        ]

    def test_only_who_may_delete_takes_out(self):
        with pytest.raises(PermissionDenied):
            pictures.restore(ImageFactory(), by=UserFactory(role="reporter"))


class TestRights:
    def test_the_last_day_still_counts_and_the_day_after_refuses(self):
        image = ImageFactory(title="Start", usable_until=TODAY)
        article = ArticleFactory(lead_image=image)
        assert gate.reasons_not_to_publish(article) == []

        Image.objects.update(usable_until=TODAY - DAY)

        with pytest.raises(workflow.NotPublishable, match=f"war nur bis zum {TODAY - DAY:%d.%m.%Y} verwendbar"):
            publish(article)

    def test_a_story_is_not_scheduled_for_a_day_after_the_last_one(self):
        article = ArticleFactory(lead_image=ImageFactory(title="Start", usable_until=TODAY + DAY))
        late, in_time = (timezone.now() + days * DAY for days in (2, 1))

        with pytest.raises(workflow.NotPublishable, match="und die Geschichte ginge später hinaus"):
            publish(article, visible_from=late)
        publish(article, visible_from=in_time)
        with pytest.raises(workflow.NotPublishable, match="und die Geschichte ginge später hinaus"):
            workflow.reschedule(article, by=UserFactory(role="chief"), visible_from=late)

        assert article.publications.get().visible_from == in_time

    def test_the_gate_looks_at_the_pictures_of_the_text_too(self):
        image = ImageFactory(title="Im Text", usable_until=TODAY - DAY)
        article = with_picture(ArticleFactory(), image)

        assert len(gate.reasons_not_to_publish(article)) == 1

    @pytest.mark.parametrize(("days", "sentence"), [(0, "noch 0 Tage"), (1, "noch 1 Tag."), (14, "noch 14 Tage")])
    def test_a_right_that_soon_ends_is_said_before_publishing(self, days, sentence):
        article = ArticleFactory(lead_image=ImageFactory(usable_until=TODAY + days * DAY))

        page = text_of(someone("chief").get(f"/admin/articles/article/{article.pk}/publish/"))

        assert sentence in page

    @pytest.mark.parametrize("until", [None, TODAY + 15 * DAY])
    def test_a_right_that_lasts_is_no_matter(self, until):
        assert gate.warnings_before_publishing(ArticleFactory(lead_image=ImageFactory(usable_until=until))) == []


class TestBlock:
    @pytest.fixture
    def image(self):
        return stored(picture(1700, 960))

    def test_a_blocked_picture_is_gone_from_every_page_and_address_and_nothing_published_changes(self, image, client):
        publication = publish(ArticleFactory(slug="start", lead_image=image))
        frozen = Publication.objects.values().get()
        paths = ["/", "/artikel/start/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"]
        assert all(image.token in client.get(path).content.decode() for path in paths)

        pictures.block(image, by=UserFactory(role="pictures"), reason="Streit um die Rechte")

        assert not any(image.token in client.get(path).content.decode() for path in paths)
        assert {client.get(path).status_code for path in paths} == {200}
        assert {client.get(f"/medien/{image.token}/{size}").status_code for size in renditions.SIZES} == {404}
        assert Publication.objects.values().get() == frozen
        assert list(publication.images.all()) == [image]

    def test_of_a_blocked_picture_in_the_text_no_word_stays(self, image, client):
        Image.objects.filter(pk=image.pk).update(caption="Nachtigall aus der Bildbank", credit="Foto: Nachtigall")
        other, captioned = stored(picture(900, 600)), stored(picture(901, 600))
        figures = [f'<figure data-image="{one.token}"></figure>' for one in (image, other)]
        figures.append(f'<figure data-image="{captioned.token}"><figcaption>Nachtigall im Text</figcaption></figure>')
        article = ArticleFactory(slug="start", body=f"<p>x</p>{''.join(figures)}")
        publish(article)
        paths = ["/artikel/start/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/suche/?q=nachtigal"]
        assert all("Nachtigall" in re.sub("</?mark>", "", client.get(path).content.decode()) for path in paths)

        for blocked in (image, captioned):
            pictures.block(blocked, by=UserFactory(role="pictures"), reason="Klage")

        assert [path for path in paths if "Nachtigall" in client.get(path).content.decode()] == []
        assert other.token in client.get("/artikel/start/").content.decode()

    def test_the_desk_still_sees_it_privately(self, image):
        publish(ArticleFactory(lead_image=image))
        pictures.block(image, by=UserFactory(role="pictures"), reason="x")

        response = someone("reporter").get(f"/medien/{image.token}/w480-jpeg")

        assert (response.status_code, bool(response.getvalue())) == (200, True)
        assert response["Cache-Control"] == "private, no-store"

    def test_released_again_it_is_back(self, image, client):
        publish(ArticleFactory(slug="start", lead_image=image))
        by = UserFactory(role="chief")
        pictures.block(image, by=by, reason="x")

        assert pictures.unblock(image, by=by) is True

        assert image.token in client.get("/artikel/start/").content.decode()
        assert client.get(f"/medien/{image.token}/social").getvalue()

    def test_who_blocked_when_and_why_is_kept_for_ever(self, image):
        client = someone()
        client.post(f"{LIST}{image.pk}/block/", {"reason": "Streit"})
        client.post(f"{LIST}{image.pk}/block/", {"reason": "noch einmal"})
        client.post(f"{LIST}{image.pk}/unblock/")

        kept = ImageBlock.objects.get()
        assert (kept.reason, bool(kept.blocked_by), bool(kept.lifted_by), bool(kept.lifted_at)) == (
            "Streit",
            True,
            True,
            True,
        )
        assert "Streit" in text_of(client.get(f"{LIST}{image.pk}/change/"))

    def test_it_needs_a_reason(self, image):
        response = someone().post(f"{LIST}{image.pk}/block/", {"reason": " "})

        assert response.status_code == 200
        assert not ImageBlock.objects.exists()
        with pytest.raises(ValueError, match="Grund"):
            pictures.block(image, by=UserFactory(role="pictures"), reason=" ")

    def test_a_story_with_it_does_not_go_out(self, image):
        pictures.block(image, by=UserFactory(role="pictures"), reason="Streit")

        assert gate.reasons_not_to_publish(ArticleFactory(lead_image=image)) == [
            "Das Bild „Start“ ist gesperrt: Streit"
        ]

    @pytest.mark.parametrize("role", ["reporter", "editor", "results", None])
    def test_others_may_not(self, image, role):
        with pytest.raises(PermissionDenied):
            pictures.block(image, by=UserFactory(role=role), reason="x")
        assert someone(role).post(f"{LIST}{image.pk}/block/", {"reason": "x"}).status_code == 403


class TestForm:
    def test_the_focal_point_is_kept_and_asked_to_lie_in_the_picture(self):
        image, client = stored(), someone()
        texts = {"title": "Start", "alt": "Rot", "caption": "", "credit": "x", "rights_holder": "", "licence": "Presse"}
        address = f"{LIST}{image.pk}/change/"

        refused = client.post(address, {**texts, "focal_x": "101", "focal_y": "50"})
        client.post(address, {**texts, "focal_x": "0", "focal_y": "100", "usable_until": "31.12.2026"})

        assert "Von 0 bis 100." in text_of(refused)
        image.refresh_from_db()
        assert (image.focal_x, image.focal_y, image.licence) == (0, 100, "Presse")
        assert image.usable_until == dt.date(2026, 12, 31)

    def test_a_picture_in_the_bin_is_read_only(self):
        image = stored()
        pictures.trash(image, by=UserFactory(role="pictures"))

        assert someone().post(f"{LIST}{image.pk}/change/", {"title": "Neu"}).status_code == 403

    def test_what_is_no_text_cannot_be_changed(self):
        with pytest.raises(ValueError, match="token"):
            pictures.change(ImageFactory(), by=UserFactory(role="pictures"), token="x" * 22)

    @pytest.mark.parametrize("role", ["reporter", "results"])
    def test_changing_needs_the_right(self, role):
        with pytest.raises(PermissionDenied):
            pictures.change(ImageFactory(), by=UserFactory(role=role), alt="x")


class TestUpkeep:
    def write(self, name):
        default_storage.save(name, ContentFile(b"x"))

    def test_files_nobody_knows_are_found_and_deleted_and_young_ones_are_left(self, capsys):
        image = stored()
        self.write("renditions/xx/half.jpg")
        self.write("originals/yy/lost.jpg")

        assert picture_store.compare().orphans == ()
        found = picture_store.compare(settled=-DAY)

        assert found.orphans == ("originals/yy/lost.jpg", "renditions/xx/half.jpg")
        assert picture_store.delete_orphans((*found.orphans, image.original.name)) == 2
        assert picture_store.compare(settled=-DAY).orphans == ()
        assert default_storage.exists(image.original.name)

    def test_a_lost_size_is_made_anew(self, capsys):
        image = stored()
        lost = image.renditions.get(name="w480-jpeg").file.name
        default_storage.delete(lost)

        call_command("pictures", "tidy")
        renditions.make(image.pk)

        assert f"Größe ohne Datei: {lost}" in capsys.readouterr().out
        assert default_storage.exists(lost)

    def test_a_lost_original_is_said(self, capsys):
        ImageFactory()

        call_command("pictures", "check")

        assert "Bild ohne Original: originals/xx/nothing.jpg" in capsys.readouterr().out

    def test_all_is_well_is_said_too(self, capsys):
        stored()
        for act in ("check", "renditions", "bin"):
            call_command("pictures", act)

        out = capsys.readouterr().out
        assert "Dateien und Bilder passen zusammen." in out
        assert "1 Bilder angefragt." in out
        assert "0 Bilder endgültig gelöscht." in out
