import pytest

from results.importers.crew_names import split_name, spoken


@pytest.mark.parametrize(("full", "first", "last"), [
    ("Will STEVENS", "Will", "Stevens"),
    ("Renger VAN DER ZANDE", "Renger", "van der Zande"),
    ("Antonio Felix DA COSTA", "Antonio Felix", "da Costa"),
    ("Alessandro PIER GUIDI", "Alessandro", "Pier Guidi"),
    ("Jean-Eric VERGNE", "Jean-Eric", "Vergne"),
    ("Valentin HASSE-CLOT", "Valentin", "Hasse-Clot"),
    ("PJ HYETT", "PJ", "Hyett"),
    ("Yifei YE", "Yifei", "Ye"),
    ("Nico MÜLLER", "Nico", "Müller"),
    ("Marco SØRENSEN", "Marco", "Sørensen"),
    ("Pato O'WARD", "Pato", "O'Ward"),
    ("Hunter MCELREA", "Hunter", "McElrea"),
    ("Stevan McAleer", "Stevan", "McAleer"),
    ("Renger van der Zande", "Renger", "van der Zande"),
    ("Paul Di Resta", "Paul", "Di Resta"),
    ("Connor De Phillippi", "Connor", "De Phillippi"),
    ("Jose Maria Lopez", "Jose Maria", "Lopez"),
    ("Luis Perez Companc", "Luis", "Perez Companc"),
    ("Lilou Wadoux Ducellier", "Lilou", "Wadoux Ducellier"),
    ("Ada van", "Ada", "van"),
    ("BÄCHE", "", "Bäche"),
    ("Pelé", "", "Pelé"),
    ("  Ada   EINS ", "Ada", "Eins"),
    ("", "", ""),
])  # fmt: skip
def test_a_full_name_is_split_where_its_last_name_begins(full, first, last):
    assert split_name(full) == (first, last)


@pytest.mark.parametrize(("printed", "written"), [
    ("de Quesada", "de Quesada"), ("VAN DER LINDE", "van der Linde"), ("McDonald", "McDonald"), ("X", "X"), ("N.N.", "N.N."),
])  # fmt: skip
def test_only_capitals_are_rewritten(printed, written):
    assert spoken(printed) == written
