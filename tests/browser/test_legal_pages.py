"""Impressum, Datenschutz, Barrierefreiheit: written in the browser by whom it concerns, read on the site."""

import pytest

from articles.models import Page

pytestmark = pytest.mark.browser


def test_a_chief_writes_the_impressum_in_an_editor(log_in, visit):
    page = Page.objects.get_or_create(name="impressum")[0]
    desk = log_in("chief")
    desk.go(f"/admin/articles/page/{page.pk}/change/")
    text = desk.page.locator(".tiptap")
    assert desk.page.get_by_role("button", name="Fett").count() == 1
    text.click()
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.type("Rennpost Verlag, Boxengasse 1")
    desk.press("Sichern")

    reader = visit()
    reader.go("/impressum/")
    assert "Rennpost Verlag, Boxengasse 1" in reader.page.locator("main").inner_text()
