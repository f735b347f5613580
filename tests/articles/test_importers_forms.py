"""How pages print what is no story: hundreds of forms of menus, dates, captions, places, boxes around one and the same story."""

import datetime as dt
import json
from pathlib import Path

import pytest

from articles.importers.text import Wishes, parse_text

FORMS = json.loads((Path(__file__).resolve().parent.parent / "data" / "articles" / "forms.json").read_text("utf-8"))
TITLE = "Falbe siegt in Altmark nach langer Nacht"
STORY = (
    (
        "Der grüne Porsche von Falbe hat das Nachtrennen in Altmark gewonnen. Nach 64 Runden lagen elf Sekunden zwischen ihm und "
        "dem Rest des Feldes."
    ),
    (
        "Den zweiten Platz belegte Nordkap Racing vor den Audis von Aurelia. Auf Rang vier kam der Däne Ole Brandt ins Ziel, der "
        "von hinten gestartet war."
    ),
    (
        "In zwei Wochen wird die Meisterschaft auf dem Harzring fortgesetzt. Dort hat Falbe im vergangenen Jahr beide Rennen "
        "gewonnen, damals noch im Cayman."
    ),
)
BOX = (
    "ALTMARK-CUP LIVE",
    "Nächstes Event",
    "Lausitzring",
    "23. - 25. Mai",
    "Qualifying Sa. 09:35 Uhr\nRennen So. 15:10 Uhr",
)
AIRED = "Samstag, 14.55 Uhr: Sport1 (live)", "Sonntag, 15.05 Uhr: Sport1 (live)"


def read(*parts, glue="\n\n"):
    return parse_text(glue.join(parts), Wishes(as_of=dt.date(2025, 6, 1)))


def told(article):
    """Everything a reader would see, so that nothing is lost and nothing added."""
    standfirst = [article.teaser] if article.teaser else []
    return article.title, [*standfirst, *article.body_paragraphs], list(article.subheads), list(article.captions)


ALONE = (TITLE, list(STORY), [], [])


@pytest.mark.parametrize("form", FORMS["above or below the headline"])
def test_what_surrounds_the_headline_is_left_out(form):
    assert told(read(form, TITLE, *STORY)) == ALONE
    assert told(read(TITLE, form, *STORY)) == ALONE


@pytest.mark.parametrize("form", FORMS["behind the story"])
def test_what_follows_the_story_is_left_out(form):
    article = read(TITLE, *STORY, form)

    assert told(article)[:3] == ALONE[:3]
    assert [caption.credit for caption in article.captions] == [form.removeprefix("Foto: ")] * form.startswith("Foto:")


@pytest.mark.parametrize("form", FORMS["between paragraphs"])
def test_what_interrupts_the_story_is_left_out(form):
    assert told(read(TITLE, STORY[0], form, *STORY[1:])) == ALONE


@pytest.mark.parametrize("form", FORMS["subheads"])
def test_subheads_stay_whatever_they_look_like(form):
    assert told(read(TITLE, STORY[0], form, *STORY[1:])) == (TITLE, list(STORY), [form], [])


@pytest.mark.parametrize(("form", "text", "credit"), FORMS["captions"])
@pytest.mark.parametrize("times", [1, 2])
def test_captions_and_credits_are_taken_apart(form, text, credit, times):
    article = read(TITLE, STORY[0], "\n".join([form] * times), *STORY[1:])

    assert told(article)[:3] == ALONE[:3]
    assert [(caption.text, caption.credit) for caption in article.captions] == [(text, credit)]


@pytest.mark.parametrize(("form", "agency", "place"), FORMS["agencies and places"])
def test_agencies_and_places_are_cut_off_the_first_paragraph(form, agency, place):
    article = read(TITLE, form + STORY[0], *STORY[1:])

    assert told(article) == ALONE
    assert (article.agency, article.dateline) == (agency, place)


@pytest.mark.parametrize("form", FORMS["no places"])
def test_other_short_beginnings_stay(form):
    article = read(TITLE, form + STORY[0], *STORY[1:])

    assert told(article)[1] == [form + STORY[0], *STORY[1:]]
    assert article.dateline is None


@pytest.mark.parametrize(("form", "date"), FORMS["dates"])
def test_date_lines_are_read_wherever_they_stand(form, date):
    for article in (read(TITLE, form, *STORY), read(form, TITLE, *STORY), read(TITLE, form, *STORY, glue="\n")):
        assert told(article) == ALONE
        assert article.date == date


def boxed(**changed):
    parts = dict(zip(("head", "marker", "venue", "days", "rows"), BOX, strict=True)) | changed
    article = read(TITLE, *STORY, *filter(None, parts.values()), "Folgen Sie uns!")

    assert told(article) == ALONE
    (widget,) = article.widgets
    sessions = [(session.name, session.starts_at) for session in widget.sessions]
    return widget.series, widget.venue, f"{widget.start}/{widget.end}", sessions


RIGHT = (
    "Altmark-Cup",
    "Lausitzring",
    "2025-05-23/2025-05-25",
    [("Qualifying", "2025-05-24T09:35"), ("Rennen", "2025-05-25T15:10")],
)


@pytest.mark.parametrize("form", FORMS["ranges"])
def test_boxes_know_their_days_in_every_form(form):
    assert boxed(days=form, venue="" if "Lausitzring" in form else "Lausitzring") == RIGHT


@pytest.mark.parametrize(("form", "name"), FORMS["rows"])
def test_boxes_know_their_sessions_in_every_form(form, name):
    assert boxed(rows=f"{form}\nRennen 2 So. 15:10 Uhr")[3] == [
        (name, "2025-05-24T09:35"),
        ("Rennen 2", "2025-05-25T15:10"),
    ]


@pytest.mark.parametrize(("form", "series"), FORMS["heads"])
def test_boxes_know_their_series_in_every_form(form, series):
    assert boxed(head=form) == (series, *RIGHT[1:])


@pytest.mark.parametrize("form", FORMS["markers"])
def test_boxes_are_announced_in_every_form(form):
    assert boxed(marker=form) == RIGHT


@pytest.mark.parametrize("form", FORMS["broadcasts"])
@pytest.mark.parametrize("glue", ["\n", "\n\n"])
def test_broadcasts_are_told_from_sessions(form, glue):
    article = read(TITLE, *STORY[:2], "Altmark-Cup im TV", glue.join([form, AIRED[1]]), STORY[2])

    assert told(article) == ALONE
    assert [broadcast.text for broadcast in article.broadcasts] == [form, AIRED[1]]
    assert article.widgets == ()


@pytest.mark.parametrize("form", FORMS["heads of broadcasts"])
def test_labels_above_broadcasts_are_left_out(form):
    article = read(TITLE, *STORY[:2], form, "\n".join(AIRED), STORY[2])

    assert told(article) == ALONE
    assert [broadcast.text for broadcast in article.broadcasts] == list(AIRED)


@pytest.mark.parametrize("form", FORMS["banners"])
def test_cookie_banners_are_left_out_first_and_last(form):
    assert told(read(form, TITLE, *STORY)) == ALONE
    assert told(read(TITLE, *STORY, form)) == ALONE
