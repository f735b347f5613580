"""The words that would stand in place of wrong ones: in the writer's notation, and whether they are a slip of the pen."""

from decimal import Decimal

import pytest

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.correcting import corrected, is_likely
from articles.factcheck.facts import Driver
from articles.factcheck.run import check_text
from articles.factcheck.verdict import Evidence, contradicted
from tests.articles.factcheck.desk import SHEET

CREW = (Driver("Alessandro", "Pier Guidi"), Driver("Albert", "von Thurn und Taxis"), Driver("Nyck", "de Vries"))


def a_claim(kind, text, value, **fields):
    return Claim(ClaimType(kind), 0, len(text), text, value, **fields)


def written(claim, right, people=()):
    return corrected(claim, contradicted(Evidence(value=right), claim.text), people)


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("Die #7 fuhr im Rennen 189 Runden.", "189 Runden", "198 Runden"),
        ("Im Qualifying war die #8 in 1:35,461 Minuten die Schnellste.", "1:35,461 Minuten", "1:35,416 Minuten"),
        ("Anna Adler hat in der Fahrerwertung 65,1 Punkte.", "65,1 Punkte", "61,5 Punkte"),
    ],
)
def test_the_right_value_stands_there_as_the_writer_would_write_it(text, words, right):
    found = {
        finding.claim.text: corrected(finding.claim, finding.verdict)
        for finding in check_text(text, SHEET)
        if finding.verdict.judgement == "contradicted"
    }

    assert found[words] == right


@pytest.mark.parametrize(
    ("text", "right"),
    [("65,1 Punkte", "61,5 Punkte"), ("65.1 points", "61.5 points"), ("65 points", "61.5 points")],
)
def test_points_keep_the_sign_of_their_language(text, right):
    value = Decimal(text.split()[0].replace(",", "."))

    assert written(a_claim("points", text, value), "61,5 Punkte") == right


@pytest.mark.parametrize(
    ("said", "right"),
    [
        (("Pier Guidi", "Muster", "de Vries"), "Pier Guidi/von Thurn und Taxis/de Vries"),
        (("Pier Guidi", "Max Muster", "de Vries"), "Pier Guidi/von Thurn und Taxis/de Vries"),
        (
            ("Alessandro Pier Guidi", "Max Muster", "Nyck de Vries"),
            "Alessandro Pier Guidi/Albert von Thurn und Taxis/Nyck de Vries",
        ),
        (("Muster", "Taxis", "de Vries"), "Pier Guidi/Taxis/de Vries"),
    ],
)
def test_a_name_that_is_wrong_becomes_one_like_those_beside_it(said, right):
    """Last names stay last names, of several words too; whole ones stay whole."""
    claim = a_claim("crew", "/".join(said), said)

    assert written(claim, "/".join(driver.name for driver in CREW), CREW) == right


def test_a_place_in_a_class_with_a_number_is_its_place():
    assert written(a_claim("class_position", "Platz 3", 3), "Klassenrang 2 in SP 9") == "Platz 2"


@pytest.mark.parametrize(
    ("text", "words", "is_slip"),
    [
        ("14,212 Sekunden", "14,221 Sekunden", True),
        ("14,121 Sekunden", "14,221 Sekunden", True),
        ("14,212 Sekunden", "36,730 Sekunden", False),
        ("14,212 Sekunden", "1:04,212 Minuten", False),
        ("Platz 9", "Platz 10", True),
        ("zwölf Runden", "zehn Runden", True),
    ],
)
def test_a_figure_that_is_quite_another_is_offered_and_not_urged(text, words, is_slip):
    assert is_likely(a_claim("gap_time", text, 0), words) is is_slip
