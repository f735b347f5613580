"""Disturbed cases: what the engine leans on is taken away, one word, car or session at a time; all else stays true.

A writer who says "der Lokalmatador" for a name, "die Zeitenjagd" for the qualifying, or an excerpt that lacks a car, leave
every true claim true. So whatever is contradicted then, and was not before, is a false alarm: it shows where the engine takes
somebody or something else for what it does not know.
"""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.page import read_page
from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.scoring import overlaps

_UNKNOWN = "Quarlo"
_NAMES = (Kind.DRIVER, Kind.TEAM, Kind.MAKE, Kind.MODEL)
_CUES = ("kind", "verb", "sessions", "table")


@dataclass
class DisturbedScore:
    """Disturbances per kind, the true claims they left, the alarms they raised."""

    made: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    confirmed: Counter[str] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def table(self) -> str:
        lines = [f"{'disturbed':12}{'times':>8}{'claims':>9}{'alarms':>8}{'per 100':>9}{'confirmed':>11}"]
        for kind in sorted(self.made):
            share, still = self.alarms[kind] / self.claims[kind], self.confirmed[kind] / self.claims[kind]
            lines.append(
                f"{kind:12}{self.made[kind]:8}{self.claims[kind]:9}{self.alarms[kind]:8}{100 * share:9.2f}{100 * still:10.1f} %"
            )
        return "\n".join(
            [*lines, "alarms by type: " + ", ".join(f"{kind} {n}" for kind, n in self.types.most_common())]
        )


def disturb_case(case: dict[str, Any], score: DisturbedScore) -> None:
    """Every disturbance of a case, each judged against the case as it was."""
    sheet = FactSheet.from_records(case["data"])
    seeded = [gold for gold in case["claims"] if gold["verdict"] == "contradicted"]
    true = [gold for gold in case["claims"] if gold["verdict"] == "confirmed"]
    noise = {_key(finding.claim, 0, 0) for finding in check_text(case["body"], sheet) if _is_alarm(finding)}
    for kind, what, body, data, at, shift in _disturbances(case, sheet):
        score.made[kind] += 1
        score.claims[kind] += len(true)
        findings = check_text(body, FactSheet.from_records(data) if data is not case["data"] else sheet)
        for gold in true:
            start = gold["start"] + (shift if gold["start"] > at else 0)
            here = [one for one in findings if overlaps(one, start, start + len(gold["text"]), gold["type"])]
            score.confirmed[kind] += any(one.verdict.judgement == "confirmed" for one in here)
        for finding in filter(_is_alarm, findings):
            if _key(finding.claim, at, shift) in noise or _is_seeded(finding, seeded, at, shift):
                continue
            if finding.claim.type == "crew" and finding.claim.start <= at < finding.claim.end:
                continue  # another name in a crew is an error, not a disturbance
            score.alarms[kind] += 1
            score.types[finding.claim.type] += 1
            score.told.append(
                f"{case['id']} {kind} {what}: {finding.claim.type} «{finding.claim.text}» {finding.verdict.why}\n"
                f"    {_around(body, finding.claim.start)}"
            )


def _is_alarm(finding: Any) -> bool:
    return finding.verdict.judgement == "contradicted"


def _key(claim: Any, at: int, shift: int) -> tuple[str, str, int]:
    return claim.type, claim.text, claim.start - (shift if claim.start > at else 0)


def _is_seeded(finding: Any, seeded: list[dict[str, Any]], at: int, shift: int) -> bool:
    for gold in seeded:
        start = gold["start"] + (shift if gold["start"] > at else 0)
        if overlaps(finding, start, start + len(gold["text"]), gold["type"]):
            return True
    return False


def _around(body: str, position: int) -> str:
    begin = body.rfind("\n", 0, max(position - 160, 0)) + 1
    return body[max(begin, position - 200) : position + 120].replace("\n", " / ")


def _disturbances(case: dict[str, Any], sheet: FactSheet) -> Iterator[tuple[str, str, str, Any, int, int]]:
    body, data = case["body"], case["data"]
    for kind, start, end in _words(body, sheet):
        changed = body[:start] + _UNKNOWN + body[end:]
        yield kind, f"{start} «{body[start:end]}»", changed, data, start, len(_UNKNOWN) - (end - start)
    for number in sheet.cars:
        yield "car", f"#{number}", body, _without_car(data, number), 0, 0
    for session in data["sessions"]:
        if session["classification"]:
            left = data | {"sessions": [one for one in data["sessions"] if one is not session]}
            yield "session", session["name"], body, left, 0, 0


def _words(body: str, sheet: FactSheet) -> Iterator[tuple[str, int, int]]:
    page = read_page(body, sheet)
    tokens = page.cut.tokens
    for named in page.named:
        for part in named.mentions:
            if part.kind in _NAMES:
                kind = "person" if part.is_person else "house"
                yield kind, tokens[part.first].start, tokens[part.last - 1].end
    for setting in page.settings:
        for at in {cue.at for cue in setting.cues if cue.what in _CUES}:
            yield "cue", tokens[at].start, tokens[at].end


def _without_car(data: dict[str, Any], number: str) -> dict[str, Any]:
    left = copy.deepcopy(data)
    for session in left["sessions"]:
        session["classification"] = [row for row in session["classification"] if str(row["number"]) != number]
    left["sessions"] = [one for one in left["sessions"] if one["classification"] or not _had_rows(data, one)]
    return left


def _had_rows(data: dict[str, Any], session: dict[str, Any]) -> bool:
    return any(one["id"] == session["id"] and one["classification"] for one in data["sessions"])
