"""The versions of a result where readers see them."""

import pytest

from tests.factories import DecisionFactory
from tests.results.chains import Field
from tests.results.pages import words

pytestmark = pytest.mark.django_db


def test_x(client):
    field = Field()
    d = DecisionFactory(session=field.session, session_entry=field.car("7", "Conway"), number="27")
    field.version(1, field.order("7", "8", "9"), "2026-06-12T15:00", "2026-06-12T15:42", state="provisional", reason="")
    field.version(
        2,
        field.order("8", "9", "7", _7={"penalty_ms": 5000}),
        "2026-06-12T15:42",
        "2026-09-04T10:00",
        state="revised",
        decisions=[d],
        effects=[(d, "7", ["position"]), (d, "8", ["position"])],
    )
    field.version(
        3, field.order("8", "9", "7", _7={"penalty_ms": 5000}), "2026-09-04T10:00", state="final", decisions=[d]
    )
    base = field.session.get_absolute_url()
    for q in (
        "",
        "?version=1",
        "?version=2",
        "?stand=2026-06-12T17:41",
        "?stand=2026-06-12T17:42",
        "verlauf/",
        "verlauf/?von=1&bis=3",
        "verlauf.json?von=1&bis=3",
        "verlauf.csv?von=1&bis=3",
        "verlauf.csv",
        "ergebnis.csv?version=2",
        "ergebnis.json?version=2",
    ):
        r = client.get(base + q)
        print(q, r.status_code, words(r)[-1500:] if "<main" in r.content.decode() else r.content.decode()[:2500])
    assert 0
