"""A file for a session that is not public tells readers nothing, whatever of its event they see; and all of it later."""

import datetime as dt
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from results.importers.load import ImportRefused
from results.importers.records import LapRecord, MessageRecord, WeatherRecord
from results.models import (
    Classification,
    CrewMember,
    Driver,
    DriverGrade,
    Entry,
    Event,
    LapSet,
    Manufacturer,
    PrintedStanding,
    Session,
    SessionCrewMember,
    Team,
)
from results.release import release_draft
from tests.factories import LONG_AGO, CarModelFactory, DriverFactory, RacingClassFactory
from tests.results.made import driver, laps, load, parsed, race, row, session, standing
from tests.results.pages import words

pytestmark = pytest.mark.django_db
FREE = {"accept": True, "reason": "Nachtrag"}
BOTH = ("Ada Eins", "Bea Geheim")
LATER = timezone.now() + dt.timedelta(days=900)


def opens(when, key="R"):
    """Readers see the session from then on; None: the desk has not said."""
    Session.objects.filter(key=key).update(public_from=when)


def weekend(*rows, hidden=None):
    """A public qualifying with these cars, and a race that is not public."""
    load(parsed(session(rows=rows), race(rows=())))
    opens(hidden)


def public_drivers():
    return sorted(driver.full_name for driver in Driver.objects.public())


def reading(client):
    """All that readers can read of the event: its pages, those of its sessions, the files."""
    event = Event.objects.get()
    sessions = [one.get_absolute_url() for one in Session.objects.filter(event=event)]
    addresses = [
        event.get_absolute_url(),
        *(f"{event.get_absolute_url()}starterliste{end}" for end in ("/", ".csv", ".json")),
        *sessions,
        *(f"{address}{part}" for address in sessions for part in ("runden/", "grafik/", "ergebnis.json")),
    ]
    return "".join(client.get(address).content.decode() for address in addresses)


def entry_list(client):
    return words(client.get(f"{Event.objects.get().get_absolute_url()}starterliste/"))


SECRET = {"class_name": "SP-Geheim", "cups": ("Geheimcup",), "team": "Geheimteam", "guest": True}


@pytest.mark.parametrize("hidden", [None, LATER])
def test_a_hidden_result_tells_nothing_of_a_car_that_readers_see(client, hidden):
    weekend(row("7", 1, class_name=None), hidden=hidden)
    before = reading(client)

    load(parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),))))

    assert reading(client) == before
    assert "Geheim" not in before
    assert public_drivers() == ["Ada Eins"]
    assert not Team.objects.public().filter(name="Geheimteam").exists()


def test_the_same_file_into_the_hidden_session_is_unchanged():
    weekend(row("7", 1, class_name=None))
    file = parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET), row("9", 2, crew=("Neu Fahrerin",)))))
    load(file)

    assert load(file).plan.is_empty


def test_the_crew_shows_by_itself_once_the_session_is_public(client):
    weekend(row("7", 1), hidden=LATER)
    load(parsed(race(rows=(row("7", 1, crew=BOTH),))))

    opens(LONG_AGO)

    assert public_drivers() == ["Ada Eins", "Bea Geheim"]
    assert "Bea Geheim" in words(client.get(Session.objects.get(key="R").get_absolute_url()))
    assert "Bea Geheim" not in words(client.get(Session.objects.get(key="Q").get_absolute_url()))


def test_the_file_may_say_it_once_the_session_is_public(client):
    weekend(row("7", 1, class_name=None))
    file = parsed(race(rows=(row("7", 1, crew=BOTH, class_name="SP9", cups=("Junior",)),)))
    load(file)
    opens(LONG_AGO)

    assert load(file).run is not None

    shown = entry_list(client)
    assert all(word in shown for word in ("SP9", "Junior", "Bea Geheim"))
    assert "Bea" not in words(client.get(Session.objects.get(key="Q").get_absolute_url()))
    assert Classification.objects.filter(session__key="R").count() == 1, "nothing of the result itself has changed"
    assert load(file).plan.is_empty


def test_what_the_public_file_contradicts_needs_consent(client):
    weekend(row("7", 1, class_name="SP9"))
    file = parsed(race(rows=(row("7", 1, class_name="SP10"),)))
    load(file)
    assert "SP10" not in entry_list(client)
    opens(LONG_AGO)

    with pytest.raises(ImportRefused, match="SP9 → SP10"):
        load(file)
    load(file, **FREE)

    assert "SP10" in entry_list(client)


def test_a_hidden_result_is_corrected_where_nothing_else_shows_the_car(client):
    weekend(row("7", 1))
    load(parsed(race(rows=(row("7", 1), row("9", 2, crew=("Cleo Drei",), class_name="SP8")))))
    before = reading(client)
    right = (row("7", 1, crew=BOTH, team="Anderes Team"), row("9", 2, crew=("Dora Vier",), class_name="SP10"))

    load(parsed(race(rows=right)), **FREE)

    nine = Entry.objects.get(number="9")
    assert nine.racing_class.name == "SP10"
    of_race = SessionCrewMember.objects.filter(session_entry__session__key="R").order_by("session_entry__entry", "seat")
    assert [(str(one.session_entry.entry), one.driver.full_name) for one in of_race] == [
        ("#7", "Ada Eins"), ("#7", "Bea Geheim"), ("#9", "Dora Vier"),
    ]  # fmt: skip
    assert Entry.objects.get(number="7").team.name == "Team 7"
    assert reading(client) == before


def test_a_car_that_only_a_hidden_session_names_waits_with_its_people(client):
    weekend(row("7", 1))
    load(parsed(race(rows=(row("7", 1), row("9", 2, crew=("Cleo Drei", "Dora Vier"), team="Geheimteam")))))
    assert "Geheimteam" not in reading(client)
    assert public_drivers() == ["Ada Eins"]

    opens(LONG_AGO)

    assert "Geheimteam" in entry_list(client)
    assert "Cleo Drei Dora Vier" in entry_list(client), "by seat, though the entry itself was never told"
    assert public_drivers() == ["Ada Eins", "Cleo Drei", "Dora Vier"]


def test_the_hidden_file_may_come_first(client):
    load(parsed(session(rows=()), race(rows=())))
    opens(None)
    hidden = parsed(race(rows=(row("7", 1, crew=BOTH, class_name="SP9", cups=("Junior", "Trophy")),)))
    load(hidden)

    report = load(parsed(session(rows=(row("7", 1, class_name=None, cups=("Junior",)),))))

    assert not any(word in reading(client) for word in ("Geheim", "SP9", "Trophy"))
    assert "Junior" in entry_list(client)
    assert sum("nur aus Unveröffentlichtem" in doubt.reason for doubt in report.plan.doubts) == 2
    opens(LONG_AGO)
    assert "Bea Geheim" in words(client.get(Session.objects.get(key="R").get_absolute_url()))
    load(hidden)
    assert all(word in entry_list(client) for word in ("SP9", "Trophy", "Bea Geheim"))


def test_laps_without_names_show_a_car_and_nothing_that_is_hidden(client):
    load(parsed(session(rows=()), race(rows=())))
    opens(None)
    load(parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),))))

    load(parsed(session(laps=laps(100_000, 99_000))))

    assert [str(entry) for entry in Entry.objects.public()] == ["#7"]
    assert "Geheim" not in reading(client)


def test_two_hidden_sessions_tell_each_other_nothing(client):
    load(parsed(session(rows=()), race(rows=())))
    opens(None, "Q")
    opens(None, "R")
    load(parsed(session(rows=(row("7", 1, class_name=None),))))
    load(parsed(race(rows=(row("7", 1, crew=BOTH, class_name="SP9"),))))

    opens(LONG_AGO, "Q")

    assert not any(word in reading(client) for word in ("Geheim", "SP9"))
    assert "Ada Eins" in entry_list(client)


def test_within_one_file_what_is_seen_goes_first(client):
    load(parsed(race(rows=()), session(rows=())))
    opens(None)

    load(parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),)), session(rows=(row("7", 1, class_name=None),))))

    assert "Geheim" not in reading(client)
    assert "Team 7" in entry_list(client)


def test_laps_of_a_hidden_session_tell_nothing_and_keep_their_drivers(client):
    weekend(row("7", 1))
    before = reading(client)
    driven = tuple(LapRecord("7", lap, 100_000, seat=lap) for lap in (1, 2))
    file = parsed(race(laps=driven, entries=(row("7", status="", crew=BOTH),)))
    load(file)

    assert reading(client) == before
    assert public_drivers() == ["Ada Eins"]
    assert load(file).plan.is_empty
    opens(LONG_AGO)
    assert "Bea Geheim" in words(client.get(f"{Session.objects.get(key='R').get_absolute_url()}runden/"))
    assert public_drivers() == ["Ada Eins", "Bea Geheim"]


def test_laps_that_the_desk_holds_back_name_nobody_beside_the_released_result(client):
    load(parsed(race(rows=(row("7", 1),))))
    load(parsed(race(laps=laps(100_000, 99_000))))
    LapSet.objects.update(public_from=None)
    before = reading(client)

    load(parsed(race(laps=laps(100_000, 99_001), entries=(row("7", status="", crew=BOTH),))), **FREE)

    assert reading(client) == before
    assert public_drivers() == ["Ada Eins"]


def test_an_entry_list_waits_for_its_session():
    weekend(row("7", 1))
    file = parsed(race(entries=(row("9", status="", crew=("Cleo Drei",)),), is_entry_list=True))

    report = load(file)

    assert [str(entry) for entry in Entry.objects.public()] == ["#7"]
    assert any("Rennen ist nicht öffentlich" in doubt.reason for doubt in report.plan.doubts)
    opens(LONG_AGO)
    load(file)
    assert [str(entry) for entry in Entry.objects.public()] == ["#7", "#9"]


def test_printed_tables_wait_for_the_session_of_their_file():
    weekend(row("7", 1))
    file = parsed(race(rows=(row("7", 1),)), standings=(standing((1, "Ada Eins", "25")),))
    load(file)
    assert not PrintedStanding.objects.exists()

    opens(LONG_AGO)
    load(file)

    assert PrintedStanding.objects.count() == 1


def test_weather_messages_and_days_of_a_hidden_session_are_not_seen(client):
    weekend(row("7", 1))
    before = reading(client)
    noon = dt.datetime(2026, 5, 17, 12, tzinfo=dt.UTC)
    held = race(
        date=dt.date(2026, 5, 17), weather=(WeatherRecord(at=noon),), messages=(MessageRecord("CAR 99 GEHEIM", noon),)
    )

    load(parsed(held))

    assert reading(client) == before
    assert Event.objects.get().ends_on == dt.date(2026, 5, 16)
    assert client.get(Session.objects.get(key="R").get_absolute_url()).status_code == 404


def test_a_hidden_result_says_nothing_of_a_driver_and_a_make():
    car = CarModelFactory(name="Porsche 911 GT3 R", manufacturer=None)
    weekend(row("7", 1))
    known = replace(driver("Ada Eins"), birth_date="1997", grade="gold")

    load(parsed(race(rows=(row("7", 1, crew=(known,)), row("9", 2, manufacturer="Porsche", crew=("Cleo Drei",))))))

    car.refresh_from_db()
    assert car.manufacturer is None
    assert not Manufacturer.objects.public().exists()
    assert Driver.objects.get(last_name="Eins").birth_date == ""
    assert not DriverGrade.objects.exists()


def test_a_correction_under_embargo_says_nothing_of_the_car(client):
    weekend(row("7", 1))
    opens(LONG_AGO)
    load(parsed(race(rows=(row("7", 1),))))
    Classification.objects.filter(session__key="R").update(public_from=LATER)
    before = reading(client)

    load(parsed(race(rows=(row("7", 1, crew=BOTH, best_lap_ms=100_000, **SECRET),))), **FREE)

    assert Classification.objects.get(session__key="R", version=2).public_from == LATER
    assert reading(client) == before
    assert public_drivers() == ["Ada Eins"]


def test_a_draft_at_the_finish_says_nothing_of_a_scoring_that_readers_see(client):
    load(parsed(race(rows=(row("7", 1),), checkpoint="6h")))
    before = reading(client)

    load(parsed(race(rows=(row("7", 1, crew=BOTH),), released=False)))

    assert reading(client) == before
    assert public_drivers() == ["Ada Eins"]


def test_a_draft_of_a_car_that_a_public_file_names_later_tells_nothing(client):
    load(parsed(race(rows=(row("7", 1, crew=BOTH, **SECRET),), released=False)))

    load(parsed(session(rows=(row("7", 1, class_name=None),))))

    assert "Geheim" not in reading(client)
    release_draft(Classification.objects.get(session__key="R"), by=User.objects.create(), reason="")
    assert "Bea Geheim" in words(client.get(Session.objects.get(key="R").get_absolute_url()))


def test_what_the_desk_entered_by_hand_is_not_taken_back():
    load(parsed(session(rows=()), race(rows=())))
    opens(None)
    load(parsed(race(rows=(row("7", 1, class_name="SP9"),))))
    by_hand = RacingClassFactory(series=Event.objects.get().season.series, name="SP-Hand")
    Entry.objects.update(racing_class=by_hand)

    load(parsed(session(rows=(row("7", 1, class_name=None),))))

    assert Entry.objects.get().racing_class == by_hand


def test_namesakes_in_a_hidden_car_are_known_again():
    DriverFactory(first_name="Ada", last_name="Eins", nationality="GER")
    DriverFactory(first_name="Ada", last_name="Eins", nationality="FRA")
    weekend(row("8", 1, crew=("Cleo Drei",)))
    file = parsed(race(rows=(row("7", 1),)))
    load(file)

    load(parsed(session("Q2", rows=(row("7", 1),), name="Zweites Qualifying")))

    assert Driver.objects.filter(last_name="Eins").count() == 3
    assert CrewMember.objects.get(driver__last_name="Eins").driver == Driver.objects.filter(last_name="Eins").latest(
        "pk"
    )
