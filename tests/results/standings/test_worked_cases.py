"""Finales that newspapers worked out, asked of the command `title` on races in the database."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from results.models import Championship, ChampionshipDecision, SessionEntry
from results.names import slugify_german
from results.release import release_draft
from results.standings.due import championships_are_due, gathering
from tests import factories as make
from tests.results.standings.made import race, season

pytestmark = pytest.mark.django_db


class Season:
    """A season with its cars by the names of those who drive them, in order of entry."""

    def __init__(self, name, label, slug, *, racing_class=None):
        self.season = season(label, name=name, slug=slug)
        self.racing_class = racing_class and make.RacingClassFactory(name=racing_class, slug=racing_class.lower())
        self.drivers = {}
        self.days = 0

    def run(self, *races):
        """Races in which these cars came in at those places, 0 for not at all; computed once."""
        with transaction.atomic(), gathering():
            for places in races:
                self.days += 1
                session = race(self.season, self.days)
                rows = [self._row(session, car, place) for car, place in places.items()]
                release_draft(make.ClassificationFactory(session=session, hidden=True, rows=rows), by=None)

    def _row(self, session, car, place):
        for name in car.split("/"):
            self.drivers.setdefault(name, None)
        crew = [self._driver(name) for name in car.split("/")]
        entry = make.EntryFactory(event=session.event, crew=crew, racing_class=self.racing_class)
        stored = SessionEntry.objects.create(session=session, entry=entry)
        if place:
            return {"session_entry": stored, "position": place}
        return {"session_entry": stored, "position": None, "status": "dnf"}

    def _driver(self, name):
        self.drivers[name] = self.drivers.get(name) or make.DriverFactory(
            first_name="", last_name=name, slug=slugify_german(name)
        )
        return self.drivers[name]

    def bring(self, championship, totals):
        """What the rest of the season gave: everybody of a car gets points up to that total."""
        with transaction.atomic(), gathering():
            for car, (total, won) in totals.items():
                for name in car.split("/"):
                    ChampionshipDecision.objects.create(
                        championship=Championship.objects.get(season=self.season, key=championship), kind="points",
                        driver=self.drivers[name], points=Decimal(total - won), reason="übrige Läufe",
                        event=self.season.events.order_by("starts_on").first(),
                    )  # fmt: skip

    def next(self, name):
        session = race(self.season, self.days + 1)
        session.event.name = name
        session.event.save()
        championships_are_due(self.season.pk)

    def title(self, championship):
        out = StringIO()
        call_command(
            "title", self.season.series.slug, self.season.label, championship=championship, json=True, stdout=out
        )
        [found] = json.loads(out.getvalue())
        return found


def alone(title):
    return {one["key"]: one["alone"] for one in title["contenders"]}


def test_wec_2021_before_bahrain():
    """The first seed: the #7 leads by 16 after the pole; third is enough, and the crew is one contender."""
    wec = Season("FIA WEC", "2021", "wec", racing_class="Hypercar")
    seven, eight = "Conway/Kobayashi/López", "Buemi/Nakajima/Hartley"
    wec.run({seven: 0, eight: 0, "Lapierre/Negrão/Vaxivière": 0, "Dumas/Briscoe/Westbrook": 0})
    wec.bring("driver-hypercar", {seven: (120, 0), eight: (104, 0)})
    wec.next("8 Hours of Bahrain")

    title = wec.title("driver-hypercar")

    assert alone(title) == {"conway+kobayashi+lopez": 3, "buemi+nakajima+hartley": None}
    assert title["contenders"][0]["against"] == [
        (
            "Gegen Buemi/Nakajima/Hartley: siegt der Gegner, reicht Platz drei; bei Platz zwei bis drei des Gegners reicht Platz "
            "vier; wird der Gegner Vierter, reicht Platz drei."
        )
    ]


def test_blancpain_endurance_2013_before_the_thousand_kilometres():
    """The second seed: 50, 48, 48 and 47 points before 33 for the win: each has the title in his own hands."""
    cup = Season("Blancpain Endurance Series", "2013", "blancpain", racing_class="Pro")
    crews = ["Ramos/Rigon/Zampieri", "Stippler/Mies", "Buhk", "Leinders/Martin/Buurman"]
    cup.run(dict.fromkeys([*crews, *"ABCDEFGH"], 0))
    cup.bring("driver-pro", {crew: (total, 0) for crew, total in zip(crews, (50, 48, 48, 47), strict=True)})
    cup.next("1000 km Nürburgring")

    assert alone(cup.title("driver-pro")) == {
        "ramos+rigon+zampieri": 1, "stippler+mies": 1, "buhk": 1, "leinders+martin+buurman": 1,
    }  # fmt: skip


def test_dtm_2008_is_decided_by_places_where_both_are_level():
    """newscode.de, 25 October 2008: 65 to 63, two wins and four second places each."""
    dtm = Season("DTM", "2008", "dtm")
    places = [(1, 2), (1, 2), (2, 1), (2, 1), (2, 3), (2, 4), (3, 2), (3, 2), (8, 0), (0, 0)]
    dtm.run(
        *({"Scheider": his, "di Resta": its} for his, its in places[:-1]),
        {"Scheider": 0, "di Resta": 0, **dict.fromkeys("ABCDEFGH", 0)},
    )
    dtm.next("Hockenheim")

    title = dtm.title("driver")

    assert alone(title) == {"scheider": 1, "di-resta": 1}
    assert title["contenders"][0]["against"] == [
        (
            "Gegen di Resta: siegt der Gegner, reicht kein eigener Platz; wird der Gegner Zweiter, hilft nur der Sieg; wird der "
            "Gegner Dritter, reicht Platz vier; wird der Gegner Vierter, reicht Platz sechs; wird der Gegner Fünfter, reicht Platz "
            "sieben; wird der Gegner Sechster, reicht Platz acht; ab Platz sieben des Gegners ist jedes Ergebnis genug."
        )
    ]


def test_dtm_2020_the_fifth_place_is_enough_for_rast():
    """speedweek.com, 8 November 2020: 16 points ahead; six wins each, 4 to 3 second places, 2 to 3 third places."""
    dtm = Season("DTM", "2020", "dtm")
    places = [*[(1, 0)] * 6, *[(0, 1)] * 6, *[(2, 0)] * 4, *[(0, 2)] * 3, *[(3, 0)] * 2, *[(0, 3)] * 3]
    dtm.run(
        *({"Rast": his, "Müller": its} for his, its in places), {"Rast": 0, "Müller": 0, **dict.fromkeys("ABCDEFGH", 0)}
    )
    dtm.bring("driver", {"Rast": (328, 252), "Müller": (312, 249)})
    dtm.next("Hockenheim")

    assert alone(dtm.title("driver"))["rast"] == 5


def test_dtm_2021_the_sixth_place_is_enough_for_lawson():
    """ran.de, 10 October 2021: 227 to 208 to 205 after the last qualifying; three, four and two wins."""
    dtm = Season("DTM", "2021", "dtm")
    order = [*["Lawson"] * 3, *["van der Linde"] * 4, *["Götz"] * 2]
    names = ("Lawson", "van der Linde", "Götz")
    dtm.run(
        *({name: int(name == winner) for name in names} for winner in order),
        {**dict.fromkeys(names, 0), **dict.fromkeys("ABCDEFGH", 0)},
    )
    dtm.bring("driver", {"Lawson": (227, 75), "van der Linde": (208, 100), "Götz": (205, 50)})
    dtm.next("Norisring")

    assert alone(dtm.title("driver")) == {"lawson": 6, "van-der-linde": None, "goetz": None}


@pytest.mark.parametrize(
    ("before", "entered", "decided"), [(7, 7, False), (3, 7, False), (3, 3, True), (7, 3, False), (7, 0, False)]
)
def test_nls_the_entry_list_says_how_many_points_the_last_win_is_worth(before, entered, decided):
    """nringinfo.de, 31 October 2024: who enters decides before the race, for fifteen points need seven cars in the class.

    Ten points ahead, seven cars leave the title open, three (six points) do not; without a list nobody knows, nor with one
    on which the class is smaller than it was: it may not be whole.
    """
    nls = Season("NLS", "2023", "nls", racing_class="V4")
    nls.run({"Ada": 0, "Bea": 0, **dict.fromkeys("CDEFG"[: before - 2], 0)})
    nls.bring("driver", {"Ada": (20, 0), "Bea": (10, 0)})
    nls.next("Finale")
    event = nls.season.events.get(name="Finale")
    with transaction.atomic(), gathering():
        for _car in range(entered):
            make.EntryFactory(event=event, racing_class=nls.racing_class)

    assert nls.title("driver")["decided"] is decided
