"""Forms of the workbench: the article, its authors, the boxes beside it."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField

from articles.body import sanitise
from articles.body_widget import NODES, BodyWidget
from articles.gate import DRAFT_TITLE, is_slug
from articles.models import Address, Article, Byline, SidebarItem
from results.names import RESERVED_SLUGS

# What the editor offers is what `articles.body` allows.
EDITOR = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "NoSpellCheck": False,
    **NODES,
}
LONGEST_BODY = 500_000
LAST = 32_767
# Have a value from the first moment on; a form that leaves one out keeps it.
ALWAYS_CHOSEN = frozenset({"kind", "language", "stage"})


class ShortText(forms.Textarea):
    """A text area that begins with its text. Django puts a line break first, which a browser drops but not every
    program that reads and sends forms; what stands here is stripped, so none is lost.

    A browser ends lines in its own way: stored like that, a text would differ by being opened and saved.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        text = "" if widget["value"] is None else widget["value"]
        return format_html('<textarea name="{}"{}>{}</textarea>', name, flatatt(widget["attrs"]), text)


class Headline(ShortText):
    """One line of text that is shown whole: a long title wraps, and a line break typed or pasted is a blank."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", value.strip()) if isinstance(value, str) else value


class ArticleForm(forms.ModelForm[Article]):
    """The workbench. Drafts may be incomplete; only what could never be stored is refused.

    `unsaved_because` is set by the admin for a form that is shown again and never saved, such as one that somebody else
    overtook: the sentence that stands above it.
    """

    unsaved_because = ""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        widget=Headline(attrs={"class": "story-title", "rows": 2, "maxlength": 200}),
    )
    body = ProseEditorFormField(  # type: ignore[no-untyped-call]
        label=_("Text"), required=False, max_length=LONGEST_BODY, extensions=EDITOR, widget=BodyWidget
    )
    lock_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields: ClassVar[list[str]] = [
            "title",
            "kicker",
            "standfirst",
            "body",
            "dateline",
            "agency",
            "kind",
            "language",
            "slug",
            "lead_event",
            "further_events",
            "tags",
            "lead_image",
            "notes",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "standfirst": ShortText(attrs={"rows": 3, "class": "vLargeTextField"}),
            "notes": ShortText(attrs={"rows": 4, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lock_version"].initial = self.instance.lock_version
        for name in ALWAYS_CHOSEN & self.fields.keys():
            self.fields[name].required = False

    def clean_title(self) -> str:
        return self.cleaned_data["title"].strip() or DRAFT_TITLE

    def clean_body(self) -> str:
        return sanitise(self.cleaned_data["body"])

    def clean_slug(self) -> str:
        """An address once given stays unless another one is typed; no address of the site or of another story."""
        slug = self.cleaned_data["slug"] or self.instance.slug
        if slug and not is_slug(slug):
            raise ValidationError(_("Small letters, digits and single hyphens only, such as: sieg-in-bahrain"))
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("The address “%(slug)s” belongs to the site itself."), params={"slug": slug})
        if slug and Address.objects.filter(slug=slug).exclude(article=self.instance.pk).exists():
            raise ValidationError(_("The address “%(slug)s” belongs to another article."), params={"slug": slug})
        return slug

    def clean(self) -> dict[str, Any] | None:
        if self.unsaved_because:
            raise ValidationError(self.unsaved_because, code="unsaved")
        for name in ALWAYS_CHOSEN & self.cleaned_data.keys():
            self.cleaned_data[name] = self.cleaned_data[name] or getattr(self.instance, name)
        return super().clean()


class OrderedForm(forms.ModelForm[Any]):
    """A row with a place in an order; one without a number goes last."""

    position = forms.IntegerField(label=_("No."), required=False, min_value=0, max_value=LAST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].widget.attrs["class"] = "vPositionField"
        for field in self.fields.values():
            # A table of rows has no label beside each field. The admin wraps the widgets of relations.
            widget: Any = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = field.label
        if not self.instance.pk:
            self.initial["position"] = None

    def has_changed(self) -> bool:
        """A new row that holds nothing but a place in the order is no row."""
        return super().has_changed() and (bool(self.instance.pk) or self.changed_data != ["position"])

    def clean_position(self) -> int:
        position: int | None = self.cleaned_data["position"]
        return LAST if position is None else position


class OrderedFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """Rows with an order; the box that deletes a row says so by itself."""

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = form.fields["DELETE"].label


class BylineForm(OrderedForm):
    class Meta:
        model = Byline
        fields: ClassVar[list[str]] = ["position", "author"]

    def validate_constraints(self) -> None:
        """An author named twice is no reason to refuse a draft, see `BylineFormSet`."""


class BylineFormSet(OrderedFormSet):
    """Authors in order, each once: whoever is named again below is left out."""

    def clean(self) -> None:
        named = set()
        for row in self.forms:
            author = getattr(row, "cleaned_data", {}).get("author")
            if author is None or row.cleaned_data.get("DELETE"):
                continue
            if author in named:
                row.cleaned_data["DELETE"] = True
            named.add(author)
        super().clean()


class SidebarItemForm(OrderedForm):
    class Meta:
        model = SidebarItem
        fields: ClassVar[list[str]] = [
            "position",
            "kind",
            "heading",
            "session",
            "event",
            "series",
            "season",
            "table",
            "competitor",
            "told",
            "checkpoint",
            "class_name",
            "cars",
            "limit",
            "text",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {"text": ShortText(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "limit"):
            self.fields[name].required = False
        self.fields["told"].choices = SidebarItem.Told.choices  # type: ignore[attr-defined]

    def clean_kind(self) -> str:
        """What somebody began to fill in without saying what it is may become a box of text."""
        return self.cleaned_data["kind"] or SidebarItem.Kind.FREE

    def clean_limit(self) -> int:
        limit: int | None = self.cleaned_data["limit"]
        return SidebarItem._meta.get_field("limit").default if limit is None else limit
