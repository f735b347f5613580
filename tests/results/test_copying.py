"""Rows written by COPY are those that bulk_create would have written."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from results.importers.loading.copying import copy_in
from results.models import ClassificationRow, PrintedStanding, PrintedStandingRow
from tests.factories import ClassificationRowFactory, SeasonFactory

pytestmark = pytest.mark.django_db


def test_rows_find_the_key_that_what_they_refer_to_got_in_the_meantime():
    standing = PrintedStanding(season=SeasonFactory(), name="Fahrer")
    row = PrintedStandingRow(
        standing=standing,
        display_order=1,
        position=None,
        entrant="Ada\tEins\\N",
        folded="ada eins",
        points=Decimal("0.5"),
    )
    standing.save()

    copy_in(PrintedStandingRow, [row])

    (stored,) = PrintedStandingRow.objects.values()
    assert stored.pop("id") > 0
    assert stored == {
        "standing_id": standing.pk, "display_order": 1, "position": None, "entrant": "Ada\tEins\\N",
        "folded": "ada eins", "points": Decimal("0.500"),
    }  # fmt: skip


def test_a_column_left_to_the_database_gets_its_default():
    copy_in(PrintedStanding, [PrintedStanding(season=SeasonFactory(), name="Fahrer")])

    assert PrintedStanding.objects.public().count() == 1


def test_arrays_come_back_as_they_were():
    first = ClassificationRowFactory(line=1, display_order=1)
    row = ClassificationRow(
        classification=first.classification, session_entry=first.session_entry, line=2, display_order=2, status="nc",
        part_times_ms=[94_742, None, 93_660],
    )  # fmt: skip

    copy_in(ClassificationRow, [row])

    assert ClassificationRow.objects.get(line=2).part_times_ms == [94_742, None, 93_660]


def test_the_constraints_of_the_table_hold():
    standing = PrintedStanding.objects.create(season=SeasonFactory(), name="Fahrer")

    with pytest.raises(IntegrityError, match="printedrow_has_an_entrant"):
        copy_in(PrintedStandingRow, [PrintedStandingRow(standing=standing, display_order=1, entrant="", points=1)])


def test_nothing_is_no_work(django_assert_num_queries):
    with django_assert_num_queries(0):
        copy_in(PrintedStanding, [])
