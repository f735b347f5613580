"""Addresses of the facts. They end with the series' catch-all, so the site's map includes them last."""

from django.urls import path

from results import views, views_charts

app_name = "results"

urlpatterns = [
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
