"""The game of a title: what a reader lets happen in the next round, taken from an address, and what follows in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from results.points import title_words
from results.points.game import Imagined, Part, Played
from results.points.prospects import NOWHERE
from results.standings.reading import plain
from results.standings.title_race import TitleRace
from results.title_sentences import enough, heading, is_pole

NAMED = 5  # contenders whom a headline names
ROUND = "lauf"  # in the address: the event that is played, for a link outlives it
_KINDS = {"race": "rennen"}  # in the address, where a session has no name yet


def in_figures(points: Decimal) -> str:
    """Points as they are printed: `25`, `4,5`."""
    return number_format(Decimal(plain(points)))


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the game with the car whose place it is; `car` is empty for pole and fastest lap."""

    name: str
    car: int | None


@dataclass(frozen=True, slots=True)
class PartFields:
    """The fields of one scoring of the round, under the name of its session."""

    heading: str
    part: Part
    places: tuple[Choice, ...]
    pole: str
    lap: str


class GameForm(forms.Form):
    """Places of the contenders in each scoring of the next round, with pole and fastest lap where they give points.

    Who has no place is not classified. Invalid where two are given the same place, or a place that does not exist.
    """

    def __init__(self, data: Mapping[str, Any], *, race: TitleRace) -> None:
        self.race = race
        self.game = race.survey.game
        self.cars = [_car_name(race, car) for car in self.game.cars]
        self.keys = _told_apart(race, self.game.cars)
        self.parts: list[PartFields] = []
        fields: dict[str, forms.ChoiceField] = {}
        for name, part in zip(_part_names(race, self.game.parts), self.game.parts, strict=True):
            self.parts.append(self._fields(name, part, fields))
        self.round = _round_name(race)
        self.is_former = ROUND in data and data[ROUND] != self.round
        self.unknown = [name for name in data if "." in name and name not in fields]
        self.is_asked = not self.is_former and any("." in name for name in data)
        super().__init__(data if self.is_asked else self._as_in_the_table())
        self.fields.update(fields)

    @property
    def former_words(self) -> str:
        """What to say to a link that outlived its round."""
        return _("The link belongs to a round that is over. This is the next one.")

    def _fields(self, name: str, part: Part, fields: dict[str, forms.ChoiceField]) -> PartFields:
        """Adds the fields of a part."""
        cars = [("", _("somebody else")), *zip(self.keys, self.cars, strict=True)]
        pole, lap, places = "", "", []
        if is_pole(self.race, part.coming):
            pole = f"{name}.pole"
            fields[pole] = forms.ChoiceField(label=_("Pole position"), choices=cars, required=False)
        else:
            numbers = [("", _("no points")), *((str(one), f"{one}.") for one in range(1, part.places + 1))]
            for car, (key, label) in enumerate(zip(self.keys, self.cars, strict=True)):
                for entry in range(1, self.game.entries(car) + 1):
                    field = f"{name}.{key}" if entry == 1 else f"{name}.{key}.{entry}"
                    said = label if entry == 1 else _("%(name)s, car %(number)s") % {"name": label, "number": entry}
                    fields[field] = forms.ChoiceField(label=said, choices=numbers, required=False)
                    places.append(Choice(field, car))
        if part.gives_lap:
            lap = f"{name}.runde"
            fields[lap] = forms.ChoiceField(label=_("Fastest lap"), choices=cars, required=False)
        return PartFields(heading(self.race, part.coming), part, tuple(places), pole, lap)

    def _as_in_the_table(self) -> dict[str, str]:
        """What stands there before anybody has chosen: they come in as they stand in the table."""
        found = {}
        for one in self.parts:
            if one.pole:
                found[one.pole] = self.keys[0] if self.keys else ""
            for place, choice in enumerate(one.places[: one.part.places], start=1):
                found[choice.name] = str(place)
        return found

    def clean(self) -> dict[str, Any]:
        if self.is_asked and self.unknown:
            self.add_error(None, _("The link names somebody or something that is not part of the game."))
        for one in self.parts:
            taken = Counter(
                (int(place), self.game.class_of(choice.car or 0))
                for choice in one.places
                if (place := self.cleaned_data.get(choice.name))
            )
            for (place, _class), cars in sorted(taken.items()):
                if cars > 1:
                    self.add_error(
                        None, _("%(session)s: only one can finish in place %(place)s.")
                        % {"session": one.heading, "place": place},
                    )  # fmt: skip
        return self.cleaned_data

    def imagined(self) -> list[Imagined]:
        """What the reader imagines, of a valid form."""
        found = []
        for one in self.parts:
            places: list[list[int]] = [[] for _car in self.cars]
            if one.pole:
                pole = self._car(one.pole)
                places = [[1 if at == pole else NOWHERE] for at, _car in enumerate(self.cars)]
            for choice in one.places:
                if choice.car is not None:
                    places[choice.car].append(int(self.cleaned_data[choice.name] or NOWHERE))
            found.append(Imagined(places, self._car(one.lap) if one.lap else None))
        return found

    def _car(self, field: str) -> int | None:
        chosen = self.cleaned_data[field]
        return self.keys.index(chosen) if chosen else None

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The parts with their bound fields, for a template."""
        return [
            {
                "heading": one.heading,
                "places": [self[choice.name] for choice in one.places],
                "others": [self[name] for name in (one.pole, one.lap) if name],
            }
            for one in self.parts
        ]


@dataclass(frozen=True, slots=True)
class GameRow:
    """A line of the table that follows."""

    place: int
    name: str
    points: str
    gained: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows, in words."""

    headline: str
    rows: tuple[GameRow, ...]
    sentences: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "rows": [{name: getattr(row, name) for name in GameRow.__slots__} for row in self.rows],
            "sentences": list(self.sentences),
        }


def outcome_of(form: GameForm) -> Outcome:
    """What follows from a valid form."""
    played = form.game.play(form.imagined())
    race = form.race

    def name_of(key: Any) -> str:
        return "/".join(race.names.name_of(one) for one in played.title.crews.get(key, (key,)))

    rows = tuple(
        GameRow(one.place, _car_name(race, one.competitors), in_figures(one.points), _gained(one.gained))
        for one in played.table
    )
    return Outcome(_headline(played, name_of), rows, tuple(_sentences(race, played, name_of)))


def _headline(played: Played, name_of: title_words.Name) -> str:
    if played.title.champion is not None:
        return _("%(name)s would be champion.") % {"name": name_of(played.title.champion)}
    if played.level:
        return _("Level by every rule: %(names)s.") % {"names": _listed(map(name_of, played.level))}
    if len(played.title.contenders) > NAMED:
        left = title_words.number(len(played.title.contenders))
        return _("The title would stay open: %(count)s could still win it.") % {"count": left}
    names = _listed(name_of(one.competitor) for one in played.title.contenders)
    return _("The title would stay open. Still able to win it: %(names)s.") % {"names": names}


def _sentences(race: TitleRace, played: Played, name_of: title_words.Name) -> Iterable[str]:
    ahead = race.survey.race.coming
    following = next((one for one in ahead if one.round != ahead[0].round), None)
    for one in played.title.contenders:
        if one.alone is not None and (said := enough(race, one, following, name_of)):
            yield said
        if len(played.title.contenders) == 2 and following and not is_pole(race, following):  # noqa: PLR2004
            yield from title_words.against(one, name_of)


def _gained(points: Decimal) -> str:
    return f"+{in_figures(points)}" if points >= 0 else f"−{in_figures(-points)}"


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {_('and')} {found[-1]}"


def _car_name(race: TitleRace, car: Iterable[Any]) -> str:
    return "/".join(race.names.name_of(one) for one in car)


def _told_apart(race: TitleRace, cars: Iterable[Iterable[Any]]) -> list[str]:
    """What stands for each car in an address; equal names are numbered."""
    taken: Counter[str] = Counter()
    keys = []
    for car in cars:
        key = "+".join(race.names.key_of(one) for one in car) or "x"
        taken[key] += 1
        keys.append(key if taken[key] == 1 else f"{key}-{taken[key]}")
    return keys


def _part_names(race: TitleRace, parts: Iterable[Part]) -> list[str]:
    """What stands for each session in an address; those of which only the kind is known are numbered."""
    names: list[str] = []
    for one in parts:
        session = race.session_of(one.coming)
        name = session.slug if session else _KINDS.get(one.coming.kind, one.coming.kind)
        name = f"{name}-{one.coming.checkpoint}" if one.coming.checkpoint else name
        taken = sum(each == name or each.startswith(f"{name}-") for each in names) if session is None else 0
        names.append(f"{name}-{taken + 1}" if taken else name)
    return names


def _round_name(race: TitleRace) -> str:
    coming = race.next_coming
    event = race.events.get(coming.round) if coming else None
    return event.slug if event else ""
