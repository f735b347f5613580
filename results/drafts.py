"""Drafts of a result that were computed from decisions of the stewards, and whether they still hold."""

from __future__ import annotations

from django.utils.translation import gettext as _

from results.chain_lines import rows_of_version
from results.differences import compare_lines
from results.models import Classification, Decision
from results.proposal import labelled, propose
from results.refusal import ReleaseRefused


def refuse_outdated(draft: Classification) -> None:
    """Raises ReleaseRefused for a draft that decisions would give otherwise by now; any other draft passes."""
    if draft.base_id is None:
        return
    again = propose(
        draft.session, draft.checkpoint, decisions=list(Decision.objects.filter(applied__classification=draft))
    )
    inside = set(draft.applied.values_list("decision", flat=True))
    is_same = draft.base_id == again.base.pk and inside == {one.pk for one in (*again.computed, *again.contained)}
    if not is_same or compare_lines(labelled(rows_of_version(draft)), labelled(again.rows)):
        raise ReleaseRefused(
            _("The decisions have changed since this draft was computed. Please look at their effect once more.")
        )
