"""The history of an article: every act on it, newest first. The audit log as a whole stands in `history`."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.models import Act, Article
from articles.state import STATES

HISTORY_ROWS = 300
# Of these nobody else at the desk has to know why.
INSIDE = {Act.Verb.TAKE_DOWN, Act.Verb.FORGE}


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
