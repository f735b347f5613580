"""Addresses of the facts. They end with the series' catch-all, so the site's map includes them last.

Words of ours that stand where a slug could (`starterliste`) are reserved in `results.names`.
"""

from django.urls import path

from results import (
    calendar_views,
    history_views,
    lap_views,
    profile_views,
    records_views,
    standings_views,
    title_views,
    views,
    views_charts,
)

app_name = "results"

EVENT = "<slug:series>/<slug:season>/<slug:event>/"
TITLE = "<slug:series>/<slug:season>/tabelle/<slug:key>/titel/"
SESSION = f"{EVENT}<slug:session>/"
STANDINGS = "<slug:series>/<slug:season>/tabelle/"
STANDING = f"{STANDINGS}<slug:key>"
LEDGER = f"{STANDING}/punkte/<str:competitor>"

urlpatterns = [
    # /fahrer/, /team/, /hersteller/, /strecke/
    path("fahrer/", profile_views.driver_list, name="driver-list"),
    path("fahrer/<slug:slug>/", profile_views.driver_detail, name="driver-detail"),
    path("team/", profile_views.team_list, name="team-list"),
    path("team/<slug:slug>/", profile_views.team_detail, name="team-detail"),
    path("hersteller/", profile_views.manufacturer_list, name="manufacturer-list"),
    path("hersteller/<slug:slug>/", profile_views.manufacturer_detail, name="manufacturer-detail"),
    path("strecke/", profile_views.circuit_list, name="circuit-list"),
    path("strecke/<slug:slug>/", profile_views.circuit_detail, name="circuit-detail"),
    # /kalender/
    path("kalender/", calendar_views.calendar, name="calendar"),
    path("kalender.ics", calendar_views.calendar_ics, name="calendar-ics"),
    path("<slug:series>/kalender.ics", calendar_views.calendar_ics, name="series-calendar-ics"),
    # /<series>/
    path("<slug:series>/rekorde/", records_views.series_records, name="series-records"),
    path("<slug:series>/rekorde.<slug:form>", records_views.series_records_export, name="series-records-export"),
    path("<slug:series>/", views.series_detail, name="series-detail"),
    path("<slug:series>/<slug:season>/", views.season_detail, name="season-detail"),
    # /<series>/<season>/tabelle/
    path(STANDINGS, standings_views.standings, name="standings"),
    path(f"{STANDING}/", standings_views.standing, name="standing"),
    path(f"{STANDING}.<slug:form>", standings_views.standing_export, name="standing-export"),
    path(f"{STANDING}/matrix/", standings_views.standing_matrix, name="standing-matrix"),
    path(f"{STANDING}/matrix.<slug:form>", standings_views.standing_matrix_export, name="standing-matrix-export"),
    path(f"{LEDGER}/", standings_views.points_ledger, name="points-ledger"),
    path(f"{LEDGER}.<slug:form>", standings_views.points_ledger_export, name="points-ledger-export"),
    # /<series>/<season>/<event>/
    path(TITLE, title_views.title, name="title"),
    path(f"{TITLE}spiel.json", title_views.title_game, name="title-game"),
    path(EVENT, views.event_detail, name="event-detail"),
    path(f"{EVENT}starterliste/", views.entry_list, name="entry-list"),
    path(f"{EVENT}starterliste.<slug:form>", views.entry_list_export, name="entry-list-export"),
    path(SESSION, views.session_detail, name="session-detail"),
    path(f"{SESSION}ergebnis.<slug:form>", views.session_export, name="session-export"),
    path(f"{SESSION}verlauf/", history_views.session_history, name="session-history"),
    path(f"{SESSION}verlauf.<slug:form>", history_views.session_history_export, name="session-history-export"),
    path(f"{SESSION}runden/", lap_views.session_laps, name="session-laps"),
    path(f"{SESSION}runden/<path:car>/", lap_views.car_laps, name="car-laps"),
    path(f"{SESSION}vergleich/", lap_views.head_to_head, name="head-to-head"),
    path(f"{SESSION}grafik/", views_charts.session_charts, name="session-charts"),
    path(f"{SESSION}grafik/<slug:kind>.svg", views_charts.session_chart_svg, name="session-chart-svg"),
]
