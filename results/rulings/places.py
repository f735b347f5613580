"""Which places the cars have after some moved: counted from the printed ones, so that holes and shared places stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence


def renumbered(
    printed: Mapping[int, int], order: Sequence[int], moved: Collection[int], ties: Mapping[int, int]
) -> dict[int, int]:
    """The places of the cars in `order`. `printed` are those before; of an excerpt they may have holes.

    A car that did not move gains a place for each mover that was ahead of it and is not any more, and loses one for
    each that came past. A mover stands one place behind the car before it. `moved` may name cars that are gone.
    `ties` maps cars that share a place to the first of them.
    """
    at = {car: index for index, car in enumerate(order)}
    places: dict[int, int] = {}
    for car in order:
        if car in moved:
            continue
        place = printed[car]
        for mover in moved:
            was = printed.get(mover)
            shared = car in ties and ties[car] == ties.get(mover)
            is_ahead = mover in at and at[mover] < at[car] and not shared
            was_ahead = was is not None and was < printed[car]
            place += int(is_ahead) - int(was_ahead)
        places[car] = place
    _place_movers(places, order, printed, ties)
    return places


def _place_movers(
    places: dict[int, int], order: Sequence[int], printed: Mapping[int, int], ties: Mapping[int, int]
) -> None:
    for index, car in enumerate(order):
        if car in places:
            continue
        partner = next((one for one in order if one in places and car in ties and ties.get(one) == ties[car]), None)
        if partner is not None:
            places[car] = places[partner]
        elif index:
            ahead = places[order[index - 1]]
            # Behind a shared place comes the one after all who share it.
            places[car] = ahead + sum(places.get(other) == ahead for other in order[:index])
        else:
            places[car] = _first(order, places, printed)


def _first(order: Sequence[int], places: Mapping[int, int], printed: Mapping[int, int]) -> int:
    """The place of a mover whom nobody stands before: right before the next car that did not move."""
    for index, car in enumerate(order):
        if car in places:
            return max(1, places[car] - index)
    return min(printed.values(), default=1)
