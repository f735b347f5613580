"""Public pages of championships: tables, matrix, accounts, and what other pages say of them."""

import pytest
from bs4 import BeautifulSoup
from django.db.models.functions import Now

from results.models import Championship, Classification, Event
from tests.factories import EventFactory
from tests.results.standings.made import AHEAD, drivers, race, result, season

pytestmark = pytest.mark.django_db
RULES = {"scores": [{"table": ["10", "6", "3"]}], "drops": [{"best": 2}]}


@pytest.fixture
def cup():
    """A championship of the best two results: Ada 16, Cleo 13, Bea 12 after three rounds, a fourth is to come."""
    formula = season(label="Demo")
    ada, bea, cleo = drivers("Ada", "Bea", "Cleo")
    races = [race(formula, day, name="Rennen", slug="rennen") for day in (1, 2, 3)]
    for number, session in enumerate(races, start=1):
        Event.objects.filter(pk=session.event_id).update(name=f"Lauf von {number}", slug=f"lauf-{number}")
    one = Championship.objects.create(
        season=formula, key="fahrer", name="Fahrerwertung", subject="driver", rules=RULES, is_by_hand=True,
        public_from=Now() - AHEAD,
    )  # fmt: skip
    for session, order in zip(races, ([ada, bea, cleo], [bea, ada, cleo], [cleo, bea, ada]), strict=True):
        result(session, order, state=Classification.State.FINAL)
    EventFactory(season=formula, name="Das Finale", slug="finale")
    return one


def base(cup):
    return f"/{cup.season.series.slug}/{cup.season.slug}/tabelle/"


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser")


def cells(soup, selector="table.results tbody tr"):
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["td", "th"])] for row in soup.select(selector)
    ]


def test_table(client, cup):
    soup = page(client, f"{base(cup)}fahrer/")
    print(cells(soup))
    print(soup.main.get_text(" ", strip=True))
    soup = page(client, f"{base(cup)}fahrer/matrix/")
    print(cells(soup))
    print(soup.main.get_text(" ", strip=True))
    soup = page(client, soup.select("td.r a")[-2]["href"])
    print(cells(soup))
    print(soup.main.get_text(" ", strip=True))
    for path in (
        "fahrer.csv",
        "fahrer.json",
        "fahrer/matrix.csv",
    ):
        print(client.get(base(cup) + path).content.decode()[:3000])
    assert client.get(base(cup) + "fahrer.xlsx").status_code == 200
    page(client, base(cup))


def test_others(client, cup):
    for path in (
        "/formel-1/",
        "/formel-1/Demo/",
        "/formel-1/Demo/lauf-2/",
        "/formel-1/Demo/finale/",
        "/formel-1/Demo/lauf-2/rennen/",
    ):
        soup = page(client, path)
        print("=====", path, soup.main.get_text(" ", strip=True))
    from results.models import Driver

    for d in Driver.objects.all():
        soup = page(client, d.get_absolute_url())
        print("=====", path, soup.main.get_text(" ", strip=True))
    soup = page(client, base(cup))
    print(soup.head)
    print(soup.main.get_text(" ", strip=True))
