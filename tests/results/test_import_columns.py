"""Plain tables at the desk: what the columns mean is proposed, corrected by a person, and remembered for the next."""

import re

import pytest

from results.models import Classification, ColumnMapping, ImportItem
from tests.results.test_import_desk import UPLOAD, confirm, desk, text_of, upload  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
TABLE = "Pl;Nummer;Wer;Umläufe\n1;7;Ada Eins;30\n2;8;Bea Zwei;29\n3;9;Cleo Drei;29\n".encode()
PLACE = {"create": "on", "series": "Cup", "season": "2026", "name": "Ring", "session": "R", "kind": "race",
         "date": "2026-05-16", "zone": "Europe/Berlin"}  # fmt: skip
MEANING = {"columns": "1", "kind": "classification", "source": "Zeitnahme Nord", "column-0": "position",
           "column-1": "number", "column-2": "driver", "column-3": "laps"}  # fmt: skip


def address_of(page):
    return page.redirect_chain[-1][0]


def test_each_column_has_its_header_three_values_and_a_select(desk):  # noqa: F811
    html = upload(desk, TABLE, "rennen.csv").content.decode()

    assert '<label for="id_column-2">Wer</label>' in html
    assert "Ada Eins · Bea Zwei · Cleo Drei" in html
    assert html.count('<select name="column-') == 4
    assert re.search(r'<option value="" selected>wird nicht übernommen|<option value="[a-z_]+" selected', html)


def test_what_a_person_says_is_read_imported_and_remembered_for_the_source(desk):  # noqa: F811
    address = address_of(upload(desk, TABLE, "rennen.csv"))

    page = desk.post(address, MEANING, follow=True)
    assert ImportItem.objects.get().target["mapping"]["columns"][2] == ["Wer", "driver"]
    assert "3 gelesen" in text_of(page)
    page = desk.post(address, {"preview": "1", **PLACE})
    confirm(desk, page, **PLACE)

    rows = Classification.objects.get().rows.order_by("position")
    assert [(row.session_entry.entry.number, row.laps) for row in rows] == [("7", 30), ("8", 29), ("9", 29)]
    assert (ColumnMapping.objects.get().source, ColumnMapping.objects.get().by.username) == (
        "Zeitnahme Nord",
        "ergebnisse",
    )
    again = upload(desk, TABLE.replace(b"30", b"31"), "naechstes.csv")
    assert "Zeitnahme Nord" in text_of(again) + again.content.decode()
    assert '<option value="driver" selected>' in again.content.decode()


def test_a_meaning_that_lacks_the_number_is_refused_in_words(desk):  # noqa: F811
    address = address_of(upload(desk, TABLE, "rennen.csv"))

    page = desk.post(address, {**MEANING, "column-1": ""})

    assert "Keine Spalte ist die Startnummer." in text_of(page)
    assert "mapping" not in ImportItem.objects.get().target
    assert not ColumnMapping.objects.exists()


def test_a_pasted_table_is_as_good_as_a_file(desk):  # noqa: F811
    page = desk.post(UPLOAD, {"text": TABLE.decode().replace(";", "\t")}, follow=True)

    assert page.content.decode().count('<select name="column-') == 4
