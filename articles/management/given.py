"""What the commands about articles are given: a day, a file, an event. Errors are German and name what is wrong."""

import datetime as dt
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from results.models import Event

LARGEST = 8_000_000  # bytes of a text


def given_day(text: str) -> dt.date | None:
    """The day of `2025-03-22`; None without any."""
    try:
        return dt.date.fromisoformat(text.strip()) if text else None
    except ValueError as error:
        raise CommandError(_("“%(text)s” is no day. Expected: 2025-03-22.") % {"text": text}) from error


def given_bytes(path: Path, *, most: int) -> bytes:
    """The bytes of a file, never more than `most`."""
    try:
        with path.open("rb") as source:
            return source.read(most)
    except FileNotFoundError as error:
        raise CommandError(_("There is no file %(name)s.") % {"name": path}) from error
    except IsADirectoryError as error:
        raise CommandError(_("%(name)s is a folder, no file.") % {"name": path}) from error
    except OSError as error:
        raise CommandError(_("%(name)s may not be read.") % {"name": path}) from error


def given_file(path: Path) -> bytes:
    """A whole file of at most `LARGEST` bytes."""
    content = given_bytes(path, most=LARGEST + 1)
    if len(content) > LARGEST:
        raise CommandError(_("%(name)s is larger than %(size)s MB.") % {"name": path, "size": LARGEST // 1_000_000})
    return content


def given_text(path: Path) -> str:
    """A whole text in UTF-8."""
    try:
        return given_file(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(_("%(name)s is not UTF-8.") % {"name": path}) from error


def given_event(address: str) -> Event:
    """The event of `series/season/event` or of its slug alone, where that is one."""
    *context, slug = address.strip("/").split("/")
    events = Event.objects.filter(slug=slug).select_related("season__series", "circuit")
    if len(context) == 2:  # noqa: PLR2004 - series/season/event
        events = events.filter(season__series__slug=context[0], season__slug=context[1])
    found = list(events[:2])
    if not found:
        raise CommandError(_("There is no event “%(slug)s”.") % {"slug": address})
    if len(found) > 1:
        raise CommandError(_("Several events are called “%(slug)s”. Write series/season/event.") % {"slug": address})
    return found[0]
