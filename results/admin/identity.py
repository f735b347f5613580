"""Merging and splitting drivers and teams at the desk: proposals, confirmation, history and undo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, Trim
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.frozen import Frozen
from results.identity import IdentityRefused, merge, set_apart, split, undo
from results.identity.duplicates import likely_duplicates
from results.identity.portrait import shared_cars, side_by_side
from results.identity.references import counts_of
from results.identity.splitting import entries_of
from results.models import DistinctPair, Driver, DriverAlias, Entry, IdentityChange, Team, TeamAlias
from results.models.dates import PartialDateFormField

ALIASES: dict[type[Driver | Team], tuple[Any, str]] = {Driver: (DriverAlias, "driver"), Team: (TeamAlias, "team")}


class ReasonForm(forms.Form):
    """Why; goes into the history."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, required=False,
        help_text=gettext_lazy("Stands in the list of merges and splits."),
    )  # fmt: skip


class OtherForm(forms.Form):
    """Whom to merge with."""

    other: forms.ModelChoiceField[Any]

    def __init__(self, thing: Driver | Team, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alias, column = ALIASES[type(thing)]
        self.fields["other"] = forms.ModelChoiceField(
            type(thing)._default_manager.exclude(pk=thing.pk), label=_("The other one"),
            widget=AutocompleteSelect(alias._meta.get_field(column), admin.site),
        )  # fmt: skip


class PairForm(forms.Form):
    """Two rows of the list of likely duplicates."""

    def __init__(self, model: type[Driver | Team], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name] = forms.ModelChoiceField(model._default_manager.all())


class SplitForm(ReasonForm):
    """Which cars go to the new one."""

    entries = forms.MultipleChoiceField(
        label=gettext_lazy("Cars that go to the new one"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("entries",)

    def __init__(self, thing: Driver | Team, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].choices = list(_by_season(thing))  # type: ignore[attr-defined]

    @property
    def columns(self) -> dict[str, str]:
        """What the new one is called."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"entries", "reason"}}


class DriverSplitForm(SplitForm):
    first_name = forms.CharField(label=gettext_lazy("first name"), max_length=80, required=False)
    last_name = forms.CharField(label=gettext_lazy("last name"), max_length=80)
    nationality = forms.CharField(label=gettext_lazy("nationality"), max_length=40, required=False)
    birth_date = PartialDateFormField(label=gettext_lazy("date of birth"), required=False)
    town = forms.CharField(label=gettext_lazy("town"), max_length=80, required=False)


class TeamSplitForm(SplitForm):
    name = forms.CharField(label=gettext_lazy("name"), max_length=120)
    country = forms.CharField(label=gettext_lazy("country"), max_length=40, required=False)


def _by_season(thing: Driver | Team) -> Iterable[tuple[str, list[tuple[int, str]]]]:
    """The cars in groups, the newest season first."""
    entries = entries_of(thing).select_related("event__season__series", "team").order_by("-event__starts_on", "pk")
    groups: dict[str, list[tuple[int, str]]] = {}
    for entry in entries:
        groups.setdefault(str(entry.event.season), []).append((entry.pk, _car_in_words(entry)))
    yield from groups.items()


def _car_in_words(entry: Entry) -> str:
    return f"{entry.event.name} {entry}" + (f" · {entry.team}" if entry.team else "")


class Mergeable:
    """Adds merging, splitting and the list of likely duplicates to the ModelAdmin of drivers or teams."""

    model: Any
    opts: Any
    admin_site: admin.AdminSite
    change_form_template: Any = "admin/results/identity/change_form.html"
    change_list_template: Any = "admin/results/identity/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        views = (
            ("<int:pk>/merge/", self.merge_view, "merge"),
            ("<int:pk>/split/", self.split_view, "split"),
            ("duplicates/", self.duplicates_view, "duplicates"),
        )
        own = [
            path(route, self.admin_site.admin_view(view), name=f"results_{self.opts.model_name}_{name}")
            for route, view, name in views
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may = {"may_merge": self._may_merge(request)}
        return super().changelist_view(request, {**may, **(extra_context or {})})  # type: ignore[misc, no-any-return]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = {"may_merge": self._may_merge(request)}
        return super().change_view(request, object_id, form_url, {**may, **(extra_context or {})})  # type: ignore[misc, no-any-return]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the other one, see what would move, confirm."""
        kept = self._thing(request, pk)
        sent = request.POST if request.method == "POST" else request.GET
        choice = OtherForm(kept, sent if "other" in sent else None)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        other = choice.cleaned_data["other"] if choice.is_bound and choice.is_valid() else None
        if other is not None and request.method == "POST" and form.is_valid():
            try:
                done = merge(kept, other, by=_person(request), reason=form.cleaned_data["reason"])
            except IdentityRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, done.words)
                return HttpResponseRedirect(reverse(self._address("change"), args=[kept.pk]))
        if choice.is_bound and other is None:
            messages.error(request, _("Please choose the other one from the list."))
            choice = OtherForm(kept)
        context = {"choice": choice, "form": form, "other": other}
        if other is not None:
            context |= {
                "rows": side_by_side(kept, other),
                "counts": list(counts_of(other)),
                "shared": shared_cars(kept, other),
                "turned": f"{reverse(self._address('merge'), args=[other.pk])}?other={kept.pk}",
            }
        return self._page(request, "merge", _("Merge"), original=kept, **context)

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Pick the cars of the other one and name him."""
        thing = self._thing(request, pk)
        form_class = DriverSplitForm if isinstance(thing, Driver) else TeamSplitForm
        initial = {name: getattr(thing, name, "") for name in ("first_name", "last_name")}
        form = form_class(thing, request.POST if request.method == "POST" else None, initial=initial)
        if form.is_bound and form.is_valid():
            chosen = [int(entry) for entry in form.cleaned_data["entries"]]
            try:
                done = split(
                    thing, by=_person(request), entries=chosen, columns=form.columns,
                    reason=form.cleaned_data["reason"],
                )  # fmt: skip
            except IdentityRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, done.words)
                return HttpResponseRedirect(reverse(self._address("change"), args=[done.other]))
        return self._page(request, "split", _("Split"), original=thing, form=form)

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """Pairs that may be one; `are two` takes a pair from the list for good."""
        if not self._may_merge(request):
            raise PermissionDenied
        if request.method == "POST":
            form = PairForm(self.model, request.POST)
            if form.is_valid():
                self._set_apart(request, form.cleaned_data["one"], form.cleaned_data["other"])
            return HttpResponseRedirect(request.path)
        return self._page(request, "duplicates", _("Possible duplicates"), pairs=likely_duplicates(self.model))

    def _set_apart(self, request: HttpRequest, one: Any, other: Any) -> None:
        try:
            set_apart(one, other, by=_person(request))
        except IdentityRefused as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("“%(one)s” and “%(other)s” are two and will not be proposed again.")
            messages.success(request, said % {"one": one, "other": other})

    def _thing(self, request: HttpRequest, pk: int) -> Any:
        if not self._may_merge(request):
            raise PermissionDenied
        thing = self.model._default_manager.filter(pk=pk).first()
        if thing is None:
            raise Http404
        return thing

    def _may_merge(self, request: HttpRequest) -> bool:
        rights = (f"results.change_{self.opts.model_name}", f"results.delete_{self.opts.model_name}")
        return request.user.has_perms((*rights, "results.add_identitychange"))

    def _address(self, act: str) -> str:
        return f"admin:results_{self.opts.model_name}_{act}"

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "merge_address": self._address("merge"),
        }
        return TemplateResponse(request, f"admin/results/identity/{name}.html", context)


@admin.register(IdentityChange)
class IdentityChangeAdmin(Frozen, admin.ModelAdmin[IdentityChange]):
    """Merges and splits, the newest first, each with the way back."""

    change_form_template = "admin/results/identity/record.html"
    fields = ("act", "model", "words", "reason", "at", "by", "undone_at", "undone_by")
    list_display = ("words", "act", "model", "at", "by", "undone_at")
    list_filter = ("act", "model")
    list_select_related = ("by",)
    search_fields = ("words", "reason")

    def get_urls(self) -> list[URLPattern]:
        way_back = path(
            "<int:pk>/undo/", self.admin_site.admin_view(self.undo_view), name="results_identitychange_undo"
        )
        return [way_back, *super().get_urls()]

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks once more, then takes it back."""
        if not request.user.has_perm("results.add_identitychange"):
            raise PermissionDenied
        change = IdentityChange.objects.filter(pk=pk).first()
        if change is None:
            raise Http404
        refusal = ""
        if request.method == "POST":
            try:
                undo(change, by=_person(request))
            except IdentityRefused as refused:
                refusal = str(refused)
            else:
                messages.success(request, _("Undone: %(words)s") % {"words": change.words})
                return HttpResponseRedirect(reverse("admin:results_identitychange_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo"),
            "opts": self.opts,
            "original": change,
            "refusal": refusal,
        }
        return TemplateResponse(request, "admin/results/identity/undo.html", context)


@admin.register(DistinctPair)
class DistinctPairAdmin(admin.ModelAdmin[DistinctPair]):
    """Whoever was said to be two by mistake is taken from this list."""

    fields = ("pair", "by", "at")
    readonly_fields = fields
    list_display = ("pair", "by", "at")
    list_filter = ("model",)
    list_select_related = ("by",)
    search_fields = ("by__username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DistinctPair]:
        """The names come with the pairs: their keys are no foreign keys, for a driver may be gone."""
        return super().get_queryset(request).annotate(low_name=_name_of("low"), high_name=_name_of("high"))

    @admin.display(description=gettext_lazy("who"))
    def pair(self, pair: DistinctPair) -> str:
        named = ((pair.low_name, pair.low), (pair.high_name, pair.high))  # type: ignore[attr-defined]
        return " ≠ ".join(name or f"({pk})" for name, pk in named)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _name_of(column: str) -> Case:
    """The name of the driver or team whose key stands in that column."""
    drivers = Driver.objects.filter(pk=OuterRef(column)).annotate(
        name=Trim(Concat("first_name", Value(" "), "last_name"))
    )
    teams = Team.objects.filter(pk=OuterRef(column))
    return Case(
        When(model="driver", then=Subquery(drivers.values("name")[:1])), default=Subquery(teams.values("name")[:1])
    )


def _person(request: HttpRequest) -> Any:
    return request.user
