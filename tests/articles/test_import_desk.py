"""The article import at the desk: upload, preview with every line, corrections, confirmed events, one draft."""

import datetime as dt
import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.importers.load import import_article
from articles.importers.records import Label
from articles.importers.text import parse_bytes
from articles.models import Article, Author, Publication
from results.importers.plan import Upload
from results.models import Event, Session, SourceDocument
from tests import factories

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/articles/article/import/"
STORY = """Lindqvist gewinnt in Altmark

Der Aurelia-Audi hat das Nachtrennen von Altmark gewonnen. Mara Lindqvist überholte kurz vor Schluss.

Die Boxengasse um Mitternacht, Foto: Altmark GT

Zweiter Platz für Falbe

Der Porsche kam 1,204 Sekunden dahinter ins Ziel. Auf Rang drei landete Nordkap Racing.

Holger Mann
"""
EVENT = """
ALTMARK-TROPHÄE LIVE

Nächstes Event

Altmarkring

30. Mai - 1. Juni

Qualifying Sa. 10:05 Uhr
Rennen So. 13:30 Uhr
Fahrerlagerfest So. 17:00 Uhr
"""


@pytest.fixture
def desk(client):
    client.force_login(factories.UserFactory(role="administrator"))
    return client


def preview_of(text):
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return f"{UPLOAD}{sha256}/"


def upload(client, text, **more):
    return client.post(UPLOAD, {"text": text, **more})


def sent(response, **changes):
    """The fields of the preview as a browser would send them, with what a person changed."""
    reading = response.context["reading"]
    data = {
        "changed": reading.changed_text,
        "events": len(reading.events),
        "as_of": reading.form["as_of"].value() or "",
    }
    data |= {field.html_name: field.value() for _line, field in reading.labels.rows()}
    for event in reading.events:
        for field in event:
            if field.name != "take":
                data[field.html_name] = field.value() or ""
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def test_a_pasted_text_is_shown_line_by_line_and_nothing_is_an_article_yet(desk):
    response = desk.post(UPLOAD, {"text": STORY.replace("\n", "\r\n")}, follow=True)

    page = response.content.decode()
    assert response.redirect_chain == [(preview_of(STORY), 302)]
    assert "<h3>Lindqvist gewinnt in Altmark</h3>" in page
    assert "Zeile 11: „Holger Mann“ ist nicht einzuordnen und bleibt weg." in page
    assert [line.number for line, _field in response.context["reading"].labels.rows()] == [1, 3, 5, 7, 9, 11]
    assert not Article.objects.exists()


def test_an_uploaded_file_keeps_its_bytes(desk):
    data = STORY.encode("cp1252")

    desk.post(UPLOAD, {"file": SimpleUploadedFile("sieg.txt", data)})

    document = SourceDocument.objects.get()
    assert (document.name, bytes(document.content), document.format) == ("sieg.txt", data, "article")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Bitte Dateien auswählen oder einen Text einfügen"),
        ({"text": "<html><nav>Start</nav></html>"}, "kein Artikel gefunden"),
        ({"text": "Teilen\n\nTweeten"}, "kein Artikel gefunden"),
        ({"text": "x" * 1_000_001}, "1000000"),
        ({"file": SimpleUploadedFile("a.txt", b"x" * 1_000_001)}, "Erlaubt sind 1000 kB"),
        ({"file": SimpleUploadedFile("a.txt", b"x" * 10_000_001)}, "größer als 10000 kB"),
        ({"file": SimpleUploadedFile("bild.png", b"\x89PNG\r\n\x1a\n\0\0\0")}, "Das ist ein Bild"),
        ({"text": STORY, "as_of": "gestern"}, "gültiges Datum"),
    ],
    ids=["nothing", "page", "furniture", "long text", "large file", "larger file", "picture", "date"],
)
def test_what_is_no_article_is_refused_in_german_and_not_kept(desk, form, sentence):
    response = desk.post(UPLOAD, form)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not SourceDocument.objects.exists()


def test_a_confirmed_text_becomes_a_draft_of_the_person(desk):
    page = desk.post(UPLOAD, {"text": STORY}, follow=True)

    done = desk.post(preview_of(STORY), sent(page, commit="1"))

    article = Article.objects.get()
    assert done["Location"] == reverse("admin:articles_article_change", args=[article.pk])
    assert article.title == "Lindqvist gewinnt in Altmark"
    assert article.body == (
        "<p>Der Aurelia-Audi hat das Nachtrennen von Altmark gewonnen. Mara Lindqvist überholte kurz vor Schluss.</p>"
        "<h2>Zweiter Platz für Falbe</h2>"
        "<p>Der Porsche kam 1,204 Sekunden dahinter ins Ziel. Auf Rang drei landete Nordkap Racing.</p>"
    )
    assert "Bild: Die Boxengasse um Mitternacht · Foto: Altmark GT" in article.notes
    assert article.created_by == article.revisions.get().created_by
    assert not Publication.objects.exists()


def test_the_same_text_again_leads_to_its_article_and_says_so(desk):
    page = desk.post(UPLOAD, {"text": STORY}, follow=True)
    desk.post(preview_of(STORY), sent(page, commit="1"))

    again = desk.post(UPLOAD, {"text": STORY}, follow=True)

    assert "0 neu: Dieser Text ist schon der Artikel „Lindqvist gewinnt in Altmark“." in again.content.decode()
    assert Article.objects.count() == 1


def test_two_clicks_on_confirm_make_one_draft(desk):
    page = desk.post(UPLOAD, {"text": STORY}, follow=True)
    data = sent(page, commit="1")

    for _click in range(2):
        desk.post(preview_of(STORY), data)

    assert Article.objects.count() == 1
    assert Article.objects.get().revisions.count() == 1


def test_a_person_calls_a_line_something_else_and_the_page_remembers_it(desk):
    page = desk.post(UPLOAD, {"text": STORY}, follow=True)

    shown = desk.post(preview_of(STORY), sent(page, preview="1", line__11="paragraph"))
    again = desk.post(preview_of(STORY), sent(shown, preview="1", line__7="furniture"))
    desk.post(preview_of(STORY), sent(again, commit="1"))

    assert shown.context["reading"].changed == {11: Label.PARAGRAPH}
    assert again.context["reading"].changed == {7: Label.FURNITURE, 11: Label.PARAGRAPH}
    assert "Zweiter Platz" not in Article.objects.get().body
    assert Article.objects.get().body.endswith("<p>Holger Mann</p>")


@pytest.mark.parametrize("changed", ["1=nonsense", "1=", "drop table", "1=title,", "99999999999=title"])
def test_forged_labels_are_refused_and_nothing_is_written(desk, changed):
    page = desk.post(UPLOAD, {"text": STORY}, follow=True)

    response = desk.post(preview_of(STORY), sent(page, commit="1", changed=changed))

    assert "Die geänderten Zeilenarten sind nicht lesbar." in response.content.decode()
    assert not Article.objects.exists()


def test_an_announced_event_is_created_only_when_ticked(desk):
    page = desk.post(UPLOAD, {"text": STORY + EVENT, "as_of": "2025-05-20"}, follow=True)

    desk.post(preview_of(STORY + EVENT), sent(page, commit="1"))

    assert not Event.objects.exists()
    assert (
        "Angekündigter Termin: Altmark-Trophäe · Altmarkring · 30.05.2025 – 01.06.2025" in Article.objects.get().notes
    )


def test_a_ticked_event_comes_with_its_sessions_and_a_box_beside_the_story(desk):
    page = desk.post(UPLOAD, {"text": STORY + EVENT, "as_of": "2025-05-20"}, follow=True)

    desk.post(preview_of(STORY + EVENT), sent(page, commit="1", **{"event-0-take": "on"}))

    event = Event.objects.get()
    assert (str(event.season), event.name, event.circuit.name) == ("Altmark-Trophäe 2025", "Altmarkring", "Altmarkring")
    assert (event.starts_on, event.ends_on) == (dt.date(2025, 5, 30), dt.date(2025, 6, 1))
    assert list(event.sessions.values_list("key", "name", "kind", "starts_at")) == [
        ("Q", "Qualifying", "qualifying", dt.datetime(2025, 5, 31, 8, 5, tzinfo=dt.UTC)),
        ("R", "Rennen", "race", dt.datetime(2025, 6, 1, 11, 30, tzinfo=dt.UTC)),
    ]
    (box,) = Article.objects.get().sidebar.all()
    assert (box.kind, box.series) == ("next_event", event.season.series)


def test_what_the_calendar_would_get_is_shown_before(desk):
    page = desk.post(UPLOAD, {"text": STORY + EVENT, "as_of": "2025-05-20"}, follow=True)

    shown = desk.post(preview_of(STORY + EVENT), sent(page, preview="1", **{"event-0-take": "on"})).content.decode()

    assert "Was der Kalender bekommt: Altmark-Trophäe · Altmarkring" in shown
    assert "sehen Leser sofort im Kalender" in shown
    assert re.search(r"<li>2 [^<]*Session", shown)
    assert not Event.objects.exists()


def test_a_doubtful_year_has_to_be_chosen(desk):
    page = desk.post(UPLOAD, {"text": STORY + EVENT}, follow=True)
    assert "Das Jahr ist zweifelhaft. Bitte wählen Sie es." in page.content.decode()

    refused = desk.post(preview_of(STORY + EVENT), sent(page, commit="1", **{"event-0-take": "on"}))
    assert "Für den Kalender nötig." in refused.content.decode()
    assert not Article.objects.exists()

    desk.post(preview_of(STORY + EVENT), sent(page, commit="1", **{"event-0-take": "on", "event-0-year": "2025"}))
    assert Event.objects.get().starts_on == dt.date(2025, 5, 30)
    assert Event.objects.get().season.label == "2025"


def test_an_event_of_the_calendar_only_gets_what_it_lacks(desk):
    series = factories.SeriesFactory(name="Altmark-Trophäe", slug="altmark")
    event = factories.EventFactory(
        season=factories.SeasonFactory(series=series, label="2025"), name="Großer Preis der Altmark",
        starts_on=dt.date(2025, 5, 30), ends_on=dt.date(2025, 6, 1),
    )  # fmt: skip
    factories.SessionFactory(
        event=event, key="R", name="Rennen", starts_at=dt.datetime(2025, 6, 1, 11, 30, tzinfo=dt.UTC)
    )
    page = desk.post(UPLOAD, {"text": STORY + EVENT, "as_of": "2025-05-20"}, follow=True)
    assert "Schon im Kalender:" in page.content.decode()

    desk.post(preview_of(STORY + EVENT), sent(page, commit="1", **{"event-0-take": "on"}))

    assert Event.objects.get().name == "Großer Preis der Altmark"
    assert sorted(Session.objects.values_list("key", flat=True)) == ["Q", "R"]


def test_a_reporter_imports_the_text_but_not_the_event(client):
    client.force_login(factories.UserFactory(role="reporter"))
    page = client.post(UPLOAD, {"text": STORY + EVENT, "as_of": "2025-05-20"}, follow=True)
    assert "Termine trägt die Redaktion in den Kalender ein" in page.content.decode()

    client.post(preview_of(STORY + EVENT), sent(page, commit="1", **{"event-0-take": "on"}))

    assert Article.objects.count() == 1
    assert not Event.objects.exists()


@pytest.mark.parametrize("role", ["results", "pictures"])
def test_who_may_not_add_articles_is_turned_away(client, role):
    SourceDocument.objects.create(
        sha256=hashlib.sha256(STORY.encode()).hexdigest(), name="x", size=1, content=STORY.encode(), format="article"
    )
    client.force_login(factories.UserFactory(role=role))

    assert [client.get(UPLOAD).status_code, upload(client, STORY).status_code] == [403, 403]
    assert client.post(preview_of(STORY), {"commit": "1"}).status_code == 403
    assert not Article.objects.exists()


def test_nobody_is_sent_to_the_login(client):
    assert client.get(UPLOAD)["Location"].startswith("/admin/login/")
    assert client.get(preview_of(STORY))["Location"].startswith("/admin/login/")


def test_other_documents_have_no_preview_here(desk):
    content = b"POSITION;NUMBER\n"
    sha256 = hashlib.sha256(content).hexdigest()
    SourceDocument.objects.create(sha256=sha256, name="x.csv", size=16, content=content, format="wige")

    assert desk.get(f"{UPLOAD}{sha256}/").status_code == 404
    assert desk.get(f"{UPLOAD}{'0' * 64}/").status_code == 404


def test_hostile_words_are_text_everywhere(desk):
    hostile = STORY.replace("Falbe", "<script>alert(1)</script><img src=x onerror=alert(1)>").replace(
        "Holger Mann", "{{7*7}} %s"
    )
    page = desk.post(UPLOAD, {"text": hostile}, follow=True)
    assert "<script>alert" not in page.content.decode()
    assert "onerror=alert(1)&gt;" in page.content.decode()

    desk.post(preview_of(hostile), sent(page, commit="1"))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img" in Article.objects.get().body


def test_known_authors_sign_and_unknown_ones_are_noted():
    author = Author.objects.create(name="Hanna Vogt")
    text = STORY.replace(
        "Lindqvist gewinnt in Altmark\n", "Lindqvist gewinnt in Altmark\n\nVon Hanna Vogt und Per Ahlers\n"
    )

    done = import_article(parse_bytes(text.encode()), Upload("a.txt", text.encode()), by=None)

    assert [line.author for line in done.article.bylines.all()] == [author]
    assert "Autorenzeile im Text: Per Ahlers" in done.article.notes


def test_the_list_of_articles_leads_to_the_import(desk):
    assert f'href="{UPLOAD}"' in desk.get("/admin/articles/article/").content.decode()


def test_the_pages_keep_the_strict_policy(desk):
    page = desk.post(UPLOAD, {"text": STORY + EVENT}, follow=True)

    assert "unsafe" not in page["Content-Security-Policy"]
    assert "style=" not in page.content.decode()
    assert " onclick" not in page.content.decode()


def test_the_desk_is_told_what_came_into_the_calendar(desk):
    """Not “0 new” for a series, a season, an event and its sessions."""
    page = desk.post(UPLOAD, {"text": STORY + EVENT, "as_of": "2025-05-20"}, follow=True)

    done = desk.post(preview_of(STORY + EVENT), sent(page, commit="1", **{"event-0-take": "on"}), follow=True)

    said = [str(message) for message in done.context["messages"]]
    assert Event.objects.count() == 1
    assert not [words for words in said if "0 neu" in words]
    assert any("angelegt: " in words and "1 Veranstaltung" in words for words in said)
