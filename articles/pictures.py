"""The way of a picture into the library and out of it: looked at before it is decoded, re-encoded without metadata.

Nothing of the uploaded file reaches a reader: pixels are decoded and written anew, so places, embedded thumbnails and
whatever else was hidden in it are gone. Credit and caption are read as a proposal first. Every act on a picture is a
function of this module that asks for the person's permission itself.
"""

import datetime as dt
import hashlib
import io
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import PIL.Image
import structlog
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import ImageCms, ImageFile, ImageOps

from articles import picture_texts, renditions
from articles.models import Image, ImageBlock
from articles.models.media import new_token, original_path
from articles.picture_texts import BROKEN
from articles.signals import renditions_wait
from articles.usage import stories_with_picture

log = structlog.get_logger("articles.pictures")

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF"]
MARKUP = (b"<script", b"<html", b"<!doctype", b"<svg", b"<iframe")
# Texts a person may write; the rest of a picture stays as it was stored.
TEXTS = ("title", "alt", "caption", "credit", "rights_holder", "licence", "usable_until", "focal_x", "focal_y")
DAYS_IN_BIN = 30
# A picture of 40 megapixels takes half a gigabyte while it is decoded: one at a time in a process.
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)


class PictureRefused(Exception):  # noqa: N818 - the desk's word for it
    """The file cannot become a picture of the library; the message says why, for the person who uploaded it."""


class PictureInUse(Exception):  # noqa: N818
    """The picture stands in stories; `users` names them."""

    def __init__(self, users: list[str]) -> None:
        super().__init__(_("The picture is used in: %(stories)s.") % {"stories": ", ".join(users)})
        self.users = users


def store_upload(
    file: File[bytes],
    *,
    by: User | None,
    title: str = "",
    alt: str = "",
    credit: str = "",
    caption: str = "",
    rights_holder: str = "",
) -> Image:
    """Check, decode, re-encode and store a picture with the sizes that cannot wait; the others are asked for.

    Texts that are left empty are taken from the file. `by` is None for a command run on the machine. Raises
    `PictureRefused`; then neither a row nor a file is left.
    """
    if by is not None and not by.has_perm("articles.add_image"):
        raise PermissionDenied
    data = _read(file)
    with _ONE_AT_A_TIME:
        with _decoding():
            opened = _open(data)
            found = picture_texts.read(opened)
            pixels = _pixels(opened)
        file_name = (file.name or "")[-160:]
        image = Image(
            token=new_token(),
            sha256=hashlib.sha256(data).hexdigest(),
            file_name=file_name,
            title=(title or found.title or picture_texts.title_of(file_name) or _("Untitled picture"))[:160],
            alt=(alt or found.alt)[:300],
            credit=(credit or found.credit)[:160],
            caption=(caption or found.caption)[:300],
            rights_holder=(rights_holder or found.rights_holder)[:160],
            uploaded_by=by,
        )
        _store(image, pixels)
    return image


def find_same(file: File[bytes]) -> Image | None:
    """The picture of the library that was made of this very file, if there is one. Raises `PictureRefused`."""
    return Image.objects.filter(sha256=hashlib.sha256(_read(file)).hexdigest()).first()


def users_of(image: Image) -> list[str]:
    """Who uses the picture, each once: titles of stories, of drafts and of all published versions; authors it shows."""
    portraits = image.portrait_of.values_list("name", flat=True)
    return sorted({story.title for story in stories_with_picture(image)} | set(portraits))


@transaction.atomic
def change(image: Image, *, by: User, **texts: Any) -> Image:
    """Write texts, rights or the focal point; around another point the crops are cut anew. Returns the picture."""
    _require(by, "articles.change_image")
    if unknown := texts.keys() - set(TEXTS):
        raise ValueError(f"not to be changed: {sorted(unknown)}")
    locked = Image.objects.select_for_update().get(pk=image.pk)
    before = locked.focus
    for name, value in texts.items():
        setattr(locked, name, value)
    if texts:
        locked.save(update_fields=list(texts))
    if locked.focus != before:
        renditions_wait.send(sender=Image, image=locked.pk)
    return locked


@transaction.atomic
def trash(image: Image, *, by: User) -> None:
    """Put a picture that no story ever used into the bin. Raises `PictureInUse`, naming the users."""
    _require(by, "articles.delete_image")
    locked = Image.objects.select_for_update().get(pk=image.pk)
    if users := users_of(locked):
        raise PictureInUse(users)
    Image.objects.kept().filter(pk=locked.pk).update(trashed_at=Now())


@transaction.atomic
def restore(image: Image, *, by: User) -> None:
    """Take a picture out of the bin."""
    _require(by, "articles.delete_image")
    Image.objects.filter(pk=image.pk).update(trashed_at=None)


def empty_bin(*, before: dt.datetime | None = None) -> int:
    """Delete what has lain in the bin for 30 days, with its files; returns how many. What a story took up meanwhile stays.

    Run every night, and by hand as often as one likes.
    """
    limit = before or timezone.now() - dt.timedelta(days=DAYS_IN_BIN)
    return sum(_delete(pk) for pk in Image.objects.filter(trashed_at__lt=limit).values_list("pk", flat=True))


@transaction.atomic
def _delete(pk: int) -> bool:
    locked = Image.objects.select_for_update().in_bin().filter(pk=pk).first()
    if locked is None or users_of(locked):
        return False
    names = [locked.original.name, *locked.renditions.values_list("file", flat=True)]
    locked.delete()
    transaction.on_commit(lambda: remove([name for name in names if name]))
    return True


@transaction.atomic
def block(image: Image, *, by: User, reason: str) -> ImageBlock:
    """Take a picture out of every public page at once; the publications stay as they are. The reason stays inside.

    Blocking twice is blocking once. Raises ValueError without a reason.
    """
    _require(by, "articles.block_image")
    if not reason.strip():
        raise ValueError(_("A block needs a reason."))
    locked = Image.objects.select_for_update().get(pk=image.pk)
    standing = locked.blocks.open().first()
    return standing or ImageBlock.objects.create(image=locked, reason=reason.strip()[:300], blocked_by=by)


@transaction.atomic
def unblock(image: Image, *, by: User) -> bool:
    """Let the picture be seen again wherever it was published; whether it was blocked at all."""
    _require(by, "articles.block_image")
    locked = Image.objects.select_for_update().get(pk=image.pk)
    return bool(locked.blocks.open().update(lifted_at=Now(), lifted_by=by))


def _require(by: User, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied


def _read(file: File[bytes]) -> bytes:
    if file.size > MAX_BYTES:
        raise PictureRefused(
            _("The file has %(size)s MB; at most %(most)s MB are accepted.")
            % {"size": -(-file.size // 1024**2), "most": MAX_BYTES // 1024**2}
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
    if opened.format == "PNG" and b"IEND" not in data:
        # The decoder is content once it has all pixels; a file that was cut off shall be sent again.
        raise EOFError("a PNG without its end")
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
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return converted or picture


def _store(image: Image, pixels: PIL.Image.Image) -> None:
    """Row and files together; when one fails nothing stays behind."""
    try:
        with transaction.atomic():
            image.original.save(*_original(pixels), save=False)
            _settle(str(image.original.name))
            image.width, image.height = pixels.size
            image.save()
            for size in renditions.missing(image, _at_once(image)):
                renditions.rendered(image, pixels, size).save()
            renditions_wait.send(sender=Image, image=image.pk)
    except OSError as error:
        remove(_possible_files(image))
        log.exception("picture not stored")
        raise PictureRefused(_("The picture could not be stored. Is the disk full?")) from error
    except BaseException:
        remove(_possible_files(image))
        raise


def _at_once(image: Image) -> list[renditions.Size]:
    return [size for size in renditions.wanted(image.width, image.height) if size in renditions.AT_ONCE]


def _settle(name: str) -> None:
    """Have the original on the disk before its row is: a power cut may cost a rendition, which can be made again."""
    with suppress(NotImplementedError):  # a storage that is no folder answers for itself
        path = Path(default_storage.path(name))
        for place in (path, path.parent):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _possible_files(image: Image) -> list[str]:
    """Every name under which a file of this picture may lie, half written ones too."""
    return [original_path(image, "original.jpg"), original_path(image, "original.png"), *renditions.paths(image)]


def _original(pixels: PIL.Image.Image) -> tuple[str, ContentFile[bytes]]:
    """The whole picture, re-encoded: PNG where it is transparent, else JPEG."""
    if pixels.mode == "RGBA":
        return "original.png", renditions.encoded(pixels, "PNG", {"optimize": True})
    return "original.jpg", renditions.encoded(pixels, "JPEG", {"quality": 92, "optimize": True})


def remove(names: list[str]) -> None:
    """Delete files by their names below the media folder; those that are gone already are no fault."""
    for name in names:
        default_storage.delete(name)


def reasons_not_to_publish(image: Image) -> list[str]:
    """Why readers may not see the picture, whatever its texts; German sentences, empty where nothing speaks against it."""
    reasons = []
    if image.trashed_at:
        reasons.append(_("The picture “%(title)s” is in the bin.") % {"title": image.title})
    if standing := image.blocks.open().first():
        reasons.append(
            _("The picture “%(title)s” is blocked: %(reason)s") % {"title": image.title, "reason": standing.reason}
        )
    if image.usable_until is not None and image.has_expired:
        reasons.append(
            _("The picture “%(title)s” was usable until %(day)s.")
            % {"title": image.title, "day": image.usable_until.strftime("%d.%m.%Y")}
        )
    return reasons


def warnings_before_publishing(image: Image, *, days: int = 14) -> list[str]:
    """What to know of a picture that may go out today: its time of use that soon ends."""
    if image.usable_until is None or image.has_expired:
        return []
    left = (image.usable_until - timezone.localdate()).days
    if left > days:
        return []
    words = ngettext(
        "The picture “%(title)s” is usable until %(day)s only: %(left)s more day.",
        "The picture “%(title)s” is usable until %(day)s only: %(left)s more days.",
        left,
    )
    return [words % {"title": image.title, "day": image.usable_until.strftime("%d.%m.%Y"), "left": left}]
