"""What is said of the field as a whole: vacant and shared places, gaps that are measured anew. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.diffs.lines import GAPS, DiffLine, Pair, Sentence, gap_in_words
from results.diffs.places import FEW


def vacancies(before: Sequence[DiffLine], after: Sequence[DiffLine]) -> Iterator[Sentence]:
    was = set(_vacant(line.position for line in before))
    for place in _vacant(line.position for line in after):
        if place not in was:
            yield Sentence(_("Place %(place)s stays vacant") % {"place": place})
    classes = dict.fromkeys(line.class_name for line in after if line.class_name)
    for name in classes if len(classes) > 1 else ():
        former = set(_vacant(line.class_position for line in before if line.class_name == name))
        for place in _vacant(line.class_position for line in after if line.class_name == name):
            if place not in former:
                yield Sentence(_("Place %(place)s in class %(name)s stays vacant") % {"place": place, "name": name})


def _vacant(places: Iterable[int | None]) -> list[int]:
    """The places nobody has; two cars that share the second leave no third, and it is not vacant."""
    cars = Counter(place for place in places if place)
    taken = {place + n for place, count in cars.items() for n in range(count)}
    return [place for place in range(1, max(cars, default=0)) if place not in taken]


def shared(before: Sequence[DiffLine], after: Sequence[DiffLine]) -> Iterator[Sentence]:
    """Places that several cars share now and did not before; two lines of one car are one car."""
    was = _sharing(before)
    for place, lines in _sharing(after).items():
        if [line.key for line in was.get(place, ())] != [line.key for line in lines]:
            cars = _(" and ").join(line.name for line in lines)
            yield Sentence(_("%(cars)s share place %(place)s") % {"cars": cars, "place": place})


def _sharing(lines: Sequence[DiffLine]) -> dict[int, list[DiffLine]]:
    places: dict[int, list[DiffLine]] = {}
    for line in lines:
        if line.position and all(line.key[0] != other.key[0] for other in places.get(line.position, ())):
            places.setdefault(line.position, []).append(line)
    return {place: listed for place, listed in places.items() if len(listed) > 1}


def leader_of(lines: Sequence[DiffLine]) -> DiffLine | None:
    """The car that gaps are measured from: the best placed one, be the first place vacant."""
    return min((line for line in lines if line.position), key=lambda line: line.position or 0, default=None)


def gaps(pairs: list[Pair], was: DiffLine | None, now: DiffLine | None) -> Iterator[Sentence]:
    """What the gaps do: all of them where another car leads, else those of cars of which nothing else changes."""
    of_gaps = [pair for pair in pairs if pair.before and pair.after and pair.cells & GAPS]
    alone = [pair for pair in of_gaps if pair.cells <= GAPS]
    if now is not None and was is not None and now.key != was.key:
        if of_gaps:
            yield Sentence(
                _("All gaps are measured from the new leader, %(car)s") % {"car": now.name}, _decisions(of_gaps)
            )
    elif 0 < len(alone) < FEW:
        for pair in alone:
            old, new = (gap_in_words(line) or "–" for line in (pair.before, pair.after))
            said = _("%(car)s: gap %(old)s → %(new)s") % {"car": pair.line.name, "old": old, "new": new}
            yield Sentence(said, pair.decisions)
    elif alone:
        said = ngettext("The gap of %(n)d car changes", "The gaps of %(n)d cars change", len(alone))
        yield Sentence(said % {"n": len(alone)}, _decisions(alone))


def _decisions(pairs: Iterable[Pair]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(key for pair in pairs for key in pair.decisions))
