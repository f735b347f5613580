"""Figures of the fact desk's engine: on cases with known verdicts, on mutants of them, and its speed."""
