"""What was saved, published and withdrawn, for looking at: nobody changes the past."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from articles.admin.audit import from_to
from articles.models import Act, FactCheck, Publication, Revision, Withdrawal
from results.admin.by_name import by_name
from results.admin.frozen import Frozen
from results.venue_time import moment

# Characters of a title and a reason in the audit log's list; the line itself shows all.
SHOWN = 80


class KeptFindings:
    """What the fact desk found of a revision or a version, when, and against which data."""

    @admin.display(description=gettext_lazy("fact check"))
    def kept_findings(self, kept: Revision | Publication) -> str:
        check = kept.fact_checks.first()
        if check is None:
            return "–"
        fields = {field.name: field.verbose_name for field in FactCheck._meta.concrete_fields}
        names = ("contradicted", "waived", "uncheckable", "confirmed", "bound")
        counts = [f"{getattr(check, name)} {fields[name]}" for name in names if getattr(check, name)]
        data = [f"{sheet['name']} ({sheet['fingerprint'][:12]})" for sheet in check.sheets]
        wrong = [f"„{one['words']}“: {one['why']}" for one in check.findings if one["verdict"] == "contradicted"]
        head = " · ".join([moment(check.checked_at), check.get_outcome_display(), *counts, *data])
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in (head, *wrong)))


@admin.register(Publication)
class PublicationAdmin(KeptFindings, Frozen, admin.ModelAdmin[Publication]):
    list_display = ("title", "version", "visible_from", "visible_until", by_name("published_by"), "correction_note")
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
        "kept_findings",
    )
    readonly_fields = ("kept_findings",)


@admin.register(Revision)
class RevisionAdmin(KeptFindings, Frozen, admin.ModelAdmin[Revision]):
    list_display = ("article", "place", "created_at", by_name("created_by"), "comment")
    list_select_related = ("article", "created_by")
    search_fields = ("article__title",)
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    fields = ("article", "place", "created_at", "created_by", "comment", "kept_findings")
    readonly_fields = ("place", "kept_findings")

    @admin.display(description=gettext_lazy("No."), ordering="number")
    def place(self, revision: Revision) -> int:
        return revision.number


@admin.register(Withdrawal)
class WithdrawalAdmin(Frozen, admin.ModelAdmin[Withdrawal]):
    list_display = ("article", "withdrawn_at", by_name("withdrawn_by"), "note")
    list_select_related = ("article", "withdrawn_by")
    search_fields = ("article__title", "note")
    ordering = ("-withdrawn_at",)
    fields = ("article", "note", "withdrawn_at", "withdrawn_by")


class PersonFilter(admin.SimpleListFilter):
    """Everybody with an account at the desk; asking the log itself who is in it would read all of it."""

    title = gettext_lazy("person")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = User.objects.filter(is_staff=True).order_by("last_name", "username")
        return [(str(person.pk), person.get_full_name() or person.get_username()) for person in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Act]) -> QuerySet[Act]:
        chosen = self.value() or ""
        return queryset.filter(by=int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else queryset  # noqa: PLR2004


@admin.register(Act)
class ActAdmin(Frozen, admin.ModelAdmin[Act]):
    list_display = ("when", "by_name", "verb", "story", "change", "outcome", "why")
    list_display_links = ("when",)
    list_select_related = ("article",)
    list_filter = ("outcome", "verb", PersonFilter, "at")
    list_per_page = 100
    search_fields = ("article__title", "by_name", "reason")
    ordering = ("-at", "-pk")
    show_full_result_count = False
    fields = ("when", "verb", "outcome", "article", "by_name", "change", "reason", "hour", "revision", "publication")
    readonly_fields = ("when", "change", "hour")

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, act: Act) -> str:
        return moment(act.at)

    @admin.display(description=gettext_lazy("state"))
    def change(self, act: Act) -> str:
        return from_to(act)

    @admin.display(description=gettext_lazy("article"))
    def story(self, act: Act) -> str:
        return Truncator(act.article.title).chars(SHOWN) if act.article else "–"

    @admin.display(description=gettext_lazy("reason"))
    def why(self, act: Act) -> str:
        return Truncator(act.reason).chars(SHOWN)

    @admin.display(description=gettext_lazy("hour"))
    def hour(self, act: Act) -> str:
        return moment(act.instant) if act.instant else ""
