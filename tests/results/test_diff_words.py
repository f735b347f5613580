"""What changed between two versions, in the sentences that readers see. Pure: no database."""

from dataclasses import replace

from results.diffs.lines import DiffLine, Ground
from results.diffs.words import sentences

NAMES = {7: ("Conway", "Kobayashi"), 8: ("Buemi",), 9: ("Makowiecki",)}


def line(number, position=None, **cells):
    return DiffLine((number, 1), str(number), NAMES.get(number, (f"Fahrer{number}",)), position=position, **cells)


def field(*numbers, **cells):
    return [
        line(number, place, gap_ms=5_000 * (place - 1) or None, **cells)
        for place, number in enumerate(numbers, start=1)
    ]


def said(before, after, **why):
    return [str(one) for one in sentences(before, after, **why)]


FIVE = Ground(27, 7, "5 Sekunden", "27")


def test_a_time_penalty_names_the_car_the_reason_and_who_moved_up():
    assert said(field(7, 8, 9), field(8, 9, 7), grounds=[FIVE]) == [
        "#7 Conway/Kobayashi: Platz 1 → 3 (5 Sekunden, Entscheidung 27)",
        "#8 Buemi rückt von 2 auf 1 vor",
        "#9 Makowiecki rückt von 3 auf 2 vor",
        "Alle Abstände beziehen sich auf den neuen Führenden, #8 Buemi",
    ]


def test_a_disqualified_winner_leaves_his_place_vacant():
    before = field(7, 8, 9)
    after = [before[1], before[2], line(7, status="dsq")]

    assert said(before, after, grounds=[Ground(30, 7, "disqualifiziert", "30")])[:2] == [
        "#7 Conway/Kobayashi: disqualifiziert, zuvor Platz 1 (disqualifiziert, Entscheidung 30)",
        "Platz 1 bleibt frei",
    ]


def test_an_excerpt_leaves_no_place_vacant():
    assert said(field(7, 8, 9), field(7, 8, 9)[1:], whole=False)[0] == (
        "#7 Conway/Kobayashi: nicht mehr im Ergebnis, zuvor Platz 1"
    )
    assert not any("bleibt frei" in one for one in said(field(7, 8), [line(8, 2)], whole=False))


def test_a_reinstated_car_is_back_and_says_which_decision_fell():
    before = [*field(8, 9), line(7, status="dsq")]
    fallen = Ground(30, 7, "disqualifiziert", "30", falls=True)

    assert said(before, field(7, 8, 9), grounds=[fallen])[:3] == [
        (
            "#7 Conway/Kobayashi: wieder in der Wertung, Platz 1, zuvor disqualifiziert "
            "(gilt nicht mehr: disqualifiziert, Entscheidung 30)"
        ),
        "#8 Buemi fällt von 1 auf 2 zurück",
        "#9 Makowiecki fällt von 2 auf 3 zurück",
    ]


def test_a_penalty_without_a_move_says_that_the_place_stays():
    before, after = field(7, 8), field(7, 8)
    after[0] = replace(after[0], penalty_ms=5_000)

    assert said(before, after, grounds=[FIVE]) == [
        "#7 Conway/Kobayashi: bleibt Platz 1 (5 Sekunden, Entscheidung 27); Strafe – → +5,000"
    ]


def test_a_place_in_the_class_is_told_where_it_differs_from_the_place_over_all():
    before = [line(7, 1, class_position=1, class_name="GT3"), line(8, 2, class_position=1, class_name="GT4"),
              line(9, 3, class_position=2, class_name="GT4")]  # fmt: skip
    after = [
        before[0],
        replace(before[2], position=2, class_position=1),
        replace(before[1], position=3, class_position=2),
    ]

    assert said(before, after) == [
        "#8 Buemi fällt von 2 auf 3 zurück, in der Klasse GT4 von 1 auf 2",
        "#9 Makowiecki rückt von 3 auf 2 vor, in der Klasse GT4 von 2 auf 1",
    ]


def test_a_class_alone_may_change():
    before = [line(7, 1, class_position=1, class_name="GT3"), line(8, 2, class_position=2, class_name="GT3")]
    after = [before[0], replace(before[1], class_position=None)]

    assert said(before, after) == ["#8 Buemi: in der Klasse GT3 Platz 2 → –"]


def test_a_vacant_place_in_a_class_is_told():
    before = [line(n, n, class_position=(n + 1) // 2, class_name="GT3" if n % 2 else "GT4") for n in range(1, 7)]
    after = [one for one in before if one.position != 3] + [
        replace(before[2], position=None, class_position=None, status="dsq")
    ]

    assert said(before, after)[1:] == ["Platz 3 bleibt frei", "Platz 2 in der Klasse GT3 bleibt frei"]


def test_a_field_that_moves_up_is_one_sentence_behind_the_podium():
    cars = range(1, 41)
    before, after = field(*cars), [*field(*cars[1:]), line(1, status="dsq")]

    assert said(before, after) == [
        "#1 Fahrer1: disqualifiziert, zuvor Platz 1",
        "#2 Fahrer2 rückt von 2 auf 1 vor",
        "#3 Fahrer3 rückt von 3 auf 2 vor",
        "#4 Fahrer4 rückt von 4 auf 3 vor",
        "36 Autos (bisher Plätze 5 bis 40) rücken je einen Platz vor",
        "Alle Abstände beziehen sich auf den neuen Führenden, #2 Fahrer2",
    ]


def test_gaps_alone_are_told_for_a_few_cars_and_counted_for_many():
    few = field(7, 8)
    assert said(few, [few[0], replace(few[1], gap_ms=7_000)]) == ["#8 Buemi: Abstand +5,000 → +7,000"]
    many = field(*range(1, 31))
    moved = [many[0], *(replace(one, gap_ms=one.gap_ms + 500) for one in many[1:])]
    assert said(many, moved) == ["Bei 29 Autos ändert sich der Abstand"]


def test_a_dead_heat_is_shared_and_leaves_nothing_vacant():
    before = field(7, 8, 9)
    after = [before[0], replace(before[1], position=1), before[2]]

    assert said(before, after) == [
        "#8 Buemi rückt von 2 auf 1 vor",
        "#7 Conway/Kobayashi und #8 Buemi teilen sich Platz 1",
    ]


def test_two_lines_of_one_shared_car_are_no_dead_heat():
    shared = [line(7, 1), replace(line(7, 1), key=(7, 2)), line(8, 2)]

    assert said(shared, shared) == []


def test_cars_that_keep_their_place_tell_their_figures():
    before, after = field(7, 8), field(7, 8)
    after[1] = replace(after[1], laps=99, best_lap_ms=106_250)
    before[1] = replace(before[1], laps=100)

    assert said(before, after) == ["#8 Buemi: Runden 100 → 99; beste Runde – → 1:46,250"]


def test_every_sentence_knows_the_decisions_behind_it():
    found = sentences(field(7, 8), field(8, 7), grounds=[FIVE], effects={(7, 1): (27,), (8, 1): (27, 31)})

    assert [(one.decisions, one.names_them) for one in found] == [((27,), True), ((27, 31), False), ((27, 31), False)]


def test_equal_versions_say_nothing():
    assert said(field(7, 8), field(7, 8)) == []
