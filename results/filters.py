"""What a reader may choose on a results page. Every choice is part of the address, and no other value is taken."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_filters.filters import CharFilter, ChoiceFilter
from django_filters.filterset import FilterSet

from results.facets import Choice, Facets
from results.models import Classification, ClassificationRow, Entry
from results.tables import ClassificationTable

CAR = "session_entry__entry"
SELECTED = SafeString(" selected")


class LeanSelect(forms.Select):
    """A list of choices in one go; Django renders a template for every option, and a field has hundreds of drivers."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((key, SELECTED if str(key) == chosen else "", label) for key, label in self.choices),
        )
        return format_html('<select name="{}" id="{}">{}</select>', name, (attrs or {}).get("id", ""), options)


class CarFilter(FilterSet):
    """Filters a list of cars by what occurs in it. A field with nothing to choose is not shown but keeps its value."""

    def __init__(self, *args: Any, facets: Facets, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facets = facets
        for name, choices in self.choices().items():
            self.offer(name, choices)

    def choices(self) -> dict[str, Sequence[Choice]]:
        """What each field offers."""
        return {
            "klasse": self.facets.classes,
            "team": self.facets.teams,
            "hersteller": self.facets.makers,
            "fahrer": self.facets.drivers,
        }

    def offer(self, name: str, choices: Sequence[Choice]) -> None:
        extra = self.filters[name].extra
        extra["choices"] = [(slug, label) for slug, label in choices if slug]
        extra["widget"] = LeanSelect if len(extra["choices"]) > 1 else forms.HiddenInput

    def leave(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """These values choose what is shown and how, not which rows."""
        return rows

    def of_driver(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(pk__in=self.facets.with_driver(value))

    @property
    def chosen(self) -> dict[str, str]:
        """What the reader asked for, valid values only."""
        return {name: value for name, value in self.form.cleaned_data.items() if value}


class ClassificationFilter(CarFilter):
    """Filters the rows of one classification; order, checkpoint and time ride along, so that a form keeps them."""

    klasse = ChoiceFilter(field_name=f"{CAR}__racing_class__slug", label=_("Class"), empty_label=_("all classes"))
    cup = ChoiceFilter(field_name=f"{CAR}__cups__slug", label=_("Cup"), empty_label=_("all cups"))
    team = ChoiceFilter(field_name=f"{CAR}__team__slug", label=_("Team"), empty_label=_("all teams"))
    hersteller = ChoiceFilter(
        field_name=f"{CAR}__car_model__manufacturer__slug", label=_("Make"), empty_label=_("all makes")
    )
    fahrer = ChoiceFilter(method="of_driver", label=_("Driver"), empty_label=_("all drivers"))
    status = ChoiceFilter(label=_("Status"), empty_label=_("all cars"))
    sortierung = ChoiceFilter(
        method="leave", widget=forms.HiddenInput, choices=[(key, key) for key in ClassificationTable.order_keys()]
    )
    wertung = ChoiceFilter(method="leave", widget=forms.HiddenInput)
    # Read by `results.as_of` before, which takes no nonsense.
    version = CharFilter(method="leave", widget=forms.HiddenInput)
    stand = CharFilter(method="leave", widget=forms.HiddenInput)

    class Meta:
        model = ClassificationRow
        fields = [
            "klasse", "cup", "team", "hersteller", "fahrer", "status", "sortierung", "wertung", "version", "stand",
        ]  # fmt: skip

    def __init__(self, *args: Any, checkpoints: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["wertung"].extra["choices"] = [(name, name) for name in checkpoints]

    def choices(self) -> dict[str, Sequence[Choice]]:
        return {**super().choices(), "cup": self.facets.cups, "status": self.facets.statuses}


class EntryFilter(CarFilter):
    """Filters an entry list."""

    klasse = ChoiceFilter(field_name="racing_class__slug", label=_("Class"), empty_label=_("all classes"))
    team = ChoiceFilter(field_name="team__slug", label=_("Team"), empty_label=_("all teams"))
    hersteller = ChoiceFilter(field_name="car_model__manufacturer__slug", label=_("Make"), empty_label=_("all makes"))
    fahrer = ChoiceFilter(method="of_driver", label=_("Driver"), empty_label=_("all drivers"))

    class Meta:
        model = Entry
        fields = ["klasse", "team", "hersteller", "fahrer"]


class ClassForm(forms.Form):
    """Which class of the cars on a page of laps, of the classes that occur among them."""

    def __init__(self, *args: Any, cars: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ordered = sorted(cars, key=lambda car: (car["class_sequence"] or 0, car["class_name"] or ""))
        classes = {car["class_slug"]: car["class_name"] for car in ordered if car["class_slug"]}
        widget = LeanSelect if len(classes) > 1 else forms.HiddenInput
        self.fields["klasse"] = forms.ChoiceField(
            label=_("Class"), required=False, widget=widget, choices=[("", _("all classes")), *classes.items()]
        )

    @property
    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def within(self, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those of the chosen class, all without a choice."""
        slug = self.cleaned_data["klasse"]
        return [row for row in rows if not slug or row["class_slug"] == slug]


class ScoringForm(forms.Form):
    """Which scoring of a session is asked for: a checkpoint such as `6h`, or nothing for the finish."""

    def __init__(self, *args: Any, versions: list[Classification], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {version.checkpoint: version for version in versions}
        self.fields["wertung"] = forms.ChoiceField(required=False, choices=[(name, name) for name in self.names])

    @property
    def names(self) -> list[str]:
        """The checkpoints that exist, the finish apart."""
        return [name for name in self.versions if name]

    @property
    def version(self) -> Classification:
        """The version asked for; without a wish the finish, and before it the latest checkpoint."""
        asked = self.cleaned_data["wertung"]
        return self.versions.get(asked) or list(self.versions.values())[-1]


class ChartForm(forms.Form):
    """Which chart of a session, of which cars, as a picture or as a table."""

    bild = forms.ChoiceField(required=False)
    auto = forms.MultipleChoiceField(required=False)
    tabelle = forms.ChoiceField(required=False, choices=[("1", "1")])

    def __init__(self, *args: Any, kinds: Iterable[str], numbers: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bild"].choices = [(kind, kind) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["auto"].choices = [(number, number) for number in numbers]  # type: ignore[attr-defined]
