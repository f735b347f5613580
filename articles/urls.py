"""Addresses of the stories, their feeds and their files; the site's map includes them before the series' catch-all."""

from django.urls import path

from articles import feeds, sitemaps
from articles.views import media, public, reading

app_name = "articles"

urlpatterns = [
    path("", public.home, name="home"),
    path("artikel/<slug:slug>/", public.article_detail, name="article-detail"),
    path("autor/<slug:slug>/", reading.author, name="author"),
    path("thema/<slug:slug>/", reading.tag, name="tag"),
    path("archiv/", reading.archive_list, name="archive"),
    path("archiv/<int:year>/", reading.archive_list, name="archive-year"),
    path("archiv/<int:year>/<int:month>/", reading.archive_list, name="archive-month"),
    path("suche/", reading.search_results, name="search"),
    path("korrekturen/", reading.correction_list, name="corrections"),
    path("impressum/", reading.page, {"name": "impressum"}, name="impressum"),
    path("datenschutz/", reading.page, {"name": "datenschutz"}, name="datenschutz"),
    path("barrierefreiheit/", reading.page, {"name": "barrierefreiheit"}, name="barrierefreiheit"),
    path("feeds/rss.xml", feeds.feed_rss, name="feed-rss"),
    path("feeds/atom.xml", feeds.feed_atom, name="feed-atom"),
    path("feeds/feed.json", feeds.feed_json, name="feed-json"),
    path("<slug:series>/feeds/rss.xml", feeds.feed_rss, name="series-feed-rss"),
    path("<slug:series>/feeds/atom.xml", feeds.feed_atom, name="series-feed-atom"),
    path("<slug:series>/feeds/feed.json", feeds.feed_json, name="series-feed-json"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("medien/<str:token>/<slug:size>", media.media, name="media"),
]
