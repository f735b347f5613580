"""The fixed sizes of a picture: which there are, how each is cut, and making those that are missing.

Addresses and measures of all sizes follow from a picture's own width and height. So a page names every size from the
moment of publication and never has to be frozen anew; whoever asks for one that is not made yet gets the next best
(`in_place_of`). Sizes are never larger than the picture, and none is made that a smaller one equals.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import PIL.Image
import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from articles.models import Image, Rendition
from articles.models.media import rendition_path

log = structlog.get_logger("articles.pictures")

# Widths over heights; None is the whole picture.
SHAPES: dict[str, tuple[int, int] | None] = {"whole": None, "16x9": (16, 9), "4x3": (4, 3), "1x1": (1, 1)}
SMALLEST = 480
WIDTHS = {"whole": (SMALLEST, 960, 1600), "16x9": (SMALLEST, 960), "4x3": (SMALLEST, 960), "1x1": (SMALLEST, 960)}
SHARED_WIDTH = 1200  # what networks and search engines ask of a picture
# From the quickest to make to the slowest. AVIF at speed 8: a tenth of the time of the default, 5 % more bytes.
FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpeg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
    "avif": ("AVIF", {"quality": 58, "speed": 8}),
}


@dataclass(frozen=True, slots=True)
class Size:
    """One of the fixed sizes: `name` is the last part of its address."""

    name: str
    shape: str
    width: int
    kind: str

    @property
    def media_type(self) -> str:
        return f"image/{self.kind}"

    @property
    def file_name(self) -> str:
        return f"{self.name}.{'jpg' if self.kind == 'jpeg' else self.kind}"

    def measure(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of this size of a picture so large."""
        left, upper, right, lower = crop_box(width, height, self.shape, (50, 50))
        across, down = right - left, lower - upper
        shown = min(self.width, across)
        return shown, max(1, round(down * shown / across))


def _name(shape: str, width: int, kind: str) -> str:
    """`w960` is the whole picture as WebP, as it was called when there was nothing else; stories of then name it so."""
    prefix = f"w{width}" if shape == "whole" else f"{shape}-{width}"
    return prefix if (shape, kind) == ("whole", "webp") else f"{prefix}-{kind}"


SOCIAL = Size("social", "whole", SHARED_WIDTH, "jpeg")
SIZES: dict[str, Size] = {
    size.name: size
    for size in (
        *(
            Size(_name(shape, width, kind), shape, width, kind)
            for kind, shape in product(FORMATS, SHAPES)
            for width in WIDTHS[shape]
        ),
        SOCIAL,
        *(
            Size(_name(shape, SHARED_WIDTH, "jpeg"), shape, SHARED_WIDTH, "jpeg")
            for shape in SHAPES
            if shape != "whole"
        ),
    )
}
# Made with the upload: a person sees the picture, and every other size has something to stand in for it.
AT_ONCE = (*(SIZES[_name(shape, SMALLEST, "jpeg")] for shape in SHAPES), SOCIAL)


def crop_box(width: int, height: int, shape: str, focus: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest part of that shape, its middle as near to the focal point (in percent) as the edges allow."""
    ratio = SHAPES[shape]
    if ratio is None:
        return 0, 0, width, height
    across = min(width, max(1, round(height * ratio[0] / ratio[1])))
    down = min(height, max(1, round(width * ratio[1] / ratio[0])))
    left = min(max(0, round(width * focus[0] / 100 - across / 2)), width - across)
    upper = min(max(0, round(height * focus[1] / 100 - down / 2)), height - down)
    return left, upper, left + across, upper + down


@lru_cache(maxsize=1024)
def wanted(width: int, height: int, *, shape: str | None = None) -> tuple[Size, ...]:
    """The sizes a picture so large has. A size that would equal a smaller one of its kind is left out."""
    found: dict[tuple[str, str, tuple[int, int]], Size] = {}
    for size in sorted(SIZES.values(), key=lambda one: one.width):
        if shape in {None, size.shape}:
            found.setdefault((size.shape, size.kind, size.measure(width, height)), size)
    return tuple(found.values())


def missing(image: Image, among: Iterable[Size] | None = None) -> list[Size]:
    """Sizes that are not made yet, and crops around a point that is no longer the focal one; quick ones first."""
    made = dict(image.renditions.values_list("name", "focus"))
    sizes = wanted(image.width, image.height) if among is None else among
    lacking = [size for size in sizes if size.name not in made or made[size.name] != _focus(image, size)]
    return sorted(lacking, key=lambda size: (list(FORMATS).index(size.kind), size.width))


def progress(image: Image) -> tuple[int, int]:
    """How many sizes are made, and how many there will be."""
    made = {(one.name, one.focus) for one in image.renditions.all()}
    sizes = wanted(image.width, image.height)
    return sum((size.name, _focus(image, size)) in made for size in sizes), len(sizes)


def in_place_of(size: Size) -> list[str]:
    """Names to look for when that size is asked, best first: itself, its own shape as JPEG, the whole picture as JPEG.

    Every browser shows JPEG, whatever it asked for.
    """
    plain = [one for one in SIZES.values() if one.kind == "jpeg" and one.shape == size.shape]
    nearest = sorted(plain, key=lambda one: (one.width < size.width, abs(one.width - size.width)))
    # Pictures of the first release have no crops until `manage.py pictures renditions` has run.
    whole = [] if size.shape == "whole" else [SOCIAL]
    return list(dict.fromkeys([size.name, *(one.name for one in [*nearest, *whole])]))


def make(pk: int) -> int:
    """Make every size that a picture lacks; returns how many. Twice is once, and a run that was killed is taken up.

    Run in the background, one at a time for a picture.
    """
    image = Image.objects.filter(pk=pk).first()
    if image is None:
        return 0
    lacking = missing(image)
    if not lacking:
        return 0
    with image.original.open("rb") as file:
        pixels = PIL.Image.open(file)
        pixels.load()
    return sum(_make_one(image, pixels, size) for size in lacking)


def _make_one(image: Image, pixels: PIL.Image.Image, size: Size) -> bool:
    """The file first, then its row: a row always has a file. A former crop's file goes when its row has let go of it."""
    former = Rendition.objects.filter(image=image, name=size.name).values_list("file", flat=True).first()
    rendition = rendered(image, pixels, size)
    with transaction.atomic():
        # Who deletes a picture holds its row, too.
        still_there = Image.objects.select_for_update(no_key=True).filter(pk=image.pk).exists()
        if still_there:
            values = {name: getattr(rendition, name) for name in ("media_type", "width", "height", "focus")}
            values["file"] = rendition.file.name
            Rendition.objects.update_or_create(image=image, name=size.name, defaults=values)
    old = former if still_there else str(rendition.file.name)
    if old and (old != rendition.file.name or not still_there):
        default_storage.delete(old)
    return still_there


def rendered(image: Image, pixels: PIL.Image.Image, size: Size) -> Rendition:
    """A rendition whose file is written and whose row is not."""
    width, height = size.measure(*pixels.size)
    focus = (image.focal_x, image.focal_y)
    box = crop_box(*pixels.size, size.shape, focus)
    scaled = pixels.resize((width, height), PIL.Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    if size.kind == "jpeg" and scaled.mode == "RGBA":
        scaled = _on_white(scaled)
    rendition = Rendition(
        image=image,
        name=size.name,
        media_type=size.media_type,
        width=width,
        height=height,
        focus=_focus(image, size),
    )
    # What a killed worker left under this name has no row.
    default_storage.delete(rendition_path(rendition, size.file_name))
    file_format, options = FORMATS[size.kind]
    rendition.file.save(size.file_name, encoded(scaled, file_format, options), save=False)
    return rendition


def paths(image: Image) -> list[str]:
    """Every name under which a rendition of this picture may lie, half written ones too."""
    return [
        rendition_path(Rendition(image=image, name=size.name, focus=_focus(image, size)), size.file_name)
        for size in SIZES.values()
    ]


def encoded(pixels: PIL.Image.Image, file_format: str, options: dict[str, Any]) -> ContentFile[bytes]:
    target = io.BytesIO()
    pixels.save(target, file_format, **options)
    return ContentFile(target.getvalue())


def _on_white(pixels: PIL.Image.Image) -> PIL.Image.Image:
    white = PIL.Image.new("RGB", pixels.size, "white")
    white.paste(pixels, mask=pixels.getchannel("A"))
    return white


def _focus(image: Image, size: Size) -> str:
    return image.focus if SHAPES[size.shape] else ""
