"""App configuration of results: what happened."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = _("Results")

    def ready(self) -> None:
        from results import receivers  # noqa: F401, PLC0415 - receivers need the models, which are loaded by now
