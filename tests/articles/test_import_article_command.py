"""`import_article` from the command line: the contract of a dry run, and a draft that comes into being once."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from articles.models import Article, Publication
from results.models import Event, ImportRun, SourceDocument
from tests.articles.article_score import cases, misses

OURS = Path(__file__).resolve().parent.parent / "data" / "articles"
CASE = OURS / "02-monatsende-jahresende.txt"
KEYS = {
    "language", "title", "teaser", "date", "agency", "dateline", "body_paragraphs", "subheads", "captions", "widgets",
    "must_not_contain", "quotes", "broadcasts",
}  # fmt: skip


def run(*args):
    out = StringIO()
    call_command("import_article", *map(str, args), stdout=out)
    return out.getvalue()


def test_a_dry_run_prints_the_contract_and_asks_no_database():
    answer = json.loads(run(CASE, "--dry-run", "--json", "--as-of", "2025-05-20"))

    (want,) = [want for file, want in cases(OURS) if file.name.startswith("02-")]
    assert set(answer) == KEYS
    assert misses(answer, want)[1] == []


def test_a_dry_run_for_a_person_shows_every_line_with_its_label_and_the_doubts():
    answer = run(CASE, "--dry-run")

    assert "   1 title           Klare Fronten vor dem Heimspiel: Falbe gegen den Rest der Welt" in answer
    assert "  17 widget_range    30. Mai - 1. Juni" in answer
    assert "Zweifel: Altmark-Trophäe Altmarkring: Das Jahr " in answer


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "Es ist keine Datei angegeben."),
        (["/gibt/es/nicht.txt"], "Eine Datei /gibt/es/nicht.txt gibt es nicht."),
        ([OURS], "ist ein Ordner, keine Datei."),
        ([CASE, "--as-of", "gestern"], "„gestern“ ist kein Tag."),
    ],
)
def test_what_cannot_be_read_is_said_in_german(args, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*args)


def test_an_error_ends_with_status_1_and_nothing_on_standard_output(tmp_path):
    empty = tmp_path / "leer.txt"
    empty.write_text("")

    done = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "import_article", empty, "--dry-run", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == "CommandError: leer.txt: Die Datei ist leer."


@pytest.mark.django_db
def test_an_import_makes_a_draft_and_nothing_public():
    answer = run(CASE, "--as-of", "2025-05-20")

    article = Article.objects.get()
    assert answer.startswith("1 neu: der Entwurf „Klare Fronten vor dem Heimspiel: Falbe gegen den Rest der Welt“.")
    assert (article.agency, article.dateline, article.stage) == ("SID", "KÖLN", "draft")
    assert article.body.startswith("<p>Zwei Rennen, zwei Siege, ein ungeschlagener Porsche:")
    assert "Angekündigter Termin: Altmark-Trophäe · Altmarkring · 30.05.2025 – 01.06.2025" in article.notes
    assert bytes(article.source.content) == CASE.read_bytes()
    assert article.revisions.count() == 1
    assert not Publication.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_the_same_bytes_again_change_nothing_under_whatever_name(tmp_path):
    run(CASE)
    other = tmp_path / "kopie.txt"
    other.write_bytes(CASE.read_bytes())

    answer = run(other)
    asked = json.loads(run(other, "--json"))

    assert answer.startswith("0 neu: Dieser Text ist schon der Artikel „Klare Fronten")
    assert asked["created"] == 0
    assert [Article.objects.count(), SourceDocument.objects.count(), ImportRun.objects.count()] == [1, 1, 1]
    assert Article.objects.get().revisions.count() == 1


@pytest.mark.django_db
def test_a_refused_text_leaves_nothing(tmp_path):
    page = tmp_path / "seite.txt"
    page.write_text("<html><body><nav>Start</nav></body></html>")

    with pytest.raises(CommandError, match="kein Artikel gefunden"):
        run(page)
    assert not Article.objects.exists()
    assert not SourceDocument.objects.exists()
