"""What the commands of a contract do with options nobody knows: one German line, exit status 1."""

import re
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class ContractCommand(BaseCommand):
    """A command whose options are a contract; argparse alone would answer in English with status 2."""

    def run_from_argv(self, argv: list[str]) -> None:
        parser = self.create_parser(argv[0], argv[1])
        parser.called_from_command_line = False  # then it raises instead of leaving
        try:
            parser.parse_args(argv[2:])
        except CommandError as error:
            self.stderr.write(_in_german(str(error).removeprefix("Error: ")))
            sys.exit(1)
        super().run_from_argv(argv)


def _in_german(told: str) -> str:
    if match := re.fullmatch(r"unrecognized arguments: (.+)", told, re.DOTALL):
        return _("Unknown: %(words)s. --help lists what there is.") % {"words": match[1]}
    if match := re.fullmatch(r"argument (\S+): expected (?:one|at least one) argument", told):
        return _("%(option)s needs a value.") % {"option": match[1]}
    if match := re.fullmatch(r"the following arguments are required: (.+)", told):
        return _("Missing: %(fields)s.") % {"fields": match[1]}
    return _("The options are not understood: %(told)s") % {"told": told}
