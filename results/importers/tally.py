"""What an import does, counted in words: for the list of a batch, the stored report and the command.

"0 new" is said only of a file that holds nothing new. A calendar has no lines of results and still makes events.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.importers.plan import Plan


def in_words(plan: Plan) -> dict[str, str]:
    """`lines`, `created` and `tally` as the report of a file keeps them."""
    return {"lines": lines_in_words(plan), "created": created_in_words(plan), "tally": tally(plan)}


def lines_in_words(plan: Plan) -> str:
    """`9 gelesen, 9 neu, 0 geändert`."""
    return ", ".join([_("%(read)s read") % {"read": plan.rows_read}, *_counted(plan)])


def created_in_words(plan: Plan) -> str:
    """`angelegt: 3 Serien, 96 Veranstaltungen`; empty where nothing comes into being."""
    if not plan.created or plan.rejected:
        return ""
    return _("created: %(list)s") % {"list": ", ".join(f"{one.number} {one.label}" for one in plan.created)}


def tally(plan: Plan) -> str:
    """`9 neu, 0 geändert`; where a file has no new lines, what else it creates."""
    created = "" if plan.rows_created else created_in_words(plan)
    return ", ".join([*_counted(plan), *([created] if created else [])])


def _counted(plan: Plan) -> list[str]:
    created, changed = plan.rows_created, plan.rows_changed
    if created or plan.is_empty:
        return [_("%(created)s new, %(changed)s changed") % {"created": created, "changed": changed}]
    parts = [_("%(changed)s changed") % {"changed": changed}] if changed else []
    if plan.changes and not plan.rejected:
        details = len(plan.changes)
        parts.append(ngettext("%(n)s detail changed", "%(n)s details changed", details) % {"n": details})
    return parts
