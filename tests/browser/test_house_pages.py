"""Impressum and its like are written in the editor that articles have, under the same policy."""

from articles.models import Page


def test_the_impressum_is_written_in_the_editor(log_in, visit):
    chief = log_in("chief")
    chief.go(f"/admin/articles/page/{Page.objects.get(name='impressum').pk}/change/")
    text = chief.page.get_by_role("textbox", name="Text", exact=True)
    assert chief.page.get_by_role("button", name="Fett").count() == 1
    text.click()
    chief.page.keyboard.press("Control+a")
    chief.page.keyboard.type("Verlag Musterstrecke, Boxengasse 1")
    chief.look("impressum-schreiben")
    chief.press("Speichern")

    reader = visit()
    reader.go("/impressum/")
    assert "Verlag Musterstrecke, Boxengasse 1" in reader.text
