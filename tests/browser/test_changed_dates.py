"""Changed dates in a browser: moving an event with its preview, the history, and what readers see of it."""

import datetime as dt
import zoneinfo

from results.models import Session
from results.rescheduling import Act, cancel, move, postpone
from tests import factories

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
SATURDAY = dt.date(2098, 9, 27)


def a_weekend():
    """A programme of which one session has moved twice, one is cancelled and one postponed."""
    event = factories.EventFactory(
        name="6 Stunden vom Waldsee", slug="waldsee", starts_on=SATURDAY, ends_on=SATURDAY + dt.timedelta(days=1)
    )
    names = ("Freies Training", "Qualifying", "Warm-up", "Rennen")
    return [_session(event, name, hour) for name, hour in zip(names, (9, 11, 13, 15), strict=True)]


def _session(event, name, hour):
    start = dt.datetime.combine(SATURDAY, dt.time(hour), BERLIN)
    return factories.SessionFactory(event=event, name=name, slug=f"s{hour}", key=f"S{hour}", starts_at=start)


def change(weekend, by):
    practice, qualifying, warmup, race = weekend
    act = Act(by=by, reason="Bulletin 3", note="Nebel")
    move(race, act, starts_at=race.starts_at + dt.timedelta(minutes=30))
    move(race, Act(by=by, reason="Bulletin 4"), starts_at=race.starts_at + dt.timedelta(hours=2))
    cancel(practice, act)
    postpone(qualifying, act)
    return warmup


def test_an_event_is_moved_with_a_preview_and_keeps_wcag(log_in):
    weekend = a_weekend()
    desk = log_in("results")
    desk.go(f"/admin/results/event/{weekend[0].event.pk}/change/")
    desk.press("Verschieben")
    desk.page.get_by_label("Neuer erster Tag").fill("2098-10-04")
    desk.page.locator("#id_reason").fill("Bulletin 3")
    desk.press("Verschieben")
    desk.look("termin-vorschau")
    assert "Was mitwandert" in desk.text
    desk.press("Verschieben")

    desk.look("termin-verlauf")
    assert "Bulletin 3" in desk.text
    assert {one.local_date for one in Session.objects.all()} == {dt.date(2098, 10, 4)}


def test_the_history_of_a_session_keeps_wcag(log_in, people):
    weekend = a_weekend()
    change(weekend, people["results"])
    desk = log_in("results")
    desk.go(f"/admin/results/session/{weekend[3].pk}/change/")
    desk.look("termin-verlauf-session")
    desk.page.get_by_role("button", name="Tippfehler, nicht anzeigen").first.click()
    desk.page.get_by_text("Tippfehler, wird nicht gezeigt").wait_for()


def test_readers_see_what_became_of_the_dates(visit, people):
    weekend = a_weekend()
    change(weekend, people["results"])
    reader = visit()
    for name, path in (
        ("termin-programm", weekend[0].event.get_absolute_url()),
        ("termin-rennen", weekend[3].get_absolute_url()),
        ("termin-abgesagt", weekend[0].get_absolute_url()),
        ("termin-vertagt", weekend[1].get_absolute_url()),
        ("termin-start", "/"),
    ):
        reader.go(path)
        reader.look(name)
