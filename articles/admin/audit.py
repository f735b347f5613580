"""The audit log at the desk: whole for those who answer for the newsroom, and as the history of each article."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Act, Article
from articles.state import STATES
from results.admin.frozen import Frozen
from results.venue_time import moment

HISTORY_ROWS = 300
# Characters of a title and a reason in the list; the line itself shows all.
SHOWN = 80
# Of these nobody else at the desk has to know why.
INSIDE = {Act.Verb.TAKE_DOWN, Act.Verb.FORGE}


class PersonFilter(admin.SimpleListFilter):
    """Everybody with an account at the desk; asking the log itself who is in it would read all of it."""

    title = gettext_lazy("person")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = User.objects.filter(is_staff=True).order_by("last_name", "username")
        return [(str(person.pk), person.get_full_name() or person.get_username()) for person in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Act]) -> QuerySet[Act]:
        chosen = self.value() or ""
        return queryset.filter(by=int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else queryset  # noqa: PLR2004


@admin.register(Act)
class ActAdmin(Frozen, admin.ModelAdmin[Act]):
    list_display = ("when", "by_name", "verb", "story", "change", "outcome", "why")
    list_display_links = ("when",)
    list_select_related = ("article",)
    list_filter = ("outcome", "verb", PersonFilter, "at")
    list_per_page = 100
    search_fields = ("article__title", "by_name", "reason")
    ordering = ("-at", "-pk")
    show_full_result_count = False
    fields = ("when", "verb", "outcome", "article", "by_name", "change", "reason", "hour", "revision", "publication")
    readonly_fields = ("when", "change", "hour")

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, act: Act) -> str:
        return moment(act.at)

    @admin.display(description=gettext_lazy("state"))
    def change(self, act: Act) -> str:
        return from_to(act)

    @admin.display(description=gettext_lazy("article"))
    def story(self, act: Act) -> str:
        return Truncator(act.article.title).chars(SHOWN) if act.article else "–"

    @admin.display(description=gettext_lazy("reason"))
    def why(self, act: Act) -> str:
        return Truncator(act.reason).chars(SHOWN)

    @admin.display(description=gettext_lazy("hour"))
    def hour(self, act: Act) -> str:
        return moment(act.instant) if act.instant else ""


class StoryHistory:
    """The history page of an article; mixed into its ModelAdmin."""

    _article: Any
    _act_page: Any

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every act on an article, newest first; refused attempts and what stays inside for those with the audit log."""
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0  # noqa: PLR2004
        article: Article = self._article(request, number, "articles.view_article", Act.Verb.OPEN)
        sees_all = request.user.has_perm("articles.view_act")
        acts = article.acts.select_related("revision", "publication")
        if not sees_all:
            acts = acts.exclude(Q(outcome=Act.Outcome.REFUSED) | Q(verb=Act.Verb.FORGE))
        lines = [
            {
                "act": act,
                "change": from_to(act),
                "reason": act.reason if sees_all or act.verb not in INSIDE else "",
            }
            for act in acts[:HISTORY_ROWS]
        ]
        context = {"title": _("Audit log"), "lines": lines, "sees_all": sees_all}
        response: HttpResponse = self._act_page(request, article, "history.html", context)
        return response


def from_to(act: Act) -> str:
    """`draft → in review`; empty where nothing changed for anybody."""
    if not act.before or act.before == act.after:
        return ""
    return f"{STATES.get(act.before, act.before)} → {STATES.get(act.after, act.after)}"
