"""Sentences of statistics in German: grammar, and no more claimed than the archive holds."""

import datetime as dt

import pytest
from django.utils import translation

from results.statistics import Archive, Before, Feat, Race, Tally
from results.statistics.sentences import Achievement, in_a_row, sentences_of


@pytest.fixture(autouse=True)
def german():
    with translation.override("de"):
        yield


def tally(feat=Feat.WIN, *, count=1, season=1, streak=1, starts=1, before=None, whole=True):
    archive = Archive(
        series=1, series_name="WEC", series_slug="wec", first_season="2012", until=dt.date(2021, 11, 6), races=80,
        whole=whole, has_poles=True, has_fastest_laps=True, source="", last_race="Bahrain",
    )  # fmt: skip
    before = {"race": None, "days": None, "races": None, "starts": 0, **(before or {})}
    return Tally(feat, here=True, starts=starts, count=count, count_of_season=season, streak=streak, longest=streak,
                 before=Before(archive=archive, **before))  # fmt: skip


def said(*tallies, name="Ada Ahorn", where=""):
    return sentences_of(Achievement(name, one, where) for one in tallies)


def spa(days, races, starts, season="2019"):
    race = Race("6 Stunden von Spa", dt.date(2019, 5, 4), season, ("wec", season, "spa", "rennen"))
    return {"race": race, "days": days, "races": races, "starts": starts}


@pytest.mark.parametrize(
    ("one", "sentences"),
    [
        (tally(starts=35), ["Erster Sieg für Ada Ahorn, im 35. Rennen."]),
        (tally(), ["Erster Sieg für Ada Ahorn, gleich im ersten Rennen."]),
        (tally(count=12, season=3), ["Dritter Saisonsieg für Ada Ahorn, der 12. insgesamt."]),
        (tally(count=3, season=3), ["Dritter Saisonsieg für Ada Ahorn."]),
        (tally(count=40, season=13), ["13. Saisonsieg für Ada Ahorn, der 40. insgesamt."]),
        (tally(count=5, season=5, streak=3), ["Fünfter Saisonsieg für Ada Ahorn.", "Dritter Sieg in Folge für Ada Ahorn."]),
        (tally(Feat.POLE, count=8, season=2), ["Zweite Pole-Position der Saison für Ada Ahorn, die 8. insgesamt."]),
        (tally(Feat.POLE, count=2, season=2, streak=2),
         ["Zweite Pole-Position der Saison für Ada Ahorn.", "Zweite Pole-Position in Folge für Ada Ahorn."]),
        (tally(Feat.POLE, starts=4), ["Erste Pole-Position für Ada Ahorn, im 4. Rennen."]),
        (tally(Feat.PODIUM, starts=9), ["Erstes Podest für Ada Ahorn, im 9. Rennen."]),
        (tally(Feat.PODIUM, count=2), []),
        (tally(Feat.FASTEST_LAP, starts=2), ["Erste schnellste Rennrunde für Ada Ahorn, im 2. Rennen."]),
    ],
)  # fmt: skip
def test_a_tally_is_said_in_german(one, sentences):
    assert said(one) == sentences


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (
            spa(900, 14, 12),
            "Erster Sieg für Ada Ahorn seit 2019 (6 Stunden von Spa), nach 900 Tagen und 12 Rennen ohne Sieg.",
        ),
        (
            spa(400, 2, 1),
            "Erster Sieg für Ada Ahorn seit 2019 (6 Stunden von Spa), nach 400 Tagen und 1 Rennen ohne Sieg.",
        ),
        (spa(366, 5, 0), "Erster Sieg für Ada Ahorn seit 2019 (6 Stunden von Spa), nach 366 Tagen."),
        (
            spa(1, 11, 10),
            "Erster Sieg für Ada Ahorn seit 2019 (6 Stunden von Spa), nach 1 Tag und 10 Rennen ohne Sieg.",
        ),
    ],
)
def test_a_long_time_since_the_last_one_is_said_with_days_and_races(before, sentence):
    assert said(tally(count=4, before=before)) == ["Erster Saisonsieg für Ada Ahorn, der 4. insgesamt.", sentence]


def test_a_win_a_few_races_ago_is_no_news():
    assert said(tally(count=4, before=spa(70, 4, 3))) == ["Erster Saisonsieg für Ada Ahorn, der 4. insgesamt."]


def test_what_the_archive_does_not_hold_is_not_claimed():
    assert said(tally(whole=False, starts=3)) == ["Erster Saisonsieg für Ada Ahorn."]
    assert said(tally(count=6, season=2, whole=False, starts=20)) == [
        "Zweiter Saisonsieg für Ada Ahorn, der 6. seit Beginn des Archivs (2012)."
    ]
    assert said(tally(Feat.PODIUM, whole=False)) == []
    # All races on record were won: the run may have begun before them.
    assert said(tally(count=3, season=3, streak=3, starts=3, whole=False)) == ["Dritter Saisonsieg für Ada Ahorn."]


def test_a_crew_of_whom_the_same_is_true_shares_a_sentence():
    same = tally(count=5, season=2)
    crew = [Achievement(name, same) for name in ("Ada", "Bo", "Cy")]
    other = Achievement("Di", tally(count=9, season=2))

    assert sentences_of([*crew, other]) == [
        "Zweiter Saisonsieg für Ada, Bo und Cy, der 5. insgesamt.",
        "Zweiter Saisonsieg für Di, der 9. insgesamt.",
    ]


def test_a_class_win_names_its_class():
    assert said(tally(Feat.CLASS_WIN, count=4, season=4), where="LMP2") == [
        "Vierter Klassensieg der Saison für Ada Ahorn, diesmal in der Klasse LMP2."
    ]


def test_a_name_with_a_percent_sign_stays_a_name():
    assert said(tally(count=2, season=2), name="100 % Racing") == ["Zweiter Saisonsieg für 100 % Racing."]


def test_names_stand_in_a_row():
    assert [in_a_row(names) for names in ([], ["Ada"], ["Ada", "Bo"], ["Ada", "Bo", "Cy"])] == [
        "", "Ada", "Ada und Bo", "Ada, Bo und Cy",
    ]  # fmt: skip
