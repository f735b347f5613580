"""Addresses of the facts. They end with the series' catch-all, so the site's map includes them last."""

from django.urls import path

from results import profile_views, views, views_charts

app_name = "results"

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
    # /<series>/
    path("<slug:series>/", views.series_detail, name="series-detail"),
    path("<slug:series>/<slug:season>/", views.season_detail, name="season-detail"),
    path("<slug:series>/<slug:season>/<slug:event>/", views.event_detail, name="event-detail"),
    path("<slug:series>/<slug:season>/<slug:event>/<slug:session>/", views.session_detail, name="session-detail"),
    path(
        "<slug:series>/<slug:season>/<slug:event>/<slug:session>/grafik/",
        views_charts.session_charts,
        name="session-charts",
    ),
    path(
        "<slug:series>/<slug:season>/<slug:event>/<slug:session>/grafik/<slug:kind>.svg",
        views_charts.session_chart_svg,
        name="session-chart-svg",
    ),
]
