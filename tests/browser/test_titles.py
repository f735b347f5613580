"""A title race in a browser: the page and its game by keyboard, the boxes beside a story, and adding one at the desk."""

from articles.models import SidebarItem
from tests.browser.test_desk import move, tab_to
from tests.factories import ArticleFactory, publish
from tests.results.standings.test_title_page import PAGE, finale

TITLE = "Fahrerweltmeisterschaft: Titelkampf"


def test_a_reader_plays_the_game_by_keyboard(visit):
    finale()
    reader = visit()
    reader.go(PAGE)
    reader.look("titel-seite")
    page = reader.page

    page.get_by_label("Ada:").focus()
    page.keyboard.press("5")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")

    page.get_by_text("Bea wäre Meister.").wait_for()
    assert page.locator("[data-game=rows] tr").first.inner_text().split() == ["1", "Bea", "+25", "61"]
    assert "rennen.bea=1" in page.url
    reader.look("titel-spiel")


def test_two_at_one_place_are_told_at_once_and_a_link_shows_the_same(visit):
    finale()
    reader = visit()
    reader.go(PAGE)
    with reader.expecting(400):
        reader.page.get_by_label("Bea:").select_option("1")
        reader.page.get_by_text("Rennen: Auf Platz 1 kann nur einer ankommen.").wait_for()

    reader.page.get_by_label("Ada:").select_option("5")
    reader.page.get_by_text("Bea wäre Meister.").wait_for()
    reader.page.reload()

    assert reader.page.locator("[data-game=headline]").inner_text() == "Bea wäre Meister."


def test_table_and_title_stand_beside_a_story(visit):
    formula, *_rest = finale()
    article = ArticleFactory(title="Vor dem Finale")
    SidebarItem.objects.create(article=article, kind="standing", season=formula, table="driver", limit=5, position=1)
    SidebarItem.objects.create(
        article=article, kind="standing", season=formula, table="driver", limit=3, competitor="cleo", told="published",
        heading="Rund um Cleo", position=2,
    )  # fmt: skip
    SidebarItem.objects.create(article=article, kind="title", season=formula, table="driver", position=3)
    reader = visit()

    reader.go(publish(article).get_absolute_url())

    reader.look("titel-kaesten")
    reader.page.get_by_role("link", name="Selbst durchspielen").click()
    assert reader.page.url.endswith(f"{PAGE}#spiel")


def test_an_editor_adds_a_table(log_in):
    formula, *_rest = finale()
    article = ArticleFactory(title="Vor dem Finale")
    box = SidebarItem.objects.create(article=article, kind="standing", season=formula, table="driver", position=1)
    desk = log_in("editor")
    desk.go(f"/admin/articles/article/{article.pk}/change/")

    form = desk.page.locator("#sidebar-0")
    assert form.locator(".field-table").is_visible()
    assert not form.locator(".field-session").is_visible()
    options = form.locator("datalist option")
    options.first.wait_for(state="attached")
    assert options.evaluate_all("all => all.map(one => one.value)") == ["driver", "constructor"]
    desk.page.locator("#id_sidebar-0-table").fill("constructor")
    desk.look("titel-kasten-redaktion")
    desk.press("Speichern")

    box.refresh_from_db()
    assert box.table == "constructor"


def test_an_editor_puts_a_table_and_the_title_into_the_text(log_in):
    _formula, second, *_rest = finale()
    article = ArticleFactory(title="Vor dem Finale", body="<p>Davor.</p>", lead_event=second.session.event)
    desk = log_in("editor")
    keys = desk.page.keyboard
    desk.go(f"/admin/articles/article/{article.pk}/change/")
    tab_to(desk, "Text")
    move(desk.page, "Control+End")
    keys.press("Enter")
    for entry, whom in ((f"Fahrerweltmeisterschaft: Tabelle nach „{second.session.event.name}“", "cleo"), (TITLE, "")):
        keys.press("Control+Alt+k")
        dialog = desk.page.get_by_role("dialog")
        dialog.get_by_label("Session").select_option(label=entry)
        if whom:
            dialog.get_by_label("rund um wen").fill(whom)
            dialog.get_by_label("Zeilen").fill("3")
            desk.look("titel-waehler")
        dialog.get_by_role("button", name="Einfügen").click()
        desk.page.locator("dialog").wait_for(state="detached")
        move(desk.page, "ArrowRight")
        keys.press("Enter")
    desk.page.locator(".node-extract", has_text="3. Cleo: 30").wait_for()
    desk.page.locator(".node-extract", has_text="Drei können noch Meister werden").wait_for()
    desk.look("titel-text")
    desk.press("Speichern")

    article.refresh_from_db()
    key = f"table:formel-1/2015!driver!{second.session.event.slug}!cleo?rows=3"
    assert f'data-extract="{key}"' in article.body
    assert 'data-extract="title:formel-1/2015!driver"' in article.body
