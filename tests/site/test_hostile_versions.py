"""Hostile visitors and hostile words at the addresses of results that change: history, diff, as-of, records, sheet, stewards."""

import json
import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from results.models import Classification, Decision
from results.release import annul, restate
from tests import factories
from tests.results.sheet.fields import a_field, a_line, a_result, versions, wish
from tests.results.stewards_made import HOUR, decide, result
from tests.results.test_as_of import monaco  # noqa: F401 - a fixture
from tests.site.test_attacks import CANARY, ask, told

pytestmark = pytest.mark.django_db

TRICKS = (
    "{path}.css", "{path}x.js%3fx=.css", "{path}index.html", "{path}%2e%2e/", "{path}../", "{path};a=b", "{bare};a=b/",
    "{bare}%00/", "{bare}%0a/", "{path}%0a", "{path}%20", "{path}/", "/{path}", "//{path}", "/.{path}", "{bare}%3b.css",
    "{bare}%23.css", "{bare}%3f.css", "{bare}\\", "{bare}.%6a%73%6f%6e/", "{bare}.exe", "{bare}.CSV", "{bare}.csv/", "{bare}.csv%00",
)  # fmt: skip
WORDS = ("%ED%A0%80", "%00", "%C0%AF", "%FF", "1%00", "-1", "0", "99999", "9" * 400, "%D9%A1", "1e3", "0x1", "1;DROP", "..%2F", "%0d%0aX-A:b", "%E2%80%AE1")  # fmt: skip
READ = {
    "session": ("version", "stand", "wertung", "klasse"), "history": ("von", "bis", "wertung"), "records": ("rekord", "nach", "sprint"),
}  # fmt: skip


@pytest.fixture
def addresses(monaco):  # noqa: F811
    """The pages of a session with three versions, and the records of a series whose archive is complete."""
    page = monaco.session.get_absolute_url()
    season = monaco.session.event.season
    factories.ArchiveSpanFactory(series=season.series, first_season=season, has_poles=True, has_fastest_laps=True)
    records = reverse("results:series-records", args=[season.series.slug])
    return {"session": page, "history": f"{page}verlauf/", "records": records}


# --- X5: one address, one page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["history", "records"])
def test_a_trick_with_the_path_never_gives_a_second_copy(client, addresses, which):
    path = addresses[which]
    assert ask(client, path).status_code == 200

    for trick in TRICKS:
        answer = ask(client, trick.format(path=path, bare=path.rstrip("/")))

        assert answer.status_code in {301, 404}, trick
        if answer.status_code == 301:
            assert answer["Location"].startswith("/"), trick
            assert not answer["Location"].startswith(("//", "/\\")), trick
            assert ask(client, answer["Location"]).status_code == 404, trick


@pytest.mark.parametrize("which", ["session", "history", "records"])
def test_whatever_stands_in_a_parameter_is_refused_or_says_nothing(client, addresses, which):
    path = addresses[which]
    export = path.removesuffix("/") + ".json" if which != "session" else f"{path}ergebnis.json"
    for name in (*READ[which], "unbekannt"):
        for word in (*WORDS, CANARY):
            for address in (path, export):
                answer = client.get(f"{address}?{name}={word}")
                assert answer.status_code in {200, 400, 404}, (address, name, word)
                assert CANARY not in told(answer), (address, name)


def test_an_unknown_parameter_makes_no_other_address_of_a_page(client, addresses):
    for path in addresses.values():
        page = client.get(f"{path}?{CANARY}=1&utm_source=x").content.decode()

        assert re.findall(r'<link rel="canonical" href="https?://[^/]+(/[^"]*)"', page) == [path]
        assert "utm_source" not in page


# --- X6: a changed body is never "not modified" -----------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?von=1&bis=2", "?von=2&bis=3"])
def test_a_history_that_did_not_change_is_not_sent_again_and_one_that_did_is(client, addresses, monaco, query):  # noqa: F811
    path = f"{addresses['history']}{query}"
    first = client.get(path)
    same = client.get(path, headers={"if-none-match": first["ETag"]})
    annul(monaco.session, by=factories.UserFactory(), reason="Berufung")

    after = client.get(path, headers={"if-none-match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert (after.status_code, after["ETag"] != first["ETag"]) == (200, True)
    assert "Berufung" in after.content.decode()


def test_what_stood_then_stays_the_same_for_those_who_have_it_until_it_reads_otherwise(client, addresses, monaco):  # noqa: F811
    path = f"{addresses['session']}?version=1"
    first = client.get(path)
    annul(monaco.session, by=factories.UserFactory(), reason="Berufung")

    after, fresh = client.get(path, headers={"if-none-match": first["ETag"]}), client.get(path)

    assert (after.status_code == 304) is (fresh.content == first.content)


def test_a_packed_history_has_an_etag_of_its_own(client, addresses):
    for path in addresses.values():
        plain = client.get(path)
        packed = client.get(path, headers={"accept-encoding": "gzip"})

        assert packed["Content-Encoding"] == "gzip", path
        assert packed["ETag"] != plain["ETag"], path


# --- words that nobody can store --------------------------------------------------------------------------------------

UNFIT = {"nul": "Grund\0", "turning": "Grund \u202etxet", "control": "Grund\x1b[2J"}
GERMAN = ("Nullzeichen", "lässt sich nicht speichern")


@pytest.fixture
def desk():
    client = Client()
    client.force_login(factories.UserFactory(role="results"))
    return client


def act(name, version):
    return reverse(f"admin:results_classification_{name}", args=[version.pk])


@pytest.mark.parametrize("word", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("name", ["release", "go_back", "annul", "state"])
def test_a_reason_that_cannot_be_stored_is_refused_in_german(desk, word, name):
    session = result(("7", HOUR), ("8", 2_000))
    first = Classification.objects.get()
    if name == "go_back":
        restate(session, by=factories.UserFactory(), reason="Protest", state="revised")
    if name == "release":
        first = factories.ClassificationFactory(session=session, version=2, hidden=True, rows=[])
    before = list(Classification.objects.order_by("pk").values("pk", "reason", "state", "released_at"))

    answer = desk.post(act(name, first), {"reason": word, "state": "revised", "expected": 1})

    assert answer.status_code == 200
    assert any(said in answer.content.decode() for said in GERMAN)
    assert list(Classification.objects.order_by("pk").values("pk", "reason", "state", "released_at")) == before


@pytest.mark.parametrize("word", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("field", ["number", "text", "said_amount", "said_laps", "said_best", "car", "checkpoint"])
def test_a_decision_with_words_that_cannot_be_stored_is_refused_in_german(desk, field, word):
    session = result(("7", HOUR), ("8", 2_000))
    sent = {"session": session.pk, "car": "7", "kind": "time", "said_amount": "5 s", "public_from_0": "2021-01-01",
            "public_from_1": "00:00", field: word}  # fmt: skip

    answer = desk.post(reverse("admin:results_decision_add"), sent)

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert not Decision.objects.exists()


@pytest.mark.parametrize("word", UNFIT.values(), ids=UNFIT)
def test_decisions_are_not_applied_with_a_reason_that_cannot_be_stored(desk, word):
    session = result(("7", HOUR), ("8", 2_000))
    decision = decide(session, "7", "time", 5_000)
    address = reverse("admin:results_session_decisions", args=[session.pk])
    seen = desk.get(address).context["form"].initial["seen"]

    answer = desk.post(
        address, {"decision": decision.pk, "state": "revised", "reason": word, "seen": seen, "act": "apply"}
    )

    assert answer.status_code in {200, 409}
    assert any(said in answer.content.decode() for said in GERMAN)
    assert Classification.objects.count() == 1


def test_what_if_survives_every_word(desk):
    session = result(("7", HOUR), ("8", 2_000))
    address = reverse("admin:results_session_what_if", args=[session.pk])
    for name in ("car", "kind", "amount", "vacant"):
        for word in ("%00", "%ED%A0%80", "9" * 400, "%E2%80%AE7"):
            for query in (f"1-{name}={word}", f"1-car=7&1-kind=time&5-car=7&5-kind=time&5-{name}={word}"):
                assert desk.get(f"{address}?{query}").status_code == 200, query


@pytest.mark.parametrize("name", ["decisions", "what_if", "form_grid"])
@pytest.mark.parametrize("checkpoint", ["%00", "%ED%A0%80", "x" * 400, "6h%0d%0aX: y"])
def test_a_scoring_that_cannot_be_is_refused(desk, name, checkpoint):
    session = result(("7", HOUR), ("8", 2_000))

    answer = desk.get(f"{reverse(f'admin:results_session_{name}', args=[session.pk])}?checkpoint={checkpoint}")

    assert answer.status_code in {200, 404}
    assert "X" not in answer.headers


# --- the sheet, which speaks JSON: only there halves of signs can come ------------------------------------------------


def send(client, name, session, **said):
    person = int(client.session["_auth_user_id"])
    answer = client.post(
        reverse(f"admin:results_classification_{name}", args=[session.pk]),
        json.dumps({"person": person, **said}), content_type="application/json",
    )  # fmt: skip
    return answer.status_code, answer.json()


@pytest.mark.parametrize("word", [*UNFIT.values(), "Grund \ud800", "\udfff"], ids=[*UNFIT, "half", "other half"])
def test_a_sheet_is_not_saved_with_a_reason_that_cannot_be_stored(desk, word):
    session = a_field(2)
    a_result(session, 2)
    sent = wish([a_line(1), a_line(2, gap="3,0")], base=1, expected=1, state="amended", release=True, reason=word)

    for act_ in ("preview", "save"):
        status, answer = send(desk, "sheet_save", session, **{**sent, "act": act_})
        assert (status, any(said in answer["error"] for said in GERMAN)) == (422, True)
    assert versions(session) == [(1, "final", True)]


@pytest.mark.parametrize("word", ["\ud800", "7\0", "\u202e7", "9" * 400, "7\n8", ""])
def test_no_car_is_entered_under_a_number_that_is_none(desk, word):
    session = a_field(1)

    status, answer = send(desk, "sheet_entry", session, number=word)

    assert (status, bool(answer["error"])) == (422, True)
    assert session.event.entries.count() == 1


@pytest.mark.parametrize(
    "text", ["\ud800", "1\t\ud800\n2\t\udfff", "\0" * 9_999, "Pos\tNr\n1\t\ud83d", "\u202e" * 9_999, "a\t" * 2**19]
)
def test_a_pasted_text_of_any_signs_is_cells_or_a_sentence(desk, text):
    status, answer = send(desk, "sheet_paste", a_field(1), text=text)

    assert status in {200, 422}
    assert answer.get("rows") is not None or answer["error"]
    assert "\0" not in json.dumps(answer.get("rows"), ensure_ascii=False)


@pytest.mark.parametrize(
    "text", ["\ud800\tNr\n1\t7", "Pos\tNr\tRunden\n1\t\0\t30", "Pos;Nr\n1;\u202e7\n", "a\t" * 2**19]
)
def test_a_text_pasted_for_import_is_read_or_refused_in_german(desk, text):
    address, raw = reverse("admin:results_importrun_add"), text.encode("utf-8", "surrogatepass")

    pasted = desk.post(address, urlencode({"text": raw}), content_type="application/x-www-form-urlencoded")
    brought = desk.post(address, {"file": SimpleUploadedFile("x.csv", raw, "text/csv")})

    assert {pasted.status_code, brought.status_code} <= {200, 302}
    assert not Classification.objects.exists()
