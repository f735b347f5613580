"""Every importer against damaged files: a refusal or a parsed file, never another error, never a hang."""

import time

import pytest

from results.importers import sniff
from tests.results.mutations import dice_for, mutate, outcome

COUNT = 2_000
LONGEST = 2  # seconds of the processor


# A PDF is read by a process of its own; test_pdf_mutations has its 2,000 files.
IN_PROCESS = [format_ for format_ in sniff.formats() if format_.FORMAT != "pdf"]


@pytest.mark.slow
@pytest.mark.parametrize("format_", IN_PROCESS, ids=lambda one: one.FORMAT)
def test_2000_damaged_files_are_refused_or_read_and_none_hangs(format_, samples):
    assert samples[format_.FORMAT], f"no sample of {format_.FORMAT} in tests/data"
    dice = dice_for(format_.FORMAT)
    seen, slow = set(), []
    for number in range(COUNT):
        data = mutate(dice.choice(samples[format_.FORMAT]), dice)
        begun = time.process_time()
        seen.add(outcome(format_ if number % 4 else sniff, data))
        if time.process_time() - begun > LONGEST:
            slow.append((number, len(data)))
    assert slow == []
    assert "refused" in seen or "rejected" in seen
    assert "read" in seen
