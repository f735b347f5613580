"""Texts from spreadsheets, pages and PDF viewers as cells; what is too much is refused with words and without a stall."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.cells import neutralise
from results.sheet.pasted import PasteRefused, pasted_cells


def test_a_rectangle_keeps_its_shape_with_empty_cells():
    assert pasted_cells("1\t7\t\r\n\t8\t30\r\n").rows == (("1", "7", ""), ("", "8", "30"))


def test_a_table_with_a_header_finds_its_columns_and_says_what_it_leaves():
    pasted = pasted_cells("Pos\tNr\tFahrer\tRunden\tZeit\n1\t7\tErika\t30\t1:00:00.0\nDNF\t8\tMax\t12\t\n")
    assert pasted.fields == ("position", "number", "laps", "total")
    assert pasted.rows == (("1", "7", "30", "1:00:00.0"), ("DNF", "8", "12", ""))
    assert pasted.left_out == ("Fahrer",)


def test_one_column_for_time_and_gap_is_told_apart_by_its_cells():
    pasted = pasted_cells("Pos;Nr;Time/Retired;Laps\n1;7;1:00:00.0;30\n2;8;+1 lap;29\n")
    assert [line["total"] for line in pasted.lines()] == ["1:00:00.0", ""]
    assert [line["gap"] for line in pasted.lines()] == ["", "+1 lap"]


def test_a_status_in_a_column_of_its_own_fills_the_place():
    pasted = pasted_cells("Pos;Nr;Status;Laps\n1;7;CLA;30\n;8;DNF;12\n")
    assert [line["position"] for line in pasted.lines()] == ["1", "DNF"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\t2\n" * 5_000, "Das sind 5000 Zeilen. Ein Raster hat höchstens 1000."),
        ("x" * (2**20 + 1), "Der eingefügte Text ist zu lang. Erlaubt sind 1 MB."),
        ("\t" * 60, "Eine Zeile hat 61 Spalten. Erlaubt sind 60."),
        ("Pos;Nr\n1;7;8;9\n", "Zeile 2: Die Zeile hat 4 Felder, die Kopfzeile 2. Die Spalten sind verschoben."),
    ],
)
def test_what_is_too_much_or_out_of_shape_is_refused_with_words(text, words):
    with pytest.raises(PasteRefused, match=f"^{words}$"):
        pasted_cells(text)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 2**20,
        "a\t" * 2**19,
        "\t" * 2**20,
        ";" * 2**20,
        "Pos\tNr\t" * 2**17,
        "Pos\tNr\tRunden\n" + "\t" * (2**20 - 20),
        '"' * 2**20,
        "Pos;Nr\n" + '"' * 2**19,
        "\u202e\0" * 2**19,
        "Pos\tNr\n" + "1\t7\n" * 990,
    ],
)
def test_a_megabyte_of_anything_is_answered_without_a_stall(text):
    begun = time.process_time()
    with contextlib.suppress(PasteRefused):
        pasted_cells(text)
    assert time.process_time() - begun < 1


@given(st.text(max_size=400))
def test_any_text_is_cells_or_refused(text):
    try:
        pasted = pasted_cells(text)
    except PasteRefused:
        return
    assert len({len(row) for row in pasted.rows}) <= 1
    assert all("\0" not in cell for row in pasted.rows for cell in row)


@given(st.lists(st.sampled_from(["+0,290", "=1+1", "-7", "@x", "1:46,250", "", "'+1"]), min_size=1, max_size=5))
def test_cells_that_an_export_made_harmless_come_back(cells):
    text = "\t".join(neutralise(cell) for cell in cells)
    assert list(pasted_cells(text).rows[0]) == cells


def test_columns_of_a_page_stand_under_one_another():
    text = "Pos  Nr   Fahrer              Runden  Zeit\n1    7    Erika Muster        30      1:00:00.0\n2    8    Max Mustermann      30      1:00:02.5\n"
    pasted = pasted_cells(text)
    assert [(line["position"], line["number"], line["laps"]) for line in pasted.lines()] == [
        ("1", "7", "30"),
        ("2", "8", "30"),
    ]


def test_columns_of_blanks_without_a_head_are_a_rectangle():
    assert pasted_cells("1   7   30\n2   8   30\n").rows == (("1", "7", "30"), ("2", "8", "30"))
