"""What was true after a race: the contract for sentences on its page and for checking what a text says.

Every answer is None where the archive does not cover the race: nothing is claimed of what is not complete. Races that
came later change nothing here; a new version of an earlier result does.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from results.models import Session
from results.statistics.asking import ask
from results.statistics.basis import Part, basis
from results.statistics.careers import RACE, Race
from results.statistics.span import Archive, calendar
from results.statistics.subjects import Feat, Scope, Subject, SubjectKind
from results.statistics.trail import CLASS_RUNS, RUNS, trail, vouched


@dataclass(frozen=True, slots=True)
class Before:
    """The last time before a race. `days` between both days, `races` how many races of the series ago.

    The former race is None where there was never any: with `archive.whole` in all history, else since the archive
    begins. `starts`: races of his own that somebody began in between.
    """

    race: Race | None
    days: int | None
    races: int | None
    starts: int
    archive: Archive


@dataclass(frozen=True, slots=True)
class Tally:
    """A feat of one subject after a race, the race included, within the covered part of its series.

    `here`: it had the feat in this race. `starts` are its races so far, `count` the times so far, `count_of_season` those of the season, `streak` the run that was alive after the race,
    `longest` the longest until then, `before` the last time before this race.
    """

    feat: Feat
    here: bool
    starts: int
    count: int
    count_of_season: int
    streak: int
    longest: int
    before: Before

    @property
    def archive(self) -> Archive:
        return self.before.archive


NOW = """, now AS MATERIALIZED (SELECT number, day, season_id FROM calendar
    WHERE session_id = %s AND is_race AND is_covered)"""
AFTER = f"""
SELECT sums.*, former.day AS former_day, former.number AS former_number,
    CASE WHEN former.session_id IS NOT NULL THEN {RACE.format("former.session_id")} END AS former
FROM (
    SELECT so_far.subject_id, feat.name AS feat, so_far.number, so_far.day, so_far.started AS starts,
        CASE WHEN feat.name = '{Feat.POLE}' THEN so_far.own_before ELSE so_far.started_before END AS starts_before, COALESCE(bool_or(trail.number = so_far.number), false) AS here,
        count(trail.nth) AS count,
        count(trail.nth) FILTER (WHERE trail.season_id = so_far.season_id) AS count_of_season,
        CASE WHEN max(trail.own) = CASE WHEN feat.name = '{Feat.POLE}' THEN so_far.own ELSE so_far.started END THEN (max(ARRAY[trail.own, trail.length]))[2] ELSE 0 END AS streak,
        COALESCE(max(trail.length), 0) AS longest,
        max(trail.number) FILTER (WHERE trail.number < so_far.number) AS former_number_of,
        COALESCE(max(trail.own) FILTER (WHERE trail.number < so_far.number), 0) AS former_own
    FROM (
        SELECT owned.subject_id, now.number, now.day, now.season_id, max(owned.own) AS own,
            max(owned.own_started) AS started, count(*) FILTER (WHERE owned.number < now.number) AS own_before,
            count(*) FILTER (WHERE owned.number < now.number AND owned.started) AS started_before
        FROM now JOIN owned ON owned.number <= now.number GROUP BY 1, 2, 3, 4
    ) so_far
    CROSS JOIN unnest(%s::text[]) feat (name)
    LEFT JOIN trail ON trail.subject_id = so_far.subject_id AND trail.feat = feat.name AND trail.number <= so_far.number
    GROUP BY so_far.subject_id, feat.name, so_far.number, so_far.day, so_far.own, so_far.started, so_far.own_before,
        so_far.started_before
) sums
LEFT JOIN calendar former ON former.number = sums.former_number_of AND former.is_race
"""  # noqa: S608


def tallies_after(
    session: Session, kind: SubjectKind, only: Sequence[int], *, feats: tuple[Feat, ...] = (*RUNS, *CLASS_RUNS)
) -> dict[int, dict[Feat, Tally]]:
    """By subject (primary key) and feat what was true after that race; one query.

    Empty where the archive does not cover the race. Whoever had not raced in the series by then is left out.
    """
    series = session.event.season.series_id
    expressions = (
        basis(kind, Scope(series=series), only=only) + Part(", ") + calendar(Part("SELECT %s::bigint", (series,)))
    )
    expressions += Part(", ") + trail(feats) + Part(NOW, (session.pk,))
    said = ask(expressions, {"archives": "SELECT * FROM archive", "tallies": AFTER}, (list(feats),))
    found: dict[int, dict[Feat, Tally]] = {}
    for archive in map(Archive.from_json, said["archives"]):
        told = vouched(feats, has_poles=archive.has_poles, has_fastest_laps=archive.has_fastest_laps)
        for one in said["tallies"]:
            if one["feat"] in told:
                found.setdefault(one["subject_id"], {})[Feat(one["feat"])] = _tally(one, archive)
    return found


def nth_win(subject: Subject, session: Session) -> int | None:
    """The how manieth win in its series this race was; 0 for a race that was not won, None where nobody can say."""
    return nth(Feat.WIN, subject, session)


def nth(feat: Feat, subject: Subject, session: Session) -> int | None:
    """The how manieth time in its series; 0 without the feat, None where not all history of the series is covered."""
    tally = tally_after(feat, subject, session)
    if tally is None or not tally.archive.whole:
        return None
    return tally.count if tally.here else 0


def nth_of_season(feat: Feat, subject: Subject, session: Session) -> int | None:
    """The how manieth time in the season; 0 without the feat, None where the season is not covered up to the race."""
    tally = tally_after(feat, subject, session)
    if tally is None:
        return None
    return tally.count_of_season if tally.here else 0


def last_before(feat: Feat, subject: Subject, session: Session) -> Before | None:
    """The last time before that race; None where nobody can say.

    "Never" (`race` is None) is only an answer where the archive holds all history, see `archive.whole`.
    """
    tally = tally_after(feat, subject, session)
    return tally.before if tally else None


def streak_after(feat: Feat, subject: Subject, session: Session) -> int | None:
    """The run of own races with the feat that was alive after that race."""
    tally = tally_after(feat, subject, session)
    return tally.streak if tally else None


def tally_after(feat: Feat, subject: Subject, session: Session) -> Tally | None:
    """Everything of one feat; None where the archive does not cover the race or the subject had never raced."""
    return tallies_after(session, subject.kind, [subject.pk], feats=(feat,)).get(subject.pk, {}).get(feat)


def _tally(one: Mapping[str, Any], archive: Archive) -> Tally:
    former = one["former"]
    days = None
    if former and former["day"] and one["day"]:
        days = (dt.date.fromisoformat(one["day"]) - dt.date.fromisoformat(former["day"])).days
    before = Before(
        race=Race.from_json(former) if former else None,
        days=days,
        races=one["number"] - one["former_number"] if former else None,
        starts=one["starts_before"] - one["former_own"],
        archive=archive,
    )
    return Tally(
        Feat(one["feat"]),
        one["here"],
        one["starts"],
        one["count"],
        one["count_of_season"],
        one["streak"],
        one["longest"],
        before,
    )
