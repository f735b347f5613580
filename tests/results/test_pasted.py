"""Tables pasted as text: columns of blanks, rows torn apart by line breaks, cells without a head."""

import pytest

from results.importers import pasted, sniff
from results.importers.pasted import read_pasted
from results.importers.records import FileRefused
from tests.results.printed_pages import name, race

HEAD = ["Pos", "Nr", "Fahrer", "Team", "Klasse", "Kl-Pos", "Runden", "Zeit", "Abstand", "Beste Runde"]
FIELDS = ("position", "number", "driver", "team", "class", "class_position", "laps", "total", "gap", "best_lap")


def on_paper(head, rows, *, gap=2, right=()):
    """The table as a PDF viewer copies it: every column as wide as its widest cell, crews one below the other."""
    lines = [[cell.split("\n") for cell in row] for row in [head, *rows]]
    widths = [max(len(part) for row in lines for part in row[place]) for place in range(len(head))]
    out = []
    for row in lines:
        for level in range(max(map(len, row))):
            parts = [cell[level] if level < len(cell) else "" for cell in row]
            out.append((" " * gap).join(part.rjust(width) if place in right else part.ljust(width) for place, (part, width) in enumerate(zip(parts, widths, strict=True))).rstrip())  # fmt: skip
    return "\n".join(out) + "\n"


def with_tabs(*rows):
    return "\n".join("\t".join(row) for row in rows) + "\n"


def crews(rows):
    return [
        [*row[:2], "\n".join(name(place * 3 + seat) for seat in range(2 + place % 3)), *row[3:]]
        for place, row in enumerate(rows)
    ]


def cells(found):
    return [list(row) for _line, row in found.rows]


@pytest.mark.parametrize("gap", [2, 4])
@pytest.mark.parametrize("right", [(), (0, 1, 5, 6, 7, 8, 9)], ids=["left", "right"])
@pytest.mark.parametrize("rows", [race(20), crews(race(20)), race(2)], ids=["lines", "crews", "two rows"])
def test_columns_of_blanks_come_back_cell_by_cell(gap, right, rows):
    text = on_paper(HEAD, rows, gap=gap, right=right)

    found = read_pasted(text)

    assert (found.header, cells(found)) == (tuple(HEAD), rows)
    assert (found.kind, found.fields, found.unread) == ("classification", FIELDS, ())
    assert sniff.sniff(text.encode()).FORMAT == "pasted"


@pytest.mark.parametrize("rows", [race(20), crews(race(20))], ids=["lines", "crews"])
def test_cells_parted_by_tabulators_come_back_even_where_a_crew_tears_them_apart(rows):
    found = read_pasted(with_tabs(HEAD, *rows))
    assert (found.header, cells(found), found.fields) == (tuple(HEAD), rows, FIELDS)


def test_whole_rows_of_tabulators_stay_with_the_plain_table_and_torn_ones_do_not():
    assert sniff.sniff(with_tabs(HEAD, *race(20)).encode()).FORMAT == "tabular"
    assert sniff.sniff(with_tabs(HEAD, *crews(race(20))).encode()).FORMAT == "pasted"
    short = with_tabs(HEAD, *race(20)[:10], race(20)[10][:4], *race(20)[11:])
    assert sniff.sniff(short.encode()).FORMAT == "tabular"  # which names the broken row


def test_runs_of_blanks_that_stand_nowhere_in_line_are_counted():
    rows = [[cell or "-" for cell in row] for row in race(12)]
    found = read_pasted("\n".join("  ".join(row) for row in [HEAD, *rows]))
    assert (found.header, cells(found)) == (tuple(HEAD), rows)


def test_single_blanks_are_refused_with_the_way_out():
    text = "\n".join(" ".join(row) for row in [HEAD, *race(8)[1:]])
    with pytest.raises(FileRefused, match=r"nur ein Leerzeichen.*Tabulatoren"):
        read_pasted(text)


@pytest.mark.parametrize(
    "text", ["7\tAda Eins\t1:46.250\n8\tBea Zwei\t1:46.540\n", "7  Ada Eins  1:46.250\n8  Bea Zwei  1:46.540\n"]
)
def test_cells_without_a_head_are_a_table_without_names(text):
    found = read_pasted(text)
    assert (found.header, found.kind, found.fields) == ((), "", ("", "", ""))
    assert found.rows == ((1, ("7", "Ada Eins", "1:46.250")), (2, ("8", "Bea Zwei", "1:46.540")))


def test_one_cell_alone_is_one():
    assert read_pasted("1:46.250").rows == ((1, ("1:46.250",)),)


def test_a_shorter_row_without_a_head_is_filled_up():
    assert read_pasted("1\t2\t3\n4\n5\t6\t7\n").rows == ((1, ("1", "2", "3")), (2, ("4", "", "")), (3, ("5", "6", "7")))


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_nothing_is_refused(text):
    with pytest.raises(FileRefused, match="leer"):
        read_pasted(text)


def test_too_much_is_refused():
    for text in ("x" * 500_001, "1\t2\n" * 2_001, "x\t" * 1_500):
        with pytest.raises(FileRefused, match=r"zu lang|mehr als|länger als"):
            read_pasted(text)


def test_title_state_notes_and_sections_are_read_as_of_a_pdf():
    rows = race(12)
    for row in rows[10:]:
        row[0] = row[5] = row[8] = ""
    table = on_paper(HEAD, rows).splitlines()
    text = "\n".join(["Rennen 1", "Vorläufiges Ergebnis", "", *table[:11], "Ausgefallen", *table[11:], "", "Vorbehaltlich der technischen Abnahme"])  # fmt: skip
    parsed = pasted.parse(text.encode())
    session = parsed.sessions[0]
    assert (parsed.format, parsed.rejected, session.name, session.state) == ("pasted", (), "Rennen 1", "provisional")
    assert [row.status for row in session.classification[9:]] == ["classified", "dnf", "dnf"]
    assert "Unter Vorbehalt: „Vorbehaltlich der technischen Abnahme“" in [problem.reason for problem in parsed.doubts]


def test_a_contradiction_in_pasted_text_is_a_doubtful_cell_of_a_draft():
    rows = race(12)
    rows[4][8] = "+99.999"
    parsed = pasted.parse(on_paper(HEAD, rows).encode())
    assert (parsed.rejected, [(cell.number, cell.field) for cell in parsed.cells]) == ((), [("16", "gap")])
    assert not parsed.sessions[0].released


@pytest.mark.parametrize(
    "text",
    ["Ein Absatz über ein Rennen, in dem Müller gewann.\nUnd noch einer.\n", '{"series": "WEC"}', "<a>Pos  Nr  Fahrer</a>", "BEGIN:VCALENDAR\n"],
)  # fmt: skip
def test_what_is_no_table_is_not_claimed(text):
    assert not pasted.recognises(text)
