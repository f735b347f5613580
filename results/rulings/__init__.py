"""The arithmetic of the stewards: what penalties, strikes and reinstatements do to a classification. No Django here."""

from results.rulings.compute import compute, effects_of
from results.rulings.lines import COLUMNS, DROPS, STRIKES, Kind, Line, Outcome, Ruling, RulingRefused
from results.rulings.standing import Verdict, overturned

__all__ = [
    "COLUMNS", "DROPS", "STRIKES", "Kind", "Line", "Outcome", "Ruling", "RulingRefused", "Verdict", "compute", "effects_of",
    "overturned",
]  # fmt: skip
