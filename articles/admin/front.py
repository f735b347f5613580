"""The front page by hand: pins of stories to slots."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles import pinning
from articles.models import FrontPin, Publication
from results.admin.by_name import by_name
from results.release import database_now


class PinForm(forms.ModelForm[FrontPin]):
    """Which story, where, until when."""

    class Meta:
        model = FrontPin
        fields = ("article", "slot", "until")

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= database_now():
            raise ValidationError(_("The end lies in the past."))
        return until


@admin.register(FrontPin)
class FrontPinAdmin(admin.ModelAdmin[FrontPin]):
    form = PinForm
    list_display = ("article", "slot", "until", "shows", by_name("pinned_by"), "pinned_at")
    list_select_related = ("article", "pinned_by")
    list_filter = ("slot",)
    autocomplete_fields = ("article",)
    actions = None
    delete_confirmation_template = "admin/articles/frontpin/delete_confirmation.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[FrontPin]:
        public = Publication.objects.public().filter(article=OuterRef("article"))
        return super().get_queryset(request).annotate(is_public=Exists(public), clock=Now())

    @admin.display(description=_("shows"))
    def shows(self, pin: Any) -> Any:
        """What readers see of it now."""
        if pin.until <= pin.clock:
            return _("is over")
        return _("stands on the front page") if pin.is_public else _("nothing: the story is not public")

    def has_change_permission(self, request: HttpRequest, obj: FrontPin | None = None) -> bool:
        """A pin is set and ended, not rewritten: so it says who put what where."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: FrontPin, form: Any, change: bool) -> None:  # noqa: FBT001
        assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
        values = {name: form.cleaned_data[name] for name in ("article", "slot", "until")}
        obj.pk = pinning.pin(**values, by=request.user).pk

    def delete_model(self, request: HttpRequest, obj: FrontPin) -> None:
        """To take a pin down ends it; the row stays as a record."""
        assert isinstance(request.user, User)  # noqa: S101
        pinning.unpin(obj, by=request.user)
