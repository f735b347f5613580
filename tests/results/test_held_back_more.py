"""Leaks by another order, another part or another door: what is not public stays with what is not public."""

import pytest

from results.models import (
    Classification,
    Driver,
    Entry,
    Event,
    RacingClass,
    Session,
    SessionCrewMember,
    Team,
)
from results.release import release_draft
from tests.factories import LONG_AGO, RacingClassFactory, UserFactory
from tests.results.made import laps, load, parsed, race, row, session
from tests.results.pages import words
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
    load(parsed(session(laps=laps(100_000, number="8"), entries=(row("8", status=""),))))
    Session.objects.get(key="Q").lap_set.__class__.objects.update(public_from=None)
    held = race(rows=(row("7", 1, crew=BOTH, **SECRET),))
    partly = session(rows=(row("7", 1, crew=(), **BARE),), laps=laps(100_000, number="8"))

    load(parsed(held, partly), **FREE)

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
