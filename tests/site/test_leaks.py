"""The leak matrix: every public address x every state that is not public x every asker.

A needle word stands in everything hidden. It must show nowhere, and the hidden thing's own address must answer as one
that never existed. The live state proves that the same places would show the needle, so the matrix can fail.
Every public address needs a line in `PLACES`; a new one without a line fails.
"""

import datetime as dt
import hashlib
import re
import secrets
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import ascii_lowercase

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import F, QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as PillowImage

from articles import renditions, sitemaps, workflow
from articles.models import Address, Article, Author, Byline, Image, Page, PreviewLink, Publication, SidebarItem, Tag
from articles.pages import write_page
from articles.pictures import block, store_upload
from articles.pinning import pin
from articles.views.public import FRONT_RESULTS
from articles.views.public import RELATED as STORIES_BESIDE
from results import models as facts
from results.importers.loading.summaries import write_summaries
from results.rescheduling import Act, cancel, move
from results.shifting import move_event
from results.standings.compute import compute_season
from tests import factories
from tests.results.standings.made import championship
from tests.site.addresses import public_addresses

pytestmark = pytest.mark.django_db

NEEDLE = "Geheimnadel"
HOUR = dt.timedelta(hours=1)


@dataclass
class World:
    """A public weekend with one public story, and beside it something that carries the needle."""

    chief: User
    session: facts.Session
    tag: Tag
    author: Author
    entry: facts.SessionEntry
    article: Article | None = None
    image: Image | None = None
    event: facts.Event | None = None
    hidden_session: facts.Session | None = None
    ending: str = ""  # tells the words of several states apart that stand in one world
    is_taken: bool = False  # whether a state has changed the public session

    @property
    def word(self) -> str:
        return NEEDLE + self.ending

    @property
    def addressed(self) -> list[str]:
        """The words of hidden weekends as an address names them; the bare needle where there is none."""
        hidden = facts.Event.objects.filter(slug__startswith=NEEDLE.lower()).values_list("slug", flat=True)
        return sorted(hidden) or [NEEDLE.lower()]

    @property
    def harmless(self) -> str:
        return f"Harmlos{self.ending}"

    @property
    def clean(self) -> str:
        return f"Sauber{self.ending}"

    @property
    def number(self) -> str:
        """Of a car that the public does not know."""
        return f"9{ord(self.ending[-1])}" if self.ending else "999"

    @property
    def public_event(self) -> facts.Event:
        return self.session.event


def make_championships(season: facts.Season, *subjects: str) -> None:
    """Public tables of these kinds of competitors that count every session of a season."""
    for subject in subjects:
        championship(season, key=subject, subject=subject)


@pytest.fixture
def world() -> World:
    session = factories.SessionFactory(key="Q", name="Qualifying", kind="qualifying")
    entry = release_result(session)
    factories.ArchiveSpanFactory(first_season=session.event.season)
    make_championships(session.event.season, "driver", "entrant")
    chief = User.objects.create_superuser("chefin", password="x")
    world = World(chief, session, Tag.objects.create(name="Thema"), Author.objects.create(name="Eva Feder"), entry)
    live = make_article(world, "Offen", image=False)
    workflow.publish(live, by=chief)
    return world


def release_result(session: facts.Session) -> facts.SessionEntry:
    """The one car of a public result."""
    entry = factories.SessionEntryFactory(session=session, entry__crew=[factories.DriverFactory()])
    factories.ClassificationFactory(
        session=session, rows=[{"position": 1, "session_entry": entry, "best_lap_ms": 106_250}]
    )
    return entry


def hide(world: World, *states: Callable[[World], None]) -> None:
    """All these states in one world; each has a word of its own, of which the needle is the beginning."""
    for number, state in enumerate(states):
        world.ending = f"x{ascii_lowercase[number]}"
        state(world)


def one_of_many(world: World) -> str:
    """The word of a state that stands with others in one world."""
    world.ending = "xb"
    return world.word


def state_of(word: str, states: tuple[Callable[[World], None], ...]) -> str:
    """The name of the state that put this word into the world."""
    number = ascii_lowercase.find(word.removeprefix(f"{NEEDLE.lower()}x") or " ")
    return states[number].__name__ if 0 <= number < len(states) else word


def make_article(world: World, word: str, *, image: bool = True) -> Article:
    article = Article.objects.create(
        title=f"{word} im Titel",
        slug=f"{word.lower()}-adresse",
        kicker=word,
        standfirst=f"{word} im Vorspann",
        body=f"<p>{word} im Text</p>",
        notes=f"{world.word} in der Notiz",
        lead_event=world.public_event,
        lead_image=make_image(world, word) if image else None,
    )
    Byline.objects.create(article=article, author=world.author)
    article.tags.add(world.tag, Tag.objects.get_or_create(name=f"{word} Thema")[0])
    Byline.objects.create(article=article, author=Author.objects.get_or_create(name=f"Eva {word}")[0], position=2)
    SidebarItem.objects.create(article=article, kind="free", heading=word, text=f"<p>{word} im Kasten</p>")
    SidebarItem.objects.create(article=article, kind="classification", session=world.session, position=1)
    season = world.public_event.season
    SidebarItem.objects.create(article=article, kind="standing", season=season, table="driver", position=2)
    SidebarItem.objects.create(article=article, kind="title", season=season, table="team", position=3)
    return article


def make_image(world: World, word: str) -> Image:
    file = BytesIO()
    PillowImage.new("RGB", (64, 36)).save(file, "JPEG")
    texts = {"title": word, "alt": f"{word} im Bild", "caption": f"{word} darunter", "credit": word}
    world.image = store_upload(ContentFile(file.getvalue(), name=f"{word}.jpg"), by=None, **texts)
    renditions.make(world.image.pk)
    return world.image


# --- states: how a thing can be hidden -------------------------------------------------------------------------------


def session_of_its_own(world: World) -> facts.Session:
    """The public session, or another one like it when a state before has changed the first."""
    if world.is_taken:
        key = f"Q{world.ending}"
        world.session = factories.SessionFactory(
            event=world.public_event, key=key, slug=key.lower(), name=f"Qualifying {world.ending}", kind="qualifying"
        )
        release_result(world.session)
    world.is_taken = True
    return world.session


def further_session(world: World) -> facts.Session:
    key = f"R{world.ending}"
    return factories.SessionFactory(event=world.public_event, key=key, name=f"Rennen {key}", slug=key.lower())


def draft(world: World) -> None:
    world.article = make_article(world, world.word)


def in_review(world: World) -> None:
    draft(world)
    Article.objects.filter(pk=world.article.pk).update(stage="review")


def scheduled(world: World) -> None:
    draft(world)
    workflow.publish(world.article, by=world.chief, visible_from=timezone.now() + HOUR)


def withdrawn(world: World) -> None:
    draft(world)
    workflow.publish(world.article, by=world.chief)
    workflow.withdraw(world.article, by=world.chief, note="Zurückgezogen wegen eines Irrtums.")


def scheduled_then_withdrawn(world: World) -> None:
    scheduled(world)
    workflow.withdraw(world.article, by=world.chief, note="Kommt nicht.")


def trashed(world: World) -> None:
    draft(world)
    workflow.trash(world.article, by=world.chief)


def live_with_unpublished_changes(world: World) -> None:
    article = make_article(world, world.harmless)
    workflow.publish(article, by=world.chief)
    rewrite(article, world.word)
    workflow.save(article, by=world.chief, expected_lock_version=None)


def live_with_scheduled_correction(world: World) -> None:
    article = make_article(world, world.harmless)
    workflow.publish(article, by=world.chief)
    rewrite(article, world.word)
    workflow.publish(article, by=world.chief, visible_from=timezone.now() + HOUR, correction_note=world.word)


def live_then_embargoed_again(world: World) -> None:
    draft(world)
    workflow.publish(world.article, by=world.chief)
    workflow.embargo(world.article, by=world.chief, until=timezone.now() + HOUR, reason=world.word)


def returned(world: World) -> None:
    draft(world)
    workflow.submit(world.article, by=world.chief, note=world.word)
    workflow.return_to_writer(world.article, by=world.chief, reason=f"{world.word} fehlt")


def approved(world: World) -> None:
    draft(world)
    workflow.submit(world.article, by=world.chief, note=world.word)
    workflow.approve(world.article, by=world.chief)


def live_with_approved_changes(world: World) -> None:
    live_with_unpublished_changes(world)
    article = Article.objects.latest("pk")
    workflow.submit(article, by=world.chief)
    workflow.approve(article, by=User.objects.create_superuser("zweite", password="x"))


def under_embargo(world: World) -> None:
    draft(world)
    until = timezone.now() + HOUR
    workflow.embargo(world.article, by=world.chief, until=until, reason=world.word)
    workflow.publish(world.article, by=world.chief, visible_from=until)


def taken_down(world: World) -> None:
    draft(world)
    workflow.publish(world.article, by=world.chief)
    workflow.take_down(world.article, by=world.chief, reason=f"{world.word} klagt")


def withdrawn_then_taken_down(world: World) -> None:
    draft(world)
    workflow.publish(world.article, by=world.chief)
    workflow.withdraw(world.article, by=world.chief, note=f"{world.word} war falsch.")
    workflow.take_down(world.article, by=world.chief, reason=world.word)


def taken_down_then_published_clean(world: World) -> None:
    """The note of a correction from before is not spoken of again."""
    article = make_article(world, world.harmless)
    workflow.publish(article, by=world.chief)
    rewrite(article, world.word)
    workflow.publish(article, by=world.chief, correction_note=f"{world.word} war falsch.")
    workflow.take_down(article, by=world.chief, reason=f"{world.word} klagt")
    rewrite(article, world.clean)
    workflow.publish(article, by=world.chief)


def reinstated_in_its_old_words(world: World) -> None:
    article = make_article(world, world.harmless)
    workflow.publish(article, by=world.chief)
    workflow.withdraw(article, by=world.chief, note="Wird geprüft.")
    rewrite(article, world.word)
    workflow.save(article, by=world.chief, expected_lock_version=None)
    workflow.reinstate(article, by=world.chief, reason=world.word)


def replaced_by_a_clean_version(world: World) -> None:
    article = make_article(world, world.word)
    workflow.publish(article, by=world.chief)
    rewrite(article, world.harmless)
    workflow.publish(article, by=world.chief)


def rewrite(article: Article, word: str) -> None:
    article.refresh_from_db()
    for name in ("title", "kicker", "standfirst"):
        setattr(article, name, f"{word} neu")
    article.slug, article.body, article.lead_image = f"{word.lower()}-neu", f"<p>{word}</p>", None
    article.save()
    article.tags.set([Tag.objects.get_or_create(name=f"{word} Thema")[0]])
    article.bylines.filter(position=2).update(author=Author.objects.get_or_create(name=f"Eva {word}")[0])
    article.sidebar.filter(kind="free").update(heading=word, text=f"<p>{word}</p>")


def pinned_before_its_hour(world: World) -> None:
    scheduled(world)
    pin(article=world.article, slot="lead", until=timezone.now() + 2 * HOUR, by=world.chief)


def page_of_the_site_to_come(world: World) -> None:
    page = Page.objects.get(name="impressum")
    words = {"title": f"{world.word} GmbH", "body": f"<p>{world.word}</p>"}
    number = page.versions.first().number
    write_page(page, **words, by=world.chief, expected=number, visible_from=timezone.now() + HOUR)


def picture_blocked(world: World) -> None:
    """A public story whose picture was taken out of every page since."""
    article = make_article(world, world.harmless, image=False)
    article.lead_image = make_image(world, world.word)
    article.save()
    workflow.publish(article, by=world.chief)
    block(world.image, by=world.chief, reason=world.word)


def event_of_the_desk(world: World) -> None:
    hide_event(world, None)


def event_under_embargo(world: World) -> None:
    hide_event(world, timezone.now() + HOUR)


def hide_event(world: World, public_from: dt.datetime | None) -> None:
    season = factories.SeasonFactory(
        series__name=f"{world.word} Serie", series__slug=world.word.lower(), label=world.word
    )
    factories.ArchiveSpanFactory(first_season=season, source=world.word)
    tomorrow = timezone.now() + 24 * HOUR
    event = factories.EventFactory(
        season=season,
        name=f"{world.word} Rennen",
        slug=world.word.lower(),
        circuit__name=f"{world.word} Ring",
        starts_on=tomorrow.date(),
        ends_on=tomorrow.date(),
        public_from=public_from,
    )
    session = factories.SessionFactory(event=event, name=world.word, slug=world.word.lower(), starts_at=tomorrow)
    release_needle(world, session, complete=True)
    world.event, world.hidden_session = event, session


def event_of_a_public_season_hidden(world: World) -> None:
    tomorrow = timezone.now() + 24 * HOUR
    world.event = factories.EventFactory(
        season=world.public_event.season,
        name=f"{world.word} Rennen",
        slug=world.word.lower(),
        starts_on=tomorrow.date(),
        ends_on=tomorrow.date(),
        public_from=None,
    )
    world.hidden_session = factories.SessionFactory(
        event=world.event, name=world.word, slug=world.word.lower(), starts_at=tomorrow
    )


def session_of_the_desk(world: World) -> None:
    session = factories.SessionFactory(
        event=world.public_event,
        name=world.word,
        slug=world.word.lower(),
        starts_at=timezone.now() + HOUR,
        public_from=None,
    )
    factories.BroadcastFactory(event=world.public_event, session=session, channel=world.word)
    release_needle(world, session, complete=True)
    world.hidden_session = session


def classification_not_released(world: World) -> None:
    session = further_session(world)
    release_needle(world, session, complete=False)


def classification_under_embargo(world: World) -> None:
    session = further_session(world)
    classification = release_needle(world, session, complete=False)
    later = timezone.now() + HOUR
    facts.Classification.objects.filter(pk=classification.pk).update(
        released_at=timezone.now(), public_from=later, is_current=True
    )


def new_version_under_embargo(world: World) -> None:
    current = facts.Classification.objects.get(session=session_of_its_own(world))
    later = timezone.now() + HOUR
    version = release_needle(world, world.session, complete=False, version=2)
    facts.Classification.objects.filter(pk=current.pk).update(is_current=False, public_until=later)
    facts.Classification.objects.filter(pk=version.pk).update(
        released_at=timezone.now(), public_from=later, is_current=True
    )


def version_replaced_under_embargo(world: World) -> None:
    """A second version that waited, and a clean third that took its place before anybody saw it."""
    new_version_under_embargo(world)
    waiting = facts.Classification.objects.get(session=world.session, version=2)
    first = facts.Classification.objects.get(session=world.session, version=1)
    rows = [{"position": 1, "session_entry": first.rows.get().session_entry, "best_lap_ms": 106_000}]
    clean = factories.ClassificationFactory(session=world.session, version=3, rows=rows, hidden=True, reason="Neu")
    opens = timezone.now() - HOUR
    facts.Classification.objects.filter(pk=first.pk).update(public_until=opens)
    facts.Classification.objects.filter(pk=waiting.pk).update(public_from=opens, public_until=opens, is_current=False)
    facts.Classification.objects.filter(pk=clean.pk).update(released_at=opens, public_from=opens, is_current=True)


def version_withdrawn(world: World) -> None:
    """A result that was out, was taken back, and came again without the needle."""
    session = further_session(world)
    leaked = release_needle(world, session, complete=False, with_laps=False)
    day = dt.timedelta(days=1)
    ago = timezone.now() - 3 * day
    facts.Classification.objects.filter(pk=leaked.pk).update(released_at=ago, public_from=ago, public_until=ago + day)
    clean = factories.ClassificationFactory(session=session, version=2, rows=[{"position": 1}], hidden=True)
    again = ago + 2 * day
    facts.Classification.objects.filter(pk=clean.pk).update(released_at=again, public_from=again, is_current=True)


def version_from_before_its_session(world: World) -> None:
    """Versions that were released and replaced while the session itself was not public yet."""
    session = further_session(world)
    early = release_needle(world, session, complete=False, with_laps=False)
    ago, later = timezone.now() - 3 * HOUR, timezone.now() - 2 * HOUR
    facts.Classification.objects.filter(pk=early.pk).update(released_at=ago, public_from=ago, public_until=later)
    clean = factories.ClassificationFactory(session=session, version=2, rows=[{"position": 1}], hidden=True, reason="x")
    facts.Classification.objects.filter(pk=clean.pk).update(released_at=later, public_from=later, is_current=True)
    facts.Session.objects.filter(pk=session.pk).update(public_from=timezone.now() - HOUR)


def decision_of_the_desk_in_a_public_version(world: World) -> None:
    """A version that a decision changed which only the desk may read."""
    first = facts.Classification.objects.get(session=session_of_its_own(world))
    car = first.rows.get().session_entry
    decision = factories.DecisionFactory(
        session=world.session, session_entry=car, text=world.word, number=world.word, public_from=None
    )
    rows = [{"position": 1, "session_entry": car, "best_lap_ms": 107_000}]
    second = factories.ClassificationFactory(session=world.session, version=2, rows=rows, hidden=True, reason="Neu")
    facts.AppliedDecision.objects.create(classification=second, decision=decision)
    facts.DecisionEffect.objects.create(
        classification=second, decision=decision, session_entry=car, columns=["best_lap_ms"]
    )
    opens = timezone.now() - HOUR
    facts.Classification.objects.filter(pk=first.pk).update(is_current=False, public_until=opens)
    facts.Classification.objects.filter(pk=second.pk).update(released_at=opens, public_from=opens, is_current=True)


def car_of_a_draft(world: World) -> None:
    """A car that only a draft of the public session names, with laps deleted and a decision not yet public."""
    classification = release_needle(world, session_of_its_own(world), complete=False, version=2)
    car = classification.rows.get(position=1).session_entry
    factories.LapDeletionFactory(session_entry=car, text=world.word)
    factories.DecisionFactory(session=world.session, session_entry=car, text=world.word, public_from=None)


def laps_not_released(world: World) -> None:
    """Laps of a public session, driven by a car that nothing else names."""
    laps_of_needle(world, session_of_its_own(world), public_from=None)


def laps_before_their_result(world: World) -> None:
    session = further_session(world)
    factories.ClassificationFactory(session=session, hidden=True)
    laps_of_needle(world, session)


def laps_of_needle(world: World, session: facts.Session, **release: object) -> None:
    driver = factories.DriverFactory(last_name=world.word, slug=f"{world.word.lower()}-{session.pk}")
    entry = factories.EntryFactory(
        event=session.event, number=world.number, crew=[driver], team__name=f"{world.word} Racing"
    )
    car = factories.SessionEntryFactory(session=session, entry=entry)
    for one in (car, rival_of(car)):
        factories.LapFactory(session_entry=one)
    factories.StintFactory(session_entry=car, driver=driver)
    factories.DriverShareFactory(session_entry=car, driver=driver)
    factories.LapDeletionFactory(session_entry=car, text=world.word)
    factories.LapSetFactory(session=session, document__name=world.word, **release)


def rival_of(car: facts.SessionEntry) -> facts.SessionEntry:
    """A harmless second car, for a page that compares two shows nothing of one."""
    rival = factories.EntryFactory(event=car.entry.event, crew=[factories.DriverFactory()])
    return factories.SessionEntryFactory(session=car.session, entry=rival)


def release_needle(
    world: World, session: facts.Session, *, complete: bool, version: int = 1, with_laps: bool = True
) -> facts.Classification:
    """A classification whose car, crew, team, class and reason are the needle."""
    driver = factories.DriverFactory(last_name=world.word, slug=f"{world.word.lower()}-{session.pk}")
    entry = factories.EntryFactory(
        event=session.event,
        number=world.number,
        crew=[driver],
        team__name=f"{world.word} Racing",
        car_model__name=f"{world.word} GT",
        car_model__manufacturer=factories.ManufacturerFactory(
            name=f"{world.word} Werke {session.pk}", slug=f"{world.word.lower()}-{session.pk}"
        ),
    )
    hidden = {} if complete else {"hidden": True}
    car = factories.SessionEntryFactory(session=session, entry=entry)
    if version == 1 and with_laps:  # the laps come with the first result; a later one may name cars that have none
        factories.drive(car, 100_000)
        write_summaries(session)
    rows = [{"position": 1, "session_entry": car}, {"position": 2, "session_entry": rival_of(car)}]
    return factories.ClassificationFactory(session=session, version=version, reason=world.word, rows=rows, **hidden)


def date_changed_before_it_was_public(world: World) -> None:
    """Readers never knew the former date, nor why and from which place it was moved."""
    tomorrow = timezone.now() + 24 * HOUR
    event = factories.EventFactory(
        season=world.public_event.season, circuit__name=f"{world.word} Ring", circuit__slug=world.word.lower(),
        starts_on=tomorrow.date(), ends_on=tomorrow.date(), public_from=None,
    )  # fmt: skip
    session = factories.SessionFactory(event=event, starts_at=tomorrow)
    act = Act(by=world.chief, reason=world.word, note=world.word)
    move_event(event, act, starts_on=tomorrow.date() + 48 * HOUR, circuit=factories.CircuitFactory())
    move(session, act, starts_at=tomorrow + 49 * HOUR)
    facts.Event.objects.filter(pk=event.pk).update(public_from=timezone.now())


def date_corrected_from_a_slip(world: World) -> None:
    session = factories.SessionFactory(event=world.public_event, starts_at=timezone.now() + 24 * HOUR)
    act = Act(by=world.chief, reason=world.word, note=world.word, is_correction=True)
    move(session, act, starts_at=session.starts_at + HOUR)


def date_changed_with_a_reason_for_the_desk(world: World) -> None:
    session = factories.SessionFactory(event=world.public_event, starts_at=timezone.now() + 24 * HOUR)
    for number in (1, 2):
        move(session, Act(by=world.chief, reason=world.word), starts_at=session.starts_at + number * HOUR)
    cancel(session, Act(by=world.chief, reason=world.word))


def championship_of_the_desk(world: World) -> None:
    championship_of_needle(world, None)


def championship_to_come(world: World) -> None:
    championship_of_needle(world, timezone.now() + HOUR)


def championship_of_needle(world: World, public_from: dt.datetime | None) -> None:
    """A championship over a public result that is not public itself, with a decision."""
    season = world.public_event.season
    one = championship(season, key=world.word.lower(), name=f"{world.word}-Wertung", public_from=public_from)
    driver = facts.Driver.objects.first()
    facts.ChampionshipDecision.objects.create(
        championship=one, kind="points", points=-5, driver=driver, reason=world.word
    )


def decisions_on_who_is_not_public(world: World) -> None:
    """Points, exclusions and entrants of whom only the desk knows, in public championships."""
    event_of_a_public_season_hidden(world)
    release_needle(world, world.hidden_session, complete=True)
    make_championships(world.public_event.season, "crew", "team", "manufacturer", "constructor")
    driver = facts.Driver.objects.get(last_name=world.word)
    team = facts.Team.objects.get(name__startswith=world.word)
    car = facts.CarModel.objects.get(name__startswith=world.word)
    maker = facts.Manufacturer.objects.get(name__startswith=world.word)
    whom = {
        "driver": {"driver": driver}, "team": {"team": team}, "entrant": {"entrant": world.word},
        "manufacturer": {"manufacturer": maker}, "constructor": {"car_model": car},
    }  # fmt: skip
    for key, competitor in whom.items():
        said = {"championship": facts.Championship.objects.get(key=key), "reason": "Beschluss", **competitor}
        facts.ChampionshipDecision.objects.create(**said, kind="points", points=100)
        facts.ChampionshipDecision.objects.create(**said, kind="excluded", printed="EX")
    public = facts.Driver.objects.exclude(last_name=world.word).first()
    facts.ChampionshipDecision.objects.create(
        championship=facts.Championship.objects.get(key="driver"), kind="points", points=1, driver=public,
        event=world.event, reason="Nachtrag",
    )  # fmt: skip


# Which states stand in one world, each with a word of its own: every page is asked once for all of them. Hidden things
# do not stand in each other's way, for a page shows one that leaks as if it were alone. What adds something public does:
# the front page has four results and a story four others beside it, so no world has more of them.
WORLDS: dict[str, tuple[Callable[[World], None], ...]] = {
    "hidden_stories": (
        draft,
        in_review,
        scheduled,
        scheduled_then_withdrawn,
        trashed,
        live_then_embargoed_again,
        returned,
        approved,
        under_embargo,
        taken_down,
        withdrawn_then_taken_down,
        pinned_before_its_hour,
        page_of_the_site_to_come,
    ),
    "stories_to_change": (
        withdrawn,
        live_with_unpublished_changes,
        live_with_scheduled_correction,
        live_with_approved_changes,
    ),
    "stories_changed": (
        taken_down_then_published_clean,
        reinstated_in_its_old_words,
        replaced_by_a_clean_version,
        picture_blocked,
    ),
    "weekends": (event_of_the_desk, event_under_embargo, event_of_a_public_season_hidden, session_of_the_desk),
    "results_hidden": (
        classification_not_released,
        new_version_under_embargo,
        version_replaced_under_embargo,
        car_of_a_draft,
        laps_before_their_result,
    ),
    "results_replaced": (
        classification_under_embargo,
        version_withdrawn,
        version_from_before_its_session,
        decision_of_the_desk_in_a_public_version,
        laps_not_released,
    ),
    "date_before_it_was_public": (date_changed_before_it_was_public,),
    "dates_changed": (date_corrected_from_a_slip, date_changed_with_a_reason_for_the_desk),
    "championships": (championship_of_the_desk, championship_to_come),
    "decisions_on_who_is_not_public": (decisions_on_who_is_not_public,),
}

# --- places: where each address leads in such a world ----------------------------------------------------------------


def none(world: World) -> list[str]:
    return []


def articles(world: World) -> list[str]:
    slugs = {*Article.objects.values_list("slug", flat=True), *Address.objects.values_list("slug", flat=True)}
    return [f"/artikel/{slug}/" for slug in sorted(slugs)]


def series(world: World) -> list[str]:
    return [f"/{slug}/" for slug in facts.Series.objects.values_list("slug", flat=True)]


def seasons(world: World) -> list[str]:
    return [f"/{s.series.slug}/{s.slug}/" for s in facts.Season.objects.select_related("series")]


def events(world: World) -> list[str]:
    return [event.get_absolute_url() for event in facts.Event.objects.all()]


def sessions(world: World) -> list[str]:
    return [session.get_absolute_url() for session in facts.Session.objects.all()]


def profiles(model: type) -> Callable[[World], list[str]]:
    return lambda world: [thing.get_absolute_url() for thing in model.objects.all()]


def charts(world: World) -> list[str]:
    return [f"{path}grafik/?bild={kind}" for path in sessions(world) for kind in ("positionen", "stints")]


def chart_files(world: World) -> list[str]:
    kinds = ("positionen", "abstand", "rundenzeiten", "stints")
    return [f"{path}grafik/{kind}.svg" for path in sessions(world) for kind in kinds]


def entry_lists(world: World) -> list[str]:
    return [f"{path}starterliste/" for path in events(world)]


def entry_list_files(world: World) -> list[str]:
    return [f"{path}starterliste.{form}" for path in events(world) for form in ("csv", "xlsx", "json")]


def result_files(world: World) -> list[str]:
    forms = ("csv", "xlsx", "json")
    return [f"{path}ergebnis.{form}{past}" for path in sessions(world) for form in forms for past in ("", *PASTS)]


def history_files(world: World) -> list[str]:
    forms = ("csv", "xlsx", "json")
    return [f"{path}verlauf.{form}{pair}" for path in sessions(world) for form in forms for pair in ("", *PAIRS)]


def laps_of_cars(world: World) -> list[str]:
    cars = facts.SessionEntry.objects.select_related("session", "entry")
    return [f"{car.session.get_absolute_url()}runden/{car.entry.number}/" for car in cars]


PASTS = ("?version=1", "?version=2", "?stand=2021-11-07", f"?stand={timezone.now():%Y-%m-%d}", "?version=4711")


def pasts_of(tail: str, *asked: str) -> Callable[[World], list[str]]:
    """An address below sessions, plain and with every way to ask for another version."""
    return lambda world: [f"{path}{tail}{query}" for path in sessions(world) for query in ("", *asked)]


PAIRS = ("?von=1&bis=2", "?von=2&bis=1", "?von=1&bis=3")


def below_sessions(tail: str) -> Callable[[World], list[str]]:
    return lambda world: [f"{path}{tail}" for path in sessions(world)]


def months(world: World) -> list[str]:
    now = timezone.localtime()
    return [f"/archiv/{now.year}/{now.month}/"]


def searches(world: World) -> list[str]:
    """Half of the needle, for the page repeats what somebody looks for."""
    return [f"/suche/?q={NEEDLE[:6]}", f"/suche/?q={NEEDLE[:6]}&sortierung=datum", f"/suche/?q={NEEDLE[:-1]}"]


def media(world: World) -> list[str]:
    """Every file and crop of the pictures that carry the needle, and names that are none."""
    hidden = Image.objects.filter(title__startswith=NEEDLE)
    return [f"/medien/{image.token}/{size}" for image in hidden for size in (*renditions.SIZES, "original", "w481")]


def previews(world: World) -> list[str]:
    """An expired link to every article, and one that lives to another article than the hidden one."""
    return previews_of(Article.objects.all())


def previews_of(articles: QuerySet[Article]) -> list[str]:
    others = Article.objects.filter(title__startswith="Offen")
    tokens = [token_to(article, alive=False) for article in articles | others]
    return [f"/vorschau/{token}/" for token in [*tokens, *(token_to(article, alive=True) for article in others)]]


def preview_media(world: World) -> list[str]:
    """Every hidden picture below the links to the articles of its state, and to the other one."""
    paths = []
    for image in Image.objects.filter(title__startswith=NEEDLE):
        of_its_state = Article.objects.filter(title__regex=rf"^\w+{image.title.removeprefix(NEEDLE)} ")
        files = [f"{image.token}/{size}" for size in ("w480", "original", "w481")]
        paths += [f"{path}bild/{file}" for path in previews_of(of_its_state) for file in files]
    return paths


def token_to(article: Article, *, alive: bool) -> str:
    token = secrets.token_urlsafe(24)
    start = timezone.now() - (dt.timedelta() if alive else 2 * HOUR)
    PreviewLink.objects.create(
        article=article,
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        created_by=User.objects.get(username="chefin"),
        created_at=start,
        expires_at=start + HOUR,
    )
    return token


def per_series(tail: str) -> Callable[[World], list[str]]:
    return lambda world: [f"{address}{tail}" for address in series(world)]


def records(world: World) -> list[str]:
    tails = ["", "?nach=teams", "?nach=hersteller&rekord=podestplaetze", "?rekord=starts"]
    return [f"{address}rekorde/{tail}" for address in series(world) for tail in tails]


def record_files(world: World) -> list[str]:
    return [f"{address}rekorde.{form}" for address in series(world) for form in ("csv", "xlsx", "json")]


def per_author(tail: str) -> Callable[[World], list[str]]:
    return lambda world: [f"/autor/{slug}/{tail}" for slug in Author.objects.values_list("slug", flat=True)]


def per_tag(tail: str) -> Callable[[World], list[str]]:
    return lambda world: [f"/thema/{slug}/{tail}" for slug in Tag.objects.values_list("slug", flat=True)]


def sitemap_parts(world: World) -> list[str]:
    """Every part in which something of this world stands or would stand; keys go on counting through a run of tests."""
    parts = ["/sitemap-seiten.xml"]
    for kind, lines in sitemaps.KINDS.items():
        keys = lines().model._default_manager.values_list("pk", flat=True)
        parts += [f"/sitemap-{kind}-{number}.xml" for number in sorted({1 + key // sitemaps.PART for key in keys})]
    return parts


def standings_of(*tails: str) -> Callable[[World], list[str]]:
    """Addresses of every championship, public or not."""
    return lambda world: [
        f"/{one.season.series.slug}/{one.season.slug}/tabelle/{one.key}{tail}"
        for one in facts.Championship.objects.select_related("season__series")
        for tail in tails
    ]


def accounts(*tails: str) -> Callable[[World], list[str]]:
    """Accounts of everybody who could stand in a table, in every championship."""

    def paths(world: World) -> list[str]:
        keys = [
            *facts.Driver.objects.values_list("slug", flat=True),
            *facts.Team.objects.values_list("slug", flat=True),
        ]
        return [path for key in keys for path in standings_of(*(f"/punkte/{key}{tail}" for tail in tails))(world)]

    return paths


def at(*paths: str) -> Callable[[World], list[str]]:
    return lambda world: list(paths)


PLACES: dict[str, Callable[[World], list[str]]] = {
    "healthz": at("/healthz"),
    "articles:home": at("/"),
    "articles:article-detail": articles,
    "articles:media": media,
    "articles:preview": previews,
    "articles:preview-media": preview_media,
    "articles:author": profiles(Author),
    "articles:tag": profiles(Tag),
    "articles:archive": at("/archiv/"),
    "articles:archive-year": lambda world: [f"/archiv/{timezone.localtime().year}/"],
    "articles:archive-month": months,
    "articles:search": searches,
    "articles:corrections": at("/korrekturen/"),
    "articles:impressum": at("/impressum/"),
    "articles:datenschutz": at("/datenschutz/"),
    "articles:barrierefreiheit": at("/barrierefreiheit/"),
    "articles:feed-rss": at("/feeds/rss.xml"),
    "articles:feed-atom": at("/feeds/atom.xml"),
    "articles:feed-json": at("/feeds/feed.json"),
    "articles:series-feed-rss": per_series("feeds/rss.xml"),
    "articles:series-feed-atom": per_series("feeds/atom.xml"),
    "articles:series-feed-json": per_series("feeds/feed.json"),
    "articles:author-feed-rss": per_author("feeds/rss.xml"),
    "articles:author-feed-atom": per_author("feeds/atom.xml"),
    "articles:author-feed-json": per_author("feeds/feed.json"),
    "articles:tag-feed-rss": per_tag("feeds/rss.xml"),
    "articles:tag-feed-atom": per_tag("feeds/atom.xml"),
    "articles:tag-feed-json": per_tag("feeds/feed.json"),
    "articles:sitemap": at("/sitemap.xml"),
    "articles:sitemap-part": sitemap_parts,
    "articles:news-sitemap": at("/news-sitemap.xml"),
    "articles:robots": at("/robots.txt"),
    "articles:security": at("/.well-known/security.txt"),
    "results:calendar": lambda world: [
        "/kalender/",
        "/kalender/?jahr=2021",
        *(f"/kalender/?serie={word}" for word in world.addressed),
    ],
    "results:calendar-ics": at("/kalender.ics"),
    "results:series-calendar-ics": per_series("kalender.ics"),
    "results:driver-list": at("/fahrer/", f"/fahrer/?q={NEEDLE[:4]}"),
    "results:driver-detail": profiles(facts.Driver),
    "results:team-list": at("/team/"),
    "results:team-detail": profiles(facts.Team),
    "results:manufacturer-list": at("/hersteller/"),
    "results:manufacturer-detail": profiles(facts.Manufacturer),
    "results:circuit-list": at("/strecke/"),
    "results:circuit-detail": profiles(facts.Circuit),
    "results:series-detail": series,
    "results:series-records": records,
    "results:series-records-export": record_files,
    "results:season-detail": seasons,
    "results:event-detail": events,
    "results:session-detail": pasts_of("", *PASTS),
    "results:session-history": pasts_of("verlauf/", *PAIRS),
    "results:session-history-export": history_files,
    "results:session-charts": charts,
    "results:session-chart-svg": chart_files,
    "results:entry-list": entry_lists,
    "results:entry-list-export": entry_list_files,
    "results:session-export": result_files,
    "results:session-laps": below_sessions("runden/"),
    "results:car-laps": laps_of_cars,
    "results:head-to-head": below_sessions("vergleich/"),
}
PLACES |= {
    "results:standings": lambda world: [f"{path}tabelle/" for path in seasons(world)],
    "results:standing": standings_of("/", "/?nach=1", "/?nach=2"),
    "results:standing-export": standings_of(".csv", ".xlsx", ".json"),
    "results:standing-matrix": standings_of("/matrix/", "/matrix/?nach=1"),
    "results:standing-matrix-export": standings_of("/matrix.csv", "/matrix.xlsx"),
    "results:points-ledger": accounts("/"),
    "results:points-ledger-export": accounts(".csv", ".xlsx"),
    "results:title": lambda world: standings_of(
        "/titel/", *(f"/titel/?{asked}" for word in world.addressed for asked in (f"lauf={word}", f"rennen.{word}=1"))
    )(world),
    "results:title-game": lambda world: standings_of(
        "/titel/spiel.json", *(f"/titel/spiel.json?rennen.{word}=1" for word in world.addressed)
    )(world),
}
ERROR_PAGES = at("/gibt-es-nicht-xyz/", "/artikel/gibt-es-nicht-xyz/", f"/{NEEDLE.lower()}x/")


def nobody(world: World) -> Client:
    return Client()


def staff_on_the_public_site(world: World) -> Client:
    """A logged-in chief who opens public pages: they show what readers see, previews are another address."""
    client = Client()
    client.force_login(world.chief)
    return client


def reporter_on_the_public_site(world: World) -> Client:
    client = Client()
    client.force_login(factories.UserFactory(role="reporter"))
    return client


# Of each kind of hidden thing a state in which staff asks for every address, too.
ASKED_BY_STAFF = {
    draft,
    taken_down,
    live_with_scheduled_correction,
    page_of_the_site_to_come,
    picture_blocked,
    event_of_the_desk,
    session_of_the_desk,
    classification_under_embargo,
    decision_of_the_desk_in_a_public_version,
    laps_not_released,
    date_changed_with_a_reason_for_the_desk,
    championship_of_the_desk,
}
# In all other states it asks where the answer can depend on who asks: the session was looked into, or one of these was met.
LOOK_AT_COOKIES = {
    "articles/views/media.py": {media, preview_media},
    "racedesk/conditional.py": set(),  # keeps and compares answers, and writes none itself
    "racedesk/accounts/devices.py": set(),  # the login, which is no public address
}
NOT_A_WORD = [live_then_embargoed_again, under_embargo, taken_down, withdrawn_then_taken_down, draft, approved]


def test_every_public_address_has_a_line_in_the_matrix():
    assert {address.name for address in public_addresses()} == set(PLACES)


LOOKS_AT_COOKIES = re.compile(r"\bCOOKIES\b|HTTP_COOKIE|get_signed_cookie|[\"'][Cc]ookie[\"'][\])]")


def test_nobody_else_looks_at_cookies():
    """Else a place could tell staff apart without its session, and staff would not ask there in every state."""
    project = Path(__file__).parents[2]
    sources = [
        path for folder in ("racedesk", "articles", "results", "templates") for path in (project / folder).rglob("*")
    ]
    found = {
        str(path.relative_to(project))
        for path in sources
        if path.suffix in {".py", ".html", ".txt", ".xml"} and LOOKS_AT_COOKIES.search(path.read_text("utf-8"))
    }
    assert found == set(LOOK_AT_COOKIES)


@pytest.mark.parametrize("states", WORLDS.values(), ids=WORLDS.keys())
def test_nothing_hidden_shows_anywhere(world, states):
    """Whoever asks: `nobody` everywhere, and a chief on the public site wherever that can make a difference."""
    hide(world, *states)
    assert_no_list_is_full()
    for season in facts.Season.objects.all():
        compute_season(season.pk)
    strangers, chief = nobody(world), staff_on_the_public_site(world)
    is_staff_asking = not ASKED_BY_STAFF.isdisjoint(states)
    shown = {}
    for place in [*PLACES.values(), ERROR_PAGES]:
        for path in place(world):
            answer = strangers.get(path)
            shown[path] = words_in(answer, place, states)
            if place is media:
                continue  # the desk sees its own pictures, see tests/articles/test_media.py
            if is_staff_asking or can_depend_on_who_asks(answer, place):
                shown[f"{path}, asked by staff"] = words_in(chief.get(path), place, states)
    assert {path: found for path, found in shown.items() if found} == {}


def assert_no_list_is_full() -> None:
    """Else it could hide what leaks."""
    stories = Publication.objects.public().values("article").distinct().count()
    assert stories <= 1 + STORIES_BESIDE
    assert facts.Classification.objects.public().count() <= FRONT_RESULTS


def can_depend_on_who_asks(answer, place) -> bool:
    """Whether the session was looked into for this answer, which tells who asks, or the view looks at cookies itself."""
    session = getattr(answer.wsgi_request, "session", None)
    return place in set().union(*LOOK_AT_COOKIES.values()) or (session is not None and session.accessed)


def words_in(answer, place, states: tuple[Callable[[World], None], ...]) -> list[str]:
    """The states whose word an answer says, or whose picture it gives."""
    if place in {media, preview_media} and answer.status_code != 404:
        return ["a picture"]
    # An address may repeat what was asked for nowhere in the answer either, canonical links included.
    said = (said_by(answer) + str(answer.headers)).lower()
    words = set(re.findall(rf"{NEEDLE.lower()}(?:x\w)?", said))
    return sorted(f"{state_of(word, states)} ({answer.status_code})" for word in words)


def said_by(answer) -> str:
    """All words of an answer; a spreadsheet is a ZIP, in whose bytes no word can be found."""
    content = answer.getvalue()
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return content.decode("utf-8", "replace")


def shape(answer) -> tuple[object, ...]:
    """What a stranger can tell answers apart by: status, header names, length."""
    return answer.status_code, sorted(name.lower() for name in answer.headers), len(answer.getvalue())


@pytest.mark.parametrize(
    "state",
    [draft, in_review, scheduled, scheduled_then_withdrawn, trashed, live_then_embargoed_again],
    ids=lambda state: state.__name__,
)
def test_a_hidden_story_answers_as_one_that_never_existed(world, state):
    state(world)
    never = shape(Client().get(f"/artikel/{'x' * len(world.article.slug)}/"))
    assert shape(Client().get(f"/artikel/{world.article.slug}/")) == never
    token = world.image.token
    assert shape(Client().get(f"/medien/{token}/w480")) == shape(Client().get(f"/medien/{'A' * len(token)}/w480"))


@pytest.mark.parametrize(
    "state",
    [event_of_the_desk, event_under_embargo, event_of_a_public_season_hidden, session_of_the_desk],
    ids=lambda state: state.__name__,
)
def test_a_hidden_fact_answers_as_one_that_never_existed(world, state):
    state(world)
    hidden = [world.hidden_session.get_absolute_url()]
    if world.event:
        hidden.append(world.event.get_absolute_url())
    for path in hidden:
        never = path.replace(NEEDLE.lower(), "x" * len(NEEDLE))
        assert shape(Client().get(path)) == shape(Client().get(never)), path


@pytest.mark.parametrize(
    "state",
    [draft, taken_down, event_under_embargo, session_of_the_desk, classification_under_embargo, car_of_a_draft],
    ids=lambda state: state.__name__,
)
def test_a_hidden_thing_costs_as_much_as_one_that_never_existed(world, state):
    """Else the time of an answer tells what its words do not. The whole word too, which a page of hits repeats."""
    state(world)
    Client().get("/")
    secret, paths = {media, previews, preview_media}, [f"/suche/?q={NEEDLE}"]
    paths += [path for place in PLACES.values() if place not in secret for path in place(world)]
    for path in [path for path in paths if NEEDLE.lower() in path.lower()]:
        never, other = (
            path.replace(NEEDLE.lower(), x * len(NEEDLE)).replace(NEEDLE, x.upper() * len(NEEDLE)) for x in "xy"
        )
        Client().get(other)  # what is kept of the arithmetic of titles is there for both
        assert asked_for(path) == asked_for(never), path


def asked_for(path: str) -> tuple[object, ...]:
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get(path)
    return (*shape(answer), len(queries))


def test_a_link_to_another_draft_opens_that_draft_alone(world):
    """The lines of the previews can fail: a living link to the hidden article shows it."""
    draft(world)
    statuses = [Client().get(path).status_code for path in previews(world)]
    shown = Client().get(f"/vorschau/{token_to(world.article, alive=True)}/")
    assert statuses == [404, 404, 200]
    assert NEEDLE in shown.content.decode()


def test_a_withdrawn_story_answers_410_with_the_note_and_nothing_else(world):
    withdrawn(world)
    answer = Client().get(f"/artikel/{world.article.slug}/")
    assert answer.status_code == 410
    assert "Zurückgezogen wegen eines Irrtums." in answer.content.decode()


def test_the_same_places_show_the_word_once_it_is_public(world):
    """The matrix can fail: live, the needle stands on every surface a story and a fact reach."""
    article = make_article(world, one_of_many(world))
    workflow.publish(article, by=world.chief)
    reached = {
        name
        for name, place in PLACES.items()
        if name != "articles:media"
        for path in place(world)
        if world.word.lower() in Client().get(path).getvalue().decode("utf-8", "replace").lower()
    }
    assert reached == {
        "articles:home",
        "articles:article-detail",
        "articles:author",
        "articles:tag",
        "articles:archive",
        "articles:archive-year",
        "articles:archive-month",
        "articles:search",
        "articles:feed-rss",
        "articles:feed-atom",
        "articles:feed-json",
        "articles:series-feed-rss",
        "articles:series-feed-atom",
        "articles:series-feed-json",
        "articles:author-feed-rss",
        "articles:author-feed-atom",
        "articles:author-feed-json",
        "articles:tag-feed-rss",
        "articles:tag-feed-atom",
        "articles:tag-feed-json",
        "articles:sitemap-part",
        "articles:news-sitemap",
        "results:series-detail",
        "results:event-detail",
        "results:session-detail",
    }
    picture = Client().get(f"/medien/{world.image.token}/w480")
    picture.getvalue()
    assert picture.status_code == 200


def test_hidden_facts_show_once_they_are_public(world):
    one_of_many(world)
    hide_event(world, timezone.now() - HOUR)
    paths = ["/", *series(world), *seasons(world), *events(world), *sessions(world)]
    persons = [
        path
        for model in (facts.Driver, facts.Team, facts.Manufacturer, facts.Circuit)
        for path in profiles(model)(world)
    ]
    paths += [*persons, "/fahrer/", "/team/", "/hersteller/", "/strecke/"]
    machines = ["/kalender/", "/kalender.ics", f"/{world.word.lower()}/kalender.ics", "/sitemap-seiten.xml"]
    named = ("ereignisse", "ergebnisse", "fahrer", "hersteller")
    machines += [path for path in sitemap_parts(world) if path.split("-")[1] in named]
    machines += [
        f"/{world.word.lower()}/rekorde/",
        f"/{world.word.lower()}/rekorde.csv",
        f"/{world.word.lower()}/rekorde.json",
    ]
    paths += machines
    reached = {
        path for path in paths if world.word.lower() in Client().get(path).getvalue().decode("utf-8", "replace").lower()
    }
    assert {"/", world.event.get_absolute_url(), world.hidden_session.get_absolute_url()} <= reached
    assert {"/fahrer/", "/team/", "/hersteller/", "/strecke/", *machines} <= reached
    assert {path for path in persons if world.word.lower() in path} <= reached


def test_hidden_championships_show_once_they_are_public(world):
    """The lines of the tables can fail: public, the needle stands in each of them."""
    one_of_many(world)
    championship_of_needle(world, timezone.now() - HOUR)
    session = further_session(world)
    release_needle(world, session, complete=True)
    compute_season(world.public_event.season_id)
    ours = [name for name in PLACES if name.startswith(("results:standing", "results:points-ledger"))]
    reached = {name for name in ours for path in PLACES[name](world) if world.word in said_by(Client().get(path))}
    assert reached == set(ours)


def test_titles_show_who_is_hidden_once_he_is_public(world):
    """The lines of the title pages can fail, too."""
    one_of_many(world)
    session = further_session(world)
    release_needle(world, session, complete=True)
    compute_season(world.public_event.season_id)
    said = [said_by(Client().get(path)) for path in PLACES["results:title"](world)]
    assert sum(world.word in page for page in said) >= len(facts.Championship.Subject.values)


LAP_PAGES = {"results:session-laps", "results:car-laps", "results:head-to-head", "results:session-detail"}


def test_two_cars_of_a_result_are_compared_once_it_is_public(world):
    one_of_many(world)
    release_needle(world, further_session(world), complete=True)
    assert any(world.word in said_by(Client().get(path)) for path in PLACES["results:head-to-head"](world))


def test_hidden_laps_show_once_they_are_public(world):
    """The lap pages can fail, too."""
    one_of_many(world)
    session = further_session(world)
    laps_of_needle(world, session)
    reached = {
        name
        for name in LAP_PAGES
        for path in PLACES[name](world)
        if world.word.lower() in Client().get(path).getvalue().decode("utf-8", "replace").lower()
    }
    assert reached == LAP_PAGES


def test_the_moment_of_publication_needs_no_job(world):
    """A scheduled story appears when the database clock passes its start; moving the window stands for waiting."""
    scheduled(world)
    path = f"/artikel/{world.article.slug}/"
    assert Client().get(path).status_code == 404
    Publication.objects.filter(article=world.article).update(visible_from=F("visible_from") - 2 * HOUR)
    assert Client().get(path).status_code == 200


def test_public_pages_set_no_cookie_and_may_be_cached(world):
    for place in PLACES.values():
        for path in place(world):
            answer = Client().get(path)
            assert not answer.cookies, path
            if answer.status_code == 200 and path != "/healthz" and place is not previews:
                assert answer["Cache-Control"].startswith("public, max-age="), path


@pytest.mark.parametrize("asker", [nobody, reporter_on_the_public_site], ids=lambda asker: asker.__name__)
@pytest.mark.parametrize("state", NOT_A_WORD, ids=lambda state: state.__name__)
def test_what_is_not_spoken_of_answers_like_an_address_that_never_was(world, state, asker):
    state(world)
    client = asker(world)

    answer, never = (client.get(f"/artikel/{slug}/") for slug in (world.article.slug, "x" * len(world.article.slug)))

    assert (answer.status_code, sorted(answer.headers)) == (404, sorted(never.headers))
    assert len(answer.content) == len(never.content)
