"""The permission table: every address x role x method against the fixed expectations in `permissions.tsv`.

A new address without a line fails, and so does a door that opens wider or closes. After a wanted change write the table
anew with `WRITE_PERMISSIONS=1` in the environment and read the difference before committing it.
"""

import csv
import datetime as dt
import os
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles import models as stories
from racedesk.roles import ROLES
from results import models as facts
from results.importers.loading.summaries import write_summaries
from tests import factories
from tests.results.standings.made import championship
from tests.site.addresses import Address, walk

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("permissions.tsv")
PERSONS = ("nobody", *ROLES)
METHODS = ("GET", "POST")


@pytest.fixture
def things() -> dict[type, object]:
    return make_things()


def make_things() -> dict[type, object]:
    """One object of every model an address may name, the way a working newsroom holds them."""
    publication = factories.publish()
    classification = factories.ClassificationFactory(rows=[{"position": 1}, {"position": 2}])
    session = classification.session
    entry = facts.Entry.objects.order_by("pk").first()
    factories.drive(entry.session_entries.get(), 100_000)
    write_summaries(session)
    championship(session.event.season, key="fahrer", subject="team")
    made: dict[type, object] = {
        stories.Article: publication.article,
        stories.Publication: publication,
        stories.Revision: publication.revision,
        stories.Act: publication.article.acts.first(),
        stories.Image: factories.ImageFactory(),
        stories.Author: stories.Author.objects.first(),
        stories.FrontPin: stories.FrontPin.objects.create(
            article=publication.article, slot="lead", until=timezone.now() + dt.timedelta(days=1)
        ),
        stories.Page: stories.Page.objects.get(name="impressum"),
        stories.Withdrawal: stories.Withdrawal.objects.create(article=publication.article, note="Irrtum"),
        facts.Session: session,
        facts.Event: session.event,
        facts.Season: session.event.season,
        facts.ArchiveSpan: factories.ArchiveSpanFactory(first_season=session.event.season),
        facts.Series: session.event.season.series,
        facts.Circuit: session.event.circuit,
        facts.Classification: classification,
        facts.Entry: entry,
        facts.Team: entry.team,
        facts.CarModel: entry.car_model,
        facts.Driver: factories.CrewMemberFactory(entry=entry).driver,
        facts.SessionEntry: entry.session_entries.get(),
        facts.Layout: factories.LayoutFactory(),
        facts.Manufacturer: made_by_somebody(entry),
        facts.RacingClass: factories.RacingClassFactory(),
        facts.Cup: factories.CupFactory(),
        facts.PrintedStanding: factories.PrintedStandingFactory(),
        facts.Championship: factories.ChampionshipFactory(season=session.event.season),
        facts.SourceDocument: classification.document,
        facts.ImportRun: factories.ImportRunFactory(),
        facts.Decision: factories.DecisionFactory(session=session),
        facts.LapDeletion: factories.LapDeletionFactory(session_entry=entry.session_entries.get()),
        facts.RaceControlMessage: factories.RaceControlMessageFactory(session=session),
        facts.WeatherReading: factories.WeatherReadingFactory(session=session),
        facts.IdentityChange: factories.IdentityChangeFactory(),
        facts.DistinctPair: factories.DistinctPairFactory(),
        facts.DeletedFacts: facts.DeletedFacts.objects.create(
            name="x", kind="y", rows=[], deleted_by=factories.UserFactory()
        ),
        User: User.objects.create_user("jemand", password="x"),
        Group: Group.objects.first(),
    }
    scoring = {"championship": made[facts.Championship], "session": session}
    made[facts.ScoringEvent] = factories.ScoringEventFactory(**scoring)
    made[facts.ChampionshipDecision] = factories.ChampionshipDecisionFactory(championship=made[facts.Championship])
    for model in (stories.Tag, facts.LapSet, facts.Broadcast):
        made[model] = model.objects.first() or getattr(factories, f"{model.__name__}Factory")()
    return made


def made_by_somebody(entry: facts.Entry) -> facts.Manufacturer:
    entry.car_model.manufacturer = factories.ManufacturerFactory()
    entry.car_model.save()
    return entry.car_model.manufacturer


PROFILES = {"fahrer": facts.Driver, "team": facts.Team, "hersteller": facts.Manufacturer, "strecke": facts.Circuit}


class Visitor(Client):
    """A person, or nobody, who asks one thing after another, each with the login of the first moment and no cookie since.

    One of the addresses is the logout: whoever asks for it has it taken back (`asked`), and the login holds.
    """

    def __init__(self, person: User | None = None) -> None:
        super().__init__()
        if person:
            self.force_login(person)
        self._brought = {name: morsel.value for name, morsel in self.cookies.items()}

    def request(self, **request: object) -> HttpResponse:
        self.cookies = SimpleCookie(self._brought)
        return super().request(**request)


def path_of(address: Address, things: dict[type, object]) -> str:
    """A real path of the pattern: arguments are filled from the one object of each model."""
    values = arguments_of(address, things)
    path = "/" + address.route.replace(r"^(?P<app_label>articles|results|auth)/$", "results/")
    for name in address.arguments:
        for shape in (f"<path:{name}>", f"<int:{name}>", f"<slug:{name}>", f"<str:{name}>", f"<{name}>"):
            path = path.replace(shape, str(values[name]))
    if "(?P<app_label>" in path:
        return "/admin/results/"
    if "(?P<url>" in path:
        return "/admin/gibt-es-nicht/"
    return path


def arguments_of(address: Address, things: dict[type, object]) -> dict[str, object]:
    session, article = things[facts.Session], things[stories.Article]
    event = session.event
    values: dict[str, object] = {
        "series": event.season.series.slug,
        "season": event.season.slug,
        "event": event.slug,
        "session": session.slug,
        "session_pk": session.pk,
        "slug": article.slug,
        "form": "csv",
        "car": things[facts.Entry].number,
        "token": things[stories.Image].token,
        "image": things[stories.Image].token,
        "size": "w480",
        "kind": "positionen",
        "uidb64": "MQ",
        "sha256": things[facts.SourceDocument].sha256,
        "number": things[stories.Revision].number,
        "document_id": things[facts.SourceDocument].pk,
        "year": timezone.localdate().year,
        "month": timezone.localdate().month,
        "content_type_id": ContentType.objects.get_for_model(stories.Article).pk,
        "app_label": "results",
        "url": "gibt-es-nicht",
        "author": things[stories.Author].slug,
        "tag": things[stories.Tag].slug,
        "part": "seiten",
        "key": "fahrer",
        "competitor": things[facts.Team].slug,
    }
    if address.name == "articles:author":
        values["slug"] = things[stories.Author].slug
    profiled = PROFILES.get(address.route.partition("/")[0])
    if profiled:
        values["slug"] = things[profiled].slug
    thing = things.get(model_in(address)) if model_in(address) else article
    for name in address.arguments:
        if name not in values:
            values[name] = thing.pk
    return values


def model_in(address: Address) -> type | None:
    """The model whose admin an address belongs to."""
    parts = address.route.split("/")
    if address.is_desk and len(parts) > 2 and (parts[1], parts[2]) != ("r", "<path:content_type_id>"):
        try:
            return apps.get_model(parts[1], parts[2])
        except LookupError:
            return None
    return None


def asked(client: Client, method: str, path: str) -> HttpResponse:
    """The answer, read to its end, which closes a file; nothing of what it changed stays."""
    with transaction.atomic():
        answer = client.post(path, {}) if method == "POST" else client.generic(method, path)
        answer.getvalue()
        transaction.set_rollback(True)
    return answer


def outcome(answer: HttpResponse) -> str:
    """What happened: `login`, `redirect` or the status."""
    if answer.status_code == 302:
        return "login" if answer["Location"].startswith("/admin/login/") else "redirect"
    return str(answer.status_code)


def column(key: str, everywhere: Callable[..., dict[Address, HttpResponse]]) -> Iterator[tuple[str, str, str, str]]:
    """What one person gets at every address: name, route, method and outcome."""
    answers = {method: everywhere(key if key in ROLES else None, method) for method in METHODS}
    for address in sorted(walk()):
        for method in METHODS:
            yield address.name, address.route, method, outcome(answers[method][address])


def table_of(*columns: list[tuple[str, str, str, str]]) -> str:
    """The table as it is kept: one line an address and method, one column a person."""
    head = "\t".join(("address", "route", "method", *PERSONS))
    lines = ["\t".join((*cells[0][:3], *(cell[3] for cell in cells))) for cells in zip(*columns, strict=True)]
    return "\n".join([head, *lines]) + "\n"


@pytest.mark.skipif("WRITE_PERMISSIONS" not in os.environ, reason="only to write the table anew")
def test_write_the_table_anew(everywhere):
    TABLE.write_text(table_of(*(list(column(key, everywhere)) for key in PERSONS)), "utf-8")


@pytest.mark.parametrize("key", PERSONS)
def test_every_address_answers_every_role_as_the_table_says(everywhere, key):
    with TABLE.open(encoding="utf-8", newline="") as file:
        expected = [
            (line["address"], line["route"], line["method"], line[key]) for line in csv.DictReader(file, delimiter="\t")
        ]
    assert list(column(key, everywhere)) == expected


def test_nobody_enters_the_desk():
    """Whatever the table says: without a login an address of the desk leads to the login and nowhere else."""
    allowed = {"admin:login", "admin:logout", "admin:password_reset", "admin:password_reset_done"}
    allowed |= {"admin:password_reset_confirm", "admin:password_reset_complete"}
    open_doors = [
        line
        for line in TABLE.read_text("utf-8").splitlines()[1:]
        if (cells := line.split("\t"))[1].startswith("admin/") and cells[3] not in {"login", "404"}
        if cells[0] not in allowed
    ]
    assert open_doors == []


def test_every_change_at_the_desk_needs_a_form_token(things):
    """A forged POST of a logged-in administrator is refused at every address."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.UserFactory(role="administrator"))
    taken = {
        address.name
        for address in walk()
        if address.is_desk
        if client.post(path_of(address, things), {"post": "yes", "_save": "1"}).status_code not in {403, 404, 405}
    }
    assert taken == set()
