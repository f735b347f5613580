"""What a picture costs from upload to the last size, how many bytes each format takes, and how the library searches.

    python -m bench.pictures [PHOTO] [--library 100000]

PHOTO is a file of one's own; without one a scene of 24 megapixels is made up, with the noise of a sensor. Works in a
database (`bench_pictures`) and a media folder of its own, both gone at the end.
"""

import argparse
import io
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import PIL.Image
import PIL.ImageChops
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection

from bench.databases import own_database

from articles import picture_search, pictures, renditions  # isort: skip - Django is set up by the line above
from articles.models import Image  # isort: skip

MEGAPIXELS_24 = (6000, 4000)
RUNS = 3


def photo() -> bytes:
    """Soft shapes, hard edges and the noise of a sensor: JPEG of about 10 MB."""
    plane = PIL.Image.effect_mandelbrot((1500, 1000), (-2.2, -1.2, 1.0, 1.2), 90).resize(MEGAPIXELS_24)
    gradient = PIL.Image.linear_gradient("L").resize(MEGAPIXELS_24)
    texture = PIL.Image.effect_noise((2400, 1600), 60).resize(MEGAPIXELS_24)
    noise = PIL.ImageChops.blend(PIL.Image.effect_noise(MEGAPIXELS_24, 60), texture, 0.5)
    channels = [
        PIL.ImageChops.blend(PIL.ImageChops.blend(plane, gradient, share), noise, 0.25) for share in (0.2, 0.5, 0.8)
    ]
    target = io.BytesIO()
    PIL.Image.merge("RGB", channels).save(target, "JPEG", quality=92)
    return target.getvalue()


def median_seconds(act: Callable[[], object]) -> float:
    times = []
    for _run in range(RUNS):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def measure_picture(data: bytes) -> None:
    opened = PIL.Image.open(io.BytesIO(data))
    print(f"{opened.width} × {opened.height}, {len(data) / 1e6:.1f} MB")
    store = median_seconds(lambda: pictures.store_upload(ContentFile(data, "foto.jpg"), by=None))
    print(f"upload until a person sees it: {store:.2f} s")
    waits = list(Image.objects.values_list("pk", flat=True))
    rest = statistics.median([_seconds(renditions.make, pk) for pk in waits])
    image = Image.objects.get(pk=waits[0])
    print(f"all other sizes, by job: {rest:.2f} s; {image.renditions.count()} sizes in all")
    by_kind: dict[str, int] = defaultdict(int)
    for rendition in image.renditions.order_by("width"):
        size = renditions.SIZES[rendition.name]
        by_kind[size.kind] += rendition.file.size
        if size.shape == "whole":
            print(f"  {rendition.name:11} {rendition.width:5} px {rendition.file.size / 1000:8.1f} kB")
    print(
        f"original {image.original.size / 1e6:.1f} MB; "
        + ", ".join(f"{kind} {n / 1e6:.2f} MB" for kind, n in by_kind.items())
    )


def _seconds(act: Callable[[int], object], argument: int) -> float:
    began = time.perf_counter()
    act(argument)
    return time.perf_counter() - began


def measure_library(count: int) -> None:
    """Pictures as rows alone, one in a thousand with a word of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_image (token, original, width, height, sha256, title, alt, caption, credit, file_name)"
            " SELECT substr(md5(n::text), 1, 22), 'x', 1600, 900, md5(n::text), 'Start ' || n,"
            " 'Rennwagen in der Boxengasse', CASE WHEN n %% 1000 = 0 THEN 'Seltenheit' ELSE 'Regen am Ring' END,"
            " 'Foto: Agentur ' || n %% 50, 'DSC_' || n || '.JPG' FROM generate_series(1, %s) n",
            [count],
        )
        cursor.execute("ANALYZE articles_image")
    for words in ("boxengasse", "seltenheit", "boxengasse seltenheit", "dsc 4711", "gibtesnicht"):
        found = picture_search.search(Image.objects.all(), words)
        page = median_seconds(lambda found=found: list(found[:48]))  # type: ignore[misc]
        counted = median_seconds(found.count)
        print(f"{words:24} page {page * 1000:7.1f} ms, count {counted * 1000:7.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", nargs="?", type=Path)
    parser.add_argument("--library", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, own_database("bench_pictures", keep=False):
        settings.MEDIA_ROOT = folder
        call_command("migrate", verbosity=0)
        measure_picture(asked.photo.read_bytes() if asked.photo else photo())
        measure_library(asked.library)


if __name__ == "__main__":
    main()
