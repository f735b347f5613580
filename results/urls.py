"""Addresses of the facts. They end with the series' catch-all, so the site's map includes them last.

Words of ours that stand where a slug could (`starterliste`) are reserved in `results.names`.
"""

from django.urls import path

from results import lap_views, views

app_name = "results"

EVENT = "<slug:series>/<slug:season>/<slug:event>/"
SESSION = f"{EVENT}<slug:session>/"

urlpatterns = [
    path("<slug:series>/", views.series_detail, name="series-detail"),
    path("<slug:series>/<slug:season>/", views.season_detail, name="season-detail"),
    path(EVENT, views.event_detail, name="event-detail"),
    path(f"{EVENT}starterliste/", views.entry_list, name="entry-list"),
    path(f"{EVENT}starterliste.<slug:form>", views.entry_list_export, name="entry-list-export"),
    path(SESSION, views.session_detail, name="session-detail"),
    path(f"{SESSION}ergebnis.<slug:form>", views.session_export, name="session-export"),
    path(f"{SESSION}runden/", lap_views.session_laps, name="session-laps"),
    path(f"{SESSION}runden/<path:car>/", lap_views.car_laps, name="car-laps"),
    path(f"{SESSION}vergleich/", lap_views.head_to_head, name="head-to-head"),
]
