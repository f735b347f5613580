"""The forms of the pages about decisions of a session: what to apply, and what would be if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.words import ReasonField
from results.models import Classification, Decision, SessionEntry, SessionKind
from results.notation import NotationError, parse_lap_time
from results.rulings import Ruling
from results.rulings.amounts import AmountRefused, read_amount

LINES = 5
State = Classification.State
Kind = Decision.Kind


def states_after(current: Classification) -> list[State]:
    """What the next version may be called: what was final stays so, with the word that it was changed."""
    if current.state in {State.PROVISIONAL, State.REVISED}:
        return [State.REVISED, State.PROVISIONAL, State.FINAL]
    return [State.AMENDED]


class ApplyForm(forms.Form):
    """How the next version is called and why; `seen` is what the person looked at."""

    state = forms.ChoiceField(label=gettext_lazy("State"))
    reason = ReasonField(
        label=gettext_lazy("Reason"), required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}), help_text=gettext_lazy("Readers see it. Empty: the decisions are named."),
    )  # fmt: skip
    with_grid = forms.BooleanField(label=gettext_lazy("Change the starting grid, too"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, current: Classification, has_grid: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states: Any = self.fields["state"]
        states.choices = [(state.value, state.label) for state in states_after(current)]
        if not has_grid:
            del self.fields["with_grid"]


class IfForm(forms.Form):
    """One ruling of "what if"; an empty car is no ruling."""

    car = forms.CharField(label=gettext_lazy("Car number"), max_length=8, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    amount = forms.CharField(label=gettext_lazy("Amount"), max_length=40, required=False)
    vacant = forms.BooleanField(label=gettext_lazy("Place stays free"), required=False)

    def __init__(self, *args: Any, session_kind: str, cars: Mapping[str, Sequence[int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cars = cars
        kinds: Any = self.fields["kind"]
        kinds.choices = [(kind.value, kind.label) for kind in kinds_for(session_kind)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        number = (cleaned.get("car") or "").strip().removeprefix("#")
        if not number or self.errors:
            return cleaned
        found = self._cars.get(number, ())
        if len(found) != 1:
            said = (
                _("Two cars of this session have the number %(number)s.")
                if found
                else _("No car of this session has the number %(number)s.")
            )
            self.add_error("car", said % {"number": number})
            return cleaned
        try:
            cleaned["ruling"] = self._ruling(found[0], cleaned)
        except (AmountRefused, NotationError) as refusal:
            self.add_error("amount", str(refusal))
        return cleaned

    def _ruling(self, car: int, cleaned: Mapping[str, Any]) -> Ruling:
        kind, said = cleaned["kind"], cleaned.get("amount") or ""
        is_lap = kind == Kind.LAP_DELETED
        return Ruling(
            key=("if", self.prefix), kind=kind, car=car, amount=None if is_lap else read_amount(kind, said),
            leaves_vacant=bool(cleaned.get("vacant")) and kind in {Kind.DISQUALIFIED, Kind.EXCLUDED},
            next_best_ms=parse_lap_time(said) if is_lap and said else None,
        )  # fmt: skip


def kinds_for(session_kind: str) -> list[Kind]:
    """What can change a result of this kind."""
    if session_kind == SessionKind.GRID:
        return [Kind.GRID, Kind.DISQUALIFIED, Kind.EXCLUDED]
    never = {Kind.WARNING, Kind.GRID}
    return [kind for kind in Kind if kind not in never]


@dataclass(frozen=True, slots=True)
class Question:
    """The lines of "what if"; `rulings` are those that are filled in and valid."""

    forms: Sequence[IfForm]

    @property
    def rulings(self) -> list[Ruling]:
        return [one.cleaned_data["ruling"] for one in self.forms if one.is_valid() and "ruling" in one.cleaned_data]

    @property
    def is_valid(self) -> bool:
        return all(one.is_valid() for one in self.forms)


def question_of(sent: Mapping[str, Any], *, current: Classification) -> Question:
    """The lines as the address says them; without any the forms are empty and good."""
    cars: dict[str, list[int]] = {}
    of_session = SessionEntry.objects.filter(rows__classification=current.base_id or current.pk).distinct()
    for number, key in of_session.values_list("entry__number", "pk"):
        cars.setdefault(number, []).append(key)
    kind = current.session.kind
    return Question([IfForm(sent, prefix=str(place), session_kind=kind, cars=cars) for place in range(1, LINES + 1)])
