"""The site's own pages: Impressum, Datenschutz, Barrierefreiheit. Each saving is a version that readers see."""

from typing import Any, ClassVar

from csp.decorators import csp_update
from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset.media import Media as EditorMedia

from articles import pages
from articles.admin.editor_policy import EDITOR_POLICY
from articles.admin.editor_words import EDITOR_WORDS
from articles.body import to_plain_text
from articles.body_widget import NODES
from articles.forms import EDITOR, LONGEST_BODY
from articles.models import Page, PageVersion
from articles.templatetags.articles_tags import stamp

# A page of the house refers to no results and shows no pictures.
PLAIN_EDITOR = {name: options for name, options in EDITOR.items() if name not in NODES}


class PageForm(forms.ModelForm[Page]):
    """The next version of a page. Whoever comes second keeps his text in the form and is told."""

    title = forms.CharField(label=_("Title"), max_length=120)
    body = ProseEditorFormField(  # type: ignore[no-untyped-call]
        label=_("Text"), max_length=LONGEST_BODY, extensions=PLAIN_EDITOR, widget=AdminProseEditorWidget
    )
    visible_from = forms.SplitDateTimeField(
        label=_("Valid from"),
        required=False,
        widget=admin.widgets.AdminSplitDateTime,
        help_text=_("Empty: at once. Until then readers see what they see now."),
    )
    expected = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Page
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest: PageVersion | None = self.instance.versions.first()
        if latest:
            self.initial = {"title": latest.title, "body": latest.body_html, "expected": latest.number, **self.initial}
        else:
            self.initial = {"expected": 0, **self.initial}

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if not to_plain_text(body):
            raise ValidationError(_("The text is missing."))
        return body

    def clean_expected(self) -> int:
        expected: int = self.cleaned_data["expected"]
        latest = self.instance.versions.first()
        if expected != (latest.number if latest else 0):
            self._show_stored(latest)
            raise ValidationError(_("Nothing was saved: the page was changed in the meantime."))
        return expected

    def _show_stored(self, latest: PageVersion | None) -> None:
        """The form comes back with the sender's words, beside them those that are stored; saved again it is the next version."""
        self.data = {**self.data.dict(), "expected": str(latest.number if latest else 0)}  # type: ignore[attr-defined]  # a QueryDict
        if latest:
            who = latest.written_by or "–"
            text = f"{latest.title}: {to_plain_text(latest.body_html)}"
            self.add_error(None, _("Stored now, by %(who)s: %(text)s") % {"who": who, "text": text})


@admin.register(Page)
class PageAdmin(admin.ModelAdmin[Page]):
    form = PageForm
    list_display = ("name_shown", "state", "since")
    actions = None
    fields = ("title", "body", "visible_from", "expected", "history")
    readonly_fields = ("history",)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The editor's import map is an inline script and needs the nonce of the request."""
        nonce = str(getattr(request, "csp_nonce", ""))
        context["media"] = EditorMedia.from_media(context["media"], nonce=nonce)  # type: ignore[no-untyped-call]
        context["editor_words"] = EDITOR_WORDS
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        latest = PageVersion.objects.filter(page=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                is_placeholder=Subquery(latest.values("is_placeholder")[:1]),
                latest_from=Subquery(latest.values("visible_from")[:1]),
            )
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False

    @admin.display(description=_("page"))
    def name_shown(self, page: Page) -> str:
        return str(page)

    @admin.display(description=_("state"))
    def state(self, page: Any) -> Any:
        return _("still to be filled in") if page.is_placeholder else _("filled in")

    @admin.display(description=_("valid from"))
    def since(self, page: Any) -> Any:
        return stamp(page.latest_from) if page.latest_from else "–"

    @admin.display(description=_("versions"))
    def history(self, page: Page) -> Any:
        rows = [
            format_html(
                "<details><summary>{} {} – {}{}</summary>{}</details>",
                _("Version"),
                version.number,
                stamp(version.visible_from),
                f" ({version.written_by.get_full_name() or version.written_by.get_username()})"
                if version.written_by
                else "",
                to_plain_text(version.body_html),
            )
            for version in page.versions.select_related("written_by")
        ]
        return format_html("{}" * len(rows), *rows) if rows else "–"

    @method_decorator(csp_update(EDITOR_POLICY))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Under a lock, so that of two at once the second is asked too."""
        with transaction.atomic():
            if request.method == "POST" and (page := self.get_object(request, object_id or "")):
                Page.objects.select_for_update().get(pk=page.pk)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:  # noqa: FBT001
        assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
        values = {name: form.cleaned_data[name] for name in ("title", "body", "visible_from", "expected")}
        pages.write_page(obj, by=request.user, **values)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """A page has nothing beside its versions."""

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["racedesk/article_form.css"]}
