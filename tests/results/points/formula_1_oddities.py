"""Where the tables of F1DB after single rounds differ from what results and rules give, and why; `docs/oracles.md` says it
to people. A key is year, championship and round, the number how many rows of that table differ."""

# Level on points with the same places in the points (from 2000 in every race): by the rules they share the place, F1DB ranks
# one behind the other. It shares the place in most other such cases.
SHARED_BY_THE_RULES = {
    (1955, "driver", 2): 1, (1957, "driver", 1): 1, (1960, "driver", 2): 1, (1962, "driver", 3): 2,
    (1967, "constructor", 2): 1, (1974, "driver", 6): 1, (1983, "driver", 4): 1, (1989, "driver", 6): 1,
    (1991, "constructor", 11): 1, (1991, "constructor", 15): 1, (1991, "constructor", 16): 1,
    (1993, "constructor", 3): 1, (1993, "constructor", 11): 1, (1994, "driver", 6): 1, (1995, "driver", 9): 1,
    (1995, "driver", 17): 1, (1996, "driver", 8): 1, (1999, "constructor", 2): 1, (1999, "constructor", 14): 1,
    (1999, "constructor", 15): 1, (1999, "constructor", 16): 1, (2001, "driver", 15): 1, (2003, "driver", 4): 1,
    (2004, "driver", 2): 1, (2004, "driver", 12): 1, (2004, "driver", 17): 1, (2005, "driver", 2): 1,
    (2006, "driver", 2): 2, (2007, "driver", 3): 1, (2008, "driver", 2): 1, (2008, "driver", 5): 1,
    (2010, "driver", 2): 1,
}  # fmt: skip

# Level on points, but one has the better places: F1DB lets them share the place.
SEPARATED_BY_THE_RULES = {
    (1951, "driver", 4): 1, (1951, "driver", 5): 1, (1956, "driver", 7): 1, (1958, "driver", 7): 1,
    (1960, "driver", 3): 1, (1980, "driver", 2): 1, (1986, "driver", 8): 1, (1987, "driver", 9): 1,
    (1987, "driver", 10): 1, (2012, "driver", 2): 1, (2012, "driver", 3): 1, (2012, "driver", 4): 1,
    (2012, "driver", 7): 1,
}  # fmt: skip

# Level on points and in the other order by their places; the tables of the rounds around agree with the rules.
IN_THE_OTHER_ORDER = {(2012, "driver", 6): 2, (2022, "driver", 6): 2, (2025, "driver", 2): 2}

# A place that cannot be: ten too many (28 beside 18 for drivers level on points), second with the most points, two fourth
# places with different points.
NO_SUCH_PLACE = {
    (1956, "driver", 6): 1, (1964, "driver", 9): 3, (1974, "constructor", 13): 1, (1977, "constructor", 12): 1,
    (1982, "driver", 10): 2, (1982, "driver", 11): 1,
}  # fmt: skip

# Tyrrell has twelve points after round 3 and eleven in the sum of its rounds and in the tables before and after.
POINTS_OF_ONE_TABLE = {(1978, "constructor", 3): 1}

# McLaren lost its points later; after this one round F1DB still counts it among the places, everybody is one lower.
COUNTED_THOUGH_EXCLUDED = {(2007, "constructor", 6): 10}

# The running season, drivers without a point who were not classified, in an order no rule gives; one is missing.
NOBODY_CLASSIFIED = {(2026, "driver", 1): 5, (2026, "driver", 2): 1}

ODDITIES = (
    SHARED_BY_THE_RULES
    | SEPARATED_BY_THE_RULES
    | IN_THE_OTHER_ORDER
    | NO_SUCH_PLACE
    | POINTS_OF_ONE_TABLE
    | COUNTED_THOUGH_EXCLUDED
    | NOBODY_CLASSIFIED
)
