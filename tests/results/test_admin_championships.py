"""Championships at the desk: every act shows its effect first, says who and why, and loses nobody's work."""

import datetime as dt
import json

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from results.models import (
    Championship,
    ChampionshipChange,
    ChampionshipDecision,
    Computation,
    DeletedFacts,
    ScoringEvent,
    Standing,
)
from results.recovery import put_back
from results.standings import acts
from results.standings.compute import compute_season
from tests import factories
from tests.articles.desk_forms import text_of
from tests.results.standings.made import desk, drivers, public, race, result, season

pytestmark = pytest.mark.django_db

TEN = '{"scores": [{"table": [10, 9]}]}'


def someone(role="results"):
    client = Client()
    client.force_login(factories.UserFactory(role=role))
    return client


@pytest.fixture
def two():
    """Ada and Bea after one race, 25 and 18 points by the file."""
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])
    return Championship.objects.get(key="driver"), ada, bea


def at(championship, page):
    return f"/admin/results/championship/{championship.pk}/{page}/"


def fields(response):
    """The fields of the page's own form as a browser would send them, without its buttons."""
    (form,) = html.fromstring(response.content.decode()).xpath("//main//form[@method='post'][not(@id)]")
    return {name: value.removeprefix("\n") for name, value in form.form_values() if name not in {"look", "save"}}


def look(client, address, **values):
    """Opens the page, fills it and asks for the effect."""
    sent = fields(client.get(address)) | values
    return client.post(address, {**sent, "look": "1"})


def save(client, address, seen, **values):
    """Saves what the page with the effect holds."""
    return client.post(address, {**fields(seen), **values, "save": "1"})


def lines(response):
    """The table of the effect: name, place and points now and then."""
    rows = html.fromstring(response.content.decode()).xpath("//*[@id='effect']//tbody/tr")
    return [tuple(" ".join(cell.itertext()).split()[0] for cell in row.xpath("th|td")) for row in rows]


# ------------------------------------------------------------------ rules


def test_changed_rules_show_their_effect_before_anything_is_stored_and_are_saved_with_who_and_why(two):
    championship, _ada, _bea = two
    client, address = someone(), at(two[0], "rules")

    seen = look(client, address, text='{"scores": [{"table": [10, 9]}],\n "ties": []}')

    championship.refresh_from_db()
    assert lines(seen) == [("Ada", "1", "1", "25", "10"), ("Bea", "2", "2", "18", "9")]
    assert (championship.is_by_hand, desk()) == (False, {"Ada": "25", "Bea": "18"})
    assert "10-9" in text_of(seen)

    saved = save(client, address, seen, reason="Ausschreibung, Seite 12")

    championship.refresh_from_db()
    assert saved.status_code == 302
    assert (championship.is_by_hand, desk()) == (True, {"Ada": "10", "Bea": "9"})
    change = ChampionshipChange.objects.get()
    assert (change.act, change.reason, change.by.is_staff) == ("rules", "Ausschreibung, Seite 12", True)
    assert change.before["rules"]["scores"][0]["table"] != change.after["rules"]["scores"][0]["table"] == [10, 9]


def test_nothing_is_saved_that_was_not_looked_at(two):
    client, address = someone(), at(two[0], "rules")

    sent = fields(client.get(address)) | {"text": TEN, "reason": "so"}
    client.post(address, {**sent, "save": "1"})
    seen = look(client, address, text=TEN, reason="so")
    save(client, address, seen, text='{"scores": [{"table": [99]}]}')

    assert desk() == {"Ada": "25", "Bea": "18"}


def test_a_result_released_in_between_shows_the_new_effect_instead_of_saving(two):
    championship, ada, bea = two
    client, address = someone(), at(championship, "rules")
    seen = look(client, address, text=TEN, reason="so")
    result(race(championship.season, 2), [bea, ada])

    again = save(client, address, seen)

    assert "noch einmal" in text_of(again)
    assert lines(again) == [("Ada", "1", "1", "43", "19"), ("Bea", "1", "1", "43", "19")]
    assert desk() == {"Ada": "43", "Bea": "43"}
    assert save(client, address, again).status_code == 302
    assert desk() == {"Ada": "19", "Bea": "19"}


def test_a_reason_is_needed_and_what_was_typed_stays(two):
    client, address = someone(), at(two[0], "rules")

    refused = save(client, address, look(client, address, text=TEN))

    assert "Grund" in text_of(refused)
    assert json.loads(fields(refused)["text"]) == json.loads(TEN)
    assert not ChampionshipChange.objects.exists()


def test_every_fault_is_named_by_its_line_and_the_text_stays(two):
    client, address = someone(), at(two[0], "rules")
    wrong = '{"scores": [{"table": [10]}],\n"lists": "alle",\n"ties": ["countback",\n"los"]}'

    refused = look(client, address, text=wrong)

    assert "Zeile 2: lists: „alle“ ist unbekannt" in text_of(refused)
    assert "Zeile 4: ties: „los“ ist unbekannt" in text_of(refused)
    assert fields(refused)["text"].replace("\r\n", "\n") == wrong


def test_two_editors_lose_nothing(two):
    first, second, address = someone(), someone(), at(two[0], "rules")
    early = look(first, address, text=TEN, reason="A")
    late = look(second, address, text='{"scores": [{"table": [7, 6]}]}', reason="B")
    save(first, address, early)

    refused = save(second, address, late)

    assert refused.status_code == 409
    assert "[10, 9]" in text_of(refused)
    assert "[7, 6]" in fields(refused)["text"]
    assert desk() == {"Ada": "10", "Bea": "9"}
    again = second.post(address, {**fields(refused), "look": "1"})
    assert save(second, address, again).status_code == 302
    assert desk() == {"Ada": "7", "Bea": "6"}
    assert [one.reason for one in ChampionshipChange.objects.order_by("pk")] == ["A", "B"]


def test_the_rules_follow_the_file_again(two):
    championship, _ada, _bea = two
    client = someone()
    acts.change_rules(championship, by=factories.UserFactory(), reason="so", rules=json.loads(TEN), name="Eigen",
                      racing_class=None, sequence=3)  # fmt: skip
    address = at(championship, "follow")

    seen = look(client, address)
    assert lines(seen) == [("Ada", "1", "1", "10", "25"), ("Bea", "2", "2", "9", "18")]
    assert save(client, address, seen).status_code == 302

    championship.refresh_from_db()
    assert (championship.is_by_hand, championship.name, desk()) == (
        False,
        "Fahrerweltmeisterschaft",
        {"Ada": "25", "Bea": "18"},
    )
    kept = ChampionshipChange.objects.get(act="followed")
    assert kept.before["rules"] == json.loads(TEN)


def test_a_championship_by_hand_is_set_up_and_computed(two):
    championship, _ada, _bea = two
    client, address = someone(), "/admin/results/championship/add/"
    sent = {"season": championship.season_id, "key": "rookie", "name": "Rookies", "subject": "driver", "sequence": "9"}

    wrong = client.post(address, {**sent, "text": '{"scores": 3}'})
    client.post(address, {**sent, "text": TEN})

    assert "Zeile 1: scores:" in text_of(wrong)
    assert desk(key="rookie") == {"Ada": "10", "Bea": "9"}
    assert public(key="rookie") is None


@pytest.mark.parametrize(
    ("subject", "rules"),
    [
        ("driver", {"adjustments": [{"competitor": "Adda", "points": -5}]}),
        ("driver", {"exclusions": [{"competitor": "Adda", "printed": "EX"}]}),
        ("driver", {"ineligible": {"1": ["Adda"]}}),
        ("driver", {"fastest": {"1": ["Adda"]}}),
        ("team", {"adjustments": [{"competitor": "Ada", "points": -5}]}),
    ],
)
def test_a_championship_that_names_nobody_of_the_season_is_not_set_up(two, subject, rules):
    championship, _ada, _bea = two
    sent = {"season": championship.season_id, "key": "rookie", "name": "Rookies", "subject": subject, "sequence": "9"}
    text = json.dumps({**json.loads(TEN), **rules})

    refused = someone().post("/admin/results/championship/add/", {**sent, "text": text})

    assert (refused.status_code, "in dieser Saison nicht genannt" in text_of(refused)) == (200, True)
    assert not Championship.objects.filter(key="rookie").exists()


def changes_of(client, championship):
    """What the log says of each act, the newest first: the act and its values."""
    page = html.fromstring(client.get(f"/admin/results/championship/{championship.pk}/change/").content.decode())
    rows = page.xpath("//table[.//ul[@class='changed-values']]/tbody/tr")
    return [[" ".join(one.text_content().split()) for one in row.xpath(".//li")] for row in rows]


def test_the_log_says_what_stood_before_and_what_stands_since(two):
    championship, ada, _bea = two
    client = someone()

    def look_and_save(page, **values):
        address = at(championship, page)
        return save(client, address, look(client, address, **values))

    look_and_save("rules", text='{"scores": [{"table": [10, 9]}], "ties": []}', name="Pokal", reason="Seite 12")
    look_and_save("decide", kind="points", driver=str(ada.pk), points="-2,5", reason="Urteil 4")
    acts.publish_table(championship, by=factories.UserFactory())
    (scoring,) = championship.scoring_events.all()
    address = f"/admin/results/scoringevent/{scoring.pk}/set/"
    save(client, address, look(client, address, said_table="7-6", factor="3/2", reason="Aushang"))

    counted, public_, decided, rules = changes_of(client, championship)

    assert counted == ["Punktetabelle: – → 7-6", "Faktor: – → 3/2"]
    assert public_[0].startswith("öffentlich ab: – → 2")
    assert decided == ["Art: – → Punkte gegeben oder abgezogen", "Punkte: – → −2,5", "Fahrer: – → Ada"]
    assert rules[0] == "Name: Fahrerweltmeisterschaft → Pokal"
    assert "Was ein Platz wert ist: Rennen: 25-18-15-12-10-8-6-4-2-1. → Rennen: 10-9." in rules
    assert any(one.startswith("Bei gleicher Punktzahl: Es entscheidet: ") for one in rules)


def test_a_class_a_cup_and_a_kind_of_race_that_nothing_has_are_named(two):
    championship, _ada, _bea = two
    client = someone()
    entry = championship.season.events.get().entries.first()
    entry.cups.add(factories.CupFactory(series=championship.season.series, name="Junior"))
    rules = {"cup": "Juniors", "scores": [{"table": [10]}, {"tags": ["8h"], "table": [20]}]}

    seen = look(client, at(championship, "rules"), text=json.dumps({**rules, "class": "GT3"}), reason="so")
    sent = {"season": championship.season_id, "key": "rookie", "name": "Rookies", "subject": "driver", "sequence": "9"}
    made = client.post("/admin/results/championship/add/", {**sent, "text": json.dumps(rules)}, follow=True)

    assert "Kein Auto der Saison fährt in der Klasse „GT3“" in text_of(seen)
    for page in (seen, made):
        assert (
            "Kein Auto der Saison ist für die Wertung „Juniors“ genannt: Niemand punktet. Bekannt: Junior."
            in text_of(page)
        )
        assert "Keine Session im Kalender ist von der Art „8h“" in text_of(page)
    entry.cups.all().update(name="Juniors", folded="juniors")
    assert "Juniors“ genannt" not in text_of(client.get(made.redirect_chain[-1][0]))


def test_unreadable_rules_are_said_in_the_list_and_on_the_page(two):
    championship, _ada, _bea = two
    Championship.objects.filter(pk=championship.pk).update(rules={"scores": [{"table": ["x"]}]}, is_by_hand=True)
    Computation.objects.all().delete()
    client = someone()

    assert "Regeln nicht lesbar" in text_of(client.get("/admin/results/championship/"))
    page = client.get(f"/admin/results/championship/{championship.pk}/change/")
    assert "nicht lesbar" in text_of(page) or "nicht gelesen" in text_of(page)
    assert client.get(at(championship, "rules")).status_code == 200


# ------------------------------------------------------------------ readers


def test_a_table_is_published_and_taken_back_by_verbs_of_their_own(two):
    championship, _ada, _bea = two
    client = someone()

    client.post(at(championship, "publish"), {"opens": "", "reason": ""})
    assert public() == {"Ada": "25", "Bea": "18"}
    refused = client.post(at(championship, "withdraw"), {"reason": " "})
    assert "Grund" in text_of(refused)
    assert public() is not None
    client.post(at(championship, "withdraw"), {"reason": "Rennen fehlen"})

    assert public() is None
    acts_done = list(ChampionshipChange.objects.order_by("pk").values_list("act", "reason"))
    assert acts_done == [("published", ""), ("withdrawn", "Rennen fehlen")]


def test_a_table_is_published_at_an_hour_to_come_and_not_before(two):
    championship, _ada, _bea = two
    hour = timezone.localtime() + dt.timedelta(days=1)

    someone().post(at(championship, "publish"), {"opens": f"{hour:%Y-%m-%dT%H:%M}"})

    championship.refresh_from_db()
    assert championship.public_from == hour.replace(second=0, microsecond=0)
    assert public() is None
    Championship.objects.update(public_from=timezone.now() - dt.timedelta(minutes=1))
    assert public() == {"Ada": "25", "Bea": "18"}


def test_to_publish_is_a_right_of_its_own(two):
    person = factories.UserFactory(role="results")
    client = Client()
    client.force_login(person)
    right = Permission.objects.get(codename="publish_championship")
    for group in person.groups.all():
        group.permissions.remove(right)

    assert client.post(at(two[0], "publish"), {}).status_code == 403
    assert "Tabelle veröffentlichen" not in text_of(client.get(f"/admin/results/championship/{two[0].pk}/change/"))
    assert client.get(at(two[0], "rules")).status_code == 200
    assert public() is None


# ------------------------------------------------------------------ scorings


def test_a_session_stops_counting_once_its_effect_was_seen(two):
    championship, ada, bea = two
    second = race(championship.season, 2)
    result(second, [bea, ada])
    scoring = ScoringEvent.objects.get(championship=championship, session=second)
    client, address = someone(), f"/admin/results/scoringevent/{scoring.pk}/set/"

    sent = fields(client.get(address))
    sent.pop("counts")
    seen = client.post(address, {**sent, "look": "1"})
    assert lines(seen) == [("Ada", "1", "1", "43", "25"), ("Bea", "1", "2", "43", "18")]
    assert save(client, address, seen, reason="gestrichen").status_code == 302

    assert desk() == {"Ada": "25", "Bea": "18"}
    change = ChampionshipChange.objects.get()
    assert (change.act, change.before["counts"], change.after["counts"]) == ("scoring", True, False)
    back = f"/admin/results/scoringevent/{scoring.pk}/leave/"
    assert save(client, back, look(client, back), reason="doch").status_code == 302
    assert desk() == {"Ada": "43", "Bea": "43"}


def test_a_factor_and_a_table_of_its_own_are_typed_as_people_write_them(two):
    championship, _ada, _bea = two
    scoring = ScoringEvent.objects.get(championship=championship)
    client, address = someone(), f"/admin/results/scoringevent/{scoring.pk}/set/"

    wrong = look(client, address, said_table="10-12", factor="viel", said_share="2")
    seen = look(client, address, said_table="12,5-10", factor="1,5", said_share="0,5")
    save(client, address, seen, reason="Bulletin")

    assert text_of(wrong).count("Erwartet wird ein Faktor") == 1
    assert "mehr wert" in text_of(wrong)
    scoring.refresh_from_db()
    assert (scoring.factor_numerator, scoring.factor_denominator, str(scoring.share)) == (3, 2, "0.500")
    assert desk() == {"Ada": "18.75", "Bea": "15"}
    assert fields(client.get(address))["said_table"] == "12,5 10"


def test_another_session_is_counted(two):
    championship, ada, bea = two
    event = championship.season.events.get()
    extra = factories.SessionFactory(event=event, kind="practice", sequence=0)
    result(extra, [bea, ada])
    client, address = someone(), at(championship, "score")
    sent = {"session": extra.pk, "counts": "on", "said_table": "5 1", "reason": "Bulletin"}

    seen = client.post(address, {**sent, "look": "1"})
    saved = client.post(address, {**sent, "confirmed": fields(seen)["confirmed"], "save": "1"})

    assert saved.status_code == 302
    assert desk() == {"Ada": "26", "Bea": "23"}


# ------------------------------------------------------------------ decisions


def decided(client, championship, **values):
    address = at(championship, "decide")
    sent = {"kind": "points", "points": "-10", "origin": "by_hand", "reason": "Sportgericht", **values}
    seen = client.post(address, {**sent, "look": "1"})
    return seen, client.post(address, {**sent, "confirmed": fields(seen).get("confirmed", ""), "save": "1"})


def test_a_decision_shows_its_effect_is_computed_at_once_and_can_be_taken_back(two):
    championship, ada, _bea = two
    client = someone()

    seen, saved = decided(client, championship, driver=ada.pk)

    assert lines(seen) == [("Bea", "2", "1", "18", "18"), ("Ada", "1", "2", "25", "15")]
    assert saved.status_code == 302
    assert desk() == {"Bea": "18", "Ada": "15"}
    decision = ChampionshipDecision.objects.get()
    assert (decision.reason, decision.entered_by.is_staff) == ("Sportgericht", True)

    back = f"/admin/results/championshipdecision/{decision.pk}/take-back/"
    effect = look(client, back)
    assert lines(effect) == [("Ada", "2", "1", "15", "25"), ("Bea", "1", "2", "18", "18")]
    assert save(client, back, effect).status_code == 200
    assert save(client, back, look(client, back), reason="Berufung").status_code == 302
    assert desk() == {"Ada": "25", "Bea": "18"}
    assert list(ChampionshipChange.objects.order_by("pk").values_list("act", "reason")) == [
        ("decided", "Sportgericht"), ("undecided", "Berufung"),
    ]  # fmt: skip


def test_a_decision_from_the_bin_counts_again(two):
    championship, ada, _bea = two
    client = someone()
    decided(client, championship, driver=ada.pk)
    decision = ChampionshipDecision.objects.get()
    acts.take_decision_back(decision, by=factories.UserFactory(), reason="Irrtum")

    put_back(DeletedFacts.objects.get())

    assert desk() == {"Bea": "18", "Ada": "15"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": ""}, "Grund"),
        ({"driver": ""}, "zwingend erforderlich"),
        ({"kind": "excluded", "points": ""}, "statt des Platzes"),
        ({"kind": "without", "points": ""}, "Veranstaltung"),
        ({"points": ""}, "Punkte"),
    ],
)
def test_a_decision_that_says_too_little_is_refused_in_words(two, values, said):
    championship, ada, _bea = two

    _seen, refused = decided(someone(), championship, **{"driver": ada.pk, **values})

    assert refused.status_code == 200
    assert said in text_of(refused)
    assert not ChampionshipDecision.objects.exists()


def test_a_decision_about_somebody_who_is_in_no_car_of_the_season_is_refused(two):
    championship, _ada, _bea = two
    (stranger,) = drivers("Adda")

    seen = look(
        someone(), at(championship, "decide"), kind="points", driver=str(stranger.pk), points="-5", reason="Urteil"
    )

    assert "Zu „Adda“ gehört kein Auto dieser Saison" in text_of(seen)
    assert not ChampionshipDecision.objects.exists()


@pytest.mark.parametrize(("said", "kept"), [("team  x", "Team X"), ("Team X", "Team X"), ("Team Y", None)])
def test_an_entrant_is_meant_by_the_name_his_cars_carry(two, said, kept):
    championship, _ada, _bea = two
    championship.season.events.get().entries.update(entrant="Team X")
    cup = acts.set_up(
        Championship(season=championship.season, key="e", name="Bewerber", subject="entrant", rules=json.loads(TEN)),
        by=factories.UserFactory(),
    )

    sent = {"kind": "points", "entrant": said, "points": "-5", "reason": "Urteil"}
    save(someone(), at(cup, "decide"), look(someone(), at(cup, "decide"), **sent))

    assert [one.entrant for one in ChampionshipDecision.objects.all()] == ([kept] if kept else [])
    assert desk(key="e") == {"Team X": "14" if kept else "19"}


@pytest.mark.parametrize(("said", "kept"), [("team x #8", "Team X #8"), ("Team X #8", "Team X #8"), ("Team X", None)])
def test_where_each_car_counts_for_itself_an_entrant_is_meant_with_its_number(two, said, kept):
    championship, _ada, _bea = two
    entries = championship.season.events.get().entries
    for number, entry in enumerate(entries.order_by("pk"), start=8):
        entries.filter(pk=entry.pk).update(entrant="Team X", number=str(number))
    rules = json.loads(TEN) | {"by_car": True}
    cup = acts.set_up(
        Championship(season=championship.season, key="e", name="Wagen", subject="entrant", rules=rules),
        by=factories.UserFactory(),
    )
    before = desk(key="e")
    assert {"Team X #8", "Team X #9"} <= set(before)

    sent = {"kind": "points", "entrant": said, "points": "-5", "reason": "Urteil"}
    save(someone(), at(cup, "decide"), look(someone(), at(cup, "decide"), **sent))

    assert [one.entrant for one in ChampionshipDecision.objects.all()] == ([kept] if kept else [])
    taken = 5 if kept else 0
    assert desk(key="e") == {**before, "Team X #8": str(int(before["Team X #8"]) - taken)}


def test_each_class_among_several_that_no_car_is_in_is_named(two):
    championship, _ada, _bea = two
    entry = championship.season.events.get().entries.first()
    entry.racing_class = factories.RacingClassFactory(series=championship.season.series, name="GT3")
    entry.save()
    rules = json.dumps({"classes": ["gt3", "GT5"], "scores": [{"table": [10]}]})

    seen = text_of(look(someone(), at(championship, "rules"), text=rules, reason="so"))

    assert "„GT5“: Niemand punktet" not in seen
    assert "Kein Auto der Saison fährt in der Klasse „GT5“" in seen
    assert "Kein Auto der Saison fährt in der Klasse „gt3“" not in seen


def cost_of_page(client, championship):
    with CaptureQueriesContext(connection) as asked:
        client.get(at(championship, "change"))
    return len(asked)


def test_many_acts_cost_the_page_as_many_queries_as_few(two):
    championship, _ada, _bea = two
    client = someone()
    session = championship.season.events.get().sessions.first()
    by = factories.UserFactory()

    def act(number):
        ChampionshipChange.objects.create(
            championship=championship, act=ChampionshipChange.Act.SCORING, by=by, reason="so",
            before={"session_id": session.pk}, after={"session_id": session.pk, "counts": bool(number % 2)},
        )  # fmt: skip

    act(0)
    act(1)
    client.get(at(championship, "change"))
    few = cost_of_page(client, championship)
    for number in range(18):
        act(number)

    assert cost_of_page(client, championship) == few


def test_the_same_decision_twice_is_refused(two):
    championship, ada, _bea = two
    client = someone()

    decided(client, championship, driver=ada.pk)
    seen, _saved = decided(client, championship, driver=ada.pk)

    assert "schon eingetragen" in text_of(seen)
    assert ChampionshipDecision.objects.count() == 1


# ------------------------------------------------------------------ what tables stand on


def test_what_tables_stand_on_is_not_deleted_and_why_is_said(two):
    championship, ada, _bea = two
    client = someone()
    decided(client, championship, driver=ada.pk)
    client.post(at(championship, "publish"), {})
    factories.PrintedStandingFactory(season=championship.season, championship=championship)

    page = client.post(f"/admin/results/championship/{championship.pk}/delete/", {"post": "yes"})

    said = text_of(page)
    assert [word for word in ("veröffentlicht", "Regeldatei", "Gedruckte Tabellen", "Ada") if word not in said] == []
    assert Championship.objects.filter(pk=championship.pk).exists()
    assert Standing.objects.exists()


def test_a_championship_by_hand_on_which_nothing_stands_goes_into_the_bin_and_comes_back(two):
    own = acts.set_up(
        Championship(season=two[0].season, key="eigen", name="Eigen", subject="driver", rules=json.loads(TEN)),
        by=factories.UserFactory(),
    )
    client = someone()

    client.post(f"/admin/results/championship/{own.pk}/delete/", {"post": "yes"})
    assert not Championship.objects.filter(key="eigen").exists()
    put_back(DeletedFacts.objects.get())

    assert desk(key="eigen") == {"Ada": "10", "Bea": "9"}


def test_a_session_that_counts_is_deleted_without_a_trace_in_the_tables(two):
    championship, _ada, _bea = two
    gone = race(championship.season, 5)
    assert ScoringEvent.objects.filter(session=gone, championship=championship).exists() or ScoringEvent.objects.create(
        championship=championship, session=gone
    )

    someone().post(f"/admin/results/session/{gone.pk}/delete/", {"post": "yes"})

    assert not ScoringEvent.objects.filter(session=gone.pk).exists()
    connection.check_constraints()
    assert desk() == {"Ada": "25", "Bea": "18"}


def test_a_scoring_alone_is_not_deleted(two):
    scoring = ScoringEvent.objects.filter(championship=two[0]).first()

    page = someone().post(f"/admin/results/scoringevent/{scoring.pk}/delete/", {"post": "yes"})

    assert "nicht zählen lassen" in text_of(page)
    assert ScoringEvent.objects.filter(pk=scoring.pk).exists()


def test_a_season_goes_with_the_championships_that_nobody_touched():
    formula = season()
    race(formula, 1)
    compute_season(formula.pk)
    client = someone("administrator")

    refused = client.post(f"/admin/results/season/{formula.pk}/delete/", {"post": "yes"})
    formula.events.get().sessions.all().delete()
    formula.events.all().delete()
    client.post(f"/admin/results/season/{formula.pk}/delete/", {"post": "yes"})

    assert "nicht gelöscht" in text_of(refused)
    assert not type(formula).objects.filter(pk=formula.pk).exists()
    assert not Championship.objects.exists()


def test_a_reporter_reads_and_changes_nothing(two):
    championship, ada, _bea = two
    decision = factories.ChampionshipDecisionFactory(championship=championship, driver=ada)
    scoring = ScoringEvent.objects.filter(championship=championship).first()
    client = someone("reporter")
    acts_of = [
        at(championship, page) for page in ("rules", "follow", "publish", "withdraw", "decide", "score", "printed")
    ]
    acts_of += [
        f"/admin/results/scoringevent/{scoring.pk}/set/",
        f"/admin/results/scoringevent/{scoring.pk}/leave/",
        f"/admin/results/championshipdecision/{decision.pk}/take-back/",
    ]

    assert client.get(f"/admin/results/championship/{championship.pk}/change/").status_code == 200
    assert {client.get(address).status_code for address in acts_of} == {403}
    assert {client.post(address, {"save": "1"}).status_code for address in acts_of} == {403}
