"""The boxes beside a story: what of the facts is public now, what a publication keeps of it, and in how many queries."""

import datetime as dt

import pytest
from django.utils import timezone

from articles.models import SidebarItem
from articles.sidebar import BoxSpec, boxes, freeze, freeze_all, load
from articles.sidebar.spec import car_numbers
from results.models import Classification, LapSet
from tests.factories import (
    ArticleFactory,
    CarModelFactory,
    CircuitFactory,
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    LapFactory,
    LapSetFactory,
    RacingClassFactory,
    SeasonFactory,
    SeriesFactory,
    SessionEntryFactory,
    SessionFactory,
    SidebarItemFactory,
    SourceDocumentFactory,
    TeamFactory,
    publish,
)

pytestmark = pytest.mark.django_db

Kind = SidebarItem.Kind
HOUR = dt.timedelta(hours=1)


def box_of(**asked):
    """What readers see of one box now; None where it is left out."""
    found = load([BoxSpec.from_item(SidebarItemFactory.build(article=None, **asked))])
    return found[0] if found else None


def numbers(box):
    return [row.number for row in box.result.rows]


def car(session, number):
    """The car of that number in the session, the same for every version of its result."""
    found = session.session_entries.filter(entry__number=number).first()
    return found or SessionEntryFactory(session=session, entry__number=number)


def result(session=None, *, cars=("7", "8", "36"), **fields):
    """A released result in which these cars finished in this order."""
    session = session or SessionFactory()
    rows = [{"position": place, "session_entry": car(session, number)} for place, number in enumerate(cars, start=1)]
    return ClassificationFactory(session=session, rows=rows, **fields)


def in_days(days):
    return timezone.now() + dt.timedelta(days=days)


class TestClassification:
    def test_the_box_shows_the_first_rows_of_the_current_public_version(self):
        session = SessionFactory()
        result(session, cars="123", version=1, is_current=False, public_until=dt.datetime(2021, 11, 7, tzinfo=dt.UTC))
        result(session, cars="987", version=2)

        box = box_of(kind=Kind.CLASSIFICATION, session=session, limit=2)

        assert (numbers(box), box.result.version) == (["9", "8"], 2)

    def test_a_version_that_is_not_public_yet_leaves_the_one_before_it(self):
        session = SessionFactory()
        later = timezone.now() + HOUR
        result(session, cars="12", version=1, is_current=False, public_until=later)
        result(session, cars="21", version=2, released_at=later)

        assert numbers(box_of(kind=Kind.CLASSIFICATION, session=session)) == ["1", "2"]

    def test_one_class_alone_is_counted_by_itself(self):
        session = SessionFactory()
        lmp2, gt3 = (RacingClassFactory(series=session.event.season.series, name=name) for name in ("LMP2", "GT3"))
        rows = [{"entry__number": str(n), "entry__racing_class": gt3 if n % 2 else lmp2} for n in range(1, 7)]
        ClassificationFactory(session=session, rows=rows)

        assert numbers(box_of(kind=Kind.CLASSIFICATION, session=session, class_name="gt3", limit=2)) == ["1", "3"]

    def test_a_checkpoint_and_the_finish_are_two_results(self):
        session = SessionFactory()
        result(session, cars="12")
        result(session, cars="21", checkpoint="6h")

        assert numbers(box_of(kind=Kind.CLASSIFICATION, session=session, checkpoint="6h")) == ["2", "1"]
        assert numbers(box_of(kind=Kind.CLASSIFICATION, session=session)) == ["1", "2"]

    def test_two_boxes_of_one_session_do_not_mix_their_rows(self):
        session = SessionFactory()
        result(session, cars="123456")
        items = [SidebarItemFactory.build(article=None, kind=Kind.CLASSIFICATION, session=session, limit=2)]
        items.append(SidebarItemFactory.build(article=None, kind=Kind.CLASSIFICATION, session=session, cars="6, #5"))

        assert [numbers(box) for box in load([BoxSpec.from_item(item) for item in items])] == [["1", "2"], ["5", "6"]]

    def test_an_annulled_result_shows_its_state_and_no_rows(self):
        session = SessionFactory()
        result(session, state=Classification.State.ANNULLED)

        box = box_of(kind=Kind.CLASSIFICATION, session=session)

        assert (box.result.state, box.result.rows) == ("annulled", ())

    @pytest.mark.parametrize(
        "hidden",
        [
            {"hidden": True},
            {"released_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)},
            {"session__public_from": None},
            {"session__event__public_from": None},
            {"public_until": dt.datetime(2021, 11, 6, 19, tzinfo=dt.UTC)},
        ],
        ids=["draft", "embargoed", "hidden session", "hidden event", "ended"],
    )
    def test_a_result_that_is_not_public_shows_nothing(self, hidden):
        classification = ClassificationFactory(rows=[{"position": 1}], **hidden)

        assert box_of(kind=Kind.CLASSIFICATION, session=classification.session) is None
        assert box_of(kind=Kind.LAP_TIMES, session=classification.session, cars="1") is None


class TestLapTimes:
    def laps(self, classification, number, *times):
        session = classification.session
        car = session.session_entries.get(entry__number=number)
        if not LapSet.objects.filter(session=session).exists():
            LapSetFactory(session=session)
        for lap, ms in enumerate(times, start=1):
            LapFactory(session_entry=car, number=lap, time_ms=ms)
        return car

    def test_the_fastest_valid_laps_of_the_chosen_cars_stand_there_fastest_car_first(self):
        classification = result(cars=("7", "8", "36"))
        self.laps(classification, "7", 110_000, 106_250, 107_000)
        self.laps(classification, "8", 106_000)
        self.laps(classification, "36", 100_000)
        self.laps(classification, "7").laps.filter(number=3).update(is_valid=False)

        box = box_of(kind=Kind.LAP_TIMES, session=classification.session, cars="7, 8")

        assert [(row.number, row.best_lap, row.best_lap_number) for row in box.result.rows] == [
            ("8", "1:46,000", 1),
            ("7", "1:46,250", 2),
        ]
        assert [(lap.number, lap.time) for lap in box.result.rows[1].fastest] == [(2, "1:46,250"), (1, "1:50,000")]

    def test_the_best_lap_of_the_result_stands_where_there_are_no_laps(self):
        classification = ClassificationFactory(
            rows=[{"position": 1, "entry__number": "7", "best_lap_ms": 106_250, "best_lap_number": 12}]
        )

        row = box_of(kind=Kind.LAP_TIMES, session=classification.session, cars="7").result.rows[0]

        assert (row.best_lap, row.best_lap_number, row.fastest) == ("1:46,250", 12, ())

    @pytest.mark.parametrize(("number", "has_column"), [(None, False), (12, True)])
    def test_the_lap_of_the_best_time_has_a_column_only_where_it_is_known(self, number, has_column):
        classification = ClassificationFactory(
            rows=[{"position": 1, "entry__number": "7", "best_lap_ms": 106_250, "best_lap_number": number}]
        )

        assert (
            box_of(kind=Kind.LAP_TIMES, session=classification.session, cars="7").result.numbers_best_laps is has_column
        )

    def test_a_public_checkpoint_does_not_betray_the_laps_of_a_race_that_is_not_public(self):
        session = SessionFactory()
        classification = result(session, cars=("7",), checkpoint="6h")
        self.laps(classification, "7", 106_250)

        row = box_of(kind=Kind.LAP_TIMES, session=session, checkpoint="6h", cars="7").result.rows[0]

        assert (row.best_lap, row.fastest) == ("", ())

    @pytest.mark.parametrize("public_from", [None, in_days(1)])
    def test_laps_that_are_held_back_do_not_show_beside_their_public_result(self, public_from):
        classification = result(cars=("7",))
        self.laps(classification, "7", 106_250)
        asked = {"kind": Kind.LAP_TIMES, "session": classification.session, "cars": "7"}
        shown = box_of(**asked).result.rows[0].best_lap
        LapSet.objects.update(public_from=public_from)

        row = box_of(**asked).result.rows[0]

        assert shown == "1:46,250"
        assert (row.best_lap, row.best_lap_number, row.fastest) == ("", None, ())


class TestProgrammes:
    def event(self, season, days, **fields):
        day = in_days(days).date()
        return EventFactory(season=season, starts_on=day, ends_on=day, **fields)

    def test_the_next_event_of_each_series_comes_with_its_public_sessions(self):
        wec, dtm = SeasonFactory(), SeasonFactory()
        self.event(wec, 30)
        soon = self.event(wec, 3, name="Spa")
        self.event(wec, -3)
        other = self.event(dtm, 9, name="Norisring")
        SessionFactory(event=soon, name="Rennen", starts_at=in_days(3))
        SessionFactory(event=soon, name="Geheimtest", starts_at=in_days(3), public_from=None)
        items = [SidebarItemFactory.build(article=None, kind=Kind.NEXT_EVENT, series=of.series) for of in (wec, dtm)]

        first, second = load([BoxSpec.from_item(item) for item in items])

        assert (first.upcoming.event, [session.name for session in first.upcoming.sessions]) == (soon, ["Rennen"])
        assert (second.upcoming.event, second.upcoming.sessions) == (other, [])

    def test_a_schedule_box_of_an_event_of_the_same_series_is_not_taken_for_its_next_event(self):
        season = SeasonFactory()
        past, soon = self.event(season, -9), self.event(season, 3)
        for event, day in ((past, -9), (soon, 3)):
            SessionFactory(event=event, starts_at=in_days(day))
        items = [
            SidebarItemFactory.build(article=None, kind=Kind.SCHEDULE, event=past),
            SidebarItemFactory.build(article=None, kind=Kind.NEXT_EVENT, series=season.series),
        ]

        assert [box.upcoming.event for box in load([BoxSpec.from_item(item) for item in items])] == [past, soon]

    def test_without_a_public_event_ahead_there_is_no_box(self):
        season = SeasonFactory()
        self.event(season, -3)
        hidden = self.event(season, 3, public_from=None)
        SessionFactory(event=hidden, starts_at=in_days(3))

        assert box_of(kind=Kind.NEXT_EVENT, series=season.series) is None
        assert box_of(kind=Kind.SCHEDULE, event=hidden) is None


class TestFreeBox:
    def test_text_becomes_paragraphs_and_markup_that_is_not_allowed_goes(self):
        box = box_of(kind=Kind.FREE, text='Eins <script>alert(1)</script>\n\n<a href="javascript:x">Zwei</a>')

        assert str(box.text) == '<p>Eins</p><p><a rel="noopener noreferrer">Zwei</a></p>'

    def test_the_text_of_a_box_of_another_kind_is_not_kept(self):
        item = SidebarItemFactory.build(article=None, kind=Kind.NEXT_EVENT, text="Rest eines freien Kastens")

        assert freeze(item)["text_html"] == ""


class TestKeeping:
    def test_freeze_keeps_the_question_and_exactly_what_readers_see(self):
        session = SessionFactory(name="Qualifying", kind="qualifying", event__name="8 Stunden von Bahrain")
        hypercar = RacingClassFactory(series=session.event.season.series, name="Hypercar")
        entry = EntryFactory(
            event=session.event,
            number="007",
            team=TeamFactory(name="Toyota Gazoo Racing"),
            car_model=CarModelFactory(name="GR010 Hybrid"),
            racing_class=hypercar,
            crew=[
                DriverFactory(first_name="Mike", last_name="Conway"),
                DriverFactory(first_name="", last_name="'SELV'"),
            ],
        )
        leader = {"position": 1, "class_position": 1, "entry": entry, "best_lap_ms": 106_250, "laps": 9}
        behind = {"position": 2, "entry__number": "8", "gap_ms": 290, "entry__team": None, "entry__car_model": None}
        ClassificationFactory(
            session=session,
            state=Classification.State.PROVISIONAL,
            document=SourceDocumentFactory(name="q.csv"),
            rows=[leader, behind],
        )
        item = SidebarItemFactory.build(
            article=None, kind=Kind.CLASSIFICATION, heading="Qualifying", session=session, cars="007, 8", limit=2
        )

        kept = freeze(item)

        shown = kept.pop("shown")
        assert kept == {
            "kind": "classification",
            "heading": "Qualifying",
            "session_id": session.pk,
            "event_id": None,
            "series_id": None,
            "checkpoint": "",
            "class_name": "",
            "cars": ["007", "8"],
            "limit": 2,
            "text_html": "",
        }
        nothing = dict.fromkeys(("total_ms", "gap_ms", "gap_laps", "best_lap_ms", "best_lap_number", "laps"))
        assert shown == {
            "session": "Qualifying",
            "event": "8 Stunden von Bahrain",
            "version": 1,
            "state": "provisional",
            "as_of": "2021-11-06T18:30:00+00:00",
            "source": "q.csv",
            "rows": [
                {
                    **nothing,
                    "number": "007",
                    "crew": ["Mike Conway", "'SELV'"],
                    "team": "Toyota Gazoo Racing",
                    "car": "GR010 Hybrid",
                    "class": "Hypercar",
                    "position": 1,
                    "class_position": 1,
                    "status": "classified",
                    "laps": 9,
                    "total": "",
                    "gap": "",
                    "best_lap": "1:46,250",
                    "best_lap_ms": 106_250,
                    "fastest": [],
                },
                {
                    **nothing,
                    "number": "8",
                    "crew": [],
                    "team": "",
                    "car": "",
                    "class": "",
                    "position": 2,
                    "class_position": None,
                    "status": "classified",
                    "total": "",
                    "gap": "+0,290",
                    "gap_ms": 290,
                    "best_lap": "",
                    "fastest": [],
                },
            ],
        }

    def test_freeze_keeps_a_programme_with_its_instants(self):
        event = EventFactory(
            name="Bahrain",
            season__series__short_name="WEC",
            circuit=CircuitFactory(name="Sakhir"),
            time_zone="Asia/Bahrain",
        )
        session = SessionFactory(
            event=event, name="Rennen", starts_at=dt.datetime(2021, 11, 6, 11, tzinfo=dt.UTC), ends_at=None
        )
        item = SidebarItemFactory.build(article=None, kind=Kind.SCHEDULE, event=event)

        assert freeze(item)["shown"] == {
            "event": "Bahrain",
            "event_id": event.pk,
            "series": "WEC",
            "circuit": "Sakhir",
            "starts_on": "2021-11-05",
            "ends_on": "2021-11-06",
            "time_zone": "Asia/Bahrain",
            "status": "scheduled",
            "moved_from": None,
            "sessions": [
                {
                    "session_id": session.pk,
                    "name": "Rennen",
                    "kind": "race",
                    "status": "scheduled",
                    "local_date": "2021-11-06",
                    "starts_at": "2021-11-06T11:00:00+00:00",
                    "ends_at": "2021-11-06T13:00:00+00:00",
                    "end_estimated": True,
                    "moved_from": None,
                }
            ],
        }

    def test_freeze_keeps_nothing_of_a_fact_that_is_not_public(self):
        hidden = ClassificationFactory(hidden=True, rows=[{"position": 1}])
        item = SidebarItemFactory.build(article=None, kind=Kind.CLASSIFICATION, session=hidden.session)

        assert freeze(item)["shown"] == {}

    def test_a_published_story_shows_a_result_that_was_corrected_after_it(self):
        session = SessionFactory()
        first = result(session, cars="78")
        article = ArticleFactory()
        SidebarItemFactory(article=article, kind=Kind.CLASSIFICATION, session=session)
        publication = publish(article)
        Classification.objects.filter(pk=first.pk).update(is_current=False, public_until=timezone.now())
        result(session, cars="87", version=2)

        assert [numbers(box) for box in boxes(publication)] == [["8", "7"]]
        assert [row["number"] for row in publication.content["sidebar"][0]["shown"]["rows"]] == ["7", "8"]

    def test_the_numbers_of_cars_are_text_in_the_order_given(self):
        assert car_numbers(" 7, #8;007\n8 ") == ("7", "8", "007")


@pytest.mark.parametrize("sets", [1, 5])
def test_any_number_of_boxes_costs_one_query_for_results_and_one_for_programmes(django_assert_num_queries, sets):
    items = []
    for number in range(sets):
        classification = result(cars=("7", "8"))
        LapFactory(session_entry=classification.session.session_entries.first())
        series = SeriesFactory()
        soon = EventFactory(season__series=series, starts_on=in_days(2).date(), ends_on=in_days(2).date())
        SessionFactory(event=soon, starts_at=in_days(2))
        asked = [
            {"kind": Kind.CLASSIFICATION, "session": classification.session, "limit": number + 1},
            {"kind": Kind.LAP_TIMES, "session": classification.session, "cars": "7, 8"},
            {"kind": Kind.NEXT_EVENT, "series": series},
            {"kind": Kind.SCHEDULE, "event": classification.session.event},
            {"kind": Kind.FREE},
        ]
        items += [SidebarItemFactory.build(article=None, **fields) for fields in asked]

    with django_assert_num_queries(2):
        kept = freeze_all(items)

    assert len(kept) == 5 * sets
    assert all(box["shown"] for box in kept if box["kind"] != "free")
