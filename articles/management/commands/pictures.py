"""Upkeep of the picture library by hand: hold folder and tables against each other, make sizes, empty the bin."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from articles import picture_store, pictures


class Command(BaseCommand):
    help = "check: what does not belong together; tidy: mend it; renditions: ask for missing sizes; bin: empty it"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["check", "tidy", "renditions", "bin"])

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        getattr(self, f"_{act}")()

    def _check(self) -> picture_store.Difference:
        found = picture_store.compare()
        for words, names in (
            (_("File without a picture: %(name)s"), found.orphans),
            (_("Picture without its original: %(name)s"), found.lost_originals),
            (_("Size without its file: %(name)s"), found.lost_renditions),
        ):
            for name in names:
                self.stdout.write(words % {"name": name})
        if not any((found.orphans, found.lost_originals, found.lost_renditions)):
            self.stdout.write(_("Files and pictures belong together."))
        return found

    def _tidy(self) -> None:
        found = self._check()
        deleted = picture_store.delete_orphans(found.orphans)
        forgotten = picture_store.forget_lost_renditions(found.lost_renditions)
        self.stdout.write(
            _("%(deleted)s files deleted, %(forgotten)s sizes to be made anew.")
            % {"deleted": deleted, "forgotten": forgotten}
        )
        if forgotten:
            self._renditions()

    def _renditions(self) -> None:
        self.stdout.write(_("%(count)s pictures asked for.") % {"count": picture_store.ask_for_all()})

    def _bin(self) -> None:
        self.stdout.write(_("%(count)s pictures deleted for good.") % {"count": pictures.empty_bin()})
