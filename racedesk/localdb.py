"""The embedded Postgres of demo, development and tests."""

from pathlib import Path

OWNER = "racedesk"


def state_dir() -> Path:
    return Path(__file__).resolve().parent.parent / ".local"


def socket_dir() -> Path:
    return state_dir() / "run"
