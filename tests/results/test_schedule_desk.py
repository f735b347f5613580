"""Dates at the desk: the acts and their forms, a second editor, the history, the slip, and what readers see of it."""

import datetime as dt
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from results.models import Event, ScheduleChange, Session
from tests.articles.desk_forms import filled, save, text_of
from tests.factories import EventFactory, SessionFactory, UserFactory, told_before
from tests.results.pages import words

pytestmark = pytest.mark.django_db

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
DAY = dt.timedelta(days=1)
SUNDAY = dt.date(2098, 9, 28)  # Berlin keeps summer time
NOON = dt.datetime.combine(SUNDAY, dt.time(12), BERLIN)


@pytest.fixture
def desk(client):
    client.force_login(UserFactory(username="ergebnisse", role="results"))
    return client


@pytest.fixture
def race():
    event = EventFactory(starts_on=SUNDAY - DAY, ends_on=SUNDAY)
    return SessionFactory(event=event, key="R", starts_at=NOON, ends_at=NOON + DAY / 4)


def door(thing, act):
    return reverse(f"admin:results_{thing._meta.model_name}_{act}", args=[thing.pk])


def sent(desk, thing, act, **values):
    """The form of an act as a browser sends it, with what it was opened with."""
    context = desk.get(door(thing, act)).context
    return {"seen": context["seen"], "reason": "Bulletin 3", **values}


def test_a_session_is_moved_with_a_reason_and_the_page_says_so(desk, race):
    answer = desk.post(
        door(race, "move"), sent(desk, race, "move", day=SUNDAY, time="12:30", note="Nebel"), follow=True
    )

    race.refresh_from_db()
    assert race.starts_at == NOON + dt.timedelta(minutes=30)
    history = text_of(answer)
    assert "Bulletin 3" in history
    assert "ergebnisse" in history
    page = words(desk.get(race.get_absolute_url()))
    assert "Verschoben von Sonntag, 28. September 2098, 12:00 Uhr (Nebel)." in page
    assert "Bulletin 3" not in page


def test_without_a_reason_nothing_is_moved(desk, race):
    answer = desk.post(door(race, "move"), sent(desk, race, "move", day=SUNDAY, time="12:30", reason=" "))

    assert answer.context["form"].errors.keys() == {"reason"}
    assert not ScheduleChange.objects.exists()


@pytest.mark.parametrize(
    ("day", "field", "said"),
    [("2026-03-29", "time", "gibt es nicht"), ("2026-10-25", "which", "zweimal")],
)
def test_an_hour_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_asked(desk, race, day, field, said):
    form = sent(desk, race, "move", day=day, time="02:30")
    answer = desk.post(door(race, "move"), form)
    assert said in str(answer.context["form"].errors[field])

    if field == "which":
        desk.post(door(race, "move"), {**form, "which": "second"})
        race.refresh_from_db()
        assert race.starts_at == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    else:
        assert not ScheduleChange.objects.exists()


def test_the_second_editor_is_shown_what_the_first_did_and_his_words_are_kept(desk, race):
    late = sent(desk, race, "move", day=SUNDAY, time="14:00", note="Regen")
    desk.post(door(race, "move"), sent(desk, race, "move", day=SUNDAY, time="13:00"))

    refused = desk.post(door(race, "move"), late)
    race.refresh_from_db()
    assert (refused.status_code, race.starts_at) == (409, NOON + dt.timedelta(hours=1))
    assert "inzwischen geändert" in text_of(refused)
    assert 'value="Regen"' in refused.content.decode()

    desk.post(door(race, "move"), {**late, "seen": refused.context["seen"]})
    race.refresh_from_db()
    assert race.starts_at == NOON + dt.timedelta(hours=2)


def test_an_event_shows_what_it_takes_along_before_it_is_moved(desk, race):
    event = race.event
    form = sent(desk, event, "move", starts_on=SUNDAY + 6 * DAY)
    preview = desk.post(door(event, "move"), form)
    assert "So. 05.10.2098, 12:00 Uhr" in text_of(preview)
    assert not ScheduleChange.objects.exists()

    another = desk.post(door(event, "move"), {**form, "confirmed": "2098-10-11||"})
    assert not ScheduleChange.objects.exists()
    desk.post(door(event, "move"), {**form, "confirmed": another.context["confirmed"]})
    race.refresh_from_db()
    assert race.starts_at == NOON + 7 * DAY


@pytest.mark.parametrize("kind", ["session", "event"])
def test_postponed_cancelled_and_reinstated_by_hand(desk, race, kind):
    thing = race if kind == "session" else race.event
    for act, status in (("postpone", "postponed"), ("cancel", "cancelled"), ("reinstate", "scheduled")):
        form = sent(desk, thing, act)
        desk.post(door(thing, act), {**form, "starts_on": "", "day": ""})
        thing.refresh_from_db()
        assert thing.status == status
    race.refresh_from_db()
    assert (race.starts_at, race.status, race.former_times) == (NOON, "scheduled", [])


def test_a_slip_is_marked_in_the_history_and_readers_are_not_told(desk, race):
    desk.post(door(race, "move"), sent(desk, race, "move", day=SUNDAY, time="12:30"))
    link = ScheduleChange.objects.get()

    answer = desk.post(door(race, "slip"), {"link": link.pk, "is_correction": "1"}, follow=True)

    assert "Tippfehler, wird nicht gezeigt" in text_of(answer)
    assert "Verschoben" not in words(desk.get(race.get_absolute_url()))
    assert desk.post(door(race, "slip"), {"link": "x"}).status_code == 404


def test_a_plain_edit_is_recorded_with_its_person_and_reason(desk, race):
    path = reverse("admin:results_session_change", args=[race.pk])
    form = filled(desk, path, starts_at_1="13:00:00", ends_at_1="19:00:00", change_reason="Funk", change_note="Öl")
    assert save(desk, path, form).status_code == 302

    link = ScheduleChange.objects.get()
    assert (link.by.username, link.reason, link.note, link.after_starts_at) == (
        "ergebnisse", "Funk", "Öl", NOON + dt.timedelta(hours=1),
    )  # fmt: skip


def test_a_plain_edit_to_postponed_opens_the_date_and_one_with_a_date_schedules_it(desk, race):
    path = reverse("admin:results_session_change", args=[race.pk])
    save(desk, path, filled(desk, path, status="postponed"))
    race.refresh_from_db()
    assert (race.status, race.starts_at, race.local_date) == ("postponed", None, None)

    save(desk, path, filled(desk, path, local_date="2098-10-05"))
    race.refresh_from_db()
    assert (race.status, race.local_date) == ("scheduled", dt.date(2098, 10, 5))


def test_a_plain_edit_of_an_event_to_postponed_opens_the_dates_of_its_sessions(desk, race):
    path = reverse("admin:results_event_change", args=[race.event.pk])
    save(desk, path, filled(desk, path, status="postponed", change_reason="Hochwasser"))

    race.refresh_from_db()
    event = Event.objects.get()
    assert (event.status, event.starts_on, race.status, race.starts_at) == ("postponed", None, "postponed", None)
    assert set(ScheduleChange.objects.values_list("reason", flat=True)) == {"Hochwasser"}


def test_who_may_only_look_sees_the_history_and_no_door(client, race):
    ScheduleChange.objects.create(
        session=race, sequence=1, was_public=True, transaction=0, before_status="scheduled", before_zone="UTC",
        after_status="cancelled", after_zone="UTC",
    )  # fmt: skip
    client.force_login(UserFactory(role="reporter"))

    page = text_of(client.get(reverse("admin:results_session_change", args=[race.pk])))
    assert "Verlauf des Termins" in page
    assert "nicht anzeigen" not in page
    assert [client.get(door(race, act)).status_code for act in ("move", "cancel")] == [403, 403]
    assert client.post(door(race, "slip")).status_code == 403


# what readers see


def test_a_cancelled_session_stands_struck_through_and_in_words(client, race):
    Session.objects.update(status="cancelled")
    for path in (race.get_absolute_url(), race.event.get_absolute_url(), "/"):
        page = client.get(path).content.decode()
        assert "gilt nicht mehr:" in page, path
        assert "<s>" in page, path
        assert "abgesagt" in page.lower(), path


def test_a_postponed_session_says_from_when_in_every_box(client, race):
    Session.objects.update(status="postponed", starts_at=None, ends_at=None, local_date=None)
    SessionFactory(event=race.event, starts_at=NOON)
    assert "Verschoben, neuer Termin offen (bisher Sonntag, 28. September 2098, 12:00 Uhr)." in words(
        client.get(race.get_absolute_url())
    )
    for path in (race.event.get_absolute_url(), "/"):
        assert "bisher So. 28.09., 12:00 Uhr" in words(client.get(path)), path


def test_a_moved_session_says_from_when_in_the_programme_and_the_next_event_box(client):
    event = EventFactory(starts_on=SUNDAY, ends_on=SUNDAY)
    SessionFactory(event=event, starts_at=NOON, **told_before(NOON - dt.timedelta(hours=1)))
    for path in (event.get_absolute_url(), "/"):
        assert "verschoben von 11:00 Uhr" in words(client.get(path)), path


def test_sessions_of_a_cancelled_event_are_neither_live_nor_on_air(client):
    now = timezone.now()
    event = EventFactory(starts_on=now.date(), ends_on=now.date())
    session = SessionFactory(event=event, starts_at=now - DAY / 24, ends_at=now + DAY / 24)
    assert "pill--live" in client.get(event.get_absolute_url()).content.decode()
    Event.objects.update(status="cancelled")

    assert "pill--live" not in client.get(event.get_absolute_url()).content.decode()
    assert "pill--live" not in client.get(session.get_absolute_url()).content.decode()


def test_a_former_time_changes_the_page_that_somebody_has(client, race):
    tag = client.get(race.get_absolute_url())["ETag"]
    Session.objects.update(starts_at=NOON + DAY / 24)

    answer = client.get(race.get_absolute_url(), headers={"If-None-Match": tag})
    assert (answer.status_code, "Verschoben von" in words(answer)) == (200, True)
