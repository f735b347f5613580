"""Rules as text: what is written comes back, and every fault is named with its line."""

import json

import pytest

from results.points import packs
from results.points.packs import PackRefused, read_rules
from results.points.rule_shapes import SHAPES
from results.points.rule_text import RulesRefused, as_text, read_text


def seasons():
    """The words of every championship of every pack in every season."""
    for pack in packs.packs():
        for key in pack.championships:
            for season in range(1946, 2030):
                try:
                    yield pack.said(key, season), pack.championships[key]["subject"]
                except PackRefused:
                    continue


def test_the_text_of_every_season_reads_back_as_it_was():
    for said, subject in seasons():
        plain = json.loads(json.dumps(said))
        assert read_text(as_text(said), key="x", subject=subject)[0] == plain


def faults(text):
    with pytest.raises(RulesRefused) as refused:
        read_text(text, key="x", subject="driver")
    return [(one.line, one.reason) for one in refused.value.faults]


def test_faults_of_shape_and_of_meaning_are_all_named_each_in_its_line():
    found = faults(
        '{"scores": [{"table": [10,\n "neun"]}],\n"lists": "alle",\n"ties": ["countback",\n"los"],\n"foo": 1,\n'
        '"drops": [{"best": 1},\n{"best": 0}]}'
    )

    assert [line for line, _reason in found] == [2, 3, 5, 6, 8]
    assert "„neun“ ist keine Zahl" in found[0][1]
    assert "„foo“ ist kein Wort" in found[3][1]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "Hier stimmt das JSON nicht"),
        ('{"scores": [{"table": [1,]}]}', 1, "Spalte 25"),
        ('{"scores": [{"table": [1]}],\n "ties": []\n "lists": "scorers"}', 3, "Hier stimmt das JSON nicht"),
        ('{"scores": [{"table": [1, NaN]}]}', 1, "Hier stimmt das JSON nicht"),
        ('{"ties": [],\n"ties": []}', 2, "„ties“ steht zweimal da"),
        ("[]", 1, "geschweiften Klammern"),
        ("{}", None, "was ein Platz wert ist"),
        ('{"scores": [{"table": [1]}],\n"cars": "zwei"}', 2, "ganze Zahl von 1 bis 1000"),
        ('{"scores": [{"table": [1]},\n{"table": [1, 2]}]}', 2, "mehr wert"),
        ('{"scores": [{"table": [1]}],\n"shares": {"x": "1/2"}}', 2, "keine Nummer eines Laufs"),
        ('{"scores": [{"table": [1], "factor": "1/0"}]}', 1, "Faktor von 0 bis 10"),
        ('{"scores": [{"table": [1e9]}]}', 1, "höchstens 1000 Punkte"),
        (
            '{"scores": [{"table": [1]}], "exclusions": [{"competitor": "a", "printed": "VIEL ZU LANG"}]}',
            1,
            "8 Zeichen",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(text, line, said):
    (found,) = faults(text)

    assert found[0] == line
    assert said in found[1]


def test_a_text_without_end_is_refused():
    assert "zu lang" in faults("{" * 200_000)[0][1]
    assert "verschachtelt" in faults("[" * 90_000)[0][1]


def test_every_word_of_the_rules_has_a_shape():
    assert set(SHAPES) == set(packs.RULE_WORDS)


@pytest.mark.parametrize("word", sorted(SHAPES))
@pytest.mark.parametrize("value", [None, 7.5, True, "x", [1.5], [[]], {"a": {}}, {"1": [{}]}, [{"best": "x"}], -1])
def test_whatever_stands_in_a_word_is_read_or_refused_in_words(word, value):
    assert refusal_of({"scores": [{"table": [1]}], word: value}).startswith("Hier: ")


def refusal_of(said):
    """The sentence with which rules are refused; for good ones only its beginning."""
    try:
        read_rules(said, key="x", subject="driver", place="Hier")
    except PackRefused as refusal:
        return str(refusal)
    return "Hier: "
