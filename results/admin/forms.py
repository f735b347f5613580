"""Forms of the facts: addresses made from names, times of a session completed before they are checked."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.admin.schedule_forms import SaysWhy
from results.models import Broadcast, Circuit, Event, Session, SessionKind
from results.models.calendar import USUAL_LENGTH
from results.names import RESERVED_EVENTS, RESERVED_SEASONS, RESERVED_SESSIONS, fold, free_slug
from results.rescheduling import settle

NEWSROOM_TIME = _("In newsroom time (Europe/Berlin).")


class NamedForm(forms.ModelForm[Any]):
    """Refuses a name that another row has already, spelled with other capitals or accents.

    The database knows it by the folded key, which is no field of the form.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for constraint in self._meta.model._meta.constraints:
            if (
                isinstance(constraint, models.UniqueConstraint)
                and "folded" in constraint.fields
                and cleaned.get("name")
            ):
                self._refuse_twin(cleaned, [field for field in constraint.fields if field != "folded"])
        return cleaned

    def _refuse_twin(self, cleaned: dict[str, Any], scope: list[str]) -> None:
        wanted = {field: cleaned.get(field) or getattr(self.instance, f"{field}_id", None) for field in scope}
        rows = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        twin = rows.filter(folded=fold(cleaned["name"]), **wanted).first()
        if twin is not None:
            self.add_error("name", forms.ValidationError(_("This name is taken by “%(twin)s”."), params={"twin": twin}))


class NamesFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """Refuses the same name twice among new aliases."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            folded = fold(getattr(form, "cleaned_data", {}).get("name") or "")
            if folded and folded in seen:
                form.add_error("name", _("This name is listed twice."))
            seen.add(folded)


class AddressForm(NamedForm):
    """Fills an empty address from the name."""

    named_by: tuple[str, ...] = ("name",)
    reserved: frozenset[str] = frozenset()  # words of our routes: never made from a name

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Left empty it is made from the name. A changed address breaks old links."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "slug" in self.fields and "slug" not in self.errors and not cleaned.get("slug"):
            name = " ".join(str(cleaned.get(field) or "") for field in self.named_by)
            limit = self._meta.model._meta.get_field("slug").max_length
            cleaned["slug"] = free_slug(name, self.reserved, limit=limit)
        return cleaned


def zone_choices() -> list[tuple[str, str]]:
    """Every time zone that names a place."""
    return [("", "–"), *((zone, zone) for zone in sorted(zoneinfo.available_timezones()) if "/" in zone)]


class EventForm(SaysWhy, AddressForm):
    """Postponed means that the new days are open: whoever gives some has scheduled them."""

    reserved = RESERVED_EVENTS
    time_zone = forms.ChoiceField(label=Event._meta.get_field("time_zone").verbose_name, choices=zone_choices)
    postpones = False  # whether its sessions lose their times, too

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "status" in cleaned:
            cleaned["status"], self.postpones = settle(
                cleaned["status"],
                was=self.initial.get("status", ""),
                is_redated="starts_on" in self.changed_data,
                has_date=cleaned.get("starts_on") is not None,
            )
            if self.postpones:
                cleaned["starts_on"] = cleaned["ends_on"] = None
        return cleaned


class CircuitForm(AddressForm):
    time_zone = forms.ChoiceField(
        label=Circuit._meta.get_field("time_zone").verbose_name, choices=zone_choices, required=False
    )


class SeasonForm(AddressForm):
    named_by = ("label",)
    reserved = RESERVED_SEASONS


class DriverForm(AddressForm):
    named_by = ("first_name", "last_name")


class SessionForm(AddressForm):
    """An end given by hand is no estimate; without one the usual length of its kind is taken."""

    reserved = RESERVED_SESSIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            if name in self.fields:
                self.fields[name].help_text = f"{self.fields[name].help_text} {NEWSROOM_TIME}".strip()
        if self.instance.end_estimated and "ends_at" in self.initial:
            self.initial["ends_at"] = None
            self.fields["ends_at"].help_text = _("In newsroom time; empty: estimated from the kind of session.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._settle(cleaned)
        start, kind = cleaned.get("starts_at"), cleaned.get("kind")
        if isinstance(start, dt.datetime):
            self.instance.end_estimated = not cleaned.get("ends_at")
            if self.instance.end_estimated and kind:
                cleaned["ends_at"] = start + USUAL_LENGTH[SessionKind(kind)]
            event = cleaned.get("event") or (self.instance.event if self.instance.event_id else None)
            cleaned["local_date"] = start.astimezone(event.zone if isinstance(event, Event) else None).date()
        else:
            cleaned["ends_at"] = None
        return cleaned

    def _settle(self, cleaned: dict[str, Any]) -> None:
        """Postponed means that the new date is open: whoever gives one has scheduled it."""
        was = self.initial.get("status", self.instance.status)
        status, is_open = settle(
            cleaned.get("status") or was,
            was=was,
            is_redated=bool({"starts_at", "local_date"} & set(self.changed_data)),
            has_date=any(cleaned.get(name) is not None for name in ("starts_at", "local_date")),
        )
        if "status" in self.fields:
            cleaned["status"] = status
        else:
            self.instance.status = status
        if is_open:
            cleaned["starts_at"] = cleaned["ends_at"] = cleaned["local_date"] = None

    class Meta:
        model = Session
        fields = (
            "event", "key", "name", "slug", "kind", "sequence", "parent", "local_date", "starts_at", "ends_at",
            "status", "starters", "finishers", "public_from",
        )  # fmt: skip


class SessionPageForm(SaysWhy, SessionForm):
    """A session on a page of its own."""


class LabelledRows(forms.BaseInlineFormSet[Any, Any, Any]):
    """Rows of a table whose heads nobody hears in a field: each says what it is."""

    def add_fields(self, form: Any, index: Any) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            if not isinstance(field.widget, forms.MultiWidget):  # whose parts have labels of their own
                field.widget.attrs.setdefault("aria-label", field.label)


class SessionFormSet(LabelledRows):
    """Gives the new sessions of an event their addresses; two of one name get theirs apart."""

    def clean(self) -> None:
        super().clean()
        taken = {form.instance.slug for form in self.initial_forms} | RESERVED_SESSIONS
        for form in self.extra_forms:
            name = getattr(form, "cleaned_data", {}).get("name")
            if name and not form.instance.slug:
                form.instance.slug = free_slug(name, taken, limit=70)
                taken.add(form.instance.slug)


class BroadcastForm(forms.ModelForm[Broadcast]):
    url = forms.URLField(label=Broadcast._meta.get_field("url").verbose_name, required=False, assume_scheme="https")

    class Meta:
        model = Broadcast
        fields = ("session", "channel", "kind", "starts_at", "url", "note")
