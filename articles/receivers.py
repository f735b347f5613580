"""What stories answer to the facts."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.dispatch import receiver

from articles.usage import stories_on
from results.signals import deletion_asked


@receiver(deletion_asked)
def name_the_stories(sender: type[Model], things: Iterable[Any], **_signal: Any) -> list[str]:
    """Stories that name an event or a series keep it."""
    return stories_on(things, sender)
