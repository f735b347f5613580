import io
import re
import struct
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from results.importers import sniff
from results.importers.archive import open_archive
from results.importers.records import FileRefused, Problem
from results.importers.spreadsheet import plain, read
from results.importers.workbook import as_text

FILES = Path(__file__).parent.parent / "data" / "tabular"
TRAINING = [
    ["1", "7", "Ada", "Eins", "1:46,250", ""],
    ["2", "8", "Bea", "Zwei", "1:46,540", "+0,290"],
    ["3", "9", "", "'SELV'", "1:47,250", "+1,000"],
]


def rows(data):
    return [cells for _line, cells in read(data).rows()]


def workbook(lines, **sheets):
    book = Workbook()
    for line in lines:
        book.active.append(line)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        for line in content:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(*members, **values):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def changed_workbook(change):
    """A workbook of one sheet whose XML was changed by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["Pos", "Nr"], [1, 7]]))) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == "xl/worksheets/sheet1.xml" else content)
    return out.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_told_by_the_content(separator):
    text = "Pos;Nr;Fahrer\n1;7;Ada\n2;8;Bea\n".replace(";", separator)
    assert read(text.encode()).header == ("Pos", "Nr", "Fahrer")


def test_commas_inside_of_quotes_part_no_cells():
    assert rows(b'Pos,Nr,Drivers\n1,7,"Ada Eins, Bea Zwei"\n') == [["1", "7", "Ada Eins, Bea Zwei"]]


def test_a_quoted_newline_stays_in_its_cell_and_line_numbers_go_on():
    table = read(b'Pos;Nr;Team\n1;7;"Zeile 1\nZeile 2"\n2;8;"Team ""Moor"""\n')
    assert list(table.rows()) == [(2, ["1", "7", "Zeile 1\nZeile 2"]), (4, ["2", "8", 'Team "Moor"'])]


@pytest.mark.parametrize(
    ("encoding", "newline"),
    [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("utf-16", "\n"), ("cp1252", "\r\n"), ("utf-8", "\r"), ("cp1252", "\r")],
)
def test_encodings_and_newlines_are_read_right(encoding, newline):
    text = newline.join(["Pos;Nr;Fahrer", "1;7;Müller", "2;8;Groß", ""])
    assert rows(text.encode(encoding)) == [["1", "7", "Müller"], ["2", "8", "Groß"]]


def test_a_title_above_the_header_is_passed_over():
    table = read((FILES / "rennen.csv").read_bytes())
    assert (table.header_line, table.header[:3], next(table.rows())[0]) == (4, ("Pos", "Nr", "Klasse"), 5)


def test_a_row_that_does_not_fit_the_header_is_named_and_the_others_are_read():
    table = read(b"Pos;Nr;Fahrer\n1;7;Ada\n2;8\n3;9;Cleo;zuviel\n4;1;Dora;;\n")
    assert [line for line, _cells in table.rows()] == [2, 5]
    assert table.problems == [
        Problem(3, None, "Die Zeile hat 2 Felder, die Kopfzeile 3. Die Spalten sind verschoben."),
        Problem(4, None, "Die Zeile hat 4 Felder, die Kopfzeile 3. Die Spalten sind verschoben."),
    ]


@pytest.mark.parametrize("name", ["training.tsv", "training.ods"])
def test_a_table_is_the_same_in_whatever_file(name):
    assert rows((FILES / name).read_bytes()) == TRAINING


def test_a_workbook_gives_the_sheet_that_looks_like_results_with_times_as_text():
    table = read((FILES / "training.xlsx").read_bytes())
    assert (table.sheet, table.header_line) == ("Zeittraining", 3)
    times = ["0:01:46.250", "0:01:46.540", "0:01:47.250"]
    assert [cells for _line, cells in table.rows()] == [
        [*row[:4], time, row[5]] for row, time in zip(TRAINING, times, strict=True)
    ]


@pytest.mark.parametrize(("cell", "text"), [(44.0, "44"), (12.5, "12.5"), (True, "1"), (None, ""), ("007", "007")])
def test_cells_of_a_workbook_become_what_a_person_sees(cell, text):
    assert as_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"), [("'=2+5", "=2+5"), ("'-1", "-1"), ("'SELV'", "'SELV'"), ("'", "'"), (" a ", "a"), ("'@x", "@x")]
)
def test_an_export_made_harmless_is_restored(cell, text):
    assert plain(cell) == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "leer"),
        (b"Pos;Nr;Fahrer\n", "keine Zeile darunter"),
        (b"Ein Text ohne Tabelle.", "keine Tabelle"),
        (";".join(f"c{place}" for place in range(500)).encode(), "500 Spalten, erlaubt sind 400"),
        (b"a\t" * 2**19, "Zeile 1 hat 524289 Spalten, erlaubt sind 400"),
        (b"Pos\tNr\n" + b"\t" * 2**20, "Zeile 2 hat 1048577 Spalten, erlaubt sind 400"),
        (b"Pos;Nr\n" + b"1;1\n" * 100_100, "mehr als 100000 Zeilen"),
        (b"Pos;Nr;Team\n1;7;" + b"A" * 1_000_000 + b"\n", "Zeile 2: Ein Feld ist zu lang"),
        (b"Pos;Nr\n1;\x00\n", "NUL-Zeichen"),
        (b"PK\x03\x04 not a zip", "beschädigt"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(data, said):
    with pytest.raises(FileRefused, match=said):
        list(read(data).rows())


# ------------------------------------------------------------------ formulas

FORMULA = "Zelle {} enthält eine Formel ohne gespeicherten Wert: bitte in der Tabellenkalkulation einmal speichern."


def test_a_formula_without_a_stored_value_rejects_its_cell_and_never_reads_as_empty():
    table = read(workbook([["Pos", "Nr", "Runden"], [1, 7, "=20+4"], [2, 8, 24], ["=1+2", 9, "=B4"]]))
    assert [cells for _line, cells in table.rows()] == [["2", "8", "24"]]
    assert table.problems == [
        Problem(2, "Runden", FORMULA.format("C2")),
        Problem(4, "Pos", FORMULA.format("A4")),
        Problem(4, "Runden", FORMULA.format("C4")),
    ]


def test_a_row_of_nothing_but_uncomputed_formulas_is_named_too():
    table = read(workbook([["Pos", "Nr"], [1, 7], [], ["=1+1", "=4+4"]]))
    assert [(list(table.rows()), [problem.line for problem in table.problems])] == [([(2, ["1", "7"])], [4, 4])]


@pytest.mark.parametrize(
    "cell",
    [b'<c r="B2"><f>3+4</f><v>7</v></c>', b'<c r="B2" t="str"><f>"7"</f><v>7</v></c>'],
)
def test_a_formula_with_its_value_is_read(cell):
    data = changed_workbook(lambda xml: re.sub(rb'<c r="B2".*?</c>', cell, xml))
    assert rows(data) == [["1", "7"]]


def test_a_formula_that_gives_an_empty_text_has_a_value():
    cell = b'<c r="B2" t="str"><f>""</f><v></v></c>'
    table = read(changed_workbook(lambda xml: re.sub(rb'<c r="B2".*?</c>', cell, xml)))
    assert ([cells for _line, cells in table.rows()], table.problems) == ([["1", ""]], [])


def test_a_header_of_formulas_without_values_is_refused():
    with pytest.raises(FileRefused, match="Zelle C1 enthält eine Formel"):
        read(workbook([["Pos", "Nr", '="Runden"'], [1, 7, 24]]))


def test_a_workbook_full_of_uncomputed_formulas_is_refused_with_the_first_cells():
    with pytest.raises(FileRefused, match=r"Mehr als 5000 Zellen .* \(B2, B3, B4 …\)"):
        read(workbook([["Pos", "Nr"], *([number, "=1+1"] for number in range(1, 5_100))]))


def ods(cells):
    space = "urn:oasis:names:tc:opendocument:xmlns"
    row = '<table:table-row table:number-rows-repeated="1">{}</table:table-row>'
    head = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in ("Pos", "Nr", "Runden")
    )
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Rennen">'
        f"{row.format(head)}{row.format(cells)}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped(
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    )  # fmt: skip


def test_an_ods_formula_without_a_value_rejects_its_cell_and_one_with_a_value_is_read():
    valued = '<table:table-cell table:formula="of:=1" office:value-type="float" office:value="7"/>'
    text = '<table:table-cell table:formula="of:=1" office:value-type="string"><text:p>24</text:p></table:table-cell>'
    assert rows(ods(valued * 2 + text)) == [["7", "7", "24"]]
    table = read(ods(valued * 2 + '<table:table-cell table:formula="of:=[.A1]"/>'))
    assert (list(table.rows()), table.problems) == ([], [Problem(2, "Runden", FORMULA.format("C2"))])


# ------------------------------------------------------------------ workbooks that are traps


def test_a_cell_in_the_last_corner_is_refused_before_the_sheet_is_laid_out():
    data = changed_workbook(lambda xml: xml.replace(b'r="B2"', b'r="XFD1048576"'))
    with pytest.raises(FileRefused, match="16384 Spalten"):
        read(data)
    data = changed_workbook(lambda xml: xml.replace(b'r="B2"', b'r="B1048576"'))
    with pytest.raises(FileRefused, match="mehr als 100000 Zeilen"):
        read(data)
    data = changed_workbook(lambda xml: xml.replace(b'r="B2"', b'r="OA90000"'))
    with pytest.raises(FileRefused, match="mehr als 2000000 Zellen"):
        read(data)


def test_rows_repeated_a_million_times_are_refused_unless_they_are_empty():
    head = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="T">'
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    data = zipped(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", head))
    with pytest.raises(FileRefused, match="mehr als 100000 Zeilen"):
        read(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped(("a.csv", b"0" * 70_000_000)), "größer als 64 MB"),
        (zipped(("innen.zip", zipped(("a.csv", b"1")))), "wieder ein Archiv"),
        (zipped(("innen.bin", zipped(("a.csv", b"1")))), "wieder ein Archiv"),
        (zipped(*[(f"f{number}", b"") for number in range(1_001)]), "mehr als 1000 Dateien"),
        (zipped(("../../etc/cron.d/x", b"x")), "aus seinem Ordner"),
        (zipped(("/abs.txt", b"x")), "aus seinem Ordner"),
        (zipped(("..\\w.txt", b"x")), "aus seinem Ordner"),
        (zipped(("a.xml", b'<!DOCTYPE x [<!ENTITY a "b">]>')), "Dokumenttyp"),
        (zipped(("ergebnis.csv", b"Pos;Nr\n1;7\n")), "auspacken"),
        (zipped(("word/document.xml", b"<w/>")), "Word-Dokument"),
    ],
)  # fmt: skip
def test_an_archive_is_refused_for_what_it_holds(data, said):
    with pytest.raises(FileRefused, match=said):
        sniff.parse(data)


def test_a_symbolic_link_a_password_and_a_lying_size_are_refused():
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with pytest.raises(FileRefused, match="Verknüpfung"):
        sniff.parse(zipped((link, "/etc/hostname")))
    data = bytearray(zipped(("a.csv", b"0" * 5_000_000)))
    place = data.rfind(b"PK\1\2")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    with pytest.raises(FileRefused, match="größer, als das Archiv angibt"):
        sniff.parse(bytes(data))
    data[place + 8] |= 1
    with pytest.raises(FileRefused, match="Kennwort"):
        sniff.parse(bytes(data))


def test_members_are_counted_piece_by_piece():
    archive = open_archive(zipped(("a.bin", bytes(range(256)) * 1_000), ("leer.txt", b"")))
    pieces = list(archive.pieces("a.bin"))
    assert (b"".join(pieces) == bytes(range(256)) * 1_000, max(map(len, pieces)) <= 2**16) == (True, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x1f\x8b\x08\x00abc", "Gepackte"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "altes Office-Format"),
        (b"\x89PNG\r\n\x1a\n\x00", "Bild"),
        (b"7z\xbc\xaf\x27\x1c\x00", "Gepackte"),
    ],
)  # fmt: skip
def test_other_binary_files_are_called_what_they_are(data, said):
    with pytest.raises(FileRefused, match=said):
        sniff.parse(data)
