"""What every address answers to whom, asked once for all tables that look at the answers."""

import functools
from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import HttpResponse

from tests import factories
from tests.site.addresses import Address, walk
from tests.site.test_permissions import Visitor, asked, make_things, path_of


@pytest.fixture(scope="session")
def everywhere() -> Callable[[str | None, str], dict[Address, HttpResponse]]:
    """`everywhere("administrator", "GET")`: what every address answers that person; nothing of it stays."""

    @functools.cache
    def ask(role: str | None, method: str) -> dict[Address, HttpResponse]:
        answers = {}
        with transaction.atomic():
            things = make_things()
            visitor = Visitor(factories.UserFactory(role=role) if role else None)
            for address in sorted(walk()):
                answer = answers[address] = asked(visitor, method, path_of(address, things))
                answer.context = answer.templates = None  # large, and nobody asks for them here
            transaction.set_rollback(True)
        return answers

    return ask
