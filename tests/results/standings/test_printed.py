"""The organiser's table beside ours: read from files, matched by name, compared to the row of the ledger, undone."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from lxml import html

from results.importers.undo import UndoRefused, undo
from results.models import Championship, DeletedFacts, Driver, DriverAlias, ImportRun, PrintedStanding, SourceDocument
from results.recovery import put_back
from results.standings.comparison import compare, explain
from results.standings.printed import PrintedRefused, read_printed
from tests import factories
from tests.articles.desk_forms import text_of
from tests.results.made import load, parsed
from tests.results.made import race as made_race
from tests.results.made import row as made_row
from tests.results.standings.made import AHEAD, drivers, race, released, result, season

pytestmark = pytest.mark.django_db


@pytest.fixture
def cup():
    """Two rounds: Ada wins both, Bea and Cleo change places behind her."""
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    first, second = race(formula, 1), race(formula, 2)
    result(first, [ada, bea, cleo])
    result(second, [ada, cleo, bea])
    return Championship.objects.get(key="driver"), first.event, second.event


def someone(role="results"):
    client = Client()
    client.force_login(factories.UserFactory(role=role))
    return client


def printed(championship, event, *rows, **values):
    """A stored table: rows are (place, name, points)."""
    table = PrintedStanding.objects.create(
        season=championship.season, championship=championship, name=championship.name, after=event.name,
        after_event=event, **values,
    )  # fmt: skip
    for order, (place, name, points) in enumerate(rows, start=1):
        factories.PrintedStandingRowFactory(
            standing=table, display_order=order, position=place, entrant=name, points=Decimal(str(points))
        )
    return table


def pairs(found):
    """Theirs and ours by name, with the differences."""
    return [
        (one.printed and one.printed.entrant, one.ours and one.ours.name, one.points, one.place) for one in found.pairs
    ]


# ------------------------------------------------------------------ reading


def send(client, championship, event, *, text="", file=None, **values):
    address = f"/admin/results/championship/{championship.pk}/printed/"
    return client.post(address, {"event": event.pk, "text": text, **({"file": file} if file else {}), **values})


def store(client, championship, looked, **values):
    """Confirms what the page shows."""
    form = html.fromstring(looked.content.decode()).xpath("//main//form[.//input[@name='sha256']]")[0]
    address = f"/admin/results/championship/{championship.pk}/printed/"
    return client.post(address, {**dict(form.form_values()), **values})


TABLE = "Platz;Fahrer;Punkte\n1;Ada;50\n2;Bea;33\n3;Cleo;32,5\n"


def test_a_pasted_table_is_looked_at_then_stored_beside_ours_and_no_reader_sees_it(cup):
    championship, _first, second = cup
    client = someone()

    looked = send(client, championship, second, text=TABLE)
    assert not PrintedStanding.objects.exists()
    assert "32,5" in text_of(looked)
    stored = store(client, championship, looked)

    table = PrintedStanding.objects.get()
    assert stored["Location"] == f"/admin/results/printedstanding/{table.pk}/compare/"
    assert (table.championship, table.after_event, table.public_from) == (championship, second, None)
    assert list(table.rows.values_list("position", "entrant", "points")) == [
        (1, "Ada", 50), (2, "Bea", 33), (3, "Cleo", Decimal("32.5")),
    ]  # fmt: skip
    assert not PrintedStanding.objects.public().exists()


def workbook(*rows):
    book, content = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return SimpleUploadedFile("tabelle.xlsx", content.getvalue())


def test_a_workbook_is_read_like_a_text(cup):
    championship, first, _second = cup
    client = someone()
    rows = (("Pos", "Driver", "Points"), (1, "Ada", 25), (2, "Bea", 18), (3, "Cleo", 15.5))

    store(client, championship, send(client, championship, first, file=workbook(*rows), is_final="on"))

    table = PrintedStanding.objects.get()
    assert table.is_final
    assert [str(row.points) for row in table.rows.all()] == ["25.000", "18.000", "15.500"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Platz;Fahrer;Punkte\n1;Ada;viel\n2;Bea;18\n3;;15\n", ["2", "viel", "4", "fehlt"]),
        ("Platz;Fahrer;Punkte\n1;Ada;18\n2;Bea;25\n", ["mehr Punkte"]),
        ("Platz;Fahrer\n1;Ada\n", ["Keine Spalte sind die Punkte"]),
        ("Platz;Fahrer;Punkte\n1;Ada;25\n2;ADA;18\n", ["zweimal"]),
        ("Platz;Fahrer;Punkte;Klasse\n1;Ada;25;Pro\n1;Bea;25;Am\n", ["mehrere Klassen", "Pro, Am"]),
        ("", ["eins von beiden"]),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_row_and_reason_and_nothing_is_stored(cup, text, said):
    championship, first, _second = cup

    refused = send(someone(), championship, first, text=text)

    assert [word for word in said if word not in text_of(refused)] == []
    assert text.strip() in html.fromstring(refused.content.decode()).xpath("string(//textarea[@name='text'])")
    assert not PrintedStanding.objects.exists()
    assert not SourceDocument.objects.filter(format="printed_standing").exists()


def test_of_a_table_of_several_classes_that_of_the_championship_is_taken():
    text = "Platz;Fahrer;Punkte;Klasse\n1;Ada;25;LMP 1\n1;Bea;18;LMP2\n"

    found = read_printed(text.encode(), racing_class="LMP2")

    assert found.lines == ((1, "Bea", Decimal(18)),)
    with pytest.raises(PrintedRefused):
        read_printed(text.encode(), racing_class="GTE")


def test_the_same_table_again_changes_nothing_and_another_takes_its_place(cup):
    championship, _first, second = cup
    client = someone()
    for _time in range(2):
        store(client, championship, send(client, championship, second, text=TABLE))
    assert ImportRun.objects.count() == 1

    store(client, championship, send(client, championship, second, text=TABLE.replace("32,5", "33")))

    assert PrintedStanding.objects.get().rows.last().points == 33
    assert ImportRun.objects.count() == 2


def test_an_import_is_undone_step_by_step(cup):
    championship, _first, second = cup
    client, person = someone(), factories.UserFactory()
    store(client, championship, send(client, championship, second, text=TABLE))
    store(client, championship, send(client, championship, second, text=TABLE.replace("32,5", "33")))
    early, late = ImportRun.objects.order_by("pk")

    with pytest.raises(UndoRefused):
        undo(early, by=person, reason="falsch")
    undo(late, by=person, reason="falsch")
    assert str(PrintedStanding.objects.get().rows.last().points) == "32.500"
    undo(early, by=person, reason="falsch")

    assert not PrintedStanding.objects.exists()


def test_an_import_is_undone_after_another_result_went(cup):
    """The championship still is the one that the trail of the import names."""
    championship, _first, second = cup
    client, person = someone(), factories.UserFactory()
    for text in (TABLE, TABLE.replace("32,5", "33")):
        store(client, championship, send(client, championship, second, text=text))
    late = ImportRun.objects.order_by("pk").last()
    other = load(parsed(made_race(rows=(made_row("7", 1),)), series="Formel 1", season="2015", event="Monza")).run
    undo(other, by=person, reason="falsch")

    undo(late, by=person, reason="falsch")

    table = PrintedStanding.objects.get()
    assert str(table.rows.last().points) == "32.500"
    assert (table.championship.key, table.differences) == ("driver", 1)


@pytest.mark.parametrize("key", ["driver", "weg", None])
def test_undoing_looks_for_a_championship_that_came_anew_by_its_key(cup, key):
    """`None`: trails from before the key was noted. What is gone leaves the table where it hangs now."""
    championship, _first, second = cup
    client = someone()
    for text in (TABLE, TABLE.replace("32,5", "33")):
        store(client, championship, send(client, championship, second, text=text))
    late = ImportRun.objects.order_by("pk").last()
    assert late.report["printed"]["before"].pop("championship_key") == "driver"
    late.report["printed"]["before"] |= {"championship": 0} | ({"championship_key": key} if key else {})
    late.save()
    other = Championship.objects.get(key="constructor")
    PrintedStanding.objects.update(championship=other)

    undo(late, by=factories.UserFactory(), reason="falsch")

    table = PrintedStanding.objects.get()
    assert str(table.rows.last().points) == "32.500"
    assert table.championship == (championship if key == "driver" else other)


def test_undoing_leaves_what_was_edited_by_hand_since(cup):
    championship, _first, second = cup
    client = someone()
    store(client, championship, send(client, championship, second, text=TABLE))
    PrintedStanding.objects.get().rows.filter(entrant="Cleo").update(points=33)

    undone = undo(ImportRun.objects.get(), by=factories.UserFactory(), reason="falsch")

    assert "seitdem" in " ".join(undone.tables) or "bearbeitet" in " ".join(undone.tables)
    assert PrintedStanding.objects.get().rows.last().points == 33


# ------------------------------------------------------------------ what readers see, what others did meanwhile

MORE = TABLE.replace("32,5", "33")


def cleo():
    return str(PrintedStanding.objects.get().rows.last().points.normalize())


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("opens", [-AHEAD, AHEAD])
def test_a_table_that_readers_see_or_will_see_is_replaced_with_consent_and_a_reason_alone(cup, linked, opens):
    championship, _first, second = cup
    client = someone()
    table = printed(championship, second, (1, "Ada", 50), (2, "Cleo", 32))
    PrintedStanding.objects.update(
        public_from=Now() + opens, **({} if linked else {"championship": None, "after_event": None})
    )

    looked = send(client, championship, second, text=TABLE)
    refused = store(client, championship, looked)
    assert "Leser sehen diese Tabelle" in text_of(refused)
    without_consent = store(client, championship, refused, reason="Neufassung")
    without_reason = store(client, championship, refused, accept="on", reason=" ")
    assert (without_consent.status_code, without_reason.status_code, cleo()) == (200, 200, "32")
    assert without_consent.context["store"]["reason"].value() == "Neufassung"
    assert not ImportRun.objects.exists()

    stored = store(client, championship, without_consent, accept="on")

    assert stored.status_code == 302
    assert (cleo(), PrintedStanding.objects.get().pk) == ("32.5", table.pk)
    run = ImportRun.objects.get()
    assert "Neufassung" in text_of(client.get(f"/admin/results/importrun/{run.pk}/change/"))


def test_a_hidden_table_is_replaced_without_a_question(cup):
    championship, _first, second = cup
    client = someone()
    store(client, championship, send(client, championship, second, text=TABLE))

    looked = send(client, championship, second, text=MORE)

    assert "accept" not in looked.content.decode()
    assert store(client, championship, looked).status_code == 302


def test_the_last_of_two_writers_sees_the_table_of_the_first_before_it_goes(cup):
    championship, _first, second = cup
    one, other = someone(), someone()
    early, late = (send(client, championship, second, text=text) for client, text in ((one, TABLE), (other, MORE)))
    store(one, championship, early)

    refused = store(other, championship, late)

    assert "noch einmal" in text_of(refused)
    assert refused.context["replaces"] == PrintedStanding.objects.get()
    assert cleo() == "32.5"
    assert store(other, championship, refused).status_code == 302
    assert cleo() == "33"


def test_a_table_published_after_the_look_is_not_replaced_unasked(cup):
    championship, _first, second = cup
    client = someone()
    store(client, championship, send(client, championship, second, text=TABLE))
    looked = send(client, championship, second, text=MORE)
    PrintedStanding.objects.update(public_from=Now())

    refused = store(client, championship, looked)

    assert (refused.context["is_public"], cleo()) == (True, "32.5")


def test_a_second_click_stores_once_and_says_so(cup):
    championship, _first, second = cup
    client = someone()
    looked = send(client, championship, second, text=TABLE)

    assert [store(client, championship, looked).status_code for _click in range(2)] == [302, 302]
    assert ImportRun.objects.count() == 1


def undone():
    said = undo(ImportRun.objects.order_by("pk").last(), by=factories.UserFactory(), reason="falsch")
    return " ".join(said.tables)


def test_an_undone_table_lies_in_the_bin_and_comes_back_compared(cup):
    championship, _first, second = cup
    client = someone()
    store(client, championship, send(client, championship, second, text=TABLE))

    assert "Papierkorb" in undone()
    assert not PrintedStanding.objects.exists()
    ada, bea, cleo = (Driver.objects.get(last_name=name) for name in ("Ada", "Bea", "Cleo"))
    result(second.sessions.get(), [bea, ada, cleo])
    put_back(DeletedFacts.objects.get())

    table = PrintedStanding.objects.get()
    assert table.rows.count() == 3
    assert table.differences == len(compare(table).differing) > 1


def test_undoing_leaves_a_table_that_was_published_since(cup):
    championship, _first, second = cup
    client = someone()
    for text in (TABLE, MORE):
        store(client, championship, send(client, championship, second, text=text))
    PrintedStanding.objects.update(public_from=Now())

    for _import in range(2):
        assert "seitdem veröffentlicht" in undone()
        ImportRun.objects.order_by("pk").last().delete()

    assert cleo() == "33"


def test_undoing_leaves_a_table_whose_difference_is_explained(cup):
    championship, _first, second = cup
    client = someone()
    store(client, championship, send(client, championship, second, text=TABLE))
    table = PrintedStanding.objects.get()
    assert explain(table, by=factories.UserFactory(), reason="Tippfehler", mark=table.mark)

    assert "erklärt" in undone()
    assert PrintedStanding.objects.get().settled_reason == "Tippfehler"


@pytest.mark.parametrize(
    "sent",
    [{"event": "9" * 5000}, {"event": "9" * 30}, {"event": "\0"}, {"sha256": "a\0b"}, {"sha256": ""}, {"seen": "\0"}],
)
def test_what_no_page_sends_is_refused_in_words(cup, sent):
    championship, _first, second = cup
    client = someone()

    refused = store(client, championship, send(client, championship, second, text=TABLE), **sent)

    assert (refused.status_code, "nicht mehr auf dem Server" in text_of(refused)) == (200, True)
    assert not PrintedStanding.objects.exists()


@pytest.mark.parametrize("text", ["Platz;Fahrer;Punkte\n1;A\0da;25\n", "Platz;Fahrer;Punkte\n1;Ada;1e400\n"])
def test_a_file_with_what_no_database_takes_is_refused_in_words(cup, text):
    championship, _first, second = cup
    client = someone()

    looked = send(client, championship, second, file=SimpleUploadedFile("tabelle.csv", text.encode()))
    if looked.context.get("document"):
        looked = store(client, championship, looked)

    assert looked.status_code == 200
    assert not PrintedStanding.objects.exists()


def test_a_mark_that_no_page_sends_explains_nothing(cup):
    championship, _first, second = cup
    table = printed(championship, second, (1, "Ada", 49))

    page = someone().post(f"/admin/results/printedstanding/{table.pk}/compare/", {"reason": "so", "mark": "a\0"})

    assert (page.status_code, PrintedStanding.objects.get().settled_at) == (200, None)


# ------------------------------------------------------------------ comparing


def test_equal_tables_are_equal(cup):
    championship, _first, second = cup
    table = printed(championship, second, (1, "Ada", 50), (2, "Bea", 33), (2, "Cleo", 33))

    found = compare(table)

    assert found.differing == []
    assert found.mark == ""


def test_a_difference_is_named_with_the_first_table_that_has_it_and_our_rows_of_that_round(cup):
    championship, first, second = cup
    printed(championship, first, (1, "Ada", 25), (2, "Bea", 18), (3, "Cleo", 15))
    table = printed(championship, second, (1, "Ada", 35), (2, "Cleo", 33), (3, "Bea", 18))

    found = compare(table, with_origins=True)

    by_name = {one.printed.entrant: one for one in found.differing}
    assert {name: str(one.points) for name, one in by_name.items()} == {"Ada": "-15.000", "Bea": "-15.000"}
    origin = by_name["Bea"].origin
    assert (origin.since, origin.round) == (1, 2)
    assert [(row.round, row.place, str(row.points)) for row in origin.rows] == [(2, 3, "15.000")]
    assert origin.suspects == {row.pk for row in origin.rows}
    assert (by_name["Ada"].origin.suspects, by_name["Bea"].place) == (frozenset(), 1)


def test_a_difference_that_is_older_than_the_table_is_found_in_the_older_one(cup):
    championship, first, second = cup
    printed(championship, first, (1, "Ada", 24), (2, "Bea", 18), (3, "Cleo", 15))
    table = printed(championship, second, (1, "Ada", 49), (2, "Bea", 33), (2, "Cleo", 33))

    (pair,) = compare(table, with_origins=True).differing

    assert (pair.printed.entrant, pair.origin.since, pair.origin.round) == ("Ada", 0, 1)
    assert [row.round for row in pair.origin.rows] == [1]


def test_who_is_not_known_for_sure_is_named_and_never_guessed(cup):
    championship, _first, second = cup
    table = printed(championship, second, (1, "Ada", 50), (2, "Beate Irgendwer", 33), (3, "Cleo", 33))

    assert pairs(compare(table)) == [
        ("Ada", "Ada", 0, 0),
        ("Beate Irgendwer", None, None, None),
        ("Cleo", "Cleo", 0, 1),
        (None, "Bea", None, None),
    ]


def people(*names):
    return [factories.DriverFactory(first_name=first, last_name=last) for first, last in names]


def matched(championship_key, names, *entrants):
    """By printed name, whom of our table it means, after one race that the people of `names` finish in that order."""
    formula = season()
    result(race(formula, 1), people(*names))
    championship = Championship.objects.get(key=championship_key)
    event = formula.events.get()
    table = printed(championship, event, *[(place, name, 1) for place, name in enumerate(entrants, start=1)])
    return {one.printed.entrant: one.ours.name if one.ours else None for one in compare(table).pairs if one.printed}


def test_names_are_matched_as_the_house_does_it():
    names = (("Sébastien", "Buemi"), ("Ralf", "Schumacher"), ("Michael", "Schumacher"), ("Nico", "Hülkenberg"))

    found = matched(
        "driver", names, "BUEMI Sebastien", "Schumacher", "Michael Schumacher", "Nico Huelkenberg", "Nico Rosberg"
    )

    assert found == {
        "BUEMI Sebastien": "Sébastien Buemi",
        "Schumacher": None,
        "Michael Schumacher": "Michael Schumacher",
        "Nico Huelkenberg": "Nico Hülkenberg",
        "Nico Rosberg": None,
    }


def test_a_crew_printed_for_drivers_means_each_of_them():
    """`Estre/Lotterer/L. Vanthoor`, as the WEC prints its drivers' table."""
    names = (
        ("Kévin", "Estre"),
        ("André", "Lotterer"),
        ("Laurens", "Vanthoor"),
        ("Dries", "Vanthoor"),
        ("Nyck", "de Vries"),
    )
    formula = season()
    result(race(formula, 1), people(*names))
    championship = Championship.objects.get(key="driver")
    rows = [(1, "Estre/Lotterer/L. Vanthoor", 25), (2, "Lotterer/Vanthoor", 18), (3, "Kobayashi/de Vries", 15)]
    table = printed(championship, formula.events.get(), *rows)

    found = [(one.printed.entrant, one.ours.name if one.ours else None) for one in compare(table).pairs if one.printed]

    assert found[:3] == [
        ("Estre/Lotterer/L. Vanthoor", "Kévin Estre"),
        ("Estre/Lotterer/L. Vanthoor", "André Lotterer"),
        ("Estre/Lotterer/L. Vanthoor", "Laurens Vanthoor"),
    ]
    assert found[3:] == [("Lotterer/Vanthoor", None), ("Kobayashi/de Vries", None)]


def test_an_alias_is_a_name(cup):
    championship, _first, second = cup
    DriverAlias.objects.create(driver=Driver.objects.get(last_name="Bea"), name="Die Schnelle")
    table = printed(championship, second, (1, "Ada", 50), (2, "Die Schnelle", 33), (2, "Cleo", 33))

    assert compare(table).differing == []


@pytest.mark.parametrize("lacking", ["championship", "after_event"])
def test_without_championship_or_event_there_is_nothing_to_compare_and_that_is_said(cup, lacking):
    championship, _first, second = cup
    table = printed(championship, second, (1, "Ada", 50))
    setattr(table, lacking, None)
    table.save()

    found = compare(PrintedStanding.objects.get(pk=table.pk))

    assert (found.pairs, "braucht" in found.why_not) == ((), True)


# ------------------------------------------------------------------ the board


def board():
    return text_of(someone().get("/admin/"))


def test_a_difference_stands_on_the_board_until_results_or_a_reason_settle_it(cup):
    championship, _first, second = cup
    client = someone()
    store(client, championship, send(client, championship, second, text=TABLE))
    table = PrintedStanding.objects.get()
    assert table.differences == 1
    assert "Gedruckte Tabellen, die von unseren abweichen" in board()

    client.post(
        f"/admin/results/printedstanding/{table.pk}/compare/", {"mark": table.mark, "reason": "Tippfehler im PDF"}
    )
    assert "Gedruckte Tabellen, die von unseren abweichen" not in board()
    assert "Tippfehler im PDF" in text_of(client.get(f"/admin/results/printedstanding/{table.pk}/compare/"))

    ada, bea, cleo = (Driver.objects.get(last_name=name) for name in ("Ada", "Bea", "Cleo"))
    result(second.sessions.get(), [bea, ada, cleo])
    assert PrintedStanding.objects.get().differences > 1
    assert "Gedruckte Tabellen, die von unseren abweichen" in board()


def test_a_reason_for_differences_that_are_others_by_now_is_refused(cup):
    championship, _first, second = cup
    table = printed(championship, second, (1, "Ada", 49))

    assert not explain(table, by=factories.UserFactory(), reason="so", mark="alt")


def test_the_page_says_where_the_difference_arises(cup):
    championship, first, second = cup
    released(championship.season)
    printed(championship, first, (1, "Ada", 25), (2, "Bea", 18), (3, "Cleo", 15))
    table = printed(championship, second, (1, "Ada", 50), (2, "Cleo", 33), (3, "Bea", 18), (4, "Wer", 1))

    said = text_of(someone().get(f"/admin/results/printedstanding/{table.pk}/compare/"))

    assert f"Zuerst in der Tabelle nach {second.name}; nach {first.name} waren beide gleich." in said
    assert "Platz 3 → 15 · so viel wie die Abweichung" in said
    assert "Unter diesem Namen kennen wir niemanden sicher." in said


def test_a_reporter_looks_and_explains_nothing(cup):
    championship, _first, second = cup
    table = printed(championship, second, (1, "Ada", 49))
    client = someone("reporter")
    address = f"/admin/results/printedstanding/{table.pk}/compare/"

    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "so", "mark": ""}).status_code == 403
    assert client.get(f"/admin/results/championship/{championship.pk}/printed/").status_code == 403


def test_code_from_before_the_comparison_still_stores_tables(cup):
    """During a rollout the former release writes rows of the columns it knows."""
    championship, _first, _second = cup
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO results_printedstanding (season_id, name, class_name, after, is_final) VALUES (%s, 'A', '', '', false)",
            [championship.season_id],
        )

    table = PrintedStanding.objects.get()
    assert (table.mark, table.settled_mark, table.settled_reason, table.differences) == ("", "", "", None)
