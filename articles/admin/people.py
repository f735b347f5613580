"""Authors and topics, found by name from the article form."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.models import Author, Tag
from articles.usage import stories_on


class KeptWhileUsed:
    """No author and no topic is deleted under a story; the page names the stories. Mixed into a ModelAdmin."""

    model: Any

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        return listed, counts, lacking, [*protected, *stories_on(objs, self.model)]


@admin.register(Author)
class AuthorAdmin(KeptWhileUsed, admin.ModelAdmin[Author]):
    list_display = ("name", "short_name", "user")
    list_select_related = ("user",)
    search_fields = ("name", "short_name")
    autocomplete_fields = ("user",)
    fields = ("name", "short_name", "slug", "user")


@admin.register(Tag)
class TagAdmin(KeptWhileUsed, admin.ModelAdmin[Tag]):
    list_display = ("name", "slug")
    search_fields = ("name",)
    fields = ("name", "slug")
