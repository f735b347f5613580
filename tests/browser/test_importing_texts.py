"""Importing stories in a browser: several files with their report, and a changed source beside the draft."""

from pathlib import Path

from articles.importers import batches
from articles.models import Article, TextItem

DATA = Path(__file__).parents[1] / "data" / "articles"
FILES = ["17-cookie-banner-lang.txt", "19-zwei-serien-eine-strecke.txt", "32-platzhalter-ueberall.txt"]
PAGE = DATA / "seiten" / "01-zeitung.html"


def test_several_files_their_report_and_a_changed_source(log_in, tmp_path):
    desk = log_in("editor")
    desk.go("/admin/articles/article/import/")
    nothing = tmp_path / "menue.txt"
    nothing.write_text("Teilen\n\nTweeten")
    desk.page.get_by_label("Dateien").set_input_files([*(DATA / name for name in FILES), PAGE, nothing])
    desk.press("Vorschau")
    assert "5 Texte werden noch gelesen" in desk.text

    for item in TextItem.objects.all():
        batches.work(item.pk)
    desk.page.get_by_text("kein Artikel gefunden").wait_for()  # the page itself looks how far it is
    assert Article.objects.count() == 4
    desk.look("import-stapel")

    article = Article.objects.get(title="Rapsfeld gewinnt am Deister")
    article.body = article.body.replace("keine drei Sekunden", "nur zwei Sekunden")
    article.save()
    desk.go("/admin/articles/article/import/")
    changed = tmp_path / "neu.html"
    changed.write_text(PAGE.read_text("utf-8").replace("vierzig Sekunden Vorsprung vor", "41 Sekunden Vorsprung vor"))
    desk.page.get_by_label("Dateien").set_input_files([changed])
    desk.press("Vorschau")
    assert "Eine neue Fassung eines Artikels?" in desk.text
    desk.look("import-seite")
    desk.press("Mit dem Entwurf vergleichen")
    desk.look("import-aenderung")
    assert desk.page.get_by_label("beides zusammen").is_checked()
    desk.press("So übernehmen")

    article.refresh_from_db()
    assert "nur zwei Sekunden" in article.body
    assert "41 Sekunden" in article.body
    desk.go("/admin/articles/article/import/")
    desk.look("import-anfang")
