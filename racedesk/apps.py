"""App configurations of the site itself."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from racedesk import checks  # noqa: F401 - its checks register themselves


class DeskConfig(AdminConfig):
    default_site = "racedesk.desk.Desk"


class RacedeskConfig(AppConfig):
    name = "racedesk"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from racedesk.roles import sync_roles  # noqa: PLC0415 - needs the models, which are ready only now

        # The last app with models: when its turn comes, every permission exists.
        last = apps.get_app_config("results")
        post_migrate.connect(sync_roles, sender=last, dispatch_uid="racedesk.roles")
