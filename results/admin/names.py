"""New names of an import and whom they may mean: one choice a name, made in the preview and confirmed with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from results.importers.proposals import Candidate, Proposal

PREFIX = "same:"
MOST_NAMES = 100  # on one page


class NameChoicesForm(forms.Form):
    """A choice for every new name that has candidates: one of them, or somebody new, which is what nobody chose.

    `same()` reads what was sent and needs no proposals; shown is the form made from the proposals of the plan, which
    carries the choices in its newcomers.
    """

    def __init__(self, data: Any = None, *, proposals: Iterable[Proposal] = ()) -> None:
        super().__init__(data)
        for proposal in [one for one in proposals if one.candidates][:MOST_NAMES]:
            self.fields[f"{PREFIX}{proposal.newcomer.key}"] = forms.ChoiceField(
                label=new_in_words(proposal),
                choices=[("", _("somebody new")), *((one.pk, in_words(one)) for one in proposal.candidates)],
                initial=proposal.newcomer.chosen or "",
                widget=forms.RadioSelect,
                required=False,
            )

    def same(self) -> dict[str, int]:
        """The choices as `ImportTarget.same` takes them: key of the name -> primary key."""
        return {
            name.removeprefix(PREFIX): int(value)
            for name, value in self.data.items()
            if name.startswith(PREFIX) and isinstance(value, str) and value.isascii() and value.isdecimal()
            and len(value) < len(str(2**63))
        }  # fmt: skip


def new_in_words(proposal: Proposal) -> str:
    """`Neu: „Maxi Goetz“ (#7)`."""
    new = proposal.newcomer
    said = _("New: driver “%(name)s”") if new.model == "driver" else _("New: team “%(name)s”")
    return said % {"name": new.name} + (f" (#{new.number})" if new.number else "")


def in_words(candidate: Candidate) -> str:
    """`vielleicht Maximilian Götz (GER, *1986), weil gleicher Nachname, …; dagegen spricht: …`."""
    about = f" ({candidate.about})" if candidate.about else ""
    said = _("the same as %(name)s%(about)s, for: %(reasons)s (%(score)s of 100)") % {
        "name": candidate.name,
        "about": about,
        "reasons": ", ".join(candidate.reasons),
        "score": candidate.score,
    }
    against = ", ".join(candidate.against)
    return said + (_("; against it: %(against)s") % {"against": against} if against else "")
