"""Two sheets that grew out of one become one again: what only one changed stays, what both changed is asked."""

from hypothesis import given
from hypothesis import strategies as st

from results.sheet.merging import Change, Clash, merge


def line(number, **cells):
    return {"number": number, **cells}


BASE = [line("1", laps="30"), line("2", laps="29"), line("3", laps="28")]


def test_cells_that_only_one_changed_come_together():
    mine = [line("1", laps="31"), *BASE[1:]]
    theirs = [BASE[0], line("2", laps="27"), BASE[2]]
    merged = merge(BASE, mine, theirs)
    assert merged.lines == [line("1", laps="31"), line("2", laps="27"), line("3", laps="28")]
    assert merged.clashes == []
    assert merged.theirs == [Change("2", "laps", "29", "27")]


def test_a_cell_that_both_changed_is_mine_and_asked():
    merged = merge(BASE, [line("1", laps="31"), *BASE[1:]], [line("1", laps="32"), *BASE[1:]])
    assert merged.lines[0] == line("1", laps="31")
    assert merged.clashes == [Clash("1", "laps", "30", "31", "32")]


def test_the_same_change_by_both_is_no_clash():
    both = [line("1", laps="31"), *BASE[1:]]
    assert merge(BASE, both, both).clashes == []


def test_a_line_that_one_removed_is_gone_and_asked_only_if_the_other_changed_it():
    assert merge(BASE, BASE[1:], BASE).lines == BASE[1:]
    merged = merge(BASE, BASE[1:], [line("1", laps="31"), *BASE[1:]])
    assert [(one.number, one.column, one.mine) for one in merged.clashes] == [("1", "row", "")]
    merged = merge(BASE, [line("1", laps="31"), *BASE[1:]], BASE[1:])
    assert merged.lines[0] == line("1", laps="31")
    assert [(one.number, one.column, one.theirs) for one in merged.clashes] == [("1", "row", "")]


def test_lines_that_came_stand_behind_the_one_they_followed_and_nameless_ones_at_the_end():
    mine = [*BASE, line("9"), {"laps": "5"}]
    theirs = [BASE[0], line("8"), *BASE[1:]]
    assert [one.get("number") for one in merge(BASE, mine, theirs).lines] == ["1", "8", "2", "3", "9", None]


def test_the_order_is_that_of_whoever_moved_and_asked_if_both_did():
    moved = [BASE[2], BASE[0], BASE[1]]
    assert [one["number"] for one in merge(BASE, moved, BASE).lines] == ["3", "1", "2"]
    assert [one["number"] for one in merge(BASE, BASE, moved).lines] == ["3", "1", "2"]
    merged = merge(BASE, moved, BASE[::-1])
    assert [one.column for one in merged.clashes] == ["order"]


def by_number(one):
    return one["number"]


CELLS = st.fixed_dictionaries({"number": st.sampled_from("12345"), "laps": st.sampled_from(["", "1", "2"]), "grid": st.sampled_from(["", "7"])})  # fmt: skip
SHEETS = st.lists(CELLS, max_size=5, unique_by=by_number)


@given(SHEETS, SHEETS)
def test_whoever_changed_nothing_gets_the_other_sheet(base, other):
    for merged in (merge(base, base, other), merge(base, other, base)):
        assert sorted(merged.lines, key=by_number) == sorted(other, key=by_number)
        assert merged.clashes == []


@given(SHEETS, SHEETS, SHEETS)
def test_every_cell_that_i_changed_is_in_the_merged_sheet(base, mine, theirs):
    merged = {one["number"]: one for one in merge(base, mine, theirs).lines}
    was = {one["number"]: one for one in base}
    for one in mine:
        before = was.get(one["number"], {})
        for column, text in one.items():
            if text != before.get(column, ""):
                assert merged[one["number"]][column] == text
