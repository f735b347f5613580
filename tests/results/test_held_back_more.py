"""Leaks by another order, another part or another door: what is not public stays with what is not public."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from results.identity import merge
from results.importers.plan import ImportTarget
from results.importers.records import SessionRecord
from results.models import (
    Classification,
    Driver,
    Entry,
    Event,
    ImportRun,
    PrintedStanding,
    RacingClass,
    Session,
    SessionCrewMember,
    Team,
)
from results.release import release_draft
from tests.factories import LONG_AGO, RacingClassFactory, SessionFactory, UserFactory
from tests.results.made import SATURDAY, calendar, laps, load, parsed, race, row, session, standing
from tests.results.pages import words
from tests.results.test_f1db import EXTRACT
from tests.results.test_hidden_sessions import BOTH, SECRET, entry_list, opens, public_drivers, reading

pytestmark = pytest.mark.django_db
BARE = {"team": None, "car": None, "class_name": None}
FREE = {"accept": True, "reason": "Nachtrag"}


def number_only(client, *, crew=()):
    """A public qualifying names only the number of the car; what readers read then."""
    load(parsed(session(rows=(row("7", 1, crew=crew, **BARE),))), **FREE)
    return reading(client)


def hidden_race(*rows, **values):
    """An event with a public qualifying and a hidden race that has these cars."""
    load(parsed(session(rows=()), race(rows=())))
    opens(None)
    load(parsed(race(rows=rows, **values)))


def release(**found):
    release_draft(Classification.objects.get(**found), by=UserFactory(), reason="")


def test_a_scoring_in_draft_makes_nobody_public_by_the_laps_of_other_cars():
    load(parsed(race(laps=laps(100_000, 99_000, number="8"), entries=(row("8", status=""),))))

    load(parsed(race(rows=(row("7", 1, crew=("Bea Geheim",)),), checkpoint="6h", released=False)))

    assert public_drivers() == ["Ada Eins"]


# what a held import wrote, and nothing else


def test_laps_of_a_hidden_session_take_back_what_an_overwritten_lap_set_said(client):
    load(parsed(session(rows=()), race(rows=())))
    opens(None)
    load(parsed(race(laps=laps(100_000), entries=(row("7", status="", crew=BOTH, **SECRET),))))
    load(parsed(race(laps=laps(100_000, 99_000))), content=b"second", **FREE)

    assert "Geheim" not in number_only(client)


def test_what_a_draft_said_when_it_came_once_more_is_taken_back(client):
    load(parsed(race(rows=(row("7", 1, crew=(), **BARE),), released=False)))
    again = parsed(race(rows=(row("7", 1, crew=(), **SECRET),), released=False))
    assert load(again, content=b"second").plan.sessions[0].verdict == "unchanged"

    assert "Geheim" not in number_only(client)
    assert not Team.objects.public().filter(name="Geheimteam").exists()


def test_what_a_deleted_draft_said_is_taken_back(client):
    load(parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),), released=False)))
    Classification.objects.all().delete()

    assert "Geheim" not in number_only(client)


def test_what_the_desk_renamed_since_is_taken_back(client):
    hidden_race(row("7", 1, crew=(), **SECRET))
    for one in (*RacingClass.objects.filter(name="SP-Geheim"), *Team.objects.filter(name="Geheimteam")):
        one.name = f"{one.name} (neu)"
        one.save()

    assert "Geheim" not in number_only(client)


def test_a_secret_team_that_was_merged_since_is_taken_back(client):
    hidden_race(row("7", 1, crew=(), **SECRET))
    kept = Team.objects.create(name="Geheimteam Racing", slug="geheimteam-racing")
    merge(kept, Team.objects.get(name="Geheimteam"), by=UserFactory(), reason="Dasselbe")
    assert Entry.objects.get().team == kept

    assert "Geheim" not in number_only(client)


@pytest.mark.parametrize("bare_first", [False, True])
def test_an_import_from_before_they_kept_such_lists_is_known_by_its_trail(client, bare_first):
    hidden_race(row("7", 1, crew=(), **(BARE if bare_first else SECRET)))
    if bare_first:
        load(parsed(race(rows=(row("7", 1, crew=(), **SECRET),))), content=b"second", **FREE)
    for run in ImportRun.objects.all():
        run.report.pop("held")
        run.save(update_fields=["report"])

    assert "Geheim" not in number_only(client)


def test_what_the_desk_entered_first_stays_though_a_hidden_file_says_the_same(client):
    load(parsed(session(rows=()), race(rows=())))
    opens(None)
    event = Event.objects.get()
    team = Team.objects.create(name="Team 7", slug="team-7")
    by_hand = RacingClassFactory(series=event.season.series, name="SP9")
    Entry.objects.create(event=event, number="7", team=team, racing_class=by_hand)
    load(parsed(race(rows=(row("7", 1),))))

    shown = number_only(client)

    assert all(word in shown for word in ("Team 7", "SP9"))
    assert "911 GT3" not in shown, "the car was the hidden file's"


def test_what_the_desk_had_entered_comes_back_when_a_hidden_file_had_another_word(client):
    load(parsed(session(rows=()), race(rows=())))
    opens(None)
    team = Team.objects.create(name="Team Redaktion", slug="team-redaktion")
    Entry.objects.create(event=Event.objects.get(), number="7", team=team)
    load(parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),))))
    assert Entry.objects.get().team.name == "Geheimteam"

    shown = number_only(client)

    assert "Team Redaktion" in shown
    assert "Geheim" not in shown


def test_within_one_file_a_public_part_takes_back_what_a_held_one_entered(client):
    load(parsed(session(rows=()), race(rows=())))
    opens(None)
    held = race(rows=(row("7", 1, crew=BOTH, **SECRET),))
    # Its laps wait, for it counts no more: so it is taken behind the race.
    annulled = session(rows=(row("7", 1, crew=(), **BARE),), laps=laps(100_000), state="annulled")

    load(parsed(held, annulled))

    assert [str(entry) for entry in Entry.objects.public()] == ["#7"]
    assert "Geheim" not in reading(client)


# two parts that both wait


def test_of_two_hidden_sessions_the_one_named_later_may_open_first(client):
    hidden_race(row("7", 1, crew=BOTH, **SECRET))
    opens(None, "Q")
    load(parsed(session(rows=(row("7", 1, **BARE),))))

    opens(LONG_AGO, "Q")

    assert "Geheim" not in reading(client)
    assert "Ada Eins" in entry_list(client)


def test_of_two_hidden_sessions_with_another_word_none_tells_the_other(client):
    hidden_race(row("7", 1, crew=BOTH, **SECRET))
    opens(None, "Q")
    load(parsed(session(rows=(row("7", 1),))))

    opens(LONG_AGO, "Q")
    assert "Geheim" not in reading(client)

    load(parsed(session(rows=(row("7", 1),))))
    assert all(word in entry_list(client) for word in ("Team 7", "SP9"))


def test_what_both_hidden_sessions_say_is_not_lost(client):
    hidden_race(row("7", 1))
    opens(None, "Q")
    load(parsed(session(rows=(row("7", 1, class_name=None),))))

    opens(LONG_AGO, "Q")

    assert "Team 7" in entry_list(client)
    assert "SP9" not in reading(client)


def test_of_two_drafts_the_one_named_later_may_be_released_first(client):
    load(parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),), released=False)))
    load(parsed(session(rows=(row("7", 1, **BARE),), released=False)))

    release(session__key="Q")

    assert "Geheim" not in reading(client)
    assert public_drivers() == ["Ada Eins"]


# two scorings of one session


@pytest.mark.parametrize("order", ["finish first", "finish last"])
def test_a_scoring_released_first_tells_nothing_of_the_draft_at_the_finish(client, order):
    at_six = parsed(race(rows=(row("7", 1, **BARE),), checkpoint="6h", released=False))
    finish = parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),), released=False))
    for file in (finish, at_six) if order == "finish first" else (at_six, finish):
        load(file)

    release(checkpoint="6h")

    page = reading(client)
    assert "Geheim" not in page
    assert public_drivers() == ["Ada Eins"]
    assert "Ada Eins" in words(client.get(Session.objects.get().get_absolute_url()))
    release(checkpoint="")
    load(parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),))))
    assert public_drivers() == ["Ada Eins", "Bea Geheim"]


def test_the_same_crew_at_both_scorings_is_not_lost():
    for checkpoint in ("6h", ""):
        load(parsed(race(rows=(row("7", 1, crew=BOTH),), checkpoint=checkpoint, released=False)))

    release(checkpoint="6h")

    assert SessionCrewMember.objects.count() == 2
    assert Driver.objects.public().count() == 2


# printed tables


TABLE = standing((1, "Ada Eins", "25"), after="6 Stunden am Ring")


def tables(client):
    """The printed tables that are stored, which readers see at once."""
    return PrintedStanding.objects.count()


@pytest.mark.parametrize("state", ["hidden", "draft"])
def test_tables_wait_though_only_another_session_of_their_file_is_imported(client, state):
    load(parsed(session(rows=(row("7", 1),)), race(rows=())))
    if state == "hidden":
        opens(None)
    else:
        load(parsed(race(rows=(row("7", 1),), released=False)))
    file = parsed(
        session(rows=(row("7", 1, laps=3),)), race(rows=(row("7", 1),)), standings=(standing((1, "Ada Eins", "25")),)
    )

    report = load(file, target=ImportTarget(session="Q"), **FREE)

    assert tables(client) == 0
    assert any("Tabellenstände" in doubt.reason for doubt in report.plan.doubts)


def test_tables_beside_the_laps_of_a_draft_wait(client):
    load(parsed(race(rows=(row("7", 1),), released=False)))
    file = parsed(race(laps=laps(100_000), entries=(row("7", status=""),)), standings=(TABLE,))
    load(file)
    assert tables(client) == 0

    release(session__key="R")
    load(file)

    assert tables(client) == 1


@pytest.mark.parametrize("after", ["6 Stunden am Ring", "Monza"])
def test_a_table_alone_waits_for_the_event_after_which_it_stands(client, after):
    load(parsed(race(rows=(row("7", 1),), released=False), event=after))
    load(parsed(session(rows=(row("7", 1),)), event="Zandvoort"))
    file = parsed(event="Zandvoort", standings=(standing((1, "Ada Eins", "25"), after=after),))
    load(file)
    assert tables(client) == 0

    release(session__key="R")
    load(file)

    assert tables(client) == 1


def test_a_table_does_not_wait_for_a_scoring_on_the_way_that_nobody_released(client):
    load(parsed(race(rows=(row("7", 1),), checkpoint="6h", released=False)))
    load(parsed(race(rows=(row("7", 1),)), standings=(TABLE,)))

    assert tables(client) == 1


def test_a_table_does_not_wait_for_a_practice(client):
    load(parsed(session("FP", rows=(row("7", 1),), name="Training", kind="practice", released=False)))
    load(parsed(race(rows=(row("7", 1),)), standings=(TABLE,)))

    assert tables(client) == 1


# the archive


@pytest.mark.parametrize("by_hand", [False, True])
def test_an_archive_shows_no_car_with_what_a_hidden_session_said(client, by_hand):
    of_archive = {"series": "Formel 1", "season": "1951", "event": "Großer Preis von Frankreich"}
    load(parsed(session("FP", rows=(), name="Training", kind="practice"), **of_archive))
    opens(None, "FP")
    Event.objects.update(slug="france")
    if by_hand:
        team = Team.objects.create(name="Team der Redaktion", slug="redaktion")
        Entry.objects.create(event=Event.objects.get(), number="8", team=team)
    secret = row("8", 1, crew=("Geheim Fahrer",), car="Geheimwagen", **SECRET)
    load(parsed(session("FP", rows=(secret,), name="Training", kind="practice"), **of_archive))
    assert Entry.objects.get().team.name == "Geheimteam"

    call_command("import_f1db", str(EXTRACT), seasons="1951", stdout=StringIO(), stderr=StringIO())

    car = Entry.objects.public().get(event__slug="france", number="8")
    assert car.team.name == ("Team der Redaktion" if by_hand else "Alfa Romeo")
    assert "Geheim" not in str(car.car_model)
    assert (car.racing_class, car.cups.count(), car.is_guest) == (None, 0, False)
    event = Event.objects.get(slug="france")
    assert "Geheim" not in client.get(f"{event.get_absolute_url()}starterliste/").content.decode()
    assert not Team.objects.public().filter(name="Geheimteam").exists()


# days


SUNDAY = SATURDAY + dt.timedelta(days=1)


def test_a_hidden_session_known_by_its_name_does_not_widen_the_event(client):
    load(parsed(session(rows=(row("7", 1),))))
    event = Event.objects.get()
    SessionFactory(event=event, key="Rennen", name="Rennen", kind="race", public_from=None, starts_at=None)

    load(parsed(race(rows=(row("7", 1),), date=SUNDAY)))

    assert Session.objects.get(name="Rennen").key == "R", "the file knows its session by the name"
    assert Event.objects.get().ends_on == SATURDAY
    assert "17." not in words(client.get(event.get_absolute_url()))


@pytest.mark.parametrize("instant", [False, True])
def test_a_calendar_does_not_widen_an_event_by_a_hidden_session(client, instant):
    load(parsed(session(rows=(row("7", 1),))))
    event = Event.objects.get()
    SessionFactory(event=event, key="R", name="Rennen", kind="race", public_from=None, starts_at=None)
    when = {"starts_at": dt.datetime(2026, 5, 17, 10, tzinfo=dt.UTC)} if instant else {"date": SUNDAY}
    first = {"starts_at": dt.datetime(2026, 5, 16, 16, tzinfo=dt.UTC)} if instant else {"date": SATURDAY}
    held = SessionRecord(key="R", name="Rennen", kind="race", **when)
    seen = SessionRecord(key="Q", name="Qualifying", kind="qualifying", **first)
    dates = calendar("6 Stunden am Ring", SATURDAY, SUNDAY, time_zone="Europe/Berlin", sessions=(seen, held))
    file = parsed(event=None, calendar=(dates,))

    load(file)

    assert Event.objects.get().ends_on == SATURDAY
    assert "17." not in words(client.get(event.get_absolute_url()))
    opens(LONG_AGO)
    load(file)
    assert Event.objects.get().ends_on == SUNDAY


# telling the desk


def test_the_desk_is_told_that_the_file_has_to_come_once_more(client):
    load(parsed(session(rows=(row("7", 1, class_name=None),)), race(rows=())))
    opens(None)
    file = parsed(race(rows=(row("7", 1, crew=BOTH),)))
    report = load(file, content=b"race", name="rennen.json")
    assert any("noch einmal" in doubt.reason and "Klasse" in doubt.reason for doubt in report.plan.doubts)
    client.force_login(UserFactory(username="chef", is_staff=True, is_superuser=True))
    pages = [
        reverse("admin:results_session_change", args=[Session.objects.get(key="R").pk]),
        reverse("admin:results_classification_change", args=[Classification.objects.get(session__key="R").pk]),
    ]

    for page in pages:
        said = words(client.get(page))
        assert "#7 (Klasse)" in said
        assert "„rennen.json“ noch einmal" in said

    opens(LONG_AGO)
    load(file, content=b"race", name="rennen.json")
    assert not any("noch einmal" in words(client.get(page)) for page in pages)


def test_the_desk_is_told_when_it_releases_a_draft(client):
    load(parsed(session(rows=(row("7", 1, class_name=None),))))
    load(parsed(race(rows=(row("7", 1),), released=False)), content=b"race", name="rennen.json")
    client.force_login(UserFactory(username="chef", is_staff=True, is_superuser=True))
    page = reverse("admin:results_classification_release", args=[Classification.objects.get(session__key="R").pk])

    assert "#7 (Klasse)" in words(client.get(page))
    done = client.post(page, {"reason": "Ergebnis steht"}, follow=True)

    assert "„rennen.json“ noch einmal" in words(done)


def test_what_was_taken_back_is_said_on_the_session_that_brought_it(client):
    hidden_race(row("7", 1, crew=BOTH, **SECRET))
    number_only(client)
    client.force_login(UserFactory(username="chef", is_staff=True, is_superuser=True))

    said = words(client.get(reverse("admin:results_session_change", args=[Session.objects.get(key="R").pk])))

    assert "Team" in said
    assert "noch einmal" in said
