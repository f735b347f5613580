"""The archive's own keys of cars, chassis and engine together: by them its constructors are known."""

from __future__ import annotations

from collections.abc import Iterable

from results.importers.f1db import KEY_SOURCE
from results.importers.loading.bench import Bench
from results.importers.records import RowRecord
from results.models import CarKey, CarModel
from results.names import fold


class CarKeys:
    """Which keys of a season's cars are not stored yet; those of cars that nobody has stored wait."""

    def __init__(self, bench: Bench, rows: Iterable[RowRecord]) -> None:
        named = {row.car_key: fold(row.car) for row in rows if row.car_key and row.car}
        stored = set(CarKey.objects.filter(source=KEY_SOURCE, key__in=named).values_list("key", flat=True))
        names = set(named.values())
        cars = set(CarModel.objects.filter(folded__in=names).values_list("folded", flat=True))
        cars |= {car.folded for car in bench.new[CarModel] if isinstance(car, CarModel)}
        self.missing = {key: name for key, name in named.items() if key not in stored and name in cars}

    def write(self) -> None:
        """Behind the workbench, which has written the cars."""
        cars = {car.folded: car for car in CarModel.objects.filter(folded__in=set(self.missing.values()))}
        CarKey.objects.bulk_create(
            CarKey(car_model=cars[name], source=KEY_SOURCE, key=key) for key, name in self.missing.items()
        )
