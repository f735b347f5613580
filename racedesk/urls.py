"""The site's map: fixed prefixes first, the series' catch-all last (`results.names.RESERVED_SLUGS` keeps them apart)."""

from django.contrib import admin
from django.urls import include, path

from racedesk import views

handler400 = "racedesk.errors.bad_request"
handler403 = "racedesk.errors.permission_denied"
handler404 = "racedesk.errors.page_not_found"
handler500 = "racedesk.errors.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
    # Keep this line last: it takes every address of one to four parts.
    path("", include("results.urls")),
]
