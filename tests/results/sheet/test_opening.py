"""What a sheet opens with, what an import doubted, the CSV way, and drafts that are laid aside."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from results.models import Classification, ClassificationRow, Driver, SessionCrewMember
from results.release import ReleaseRefused, discard_draft, restate, take_up_draft, working_version
from results.sheet.opening import cars_of, judged, lines_of_version, open_sheet, shown_cars
from results.sheet.saving import Wish, preview_of
from tests import factories
from tests.results.sheet.fields import ADDRESS, a_field, a_line, a_result, in_session, post, versions

pytestmark = pytest.mark.django_db
HOSTILE = "=cmd|'/C calc'!A0"


@pytest.fixture
def person(client):
    officer = factories.UserFactory(role="results")
    client.force_login(officer)
    return officer


def test_without_a_result_the_entry_list_is_there_by_class_and_number():
    session = a_field(0)
    for number in ("10", "2", "007"):
        factories.EntryFactory(event=session.event, number=number)
    factories.EntryFactory(event=session.event, number="2", line=2)
    opened = open_sheet(session)
    assert [line["number"] for line in opened.lines] == ["2", "2·2", "007", "10"]
    assert (opened.base, opened.newest) == (None, None)


def test_every_value_of_a_stored_line_comes_back_unchanged():
    session = factories.SessionFactory(kind="qualifying")
    entry = factories.EntryFactory(event=session.event, number="7")
    car = in_session(session, entry)
    rows = [
        {"session_entry": car, "position": 1, "class_position": 1, "laps": 30, "total_ms": 3_600_001, "gap_ms": 0,
         "best_lap_ms": 59_999, "best_lap_number": 0, "grid": 0, "penalty_ms": 5_000, "penalty_laps": 2,
         "part_times_ms": [61_000, None]},
        {"session_entry": car, "line": 2, "status": "dnf", "printed_status": "Getriebe", "gap_laps": 3, "part_times_ms": []},
        {"session_entry": in_session(session, factories.EntryFactory(event=session.event)), "status": "dnq",
         "printed_status": "DNPQ"},
        {"session_entry": in_session(session, factories.EntryFactory(event=session.event)), "class_position": 3},
    ]  # fmt: skip
    version = factories.ClassificationFactory(session=session, rows=rows, part_names=["Q1", "Q2"])
    lines = lines_of_version(version)
    assert [line["position"] for line in lines] == ["1", "DNF", "DNPQ", "CLA"]
    wish = Wish(lines, base=1, expected=1, state="final", release=True)
    preview = preview_of(session, "", wish)
    assert (preview.changes, preview.judged.errors) == ((), [])
    stored = list(version.rows.order_by("display_order"))
    assert [row.printed_status for row in preview.rows] == [row.printed_status for row in stored]


def test_a_reason_printed_beside_a_status_goes_with_the_status():
    session = a_field(1)
    car = in_session(session, session.event.entries.get())
    rows = [{"session_entry": car, "status": "dnf", "printed_status": "Getriebe"}]
    factories.ClassificationFactory(session=session, rows=rows)
    typed = [{"number": "1", "position": "DSQ"}]
    preview = preview_of(session, "", Wish(typed, base=1, expected=1, state="final", release=True))
    assert [(row.status, row.printed_status) for row in preview.rows] == [("dsq", "")]


def test_the_crew_of_a_shared_drive_is_shown_by_line():
    session = a_field(1)
    car = in_session(session, session.event.entries.get())
    for line, name in ((1, "Fangio"), (2, "Collins")):
        driver = Driver.objects.create(first_name="", last_name=name, slug=name.lower())
        SessionCrewMember.objects.create(session_entry=car, line=line, driver=driver, seat=1)
    shown = shown_cars(session)
    assert (shown["1"]["crew"], shown["1/2"]["crew"]) == ("Fangio", "Collins")


def test_cells_that_an_import_doubted_are_marked_until_somebody_types_something_else():
    session = a_field(2)
    cells = [
        {"number": "2", "column": "total_ms", "reason": "Ziffer unleserlich."},
        {"number": "77", "column": "laps", "reason": "x"},
    ]
    run = factories.ImportRunFactory(report={"cells": cells})
    base = a_result(session, 2, import_run=run)
    lines = lines_of_version(base)

    def doubts(typed):
        found = judged(session, typed, cars=cars_of(session), base=base)
        return [(one.row, one.column, one.reason) for one in found.doubts]

    assert doubts(lines) == [(2, "total", "Ziffer unleserlich.")]
    lines[1]["total"] = "1:00:01,001"
    lines[1]["gap"] = "+1,001"
    assert doubts(lines) == []


def test_only_a_draft_is_discarded_and_only_a_discarded_one_taken_up():
    session, officer = a_field(1), factories.UserFactory()
    released = a_result(session, 1)
    draft = factories.ClassificationFactory(session=session, version=2, hidden=True)
    for act in (lambda: discard_draft(released, by=officer), lambda: take_up_draft(draft)):
        with pytest.raises(ReleaseRefused):
            act()
    assert working_version(session) == draft
    discard_draft(draft, by=officer)
    assert working_version(session) == released
    with pytest.raises(ReleaseRefused):
        discard_draft(draft, by=officer)
    take_up_draft(draft)
    assert working_version(session) == draft


def test_the_database_lets_nobody_discard_a_released_version():
    released = a_result(a_field(1), 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Classification.objects.filter(pk=released.pk).update(discarded_at=timezone.now())


def test_the_csv_file_has_no_formula_in_it_and_comes_back_as_it_was(client, person):
    session = a_field(2)
    session.event.entries.update(team=factories.TeamFactory(name=HOSTILE))
    a_result(session, 2)
    text = client.get(f"{ADDRESS}{session.pk}/csv/").content.decode("utf-8-sig")
    assert "'=cmd" in text
    assert "'+1,000" in text
    page = client.post(f"{ADDRESS}{session.pk}/csv/", {"text": text})
    assert [change.column for change in page.context["preview"].changes] == ["state"]  # what comes after a final result
    assert not page.context["preview"].judged.errors


def test_a_csv_over_a_version_that_is_old_by_now_shows_what_it_would_have_changed(client, person):
    session = a_field(2)
    a_result(session, 2)
    text = "Pl.;Nr.;Runden;Stand der Datei\n1;1;31;0/0\n2;2;30;0/0\n"
    sent = {"text": text, "state": "amended", "complete": "on", "base": "", "expected": "", "seen": "", "commit": "1"}
    page = client.post(f"{ADDRESS}{session.pk}/csv/", sent)
    assert page.status_code == 409
    assert "jemand anders eine neue Fassung gespeichert" in page.content.decode()
    assert versions(session) == [(1, "final", True)]


def test_a_file_that_was_downloaded_before_somebody_else_saved_meets_his_version(client, person):
    session = a_field(2)
    first = a_result(session, 2)
    text = client.get(f"{ADDRESS}{session.pk}/csv/").content.decode("utf-8-sig")
    restate(session, by=person, state="amended", reason="Protest", expected=first.version)
    page = client.post(f"{ADDRESS}{session.pk}/csv/", {"text": text})
    assert page.status_code == 409
    assert versions(session) == [(1, "final", True), (2, "amended", True)]


def test_a_file_that_does_not_say_what_it_was_made_from_is_refused(client, person):
    session = a_field(2)
    a_result(session, 2)
    page = client.post(f"{ADDRESS}{session.pk}/csv/", {"text": "Pl.;Nr.\n1;1\n2;2\n"})
    assert "auf welcher Version sie beruht" in str(page.context["form"].errors)


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 50, b"nur ein Wort", b"a;b\n1;2\n", b"Pl.;Nr.\n1;2;3\n"])
def test_a_file_that_is_no_sheet_is_refused_with_words(client, person, content):
    session = a_field(1)
    page = client.post(f"{ADDRESS}{session.pk}/csv/", {"file": SimpleUploadedFile("x.csv", content)})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_a_team_that_is_a_script_stays_a_text(client, person):
    session = a_field(1)
    session.event.entries.update(team=factories.TeamFactory(name="</script><script>alert(1)</script>"))
    page = client.get(f"{ADDRESS}{session.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "\\u003Cscript\\u003Ealert(1)" in page


@pytest.mark.parametrize("checkpoint", ["x" * 13, "\x00", "6h\n"])
def test_a_checkpoint_that_none_can_be_is_not_found(client, person, checkpoint):
    session = a_field(1)
    assert client.get(f"{ADDRESS}{session.pk}/", {"checkpoint": checkpoint}).status_code == 404


def test_opening_and_checking_cost_the_same_queries_for_two_cars_and_for_many(client, person):
    counts = []
    for cars_ in (2, 30):
        session = a_field(cars_)
        a_result(session, cars_)
        client.get(f"{ADDRESS}{session.pk}/")
        with CaptureQueriesContext(connection) as opening:
            client.get(f"{ADDRESS}{session.pk}/")
        with CaptureQueriesContext(connection) as checking:
            post(client, session, "pruefen", person, lines=[a_line(1)], base=1, complete=True)
        counts.append((len(opening), len(checking)))
    assert counts[0] == counts[1]


def test_typed_lines_are_rows_of_their_own_and_no_row_of_a_released_version_moves(client, person):
    session = a_field(2)
    released = a_result(session, 2)
    before = list(ClassificationRow.objects.filter(classification=released).values())
    lines = [a_line(1, grid="2"), a_line(2, gap="+1,000", grid="1")]
    wish = {
        "lines": lines,
        "base": 1,
        "expected": 1,
        "state": "amended",
        "reason": "Startplätze",
        "release": True,
        "complete": True,
    }
    _status, shown = post(client, session, "speichern", person, **wish, act="preview")
    post(client, session, "speichern", person, **wish, act="save", seen=shown["preview"]["seen"], confirmed=False)
    assert versions(session) == [(1, "final", True), (2, "amended", True)]
    assert list(ClassificationRow.objects.filter(classification=released).values()) == before
