"""App configurations of the site itself."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from articles.signals import renditions_wait, text_waits
from racedesk import checks  # noqa: F401 - its checks register themselves
from results.signals import file_waits, summaries_wait


class DeskConfig(AdminConfig):
    default_site = "racedesk.desk.Desk"


class RacedeskConfig(AppConfig):
    name = "racedesk"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        # These need the models, which are ready only now.
        from racedesk import jobs  # noqa: PLC0415
        from racedesk.accounts.sessions import stamp_login  # noqa: PLC0415
        from racedesk.freshness import watch_tables  # noqa: PLC0415
        from racedesk.roles import sync_roles  # noqa: PLC0415

        # The last app with models: when its turn comes, every permission exists.
        post_migrate.connect(sync_roles, sender=self, dispatch_uid="racedesk.roles")
        post_migrate.connect(watch_tables, sender=self, dispatch_uid="racedesk.freshness")
        user_logged_in.connect(stamp_login, dispatch_uid="racedesk.sessions")
        text_waits.connect(jobs.ask_for_text, dispatch_uid="racedesk.jobs.texts")
        summaries_wait.connect(jobs.ask_for_laps, dispatch_uid="racedesk.jobs.laps")
        file_waits.connect(jobs.ask_for_file, dispatch_uid="racedesk.jobs")
        renditions_wait.connect(jobs.ask_for_renditions, dispatch_uid="racedesk.jobs")
