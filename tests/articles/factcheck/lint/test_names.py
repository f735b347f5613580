"""Names of people: what is a slip, and what is somebody else."""

import pytest

from articles.factcheck.lint.linters.names import lint
from articles.factcheck.lint.register import Register
from tests.articles.factcheck.lint.desk import person, said


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("Am Ende gewann Laurens Vanthor vor dem Feld.", [("Vanthor", "Vanthoor")]),
        ("Es war Laurens Vantohors Sieg.", [("Vantohors", "Vanthoors")]),
        ("It was Laurens Vanthoorr's win.", [("Vanthoorr's", "Vanthoor's")]),
        ("Markus Winkelhok und Renger van der Zannde.", [("Winkelhok", "Winkelhock"), ("Zannde", "Zande")]),
        ("Filipe Albuquerqe fuhr die Bestzeit.", [("Albuquerqe", "Albuquerque")]),
        ("Kevin Ester fuhr.", [("Ester", "Estre")]),
        ("Laruens Vanthoor fuhr die Bestzeit.", [("Laruens", "Laurens")]),
        ("Patrice Gouselrad wurde Dritter.", [("Gouselrad", "Goueslard")]),
        ("Alessandro Pier Giudi gewann.", [("Giudi", "Guidi")]),
    ],
)
def test_a_slip_beside_the_first_name_is_found_in_the_whole_register(text, remarks):
    assert said(text, lint) == remarks


def test_in_a_crew_the_mates_say_who_is_meant():
    assert said("Der Oreca (Hanson/Schrerer/Albuquerque) siegte.", lint) == [("Schrerer", "Scherer")]
    assert said("Der Oreca (Hansom/Tandy/Albuquerque) siegte.", lint) == []  # the last letter makes another name
    assert said("Der Oreca mit Hanson, Schrerer und Albuquerque siegte.", lint) == [("Schrerer", "Scherer")]
    assert said("Der Oreca mit Estre, Schrerer und Vanthoor siegte.", lint) == []  # they share no car with him


def test_a_starter_named_rightly_elsewhere_is_known_without_first_name():
    text = "Schneider führte. Zur Halbzeit lag {} vorne."
    assert said(text.format("Schnieder"), lint) == [("Schnieder", "Schneider")]
    assert said(text.format("der Schnieder"), lint) == []
    assert said(text.format("Peter Schnieder"), lint) == []
    assert said("Zur Halbzeit lag Schnieder vorne.", lint) == []


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("Andre Negrao gewann.", [("Andre", "André"), ("Negrao", "Negrão")]),
        ("Der Alpine (Negrao/Vanthoor) gewann.", [("Negrao", "Negrão")]),
        ("Kevin Estre gewann, Estres Sieg.", [("Kevin", "Kévin")]),
        ("Götz siegte vor Gotz.", [("Gotz", "Götz")]),
        ("Goetz siegte.", [("Goetz", "Götz")]),
        ("Nico Huelkenbergs Auto", [("Huelkenbergs", "Hülkenbergs")]),
    ],
)
def test_missing_accents_are_named(text, remarks):
    assert said(text, lint) == remarks


def test_one_person_has_one_name_in_a_text():
    text = "Maxi Götz lag vorn. Am Ende jubelte Maximilian Götz, und Maxi Götz lachte."
    assert said(text, lint) == [("Maxi", "Maximilian"), ("Maxi", "Maximilian")]
    assert said("Maxi Götz lag vorn, und Maxi Götz lachte.", lint) == []
    kept = Register(drivers=(person("Maximilian Götz"),), aliases=("Maxi Götz",))
    assert said(text, lint, register=kept) == []


@pytest.mark.parametrize(
    "text",
    [
        "Vanthoors Sieg, die Vanthoors, Vanthoor's win, Vanthoorsche Art.",
        "Nico Müller und Nico Möller, Sven Müller.",
        "Michael Schumacher und Ralf Schumacher, Mick Schumacher, Corinna Schumacher.",
        "Juan Fernandez und José Fernández.",
        "Der Vanthoor-Audi und das Götz-Auto.",
        "Grello und Nicki Thiim.",
        "Rene Rast siegte vor RENE RAST.",
        "Ryo Hirakawa gewann.",
        "Christian Miers, Christopher Miles.",
        "Der Schneider nähte, die Schneiderin auch; in der Region Winkelheck.",
        "Nico Müllers Auto, Laurens Vanthoors Audi.",
        "M. Götz und L. Vanthoor.",
        "Müller siegte vor Miller und Moller.",
        "Jean Larivière, Estre und die Este, Schneider und der Schreiner, Frischer Wind für Schneider.",
    ],
)
def test_other_people_inflected_forms_and_aliases_are_left_alone(text):
    assert said(text, lint) == []


def test_an_accent_that_stands_apart_is_no_slip():
    assert said("Maximilian Go\u0308tz und Kevin\u0301 Estre", lint) == []
