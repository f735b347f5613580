"""What is enough for a contender in the next scoring, in words: of a race plainly, of anything else under its name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from results.models.calendar import SessionKind
from results.points import title_words
from results.points.award import rule_of
from results.points.prospects import Coming, Contender
from results.standings.title_race import TitleRace


def heading(race: TitleRace, coming: Coming) -> str:
    """`Rennen`, `Sprint`, `Rennen (6h)`: what readers call a scoring to come."""
    session = race.session_of(coming)
    name = session.name if session else str(SessionKind(coming.kind).label)
    return f"{name} ({coming.checkpoint})" if coming.checkpoint else name


def is_pole(race: TitleRace, coming: Coming) -> bool:
    """Whether a session gives points for nothing but being first in it."""
    return rule_of(race.rules, coming) is None


def alone(race: TitleRace, one: Contender, coming: Coming, name: title_words.Name) -> str:
    """What is enough whatever the others do, in a scoring that stands beside it; empty where no pole is enough."""
    if not is_pole(race, coming):
        return title_words.alone(one, name)
    if one.alone is None:
        return ""
    return _("With pole position %(name)s is champion.") % {"name": name(one.competitor)}


def enough(race: TitleRace, one: Contender, coming: Coming | None, name: title_words.Name) -> str:
    """The same where nothing else says of which scoring; empty where none is to come.

    A win or a place is one of a race at its end, whoever reads it. A sprint, a qualifying, a checkpoint, and the first of
    two races is named.
    """
    if coming is None:
        return ""
    said = alone(race, one, coming, name)
    if not said or is_pole(race, coming) or _is_the_race(race, coming):
        return said
    return _("%(session)s: %(sentence)s") % {"session": heading(race, coming), "sentence": said}


def _is_the_race(race: TitleRace, coming: Coming) -> bool:
    ahead = [one for one in race.survey.race.coming if one.round == coming.round and _is_finish(one)]
    return ahead == [coming]


def _is_finish(coming: Coming) -> bool:
    return coming.kind in {SessionKind.RACE, SessionKind.RALLY} and not coming.checkpoint
