"""The grammar: notations of racing prose, names, scenes; each as claims of a sentence."""

import pytest

from articles.factcheck.claims import read_claims
from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.speech import speech_spans
from articles.factcheck.grammar.tokens import cut
from tests.articles.factcheck.desk import SHEET


def values(text, kind):
    return [claim.value for claim in read_claims(text, SHEET) if claim.type == kind]


@pytest.mark.parametrize(
    ("printed", "ms"),
    [
        ("1:46,250 Minuten", 106_250), ("1:46.540 Minuten", 106_540), ("1.47,049 Minuten", 107_049), ("8.31,192 min.", 511_192),
        ("8:20,161", 500_161), ("1m23.570s", 83_570), ("6:01:29,5 Stunden", 21_689_500), ("1'58.056", 118_056),
    ],
)  # fmt: skip
def test_lap_times_are_read_in_every_notation(printed, ms):
    assert values(f"Im Qualifying fuhr Condor mit einer Zeit von {printed} vorneweg.", "lap_time") == [ms]


@pytest.mark.parametrize(
    ("printed", "ms"),
    [
        ("0,290 Sekunden", 290), ("2,624 Sek.", 2_624), ("zwei Zehntel", 200), ("46 Tausendstel", 46), ("elf Hundertstel", 110),
        ("eine halbe Sekunde", 500), ("65 Sekunden", 65_000), ("eine Tausendstelsekunde", 1), ("+0,527", 527), ("three tenths", 300),
    ],
)  # fmt: skip
def test_gaps_are_read_in_figures_and_in_words(printed, ms):
    assert values(f"Im Qualifying hatte Condor {printed} Rückstand.", "gap_time") == [ms]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Condor wurde Zweite.", 2), ("Condor landete auf Platz zwei.", 2), ("Condor belegte den 14. Rang.", 14),
        ("Condor kam auf P10.", 10), ("Condor wurde im Rennen 19.", 19), ("Condor finished third.", 3),
        ("Condor, am Ende Drittplatzierte, lachte.", 3), ("Dritte wurde Condor.", 3), ("Condor was runner-up.", 2),
    ],
)  # fmt: skip
def test_places_are_read_in_every_notation(text, place):
    assert values(text, "position") == [place]


@pytest.mark.parametrize(
    "text", ["Auf Platz drei fehlten Condor 14 Sekunden.", "Der zweite Stint lief gut.", "Im dritten Jahr kam er."]
)
def test_not_every_ordinal_is_a_place(text):
    assert values(text, "position") == []


@pytest.mark.parametrize("text", ["#7", "Startnummer 7", "Nr. 7", "No. 7", "Nummer 7"])
def test_car_numbers_are_read_in_every_writing(text):
    assert values(f"Der Toyota {text} von Bussard lag vorne.", "car_number") == ["7"]


def test_numbers_in_words_are_inflected_and_compound():
    assert [cardinal(word) for word in ("einundzwanzig", "zwolf", "einer", "twenty", "platz")] == [21, 12, 1, 20, None]
    assert [ordinal(word) for word in ("dritter", "zwanzigsten", "13th", "fifth", "drei")] == [3, 20, 13, 5, None]


def test_a_dot_ends_a_sentence_but_no_ordinal_abbreviation_or_figure():
    text = "Auf Rang 13. Kauz kam in der 22. Runde mit 1.47,049 min. als L. Lerche. Ende."
    assert [text[sentence.start : sentence.end] for sentence in cut(text).sentences] == [
        "Auf Rang 13.",
        "Kauz kam in der 22. Runde mit 1.47,049 min. als L. Lerche.",
        "Ende.",
    ]


def test_spans_are_code_points_of_the_text():
    text = "🏁 Im Qualifying fuhr Condor 1:35,416 Minuten."
    claim = next(claim for claim in read_claims(text, SHEET) if claim.type == "lap_time")
    assert text[claim.start : claim.end] == claim.text == "1:35,416 Minuten"


def test_speech_is_found_in_every_kind_of_quotation_marks_and_short_quotes_are_none():
    text = '„Das war sehr gut“, sagte er. «Das war gut, ja», und "das war gut so". Der "Grello" kam.'
    assert [text[start:end] for start, end in speech_spans(text)] == [
        "„Das war sehr gut“",
        "«Das war gut, ja»",
        '"das war gut so"',
    ]


def test_a_mark_without_its_partner_quotes_to_the_end_of_the_paragraph_only():
    text = "„Das war sehr gut, sagte er.\nCondor wurde Zweite."
    assert speech_spans(text) == [(0, text.index("\n"))]


def test_inflected_compound_and_accentless_names_are_found():
    text = "Condors Bestzeit im Falke-Toyota überraschte. Er fuhr 1:35,416 Minuten."
    assert {claim.subject.cars for claim in read_claims(text, SHEET) if claim.type == "lap_time"} == {("8",)}


@pytest.mark.parametrize(
    ("stems", "found"),
    [
        (("rund",), {"rennrunden", "rundengleich"}),
        (("rund", "renn"), {"rennrunden", "rundengleich"}),
        (("gleich", "zwei"), {"rundengleich", "zwei", "zweite"}),
        (("lap",), set()),
    ],
)
def test_the_words_of_a_text_are_found_by_what_they_hold(stems, found):
    assert cut("Zwei Rennrunden später: rundengleich, die Zweite.").words_with(stems) == found
