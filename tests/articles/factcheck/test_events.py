"""Which event a text is about: what names it, what speaks against it, and when nothing is certain. No database."""

import datetime as dt

import pytest

from articles.factcheck.days import said_days, said_weekdays
from articles.factcheck.events import Dated, EventFacts, Trait, rank, weigh
from articles.factcheck.naming import Wording, find_event, find_place, find_series
from tests.shared import SHARED, needs_shared

WEC = ("FIA World Endurance Championship", "WEC")
SRO = ("GT World Challenge Europe", "Blancpain Endurance Series")


def event(key, name, series, places, *days):
    first, last = (dt.date.fromisoformat(day) for day in days)
    return EventFacts(key, name, series, places, str(first.year), first, last)


SIX = event(1, "6 Stunden von Bahrain", WEC, ("Bahrain International Circuit", "Sakhir"), "2021-10-28", "2021-10-30")
EIGHT = event(2, "8 Stunden von Bahrain", WEC, ("Bahrain International Circuit", "Sakhir"), "2021-11-04", "2021-11-06")
MONZA = event(3, "6 Stunden von Monza", WEC, ("Autodromo Nazionale Monza", "Monza"), "2021-07-16", "2021-07-18")
LAST_YEAR = event(4, "8 Stunden von Bahrain", WEC, ("Bahrain International Circuit",), "2020-11-12", "2020-11-14")
SPA_GT = event(5, "24 Stunden von Spa", SRO, ("Circuit de Spa-Francorchamps",), "2021-07-29", "2021-08-01")
SPA_WEC = event(6, "6 Stunden von Spa", WEC, ("Circuit de Spa-Francorchamps",), "2021-04-29", "2021-05-01")
F4 = event(7, "Sachsenring", ("ADAC Formel 4",), ("Sachsenring",), "2021-10-01", "2021-10-03")
MASTERS = event(8, "Sachsenring", ("ADAC GT Masters",), ("Sachsenring",), "2021-10-01", "2021-10-03")
ALL = [SIX, EIGHT, MONZA, LAST_YEAR, SPA_GT, SPA_WEC, F4, MASTERS]


def guesses(text, written=None, candidates=ALL, people=None):
    written = dt.date.fromisoformat(written) if written else None
    return rank(weigh(Wording(text), Dated.of(text, written), candidates), people or {})


def keys(text, written=None):
    return [guess.facts.key for guess in guesses(text, written)]


def certain(text, written=None, **given):
    return [guess.facts.key for guess in guesses(text, written, **given) if guess.is_certain]


@pytest.mark.parametrize(
    ("text", "written", "meant"),
    [
        ("Beim WEC-Qualifying zu den 8h Bahrain 2021 holte Toyota die Pole.", None, 2),
        ("Die Acht-Stunden-Distanz in Bahrain fordert die WEC. Gefahren wird am 6. November 2021.", "2021-11-05", 2),
        ("Sechs Stunden von Bahrain: Toyota gewinnt am 30. Oktober 2021", None, 1),
        ("Toyota won the 8 Hours of Bahrain on November 6, 2021, as the WEC season ended.", None, 2),
        ("Spa, 1. August. Der Ferrari gewann den Klassiker der GT World Challenge in Spa.", "2021-08-02", 5),
        ("WEC in Spa-Francorchamps: Toyota siegt vor Alpine", "2021-05-02", 6),
        ("Rückblick: Die 8 Stunden von Bahrain der WEC, November 2020", None, 4),
        ("Am Sachsenring siegte der Audi im ersten Rennen der GT Masters am Samstag.", "2021-10-03", 8),
        ("Formel 4: Am Sachsenring siegte am Samstag ein Debütant.", "2021-10-03", 7),
    ],
)
def test_a_text_names_its_event(text, written, meant):
    assert certain(text, written) == [meant]


def test_two_series_at_one_venue_are_both_proposed_and_none_is_certain():
    text = "Am Sachsenring fuhr am 2. Oktober 2021 die GT Masters, dazu die ADAC Formel 4."
    found = guesses(text)
    assert {guess.facts.key for guess in found[:2]} == {7, 8}
    assert not any(guess.is_certain for guess in found)


def test_the_people_a_text_names_decide_between_two_events_of_a_venue():
    text = "Am Sachsenring siegten am 2. Oktober 2021 Adler und Bussard vor Condor."
    wording = Wording(text)
    named = [wording.named(wording.phrase((name,)), is_whole=True) for name in ("adler", "bussard", "condor")]
    assert certain(text) == []
    assert certain(text, people={8: named}) == [8]


def test_the_next_event_that_a_report_announces_is_no_rival_of_its_own():
    text = (
        "Toyota gewinnt die 6 Stunden von Monza am 18. Juli 2021. Die WEC war zum ersten Mal in Monza.\n"
        "Das nächste Rennen der WEC sind die 8 Stunden von Bahrain vom 4. bis 6. November 2021."
    )
    found = guesses(text)
    assert (found[0].facts.key, found[0].is_certain, found[0].is_coming) == (3, True, False)
    assert next(guess.facts.key for guess in found if guess.is_coming) == 2


def test_a_preview_is_about_the_event_that_it_announces():
    text = "Am kommenden Wochenende fährt die WEC die 6 Stunden von Monza. Toyota ist Favorit."
    assert certain(text, "2021-07-13") == [3]


def test_a_coming_event_is_not_beaten_by_the_one_that_was_held_last_week():
    text = "Am kommenden Samstag geht es in Bahrain über acht Stunden, meldet die WEC."
    assert certain(text, "2021-11-01") == [2]


def test_a_day_that_a_text_only_looks_ahead_to_makes_no_event_certain():
    text = "In Bahrain testete Adler den neuen Toyota. Die 8 Stunden der WEC stehen vom 4. bis 6. November 2021 an."
    assert keys(text)[0] == 2
    assert certain(text) == []
    assert certain(text, "2021-11-03") == [2]


def test_an_event_is_not_certain_where_another_one_is_named_before_it():
    text = (
        "Die 6 Stunden von Monza der WEC gewann Toyota in diesem Juli vor Alpine, ein Sieg mit Ansage.\n" * 3
        + "Adler fuhr die 8 Stunden von Bahrain am 6. November 2021, gemeldet für die WEC."
    )
    assert keys(text)[:2] == [2, 3]
    assert certain(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "\0", "🏁" * 300, "Der FC gewann das Derby vor 80.000 Zuschauern mit 3:1.", "Spa-Besuch und Wellness am Samstag",
        "Am 6. November 2021 regnete es.", "31.31.2021 und 99. Mai", "Die Serie geht weiter.",
    ],
)  # fmt: skip
def test_a_text_about_something_else_names_no_event(text):
    assert keys(text, "2021-09-01") == []


def test_a_text_of_another_year_is_not_about_the_event_at_the_same_venue():
    assert certain("WEC: 1998 war Bahrain noch eine Wüste ohne Rennstrecke.") == []


def test_reasons_say_which_words_lead_to_an_event():
    text = "Beim WEC-Qualifying zu den 8h Bahrain 2021 holte Toyota die Pole."
    best = guesses(text)[0]
    said = {reason.trait: reason.words for reason in best.reasons}
    assert said == {Trait.NAME: "Bahrain", Trait.CIRCUIT: "Bahrain", Trait.SERIES: "WEC", Trait.YEAR: "2021"}
    assert all(text[reason.start : reason.end] == reason.words for reason in best.reasons)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vom 23. bis 25. Mai 2013", (2013, 5, 23, 25)),
        ("19.06.-22.06.2014", (2014, 6, 19, 22)),
        ("(13., 14. Oktober)", (None, 10, 13, 14)),
        ("date 2021-11", (2021, 11, None, None)),
        ("November 6-7, 2021", (2021, 11, 6, 7)),
        ("the 6th of May", (None, 5, 6, None)),
        ("am 24.05.", (None, 5, 24, None)),
        ("im März 2016", (2016, 3, None, None)),
        ("Saison 2019", (2019, None, None, None)),
    ],
)
def test_dates_are_read_as_far_as_the_words_say_them(text, said):
    (found,) = said_days(text)
    assert (found.year, found.month, found.day, found.last) == said


@pytest.mark.parametrize(
    "text", ["1:46.540", "8.31,192 min.", "1.47,049 Minuten", "#2021", "P2019", "2.500 Meter", "32.13."]
)
def test_times_and_numbers_are_no_dates(text):
    assert said_days(text) == []


def test_weekdays_are_read_with_their_hours_and_in_both_languages():
    assert said_weekdays("Am Samstagabend und am Sonntag; on Friday") == {4, 5, 6}


def test_places_named_after_people_and_sponsors_count_only_whole():
    wording = Wording("Carlos siegte im Red Bull vor Ferrari, José wurde Dritter in Le Castellet, Ricard")
    assert find_place(wording, "Autódromo José Carlos Pace") is None
    assert find_place(wording, "Autodromo Enzo e Dino Ferrari") is None
    assert find_place(wording, "Red Bull Ring") is None
    assert find_place(wording, "Circuit Paul Ricard").words == "Ricard"


def test_short_names_of_series_are_looked_for_as_they_are_written():
    assert find_series(Wording("Das nls ist klein"), "NLS") is None
    assert find_series(Wording("Die NLS fährt"), "NLS").is_whole
    assert find_series(Wording("In der Blancpain-Endurance-Serie"), "Blancpain Endurance Series").words == (
        "Blancpain-Endurance"
    )


def test_a_race_of_another_length_is_another_race():
    wording = Wording("Die 8h Bahrain")
    assert find_event(wording, "8 Stunden von Bahrain").has_length
    assert find_event(wording, "6 Stunden von Bahrain").lacks_length


SPRINT, ENDURANCE, VLN = ("Blancpain Sprint Series",), ("Blancpain Endurance Series",), ("VLN",)
SRO_2023, IMSA = ("GT World Challenge Europe",), ("IMSA WeatherTech SportsCar Championship", "IMSA")
SEED_EVENTS = [
    SIX, EIGHT, MONZA,
    event(11, "1000 km Nürburgring", ENDURANCE, ("Nürburgring",), "2013-09-20", "2013-09-22"),
    event(12, "24 Stunden von Spa", ENDURANCE, ("Circuit de Spa-Francorchamps",), "2013-07-24", "2013-07-28"),
    event(21, "Barcelona", SRO_2023, ("Circuit de Barcelona-Catalunya",), "2023-09-29", "2023-10-01"),
    event(22, "Petit Le Mans", IMSA, ("Road Atlanta",), "2023-10-11", "2023-10-14"),
    event(31, "Baku World Challenge", SPRINT, ("Baku City Circuit", "Baku"), "2015-10-30", "2015-11-01"),
    event(32, "Baku World Challenge", SPRINT, ("Baku City Circuit", "Baku"), "2014-10-31", "2014-11-02"),
    event(41, "24-Stunden-Rennen", ("24h Nürburgring",), ("Nürburgring-Nordschleife",), "2014-06-19", "2014-06-22"),
    event(42, "Qualifikationsrennen", ("24h Nürburgring",), ("Nürburgring-Nordschleife",), "2014-04-12", "2014-04-13"),
    event(43, "3. VLN-Lauf", VLN, ("Nürburgring-Nordschleife",), "2014-05-17", "2014-05-17"),
]  # fmt: skip


@needs_shared
@pytest.mark.parametrize(
    ("seed", "among", "certain_ones"),
    [("000", {2}, [2]), ("001", {11}, []), ("002", {21, 22}, []), ("003", {31, 32}, []), ("004", {41, 42}, [])],
)
def test_the_seeds_lead_to_their_events_and_are_sure_of_none_that_is_only_announced(seed, among, certain_ones):
    (path,) = (SHARED / "seeds").glob(f"{seed}_*.txt")
    found = guesses(path.read_text("utf-8"), candidates=SEED_EVENTS)
    assert {guess.facts.key for guess in found[: len(among)]} == among
    assert [guess.facts.key for guess in found if guess.is_certain] == certain_ones
