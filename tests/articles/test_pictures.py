"""What becomes of an uploaded picture, and which files are no pictures."""

import io
import struct
from pathlib import Path

import PIL.Image
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from PIL import ImageCms

from articles import pictures, renditions
from articles.models import Image, Rendition
from tests.articles.picture_files import photo_with_iptc, photo_with_metadata, picture, png_header, upload
from tests.factories import ArticleFactory, UserFactory, publish

pytestmark = pytest.mark.django_db


def store(data, **texts):
    return pictures.store_upload(upload(data), by=UserFactory(role="pictures"), title="Start", **texts)


def stored_files():
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def opened(file):
    with file.open("rb") as handle:
        return PIL.Image.open(io.BytesIO(handle.read()))


def test_a_picture_is_stored_with_the_sizes_that_cannot_wait():
    image = store(picture(2000, 1000), alt="Rot", credit="Foto: Redaktion", caption="Alles rot")

    assert (image.width, image.height, image.alt, image.caption) == (2000, 1000, "Rot", "Alles rot")
    assert list(image.renditions.order_by("name").values_list("name", "width", "height", "media_type")) == [
        ("16x9-480-jpeg", 480, 270, "image/jpeg"),
        ("1x1-480-jpeg", 480, 480, "image/jpeg"),
        ("4x3-480-jpeg", 480, 360, "image/jpeg"),
        ("social", 1200, 600, "image/jpeg"),
        ("w480-jpeg", 480, 240, "image/jpeg"),
    ]


def test_a_small_picture_is_never_enlarged():
    image = store(picture(300, 200))

    assert set(image.renditions.values_list("name", "width", "height")) == {
        ("w480-jpeg", 300, 200),
        ("16x9-480-jpeg", 300, 169),
        ("4x3-480-jpeg", 267, 200),
        ("1x1-480-jpeg", 200, 200),
    }


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_four_formats_are_accepted(file_format):
    assert store(picture(64, 48, file_format)).width == 64


@pytest.mark.parametrize(
    ("mode", "colour"),
    [("L", 120), ("CMYK", (0, 100, 100, 0)), ("P", 3), ("RGBA", (200, 0, 0, 90)), ("1", 1), ("I;16", 900)],
)
def test_every_mode_of_colour_becomes_a_picture(mode, colour):
    file_format = "JPEG" if mode == "CMYK" else "PNG"

    assert store(picture(64, 48, file_format, mode, colour)).renditions.get(name="w480-jpeg").width == 64


def test_transparency_stays_and_is_white_where_a_format_has_none():
    image = store(picture(64, 48, "PNG", "RGBA", (255, 0, 0, 0)))

    assert opened(image.original).mode == "RGBA"
    assert opened(image.renditions.get(name="w480-jpeg").file).getpixel((5, 5)) == (255, 255, 255)
    renditions.make(image.pk)
    assert {opened(image.renditions.get(name=name).file).mode for name in ("w480", "w480-avif")} == {"RGBA"}


def test_a_picture_stands_upright_and_keeps_no_metadata_anywhere():
    image = store(photo_with_metadata())
    renditions.make(image.pk)

    assert (image.width, image.height) == (300, 800)
    for file in [image.original, *(rendition.file for rendition in image.renditions.all())]:
        copy = opened(file)
        assert dict(copy.getexif()) == {}
        assert {"exif", "comment", "icc_profile", "photoshop", "xmp"} & set(copy.info) == set()
    red, _, blue = opened(image.original).getpixel((150, 100))
    assert red > 200 > blue
    assert all(b"geheim" not in path.read_bytes() and b"Beispiel" not in path.read_bytes() for path in stored_files())


def test_caption_and_credit_are_proposed_from_the_file():
    image = store(photo_with_metadata(credit="Foto: K. Beispiel", caption="Start in Sakhir"))

    assert (image.caption, image.credit) == ("Start in Sakhir", "Foto: K. Beispiel")


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_an_agencys_caption_is_read_in_its_charset(charset):
    image = store(photo_with_iptc("Grün über Rädern".encode(charset), "Agentur Müller".encode(charset)))

    assert (image.caption, image.credit) == ("Grün über Rädern", "Agentur Müller")


def test_what_a_person_wrote_wins_over_the_file():
    image = store(photo_with_metadata(), credit="Foto: Redaktion", caption="Unser Text")

    assert (image.caption, image.credit) == ("Unser Text", "Foto: Redaktion")


GIF_AND_HTML = b"GIF89a/*" + picture(8, 8, "GIF", "P", 1)[8:] + b"*/=1;<script>alert(1)</script>"
NO_PICTURE = "Die Datei ist kein Bild. Angenommen werden nur JPEG, PNG, WebP und AVIF."
MARKUP = "Die Datei enthält HTML oder SVG. Angenommen werden nur JPEG, PNG, WebP und AVIF."
DAMAGED = "Das Bild ist beschädigt oder unvollständig."
TOO_LARGE = "Das Bild hat zu viele Bildpunkte; höchstens 40 Megapixel werden angenommen."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', MARKUP),
        (b'<?xml version="1.0"?><!DOCTYPE svg><x/>', MARKUP),
        (b"<!DOCTYPE html><html><body>kein Bild</body></html>", MARKUP),
        (b"\xff\xd8\xff\xe0<script>alert(1)</script>", MARKUP),
        (picture() + b"<html><script>alert(1)</script></html>", MARKUP),
        (GIF_AND_HTML, MARKUP),
        (picture(8, 8, "GIF", "P", 1), NO_PICTURE),
        (picture(8, 8, "BMP"), NO_PICTURE),
        (picture(8, 8, "TIFF"), NO_PICTURE),
        (b"%PDF-1.7 nichts", NO_PICTURE),
        (b"", NO_PICTURE),
        (picture()[:-400], DAMAGED),
        (picture(800, 600, "PNG")[:300], DAMAGED),
        (png_header(400, 300), DAMAGED),
        (picture(100, 100, "PNG").partition(b"IEND")[0], DAMAGED),
        (png_header(30_000, 30_000), TOO_LARGE),
        (png_header(8_000, 5_001), TOO_LARGE),
        (png_header(1, 60_000_000), TOO_LARGE),
    ],
)
def test_what_is_no_harmless_picture_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(pictures.PictureRefused) as refusal:
        store(data)

    assert str(refusal.value) == sentence
    assert not Image.objects.exists()
    assert stored_files() == []


def test_a_file_that_is_too_long_is_refused_unread(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 1024 * 1024)

    with pytest.raises(pictures.PictureRefused, match="höchstens 1 MB"):
        store(b"\0" * (1024 * 1024 + 1))


def test_a_disk_that_fails_leaves_neither_row_nor_file(monkeypatch):
    save = default_storage.save

    def fill_up(name, content, max_length=None):
        if "4x3-480" in name:
            raise OSError(28, "No space left on device")
        return save(name, content, max_length)

    monkeypatch.setattr(default_storage, "save", fill_up)

    with pytest.raises(pictures.PictureRefused, match="Ist die Platte voll"):
        store(picture())
    assert not Image.objects.exists()
    assert not Rendition.objects.exists()
    assert stored_files() == []


@pytest.mark.parametrize(("role", "may"), [("reporter", True), ("pictures", True), ("results", False), (None, False)])
def test_uploading_needs_the_right(role, may):
    by = UserFactory(role=role)
    if may:
        assert pictures.store_upload(upload(picture(8, 8)), by=by, title="x").uploaded_by == by
    else:
        with pytest.raises(PermissionDenied):
            pictures.store_upload(upload(picture(8, 8)), by=by, title="x")


def test_a_picture_in_use_is_kept_and_its_users_are_named():
    image = store(picture(), alt="Rot", credit="Foto: Redaktion")
    ArticleFactory(title="Entwurf", lead_image=image)
    published = ArticleFactory(title="Veröffentlicht", lead_image=image)
    publish(published)
    published.lead_image = None
    published.save()

    with pytest.raises(pictures.PictureInUse) as refusal:
        pictures.trash(image, by=UserFactory(role="pictures"))

    assert refusal.value.users == ["Entwurf", "Veröffentlicht"]
    assert str(refusal.value) == "Das Bild wird verwendet in: Entwurf, Veröffentlicht."
    assert Image.objects.kept().get() == image


def test_a_reporter_cannot_delete_a_picture():
    with pytest.raises(PermissionDenied):
        pictures.trash(store(picture()), by=UserFactory(role="reporter"))


def exif_of(tiff):
    """A JPEG with that block of Exif, written by hand."""
    data, block = picture(640, 480), b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


def entry(tag, kind, count, value):
    return struct.pack(">HHII", tag, kind, count, value)


@pytest.mark.parametrize(
    "tiff",
    [
        b"MM\0*"
        + struct.pack(">IH", 8, 3)
        + entry(0x010E, 2, 0xFFFFFFF0, 26)
        + entry(0x8769, 4, 1, 8)
        + entry(0x0112, 3, 0x7FFFFFFF, 8),
        b"MM\0*" + struct.pack(">IH", 0xFFFFFFF0, 1),
        b"II*\0" + b"\xff" * 200,
        b"",
    ],
)
def test_exif_that_is_made_to_hurt_costs_nothing_and_says_nothing(tiff):
    image = store(exif_of(tiff))

    assert (image.width, image.caption) == (640, "")


def test_colours_of_another_profile_are_shown_as_srgb_and_the_profile_is_dropped():
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    broken = store(picture(64, 48, icc_profile=b"kein Profil" * 20))
    of_another_kind = store(picture(65, 48, icc_profile=wide.tobytes()))

    for image in (broken, of_another_kind):
        assert "icc_profile" not in opened(image.original).info
        red, green, _ = opened(image.original).getpixel((5, 5))
        assert (red > 180, green < 60) == (True, True)
