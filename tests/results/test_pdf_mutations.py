"""2,000 damaged PDFs: each refused in a sentence or read, none takes long, whatever pdfminer makes of it."""

import multiprocessing
import signal
import time

import pytest

from results.importers import pdf
from results.importers.pdf.bounded import answer
from results.importers.pdf.reading import SECONDS, sheet_in
from results.importers.records import FileRefused
from tests.results.mutations import dice_for, mutate, outcome

COUNT = 2_000
WHOLE = 60  # of them through the bounded process, the door that everybody else uses
WORKERS = 2


def _damaged(samples, count):
    dice = dice_for("pdf")
    return [mutate(dice.choice(samples), dice) for _number in range(count)]


def _in_this_process(data):
    """Outcome and seconds of one file; the alarm ends the whole run where the bounded process would be ended."""
    signal.alarm(SECONDS)
    begun = time.monotonic()
    try:
        pdf.records_of(sheet_in(answer(data)))
        said = "read"
    except FileRefused as refusal:
        said = "refused" if len(str(refusal)) > 10 else f"no sentence: {refusal}"
    except Exception as error:  # noqa: BLE001 - what the test looks for
        said = repr(error)
    signal.alarm(0)
    return said, time.monotonic() - begun


@pytest.mark.slow
def test_2000_damaged_pdfs_are_refused_or_read_and_none_hangs(samples):
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        found = pool.map(_in_this_process, _damaged(samples["pdf"], COUNT), chunksize=20)
    assert {said for said, _seconds in found} == {"read", "refused"}
    assert max(seconds for _said, seconds in found) < SECONDS


@pytest.mark.slow
def test_damaged_pdfs_come_out_of_the_bounded_process_as_sentences(samples):
    assert {outcome(pdf, data) for data in _damaged(samples["pdf"], WHOLE)} <= {"read", "refused", "rejected"}
