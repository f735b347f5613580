import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.notation import (
    MAX_LAPS,
    MAX_MS,
    AmbiguousTimeError,
    Gap,
    NotationError,
    Penalty,
    format_duration,
    format_gap,
    format_lap_time,
    format_penalty,
    parse_article_time,
    parse_clock,
    parse_duration,
    parse_gap,
    parse_lap_time,
    parse_penalty,
)

LANGUAGES = st.sampled_from(["de", "en"])
TIMES = st.integers(0, MAX_MS)
GAPS = st.one_of(st.none(), TIMES.map(lambda ms: Gap(ms=ms)), st.integers(1, MAX_LAPS).map(lambda n: Gap(laps=n)))


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1:46.540", 106_540), ("1:46,250", 106_250), ("8:20,161", 500_161), ("53.276", 53_276), ("65.3", 65_300),
        ("6:01:29,5", 21_689_500), ("24:00:50.768", 86_450_768), ("1'58.056", 118_056), ("1’58.056", 118_056),
        ("5:44'41.101", 20_681_101), ("2h57:10.5", 10_630_500), ("75:00.000", 4_500_000), ("03.068", 3_068),
        ("1:46.5400", 106_540), ("1:46", 106_000), (" 1:46.540 ", 106_540), ("\u00a01:46.540", 106_540),
        ("1:46.540*", 106_540), ("24:00:18.099‡", 86_418_099), ("1:46.540 ¹", 106_540), ("1:46.540 [2]", 106_540),
        ("00.000", None), ("00,000", None), ("0:00.000", None), ("00:00:00", None), ("0.000", 0), ("0,000", 0),
    ],
)  # fmt: skip
def test_a_timing_file_prints_a_time(text, ms):
    assert parse_lap_time(text) == ms


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1:60.000", "Sekunden nur bis 59"), ("1:75:00.000", "Minuten nur bis 59"), ("-1:20.000", "negativ"), ("−53.2", "negativ"),
        ("NaN", "„N“"), ("nan", "„n“"), ("inf", "„i“"), ("1e9", "„e“"), ("1:20.1234567", "Nachkommastellen"), ("1:46.5401", "Zehntausendstel"),
        ("١:٢٠.٠٠٠", "gehört nicht hinein"), ("１:46.540", "gehört nicht hinein"), ("1:4٦.540", "gehört nicht hinein"),
        ("999999999:00:00.000", "so lange"), ("596:31:23.648", "so lange"), ("", "leer"), ("   ", "leer"), ("*", "leer"),
        ("1:46.", "erwartet"), (":46.2", "erwartet"), ("1:46:", "erwartet"), ("127", "erwartet"), ("1.47,049", "erwartet"),
        ("+1:46.2", "erwartet"), ("2h57", "fehlen die Minuten"), ("1:46.540\n1:47", "gehört nicht hinein"), ("1:46\u202e.5", "gehört nicht hinein"),
        ("1:46.540***********", "gehört nicht hinein"), ("x" * 61, "länger als 60"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_a_german_reason(text, why):
    with pytest.raises(NotationError, match="ist keine Zeit: ") as caught:
        parse_lap_time(text)
    assert why in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2h57m", 10_620_000), ("1m10s", 70_000), ("127s", 127_000), ("6 Stunden", 21_600_000), ("1 Std. 32 Min.", 5_520_000),
        ("1 minute 46.540 seconds", 106_540), ("24:00:50.768", 86_450_768), ("6:01:29,5", 21_689_500),
    ],
)  # fmt: skip
def test_a_duration_may_write_out_its_units(text, ms):
    assert parse_duration(text) == ms


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1:46,250 Minuten", 106_250), ("1:46.540 Minuten", 106_540), ("1.47,049 Minuten", 107_049), ("8.31,192 min.", 511_192),
        ("32.47,209", 1_967_209), ("1.32.47,209", 5_567_209), ("1.46.540", 106_540), ("6:01:29,5 Stunden", 21_689_500), ("6:01 Stunden", 21_660_000),
        ("0,290 Sekunden", 290), ("65 Sekunden", 65_000), ("8,5 Minuten", 510_000), ("24 Stunden", 86_400_000), ("1:46.540 minutes", 106_540),
        ("2h57m", 10_620_000), ("1m10s", 70_000), ("1 min 46,540 s", 106_540), ("53.276", 53_276), ("46.5", 46_500), ("1:46,250", 106_250),
        ("1'58.056 Minuten", 118_056), ("1:46,250\u00a0Minuten", 106_250),
    ],
)  # fmt: skip
def test_an_article_prints_a_time(text, ms):
    assert parse_article_time(text) == ms


@pytest.mark.parametrize(
    "text",
    [
        "1:46,250 Sekunden",
        "6:01:29 Minuten",
        "1:46,250 Stunden",
        "1.60,000 Minuten",
        "1.234,5 Sekunden",
        "0,2901 s",
        "00.000",
        "-1:46,250 Minuten",
        "Minuten",
        "drei Minuten",
    ],
)
def test_an_article_figure_that_contradicts_its_unit_is_refused(text):
    with pytest.raises(NotationError):
        parse_article_time(text)


def test_a_dot_alone_stays_ambiguous_until_somebody_decides():
    with pytest.raises(AmbiguousTimeError, match="1:47,000 oder 1,470") as caught:
        parse_article_time("1.47 Minuten")
    assert caught.value.readings == (107_000, 1_470)
    assert parse_article_time("1.47", dot="minutes") == 107_000
    assert parse_article_time("1.47", dot="decimal") == 1_470


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("+0.385", Gap(ms=385)), ("+1:14.834", Gap(ms=74_834)), ("0,290 Sekunden", Gap(ms=290)), ("2,624 Sek. zur.", Gap(ms=2_624)),
        ("0.29 s", Gap(ms=290)), ("03.068", Gap(ms=3_068)), ("+0.000", Gap(ms=0)), ("1 min 2,5 s", Gap(ms=62_500)),
        ("1 Lap", Gap(laps=1)), ("2 Laps", Gap(laps=2)), ("1 Laps", Gap(laps=1)), ("1 Runde", Gap(laps=1)), ("2 Runden", Gap(laps=2)),
        ("28 Rd.", Gap(laps=28)), ("-7 Rd.", Gap(laps=7)), ("- 2L", Gap(laps=2)), ("+6 laps", Gap(laps=6)), ("+1 lap", Gap(laps=1)),
        ("1 Runde zurück", Gap(laps=1)), ("-", None), ("–", None),
    ],
)  # fmt: skip
def test_a_gap_is_time_or_laps(text, gap):
    assert parse_gap(text) == gap


@pytest.mark.parametrize(
    "text", ["-0.385", "0 Runden", "99999 laps", "+-1", "", "1 Platz", "+NaN", "+1e9", "+٣ laps", "1.5 Laps"]
)
def test_what_is_no_gap_is_refused(text):
    with pytest.raises(NotationError):
        parse_gap(text)


@pytest.mark.parametrize(
    ("text", "penalty"),
    [
        ("30.000", Penalty(30_000)),
        ("1:05.000", Penalty(65_000)),
        ("-1 lap", Penalty(0, 1)),
        ("2:35.306/-1 lap", Penalty(155_306, 1)),
    ],
)
def test_a_penalty_is_time_laps_or_both(text, penalty):
    assert parse_penalty(text) == penalty
    assert parse_penalty(format_penalty(penalty)) == penalty


@pytest.mark.parametrize("text", ["/", "1/2", "30.000/", "-30.000", ""])
def test_what_is_no_penalty_is_refused(text):
    with pytest.raises(NotationError):
        parse_penalty(text)


def test_a_clock_shows_the_time_of_day():
    assert parse_clock("09:14:37.531") == 33_277_531
    assert parse_clock("18:30") == 66_600_000
    for text in ("24:00:00", "14:37.531.1", "37.531", "25:10", "9 Uhr"):
        with pytest.raises(NotationError, match=r"keine (Uhrzeit|Zeit)"):
            parse_clock(text)


@pytest.mark.parametrize(
    ("ms", "german", "english"),
    [
        (106_250, "1:46,250", "1:46.250"), (53_276, "53,276", "53.276"), (290, "0,290", "0.290"), (0, "0,000", "0.000"),
        (21_689_500, "6:01:29,500", "6:01:29.500"), (86_450_768, "24:00:50,768", "24:00:50.768"), (3_600_000, "1:00:00,000", "1:00:00.000"),
    ],
)  # fmt: skip
def test_times_are_printed_in_the_readers_language(ms, german, english):
    assert (format_lap_time(ms), format_lap_time(ms, "en")) == (german, english)
    assert (format_duration(ms), format_duration(ms, "en")) == (german, english)


def test_gaps_are_printed_in_the_readers_language():
    gaps = [Gap(ms=290), Gap(laps=1), Gap(laps=2), None]
    assert [format_gap(gap) for gap in gaps] == ["+0,290", "+1 Rd.", "+2 Rd.", "-"]
    assert [format_gap(gap, "en") for gap in gaps] == ["+0.290", "+1 lap", "+2 laps", "-"]


@given(ms=TIMES, language=LANGUAGES)
def test_a_printed_time_is_read_back(ms, language):
    text = format_lap_time(ms, language)
    assert parse_lap_time(text) == parse_duration(text) == ms


@given(ms=st.integers(1, MAX_MS), language=LANGUAGES)
def test_a_printed_time_is_read_back_from_an_article(ms, language):
    assert parse_article_time(format_lap_time(ms, language)) == ms


@given(gap=GAPS, language=LANGUAGES)
def test_a_printed_gap_is_read_back(gap, language):
    assert parse_gap(format_gap(gap, language)) == gap


@given(text=st.from_regex(r"\A(?:[0-9]{1,2}:)?(?:[0-5]?[0-9]:)?[0-5][0-9](?:[.,][0-9]{1,3})?\Z"))
def test_a_time_read_and_printed_means_the_same(text):
    ms = parse_lap_time(text)
    assert ms is None or parse_lap_time(format_lap_time(ms)) == ms


@given(text=st.text(max_size=80))
def test_any_text_is_a_time_or_a_named_error(text):
    for parse in (parse_lap_time, parse_duration, parse_clock, parse_article_time, parse_gap, parse_penalty):
        try:
            parse(text)
        except NotationError as error:
            assert str(error).isprintable()  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("unit", ["1:", "1", " ", "1.", "9'", "h", "+", "1 Runde", "*", "1 min "])
def test_a_hostile_text_costs_nothing(unit):
    text = unit * 100_000
    began = time.perf_counter()
    for parse in (parse_lap_time, parse_duration, parse_clock, parse_article_time, parse_gap, parse_penalty):
        with pytest.raises(NotationError):
            parse(text)
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize("ms", [-1, MAX_MS + 1])
def test_what_is_no_time_is_not_printed(ms):
    with pytest.raises(ValueError, match="is no time"):
        format_lap_time(ms)


@pytest.mark.parametrize("parts", [{}, {"ms": 1, "laps": 1}, {"ms": -1}, {"laps": 0}, {"laps": MAX_LAPS + 1}])
def test_a_gap_that_cannot_be_is_not_made(parts):
    with pytest.raises(ValueError, match="a gap is"):
        Gap(**parts)


@pytest.mark.parametrize(("text", "ms"), [("+127.345", 127_345), ("+100", 100_000), ("+ 99999.000", 99_999_000)])
def test_behind_a_plus_sign_seconds_may_be_a_hundred_and_more(text, ms):
    assert parse_gap(text) == Gap(ms=ms)


@pytest.mark.parametrize("text", ["127.345", "-127.345", "+1:127.345", "+1e9"])
def test_without_it_they_may_not(text):
    with pytest.raises(NotationError):
        parse_gap(text)
