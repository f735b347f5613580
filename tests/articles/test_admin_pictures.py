"""The picture library at the desk: upload, refusals, texts, where a picture is used."""

import pytest
from django.test import Client

from articles import pictures
from articles.models import Image
from tests.articles.desk_forms import text_of
from tests.articles.picture_files import photo_with_metadata, picture, upload
from tests.factories import ArticleFactory, UserFactory, publish

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/image/add/"
LIST = "/admin/articles/image/"


def someone(role="pictures"):
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def form(data, **texts):
    return {"file": upload(data), "title": "Start", "alt": "Rot", "caption": "", "credit": "", **texts}


def stored(**texts):
    return pictures.store_upload(upload(picture()), by=None, title="Start", alt="Rot", credit="Foto: x", **texts)


def test_an_upload_is_stored_with_the_texts_of_the_file_where_none_are_given():
    response = someone().post(ADD, form(photo_with_metadata(), alt="Autos am Start"))

    assert response.status_code == 302
    image = Image.objects.get()
    assert (image.title, image.alt, image.caption, image.credit) == (
        "Start",
        "Autos am Start",
        "Start in Sakhir",
        "Foto: Käthe Beispiel",
    )
    assert image.uploaded_by is not None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg onload=alert(1)>", "Die Datei enthält HTML oder SVG."),
        (b"kein Bild", "Die Datei ist kein Bild."),
        (picture()[:-300], "Das Bild ist beschädigt oder unvollständig."),
    ],
)
def test_a_file_that_is_refused_says_why_beside_its_field(data, sentence):
    response = someone().post(ADD, form(data))

    assert response.status_code == 200
    assert sentence in text_of(response)
    assert not Image.objects.exists()


def test_the_same_file_twice_names_the_picture_that_is_there():
    client = someone()
    client.post(ADD, form(picture(), title="Erstes"))

    response = client.post(ADD, form(picture(), title="Zweites"))

    assert "Dieses Bild liegt schon in der Bibliothek: „Erstes“." in text_of(response)
    assert Image.objects.count() == 1


def test_texts_are_changed_and_files_are_not():
    image, client = stored(), someone()

    client.post(
        f"{LIST}{image.pk}/change/",
        {
            "title": "Neu",
            "alt": "Neu",
            "caption": "",
            "credit": "",
            "focal_x": "50",
            "focal_y": "50",
            "file": upload(picture(9, 9)),
            "token": "x" * 22,
        },
    )

    changed = Image.objects.get()
    assert (changed.title, changed.alt, changed.token, changed.width) == ("Neu", "Neu", image.token, 800)


def test_a_picture_in_use_cannot_be_deleted_and_its_users_are_named():
    image, client = stored(), someone()
    publish(ArticleFactory(title="Der Bericht", lead_image=image))

    shown = text_of(client.get(f"{LIST}{image.pk}/delete/"))
    response = client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"})

    assert "Der Bericht" in shown
    assert response.status_code in {200, 403}
    assert Image.objects.exists()


def test_an_unused_picture_goes_into_the_bin():
    image = stored()

    response = someone().post(f"{LIST}{image.pk}/delete/", {"post": "yes"})

    assert response.status_code == 302
    assert (Image.objects.kept().count(), Image.objects.in_bin().get()) == (0, image)


@pytest.mark.parametrize("count", [1, 12])
def test_the_library_costs_the_same_queries_however_long(count, django_assert_max_num_queries):
    for number in range(count):
        pictures.store_upload(upload(picture(40 + number, 30)), by=None, title="x")
    client = someone()

    with django_assert_max_num_queries(9):
        assert client.get(LIST).content.count(b'class="thumbnail"') == count


@pytest.mark.parametrize(("role", "status"), [("reporter", 200), ("pictures", 200), ("results", 403), (None, 403)])
def test_who_may_upload(role, status):
    assert someone(role).get(ADD).status_code == status


def test_a_reporter_cannot_change_or_delete_a_picture():
    image, client = stored(), someone("reporter")

    assert client.post(f"{LIST}{image.pk}/change/", {"title": "Neu"}).status_code == 403
    assert client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Image.objects.get().title == "Start"
