"""Public pages of championships: tables, matrix, accounts, and what other pages say of them."""

import csv
import io
import json
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db.models.functions import Now
from django.utils import timezone

from articles.sitemaps import PART
from results.models import Championship, ChampionshipDecision, Classification, Computation, Driver, Event
from results.release import release_draft
from results.standings.account import account_of as account
from results.standings.due import championships_are_due
from results.standings.matrix import matrix_of
from results.standings.shown import championship_seen
from results.standings.summaries import standings_of_season
from tests.factories import ClassificationFactory, EventFactory
from tests.results.standings.made import AHEAD, championship, drivers, hold, open_now, race, result, season

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


def table(client, path):
    return cells(page(client, path))


def account_of(client, cup, name, query=""):
    """The page with the rows of somebody's points, found the way a reader finds it."""
    links = {row.select_one("td.crew").get_text(): row.select_one("td.r a")["href"] for row in rows(client, cup, query)}
    return page(client, links[name])


def rows(client, cup, query=""):
    return page(client, f"{base(cup)}fahrer/{query}").select("table.results tbody tr")


def decide(cup, **values):
    ChampionshipDecision.objects.create(championship=cup, **({"reason": "Beschluss der Kommission"} | values))
    championships_are_due(cup.season_id)


def ada():
    return Driver.objects.get(last_name="Ada")


def test_a_table_says_positions_points_gaps_wins_and_what_was_dropped(client, cup):
    assert table(client, f"{base(cup)}fahrer/") == [
        ["1.", "Bea", "16 Punkte von Bea, Zeile für Zeile", "", "", "1", "6"],
        ["2.", "Ada", "16 Punkte von Ada, Zeile für Zeile", "0", "0", "1", "3"],
        ["3.", "Cleo", "13 Punkte von Cleo, Zeile für Zeile", "3", "3", "1", "3"],
    ]


def test_a_former_table_is_asked_for_by_round_and_stays_out_of_search_engines(client, cup):
    soup = page(client, f"{base(cup)}fahrer/?nach=1")

    assert [line[:5] for line in cells(soup)] == [
        ["1.", "Ada", "10 Punkte von Ada, Zeile für Zeile", "", ""],
        ["2.", "Bea", "6 Punkte von Bea, Zeile für Zeile", "4", "4"],
        ["3.", "Cleo", "3 Punkte von Cleo, Zeile für Zeile", "7", "3"],
    ]
    assert "Stand nach Lauf 1: Lauf von 1" in soup.main.get_text(" ", strip=True)
    assert soup.find("meta", {"name": "robots"})["content"] == "noindex"
    assert soup.find("link", {"rel": "canonical"})["href"].endswith("/tabelle/fahrer/")
    assert page(client, f"{base(cup)}fahrer/").find("meta", {"name": "robots"}) is None


@pytest.mark.parametrize(("query", "status"), [("?nach=4", 404), ("?nach=99", 404), ("?nach=x", 400), ("?nach=0", 400)])
def test_a_round_without_a_table_is_no_page(client, cup, query, status):
    assert client.get(f"{base(cup)}fahrer/{query}").status_code == status


def test_the_matrix_strikes_what_does_not_count_for_everybody_and_names_what_is_to_come(client, cup):
    soup = page(client, f"{base(cup)}fahrer/matrix/")

    assert cells(soup) == [
        ["1.", "Bea", "16", "6", "10", "6 gestrichen"],
        ["2.", "Ada", "16", "10", "6", "3 gestrichen"],
        ["3.", "Cleo", "13", "3", "3 gestrichen", "10"],
    ]
    assert [one.get_text() for one in soup.select("td s")] == ["6", "3", "3"]
    assert "Lauf 4: Das Finale" in soup.main.get_text(" ", strip=True)


def test_an_account_explains_a_total_down_to_its_rows(client, cup):
    decide(cup, kind="points", driver=ada(), points=Decimal("-2.5"), event=Event.objects.get(name="Lauf von 2"))

    soup = account_of(client, cup, "Ada")

    car = [row.select_one(".sub").get_text() for row in soup.select("tbody tr") if row.select_one("td.crew .sub")]
    assert cells(soup) == [
        [f"Lauf von 1 , Rennen {car[0]}", "Platz 1", "10", "10", "10", ""],
        [f"Lauf von 2 , Rennen {car[1]}", "Platz 2", "6", "16", "6", ""],
        ["Lauf von 2", "Entscheidung", "−2,5", "13,5", "−2,5", "Beschluss der Kommission von Hand"],
        [f"Lauf von 3 , Rennen {car[2]}", "Platz 3", "3 gestrichen", "13,5", "3",
         "gestrichen nach Lauf 3: nur die besten 2 Läufe zählen"],
    ]  # fmt: skip
    assert soup.tfoot.get_text(" ", strip=True) == "Summe dessen, was zählt 13,5"
    assert table(client, f"{base(cup)}fahrer/")[1][1:3] == ["Ada", "13,5 Punkte von Ada, Zeile für Zeile"]


def test_every_account_adds_up_to_its_line_after_every_round(cup):
    decide(
        cup,
        kind="annulled",
        driver=ada(),
        event=Event.objects.get(name="Lauf von 1"),
        since=Event.objects.get(name="Lauf von 3"),
    )
    decide(
        cup,
        kind="excluded",
        driver=Driver.objects.get(last_name="Cleo"),
        printed="DSQ",
        event=Event.objects.get(name="Lauf von 2"),
    )
    shown = championship_seen(cup.season, "fahrer")

    sums = {
        (after.number, line.competitor.name): (account_of_line.total, line.standing.points)
        for after in shown.rounds.scored
        for line in shown.lines(after)
        for account_of_line in [account(shown, line.competitor, after)]
    }

    assert all(total == points for total, points in sums.values())
    assert {key: points for key, (_total, points) in sums.items()} == {
        (1, "Ada"): 10, (1, "Bea"): 6, (1, "Cleo"): 3, (2, "Ada"): 16, (2, "Bea"): 16, (2, "Cleo"): 0,
        (3, "Ada"): 9, (3, "Bea"): 16, (3, "Cleo"): 0,
    }  # fmt: skip
    for after in shown.rounds.scored:
        for line in matrix_of(shown, after).lines:
            counting = sum(cell.points for cell in line.cells if cell is not None and cell.counts)
            assert counting + line.decided == line.line.standing.points


def test_who_is_out_stands_last_with_what_is_printed_and_why(client, cup):
    decide(
        cup,
        kind="excluded",
        driver=Driver.objects.get(last_name="Bea"),
        printed="DSQ",
        event=Event.objects.get(name="Lauf von 3"),
    )

    assert [line[:5] for line in table(client, f"{base(cup)}fahrer/")][-1] == [
        "DSQ", "Bea", "0 Punkte von Bea, Zeile für Zeile", "", "",
    ]  # fmt: skip
    remarks = [line[-1] for line in cells(account_of(client, cup, "Bea"))]
    assert remarks == ["gestrichen nach Lauf 3: aus der Wertung genommen (DSQ)"] * 3


def test_a_table_is_provisional_and_says_because_of_what(client, cup):
    session = race(cup.season, 4, name="Rennen", slug="rennen")
    Event.objects.filter(pk=session.event_id).update(name="Lauf von 4")
    result(session, [ada()], state=Classification.State.PROVISIONAL)

    said = page(client, f"{base(cup)}fahrer/").main.get_text(" ", strip=True)
    before = page(client, f"{base(cup)}fahrer/?nach=3").main.get_text(" ", strip=True)

    assert "Vorläufiger Stand" in said
    assert "Vorläufig wegen: Lauf von 4, Rennen" in said
    assert "Vorläufig" not in before


def test_an_embargo_shows_in_no_table_until_its_hour(client, cup):
    session = race(cup.season, 4, name="Rennen", slug="rennen")
    held = result(session, [ada()], state=Classification.State.FINAL)
    hold(held)

    paths = [f"{base(cup)}fahrer/", f"{base(cup)}fahrer/matrix/", base(cup), f"{base(cup)}fahrer.json"]
    before = [client.get(path).content for path in paths]
    assert client.get(f"{base(cup)}fahrer/?nach=4").status_code == 404
    open_now(held)

    assert all(client.get(path).content != content for path, content in zip(paths, before, strict=True))
    assert table(client, f"{base(cup)}fahrer/")[0][:3] == ["1.", "Ada", "20 Punkte von Ada, Zeile für Zeile"]


def test_a_hidden_event_leaves_no_gap_in_the_numbers_of_the_rounds(client, cup):
    Event.objects.filter(name="Lauf von 2").update(public_from=None)
    championships_are_due(cup.season_id)

    soup = page(client, f"{base(cup)}fahrer/")

    assert [one.get_text() for one in soup.select("select option")] == ["2. Lauf von 3", "1. Lauf von 1"]
    assert client.get(f"{base(cup)}fahrer/?nach=3").status_code == 404
    assert "Lauf von 2" not in soup.get_text() + page(client, f"{base(cup)}fahrer/matrix/").get_text()


def test_a_championship_that_is_not_public_answers_like_one_that_is_not_there(client, cup):
    Championship.objects.filter(pk=cup.pk).update(public_from=None)

    for tail in ("fahrer/", "fahrer/matrix/", "fahrer.csv", "fahrer/punkte/ada/", ""):
        assert client.get(base(cup) + tail).status_code == 404
    assert "Meisterschaften" not in page(client, "/formel-1/Demo/").get_text()


def test_a_championship_before_its_first_race_has_a_page_that_says_so(client):
    formula = season(label="Neu")
    race(formula, 1)
    championship(formula)

    assert "Noch ist kein Lauf gewertet." in page(client, "/formel-1/Neu/tabelle/fahrer/").get_text()
    assert "Noch ist kein Lauf gewertet." in page(client, "/formel-1/Neu/tabelle/").get_text()
    assert client.get("/formel-1/Neu/tabelle/fahrer.csv").status_code == 404


def test_level_lines_share_their_place(client):
    formula = season(label="Neu")
    championship(formula, subject="crew", rules={"scores": [{"table": ["10", "6"]}], "ties": ["countback"]})
    result(race(formula, 1), drivers("Ada", "Bea"))
    result(race(formula, 2), list(reversed(Driver.objects.order_by("pk"))))

    assert [line[:3] for line in table(client, "/formel-1/Neu/tabelle/fahrer/")] == [
        ["1. =", "Ada", "16 Punkte von Ada, Zeile für Zeile"], ["1. =", "Bea", "16 Punkte von Bea, Zeile für Zeile"],
    ]  # fmt: skip


def test_two_entrants_whose_names_fold_alike_have_accounts_of_their_own(client):
    formula = season(label="Neu")
    championship(formula, subject="entrant")
    session = race(formula, 1)
    names = ("Team-A", "Team A")
    lines = [{"position": place, "entry__entrant": name} for place, name in enumerate(names, start=1)]
    release_draft(ClassificationFactory(session=session, hidden=True, rows=lines), by=None)
    championships_are_due(formula.pk)

    soup = page(client, "/formel-1/Neu/tabelle/fahrer/")
    ends = {
        row.select_one("td.crew").get_text(): row.select_one("td.r a")["href"].split("/")[-2]
        for row in soup.select("tbody tr")
    }

    assert ends == {"Team A": "team-a", "Team-A": "team-a-2"}
    assert "Punkte: Team-A" in page(client, "/formel-1/Neu/tabelle/fahrer/punkte/team-a-2/").h1.get_text()


def test_the_head_of_a_table_leads_to_the_account_of_whom_it_names(client):
    formula = season(label="Neu")
    championship(formula, subject="entrant")
    names = ["Rheinfalke Racing", *(f"Team {number}" for number in range(5)), "RHEINFALKE RACING", "Team 0 2", "TEAM 0"]
    lines = [{"position": place, "entry__entrant": name} for place, name in enumerate(names, start=1)]
    release_draft(ClassificationFactory(session=race(formula, 1), hidden=True, rows=lines), by=None)
    championships_are_due(formula.pk)

    (head,) = standings_of_season(formula).tables
    shown = championship_seen(formula, "fahrer")
    whole = {line.competitor.name: line.competitor.key for line in shown.lines(shown.rounds.last)}

    assert [line.competitor.key for line in head.lines] == [whole[line.competitor.name] for line in head.lines]
    assert whole["Rheinfalke Racing"] == "rheinfalke-racing-2"
    assert len(set(whole.values())) == len(names)


class TestFiles:
    def test_csv_is_the_table_with_its_round_and_state(self, client, cup):
        text = client.get(f"{base(cup)}fahrer.csv").content.decode("utf-8-sig")

        assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
            [
                "Pos.",
                "Name",
                "Punkte",
                "Rückstand",
                "Zum Vordermann",
                "Siege",
                "Gestrichen",
                "Geteilt",
                "Nach Lauf",
                "Stand",
            ],
            ["1", "Bea", "16", "", "", "1", "6", "", "3", ""],
            ["2", "Ada", "16", "0", "0", "1", "3", "", "3", ""],
            ["3", "Cleo", "13", "3", "3", "1", "3", "", "3", ""],
        ]

    def test_no_cell_becomes_a_formula(self, client, cup):
        Driver.objects.filter(last_name="Bea").update(last_name="=1+1")

        assert ";'=1+1;" in client.get(f"{base(cup)}fahrer.csv").content.decode()

    def test_json_holds_exact_points_keys_and_addresses(self, client, cup):
        content = client.get(f"{base(cup)}fahrer.json?nach=2").json()
        first = content["rows"][0]

        assert (content["about"]["championship"], content["about"]["after_round"]) == ("Fahrerwertung", 2)
        assert {key: first[key] for key in ("position", "tied", "points", "gross", "dropped", "gap", "wins")} == {
            "position": 1, "tied": True, "points": "16", "gross": "16", "dropped": "0", "gap": None, "wins": 1,
        }  # fmt: skip
        assert client.get(first["competitor"]["address"].replace("http://127.0.0.1:8000", "")).status_code == 200

    def test_nothing_says_when_it_was_computed(self, client, cup):
        when = Computation.objects.public().get().computed_at

        for path in ("fahrer.json", "fahrer/matrix.json", "fahrer/"):
            assert f"{when:%Y-%m-%dT%H:%M}" not in client.get(base(cup) + path).content.decode()

    def test_matrix_and_account_leave_with_what_does_not_count_marked(self, client, cup):
        matrix = client.get(f"{base(cup)}fahrer/matrix.json").json()
        bea = matrix["rows"][0]
        path = bea["competitor"]["address"].replace("http://127.0.0.1:8000", "").rstrip("/")

        assert bea["cells"] == [
            {"points": "6", "counts": True, "annulled": False}, {"points": "10", "counts": True, "annulled": False},
            {"points": "6", "counts": False, "annulled": False},
        ]  # fmt: skip
        assert [row["total"] for row in client.get(f"{path}.json").json()["rows"]] == ["6", "16", "16"]
        assert ";(6);" in client.get(f"{base(cup)}fahrer/matrix.csv").content.decode()
        for tail in ("fahrer.xlsx", "fahrer/matrix.xlsx"):
            assert client.get(base(cup) + tail).content[:2] == b"PK"
        assert client.get(f"{base(cup)}fahrer.exe").status_code == 404


class TestOtherPages:
    def test_the_event_shows_the_table_after_it_beside_the_places_and_points_before(self, client, cup):
        soup = page(client, "/formel-1/Demo/lauf-2/")

        assert cells(soup, "#meisterschaft tbody tr") == [
            ["1.", "1.", "Ada", "16", "10"],
            ["1.", "2. ↑ 1 Platz gewonnen", "Bea", "16", "6"],
            ["3.", "3.", "Cleo", "6", "3"],
        ]
        last = cells(page(client, "/formel-1/Demo/lauf-3/"), "#meisterschaft tbody tr")
        assert last[0] == ["1.", "1.", "Bea", "16", "16"]
        assert last[1] == ["2.", "1. ↓ 1 Platz verloren", "Ada", "16", "16"]

    def test_an_event_to_come_shows_the_table_before_it(self, client, cup):
        soup = page(client, "/formel-1/Demo/finale/")

        assert "vor dem Rennen · Nach Lauf 3: Lauf von 3" in soup.select_one("#meisterschaft").get_text(" ", strip=True)
        assert cells(soup, "#meisterschaft tbody tr")[0] == ["1.", "Bea", "16"]

    def test_season_series_and_session_lead_to_the_tables(self, client, cup):
        for path in ("/formel-1/", "/formel-1/Demo/"):
            assert page(client, path).select(f'a[href="{base(cup)}fahrer/"]')
        given = page(client, "/formel-1/Demo/lauf-2/rennen/").select_one(
            'nav[aria-label="Punkte aus dieser Session"] a'
        )
        assert given["href"] == f"{base(cup)}fahrer/matrix/#lauf-2"
        assert page(client, f"{base(cup)}fahrer/matrix/").select_one("#lauf-2")

    def test_a_driver_shows_the_place_and_points_of_every_season(self, client, cup):
        soup = page(client, ada().get_absolute_url())

        assert cells(soup, "#meisterschaften tbody tr") == [
            ["Demo", "Formel 1, Fahrerwertung", "2.", "16 Zeile für Zeile", "1", ""]
        ]
        today = timezone.localdate()
        Event.objects.filter(name="Das Finale").update(starts_on=today, ends_on=today)
        facts = page(client, ada().get_absolute_url()).select_one("#meisterschaften .facts").get_text(" ", strip=True)
        assert facts == "Platz 2 16 Punkte Fahrerwertung, Formel 1 Demo, nach: Lauf von 3"

    def test_the_sitemap_names_tables_that_hold_something(self, client, cup):
        number = 1 + cup.pk // PART

        assert f"{base(cup)}fahrer/" in client.get(f"/sitemap-tabellen-{number}.xml").content.decode()
        assert base(cup) + "<" in client.get("/sitemap-seiten.xml").content.decode()

    def test_machines_read_the_path_the_title_and_the_files(self, client, cup):
        soup = page(client, f"{base(cup)}fahrer/")
        blocks = [json.loads(one.string) for one in soup.find_all("script", {"type": "application/ld+json"})]

        assert [one["@type"] for one in blocks] == ["Dataset", "BreadcrumbList"]
        assert [one["name"] for one in blocks[1]["itemListElement"]] == [
            "Formel 1",
            "Demo",
            "Meisterschaften",
            "Fahrerwertung",
        ]
        assert soup.find("meta", {"property": "og:title"})["content"] == "Fahrerwertung, Formel 1 Demo"
