"""What Linux says about running Postgres processes, read from /proc so that no pid is taken on trust.

Every process of a cluster can be told by the cluster's name: the postmaster, and for a moment the shell that starts it,
has it among its arguments, all others in their title. A zombie has an empty command line and therefore counts as gone.
"""

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def arguments(pid: int) -> list[str]:
    """The command line of a living process; empty when there is none, or only its zombie."""
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return raw.rstrip(b"\0").decode("utf-8", "surrogateescape").split("\0") if raw else []


def is_postmaster(pid: int, *, cluster: str, data: Path) -> bool:
    """True if `pid` is a living `postgres` that serves the folder `data` of the named cluster."""
    command = arguments(pid)
    if not command or Path(command[0]).name != "postgres":
        return False
    return f"cluster_name={cluster}" in command or _works_in(pid, data)


def of_cluster(cluster: str) -> Iterator[int]:
    """Pids of all living processes of a cluster, orphans of a killed postmaster included."""
    for entry in PROC.iterdir():
        if entry.name.isdigit() and _may_be_ours(entry):
            program, *rest = arguments(int(entry.name)) or [""]
            if program.startswith(f"postgres: {cluster}: ") or (
                Path(program).name in {"postgres", "sh"} and f"cluster_name={cluster}" in rest
            ):
                yield int(entry.name)


def _may_be_ours(entry: Path) -> bool:
    # Anybody may give a process of his own such a title.
    try:
        return os.geteuid() in {0, entry.stat().st_uid}
    except OSError:
        return False


def _works_in(pid: int, folder: Path) -> bool:
    # A checkout that was moved while its server ran keeps the old name in the arguments, but not in the inode.
    try:
        return (PROC / str(pid) / "cwd").samefile(folder)
    except OSError:
        return False
