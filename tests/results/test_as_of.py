"""What of a result stood when: by version and by time, for exactly what readers could see then."""

import datetime as dt
import json
import re
import zoneinfo

import pytest
from django.db.models import Value
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from results.as_of import parse_stand
from results.models import Classification, Event, ImportRun, Session
from tests.factories import ClassificationFactory, ImportRunFactory, SessionFactory, UserFactory
from tests.results.chains import UTC, Field, at
from tests.results.pages import words

pytestmark = pytest.mark.django_db
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.fixture
def monaco():
    """Changed on the evening and in September: three versions and a checkpoint."""
    field = Field()
    field.version(1, field.order("7", "8", "9"), "2026-06-12T15:00", "2026-06-12T15:42", state="provisional", reason="")
    field.version(2, field.order("8", "9", "7"), "2026-06-12T15:42", "2026-09-04T10:00", state="final")
    field.version(3, field.order("9", "8", "7"), "2026-09-04T10:00", state="amended")
    field.version(1, field.order("7", "9", "8"), "2026-06-12T13:00", checkpoint="1h", state="provisional", reason="")
    return field


def winner(client, field, query):
    """The winning car's number in the exported table, or the status where there is none."""
    answer = client.get(f"{field.session.get_absolute_url()}ergebnis.json{query}")
    if answer.status_code != 200:
        return answer.status_code
    return json.loads(answer.content)["rows"][0]["number"]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", "9"), ("?version=1", "7"), ("?version=2", "8"), ("?version=3", "9"),
        ("?stand=2026-06-12T16:59", "7"),  # the finish was not there yet: the page showed the checkpoint
        ("?stand=2026-06-12T17:00", "7"), ("?stand=2026-06-12T17:41", "7"), ("?stand=2026-06-12T17:42", "8"),
        ("?stand=2026-06-12T17:41:59.999999", "7"), ("?stand=2026-06-12T15:42:00Z", "8"),
        ("?stand=2026-06-12T23:42%2B08:00", "8"), ("?stand=2026-06-12T23:41 08:00", "7"),
        ("?stand=2026-06-12", "8"), ("?stand=2026-09-03", "8"), ("?stand=2026-09-04", "9"),
        ("?stand=2026-09-04T12:00", "9"), ("?stand=2026-09-04T11:59", "8"), ("?stand=2026-06-11", 404),
        ("?wertung=1h", "7"), ("?wertung=1h&version=1", "7"), ("?wertung=1h&version=2", 404),
        ("?wertung=1h&stand=2026-06-12T14:59", 404), ("?wertung=1h&stand=2026-06-12T15:00", "7"),
    ],
)  # fmt: skip
def test_every_border_of_the_chain(client, monaco, query, number):
    assert winner(client, monaco, query) == number


@pytest.mark.parametrize(
    "query",
    ["version=0", "version=-1", "version=1.0", "version=x", "version=01", "version=123456", "stand=gestern",
     "stand=2026-13-01", "stand=2026-06-12T25:00", "stand=2026-06-12T17", "stand=0001-01-01", "stand=9999-12-31",
     "stand=2026-03-29T02:30", "version=1&stand=2026-06-12", "wertung=6h&version=1", "wertung=6h&stand=2026-06-12",
     "stand=" + "1" * 50, "version=%D9%A1", "stand=2026-06-12T17:42%2B99:00"],
)  # fmt: skip
def test_nonsense_is_refused(client, monaco, query):
    for path in ("", "ergebnis.csv"):
        assert client.get(f"{monaco.session.get_absolute_url()}{path}?{query}").status_code == 400, path


def test_the_future_and_versions_that_never_were_are_not_found(client, monaco):
    tomorrow = timezone.now() + dt.timedelta(days=2)
    queries = ["version=4", "version=4711", f"stand={tomorrow:%Y-%m-%d}", f"stand={tomorrow:%Y-%m-%dT%H:%M}"]

    assert [winner(client, monaco, f"?{query}") for query in queries] == [404] * 4
    assert winner(client, monaco, f"?stand={timezone.now().astimezone(BERLIN):%Y-%m-%d}") == "9"


def test_a_past_says_so_and_leads_to_the_present(client, monaco):
    address = monaco.session.get_absolute_url()
    answer = client.get(f"{address}?version=2&sortierung=-position")
    page = answer.content.decode()

    assert "Stand vom 12. Juni 2026, 17:42 Uhr MESZ: Fassung 2. Inzwischen geändert." in words(answer)
    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{address}">' in page
    assert f'href="{address}?sortierung=-position">Zum aktuellen Ergebnis' in page
    assert f'href="{address}verlauf/?von=2&amp;bis=3"' in page
    assert '<input type="hidden" name="version" value="2"' in page


def test_the_present_asked_for_by_name_still_stands(client, monaco):
    answer = client.get(f"{monaco.session.get_absolute_url()}?version=3")

    assert "Fassung 3. Sie gilt noch." in words(answer)
    assert "noindex" in answer.content.decode()
    assert "noindex" not in client.get(monaco.session.get_absolute_url()).content.decode()


def test_tabs_of_a_past_keep_its_time(client, monaco):
    page = client.get(f"{monaco.session.get_absolute_url()}?stand=2026-06-12T17:41").content.decode()

    assert 'href="?wertung=1h&amp;stand=2026-06-12T17%3A41"' in page


def test_times_of_the_venue_are_read_by_its_clocks(client):
    field = Field(SessionFactory(slug="rennen", event__time_zone="Asia/Shanghai", starts_at=at("2026-06-12T06:00")))
    field.version(1, field.order("7", "8"), "2026-06-12T15:00", "2026-06-12T16:30", reason="")
    field.version(2, field.order("8", "7"), "2026-06-12T16:30", state="amended")

    assert winner(client, field, "?stand=2026-06-13T00:29") == "7"
    assert winner(client, field, "?stand=2026-06-13T00:30") == "8"
    assert winner(client, field, "?stand=2026-06-12") == "7"
    page = words(client.get(field.session.get_absolute_url()))
    assert "13. Juni 2026, 00:30 Uhr an der Strecke (Fr. 18:30 Uhr MESZ in Deutschland)" in page


def test_an_hour_that_comes_twice_ends_with_the_second():
    span = parse_stand("2026-10-25T02:30", BERLIN)

    assert span.start == dt.datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert span.end == dt.datetime(2026, 10, 25, 1, 30, 59, 999_999, tzinfo=UTC)


# --- what nobody saw --------------------------------------------------------------------------------------------------


def numbers(session):
    return sorted(Classification.objects.was_public().filter(session=session).values_list("version", flat=True))


def test_a_version_replaced_while_it_waited_never_was(client):
    field = Field()
    field.version(1, field.order("7", "8"), "2026-06-12T15:00", "2026-06-12T16:00", reason="")
    field.version(2, field.order("8", "7"), "2026-06-12T16:00", "2026-06-12T16:00")
    field.version(3, field.order("7", "8"), "2026-06-12T16:00")

    assert numbers(field.session) == [1, 3]
    assert winner(client, field, "?version=2") == 404
    assert client.get(f"{field.session.get_absolute_url()}verlauf/?von=1&bis=2").status_code == 404


def test_an_embargoed_successor_does_not_show_not_even_by_an_end(client):
    field = Field()
    later = (timezone.now() + dt.timedelta(days=1)).replace(tzinfo=None).isoformat()
    field.version(1, field.order("7", "8"), "2026-06-12T15:00", later, reason="")
    field.version(2, field.order("8", "7"), later, reason="Geheim")

    answer = client.get(f"{field.session.get_absolute_url()}verlauf/")
    assert "Geheim" not in answer.content.decode()
    assert "seit 12. Juni 2026" in words(answer)
    assert re.findall(r"Fassung (\d+)", words(answer)) == []
    listed = json.loads(client.get(f"{field.session.get_absolute_url()}verlauf.json").content)["rows"]
    assert [(one["version"], one["until"], one["is_current"]) for one in listed] == [(1, None, True)]


def test_a_withdrawn_result_has_no_past_and_takes_its_past_with_it(client):
    field = Field()
    field.version(1, field.order("7", "8"), "2026-06-12T15:00", "2026-06-12T16:00", reason="")
    field.version(2, field.order("8", "7"), "2026-06-12T16:00", "2026-06-12T17:00")
    assert numbers(field.session) == []
    assert client.get(f"{field.session.get_absolute_url()}verlauf/").status_code == 404

    field.version(3, field.order("9", "7"), "2026-06-13T10:00", "2026-06-13T11:00")
    field.version(4, field.order("7", "9"), "2026-06-13T11:00")
    assert numbers(field.session) == [3, 4]
    assert [winner(client, field, f"?version={n}") for n in (1, 2, 3, 4)] == [404, 404, "9", "7"]
    assert winner(client, field, "?stand=2026-06-12T18:30") == 404


def test_what_an_undone_import_brought_is_not_read_again(client):
    field = Field()
    run = ImportRunFactory()
    field.version(1, field.order("7", "8"), "2026-06-12T15:00", "2026-06-12T16:00", reason="")
    field.version(2, field.order("8", "7"), "2026-06-12T16:00", "2026-06-12T17:00", import_run=run)
    field.version(3, field.order("7", "8"), "2026-06-12T17:00")
    assert numbers(field.session) == [1, 2, 3]

    ImportRun.objects.filter(pk=run.pk).update(undone_at=timezone.now(), undone_by=UserFactory())

    assert numbers(field.session) == [1, 3]


@pytest.mark.parametrize("hidden", [Session, Event])
def test_nothing_shows_of_a_session_or_event_that_the_desk_hides(client, monaco, hidden):
    key = monaco.session.pk if hidden is Session else monaco.session.event_id
    hidden.objects.filter(pk=key).update(public_from=None)

    assert numbers(monaco.session) == []
    for path in ("", "?version=1", "verlauf/", "verlauf/?von=1&bis=2", "verlauf.json", "ergebnis.csv?version=1"):
        assert client.get(monaco.session.get_absolute_url() + path).status_code == 404, path


def test_what_stood_before_its_session_was_public_was_seen_by_nobody(client, monaco):
    Session.objects.filter(pk=monaco.session.pk).update(public_from=at("2026-07-01T00:00"))

    assert [winner(client, monaco, f"?version={n}") for n in (1, 2, 3)] == [404, "8", "9"]
    assert winner(client, monaco, "?stand=2026-06-30") == 404
    assert winner(client, monaco, "?stand=2026-07-01") == "8"


def test_a_reinstatement_months_later(client):
    field = Field()
    field.version(1, field.order("7", "8"), "2026-06-12T15:00", "2026-06-12T18:00", reason="")
    struck = [*field.order("8"), {"session_entry": field.car("7"), "status": "dsq"}]
    field.version(2, struck, "2026-06-12T18:00", "2026-11-20T09:00", state="amended")
    field.version(3, field.order("7", "8"), "2026-11-20T09:00", state="amended")

    assert [winner(client, field, f"?stand={day}") for day in ("2026-06-12", "2026-11-19", "2026-11-20")] == [
        "8", "8", "7",
    ]  # fmt: skip
    page = words(client.get(f"{field.session.get_absolute_url()}verlauf/?von=2&bis=3"))
    assert "#7 Fahrer7: wieder in der Wertung, Platz 1, zuvor disqualifiziert" in page


# --- against a slow obvious rule --------------------------------------------------------------------------------------

START = at("2026-01-01T00:00")
MINUTES = st.integers(0, 30)


def minute(n):
    return START + dt.timedelta(minutes=n)


def seen_at(windows, instant):
    """The version whose window held the instant, of the contiguous end of the chain that reaches to now."""
    kept = []
    for number, (opens, closes) in enumerate(windows, start=1):
        kept.append((number, opens, closes))
        following = windows[number:]
        if closes is not None and not any(later <= closes for later, _end in following):
            kept = []
    return [n for n, opens, closes in kept if opens <= instant and (closes is None or instant < closes)]


@st.composite
def chains(draw):
    """Windows in order, some empty, some with a gap behind them; the last one open or closed."""
    windows, clock = [], draw(MINUTES)
    for _ in range(draw(st.integers(1, 5))):
        closes = clock + draw(st.integers(0, 5))
        windows.append((minute(clock), minute(closes)))
        clock = closes + draw(st.sampled_from([0, 0, 0, 2]))
    if draw(st.integers(0, 4)):
        windows.append((minute(clock), None))
    return windows


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(windows=chains())
def test_at_any_instant_the_version_is_the_one_a_slow_rule_finds(windows):
    session = SessionFactory()
    for number, (opens, closes) in enumerate(windows, start=1):
        ClassificationFactory(
            session=session, version=number, released_at=opens, public_from=opens, public_until=closes,
            is_current=closes is None, reason="x",
        )  # fmt: skip
    found, wanted = {}, {}
    reaches_now = windows[-1][1] is None
    tick = dt.timedelta(microseconds=1)
    borders = {border for window in windows for border in window if border}
    for instant in sorted(border + step for border in borders for step in (-tick, dt.timedelta(), tick)):
        known = Classification.objects.public_at(Value(instant)).filter(session=session)
        found[instant] = list(known.values_list("version", flat=True))
        wanted[instant] = seen_at(windows, instant) if reaches_now else []
    assert found == wanted
