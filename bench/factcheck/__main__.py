"""`python -m bench.factcheck [--held] [--fresh] [--learned] [--misses] [--no-mutants] [--seeds FOLDER]`: the figures of the fact desk.

Sources: the eight gold cases and our own; `--held` adds the cases kept back, `--fresh` those of a writer who did not know the engine, `--learned` the cases of nineteen such writers and
the sealed ones of two more (tests/data/claims/README.md tells what was measured before they were read), `--seeds` the scraped texts of that folder whose
facts are in `tests/data/claims/sheets` (true claims of theirs are those the engine confirms, none may be contradicted). Mutants change one number, name or class of a true claim at a time.
"""

import argparse
import time
from pathlib import Path

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.disturbed import DisturbedScore, disturb_case
from bench.factcheck.mutants import MutantScore, mutate_case
from bench.factcheck.register import large_case
from bench.factcheck.scoring import CASES, load, score_folder
from bench.factcheck.seeds import seed_cases


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.factcheck", description=__doc__)
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--learned", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--no-mutants", action="store_true")
    parser.add_argument("--seeds", type=Path)
    wanted = parser.parse_args()
    folders = {"gold": CASES / "gold", "own": CASES} | ({"held back": CASES / "held"} if wanted.held else {})
    fresh = (
        {
            "fresh": CASES / "fresh",
            "fresh, second": CASES / "fresh2",
            "fresh, third": CASES / "fresh3",
            "fresh, fourth": CASES / "fresh4",
        }
        if wanted.fresh
        else {}
    )
    learned = {"learned from": CASES / "learned", "sealed": CASES / "sealed"} if wanted.learned else {}
    for name, folder in {**folders, **fresh, **learned}.items():
        score = score_folder(folder)
        print(f"== {name}: {len(load(folder))} cases\n{score.table()}\n{score.summary()}")
        if wanted.misses:
            print("\n".join(score.misses))
    if not wanted.no_mutants:
        mutants = MutantScore()
        cases = [case for folder in folders.values() for case in load(folder)]
        for case in [*cases, *(seed_cases(wanted.seeds) if wanted.seeds else [])]:
            mutate_case(case, mutants)
        print(f"== mutants\n{mutants.table()}\n{mutants.summary()}")
        if wanted.misses:
            print("\n".join(mutants.survivors))
    measure_disturbed(list(folders.values()), with_misses=wanted.misses)
    measure_speed()


def measure_disturbed(folders: list[Path], *, with_misses: bool) -> None:
    disturbed = DisturbedScore()
    for folder in folders:
        for case in load(folder):
            disturb_case(case, disturbed)
    print(f"== disturbed: what the engine leans on taken away\n{disturbed.table()}")
    if with_misses:
        print("\n".join(disturbed.told))


def measure_speed() -> None:
    print("== speed (10,000 drivers; a text of 10 kB, 100 kB, 1 MB)")
    for factor in (1, 10, 100):
        text, data = large_case(factor)
        sheet = FactSheet.from_records(data)
        began = time.perf_counter()
        check_text(text, sheet)
        first = time.perf_counter()
        check_text(text, sheet)
        again = time.perf_counter()
        print(
            f"{len(text) / 1000:8.0f} kB: {1000 * (first - began):8.1f} ms first, {1000 * (again - first):8.1f} ms again"
        )


if __name__ == "__main__":
    main()
