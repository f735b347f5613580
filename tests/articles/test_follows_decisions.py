"""A result that decisions changed: whatever was made of it says so at once, on pages, in stories and for machines."""

import json

import pytest
from django.urls import reverse

from articles.factcheck.database import sheet_of
from articles.facts.current import facts_of
from articles.sidebar import BoxSpec, load
from results.models import Classification, Decision
from tests import factories as make
from tests.results.stewards_made import HOUR, car_of, commit, decide, result

pytestmark = pytest.mark.django_db


@pytest.fixture
def race():
    """Car 7 of Anna Adler before car 8 of Carla Condor by two seconds."""
    session = make.SessionFactory(slug="rennen", event__slug="sechs-stunden")
    for number, name in (("7", "Adler"), ("8", "Condor")):
        make.EntryFactory(event=session.event, number=number, crew=[make.DriverFactory(last_name=name)])
    return result(("7", HOUR), ("8", 2_000), ("9", 9_000), session=session, state="final")


def path_of(session):
    event = session.event
    return [event.season.series.slug, event.season.slug, event.slug, session.slug]


def reference(session, kind, car):
    *event, _slug = path_of(session)
    return f"{kind}:{'/'.join(event)}/{session.key}#{car}"


def order_on(client, address):
    """The cars as the table of a page lists them."""
    text = client.get(address).content.decode()
    return sorted("789", key=lambda number: text.index(f">{number}<"))


def all_that_is_made_of(client, session):
    """What each derived thing says of the result now."""
    page = session.get_absolute_url()
    export = reverse("results:session-export", args=[*path_of(session), "json"])
    driver = make.facts.Driver.objects.get(last_name="Condor")
    box = load(
        [BoxSpec.from_item(make.SidebarItemFactory.build(article=None, kind="classification", session=session))]
    )[0]
    references = [reference(session, kind, car) for kind in ("position", "gap", "total") for car in "78"]
    return {
        "page": order_on(client, page),
        "status": client.get(page).status_code,
        "etag": client.get(page).headers.get("ETag"),
        "export": json.loads(client.get(export).content),
        "csv": client.get(export.replace(".json", ".csv")).content.decode(),
        "profile": client.get(driver.get_absolute_url()).content.decode(),
        "box": [(row.number, row.position) for row in box.result.rows],
        "facts": {text: fact.text for text, fact in facts_of(references).items()},
        "sheet": [(row.number, row.position) for row in sheet_of(session.event).sessions[0].rows],
    }


def test_everything_made_of_a_result_follows_a_decision_at_once_and_back_when_it_falls(client, race):
    before = all_that_is_made_of(client, race)
    assert before["page"] == ["7", "8", "9"]
    penalty = decide(race, "7", "time", 5_000, number="27")

    commit(race)
    after = all_that_is_made_of(client, race)

    assert after["page"] == ["8", "7", "9"]
    assert after["box"] == [("8", 1), ("7", 2), ("9", 3)]
    assert after["sheet"][:2] == [("8", 1), ("7", 2)]
    assert after["facts"][reference(race, "position", "8")] == "1"
    assert after["facts"][reference(race, "gap", "7")].startswith("3,000")
    for name in ("etag", "export", "csv", "profile", "box", "facts", "sheet"):
        assert after[name] != before[name], f"{name} says what it said"

    Decision.objects.filter(pk=penalty.pk).update(appeal="won")
    commit(race)
    again = all_that_is_made_of(client, race)
    for name in ("page", "box", "facts", "sheet", "profile"):
        assert again[name] == before[name]


def test_a_draft_and_what_is_only_looked_at_show_nowhere(client, race):
    before = all_that_is_made_of(client, race)
    decide(race, "7", "time", 5_000, public_from=None)

    commit(race, release=False)

    after = all_that_is_made_of(client, race)
    for name in ("page", "export", "csv", "profile", "box", "facts"):
        assert after[name] == before[name]


def test_a_result_under_embargo_that_a_decision_changes_stays_under_embargo(client, race):
    later = make.LONG_AGO.replace(year=2090)
    Classification.objects.filter(session=race).update(public_from=later)
    decide(race, "7", "time", 5_000, public_from=None)

    version = commit(race)

    assert version.public_from == later
    assert not Classification.objects.public().filter(session=race).exists()
    assert "1:00:05,000" not in client.get(race.get_absolute_url()).content.decode()


def test_a_page_that_was_kept_is_not_answered_with_304_after_a_decision(client, race):
    page = race.get_absolute_url()
    mark = client.get(page).headers["ETag"]
    assert client.get(page, headers={"if-none-match": mark}).status_code == 304
    decide(race, "7", "time", 5_000)
    commit(race)

    answer = client.get(page, headers={"if-none-match": mark})

    assert answer.status_code == 200
    assert car_of(race, "8").entry.number == "8"
