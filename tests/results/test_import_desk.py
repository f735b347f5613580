"""The import desk: upload, preview, confirm, report; who may, what is shown, and that nothing is written unseen."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from results.importers.originals import forget_previews
from results.models import Classification, ClassificationRow, Event, ImportItem, ImportRun, Session, SourceDocument
from tests.factories import SourceDocumentFactory, UserFactory
from tests.results.made import load, parsed, race, row
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
UPLOAD = reverse("admin:results_importrun_add")


@pytest.fixture
def desk(client):
    client.force_login(UserFactory(username="ergebnisse", role="results"))
    return client


def facts(*, best="1:46.540", gap="+0.290", **values):
    line = {"class": "Pro", "car": "Audi R8", "laps": None, "time": None, "status": "classified"}
    rows = [
        {**line, "pos": 1, "pos_in_class": 1, "number": "7", "team": "Nordteam", "gap": None, "best_lap": "1:46.250",
         "drivers": [{"first": "Ada", "last": "Eins"}]},
        {**line, "pos": 2, "pos_in_class": 2, "number": "8", "team": "<b>Süd</b>", "gap": gap, "best_lap": best,
         "drivers": [{"first": "Bea", "last": "Zwei"}]},
    ]  # fmt: skip
    sessions = [
        {"id": "Q", "name": "Qualifying", "kind": "qualifying", "date": "2026-05-16T18:00", "classification": rows}
    ]
    return {"series": "Cup", "season": "2026", "event": "Ring", "circuit": "Nürburgring", "timezone": "Europe/Berlin",
            "sessions": sessions, "standings": [], **values}  # fmt: skip


def upload(client, content, name="q.json"):
    """Sends a file and follows to its preview."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)}, follow=True)


def confirm(client, page, **fields):
    """Presses the button of a preview page, with what it says was seen."""
    expected = re.search(r'name="expected" value="([^"]+)"', page.content.decode())[1]
    address = page.redirect_chain[-1][0] if getattr(page, "redirect_chain", None) else page.request["PATH_INFO"]
    return client.post(address, {"expected": expected, "commit": "1", **fields}, follow=True)


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_a_preview_shows_what_was_understood_and_writes_no_facts(desk):
    page = upload(desk, facts())

    text = text_of(page)
    for said in ("Cup 2026 · Ring · neu · Europe/Berlin", "2 gelesen, 2 neu, 0 geändert", "Fassung 1 mit 2 Autos",
                 "Neu angelegt: Team „Nordteam“."):  # fmt: skip
        assert said in text
    assert "&lt;b&gt;Süd&lt;/b&gt;" in page.content.decode()
    assert not Session.objects.exists()
    assert SourceDocument.objects.get().received_by.username == "ergebnisse"


def test_a_confirmed_preview_is_imported_and_reported_with_links(desk):
    page = confirm(desk, upload(desk, facts()))

    version = Classification.objects.get()
    assert "Importiert: 2 neu, 0 geändert." in text_of(page)
    assert reverse("admin:results_classification_change", args=[version.pk]) in page.content.decode()
    assert version.session.get_absolute_url() in page.content.decode()
    assert (version.created_by.username, version.import_run.by.username) == ("ergebnisse", "ergebnisse")


def test_the_same_file_again_says_0_new_and_offers_no_button(desk):
    confirm(desk, upload(desk, facts()))

    page = upload(desk, facts(), name="anders.json")

    assert "0 neu" in text_of(page)
    assert 'name="commit"' not in page.content.decode()
    confirm(desk, page)
    assert ImportRun.objects.count() == 1


def test_a_change_of_a_published_result_shows_every_cell_and_asks_for_the_reason(desk):
    confirm(desk, upload(desk, facts()))
    page = upload(desk, facts(best="1:46.600", gap="+0.350"))

    assert "8 beste Runde 1:46,540 1:46,600" in text_of(page)
    assert "8 Rückstand (Zeit) +0,290 +0,350" in text_of(page)
    refused = confirm(desk, page, accept="on")
    assert "braucht Zustimmung und einen Grund" in text_of(refused)
    assert Classification.objects.count() == 1

    confirm(desk, page, accept="on", reason="Runde gestrichen")
    current = Classification.objects.get(is_current=True)
    assert (current.version, current.reason) == (2, "Runde gestrichen")


def test_a_state_that_changed_meanwhile_is_shown_instead_of_overwritten(desk):
    confirm(desk, upload(desk, facts()))
    mine = upload(desk, facts(best="1:46.600", gap="+0.350"))
    confirm(desk, upload(desk, facts(best="1:46.700", gap="+0.450")), accept="on", reason="Erste Korrektur")

    page = confirm(desk, mine, accept="on", reason="Zweite Korrektur")

    assert "Seit der Vorschau hat sich der gespeicherte Stand geändert" in text_of(page)
    assert "8 beste Runde 1:46,700 1:46,600" in text_of(page)
    assert Classification.objects.get(is_current=True).version == 2
    confirm(desk, page, accept="on", reason="Zweite Korrektur")
    assert Classification.objects.get(is_current=True).version == 3


def test_a_confirmation_without_a_preview_writes_nothing(desk):
    page = upload(desk, facts())
    address = page.redirect_chain[-1][0]

    for expected in ("", "-", "0" * 64):
        answer = desk.post(address, {"commit": "1", "expected": expected})
        assert answer.status_code == 200
    assert not ClassificationRow.objects.exists()


def test_faults_are_listed_with_row_and_column_and_nothing_can_be_confirmed(desk):
    page = upload(desk, facts(best="1:60.000"))

    assert "2 best_lap" in text_of(page)
    assert 'name="commit"' not in page.content.decode()
    answer = confirm(desk, page)
    assert "Die Datei hat Fehler" in text_of(answer)
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Bitte Dateien auswählen oder einen Text einfügen"),
        ({"text": "Hallo"}, "Format der Datei ist nicht bekannt"),
        ({"file": SimpleUploadedFile("leer.csv", b"")}, ""),
        ({"file": SimpleUploadedFile("bild.png", b"\x89PNG\r\n\x1a\n\0\0")}, ""),
    ],
)
def test_what_is_no_results_file_is_refused_at_the_door(desk, fields, said):
    page = desk.post(UPLOAD, fields)

    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert said in text_of(page)
    assert not SourceDocument.objects.exists()


def test_pasted_text_is_as_good_as_a_file(desk):
    page = desk.post(UPLOAD, {"text": json.dumps(facts(), ensure_ascii=False)}, follow=True)

    confirm(desk, page)

    assert Classification.objects.count() == 1


@needs_shared
def test_a_file_that_names_nothing_asks_for_its_place(desk):
    content = (SHARED / "data" / "nls_wige" / "NLS1__RENNEN_RESULT.CSV").read_bytes()
    page = upload(desk, content, "NLS1.CSV")
    assert "ausfüllen, was fehlt: Serie, Saison, " in text_of(page)
    assert 'name="commit"' not in page.content.decode()

    place = {"create": "on", "series": "NLS", "season": "2025", "name": "NLS1", "date": "2025-03-22",
             "zone": "Europe/Berlin", "session": "R"}  # fmt: skip
    page = desk.post(page.redirect_chain[-1][0], {"preview": "1", **place})
    assert "Fassung 1 mit 116 Autos" in text_of(page)
    confirm(desk, page, **place)

    assert Classification.objects.get().session.get_absolute_url() == "/nls/2025/nls1/rennen/"

    again = upload(desk, content, "NLS1.CSV")
    assert "Vorgeschlagen, denn: der Name „NLS1“; 116 von 116 Startnummern sind genannt" in text_of(again)
    assert "Fassung 1, unverändert" in text_of(again)


@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "pictures"])
def test_others_do_not_import(client, role):
    document = SourceDocumentFactory()
    client.force_login(UserFactory(role=role))

    for address in (UPLOAD, reverse("admin:results_importrun_preview", args=[document.sha256])):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403


def test_a_preview_of_an_unknown_file_is_not_found(desk):
    assert desk.get(reverse("admin:results_importrun_preview", args=["0" * 64])).status_code == 404


def test_the_desk_runs_under_the_strict_policy(desk):
    page = upload(desk, facts())
    html = page.content.decode()

    assert "unsafe" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>\s*\S", html)
    assert not re.search(r"\son\w+=|\sstyle=", html)


def test_originals_that_were_never_imported_are_forgotten_after_a_week(desk):
    confirm(desk, upload(desk, facts()))
    upload(desk, facts(best="1:46.600", gap="+0.350"))
    assert forget_previews() == 0

    long_ago = timezone.now() - dt.timedelta(days=8)
    SourceDocument.objects.update(received_at=long_ago)
    assert forget_previews() == 0, "somebody looked at the file within the week"
    ImportItem.objects.update(changed_at=long_ago)

    assert forget_previews() == 1
    assert SourceDocument.objects.get() == Classification.objects.get().document
    assert ImportItem.objects.get().run == Classification.objects.get().import_run


@pytest.fixture
def calendar():
    return (DATA / "ical" / "season.ics").read_bytes()


CREATED = "angelegt: 2 Serien, 2 Saisons"


def test_a_calendar_says_at_every_place_what_it_created_and_never_0_new(desk, calendar):
    page = upload(desk, calendar, "season.ics")
    assert "0 neu" not in text_of(page)
    done = text_of(confirm(desk, page))
    assert f"Importiert: {CREATED}" in done
    run = ImportRun.objects.get()
    assert run.report["in_words"]["created"].startswith(CREATED)
    assert run.report["rows"]["created"] == 0  # the contract of --json
    batch = text_of(desk.get(reverse("admin:results_importrun_batch", args=[ImportItem.objects.get().batch_id])))
    shown = text_of(desk.get(reverse("admin:results_importrun_change", args=[run.pk])))
    for text in (batch, shown):
        assert CREATED in text
        assert "0 neu" not in text


def test_a_calendar_that_is_stored_already_is_0_new(desk, calendar):
    confirm(desk, upload(desk, calendar, "season.ics"))
    again = text_of(upload(desk, calendar, "noch-einmal.ics"))
    assert "0 neu" in again
    assert "angelegt" not in again


def test_a_proposal_is_explained_until_a_person_chooses_another_place(desk):
    text = "Die Datei sagt selbst, wohin sie gehört."
    load(parsed(race(rows=(row("7", 1),)), series="Cup", season="2026", event="Anderswo"))
    page = upload(desk, facts())
    address = page.redirect_chain[-1][0]
    assert text in text_of(page)
    same = desk.post(address, {"preview": "1"})
    assert text in text_of(same)
    chosen = desk.post(address, {"preview": "1", "event": str(Event.objects.get(name="Anderswo").pk)})
    assert text not in text_of(chosen)
    assert text not in text_of(
        desk.get(reverse("admin:results_importrun_batch", args=[ImportItem.objects.get().batch_id]))
    )
