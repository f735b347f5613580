"""Two people with one form open: the second save shows what is stored by now instead of overwriting it unseen.

Mixed by the desk into every ModelAdmin of stories and facts that has no check of its own. The form carries a mark of what
it began with: a digest of the fields and rows it may change, so that jobs which write other columns disturb nobody.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

MARK = "opened_as"
CONFLICT = 409


class TellOvertaken:
    """Mixed in front of a ModelAdmin."""

    opts: Any
    form: Any
    get_object: Any
    get_fieldsets: Any
    get_readonly_fields: Any
    get_formset_kwargs: Any
    get_inline_instances: Any
    has_change_permission: Any

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        admin: Any = super()
        if request.method != "POST" or object_id is None or MARK not in request.POST:
            answer: HttpResponse = admin.changeform_view(request, object_id, form_url, extra_context)
            return answer
        with transaction.atomic():
            _lock(self.opts.model, self.get_object(request, unquote(object_id)))
            stored = self.get_object(request, unquote(object_id))
            if stored is not None and self.has_change_permission(request, stored):
                request.mark = self._mark(request, stored)  # type: ignore[attr-defined]
            answer = admin.changeform_view(request, object_id, form_url, extra_context)
        if _is_overtaken(request) and answer.status_code == 200:  # noqa: PLR2004 - the form again
            answer.status_code = CONFLICT
        return answer

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        form: Any = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        if not _is_overtaken(request):
            return form
        return type(form.__name__, (Refused, form), {"has_rows": bool(self.get_inline_instances(request, obj))})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        original = context.get("original")
        if original is not None and self.has_change_permission(request, original):
            sent = "" if _is_overtaken(request) else request.POST.get(MARK, "")
            context["opened_as"] = sent or getattr(request, "mark", "") or self._mark(request, original)
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return answer

    def _mark(self, request: HttpRequest, thing: models.Model) -> str:
        """A digest of what the form of this person may change, as it is stored."""
        shown = set(flatten_fieldsets(self.get_fieldsets(request, thing)))
        fields = sorted(shown - set(self.get_readonly_fields(request, thing)))
        said = self._said_beside(request, thing, fields)
        held = [model_to_dict(thing, fields=fields), *([said] if said else []), *self._rows(request, thing)]
        return hashlib.sha256(json.dumps(held, default=_key, sort_keys=True).encode()).hexdigest()

    def _said_beside(self, request: HttpRequest, thing: models.Model, fields: list[str]) -> dict[str, Any]:
        """What fields of the form's own, which no column stands behind, begin with: a car by its number, laps in words."""
        own = set(self.form.declared_fields) & set(fields) - {field.name for field in self.opts.get_fields()}
        if not own:
            return {}
        begun = super().get_form(request, thing, change=True)(instance=thing).initial  # type: ignore[misc]
        return {name: begun[name] for name in sorted(own & begun.keys())}

    def _rows(self, request: HttpRequest, thing: models.Model) -> Iterator[list[Any]]:
        for inline in self.get_inline_instances(request, thing):
            formset = inline.get_formset(request, thing)
            columns = [field.attname for field in inline.model._meta.concrete_fields if field.editable]
            rows = inline.get_queryset(request).filter(**{formset.fk.name: thing}).order_by("pk")
            yield list(rows.values_list("pk", *columns))


class Refused:
    """A form that is shown again and never saved, with what is stored of the fields that differ."""

    fields: Any
    instance: Any
    initial: Any
    changed_data: Any
    has_rows = False

    def clean(self) -> Any:
        stored = dict(self._stored())  # first, for a form may write into its instance while it looks at it
        cleaned = super().clean()  # type: ignore[misc]
        if not self.changed_data and not self.has_rows:
            return cleaned  # the second click of a save: what was sent is stored
        lines = [_("Nothing was saved: somebody else has changed this meanwhile. Look at it, and save again.")]
        lines += [
            _("%(field)s, stored now: %(stored)s") % {"field": self.fields[name].label, "stored": stored[name]}
            for name in self.changed_data
            if name in stored
        ]
        self.add_error(None, ValidationError(lines))  # type: ignore[attr-defined]
        return cleaned

    def _stored(self) -> Iterator[tuple[str, str]]:
        columns = {field.name for field in self.instance._meta.get_fields()}
        for name in self.changed_data:
            if name in columns:
                yield name, _words(self.instance, name)
            elif name in self.initial:
                yield name, str(self.initial[name] or "–")


def _is_overtaken(request: HttpRequest) -> bool:
    mark = getattr(request, "mark", "")
    return bool(mark) and request.method == "POST" and request.POST.get(MARK) != mark


def _lock(model: type[models.Model], thing: models.Model | None) -> None:
    if thing is not None:
        model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=thing.pk).first()  # noqa: SLF001 - Django documents it


def _key(value: Any) -> str:
    return str(value.pk if isinstance(value, models.Model) else value)


def _words(thing: Any, name: str) -> str:
    """A stored value for reading; a dash where there is none."""
    shown = getattr(thing, f"get_{name}_display", None)
    value = shown() if shown else getattr(thing, name)
    if isinstance(value, models.Manager):
        value = ", ".join(map(str, value.all()))
    return str(value) if value not in {None, ""} else "–"
