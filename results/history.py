"""The versions of a result that readers may look up, with the decisions that stand in each. Nothing that is not public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject, Now

from results import states
from results.models import AppliedDecision, Classification, Decision, Session
from results.surroundings import penalty_in_words

Kind = Decision.Kind


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """A public decision that stands in a version. `car` is the key of its session entry, `label` the car's number.

    `number` is the document's, empty where none is known; `amount` counts what the kind says (ms, laps, places).
    """

    key: int
    number: str
    car: int | None
    label: str
    kind: str
    amount: int | None
    appeal: str
    overturns: int | None
    decided_at: str | None
    text: str = ""
    stands_in: str = ""  # the versions of the chain, in words

    @property
    def what(self) -> str:
        """`Zeitstrafe: 5 Sekunden`."""
        return penalty_in_words(Kind(self.kind), self.amount)

    @property
    def appeal_in_words(self) -> str:
        return str(Decision.Appeal(self.appeal).label) if self.appeal else ""

    def as_record(self) -> dict[str, Any]:
        """For machines."""
        return {
            "number": self.number or None, "car": self.label or None, "kind": self.kind, "amount": self.amount,
            "appeal": self.appeal or None, "decided_at": self.decided_at,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A version as readers saw it: from `opened` until `closed`, or still (None)."""

    classification: Classification
    opened: dt.datetime
    closed: dt.datetime | None
    source: str
    decisions: tuple[StandingDecision, ...]
    follows_appeal: bool = False

    @property
    def number(self) -> int:
        return self.classification.version

    @property
    def state(self) -> str:
        return self.classification.state

    @property
    def checkpoint(self) -> str:
        return self.classification.checkpoint

    @property
    def reason(self) -> str:
        return self.classification.reason

    @property
    def is_public(self) -> bool:
        """Whether it is what readers see now."""
        return self.closed is None

    @property
    def is_annulled(self) -> bool:
        return self.state == states.ANNULLED

    @property
    def query(self) -> str:
        """The parameters of the address that shows it."""
        scored = {"wertung": self.checkpoint} if self.checkpoint else {}
        return f"?{urlencode({'version': self.number, **scored})}"


Chain = tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The versions of a session by checkpoint, the finish first; each chain newest first, and its first is public."""

    chains: Mapping[str, Chain]

    @property
    def public(self) -> list[Classification]:
        """What readers see now: at the finish first, then each checkpoint."""
        return [chain[0].classification for chain in self.chains.values()]

    def find(self, checkpoint: str, number: int) -> Version | None:
        return next((one for one in self.chains.get(checkpoint, ()) if one.number == number), None)

    def of(self, classification: Classification) -> Version:
        """The version that this classification is."""
        found = self.find(classification.checkpoint, classification.version)
        if found is None:
            raise LookupError(f"{classification} is not public")
        return found


def history_of(session: Session) -> History:
    """Every version readers may look up; one query."""
    known = (
        Classification.objects.was_public()
        .filter(session=session)
        .annotate(
            document_name=F("document__name"),
            shows=Q(public_until__isnull=True) | Q(public_until__gt=Now()),
            said=ArraySubquery(_standing(AppliedDecision.objects.filter(decision__public_from__lte=Now()))),
        )
        .order_by("-version")
    )
    chains: dict[str, list[Version]] = {}
    for one in known:
        chains.setdefault(one.checkpoint, []).append(_version(one))
    by_length = sorted(chains.items(), key=lambda item: (len(item[0]), item[0]))  # "" "6h" "12h"
    return History({name: _after_appeals(chain) for name, chain in by_length})


def desk_history_of(session: Session, checkpoint: str) -> Chain:
    """Every version of a result for the desk, newest first, drafts and what nobody saw included; one query.

    Not for readers: decisions that are not public stand in it too.
    """
    known = (
        Classification.objects.filter(session=session, checkpoint=checkpoint)
        .select_related("created_by", "released_by")
        .annotate(
            document_name=F("document__name"),
            opened=F("public_from"),
            shows=Q(public_from__isnull=False, public_until__isnull=True) | Q(public_until__gt=Now()),
            said=ArraySubquery(_standing(AppliedDecision.objects.all())),
        )
        .order_by("-version")
    )
    return _after_appeals([_version(one) for one in known])


def decisions_of(chain: Chain) -> list[StandingDecision]:
    """Every decision that stands in a version of the chain, newest first, with the versions it stands in."""
    known: dict[int, StandingDecision] = {}
    numbers: dict[int, list[str]] = {}
    for version in reversed(chain):
        for decision in version.decisions:
            known[decision.key] = decision
            numbers.setdefault(decision.key, []).append(str(version.number))
    listed = [replace(one, stands_in=", ".join(numbers[key])) for key, one in known.items()]
    return listed[::-1]


def _standing(applied: QuerySet[AppliedDecision]) -> QuerySet[AppliedDecision, Any]:
    """What stands in the version of the query around, oldest decision first."""
    said = JSONObject(
        key=F("decision_id"), number=F("decision__number"), car=F("decision__session_entry"),
        label=F("decision__session_entry__entry__number"), kind=F("decision__kind"), amount=F("decision__amount"),
        appeal=F("decision__appeal"), text=F("decision__text"), overturns=F("decision__overturns"),
        decided_at=F("decision__decided_at"),
    )  # fmt: skip
    standing = applied.filter(classification=OuterRef("pk"))
    return standing.order_by(F("decision__decided_at").asc(nulls_last=True), "decision_id").values(json=said)


def _version(one: Any) -> Version:
    decisions = tuple(StandingDecision(**{**said, "label": said["label"] or ""}) for said in one.said)
    return Version(one, one.opened, None if one.shows else one.public_until, one.document_name or "", decisions)


def _after_appeals(chain: list[Version]) -> Chain:
    """Marks the versions in which a decision no longer stands because an appeal against it was won."""
    marked: list[Version] = []
    for version, former in zip(chain, [*chain[1:], None], strict=True):
        here = {one.key for one in version.decisions}
        fell = former is not None and any(
            one.key not in here and one.appeal == Decision.Appeal.WON for one in former.decisions
        )
        marked.append(replace(version, follows_appeal=True) if fell and version.state == states.AMENDED else version)
    return tuple(marked)
