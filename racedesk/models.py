"""What the site itself remembers: attempts at its doors as long as they count, that something changed, what roles got."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class Attempt(models.Model):
    """One attempt by somebody, counted under a keyed hash: who it was cannot be read from it.

    Rows live for `accounts.throttle.WINDOW`; the next attempt of anybody deletes what is older.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()  # nobody looks at it, nobody changes it
        indexes = [
            models.Index(fields=["key", "at"], name="attempt_key_at"),  # login, reset: how many by this one
            models.Index(fields=["at"], name="attempt_at"),  # login, reset: what has run out
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.at}"


class Change(models.Model):
    """The mark of a transaction that wrote something readers see; left by a trigger, read by `racedesk.freshness`."""

    mark = models.UUIDField(primary_key=True, db_default=RandomUUID())
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.mark)


class GivenRight(models.Model):
    """A permission that racedesk gave to a role: it is not given again once the newsroom has taken it away."""

    role = models.CharField(max_length=20)
    permission = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="givenright_unique")]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"
