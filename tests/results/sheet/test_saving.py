"""Saving a sheet over its endpoint: versions, reasons, doubts, a second editor, a second click, and what nobody may."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from results.models import Classification, Entry
from tests import factories
from tests.results.sheet.fields import ADDRESS, a_field, a_line, a_result, post, save, versions, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    officer = factories.UserFactory(role="results")
    client.force_login(officer)
    return officer


def places(session):
    newest = Classification.objects.filter(session=session).order_by("-version").first()
    return [(row.session_entry.entry.number, row.position) for row in newest.rows.order_by("display_order")]


def test_a_first_result_is_typed_over_the_entry_list_and_saved_as_a_draft(client, person):
    session = a_field(2)
    status, answer = save(client, session, person, [a_line(1), a_line(2, gap="1,0")])
    assert (status, answer["saved"]) == (200, 1)
    assert versions(session) == [(1, "provisional", False)]
    assert places(session) == [("1", 1), ("2", 2)]
    row = Classification.objects.get().rows.get(position=2)
    assert (row.laps, row.total_ms, row.gap_ms, row.best_lap_ms) == (30, 3_601_000, 1_000, 106_250)
    assert Classification.objects.get().created_by == person
    assert not Classification.objects.public().exists()


def test_a_released_result_is_what_readers_see_at_once(client, person):
    session = a_field(2)
    save(client, session, person, [a_line(1), a_line(2)], release=True)
    page = client.get(f"/{session.event.season.series.slug}/2021/{session.event.slug}/{session.slug}/")
    assert "1:00:00,000" in page.content.decode()


def test_over_a_version_that_readers_see_a_reason_is_needed(client, person):
    session = a_field()
    a_result(session)
    lines = [a_line(place, gap=f"+{place - 1},000" if place > 1 else "") for place in range(1, 5)]
    lines[0]["best_lap"] = "1:45,000"
    over = {"base": 1, "expected": 1, "state": "amended", "release": True}
    status, answer = save(client, session, person, lines, **over)
    assert (status, answer["error"]) == (422, "Ein Grund ist nötig: Leser sehen schon Fassung 1.")
    status, answer = save(client, session, person, lines, **over, reason="Zeitnahme korrigiert")
    assert (status, answer["saved"]) == (200, 2)
    assert versions(session) == [(1, "final", True), (2, "amended", True)]


def test_the_preview_names_every_cell_before_and_after(client, person):
    session = a_field(2)
    a_result(session, 2)
    lines = [a_line(1, best_lap="1:45,0"), a_line(2, gap="+1,000", penalty="5 Sekunden")]
    sent = wish(lines, base=1, expected=1, state="final", release=True)
    _status, answer = post(client, session, "speichern", person, **sent)
    assert answer["preview"]["changes"] == [
        {"car": "#1", "column": "beste Runde", "before": "1:46,250", "after": "1:45,000"},
        {"car": "#2", "column": "Zeitstrafe", "before": "–", "after": "5,000"},
    ]
    assert answer["preview"]["needs_reason"]


def test_errors_block_and_doubts_ask(client, person):
    session = a_field(2)
    status, answer = save(client, session, person, [a_line(1, laps="viele"), a_line(2)])
    assert (status, answer["error"]) == (422, "In der Tabelle sind noch Fehler.")
    doubtful = [a_line(1), a_line(2, gap="+9,000")]
    status, answer = save(client, session, person, doubtful)
    assert (status, answer["error"]) == (422, "Bitte bestätigen Sie zuerst die Zweifel.")
    assert versions(session) == []
    status, _answer = save(client, session, person, doubtful, confirmed=True)
    assert (status, versions(session)) == (200, [(1, "provisional", False)])


def test_a_second_click_and_a_second_try_make_no_second_version(client, person):
    session = a_field(2)
    lines = [a_line(1), a_line(2)]
    assert save(client, session, person, lines)[1]["saved"] == 1
    sent = wish(lines, act="save", seen="irgendwas")
    assert [post(client, session, "speichern", person, **sent)[1]["saved"] for _ in range(3)] == [1, 1, 1]
    assert post(client, session, "speichern", person, **wish(lines))[1]["saved"] == 1
    assert versions(session) == [(1, "provisional", False)]


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_make_one_version():
    session, officer = a_field(2), factories.UserFactory(role="results")
    lines = [a_line(1), a_line(2)]
    first = Client()
    first.force_login(officer)
    seen = post(first, session, "speichern", officer, **wish(lines))[1]["preview"]["seen"]

    def click(_number):
        client = Client()
        client.force_login(officer)
        try:
            return post(client, session, "speichern", officer, **wish(lines, act="save", seen=seen))[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(click, range(8)))
    assert [answer.get("saved") for answer in answers] == [1] * 8
    assert versions(session) == [(1, "provisional", False)]


def test_who_comes_second_sees_both_and_loses_nothing(client, person):
    session = a_field(3)
    a_result(session, 3)
    other = factories.UserFactory(role="results", first_name="Jule", last_name="Brand")
    typed = [a_line(place, gap=f"+{place - 1},000" if place > 1 else "") for place in (1, 2, 3)]
    theirs = [{**line} for line in typed]
    theirs[0]["best_lap"], theirs[1]["grid"] = "1:44,000", "5"
    over = {"base": 1, "expected": 1, "state": "amended", "release": True}
    second = Client()
    second.force_login(other)
    assert save(second, session, other, theirs, **over, reason="Bestzeit")[0] == 200
    mine = [{**line} for line in typed]
    mine[0]["best_lap"], mine[2]["grid"] = "1:45,000", "7"

    status, answer = save(client, session, person, mine, **over, reason="Startplatz")

    found = answer["conflict"]
    assert status == 409
    assert found["words"].startswith("Jule Brand hat inzwischen Fassung 2 gespeichert")
    assert [(one["number"], one["column"], one["before"], one["mine"], one["theirs"]) for one in found["clashes"]] == [
        ("1", "best_lap", "1:46,250", "1:45,000", "1:44,000")
    ]
    assert [(line["number"], line["best_lap"], line["grid"]) for line in found["lines"]] == [
        ("1", "1:45,000", ""), ("2", "1:46,250", "5"), ("3", "1:46,250", "7")
    ]  # fmt: skip
    assert versions(session) == [(1, "final", True), (2, "amended", True)]
    over = {"base": found["base"], "expected": found["expected"], "state": "amended", "release": True}
    assert save(client, session, person, found["lines"], **over, reason="beides")[1]["saved"] == 3


def test_a_draft_is_gone_on_with_and_can_be_discarded_and_taken_up_again(client, person):
    session = a_field(2)
    a_result(session, 2)
    lines = [a_line(1, grid="1"), a_line(2, gap="+1,000")]
    save(client, session, person, lines, base=1, expected=1, state="amended")
    draft = Classification.objects.get(version=2)
    page = client.get(f"{ADDRESS}{session.pk}/").content.decode()
    assert "Sie arbeiten an Ihrem Entwurf weiter: Fassung 2" in page

    client.post(f"/admin/results/classification/{draft.pk}/discard/")
    page = client.get(f"{ADDRESS}{session.pk}/")
    assert (page.context["base"].version, page.context["sheet"]["expected"]) == (1, 2)
    refused = client.post(f"/admin/results/classification/{draft.pk}/release/", {"reason": "x"}).content.decode()
    assert "Fassung 2 ist verworfen." in refused

    client.post(f"/admin/results/classification/{draft.pk}/discard/")
    assert client.get(f"{ADDRESS}{session.pk}/").context["base"].version == 2


def test_a_draft_of_somebody_else_says_whose_it_is(client, person):
    session = a_field(1)
    author = factories.UserFactory(role="results", username="jule")
    factories.ClassificationFactory(session=session, hidden=True, created_by=author, rows=[])
    page = client.get(f"{ADDRESS}{session.pk}/").content.decode()
    assert "Sie arbeiten an einem Entwurf von jule weiter: Fassung 1" in page


def test_a_checkpoint_is_a_result_of_its_own(client, person):
    session = a_field(2)
    sent = wish([a_line(1), a_line(2)])
    _status, shown = post(client, session, "speichern", person, query="?checkpoint=6h", **sent)
    sent |= {"act": "save", "seen": shown["preview"]["seen"]}
    assert post(client, session, "speichern", person, query="?checkpoint=6h", **sent)[1]["saved"] == 1
    assert Classification.objects.get().checkpoint == "6h"
    words = client.get(f"/admin/results/session/{session.pk}/change/").content.decode()
    assert "Ergebnis eingeben" in words
    assert "Ergebnis ändern (6h)" in words


def test_a_car_that_is_not_entered_is_entered_only_when_somebody_says_so(client, person):
    session = a_field(1)
    lines = [a_line(1), a_line(2, number="99")]
    _status, answer = post(client, session, "pruefen", person, lines=lines, base=None, complete=True)
    assert [(one["row"], one["column"], one["weight"], one["offers"]) for one in answer["findings"]] == [
        (2, "number", "error", "entry")
    ]
    assert not Entry.objects.filter(number="99").exists()
    status, answer = post(client, session, "nennung", person, number="99", racing_class="")
    assert (status, answer["entry"]) == (200, "99")
    assert save(client, session, person, lines)[0] == 200
    assert not Entry.objects.public().filter(number="99").exists()


def test_a_page_left_open_by_somebody_else_saves_nothing(client, person):
    session, other = a_field(2), factories.UserFactory(role="results")
    sent = wish([a_line(1), a_line(2)], act="save")
    assert post(client, session, "speichern", other, **sent) == (409, {"error": "person"})
    assert versions(session) == []


@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "pictures"])
def test_who_may_not_change_results_neither_opens_nor_saves(client, role):
    session, stranger = a_field(1), factories.UserFactory(role=role)
    client.force_login(stranger)
    assert client.get(f"{ADDRESS}{session.pk}/").status_code == 403
    answer = client.post(f"{ADDRESS}{session.pk}/speichern/", "{}", content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b'"x"', b"[" * 200_000, b'{"person": "x"}', b'{"person": 1e999}', b"{\"a\": \"\x00\"}",
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_with_words(client, person, body):
    session = a_field(1)
    answer = client.post(f"{ADDRESS}{session.pk}/speichern/", body, content_type="application/json")
    assert answer.status_code in {400, 409}
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "lines", ["x", [1], [{"number": 7}], [{"x" * 99: "7"}], [{"number": "7" * 9_999}], [{}] * 1_001]
)
def test_lines_that_no_sheet_sends_are_refused_with_words(client, person, lines):
    status, answer = post(client, a_field(1), "pruefen", person, lines=lines)
    assert (status, list(answer)) == (422, ["error"])


def test_signs_that_nobody_sees_and_halves_of_signs_stop_nothing(client, person):
    session = a_field(1)
    cells = {"number": "\u202e1\u0000", "position": "\ud800", "laps": "３０", "total": "\u200f1:00:00", "gap": "=1+1"}
    status, answer = post(client, session, "pruefen", person, lines=[cells], complete=True)
    assert status == 200
    assert {one["column"] for one in answer["findings"]} == {"position", "laps", "gap"}
    status, _answer = post(client, session, "speichern", person, **wish([cells]))
    assert status == 200
