"""Cells of exports: nothing becomes a formula, and every text comes back as it was."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.cells import neutralise, restore

STARTS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("@SUM(1+1)", "'@SUM(1+1)"),
        ("+0,385", "'+0,385"),
        ("-1+2", "'-1+2"),
        ("\t=1", "'\t'=1"),
        ("  =1", "'  =1"),
        ("'=1", "''=1"),
        ("A;=1", "A;'=1"),
        ("A,-B", "A,'-B"),
        ("Müller-Lüdenscheidt", "Müller-Lüdenscheidt"),
        ("1:46,250", "1:46,250"),
        ("d'Ambrosio", "d'Ambrosio"),
        ("'Alboretto'", "'Alboretto'"),
        ("", ""),
    ],
)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(text, cell):
    assert neutralise(text) == cell
    assert restore(cell) == text


@given(st.text(alphabet=f"{STARTS};,|' a0", max_size=30))
def test_every_text_comes_back(text):
    assert restore(neutralise(text)) == text


@given(st.text(alphabet=f"{STARTS};,|' a0", max_size=30), st.sampled_from(",;\t"))
def test_no_program_finds_a_formula_whatever_it_splits_at(text, separator):
    """Not even one that knows no quotes."""
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerow(["1", neutralise(text), "2"])
    cells = re.split(f"[{separator}\r\n]", file.getvalue())
    assert [cell for cell in cells if cell.lstrip(' "')[:1] in set("=+@-")] == []
