"""The pictures of the demo in the library: painted when first needed, described in `data/pictures.toml`."""

import tomllib
from functools import cache
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from articles.models import Image, Rendition
from articles.picture_store import forget_lost_renditions
from articles.pictures import store_upload
from articles.signals import renditions_wait
from racedesk.demo.field import DATA
from racedesk.demo.painting import paint

CREDIT = "Grafik: racedesk"


@cache
def descriptions() -> dict[str, dict[str, Any]]:
    """Title, alternative text and caption by motif."""
    return tomllib.loads((DATA / "pictures.toml").read_text("utf-8"))


def picture(motif: str, *, by: User) -> Image:
    """The picture of that motif, found by its title or painted now."""
    words = descriptions()[motif]
    stored = Image.objects.filter(title=words["title"]).order_by("pk").first()
    return stored or store_upload(ContentFile(paint(motif), f"{motif}.jpg"), by=by, credit=CREDIT, **words)


def repaint_lost() -> int:
    """Paints the demo's pictures whose files are gone: a folder that was deleted and cloned again finds its old database.

    Returns how many.
    """
    motifs = {words["title"]: motif for motif, words in descriptions().items()}
    stored = Image.objects.filter(title__in=motifs, credit=CREDIT)
    lost = [image for image in stored if not default_storage.exists(str(image.original.name))]
    for image in lost:
        default_storage.save(str(image.original.name), ContentFile(paint(motifs[image.title])))
        files = Rendition.objects.filter(image=image).values_list("file", flat=True)
        forget_lost_renditions(tuple(name for name in files if not default_storage.exists(name)))
        renditions_wait.send(sender=Image, image=image.pk)
    return len(lost)
