"""What a clock on a wall shows, as an instant: pure. In two nights a year a clock skips an hour, or shows one twice."""

import datetime as dt
import zoneinfo

FIRST, SECOND = "first", "second"


class Skipped(ValueError):  # noqa: N818 - what became of the time
    """The clocks go forward over this time: it does not exist."""


class Twice(ValueError):  # noqa: N818 - what became of the time
    """The clocks go back over this time: somebody has to say which is meant."""


def instant_at(wall: dt.datetime, zone: zoneinfo.ZoneInfo, which: str = "") -> dt.datetime:
    """The instant, in UTC, at which clocks in the zone show the naive `wall`; `which` of two is `first` or `second`.

    Raises Skipped or, without `which`, Twice.
    """
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(dt.UTC)
    if first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise Skipped(wall)
    if which not in {FIRST, SECOND}:
        raise Twice(wall)
    return (second if which == SECOND else first).astimezone(dt.UTC)


def shown_at(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """What a clock in the zone shows at the instant: naive, the two of an hour that comes twice look the same."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
