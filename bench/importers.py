"""What reading the real files costs, format by format: python -m bench.importers [FOLDER].

Walks `../shared/data`, or the folder given. Every format that `sniff.formats()` finds appears by itself. Seconds are
processor time from bytes to records, recognising included, and of the process that reads a PDF; memory is the largest growth
of the process for one file, measured in a process of its own, or of that other process if it grows more.
"""

import multiprocessing
import os
import resource
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from results.importers import sniff
from results.importers.records import FileRefused

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
LARGEST = 64 * 2**20
IDLE_HELPER = 36 * 1024  # kilobytes of the process that reads a PDF, before it reads one


@dataclass
class Cost:
    files: int = 0
    rows: int = 0
    rejected: int = 0
    doubts: int = 0
    seconds: float = 0
    largest: Path | None = None
    sizes: list[int] = field(default_factory=list)


def costs(folder: Path) -> tuple[dict[str, Cost], int]:
    """By format, and how many files none of them reads."""
    found: dict[str, Cost] = defaultdict(Cost)
    strangers = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        data = path.read_bytes()
        began = _processor()
        try:
            parsed = sniff.parse(data, name=path.name)
        except FileRefused:
            strangers += 1
            continue
        cost = found[parsed.format]
        cost.seconds += _processor() - began
        cost.files, cost.rows = cost.files + 1, cost.rows + parsed.rows_read
        cost.rejected, cost.doubts = cost.rejected + len(parsed.rejected), cost.doubts + len(parsed.doubts)
        if len(data) > max(cost.sizes, default=0):
            cost.largest = path
        cost.sizes.append(len(data))
    return found, strangers


def growth_mb(path: Path) -> float:
    """How much a fresh process grows by while it reads the file, in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return float(pool.apply(_grow, (path,)))


def _grow(path: Path) -> float:
    sniff.formats()
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
    before = _kilobytes("VmRSS")
    sniff.parse(path.read_bytes(), name=path.name)
    helper = max(0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - IDLE_HELPER)
    return max(_kilobytes("VmHWM") - before, helper) / 1024


def _processor() -> float:
    """Seconds of this process and of those it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    found, strangers = costs(folder)
    print(
        f"{'format':18}{'files':>7}{'rows':>9}{'rejected':>10}{'doubts':>8}{'seconds':>9}{'per 20,000':>12}{'largest':>10}{'memory':>9}"
    )
    for key, cost in sorted(found.items()):
        per = cost.seconds / cost.rows * 20_000 if cost.rows else 0
        memory = growth_mb(cost.largest) if cost.largest else 0
        print(
            f"{key:18}{cost.files:7}{cost.rows:9}{cost.rejected:10}{cost.doubts:8}{cost.seconds:9.2f}{per:10.2f} s"
            f"{max(cost.sizes) / 1e6:7.1f} MB{memory:6.0f} MB"
        )
    print(f"{strangers} files are of no known format")


if __name__ == "__main__":
    main()
