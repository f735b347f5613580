"""Forms of the facts: addresses made from names, times of a session completed before they are checked."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from results.models import Event, Session, SessionKind
from results.models.calendar import USUAL_LENGTH
from results.names import slugify_german

NEWSROOM_TIME = _("In newsroom time (Europe/Berlin).")


class AddressForm(forms.ModelForm[Any]):
    """Fills an empty address from the name."""

    named_by: tuple[str, ...] = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Left empty it is made from the name. A changed address breaks old links."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "slug" in self.fields and "slug" not in self.errors and not cleaned.get("slug"):
            name = " ".join(str(cleaned.get(field) or "") for field in self.named_by)
            cleaned["slug"] = slugify_german(name, limit=self._meta.model._meta.get_field("slug").max_length)
        return cleaned


class SeasonForm(AddressForm):
    named_by = ("label",)


class DriverForm(AddressForm):
    named_by = ("first_name", "last_name")


class SessionForm(AddressForm):
    """An end given by hand is no estimate; without one the usual length of its kind is taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            if name in self.fields:
                self.fields[name].help_text = NEWSROOM_TIME
        if self.instance.end_estimated and "ends_at" in self.initial:
            self.initial["ends_at"] = None
            self.fields["ends_at"].help_text = _("In newsroom time; empty: estimated from the kind of session.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
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

    class Meta:
        model = Session
        fields = (
            "event", "key", "name", "slug", "kind", "sequence", "parent", "local_date", "starts_at", "ends_at",
            "status", "starters", "finishers", "public_from",
        )  # fmt: skip
