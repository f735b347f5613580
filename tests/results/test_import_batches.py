"""Several files at once at the desk: each finds its place or asks, questions wait, the rest goes in together."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from results.importers.filenames import hints
from results.importers.plan import ImportTarget
from results.importers.proposing import propose
from results.models import Classification, ImportBatch, ImportItem, ImportRun, Lap, Session
from tests.factories import UserFactory
from tests.results.made import SATURDAY, load, nameless, parsed, race, row, session, two_cars
from tests.results.test_import_desk import UPLOAD, confirm, desk, facts, text_of, upload  # noqa: F401 - a fixture
from tests.results.test_undo import wige
from tests.site.test_jobs import lap_file

pytestmark = pytest.mark.django_db
State = ImportItem.State


def bring(client, *files):
    """Sends files of (name, content) at once and follows to their batch."""
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(UPLOAD, {"file": sent}, follow=True)


def json_of(value):
    return json.dumps(value).encode()


def states():
    """Names and states, the newest batch first."""
    return list(ImportItem.objects.order_by("-batch_id", "sequence").values_list("name", "state"))


def test_several_files_become_a_batch_with_a_line_each(desk):  # noqa: F811
    page = bring(desk, ("q.json", json_of(facts())), ("leer.csv", b""), ("bild.png", b"\x89PNG\r\n\x1a\n\0\0"))

    text = text_of(page)
    assert states() == [("q.json", "ready"), ("leer.csv", "refused"), ("bild.png", "refused")]
    assert "Cup 2026 · Ring" in text
    assert "2 gelesen, 2 neu, 0 geändert" in text
    assert "Die Datei ist leer." in text
    assert not Session.objects.exists()


def test_all_files_without_questions_are_imported_in_one_go(desk):  # noqa: F811
    second = facts(event="Spa", circuit="Spa")
    page = bring(
        desk,
        ("q.json", json_of(facts())),
        ("spa.json", json_of(second)),
        ("schlecht.json", json_of(facts(best="1:60.000"))),
    )

    done = desk.post(page.redirect_chain[-1][0], {"all": "1"}, follow=True)

    assert "2 Dateien werden übernommen." in text_of(done)
    assert states() == [("q.json", "done"), ("spa.json", "done"), ("schlecht.json", "ready")]
    assert Classification.objects.current().count() == 2
    assert {run.by.username for run in ImportRun.objects.all()} == {"ergebnisse"}


def test_a_result_and_its_laps_go_in_together_though_the_first_makes_what_the_second_needs(desk):  # noqa: F811
    load(parsed(race(rows=None)))
    load(parsed(race(rows=(row("7", 1),)), event="6 Stunden am Ring"))
    page = bring(desk, ("2026-05-16_6-Stunden-am-Ring_RENNEN_LAPS.CSV", wige(106_250, 106_300)))

    text = text_of(page)
    assert "Vorgeschlagen, denn: der Name „6 Stunden am Ring“" in text
    assert "1 von 1 Startnummern sind genannt" in text
    confirm(desk, page, event=ImportItem.objects.get().target["event"], session="R")
    assert Lap.objects.count() == 2


def test_only_the_chosen_files_are_imported_or_left_out(desk):  # noqa: F811
    page = bring(desk, ("q.json", json_of(facts())), ("spa.json", json_of(facts(event="Spa", circuit="Spa"))))
    address = page.redirect_chain[-1][0]

    desk.post(address, {"chosen": "1", "file": ["2"]})
    desk.post(address, {"drop": "1", "file": ["1"]})

    assert states() == [("q.json", "dropped"), ("spa.json", "done")]


def test_the_list_never_imports_what_would_change_published_results(desk):  # noqa: F811
    confirm(desk, upload(desk, facts()))
    page = bring(desk, ("neu.json", json_of(facts(best="1:46.600", gap="+0.350"))), ("alt.json", json_of(facts())))

    answer = desk.post(page.redirect_chain[-1][0], {"all": "1"}, follow=True)

    assert "ändert veröffentlichte Ergebnisse" in text_of(answer)
    assert states()[:2] == [("neu.json", "ready"), ("alt.json", "unchanged")]
    assert Classification.objects.get().version == 1


def test_the_same_rows_in_another_order_are_nothing_new(desk):  # noqa: F811
    confirm(desk, upload(desk, facts()))
    turned = facts()
    turned["sessions"][0]["classification"].reverse()

    assert "0 neu" in text_of(upload(desk, turned, name="umsortiert.json"))
    assert ImportRun.objects.count() == 1


def test_a_file_refused_between_list_and_import_waits_with_the_reason(desk):  # noqa: F811
    page = bring(desk, ("q.json", json_of(facts())), ("spa.json", json_of(facts(event="Spa", circuit="Spa"))))
    ImportItem.objects.filter(sequence=1).update(report=ImportItem.objects.get(sequence=1).report | {"gist": "0" * 64})

    answer = desk.post(page.redirect_chain[-1][0], {"all": "1"}, follow=True)

    assert "Seit der Vorschau hat sich der gespeicherte Stand geändert" in text_of(answer)
    assert states() == [("q.json", "ready"), ("spa.json", "done")]


def test_one_place_serves_the_other_files_of_the_batch(desk):  # noqa: F811
    page = bring(desk, ("A_RENNEN_LAPS.CSV", wige(106_250)), ("B_RENNEN_LAPS.CSV", wige(106_250, 106_300)))
    first = reverse("admin:results_importrun_item", args=[ImportBatch.objects.get().pk, 1])
    place = {"create": "on", "series": "Cup", "season": "2026", "name": "Ring", "date": "2026-05-16",
             "zone": "Europe/Berlin", "session": "R"}  # fmt: skip

    desk.post(first, {"preview": "1", "share": "on", **place})

    assert page.status_code == 200
    assert [item.target["name"] for item in ImportItem.objects.all()] == ["Ring", "Ring"]
    assert [item.report["missing"] for item in ImportItem.objects.all()] == [[], []]


def test_a_large_file_is_worked_on_while_the_page_loads_itself_anew(desk):  # noqa: F811
    page = bring(desk, ("gross.csv", lap_file(10_000)))

    html = page.content.decode()
    assert "1 Datei ist in Arbeit; diese Seite kann geschlossen werden." in text_of(page)
    assert '<meta http-equiv="refresh" content="3">' in html
    assert "data-busy" in html
    ImportItem.objects.update(state=State.READY)
    assert "http-equiv" not in desk.get(page.redirect_chain[-1][0]).content.decode()


def test_an_expired_login_leads_back_to_the_batch_and_loses_nothing(desk):  # noqa: F811
    page = bring(desk, ("q.json", json_of(facts())), ("spa.json", json_of(facts(event="Spa", circuit="Spa"))))
    address = page.redirect_chain[-1][0]
    desk.logout()

    away = desk.get(address)
    desk.force_login(UserFactory(username="zweite", role="results"))

    assert away["Location"] == f"/admin/login/?next={address}"
    assert "q.json" in text_of(desk.get(address))


def test_a_result_is_checked_against_the_laps_of_the_same_batch(desk):  # noqa: F811
    line = {"pos": 1, "pos_in_class": 1, "number": "7", "team": "Team 7", "class": "SP9", "car": "Porsche", "laps": 2,
            "time": None, "gap": None, "best_lap": "1:46.000", "status": "classified",
            "drivers": [{"first": "Ada", "last": "Eins"}]}  # fmt: skip
    result = facts(
        sessions=[{"id": "R", "name": "Rennen", "kind": "race", "date": "2026-05-16T12:00", "classification": [line]}]
    )
    bring(desk, ("r.json", json_of(result)), ("laps.csv", wige(106_250, 106_300)))
    batch = ImportBatch.objects.get()
    place = {"create": "on", "series": "Cup", "season": "2026", "name": "Ring", "session": "R", "date": "2026-05-16",
             "zone": "Europe/Berlin"}  # fmt: skip

    page = desk.post(reverse("admin:results_importrun_item", args=[batch.pk, 2]), {"preview": "1", **place})

    assert "Ergebnis und Runden im Vergleich: R r.json – laps.csv 1 Auto verglichen. 1 Widerspruch:" in text_of(page)
    assert "#7 beste Runde 1:46,000 1:46,250" in text_of(page)


def test_two_events_that_fit_equally_are_offered_and_none_is_chosen(desk):  # noqa: F811
    for name in ("Ring", "Ring 2"):
        load(parsed(race(rows=(row("7", 1),)), event=name), content=name.encode())

    proposal = propose(nameless(race("", rows=None, date=SATURDAY)), name="RENNEN.CSV")

    assert (proposal.certain, proposal.target.event, len(proposal.candidates)) == (False, None, 2)
    page = bring(desk, ("RENNEN.CSV", wige(106_250)))
    assert "Vielleicht eine von diesen" in text_of(page)
    assert 'name="commit"' not in page.content.decode()
    taken = desk.post(page.redirect_chain[-1][0], {"take": proposal.candidates[0].event.pk})
    assert 'name="commit"' in taken.content.decode()
    assert ImportItem.objects.get().target == {"event": proposal.candidates[0].event.pk, "session": "R"}


def test_name_and_day_decide_and_the_kind_finds_the_session():
    load(parsed(session(rows=two_cars()), race(rows=None), event="Imola"))

    proposal = propose(nameless(session("", rows=two_cars(), date=None)), name="2026-05-16_imola_quali.csv")

    assert proposal.certain
    assert (proposal.target.event.name, proposal.target.session) == ("Imola", "Q")
    assert proposal.because[0] == "der Name „Imola“"


def test_a_file_that_names_its_event_needs_no_proposal():
    assert propose(parsed(session(rows=two_cars())), name="x").target == ImportTarget()


@pytest.mark.parametrize(
    ("name", "event", "year", "day", "kind"),
    [
        ("NLS1__RENNEN_LAPS.CSV", "NLS1", None, None, "race"),
        ("NLS1__NLS1_ZEITTRAINING_TRAINING_RESULT.CSV", "NLS1", None, None, "qualifying"),
        ("23_Analysis_2025_imola_6h.csv", "Imola 6h", 2025, None, "race"),
        ("2025__06-sebring-international-raceway__202503151010-race-laps.csv", "Sebring International Raceway", 2025,
         "2025-03-15", "race"),
        ("../../etc/passwd", "Passwd", None, None, ""),
        ("", "", None, None, ""),
    ],
)  # fmt: skip
def test_the_name_of_a_file_gives_hints(name, event, year, day, kind):
    said = hints(name)

    assert (said.event, said.year, said.date and said.date.isoformat(), said.kind) == (event, year, day, kind)


def test_the_pages_run_under_the_strict_policy(desk):  # noqa: F811
    page = bring(desk, ("q.json", json_of(facts())), ("bild.png", b"\x89PNG\r\n\x1a\n\0\0"))

    for html in (page.content.decode(), desk.get(UPLOAD).content.decode()):
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>\s*\S", html)
        assert not re.search(r"\son\w+=|\sstyle=", html)


@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "pictures"])
def test_others_see_no_batch(client, desk, role):  # noqa: F811
    address = bring(desk, ("q.json", json_of(facts())), ("x.json", b"")).redirect_chain[-1][0]
    client.force_login(UserFactory(role=role))

    for page in (address, f"{address}1/"):
        assert client.get(page).status_code == 403
        assert client.post(page, {"all": "1"}).status_code == 403
    assert states()[0] == ("q.json", "ready")
