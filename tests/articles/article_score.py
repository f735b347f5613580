"""Points of a parsed article against an expected file, by the rules written beside the gold cases; stricter where they are silent."""

import json
from pathlib import Path

START = 40


def flat(text):
    return None if text is None else " ".join(text.replace("\u00a0", " ").split())


def start(text):
    return flat(text)[:START].strip()


def misses(got, want):
    """(points that could be had, what is wrong), each wrong thing in a few words."""
    checks = [*_heads(got, want), *_body(got, want), *_pictures(got, want), *_widgets(got, want), *_absent(got, want)]
    return len(checks), [words for right, words in checks if not right]


def _heads(got, want):
    keys = ["language", "title", "date", "agency", "dateline"] + ([] if want.get("teaser_flexible") else ["teaser"])
    return [(flat(got[key]) == flat(want[key]), f"{key}: {got[key]!r}, not {want[key]!r}") for key in keys]


def _body(got, want):
    printed = [start(text) for text in got["body_paragraphs"]]
    expected = [start(text) for text in want["body_paragraphs"]]
    if want.get("teaser_flexible"):  # the lead once, in either place
        printed = [start(got["teaser"]), *printed] if got["teaser"] else printed
        expected = [start(want["teaser"]), *expected] if want["teaser"] else expected
    checks = [(printed.count(text) == expected.count(text), f"paragraph {text!r}") for text in expected]
    checks.append((printed == expected, f"paragraphs in order: {printed}"))
    subheads = [flat(text) for text in got["subheads"]]
    checks.append((subheads == [flat(text) for text in want["subheads"]], f"subheads: {subheads}"))
    quotes = [start(text) for text in got["quotes"]]
    checks.append((quotes == [start(text) for text in want["quotes"]], f"quotes: {quotes}"))
    return checks


def _pictures(got, want):
    keys = ("text", "credit", "alt")
    printed = [tuple(flat(one.get(key)) for key in keys) for one in got["captions"]]
    expected = [tuple(flat(one.get(key)) for key in keys) for one in want["captions"]]
    return [(one in printed, f"caption {one}") for one in expected] + [
        (len(printed) == len(expected), f"captions: {printed}")
    ]


def _widgets(got, want):
    checks = [(len(got["widgets"]) == len(want["widgets"]), f"{len(got['widgets'])} widgets")]
    for printed, expected in zip(got["widgets"], want["widgets"], strict=False):
        keys = [key for key in ("series", "venue", "start", "end", "sessions", "year_doubtful") if key in expected]
        checks += [
            (printed[key] == expected[key], f"widget {key}: {printed[key]}, not {expected[key]}") for key in keys
        ]
    if "broadcasts" in want:
        printed = [one["text"] for one in got["broadcasts"]]
        checks.append((printed == want["broadcasts"], f"broadcasts: {printed}"))
    return checks


def _absent(got, want):
    texts = [got["title"], got["teaser"], *got["body_paragraphs"], *got["subheads"]]
    texts += [one[key] for one in got["captions"] for key in ("text", "credit", "alt")]
    whole = "\n".join(flat(text) for text in texts if text)
    return [(flat(words) not in whole, f"must not contain {words!r}") for words in want["must_not_contain"]]


# One letter a line in the `labels` of an expected file. What is dropped may be dropped under whatever name.
_LETTERS = {
    "T": "title", "S": "standfirst paragraph list_item", "P": "paragraph list_item standfirst", "H": "subhead",
    "C": "caption credit alt", "B": "broadcast", "W": "widget_head widget_venue widget_range widget_session", ".": "empty",
    "X": "furniture cookie logo placeholder kicker byline date agency alt unknown widget_head",
}  # fmt: skip


def mislabelled(lines, want):
    """The lines that are taken for something else than the expected file says."""
    pairs = zip(lines, want.get("labels", ""), strict=False)
    return [
        f"line {line.number}: {line.label}, not {letter}: {line.text[:60]!r}"
        for line, letter in pairs
        if line.label.value not in _LETTERS[letter].split()
    ]


def cases(*folders):
    """(text file, expected object) of every case in these folders."""
    files = [file for folder in folders for file in sorted(Path(folder).glob("*.expected.json"))]
    return [(file, json.loads(file.read_text("utf-8"))) for file in files]
