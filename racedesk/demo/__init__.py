"""A season to try racedesk with: real weekends retold, an invented series, stories in every state, a login per role."""

from racedesk.demo.loading import load

__all__ = ["load"]
