"""Amounts and laps as people type them at the desk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.deletions import Clue
from results.notation import DAY
from results.rulings.amounts import LONGEST_MS, AmountRefused, amount_as_typed, read_amount
from results.rulings.said_laps import LapsRefused, laps_as_typed, read_laps


@pytest.mark.parametrize(
    ("kind", "text", "amount"),
    [
        ("time", "5 s", 5_000), ("time", "5", 5_000), ("time", "+5 Sekunden", 5_000), ("time", "5,5", 5_500),
        ("time", "1:00", 60_000), ("time", "1:05,250", 65_250), ("time", "1 min", 60_000), ("time", "90 Sek.", 90_000),
        ("time", "2:35.306", 155_306), ("time", "1h", 3_600_000), ("time", "0,5 s", 500),
        ("laps", "2 Runden", 2), ("laps", "1 Rd.", 1), ("laps", "1", 1), ("laps", "2 laps", 2),
        ("places", "3 Plätze", 3), ("places", "1 Platz", 1), ("places", "3 Positionen", 3), ("places", "3", 3),
        ("grid", "5 Startplätze", 5), ("grid", "10 Pl.", 10),
        ("warning", "", None), ("disqualified", "  ", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_by_its_kind(kind, text, amount):
    assert read_amount(kind, text) == amount


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("time", "", "Hier fehlt der Umfang: erwartet wird zum Beispiel 5 s, 5 oder 1:00."),
        ("time", "2 Runden", "„2 Runden“ ist keine Zeit"), ("time", "0", "mehr als nichts"), ("time", "-5", "keine Zeit"),
        ("time", "25h", "ist zu viel"), ("time", "99999", "ist zu viel"), ("time", "NaN", "keine Zeit"), ("time", "٥", "keine Zeit"),
        ("laps", "5 s", "„5 s“ ist keine Zahl von Runden: erwartet wird zum Beispiel 2 Runden oder 2."),
        ("laps", "99999", "ist zu viel"), ("laps", "1,5", "keine Zahl von Runden"),
        ("places", "2 Runden", "keine Zahl von Plätzen"), ("grid", "0", "mehr als nichts"),
        ("warning", "5 s", "hat keinen Umfang"),
    ],
)  # fmt: skip
def test_what_is_no_amount_of_the_kind_is_said_in_german(kind, text, said):
    with pytest.raises(AmountRefused) as refusal:
        read_amount(kind, text)

    assert said in str(refusal.value)


@given(st.sampled_from(["time", "laps", "places", "grid"]), st.integers(1, 32_767), st.integers(1, LONGEST_MS))
def test_what_stands_in_the_field_is_read_back(kind, count, time):
    amount = time if kind == "time" else count

    assert read_amount(kind, amount_as_typed(kind, amount)) == amount


@pytest.mark.parametrize(
    ("text", "clues"),
    [
        ("6", [Clue(lap=6)]), ("Runde 6 und Runde 7", [Clue(lap=6), Clue(lap=7)]), ("6, 7; 6", [Clue(lap=6), Clue(lap=7)]),
        ("8:03,370", [Clue(lap_ms=483_370)]), ("59.276", [Clue(lap_ms=59_276)]),
        ("09:59:44 Uhr\n6", [Clue(day_ms=35_984_000), Clue(lap=6)]), ("", []),
    ],
)  # fmt: skip
def test_laps_are_named_by_number_time_or_hour(text, clues):
    assert list(read_laps(text)) == clues


@pytest.mark.parametrize("text", ["8:03", "0", "sechs", "25:00:00", "1:60,000", "6;;x"])
def test_what_names_no_lap_is_refused(text):
    with pytest.raises(LapsRefused):
        read_laps(text)


@given(
    st.lists(
        st.builds(Clue, lap=st.integers(1, 9_999)) | st.builds(Clue, lap_ms=st.integers(1, 3_599_999))
        | st.builds(Clue, day_ms=st.integers(0, DAY - 1)),
        max_size=5, unique=True,
    )
)  # fmt: skip
def test_laps_are_read_back_as_they_stand_in_the_field(clues):
    assert list(read_laps(laps_as_typed(clues))) == clues
