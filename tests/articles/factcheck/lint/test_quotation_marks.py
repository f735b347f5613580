"""Quotation marks in pairs, in all styles of a newsroom."""

import pytest

from articles.factcheck.lint.linters.quotation_marks import lint
from tests.articles.factcheck.lint.desk import said


@pytest.mark.parametrize(
    "text",
    [
        "„Ein Satz“, sagte er.", "»Ein Satz«, sagte er.", "«Ein Satz», sagte er.", "« Un mot », dit-il.", "«\u00a0Un mot\u00a0», dit-il.",
        "“One sentence,” he said.", '"Ein Satz", sagte er.', "„Ein ‚Wort‘ im Satz“, sagte er.", "“One ‘word’ in it,” he said.",
        "»Ein ›Wort‹ darin«, sagte er.", "\"He said 'hello' to us,\" she said.", "Der „\"Grello\"-Porsche“ steht da.",
        'Das 19"-Rad und 18" hinten.', 'Im "Porsche 911", sagte er.', 'Mit der "#7" und der "8".', "'Ne Runde, Hans’ Auto, ’90s.",
        '("Geklammert") und ["auch"].', "„Frage?“ – „Antwort!“", '"Frage?" - "Antwort!"', "„Satz.“„Noch einer.“", '"Satz."', "„So“/„anders“",
        'Der „Grello“-Porsche und der "Grello"-Porsche.', 'Sein "Pure Rxcing"-Team.', "„…und weiter“, sagte er.", '"...und weiter", sagte er.',
        "Er sagte: „Das ist gut.“", "„Das ist der ‚Ring‘“, sagte er.", "“It’s the drivers’ fault,” he said.", "„Ja” steht so da.",
        "Die Zeit von 1'58\" war gut.", 'auf einem Porsche."Theoretisch", meint er', "",
    ],
)  # fmt: skip
def test_pairs_are_left_alone(text):
    assert said(text, lint) == []


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("„Ein Satz, sagte er.", "„"), ("Ein Satz“, sagte er.", "“"), ('"Ein Satz, sagte er.', '"'), ('Ein Satz", sagte er.', '"'),
        ("»Ein Satz, sagte er.", "»"), ("Ein Satz«, sagte er.", "«"), ("“One sentence, he said.", "“"), ("One sentence,” he said.", "”"),
        ("„Ein ‚Wort im Satz“, sagte er.", "‚"), ("„Eins und „zwei“, sagte er.", "„"), ("« Un mot, dit-il.", "«"), ("Un mot », dit-il.", "»"),
        ("»Ein ›Wort darin«, sagte er.", "›"),
    ],
)  # fmt: skip
def test_a_mark_without_partner(text, mark):
    assert said(text, lint) == [(mark, None)]


def test_two_styles_in_one_pair():
    assert said('„Ein Satz", sagte er.', lint) == [('"', "“")]


def test_a_quotation_may_take_several_paragraphs():
    assert said("„Erster Absatz.\n\n„Zweiter.\n\n„Dritter“, sagte er.\n\nEnde.", lint) == []
    assert said('"Erster Absatz.\n\nZweiter", sagte er.\n\n"Noch einer", sagte er.', lint) == []
    assert said("“First.\n\n“Second,” he said.\n\nPlain.", lint) == []
    assert said("„Erster Absatz.\n\n„Zweiter Absatz.\n\nEnde.", lint) == [("„", None)]


def test_ten_thousand_marks_are_read_at_once():
    assert len(said('«a "b „c ' * 10_000, lint)) == 40
