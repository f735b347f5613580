"""The desk in a browser: the editor under the site's policy, two people at one article, and a keyboard alone."""

from articles.models import Article
from tests import factories
from tests.browser.visit import PASSWORDS, take_over


def an_article(**values):
    return factories.ArticleFactory(**{"title": "Regen am Ring", "body": "<p>Es regnet.</p>", **values})


def change_page(article):
    return f"/admin/articles/article/{article.pk}/change/"


def test_login_and_board_keep_wcag(visit, log_in):
    stranger = visit(has_cookies=True)  # a form that sends something has a token
    stranger.go("/admin/")
    stranger.look("anmeldung")

    log_in("chief").look("tafel")


def test_the_editor_writes_subheads_bold_words_and_links_into_the_stored_text(log_in):
    article = an_article(body="")
    desk = log_in("reporter")
    desk.go(change_page(article))
    page, keys = desk.page, desk.page.keyboard

    page.get_by_role("textbox", name="Text", exact=True).click()
    keys.type("Die ")
    page.get_by_role("button", name="Fett").click()
    keys.type("Pole")
    page.get_by_role("button", name="Fett").click()
    keys.type(" ging an Toyota")
    move(page, "Control+Shift+ArrowLeft")
    page.get_by_role("button", name="Link einfügen").click()
    page.get_by_label("URL").fill("https://www.example.org/toyota")
    keys.press("Enter")
    desk.wait_until("document.activeElement.isContentEditable")  # the dialog gives the focus back
    move(page, "End")
    keys.press("Enter")
    keys.type("Das Rennen")
    page.locator(".prose-menubar__selected").click()
    page.get_by_role("button", name="Zwischenüberschrift", exact=True).click()
    desk.press("Speichern")

    article.refresh_from_db()
    assert article.body == (
        '<p>Die <strong>Pole</strong> ging an <a href="https://www.example.org/toyota" rel="noopener noreferrer">'
        "Toyota</a></p><h2>Das Rennen</h2>"
    )


def move(page, keys):
    """Press what moves the selection. The editor learns of it a moment later, which only a machine does not wait for."""
    page.wait_for_timeout(100)
    page.keyboard.press(keys)
    page.wait_for_timeout(100)


def test_a_save_that_comes_too_late_shows_both_texts_and_loses_none(log_in):
    article = an_article()
    first, second = log_in("reporter"), log_in("editor")
    for desk in (first, second):
        desk.go(change_page(article))
    take_over(second.page)
    first.page.locator("#id_title").fill("Starker Regen am Ring")
    first.press("Speichern")

    second.page.locator("#id_title").fill("Regen stoppt die Eifel")
    with second.expecting(409):
        second.press("Speichern")
    shown = [box.input_value() for box in second.page.locator(".conflict textarea").all()]
    second.look("konflikt")
    second.press("Speichern")

    assert shown == ["Starker Regen am Ring", "Regen stoppt die Eifel"]
    titles = [revision.content["title"] for revision in article.revisions.order_by("number")]
    assert titles == ["Starker Regen am Ring", "Regen stoppt die Eifel"]


def test_a_story_is_written_with_the_keyboard_alone(visit, people):
    factories.AuthorFactory(name="Jule Brandstetter")
    desk = visit(has_cookies=True)
    keys = desk.page.keyboard

    desk.go("/admin/")
    keys.type("reporter")
    keys.press("Tab")
    keys.type(PASSWORDS["reporter"])
    with desk.page.expect_navigation():
        keys.press("Enter")
    tab_to(desk, "Artikel schreiben")
    with desk.page.expect_navigation():
        keys.press("Enter")
    tab_to(desk, "Titel")
    keys.type("Ohne Maus")
    tab_to(desk, "Text")
    keys.type("Alles getippt.")
    tab_to(desk, "Autor")
    keys.press("Enter")
    keys.type("Jule")
    desk.page.locator(".select2-results__option--highlighted", has_text="Jule").wait_for()
    keys.press("Enter")
    tab_to(desk, "Speichern")
    with desk.page.expect_navigation():
        keys.press("Enter")

    article = Article.objects.get()
    assert (article.title, article.body) == ("Ohne Maus", "<p>Alles getippt.</p>")
    assert [line.author.name for line in article.bylines.all()] == ["Jule Brandstetter"]


def tab_to(desk, name):
    """Press Tab until the focus is on what is called so; what has the focus must be seen to have it."""
    passed = []
    for _ in range(80):
        desk.page.keyboard.press("Tab")
        called, outline = desk.page.evaluate(FOCUS)
        if called == name:
            assert outline != "none", f"nobody sees that {name} has the focus"
            return
        passed.append(called)
    raise AssertionError(f"{name} is not reached by Tab: {passed}")


# The name of what has the focus, and the style of the line around it.
FOCUS = """() => {
  const focus = document.activeElement;
  const label = document.querySelector(`label[for="${focus.id}"]`)?.textContent.replace(":", "");
  const name = focus.getAttribute("aria-label") || label || focus.value || focus.textContent;
  return [name.trim(), getComputedStyle(focus).outlineStyle];
}"""


def test_the_columns_of_a_plain_table_scroll_in_their_box_on_a_phone(log_in):
    desk = log_in("results")
    desk.page.set_viewport_size({"width": 360, "height": 740})
    desk.go("/admin/results/importrun/add/")
    desk.page.get_by_label("Datei").set_input_files(
        {
            "name": "rennen.csv",
            "mimeType": "text/csv",
            "buffer": b"Pl;Nummer;Wer;Runden\n1;7;Ada Eins;30\n2;8;Bea Zwei;29\n",
        }
    )
    desk.press("Vorschau")
    assert desk.page.locator(".columns-scroll select").count() == 4
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 360
