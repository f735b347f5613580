"""Pictures without credit or alternative text."""

from articles.factcheck.lint.linters.pictures import lint
from tests.articles.factcheck.lint.desk import Shown, piece


def test_a_picture_lacks_credit_or_alternative_text():
    whole, bare = Shown("a", "Ganz", "", "AF", "Auto"), Shown("b", "Bloß", "", " ", "")

    assert [(remark.picture, remark.why) for remark in lint(piece("Text.", pictures=(whole, bare)))] == [
        ("b", "Das Bild „Bloß“ hat keinen Bildnachweis."),
        ("b", "Das Bild „Bloß“ hat keinen Alternativtext."),
    ]
