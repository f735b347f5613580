"""What happened, counted: wins, poles, streaks, firsts; only from what readers may see, always in step with it.

Nothing is stored: every figure is read from the results that stand now, so a new version changes all of them at once.
Definitions are in docs/formats.md.
"""

from results.statistics.careers import Career, Figures, Race, Run, SeasonFigures, SeriesRecord, career_of
from results.statistics.span import Archive
from results.statistics.subjects import FULL_RACES, Feat, Scope, Subject, SubjectKind, subject_of

__all__ = [
    "FULL_RACES",
    "Archive",
    "Career",
    "Feat",
    "Figures",
    "Race",
    "Run",
    "Scope",
    "SeasonFigures",
    "SeriesRecord",
    "Subject",
    "SubjectKind",
    "career_of",
    "subject_of",
]
