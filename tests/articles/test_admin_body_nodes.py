"""What the body editor asks the desk: facts, pictures, how values stand, typographic signs; and who may ask."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.gate import reasons_not_to_publish
from results.models import Classification
from tests import factories
from tests.articles.test_body_nodes import FIGURE, LAP, PICTURE, qualifying, value  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

BASE = "/admin/articles/article/"


@pytest.fixture
def reporter(client):
    client.force_login(factories.UserFactory(role="reporter"))
    return client


def hits(client, session, query):
    answer = client.get(f"{BASE}facts/", {"event": session.event_id, "q": query})
    return [(hit["reference"], hit["text"]) for hit in answer.json()["hits"]]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("7 rundenzeit", ("lap:wec/2021/bahrain/Q#7", "1:46,250")),
        ("conway qualifying platz", ("position:wec/2021/bahrain/Q#7", "1")),
        ("8 rückstand", ("gap:wec/2021/bahrain/Q#8", "0,290\u00a0Sekunden")),
        ("gazoo team", ("team:wec/2021/bahrain#8", "Gazoo")),
        ("conway nachname", ("surname:mike-conway", "Conway")),
        ("qualifying startzeit", ("start:wec/2021/bahrain/Q", "6.\u00a0November 2021, 12:00\u00a0Uhr MEZ")),
    ],
)
def test_facts_are_found_by_words(reporter, qualifying, query, first):  # noqa: F811
    assert hits(reporter, qualifying, query)[0] == first


def test_points_of_the_season_are_found(reporter, qualifying):  # noqa: F811
    factories.PrintedStandingRowFactory(
        standing__season=qualifying.event.season, standing__after="Bahrain", entrant="Toyota Gazoo", points="37.5"
    )
    reference = "points:wec/2021!Fahrerwertung!!Bahrain!toyota%20gazoo"
    assert hits(reporter, qualifying, "toyota punkte") == [(reference, "37,5")]


def test_a_number_finds_that_car_alone(reporter, qualifying):  # noqa: F811
    factories.EntryFactory(event=qualifying.event, number="77")

    assert {text for _, text in hits(reporter, qualifying, "7 startnummer")} == {"#7"}


def test_without_an_event_nothing_is_found(reporter, qualifying):  # noqa: F811
    assert reporter.get(f"{BASE}facts/", {"q": "7"}).json() == {"hits": [], "extracts": [], "has_events": False}
    assert reporter.get(f"{BASE}facts/", {"event": "x' or 1", "q": "7"}).json()["hits"] == []


def test_what_is_found_passes_the_gate_as_it_is(reporter, qualifying):  # noqa: F811
    found = reporter.get(f"{BASE}facts/", {"event": qualifying.event_id, "q": ""}).json()["hits"]
    body = "".join(value(hit["reference"], hit["text"], hit["value"] or "1") for hit in found)

    assert len(found) == 16
    assert reasons_not_to_publish(factories.ArticleFactory(body=body)) == []


def test_embargoed_facts_are_marked(reporter, qualifying):  # noqa: F811
    Classification.objects.update(public_from="2100-01-01T00:00Z")
    answer = reporter.get(f"{BASE}facts/", {"event": qualifying.event_id, "q": "7 rundenzeit", "extracts": 1}).json()

    assert [hit["is_public"] for hit in answer["hits"]] == [False]
    assert answer["extracts"] == [
        {
            "reference": "result:wec/2021/bahrain/Q",
            "name": "8 Stunden von Bahrain: Qualifying",
            "classes": [],
            "is_public": False,
        }
    ]


def test_one_and_many_cars_cost_the_same_queries(reporter, qualifying, django_assert_num_queries):  # noqa: F811
    hits(reporter, qualifying, "startnummer")  # the session of the person is known from here on
    with CaptureQueriesContext(
        connection,
    ) as few:
        hits(reporter, qualifying, "startnummer")
    for number in range(20):
        factories.EntryFactory(event=qualifying.event, number=f"{number}x", crew=[factories.DriverFactory()])
    with django_assert_num_queries(len(few)):
        hits(reporter, qualifying, "startnummer")


def test_values_are_compared_with_the_data(reporter, qualifying):  # noqa: F811
    body = LAP + value("lap:wec/2021/bahrain/Q#8", "1:47,000") + value("lap:wec/2021/bahrain/Q#9", "1:48,000") + FIGURE
    told = reporter.post(f"{BASE}nodes/", {"body": body + PICTURE, "language": "de"}).json()

    assert [(one["text"], one["state"], one["now"], one["value"]) for one in told["values"]] == [
        ("1:46,250", "same", "1:46,250", "106250"),
        ("1:47,000", "differs", "1:46,540", "106540"),
        ("1:48,000", "gone", "", ""),
    ]
    assert [row["number"] for row in told["extracts"]["result:wec/2021/bahrain/Q?rows=3"]["rows"]] == ["7", "8"]
    assert told["pictures"] == {}


def test_an_extract_without_a_public_result_is_told(reporter, qualifying):  # noqa: F811
    Classification.objects.update(public_from="2100-01-01T00:00Z")
    told = reporter.post(f"{BASE}nodes/", {"body": LAP + FIGURE}).json()

    assert told["extracts"] == {"result:wec/2021/bahrain/Q?rows=3": None}
    assert [one["state"] for one in told["values"]] == ["hidden"]


def test_pictures_are_found_by_words(reporter):
    image = factories.ImageFactory(title="Start in Spa", alt="Regen", credit="Foto: Eva")
    for one in (image, factories.ImageFactory(title="Ziel")):
        one.renditions.create(name="w480", file="x.webp", media_type="image/webp", width=480, height=270)
    found = reporter.get(f"{BASE}pictures/", {"q": "spa eva"}).json()["pictures"]

    assert [(one["token"], one["alt"], one["thumb"]) for one in found] == [
        (image.token, "Regen", f"/medien/{image.token}/w480-jpeg")
    ]


def test_typographic_signs_are_proposed(reporter):
    sent = {"title": '"Pole"', "standfirst": "Gut.", "body": "<p>Platz 1-3<script>x</script></p>", "language": "de"}

    assert reporter.post(f"{BASE}typography/", sent).json() == {
        "texts": {"title": "„Pole“", "body": "<p>Platz 1–3</p>"},
        "changes": [
            {"label": "Titel", "before": '"Pole"', "after": "„Pole“"},
            {"label": "Text", "before": "Platz 1-3", "after": "Platz 1–3"},
        ],
    }


@pytest.mark.parametrize("name", ["facts", "pictures", "nodes", "typography"])
def test_only_those_who_write_may_ask(client, name):
    method = {"facts": client.get, "pictures": client.get}.get(name, client.post)
    other = client.post if method == client.get else client.get
    answers = {None: method(f"{BASE}{name}/").status_code}
    for role in ("reporter", "editor", "chief", "results", "pictures", "administrator"):
        client.force_login(factories.UserFactory(role=role))
        answers[role] = method(f"{BASE}{name}/").status_code, other(f"{BASE}{name}/").status_code

    assert answers == {
        None: 302,
        "reporter": (200, 405),
        "editor": (200, 405),
        "chief": (200, 405),
        "results": (403, 403),
        "pictures": (403, 403),
        "administrator": (200, 405),
    }
