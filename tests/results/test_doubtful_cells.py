"""PDFs and pasted tables at the desk and by the command: doubtful cells marked, kept with the import, never published unseen."""

import hashlib
import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from results.importers import batches
from results.models import Classification, ImportItem, ImportRun, SourceDocument
from tests.factories import EventFactory, SessionFactory
from tests.results.printed_pages import printed, race
from tests.results.test_import_desk import UPLOAD, confirm, desk, text_of, upload  # noqa: F401 - a fixture
from tests.results.test_pasted import on_paper

pytestmark = pytest.mark.django_db

HEAD = ["Pos", "Nr", "Fahrer", "Team", "Klasse", "Kl-Pos", "Runden", "Zeit", "Abstand", "Beste Runde"]
FINAL = ["Heide-Cup 2026", "Rennen", "Endgültiges Ergebnis"]


@pytest.fixture
def session():
    return SessionFactory(event=EventFactory(slug="heide", name="Heide-Cup"), key="R", kind="race")


def wrong_gap():
    rows = race(12)
    rows[4][8] = "+99.999"
    return rows


def place_and_confirm(client, page, session):
    place = {"event": session.event.pk, "session": session.key}
    page = client.post(page.redirect_chain[-1][0], {"preview": "1", **place}, follow=True)
    page.redirect_chain = page.redirect_chain or [(page.request["PATH_INFO"], 200)]
    return confirm(client, page, **place)


def test_a_pdf_goes_from_upload_to_a_released_result_and_its_original_is_kept(desk, session):  # noqa: F811
    data = printed(HEAD, race(12), above=FINAL)
    page = upload(desk, data, "rennen.pdf")
    assert "pdf" in text_of(page)
    assert "Zweifelhafte Felder" not in text_of(page)

    place_and_confirm(desk, page, session)

    version = Classification.objects.get()
    assert (version.is_current, version.state, version.rows.count()) == (True, "final", 12)
    document = SourceDocument.objects.get()
    assert (document.format, bytes(document.content), document.sha256) == (
        "pdf",
        data,
        hashlib.sha256(data).hexdigest(),
    )


def test_the_preview_marks_exactly_the_doubtful_cell(desk, session):  # noqa: F811
    html = upload(desk, printed(HEAD, wrong_gap(), above=FINAL), "rennen.pdf").content.decode()
    table = re.search(r'<div class="module doubtful-cells">.*?</table>', html, re.DOTALL)[0]
    assert re.findall(r"<mark>([^<]+)<", table) == ["+1:39,999"]
    assert "aus den Zeiten folgt +9,380" in table
    assert table.count("<tr") == 3  # head, row, reasons
    assert "Das Ergebnis wird ein Entwurf" in html


def test_doubtful_cells_make_a_draft_that_no_reader_sees_and_stay_with_the_import(desk, session, client):  # noqa: F811
    page = upload(desk, printed(HEAD, wrong_gap(), above=FINAL), "rennen.pdf")
    place_and_confirm(desk, page, session)

    version = Classification.objects.get()
    assert (version.is_current, version.released_at, version.rows.count()) == (False, None, 12)
    assert version.rows.get(session_entry__entry__number="16").gap_ms == 99_999
    assert not Classification.objects.public().exists()
    (cell,) = ImportRun.objects.get().report["cells"]
    assert (cell["number"], cell["field"], cell["line"], cell["column"]) == ("16", "gap", 9, "Abstand")
    client.logout()
    assert "99,999" not in client.get(session.get_absolute_url()).content.decode()


def test_a_file_with_doubtful_cells_is_not_imported_from_the_list_unseen(desk, session):  # noqa: F811
    upload(desk, printed(HEAD, wrong_gap(), above=FINAL), "rennen.pdf")
    item = ImportItem.objects.get()
    assert [one["field"] for one in item.report["cells"]] == ["gap"]
    assert not batches.may_import_unseen(item)


def test_a_pasted_table_goes_the_same_way_as_a_file(desk, session):  # noqa: F811
    text = "Rennen\nEndgültiges Ergebnis\n\n" + on_paper(HEAD, race(12))
    page = desk.post(UPLOAD, {"text": text}, follow=True)
    assert "pasted" in text_of(page)

    place_and_confirm(desk, page, session)

    version = Classification.objects.get()
    assert (version.is_current, version.state, version.rows.count()) == (True, "final", 12)
    kept = SourceDocument.objects.get()
    assert bytes(kept.content).decode().replace("\r\n", "\n") == text


def test_what_the_columns_of_a_pdf_mean_is_corrected_and_remembered(desk, session):  # noqa: F811
    rows = [[row[0], row[1], row[2], row[6]] for row in race(12)]
    page = upload(desk, printed(["Pl", "Nummer", "Steuer", "Umläufe"], rows, above=["Rennen"]), "rennen.pdf")
    assert '<label for="id_column-2">Steuer</label>' in page.content.decode()
    said = {"columns": "1", "kind": "classification", "source": "Zeitnahme Nord", "column-0": "position", "column-1": "number",
            "column-2": "driver", "column-3": "laps"}  # fmt: skip
    page = desk.post(page.redirect_chain[-1][0], said, follow=True)

    place_and_confirm(desk, page, session)

    assert Classification.objects.get().rows.first().session_entry.entry.crew.count() == 1
    again = upload(desk, printed(["Pl", "Nummer", "Steuer", "Umläufe"], rows[:9], above=["Rennen"]), "naechstes.pdf")
    assert "Zeitnahme Nord" in text_of(again) + again.content.decode()


@pytest.mark.parametrize("data", [b"%PDF-1.7\nkein PDF\n%%EOF\n", b"%PDF-1.7\nabgebrochen"])
def test_a_broken_pdf_is_refused_in_german_on_the_form_and_leaves_no_trace(desk, data):  # noqa: F811
    page = upload(desk, data, "kaputt.pdf")
    assert re.search("Das PDF (ist beschädigt|bricht ab)", text_of(page))
    assert not SourceDocument.objects.exists()


def test_the_day_and_the_title_on_the_page_speak_for_an_event(desk):  # noqa: F811
    event = EventFactory(name="Heide-Cup", slug="heide-cup", starts_on="2026-05-16", ends_on="2026-05-17")
    SessionFactory(event=event, key="R", kind="race")
    upload(
        desk, printed(HEAD, race(12), above=["Heide-Cup", "Rennen"], below=["17.05.2026, 17:42 Uhr"]), "dokument12.pdf"
    )
    assert ImportItem.objects.get().report["proposal"]["target"]["event"] == event.pk


def test_the_command_takes_a_pdf_and_repeats_it_without_a_change(tmp_path, session):
    path = tmp_path / "rennen.pdf"
    path.write_bytes(printed(HEAD, wrong_gap(), above=FINAL))
    answers = []
    for _turn in range(2):
        out = StringIO()
        call_command("import_results", str(path), event="heide", session="R", json=True, stdout=out)
        answers.append(json.loads(out.getvalue()))
    assert [answer["rows"]["created"] for answer in answers] == [12, 0]
    assert answers[0]["sessions"][0]["version"] == 1
    assert "Startnummer 16" in answers[0]["doubts"][0]["reason"]
    assert ImportRun.objects.count() == 1


def test_an_import_of_a_pdf_can_be_undone(desk, session):  # noqa: F811
    place_and_confirm(desk, upload(desk, printed(HEAD, race(12), above=FINAL), "rennen.pdf"), session)
    run = ImportRun.objects.get()
    page = desk.post(reverse("admin:results_importrun_undo", args=[run.pk]), {"reason": "falsches Rennen"}, follow=True)
    assert page.status_code == 200
