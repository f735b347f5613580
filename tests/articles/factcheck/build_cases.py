"""Builds the JSON of our own cases from their compact sources: `python -m tests.articles.factcheck.build_cases`.

A source has `key: value` lines, then `@cars`, `@session`, `@standings`, `@calendar` and `@body`. In the body a claim is
written `{{text|type|subject|value|C, X or U|op=< class=GT3 ctx=quote prec=100 neg|check}}`; the check is an expression
of the gold cases' validate.py. Gaps, positions in class and offsets are computed here.
"""

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "data" / "claims"
VERDICTS = {"C": "confirmed", "X": "contradicted", "U": "uncheckable"}
BEST_LAP_KINDS = ("qualifying", "practice", "warmup")
_CLAIM = re.compile(r"\{\{([^{}]*)\}\}", re.DOTALL)
_NUMBERS = [
    "lap_time",
    "gap_time",
    "gap_laps",
    "position",
    "class_position",
    "grid_position",
    "points",
    "points_gap",
    "laps_completed",
    "count",
]


def ms(text: str) -> int:
    value = 0
    *larger, seconds = text.lstrip("+").split(":")
    for part in larger:
        value = value * 60 + int(part)
    return value * 60_000 + round(float(seconds) * 1000)


def clock(value: int) -> str:
    seconds, rest = divmod(value, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}.{rest:03}"
    return f"{minutes}:{seconds:02}.{rest:03}" if minutes else f"{seconds}.{rest:03}"


def read_car(line: str) -> tuple[str, dict[str, Any]]:
    number, class_name, team, car, crew = (part.strip() for part in line.split("|"))
    drivers = [
        dict(zip(("first", "last", "nationality"), name.strip().split(","), strict=True)) for name in crew.split(";")
    ]
    return number, {"class": class_name or None, "number": number, "team": team, "car": car, "drivers": drivers}


def read_row(line: str, kind: str, cars: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    place, number, *rest = line.split()
    row = {"pos": None, **cars[number], "pos_in_class": None, "laps": None, "time": None, "gap": None, "best_lap": None}
    row["status"] = "classified" if place.isdigit() else place
    leader = rows[0] if rows else None
    if place.isdigit():
        row["pos"] = int(place)
        if row["class"]:
            row["pos_in_class"] = 1 + sum(other["class"] == row["class"] and other["pos"] is not None for other in rows)
    if kind == "grid":
        return row
    if kind in BEST_LAP_KINDS:
        if rest:
            row["best_lap"] = rest[0]
            row["gap"] = "+" + clock(ms(rest[0]) - ms(leader["best_lap"])) if leader else None
        return row
    if kind in ("stage", "rally"):
        fill_time(row, rest[0] if rest else None, leader)
        return row
    row["laps"] = int(rest[0])
    fill_time(row, rest[1] if len(rest) > 1 and rest[1] != "-" else None, leader)
    row["best_lap"] = rest[2] if len(rest) > 2 else None
    if leader and row["time"] is None and row["pos"]:
        lost = leader["laps"] - row["laps"]
        row["gap"] = f"+{lost} lap{'s' if lost != 1 else ''}"
    return row


def fill_time(row: dict[str, Any], text: str | None, leader: dict[str, Any] | None) -> None:
    if text is None:
        return
    total = ms(text) + (ms(leader["time"]) if text.startswith("+") and leader else 0)
    row["time"] = clock(total)
    if leader:
        row["gap"] = "+" + clock(total - ms(leader["time"]))


def read_value(kind: str, text: str) -> Any:
    if kind == "crew":
        return text.split(";")
    if kind in _NUMBERS:
        return float(text) if "." in text else int(text)
    return text


def read_body(text: str) -> tuple[str, list[dict[str, Any]]]:
    body, claims, last = "", [], 0
    for match in _CLAIM.finditer(text):
        words, kind, subject, value, verdict, options, check = (part.strip() for part in match[1].split("|"))
        body += text[last : match.start()]
        claim = {
            "text": words, "start": len(body), "type": kind, "subject": subject or "-", "value": read_value(kind, value),
            "verdict": VERDICTS[verdict], "why": options or check or "no data",
        }  # fmt: skip
        for option in options.split():
            key, _, given = option.partition("=")
            if key == "neg":
                claim["negated"] = True
            elif key == "prec":
                claim["precision_ms"] = int(given)
            elif key in ("op", "class", "ctx"):
                claim["context" if key == "ctx" else key] = given.replace("_", " ") if key == "class" else given
        if check:
            claim["check"] = check
        claims.append(claim)
        body += words
        last = match.end()
    return body + text[last:], claims


def build(source: str) -> dict[str, Any]:
    head, *parts = re.split(r"^@", source, flags=re.MULTILINE)
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    data: dict[str, Any] = {key: fields[key] for key in ("series", "season", "event", "circuit", "timezone")}
    data |= {"sessions": [], "standings": []}
    cars: dict[str, Any] = {}
    body = ""
    for part in parts:
        title, _, text = part.partition("\n")
        lines = [line for line in text.splitlines() if line.strip()]
        word, _, rest = title.partition(" ")
        columns = [column.strip() for column in rest.split("|")]
        if word == "cars":
            cars |= dict(map(read_car, lines))
        elif word == "session":
            session = dict(zip(("id", "name", "kind", "date"), columns, strict=False)) | {"classification": []}
            for option in columns[4:]:
                key, _, number = option.partition("=")
                session[key] = int(number)
            for line in lines:
                session["classification"].append(read_row(line, session["kind"], cars, session["classification"]))
            data["sessions"].append(session)
        elif word == "standings":
            rows = []
            for place, line in enumerate(lines, start=1):
                entrant, _, points = line.rpartition(" ")
                rows.append({"pos": place, "entrant": entrant, "points": read_value("points", points)})
            data["standings"].append(
                {
                    "id": columns[0],
                    "name": columns[1],
                    "after": columns[2],
                    "final": columns[3:] == ["final"],
                    "rows": rows,
                }
            )
        elif word == "calendar":
            sessions = [dict(zip(("name", "starts_at"), line.split(" = "), strict=True)) for line in lines]
            event = dict(zip(("event", "circuit", "start", "end"), columns, strict=True))
            data.setdefault("calendar", []).append(event | {"sessions": sessions})
        elif word == "body":
            body = text.strip()
    plain, claims = read_body(body)
    return {
        "id": fields["id"], "language": fields["language"], "title": fields["title"], "body": plain, "data": data,
        "claims": claims,
    }  # fmt: skip


def main() -> None:
    for path in sorted(FOLDER.glob("sources/**/*.txt")):
        target = FOLDER / path.relative_to(FOLDER / "sources").with_suffix(".json")
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(build(path.read_text("utf-8")), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
