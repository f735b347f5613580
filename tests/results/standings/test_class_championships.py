"""Championships that a rule file has for each class: one a class, whatever becomes of the address of the class."""

import pytest

from results.models import Championship, Entry
from results.standings import acts
from results.standings.schedule import packed_rules
from tests import factories as make
from tests.results.standings.made import championship, drivers, public, race, released, result, season

pytestmark = pytest.mark.django_db


@pytest.fixture
def wec():
    """Hypercar and LMP2 after one race, one car each."""
    wec, (ada, bea) = season("2021", name="FIA WEC", slug="wec"), drivers("Ada", "Bea")
    session = race(wec, 1)
    for driver, name in ((ada, "Hypercar"), (bea, "LMP2")):
        of_class = make.RacingClassFactory(series=wec.series, name=name, slug=name.lower())
        make.EntryFactory(event=session.event, crew=[driver], racing_class=of_class)
    result(session, [ada, bea])
    return wec


def classes(wec):
    return {one.name: one for one in wec.series.classes.all()}


def keys():
    """The championships by the class they are for."""
    of_classes = Championship.objects.filter(racing_class__isnull=False).select_related("racing_class")
    return {(one.racing_class.name, one.key, one.pack) for one in of_classes}


def rename(racing_class, slug):
    racing_class.slug = slug
    racing_class.save()


ALL = {("Hypercar", "driver-hypercar", "wec"), ("LMP2", "driver-lmp2", "wec")}


def test_a_class_of_another_address_keeps_its_championship_which_follows_the_file(wec):
    assert keys() == ALL
    released(wec)

    rename(classes(wec)["Hypercar"], "hyper")
    Championship.objects.filter(key="driver-hypercar").update(name="alt")
    ada, bea = (Entry.objects.get(racing_class__name=name).crew.get().driver for name in ("Hypercar", "LMP2"))
    second = race(wec, 6)
    for driver, name in ((ada, "Hypercar"), (bea, "LMP2")):
        make.EntryFactory(event=second.event, crew=[driver], racing_class=classes(wec)[name])
    result(second, [bea, ada])

    assert keys() == ALL
    assert Championship.objects.get(key="driver-hypercar").name == "Fahrer Hypercar"
    assert public(key="driver-hypercar") == {"Ada": "50"}


def test_classes_that_swap_their_addresses_keep_their_own_tables(wec):
    hyper, lmp2 = classes(wec)["Hypercar"], classes(wec)["LMP2"]

    rename(hyper, "weg")
    rename(lmp2, "hypercar")
    rename(hyper, "lmp2")

    assert keys() == ALL


def test_a_new_class_at_the_former_address_of_another_gets_a_championship_of_its_own(wec):
    rename(classes(wec)["Hypercar"], "hyper")
    gte = make.RacingClassFactory(series=wec.series, name="GTE", slug="hypercar")
    (cleo,) = drivers("Cleo")
    session = race(wec, 7)
    make.EntryFactory(event=session.event, crew=[cleo], racing_class=gte)

    for _time in range(2):
        result(session, [cleo])

    assert keys() == {*ALL, ("GTE", "driver-hypercar-2", "wec")}


def test_rules_by_hand_follow_the_file_again_after_the_class_got_another_address(wec):
    person = make.UserFactory()
    own = Championship.objects.get(key="driver-hypercar")
    acts.change_rules(
        own, by=person, reason="so", rules={"scores": [{"table": ["7"]}]}, name="Eigen", racing_class=own.racing_class,
        sequence=1,
    )  # fmt: skip

    rename(classes(wec)["Hypercar"], "hyper")
    assert keys() == ALL
    acts.follow_file(Championship.objects.get(pk=own.pk), by=person, reason="wieder")

    assert (keys(), Championship.objects.get(pk=own.pk).name) == (ALL, "Fahrer Hypercar")


def test_a_championship_of_our_own_under_such_a_key_stays_the_only_one_of_it(wec):
    of_class = make.RacingClassFactory(series=wec.series, name="GTE", slug="gte")
    championship(wec, key="driver-gte", racing_class=of_class)
    session = race(wec, 7)
    (cleo,) = drivers("Cleo")
    make.EntryFactory(event=session.event, crew=[cleo], racing_class=of_class)

    result(session, [cleo])

    assert keys() == {*ALL, ("GTE", "driver-gte", "")}
    assert {one.key for one in packed_rules(wec) if one.racing_class} == {
        "driver-hypercar",
        "driver-lmp2",
        "driver-gte",
    }


def test_before_2021_both_classes_of_prototypes_have_one_title_and_lmp2_a_table_of_its_own():
    old, (ada, bea, cleo) = season("2016", name="FIA WEC", slug="wec"), drivers("Ada", "Bea", "Cleo")
    session = race(old, 1)
    for driver, name in ((ada, "LMP1"), (bea, "LMGTE Pro"), (cleo, "LMP2")):
        of_class = make.RacingClassFactory(series=old.series, name=name, slug=name.lower().replace(" ", "-"))
        make.EntryFactory(event=session.event, crew=[driver], racing_class=of_class)
    result(session, [ada, bea, cleo])
    released(old)

    assert public(key="world") == {"Ada": "25", "Cleo": "18"}
    assert public(key="lmp2") == {"Cleo": "25"}
    assert public(key="gt") == {"Bea": "25"}


def test_two_cars_of_a_team_stand_in_its_table_by_their_numbers():
    wec, (ada, bea) = season("2025", name="FIA WEC", slug="wec"), drivers("Ada", "Bea")
    session = race(wec, 1)
    team = make.TeamFactory(name="Vista AF Corse")
    lmgt3 = make.RacingClassFactory(series=wec.series, name="LMGT3", slug="lmgt3")
    for driver, number in ((ada, "21"), (bea, "54")):
        make.EntryFactory(event=session.event, crew=[driver], racing_class=lmgt3, team=team, number=number)
    result(session, [ada, bea])
    released(wec)

    assert public(key="teams-lmgt3") == {"Vista AF Corse #21": "25", "Vista AF Corse #54": "18"}
