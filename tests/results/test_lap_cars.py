"""Laps and sectors have a car, though no foreign key looks at every single one of them."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from results.models import Lap, LapSectors, SessionEntry
from tests.factories import LapFactory, SessionEntryFactory

NOBODY = 2_000_000_000


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "values"), [(Lap, {"time_ms": 1}), (LapSectors, {"sectors_ms": [1, 2]})])
def test_what_has_no_car_is_refused_with_everything_written_beside_it(model, values):
    car = SessionEntryFactory()
    rows = [model(session_entry_id=key, number=1, **values) for key in (car.pk, NOBODY)]

    with pytest.raises(IntegrityError, match="refers to a car that is not there"), transaction.atomic():
        model.objects.bulk_create(rows)

    assert model.objects.count() == 0


@pytest.mark.django_db
def test_laps_cannot_move_to_a_car_that_is_not_there():
    lap = LapFactory()

    with pytest.raises(IntegrityError, match="results_lap refers to a car"), transaction.atomic():
        Lap.objects.filter(session_entry=lap.session_entry).update(session_entry=NOBODY)


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["DELETE FROM results_sessionentry WHERE id = %s",
                                 "UPDATE results_sessionentry SET id = 2000000000 WHERE id = %s"])  # fmt: skip
@pytest.mark.parametrize("model", [Lap, LapSectors])
def test_a_car_with_laps_or_sectors_stays(model, act):
    car = SessionEntryFactory()
    model.objects.create(session_entry=car, number=1, **({"sectors_ms": [1]} if model is LapSectors else {}))

    with pytest.raises(IntegrityError, match="has laps"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act, [car.pk])

    assert SessionEntry.objects.filter(pk=car.pk).exists()


@pytest.mark.django_db
def test_a_car_without_laps_may_go():
    car = SessionEntryFactory()

    car.delete()

    assert not SessionEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_car_cannot_go_while_its_laps_are_being_written():
    car = SessionEntryFactory()
    refused = []

    def delete():
        try:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM results_sessionentry WHERE id = %s", [car.pk])
        except IntegrityError as error:
            refused.append(str(error))
        finally:
            connection.close()

    other = threading.Thread(target=delete)
    with transaction.atomic():
        Lap.objects.create(session_entry=car, number=1, time_ms=100_000)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(10)

    assert len(refused) == 1
    assert "has laps" in refused[0]
    assert Lap.objects.count() == 1
