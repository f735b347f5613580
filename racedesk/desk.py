"""The newsroom's admin site: German titles, stories before facts before accounts, and a board of what is in hand."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.i18n import JavaScriptCatalog

from racedesk.accounts.login import LoginForm, after_attempt
from racedesk.accounts.reset import reset_urls
from racedesk.board import board_of, differing_tables_of, open_decisions_of
from racedesk.overtaken import TellOvertaken

# Django says these in another German than the rest of the desk; our catalogue goes before its own.
SAID_OTHERWISE = (
    gettext_noop("Save"),
    gettext_noop("Save and continue editing"),
    gettext_noop("Save and add another"),
    gettext_noop("Save and view"),
    gettext_noop("History"),
    gettext_noop("Cannot delete %(name)s"),
)
ROOMS = ("articles", "results", "auth")
STORIES = ("Article", "FrontPin", "Image", "Author", "Tag", "Page", "Publication", "Revision", "Withdrawal", "Act")


# Their forms compare versions.
OWN_CHECK = frozenset({"articles.Article", "articles.Page"})


class Desk(admin.AdminSite):
    site_title = _("racedesk")
    site_header = _("racedesk")
    index_title = _("Newsroom")
    index_template = "admin/board.html"
    login_form = LoginForm

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [*reset_urls(), *super().get_urls()]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Jobs are nobody's work at the desk: their library's own screens are left out.

        Forms of stories and facts tell who was overtaken; those of articles and site pages do it in their own way.
        """
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        wanted = [model for model in models if model._meta.app_label != "procrastinate"]
        if admin_class and all(_lacks_check(model) for model in wanted):
            admin_class = type(
                admin_class.__name__, (TellOvertaken, admin_class), {"__module__": admin_class.__module__}
            )
        super().register(wanted, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().login(request, extra_context)
        return after_attempt(request, response) if request.method == "POST" else response

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Rooms in the order of the work, stories before the records of what was done with them."""
        rooms = super().get_app_list(request, app_label)
        for room in rooms:
            if room["app_label"] == "articles":
                room["models"].sort(key=lambda model: _place(STORIES, model["object_name"]))
        return sorted(rooms, key=lambda room: _place(ROOMS, room["app_label"]))

    def i18n_javascript(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The words of the admin's scripts and of the body editor's dialogs."""
        catalogue = JavaScriptCatalog()
        catalogue.setup(request)
        return catalogue.get(request, packages="django.contrib.admin+django_prose_editor")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        may_see = request.user.has_perm("articles.view_article")
        board = board_of(request.user) if may_see and isinstance(request.user, User) else []
        waits = open_decisions_of(request.user) if isinstance(request.user, User) else ([], 0)
        tables = differing_tables_of(request.user) if isinstance(request.user, User) else ([], 0)
        context = {"board": board, "open_decisions": waits, "differing_tables": tables}
        return super().index(request, {**context, **(extra_context or {})})


def _lacks_check(model: Any) -> bool:
    return model._meta.app_label in {"articles", "results"} and model._meta.label not in OWN_CHECK


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)
