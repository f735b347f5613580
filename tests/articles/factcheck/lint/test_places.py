"""Makes and circuits: slips in long names, umlauts left out."""

import pytest

from articles.factcheck.lint.linters.places import lint
from tests.articles.factcheck.lint.desk import said


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("Am Nurburgring und in Nuerburgring", [("Nurburgring", "Nürburgring"), ("Nuerburgring", "Nürburgring")]),
        ("Am Nürbrugring", [("Nürbrugring", "Nürburgring")]),
        ("des Hockenheimrigns", [("Hockenheimrigns", "Hockenheimrings")]),
        ("Ein Lambroghini und ein Porshce", [("Lambroghini", "Lamborghini"), ("Porshce", "Porsche")]),
    ],
)
def test_slips_and_umlauts(text, remarks):
    assert said(text, lint) == remarks


@pytest.mark.parametrize(
    "text",
    [
        "Der Nürburgring, des Nürburgrings, am Nürburgringer Hang, NÜRBURGRING",
        "Im Januar fuhr der Jaguar, Alpina und Alpine, Alpen, Porsches, Martini, Mercedes",
        "In Milano, in Montreal, in Monza, Monzas Kurven",
        "Porschefahrer, Lamborghinis, Aston Martin, Austin Martin",
    ],
)
def test_other_words_are_left_alone(text):
    assert said(text, lint) == []
