"""Which state of a result may follow which. Pure.

What was final is not provisional again: it is amended or annulled. What was annulled counts again only by a version of its
own, in whatever state.
"""

from __future__ import annotations

PROVISIONAL, REVISED, FINAL, AMENDED, ANNULLED = STATES = ("provisional", "revised", "final", "amended", "annulled")
OPEN = frozenset({PROVISIONAL, REVISED})
SETTLED = frozenset({FINAL, AMENDED})


def states_after(before: str | None) -> tuple[str, ...]:
    """The states that a version may have behind one of that state; None: there is no version before it."""
    if before in SETTLED:
        return AMENDED, ANNULLED
    return STATES if before != ANNULLED else STATES[:-1]


def may_follow(before: str | None, after: str) -> bool:
    return after in states_after(before)


def usual_next(before: str) -> str:
    """What the next version is when nobody says: what was settled is amended, what was not is revised."""
    return REVISED if before in OPEN else AMENDED


def is_older(before: str, after: str) -> bool:
    """Whether a file says less than what stands: `provisional` behind `revised`, either of them behind `final`."""
    rank = {PROVISIONAL: 0, REVISED: 1, FINAL: 2, AMENDED: 2, ANNULLED: 3}
    return rank[after] < rank[before]
