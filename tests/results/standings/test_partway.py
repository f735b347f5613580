"""Tables between the scorings of a round: after the first of two races, after six of 24 hours, as readers and the desk see them."""

import csv
import io
import json
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from results.models import ChampionshipDecision, Classification
from results.points.facts import Line, Scoring
from results.points.packs import read_rules
from results.standings import title_race
from results.standings.due import championships_are_due
from results.standings.partway import lines_partway, parts_of, table_partway
from results.standings.shown import championship_seen
from tests.factories import SessionFactory
from tests.results.standings.made import championship, drivers, hold, open_now, race, result, season

pytestmark = pytest.mark.django_db
RULES = {"scores": [{"table": ["10", "6", "3"]}, {"table": ["5", "3"], "checkpoint": "6h"}]}
PATH = "/formel-1/2015/tabelle/fahrer/"


@pytest.fixture
def weekend():
    """Ada wins the first event; of the second Bea wins both races, with six points to Cleo in the first and to Ada in the
    other one.
    """
    formula = season()
    names = drivers("Ada", "Bea", "Cleo")
    ada, bea, cleo = names
    one = championship(formula, rules=RULES, name="Fahrerwertung")
    final = {"state": Classification.State.FINAL}
    result(race(formula, 1), [ada, bea, cleo], **final)
    first = race(formula, 8, name="Rennen 1", sequence=1)
    second = SessionFactory(event=first.event, kind="race", name="Rennen 2", sequence=2)
    result(first, [bea, cleo, ada], **final)
    return one, names, second, result(second, [bea, ada, cleo], **final)


def lines(client, query):
    answer = client.get(PATH + query)
    assert answer.status_code == 200
    found = BeautifulSoup(answer.content, "html.parser").select("table.results tbody tr")
    return [
        (row.select_one("td.crew").get_text(" ", strip=True), row.select_one("td.r strong").get_text()) for row in found
    ]


def asked(after):
    out = io.StringIO()
    call_command("standings", "formel-1", "2015", json=True, championship="fahrer", after=after, stdout=out)
    return [(one["competitor"], one["points"]) for one in json.loads(out.getvalue())]


def test_the_table_after_the_first_of_two_races(client, weekend):
    assert lines(client, "?nach=1") == [("Ada", "10"), ("Bea", "6"), ("Cleo", "3")]
    assert lines(client, "?nach=2.1") == [("Bea", "16"), ("Ada", "13"), ("Cleo", "9")]
    assert lines(client, "?nach=2") == [("Bea", "26"), ("Ada", "19"), ("Cleo", "12")]
    assert asked("2.1") == [("Bea", "16"), ("Ada", "13"), ("Cleo", "9")]
    assert asked("2.2") == asked("2")


def test_its_page_names_the_race_and_leads_to_the_other_tables(client, weekend):
    soup = BeautifulSoup(client.get(f"{PATH}?nach=2.1").content, "html.parser")

    assert soup.select_one("select[name=nach] option[selected]")["value"] == "2"
    assert "Stand innerhalb von Lauf 2" in soup.select_one("p.source").get_text(" ")
    links = soup.select_one("nav[aria-label='Tabellen innerhalb dieses Laufs']")
    assert [(one.get_text(), one["href"]) for one in links.find_all("a")] == [
        ("Nach Rennen 1", f"{PATH}?nach=2.1"),
        ("Nach dem ganzen Lauf", f"{PATH}?nach=2"),
    ]
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert "Tabellen innerhalb" not in client.get(f"{PATH}?nach=1").text


def test_the_files_are_those_of_the_table_shown(client, weekend):
    address = f"{PATH.rstrip('/')}.csv?nach=2.1"

    answer = client.get(address)
    assert "2-1" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Name"], row["Punkte"]) for row in rows] == [("Bea", "16"), ("Ada", "13"), ("Cleo", "9")]
    said = json.loads(client.get(address.replace(".csv", ".json")).content)["about"]
    assert (said["after_session"], said["after_part"], said["after_round"]) == ("Rennen 1", 1, 2)


def test_a_checkpoint_stands_before_the_finish_of_its_race(client, weekend):
    formula, (ada, bea, cleo) = weekend[0].season, weekend[1]
    long = race(formula, 15, name="24 Stunden")
    result(long, [cleo, ada, bea], checkpoint="6h")
    result(long, [ada, bea, cleo])

    assert lines(client, "?nach=3.1") == [("Bea", "26"), ("Ada", "22"), ("Cleo", "17")]
    assert "Nach 24 Stunden (6h)" in client.get(f"{PATH}?nach=3").text


def test_what_is_decided_after_the_round_is_not_decided_within_it(client, weekend):
    one, (_ada, bea, _cleo), second, _version = weekend
    decision = {"kind": "points", "driver": bea, "points": Decimal(-20), "reason": "Beschluss der Kommission"}
    ChampionshipDecision.objects.create(championship=one, event=second.event, **decision)
    championships_are_due(one.season_id)

    assert lines(client, "?nach=2.1") == [("Bea", "16"), ("Ada", "13"), ("Cleo", "9")]
    assert lines(client, "?nach=2") == [("Ada", "19"), ("Cleo", "12"), ("Bea", "6")]
    assert asked("2.1")[0] == ("Bea", "16")


def test_a_race_that_readers_do_not_see_yet_is_no_part(client, weekend):
    hold(weekend[3])
    assert lines(client, "?nach=2") == [("Bea", "16"), ("Ada", "13"), ("Cleo", "9")]
    assert client.get(f"{PATH}?nach=2.1").status_code == 404

    open_now(weekend[3])
    assert lines(client, "?nach=2.1") == [("Bea", "16"), ("Ada", "13"), ("Cleo", "9")]


def test_it_is_provisional_only_while_a_result_until_then_is(client, weekend):
    formula, names = weekend[0].season, list(weekend[1])
    first = race(formula, 15, name="Sprint", sequence=1)
    result(first, names, state=Classification.State.FINAL)
    last = SessionFactory(event=first.event, kind="race", name="Rennen", sequence=2)
    result(last, names, state=Classification.State.PROVISIONAL)

    assert "Vorläufiger Stand" not in client.get(f"{PATH}?nach=3.1").text
    assert "Vorläufiger Stand" in client.get(f"{PATH}?nach=3").text


@pytest.mark.parametrize("wish", ["2.2", "2.9", "1.1", "3.1", "9.1"])
def test_a_part_that_is_not_there_is_not_found(client, weekend, wish):
    assert client.get(f"{PATH}?nach={wish}").status_code == 404


@pytest.mark.parametrize("wish", ["2.", "2.0", ".1", "2,1", "2.1.1", "2.x"])
def test_nonsense_is_refused(client, weekend, wish):
    assert client.get(f"{PATH}?nach={wish}").status_code == 400


def test_there_is_no_matrix_and_no_account_within_a_round(client, weekend):
    assert client.get(f"{PATH}matrix/?nach=2").status_code == 200
    assert client.get(f"{PATH}matrix/?nach=2.1").status_code == 404


@pytest.mark.parametrize(
    ("after", "words"), [("2.9", "keinen Teil 9"), ("2.x", "kein Teil einer Runde"), ("7.1", "kein")]
)
def test_the_command_refuses_in_german(weekend, after, words):
    with pytest.raises(CommandError, match=words):
        asked(after)


def test_a_longer_season_asks_no_more(weekend):
    formula, names = weekend[0].season, weekend[1]

    def queries():
        title_race._scored.cache_clear()  # what another table has asked for already
        shown = championship_seen(formula, "fahrer")
        part = parts_of(shown, shown.rounds.numbered(2))[0]
        with CaptureQueriesContext(connection) as found:
            assert len(lines_partway(shown, part)) == 3
        return len(found)

    before = queries()
    for day in range(20, 25):
        result(race(formula, day), list(names))
    assert queries() == before


def test_no_other_table_stands_for_that_of_a_scoring_that_does_not_count():
    rules = read_rules(RULES, key="fahrer", subject="driver", place="Hier")

    with pytest.raises(LookupError):
        table_partway(rules, [Scoring((1, ""), 1, "race", (Line("1", ("ada",), 1),))], (2, ""))


def test_the_title_looks_ahead_and_knows_whole_rounds_alone(weekend):
    with pytest.raises(CommandError, match=r"„2\.1“ ist keine Runde"):
        call_command("title", "formel-1", "2015", after="2.1")
