"""What one file says of the cars of a session, beside what the file before it said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from results.differences import CellChange

Statement = dict[str, str]  # column -> folded text
HELD = "held back"  # in a statement: the columns that the entry was not told


def hold(statement: dict[str, str], column: str) -> None:
    """Remembers in what a file stated of a car that the entry was not told this column."""
    statement[HELD] = " ".join(sorted({*statement.get(HELD, "").split(), column}))


def waiting_in(statements: dict[str, dict[str, str]]) -> dict[str, frozenset[str]]:
    """The columns of each car that an import held back."""
    return {number: frozenset(said[HELD].split()) for number, said in statements.items() if HELD in said}


@dataclass(slots=True)
class View:
    """What one session's file says of its cars, beside what it said the time before.

    `guarded` are the cars of its released result: a new statement about them changes what readers see. What is `held`
    back changes nothing of a car that something else may show: team and crew stand at every result of the event. A
    `partial` sheet, such as a list of laps, names only who drove. `kept` are the cars whose stored crew stands against
    the sheet. `waited` are the columns of each car that an earlier file of this session was not allowed to say.
    """

    released: bool = False
    held: bool = False
    checkpoint: str = ""  # of the scoring it is; laps and the finish have none
    outlives: bool = False  # held back for longer than the released result of its session, if there is one
    partial: bool = False
    says_crew: bool = False  # whether it says who drove in its session
    guarded: frozenset[str] = frozenset()
    before: dict[str, Statement] = field(default_factory=dict)
    waited: dict[str, frozenset[str]] = field(default_factory=dict)
    now: dict[str, Statement] = field(default_factory=dict)
    changes: list[CellChange] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)  # columns that some car waits for

    def repeats(self, number: str, claim: Claim) -> bool:
        """Whether the last file of this session said the same."""
        return number in self.before and self.before[number].get(claim.column, "") == claim.text

    def has_waited(self, number: str, column: str) -> bool:
        """Whether the file before this one said it while it had to wait."""
        return column in self.waited.get(number, ())

    def hold(self, number: str, column: str) -> None:
        """Remembers that the entry was not told, so that a later file may still say it."""
        hold(self.now.setdefault(number, {}), column)


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a file about a car that is stored already."""

    column: str
    text: str  # folded; empty: the file says nothing
    known: str
    said: str
    agrees: bool
    fills: bool  # adds to what is known, contradicts nothing
    apply: Callable[[bool], None]  # asked whether the report shall name the change
