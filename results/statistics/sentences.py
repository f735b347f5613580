"""Statistics in sentences: from tallies to what a race's page says. No database; every word goes through gettext.

A superlative ("first win", "first since 2002") is said of what the archive covers, never of more: where it does not
hold all history, the sentence says since when it counts, or is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from results.statistics.after import Before, Tally
from results.statistics.subjects import Feat

# Before that it is no news that it has happened before: nearly a season without.
LONG_AGO_DAYS, LONG_AGO_RACES = 365, 10
WRITTEN_OUT = 12


@dataclass(frozen=True, slots=True)
class Achievement:
    """What somebody did in a race and what it means. `where` is the class of a class win, else empty."""

    name: str
    tally: Tally
    where: str = ""


def sentences_of(achievements: Iterable[Achievement]) -> list[str]:
    """One sentence for each thing worth saying, in order; people of whom the same is true share one."""
    names: dict[tuple[str, ...], list[str]] = {}
    for achievement in achievements:
        said = _templates(achievement)
        if said and achievement.name not in names.setdefault(said, []):
            names[said].append(achievement.name)
    return [template.replace("\0", in_a_row(of)) for said, of in names.items() for template in said]


def in_a_row(names: Sequence[str]) -> str:
    """`A, B und C`."""
    if len(names) < 2:  # noqa: PLR2004 - one alone
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _templates(one: Achievement) -> tuple[str, ...]:
    """The sentences with a NUL where the names belong."""
    tally = one.tally
    said = {
        Feat.WIN: _counted,
        Feat.POLE: _counted,
        Feat.CLASS_WIN: _in_class,
        Feat.PODIUM: _first_ever,
        Feat.FASTEST_LAP: _first_ever,
    }[tally.feat](one)
    long_ago = _since(tally.feat, tally.before) if tally.feat in {Feat.WIN, Feat.POLE} else ""
    return tuple(filter(None, (said, long_ago, _streak(tally) if tally.feat in {Feat.WIN, Feat.POLE} else "")))


def _counted(one: Achievement) -> str:
    """The first of all, else the how manieth of the season and in all."""
    tally, archive = one.tally, one.tally.archive
    if tally.count == 1 and archive.whole:
        return _first_ever(one)
    said = {
        "nth": _ordinal(tally.count_of_season, tally.feat),
        "names": "\0",
        "total": tally.count,
        "year": archive.first_season,
    }
    if tally.count == tally.count_of_season:
        template = {
            Feat.WIN: _("%(nth)s win of the season for %(names)s."),
            Feat.POLE: _("%(nth)s pole position of the season for %(names)s."),
        }
    elif archive.whole:
        template = {
            Feat.WIN: _("%(nth)s win of the season for %(names)s, number %(total)s in all."),
            Feat.POLE: _("%(nth)s pole position of the season for %(names)s, number %(total)s in all."),
        }
    else:
        template = {
            Feat.WIN: _(
                "%(nth)s win of the season for %(names)s, number %(total)s since the archive begins (%(year)s)."
            ),
            Feat.POLE: _(
                "%(nth)s pole position of the season for %(names)s, number %(total)s since the archive begins (%(year)s)."
            ),
        }
    return template[tally.feat] % said


def _first_ever(one: Achievement) -> str:
    """`Erster Sieg für X, im 35. Rennen.`; nothing for a second one or where the archive begins later."""
    tally = one.tally
    if tally.count != 1 or not tally.archive.whole:
        return ""
    if tally.starts == 1:
        template = {
            Feat.WIN: _("First win for %(names)s, in the first race."),
            Feat.POLE: _("First pole position for %(names)s, in the first race."),
            Feat.PODIUM: _("First podium for %(names)s, in the first race."),
            Feat.FASTEST_LAP: _("First fastest lap for %(names)s, in the first race."),
        }
    else:
        template = {
            Feat.WIN: _("First win for %(names)s, in race number %(race)s."),
            Feat.POLE: _("First pole position for %(names)s, in race number %(race)s."),
            Feat.PODIUM: _("First podium for %(names)s, in race number %(race)s."),
            Feat.FASTEST_LAP: _("First fastest lap for %(names)s, in race number %(race)s."),
        }
    return template[tally.feat] % {"names": "\0", "race": tally.starts}


def _in_class(one: Achievement) -> str:
    said = {"nth": _ordinal(one.tally.count_of_season, Feat.CLASS_WIN), "names": "\0", "class": one.where}
    return _("%(nth)s class win of the season for %(names)s, this time in %(class)s.") % said


def _since(feat: Feat, before: Before) -> str:
    """`Erster Sieg für X seit 2021 (Großer Preis von …), nach 945 Tagen und 56 Rennen ohne Sieg.`"""
    race = before.race
    if race is None or before.days is None:
        return ""
    if before.days < LONG_AGO_DAYS and before.starts < LONG_AGO_RACES:
        return ""
    days = ngettext("after %(n)s day", "after %(n)s days", before.days) % {"n": before.days}
    between = {
        Feat.WIN: ngettext("%(n)s race without a win", "%(n)s races without a win", before.starts),
        Feat.POLE: ngettext("%(n)s race without a pole position", "%(n)s races without a pole position", before.starts),
    }[feat] % {"n": before.starts}
    template = {
        Feat.WIN: _("First win for %(names)s since %(season)s (%(event)s), %(days)s and %(races)s."),
        Feat.POLE: _("First pole position for %(names)s since %(season)s (%(event)s), %(days)s and %(races)s."),
    }[feat]
    if not before.starts:  # the driver was away
        template = {
            Feat.WIN: _("First win for %(names)s since %(season)s (%(event)s), %(days)s."),
            Feat.POLE: _("First pole position for %(names)s since %(season)s (%(event)s), %(days)s."),
        }[feat]
    return template % {"names": "\0", "season": race.season, "event": race.event, "days": days, "races": between}


def _streak(tally: Tally) -> str:
    """A run as long as all somebody's races on record may have begun before the archive: nothing is said of it."""
    if tally.streak < 2 or (not tally.archive.whole and tally.streak == tally.starts):  # noqa: PLR2004
        return ""
    template = {
        Feat.WIN: _("%(nth)s win in a row for %(names)s."),
        Feat.POLE: _("%(nth)s pole position in a row for %(names)s."),
    }[tally.feat]
    return template % {"nth": _ordinal(tally.streak, tally.feat), "names": "\0"}


def _ordinal(number: int, feat: Feat) -> str:
    """`Dritter` Sieg, `Dritte` Pole-Position; from thirteen on in figures."""
    if number > WRITTEN_OUT:
        return _("%(number)sth") % {"number": number}
    words = _feminine() if feat in {Feat.POLE, Feat.FASTEST_LAP} else _masculine()
    return words[number - 1]


def _masculine() -> list[str]:
    return [
        pgettext("masculine", "First"), pgettext("masculine", "Second"), pgettext("masculine", "Third"),
        pgettext("masculine", "Fourth"), pgettext("masculine", "Fifth"), pgettext("masculine", "Sixth"),
        pgettext("masculine", "Seventh"), pgettext("masculine", "Eighth"), pgettext("masculine", "Ninth"),
        pgettext("masculine", "Tenth"), pgettext("masculine", "Eleventh"), pgettext("masculine", "Twelfth"),
    ]  # fmt: skip


def _feminine() -> list[str]:
    return [
        pgettext("feminine", "First"), pgettext("feminine", "Second"), pgettext("feminine", "Third"),
        pgettext("feminine", "Fourth"), pgettext("feminine", "Fifth"), pgettext("feminine", "Sixth"),
        pgettext("feminine", "Seventh"), pgettext("feminine", "Eighth"), pgettext("feminine", "Ninth"),
        pgettext("feminine", "Tenth"), pgettext("feminine", "Eleventh"), pgettext("feminine", "Twelfth"),
    ]  # fmt: skip
