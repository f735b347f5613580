"""How often somebody may try: counted in the database, so all web processes count together.

An attempt is counted before it is judged and taken back if it was right. So a hundred tries at once are no more than a
hundred one after the other. Refused attempts are not counted: whoever waits for `WINDOW` gets in, nobody is locked out
for good. See abuse cases A1 and A2.
"""

import datetime as dt
import math
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from racedesk.models import Attempt

WINDOW = dt.timedelta(minutes=15)
ADVISORY_LOCK = 7_264_302  # any number; taken while an attempt is counted, about two milliseconds


class TooManyAttemptsError(Exception):
    """Somebody has tried too often; `seconds` until the next attempt is heard, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many attempts, wait {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts within any `WINDOW`; `name` keeps the counts of several limits apart."""

    name: str
    most: int

    def of(self, who: str) -> "Tally":
        """The count of one account or address; only a hash under our secret key is ever stored."""
        return Tally(self, salted_hmac(f"racedesk.throttle.{self.name}", who, algorithm="sha256").hexdigest())


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one of them has tried under one limit."""

    limit: Limit
    key: str


def spend(*tallies: Tally) -> list[int]:
    """Count an attempt on each tally, or on none and raise TooManyAttemptsError; returns what `refund` takes."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        Attempt.objects.filter(at__lt=Now() - WINDOW).delete()
        seconds = max(map(_seconds_to_wait, tallies))
        if not seconds:
            return [attempt.pk for attempt in Attempt.objects.bulk_create(Attempt(key=one.key) for one in tallies)]
    raise TooManyAttemptsError(seconds)


def refund(attempt: list[int]) -> None:
    """Take back an attempt that was right."""
    Attempt.objects.filter(pk__in=attempt).delete()


def forget(*tallies: Tally) -> None:
    """Begin to count anew, for somebody who has proved who he is."""
    Attempt.objects.filter(key__in=[tally.key for tally in tallies]).delete()


def _seconds_to_wait(tally: Tally) -> int:
    """Until the attempt that fills the tally leaves the window; 0 while there is room."""
    left = ExpressionWrapper(F("at") + WINDOW - Now(), output_field=DurationField())
    waits = Attempt.objects.filter(key=tally.key).order_by("-at", "-pk").values_list(left, flat=True)
    return max(
        (max(1, math.ceil(wait.total_seconds())) for wait in waits[tally.limit.most - 1 : tally.limit.most]), default=0
    )
