"""Forms of the acts on a championship: rules as text, a scoring, a decision, readers."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.models import Championship, ChampionshipDecision, Event, RacingClass, ScoringEvent, Season
from results.points.packs import PackRefused
from results.points.rule_text import RulesRefused, as_text, read_text
from results.points.rules import Championship as Rules
from results.standings.rulebook import in_our_keys

MOST_PLACES = 200
MOST_POINTS = 1_000
_DIVIDED = re.compile(r"[\s;–—-]+")
_FACTOR = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,3})|/([0-9]{1,4}))?")
_RULES = Championship._meta
_SCORING = ScoringEvent._meta
_DECISION = ChampionshipDecision._meta
SUBJECT_FIELDS = {
    "driver": "driver", "crew": "driver", "team": "team", "entrant": "entrant", "manufacturer": "manufacturer",
    "constructor": "car_model",
}  # fmt: skip


def reason_field(*, required: bool = True) -> forms.CharField:
    """Why; asked for when it is saved, not for a look at the effect."""
    help_text = "" if required else _("May stay empty.")
    widget = forms.TextInput(attrs={"class": "vTextField"})
    return forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, required=False, help_text=help_text, widget=widget
    )


class RulesText(forms.CharField):
    """The rules as JSON text."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(
            attrs={"rows": 22, "class": "rules-text", "spellcheck": "false", "autocapitalize": "off"}
        )
        super().__init__(label=gettext_lazy("Rules"), widget=widget, required=False, strip=False, **options)


def _read(
    form: forms.Form | forms.ModelForm[Any], text: str, key: str, subject: str
) -> tuple[dict[str, Any], Rules] | None:
    try:
        return read_text(text, key=key, subject=subject)
    except RulesRefused as refusal:
        for fault in refusal.faults:
            form.add_error("text", str(fault))
    return None


class RulesForm(forms.Form):
    """Rules and settings of a championship. `said` are the plain values once the form is valid."""

    name = forms.CharField(label=_RULES.get_field("name").verbose_name, max_length=120)
    racing_class = forms.ModelChoiceField(
        RacingClass.objects.none(), label=_RULES.get_field("racing_class").verbose_name, required=False,
        help_text=_RULES.get_field("racing_class").help_text,
    )  # fmt: skip
    sequence = forms.IntegerField(label=_RULES.get_field("sequence").verbose_name, min_value=0, max_value=1_000)
    text = RulesText(help_text=gettext_lazy("The words are explained in the handbook; what they do stands beside."))
    reason = reason_field()

    said: dict[str, Any]

    def __init__(self, championship: Championship, data: Any = None) -> None:
        initial = {
            "name": championship.name, "racing_class": championship.racing_class_id,
            "sequence": championship.sequence, "text": as_text(championship.rules),
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.championship = championship
        classes = RacingClass.objects.filter(series=championship.season.series_id)
        self.fields["racing_class"].queryset = classes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        read = _read(self, cleaned.get("text") or "", self.championship.key, self.championship.subject)
        if read is not None:
            self.said = read[0]
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the verb takes, without who and why."""
        cleaned = self.cleaned_data
        names = ("name", "racing_class", "sequence")
        return {"rules": self.said, **{name: cleaned[name] for name in names}}


class SetUpForm(forms.ModelForm[Championship]):
    """A championship that no rule file has."""

    text = RulesText(help_text=gettext_lazy('Such as {"scores": [{"table": [25, 18, 15]}]}.'))

    class Meta:
        model = Championship
        fields = ("season", "key", "name", "subject", "racing_class", "sequence")

    def _update_errors(self, errors: Any) -> None:
        """What the model says of rules is said of their text already, by line."""
        if hasattr(errors, "error_dict"):
            errors.error_dict.pop("rules", None)
        super()._update_errors(errors)  # type: ignore[misc]

    def _post_clean(self) -> None:
        """Whom the rules name is asked of the season once everything else is in order."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                in_our_keys(self.instance, decisions=(), rounds={})
            except PackRefused as refusal:
                self.add_error("text", str(refusal))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        read = _read(self, cleaned.get("text") or "", cleaned.get("key") or "", cleaned.get("subject") or "driver")
        if read is not None:
            self.instance.rules = read[0]
        season, racing_class = cleaned.get("season"), cleaned.get("racing_class")
        if isinstance(season, Season) and racing_class and racing_class.series_id != season.series_id:
            self.add_error("racing_class", _("This class belongs to another series."))
        return cleaned


class ReasonForm(forms.Form):
    """Why, and nothing else."""

    reason = reason_field()


class PublishForm(forms.Form):
    """From when readers see the table."""

    opens = forms.DateTimeField(
        label=gettext_lazy("From"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=gettext_lazy("In newsroom time (Europe/Berlin); empty: at once."),
    )  # fmt: skip
    reason = reason_field(required=False)


# ------------------------------------------------------------------ scorings


class PointsByPlace(forms.CharField):
    """`25-18-15` or `25 18 12,5` as decimals; None where nothing is given."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        parts = [part.replace(",", ".") for part in _DIVIDED.split(text) if part.strip(",")]
        try:
            points = [Decimal(part) for part in parts]
        except InvalidOperation as error:
            raise forms.ValidationError(_("Expected are points by place, such as 25-18-15-12,5.")) from error
        if len(points) > MOST_PLACES or any(
            not one.is_finite() or one > MOST_POINTS or one != round(one, 3) for one in points
        ):
            raise forms.ValidationError(_("Expected are points by place, such as 25-18-15-12,5."))
        if any(later > earlier for earlier, later in pairwise(points)):
            raise forms.ValidationError(_("A later place is worth more than an earlier one."))
        return points


class FactorField(forms.CharField):
    """`1,5`, `2` or `3/2` as a fraction."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = _FACTOR.fullmatch(text)
        if found is None or (found[3] is not None and int(found[3]) == 0):
            raise forms.ValidationError(_("Expected is a factor such as 2, 1,5 or 3/2."))
        factor = Fraction(text.replace(",", "."))
        if factor > 10:  # noqa: PLR2004 - a typing error
            raise forms.ValidationError(_("Expected is a factor such as 2, 1,5 or 3/2."))
        return factor


class ScoringForm(forms.ModelForm[ScoringEvent]):
    """Whether and how a session counts; which one is chosen once and stays."""

    said_tags = forms.CharField(
        label=_SCORING.get_field("tags").verbose_name, required=False, max_length=200,
        help_text=_SCORING.get_field("tags").help_text,
    )  # fmt: skip
    said_table = PointsByPlace(
        label=_SCORING.get_field("table").verbose_name, required=False, max_length=1_000,
        help_text=gettext_lazy("Points by place, such as 25-18-15-12,5; empty: as the rules say."),
    )  # fmt: skip
    factor = FactorField(
        label=_SCORING.get_field("factor_numerator").verbose_name, required=False, max_length=12,
        help_text=gettext_lazy("Such as 2, 1,5 or 3/2; empty: as the rules say."),
    )  # fmt: skip
    said_share = forms.CharField(
        label=_SCORING.get_field("share").verbose_name, required=False, max_length=8,
        help_text=_SCORING.get_field("share").help_text,
    )  # fmt: skip
    reason = reason_field()

    class Meta:
        model = ScoringEvent
        fields = ("session", "checkpoint", "counts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.instance
        self.order_fields(
            ["session", "checkpoint", "counts", "said_tags", "said_table", "factor", "said_share", "reason"]
        )
        if one.pk:
            del self.fields["session"], self.fields["checkpoint"]
            said = {
                "said_tags": ", ".join(one.tags),
                "said_table": " ".join(_shown(point) for point in one.table or ()),
                "factor": _factor_shown(one),
                "said_share": _shown(one.share) if one.share is not None else "",
            }
            self.initial = {**self.initial, **said}
        else:
            _search(self.fields["session"], _SCORING.get_field("session"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        one = self.instance
        one.tags = [part.strip() for part in (cleaned.get("said_tags") or "").split(",") if part.strip()]
        if any(len(tag) > 20 for tag in one.tags):  # noqa: PLR2004 - the column
            self.add_error("said_tags", _("A kind of race has at most 20 characters."))
        one.table = cleaned.get("said_table")
        factor = cleaned.get("factor")
        one.factor_numerator = factor.numerator if factor is not None else None
        one.factor_denominator = factor.denominator if factor is not None else 1
        one.share = self._share(cleaned.get("said_share") or "")
        return cleaned

    def _share(self, text: str) -> Decimal | None:
        if not text.strip():
            return None
        try:
            share = Decimal(text.strip().replace(",", "."))
        except InvalidOperation:
            share = Decimal(-1)
        if not (share.is_finite() and 0 <= share <= 1 and share == round(share, 3)):
            self.add_error("said_share", _("The part of the distance lies between 0 and 1."))
            return None
        return share


def _shown(number: Decimal) -> str:
    return f"{number.normalize() + 0:f}".replace(".", ",")


def _factor_shown(one: ScoringEvent) -> str:
    if one.factor_numerator is None:
        return ""
    return str(Fraction(one.factor_numerator, one.factor_denominator))


# ------------------------------------------------------------------ decisions


class DecideForm(forms.ModelForm[ChampionshipDecision]):
    """A decision about a table: whom it concerns is asked for as the championship counts."""

    class Meta:
        model = ChampionshipDecision
        fields = (
            "kind", "driver", "team", "manufacturer", "car_model", "entrant", "points", "printed", "event", "since",
            "origin", "reason", "document",
        )  # fmt: skip
        localized_fields = ("points",)

    def __init__(self, championship: Championship, data: Any = None) -> None:
        super().__init__(data, instance=ChampionshipDecision(championship=championship))
        wanted = SUBJECT_FIELDS[championship.subject]
        for name in set(SUBJECT_FIELDS.values()) - {wanted}:
            del self.fields[name]
        field = self.fields[wanted]
        field.required = True
        if wanted != "entrant":
            _search(field, _DECISION.get_field(wanted))
        if championship.subject == Championship.Subject.CREW:
            field.help_text = _("Every crew in which he sits is meant.")
        _search(self.fields["document"], _DECISION.get_field("document"))
        self.fields["reason"].required = False
        self.fields["reason"].widget.attrs["class"] = "vTextField"
        events = Event.objects.filter(season=championship.season_id).order_by("starts_on", "pk")
        for name in ("event", "since"):
            self.fields[name].queryset = events  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = event_name  # type: ignore[attr-defined]


def _search(field: Any, column: Any) -> None:
    """A search box instead of a list of all."""
    field.widget = AutocompleteSelect(column, admin.site)
    field.widget.choices = field.choices


def event_name(event: Any) -> str:
    return f"{event.name} ({event.starts_on:%d.%m.%Y})" if event.starts_on else str(event.name)
