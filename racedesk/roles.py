"""Who may do what: the six roles of a newsroom as groups with their permissions, kept in step with every migration.

A group's permissions are set anew each time, so what is written here is what holds. Extra rights belong to a group of
one's own making or to the person.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

# Who reads facts to write about them, finds them in the form's search boxes.
READ_FACTS = frozenset(
    f"results.view_{name}"
    for name in (
        "series",
        "season",
        "circuit",
        "layout",
        "event",
        "session",
        "broadcast",
        "driver",
        "team",
        "manufacturer",
        "carmodel",
        "racingclass",
        "cup",
        "entry",
        "crewmember",
        "sessionentry",
        "classification",
        "classificationrow",
        "lapset",
        "decision",
        "lapdeletion",
        "racecontrolmessage",
        "weatherreading",
        "printedstanding",
        "printedstandingrow",
        "sourcedocument",
        "importrun",
    )
)
READ_STORIES = frozenset(
    f"articles.view_{name}"
    for name in (
        "article",
        "author",
        "byline",
        "frontpin",
        "image",
        "page",
        "publication",
        "rendition",
        "revision",
        "sidebaritem",
        "tag",
        "withdrawal",
    )
)


def _all(app: str, model: str) -> frozenset[str]:
    return frozenset(f"{app}.{act}_{model}" for act in ("add", "change", "delete", "view"))


WRITE_STORIES = (
    READ_FACTS
    | READ_STORIES
    | {"articles.add_article", "articles.change_article", "articles.add_image", "articles.add_tag"}
    | _all("articles", "byline")
    | _all("articles", "sidebaritem")
)
EDIT_STORIES = (
    WRITE_STORIES
    | {"articles.publish_article", "articles.delete_article", "articles.change_image", "articles.change_tag"}
    | {"articles.add_author", "articles.change_author"}
    # An imported text announces events; who edits it may take them into the calendar.
    | {"results.add_event", "results.add_session"}
)
KEEP_PICTURES = _all("articles", "image") | {"articles.block_image"}
# What is frozen once written has no other right than to look at it.
FROZEN = frozenset({"publication", "revision", "withdrawal", "address", "pageversion"})


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the desk. `group` is the group's name, in the language of the newsroom; None means every permission."""

    key: str
    group: str
    permissions: frozenset[str] | None


ROLES = {
    role.key: role
    for role in (
        Role("reporter", "Reporter", WRITE_STORIES),
        Role("editor", "Redaktion", EDIT_STORIES),
        Role(
            "chief",
            "Chefredaktion",
            EDIT_STORIES
            | {"articles.withdraw_article", "articles.change_page"}
            | {"articles.add_frontpin", "articles.delete_frontpin"}
            | _all("articles", "author")
            | _all("articles", "tag")
            | KEEP_PICTURES,
        ),
        Role("results", "Ergebnisdienst", READ_STORIES | READ_FACTS),
        Role("pictures", "Bildredaktion", READ_STORIES | READ_FACTS | KEEP_PICTURES),
        Role("administrator", "Administration", None),
    )
}


def group_of(key: str) -> Group:
    """The group of a role: reporter, editor, chief, results, pictures or administrator."""
    return Group.objects.get(name=ROLES[key].group)


def sync_roles(**_signal: Any) -> None:
    """Write the groups and their permissions into the database, as a receiver of `post_migrate` or by hand."""
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type").exclude(_forbidden())
    }
    for role in ROLES.values():
        group, _created = Group.objects.get_or_create(name=role.group)
        group.permissions.set([permission for name, permission in permissions.items() if _holds(role, name)])


def _forbidden() -> Q:
    """Rights that nobody gets: to change or delete what is frozen."""
    frozen = Q(content_type__app_label="articles", content_type__model__in=FROZEN)
    return frozen & ~Q(codename__startswith="view_")


def _holds(role: Role, permission: str) -> bool:
    if role.permissions is None:
        return True
    # The results desk keeps every fact the results app has, also those added later.
    return permission in role.permissions or (role.key == "results" and permission.startswith("results."))
