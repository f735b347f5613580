"""What is said of single cars: places won and lost, times and laps of those that kept theirs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.diffs.lines import GAPS, PLACES, DiffLine, Pair, Sentence, place_of
from results.importers.status import CLASSIFIED
from results.notation import Penalty, format_duration, format_lap_time, format_penalty

PODIUM = 3  # places whose cars are always named
FEW = 4  # that many cars and more that all did the same are one sentence


def placed(pair: Pair) -> Sentence:
    """One car whose place, class place or status changed, with the reason where it is known."""
    why = f" ({'; '.join(map(str, pair.grounds))})" if pair.grounds else ""
    return Sentence(f"{_place_in_words(pair)}{why}", pair.decisions, bool(pair.grounds))


def _place_in_words(pair: Pair) -> str:
    old, new, car = pair.before, pair.after, {"car": pair.line.name}
    if old is None:
        return _("%(car)s: new in the result, %(place)s") % {**car, "place": place_of(pair.line)}
    if new is None:
        return _("%(car)s: no longer in the result, before %(place)s") % {**car, "place": place_of(pair.line)}
    if old.status != new.status:
        return _status_in_words(old, new)
    if old.position != new.position and old.position and new.position:
        return _step_in_words(pair, old, new)
    if old.position != new.position:
        return _("%(car)s: now %(place)s, before %(former)s") % {**car, "place": place_of(new), "former": place_of(old)}
    return _class_alone(old, new)


def _status_in_words(old: DiffLine, new: DiffLine) -> str:
    words = {"car": new.name, "place": place_of(new), "former": place_of(old)}
    if new.status == CLASSIFIED and old.status != CLASSIFIED:
        return _("%(car)s: back in the classification, %(place)s, before %(former)s") % words
    return _("%(car)s: %(place)s, before %(former)s") % words


def _step_in_words(pair: Pair, old: DiffLine, new: DiffLine) -> str:
    words = {"car": new.name, "old": old.position, "new": new.position}
    if pair.grounds:
        said = _("%(car)s: place %(old)s → %(new)s") % words
    elif (new.position or 0) < (old.position or 0):
        said = _("%(car)s moves up from %(old)s to %(new)s") % words
    else:
        said = _("%(car)s drops from %(old)s to %(new)s") % words
    return said + _class_beside(old, new)


def _class_beside(old: DiffLine, new: DiffLine) -> str:
    """What happened in the class, unless it is what happened over all."""
    same = (old.class_position, new.class_position) == (old.position, new.position)
    if same or old.class_position == new.class_position or not new.class_name:
        return ""
    words = {"name": new.class_name, "old": old.class_position or "–", "new": new.class_position or "–"}
    return _(", in class %(name)s from %(old)s to %(new)s") % words


def _class_alone(old: DiffLine, new: DiffLine) -> str:
    words = {
        "car": new.name,
        "name": new.class_name,
        "old": old.class_position or "–",
        "new": new.class_position or "–",
    }
    if new.class_name:
        return _("%(car)s: in class %(name)s place %(old)s → %(new)s") % words
    return _("%(car)s: place in class %(old)s → %(new)s") % words


def movers(pairs: list[Pair]) -> Iterator[Sentence]:
    """Cars that moved because others did: alone where it matters, else all that moved by the same step in one."""
    in_class = [pair for pair in pairs if _is_of_class_alone(pair)]
    if len(in_class) < FEW:
        in_class = []
    for step, group in groupby((pair for pair in pairs if pair not in in_class), key=_step):
        listed = list(group)
        if step is None or len(listed) < FEW:
            yield from map(placed, listed)
        else:
            yield _together(step, listed)
    if in_class:
        decisions = dict.fromkeys(key for pair in in_class for key in pair.decisions)
        said = ngettext(
            "%(n)d car has another place in its class", "%(n)d cars have another place in their class", len(in_class)
        )
        yield Sentence(said % {"n": len(in_class)}, tuple(decisions))


def _is_of_class_alone(pair: Pair) -> bool:
    """Whether nothing but the place in the class changed, and no class was won or lost by it."""
    return (
        pair.before is not None
        and pair.after is not None
        and pair.cells & PLACES == {"class_position"}
        and (1 not in {pair.before.class_position, pair.after.class_position})
    )


def _step(pair: Pair) -> int | None:
    """How many places a car moved over all; None where it has to be named."""
    old, new = pair.before, pair.after
    if old is None or new is None or old.status != new.status or not old.position or not new.position:
        return None
    classes = {old.class_position, new.class_position}
    if old.position == new.position or min(old.position, new.position) <= PODIUM or (1 in classes and len(classes) > 1):
        return None
    return new.position - old.position


def _together(step: int, pairs: list[Pair]) -> Sentence:
    places = [pair.before.position for pair in pairs if pair.before and pair.before.position]
    words = {"n": len(pairs), "first": min(places), "last": max(places), "step": abs(step)}
    if step < 0:
        said = ngettext(
            "%(n)d cars (places %(first)d to %(last)d before) move up one place each",
            "%(n)d cars (places %(first)d to %(last)d before) move up %(step)d places each",
            abs(step),
        )
    else:
        said = ngettext(
            "%(n)d cars (places %(first)d to %(last)d before) drop one place each",
            "%(n)d cars (places %(first)d to %(last)d before) drop %(step)d places each",
            abs(step),
        )
    decisions = dict.fromkeys(key for pair in pairs for key in pair.decisions)
    return Sentence(said % words, tuple(decisions))


# --- times, laps, penalties --------------------------------------------------------------------------------------------


def others(pairs: list[Pair]) -> Iterator[Sentence]:
    """Cars that keep their place: those decided about are named, of the others a few."""
    loud = [pair for pair in pairs if pair.grounds or pair.cells - GAPS]
    named = [pair for pair in loud if pair.grounds]
    quiet = [pair for pair in loud if not pair.grounds]
    if len(quiet) < FEW:
        named += quiet
        quiet = []
    for pair in sorted(named, key=lambda pair: pair.rank):
        yield _kept(pair)
    if quiet:
        decisions = dict.fromkeys(key for pair in quiet for key in pair.decisions)
        said = ngettext(
            "%(n)d further car keeps its place; other figures of it change",
            "%(n)d further cars keep their places; other figures of them change",
            len(quiet),
        )
        yield Sentence(said % {"n": len(quiet)}, tuple(decisions))


def _kept(pair: Pair) -> Sentence:
    line, why = pair.line, "; ".join(map(str, pair.grounds))
    figures = "; ".join(_figures(pair))
    words = {"car": line.name, "place": place_of(line), "why": why, "figures": figures}
    if not figures:
        return Sentence(_("%(car)s: stays %(place)s (%(why)s)") % words, pair.decisions, names_them=True)
    if why:
        return Sentence(_("%(car)s: stays %(place)s (%(why)s); %(figures)s") % words, pair.decisions, names_them=True)
    return Sentence(_("%(car)s: %(figures)s") % words, pair.decisions)


def _figures(pair: Pair) -> Iterator[str]:
    old, new = pair.before, pair.after
    if old is None or new is None:
        return
    for names, label, form in _FIGURES:
        if pair.cells & set(names):
            yield f"{label()} {form(old) or '–'} → {form(new) or '–'}"


def _penalty(line: DiffLine) -> str:
    return format_penalty(Penalty(line.penalty_ms, line.penalty_laps))


def _parts(line: DiffLine) -> str:
    return " / ".join(format_lap_time(ms) if ms else "–" for ms in line.part_times_ms or ())


# What is said of a car that keeps its place. Gaps follow from it and stand in the table.
_FIGURES: tuple[tuple[tuple[str, ...], Callable[[], str], Callable[[DiffLine], str]], ...] = (
    (("laps",), lambda: _("laps"), lambda line: str(line.laps or "")),
    (("total_ms",), lambda: _("total time"), lambda line: format_duration(line.total_ms) if line.total_ms else ""),
    (("penalty_ms", "penalty_laps"), lambda: _("penalty"), _penalty),
    (
        ("best_lap_ms",),
        lambda: _("best lap"),
        lambda line: format_lap_time(line.best_lap_ms) if line.best_lap_ms else "",
    ),
    (("best_lap_number",), lambda: _("best lap in lap"), lambda line: str(line.best_lap_number or "")),
    (("grid",), lambda: _("grid"), lambda line: str(line.grid or "")),
    (("part_times_ms",), lambda: _("times by part"), _parts),
)
