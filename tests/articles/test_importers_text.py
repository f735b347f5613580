"""Scraped texts become articles: all points of the gold cases, our own traps, and whatever is done to them on the way."""

import contextlib
import datetime as dt
import textwrap
import time
from pathlib import Path

import pytest

from articles.importers.contract import as_object
from articles.importers.encoding import decode_text
from articles.importers.records import ArticleRefused, Label
from articles.importers.text import LIMIT, MOST_LINES, Wishes, parse_bytes, parse_text
from results.importers.encoding import decode
from tests.articles.article_score import cases, mislabelled, misses
from tests.shared import SHARED, needs_shared

OURS = Path(__file__).resolve().parent.parent / "data" / "articles"
TODAY = dt.date(2026, 11, 21)


def as_of(want):
    return dt.date.fromisoformat(want["as_of"]) if "as_of" in want else None


def source(expected):
    text = expected.with_name(expected.name.replace(".expected.json", ".txt"))
    return text if text.exists() else SHARED / "seeds" / text.name


def named(pairs):
    return [pytest.param(source(file), want, id=file.name.removesuffix(".expected.json")) for file, want in pairs]


GOLD = named(cases(SHARED / "gold" / "seeds", SHARED / "gold" / "articles"))
OWN = named(cases(OURS))


@needs_shared
@pytest.mark.parametrize(("file", "want"), GOLD)
def test_every_gold_text_gets_every_point(file, want):
    points, wrong = misses(as_object(parse_bytes(file.read_bytes(), Wishes(as_of=as_of(want)))), want)

    assert points > 10
    assert wrong == []


@pytest.mark.parametrize(("file", "want"), OWN)
def test_every_trap_of_ours_is_passed(file, want):
    article = parse_bytes(file.read_bytes(), Wishes(as_of=as_of(want)))

    assert misses(as_object(article), want)[1] == []
    assert mislabelled(article.lines, want) == []


def wrapped(width, **options):
    def change(text):
        lines = [textwrap.wrap(line, width, **options) if len(line) > width else [line] for line in text.split("\n")]
        return "\n".join("\n".join(part) for part in lines)

    return change


BANNER = (
    "Wir verwenden Cookies und ähnliche Technologien, um unsere Website zu betreiben. Mit einem Klick auf „Alle "
    "akzeptieren“ stimmen Sie der Verarbeitung Ihrer Daten zu.\n\nAlle akzeptieren\n\nEinstellungen\n\n"
)
CHANGES = {
    "wrapped at 60": wrapped(60),
    "wrapped at 72": wrapped(72),
    "wrapped at 80, words whole": wrapped(80, break_on_hyphens=False),
    "a cookie banner first": lambda text: BANNER + text,
    "an English banner first": lambda text: (
        "We use cookies to improve your experience on this site.\n\nAccept all\n\n" + text
    ),
    "a banner first, all wrapped": lambda text: wrapped(72)(BANNER + text),
    "a breadcrumb first": lambda text: "Startseite > Motorsport > News\n\n" + text,
    "the reading time first": lambda text: "Lesezeit: 3 Minuten\n\n" + text,
    "a share bar last": lambda text: text + "\n\nTeilen\n\nTeilen Weiterleiten\n\nFacebook\nWhatsApp\n",
    "links last": lambda text: text + "\n\nMehr zum Thema\n\nVanthoor wechselt das Team\n\nKalender 2026 ist da\n",
    "comments last": lambda text: text + "\n\n12 Kommentare\nKommentar schreiben\nAnzeige\n",
    "blanks at line ends": lambda text: text.replace("\n", "  \n"),
    "indented": lambda text: "\n".join("   " + line for line in text.split("\n")),
    "more empty lines": lambda text: text.replace("\n\n", "\n\n\n\n"),
    "no-break spaces": lambda text: text.replace(" der ", "\u00a0der "),
    "soft hyphens": lambda text: text.replace("rennen", "ren\u00adnen"),
    "Macintosh newlines": lambda text: text.replace("\n", "\r"),
    "Unicode newlines": lambda text: text.replace("\n", "\u2028"),
}


@needs_shared
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize(("file", "want"), GOLD)
def test_what_happens_to_texts_on_their_way_costs_no_point(file, want, change):
    text = decode(file.read_bytes()).text.replace("\r\n", "\n")

    _, wrong = misses(as_object(parse_text(change(text), Wishes(as_of=as_of(want)))), want)

    assert wrong == []


@needs_shared
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(("file", "want"), GOLD)
def test_the_encoding_costs_no_point(file, want, encoding):
    text = decode(file.read_bytes()).text

    _, wrong = misses(as_object(parse_bytes(text.encode(encoding), Wishes(as_of=as_of(want)))), want)

    assert wrong == []


@pytest.mark.parametrize(("file", "want"), OWN)
def test_every_line_of_the_original_has_one_label(file, want):
    article = parse_bytes(file.read_bytes())
    text = decode(file.read_bytes()).text
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n"

    assert [line.number for line in article.lines] == list(range(1, text.count(newline) + 2))
    assert [line.text for line in article.lines] == text.split(newline)
    assert all((line.label is Label.EMPTY) == (not line.text.strip()) for line in article.lines)


STORY = """Lindqvist gewinnt in Altmark

Der Aurelia-Audi hat das Nachtrennen von Altmark gewonnen. Mara Lindqvist überholte kurz vor Schluss.

Zweiter Platz für Falbe

Der Porsche kam 1,204 Sekunden dahinter ins Ziel. Auf Rang drei landete Nordkap Racing.

Holger Mann
"""


def test_an_unknown_line_is_left_out_and_said():
    article = parse_text(STORY)

    assert article.lines[8].label is Label.UNKNOWN
    assert article.doubts == ("Zeile 9: „Holger Mann“ ist nicht einzuordnen und bleibt weg.",)


def test_a_person_may_relabel_lines():
    article = parse_text(STORY, Wishes(labels={5: Label.CAPTION, 9: Label.PARAGRAPH}))

    assert article.subheads == ()
    assert [caption.text for caption in article.captions] == ["Zweiter Platz für Falbe"]
    assert article.body_paragraphs[-1] == "Holger Mann"
    assert article.doubts == ()


def test_a_relabelled_title_is_the_title():
    article = parse_text(STORY, Wishes(labels={1: Label.FURNITURE, 5: Label.TITLE}))

    assert (article.title, article.teaser) == ("Zweiter Platz für Falbe", None)


def test_a_box_that_is_none_becomes_text_when_a_person_says_so():
    text = STORY + "\nAltmark-Trophäe\n\nNächstes Event\n\nAltmarkring\n\n30. Mai - 1. Juni\n\nRennen So. 13:30 Uhr\n"
    assert len(parse_text(text).widgets) == 1

    article = parse_text(
        text,
        Wishes(
            labels={
                11: Label.FURNITURE,
                13: Label.FURNITURE,
                15: Label.PARAGRAPH,
                17: Label.PARAGRAPH,
                19: Label.PARAGRAPH,
            }
        ),
    )

    assert article.widgets == ()
    assert article.body_paragraphs[-3:] == ("Altmarkring", "30. Mai - 1. Juni", "Rennen So. 13:30 Uhr")


def test_blocks_keep_captions_where_they_stood():
    article = parse_text(
        STORY.replace("Zweiter Platz für Falbe", "Lindqvist im Ziel, Foto: Altmark GT\n\nZweiter Platz für Falbe")
    )

    assert [block.kind for block in article.blocks] == [Label.PARAGRAPH, Label.CAPTION, Label.SUBHEAD, Label.PARAGRAPH]


def test_without_a_date_the_year_of_a_box_is_a_doubt_and_said():
    text = STORY + "\nNächstes Event\n\nAltmarkring\n\n22. - 24. Mai\n\nRennen Sa. 13:30 Uhr\n"

    (guessed,) = parse_text(text, Wishes(today=TODAY)).widgets
    (unknown,) = parse_text(text).widgets

    assert (guessed.start, guessed.year_doubtful) == (dt.date(2026, 5, 22), True)
    assert (unknown.start, unknown.sessions[0].starts_at, unknown.year_doubtful) == (None, None, True)
    assert "Altmarkring: Das Jahr 2026 ist nur vermutet." in parse_text(text, Wishes(today=TODAY)).doubts


def test_the_date_of_the_text_goes_before_the_date_of_the_call():
    text = " date 2014-03 Toyota testet. Am Abend regnete es.\n\nMehr war nicht zu sehen.\n\nNächstes Event\n\nRing\n\n24. Mai\n\nRennen Sa. 13:30 Uhr\n"

    (widget,) = parse_text(text, Wishes(as_of=dt.date(2025, 5, 1))).widgets

    assert (widget.start, widget.year_doubtful) == (dt.date(2014, 5, 24), False)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b" \r\n\t\r\n", "Die Datei ist leer."),
        ("\u200b\n\u200b".encode(), "Der Text ist leer."),
        (b"a\0b", "NUL-Zeichen"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "Das ist ein Bild"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "Das ist ein Bild"),
        (bytes(range(1, 256)) * 8, "Zeichenkodierung"),
        (b"x" * (LIMIT + 1), "zu groß. Erlaubt sind 1000 kB"),
        (b"<div>" * 1_000 + b"x", "Ebenen verschachtelt"),
        (b"<!DOCTYPE html><html><body><nav>Start</nav></body></html>", "kein Artikel gefunden"),
        (b"<script>a</script><style>b</style><nav>Menu</nav>", "kein Artikel gefunden"),
        (b"a.\n" * MOST_LINES, "Zeilen"),
        (
            b"Teilen\n\nTeilen Weiterleiten\n\nWir nutzen Cookies auf unserer Website.\n",
            "kein Artikel gefunden",
        ),
    ],
    ids=[
        "empty",
        "blank",
        "invisible",
        "NUL",
        "binary",
        "JPEG",
        "binary without NUL",
        "too long",
        "open tags",
        "page",
        "markup",
        "lines",
        "furniture",
    ],
)
def test_what_is_no_article_is_refused_in_german(data, sentence):
    with pytest.raises(ArticleRefused, match=sentence):
        parse_bytes(data)


def test_mathematics_and_single_tags_are_text():
    article = parse_text("Rast gewinnt\n\nWer <b>fett</b> schreibt, meint x < y. Das bleibt stehen, wie es ist.\n")

    assert article.body_paragraphs == ("Wer <b>fett</b> schreibt, meint x < y. Das bleibt stehen, wie es ist.",)


MILLION = LIMIT - 2
HOSTILE = {
    "angle brackets": "<" * MILLION,
    "a.": "a." * (MILLION // 2),
    "entities": "&;" * (MILLION // 2),
    "clocks": "1:" * (MILLION // 2),
    "blanks": "x" + " " * (MILLION - 1) + "x",
    "carriage returns": "x" + "\r" * (MILLION - 1) + "x",
    "quotation marks": '"' * MILLION,
    "unclosed quotations": "„ab " * (MILLION // 4),
    "credits": "Foto: " * (MILLION // 6),
    "cookies": "Cookie. " * (MILLION // 8),
    "brackets": "(" * MILLION,
    "capitals": "A" * MILLION,
    "agencies": "\n\n".join(["(dpa) " * 20] * (MOST_LINES // 2 - 1)),
    "captions": "\n\n".join(f"Bild {n}, Foto: X{n}" for n in range(MOST_LINES // 2 - 1)),
    "rows": "Sa. 09:35 Uhr\n" * (MOST_LINES - 1),
    "clock rows": ("12:00 " * 20 + "\n") * (MOST_LINES - 1),
    "markers": "ADAC LIVE\nNächstes Event\n" * (MOST_LINES // 2 - 1),
    "ranges": "1. - 2. Mai\nOrt\n" * (MOST_LINES // 2 - 1),
    "television": "X im TV\nOrt\n" * (MOST_LINES // 2 - 1),
    "numbers": ("1. " * 46 + "\n") * (MOST_LINES - 1),
    "capital words": ("A " * 69 + "\n") * (MOST_LINES - 1),
    "full lines": "Aaaaa bbbbb ccccc ddddd eeeee fffff ggggg hhhhh iiiii jjjjj\n" * (MOST_LINES - 1),
    "colons": "A" + ":" * MILLION,
    "cells": ("a | " * 35 + "\n") * (MOST_LINES - 1),
    "tabs": ("a\t" * 100 + "\n") * (MOST_LINES - 1),
    "questions": "Haben Sie?\n\n" * (MOST_LINES // 2 - 1),
    "arrows": "» " * (MILLION // 2),
    "asides": "Über den Autor\nPressekontakt\n" * (MOST_LINES // 2 - 1),
    "menus": "a\nb\nc\n\n" * (MOST_LINES // 4 - 1),
    "links": "Mehr zum Thema\n\n- a\n- b\n\n" * (MOST_LINES // 6),
    "dates": "12.05.2024 | " * 12,
    "umlauts": "ä" * (MILLION // 2),
    "right to left": "\u202eمرحبا שלום " * 20_000,
    "bylines": "\n\n".join(["Von " + "A b " * 35] * (MOST_LINES // 2 - 1)),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_costs_two_seconds_a_hundred_kilobytes_at_most(text):
    """The largest texts that are read have three times that; none may cost more than its length."""
    started = time.process_time()
    with contextlib.suppress(ArticleRefused):
        parse_text(text, Wishes(today=TODAY))
    assert time.process_time() - started < 2 * max(1, len(text) / 100_000)


WITHOUT_MARK = ["utf-16-le", "utf-16-be", "mac_roman", "cp850", "iso-8859-1"]
TELLING = 4  # odd signs


@pytest.mark.parametrize(("file", "want"), OWN)
def test_an_encoding_without_a_mark_costs_no_point_where_several_signs_tell_it(file, want):
    text = decode_text(file.read_bytes(), limit=LIMIT).text
    told = text.isascii() or sum(not sign.isascii() for sign in text) >= TELLING
    written = [text.encode(encoding, "ignore") for encoding in WITHOUT_MARK]
    whole = [data for data, encoding in zip(written, WITHOUT_MARK, strict=True) if data.decode(encoding) == text]

    for data in whole if told else whole[:2]:
        assert misses(as_object(parse_bytes(data, Wishes(as_of=as_of(want)))), want)[1] == []


@pytest.mark.parametrize("text", ["Dušan Novák fuhr einen Škoda.", "Müller", "It’s “fine” – really.", "Łukasz Kręski"])
def test_one_odd_name_is_no_reason_for_another_encoding(text):
    encoding = "cp1252" if "Ł" not in text else "utf-8"

    assert decode_text(text.encode(encoding), limit=LIMIT).text == text
