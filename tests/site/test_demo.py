"""The demo: loaded twice it is the same, its stories agree with its facts, its people may do what their role may do."""

import datetime as dt
import io
import re
import shutil
from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management.base import CommandError, OutputWrapper
from PIL import Image as Picture

from articles.fact_desk import check, words_of
from articles.models import Article, Publication, Withdrawal
from articles.models import Image as LibraryImage
from racedesk import demo
from racedesk.demo.accounts import ACCOUNTS
from racedesk.demo.painting import paint
from racedesk.roles import ROLES
from results.models import Championship, Classification, Event, Lap, PrintedStandingRow, Session
from results.notation import format_duration, format_lap_time
from results.schedule import next_event
from tests import demo_database

pytestmark = pytest.mark.slow

NUMBER = re.compile(r"#(\w+)")
CREW = re.compile(r"#(\w+)[^.#;]*?\(([^()]*/[^()]*)\)")
WRONG_ON_PURPOSE = "Wermelskirchner und Burscheidt gewinnen den Cup am Waldsee"
TIME = re.compile(r"\b(?:\d+:)?\d{1,2}:\d{2},\d{3}|\b\d+,\d{3}\b")


def load() -> str:
    said = io.StringIO()
    demo.load(stdout=OutputWrapper(said))
    return said.getvalue()


@pytest.fixture(scope="module")
def library(demo_made, tmp_path_factory):
    """The folder of the demo's pictures."""
    return shutil.copytree(demo_made.pictures, tmp_path_factory.mktemp("media") / "pictures")


@pytest.fixture(scope="module")
def loaded(demo_made, django_db_blocker):
    """What the loading of the demo said; all tests of this module stand in one copy of it."""
    with django_db_blocker.unblock(), demo_database.copied(demo_made):
        yield demo_made.said


@pytest.fixture(autouse=True)
def _demo(loaded, library, db, settings):
    """Every test sees the loaded demo and leaves it as it was."""
    settings.MEDIA_ROOT = library


def rows():
    """How many rows every table of ours holds."""
    models = (model for label in ("articles", "results", "auth") for model in apps.get_app_config(label).get_models())
    return {model.__name__: model.objects.count() for model in models}


def test_a_second_load_changes_nothing(django_assert_max_num_queries):
    before = (
        rows(),
        set(Event.objects.values_list("name", "starts_on")),
        set(Publication.objects.values_list("pk", "visible_from")),
    )
    with django_assert_max_num_queries(30):
        load()
    after = (
        rows(),
        set(Event.objects.values_list("name", "starts_on")),
        set(Publication.objects.values_list("pk", "visible_from")),
    )
    assert after == before


@pytest.mark.parametrize("changed", ["name", "slug"])
def test_weekends_renamed_at_the_desk_keep_their_names_and_stop_nothing(changed):
    event = Event.objects.filter(sessions__classifications__version=2).first()
    Event.objects.filter(pk=event.pk).update(**{changed: "umbenannt"})

    assert "demo-chief-2026" in load()
    assert getattr(Event.objects.get(pk=event.pk), changed) == "umbenannt"


def test_the_logins_are_printed(loaded):
    assert all(account.role in loaded and account.password in loaded for account in ACCOUNTS)


def test_a_login_per_role_opens_the_desk_with_the_rights_of_that_role_and_no_others(client):
    for account in ACCOUNTS:
        user = User.objects.get(username=account.role)
        assert [group.name for group in user.groups.all()] == [ROLES[account.role].group]
        assert (user.is_superuser, user.user_permissions.count()) == (False, 0)
        assert client.login(username=account.role, password=account.password)
        assert client.get("/admin/").status_code == 200
    publishers = {account.role for account in ACCOUNTS if may(account, "articles.publish_article")}
    assert publishers == {"editor", "chief", "administrator"}
    assert {account.role for account in ACCOUNTS if may(account, "articles.withdraw_article")} == {
        "chief",
        "administrator",
    }
    assert {account.role for account in ACCOUNTS if may(account, "results.change_session")} == {
        "results",
        "administrator",
    }


def may(account, permission):
    return User.objects.get(username=account.role).has_perm(permission)


def test_whoever_changed_the_password_keeps_it():
    reporter = User.objects.get(username="reporter")
    reporter.set_password("ein ganz anderes Wort")
    reporter.save()
    load()
    assert User.objects.get(username="reporter").check_password("ein ganz anderes Wort")


def test_a_public_site_refuses_the_demo(settings):
    settings.DEMO_ACCOUNTS = False
    with pytest.raises(CommandError, match="HTTPS"):
        load()


def test_the_stories_are_in_every_state_of_the_desk():
    public = Publication.objects.public()
    states = {
        "public": set(public.values_list("slug", flat=True)),
        "corrected": set(public.exclude(correction_note="").values_list("slug", flat=True)),
        "scheduled": set(Publication.objects.to_come().values_list("slug", flat=True)),
        "withdrawn": set(Withdrawal.objects.values_list("article__slug", flat=True)),
        "in review": set(Article.objects.filter(stage="review").values_list("slug", flat=True)),
        "draft": set(Article.objects.filter(publications=None, stage="draft").values_list("title", flat=True)),
    }
    assert states == {
        "public": {
            "wec-bahrain-2021-kobayashi-holt-den-punkt",
            "adac-gt-masters-lausitzring-2025-vorschau",
            "prototype-cup-hockenheim-2025-vorschau",
            "kaltenbach-nordlicht-zittert-sich-zum-sieg",
            "waldsee-qualifying-pole-gestrichen",
            "waldsee-rheinfalke-gewinnt-nordlicht-strandet",
            "waldsee-ausschluss-der-38",
            "hohenmoor-vorschau",
            "formel-1-abu-dhabi-2025-norris-weltmeister",
            "formel-1-las-vegas-2025-mclaren-disqualifiziert",
        },
        "corrected": {
            "waldsee-rheinfalke-gewinnt-nordlicht-strandet",
            "formel-1-las-vegas-2025-mclaren-disqualifiziert",
        },
        "scheduled": {"waldsee-strategie-der-eins"},
        "withdrawn": {"nordlicht-drittes-auto"},
        "in review": {"interview-elias-quitzow"},
        "draft": {"Streckenporträt: der Hohenmoor-Ring", WRONG_ON_PURPOSE},
    }


def test_every_public_page_of_the_demo_answers(client):
    things = [
        *Publication.objects.public(),
        *Event.objects.select_related("season__series"),
        *Session.objects.select_related("event__season__series"),
    ]
    answers = {thing.get_absolute_url(): client.get(thing.get_absolute_url()).status_code for thing in things}
    assert {address: status for address, status in answers.items() if status != 200} == {}


def test_hidden_stories_do_not_answer_and_the_withdrawn_one_says_why(client):
    assert client.get("/artikel/waldsee-strategie-der-eins/").status_code == 404
    assert client.get("/artikel/interview-elias-quitzow/").status_code == 404
    gone = client.get("/artikel/nordlicht-drittes-auto/")
    assert gone.status_code == 410
    assert "Nennliste" in gone.content.decode()


def test_no_box_beside_a_published_story_is_empty():
    boxes = [
        (publication.slug, box["heading"], bool(box["shown"] or box["text_html"]))
        for publication in Publication.objects.all()
        for box in publication.content["sidebar"]
    ]
    assert len(boxes) > 20
    assert [box for box in boxes if not box[2]] == []


def test_every_published_picture_has_alt_caption_and_our_credit():
    pictures = LibraryImage.objects.filter(publications__isnull=False).distinct()
    assert pictures.count() == 11
    assert {picture.credit for picture in pictures} == {"Grafik: racedesk"}
    assert all(picture.alt and picture.caption and picture.width == 1600 for picture in pictures)


def test_pictures_are_the_same_every_time():
    once, twice = paint("moor"), paint("moor")
    assert once == twice
    assert Picture.open(io.BytesIO(once)).size == (1600, 900)


def test_pictures_whose_files_are_gone_are_painted_anew():
    image = LibraryImage.objects.filter(publications__isnull=False).first()
    gone = [image.original, *(rendition.file for rendition in image.renditions.all())]
    size = (image.width, image.height)
    for file in gone:
        file.storage.delete(file.name)

    load()

    with image.original.storage.open(image.original.name) as again:
        assert Picture.open(again).size == size
    assert not image.renditions.exists()  # rows without a file keep them from being made


# ------------------------------------------------------------------ facts and stories


def stories():
    """All texts of the demo with the events they are about: published versions and drafts."""
    for publication in Publication.objects.all():
        yield publication, f"{publication.title}\n{publication.standfirst}\n{publication.body_text}"
    for article in Article.objects.filter(publications=None):
        yield article, f"{article.title}\n{article.standfirst}\n{article.body}"


def events_of(story):
    further = story.events if isinstance(story, Publication) else story.further_events
    return {story.lead_event, *further.all()}


def test_every_time_and_gap_in_a_story_follows_from_the_facts():
    printable = {}
    unknown = []
    for story, text in stories():
        for event in events_of(story):
            if event.pk not in printable:
                printable[event.pk] = times_of(event)
        known = set().union(*(printable[event.pk] for event in events_of(story)))
        unknown += [(story.title, time) for time in TIME.findall(text) if time not in known]
    assert unknown == [(WRONG_ON_PURPOSE, "23,152")]  # so that "Fakten prüfen" has something to show


def test_the_fact_desk_finds_the_wrong_gap_and_raises_no_false_alarm():
    wrong = {
        (article.title, item.words): item.replacement
        for article in Article.objects.all()
        for item in check(words_of(article), article).open
    }
    assert wrong == {(WRONG_ON_PURPOSE, "23,152 Sekunden"): "23,512 Sekunden"}


def times_of(event):
    """Every time and gap of an event as a story may print it, deleted laps and provisional versions included."""
    found = set()
    for version in Classification.objects.filter(session__event=event):
        lines = list(version.rows.select_related("session_entry__entry__racing_class").order_by("display_order"))
        bests = [line.best_lap_ms for line in lines if line.best_lap_ms]
        found |= {format_lap_time(best) for best in bests}
        found |= {gap(best - min(bests)) for best in bests}
        found |= {format_duration(line.total_ms) for line in lines if line.total_ms}
        found |= {gap(line.gap_ms) for line in lines if line.gap_ms}
        found |= gaps_inside_classes(lines)
    for session in event.sessions.all():
        found |= times_of_laps(session)
    return found


def gaps_inside_classes(lines):
    """What the second and third of a class lack to its first, by best lap or by time after the same laps."""
    found = set()
    classes = {line.session_entry.entry.racing_class_id for line in lines}
    for key in classes:
        of_class = [line for line in lines if line.session_entry.entry.racing_class_id == key and line.class_position]
        first, *others = of_class or [None]
        found |= {
            gap(line.best_lap_ms - first.best_lap_ms) for line in others if line.best_lap_ms and first.best_lap_ms
        }
        found |= {gap(line.total_ms - first.total_ms) for line in others if line.total_ms and line.laps == first.laps}
    return found


def times_of_laps(session):
    """Lap times, and how far the second was behind the first at the end of each lap."""
    laps = list(Lap.objects.filter(session_entry__session=session).values_list("number", "day_ms", "time_ms"))
    ends = {}
    for number, end, _time in laps:
        ends.setdefault(number, []).append(end)
    behind = {gap(second - first) for first, second in (sorted(times)[:2] for times in ends.values() if len(times) > 1)}
    return {format_lap_time(time) for _number, _end, time in laps} | behind


def gap(ms):
    return f"{ms // 1000},{ms % 1000:03}"


def test_every_car_and_crew_in_a_story_is_entered():
    wrong = []
    for story, text in stories():
        entries = {
            entry.number: {seat.driver.last_name for seat in entry.crew.all()}
            for event in events_of(story)
            for entry in event.entries.prefetch_related("crew__driver")
        }
        if not entries:  # a weekend ahead names the cars of the season so far
            season = Event.objects.filter(season=story.lead_event.season)
            entries = {entry.number: set() for event in season for entry in event.entries.all()}
        wrong += [(story.title, number) for number in NUMBER.findall(text) if number not in entries]
        wrong += [
            (story.title, number, crew)
            for number, crew in CREW.findall(text)
            if entries.get(number) and set(crew.split("/")) != entries[number]
        ]
    assert wrong == []


def test_points_in_the_preview_are_those_of_the_tables():
    preview = Publication.objects.get(slug="hohenmoor-vorschau").body_text
    points = dict(
        PrintedStandingRow.objects.filter(standing__after="6 Stunden am Waldsee").values_list("entrant", "points")
    )
    said = {
        "Falkenrath/Vauquelin/Oosterkade": 37,
        "Ashcombe/Netherby/Garvaghy": 33,
        "Tveitmo/Korpilahti": 27,
        "Wustermark/Quitzow": 50,
        "Jansdorf/Petersholm": 35,
        "Wermelskirchner/Burscheidt": 51,
        "Ammerseer/Tannhofer": 51,
    }
    assert {entrant: points[entrant] for entrant in said} == said
    assert all(f"{value} Punkte" in preview for value in said.values())


def test_the_classification_of_a_race_follows_from_its_laps():
    for session in Session.objects.filter(key="R", lap_set__isnull=False):
        start = session.starts_at.astimezone(session.event.zone)
        midnight_ms = (start.hour * 60 + start.minute) * 60_000
        current = session.classifications.get(is_current=True)
        for row in current.rows.select_related("session_entry__entry"):
            laps = list(row.session_entry.laps.order_by("number"))
            assert row.laps == len(laps)
            assert row.best_lap_ms == min(lap.time_ms for lap in laps if lap.is_valid)
            assert sum(lap.time_ms for lap in laps) == laps[-1].day_ms - midnight_ms
            assert row.total_ms in {None, laps[-1].day_ms - midnight_ms + row.penalty_ms}
        order = [(-row.laps, row.total_ms) for row in current.rows.exclude(position=None).order_by("position")]
        assert order == sorted(order)


def test_the_stewards_moved_everybody_behind_the_struck_car():
    race = Session.objects.get(event__slug="6-stunden-am-waldsee", key="R")
    first, second = race.classifications.order_by("version")
    assert (first.state, second.state, second.is_current) == ("provisional", "final", True)
    assert (first.public_until, "Bodenfreiheit" in second.reason) == (second.public_from, True)
    before = numbers(first)
    assert numbers(second) == [number for number in before if number != "38"]


def test_a_result_went_from_provisional_over_five_seconds_to_final(client):
    race = Session.objects.get(event__slug="4-stunden-von-kaltenbach", key="R")
    versions = list(race.classifications.order_by("version"))
    assert [one.state for one in versions] == ["provisional", "revised", "final"]
    assert [one.version for one in Classification.objects.was_public().filter(session=race).order_by("version")] == [
        1, 2, 3,
    ]  # fmt: skip
    before, after = numbers(versions[0]), numbers(versions[2])
    assert before != after
    assert [number for number in before if number != "46"] == [number for number in after if number != "46"]
    page = client.get(f"{race.get_absolute_url()}verlauf/?von=1&bis=3").content.decode()
    assert "rückt von 19 auf 18 vor" in page
    assert "(Zeitstrafe: 5 Sekunden, Entscheidung 27)" in page


def numbers(version):
    placed = version.rows.exclude(position=None).order_by("position")
    return list(placed.values_list("session_entry__entry__number", flat=True))


def test_the_correction_keeps_what_stood_there_before():
    old, new = Publication.objects.filter(slug="waldsee-rheinfalke-gewinnt-nordlicht-strandet").order_by("version")
    assert "Das Ergebnis ist vorläufig." in old.body_text
    assert "nahmen die Kommissare das Auto aus der Wertung" in new.body_text
    assert old.visible_until == new.visible_from


# ------------------------------------------------------------------ the season goes on


def test_there_is_a_next_event_with_a_programme():
    upcoming = next_event()
    assert upcoming is not None
    assert upcoming.event.name == "6 Stunden von Hohenmoor"
    assert [session.key for session in upcoming.sessions] == ["FP1", "FP2", "Q", "WU", "R"]
    assert [session.starts_at.astimezone(upcoming.event.zone).strftime("%a %H:%M") for session in upcoming.sessions] == [
        "Fri 15:30", "Fri 19:30", "Sat 14:15", "Sun 08:45", "Sun 11:00",
    ]  # fmt: skip
    race = upcoming.sessions[-1]
    assert race.ends_at - race.starts_at == dt.timedelta(hours=6)
    assert sorted(broadcast.channel for broadcast in race.broadcasts.all()) == ["Kurvenfunk", "racedesk Live"]


def test_the_24_hours_run_through_a_clock_change():
    race = Session.objects.get(event__slug="24-stunden-von-kaltenbach", key="R")
    start, end = (instant.astimezone(race.event.zone) for instant in (race.starts_at, race.ends_at))
    assert race.ends_at - race.starts_at == dt.timedelta(hours=24)
    assert start.utcoffset() != end.utcoffset()
    assert race.event.ends_on == end.date()


def test_a_weekend_that_is_over_without_a_result_moves_on():
    event = Event.objects.get(slug="6-stunden-von-hohenmoor")
    back = dt.timedelta(days=70)
    Event.objects.filter(pk=event.pk).update(starts_on=event.starts_on - back, ends_on=event.ends_on - back)
    for session in event.sessions.all():
        moved = {
            "local_date": session.local_date - back,
            "starts_at": session.starts_at - back,
            "ends_at": session.ends_at - back,
        }
        Session.objects.filter(pk=session.pk).update(**moved)
    before = rows()
    load()
    again = Event.objects.get(pk=event.pk)
    assert (again.starts_on, again.ends_on) == (event.starts_on, event.ends_on)
    sessions = list(again.sessions.order_by("starts_at"))
    assert [session.ends_at for session in sessions] == [
        session.ends_at for session in event.sessions.order_by("starts_at")
    ]
    assert all(one.starts_at < other.starts_at for one, other in pairwise(sessions))
    after = rows()
    assert {name for name in after if after[name] != before[name]} <= {"SourceDocument", "ImportRun", "ScheduleChange"}


@pytest.mark.parametrize(
    ("address", "named"), [("/formel-1/rekorde/", "Max Verstappen"), ("/langstrecken-cup/rekorde/", "Meiste")]
)
def test_records_are_shown_of_series_whose_archive_is_whole(client, address, named):
    assert named in client.get(address).content.decode()


def test_the_tables_we_compute_are_those_that_the_invented_organiser_prints(client):
    ours = {}
    for one in (
        Championship.objects.public().filter(season__series__slug="langstrecken-cup").select_related("racing_class")
    ):
        table = client.get(f"/langstrecken-cup/{one.season.slug}/tabelle/{one.key}.json").json()
        ours[one.racing_class.name] = sorted(int(row["points"]) for row in table["rows"])

    printed = {}
    last = Event.objects.filter(season__series__slug="langstrecken-cup", sessions__classifications__isnull=False)
    after = last.order_by("-starts_on").first().name
    for row in PrintedStandingRow.objects.filter(
        standing__season__series__slug="langstrecken-cup", standing__after=after
    ).select_related("standing"):
        printed.setdefault(row.standing.class_name, []).append(int(row.points))

    assert ours == {name: sorted(points) for name, points in printed.items()}
    assert len(ours) == 4


def test_readers_find_tables_matrix_and_accounts_from_the_page_of_the_season(client):
    for season in ("langstrecken-cup/demosaison", "formel-1/2025"):
        page = client.get(f"/{season}/").content.decode()
        tables = set(re.findall(rf'href="(/{season}/tabelle/[^"/]+/)"', page))
        assert tables
        for table in tables:
            account = re.search(r'href="([^"]+/punkte/[^"]+/)"', client.get(table).content.decode())[1]
            assert [client.get(path).status_code for path in (f"{table}matrix/", account)] == [200, 200]
