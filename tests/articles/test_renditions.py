"""The fixed sizes: what follows from a picture's measures, crops around the focal point, making what is missing."""

import io

import PIL.Image
import pytest
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from articles import pictures, renditions
from articles.models import Publication, Rendition
from articles.stories import Picture, get_story
from tests.articles.picture_files import picture, upload
from tests.factories import ArticleFactory, UserFactory, publish


def stored(data=None, **texts):
    return pictures.store_upload(upload(data or picture(1700, 960)), by=None, alt="Rot", credit="Foto: x", **texts)


def halves():
    """Red on the left, blue on the right."""
    scene = PIL.Image.new("RGB", (1600, 800), "red")
    scene.paste(PIL.Image.new("RGB", (800, 800), "blue"), (800, 0))
    target = io.BytesIO()
    scene.save(target, "PNG")
    return target.getvalue()


def pixel(image, name, place=(0.5, 0.5)):
    with image.renditions.get(name=name).file.open("rb") as file:
        opened = PIL.Image.open(file).convert("RGB")
        return opened.getpixel((int(opened.width * place[0]), int(opened.height * place[1])))


def media_type(client, path):
    response = client.get(path)
    assert (response.status_code, bool(response.getvalue())) == (200, True)
    return response["Content-Type"]


@pytest.mark.parametrize(
    ("measures", "shape", "focus", "box"),
    [
        ((6000, 4000), "whole", (0, 0), (0, 0, 6000, 4000)),
        ((6000, 4000), "16x9", (50, 50), (0, 312, 6000, 3687)),
        ((6000, 4000), "16x9", (50, 0), (0, 0, 6000, 3375)),
        ((6000, 4000), "16x9", (50, 100), (0, 625, 6000, 4000)),
        ((6000, 4000), "1x1", (0, 50), (0, 0, 4000, 4000)),
        ((6000, 4000), "1x1", (40, 50), (400, 0, 4400, 4000)),
        ((6000, 4000), "1x1", (100, 50), (2000, 0, 6000, 4000)),
        ((800, 2400), "4x3", (50, 30), (0, 420, 800, 1020)),
        ((1, 1), "16x9", (50, 50), (0, 0, 1, 1)),
        ((4000, 1), "1x1", (99, 99), (3960, 0, 3961, 1)),
    ],
)
def test_a_crop_is_the_largest_of_its_shape_around_the_focal_point(measures, shape, focus, box):
    assert renditions.crop_box(*measures, shape, focus) == box


@pytest.mark.parametrize("measures", [(1, 1), (3, 4000), (4000, 3), (480, 480), (961, 540), (6000, 4000)])
def test_every_size_of_every_picture_is_within_it_and_none_is_made_twice(measures):
    sizes = renditions.wanted(*measures)

    made = [(size.shape, size.kind, size.measure(*measures)) for size in sizes]
    assert len(set(made)) == len(made)
    assert all(1 <= width <= measures[0] and 1 <= height <= measures[1] for _, _, (width, height) in made)
    assert {(size.shape, size.kind) for size in sizes} == {
        (shape, kind) for shape in renditions.SHAPES for kind in renditions.FORMATS
    }


def test_a_photograph_has_all_sizes_and_a_picture_of_the_smallest_width_twelve():
    assert {size.name for size in renditions.wanted(6000, 4000)} == set(renditions.SIZES)
    assert len(renditions.wanted(480, 320)) == 12


def test_names_that_were_published_before_there_were_crops_stay():
    assert {name: renditions.SIZES[name].media_type for name in ("w480", "w960", "w1600", "social")} == {
        "w480": "image/webp",
        "w960": "image/webp",
        "w1600": "image/webp",
        "social": "image/jpeg",
    }


@pytest.mark.parametrize("name", list(renditions.SIZES))
def test_whatever_is_not_made_yet_has_a_stand_in_that_is_made_at_once(name):
    at_once = {size.name for size in renditions.AT_ONCE}

    assert at_once & set(renditions.in_place_of(renditions.SIZES[name]))
    assert renditions.in_place_of(renditions.SIZES[name])[0] == name


@pytest.mark.django_db
class TestMaking:
    def test_the_job_makes_what_is_missing_and_nothing_twice(self):
        image = stored()
        at_once = set(image.renditions.values_list("pk", flat=True))

        assert renditions.make(image.pk) == len(renditions.wanted(1700, 960)) - len(at_once)
        rows = set(image.renditions.values_list("pk", flat=True))
        assert renditions.make(image.pk) == 0
        assert set(image.renditions.values_list("pk", flat=True)) == rows > at_once

    def test_every_file_is_what_its_row_says(self):
        image = stored()
        renditions.make(image.pk)

        for rendition in image.renditions.all():
            with rendition.file.open("rb") as file:
                opened = PIL.Image.open(file)
                assert opened.size == (rendition.width, rendition.height)
                assert (
                    PIL.Image.MIME[opened.format] == rendition.media_type == renditions.SIZES[rendition.name].media_type
                )

    def test_a_picture_that_is_gone_is_no_work(self):
        assert renditions.make(4711) == 0

    def test_what_a_killed_worker_left_is_written_anew(self):
        image = stored()
        path = f"renditions/{image.token[:2]}/{image.token}/w480.webp"
        with default_storage.open(path, "wb") as file:
            file.write(b"half a fi")

        renditions.make(image.pk)

        rendition = image.renditions.get(name="w480")
        assert rendition.file.name == path
        with rendition.file.open("rb") as file:
            assert PIL.Image.open(file).size == (480, 271)

    def test_progress_counts_what_is_made(self):
        image = stored()
        before = renditions.progress(image)
        renditions.make(image.pk)

        assert before == (5, len(renditions.wanted(1700, 960)))
        assert renditions.progress(image) == (before[1], before[1])

    def test_another_focal_point_cuts_the_crops_anew_and_leaves_no_file_behind(self):
        image = stored(halves())
        renditions.make(image.pk)
        assert pixel(image, "1x1-480-jpeg", (0.2, 0.5))[0] > 200

        pictures.change(image, by=UserFactory(role="pictures"), focal_x=90)
        renditions.make(image.pk)

        assert pixel(image, "1x1-480-jpeg", (0.02, 0.5))[2] > 200
        names = set(image.renditions.values_list("file", flat=True))
        folder = f"renditions/{image.token[:2]}/{image.token}"
        assert {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]} == names
        assert {row.focus for row in image.renditions.all()} == {"", "90-50"}

    def test_the_whole_picture_does_not_care_for_the_focal_point(self):
        image = stored()
        renditions.make(image.pk)
        whole = set(image.renditions.filter(focus="").values_list("pk", "file"))

        pictures.change(image, by=UserFactory(role="pictures"), focal_y=10)
        renditions.make(image.pk)

        assert set(image.renditions.filter(focus="").values_list("pk", "file")) == whole


@pytest.mark.django_db
class TestPages:
    def test_sizes_made_after_publication_are_used_without_a_new_version(self, client):
        image = stored()
        publication = publish(ArticleFactory(slug="start", lead_image=image))
        before = client.get("/artikel/start/").content
        assert media_type(client, f"/medien/{image.token}/w960-avif") == "image/jpeg"

        renditions.make(image.pk)

        assert client.get("/artikel/start/").content == before
        assert media_type(client, f"/medien/{image.token}/w960-avif") == "image/avif"
        assert Publication.objects.get().pk == publication.pk

    def test_every_address_a_page_names_answers_with_a_picture_of_the_named_shape(self, client):
        image = stored()
        publish(ArticleFactory(slug="start", lead_image=image))
        story = get_story("start")

        for shape in renditions.SHAPES:
            for source in story.picture.cut(shape).sources:
                response = client.get(source.address)
                opened = PIL.Image.open(io.BytesIO(response.getvalue()))
                assert opened.width / opened.height == pytest.approx(source.width / source.height, rel=0.01)

    def test_a_picture_of_the_first_release_shows_before_its_crops_are_made(self, client):
        image = stored()
        image.renditions.exclude(name="social").delete()
        publish(ArticleFactory(slug="start", lead_image=image))

        assert media_type(client, f"/medien/{image.token}/16x9-960-webp") == "image/jpeg"


def kept(**values):
    return {
        "alt": "Rot",
        "caption": "",
        "credit": "x",
        "width": 1700,
        "height": 960,
        "token": "A" * 22,
        "renditions": [{}],
        **values,
    }


def test_a_picture_offers_avif_before_webp_before_jpeg_with_its_measures():
    html = render_to_string(
        "components/picture.html", {"picture": Picture.from_kept(kept()), "sizes": "100vw", "eager": True}
    )

    base = f"/medien/{'A' * 22}/"
    assert (
        html.split()
        == (
            "<picture>"
            f' <source type="image/avif" srcset="{base}w480-avif 480w, {base}w960-avif 960w, {base}w1600-avif 1600w" sizes="100vw">'
            f' <source type="image/webp" srcset="{base}w480 480w, {base}w960 960w, {base}w1600 1600w" sizes="100vw">'
            f' <img src="{base}social"'
            f' srcset="{base}w480-jpeg 480w, {base}w960-jpeg 960w, {base}social 1200w, {base}w1600-jpeg 1600w"'
            ' sizes="100vw" width="1200" height="678" alt="Rot" fetchpriority="high" decoding="async">'
            " </picture>"
        ).split()
    )


def test_a_crop_in_a_list_is_lazy_and_says_nothing():
    shown = Picture.from_kept(kept())
    html = render_to_string(
        "components/picture.html", {"picture": shown, "cut": shown.wide, "sizes": "10rem", "decorative": True}
    )

    assert '/16x9-960-avif 960w" sizes="10rem"' in html
    assert '/16x9-1200-jpeg" srcset=' in html
    assert 'width="1200" height="675" alt="" loading="lazy"' in html


def test_a_picture_without_any_file_is_not_shown():
    assert Picture.from_kept(kept(renditions=[])) is None
    assert Picture.from_kept(None) is None


@pytest.mark.django_db
def test_a_row_is_never_written_for_a_picture_that_was_deleted_meanwhile():
    image = stored()
    pixels = PIL.Image.new("RGB", (1700, 960))
    type(image).objects.filter(pk=image.pk).delete()

    made = renditions._make_one(image, pixels, renditions.SIZES["w480"])

    assert (made, Rendition.objects.count()) == (False, 0)
    assert "w480.webp" not in default_storage.listdir(f"renditions/{image.token[:2]}/{image.token}")[1]
