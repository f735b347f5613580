"""Captions and paragraphs that stand twice."""

from articles.factcheck.lint.linters.captions import lint
from tests.articles.factcheck.lint.desk import Shown, said

CAPTION = "Baku war Schauplatz des Finales, Foto: Blancpain"


def shown(caption, **more):
    return Shown("t", "Baku", caption, "Blancpain", "Ein Auto", **more)


def test_a_caption_pasted_twice():
    assert said(f"Text davor.\n{CAPTION}\n{CAPTION}\nText danach.", lint) == [(CAPTION, "")]
    assert said(f"{CAPTION}\n\nText.\n\nEin Absatz.", lint) == []


def test_a_caption_repeated_as_a_paragraph():
    text = "Text davor.\n\nBaku war Schauplatz des Finales.\n\nText danach."
    words = "Baku war Schauplatz des Finales"
    assert said(text, lint, pictures=(shown(words),)) == [(words + ".", "")]
    # The caption itself is among the words of the text.
    assert said(text, lint, pictures=(shown(words, is_in_text=True),)) == []
    assert said(f"{words}\n\n{text}", lint, pictures=(shown(words, is_in_text=True),)) == [(words + ".", "")]


def test_two_pictures_with_one_caption():
    assert said("Text.", lint, pictures=(shown("Der Sieger"), shown("Der Sieger"))) == [("Der Sieger", None)]


def test_a_long_paragraph_twice_and_short_lines_as_often_as_they_like():
    paragraph = "Der Belgier ging an der Spitze kein Risiko mehr ein."
    assert said(f"{paragraph}\n\nDazwischen.\n\n{paragraph}", lint) == [(paragraph, "")]
    assert said("Rennen 1 Sa. 15:00 Uhr\nRennen 1 Sa. 15:00 Uhr\nTeilen\nTeilen", lint) == []
