"""The article form and the list of articles: write, order, save without overwriting anybody."""

from typing import Any, ClassVar

from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from js_asset.media import Media as EditorMedia

from articles import workflow
from articles.acts.journal import refused
from articles.admin.acts import StoryActs
from articles.admin.audit import StoryHistory
from articles.admin.body_nodes import BodyNodes, node_setup
from articles.admin.conflict import conflict_of
from articles.admin.editor_policy import EDITOR_POLICY
from articles.admin.editor_words import EDITOR_WORDS
from articles.admin.facts import FactDesk
from articles.admin.facts_lint import LintRemarks
from articles.admin.facts_proposal import comment_of, with_chosen
from articles.admin.form_work import FormWork, SafeSearch
from articles.admin.importing import ArticleImport
from articles.admin.mass import MassActs
from articles.admin.offers import offers
from articles.admin.preview_links import PreviewLinks
from articles.fact_desk import RIGHTS
from articles.fact_memory import still_open
from articles.forms import ArticleForm, BylineForm, BylineFormSet, OrderedFormSet, SidebarItemForm
from articles.models import Act, Article, Byline, SidebarItem
from articles.state import STATES, in_state, state_of, with_state
from results.venue_time import moment

# Scripts of the form, each by itself; without them the form works all the same.
WRITING = ("sidebar_boxes", "autosave", "form_lock", "live_preview", "facts", "facts_lint")


class StateFilter(admin.SimpleListFilter):
    """States in the words of the desk; without a choice all but the bin."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return in_state(queryset, self.value() or "")


class ArticleList(ChangeList):
    """Finds the articles of a page first and asks where they stand afterwards: not for all that were paged over."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Article]:
        self.root_queryset = Article.objects.all()
        found: QuerySet[Article] = super().get_queryset(request, exclude_parameters)
        return found

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        keys = list(self.result_list.values_list("pk", flat=True))
        articles = with_state(Article.objects.filter(pk__in=keys)).prefetch_related("bylines__author")
        self.result_list = sorted(articles.defer("body", "notes"), key=lambda article: keys.index(article.pk))
        contradicted = still_open(keys) if request.user.has_perms(RIGHTS) else {}
        for article in self.result_list:
            vars(article)["still_contradicted"] = contradicted.get(article.pk, 0)


class FewIcons:
    """Search boxes with at most a plus beside them: the other icons take the room and the tab stops of the work."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field


class BylineInline(FewIcons, SafeSearch, admin.TabularInline[Byline, Article]):
    model = Byline
    form = BylineForm
    formset = BylineFormSet
    autocomplete_fields = ("author",)
    extra = 1
    verbose_name_plural = gettext_lazy("authors")


class SidebarInline(FewIcons, SafeSearch, admin.StackedInline[SidebarItem, Article]):
    model = SidebarItem
    form = SidebarItemForm
    formset = OrderedFormSet
    autocomplete_fields = ("session", "event", "series", "season")
    extra = 1
    classes = ("sidebar-boxes",)
    template = "admin/articles/article/sidebar_boxes.html"


@admin.register(Article)
class ArticleAdmin(
    FewIcons,
    SafeSearch,
    ArticleImport,
    StoryHistory,
    MassActs,
    StoryActs,
    PreviewLinks,
    BodyNodes,
    FactDesk,
    LintRemarks,
    FormWork,
    admin.ModelAdmin[Article],
):
    """Nothing is deleted here and nothing goes out by saving; that is done by the acts of the desk."""

    form = ArticleForm
    inlines = (BylineInline, SidebarInline)
    autocomplete_fields = ("lead_event", "further_events", "tags", "lead_image")
    fieldsets = (
        (None, {"fields": ("kicker", "title", "standfirst", "body"), "classes": ("story-text",)}),
        (gettext_lazy("Picture"), {"fields": ("lead_image",), "classes": ("side",)}),
        (gettext_lazy("Facts"), {"fields": ("lead_event", "further_events", "tags"), "classes": ("side",)}),
        (
            gettext_lazy("Details"),
            {"fields": ("kind", "language", ("dateline", "agency"), "slug"), "classes": ("side",)},
        ),
        (gettext_lazy("For the desk"), {"fields": ("notes",), "classes": ("side",)}),
    )
    list_display = ("title", "state", "signed_by", "kind", "changed")
    list_filter = (StateFilter, "kind", ("bylines__author", admin.RelatedOnlyFieldListFilter))
    list_per_page = 100
    list_max_show_all = 100
    show_full_result_count = False
    search_fields = ("title", "kicker", "standfirst", "slug")
    ordering = ("-changed_at",)
    change_form_template = "admin/articles/article/change_form.html"
    add_form_template = "admin/articles/article/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return with_state(super().get_queryset(request)).prefetch_related("bylines__author")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ArticleList]:
        return ArticleList

    @admin.display(description=gettext_lazy("state"))
    def state(self, article: Article) -> str:
        state = state_of(article)
        when = [moment(state.scheduled_for)] if state.scheduled_for else []
        embargo = [_("Embargo until %(at)s") % {"at": moment(state.embargo_until)}] if state.embargo_until else []
        wrong = vars(article).get("still_contradicted", 0)
        told = [ngettext("%(n)s contradiction", "%(n)s contradictions", wrong) % {"n": wrong}] if wrong else []
        return " · ".join([state.words, *when, *([state.stage_words] if state.stage_words else []), *embargo, *told])

    @admin.display(description=gettext_lazy("changed"), ordering="changed_at")
    def changed(self, article: Article) -> str:
        return moment(article.changed_at)

    @admin.display(description=gettext_lazy("authors"))
    def signed_by(self, article: Article) -> str:
        return ", ".join(line.author.name for line in article.bylines.all())

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Articles go into the bin, see `articles.workflow.trash`."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if isinstance(obj, Article) and obj.trashed_at:
            return False
        return bool(super().has_change_permission(request, obj))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        form = super().get_form(request, obj, change=change, **kwargs)
        conflict = getattr(request, "conflict", None)
        form.unsaved_because = conflict.because if conflict else ""
        return form

    @method_decorator(csp_update(EDITOR_POLICY))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST":
            request.POST = with_chosen(request.POST)  # type: ignore[assignment]
            self._note_forgery(request, object_id)
            asked = self.ask_whose_text(request, object_id, form_url)
            if asked is not None:
                return asked
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            return self._save(request, object_id, form_url, extra_context)
        except Exception:
            self.keep_unsaved(request, object_id)
            raise

    def _save(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            article = self.get_object(request, object_id)
            if article is None or not self.has_change_permission(request, article):
                return super().changeform_view(request, object_id, form_url, extra_context)
            # From here to the end of the transaction nobody else writes this article.
            current = workflow.claim(article)
            if request.POST.get("lock_version") == str(current.lock_version):
                return super().changeform_view(request, object_id, form_url, extra_context)
            return self._too_late(request, current, form_url)

    def _note_forgery(self, request: HttpRequest, object_id: str | None) -> None:
        """What a form of ours never sends is ignored, and kept: a field it does not have, a save without the right."""
        assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
        article = self.get_object(request, object_id) if object_id else None
        columns = {field.name for field in Article._meta.get_fields()} - {"acts", "bylines", "sidebar"}
        foreign = sorted(columns.intersection(request.POST) - set(self.form.base_fields))
        if foreign:
            refused(Act.Verb.FORGE, article, by=request.user, reason=", ".join(foreign))
        may = self.has_change_permission(request, article) if article else self.has_add_permission(request)
        if not may:
            refused(Act.Verb.SAVE, article, by=request.user, reason=request.path)

    def _too_late(self, request: HttpRequest, article: Article, form_url: str) -> HttpResponse:
        """Show the merged form with both texts; a sender who had nothing to add is told what is stored."""
        sent = request.POST.get("lock_version", "")
        began_with = self.version_saved(request, article) or (int(sent) if sent.isdecimal() else None)
        conflict = conflict_of(article, request.POST, began_with)
        if conflict.is_empty:
            if conflict.is_stored:
                messages.info(request, _("The article is stored as you sent it; somebody had saved it before."))
            else:
                messages.info(request, _("You had changed nothing; somebody else has saved the article meanwhile."))
            return self._go_on(request, article)
        return self.not_saved(request, article, conflict, {"conflict": conflict}, form_url)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm[Article], formsets: Any, change: bool) -> None:  # noqa: FBT001
        """The last step of a save: rows numbered from one, then one revision of it all."""
        super().save_related(request, form, formsets, change)
        article = form.instance
        _number(article.bylines.order_by("position", "pk"))
        _number(article.sidebar.order_by("position", "pk"))
        assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
        comment = comment_of(request.POST)
        workflow.save(article, by=request.user, expected_lock_version=article.lock_version, comment=comment)
        self.end_opening(request, article)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._after_save(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._after_save(request, obj)

    def _after_save(self, request: HttpRequest, article: Article) -> HttpResponse:
        if not {"_submit", "_publish"}.intersection(request.POST):
            messages.success(request, _("“%(title)s” is saved.") % {"title": article.title})
        return self._go_on(request, article)

    def _go_on(self, request: HttpRequest, article: Article) -> HttpResponse:
        """On to the page that the pressed button names: submit, publish, the form again, or the list."""
        if "_submit" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_submit", args=[article.pk]))
        if "_publish" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_publish", args=[article.pk]))
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        return self.response_post_save_change(request, article)

    def render_change_form(  # noqa: PLR0917 - Django's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Article | None = None,
    ) -> HttpResponse:
        nonce = str(getattr(request, "csp_nonce", ""))
        context["media"] = EditorMedia.from_media(context["media"], nonce=nonce)  # type: ignore[no-untyped-call]
        context["state"] = state = state_of(obj) if obj else None
        offered = offers(obj, state, request.user) if obj and state and isinstance(request.user, User) else []
        context["offers"] = [offer for offer in offered if offer.is_next]
        context["more_offers"] = [offer for offer in offered if not offer.is_next]
        context["picture"] = obj.lead_image if obj else None
        context["editor_words"] = EDITOR_WORDS
        context["body_nodes"] = node_setup()
        context.setdefault("conflict", None)
        context |= self.rights(request) | self.form_context(request, obj)
        context |= self.facts_context(request, obj) | self.lint_context(request, obj)
        response: TemplateResponse = super().render_change_form(request, context, add, change, form_url, obj)  # type: ignore[assignment]
        return response

    class Media:
        css: ClassVar[dict[str, list[str]]] = {
            "all": [
                "racedesk/article_form.css",
                "racedesk/writing.css",
                "racedesk/body_nodes.css",
                "racedesk/facts_proposal.css",
                "racedesk/facts.css",
                "racedesk/facts_lint.css",
            ]
        }
        js: ClassVar[list[Any]] = [
            "racedesk/keep_text.js",
            *(Script(f"racedesk/{name}.js", type="module") for name in WRITING),
        ]


def _number(rows: QuerySet[Any]) -> None:
    for number, row in enumerate(rows, start=1):
        if row.position != number:
            row.position = number
            row.save(update_fields=["position"])
