"""Doubts of one kind: the first are named line by line, the rest only counted, for a person has to read them."""

from __future__ import annotations

from dataclasses import dataclass, field

from results.importers.records import Problem

MOST_NAMED = 12


@dataclass(slots=True)
class Doubts:
    """`rest` words what the others are, after their number: "weitere Runden, deren …"."""

    column: str
    rest: str
    named: list[Problem] = field(default_factory=list)
    unnamed: int = 0

    def add(self, line: int | None, reason: str) -> None:
        if len(self.named) < MOST_NAMED:
            self.named.append(Problem(line, self.column or None, reason))
        else:
            self.unnamed += 1

    def listed(self) -> list[Problem]:
        if not self.unnamed:
            return self.named
        return [*self.named, Problem(None, self.column or None, f"Dazu {self.unnamed} {self.rest}.")]


def in_order(*kinds: Doubts | list[Problem]) -> tuple[Problem, ...]:
    """All of them by line, what speaks of the whole file last."""
    problems = [problem for kind in kinds for problem in (kind.listed() if isinstance(kind, Doubts) else kind)]
    return tuple(sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0)))
