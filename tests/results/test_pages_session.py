"""The page of a session: its classification, filtered and sorted by address, and nothing that is not released."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories import (
    CarModelFactory,
    ClassificationFactory,
    DriverFactory,
    EventFactory,
    RacingClassFactory,
    SeriesFactory,
    SessionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def test_session_detail_smoke(client):
    session = SessionFactory()
    ClassificationFactory(session=session, rows=[{"position": 1, "entry__number": "7", "total_ms": 21_600_000, "best_lap_ms": 106_250}, {"position": 2, "gap_ms": 290}])
    response = client.get(session.get_absolute_url())
    assert response.status_code == 200
    print(response.content.decode())
