"""The German catalogue holds every string of the code, translated, and its compiled form is up to date."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

PROJECT = Path(__file__).parents[2]
CATALOGUE = PROJECT / "locale/de/LC_MESSAGES/django.po"
SOURCES = ("racedesk", "articles", "results", "templates")


def keys(catalogue: polib.POFile) -> set:
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue if not entry.obsolete}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> polib.POFile:
    """What `makemessages` finds in a copy of the sources."""
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is missing (Debian: apt-get install gettext)")
    copy = tmp_path_factory.mktemp("sources")
    for folder in SOURCES:
        shutil.copytree(PROJECT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "static"))
    (copy / "locale").mkdir()
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "de", "--no-wrap", "--verbosity", "0"],
        cwd=copy,
        check=True,
    )
    return polib.pofile(str(copy / "locale/de/LC_MESSAGES/django.po"))


def test_every_string_of_the_code_is_in_the_catalogue(extracted):
    assert sorted(map(str, keys(extracted) - keys(polib.pofile(str(CATALOGUE))))) == []


def test_the_catalogue_holds_no_string_that_the_code_has_lost(extracted):
    assert sorted(map(str, keys(polib.pofile(str(CATALOGUE))) - keys(extracted))) == []


def test_every_entry_is_translated_and_none_is_doubtful():
    catalogue = polib.pofile(str(CATALOGUE))

    assert [entry.msgid for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries()] == []


def test_the_compiled_catalogue_is_up_to_date():
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    written = polib.pofile(str(CATALOGUE))

    assert {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in compiled} == {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in written if not e.obsolete
    }
