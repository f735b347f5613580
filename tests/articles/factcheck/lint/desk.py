"""A small register, a small event, and what the linters say of a sentence."""

import datetime as dt

from articles.factcheck.facts import Driver
from articles.factcheck.lint.linters import linters
from articles.factcheck.lint.piece import Crew, Piece, Shown, Starters
from articles.factcheck.lint.register import Register
from articles.factcheck.lint.run import lint


def person(name):
    first, _, last = name.partition(" ")
    return Driver(first, last)


REGISTER = Register(
    drivers=tuple(
        map(
            person,
            [
                "André Negrão", "Maximilian Götz", "Maximilian Buhk", "Laurens Vanthoor", "Dries Vanthoor", "Kévin Estre",
                "Filipe Albuquerque", "Nico Müller", "Sven Müller", "Nico Möller", "Michael Schumacher", "Ralf Schumacher",
                "Christopher Mies", "Renger van der Zande", "Alessandro Pier Guidi", "Markus Winkelhock", "Nico Hülkenberg",
                "Juan Fernandez", "José Fernández", "Patrice Goueslard", "RENE RAST", "Ryō Hirakawa", "Bernd Schneider",
            ],
        )
    ),
    teams=("United Autosports", "AF Corse", "HTP Gravity Charouz", "Manthey Racing", "Haupt Racing Team", "Pfaff Motorsports"),
    makes=("Porsche", "Lamborghini", "Mercedes-Benz", "Jaguar", "Alpine", "Aston Martin"),
    circuits=("Nürburgring", "Hockenheimring", "Autodromo Nazionale Monza", "Misano World Circuit", "Circuit Gilles-Villeneuve Montréal"),
    aliases=("Grello", "Nicki Thiim"),
)  # fmt: skip
STARTERS = Starters(
    crews=(
        Crew(tuple(map(person, ["Maximilian Götz", "Maximilian Buhk", "Bernd Schneider"])), "HTP Gravity Charouz", "mercedes"),
        Crew(tuple(map(person, ["Filipe Albuquerque", "Phil Hanson", "Fabio Scherer"])), "United Autosports", "oreca"),
        Crew(tuple(map(person, ["Kévin Estre", "Laurens Vanthoor"])), "Manthey Racing", "porsche"),
    ),
    days=(dt.date(2014, 11, 1), dt.date(2014, 11, 2)),
)  # fmt: skip


def piece(text, *, starters=STARTERS, register=REGISTER, **more):
    return Piece(text, register, starters, **more)


def said(text, linter=None, **more):
    """Words and proposal of every remark; of one linter by name, or of all."""
    one = piece(text, **more)
    found = lint(one) if linter is None else sorted(linter(one), key=lambda remark: remark.start)
    assert all(one.text[remark.start : remark.end] == remark.text for remark in found if remark.end)
    return [(remark.text, remark.suggestion) for remark in found]


__all__ = ["REGISTER", "STARTERS", "Shown", "linters", "person", "piece", "said"]
