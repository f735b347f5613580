"""The desk's screens of facts: they open, they search, they keep what is used, and released results stay as they are."""

import datetime as dt

import pytest
from django.contrib import admin
from django.urls import reverse
from lxml import html

from results.models import (
    Broadcast,
    Classification,
    Driver,
    Event,
    Season,
    Series,
    Session,
    SessionEntry,
    Stint,
    TeamAlias,
)
from tests import factories
from tests.factories import (
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    SeasonFactory,
    SeriesFactory,
    SessionFactory,
    TeamFactory,
    UserFactory,
)
from tests.results.made import laps, load, parsed, race, row

pytestmark = pytest.mark.django_db

SCREENS = sorted(model._meta.model_name for model in admin.site._registry if model._meta.app_label == "results")


@pytest.fixture
def desk(client):
    client.force_login(UserFactory(username="ergebnisse", role="results"))
    return client


@pytest.fixture
def weekend():
    """One of everything a search or a list may meet."""
    driver = DriverFactory(first_name="Kévin", last_name="Estre")
    entry = EntryFactory(crew=[driver])
    event = entry.event
    session = SessionFactory(event=event)
    classification = ClassificationFactory(
        session=session, rows=[{"entry": entry, "position": 1, "best_lap_ms": 106_250}]
    )
    factories.PrintedStandingFactory(season=event.season)
    factories.LapSetFactory(session=session)
    return classification


def page_of(name, act="changelist", *args):
    return reverse(f"admin:results_{name}_{act}", args=args)


@pytest.mark.parametrize("name", SCREENS)
def test_every_list_opens_and_searches(desk, weekend, name):
    assert desk.get(page_of(name)).status_code == 200
    assert desk.get(page_of(name), {"q": "estre"}).status_code == 200


@pytest.mark.parametrize("name", SCREENS)
def test_every_form_opens_and_is_saved_by_hand(desk, weekend, name):
    model = next(model for model in admin.site._registry if model._meta.model_name == name)
    thing = model._default_manager.first()
    if thing is not None:
        assert desk.get(page_of(name, "change", thing.pk)).status_code == 200


@pytest.mark.parametrize("name", ["session", "entry", "classification", "event", "season"])
def test_lists_need_the_same_queries_for_one_and_for_many(desk, weekend, name, django_assert_max_num_queries):
    for _each in range(12):
        session = SessionFactory(event=EntryFactory().event)
        ClassificationFactory(session=session)

    with django_assert_max_num_queries(16):
        desk.get(page_of(name))


@pytest.mark.parametrize(
    ("model", "field", "term"),
    [("article", "lead_event", "rennen"), ("sidebaritem", "session", "rennen"), ("crewmember", "driver", "estre")],
)
def test_search_boxes_find(desk, weekend, model, field, term):
    app = "results" if model == "crewmember" else "articles"
    answer = desk.get(
        reverse("admin:autocomplete"), {"app_label": app, "model_name": model, "field_name": field, "term": term}
    )

    assert len(answer.json()["results"]) == 1


def test_a_driver_in_a_crew_is_not_deleted_and_the_users_are_named(desk, weekend):
    driver = Driver.objects.get(last_name="Estre")

    page = desk.post(page_of("driver", "delete", driver.pk), {"post": "yes"})

    assert Driver.objects.filter(pk=driver.pk).exists()
    assert "1: Kévin Estre" in page.content.decode()


def test_a_season_with_events_is_not_deleted(desk, weekend):
    season = weekend.session.event.season

    page = desk.post(page_of("season", "delete", season.pk), {"post": "yes"})

    assert Season.objects.filter(pk=season.pk).exists()
    assert weekend.session.event.name in page.content.decode()


def test_a_series_gets_its_address_from_its_name(desk):
    desk.post(
        page_of("series", "add"),
        {"name": "Nürburgring Langstrecken-Serie", "accent": 0, "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0},
    )

    assert Series.objects.get().slug == "nuerburgring-langstrecken-serie"


def test_a_series_cannot_take_an_address_of_the_site(desk):
    page = desk.post(
        page_of("series", "add"),
        {"name": "Team", "accent": 0, "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0},
    )

    assert "gehört" in page.content.decode()
    assert not Series.objects.exists()


# times of a session


def session_form(event, **values):
    return {
        "event": event.pk, "key": "Q", "name": "Qualifying", "kind": "qualifying", "sequence": 1,
        "status": "scheduled", **values,
    }  # fmt: skip


def test_a_session_without_an_end_gets_an_estimated_one(desk):
    event = EventFactory(time_zone="Asia/Tokyo")
    desk.post(page_of("session", "add"), session_form(event, starts_at_0="05.11.2021", starts_at_1="20:00"))

    session = Session.objects.get()
    assert (session.ends_at - session.starts_at, session.end_estimated) == (dt.timedelta(hours=1), True)
    assert (session.slug, session.local_date) == ("qualifying", dt.date(2021, 11, 6))


def test_an_end_given_by_hand_is_kept(desk):
    session = SessionFactory()
    assert session.end_estimated
    values = session_form(
        session.event, key=session.key, kind="race", starts_at_0="06.11.2021", starts_at_1="12:00",
        ends_at_0="06.11.2021", ends_at_1="18:00",
    )  # fmt: skip

    desk.post(page_of("session", "change", session.pk), values)
    session.refresh_from_db()

    assert (session.ends_at - session.starts_at, session.end_estimated) == (dt.timedelta(hours=6), False)


def test_an_end_before_the_start_is_refused(desk):
    values = session_form(
        EventFactory(), starts_at_0="06.11.2021", starts_at_1="12:00", ends_at_0="06.11.2021", ends_at_1="11:00"
    )

    assert desk.post(page_of("session", "add"), values).status_code == 200
    assert not Session.objects.exists()


def test_a_time_the_clocks_skip_is_refused(desk):
    values = session_form(EventFactory(), starts_at_0="29.03.2026", starts_at_1="02:30")

    assert desk.post(page_of("session", "add"), values).status_code == 200
    assert not Session.objects.exists()


def test_a_session_says_what_the_clock_at_the_venue_shows(desk):
    session = SessionFactory(event__time_zone="Asia/Bahrain")

    page = desk.get(page_of("session", "change", session.pk)).content.decode()

    assert "Sa. 06.11.2021 14:00 Uhr (UTC+3)" in page
    assert "In der Zeit der Redaktion (Europe/Berlin)." in page


def test_sessions_and_broadcasts_are_edited_with_their_event(desk):
    event = EventFactory()
    values = {
        "season": event.season.pk, "name": event.name, "slug": event.slug, "time_zone": "Europe/Berlin",
        "status": "scheduled", "public_from_0": "", "public_from_1": "",
        "sessions-TOTAL_FORMS": 2, "sessions-INITIAL_FORMS": 0, "sessions-0-key": "R", "sessions-0-name": "Rennen",
        "sessions-0-kind": "race", "sessions-0-sequence": 1, "sessions-0-status": "scheduled",
        "sessions-0-starts_at_0": "06.11.2021", "sessions-0-starts_at_1": "12:00",
        "sessions-1-key": "R2", "sessions-1-name": "Rennen", "sessions-1-kind": "race", "sessions-1-sequence": 2,
        "sessions-1-status": "scheduled",
        "broadcasts-TOTAL_FORMS": 1, "broadcasts-INITIAL_FORMS": 0, "broadcasts-0-channel": "Sportkanal",
        "broadcasts-0-kind": "tv",
    }  # fmt: skip

    desk.post(page_of("event", "change", event.pk), values)

    assert list(Session.objects.values_list("key", "slug")) == [("R", "rennen"), ("R2", "rennen-2")]
    assert Broadcast.objects.get().channel == "Sportkanal"
    assert Event.objects.get().public_from is None


# results


def test_a_result_is_shown_with_its_rows_and_cannot_be_changed(desk, weekend):
    page = desk.get(page_of("classification", "change", weekend.pk)).content.decode()

    assert "1:46,250" in page
    assert 'name="_save"' not in page
    assert desk.post(page_of("classification", "change", weekend.pk), {"state": "annulled"}).status_code == 403
    assert desk.post(page_of("classification", "delete", weekend.pk), {"post": "yes"}).status_code == 403
    assert desk.get(page_of("classification", "add")).status_code == 403


@pytest.fixture
def draft(weekend):
    """A second version that is not released: the car was faster."""
    entry = weekend.rows.get().session_entry
    return ClassificationFactory(
        session=weekend.session, version=2, hidden=True,
        rows=[{"session_entry": entry, "position": 1, "best_lap_ms": 106_000}],
    )  # fmt: skip


def test_a_draft_is_released_with_a_reason_after_its_changes_were_shown(desk, weekend, draft):
    address = page_of("classification", "release", draft.pk)
    page = desk.get(address).content.decode()
    assert "1:46,250" in page
    assert "1:46,000" in page

    assert "Ein Grund ist nötig" in desk.post(address, {"reason": " "}).content.decode()
    desk.post(address, {"reason": "Zeitnahme berichtigt"})

    current = Classification.objects.get(is_current=True)
    assert (current, current.reason) == (draft, "Zeitnahme berichtigt")
    weekend.refresh_from_db()
    assert weekend.public_until == current.public_from
    assert "schon freigegeben" in desk.post(address, {"reason": "noch einmal"}).content.decode()


def test_a_former_version_becomes_current_again_as_a_new_one(desk, weekend, draft):
    desk.post(page_of("classification", "release", draft.pk), {"reason": "Zeitnahme berichtigt"})
    address = page_of("classification", "go_back", weekend.pk)

    assert "ein Grund nötig" in desk.post(address, {"reason": ""}).content.decode()
    desk.post(address, {"reason": "Berufung erfolgreich"})

    current = Classification.objects.get(is_current=True)
    assert (current.version, current.reason, current.rows.get().best_lap_ms) == (3, "Berufung erfolgreich", 106_250)
    assert list(Classification.objects.public()) == [current]


def test_what_a_form_hides_has_no_row_of_its_own(desk, weekend, draft):
    for act, version in (("release", draft), ("go_back", weekend), ("annul", weekend), ("state", weekend)):
        page = html.fromstring(desk.get(page_of("classification", act, version.pk)).content)
        (hidden,) = page.xpath("//input[@name='expected']")
        assert (hidden.get("type"), page.xpath("//label[@for='id_expected']")) == ("hidden", [])
        assert "form-row" not in (hidden.getparent().get("class") or "")


@pytest.mark.parametrize("act", ["release", "go_back"])
@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "pictures"])
def test_others_release_nothing(client, draft, act, role):
    client.force_login(UserFactory(role=role))

    assert client.post(page_of("classification", act, draft.pk), {"reason": "Ich darf das"}).status_code == 403
    assert Classification.objects.get(is_current=True).version == 1


def test_acts_on_an_unknown_version_are_not_found(desk):
    assert desk.get(page_of("classification", "release", 4711)).status_code == 404


def test_two_series_of_one_name_are_refused_kindly(desk):
    SeriesFactory(name="DTM")
    SeasonFactory()

    page = desk.post(
        page_of("series", "add"), {"name": "dtm", "accent": 0, "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}
    )

    assert "Diesen Namen trägt schon „DTM“." in page.content.decode()
    assert Series.objects.filter(folded="dtm").count() == 1


def test_an_alias_of_two_teams_is_refused_kindly(desk):
    known = TeamAlias.objects.create(team=TeamFactory(), name="Joest")
    team = TeamFactory()
    values = {"name": team.name, "slug": team.slug, "aliases-TOTAL_FORMS": 2, "aliases-INITIAL_FORMS": 0}

    page = desk.post(page_of("team", "change", team.pk), {**values, "aliases-0-name": "JOEST"})
    assert f"Diesen Namen trägt schon „{known}“." in page.content.decode()
    page = desk.post(page_of("team", "change", team.pk), {**values, "aliases-0-name": "Abt", "aliases-1-name": "ABT"})
    assert "Dieser Name steht zweimal hier." in page.content.decode()
    assert TeamAlias.objects.get() == known


def test_a_refused_deletion_names_stints_with_car_session_and_event_in_a_handful_of_queries(
    desk, django_assert_max_num_queries
):
    driven = tuple(lap for number in ("7", "8", "9") for lap in laps(106_250, 106_300, number=number))
    cars = [row(number, place, crew=("Ada Eins",)) for place, number in enumerate(("7", "8", "9"), start=1)]
    load(parsed(race(rows=tuple(cars), laps=driven), series="Cup", season="2026", event="Ring"))
    driver = Driver.objects.get(last_name="Eins")
    for car in SessionEntry.objects.all():
        for sequence in range(11, 31):
            Stint.objects.create(
                session_entry=car, sequence=sequence, driver=driver, first_lap=sequence, last_lap=sequence, laps=1
            )

    with django_assert_max_num_queries(30):
        page = desk.get(page_of("driver", "delete", driver.pk)).content.decode()

    assert "Stint: #7 · Cup 2026 · Ring · Rennen, Runden 11–11" in page
    assert "#7 · Cup 2026 · Ring, 1: Ada Eins" in page
