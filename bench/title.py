"""What the title arithmetic costs: finales of Formula 1 with four and five contenders, and one of a field of 180 drivers.

    python -m bench.title

`finale` is everything that is said of a title before the last race, `step` what a reader's change of the finishing order
asks for: the table with that race and who is champion. `page` is all that the page of a title is made of, `move` one move
of its game once that is known. Milliseconds, the median of several; needs no database.
"""

import statistics
import time
from collections.abc import Callable
from decimal import Decimal

from results.points.combinations import combinations_of
from results.points.decide import earliest_decision, earliest_of, race_of, title_of
from results.points.facts import Line, Scoring
from results.points.game import Game, Imagined
from results.points.packs import packs
from results.points.prospects import Coming
from results.points.rank import table_of
from results.points.rules import Championship, ScoreRule, Selection, Table
from tests.results.points import seasons

TIMES = 15
PACK = next(one for one in packs() if one.series == "formula-1")
GT = Table(tuple(Decimal(one) for one in (25, 20, 16, 13, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)))


def measured(what: Callable[[], object]) -> float:
    times = []
    for _time in range(TIMES):
        began = time.process_time()
        what()
        times.append(time.process_time() - began)
    return 1000 * statistics.median(times)


def field(number: int) -> Scoring:
    """A race of 60 cars with three drivers each; the first five places go round, so that five crews stay close."""
    order = [(place + number) % 5 if place < 5 else place for place in range(60)]
    return Scoring(
        number, number, "race",
        tuple(
            Line(car=car, drivers=tuple((car, seat) for seat in range(3)), position=place, class_position=place)
            for place, car in enumerate(order, start=1)
        ),
    )  # fmt: skip


def show(name: str, rules: Championship, scorings: list[Scoring], coming: list[Coming], last: Scoring) -> None:
    title = title_of(rules, scorings, coming)

    def step() -> object:
        return title_of(rules, [*scorings, last], coming[1:], details=False), table_of(rules, [*scorings, last])

    def page() -> Game:
        race = race_of(rules, scorings, coming)
        _champion, order = race.outcome()
        game = Game(rules, race, order)
        _ = [race.contender(one, order) for one in order], earliest_of(race, order)
        combinations_of(rules, race, game.cars)
        return game

    game = page()
    order = [
        [[place] * game.entries(car) for car, place in enumerate(range(1, len(game.cars) + 1))] for _part in game.parts
    ]
    imagined = [Imagined(places, 0 if part.gives_lap else None) for places, part in zip(order, game.parts, strict=True)]
    kept = f"page {measured(page):6.1f} ms   move {measured(lambda: game.play(imagined)):5.1f} ms"
    said = measured(lambda: (title_of(rules, scorings, coming), earliest_decision(rules, scorings, coming)))
    print(
        f"{name:34} {len(title.contenders):3} contenders   finale {said:7.1f} ms   step {measured(step):6.1f} ms   {kept}"
    )


def main() -> None:
    for year, after, name in ((2010, 18, "Formula 1 2010, the last race"), (2010, 17, "Formula 1 2010, two to go")):
        scorings = seasons.scorings(year)
        run, ahead = [one for one in scorings if one.round <= after], [one for one in scorings if one.round > after]
        coming = [Coming(one.key, one.round, one.kind, cars=24) for one in ahead]
        show(name, PACK.championship("driver", year), run, coming, ahead[0])
    rules = Championship(key="driver", subject="driver", scores=(ScoreRule(Selection(), GT),))
    show("60 cars of three, race 24 of 24", rules, [field(one) for one in range(1, 24)], [Coming(24, 24)], field(24))


if __name__ == "__main__":
    main()
