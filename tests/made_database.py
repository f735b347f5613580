"""The migrated database that every test worker copies, so that one process migrates and not each of them.

It is made of the code as it is: a byte changed in a module of ours or in the lock makes another one, from nothing.
`python -m tests.made_database` makes it; whoever comes meanwhile waits for it.
"""

import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("racedesk", "articles", "results")
MAKING = 0x6D61_6B65  # any number of ours: who holds this advisory lock makes one


def make() -> str:
    """The name of the migrated database of this code; it is made when there is none, and those of other code go."""
    family = f"test_{connection.settings_dict['NAME']}_made_"
    name = family + digest()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MAKING])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [family])
        found = {datname for (datname,) in cursor.fetchall()}
        if name not in found:
            for former in found:
                cursor.execute(f"DROP DATABASE {quoted(former)}")
            # Under another name until it is whole: a run that was killed leaves none that is taken for one.
            draft = f"{family}draft"
            cursor.execute(f"CREATE DATABASE {quoted(draft)}")
            migrate(draft)
            # Nobody may be connected to what is copied, a vacuum neither.
            cursor.execute(f"ALTER DATABASE {quoted(draft)} WITH ALLOW_CONNECTIONS false")
            cursor.execute(f"ALTER DATABASE {quoted(draft)} RENAME TO {quoted(name)}")
        cursor.execute("SELECT pg_advisory_unlock(%s)", [MAKING])
    return name


def digest() -> str:
    """What the migrated database may depend on, in short."""
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.suffix in {".py", ".sql"}]
    found = hashlib.sha256()
    for path in sorted([*paths, ROOT / "requirements.lock"]):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]


def migrate(name: str) -> None:
    ours = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")
    django.setup()
    make()
