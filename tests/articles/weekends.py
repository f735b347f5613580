"""Race weekends as the desk meets them while it writes, and a story about one."""

import datetime as dt

from tests.factories import (
    CarModelFactory,
    CircuitFactory,
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    ManufacturerFactory,
    RacingClassFactory,
    SeasonFactory,
    SeriesFactory,
    SessionFactory,
    TeamFactory,
)

STORY = (
    "<p>Beim WEC-Qualifying zu den 8h Bahrain 2021 sicherte sich Kamui Kobayashi in der #7 in 1:46.250 Minuten die Pole."
    "</p><p>Brendon Hartley in der #8 wurde Zweiter. In der LMGTE Pro stellte Kevin Estre den Porsche auf die Pole.</p>"
)
# number, class, team, last names, best lap
FIELD = [
    ("7", "Hypercar", "Toyota Gazoo Racing", ["Kamui Kobayashi", "Mike Conway"], 106_250),
    ("8", "Hypercar", "Toyota Gazoo Racing", ["Brendon Hartley", "Kazuki Nakajima"], 106_540),
    ("92", "LMGTE Pro", "Porsche GT Team", ["Kévin Estre", "Neel Jani"], 116_041),
    ("91", "LMGTE Pro", "Porsche GT Team", ["Gianmaria Bruni", "Richard Lietz"], 116_900),
]


def wec():
    series = SeriesFactory(name="FIA World Endurance Championship", short_name="WEC", slug="wec")
    return SeasonFactory(series=series, label="2021")


def weekend(season, name, days, circuit, *, field=FIELD, is_run=True):
    """An event with a qualifying and a race; where it is run, the qualifying has its result."""
    first, last = days
    event = EventFactory(season=season, name=name, circuit=circuit, starts_on=first, ends_on=last)
    qualifying = SessionFactory(
        event=event, key="Q", name="Qualifying", kind="qualifying", sequence=1,
        starts_at=dt.datetime.combine(first, dt.time(13), dt.UTC),
    )  # fmt: skip
    SessionFactory(
        event=event, key="R", name="Rennen", sequence=2, starts_at=dt.datetime.combine(last, dt.time(11), dt.UTC)
    )
    classes, teams, models, rows = {}, {}, {}, []
    for place, (number, klass, team, names, best) in enumerate(field, start=1):
        classes[klass] = classes.get(klass) or RacingClassFactory(series=season.series, name=klass)
        teams[team] = teams.get(team) or TeamFactory(name=team)
        make = team.split()[0]
        models[make] = models.get(make) or CarModelFactory(name=make, manufacturer=ManufacturerFactory(name=make))
        crew = [DriverFactory(first_name=one.split()[0], last_name=one.split()[1]) for one in names]
        entry = EntryFactory(
            event=event, number=number, racing_class=classes[klass], team=teams[team], car_model=models[make], crew=crew
        )
        rows.append({"entry": entry, "position": place, "best_lap_ms": best})
    if is_run:
        ClassificationFactory(session=qualifying, rows=rows)
    return event


def bahrain_2021():
    """Two events at one venue within a week; `STORY` means the second, which is returned."""
    season, circuit = wec(), CircuitFactory(name="Bahrain International Circuit", town="Sakhir")
    weekend(season, "6 Stunden von Bahrain", (dt.date(2021, 10, 28), dt.date(2021, 10, 30)), circuit, field=())
    return weekend(season, "8 Stunden von Bahrain", (dt.date(2021, 11, 4), dt.date(2021, 11, 6)), circuit)
