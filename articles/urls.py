"""Addresses of the stories, their feeds and their files; the site's map includes them before the series' catch-all."""

from django.urls import path

from articles import feeds, sitemaps, well_known
from articles.views import media, preview, public, reading

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
    path("autor/<slug:author>/feeds/rss.xml", feeds.feed_rss, name="author-feed-rss"),
    path("autor/<slug:author>/feeds/atom.xml", feeds.feed_atom, name="author-feed-atom"),
    path("autor/<slug:author>/feeds/feed.json", feeds.feed_json, name="author-feed-json"),
    path("thema/<slug:tag>/feeds/rss.xml", feeds.feed_rss, name="tag-feed-rss"),
    path("thema/<slug:tag>/feeds/atom.xml", feeds.feed_atom, name="tag-feed-atom"),
    path("thema/<slug:tag>/feeds/feed.json", feeds.feed_json, name="tag-feed-json"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:part>.xml", sitemaps.sitemap_part, name="sitemap-part"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news-sitemap"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("medien/<str:token>/<slug:size>", media.media, name="media"),
    path("vorschau/<str:token>/", preview.preview, name="preview"),
    path("vorschau/<str:token>/bild/<str:image>/<slug:size>", preview.preview_media, name="preview-media"),
]
