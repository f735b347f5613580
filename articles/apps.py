"""App configuration of articles: what we say about it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from articles import receivers  # noqa: F401, PLC0415 - receivers need the models, which are loaded by now
