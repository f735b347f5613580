"""Tables on paper come back cell by cell: ruled and not, over pages, wrapped, turned, in columns of blanks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from results.importers.pdf.reading import sheet_of
from results.importers.records import FileRefused
from tests.results.printed_pages import drawn, name, printed, race

HEAD = ["Pos", "Nr", "Fahrer", "Team", "Klasse", "Kl-Pos", "Runden", "Zeit", "Abstand", "Beste Runde"]
FIGURES = (0, 1, 5, 6, 7, 8, 9)


def sheet(*arguments, **values):
    return sheet_of(printed(*arguments, **values))


def cells(found):
    return [row for _line, row in found.rows]


def crews(rows, count=lambda place: 2 + place % 3):
    return [
        [*row[:2], "\n".join(name(place * 3 + seat) for seat in range(count(place))), *row[3:]]
        for place, row in enumerate(rows)
    ]


@pytest.mark.parametrize(
    "how",
    [
        {}, {"ruled": True}, {"zebra": True}, {"right": FIGURES}, {"right": FIGURES, "pad": 1.5}, {"wide": True, "ruled": True},
        {"per_page": 30, "right": (0, 1, 6)}, {"per_page": 30, "repeat": False}, {"per_page": 30, "repeat": False, "ruled": True},
        {"per_page": 21, "ruled": True}, {"per_page": 60}, {"per_page": 60, "repeat": False}, {"size": 6}, {"turned": ("Nr", "Kl-Pos", "Runden")},
        {"turned": ("Nr", "Kl-Pos", "Runden"), "ruled": True},
    ],
    ids=str,
)  # fmt: skip
def test_every_cell_comes_back_as_it_was_printed(how):
    rows = race(62 if "per_page" in how else 30)

    found = sheet(HEAD, rows, above=["Rennen 1", "Vorläufiges Ergebnis"], below=["Wetter: sonnig, 21 Grad"], **how)

    assert (list(found.header), cells(found)) == (HEAD, rows)
    assert found.above == ("Rennen 1", "Vorläufiges Ergebnis")
    assert (found.below, found.strange, found.unsure) == (("Wetter: sonnig, 21 Grad",), (), ())


@pytest.mark.parametrize("how", [{}, {"middle": True}, {"ruled": True, "middle": True}, {"ruled": True}], ids=str)
@pytest.mark.parametrize("per_page", [None, 7])
@pytest.mark.parametrize("count", [lambda _place: 3, lambda place: 2 + place % 3], ids=["threes", "mixed"])
def test_crews_over_several_lines_stay_in_their_row(how, per_page, count):
    rows = crews(race(20), count)
    assert cells(sheet(HEAD, rows, per_page=per_page, **how)) == rows


def test_wrapped_teams_are_one_text_and_a_hyphen_joins():
    rows = race(12)
    wrapped = [[*row[:3], "Dempsey Del\nPiero-\nProton", *row[4:]] for row in rows]
    expected = [[*row[:3], "Dempsey Del Piero-Proton", *row[4:]] for row in rows]
    assert cells(sheet(HEAD, wrapped, ruled=True)) == expected
    assert cells(sheet(HEAD, wrapped)) == expected


@pytest.mark.parametrize("ruled", [True, False])
def test_a_head_of_two_lines_names_each_column_once(ruled):
    head = [
        ["Pos", "Start-", "Fahrer", "Team", "Klasse", "Platz", "Runden", "Gesamt-", "Rück-", "Beste"],
        ["", "nummer", "", "", "", "Klasse", "", "zeit", "stand", "Runde"],
    ]
    found = sheet(head, race(20), heads=2, ruled=ruled)
    assert found.header == (
        "Pos", "Startnummer", "Fahrer", "Team", "Klasse", "Platz Klasse", "Runden", "Gesamtzeit", "Rückstand", "Beste Runde",
    )  # fmt: skip
    assert cells(found) == race(20)


@pytest.mark.parametrize("ruled", [True, False])
def test_a_name_over_several_columns_completes_those_it_makes_known(ruled):
    rows = [[*row[:7], row[9], "12", "180.2"] for row in race(20)]
    head = [["", "", "", "", "", "", "", "Best Lap", "", ""], ["Pos", "No", "Driver", "Team", "Class", "PIC", "Laps", "Time", "No", "Kph"]]  # fmt: skip
    found = sheet(head, rows, heads=2, spans=[(7, 9)], ruled=ruled)
    assert found.header[7] == "Best Lap Time"
    assert cells(found) == rows


def test_the_column_of_places_may_have_no_name_and_cells_may_be_empty():
    rows = race(25)
    for place in (3, 9, 17):
        rows[place][9] = rows[place][3] = ""
    found = sheet(["", *HEAD[1:]], rows)
    assert (found.header[0], cells(found)) == ("", rows)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_table_of_very_few_rows_is_one(count):
    assert cells(sheet(HEAD, race(count))) == race(count)
    assert cells(sheet(HEAD, race(count), ruled=True)) == race(count)


def test_sections_say_what_became_of_the_cars_below_them():
    rows = race(12)
    for row in rows[8:]:
        row[0] = row[5] = row[8] = ""
    found = sheet(HEAD, rows, sections={8: "Nicht gewertet", 10: "Ausgefallene Fahrzeuge:"})
    assert found.header == (*HEAD, "Status")
    assert [row[-1] for row in cells(found)] == [""] * 8 + ["NC"] * 2 + ["DNF"] * 2


def test_classes_printed_one_below_the_other_become_a_column():
    head = [name for name in HEAD if name != "Klasse"]
    rows = [row[:4] + row[5:] for row in race(9)]
    found = sheet(head, rows, sections={0: "Klasse SP9 Pro", 5: "Klasse V5"})
    assert found.header == (*head, "Klasse")
    assert [row[-1] for row in cells(found)] == ["SP9 Pro"] * 5 + ["V5"] * 4


def test_a_line_between_the_rows_that_is_none_is_not_lost():
    found = sheet(HEAD, race(12), sections={6: "Hier beginnt der zweite Teil der Tabelle mit einem Satz"})
    assert cells(found) == race(12)
    assert [text for _line, text in found.strange] == ["Hier beginnt der zweite Teil der Tabelle mit einem Satz"]


def test_rows_of_a_page_whose_columns_stand_elsewhere_are_not_taken_for_notes():
    names, one = ["Pos", "Nr", "Fahrer", "Runden"], ["1", "7", "Ada Eins", "30"]
    first = [(x, 100 + 14 * line, text, 9) for line, row in enumerate([names, one, ["2", "8", "Bea Zwei", "29"]]) for x, text in zip((40, 80, 120, 300), row, strict=True)]  # fmt: skip
    second = [(x, 100, text, 9) for x, text in zip((200, 236, 330, 500), ["3", "9", "Cleo Drei", "28"], strict=True)]
    found = sheet_of(drawn([first, second]))
    assert len(found.rows) + len(found.strange) == 3


def test_a_second_table_is_named_and_not_mixed_in():
    data = drawn(
        [
            [(x, 100 + 14 * line, text, 9) for line, row in enumerate(rows) for x, text in zip((40, 80, 120, 300), row, strict=True)]
            for rows in (
                [["Pos", "Nr", "Fahrer", "Runden"], ["1", "7", "Ada Eins", "30"], ["2", "8", "Bea Zwei", "29"]],
                [["Rang", "Team", "Punkte", "Abstand"], ["1", "Nord", "25", "-"], ["2", "Süd", "18", "7"]],
            )
        ]
    )  # fmt: skip
    found = sheet_of(data)
    assert (len(found.rows), found.other_tables) == (2, (2,))


def test_a_page_without_a_head_is_refused_in_words():
    with pytest.raises(FileRefused, match="Eine Tabelle ist nicht zu erkennen"):
        sheet_of(drawn([[(50, 100, "Ein Brief ohne jede Tabelle.", 11)]]))


TEXTS = st.sampled_from(
    ["Ada Müller", "Bea van der Linde", "J. Groß", "Øystein Sørensen-Weiß", "'SELV'", "Max Emilian Verstappen"]
)
TEAMS = st.sampled_from(
    ["Team A", "Heide-Motorsport e.V. im ADAC", "8 Star Motorsports", "GT3 Racing", "", "Porsche AG Team Manthey"]
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(TEXTS, TEAMS, st.integers(1, 400), st.integers(0, 59_999)), min_size=4, max_size=40),
    size=st.sampled_from([6, 7.5, 9]), ruled=st.booleans(), right=st.booleans(),
)  # fmt: skip
def test_whatever_is_printed_comes_back(rows, size, ruled, right):
    printed_rows = [
        [str(place), str(number), driver, team, f"1:{ms // 1000:02}.{ms % 1000:03}"]
        for place, (driver, team, number, ms) in enumerate(rows, start=1)
    ]
    found = sheet(
        ["Platz", "Nr.", "Fahrer", "Team", "Bestzeit"],
        printed_rows,
        size=size,
        ruled=ruled,
        right=(0, 1, 4) if right else (),
    )
    assert cells(found) == printed_rows
