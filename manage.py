#!/usr/bin/env python
"""Django's command line; the embedded Postgres starts with the first connection, see `racedesk/localdb.py`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)  # the shell's own code for Ctrl-C; a traceback would tell nothing


if __name__ == "__main__":
    main()
