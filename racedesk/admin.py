"""Accounts and groups at the desk: Django's screens with rights in words, as boxes to tick."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserCreationForm
from django.contrib.auth.models import Group, Permission, User
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from racedesk.roles import ROLES

ROOMS = ("articles", "results", "auth")
VERBS: dict[str, StrOrPromise] = {
    "add": pgettext_lazy("right", "add"),
    "change": pgettext_lazy("right", "change"),
    "delete": pgettext_lazy("right", "delete"),
    "view": pgettext_lazy("right", "view"),
    "publish": pgettext_lazy("right", "publish"),
    "withdraw": pgettext_lazy("right", "withdraw"),
    "block": pgettext_lazy("right", "take out of all pages"),
    "submit": pgettext_lazy("right", "submit for review"),
    "review": pgettext_lazy("right", "approve and return"),
    "correct": pgettext_lazy("right", "correct when public"),
    "embargo": pgettext_lazy("right", "set an embargo"),
    "liftembargo": pgettext_lazy("right", "shorten or lift an embargo"),
    "takedown": pgettext_lazy("right", "take down without a note"),
    "publishalone": pgettext_lazy("right", "publish without a second person"),
    "publishquietly": pgettext_lazy("right", "change when public without a notice"),
    "liftfacts": pgettext_lazy("right", "publish against the data"),
}


class RightsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rights as `Article: publish` in the language of the desk; Django keeps their names in English."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Permission) -> str:
        verb = obj.codename.partition("_")[0]
        return f"{capfirst(obj.content_type.name)}: {VERBS.get(verb, obj.name)}"


def rights() -> QuerySet[Permission]:
    """What a person of the desk may be allowed to do; the machinery's own tables are nobody's business."""
    known = Permission.objects.filter(content_type__app_label__in=ROOMS).exclude(content_type__model="permission")
    return known.select_related("content_type").order_by("content_type__app_label", "content_type__model", "codename")


class TickedRights:
    """Groups and rights as boxes to tick: they need no script, no Ctrl key and fit a phone. Mixed into a ModelAdmin."""

    filter_horizontal: Any = ()

    def formfield_for_manytomany(self, db_field: ManyToManyField[Any, Any], request: Any = None, **kwargs: Any) -> Any:
        if db_field.related_model is Permission:
            kwargs |= {"form_class": RightsField, "queryset": rights()}
            return db_field.formfield(**kwargs)
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # not subscriptable
    """A new password; an account that shall have none is switched off instead."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True


admin.site.unregister([Group, User])


@admin.register(Group)
class RoleAdmin(TickedRights, GroupAdmin):
    """The groups of the six roles stay: a migration brings them what is new in racedesk and leaves what was changed here."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        groups = [str(group) for group in objs]
        own = sorted({role.group for role in ROLES.values()} & set(groups))
        return groups, {Group._meta.verbose_name_plural: len(groups)}, set(), own

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["racedesk/rights.css"]}


@admin.register(User)
class AccountAdmin(TickedRights, UserAdmin):  # type: ignore[type-arg]
    add_form = UserCreationForm
    change_password_form = PasswordForm
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("Roles"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (gettext_lazy("Further rights"), {"fields": ("user_permissions",), "classes": ("collapse",)}),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["racedesk/rights.css"]}
