"""Accounts and groups at the desk: rights in German words, role groups that stay, passwords."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from racedesk.roles import ROLES, group_of
from tests.articles.desk_forms import filled, save, text_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    client = Client()
    client.force_login(UserFactory(role="administrator"))
    return client


def group_page(group):
    return f"/admin/auth/group/{group.pk}/change/"


def user_page(user, page="change"):
    return f"/admin/auth/user/{user.pk}/{page}/"


class TestRights:
    @pytest.mark.parametrize("address", [lambda: group_page(group_of("editor")), lambda: user_page(UserFactory())])
    def test_they_are_said_in_german(self, desk, address):
        words = text_of(desk.get(address()))
        assert "Artikel: veröffentlichen" in words
        assert "Bild: löschen" in words
        assert "Can " not in words
        assert "Choose" not in words

    def test_a_group_keeps_its_rights_when_it_is_saved_unchanged(self, desk):
        group = group_of("chief")
        before = set(group.permissions.values_list("codename", flat=True))
        assert save(desk, group_page(group), filled(desk, group_page(group))).status_code == 302
        assert set(group.permissions.values_list("codename", flat=True)) == before

    def test_a_person_gets_a_role_by_a_tick(self, desk):
        user = UserFactory()
        desk_form = filled(desk, user_page(user), groups=[str(group_of("reporter").pk)])
        assert save(desk, user_page(user), desk_form).status_code == 302
        assert User.objects.get(pk=user.pk).has_perm("articles.add_article")


class TestGroups:
    def test_the_group_of_a_role_is_not_deleted(self, desk):
        group = group_of("reporter")
        desk.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}
        desk.post("/admin/auth/group/", chosen)
        assert Group.objects.filter(pk=group.pk).exists()

    def test_another_group_is_deleted_and_the_page_lists_groups_only(self, desk):
        group = Group.objects.create(name="Volontariat")
        group.user_set.add(UserFactory())
        page = f"/admin/auth/group/{group.pk}/delete/"
        assert "Beziehung" not in text_of(desk.get(page))
        desk.post(page, {"post": "yes"})
        assert Group.objects.count() == len(ROLES)


class TestPasswords:
    def test_an_administrator_sets_a_new_one(self, desk):
        user = UserFactory()
        words = "Quitten-Kompott-77"
        page = user_page(user, "password")
        assert "disabled" not in text_of(desk.get(page))
        assert desk.post(page, {"password1": words, "password2": words}).status_code == 302
        assert User.objects.get(pk=user.pk).check_password(words)

    def test_a_new_account_gets_one(self, desk):
        words = "Quitten-Kompott-77"
        desk.post("/admin/auth/user/add/", {"username": "neu", "password1": words, "password2": words})
        assert User.objects.get(username="neu").check_password(words)
