"""The stretch of a text that answers a question, with its words marked."""

import pytest
from django.db import connection

from articles.snippets import fold_word, mark, snippet


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Nürburgring", "nurburgring"),
        ("NUERBURGRING", "nurburgring"),
        ("Straße", "strasse"),
        ("Vaxivière", "vaxiviere"),
        ("Feuer", "feuer"),
        ("Bauer", "bauer"),
        ("quer", "quer"),
        ("Göring", "goring"),
        ("Sørensen", "sorensen"),
    ],
)
def test_words_are_folded_as_the_database_folds_them(word, folded):
    assert fold_word(word) == folded


@pytest.mark.django_db
@pytest.mark.parametrize(
    "word", ["Nürburgring", "Goetz", "STRASSE", "Straße", "ẞ", "Vaxivière", "Feuer", "quer", "Łódź"]
)
def test_the_database_folds_them_so(word):
    with connection.cursor() as cursor:
        cursor.execute("SELECT articles_search_fold(%s)", [word])
        assert cursor.fetchone() == (fold_word(word),)


def test_endings_are_marked_and_other_words_are_not():
    assert str(mark("Siege, Sieger und Siegerehrung", ["sieg"])) == (
        "<mark>Siege</mark>, <mark>Sieger</mark> und Siegerehrung"
    )


def test_a_prefix_marks_every_word_that_begins_so():
    assert str(mark("Nürburg, Nürburgring", [], "nurb")) == "<mark>Nürburg</mark>, <mark>Nürburgring</mark>"


def test_text_is_escaped_between_and_inside_the_marks():
    assert str(mark("<b>Sieg</b> & mehr", ["sieg"])) == "&lt;b&gt;<mark>Sieg</mark>&lt;/b&gt; &amp; mehr"


def test_a_long_text_is_cut_at_words_around_the_first_hit():
    text = "eins " * 200 + "Treffer " + "zwei " * 200

    found = str(snippet(text, ["treff"]))

    assert found.startswith("… eins")
    assert "<mark>Treffer</mark> zwei" in found
    assert found.endswith("zwei …")
    assert len(found) < 300


def test_a_text_without_the_word_gives_nothing():
    assert str(snippet("nichts davon", ["treff"])) == ""
