"""The stewards' desk in a browser: a penalty from the form to the released result, what if, and the grid."""

from results.models import Decision
from tests import factories as make
from tests.browser.visit import choose
from tests.results.stewards_made import HOUR, decide, places, result


def a_race():
    """Eight cars of two classes, one of them out."""
    event = make.EventFactory(name="6 Stunden vom Nürburgring", season__series__name="Langstrecken-Cup")
    qualifying = make.SessionFactory(event=event, kind="qualifying", name="Qualifying", sequence=1)
    session = make.SessionFactory(event=event, name="Rennen", sequence=3)
    pro, am = make.RacingClassFactory(name="Pro"), make.RacingClassFactory(name="Am")
    names = ("Nordlicht Racing", "Team Eifel", "Scuderia Adria", "Rheinland Motorsport mit einem sehr langen Namen",
             "Falkenhorst", "Garage Sieben", "Ostsee Sport", "Waldsee GT")  # fmt: skip
    for number, name in enumerate(names, start=1):
        make.EntryFactory(
            event=event,
            number=str(number),
            team=make.TeamFactory(name=name),
            racing_class=am if number % 3 == 0 else pro,
        )
    counted = {pro: 0, am: 0}
    rows = []
    for number in range(1, 8):
        racing_class = am if number % 3 == 0 else pro
        counted[racing_class] += 1
        rows.append(
            (
                str(number),
                HOUR if number == 1 else number * 2_100,
                {"class_position": counted[racing_class], "best_lap_ms": 98_000 + number * 37},
            )
        )
    result(*rows, ("8", None, {"status": "dnf", "laps": 12, "total_ms": HOUR // 2}), session=session)
    result(*[(str(number), 97_000 + number * 111) for number in range(1, 9)], session=qualifying, timed=True)
    return qualifying, session


def test_a_penalty_goes_from_the_form_to_the_released_result(log_in):
    _qualifying, session = a_race()
    desk = log_in("results")
    desk.go(f"/admin/results/session/{session.pk}/decisions/")
    desk.press("Entscheidung eintragen")
    page = desk.page
    page.get_by_label("Startnummer").fill("1")
    page.get_by_label("Art:").select_option("Zeitstrafe")
    page.get_by_label("Umfang").fill("10 s")
    page.get_by_label("Nummer der Entscheidung").fill("27")
    desk.look("entscheidung")
    desk.press("Speichern")
    desk.press("Auswirkung auf das Ergebnis ansehen")
    desk.look("auswirkung")
    assert "Entscheidung 27: #1 Zeitstrafe" in desk.page.content()

    page.get_by_label("Grund").fill("Zu schnell in der Boxengasse")
    desk.press("Übernehmen und freigeben")

    assert places(session) == {"2": 1, "3": 2, "4": 3, "1": 4, "5": 5, "6": 6, "7": 7}
    decision = Decision.objects.get()
    desk.go(f"/admin/results/decision/{decision.pk}/change/")
    desk.look("entscheidung-steht")
    desk.go(f"/admin/results/session/{session.pk}/change/")


def test_a_vacant_place_what_if_and_the_grid_keep_wcag(log_in):
    qualifying, session = a_race()
    decide(session, "1", "disqualified", leaves_vacant=True)
    decide(session, "4", "time", 5_000, appeal="pending")
    desk = log_in("results")
    desk.go(f"/admin/results/session/{session.pk}/decisions/")
    assert "Platz 1 bleibt frei." in desk.page.content()
    desk.look("platz-bleibt-frei")

    desk.go(f"/admin/results/session/{session.pk}/what-if/")
    page = desk.page
    page.locator("#id_1-car").fill("2")
    page.locator("#id_1-amount").fill("7 s")
    page.keyboard.press("Enter")
    page.locator(".proposal").wait_for()
    desk.look("was-waere-wenn")

    desk.go("/admin/")
    desk.look("tafel-entscheidungen")
    desk.go("/admin/results/session/")
    assert "2 nicht angewandt" in desk.page.content()

    make.facts.Classification.objects.filter(session=session).update(is_current=False)
    desk.go(f"/admin/results/session/{qualifying.pk}/grid/")
    desk.look("aufstellung-bilden")
    desk.press("Startaufstellung bilden")
    assert "Die Startaufstellung steht als Fassung 1." in desk.page.content()


def test_a_reinstatement_is_chosen_by_its_words(log_in):
    _qualifying, session = a_race()
    decide(session, "1", "disqualified", number="31")
    desk = log_in("results")
    desk.go(f"/admin/results/decision/add/?session={session.pk}")
    desk.page.get_by_label("Startnummer").fill("1")
    desk.page.get_by_label("Art:").select_option("wieder eingesetzt")
    choose(desk.page, "id_overturns", "31")
    desk.press("Speichern")

    assert Decision.objects.get(kind="reinstated").overturns.number == "31"
