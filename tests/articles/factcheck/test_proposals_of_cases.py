"""The proposals for whole texts: every case beside its own sheet, and among the events of all the others."""

from bench.factcheck.proposals import all_cases, measure_cars, measure_events


def test_the_cars_that_claims_speak_of_are_proposed_or_doubted():
    figures = measure_cars(all_cases())
    assert figures.proposed >= 220
    assert figures.missed <= 3, figures.misses


def test_the_event_of_a_text_comes_first_and_no_other_one_is_certain():
    cases = all_cases()
    dated, undated = measure_events(cases, is_dated=True), measure_events(cases, is_dated=False)
    assert (dated.wrong, undated.wrong) == (0, 0), (dated.misses, undated.misses)
    assert dated.first == len(cases), dated.misses
    assert undated.first >= 0.85 * len(cases), undated.misses
    assert dated.certain >= 0.85 * len(cases)
