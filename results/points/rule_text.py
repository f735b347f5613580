"""The rules of a championship as text that a person edits: JSON, read back with every fault and the line it stands in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # the decoder's own reader of strings
from typing import Any

from results.points.packs import RULE_WORDS, PackRefused, read_rules
from results.points.rule_shapes import misfits, writable
from results.points.rules import Championship

_SPACE = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null")
_NEEDED = "scores"
_STUB: Mapping[str, Any] = {_NEEDED: [{"table": [1]}]}
LONGEST = 100_000  # characters


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `line` counts from 1, None where the whole is meant."""

    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.reason}" if self.line is not None else self.reason


class RulesRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Rules that cannot be used; `faults` are all that were found, in the order of the lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = faults


def as_text(said: Mapping[str, Any]) -> str:
    """The rules as JSON, a word a line, what a place is worth first; each entry of a list of rules on a line of its own."""
    order = [*(word for word in RULE_WORDS if word in said), *sorted(set(said) - set(RULE_WORDS))]
    parts = [f"  {_compact(word)}: {_listed(said[word])}" for word in order]
    return "{\n" + ",\n".join(parts) + "\n}\n" if parts else "{}\n"


def _listed(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"    {_compact(one)}" for one in value) + "\n  ]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_text(text: str, *, key: str, subject: str) -> tuple[dict[str, Any], Championship]:
    """The plain values and the rules they make. Raises RulesRefused with every fault."""
    said, lines = _parsed(text)
    odd = list(misfits(said))
    if not odd:
        try:
            return said, read_rules(said, key=key, subject=subject, place="")
        except PackRefused as refusal:
            whole = Fault(None, _sentence(refusal))
    faults = [Fault(lines.get(path), f"{path[0]}: {reason}") for path, reason in odd]
    shapeless = {path[0] for path, _reason in odd}
    rest = {word: value for word, value in said.items() if word not in shapeless}
    faults += _faults(rest, lines, key, subject, lacks_scores=_NEEDED not in shapeless and not said.get(_NEEDED))
    raise RulesRefused(tuple(sorted(faults, key=_line)) or (whole,))


# ------------------------------------------------------------------ where a fault stands


def _faults(
    said: dict[str, Any], lines: dict[tuple[Any, ...], int], key: str, subject: str, *, lacks_scores: bool
) -> Iterator[Fault]:
    """Each word alone, and each entry of its list alone, beside rules that are known to be good."""

    def wrong(word: str, value: Any) -> str:
        try:
            read_rules({**_STUB, word: value}, key=key, subject=subject, place="")
        except PackRefused as refusal:
            return _sentence(refusal)
        return ""

    if lacks_scores:
        yield Fault(lines.get((_NEEDED,)), "Keine Regel sagt, was ein Platz wert ist („scores“).")
    for word, value in said.items():
        if (word != _NEEDED or value) and (reason := wrong(word, value)):
            entries = enumerate(value) if isinstance(value, list) else ()
            alone = [(place, one, own) for place, one in entries if (own := wrong(word, [one]))]
            yield from (Fault(_narrowed(word, place, one, lines, wrong), own) for place, one, own in alone)
            if not alone:
                yield Fault(lines.get((word,)), reason)


def _narrowed(word: str, place: int, one: Any, lines: Mapping[tuple[Any, ...], int], wrong: Any) -> int | None:
    """The line of the one value without which the entry would be good, else that of the entry."""
    for name in one if isinstance(one, dict) else ():
        if not wrong(word, [{other: value for other, value in one.items() if other != name}]):
            return lines[word, place, name]
    return lines.get((word, place))


def _line(fault: Fault) -> int:
    return fault.line or 0


def _sentence(refusal: PackRefused) -> str:
    return str(refusal).removeprefix(": ")


# ------------------------------------------------------------------ JSON with lines


def _parsed(text: str) -> tuple[dict[str, Any], dict[tuple[Any, ...], int]]:
    if len(text) > LONGEST:
        raise RulesRefused((Fault(None, f"Der Text ist mit {len(text)} Zeichen zu lang, erlaubt sind {LONGEST}."),))
    reader = _Reader(text)
    try:
        value = reader.whole()
    except json.JSONDecodeError as error:
        reason = f"Spalte {error.colno}: Hier stimmt das JSON nicht (Komma, Klammer oder Anführungszeichen)."
        raise RulesRefused((Fault(error.lineno, reason),)) from error
    except RecursionError as error:
        raise RulesRefused((Fault(None, "Der Text ist zu tief verschachtelt."),)) from error
    if not isinstance(value, dict):
        raise RulesRefused((Fault(1, "Die Regeln stehen in geschweiften Klammern."),))
    if reader.doubled:
        raise RulesRefused(tuple(reader.doubled))
    return value, reader.lines


class _Reader:
    """JSON, noting the line of every value by its path; a word that stands twice in one place is a fault."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[tuple[Any, ...], int] = {}
        self.doubled: list[Fault] = []

    def skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1

    def whole(self) -> Any:
        value, end = self.value(self.skip(0), ())
        if self.skip(end) != len(self.text):
            raise json.JSONDecodeError("", self.text, self.skip(end))
        return value

    def value(self, at: int, path: tuple[Any, ...]) -> tuple[Any, int]:
        sign = self.text[at : at + 1]
        self.lines.setdefault(path, self.line(at))
        if sign == '"':
            return scanstring(self.text, at + 1, True)  # type: ignore[no-any-return]  # noqa: FBT003 - its only form
        if sign == "{":
            return self._object(at, path)
        if sign == "[":
            return self._list(at, path)
        found = _PLAIN.match(self.text, at)
        if found is None:
            raise json.JSONDecodeError("", self.text, at)
        try:
            return json.loads(found[0]), found.end()
        except ValueError as error:  # 007
            raise json.JSONDecodeError("", self.text, at) from error

    def _object(self, at: int, path: tuple[Any, ...]) -> tuple[dict[str, Any], int]:
        made: dict[str, Any] = {}
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "}":
            self._expect('"', at)
            start = at
            name, at = scanstring(self.text, at + 1, True)  # noqa: FBT003
            at = self.skip(at)
            self._expect(":", at)
            if name in made:
                self.doubled.append(Fault(self.line(start), writable(f"„{name}“ steht zweimal da. Was gilt?")))
            self.lines[(*path, name)] = self.line(start)
            made[name], at = self.value(self.skip(at + 1), (*path, name))
            at = self._next(at, "}")
        return made, at + 1

    def _list(self, at: int, path: tuple[Any, ...]) -> tuple[list[Any], int]:
        made: list[Any] = []
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "]":
            one, at = self.value(at, (*path, len(made)))
            made.append(one)
            at = self._next(at, "]")
        return made, at + 1

    def _next(self, at: int, end: str) -> int:
        """Where the next value begins behind a comma, or the end."""
        at = self.skip(at)
        if self.text[at : at + 1] == end:
            return at
        self._expect(",", at)
        after = self.skip(at + 1)
        if self.text[after : after + 1] == end:
            raise json.JSONDecodeError("", self.text, at)
        return after

    def _expect(self, sign: str, at: int) -> None:
        if self.text[at : at + 1] != sign:
            raise json.JSONDecodeError("", self.text, at)
