"""Authors and topics, found by name from the article form."""

from django.contrib import admin

from articles.models import Author, Tag


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    list_display = ("name", "short_name", "user")
    list_select_related = ("user",)
    search_fields = ("name", "short_name")
    autocomplete_fields = ("user",)
    fields = ("name", "short_name", "slug", "user")


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    list_display = ("name", "slug")
    search_fields = ("name",)
    fields = ("name", "slug")
