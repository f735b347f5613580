"""The loader: what a file creates and changes, what it may not, and that a second time changes nothing."""

import datetime as dt
from dataclasses import replace

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from results.differences import CellChange
from results.importers.load import plan
from results.importers.plan import ImportRefused, ImportTarget, StateChanged
from results.importers.records import BroadcastRecord, Problem
from results.models import (
    Broadcast,
    Circuit,
    Classification,
    Entry,
    Event,
    Lap,
    LapSet,
    PrintedStanding,
    Series,
    Session,
    SessionCrewMember,
    SessionEntry,
)
from results.release import release_draft
from results.signals import classification_released
from tests.factories import EventFactory, SessionFactory
from tests.results.made import (
    SATURDAY,
    calendar,
    changed,
    laps,
    load,
    nameless,
    parsed,
    race,
    row,
    session,
    standing,
    two_cars,
)

pytestmark = pytest.mark.django_db

FREE = {"accept": True, "reason": "Sportkommissare, Entscheidung 12"}


def everything_stored():
    """Every row of every table of the results, to compare before and after."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_app_config("results").get_models()
    }


def current(key="Q"):
    return Classification.objects.get(session__key=key, is_current=True)


def places(classification):
    rows = classification.rows.order_by("display_order").values_list("session_entry__entry__number", "position")
    return list(rows)


# what a first import makes


def test_a_file_creates_everything_it_names():
    report = load(parsed(session(rows=two_cars()), race(rows=())))

    assert [(one.model, one.number) for one in report.plan.created] == [
        ("series", 1), ("season", 1), ("circuit", 1), ("event", 1), ("session", 2), ("carmodel", 1), ("team", 2),
        ("racingclass", 1), ("driver", 3), ("entry", 2),
    ]  # fmt: skip
    assert (report.plan.rows_created, report.plan.rows_changed) == (2, 0)
    event = Event.objects.get()
    assert event.get_absolute_url() == "/langstrecken-cup/2026/6-stunden-am-ring/"
    assert (event.starts_on, event.ends_on, event.time_zone) == (SATURDAY, SATURDAY, "Europe/Berlin")
    assert places(current()) == [("7", 1), ("8", 2)]
    assert [str(member) for member in Entry.objects.get(number="7").crew.all()] == [
        f"#7 · Langstrecken-Cup 2026 · 6 Stunden am Ring, {seat}: {name}"
        for seat, name in ((1, "Ada Eins"), (2, "Bea Zwei"))
    ]


def test_sessions_get_their_instants_in_the_zone_of_the_venue_and_an_estimated_end():
    load(parsed(session(rows=two_cars()), race(rows=()), time_zone="Asia/Tokyo"))

    stored = Session.objects.get(key="R")
    assert stored.starts_at == dt.datetime(2026, 5, 16, 3, 0, tzinfo=dt.UTC)
    assert (stored.ends_at - stored.starts_at, stored.end_estimated) == (dt.timedelta(hours=2), True)
    assert not Classification.objects.filter(session=stored).exists()


def test_the_original_and_the_run_are_kept_with_the_version():
    someone = User.objects.create(username="someone")
    report = load(parsed(session(rows=two_cars())), content=b"the bytes", name="q.json", by=someone)

    version = current()
    assert bytes(version.document.content) == b"the bytes"
    assert (version.document.name, version.document.format, version.document.size) == ("q.json", "exchange", 9)
    assert (version.import_run, version.created_by, report.run.created) == (report.run, someone, 2)


def test_a_new_name_is_a_doubt():
    report = load(parsed(session(rows=(row("7", 1),))))

    assert "Neu angelegt: Fahrer „Ada Eins“." in [doubt.reason for doubt in report.plan.doubts]
    assert "Neu angelegt: Team „Team 7“." in [doubt.reason for doubt in report.plan.doubts]


def test_unclassified_cars_stand_below_in_the_order_of_their_fate():
    rows = (
        row("3", status="dns"), row("4", status="dnf", laps=3), row("5", status="dnf", laps=9), row("1", 1, laps=20),
        row("6", status="nc", laps=2),
    )  # fmt: skip
    load(parsed(race(rows=rows)))

    assert [number for number, _place in places(current("R"))] == ["1", "6", "5", "4", "3"]


def test_a_series_named_like_a_page_of_the_site_gets_another_address():
    load(parsed(session(rows=two_cars()), series="Team"))

    assert Series.objects.get().slug == "team-2"


def test_cars_of_one_file_need_few_queries_however_many_they_are():
    def queries(cars):
        numbers = [f"{cars}{n:03}" for n in range(1, cars + 1)]
        rows = tuple(
            row(number, place, crew=[f"Vor Nach{number}", f"Zwei Nach{number}"], car=f"Wagen {number}")
            for place, number in enumerate(numbers, start=1)
        )
        with CaptureQueriesContext(connection) as captured:
            load(parsed(session(rows=rows), event=f"Rennen mit {cars} Autos"))
        return len(captured)

    load(parsed(session(rows=two_cars())))
    assert queries(150) == queries(10) < 55


# the second time


def test_the_same_file_again_changes_nothing_and_says_so():
    file = parsed(
        session(rows=two_cars()), race(laps=laps(500_000, 490_000), rows=()), standings=(standing((1, "Eins", 25)),)
    )
    load(file)
    before = everything_stored()

    report = load(file)

    assert (report.plan.is_empty, report.plan.rows_created, report.plan.rows_changed, report.run) == (True, 0, 0, None)
    assert report.plan.doubts == ()
    assert everything_stored() == before


def test_a_renamed_file_and_reordered_rows_change_nothing():
    file = parsed(session(rows=two_cars()))
    load(file)
    before = everything_stored()

    load(file, name="anders.json")
    load(parsed(session(rows=two_cars()[::-1])), content=b"the same rows in another order")

    assert everything_stored() == before


def test_an_accent_or_a_capital_letter_is_no_change():
    load(parsed(session(rows=(row("7", 1, crew=("Kévin Estre",), team="Manthey-Racing"),))))

    report = load(parsed(session(rows=(row("7", 1, crew=("KEVIN ESTRE",), team="Manthey Racing"),))))

    assert report.plan.is_empty


def test_a_plan_writes_nothing():
    before = everything_stored()

    planned = plan(parsed(session(rows=two_cars())), target=ImportTarget())

    assert planned.rows_created == 2
    assert planned.event_slug == "6-stunden-am-ring"
    assert everything_stored() == before


# changes


def test_a_released_result_does_not_change_without_consent_and_reason():
    file = parsed(session(rows=two_cars()))
    load(file)
    before = everything_stored()

    with pytest.raises(ImportRefused, match=r"#8 beste Runde: 1:46,540 → 1:46,600"):
        load(changed(file, "8", best_lap_ms=106_600, gap_ms=350))
    with pytest.raises(ImportRefused, match="Grund"):
        load(changed(file, "8", best_lap_ms=106_600, gap_ms=350), accept=True, reason="  ")

    assert everything_stored() == before


def test_an_accepted_change_is_a_new_version_and_closes_the_window_of_the_old_one():
    file = parsed(session(rows=two_cars()))
    load(file)
    first = current()

    report = load(changed(file, "8", best_lap_ms=106_600, gap_ms=350), content=b"corrected", **FREE)

    first.refresh_from_db()
    second = current()
    assert (second.version, second.reason) == (2, FREE["reason"])
    assert first.public_until == second.public_from == second.released_at
    assert not first.is_current
    assert first.rows.get(position=2).best_lap_ms == 106_540
    assert report.plan.sessions[0].changes == (
        CellChange("8", "gap_ms", 290, 350),
        CellChange("8", "best_lap_ms", 106_540, 106_600),
    )
    assert list(Classification.objects.public()) == [second]


def test_a_disqualification_names_every_cell_that_follows():
    load(parsed(session(rows=two_cars())))
    struck = (two_cars()[0], replace(two_cars()[1], status="dsq", position=None, gap_ms=None))

    planned = plan(parsed(session(rows=struck)), target=ImportTarget())

    assert planned.changes_published
    assert planned.sessions[0].changes == (
        CellChange("8", "position", 2, None),
        CellChange("8", "status", "classified", "dsq"),
        CellChange("8", "gap_ms", 290, None),
    )


def test_a_car_that_comes_or_goes_is_a_change():
    load(parsed(session(rows=two_cars())))

    planned = plan(parsed(session(rows=(two_cars()[0], row("9", 2)))), target=ImportTarget())

    assert planned.sessions[0].changes == (CellChange("9", "row", None, 2), CellChange("8", "row", 2, None))
    assert (planned.sessions[0].created, planned.sessions[0].removed) == (1, 1)


def test_a_new_state_alone_is_a_new_version():
    load(parsed(session(rows=two_cars(), state="provisional")))

    with pytest.raises(ImportRefused, match="vorläufig → Endergebnis"):
        load(parsed(session(rows=two_cars(), state="final")))
    report = load(parsed(session(rows=two_cars(), state="final")), **FREE)

    assert (current().state, current().version, report.plan.rows_changed) == ("final", 2, 2)


def test_an_embargo_outlives_a_correction():
    load(parsed(session(rows=two_cars())))
    later = timezone.now() + dt.timedelta(days=1)
    Classification.objects.update(public_from=later)

    load(changed(parsed(session(rows=two_cars())), "8", best_lap_ms=106_600), **FREE)

    assert current().public_from == later
    assert not Classification.objects.public().exists()


def test_a_draft_is_stored_without_consent_and_stays_with_the_desk():
    file = parsed(session(rows=two_cars()))
    load(file)

    draft = changed(parsed(session(rows=two_cars(), released=False)), "8", best_lap_ms=106_600)
    report = load(draft)
    again = load(draft)

    assert [(one.version, one.released_at is None) for one in Classification.objects.order_by("version")] == [
        (1, False),
        (2, True),
    ]
    assert current().version == 1
    assert (report.plan.sessions[0].version, again.plan.is_empty) == (2, True)


def test_cars_that_an_excerpt_leaves_out_stay():
    load(parsed(session(rows=(*two_cars(), row("9", 3, best_lap_ms=107_000)))))

    load(parsed(session(rows=(row("8", 2, best_lap_ms=106_600, crew=("Cleo Drei",)),), complete=False)), **FREE)

    assert places(current()) == [("7", 1), ("8", 2), ("9", 3)]
    assert current().is_complete
    assert load(parsed(session(rows=(*two_cars()[:1],), complete=False))).plan.is_empty


def test_a_checkpoint_is_a_chain_of_its_own():
    load(parsed(race(rows=two_cars(), checkpoint="6h"), race(rows=two_cars())))

    chains = Classification.objects.order_by("checkpoint").values_list("checkpoint", "version", "is_current")
    assert list(chains) == [("", 1, True), ("6h", 1, True)]


def test_listeners_hear_exactly_what_changed_and_what_they_write_stands_or_falls_with_it():
    heard = []

    def listen(**message):
        heard.append(message)
        if len(heard) > 2:
            raise RuntimeError("Das geht nicht")

    classification_released.connect(listen)
    try:
        load(parsed(session(rows=two_cars())))
        load(changed(parsed(session(rows=two_cars())), "8", best_lap_ms=106_600), **FREE)
        with pytest.raises(RuntimeError):
            load(changed(parsed(session(rows=two_cars())), "8", best_lap_ms=106_700), **FREE)
    finally:
        classification_released.disconnect(listen)

    first, second, _refused = heard
    assert (first["previous"], first["changes"]) == (None, ())
    assert second["changes"] == (CellChange("8", "best_lap_ms", 106_540, 106_600),)
    assert (second["classification"].version, second["previous"].version) == (2, 1)
    assert Classification.objects.get(is_current=True) == second["classification"]


# entries: where two sheets disagree


def crews_of_sessions():
    """Who drove where it was not the entry's crew."""
    found = {}
    for member in SessionCrewMember.objects.order_by("session_entry", "line", "seat"):
        key = member.session_entry.session.key + (f"/{member.line}" if member.line > 1 else "")
        found.setdefault(key, []).append(member.driver.full_name)
    return found


def test_a_corrected_crew_of_a_released_result_needs_consent():
    load(parsed(session(rows=two_cars())))
    corrected = parsed(
        session(rows=(two_cars()[0], replace(two_cars()[1], drivers=row("8", crew=("Dora Vier",)).drivers)))
    )

    with pytest.raises(ImportRefused, match="#8 Besatzung: Cleo Drei → Dora Vier"):
        load(corrected)
    load(corrected, **FREE)

    assert [member.driver.full_name for member in Entry.objects.get(number="8").crew.all()] == ["Dora Vier"]
    assert load(corrected).plan.is_empty


def test_a_corrected_team_of_a_released_result_needs_consent():
    file = parsed(session(rows=two_cars()))
    load(file)

    with pytest.raises(ImportRefused, match="#8 Team: Team 8 → Nordteam"):
        load(changed(file, "8", team="Nordteam"))
    load(changed(file, "8", team="Nordteam"), **FREE)

    assert Entry.objects.get(number="8").team.name == "Nordteam"
    assert current().version == 2


def test_a_driver_more_in_the_race_joins_the_crew_and_the_qualifying_sheet_stays_unchanged():
    qualifying = parsed(session(rows=(row("7", 1, crew=("Ada Eins",)),)))
    load(qualifying)
    load(parsed(race(rows=(row("7", 1, crew=("Ada Eins", "Bea Zwei")),))))

    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins", "Bea Zwei"]
    again = load(qualifying)
    assert again.plan.is_empty
    assert again.plan.doubts == ()
    assert crews_of_sessions() == {"Q": ["Ada Eins"]}


def test_another_session_does_not_overrule_what_readers_see():
    load(parsed(session(rows=(row("7", 1, class_name="SP9 PRO"),))))

    report = load(parsed(race(rows=(row("7", 1, class_name="SP9 AM"),))))

    assert Entry.objects.get().racing_class.name == "SP9 PRO"
    assert [doubt.reason for doubt in report.plan.doubts] == [
        "#7, Klasse: In der Datei steht „SP9 AM“, gespeichert ist „SP9 PRO“; dabei bleibt es."
    ]
    assert load(parsed(race(rows=(row("7", 1, class_name="SP9 AM"),)))).plan.is_empty


@pytest.mark.parametrize("stored", [{"crew": ("Ada Eins",)}, {"crew": ("Ada Eins",), "team": None, "car": None}])
def test_a_draft_changes_nothing_of_a_car_that_readers_see(stored):
    load(parsed(session(rows=(row("7", 1, **stored),)), race(rows=())))
    seen = Entry.objects.with_car().values("team__name", "car_model__name", "crew__driver__last_name").get()
    said = row("7", 1, team="Geheim", car="Geheimwagen", crew=("Ada Eins", "Bea Geheim"))

    for draft in (race(rows=(said,), released=False), session(rows=(said,), released=False)):
        report = load(parsed(draft), content=repr(draft).encode())

        assert Entry.objects.values("team__name", "car_model__name", "crew__driver__last_name").get() == seen
        assert any("„Ada Eins/Bea Geheim“" in doubt.reason for doubt in report.plan.doubts)


def test_a_released_file_says_of_a_car_what_its_draft_could_not():
    load(parsed(session(rows=(row("7", 1),))))
    correction = session(rows=(row("7", 1, crew=("Bea Zwei",), best_lap_ms=106_000),))
    load(parsed(replace(correction, released=False)))
    release_draft(Classification.objects.get(version=2), by=User.objects.create(), reason="Nachprüfung")

    with pytest.raises(ImportRefused, match="Besatzung: Ada Eins → Bea Zwei"):
        load(parsed(correction))
    load(parsed(correction), **FREE)

    assert [member.driver.full_name for member in Entry.objects.get().crew.all()] == ["Bea Zwei"]


def test_gaps_of_an_entry_are_filled():
    load(parsed(session(rows=(row("7", 1, team=None, car=None, class_name=None),))))

    load(parsed(race(rows=(row("7", 1, team="Nordteam", cups=("Junior",), guest=True),))))

    entry = Entry.objects.get()
    assert (entry.team.name, entry.car_model.name, entry.racing_class.name, entry.is_guest) == (
        "Nordteam", "Porsche 911 GT3 R", "SP9", True,
    )  # fmt: skip
    assert [cup.name for cup in entry.cups.all()] == ["Junior"]


# laps


def test_laps_come_without_a_classification_being_invented():
    load(parsed(race(laps=laps(500_000, None, 490_000), entries=(row("7", status=""),))))

    stored = Lap.objects.order_by("number").values_list("session_entry__entry__number", "number", "time_ms")
    assert list(stored) == [("7", 1, 500_000), ("7", 2, None), ("7", 3, 490_000)]
    assert LapSet.objects.get().count == 3
    assert not Classification.objects.exists()
    assert SessionEntry.objects.count() == 1


def test_other_laps_replace_the_set_with_consent_only():
    load(parsed(race(laps=laps(500_000, 490_000), entries=(row("7", status=""),))))
    other = parsed(race(laps=laps(500_000, 491_000, 492_000), entries=(row("7", status=""),)))

    with pytest.raises(ImportRefused, match="Runden: 1 neu, 1 geändert, 0 entfallen"):
        load(other)
    load(other, content=b"other laps", **FREE)

    assert list(Lap.objects.order_by("number").values_list("time_ms", flat=True)) == [500_000, 491_000, 492_000]
    assert (LapSet.objects.get().count, bytes(LapSet.objects.get().document.content)) == (3, b"other laps")


def test_a_lap_listed_twice_is_rejected():
    with pytest.raises(ImportRefused) as refusal:
        load(parsed(race(laps=(*laps(500_000), *laps(490_000)))))

    assert [problem.reason for problem in refusal.value.plan.rejected] == ["Runde 1 von #7 steht zweimal in der Datei."]


# nothing or all


def test_one_rejected_row_and_nothing_is_stored():
    before = everything_stored()
    file = parsed(session(rows=two_cars()), rejected=(Problem(7, "GAP", "negativ"),))

    with pytest.raises(ImportRefused, match="Nichts wurde importiert"):
        load(file)

    assert everything_stored() == before


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"team": "A" * 121}, "Name"),
        ({"number": "123456789"}, "Startnummer"),
        ({"crew": ("Ada " + "E" * 81,)}, "Nachname"),
        ({"team": "Nul\x00l"}, "Steuerzeichen"),
        ({"team": "Team \x1b[2J"}, "Steuerzeichen"),
        ({"team": "Team \u202eabc"}, "Schreibrichtung"),
        ({"team": "Team \ud800"}, "halbes Zeichen"),
        ({"laps": 40_000}, "Runden"),
        ({"position": 2, "status": "dnf"}, "Nur ein gewertetes Auto"),
        ({"gap_ms": 5, "gap_laps": 1}, "Zeit oder in Runden"),
        ({"best_lap_ms": 0}, "länger als null"),
        ({"position": 0}, "Plätze beginnen mit 1"),
    ],
)  # fmt: skip
def test_what_no_table_can_hold_is_rejected_with_its_line(cells, reason):
    values = {"number": "7", "position": 1, **cells}
    before = everything_stored()

    with pytest.raises(ImportRefused) as refusal:
        load(parsed(session(rows=(row(values.pop("number"), values.pop("position"), line=9, **values),))))

    assert all(problem.line == 9 for problem in refusal.value.plan.rejected)
    assert reason in " ".join(problem.reason for problem in refusal.value.plan.rejected)
    assert everything_stored() == before


def test_a_number_listed_twice_is_rejected():
    with pytest.raises(ImportRefused) as refusal:
        load(parsed(session(rows=(row("7", 1), row("7", 2, line=3)))))

    assert refusal.value.plan.rejected == (Problem(3, "number", "Die Startnummer 7 steht zweimal in der Wertung."),)


def test_a_plan_that_is_no_longer_true_is_not_carried_out():
    file = parsed(session(rows=two_cars()))
    load(file)
    correction = changed(file, "8", best_lap_ms=106_600)
    seen = plan(correction, target=ImportTarget())
    load(changed(file, "8", best_lap_ms=106_700), content=b"meanwhile", **FREE)

    with pytest.raises(StateChanged) as refusal:
        load(correction, expected=seen.fingerprint, **FREE)

    assert refusal.value.plan.sessions[0].replaces == 2
    load(correction, content=b"after all", expected=refusal.value.plan.fingerprint, **FREE)
    assert current().version == 3


# places and times


def test_a_file_that_names_nothing_lists_what_is_missing():
    with pytest.raises(ImportRefused) as refusal:
        load(nameless(session(key="", rows=two_cars(), date=None, time=None)))

    assert refusal.value.plan.missing == ("series", "season", "name", "create", "zone", "date", "session")
    assert not Series.objects.exists()


def test_a_file_that_names_nothing_goes_where_a_person_says():
    target = ImportTarget(
        create=True, series="NLS", season="2026", name="NLS 1", date=SATURDAY, zone="Europe/Berlin", session="R"
    )
    load(nameless(race(key="", rows=two_cars(), name=None, date=None, time=None)), target=target)

    stored = Session.objects.get()
    assert (stored.key, stored.name, stored.kind, stored.local_date) == ("R", "Rennen", "race", SATURDAY)
    assert (stored.starts_at, stored.event.season.series.slug) == (None, "nls")
    assert current("R").version == 1


@pytest.mark.parametrize("year", [1, 9999])
def test_a_day_that_no_race_can_have_is_rejected(year):
    target = ImportTarget(
        create=True,
        series="NLS",
        season="2026",
        name="NLS 1",
        date=dt.date(year, 1, 1),
        zone="Europe/Berlin",
        session="R",
    )
    with pytest.raises(ImportRefused) as refusal:
        load(nameless(race(key="", rows=two_cars(), name=None, date=None, time=None)), target=target)

    assert [problem.reason for problem in refusal.value.plan.rejected] == [f"Das Jahr {year} kann nicht stimmen."]


def test_a_file_goes_into_a_session_there_is():
    stored = SessionFactory(key="R", event__name="NLS 1")

    load(nameless(race(key="", rows=two_cars())), target=ImportTarget(event=stored.event, session="r"))

    assert current("R").session == stored


def test_a_session_is_not_created_by_a_slip_of_the_pen():
    stored = SessionFactory(key="R")

    with pytest.raises(ImportRefused) as refusal:
        load(nameless(race(key="", rows=two_cars())), target=ImportTarget(event=stored.event, session="R!"))

    assert [problem.reason for problem in refusal.value.plan.rejected] == [
        "Die Veranstaltung hat keine Session „R!“, nur: R."
    ]


def test_a_race_sheet_for_a_qualifying_is_a_doubt():
    stored = SessionFactory(key="Q", kind="qualifying")

    planned = plan(nameless(race(key="", rows=two_cars())), target=ImportTarget(event=stored.event, session="Q"))

    assert any("Nach ihren Zeiten enthält die Datei: Rennen" in doubt.reason for doubt in planned.doubts)


def test_a_file_of_another_series_does_not_get_into_an_event():
    event = EventFactory(season__series__name="Andere Serie")

    with pytest.raises(ImportRefused) as refusal:
        load(parsed(session(rows=two_cars())), target=ImportTarget(event=event))

    assert refusal.value.plan.rejected[0].reason == (
        "Die Datei gehört zu „Langstrecken-Cup“, die gewählte Veranstaltung zu „Andere Serie“."
    )


def test_an_event_grows_with_the_days_of_its_sessions_and_never_shrinks_to_them():
    friday, sunday = SATURDAY - dt.timedelta(days=1), SATURDAY + dt.timedelta(days=1)
    load(parsed(session(rows=())))
    load(parsed(race(rows=(), date=sunday)))
    load(parsed(session("FP", rows=(), date=friday, kind="practice", name="Training")))

    event = Event.objects.get()
    assert (event.starts_on, event.ends_on) == (friday, sunday)
    assert load(parsed(session(rows=()))).plan.is_empty
    target = ImportTarget(event=event, session="Q", date=SATURDAY)
    assert load(nameless(session(key="", rows=None, date=None, time=None)), target=target).plan.is_empty


def test_the_days_a_file_states_are_those_of_the_event():
    load(parsed(session(rows=())))
    load(parsed(session(rows=()), start=SATURDAY, end=SATURDAY + dt.timedelta(days=3)))

    assert Event.objects.get().ends_on == SATURDAY + dt.timedelta(days=3)


def test_a_circuit_that_is_not_taken_over_is_not_created():
    load(parsed(session(rows=())))

    report = load(parsed(session(rows=()), circuit="Anderswo"))

    assert report.plan.is_empty
    assert [circuit.name for circuit in Circuit.objects.all()] == ["Nürburgring"]
    assert [doubt.reason for doubt in report.plan.doubts] == [
        "Die Datei nennt die Strecke „Anderswo“, gespeichert ist „Nürburgring“; dabei bleibt es."
    ]


def test_an_event_keeps_its_zone_against_a_file():
    load(parsed(session(rows=two_cars())))

    report = load(parsed(race(rows=()), time_zone="Asia/Tokyo"))

    assert Event.objects.get().time_zone == "Europe/Berlin"
    assert any("Asia/Tokyo" in doubt.reason for doubt in report.plan.doubts)


def test_an_unknown_time_zone_is_rejected():
    with pytest.raises(ImportRefused) as refusal:
        load(parsed(session(rows=two_cars()), time_zone="Europe/Nürburg"))

    assert "Europe/Nürburg" in refusal.value.plan.rejected[0].reason


def test_a_time_the_clocks_skip_is_rejected():
    with pytest.raises(ImportRefused) as refusal:
        load(parsed(session(rows=(), date=dt.date(2026, 3, 29), time=dt.time(2, 30))))

    assert [problem.reason for problem in refusal.value.plan.rejected] == [
        "Qualifying: 29.03.2026 02:30 gibt es in Europe/Berlin nicht, weil die Uhr vorgestellt wird."
    ]


def test_a_time_that_comes_twice_is_the_first_one_and_a_doubt():
    report = load(parsed(session(rows=(), date=dt.date(2026, 10, 25), time=dt.time(2, 30))))

    assert Session.objects.get().starts_at == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert any("zweimal" in doubt.reason for doubt in report.plan.doubts)


def test_a_moved_session_keeps_its_length_and_is_named():
    load(parsed(race(rows=())))
    Session.objects.update(ends_at=dt.datetime(2026, 5, 16, 16, 0, tzinfo=dt.UTC), end_estimated=False)

    report = load(parsed(race(rows=(), time=dt.time(13, 0))))

    stored = Session.objects.get()
    assert (stored.starts_at.hour, stored.ends_at.hour) == (11, 17)
    assert [(change.column, change.before[-10:], change.after[-10:]) for change in report.plan.changes] == [
        ("Beginn", "12:00 CEST", "13:00 CEST"),
        ("Ende", "18:00 CEST", "19:00 CEST"),
    ]
    assert (report.plan.rows_created, report.plan.is_empty) == (0, False)


def test_later_events_of_the_season_are_stored_for_readers():
    file = parsed(
        session(rows=two_cars()),
        calendar=(calendar("12 Stunden", dt.date(2026, 9, 12), dt.date(2026, 9, 13), sessions=(race(rows=None),)),),
    )
    load(file)

    later = Event.objects.public().get(name="12 Stunden")
    assert (later.starts_on, later.ends_on, later.season.label) == (dt.date(2026, 9, 12), dt.date(2026, 9, 13), "2026")
    assert [one.key for one in later.sessions.all()] == ["R"]
    assert load(file).plan.is_empty


def announced(*names):
    sessions = tuple(race(name, None, name=name, kind=None) for name in names)
    return calendar("12 Stunden", dt.date(2026, 5, 16), dt.date(2026, 5, 17), sessions=sessions)


def test_sessions_announced_by_name_only_get_the_kind_their_name_tells():
    report = load(
        parsed(
            session(rows=two_cars()),
            calendar=(announced("Freies Training", "Zeittraining 2", "Sprint-Qualifying", "Rennen", "Fahrerlager"),),
        )
    )

    later = Session.objects.filter(event__name="12 Stunden").order_by("sequence")
    assert [(one.key, one.kind) for one in later] == [
        ("Freies Training", "practice"),
        ("Zeittraining 2", "qualifying"),
        ("Sprint-Qualifying", "qualifying"),
        ("Rennen", "race"),
    ]
    assert "„12 Stunden“: Was für eine Session „Fahrerlager“ ist, sagt niemand. Sie wird nicht angelegt." in [
        doubt.reason for doubt in report.plan.doubts
    ]


def test_the_result_of_an_announced_session_finds_it_by_name():
    here = parsed(session(rows=two_cars()), calendar=(announced("Rennen"),))
    load(here)
    load(parsed(race(rows=two_cars()), event="12 Stunden"))

    assert Session.objects.get(event__name="12 Stunden").key == "R"
    assert load(here).plan.is_empty


def test_two_sessions_of_one_name_in_a_file_stay_two():
    load(parsed(race("Q", None, name="Q", kind="qualifying"), race("Q2", None, name="Q", kind="qualifying")))

    assert [one.key for one in Session.objects.order_by("sequence")] == ["Q", "Q2"]


def test_a_broadcast_that_moves_is_not_doubled():
    def show(hour):
        start = dt.datetime(2026, 5, 16, hour, 30)  # noqa: DTZ001 - local to the venue, as files print it
        return parsed(race(rows=(), broadcasts=(BroadcastRecord("Sportkanal", "tv", start),)))

    load(show(11))
    load(show(12))

    assert Broadcast.objects.get().starts_at == dt.datetime(2026, 5, 16, 10, 30, tzinfo=dt.UTC)
    assert load(show(12)).plan.is_empty


# printed tables


def test_a_printed_table_is_stored_as_it_stands():
    file = parsed(session(rows=two_cars()), standings=(standing((1, "Eins/Zwei", "38.5"), (None, "Drei", "0")),))
    load(file)

    table = PrintedStanding.objects.get()
    assert [(line.position, line.entrant, str(line.points)) for line in table.rows.all()] == [
        (1, "Eins/Zwei", "38.500"),
        (None, "Drei", "0.000"),
    ]
    assert load(file).plan.is_empty


def test_a_printed_table_changes_with_consent_only():
    load(parsed(session(rows=two_cars()), standings=(standing((1, "Eins", 25), (2, "Zwei", 18)),)))
    other = parsed(session(rows=two_cars()), standings=(standing((1, "Eins", 25), (2, "Zwei", 15)),))

    with pytest.raises(ImportRefused, match="Fahrer, Zeile 2: 2 Zwei 18 → 2 Zwei 15"):
        load(other)
    load(other, **FREE)

    assert [int(line.points) for line in PrintedStanding.objects.get().rows.all()] == [25, 15]


def test_a_session_key_for_a_file_without_sessions_is_answered_with_what_the_file_holds():
    load(parsed(session(rows=two_cars())))
    file = parsed(standings=(standing((1, "Eins", 25)),))
    with pytest.raises(ImportRefused) as refusal:
        load(file, target=ImportTarget(event=Event.objects.get(), session="R"))
    (problem,) = refusal.value.plan.rejected
    assert problem.reason == (
        "Die Datei enthält keine Sessions, sondern Wertungstabellen. Bitte das Kürzel der Session leer lassen."
    )
