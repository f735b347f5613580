"""What charts draw and say: every point is a value of the data, every value is in the table, and the bytes stay few."""

import gzip
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from bench.charts import field_of, race
from results import charts
from results.charts import gaps, lap_times, positions, stint_bars
from results.charts.drawing import path_of, strokes
from results.charts.field import Car, Spell
from results.charts.gaps import apart
from results.stints import Trace

SVG = "{http://www.w3.org/2000/svg}"
BUDGET = 60_000  # bytes, compressed


def car(number, places=(), gaps_ms=(), times_ms=(), *, pits=(), deleted=(), team="", **values):
    laps = max(len(places), len(gaps_ms), len(times_ms))
    cells = (tuple(cells) + (None,) * (laps - len(cells)) for cells in (places, gaps_ms, times_ms))
    return Car(number, team or f"Team {number}", Trace(*cells, tuple(pits), tuple(deleted)), **values)


def two_cars():
    """Seven leads, eight passes it in lap 3; eight comes in in lap 2 and has lap 1 deleted."""
    return [
        car("8", (2, 2, 1, 1), (500, 900, 0, 0), (101_000, 100_900, 99_100, 99_000), pits=(2,), deleted=(4,)),
        car("7", (1, 1, 2, 2), (0, 0, 250, 12_345), (100_500, 100_500, 100_250, 111_095)),
    ]


def points(path):
    """The points of a path as (x, y), a list for each unbroken line; `h` goes lap by lap."""
    lines = []
    command = ""
    for sign, numbers in re.findall(r"([Mhl])([-\d ]*)", path):
        command = sign
        values = [int(number) for number in re.findall(r"-?\d+", numbers)]
        if command == "M":
            lines.append([tuple(values)])
        elif command == "h":
            for _ in range(values[0]):
                x, y = lines[-1][-1]
                lines[-1].append((x + 1, y))
        else:
            for dx, dy in zip(values[::2], values[1::2], strict=True):
                x, y = lines[-1][-1]
                lines[-1].append((x + dx, y + dy))
    return lines


def drawn(chart):
    return {shape.number: {x: y for line in points(shape.line) for x, y in line} for shape in chart.shapes}


def svg(chart, **context):
    return render_to_string("results/charts/chart.svg", {"chart": chart, "name": "c", "heading": "Rennen", **context})


# --- lines -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.none() | st.integers(-9, 9), max_size=30))
def test_a_path_goes_through_every_value_and_no_other_point(values):
    lines = points(path_of(values))

    assert {x: y for line in lines for x, y in line} == {
        x: value for x, value in enumerate(values, start=1) if value is not None
    }
    for before, after in pairwise(lines):
        assert after[0][0] > before[-1][0] + 1  # a gap in the data is a gap in the line


def test_a_value_alone_is_a_dot():
    assert path_of([None, 3, None]) == "M2 3h0"


def test_a_path_is_written_short():
    assert path_of([3, 3, 3, 5, 4, None, 1, 1]) == "M1 3h2l1 2 1-1M7 1h1"


# --- what is drawn ---------------------------------------------------------------------------------------------------


def test_positions_are_drawn_as_they_are():
    assert drawn(positions.draw(two_cars())) == {"7": {1: 1, 2: 1, 3: 2, 4: 2}, "8": {1: 2, 2: 2, 3: 1, 4: 1}}


def test_gaps_are_drawn_in_tenths():
    assert drawn(gaps.draw(two_cars())) == {"7": {1: 0, 2: 0, 3: 2, 4: 123}, "8": {1: 5, 2: 9, 3: 0, 4: 0}}


def test_lap_times_are_drawn_in_hundredths_upside_down():
    chart = lap_times.draw(two_cars())

    assert drawn(chart)["8"] == {1: -10100, 2: -10090, 3: -9910, 4: -9900}
    assert chart.plot.top < -9900 < chart.plot.bottom


def test_every_car_of_a_whole_day_is_drawn_point_by_point():
    field = field_of(race(cars=12, laps=60))

    assert drawn(positions.draw(field)) == {one.number: dict(enumerate(one.trace.positions, 1)) for one in field}


def test_what_is_not_known_is_not_drawn():
    field = [car("7", (1, None, 1), (0, None, 0), (100_000, None, 99_000))]

    for chart in (positions.draw(field), gaps.draw(field), lap_times.draw(field)):
        assert set(drawn(chart)["7"]) == {1, 3}
        assert len(points(chart.shapes[0].line)) == 2


def test_laps_into_the_pits_are_rings_on_the_line_and_deleted_ones_crosses():
    shape = next(shape for shape in lap_times.draw(two_cars()).shapes if shape.number == "8")

    assert points(shape.rings) == [[(2, -10090)]]
    assert [text.text for text in shape.texts if text.kind == "cross"] == ["×"]
    assert shape.stops


def test_lap_times_show_the_first_three_of_the_result_and_gaps_the_first_ten():
    field = [car(str(n), (n,), (n * 1000,), (100_000 + n,)) for n in range(1, 15)]

    assert [shape.number for shape in lap_times.draw(field).shapes] == ["1", "2", "3"]
    assert len(gaps.draw(field).shapes) == 10
    assert [shape.number for shape in gaps.draw(field, ["12", "3"]).shapes] == ["3", "12"]


def test_stints_are_bars_from_the_first_to_the_last_lap():
    spells = (Spell("Ada", 1, 1, 20, 20, ends_in_pit=True), Spell("Bea", 2, 21, 22, 2))
    chart = stint_bars.draw([car("7", times_ms=(1,) * 22, spells=spells)])

    assert [(bar.x, bar.width, bar.name) for bar in chart.shapes[0].bars] == [
        (0, 20, "Ada, Runde 1 bis 20"),
        (20, 2, "Bea, Runde 21 bis 22"),
    ]
    assert [text.text for text in chart.shapes[0].texts] == ["#7", "Ada", "Bea"]


def test_a_bar_too_short_for_a_name_carries_its_letters_or_the_seat():
    spells = (Spell("Oberhuber", 1, 1, 3, 3), Spell("Oberhuber", 2, 4, 4, 1), Spell("", None, 5, 100, 96))
    chart = stint_bars.draw([car("7", times_ms=(1,) * 100, spells=spells)])

    assert [text.text for text in chart.shapes[0].texts] == ["#7", "OBE", "2"]


@given(st.lists(st.integers(0, 100), max_size=7))
def test_labels_are_moved_apart_and_keep_their_order(rows):
    moved = apart(rows, least=14, most=100)

    order = sorted(range(len(rows)), key=lambda place: rows[place])
    for before, after in pairwise(order):
        assert moved[after] - moved[before] >= 14
    assert all(row <= 100 for row in moved)


# --- looks -----------------------------------------------------------------------------------------------------------


def test_thirty_two_cars_of_one_class_all_look_different_even_without_the_tone_of_their_neighbour():
    looks = strokes([car(str(n)) for n in range(32)])

    assert len({(look.tone, look.dash) for look in looks.values()}) == 32
    for before, after in pairwise(looks.values()):
        assert before.dash != after.dash


def test_cars_of_one_class_look_alike_where_there_are_several_classes_and_the_legend_names_them():
    field = [
        car("7", (1,), class_name="GT3"),
        car("8", (2,), class_name="GT4", class_sequence=1),
        car("9", (3,), class_name="GT3"),
    ]
    looks = strokes(field)

    assert looks["7"] == looks["9"] != looks["8"]
    assert [key.text for key in positions.draw(field).keys] == ["GT3", "GT4"]


def test_chosen_cars_are_strong_and_in_the_legend_all_others_faint():
    chart = positions.draw(two_cars(), ["7"])

    assert {shape.number: shape.stroke.weight for shape in chart.shapes} == {"7": "strong", "8": "faint"}
    assert [shape.number for shape in chart.shapes][-1] == "7"  # drawn on top
    assert [key.text for key in chart.keys] == ["#7 Team 7"]


# --- what is said ----------------------------------------------------------------------------------------------------


def test_the_summary_of_positions_says_who_led_how_long_and_who_gained():
    field = [*two_cars(), car("9", (9, 8, 5, 3)), car("6", (3, 3, 3), team="Früh raus")]

    assert positions.draw(field).summary == (
        "#7 Team 7 führte in 2 von 4 Runden, #8 Team 8 in 2.",
        "An der Ziellinie wechselte die Führung 1-mal.",
        "Die meisten Plätze gewann #9 Team 9: von Rang 9 nach Runde 1 auf Rang 3.",
    )


def test_a_leader_nobody_knows_is_said_to_be_unknown():
    assert positions.draw([car("7", (1, None, 1))]).summary[1:] == (
        "Die Führung wechselte nie.",
        "Am Ende von 1 Runde ist der Führende nicht bekannt.",
    )


def test_further_leaders_are_counted():
    field = [car(str(n), (None,) * n + (1,)) for n in range(5)]

    assert positions.draw(field).summary[0].endswith("Auch 2 weitere Autos führten.")


def test_without_a_clock_positions_and_gaps_say_so():
    field = [car("7", times_ms=(100_000,))]

    for chart in (positions.draw(field), gaps.draw(field)):
        assert chart.summary == (
            "Die Quelle nennt keine Uhrzeiten, die Reihenfolge nach Runden ist deshalb nicht bekannt.",
        )


def test_the_summary_of_gaps_says_the_lead_at_the_end_and_the_largest_one():
    assert gaps.draw(two_cars()).summary == (
        "Nach 4 Runden lag #8 Team 8 um 12,345 Sekunden vor #7 Team 7.",
        "Den größten Vorsprung hatte #8 Team 8 in Runde 4: 12,345 Sekunden.",
    )


def test_the_summary_of_lap_times_leaves_deleted_laps_out():
    assert lap_times.draw(two_cars()).summary == (
        "Die schnellste Runde von allen fuhr #8 Team 8 in Runde 3: 1:39,100 Minuten.",
        "#8 Team 8: schnellste Runde 1:39,100 Minuten (Runde 3), 1 Stopp, 1 Runde gestrichen.",
        "#7 Team 7: schnellste Runde 1:40,250 Minuten (Runde 3).",
    )


def test_the_summary_of_stints_counts_the_stops():
    spells = (Spell("Ada", 1, 1, 20, 20, ends_in_pit=True), Spell("Bea", 2, 21, 22, 2))

    assert stint_bars.draw([car("7", spells=spells)]).summary == (
        "1 Stopp insgesamt, die meisten von #7 Team 7: 1.",
        "Der längste Stint hatte 20 Runden: #7 Team 7, Ada, Runde 1 bis 20.",
    )


def test_a_source_without_marks_for_the_pits_is_not_taken_for_a_race_without_stops():
    said = stint_bars.draw([car("7", spells=(Spell("Ada", 1, 1, 9, 9),))]).summary[0]

    assert said.startswith("Die Quelle kennzeichnet keine Runden in die Box")


# --- tables ----------------------------------------------------------------------------------------------------------


def test_the_tables_hold_every_value():
    field = two_cars()

    assert positions.draw(field).table().rows == (("#8 Team 8", "2", "2", "1", "1"), ("#7 Team 7", "1", "1", "2", "2"))
    assert gaps.draw(field).table().rows[1] == ("#7 Team 7", "0", "0", "+0,250", "+12,345")
    assert lap_times.draw(field).table().rows[1::2] == (
        ("2", "1:40,900 (Box)", "1:40,500"),
        ("4", "1:39,000 (gestrichen)", "1:51,095"),
    )


def test_a_table_tells_unknown_values_from_laps_never_driven():
    field = [car("7", (1, 1, 1)), car("8", (2, None))]

    assert positions.draw(field).table().rows[1] == ("#8 Team 8", "2", "–", "")


def test_the_table_of_stints_says_when_and_how_long():
    spells = (
        Spell("Ada", 1, 1, 2, 2, 201_000, 100_000, 65_000, ends_in_pit=True),
        Spell("", 2, 3, 3, 1, ends_in_pit=True),
    )

    assert stint_bars.draw([car("7", spells=spells)]).table().rows == (
        ("#7 Team 7", "Ada", "1–2", "2", "3:21,000", "1:40,000", "1:05,000"),
        ("#7 Team 7", "2", "3–3", "1", "–", "–", "ja"),
    )


# --- the SVG ---------------------------------------------------------------------------------------------------------


def whole_field():
    return field_of(race(cars=6, laps=40))


@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("kind", charts.KINDS)
def test_every_chart_is_well_formed_and_names_and_describes_itself(kind, standalone):
    chart = charts.draw(kind, whole_field())
    root = ET.fromstring(svg(chart, standalone=standalone))

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-title c-desc"
    assert root.find(f"{SVG}title").text == f"Rennen: {chart.title}"
    assert root.find(f"{SVG}desc").text == " ".join([chart.description, *chart.summary])
    names = [group.find(f"{SVG}title").text for group in root.iter(f"{SVG}g") if group.get("data-car")]
    assert sorted(names) == sorted(shape.name for shape in chart.shapes)


@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("kind", charts.KINDS)
def test_no_chart_needs_what_the_policy_forbids(kind, standalone):
    drawing = svg(charts.draw(kind, whole_field()), standalone=standalone)

    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href=", drawing)


@pytest.mark.parametrize("kind", charts.KINDS)
def test_a_picture_that_stands_alone_carries_its_looks(kind):
    root = ET.fromstring(svg(charts.draw(kind, whole_field()), standalone=True))

    assert root.get("width") == "1000"
    for path in root.iter(f"{SVG}path"):
        assert path.get("stroke") or path.get("class") is None
    assert all(text.get("fill") or text.get("class") is None for text in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("kind", charts.KINDS)
def test_a_hostile_name_stays_text(kind, standalone):
    bad = '"><script>alert(1)</script>&'
    field = [car("7", (1,) * 99, (0,) * 99, (1,) * 99, team=bad, class_name=bad, spells=(Spell(bad, 1, 1, 99, 99),))]

    root = ET.fromstring(svg(charts.draw(kind, field), standalone=standalone, heading=bad))

    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize("kind", charts.KINDS)
def test_sixty_cars_and_four_hundred_laps_stay_below_sixty_kilobytes(kind):
    field = field_of(race())

    drawing = svg(charts.draw(kind, field, [one.number for one in field]))

    assert len(gzip.compress(drawing.encode())) < BUDGET


@pytest.mark.parametrize("kind", charts.KINDS)
def test_cars_without_a_single_value_make_an_empty_picture(kind):
    ET.fromstring(svg(charts.draw(kind, [car("7"), car("8", (None,), (None,), (None,))])))
