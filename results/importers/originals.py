"""Originals: every imported file is kept, once, by the SHA-256 of its bytes."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from results.importers import remembered
from results.importers.mapping import Mapping
from results.importers.plan import Upload
from results.importers.records import ParsedFile
from results.models import ImportBatch, ImportItem, ImportRun, SourceDocument

LONGEST_NAME = 200
PREVIEW_LIFETIME = dt.timedelta(days=7)


def keep_document(upload: Upload, *, by: User | None, format_: str = "") -> SourceDocument:
    """The original, kept once however often and under whatever name it comes."""
    sha256 = hashlib.sha256(upload.content).hexdigest()
    document, _created = SourceDocument.objects.without_content().get_or_create(
        sha256=sha256,
        defaults={
            "name": upload.name[-LONGEST_NAME:],
            "size": len(upload.content),
            "content": upload.content,
            "format": format_,
            "received_by": by,
        },
    )
    return document


def forget_previews() -> int:
    """Drops originals that were looked at and never imported, a week after that; says how many."""
    stale = Now() - PREVIEW_LIFETIME
    states = ImportItem.State
    looked_at = ImportItem.objects.filter(
        changed_at__lt=stale,
        run__isnull=True,
        state__in=[states.READY, states.REFUSED, states.DROPPED, states.UNCHANGED],
    )
    looked_at.delete()
    ImportBatch.objects.filter(~Exists(ImportItem.objects.filter(batch=OuterRef("pk"))), started_at__lt=stale).delete()
    unused = SourceDocument.objects.filter(received_at__lt=stale)
    for relation in SourceDocument._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            users = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
            unused = unused.filter(~Exists(users))
    return unused.delete()[0]


def read_again(run: ImportRun) -> ParsedFile:
    """The records of an imported original, read as they were then; FileRefused where nobody can any more."""
    document = SourceDocument.objects.get(pk=run.document_id)
    item = ImportItem.objects.filter(run=run).first()
    said = item.target if item is not None else {}
    mapping = Mapping.from_json(said["mapping"]) if said.get("mapping") else None
    return remembered.parse(bytes(document.content), name=document.name, mapping=mapping, part=said.get("part", ""))
