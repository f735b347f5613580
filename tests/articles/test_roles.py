"""The groups of the desk hold exactly what their people need."""

import pytest
from django.contrib.auth.models import Group, Permission

from racedesk.models import GivenRight
from racedesk.roles import ROLES, sync_roles
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

VERBS = ["articles.change_article", "articles.publish_article", "articles.withdraw_article", "articles.delete_article"]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (None, [False, False, False, False]),
        ("reporter", [True, False, False, False]),
        ("editor", [True, True, False, True]),
        ("chief", [True, True, True, True]),
        ("results", [False, False, False, False]),
        ("pictures", [False, False, False, False]),
        ("administrator", [True, True, True, True]),
    ],
)
def test_a_role_may_do_with_a_story_what_its_name_says(role, allowed):
    person = UserFactory(role=role)

    assert [person.has_perm(verb) for verb in VERBS] == allowed


def test_only_the_results_desk_and_the_administrator_change_facts():
    may = {role: UserFactory(role=role).has_perm("results.change_session") for role in ROLES}

    assert {role for role, allowed in may.items() if allowed} == {"results", "administrator"}


def test_only_the_administrator_manages_accounts():
    may = {role: UserFactory(role=role).has_perm("auth.change_user") for role in ROLES}

    assert {role for role, allowed in may.items() if allowed} == {"administrator"}


@pytest.mark.parametrize("model", ["publication", "revision", "withdrawal", "address", "act", "takedown"])
def test_nobody_may_change_or_delete_what_is_frozen(model):
    person = UserFactory(role="administrator")

    assert not [act for act in ("add", "change", "delete") if person.has_perm(f"articles.{act}_{model}")]


def test_a_migration_keeps_what_the_newsroom_changed_and_leaves_other_groups_alone():
    reporters = Group.objects.get(name="Reporter")
    submit = Permission.objects.get(codename="submit_article")
    publish = Permission.objects.get(codename="publish_article")
    reporters.permissions.remove(submit)
    reporters.permissions.add(publish)
    Group.objects.create(name="Praktikum")

    sync_roles()

    assert {submit, publish} & set(reporters.permissions.all()) == {publish}
    assert Group.objects.filter(name="Praktikum").exists()


def test_a_release_gives_a_role_what_is_new_and_takes_what_is_gone():
    reporters = Group.objects.get(name="Reporter")
    submit = Permission.objects.get(codename="submit_article")
    publish = Permission.objects.get(codename="publish_article")
    reporters.permissions.remove(submit)
    reporters.permissions.add(publish)
    # As if the release before had not known the one and had given the other.
    GivenRight.objects.filter(role="reporter", permission="articles.submit_article").delete()
    GivenRight.objects.create(role="reporter", permission="articles.publish_article")

    sync_roles()

    assert {submit, publish} & set(reporters.permissions.all()) == {submit}


def test_a_group_that_was_deleted_comes_back_whole():
    before = set(Group.objects.get(name="Reporter").permissions.values_list("codename", flat=True))
    Group.objects.get(name="Reporter").delete()

    sync_roles()

    assert set(Group.objects.get(name="Reporter").permissions.values_list("codename", flat=True)) == before
