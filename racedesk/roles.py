"""Who may do what: the six roles of a newsroom as groups with their permissions, kept in step with every migration.

What a release adds to a role or takes from it reaches the group once. `GivenRight` remembers what each group was given,
so a right that a newsroom took away or added by itself stays as it left it.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from racedesk.models import GivenRight

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
        "championship",
        "scoringevent",
        "championshipdecision",
        "championshipchange",
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
    | {"articles.submit_article"}
    | _all("articles", "byline")
    | _all("articles", "sidebaritem")
)
EDIT_STORIES = (
    WRITE_STORIES
    | {"articles.publish_article", "articles.delete_article", "articles.change_image", "articles.change_tag"}
    | {"articles.review_article", "articles.correct_article", "articles.embargo_article"}
    | {"articles.add_author", "articles.change_author"}
    # An imported text announces events; who edits it may take them into the calendar.
    | {"results.add_event", "results.add_session"}
)
KEEP_PICTURES = _all("articles", "image") | {"articles.block_image"}
# What is frozen once written has no other right than to look at it.
FROZEN = frozenset(
    {"publication", "revision", "withdrawal", "address", "pageversion", "act", "takedown", "factcheck", "waiver"}
)
# What takes a story from readers, or lets one go out that nobody else has looked at.
ANSWER_FOR_STORIES = frozenset(
    f"articles.{verb}_article"
    for verb in ("withdraw", "takedown", "liftembargo", "publishalone", "publishquietly", "liftfacts")
) | {"articles.view_act"}


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
            | ANSWER_FOR_STORIES
            | {"articles.change_page", "articles.add_frontpin", "articles.delete_frontpin"}
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
    """Bring the groups in step, as a receiver of `post_migrate` or by hand: only what is new or gone since last time."""
    known = Permission.objects.select_related("content_type")
    permissions = {_name(permission): permission for permission in known}
    forbidden = {_name(permission) for permission in known.filter(_forbidden())}
    for role in ROLES.values():
        group, created = Group.objects.get_or_create(name=role.group)
        given = set() if created else set(GivenRight.objects.filter(role=role.key).values_list("permission", flat=True))
        wanted = {name for name in permissions if name not in forbidden and _holds(role, name)}
        group.permissions.add(*(permissions[name] for name in wanted - given))
        gone = (given - wanted) & permissions.keys()
        group.permissions.remove(*(permissions[name] for name in gone | forbidden))
        _remember(role, wanted)


def _name(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def _remember(role: Role, wanted: set[str]) -> None:
    kept = GivenRight.objects.filter(role=role.key)
    kept.exclude(permission__in=wanted).delete()
    there = set(kept.values_list("permission", flat=True))
    GivenRight.objects.bulk_create(GivenRight(role=role.key, permission=name) for name in sorted(wanted - there))


def _forbidden() -> Q:
    """Rights that nobody gets: to change or delete what is frozen."""
    frozen = Q(content_type__app_label="articles", content_type__model__in=FROZEN)
    return frozen & ~Q(codename__startswith="view_")


def _holds(role: Role, permission: str) -> bool:
    if role.permissions is None:
        return True
    # The results desk keeps every fact the results app has, also those added later.
    return permission in role.permissions or (role.key == "results" and permission.startswith("results."))
