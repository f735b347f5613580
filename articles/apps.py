"""App configuration of articles: what we say about it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from articles.first_pages import write_first_pages


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from articles import receivers  # noqa: F401, PLC0415 - receivers need the models, which are loaded by now

        post_migrate.connect(write_first_pages, sender=self, dispatch_uid="articles.first_pages")
