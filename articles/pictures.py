"""The way of a picture into the library: looked at before it is decoded, re-encoded without metadata, in fixed sizes.

Nothing of the uploaded file reaches a reader: pixels are decoded and written anew, so places, embedded thumbnails and
whatever else was hidden in it are gone. Credit and caption are read as a proposal first.
"""

import hashlib
import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import PIL.Image
import structlog
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import ImageCms, ImageFile, ImageOps, IptcImagePlugin

from articles.models import Article, Image, Publication, Rendition
from articles.models.media import new_token, original_path, rendition_path

log = structlog.get_logger("articles.pictures")

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF"]
MARKUP = (b"<script", b"<html", b"<!doctype", b"<svg", b"<iframe")
# What Pillow's decoders raise for files that are broken or made to hurt.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError, TypeError, MemoryError)


@dataclass(frozen=True, slots=True)
class Size:
    """A rendition: at most `width` pixels wide, never larger than the picture itself."""

    name: str
    width: int
    file_format: str
    media_type: str
    options: dict[str, Any]

    @property
    def file_name(self) -> str:
        return f"{self.name}.{'jpg' if self.file_format == 'JPEG' else 'webp'}"


WEBP = {"quality": 80, "method": 4}
SIZES = (
    Size("w480", 480, "WEBP", "image/webp", WEBP),
    Size("w960", 960, "WEBP", "image/webp", WEBP),
    Size("w1600", 1600, "WEBP", "image/webp", WEBP),
    # Messengers and networks that build a card from a link read JPEG alone.
    Size("social", 1200, "JPEG", "image/jpeg", {"quality": 85, "optimize": True, "progressive": True}),
)


class PictureRefused(Exception):  # noqa: N818 - the desk's word for it
    """The file cannot become a picture of the library; the message says why, for the person who uploaded it."""


class PictureInUse(Exception):  # noqa: N818
    """The picture stands in stories; `users` names them."""

    def __init__(self, users: list[str]) -> None:
        super().__init__(_("The picture is used in: %(stories)s.") % {"stories": ", ".join(users)})
        self.users = users


@dataclass(frozen=True, slots=True)
class PictureTexts:
    """Caption and credit as the camera or the agency wrote them into the file; empty where there is none."""

    caption: str
    credit: str


def store_upload(
    file: File[bytes], *, by: User | None, title: str, alt: str = "", credit: str = "", caption: str = ""
) -> Image:
    """Check, decode, re-encode and store a picture in all sizes; empty credit and caption are taken from the file.

    `by` is None for a command run on the machine. Raises `PictureRefused`; then neither a row nor a file is left.
    """
    if by is not None and not by.has_perm("articles.add_image"):
        raise PermissionDenied
    data = _read(file)
    with _decoding():
        opened = _open(data)
        texts = _texts(opened)
        pixels = _pixels(opened)
    image = Image(
        token=new_token(),
        sha256=hashlib.sha256(data).hexdigest(),
        title=title[:160],
        alt=alt,
        credit=(credit or texts.credit)[:160],
        caption=(caption or texts.caption)[:300],
        uploaded_by=by,
    )
    _store(image, pixels)
    return image


def find_same(file: File[bytes]) -> Image | None:
    """The picture of the library that was made of this very file, if there is one. Raises `PictureRefused`."""
    return Image.objects.filter(sha256=hashlib.sha256(_read(file)).hexdigest()).first()


def users_of(image: Image) -> list[str]:
    """Titles of the stories that use the picture, drafts and all published versions; each once, in order."""
    drafts = Article.objects.filter(lead_image=image).values_list("title", flat=True)
    published = Publication.objects.filter(images=image).values_list("title", flat=True)
    return sorted({*drafts, *published})


@transaction.atomic
def delete(image: Image, *, by: User) -> None:
    """Delete a picture that no story ever used, with its files. Raises `PictureInUse`, naming the users."""
    if not by.has_perm("articles.delete_image"):
        raise PermissionDenied
    locked = Image.objects.select_for_update().get(pk=image.pk)
    if users := users_of(locked):
        raise PictureInUse(users)
    names = [locked.original.name, *locked.renditions.values_list("file", flat=True)]
    locked.delete()
    transaction.on_commit(lambda: _remove([name for name in names if name]))


def _read(file: File[bytes]) -> bytes:
    if file.size > MAX_BYTES:
        raise PictureRefused(
            _("The file has %(size)s MB; at most %(most)s MB are accepted.")
            % {"size": file.size // 1024**2, "most": MAX_BYTES // 1024**2}
        )
    file.seek(0)
    data: bytes = file.read(MAX_BYTES + 1)
    lowered = data.lower()
    if any(mark in lowered for mark in MARKUP):
        raise PictureRefused(_("The file holds HTML or SVG. Only JPEG, PNG, WebP and AVIF are accepted."))
    return data


@contextmanager
def _decoding() -> Iterator[None]:
    """Turn whatever a decoder raises into one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            # Odd metadata is none of the uploader's business: it is dropped.
            warnings.simplefilter("ignore", UserWarning)
            yield
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise _too_large() from None
    except PIL.UnidentifiedImageError:
        raise PictureRefused(_("The file is no picture. Only JPEG, PNG, WebP and AVIF are accepted.")) from None
    except BROKEN as error:
        log.info("picture refused", error=repr(error))
        raise PictureRefused(_("The picture is damaged or incomplete.")) from None


def _too_large() -> PictureRefused:
    return PictureRefused(
        _("The picture has too many pixels; at most %(most)s megapixels are accepted.")
        % {"most": MAX_PIXELS // 1_000_000}
    )


def _open(data: bytes) -> ImageFile.ImageFile:
    """The picture as its header describes it; no pixel is decoded yet."""
    opened: ImageFile.ImageFile = PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    if opened.width * opened.height > MAX_PIXELS:
        raise _too_large()
    return opened


def _pixels(opened: ImageFile.ImageFile) -> PIL.Image.Image:
    """The first frame, upright, in sRGB, with transparency where there is some; free of everything but pixels."""
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    transparent = upright.has_transparency_data
    converted = _in_srgb(upright).convert("RGBA" if transparent else "RGB")
    bare = PIL.Image.new(converted.mode, converted.size)
    bare.paste(converted)
    return bare


def _in_srgb(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Colours of another profile (a camera's, a printer's) as a screen shows them; a broken profile is ignored."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return picture
    return converted or picture


def _texts(opened: ImageFile.ImageFile) -> PictureTexts:
    try:
        iptc = IptcImagePlugin.getiptcinfo(opened) or {}
        exif = opened.getexif()
    except BROKEN:
        return PictureTexts("", "")
    return PictureTexts(
        caption=_words(iptc.get((2, 120))) or _words(exif.get(0x010E)),
        credit=_words(iptc.get((2, 110)))
        or _words(iptc.get((2, 80)))
        or _words(exif.get(0x013B))
        or _words(exif.get(0x8298)),
    )


def _words(value: object) -> str:
    """A text of the metadata as one clean line, whatever type and charset it was stored in."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, str) and all(char <= "\xff" for char in value):
        # Pillow reads Exif as Latin-1; cameras and agencies write UTF-8.
        value = value.encode("latin-1")
    text = _decoded(value) if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "ignore")


def _store(image: Image, pixels: PIL.Image.Image) -> None:
    """Row and files together; when one fails nothing stays behind."""
    try:
        with transaction.atomic():
            image.original.save(*_original(pixels), save=False)
            image.width, image.height = pixels.size
            image.save()
            for size in SIZES:
                _rendition(image, pixels, size).save()
    except OSError as error:
        _remove(_possible_files(image))
        log.exception("picture not stored")
        raise PictureRefused(_("The picture could not be stored. Is the disk full?")) from error
    except BaseException:
        _remove(_possible_files(image))
        raise


def _possible_files(image: Image) -> list[str]:
    """Every name under which a file of this picture may lie, half written ones too."""
    renditions = [rendition_path(Rendition(image=image, name=size.name), size.file_name) for size in SIZES]
    return [original_path(image, "original.jpg"), original_path(image, "original.png"), *renditions]


def _original(pixels: PIL.Image.Image) -> tuple[str, ContentFile[bytes]]:
    """The whole picture, re-encoded: PNG where it is transparent, else JPEG."""
    if pixels.mode == "RGBA":
        return "original.png", _encoded(pixels, "PNG", {"optimize": True})
    return "original.jpg", _encoded(pixels, "JPEG", {"quality": 92, "optimize": True})


def _rendition(image: Image, pixels: PIL.Image.Image, size: Size) -> Rendition:
    width = min(size.width, pixels.width)
    height = max(1, round(pixels.height * width / pixels.width))
    scaled = pixels.resize((width, height), PIL.Image.Resampling.LANCZOS)
    if size.file_format == "JPEG" and scaled.mode == "RGBA":
        white = PIL.Image.new("RGB", scaled.size, "white")
        white.paste(scaled, mask=scaled.getchannel("A"))
        scaled = white
    rendition = Rendition(image=image, name=size.name, media_type=size.media_type, width=width, height=height)
    rendition.file.save(size.file_name, _encoded(scaled, size.file_format, size.options), save=False)
    return rendition


def _encoded(pixels: PIL.Image.Image, file_format: str, options: dict[str, Any]) -> ContentFile[bytes]:
    target = io.BytesIO()
    pixels.save(target, file_format, **options)
    return ContentFile(target.getvalue())


def _remove(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
