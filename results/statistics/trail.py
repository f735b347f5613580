"""The runs of what somebody did race after race: numbers, streaks (gaps and islands) and firsts, as SQL.

`owned` are the races of each subject (started, or begun from pole) inside the part of the archive that is complete,
numbered `own` in order. `trail` has a line for each of them and each feat it had there: `nth` counts the times so far,
`length` the run that ends here. One's own races are those started; for poles also those in which the car never left it. A race that somebody missed does not break a run: Ascari's nine wins leave out
Indianapolis, where he did not start.
"""

from collections.abc import Sequence

from results.statistics.basis import Part
from results.statistics.subjects import Feat

RUNS = (Feat.START, Feat.WIN, Feat.PODIUM, Feat.POLE, Feat.FASTEST_LAP, Feat.FINISH)
CLASS_RUNS = (Feat.CLASS_WIN, Feat.CLASS_PODIUM)


def trail(feats: Sequence[Feat] = RUNS) -> Part:
    """The expressions `owned`, `done` and `trail`; needs `taken` and `calendar`."""
    unpivoted = ", ".join(f"('{feat}', owned.{feat})" for feat in feats)
    return Part(
        f"""
        owned AS MATERIALIZED (
            SELECT taken.*, calendar.number, calendar.label, row_number() OVER own_races AS own,
                count(*) FILTER (WHERE taken.started) OVER own_races AS own_started
            FROM taken JOIN calendar ON calendar.session_id = taken.session_id AND calendar.is_race AND calendar.is_covered
            WHERE taken.started OR taken.pole
            WINDOW own_races AS (PARTITION BY taken.subject_id, taken.series_id ORDER BY calendar.number)
        ), done AS (
            SELECT owned.subject_id, owned.series_id, owned.season_id, owned.session_id, owned.number,
                CASE WHEN feat.name = '{Feat.POLE}' THEN owned.own ELSE owned.own_started END AS own,
                feat.name AS feat, row_number() OVER (
                    PARTITION BY owned.subject_id, owned.series_id, feat.name ORDER BY owned.number) AS nth
            FROM owned CROSS JOIN LATERAL (VALUES {unpivoted}) feat (name, had) WHERE feat.had
        ), trail AS MATERIALIZED (
            SELECT done.*, row_number() OVER (
                PARTITION BY subject_id, series_id, feat, own - nth ORDER BY number) AS length FROM done
        )"""  # noqa: S608
    )


def vouched(feats: Sequence[Feat], *, has_poles: bool, has_fastest_laps: bool) -> list[Feat]:
    """Those of the feats that an archive says anything of."""
    silent = {Feat.POLE: not has_poles, Feat.FASTEST_LAP: not has_fastest_laps}
    return [feat for feat in feats if not silent.get(feat)]
