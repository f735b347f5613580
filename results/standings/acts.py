"""The desk's verbs about championships: each says who did it and why, keeps what it replaced, and computes at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from results.models import (
    Championship,
    ChampionshipChange,
    ChampionshipDecision,
    Computation,
    PrintedStanding,
    RacingClass,
    ScoringEvent,
    Season,
)
from results.points.packs import PackRefused
from results.recovery import keep_and_delete
from results.release_clock import database_now
from results.standings.comparison import note_differences
from results.standings.compute import is_readable
from results.standings.due import championships_are_due, gathering
from results.standings.linking import link_tables
from results.standings.meant import NobodyMeant, mean_competitor
from results.standings.rulebook import in_our_keys, pack_named
from results.standings.schedule import packed_rules

Act = ChampionshipChange.Act
SETTINGS = ("name", "racing_class_id", "sequence", "rules", "is_by_hand")
SCORING = ("session_id", "checkpoint", "counts", "tags", "table", "factor_numerator", "factor_denominator", "share")


class ActRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Nothing was written; the message is one sentence for a person."""


class Overtaken(ActRefused):
    """Somebody else has changed it since the person looked."""


def seen_of(thing: Championship | ScoringEvent) -> str:
    """A mark of what a person looked at: another one once somebody has changed rules, settings or the scoring."""
    names = SETTINGS if isinstance(thing, Championship) else SCORING
    return hashlib.sha256(json.dumps(_values(thing, names), sort_keys=True).encode()).hexdigest()


@transaction.atomic
def set_up(championship: Championship, *, by: User, reason: str = "") -> Championship:
    """Stores a championship that no rule file has; its rules are by hand.

    Raises ActRefused for rules that cannot be, or that name somebody whom the season does not know.
    """
    championship.is_by_hand = True
    _validated(championship)
    _refuse_strangers(championship)
    championship.save()
    note_differences(
        link_tables(PrintedStanding.objects.filter(season=championship.season, championship=None), [championship])
    )
    _note(championship, Act.CREATED, by=by, reason=reason, after=_values(championship, SETTINGS))
    return championship


@transaction.atomic
def change_rules(
    championship: Championship,
    *,
    by: User,
    reason: str,
    rules: dict[str, Any],
    name: str,
    racing_class: RacingClass | None,
    sequence: int,
    seen: str = "",
) -> Championship:
    """Rules and settings by hand; from then on they follow no file. Raises ActRefused without a reason or for nothing new."""
    stored = _locked(championship, seen)
    _refuse_without(reason)
    before = _values(stored, SETTINGS)
    stored.rules, stored.name, stored.racing_class, stored.sequence = rules, name, racing_class, sequence
    if _values(stored, SETTINGS) == before:
        raise ActRefused(_("Nothing is changed."))
    stored.is_by_hand = True
    _validated(stored)
    _refuse_strangers(stored)
    stored.save()
    _note(stored, Act.RULES, by=by, reason=reason, before=before, after=_values(stored, SETTINGS))
    return stored


@transaction.atomic
def follow_file(championship: Championship, *, by: User, reason: str = "", seen: str = "") -> Championship:
    """The rules as the file says now, and from then on. Raises ActRefused where the file has no such championship."""
    stored = _locked(championship, seen)
    if not stored.is_by_hand:
        raise ActRefused(_("The rules follow the file already."))
    said = file_says(stored)
    if said is None:
        raise ActRefused(_("No rule file has this championship in this season."))
    before = _values(stored, SETTINGS)
    stored.name, stored.subject, stored.rules, stored.pack = said.name, said.subject, said.rules, said.pack
    stored.sequence, stored.racing_class, stored.is_by_hand = said.sequence, said.racing_class, False
    stored.save()
    _note(stored, Act.FOLLOWED, by=by, reason=reason, before=before, after=_values(stored, SETTINGS))
    return stored


def file_says(championship: Championship) -> Championship | None:
    """The championship as the rule file of its series has it, unsaved; None where there is none."""
    found = packed_rules(championship.season)
    return next((one for one in found if one.key == championship.key), None)


# ------------------------------------------------------------------ readers


@transaction.atomic
def publish_table(
    championship: Championship, *, by: User, reason: str = "", opens: dt.datetime | None = None
) -> Championship:
    """Lets readers see the table, from now or from an hour to come on, as far as public results give any.

    Raises ActRefused where it is public, or the rules cannot be read.
    """
    stored = _locked(championship)
    now = database_now()
    if stored.public_from is not None and stored.public_from <= now:
        raise ActRefused(_("The table is public already."))
    if not is_readable(stored):
        raise ActRefused(_("The rules cannot be read: there is no table to publish."))
    before = {"public_from": stored.public_from.isoformat() if stored.public_from else None}
    stored.public_from = max(opens, now) if opens else now
    stored.save(update_fields=["public_from"])
    after = {"public_from": stored.public_from.isoformat()}
    _note(stored, Act.PUBLISHED, by=by, reason=reason, before=before, after=after)
    return stored


@transaction.atomic
def take_table_back(championship: Championship, *, by: User, reason: str) -> Championship:
    """The desk alone sees the table again. Raises ActRefused without a reason, or where readers do not see it."""
    stored = _locked(championship)
    if stored.public_from is None:
        raise ActRefused(_("Readers do not see this table."))
    _refuse_without(reason)
    before = {"public_from": stored.public_from.isoformat()}
    stored.public_from = None
    stored.save(update_fields=["public_from"])
    _note(stored, Act.WITHDRAWN, by=by, reason=reason, before=before, after={"public_from": None})
    return stored


# ------------------------------------------------------------------ scorings


@transaction.atomic
def set_scoring(scoring: ScoringEvent, *, by: User, reason: str, seen: str = "") -> ScoringEvent:
    """Stores what counts and how, new or changed; the calendar does not take it back. Raises ActRefused, Overtaken."""
    championship = _locked(scoring.championship)
    _refuse_without(reason)
    before: dict[str, Any] = {}
    if scoring.pk is not None:
        stored = ScoringEvent.objects.select_for_update().get(pk=scoring.pk)
        if seen and seen != seen_of(stored):
            raise Overtaken(_overtaken())
        before = _values(stored, SCORING)
        if before == _values(scoring, SCORING):
            raise ActRefused(_("Nothing is changed."))
    if scoring.session.event.season_id != championship.season_id:
        raise ActRefused(_("The session belongs to another season."))
    scoring.is_by_hand = True
    _validated(scoring)
    scoring.save()
    after = _values(scoring, SCORING)
    _note(championship, Act.SCORING, by=by, reason=reason, words=str(scoring), before=before, after=after)
    return scoring


@transaction.atomic
def leave_scoring(scoring: ScoringEvent, *, by: User, reason: str, seen: str = "") -> None:
    """Takes back what was set by hand: rules and calendar say again whether and how it counts."""
    championship = _locked(scoring.championship)
    _refuse_without(reason)
    stored = ScoringEvent.objects.select_for_update().filter(pk=scoring.pk).first()
    if stored is None or (seen and seen != seen_of(stored)):
        raise Overtaken(_overtaken())
    if not stored.is_by_hand:
        raise ActRefused(_("Rules and calendar say already how this session counts."))
    before, words = _values(stored, SCORING), str(stored)
    stored.delete()
    _note(championship, Act.SCORING, by=by, reason=reason, words=words, before=before)


# ------------------------------------------------------------------ decisions


@transaction.atomic
def decide(decision: ChampionshipDecision, *, by: User) -> ChampionshipDecision:
    """Enters a decision. Raises ActRefused for one that is entered already or contradicts itself."""
    championship = _locked(decision.championship)
    _refuse_without(decision.reason)
    decision.entered_by = by
    _validated(decision)
    try:
        mean_competitor(decision)
    except NobodyMeant as refusal:
        raise ActRefused(str(refusal)) from refusal
    said = _said(decision)
    if any(_said(one) == said for one in ChampionshipDecision.objects.filter(championship=championship)):
        raise ActRefused(_("This decision is entered already."))
    decision.save()
    _note(championship, Act.DECIDED, by=by, reason=decision.reason, words=str(decision), after=_as_json(said))
    return decision


@transaction.atomic
def take_decision_back(decision: ChampionshipDecision, *, by: User, reason: str) -> None:
    """The decision goes into the bin and counts no more. Raises ActRefused without a reason, or where it is gone."""
    championship = _locked(decision.championship)
    _refuse_without(reason)
    stored = ChampionshipDecision.objects.filter(pk=decision.pk).first()
    if stored is None:
        raise ActRefused(_("This decision is taken back already."))
    with gathering():
        Computation.objects.filter(championship=championship).delete()  # its ledger rows do not belong into the bin
        _note(championship, Act.UNDECIDED, by=by, reason=reason, words=str(stored), before=_as_json(_said(stored)))
        keep_and_delete([stored], by=by)
        championships_are_due(championship.season_id)


# ------------------------------------------------------------------ what they share


def has_file(championship: Championship) -> bool:
    """Whether a rule file brings this championship, and would bring it again."""
    return pack_named(championship.pack) is not None and file_says(championship) is not None


def _locked(championship: Championship, seen: str = "") -> Championship:
    # The season first, as the arithmetic does it, so that nobody waits for somebody who waits for him.
    Season.objects.select_for_update(no_key=True, of=("self",)).filter(pk=championship.season_id).first()
    stored = (
        Championship.objects.select_for_update(no_key=True, of=("self",))
        .select_related("season__series", "racing_class")
        .get(pk=championship.pk)
    )
    if seen and seen != seen_of(stored):
        raise Overtaken(_overtaken())
    return stored


def _overtaken() -> str:
    return _("Nothing was saved: somebody else has changed this meanwhile. Look at it, and save again.")


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise ActRefused(_("A reason is needed."))


def _refuse_strangers(championship: Championship) -> None:
    """Raises ActRefused for a name in the rules that nobody of the season has, or several."""
    try:
        in_our_keys(championship, decisions=(), rounds={})
    except PackRefused as refusal:
        raise ActRefused(str(refusal)) from refusal


def _validated(thing: Championship | ScoringEvent | ChampionshipDecision) -> None:
    try:
        thing.full_clean()
    except ValidationError as error:
        raise ActRefused(" ".join(error.messages)) from error


def _note(championship: Championship, act: str, *, by: User, reason: str, words: str = "", **values: Any) -> None:
    ChampionshipChange.objects.create(
        championship=championship, act=act, by=by, reason=reason.strip(), words=words[:300], **values
    )


def _values(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return _as_json({name: getattr(thing, name) for name in names})


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(values, default=_number, sort_keys=True))
    return plain


def _number(value: Any) -> str:
    """`12.5` and `12.500` are one value, however it came in."""
    return f"{value.normalize() + 0:f}"


def _said(decision: ChampionshipDecision) -> dict[str, Any]:
    names = (
        "kind", "driver_id", "team_id", "manufacturer_id", "car_model_id", "entrant", "points", "printed", "event_id",
        "since_id", "reason",
    )  # fmt: skip
    return {name: getattr(decision, name) for name in names}
