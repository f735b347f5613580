"""App configuration of results: what happened."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = _("Results")

    def ready(self) -> None:
        # Receivers and the parts of the preview need the models, which are loaded by now.
        from results import previews, receivers  # noqa: F401, PLC0415
        from results.standings.what_if import effect_on_championships  # noqa: PLC0415

        previews.register(effect_on_championships)
