"""What happened, counted: wins, poles, streaks, firsts; only from what readers may see, always in step with it.

Nothing is stored: every figure is read from the results that stand now, so a new version changes all of them at once.
Definitions are in docs/formats.md.
"""

from results.statistics.after import (
    Before,
    Tally,
    last_before,
    nth,
    nth_of_season,
    nth_win,
    streak_after,
    tallies_after,
    tally_after,
)
from results.statistics.careers import Career, Figures, Race, Run, SeasonFigures, SeriesRecord, career_of
from results.statistics.race import RaceStatistics, statistics_of
from results.statistics.rankings import Ranked, Ranking, ranking_of, rankings_at
from results.statistics.span import Archive
from results.statistics.subjects import FULL_RACES, Feat, Scope, Subject, SubjectKind, subject_of

__all__ = [
    "FULL_RACES",
    "Archive",
    "Before",
    "Career",
    "Feat",
    "Figures",
    "Race",
    "RaceStatistics",
    "Ranked",
    "Ranking",
    "Run",
    "Scope",
    "SeasonFigures",
    "SeriesRecord",
    "Subject",
    "SubjectKind",
    "Tally",
    "career_of",
    "last_before",
    "nth",
    "nth_of_season",
    "nth_win",
    "ranking_of",
    "rankings_at",
    "statistics_of",
    "streak_after",
    "subject_of",
    "tallies_after",
    "tally_after",
]
