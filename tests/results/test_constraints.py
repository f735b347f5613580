"""Every named constraint of the facts and the stories holds, and so do the triggers that freeze what was released."""

import datetime as dt
import hashlib
import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from articles import models as stories
from results import models as facts
from tests import factories as make
from tests.results.standings import constraint_cases as championships

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2021, 11, 6, 11, 0, tzinfo=dt.UTC)
DAY = dt.date(2021, 11, 6)


def breaks(factory, change, **values):
    """One sound row, then a change that must not be."""

    def attempt():
        row = factory(**values)
        type(row)._default_manager.filter(pk=row.pk).update(**change)

    return attempt


def collides(factory, field, *, differing=(), **shared):
    """Two sound rows that share `shared` and differ in `field`, then both get the same; `differing` gives its values."""

    def attempt():
        scope = {name: value() if callable(value) else value for name, value in shared.items()}
        given = [{field: value} for value in differing] or [{}, {}]
        first, second = (factory(**scope, **values) for values in given)
        type(second)._default_manager.filter(pk=second.pk).update(**{field: getattr(first, field)})

    return attempt


def alias(model, owner, factory):
    """A factory of aliases."""
    names = iter(["Erster Name", "Zweiter Name"])

    def build(**values):
        return model.objects.create(name=next(names), **{owner: factory(), **values})

    return build


def link(**values):
    states = {"before_status": "scheduled", "after_status": "cancelled", "before_zone": "UTC", "after_zone": "UTC"}
    return facts.ScheduleChange.objects.create(
        **{"sequence": 1, "was_public": True, "transaction": 0, **states, **values}
    )


def twice_in_a_chain(**values):
    return [link(**values) for _twice in range(2)]


def draft(**values):
    return make.ClassificationFactory(hidden=True, **values)


def released_by_update(change):
    """A draft whose release is written wrongly; a released version could not be updated at all."""
    return breaks(draft, change)


def draft_with_a_releaser():
    person = make.UserFactory()
    released_by_update({"released_by": person})()


def two_current_versions():
    first = make.ClassificationFactory()
    make.ClassificationFactory(session=first.session, version=2)


def row_of(classification, **values):
    return make.ClassificationRowFactory(classification=classification, **values)


def rows_of_one_draft(field, same):
    """Two rows of one draft, the second then gets the first one's value."""

    def attempt():
        first, second = (row_of(classification) for classification in [draft()] * 2)
        facts.ClassificationRow.objects.filter(pk=second.pk).update(
            **{field: getattr(first, field), **{name: getattr(first, name) for name in same}}
        )

    return attempt


def two_laps_from_zero():
    lap = make.LapFactory(number=1)
    facts.Lap.objects.create(session_entry=lap.session_entry, number=-1, time_ms=1)


def two_seasons():
    series = make.SeriesFactory()
    for label in ("2021", "2022"):
        make.SeasonFactory(series=series, label=label, slug="2021")


def own_part():
    session = make.SessionFactory()
    facts.Session.objects.filter(pk=session.pk).update(parent=session)


def publication_row(**values):
    """A second publication beside a published one, copied with those values."""
    published = make.publish()
    copy = stories.Publication.objects.get(pk=published.pk)
    copy.pk, copy._state.adding = None, True
    for name, value in {"version": 2, **values}.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)


def second_revision():
    article = make.publish().article
    revision = stories.Revision.objects.filter(article=article).first()
    revision.pk, revision._state.adding = None, True
    revision.save(force_insert=True)


def second_address():
    first = make.publish()
    stories.Address.objects.create(article=make.ArticleFactory(), slug=first.slug)


def two_sources():
    document = make.SourceDocumentFactory()
    make.ArticleFactory(source=document)
    make.ArticleFactory(source=document)


def two_bylines():
    article = make.ArticleFactory()
    byline = article.bylines.get()
    stories.Byline.objects.create(article=article, author=byline.author, position=2)


def two_renditions():
    image = make.ImageFactory()
    for _each in range(2):
        stories.Rendition.objects.bulk_create(
            [stories.Rendition(image=image, name="w800", file="x.jpg", width=8, height=8)]
        )


def block_of(**values):
    image = make.ImageFactory()
    for _each in range(values.pop("times", 1)):
        stories.ImageBlock.objects.create(image=image, blocked_by=make.UserFactory(), **{"reason": "Streit", **values})


def crew(**values):
    return make.CrewMemberFactory(**values)


def autosave(**values):
    return stories.Autosave.objects.create(**{"person": make.UserFactory(), "key": uuid.uuid4(), **values})


def former_slug(**values):
    slug = f"frueher-{stories.FormerSlug.objects.count()}"
    return stories.FormerSlug.objects.create(**{"kind": "tag", "slug": slug, "object_id": 1, **values})


def front_pin():
    return stories.FrontPin.objects.create(
        article=make.ArticleFactory(), slot="lead", until=NOON, pinned_by=make.UserFactory()
    )


def page_version(**values):
    """A version beside the one that the migration wrote."""
    page = stories.Page.objects.get(name="impressum")
    given = {"number": 99, "title": "Impressum", "body_html": "<p>x</p>", "visible_from": NOON, "visible_until": NOON}
    return stories.PageVersion.objects.create(page=page, **{**given, **values})


def preview_link(**values):
    digest = hashlib.sha256(str(stories.PreviewLink.objects.count()).encode()).hexdigest()
    return stories.PreviewLink.objects.create(
        article=make.ArticleFactory(), token_sha256=digest, created_by=make.UserFactory(), created_at=NOON,
        expires_at=NOON + dt.timedelta(hours=1), **values,
    )  # fmt: skip


def text_item(**values):
    batch = values.pop("batch", None) or stories.TextBatch.objects.create()
    return stories.TextItem.objects.create(batch=batch, sequence=batch.items.count() + 1, name="a.txt", **values)


def revision():
    return stories.Revision.objects.create(article=make.ArticleFactory(), number=1, content={})


def fact_check(**values):
    return stories.FactCheck.objects.create(**{"revision": revision(), "outcome": "done", **values})


def hidden_remark(**values):
    defaults = {"digest": uuid.uuid4().hex, "hidden_by": make.UserFactory()}
    return stories.HiddenRemark.objects.create(
        **{"revision": values.get("revision") or revision(), **defaults, **values}
    )


def waiver(**values):
    defaults = {"key": "a", "words": "Dritter", "why": "Platz 2", "reason": "Stand vor der Nachkontrolle."}
    return stories.Waiver.objects.create(
        **{
            "article": values.get("article") or make.ArticleFactory(),
            "waived_by": make.UserFactory(),
            **defaults,
            **values,
        }
    )


CASES = {
    "series_slug_unique": collides(make.SeriesFactory, "slug"),
    "series_name_unique": collides(make.SeriesFactory, "folded"),
    "series_slug_not_reserved": breaks(make.SeriesFactory, {"slug": "suche"}),
    "series_accent_in_palette": breaks(make.SeriesFactory, {"accent": 8}),
    "seriesalias_name_unique": collides(alias(facts.SeriesAlias, "series", make.SeriesFactory), "folded"),
    "season_label_unique": collides(make.SeasonFactory, "label", differing=("2021", "2022"), series=make.SeriesFactory),
    "season_slug_unique": two_seasons,
    "circuit_slug_unique": collides(make.CircuitFactory, "slug"),
    "circuit_name_unique": collides(make.CircuitFactory, "folded"),
    "circuitalias_name_unique": collides(alias(facts.CircuitAlias, "circuit", make.CircuitFactory), "folded"),
    "layout_unique": collides(make.LayoutFactory, "name", differing=("Kurz", "Lang"), circuit=make.CircuitFactory),
    "layout_validity_in_order": breaks(make.LayoutFactory, {"valid_from": "1957-06", "valid_until": "1957-05"}),
    "layout_valid_from_is_a_date": breaks(make.LayoutFactory, {"valid_from": "Mai 1957"}),
    "layout_valid_until_is_a_date": breaks(make.LayoutFactory, {"valid_until": "1957-13"}),
    "layout_length_positive": breaks(make.LayoutFactory, {"length_m": 0}),
    "event_slug_unique": collides(make.EventFactory, "slug", season=make.SeasonFactory),
    "event_days_in_order": breaks(make.EventFactory, {"ends_on": None}),
    "event_status_known": breaks(make.EventFactory, {"status": "lost"}),
    "event_around_is_a_date": breaks(make.EventFactory, {"around": "Herbst"}, starts_on=None, ends_on=None),
    "event_around_only_without_days": breaks(make.EventFactory, {"around": "2021-11"}),
    "event_moved_to_another_day": lambda: make.EventFactory(moved_from=dt.date(2021, 11, 5)),
    "event_time_zone_given": breaks(make.EventFactory, {"time_zone": ""}),
    "session_key_unique": collides(make.SessionFactory, "key", event=make.EventFactory),
    "session_slug_unique": collides(make.SessionFactory, "slug", event=make.EventFactory),
    "session_kind_known": breaks(make.SessionFactory, {"kind": "lunch"}),
    "session_status_known": breaks(make.SessionFactory, {"status": "lost"}),
    "session_end_after_start": breaks(make.SessionFactory, {"ends_at": NOON}),
    "session_instant_has_a_day": breaks(make.SessionFactory, {"local_date": None}),
    "session_not_its_own_part": own_part,
    "schedulechange_session_order_unique": lambda: twice_in_a_chain(session=make.SessionFactory()),
    "schedulechange_event_order_unique": lambda: twice_in_a_chain(event=make.EventFactory()),
    "schedulechange_of_one_thing": lambda: link(session=make.SessionFactory(), event=make.EventFactory()),
    "session_moved_to_another_time": lambda: make.SessionFactory(starts_at=NOON, moved_from=NOON),
    "broadcast_unique": collides(
        make.BroadcastFactory, "channel", differing=("Erstes", "Zweites"), event=make.EventFactory
    ),
    "broadcast_kind_known": breaks(make.BroadcastFactory, {"kind": "fax"}),
    "sourcedocument_content_unique": collides(make.SourceDocumentFactory, "sha256"),
    "sourcedocument_sha256_is_hex": breaks(make.SourceDocumentFactory, {"sha256": "X" * 64}),
    "printedstanding_unique": collides(
        make.PrintedStandingFactory, "name", differing=("Fahrer", "Teams"), season=make.SeasonFactory
    ),
    "printedrow_order_unique": collides(
        make.PrintedStandingRowFactory, "display_order", standing=make.PrintedStandingFactory
    ),
    "printedrow_has_an_entrant": breaks(make.PrintedStandingRowFactory, {"entrant": ""}, entrant="Eins"),
    "driver_slug_unique": collides(make.DriverFactory, "slug"),
    "driver_has_a_last_name": breaks(make.DriverFactory, {"last_name": ""}),
    "driver_birth_date_is_a_date": breaks(make.DriverFactory, {"birth_date": "1957-6"}),
    "driverkey_unique": collides(make.DriverKeyFactory, "key"),
    "driverkey_given": breaks(make.DriverKeyFactory, {"key": ""}),
    "drivergrade_one_a_season": collides(make.DriverGradeFactory, "season_id", differing=(), driver=make.DriverFactory),
    "drivergrade_known": breaks(make.DriverGradeFactory, {"grade": "diamond"}),
    "driveralias_unique": collides(
        alias(facts.DriverAlias, "driver", make.DriverFactory), "folded", driver=make.DriverFactory
    ),
    "team_slug_unique": collides(make.TeamFactory, "slug"),
    "team_name_unique": collides(make.TeamFactory, "folded"),
    "teamsuccession_unique": collides(make.TeamSuccessionFactory, "successor_id", predecessor=make.TeamFactory),
    "teamsuccession_not_itself": breaks(make.TeamSuccessionFactory, {"successor": F("predecessor")}),
    "teamsuccession_since_is_a_date": breaks(make.TeamSuccessionFactory, {"since": "früher"}),
    "teamalias_name_unique": collides(alias(facts.TeamAlias, "team", make.TeamFactory), "folded"),
    "manufacturer_slug_unique": collides(make.ManufacturerFactory, "slug"),
    "manufacturer_name_unique": collides(make.ManufacturerFactory, "folded"),
    "carmodel_slug_unique": collides(make.CarModelFactory, "slug"),
    "carmodel_name_unique": collides(make.CarModelFactory, "folded"),
    "racingclass_name_unique": collides(make.RacingClassFactory, "folded", series=make.SeriesFactory),
    "racingclass_slug_unique": collides(make.RacingClassFactory, "slug", series=make.SeriesFactory),
    "cup_name_unique": collides(make.CupFactory, "folded", series=make.SeriesFactory),
    "cup_slug_unique": collides(make.CupFactory, "slug", series=make.SeriesFactory),
    "entry_number_unique": collides(make.EntryFactory, "number", event=make.EventFactory),
    "entry_has_a_number": breaks(make.EntryFactory, {"number": ""}),
    "crew_seat_unique": collides(crew, "seat", differing=(1, 2), entry=make.EntryFactory),
    "crew_driver_unique": lambda: [
        crew(entry=entry, driver=driver, seat=seat)
        for entry, driver in [(make.EntryFactory(), make.DriverFactory())]
        for seat in (1, 2)
    ],
    "crew_seat_from_one": breaks(crew, {"seat": 0}),
    "sessioncrew_seat_unique": collides(
        make.SessionCrewMemberFactory, "seat", differing=(1, 2), session_entry=make.SessionEntryFactory
    ),
    "sessioncrew_driver_unique": lambda: [
        make.SessionCrewMemberFactory(session_entry=car, driver=driver, seat=seat)
        for car, driver in [(make.SessionEntryFactory(), make.DriverFactory())]
        for seat in (1, 2)
    ],
    "sessioncrew_from_one": breaks(make.SessionCrewMemberFactory, {"line": 0}),
    "sessionentry_unique": lambda: [
        facts.SessionEntry.objects.create(session=car.session, entry=car.entry) for car in [make.SessionEntryFactory()]
    ],
    "classification_version_unique": collides(draft, "version", differing=(1, 2), session=make.SessionFactory),
    "classification_one_current": two_current_versions,
    "classification_state_known": breaks(draft, {"state": "rumour"}),
    "classification_window_only_when_released": released_by_update({"is_current": True}),
    "classification_released_by_only_when_released": draft_with_a_releaser,
    "classification_window_in_order": released_by_update(
        {"released_at": NOON, "public_from": NOON, "public_until": NOON - dt.timedelta(hours=1)}
    ),
    "classification_only_drafts_are_discarded": released_by_update(
        {"released_at": NOON, "public_from": NOON, "discarded_at": NOON}
    ),
    "classification_version_from_one": breaks(draft, {"version": 0}),
    "row_unique": rows_of_one_draft("session_entry", ("line",)),
    "row_order_unique": rows_of_one_draft("display_order", ()),
    "row_status_known": breaks(make.ClassificationRowFactory, {"status": "lost"}),
    "row_position_only_when_classified": breaks(make.ClassificationRowFactory, {"status": "dnf", "position": 1}),
    "row_positions_from_one": breaks(make.ClassificationRowFactory, {"position": 0}),
    "row_gap_in_time_or_laps": breaks(make.ClassificationRowFactory, {"gap_ms": 1, "gap_laps": 1}),
    "row_times_positive": breaks(make.ClassificationRowFactory, {"best_lap_ms": 0}),
    "row_line_from_one": breaks(make.ClassificationRowFactory, {"line": 0}),
    "lapsectors_number_from_zero": lambda: make.LapSectorsFactory(number=-1),
    "stint_order_unique": collides(make.StintFactory, "sequence", session_entry=make.SessionEntryFactory),
    "stint_laps_in_order": breaks(make.StintFactory, {"first_lap": 11}),
    "stint_best_lap_positive": breaks(make.StintFactory, {"best_lap_ms": 0}),
    "drivershare_unique": collides(
        make.DriverShareFactory, "seat", differing=(None, 2), session_entry=make.SessionEntryFactory
    ),
    "drivershare_best_lap_positive": breaks(make.DriverShareFactory, {"best_lap_ms": 0}),
    "decision_number_unique": collides(
        make.DecisionFactory, "number", session=make.SessionFactory, session_entry=lambda: None
    ),
    "decision_appeal_known": breaks(make.DecisionFactory, {"appeal": "maybe"}),
    "decision_amount_where_it_counts": breaks(make.DecisionFactory, {"kind": "rumour"}),
    "decision_vacant_where_struck": breaks(make.DecisionFactory, {"leaves_vacant": True}),
    "decision_takes_back_another": breaks(make.DecisionFactory, {"overturns": F("id")}, kind="reinstated", amount=None),
    "decision_next_best_of_a_deleted_lap": breaks(make.DecisionFactory, {"next_best_ms": 106_250}),
    "applied_once": collides(make.AppliedDecisionFactory, "decision", classification=draft),
    "effect_once_a_line": collides(
        make.DecisionEffectFactory,
        "line",
        differing=(1, 2),
        classification=draft,
        decision=make.DecisionFactory,
        session_entry=make.SessionEntryFactory,
    ),
    "lapdeletion_unique": collides(make.LapDeletionFactory, "lap", session_entry=make.SessionEntryFactory),
    "lapdeletion_says_which": breaks(make.LapDeletionFactory, {"lap": None}),
    "lapdeletion_source_known": breaks(make.LapDeletionFactory, {"source": "rumour"}),
    "racecontrol_order_unique": collides(make.RaceControlMessageFactory, "sequence", session=make.SessionFactory),
    "racecontrol_says_something": breaks(make.RaceControlMessageFactory, {"text": ""}),
    "weather_one_an_instant": collides(make.WeatherReadingFactory, "at", session=make.SessionFactory),
    "weather_humidity_in_per_cent": breaks(make.WeatherReadingFactory, {"humidity": 101}),
    "weather_wind_on_the_compass": breaks(make.WeatherReadingFactory, {"wind_degrees": 361}),
    "importrun_undone_at_a_time": lambda: make.ImportRunFactory(undone_by=make.UserFactory()),
    "importitem_order_unique": collides(make.ImportItemFactory, "sequence", batch=make.ImportBatchFactory),
    "importitem_state_known": breaks(make.ImportItemFactory, {"state": "lost"}),
    "columnmapping_unique": collides(make.ColumnMappingFactory, "header"),
    "columnmapping_has_a_header": breaks(make.ColumnMappingFactory, {"header": ""}),
    "identitychange_act_known": breaks(make.IdentityChangeFactory, {"act": "guess"}),
    "identitychange_model_known": breaks(make.IdentityChangeFactory, {"model": "circuit"}),
    "identitychange_two_of_them": breaks(make.IdentityChangeFactory, {"other": F("kept")}),
    "identitychange_undone_by_somebody": breaks(make.IdentityChangeFactory, {"undone_at": NOON}),
    "distinctpair_unique": collides(make.DistinctPairFactory, "high", low=lambda: 1),
    "distinctpair_in_order": breaks(make.DistinctPairFactory, {"low": F("high")}),
    "distinctpair_model_known": breaks(make.DistinctPairFactory, {"model": "circuit"}),
    "formeraddress_unique": collides(make.FormerAddressFactory, "slug"),
    "formeraddress_model_known": breaks(make.FormerAddressFactory, {"model": "circuit"}),
    "lap_number_from_zero": two_laps_from_zero,
    "lap_time_positive": lambda: make.LapFactory(time_ms=0),
    "image_token_unique": collides(make.ImageFactory, "token"),
    "image_token_is_128_bits": breaks(make.ImageFactory, {"token": "short"}),
    "image_focal_point_in_the_picture": breaks(make.ImageFactory, {"focal_x": 101}),
    "image_block_has_a_reason": lambda: block_of(reason=""),
    "image_blocked_once_at_a_time": lambda: block_of(times=2),
    "rendition_unique": two_renditions,
    "author_slug_unique": collides(make.AuthorFactory, "slug"),
    "author_name_unique": collides(make.AuthorFactory, "name"),
    "tag_slug_unique": collides(make.TagFactory, "slug"),
    "tag_name_unique": collides(make.TagFactory, "name"),
    "article_uid_unique": collides(make.ArticleFactory, "uid"),
    "article_slug_unique": collides(make.ArticleFactory, "slug", differing=("erster", "zweiter")),
    "article_source_unique": two_sources,
    "article_stage_known": breaks(make.ArticleFactory, {"stage": "lost"}),
    "byline_unique": two_bylines,
    "sidebar_kind_known": breaks(make.SidebarItemFactory, {"kind": "advert"}),
    "sidebar_told_known": breaks(make.SidebarItemFactory, {"told": "sometimes"}),
    "revision_number_unique": second_revision,
    "publication_version_unique": lambda: publication_row(version=1, visible_until=NOON, visible_from=NOON),
    "publication_one_open_window": lambda: publication_row(visible_until=None),
    "publication_window_in_order": lambda: publication_row(
        visible_from=NOON, visible_until=NOON - dt.timedelta(hours=1)
    ),
    "address_slug_unique": second_address,
    "act_outcome_known": lambda: stories.Act.objects.create(verb="save", outcome="perhaps"),
    "takedown_has_a_reason": lambda: stories.TakeDown.objects.create(article=make.ArticleFactory(), reason=""),
    "autosave_one_per_opening": collides(autosave, "key", person=make.UserFactory),
    "autosave_saved_keeps_nothing": breaks(autosave, {"saved_at": NOON, "fields": {"title": ["x"]}}),
    "formerslug_unique": collides(former_slug, "slug", kind=lambda: "tag"),
    "frontpin_slot_known": breaks(front_pin, {"slot": "cellar"}),
    "page_name_known": lambda: stories.Page.objects.create(name="agb"),
    "page_name_unique": lambda: stories.Page.objects.create(name="impressum"),
    "pageversion_number_unique": lambda: page_version(number=stories.PageVersion.objects.first().number),
    "pageversion_one_open_window": lambda: page_version(visible_until=None),
    "pageversion_window_in_order": lambda: page_version(visible_until=NOON - dt.timedelta(hours=1)),
    "previewlink_at_most_a_day": breaks(preview_link, {"expires_at": F("created_at") + dt.timedelta(days=2)}),
    "previewlink_token_hashed": breaks(preview_link, {"token_sha256": "clear"}),
    "previewlink_token_unique": collides(preview_link, "token_sha256"),
    "textitem_order_unique": collides(text_item, "sequence", batch=stories.TextBatch.objects.create),
    "textitem_state_known": breaks(text_item, {"state": "lost"}),
    "factcheck_outcome_known": lambda: fact_check(outcome="perhaps"),
    "factcheck_one_a_publication": lambda: [fact_check(publication=one) for one in [make.publish()] for _twice in "12"],
    "hiddenremark_digest": breaks(hidden_remark, {"digest": "X" * 32}),
    "hiddenremark_unique": collides(hidden_remark, "digest", revision=revision),
    "waiver_has_a_reason": lambda: waiver(reason=""),
    "waiver_one_in_force": lambda: [waiver(article=one) for one in [make.ArticleFactory()] for _twice in "12"],
    "withdrawal_has_a_note": lambda: stories.Withdrawal.objects.create(article=make.ArticleFactory(), note=""),
}
CASES |= championships.CASES


def constraints():
    """The name of every constraint of our own models."""
    models = [model for app in ("results", "articles") for model in apps.get_app_config(app).get_models()]
    return [constraint.name for model in models for constraint in model._meta.constraints]


def test_every_constraint_has_a_case_and_every_case_a_constraint():
    assert sorted(CASES) == sorted(constraints())


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_constraint_holds(name):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        CASES[name]()

    assert error.value.__cause__.diag.constraint_name == name


# triggers


def frozen(act):
    """Whether the database refuses the act because the row is frozen."""
    with pytest.raises(IntegrityError, match=r"is released|is frozen"), transaction.atomic():
        act()


@pytest.fixture
def released():
    return make.ClassificationFactory(rows=[{"position": 1, "best_lap_ms": 106_250}])


def test_a_released_classification_changes_only_its_window(released):
    versions = facts.Classification.objects.filter(pk=released.pk)

    frozen(lambda: versions.update(state="annulled"))
    frozen(lambda: versions.update(released_at=NOON))
    frozen(versions.delete)
    frozen(lambda: versions.update(reason="anders", is_current=False))
    assert versions.update(is_current=False, public_until=released.public_from) == 1


def test_rows_of_a_released_classification_neither_change_nor_come_nor_go(released):
    rows = facts.ClassificationRow.objects.filter(classification=released)
    other = draft(session=released.session, version=2)

    frozen(lambda: rows.update(best_lap_ms=1))
    frozen(rows.delete)
    frozen(lambda: rows.update(classification=other))
    frozen(lambda: row_of(released, display_order=9))


def test_what_stands_in_a_released_classification_neither_changes_nor_comes_nor_goes(released):
    other = draft(session=released.session, version=2)
    inside = make.AppliedDecisionFactory(classification=other)
    effect = make.DecisionEffectFactory(classification=other, decision=inside.decision)
    facts.Classification.objects.filter(pk=other.pk).update(released_at=NOON, public_from=NOON, public_until=NOON)

    for row in (inside, effect):
        same = type(row).objects.filter(pk=row.pk)
        frozen(lambda same=same: same.update(classification=released))
        frozen(same.delete)
    frozen(lambda: make.AppliedDecisionFactory(classification=released))
    frozen(lambda: make.DecisionEffectFactory(classification=released))


def test_that_the_lines_hold_a_decision_already_may_be_noted_after_the_release(released):
    make.AppliedDecisionFactory(classification=released, is_computed=False)

    assert released.applied.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 10_000}, {"checkpoint": "6h"}, {"session_entry": None}, {"kind": "laps", "amount": 2},
        {"kind": "lap_deleted", "amount": None, "next_best_ms": 106_250},
        {"kind": "disqualified", "amount": None, "leaves_vacant": True},
    ],
)  # fmt: skip
def test_a_decision_that_stands_in_a_result_no_longer_changes_in_what_it_does(change):
    decision = make.AppliedDecisionFactory().decision
    same = facts.Decision.objects.filter(pk=decision.pk)

    with pytest.raises(IntegrityError, match="stands in a result"), transaction.atomic():
        same.update(**change)
    assert same.update(appeal="pending", text="Neu gefasst.", number="27a", public_from=None) == 1


def test_a_decision_that_stands_nowhere_may_change():
    decision = make.DecisionFactory()

    assert facts.Decision.objects.filter(pk=decision.pk).update(amount=10_000, kind="laps") == 1


def release(classification, **values):
    """As the verbs write it: the predecessor closes, the draft becomes the current one."""
    chain = facts.Classification.objects.filter(session=classification.session)
    chain.filter(is_current=True).update(is_current=False, public_until=NOON + dt.timedelta(days=1))
    released_at = {"released_at": NOON, "public_from": NOON + dt.timedelta(days=1), "is_current": True}
    chain.filter(pk=classification.pk).update(**released_at, **values)


def follower(released, **cells):
    """A draft after the released version with the same line but for these cells."""
    version = draft(session=released.session, version=2, reason="")
    car = released.rows.get().session_entry
    row_of(version, session_entry=car, display_order=1, **{"position": 1, "best_lap_ms": 106_250, **cells})
    return version


def test_a_released_result_changes_only_with_a_decision_or_a_reason(released):
    version = follower(released, best_lap_ms=106_300)

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        release(version)
    assert error.value.__cause__.diag.constraint_name == "classification_change_has_a_reason"
    with pytest.raises(IntegrityError), transaction.atomic():
        release(version, reason="   ")

    make.AppliedDecisionFactory(classification=version)
    release(version)
    assert facts.Classification.objects.get(is_current=True).version == 2


def test_a_reason_is_enough_and_a_result_that_stays_as_it_is_needs_none(released):
    release(follower(released))
    same = facts.Classification.objects.get(is_current=True)
    typed = draft(session=released.session, version=3)

    release(typed, reason="Zeitnahme hat berichtigt")  # a line has gone: that is a change, and it has its reason
    assert (same.version, facts.Classification.objects.get(is_current=True).version) == (2, 3)


def test_a_row_does_not_move_into_a_released_classification(released):
    row = row_of(draft(session=released.session, version=2), display_order=9)

    frozen(lambda: facts.ClassificationRow.objects.filter(pk=row.pk).update(classification=released))


def test_a_draft_may_change_and_go():
    row = row_of(draft())

    assert facts.ClassificationRow.objects.filter(pk=row.pk).update(best_lap_ms=1) == 1
    row.classification.delete()
    assert not facts.ClassificationRow.objects.exists()


def test_what_was_published_or_saved_is_frozen():
    publication = make.publish()
    withdrawal = stories.Withdrawal.objects.create(article=publication.article, note="Irrtum")
    for row in (publication, publication.revision, withdrawal, stories.Address.objects.get()):
        for statement in ("UPDATE {} SET article_id = -article_id WHERE id = %s", "DELETE FROM {} WHERE id = %s"):
            frozen(lambda row=row, statement=statement: execute(statement, row))


def execute(statement, row):
    """Past the guards of Django, to the trigger itself."""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(row._meta.db_table), [row.pk])


def test_the_relations_of_a_publication_are_frozen():
    article = make.ArticleFactory()
    article.tags.add(make.TagFactory())
    publication = make.publish(article)

    frozen(publication.tags.clear)


def test_every_trigger_of_ours_is_tried_here():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relname ~ '^(results|articles)_' ORDER BY tgname"
        )
        names = [name for (name,) in cursor.fetchall()]

    # Those about cars and laps are tried in test_lap_cars.py, those of audit log, embargoes and facts in tests/articles, the
    # calendar's in test_calendar_ics.py, the chain's of dates in test_schedule_chain.py, the list of publications in tests/articles,
    # the ledger's in tests/results/standings, the marks for readers in tests/site.
    assert [name for name in names if name != "readers_see"] == [
        "act_frozen", "address_frozen", "announced_times", "announced_times", "applied_frozen", "applied_stays",
        "award_frozen", "calendar_moves", "calendar_moves", "car_with_laps_stays", "classification_change_has_a_reason",
        "classification_frozen", "classification_row_frozen", "decision_frozen", "effect_frozen", "effect_stays",
        "factcheck_frozen", "has_a_car_insert", "has_a_car_insert", "has_a_car_update", "has_a_car_update",
        "ledger_comes_first", "opens", "opens", "pageversion_frozen", "publication_authors_frozen",
        "publication_embargo", "publication_events_frozen", "publication_frozen", "publication_images_frozen",
        "publication_listed", "publication_series_frozen", "publication_tags_frozen", "revision_frozen",
        "schedule_is_corrected", "schedule_is_history", "schedule_stays", "standing_frozen", "standing_is_the_sum",
        "takedown_frozen", "waiver_kept",
        "withdrawal_frozen",
    ]  # fmt: skip


def test_a_version_of_a_page_is_frozen():
    versions = stories.PageVersion.objects.filter(number=1)

    frozen(lambda: versions.update(title="anders"))
    frozen(versions.delete)
