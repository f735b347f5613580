"""The pictures of the demo in the library: painted when first needed, described in `data/pictures.toml`."""

import tomllib
from functools import cache
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from articles.models import Image
from articles.pictures import store_upload
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
