"""The command and its contract; with --data it opens no database."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line

from bench.factcheck.scoring import CASES
from tests.articles.factcheck.desk import DATA

CASE = json.loads((CASES / "gold" / "05-wec-24-stunden-von-le-mans.json").read_text("utf-8"))
KEYS = {"start", "text", "type", "subject", "value", "verdict", "evidence", "why"}


def run(*args):
    out = StringIO()
    call_command("check_facts", *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def files(tmp_path):
    text, data = tmp_path / "text.txt", tmp_path / "data.json"
    text.write_bytes(CASE["body"].encode())
    data.write_text(json.dumps(CASE["data"]), "utf-8")
    return text, data


def test_with_data_it_prints_the_contract_and_asks_no_database(files):
    text, data = files
    answer = json.loads(run(text, "--data", data, "--as-of", "2024-06-17", "--json"))
    assert all(set(item) >= KEYS for item in answer)
    assert all(CASE["body"][item["start"] : item["start"] + len(item["text"])] == item["text"] for item in answer)
    wrong = {item["text"]: item["why"] for item in answer if item["verdict"] == "contradicted"}
    assert (
        wrong["1,761 Sekunden"]
        == "Im Text steht 1,761 Sekunden, in den Daten 1,167 Sekunden (Rennen, #6–#51, Abstand)."
    )


def test_for_a_person_it_prints_one_line_a_claim(files):
    text, data = files
    assert "✗   1080 „#92“: Im Text steht #92, in den Daten #91 (Shahin/Schuring/Lietz)." in run(text, "--data", data)


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "Es ist keine Datei angegeben."),
        (["x.txt"], "Nenne entweder ein Event (--event) oder eine Datei mit Fakten (--data)."),
        (
            ["x.txt", "--event", "a", "--data", "b"],
            "Nenne entweder ein Event (--event) oder eine Datei mit Fakten (--data).",
        ),
        (["{folder}/fehlt.txt", "--data", "{folder}/data.json"], "gibt es nicht"),
        (["{folder}/text.txt", "--data", "{folder}/text.txt"], "ist kein JSON."),
        (["{folder}/latin.txt", "--data", "{folder}/data.json"], "ist kein UTF-8."),
        (["{folder}/text.txt", "--data", "{folder}/list.json"], "Die Daten sind kein JSON-Objekt"),
        (["{folder}/text.txt", "--data", "{folder}/data.json", "--as-of", "gestern"], "„gestern“ ist kein Tag."),
    ],
)
def test_what_cannot_be_done_is_said_in_german(files, tmp_path, args, sentence):
    (tmp_path / "latin.txt").write_bytes("Müller".encode("latin-1"))
    (tmp_path / "list.json").write_text("[]", "utf-8")
    with pytest.raises(CommandError) as error:
        run(*(arg.format(folder=tmp_path) for arg in args))
    assert sentence in str(error.value)


def test_a_text_about_something_else_is_told_from_one_without_claims(files, tmp_path):
    _text, data = files
    text = tmp_path / "match.txt"
    text.write_text("Der Stürmer traf in der 87. Minute per Elfmeter, der Trainer lobte seine Spieler. " * 3, "utf-8")
    assert "wird damit nicht verglichen" in run(text, "--data", data)
    assert json.loads(run(text, "--data", data, "--json")) == []


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["check_facts", "--bogus"], "Unbekannt: --bogus."),
        (["check_facts", "a.txt", "b.txt", "--data", "x"], "Unbekannt: b.txt."),
        (["check_facts", "a.txt", "--data"], "Zu --data fehlt der Wert."),
        (["import_article", "a.txt", "--as-of"], "Zu --as-of fehlt der Wert."),
        (["import_results", "a.json", "--creat=1"], "Die Angaben sind nicht zu verstehen: "),
        (["lint_text"], "Es fehlt: FILE.txt."),
    ],
)
def test_options_nobody_knows_are_one_german_line_and_status_1(capsys, args, sentence):
    with pytest.raises(SystemExit) as left:
        execute_from_command_line(["manage.py", *args])
    told = capsys.readouterr()
    assert (left.value.code, told.out) == (1, "")
    assert told.err.startswith(sentence)
    assert "usage" not in told.err


def test_half_a_surrogate_in_the_data_is_nothing_that_could_not_be_printed(files):
    text, data = files
    data.write_text(json.dumps(CASE["data"]).replace('"name": "Rennen"', '"name": "Rennen\\ud800"'), "utf-8")
    assert r"\ud800" in data.read_text("utf-8")
    assert '"session": "Rennen"' in run(text, "--data", data, "--json").encode("utf-8").decode("utf-8")


@pytest.mark.django_db
def test_an_event_of_the_database_is_a_sheet_too(tmp_path):
    facts, text = tmp_path / "facts.json", tmp_path / "text.txt"
    facts.write_text(json.dumps(DATA), "utf-8")
    call_command("import_results", str(facts), stdout=StringIO())
    text.write_text("Im Rennen siegte Bussard mit 14,212 Sekunden Vorsprung auf Condor. Elster wurde Dritter.", "utf-8")
    answer = json.loads(run(text, "--event", "sechs-stunden", "--json"))
    assert {item["text"]: item["verdict"] for item in answer} == {
        "siegte": "confirmed", "14,212 Sekunden": "contradicted", "Dritter": "confirmed"
    }  # fmt: skip


@pytest.mark.django_db
def test_an_event_that_is_not_there_is_said_in_german(files):
    with pytest.raises(CommandError, match=r"Ein Event „nirgends“ gibt es nicht\."):
        run(files[0], "--event", "nirgends", "--json")
