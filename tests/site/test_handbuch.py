"""The handbook names what is on the screen, its links lead somewhere, and its pictures are there, used and light."""

import re
from pathlib import Path

import django
import polib
import pytest

PROJECT = Path(__file__).parents[2]
HANDBOOK = sorted((PROJECT / "docs/handbuch").glob("*.md"))
PICTURES = PROJECT / "docs/bilder"
CATALOGUES = [
    PROJECT / "locale/de/LC_MESSAGES/django.po",
    Path(django.__file__).parent / "contrib/admin/locale/de/LC_MESSAGES/django.po",
]
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LINK = re.compile(r"\]\(([^)]+)\)|src=\"([^\"]+)\"")


def texts():
    return {path: path.read_text("utf-8") for path in [PROJECT / "README.md", *HANDBOOK]}


def links():
    return [
        (path, target)
        for path, text in texts().items()
        for target in map("".join, LINK.findall(text))
        if not target.startswith("http")
    ]


def anchors(path):
    heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", HANDBOOK, ids=lambda path: path.stem)
def test_every_label_in_bold_is_one_of_the_screen(path):
    entries = [entry for catalogue in CATALOGUES for entry in polib.pofile(str(catalogue))]
    labels = {label.lower() for entry in entries for label in [entry.msgstr, *entry.msgstr_plural.values()]}
    # Bold sentences end with a full stop; they are no labels.
    bold = [" ".join(label.split()) for label in BOLD.findall(path.read_text("utf-8")) if not label.endswith(".")]

    assert [label for label in bold if label.lower() not in labels] == []


def test_every_link_leads_somewhere():
    dead = []
    for path, target in links():
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(f"{path.name}: {target}")

    assert dead == []


def test_every_picture_is_used_and_light():
    used = {(path.parent / target).resolve() for path, target in links()}
    sizes = {picture: picture.stat().st_size for picture in PICTURES.iterdir()}

    assert [picture.name for picture in sizes if picture not in used] == []
    assert [picture.name for picture, size in sizes.items() if size > 200_000] == []
    assert sum(sizes.values()) / len(sizes) < 60_000
