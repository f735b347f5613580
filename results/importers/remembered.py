"""Confirmed meanings of columns, kept per source and found again by the header of the source's next file."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.importers import sniff
from results.importers.mapping import Mapping, header_key
from results.importers.records import ParsedFile, Problem
from results.importers.spreadsheet import Table
from results.models import ColumnMapping


def remember_mapping(mapping: Mapping, *, source: str, by: User | None) -> ColumnMapping:
    """Keeps what a person said of this header; what the same source said before is replaced.

    Raises ValueError for a mapping with faults and for a source without a name.
    """
    if mapping.faults() or not source.strip():
        raise ValueError("only a usable mapping of a named source is remembered")
    row, _created = ColumnMapping.objects.update_or_create(
        source=source.strip()[:120],
        header=header_key(mapping.header),
        defaults={"columns": mapping.to_json()["columns"], "kind": mapping.kind, "by": by, "confirmed_at": Now()},
    )
    return row


def mapping_for(table: Table, *, source: str = "") -> ColumnMapping | None:
    """The newest confirmed mapping for this header, of that source if one is named."""
    rows = ColumnMapping.objects.filter(header=header_key(table.header))
    if source.strip():
        rows = rows.filter(source=source.strip()[:120])
    return rows.order_by("-confirmed_at", "-pk").first()


def as_mapping(row: ColumnMapping, table: Table) -> Mapping:
    """The stored meaning for a table with the same header, spelled as this table spells it."""
    stored = Mapping.from_json({"kind": row.kind, "columns": row.columns})
    return Mapping(stored.kind, table.header, stored.fields, certain=True)


def parse(
    data: bytes, *, name: str = "", mapping: Mapping | None = None, part: str = "", source: str = ""
) -> ParsedFile:
    """As `sniff.parse`; a table is read with the given or else with the remembered mapping, and says so.

    Raises FileRefused.
    """
    format_ = sniff.sniff(data)
    if not isinstance(format_, sniff.TableFormat):
        return format_.parse(data, name=name)
    if mapping is not None:
        return format_.parse(data, name=name, mapping=mapping, part=part)
    table = format_.table_of(data)
    row = mapping_for(table, source=source)
    if row is None:
        return format_.parse(data, name=name, part=part)
    parsed = format_.parse(data, name=name, mapping=as_mapping(row, table), part=part)
    return _with_doubt(parsed, row)


def _with_doubt(parsed: ParsedFile, row: ColumnMapping) -> ParsedFile:
    reason = _("The columns are read as confirmed for “%(source)s”.") % {"source": row.source}
    return replace(
        parsed, doubts=(Problem(None, None, reason), *parsed.doubts), extra={**parsed.extra, "source": row.source}
    )
