import json
from pathlib import Path

import pytest

from results.importers import columns, mapping
from results.importers.mapping import Mapping, propose
from results.importers.records import FileRefused
from results.importers.spreadsheet import read

FILES = Path(__file__).parent.parent / "data" / "tabular"


def proposed(text):
    return propose(read(text.encode()))


def of(text):
    return dict(zip(proposed(text).header, proposed(text).fields, strict=True))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("rennen.csv", "classification"),
        ("training.tsv", "classification"),
        ("runden.csv", "laps"),
        ("starter.csv", "entries"),
        ("punkte.csv", "standings"),
        ("kalender.csv", "calendar"),
        ("jahre.csv", "classification"),
    ],
)
def test_kinds_of_tables_are_told_by_their_columns_without_a_doubt(name, kind):
    found = propose(read((FILES / name).read_bytes()))
    assert (found.kind, found.certain, found.faults()) == (kind, True, [])


def test_every_word_leads_to_its_field_and_every_field_has_a_kind_and_a_label():
    for key, field in columns.fields().items():
        assert field.label, key
        assert field.kinds <= set(columns.KINDS), key
        assert columns.fits(key, []), key  # the shape is known
    assert columns.meanings("FAHRER1_NAME") == columns.meanings("Fahrer-Name 2") == ("driver", "last_name")


@pytest.mark.parametrize(
    ("word", "key"),
    [("Startnummer", "number"), ("#", "number"), ("No.", "number"), ("RÜCKSTAND", "gap"), ("Rueckstand", "gap"), ("punkte_r1", "points_part"), ("Quatsch", "")],
)  # fmt: skip
def test_words_are_compared_without_case_accents_and_signs(word, key):
    assert next(iter(columns.meanings(word)), "") == key


def test_zeit_is_the_total_of_a_race_the_best_lap_of_a_practice_and_mixed_with_gaps_both():
    assert of("Pos;Nr;Fahrer;Runden;Zeit\n1;7;A;30;45:12,3\n")["Zeit"] == "total"
    assert of("Pos;Nr;Fahrer;Zeit\n1;7;A;1:46,250\n2;8;B;1:46,540\n")["Zeit"] == "best_lap"
    assert of("Pos;Nr;Fahrer;Runden;Zeit\n1;7;A;30;45:12,3\n2;8;B;30;+2,3\n")["Zeit"] == "total_or_gap"
    assert of("Nr;Runde;Zeit\n7;1;1:46,250\n")["Zeit"] == "lap_time"


def test_gesamt_is_points_in_a_table_of_points_and_a_time_in_a_result():
    assert of("Pos;Fahrer;R1;R2;Gesamt\n1;A;25;18;43\n")["Gesamt"] == "points"
    assert of("Pos;Nr;Fahrer;Runden;Gesamt\n1;7;A;30;45:12,300\n")["Gesamt"] == "total"


def test_a_column_that_only_its_values_explain_is_a_guess_and_not_certain():
    found = proposed("Xyz;Nr;Fahrer;Status\n1;7;Ada;OK\n2;8;Bea;OK\n3;9;Cleo;OK\n")
    assert (found.fields[0], found.guessed, found.certain) == ("position", (0,), False)


def test_values_that_speak_against_the_name_make_a_proposal_uncertain():
    assert proposed("Pos;Nr;Fahrer\nA;7;Ada\nB;8;Bea\n").certain is False


def test_a_table_of_unknown_words_has_no_kind():
    found = proposed("alpha;beta;gamma\n1;2;3\n4;5;6\n7;8;9\n")
    assert (found.kind, found.fields, found.faults()) == (
        "", ("", "", ""), ["Es ist nicht zu erkennen, was für eine Tabelle das ist."],
    )  # fmt: skip


def test_a_mapping_goes_through_json_and_back_and_is_then_a_persons_word():
    found = propose(read((FILES / "rennen.csv").read_bytes()))
    assert Mapping.from_json(json.loads(json.dumps(found.to_json()))) == Mapping(
        found.kind, found.header, found.fields, certain=True
    )


@pytest.mark.parametrize(
    "value",
    [None, [], {}, {"kind": "x", "columns": [["a", ""]]}, {"kind": "laps", "columns": []}, {"kind": "laps", "columns": [["a", "quatsch"]]}, {"kind": "laps", "columns": [["a"]]}, {"kind": ["laps"], "columns": [["a", ""]]}, {"kind": "laps", "columns": [[1, ""]]}, {"kind": "laps", "columns": [["a", ["lap"]]]}],
)  # fmt: skip
def test_nonsense_is_no_mapping(value):
    with pytest.raises(FileRefused, match="nicht zu lesen"):
        Mapping.from_json(value)


def test_faults_are_sentences():
    assert Mapping("classification", ("a", "b", "c"), ("position", "position", "lap")).faults() == [
        "Platz: Das Feld ist mehr als einer Spalte zugeordnet.",
        "Nummer der Runde: Das Feld gibt es in dieser Art Tabelle nicht (Klassement).",
        "Keine Spalte ist die Startnummer.",
    ]
    assert Mapping("entries", ("a", "b", "c"), ("number", "driver", "driver")).faults() == []


def test_a_mapping_fits_the_same_columns_in_another_spelling_only():
    table = read(b"POS;Nr.;FAHRER\n1;7;Ada\n")
    assert Mapping("classification", ("Pos", "nr", "Fahrer"), ("position", "number", "driver")).fits(table)
    assert not Mapping("classification", ("Nr", "Pos", "Fahrer"), ("number", "position", "driver")).fits(table)


def test_the_select_offers_nothing_first_and_then_the_fields_of_the_kind():
    keys = [key for key, _label in mapping.fields("laps")]
    assert keys[0] == ""
    assert {"lap", "lap_time", "number"} < set(keys)
    assert "points" not in keys
    assert dict(mapping.kinds())["laps"] == "Rundenliste"
