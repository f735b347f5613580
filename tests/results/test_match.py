"""Names to rows: exact, by alias, folded; else new. Never by likeness, and namesakes are told apart."""

import pytest

from results.importers.plan import ImportRefused
from results.models import (
    CarModel,
    Circuit,
    CircuitAlias,
    Driver,
    DriverAlias,
    Event,
    RacingClass,
    Season,
    Series,
    SeriesAlias,
    Team,
    TeamAlias,
)
from tests.factories import (
    CircuitFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    SeasonFactory,
    SeriesFactory,
    TeamFactory,
)
from tests.results.made import driver, load, parsed, race, row, session

pytestmark = pytest.mark.django_db


def one_car(**cells):
    return parsed(session(rows=(row("7", 1, **cells),)))


def reasons(report):
    return [doubt.reason for doubt in report.plan.doubts]


@pytest.mark.parametrize("spelling", ["Kévin Estre", "kevin estre", "KEVIN  ESTRE", "Kevin-Estre"])
def test_spellings_of_one_name_are_one_driver(spelling):
    known = DriverFactory(first_name="Kévin", last_name="Estre")

    load(one_car(crew=(spelling,)))

    assert Driver.objects.get() == known


@pytest.mark.parametrize("likeness", ["Kevin Estré-Dupont", "Kevin Ester", "K. Estre", "Estre Kevin"])
def test_likeness_never_merges_and_the_new_name_is_a_doubt(likeness):
    DriverFactory(first_name="Kévin", last_name="Estre")

    report = load(one_car(crew=(likeness,)))

    assert Driver.objects.count() == 2
    assert f"Neu angelegt: Fahrer „{likeness}“." in reasons(report)


def test_an_alias_leads_to_its_row():
    maxi = DriverFactory(first_name="Maximilian", last_name="Götz")
    DriverAlias.objects.create(driver=maxi, name="Maxi Götz")
    team = TeamFactory(name="HTP Motorsport")
    TeamAlias.objects.create(team=team, name="HTP")
    circuit = CircuitFactory(name="Nürburgring Nordschleife")
    CircuitAlias.objects.create(circuit=circuit, name="Nürburgring")
    series = SeriesFactory(name="Nürburgring Langstrecken-Serie")
    SeriesAlias.objects.create(series=series, name="Langstrecken-Cup")

    load(one_car(crew=("Maxi Götz",), team="HTP"))

    assert (Driver.objects.get(), Team.objects.get(), Circuit.objects.get(), Series.objects.get()) == (
        maxi, team, circuit, series,
    )  # fmt: skip


def test_new_classes_stand_behind_the_known_ones_in_the_order_of_the_result():
    load(parsed(session(rows=(row("7", 1, class_name="SP9"), row("8", 2, class_name="CUP2")))))
    load(parsed(race(rows=(row("7", 2, class_name="SP9"), row("9", 1, class_name="V4")))))

    assert list(RacingClass.objects.order_by("sequence").values_list("name", "sequence")) == [
        ("SP9", 0),
        ("CUP2", 1),
        ("V4", 2),
    ]


@pytest.mark.parametrize("said", ["NLS", "nls", "Nürburgring Langstrecken-Serie", "NURBURGRING LANGSTRECKEN SERIE"])
def test_a_series_is_known_by_name_short_name_and_address(said):
    known = SeriesFactory(name="Nürburgring Langstrecken-Serie", short_name="NLS", slug="nls")

    load(parsed(session(rows=()), series=said))

    assert Series.objects.get() == known


def test_a_short_name_two_series_share_decides_nothing():
    SeriesFactory(name="Erste", short_name="GT")
    SeriesFactory(name="Zweite", short_name="GT")

    report = load(parsed(session(rows=()), series="GT"))

    assert Series.objects.count() == 3
    assert "Neu angelegt: Serie „GT“." in reasons(report)


def test_an_event_is_known_by_its_address_and_its_folded_name():
    season = SeasonFactory(series__name="Langstrecken-Cup", label="2026")
    known = EventFactory(season=season, name="6 Stunden am Ring", slug="ring")

    for name in ("6 STUNDEN AM RING", "ring"):
        load(parsed(session(rows=()), event=name))

    assert Event.objects.get() == known


def test_events_of_one_name_in_two_seasons_are_two():
    load(parsed(session(rows=())))
    load(parsed(session(rows=()), season="2027"))

    assert [season.label for season in Season.objects.order_by("label")] == ["2026", "2027"]
    assert Event.objects.count() == 2
    assert Series.objects.count() == 1


def test_session_keys_ignore_case():
    load(parsed(session("Q", rows=())))
    load(parsed(session("q", rows=())))

    assert Event.objects.get().sessions.count() == 1


# namesakes


def namesakes():
    return (
        DriverFactory(first_name="Michael", last_name="Schmidt", nationality="GER"),
        DriverFactory(first_name="Michael", last_name="Schmidt", nationality="AUT"),
    )


def test_a_namesake_who_sits_in_that_car_is_taken():
    _other, known = namesakes()
    season = SeasonFactory(series__name="Langstrecken-Cup", label="2026")
    EntryFactory(event=EventFactory(season=season, name="6 Stunden am Ring"), number="7", crew=[known])

    load(one_car(crew=("Michael Schmidt",)))

    assert Driver.objects.count() == 2
    assert list(known.seats.values_list("entry__number", flat=True)) == ["7"]


def test_a_namesake_who_drove_for_that_team_is_taken():
    _other, known = namesakes()
    team = TeamFactory(name="Nordteam")
    EntryFactory(team=team, crew=[known])

    load(one_car(crew=("Michael Schmidt",), team="Nordteam"))

    assert Driver.objects.count() == 2
    assert known.seats.count() == 2


def test_a_namesake_is_known_by_his_nation():
    _other, known = namesakes()

    load(one_car(crew=(driver("Michael Schmidt", "AUT"),)))

    assert Driver.objects.count() == 2
    assert known.seats.count() == 1


def test_a_namesake_whom_nothing_tells_apart_is_new_and_a_doubt():
    namesakes()

    report = load(one_car(crew=("Michael Schmidt",)))

    assert Driver.objects.count() == 3
    assert (
        "Neu angelegt: Fahrer „Michael Schmidt“, ein Namensvetter eines schon bekannten. Dieselbe Person?"
        in reasons(report)
    )
    assert load(one_car(crew=("Michael Schmidt",))).plan.is_empty


def test_two_nations_of_one_name_in_a_file_are_two_people():
    file = parsed(
        session(
            rows=(
                row("7", 1, crew=(driver("Michael Schmidt", "GER"),)),
                row("8", 2, crew=(driver("Michael Schmidt", "AUT"),)),
            )
        )
    )
    load(file)

    assert sorted(Driver.objects.values_list("nationality", "slug")) == [
        ("AUT", "michael-schmidt-2"),
        ("GER", "michael-schmidt"),
    ]
    assert load(file).plan.is_empty


def test_another_nation_of_a_name_known_once_is_a_doubt():
    DriverFactory(first_name="Michael", last_name="Schmidt", nationality="GER")

    report = load(one_car(crew=(driver("Michael Schmidt", "AUT"),)))

    assert Driver.objects.count() == 1
    assert "„Michael Schmidt“ ist als GER bekannt, in der Datei steht AUT. Für dieselbe Person gehalten." in reasons(
        report
    )


def test_one_driver_in_two_cars_is_one_person():
    load(parsed(race(rows=(row("7", 1, crew=("Ada Eins",)), row("8", 2, crew=("Ada Eins", "Bea Zwei"))))))

    assert Driver.objects.get(last_name="Eins").seats.count() == 2


def test_a_seat_nobody_is_named_for_stays_empty():
    load(one_car(crew=("Ada Eins", "N.N.", "Bea Zwei", "TBA")))

    seats = [(one.seat, one.driver.full_name) for one in Event.objects.get().entries.get().crew.all()]
    assert seats == [(1, "Ada Eins"), (3, "Bea Zwei")]


def test_a_pseudonym_is_one():
    load(one_car(crew=(driver("'SELV'"),)))

    assert Driver.objects.get().is_pseudonym


def test_a_name_twice_in_one_car_sits_there_once():
    report = load(one_car(crew=("Ada Eins", "Ada Eins")))

    assert Event.objects.get().entries.get().crew.count() == 1
    assert "#7: „Ada Eins“ steht zweimal in der Besatzung." in reasons(report)


def test_a_make_belongs_to_its_car():
    load(one_car(car="BMW M4 GT3", manufacturer="BMW"))

    assert CarModel.objects.get().manufacturer.name == "BMW"


def test_classes_and_cups_belong_to_their_series():
    for series in ("Erste Serie", "Zweite Serie"):
        load(parsed(session(rows=(row("7", 1, class_name="Pro", cups=("Silver",)),)), series=series))

    for series in Series.objects.all():
        assert [one.name for one in series.classes.all()] == ["Pro"]
        assert [one.name for one in series.cups.all()] == ["Silver"]


def test_a_name_without_letters_is_nobody():
    load(one_car(crew=("???",), team="-", car=None))

    assert not Driver.objects.exists()
    assert not Team.objects.exists()


def test_a_car_without_a_number_is_rejected():
    with pytest.raises(ImportRefused) as refusal:
        load(parsed(session(rows=(row("", 1, line=4),))))

    assert [(one.line, one.column) for one in refusal.value.plan.rejected] == [(4, "Startnummer")]
