"""The media folder and the table of pictures held against each other: files without a row, rows without a file."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.utils import timezone

from articles.models import Image, Rendition
from articles.signals import renditions_wait

FOLDERS = ("originals", "renditions")
# An upload writes its files before its rows; what is younger may be one under way.
SETTLED = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not belong together: names of files nobody knows, of originals and of renditions that are lost."""

    orphans: tuple[str, ...]
    lost_originals: tuple[str, ...]
    lost_renditions: tuple[str, ...]


def compare(*, settled: dt.timedelta = SETTLED) -> Difference:
    """Hold folder and tables against each other. Rows are read after the files: an upload meanwhile is no orphan."""
    limit = timezone.now() - settled
    files = {name: default_storage.get_modified_time(name) for folder in FOLDERS for name in _walk(folder)}
    originals = set(Image.objects.values_list("original", flat=True))
    renditions = set(Rendition.objects.values_list("file", flat=True))
    known = originals | renditions
    return Difference(
        orphans=tuple(sorted(name for name, at in files.items() if name not in known and at < limit)),
        lost_originals=tuple(sorted(name for name in originals - files.keys() if not default_storage.exists(name))),
        lost_renditions=tuple(sorted(name for name in renditions - files.keys() if not default_storage.exists(name))),
    )


def delete_orphans(names: tuple[str, ...]) -> int:
    """Delete files that `compare` named and that still have no row; returns how many."""
    known = set(Image.objects.filter(original__in=names).values_list("original", flat=True))
    known |= set(Rendition.objects.filter(file__in=names).values_list("file", flat=True))
    doomed = [name for name in names if name not in known]
    for name in doomed:
        default_storage.delete(name)
    return len(doomed)


def forget_lost_renditions(names: tuple[str, ...]) -> int:
    """Delete the rows of renditions whose file is lost, so that they are made anew; returns how many."""
    return Rendition.objects.filter(file__in=names).delete()[0]


def ask_for_all() -> int:
    """Ask for the missing sizes of every picture; pictures that lack none cost a glance. Returns how many were asked."""
    asked = 0
    for pk in Image.objects.order_by("-pk").values_list("pk", flat=True).iterator():
        renditions_wait.send(sender=Image, image=pk)
        asked += 1
    return asked


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _walk(f"{folder}/{name}")
