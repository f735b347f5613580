"""What rules ask for and nothing in the season has: a class, a cup, a kind of race. Not wrong, and often a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from results.models import Championship, Entry
from results.names import fold
from results.points.packs import PackRefused, read_rules
from results.points.rules import Championship as Rules
from results.standings.rulebook import pack_named
from results.standings.schedule import calendar_of, tags_of


def strangers_in(championship: Championship) -> list[str]:
    """One sentence for each; the rules may be unsaved. None where the season has no cars yet or the rules cannot be read."""
    try:
        rules = read_rules(
            championship.rules, key=championship.key, subject=championship.subject, place=championship.name
        )
    except PackRefused:
        return []
    entries = Entry.objects.filter(event__season=championship.season_id)
    if not entries.exists():
        return []
    classes = entries.filter(racing_class__isnull=False).values_list("racing_class__name", flat=True).distinct()
    cups = entries.filter(cups__isnull=False).values_list("cups__name", flat=True).distinct()
    found: list[str] = []
    if championship.racing_class is None:
        found += _unknown(
            rules.racing_class, classes, _("No car of the season is in the class “%(name)s”: nobody scores.")
        )
    found += _classes(rules.classes, classes)
    found += _unknown(rules.cup, cups, _("No car of the season is entered for the cup “%(name)s”: nobody scores."))
    if championship.is_by_hand:  # a file speaks of races that the calendar may not have
        found += _tags(championship, rules)
    return found


def _classes(said: Sequence[str], known: Iterable[str]) -> Iterator[str]:
    """Of several classes those that no car is in; nobody scores only where that holds for all."""
    had = {fold(one) for one in known}
    missing = [one for one in said if fold(one) not in had]
    sentence = _("No car of the season is in the class “%(name)s”.")
    if missing and len(missing) == len(said):
        sentence = _("No car of the season is in the class “%(name)s”: nobody scores.")
    for one in missing:
        yield from _unknown(one, known, sentence)


def _unknown(said: str, known: Iterable[str], sentence: str) -> Iterator[str]:
    names = sorted(set(known))
    if said and fold(said) not in {fold(one) for one in names}:
        yield sentence % {"name": said} + (" " + _("Known: %(names)s.") % {"names": ", ".join(names)} if names else "")


def _tags(championship: Championship, rules: Rules) -> Iterator[str]:
    """Kinds of race that no session of the calendar has, by its name and length or because the desk said so."""
    where = [*(one.where for one in rules.scores), *(one.where for one in rules.bonuses)]
    wanted = {tag for one in where for tag in one.tags}
    if not wanted:
        return
    calendar, pack = calendar_of(championship.season), pack_named(championship.pack)
    had = {tag for session in calendar.sessions.values() for tag in tags_of(session.event, session, pack)}
    if championship.pk is not None:
        had |= {tag for tags in championship.scoring_events.values_list("tags", flat=True) for tag in tags}
    for tag in sorted(wanted - had):
        yield _("No session of the calendar is of the kind “%(tag)s”: that rule counts nothing yet.") % {"tag": tag}
