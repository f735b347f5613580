"""App configurations of the site itself."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

from racedesk import checks  # noqa: F401 - its checks register themselves


class DeskConfig(AdminConfig):
    default_site = "racedesk.desk.Desk"


class RacedeskConfig(AppConfig):
    name = "racedesk"
    verbose_name = _("Newsroom")
