"""Names of teams: a word off, a slip before a make, the letters of another team."""

import pytest

from articles.factcheck.lint.linters.teams import lint
from articles.factcheck.lint.piece import Crew, Starters
from tests.articles.factcheck.lint.desk import person, said

BUHK = "Maximilian Buhk, der zum Sieger-Trio für {} zählte"


def test_a_word_off_in_a_name_of_several():
    assert said("Für United Autosprots fuhr er.", lint) == [("Autosprots", "Autosports")]
    assert said("Der Untied-Autosports-Oreca siegte.", lint) == [("Untied", "United")]


def test_a_slip_right_before_a_make():
    assert said("Der Mantehy-Porsche siegte.", lint) == [("Mantehy", "Manthey")]
    assert said("Mantehy siegte in der Stadt.", lint) == []


def test_letters_that_no_starter_bears_beside_a_man_of_the_team_meant():
    assert said(BUHK.format("HRT-Mercedes"), lint) == [("HRT", "HTP")]
    assert said(BUHK.format("HRT Mercedes"), lint) == [("HRT", "HTP")]


@pytest.mark.parametrize(
    "text",
    [
        BUHK.format("HTP-Mercedes"),
        BUHK.format("HRT"),  # nobody says what it runs
        BUHK.format("HRT-BMW"),  # they do not run it
        BUHK.format("WRT-Mercedes"),
        "Der HRT-Mercedes siegte.",  # nobody of theirs beside it: another race perhaps
        "Manthey-Porsche, Mantheys Porsche, Pfaff Motorsports, United States, AF Corse",
    ],
)
def test_other_teams_are_left_alone(text):
    assert said(text, lint) == []


def test_a_starter_that_bears_the_letters_is_no_slip():
    both = Starters(
        (
            Crew((person("Maximilian Buhk"),), "HTP Winward", "mercedes"),
            Crew((person("Hubert Haupt"),), "Haupt Racing Team", "mercedes"),
        )
    )
    assert said(BUHK.format("HRT-Mercedes"), lint, starters=both) == []
