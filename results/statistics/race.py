"""What a race meant: the statistics of its winners, of its pole and of whoever did something for the first time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from results.models import Classification, ClassificationRow, Session
from results.selectors import crew_of_entry
from results.statistics.after import Tally, tallies_after
from results.statistics.sentences import Achievement, sentences_of
from results.statistics.span import Archive
from results.statistics.subjects import FULL_RACES, Feat, SubjectKind

Row = Mapping[str, Any]
DRIVERS = (Feat.WIN, Feat.POLE, Feat.PODIUM, Feat.FASTEST_LAP, Feat.CLASS_WIN)


@dataclass(frozen=True, slots=True)
class RaceStatistics:
    """Sentences about a race and the archive on which they rest."""

    sentences: list[str]
    archive: Archive


def statistics_of(session: Session, classification: Classification) -> RaceStatistics | None:
    """What the result means, read with all results that came before it; at most four queries.

    None for what is no race at the finish, where nobody vouches for the archive, where it does not reach that race, and
    where there is nothing to say.
    """
    if (
        session.kind not in FULL_RACES
        or classification.checkpoint
        or not hasattr(session.event.season.series, "archive_span")
    ):
        return None
    leaders = list(_leaders(classification))
    achievements = [*_of_drivers(session, leaders), *_of_cars(session, leaders)]
    sentences = sentences_of(achievements)
    return RaceStatistics(sentences, achievements[0].tally.archive) if sentences else None


def _leaders(classification: Classification) -> QuerySet[ClassificationRow, Any]:
    """The lines that stand for something: podium, class wins, first on the grid, fastest lap."""
    rows = ClassificationRow.objects.filter(classification=classification)
    # Without anybody on grid 1 the pole may be that of the qualifying: of whoever raced, the statistics know whose.
    led = Exists(
        ClassificationRow.objects.filter(
            classification__in=Classification.objects.public(), classification__session__event=OuterRef("session_entry__entry__event"),
            classification__session__kind="qualifying", session_entry__entry=OuterRef("session_entry__entry"), position=1,
        )
    )  # fmt: skip
    best = rows.order_by().values("classification").annotate(best=Min("best_lap_ms")).values("best")
    leading = Q(position__lte=3) | Q(class_position=1) | Q(grid=1) | Q(best_lap_ms=Subquery(best)) | led
    car = "session_entry__entry"
    return rows.filter(leading).order_by("display_order").values(
        "position", "class_position",
        team=F(f"{car}__team"), team_name=F(f"{car}__team__name"),
        maker=F(f"{car}__car_model__manufacturer"), maker_name=F(f"{car}__car_model__manufacturer__name"),
        class_name=F(f"{car}__racing_class__name"), crew=crew_of_entry(pk="driver_id"),
    )  # fmt: skip


def _of_drivers(session: Session, leaders: list[Row]) -> Iterable[Achievement]:
    """Feat by feat, in printed order."""
    drivers = {one["pk"]: f"{one['first']} {one['last']}".strip() for row in leaders for one in row["crew"]}
    classes = {one["pk"]: row["class_name"] for row in leaders for one in row["crew"] if row["class_position"] == 1}
    several = len({row["class_name"] for row in leaders if row["class_position"] == 1}) > 1
    tallies = tallies_after(session, SubjectKind.DRIVER, list(drivers), feats=DRIVERS) if drivers else {}
    for feat in DRIVERS if several else DRIVERS[:-1]:
        for pk, name in drivers.items():
            tally = tallies.get(pk, {}).get(feat)
            if tally is None or not tally.here or (feat is not Feat.WIN and _is_said(tallies[pk], feat)):
                continue
            yield Achievement(name, tally, (classes.get(pk) or "") if feat is Feat.CLASS_WIN else "")


def _is_said(tallies: Mapping[Feat, Tally], feat: Feat) -> bool:
    """The first podium goes without saying where it is the first win, a class win where it is the win of all."""
    return feat in {Feat.PODIUM, Feat.CLASS_WIN} and Feat.WIN in tallies and tallies[Feat.WIN].here


def _of_cars(session: Session, leaders: list[Row]) -> Iterable[Achievement]:
    """The winning team, and the maker where he has another name."""
    winners = [row for row in leaders if row["position"] == 1]
    teams = {row["team"]: row["team_name"] for row in winners if row["team"]}
    makers = {
        row["maker"]: row["maker_name"] for row in winners if row["maker"] and row["maker_name"] != row["team_name"]
    }
    for kind, named in ((SubjectKind.TEAM, teams), (SubjectKind.MANUFACTURER, makers)):
        tallies = tallies_after(session, kind, list(named), feats=(Feat.WIN,)) if named else {}
        for pk, name in named.items():
            tally = tallies.get(pk, {}).get(Feat.WIN)
            if tally is not None and tally.here:
                yield Achievement(name, tally)
