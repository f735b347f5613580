"""Names of people and teams: spellings of one meet, different people stay below the line, and the reasons are true."""

import pytest

from results.likeness import (
    APART,
    ORDER,
    SAME_NAME,
    UMLAUT,
    compare_people,
    meeting_key,
    person_name,
    sought_keys,
    stored_keys,
)
from results.names import fold
from results.team_likeness import compare_teams, sought_team_keys, stored_team_keys, team_name

# Two spellings of one person, the least score and what must be said.
SAME = [
    ("Nico Hülkenberg", "Nico Huelkenberg", 98, UMLAUT),
    ("Nico Hülkenberg", "Nico Hulkenberg", 100, SAME_NAME),
    ("Nico Huelkenberg", "Nico Hulkenberg", 98, UMLAUT),
    ("Jörg Müller", "JOERG MUELLER", 98, UMLAUT),
    ("Lars Weiß", "Lars Weiss", 100, SAME_NAME),
    ("Jan-Erik Slooten", "Jan Erik Slooten", 100, SAME_NAME),
    ("van der Zande, Renger", "Renger van der Zande", 100, SAME_NAME),
    ("VAN DER ZANDE, Renger", "Renger Van Der Zande", 100, SAME_NAME),
    ("Renger VAN DER ZANDE", "Renger van der Zande", 100, SAME_NAME),
    ("Renger Zande", "Renger van der Zande", 97, "Namenszusatz anders"),
    ("Zande, Renger van der", "Renger van der Zande", 100, SAME_NAME),
    ("Dries van Thoor", "Dries Vanthoor", 97, APART),
    ("Tom Boonen de Vries", "Tom Boonen De Vries", 100, SAME_NAME),
    ("Nyck de Vries", "Nyck De Vries", 100, SAME_NAME),
    ("Lucas di Grassi", "Lucas Di Grassi", 100, SAME_NAME),
    ("Maro Engel", "Engel Maro", 96, ORDER),
    ("ENGEL Maro", "Maro Engel", 100, SAME_NAME),
    ("M. Götz", "Maximilian Götz", 80, "Vorname abgekürzt"),
    ("Max G.", "Max Götz", 70, "Nachname abgekürzt"),
    ("Maxi Götz", "Maximilian Götz", 88, "Kurzform"),
    ("Maxi Goetz", "Maximilian Götz", 85, "Kurzform"),
    ("Maxi Buhk", "Maximilian Buhk", 88, "Kurzform"),
    ("Nicky Catsburg", "Nick Catsburg", 88, "Kurzform"),
    ("Nico Varrone", "Nicolás Varrone", 88, "Kurzform"),
    ("Alex Sims", "Alexander Sims", 88, "Kurzform"),
    ("Alex Lynn", "A. Lynn", 80, "abgekürzt"),
    ("Ben Barker", "Benjamin Barker", 88, "Kurzform"),
    ("Matt Campbell", "Matthew Campbell", 88, "Kurzform"),
    ("Mathieu Jaminet", "Matthieu Jaminet", 85, "Vorname"),
    ("Fred Makowiecki", "Frédéric Makowiecki", 88, "Kurzform"),
    ("Pato O'Ward", "Patricio O’Ward", 88, "Kurzform"),
    ("Patricio OWard", "Patricio O'Ward", 97, APART),
    ("Checo Pérez", "Sergio Perez", 88, "Kurzform"),
    ("Bill Auberlen", "William Auberlen", 88, "Kurzform"),
    ("Marvin Kirchhöfer", "Marvin Kirchhofer", 100, SAME_NAME),
    ("Marvin Kirchhoefer", "Marvin Kirchhofer", 98, UMLAUT),
    ("José María López", "Jose Maria Lopez", 100, SAME_NAME),
    ("J.M. López", "José María López", 80, "abgekürzt"),
    ("J.-M. Lopez", "José María López", 80, "abgekürzt"),
    ("José López", "José María López", 88, "weiterer Vorname"),
    ("Pechito López", "José María López", 88, "Kurzform"),
    ("Alessandro Pierguidi", "Alessandro Pier Guidi", 97, APART),
    ("A. Pier Guidi", "Alessandro Pier Guidi", 80, "abgekürzt"),
    ("Pier Guidi, Alessandro", "Alessandro PIER GUIDI", 100, SAME_NAME),
    ("Antonio Felix da Costa", "António Félix da Costa", 100, SAME_NAME),
    ("Antonio da Costa", "António Félix da Costa", 80, ""),
    ("Kevin Ester", "Kévin Estre", 85, "zwei Buchstaben vertauscht"),
    ("Marco Wittman", "Marco Wittmann", 85, "ein Buchstabe anders"),
    ("Christopher Haase", "Christopher Hase", 85, "ein Buchstabe anders"),
    ("Markus Winkelhock", "Markus Winkelhok", 85, "ein Buchstabe anders"),
    ("Frank Stipler", "Frank Stippler", 85, "ein Buchstabe anders"),
    ("'SELV'", "SELV", 100, SAME_NAME),
    ("„Steve Smith“", "Steve Smith", 100, SAME_NAME),
    ("Carlos Sainz jr.", "Carlos Sainz", 90, "nur bei einem"),
    ("Graham Rahal III", "Graham Rahal", 90, "nur bei einem"),
    ("Kimi Räikkönen", "Kimi Raikkonen", 100, SAME_NAME),
    ("Kimi Raeikkoenen", "Kimi Räikkönen", 98, UMLAUT),
    ("Dennis Sørensen", "Dennis Soerensen", 98, UMLAUT),
    ("AJ Allmendinger", "A.J. Allmendinger", 80, ""),
    ("Nicki Thiim", "Nicki Thim", 85, "ein Buchstabe anders"),
]

# Two people: never above 95, and families far below.
TWO = [
    ("Max Verstappen", "Jos Verstappen", 40),
    ("Ralf Schumacher", "Michael Schumacher", 40),
    ("Mick Schumacher", "Michael Schumacher", 40),
    ("Ralf Schumacher", "Mick Schumacher", 40),
    ("Dries Vanthoor", "Laurens Vanthoor", 40),
    ("Keke Rosberg", "Nico Rosberg", 40),
    ("Graham Hill", "Damon Hill", 40),
    ("Gilles Villeneuve", "Jacques Villeneuve", 40),
    ("Carlos Sainz jr.", "Carlos Sainz sr.", 60),
    ("Mario Andretti", "Michael Andretti", 90),
    ("Mario Andretti", "Marco Andretti", 90),
    ("Emerson Fittipaldi", "Pietro Fittipaldi", 40),
    ("Ricardo Rodríguez", "Pedro Rodríguez", 40),
    ("Manfred Winkelhock", "Markus Winkelhock", 40),
    ("Joachim Winkelhock", "Manfred Winkelhock", 40),
    ("Uwe Alzen", "Jürgen Alzen", 40),
    ("Timo Bernhard", "Timo Glock", 40),
    ("Timo Scheider", "Timo Schneider", 95),
    ("Kelvin van der Linde", "Sheldon van der Linde", 40),
    ("Marco Mapelli", "Marco Mapelli jr.", 93),
    ("Sven Müller", "Jörg Müller", 40),
    ("Dirk Müller", "Dirk Möller", 95),
    ("Jan Seyffarth", "Lucas Auer", 0),
    ("Nick Heidfeld", "Nick Yelloly", 40),
    ("Kenny Habul", "Kenny Bräck", 40),
]


@pytest.mark.parametrize(("one", "other", "least", "said"), SAME)
def test_two_spellings_of_one_person_are_alike_and_say_why(one, other, least, said):
    for pair in ((one, other), (other, one)):
        likeness = compare_people(*(person_name(name) for name in pair))

        assert likeness.score >= least
        assert said in "; ".join(likeness.reasons)


@pytest.mark.parametrize(("one", "other", "most"), TWO)
def test_two_people_never_look_like_one_for_certain(one, other, most):
    for pair in ((one, other), (other, one)):
        score = compare_people(*(person_name(name) for name in pair)).score

        assert score <= min(most, 95)


# A family name of one letter finds nobody; who sits in the car is asked instead.
@pytest.mark.parametrize(("one", "other"), [pair[:2] for pair in SAME if pair[0] != "Max G."])
def test_every_spelling_finds_the_stored_one(one, other):
    stored = " ".join(person_name(other).words)

    assert sought_keys(person_name(one)) & stored_keys(stored)


def test_a_name_in_two_columns_is_taken_as_they_say():
    assert person_name("Pier Guidi", "Alessandro").given == ("alessandro",)
    assert person_name("van der Zande", "Renger").particles == ("van", "der")
    assert compare_people(person_name("Alessandro", "Pier Guidi"), person_name("Pier Guidi", "Alessandro")).score >= 90


def test_names_of_any_spelling_have_one_key_for_exact_meeting():
    spellings = ["Nico Hülkenberg", "HUELKENBERG, Nico", "hulkenberg nico"]

    assert {meeting_key(person_name(name)) for name in spellings} == {"hulkenberg nico"}


@pytest.mark.parametrize("name", ["", "???", "N", "jr.", "van der", "李", "x" * 200])
def test_odd_names_are_compared_without_harm(name):
    person, known = person_name(name), person_name("Max Götz")

    assert compare_people(person, known).score < 90
    assert stored_keys(fold(name)) is not None
    assert sought_keys(person) is not None


SAME_TEAM = [
    ("Mücke Motorsport", "Muecke Motorsport", 98, UMLAUT),
    ("Falken Motorsports", "FALKEN Motorsport", 95, "Rechtsform oder Füllwort"),
    ("Manthey Racing GmbH", "Manthey Racing", 95, "Rechtsform"),
    ("AF Corse SRL", "AF Corse", 95, "Rechtsform"),
    ("MSC Adenau e.V. im ADAC", "MSC Adenau im ADAC", 95, "Rechtsform"),
    ("Team WRT", "W Racing Team WRT", 80, ""),
    ("GetSpeed Performance", "Get Speed", 94, APART),
    ("KCMG", "KC MG", 94, APART),
    ("Haupt Racing Team", "HRT", 84, "Abkürzung"),
    ("Mercedes-AMG Team HRT", "Haupt Racing Team", 84, "Abkürzung"),
    ("Audi Sport Team Phoenix", "Phoenix Racing", 85, "Marke"),
    ("Walkenhorst Motorsport powered by Dunlop", "Walkenhorst Racing", 85, "by"),
    ("Prema Racing by Iron Lynx", "Iron Lynx", 80, "by"),
    ("Black Falcon Team Textar", "Black Falcon", 80, "textar"),
    ("Schubert Motorsport", "Schuberth Motorsport", 88, "ein Buchstabe anders"),
    ("Toyota Gazoo Racing", "Toyota Gazoo Racing Europe", 70, "europe"),
]
TWO_TEAMS = [
    ("BMW M Team RMG", "BMW M Team RBM", 40),
    ("BMW Team Schnitzer", "BMW Team Schubert", 40),
    ("Audi Sport Team Abt", "Audi Sport Team Phoenix", 40),
    ("Team WRT", "WRT Junior Team", 60),
    ("Team Rosberg", "Team Rosberg II", 60),
    ("Manthey EMA", "Manthey Racing", 85),
    ("Racing Team Nederland", "Racing Bart Mampaey", 40),
    ("Rowe Racing", "Rinaldi Racing", 40),
    ("Herberth Motorsport", "Huber Motorsport", 40),
]


@pytest.mark.parametrize(("one", "other", "least", "said"), SAME_TEAM)
def test_two_spellings_of_one_team_are_alike_and_say_why(one, other, least, said):
    for pair in ((one, other), (other, one)):
        likeness = compare_teams(*(team_name(name) for name in pair))

        assert likeness.score >= least
        assert said in "; ".join(likeness.reasons)
    assert sought_team_keys(team_name(one)) & stored_team_keys(fold(other))


@pytest.mark.parametrize(("one", "other", "most"), TWO_TEAMS)
def test_two_teams_never_look_like_one_for_certain(one, other, most):
    for pair in ((one, other), (other, one)):
        assert compare_teams(*(team_name(name) for name in pair)).score <= most
