"""Where the desk sets up a championship it is told whose rules nobody has proven, and what it enters is computed."""

import pytest
from django.test import Client
from lxml import html

from results.models import Championship
from tests import factories
from tests.results.standings.made import desk, drivers, race, result, season

pytestmark = pytest.mark.django_db

ADD = "/admin/results/championship/add/"
TABLE = '{"scores": [{"table": [25, 20, 16]}], "ties": ["countback"]}'


@pytest.fixture
def client():
    client = Client()
    client.force_login(factories.UserFactory(role="results"))
    return client


@pytest.fixture
def cup():
    cup = season("2022", name="Prototype Cup Germany", slug="prototype-cup")
    result(race(cup, 1), drivers("Ada", "Bea"))
    return cup


def unproven(client):
    page = html.fromstring(client.get(ADD).content.decode())
    return [" ".join(one.text_content().split()) for one in page.xpath("//*[@id='unproven']/li")]


def test_the_page_names_the_championships_without_a_proven_table(client, cup):
    season("2022", name="DTM", slug="dtm")
    season("2024", name="IMSA", slug="imsa")

    assert unproven(client) == [
        "DTM 2022: Teamwertung, Herstellerwertung",
        "Prototype Cup Germany 2022: Fahrer, Junior-Wertung, Trophy-Wertung",
    ]


def test_a_table_entered_by_hand_is_computed_and_asked_for_no_more(client, cup):
    entered = {"season": cup.pk, "key": "driver", "name": "Fahrer", "subject": "driver", "sequence": 1, "text": TABLE}

    answer = client.post(ADD, entered)

    assert (answer.status_code, Championship.objects.get().is_by_hand) == (302, True)
    assert desk(key="driver") == {"Ada": "25", "Bea": "20"}
    assert unproven(client) == ["Prototype Cup Germany 2022: Junior-Wertung, Trophy-Wertung"]


def test_a_championship_entered_under_another_key_is_known_by_its_name(client, cup):
    entered = {
        "season": cup.pk,
        "key": "own",
        "name": "junior wertung",
        "subject": "driver",
        "sequence": 1,
        "text": TABLE,
    }

    client.post(ADD, entered)

    assert unproven(client) == ["Prototype Cup Germany 2022: Fahrer, Trophy-Wertung"]
