"""Links to a draft for somebody without an account: made, listed and revoked by the desk."""

from typing import Any

from django.contrib import messages
from django.forms import CharField, Form, TypedChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles import previews
from articles.admin.acts import _user
from articles.models import Act, Article
from articles.stories import absolute
from results.venue_time import moment


class LinkForm(Form):
    """For whom a link is and how long it opens."""

    purpose = CharField(label=gettext_lazy("For whom"), max_length=120, required=False)
    hours = TypedChoiceField(
        label=gettext_lazy("Valid for"),
        coerce=int,
        initial=4,
        choices=[
            (1, gettext_lazy("1 hour")),
            (4, gettext_lazy("4 hours")),
            (12, gettext_lazy("12 hours")),
            (24, gettext_lazy("24 hours")),
        ],
    )


class PreviewLinks:
    """The page of an article's preview links; mixed into its ModelAdmin."""

    admin_site: Any
    _article: Any
    _act_page: Any
    log_change: Any

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:object_id>/links/", wrap(self.links_view), name="articles_article_links"),
            path("<int:object_id>/links/mint/", wrap(require_POST(self.mint_view)), name="articles_article_mint"),
            path(
                "<int:object_id>/links/<int:link_id>/revoke/",
                wrap(require_POST(self.revoke_view)),
                name="articles_article_revoke",
            ),
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    def links_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        article = self._article(request, object_id, "articles.change_article", Act.Verb.OPEN)
        return self._links_page(request, article, LinkForm())

    def mint_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Make a link and show it, this once: only its hash is stored. A token that was sent along is not looked at."""
        article = self._article(request, object_id, "articles.change_article", Act.Verb.OPEN)
        form = LinkForm(request.POST)
        if article.trashed_at:
            raise Http404
        if not form.is_valid():
            return self._links_page(request, article, form)
        link, token = previews.mint(article, by=_user(request), **form.cleaned_data)
        self.log_change(request, article, _("Preview link made, valid until %(at)s.") % {"at": moment(link.expires_at)})
        address = absolute(reverse("articles:preview", args=[token]))
        return self._links_page(request, article, LinkForm(), made=link, address=address)

    def revoke_view(self, request: HttpRequest, object_id: int, link_id: int) -> HttpResponse:
        article = self._article(request, object_id, "articles.change_article", Act.Verb.OPEN)
        link = article.preview_links.filter(pk=link_id).first()
        if link is None:
            raise Http404
        previews.revoke(link, by=_user(request))
        self.log_change(request, article, _("Preview link revoked."))
        messages.success(request, _("The preview link is revoked."))
        return HttpResponseRedirect(reverse("admin:articles_article_links", args=[article.pk]))

    def _links_page(self, request: HttpRequest, article: Article, form: LinkForm, **made: Any) -> HttpResponse:
        context = {"title": _("Preview links"), "form": form, "links": previews.links_of(article), **made}
        response: HttpResponse = self._act_page(request, article, "links.html", context)
        response["Cache-Control"] = "private, no-store"
        return response
