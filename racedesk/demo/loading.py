"""The way into the demo: everything in one transaction, and nothing twice."""

from django.conf import settings
from django.core.management.base import CommandError, OutputWrapper
from django.db import connection, transaction
from django.utils.translation import gettext as _

from racedesk.demo.accounts import ACCOUNTS, create_accounts
from racedesk.demo.facts import load_facts
from racedesk.demo.pictures import repaint_lost
from racedesk.demo.stories import load_stories


def load(*, stdout: OutputWrapper) -> None:
    """Fill the database with the demo season and say who can log in; a second run changes nothing.

    Raises CommandError on a site that is served over HTTPS, for the passwords are known to everybody; with
    RACEDESK_DEMO_ACCOUNTS=1 it is done all the same.
    """
    if not settings.DEMO_ACCOUNTS:
        raise CommandError(
            _(
                "The demo's passwords are public, so it is not loaded into a site that is served over HTTPS. "
                "RACEDESK_DEMO_ACCOUNTS=1 loads it all the same."
            )
        )
    with transaction.atomic():
        people = create_accounts()
        load_facts(by=people["results"])
        load_stories(people)
        repaint_lost()
        with connection.cursor() as cursor:
            # The first visitor comes before Postgres looks by itself; on tables it takes for empty a page took minutes.
            cursor.execute("ANALYZE")
    stdout.write(_("Logins for /admin/:"))
    for account in ACCOUNTS:
        stdout.write(f"  {account.role:<14} {account.password}")
