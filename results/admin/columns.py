"""The columns of a plain table at the desk: what each means, as proposed or remembered, for a person to correct."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from results.importers import mapping, remembered, sniff, spreadsheet
from results.importers.mapping import Mapping
from results.importers.records import ParsedFile
from results.models import ImportItem

SAMPLES = 3


class ColumnsForm(forms.Form):
    """One select a column, named `column-0` and on; `mapping` is what the person says once the form is valid."""

    kind = forms.ChoiceField(label=_("Kind of table"), choices=mapping.kinds)
    part = forms.ChoiceField(label=_("Part"), required=False)
    source = forms.CharField(
        label=_("Source"), required=False, max_length=120,
        help_text=_("Such as the name of the timing service: its next table is read the same way."),
    )  # fmt: skip

    mapping: Mapping

    def __init__(self, table: spreadsheet.Table, known: Mapping, parts: list[str], data: Any, initial: Any) -> None:
        super().__init__(data, initial={"kind": known.kind, **initial})
        self.table = table
        self.fields["part"].choices = [("", _("not chosen")), *((part, part) for part in parts)]  # type: ignore[attr-defined]
        if not parts:
            del self.fields["part"]
        choices = mapping.fields()
        for place, (header, field) in enumerate(zip(table.header, known.fields, strict=True)):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=header or str(place + 1), choices=choices, initial=field, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        chosen = tuple(cleaned[f"column-{place}"] for place in range(len(self.table.header)))
        self.mapping = Mapping(cleaned["kind"], self.table.header, chosen, certain=True)
        for fault in self.mapping.faults():
            self.add_error(None, fault)
        return cleaned

    def heads(self) -> Iterator[BoundField]:
        """The fields that concern the table as a whole."""
        return (field for field in self if not field.name.startswith("column-"))

    def columns(self) -> Iterator[tuple[str, tuple[str, ...], BoundField]]:
        """Header, sample values and select of each column."""
        for place, header in enumerate(self.table.header):
            yield header, self.table.sample(place, SAMPLES), self[f"column-{place}"]


def columns_form(item: ImportItem, parsed: ParsedFile, content: bytes, sent: Any) -> ColumnsForm | None:
    """The form of a table, None for every other format; bound if it was sent."""
    format_ = sniff.format_of(parsed.format)
    if not isinstance(format_, sniff.TableFormat):
        return None
    table = format_.table_of(content)
    row = remembered.mapping_for(table)
    if "mapping" in item.target:
        known = Mapping.from_json(item.target["mapping"])
    else:
        known = remembered.as_mapping(row, table) if row else mapping.propose(table)
    parts = [part for part in parsed.extra.get("parts", "").split("|") if part]
    initial = {"part": item.target.get("part", ""), "source": item.target.get("source") or (row.source if row else "")}
    return ColumnsForm(table, known, parts, sent if sent is not None and "columns" in sent else None, initial)
