"""The form of a decision of the stewards: the car by its number, the amount as people say it, the laps it deletes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.words import refuse_unfit
from results.deletions import Clue
from results.grid_forming import grid_of, has_result, race_of
from results.importers.originals import keep_document
from results.importers.plan import Upload
from results.models import Classification, Decision, Session, SessionEntry
from results.notation import NotationError, format_lap_time, parse_lap_time
from results.refusal import ReleaseRefused
from results.rulings import STRIKES
from results.rulings.amounts import AmountRefused, amount_as_typed, read_amount
from results.rulings.said_laps import LapsRefused, laps_as_typed, read_laps
from results.stewards_desk import is_grid_penalty, named_laps, place_grid_penalty

LARGEST_PAPER = 10 * 2**20
Kind = Decision.Kind


class DecisionForm(forms.ModelForm[Decision]):
    """`laps` are the laps to delete once the form is valid; `moved_to` is the grid to which a penalty went."""

    car = forms.CharField(
        label=gettext_lazy("Car number"), max_length=8, required=False,
        help_text=gettext_lazy("Empty only for a warning to all."),
    )  # fmt: skip
    said_amount = forms.CharField(
        label=gettext_lazy("Amount"), max_length=40, required=False,
        help_text=gettext_lazy("Such as 5 s, 1:00, 2 Runden or 3 Plätze, as the kind says."),
    )  # fmt: skip
    said_laps = forms.CharField(
        label=gettext_lazy("Deleted laps"), max_length=2_000, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Number, lap time or time of day, such as 6; 8:03,370; 09:59:44. Only for deleted laps."),
    )  # fmt: skip
    said_best = forms.CharField(
        label=gettext_lazy("Best lap that stands then"), max_length=20, required=False,
        help_text=gettext_lazy("Only for deleted laps of a session whose laps are not stored."),
    )  # fmt: skip
    paper = forms.FileField(
        label=gettext_lazy("New document"), required=False,
        help_text=gettext_lazy("The PDF of the stewards, at most 10 MB; it is kept as it is."),
    )  # fmt: skip

    laps: tuple[Clue, ...] | None = None
    moved_to: Session | None = None

    class Meta:
        model = Decision
        fields = (
            "session", "checkpoint", "number", "kind", "leaves_vacant", "overturns", "decided_at", "text", "document",
            "appeal", "public_from",
        )  # fmt: skip
        labels: ClassVar = {"number": gettext_lazy("Number of the decision")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.instance
        if one.pk is not None:
            best = format_lap_time(one.next_best_ms) if one.next_best_ms else ""
            said = {
                "car": one.session_entry.entry.number if one.session_entry else "",
                "said_amount": amount_as_typed(one.kind, one.amount),
                "said_laps": laps_as_typed(named_laps(one)),
                "said_best": best,
            }
            self.initial = {**said, **self.initial}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "kind" in self.fields and not self.errors.keys() & {"session", "kind"}:
            self._find_car(cleaned)
            self._read_amount(cleaned)
            self._read_laps(cleaned)
            self._refuse_what_the_kind_has_not(cleaned)
            self._know_the_checkpoint(cleaned)
            if not self.errors:
                self._place(cleaned)
        if not self.errors:
            self._refuse_twin(cleaned)
        return cleaned

    def keep_paper(self, *, by: Any) -> None:
        """Keeps an uploaded document once, by the SHA-256 of its bytes, and names it in the decision."""
        paper = self.cleaned_data.get("paper")
        if paper is not None:
            content = paper.read()
            self.instance.document = keep_document(Upload(paper.name or "", content), by=by, format_="decision")

    def clean_number(self) -> str:
        return self._fit("number")

    def clean_text(self) -> str:
        return self._fit("text")

    def _fit(self, name: str) -> str:
        said: str = self.cleaned_data[name]
        refuse_unfit(said)
        return said

    def clean_paper(self) -> UploadedFile[Any] | None:
        paper: UploadedFile[Any] | None = self.cleaned_data.get("paper")
        if paper is None:
            return None
        if (paper.size or 0) > LARGEST_PAPER:
            raise forms.ValidationError(_("The document is larger than 10 MB."))
        if not paper.read(5) == b"%PDF-":
            raise forms.ValidationError(_("“%(name)s” is no PDF."), params={"name": paper.name})
        paper.seek(0)
        return paper

    def _find_car(self, cleaned: dict[str, Any]) -> None:
        number = (cleaned.get("car") or "").strip().removeprefix("#")
        self.instance.session_entry = None
        if not number:
            if cleaned["kind"] != Kind.WARNING:
                self.add_error("car", _("Which car? Only a warning may concern the session as a whole."))
            return
        cars = list(
            SessionEntry.objects.filter(session=cleaned["session"], entry__number=number).select_related("entry")[:2]
        )
        if len(cars) == 1:
            self.instance.session_entry = cars[0]
            return
        said = (
            _("Two cars of this session have the number %(number)s.")
            if cars
            else _("No car of this session has the number %(number)s.")
        )
        self.add_error("car", said % {"number": number})

    def _read_amount(self, cleaned: dict[str, Any]) -> None:
        try:
            self.instance.amount = read_amount(cleaned["kind"], cleaned.get("said_amount") or "")
        except AmountRefused as refusal:
            self.add_error("said_amount", str(refusal))

    def _read_laps(self, cleaned: dict[str, Any]) -> None:
        try:
            self.laps = read_laps(cleaned.get("said_laps") or "")
        except LapsRefused as refusal:
            self.add_error("said_laps", str(refusal))
        best = cleaned.get("said_best") or ""
        try:
            self.instance.next_best_ms = parse_lap_time(best) if best else None
        except NotationError as error:
            self.add_error("said_best", str(error))

    def _refuse_what_the_kind_has_not(self, cleaned: dict[str, Any]) -> None:
        kind = cleaned["kind"]
        if kind != Kind.LAP_DELETED:
            for name, is_given in (
                ("said_laps", bool(self.laps)),
                ("said_best", self.instance.next_best_ms is not None),
            ):
                if is_given:
                    self.add_error(name, _("Only a deleted lap leaves another best lap."))
        if cleaned.get("leaves_vacant") and kind not in STRIKES:
            self.add_error("leaves_vacant", _("Only a disqualified or excluded car leaves its place vacant."))
        other = cleaned.get("overturns")
        if other is not None:
            self._refuse_other(other, cleaned)

    def _refuse_other(self, other: Decision, cleaned: dict[str, Any]) -> None:
        mine = (cleaned["session"].pk, cleaned.get("checkpoint") or "", self.instance.session_entry_id)
        if cleaned["kind"] != Kind.REINSTATED:
            self.add_error("overturns", _("Only a reinstatement takes another decision back."))
        elif other.pk == self.instance.pk or (other.session_id, other.checkpoint, other.session_entry_id) != mine:
            self.add_error("overturns", _("This decision is about another car or another result."))

    def _know_the_checkpoint(self, cleaned: dict[str, Any]) -> None:
        wanted = cleaned.get("checkpoint") or ""
        known = set(Classification.objects.filter(session=cleaned["session"]).values_list("checkpoint", flat=True))
        if wanted and known and wanted not in known:
            named = ", ".join(sorted(known - {""})) or "–"
            self.add_error("checkpoint", _("This session is not scored there, only: %(known)s.") % {"known": named})

    def _place(self, cleaned: dict[str, Any]) -> None:
        """A penalty for the grid lands at the grid."""
        one = self.instance
        one.session, one.kind = cleaned["session"], cleaned["kind"]
        if not is_grid_penalty(one):
            return
        race, grid = race_of(one.session), grid_of(one.session)
        try:
            place_grid_penalty(one, grid=grid, is_run=race is not None and has_result(race))
        except ReleaseRefused as refusal:
            self.add_error("kind", str(refusal))
            return
        if grid is not None:
            self.moved_to = cleaned["session"] = grid

    def _refuse_twin(self, cleaned: dict[str, Any]) -> None:
        number, one = cleaned.get("number") or "", self.instance
        session = cleaned.get("session") or (one.session if one.session_id else None)
        twins = Decision.objects.exclude(pk=one.pk).filter(
            session=session, checkpoint=cleaned.get("checkpoint", one.checkpoint), number=number,
            kind=cleaned.get("kind", one.kind), session_entry=one.session_entry_id,
        )  # fmt: skip
        if number and twins.exists():
            self.add_error("number", _("This decision is entered already."))
