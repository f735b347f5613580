"""What a reader may choose on a results page. Every choice is part of the address, and no other value is taken."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.filters import ChoiceFilter
from django_filters.filterset import FilterSet

from results.importers.status import STATUSES
from results.models import Classification, ClassificationRow
from results.selectors import Facets
from results.tables import ClassificationTable


class ClassificationFilter(FilterSet):
    """Filters the rows of one classification; the order and the checkpoint ride along, so that a form keeps them."""

    klasse = ChoiceFilter(
        field_name="session_entry__entry__racing_class__slug", label=_("Class"), empty_label=_("all classes")
    )
    status = ChoiceFilter(label=_("Status"), empty_label=_("all cars"))
    sortierung = ChoiceFilter(
        method="leave", widget=forms.HiddenInput, choices=[(key, key) for key in ClassificationTable.order_keys()]
    )
    wertung = ChoiceFilter(method="leave", widget=forms.HiddenInput)

    class Meta:
        model = ClassificationRow
        fields = ["klasse", "status", "sortierung", "wertung"]

    def __init__(self, *args: Any, facets: Facets, checkpoints: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["klasse"].extra["choices"] = [(choice.slug, choice.name) for choice in facets.classes]
        self.filters["status"].extra["choices"] = [(code, STATUSES[code].german) for code in facets.statuses]
        for name in ("klasse", "status"):
            if len(self.filters[name].extra["choices"]) <= 1:  # nothing to choose
                self.filters[name].extra["widget"] = forms.HiddenInput
        self.filters["wertung"].extra["choices"] = [(name, name) for name in checkpoints]

    def leave(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """These values choose what is shown and how, not which rows."""
        return rows

    @property
    def chosen(self) -> dict[str, str]:
        """What the reader asked for, valid values only."""
        return {name: value for name, value in self.form.cleaned_data.items() if value}


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
