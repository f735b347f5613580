"""Championships in a browser: rules beside their words, the effect before saving, a decision, the organiser's table."""

from django.db.models.functions import Now

from results.models import Championship, ChampionshipChange, ChampionshipDecision, PrintedStanding
from tests import factories as make
from tests.browser.visit import choose
from tests.results.standings.made import race, result, season

TABLE = """Platz;Fahrer;Punkte
1;Maximilian Freiherr von Hohenfels;50
2;José María López;33
3;Kévin Estre;30
4;Tom Unbekannt;12
"""


def a_season():
    """Two races of three drivers."""
    formula = season()
    names = (("Maximilian", "Freiherr von Hohenfels"), ("Kévin", "Estre"), ("José María", "López"))
    ada, bea, cleo = (make.DriverFactory(first_name=first, last_name=last) for first, last in names)
    first, second = race(formula, 1, name="Rennen"), race(formula, 2, name="Rennen")
    result(first, [ada, bea, cleo])
    result(second, [ada, cleo, bea])
    return Championship.objects.get(key="driver"), second.event


def test_rules_are_changed_with_their_effect_seen(log_in):
    championship, _event = a_season()
    desk = log_in("results")
    desk.go("/admin/results/championship/")
    desk.look("meisterschaften")
    desk.press(championship.name)
    desk.look("meisterschaft")
    desk.press("Regeln ändern")
    page = desk.page
    page.get_by_label("Regeln", exact=False).fill('{"scores": [{"table": [10, "neun"]}],\n "ties": ["gar nicht"]}')
    desk.press("Auswirkung ansehen")
    assert "Zeile 1: scores: „neun“ ist keine Zahl" in desk.text
    desk.look("regeln-fehler")

    page.get_by_label("Regeln", exact=False).fill('{"scores": [{"table": [10, 9, 1]}],\n "drops": [{"best": 1}]}')
    desk.press("Auswirkung ansehen")
    desk.look("regeln-wirkung")
    page.get_by_label("Grund").fill("Bulletin 4")
    desk.press("Speichern")
    assert "Die Regeln sind geändert." in page.content()
    assert ChampionshipChange.objects.get().reason == "Bulletin 4"

    desk.press("Wieder der Regeldatei folgen")
    desk.press("Auswirkung ansehen")
    desk.look("regeldatei-folgen")


def test_a_decision_is_entered_and_a_table_published(log_in):
    championship, event = a_season()
    desk = log_in("results")
    desk.go(f"/admin/results/championship/{championship.pk}/decide/")
    page = desk.page
    page.get_by_label("Art").select_option("Punkte gegeben oder abgezogen")
    choose(page, "id_driver", "Hohenfels")
    page.get_by_label("Punkte").fill("-30")
    page.locator("#id_event").select_option(str(event.pk))
    page.get_by_label("Grund").fill("Sportgericht des DMSB")
    desk.press("Auswirkung ansehen")
    desk.look("entscheidung-wirkung")
    desk.press("Speichern")
    assert ChampionshipDecision.objects.get().points == -30
    desk.look("meisterschaft-entschieden")

    desk.press("Tabelle veröffentlichen")
    desk.look("tabelle-veroeffentlichen")
    desk.press("Tabelle veröffentlichen")
    assert "Die Tabelle ist veröffentlicht." in page.content()

    scoring = championship.scoring_events.first()
    desk.go(f"/admin/results/scoringevent/{scoring.pk}/set/")
    page.locator("#id_counts").uncheck()
    desk.press("Auswirkung ansehen")
    desk.look("wertung-wirkung")


def test_a_printed_table_is_read_and_compared(log_in):
    championship, event = a_season()
    desk = log_in("results")
    desk.go(f"/admin/results/championship/{championship.pk}/printed/")
    page = desk.page
    page.locator("#id_event").select_option(str(event.pk))
    page.locator("#id_text").fill(TABLE.replace("33", "viel"))
    desk.press("Zeilen prüfen")
    desk.look("gedruckte-tabelle-fehler")
    page.locator("#id_text").fill(TABLE)
    desk.press("Zeilen prüfen")
    desk.look("gedruckte-tabelle-gelesen")
    desk.press("Neben unserer Tabelle speichern")
    desk.look("gedruckte-tabelle-daneben")
    assert PrintedStanding.objects.get().differences == 2

    PrintedStanding.objects.update(public_from=Now())
    desk.go(f"/admin/results/championship/{championship.pk}/printed/")
    page.locator("#id_event").select_option(str(event.pk))
    page.locator("#id_text").fill(TABLE.replace("33", "32"))
    desk.press("Zeilen prüfen")
    desk.press("Neben unserer Tabelle speichern")
    desk.look("gedruckte-tabelle-oeffentlich")
    page.get_by_label("Die Tabelle ersetzen, die Leser sehen").check()
    page.get_by_label("Grund").fill("Neufassung des Veranstalters")
    desk.press("Neben unserer Tabelle speichern")
    assert "Die Tabelle ist neben unserer gespeichert." in page.content()

    desk.go("/admin/")
    desk.look("tafel-tabellen")
