"""What was saved, published and withdrawn, for looking at: nobody changes the past."""

from django.contrib import admin

from articles.models import Publication, Revision, Withdrawal
from results.admin.frozen import Frozen


@admin.register(Publication)
class PublicationAdmin(Frozen, admin.ModelAdmin[Publication]):
    list_display = ("title", "version", "visible_from", "visible_until", "published_by", "correction_note")
    list_select_related = ("published_by",)
    list_filter = ("kind", "visible_from")
    search_fields = ("title", "slug")
    ordering = ("-visible_from",)
    show_full_result_count = False
    fields = (
        ("title", "version"),
        ("visible_from", "visible_until"),
        ("published_at", "published_by"),
        "correction_note",
        "slug",
        "kicker",
        "standfirst",
        "body_text",
        ("kind", "language"),
        ("dateline", "agency"),
        "lead_event",
        "events",
        "series",
        "authors",
        "tags",
        "images",
    )


@admin.register(Revision)
class RevisionAdmin(Frozen, admin.ModelAdmin[Revision]):
    list_display = ("article", "number", "created_at", "created_by", "comment")
    list_select_related = ("article", "created_by")
    search_fields = ("article__title",)
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    fields = ("article", "number", "created_at", "created_by", "comment")


@admin.register(Withdrawal)
class WithdrawalAdmin(Frozen, admin.ModelAdmin[Withdrawal]):
    list_display = ("article", "withdrawn_at", "withdrawn_by", "note")
    list_select_related = ("article", "withdrawn_by")
    search_fields = ("article__title", "note")
    ordering = ("-withdrawn_at",)
    fields = ("article", "note", "withdrawn_at", "withdrawn_by")
