"""Addresses of the stories, their feeds and their files; the site's map includes them before the series' catch-all."""

from django.urls import path

from articles import feeds, sitemaps
from articles.views import media, preview, public

app_name = "articles"

urlpatterns = [
    path("", public.home, name="home"),
    path("artikel/<slug:slug>/", public.article_detail, name="article-detail"),
    path("feeds/rss.xml", feeds.feed_rss, name="feed-rss"),
    path("feeds/atom.xml", feeds.feed_atom, name="feed-atom"),
    path("feeds/feed.json", feeds.feed_json, name="feed-json"),
    path("<slug:series>/feeds/rss.xml", feeds.feed_rss, name="series-feed-rss"),
    path("<slug:series>/feeds/atom.xml", feeds.feed_atom, name="series-feed-atom"),
    path("<slug:series>/feeds/feed.json", feeds.feed_json, name="series-feed-json"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("medien/<str:token>/<slug:size>", media.media, name="media"),
    path("vorschau/<str:token>/", preview.preview, name="preview"),
    path("vorschau/<str:token>/bild/<str:image>/<slug:size>", preview.preview_media, name="preview-media"),
]
