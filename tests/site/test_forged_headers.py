"""X3: a header that a stranger sends changes no page and stands in no answer, whatever it claims to be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings

from tests.site.addresses import public_addresses
from tests.site.test_attacks import CANARY, DOORS, told
from tests.site.test_permissions import Visitor, make_things, path_of

pytestmark = pytest.mark.django_db

# What differs from one look to the next all the same: tokens of forms, numbers of versions.
FLEETING = re.compile(r'value="[^"]{64}"|[?&]\w+=\d+')


@dataclass
class Site:
    """The pages of a site that stands still, and what an honest reader is told there."""

    paths: list[str]
    honest: dict[str, tuple[int, str]] = field(default_factory=dict)

    def changes(self, path: str, forged: tuple[int, str], headers: dict[str, str]) -> bool:
        if path not in self.honest:
            self.honest[path] = seen(Visitor().get(path))
        if forged == self.honest[path]:
            return False
        # A clock may have gone on since: both are asked once more, one straight after the other.
        self.honest[path] = seen(Visitor().get(path))
        return seen(Visitor().get(path, headers=headers)) != self.honest[path]


def seen(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, FLEETING.sub("", answer.getvalue().decode("utf-8", "replace"))


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    """Built once for all headers: reading changes nothing, so the honest pages need to be looked at only once."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("site"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        things = make_things()
        yield Site([*(path_of(address, things) for address in public_addresses()), *DOORS])
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": CANARY},
        {"forwarded": f"host={CANARY}"},
        {"x-host": CANARY},
        {"x-forwarded-server": CANARY},
        {"x-forwarded-prefix": f"/{CANARY}"},
        {"x-original-url": f"/{CANARY}"},
        {"x-rewrite-url": f"/{CANARY}"},
        {"x-forwarded-for": CANARY},
        {"x-forwarded-proto": "https", "x-forwarded-scheme": CANARY},
        {"referer": f"http://{CANARY}/"},
        {"origin": f"http://{CANARY}"},
        {"user-agent": CANARY},
        {"accept-language": f"en, {CANARY}"},
        {"accept": f"application/{CANARY}"},
        {"accept-encoding": CANARY},
        {"x-http-method-override": "DELETE", "x-method-override": CANARY},
        {"cookie": f"django_language={CANARY}; messages={CANARY}"},
        {"if-none-match": f'"{CANARY}"'},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_header_of_a_stranger_changes_no_page(site, headers):
    forger = Visitor()
    changed = []
    for path in site.paths:
        answer = forger.get(path, headers=headers)
        if CANARY in told(answer) or site.changes(path, seen(answer), headers):
            changed.append(path)
    assert changed == []
