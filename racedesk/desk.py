"""The newsroom's admin site."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class Desk(admin.AdminSite):
    site_title = _("racedesk")
    site_header = _("racedesk")
    index_title = _("Newsroom")
