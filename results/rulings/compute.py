"""A classification and what the stewards ruled give the next classification. Pure; the order of the rulings is no matter.

Everything is computed from the lines as they were without these rulings, all rulings at once, in one fixed sequence:

1. each car's own line: deleted laps, time and laps added or taken back;
2. the order: who is struck is out, who is reinstated comes back, who was punished moves (`order`);
3. places in the result and on the grid: a car goes to the place it was sent to;
4. places over all and in class, counted from the printed ones (`places`); a car whose place stays vacant keeps it empty;
5. gaps to the leader (`gaps`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from results.importers.status import CLASSIFIED, STATUSES
from results.rulings.gaps import with_gaps
from results.rulings.lines import STRIKES, Line, Outcome, Ruling, RulingRefused
from results.rulings.order import Distance, distance_beside, distances_of, dropped, reordered
from results.rulings.penalties import Sentence, cars_of, punished, sentence_of
from results.rulings.places import renumbered

_LISTED = {code: place for place, code in enumerate(STATUSES)}


def compute(
    lines: Sequence[Line],
    rulings: Iterable[Ruling],
    *,
    timed: bool,
    former: Mapping[tuple[int, int], Line] | None = None,
    is_complete: bool = True,
) -> Outcome:
    """The classification after the rulings. `lines` in printed order; `timed`: ranked by best lap.

    `former` are lines from before a car was struck, for its reinstatement. Raises RulingRefused with a German sentence
    for a ruling that these lines cannot take.
    """
    sentences = _sentences(lines, rulings)
    if not sentences:
        return Outcome(tuple(lines))
    known = former or {}
    after = [_own(line, sentences, known) for line in lines]
    field = _Field(lines, after, sentences, known, timed=timed)
    for car in field.back:
        if field.distances[car] == Distance(None, None) or (field.distances[car].ms is None and timed):
            raise RulingRefused(
                f"{field.label(car)}: Runden und Zeit sind nicht gespeichert, der Platz ist nicht zu berechnen. Bitte im Raster eintragen."
            )
    placed = field.placed()
    ranked = [car for car in field.order if car not in field.vacating]
    with_gap, gap_doubts = with_gaps(lines, placed, printed=field.printed, distances=field.distances, cars=ranked)
    doubts = [*field.doubts(is_complete=is_complete), *gap_doubts]
    return Outcome(tuple(_listed(with_gap, lines, ranked)), tuple(dict.fromkeys(doubts)))


def _sentences(lines: Sequence[Line], rulings: Iterable[Ruling]) -> dict[int, Sentence]:
    """By car, in the order of the cars: the order in which they were ruled must not show."""
    by_car: dict[int, list[Ruling]] = {}
    for ruling in rulings:
        by_car.setdefault(ruling.car, []).append(ruling)
    found = {car: sentence_of(by_car[car]) for car in cars_of(lines) if car in by_car}
    missing = set(by_car) - set(found)
    if missing:
        raise RulingRefused("Ein Auto, um das es geht, steht nicht in diesem Ergebnis.")
    return found


def _own(line: Line, sentences: Mapping[int, Sentence], former: Mapping[tuple[int, int], Line]) -> Line:
    sentence = sentences.get(line.car)
    return punished(line, sentence, former.get(line.key)) if sentence else line


class _Field:
    """The cars of a classification with the new order; a shared drive is one car."""

    def __init__(
        self,
        before: Sequence[Line],
        after: Sequence[Line],
        sentences: Mapping[int, Sentence],
        former: Mapping[tuple[int, int], Line],
        *,
        timed: bool,
    ) -> None:
        self._before, self._after, self._sentences, self._former = before, after, sentences, former
        self._first = {car: found[0] for car, found in cars_of(before).items()}
        new = {car: found[0] for car, found in cars_of(after).items()}
        ranked = [car for car, line in self._first.items() if line.is_ranked]
        ranked.sort(key=lambda car: self._first[car].position or 0)  # printed order may list by class
        in_order = [self._first[car] for car in ranked]
        others = [line for car, line in self._first.items() if car not in set(ranked)]
        self._in_order = in_order
        self.printed = distances_of([*in_order, *others], timed=timed)
        struck = {car for car, one in sentences.items() if one.struck_as}
        self.vacating = {car for car in struck if sentences[car].leaves_vacant and car in ranked}
        self.back = [
            car
            for car, one in sentences.items()
            if one.restored and not one.struck_as and car not in ranked and new[car].status == CLASSIFIED
        ]
        self.distances = self._moved_distances(new, timed=timed)
        self._gone = struck - self.vacating
        moving = [
            car
            for car in self._first
            if car in sentences
            and car not in self._gone
            and ((car in ranked and self._may_move(car)) or car in self.back)
        ]
        found = reordered(ranked, moving, self.distances, gone=self._gone)
        places = {car: one.places for car, one in sentences.items() if one.places and car in found.cars}
        self.order = dropped(found.cars, places)
        self._open = found.open
        self._moved = {*moving, *places, *(car for car in self._gone if car in ranked)}
        self._ties = self._dead_heats(timed=timed)

    def label(self, car: int) -> str:
        return self._first[car].label

    def _may_move(self, car: int) -> bool:
        """Whether the car came less far than printed, or may have: without its time nobody can tell."""
        is_open = self.distances[car].ms is None and self._sentences[car].time_ms != 0
        return is_open or self.distances[car] != self.printed[car]

    def _moved_distances(self, new: Mapping[int, Line], *, timed: bool) -> dict[int, Distance]:
        """How far each car came, its own penalties counted; measured as the printed lines are."""
        moved = dict(self.printed)
        for car, sentence in self._sentences.items():
            was = self.printed[car]
            if timed:
                moved[car] = self._timed_distance(was, new[car])
            elif sentence.moves:
                laps = was.laps - sentence.laps if was.laps is not None else None
                moved[car] = Distance(laps, was.ms + sentence.time_ms if was.ms is not None else None)
            if car in self.back:
                moved[car] = distance_beside(new[car], self._in_order, timed=timed)
        return moved

    @staticmethod
    def _timed_distance(was: Distance, line: Line) -> Distance:
        """The part that a car reached stays, even where its time there is gone."""
        parts = line.part_times_ms or ()
        reached = was.laps if was.laps is not None else -1
        return Distance(reached, parts[reached] if 0 <= reached < len(parts) else line.best_lap_ms, is_timed=True)

    def _dead_heats(self, *, timed: bool) -> dict[int, int]:
        """Cars level on laps and time since one of them was punished share a place; in a qualifying who was first leads."""
        ties: dict[int, int] = {}
        if timed:
            return ties
        for ahead, car in zip(self.order, self.order[1:], strict=False):
            mine, its = self.distances[car], self.distances[ahead]
            is_new = (car in self._moved) != (ahead in self._moved) or (car in self._moved and ahead in self._moved)
            by_places = any(self._sentences[one].places for one in (car, ahead) if one in self._sentences)
            if is_new and not by_places and mine == its and mine.ms is not None:
                ties[car] = ties.setdefault(ahead, ahead)
        return ties

    def placed(self) -> list[Line]:
        """The lines with status and places, in the order of before; gaps are those of before."""
        printed = {car: line.position for car, line in self._first.items() if line.position is not None}
        overall = renumbered(self._with_vacancies(printed, self.order), self.order, self._moved, self._ties)
        in_class = self._in_class()
        return [self._with_place(line, overall, in_class) for line in self._after]

    def _with_place(self, line: Line, overall: Mapping[int, int], in_class: Mapping[int, int]) -> Line:
        sentence = self._sentences.get(line.car)
        if sentence and sentence.struck_as:
            return replace(line, status=sentence.struck_as, position=None, class_position=None)
        if line.car not in overall:
            return line
        return replace(line, position=overall[line.car], class_position=in_class.get(line.car))

    def _in_class(self) -> dict[int, int]:
        """Places within the classes; a car that the source does not rank in its class (a guest) stays without."""
        places: dict[int, int] = {}
        for name in {line.racing_class for line in self._first.values()}:
            printed = {
                car: line.class_position
                for car, line in self._first.items()
                if line.racing_class == name and line.class_position is not None
            }
            back = {car for car in self.back if self._first[car].racing_class == name and self._has_class_place(car)}
            if not printed and not back:
                continue
            order = [car for car in self.order if car in printed or car in back]
            moved = {car for car in self._moved if car in printed or car in order}
            places |= renumbered(self._with_vacancies(printed, order), order, moved, self._ties)
        return places

    def _with_vacancies(self, printed: Mapping[int, int], order: Sequence[int]) -> dict[int, int]:
        """The printed places, and for a car whose place had been left vacant that place: nobody had moved up into it."""
        places = dict(printed)
        for car in self.back:
            if car in order and self._sentences[car].had_left_vacant:
                at = order.index(car)
                ahead = max((printed[one] for one in order[:at] if one in printed), default=0)
                behind = min((printed[one] for one in order[at + 1 :] if one in printed), default=ahead + 2)
                if behind > ahead + 1:
                    places[car] = ahead + 1
        return places

    def _has_class_place(self, car: int) -> bool:
        """Whether a car that comes back is ranked in its class; a guest was not before, and some sources rank nobody."""
        former = self._former.get(self._first[car].key)
        if former is not None and former.is_ranked:
            return former.class_position is not None
        return any(line.class_position is not None for line in self._before)

    def doubts(self, *, is_complete: bool) -> Iterable[str]:
        """What a person has to look at."""
        for car in self._open:
            yield f"{self.label(car)}: Ohne Gesamtzeit der Nachbarn ist der Platz nicht sicher. Bitte prüfen."
        for car, first in self._ties.items():
            if car != first:
                yield f"{self.label(first)} und {self.label(car)} sind zeitgleich und teilen sich den Platz. Bitte prüfen."
        if not is_complete and self._moved:
            yield "Das Ergebnis ist ein Auszug: Autos, die darin fehlen, können dazwischen liegen."


def _listed(lines: Sequence[Line], before: Sequence[Line], order: Sequence[int]) -> list[Line]:
    """Ranked cars first, in order; then the others as they stood, with those just struck at the end of their kind."""
    at = {car: place for place, car in enumerate(order)}
    was = {line.key: place for place, line in enumerate(before)}
    struck = {line.key for line in before if line.status in STRIKES.values()}

    def key(line: Line) -> tuple[int, int, int, int]:
        if line.car in at:
            return (0, at[line.car], 0, was[line.key])
        fresh = line.status in STRIKES.values() and line.key not in struck
        return (1, 1 if fresh else 0, _LISTED[line.status] if fresh else 0, was[line.key])

    return sorted(lines, key=key)


def effects_of(
    lines: Sequence[Line], rulings: Collection[Ruling], whole: Outcome, columns: Sequence[str], **how: object
) -> dict[object, dict[tuple[int, int], tuple[str, ...]]]:
    """By ruling and line: the columns that would read otherwise without this ruling; `how` is passed to `compute`.

    Two rulings that do the same together (a car struck twice) would each change nothing alone: each is shown with what
    it does by itself.
    """
    result = {line.key: line for line in whole.lines}
    effects: dict[object, dict[tuple[int, int], tuple[str, ...]]] = {}
    for ruling in rulings:
        rest = [one for one in rulings if one.key != ruling.key]
        found = _differing(compute(lines, rest, **how).lines, result, columns)  # type: ignore[arg-type]
        if not found:
            alone = compute(lines, [one for one in rulings if one.key == ruling.key], **how)  # type: ignore[arg-type]
            found = _differing(alone.lines, {line.key: line for line in lines}, columns)
        effects[ruling.key] = found
    return effects


def _differing(
    lines: Iterable[Line], others: Mapping[tuple[int, int], Line], columns: Sequence[str]
) -> dict[tuple[int, int], tuple[str, ...]]:
    found = {}
    for line in lines:
        other = others[line.key]
        names = tuple(name for name in columns if getattr(line, name) != getattr(other, name))
        if names:
            found[line.key] = names
    return found
