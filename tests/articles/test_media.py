"""Files of pictures are served if and only if a currently public version refers to them."""

import datetime as dt
import shutil

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from articles import pictures, renditions, workflow
from articles.models import Image, Publication
from racedesk.middleware import PUBLIC_CACHE_CONTROL
from tests.articles.picture_files import picture, upload
from tests.factories import ArticleFactory, UserFactory, publish

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SIZES = list(renditions.SIZES)


@pytest.fixture(scope="module")
def library(django_db_setup, django_db_blocker, tmp_path_factory):
    """A picture with all its sizes and the folder they lie in, made once for all tests of this module."""
    folder = tmp_path_factory.mktemp("library")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), transaction.atomic():
        image = pictures.store_upload(upload(picture(1700, 960)), by=None, title="x", alt="Rot", credit="Foto: x")
        renditions.make(image.pk)
        yield image.pk, folder
        transaction.set_rollback(True)


@pytest.fixture
def image(library, settings):
    """That picture, its files in the folder of the test, which may lose them."""
    pk, folder = library
    shutil.copytree(folder, settings.MEDIA_ROOT)
    return Image.objects.get(pk=pk)


def address(image, size="w480"):
    return reverse("articles:media", args=[image.token, size])


def answer(client, path):
    response = client.get(path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response, body


def same_as_nothing(client, image):
    """Whether every size answers exactly what an address of the same length answers that never existed."""
    nothing, nothing_body = answer(client, reverse("articles:media", args=["A" * 22, "w480"]))
    for size in SIZES:
        response, body = answer(client, address(image, size))
        assert response.status_code == nothing.status_code == 404
        assert body.replace(address(image, size).encode(), b"") == nothing_body.replace(b"A" * 22, b"")
        assert dict(response.headers) == dict(nothing.headers)
    return True


def test_a_picture_of_a_public_story_is_served_in_every_size(client, image):
    publish(ArticleFactory(lead_image=image))

    answers = {size: answer(client, address(image, size)) for size in SIZES}

    assert {size: (r.status_code, r["Content-Type"]) for size, (r, _) in answers.items()} == {
        name: (200, size.media_type) for name, size in renditions.SIZES.items()
    }
    response, body = answers["w480"]
    with image.renditions.get(name="w480").file.open("rb") as file:
        assert body == file.read()
    assert response["Cache-Control"] == PUBLIC_CACHE_CONTROL
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies


def test_a_known_picture_is_not_sent_again(client, image):
    publish(ArticleFactory(lead_image=image))
    etag = answer(client, address(image))[0]["ETag"]

    response = client.get(address(image), headers={"If-None-Match": etag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert response["Cache-Control"] == PUBLIC_CACHE_CONTROL


def test_readers_cost_one_query(client, image, django_assert_num_queries):
    publish(ArticleFactory(lead_image=image))

    with django_assert_num_queries(1):
        answer(client, address(image))


def test_a_picture_no_story_uses_is_as_if_it_never_existed(client, image):
    assert same_as_nothing(client, image)


def test_a_picture_of_a_draft_is_as_if_it_never_existed(client, image):
    ArticleFactory(lead_image=image)

    assert same_as_nothing(client, image)


def test_a_picture_of_a_scheduled_story_waits_with_it(client, image):
    publication = publish(ArticleFactory(lead_image=image), visible_from=timezone.now() + HOUR)
    assert same_as_nothing(client, image)

    Publication.objects.filter(pk=publication.pk).update(visible_from=timezone.now() - HOUR)

    assert answer(client, address(image))[0].status_code == 200


def test_a_picture_goes_with_the_withdrawn_story_even_where_it_is_known(client, image):
    article = ArticleFactory(lead_image=image)
    publish(article)
    etag = answer(client, address(image))[0]["ETag"]

    workflow.withdraw(article, by=UserFactory(role="chief"), note="Zurück.")

    assert client.get(address(image), headers={"If-None-Match": etag}).status_code == 404
    assert same_as_nothing(client, image)


def test_a_picture_that_a_correction_replaced_is_gone(client, image):
    article = ArticleFactory(lead_image=image)
    publish(article)
    article.lead_image = None
    article.save()
    publish(article)

    assert same_as_nothing(client, image)


def test_a_new_picture_of_an_unpublished_change_is_hidden(client, image):
    article = ArticleFactory()
    publish(article)
    article.lead_image = image
    article.save()

    assert same_as_nothing(client, image)


@pytest.mark.parametrize(
    "size", ["original", "w481", "W480", "w480.webp", "thumb", "16x9-481-avif", "3x2-480", "w480-gif"]
)
def test_a_size_that_does_not_exist_is_not_made(client, image, size):
    publish(ArticleFactory(lead_image=image))

    assert client.get(f"/medien/{image.token}/{size}").status_code == 404


@pytest.mark.parametrize("path", ["/medien/", "/medien/../../etc/passwd", "/medien/%2e%2e/w480", "/medien//w480"])
def test_no_other_address_below_media_answers(client, path):
    assert client.get(path).status_code == 404


def test_the_desk_sees_a_hidden_picture_privately(client, image):
    client.force_login(UserFactory(role="reporter"))

    response, body = answer(client, address(image))

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert body


@pytest.mark.parametrize("stranger", [{"is_staff": True}, {"is_staff": False}, {"role": "reporter", "is_staff": False}])
def test_a_login_without_the_right_sees_nothing(client, image, stranger):
    client.force_login(UserFactory(**stranger))

    assert client.get(address(image)).status_code == 404


def test_a_session_cookie_that_means_nothing_sees_nothing(client, image, settings):
    client.cookies[settings.SESSION_COOKIE_NAME] = "erfunden"

    assert client.get(address(image)).status_code == 404


def test_a_row_whose_file_is_lost_is_answered_by_the_next_best(client, image):
    publish(ArticleFactory(lead_image=image))
    rendition = image.renditions.get(name="w480")
    rendition.file.storage.delete(rendition.file.name)

    response, body = answer(client, address(image))

    with image.renditions.get(name="w480-jpeg").file.open("rb") as file:
        assert (response.status_code, response["Content-Type"], body) == (200, "image/jpeg", file.read())


def test_a_picture_all_of_whose_files_are_lost_answers_404(client, image):
    publish(ArticleFactory(lead_image=image))
    for rendition in image.renditions.all():
        rendition.file.storage.delete(rendition.file.name)

    assert client.get(address(image)).status_code == 404
