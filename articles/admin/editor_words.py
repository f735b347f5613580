"""The toolbar of the body editor in the newsroom's language: its own catalogue translates its dialogs only."""

from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

# What the editor calls its buttons, in small letters -> what the desk reads.
EDITOR_WORDS: dict[str, StrOrPromise] = {
    "paragraph": pgettext_lazy("editor", "Paragraph"),
    "heading 2": pgettext_lazy("editor", "Subhead"),
    "heading 3": pgettext_lazy("editor", "Small subhead"),
    "unordered list": pgettext_lazy("editor", "List"),
    "ordered list": pgettext_lazy("editor", "Numbered list"),
    "blockquote": pgettext_lazy("editor", "Quotation"),
    "bold": pgettext_lazy("editor", "Bold"),
    "italic": pgettext_lazy("editor", "Italic"),
    "insert link": pgettext_lazy("editor", "Insert a link"),
    "remove link": pgettext_lazy("editor", "Remove the link"),
    "undo": pgettext_lazy("editor", "Undo"),
    "redo": pgettext_lazy("editor", "Redo"),
}
