"""A value is found by what the desk calls it."""

import pytest

from articles.facts.search import find_facts
from tests import factories

pytestmark = pytest.mark.django_db


def test_auto_finds_the_car_and_its_number_alone():
    entry = factories.EntryFactory(number="7", car_model__name="Kestrel K12")
    factories.EntryFactory(number="17", event=entry.event, car_model__name="Hakon H3")

    assert [hit.text for hit in find_facts([entry.event], "7 auto")] == ["Kestrel K12"]
    assert [hit.text for hit in find_facts([entry.event], "7 fahrzeug")] == ["Kestrel K12"]
