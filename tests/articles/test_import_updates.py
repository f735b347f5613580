"""A source that changes after its import, and many texts at once: nothing twice, and no word written by hand is lost."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from articles import workflow
from articles.importers import batches
from articles.importers.load import find_article, import_article, update_article
from articles.importers.merge import merge
from articles.importers.text import parse_bytes
from articles.importers.updates import compare, find_former
from articles.models import Article, Publication, TextBatch, TextItem
from results.importers.plan import Upload
from results.models import Event, SourceDocument
from tests import factories
from tests.articles.test_import_desk import EVENT, STORY, UPLOAD, preview_of, sent

pytestmark = pytest.mark.django_db
State = TextItem.State
CHANGED = STORY.replace("1,204 Sekunden", "1,304 Sekunden").replace("Nordkap Racing", "Nordkap Racing aus Kiel")


@pytest.fixture
def desk(client):
    client.force_login(factories.UserFactory(role="administrator"))
    return client


@pytest.fixture
def person():
    return factories.UserFactory(role="editor")


def upload(text, name="sieg.txt"):
    return Upload(name, text.encode())


def imported(text=STORY, name="sieg.txt"):
    return import_article(parse_bytes(text.encode()), upload(text, name), by=None).article


def edit(article, **values):
    """A hand edit at the desk."""
    for name, value in values.items():
        setattr(article, name, value)
    article.save()
    workflow.save(article, by=None, expected_lock_version=None)
    article.refresh_from_db()
    return article


def taken(article, text, person, **choices):
    article.refresh_from_db()
    return update_article(
        article, parse_bytes(text.encode()), upload(text), by=person, choices=choices,
        expected_lock_version=article.lock_version,
    )  # fmt: skip


# -- three texts into one


@pytest.mark.parametrize(
    ("former", "ours", "theirs", "merged"),
    [
        ("abc", "abc", "abc", "abc"),
        ("abc", "aXc", "abc", "aXc"),
        ("abc", "abc", "abY", "abY"),
        ("abc", "Xbc", "abY", "XbY"),
        ("abc", "abcX", "Yabc", "YabcX"),
        ("abc", "ac", "abcY", "acY"),
        ("abc", "aXc", "aXc", "aXc"),
        ("abc", "aXc", "abY", "aXY"),
        ("abc", "Xbc", "aYc", "XYc"),
        ("abc", "aXc", "aYc", None),
        ("abc", "XYc", "aZc", None),
        ("abc", "ac", "aYc", None),
        ("abc", "abcX", "abcY", None),
        ("", "X", "", "X"),
        ("", "X", "Y", None),
        ("abc", "", "abc", ""),
    ],
)
def test_changes_in_different_places_fit_together(former, ours, theirs, merged):
    assert merge(former, ours, theirs) == (None if merged is None else list(merged))


# -- comparison


def test_the_source_unchanged_asks_nothing_whatever_the_desk_has_done():
    article = edit(imported(), title="Lindqvists Nacht", body="<p>Ganz anders.</p>")

    comparison = compare(article, parse_bytes(STORY.encode()))

    assert comparison.is_empty
    assert comparison.kept == ("Titel", "Text")


def test_what_only_the_source_changed_is_taken_by_default_and_hand_edits_stay(person):
    article = edit(imported(), title="Lindqvists Nacht")

    changed = taken(article, CHANGED, person)

    article.refresh_from_db()
    assert changed == ("body",)
    assert article.title == "Lindqvists Nacht"
    assert "1,304 Sekunden" in article.body
    assert article.revisions.first().comment == "Aktualisiert aus sieg.txt"


def test_a_paragraph_edited_by_hand_and_another_one_in_the_source_are_merged(person):
    article = imported()
    edit(article, body=article.body.replace("kurz vor Schluss", "in der letzten Runde"))

    (decision,) = compare(article, parse_bytes(CHANGED.encode())).decisions
    assert (decision.name, decision.default, decision.by_hand) == ("body", "merged", True)
    taken(article, CHANGED, person)

    article.refresh_from_db()
    assert "in der letzten Runde" in article.body
    assert "1,304 Sekunden" in article.body


def test_the_same_paragraph_on_both_sides_keeps_the_draft_until_a_person_decides(person):
    article = imported()
    edit(article, body=article.body.replace("1,204 Sekunden", "gut eine Sekunde"))

    (decision,) = compare(article, parse_bytes(CHANGED.encode())).decisions
    assert (decision.default, decision.options) == ("draft", ["draft", "source"])
    assert taken(article, CHANGED, person) == ()

    article.refresh_from_db()
    assert "gut eine Sekunde" in article.body
    # The person has seen this version and kept the draft: it is not asked about again.
    assert compare(article, parse_bytes(CHANGED.encode())).is_empty


def test_a_person_may_take_the_source_over_the_draft(person):
    article = imported()
    edit(article, body=article.body.replace("1,204 Sekunden", "gut eine Sekunde"))

    taken(article, CHANGED, person, body="source")

    article.refresh_from_db()
    assert "gut eine Sekunde" not in article.body
    assert "1,304 Sekunden" in article.body


def test_how_the_editor_writes_its_html_is_no_hand_edit():
    article = imported()
    edit(article, body=article.body.replace("\n", "  \n\n") + "<p></p>")

    (decision,) = compare(article, parse_bytes(CHANGED.encode())).decisions

    assert not decision.by_hand


def test_the_third_version_is_compared_with_the_second(person):
    article = imported()
    taken(article, CHANGED, person)
    article.refresh_from_db()
    third = CHANGED.replace("Zweiter Platz für Falbe", "Rang zwei für Falbe")

    (decision,) = compare(article, parse_bytes(third.encode())).decisions

    assert (decision.default, decision.by_hand) == ("source", False)


def test_an_article_of_older_days_is_compared_with_its_first_revision():
    article = imported()
    article.imports.all().delete()
    edit(article, title="Lindqvists Nacht")

    comparison = compare(article, parse_bytes(CHANGED.encode()))

    assert [one.name for one in comparison.decisions] == ["body"]
    assert comparison.kept == ("Titel",)


def test_all_versions_of_a_source_are_known_again(person):
    article = imported()
    taken(article, CHANGED, person)

    assert find_article(upload(STORY)) == find_article(upload(CHANGED)) == article
    assert import_article(parse_bytes(STORY.encode()), upload(STORY), by=None).is_new is False


def test_a_late_choice_is_refused_and_writes_nothing(person):
    article = imported()
    version = article.lock_version
    edit(article, title="Inzwischen geändert")

    with pytest.raises(workflow.StaleSave):
        update_article(
            article, parse_bytes(CHANGED.encode()), upload(CHANGED), by=person, choices={"body": "source"},
            expected_lock_version=version,
        )  # fmt: skip
    article.refresh_from_db()
    assert "1,204 Sekunden" in article.body


def test_readers_keep_what_they_see_until_somebody_publishes(person):
    chief = factories.UserFactory(role="chief")
    article = edit(imported(), standfirst="Ein Vorspann.")
    article.bylines.create(author=factories.AuthorFactory())
    article.refresh_from_db()
    workflow.publish(article, by=chief)
    shown = Publication.objects.public().get().body_html

    taken(article, CHANGED, person)

    assert Publication.objects.public().get().body_html == shown
    assert "1,304" not in shown


# -- which article it is


@pytest.mark.parametrize(
    ("text", "name", "because"),
    [
        (CHANGED, "sieg.txt", "gleicher Dateiname, ähnlicher Text"),
        (CHANGED, "anders.txt", "gleicher Titel, ähnlicher Text"),
        (CHANGED.replace("Lindqvist gewinnt in Altmark\n", "Sieg in der Nacht\n"), "anders.txt", "fast derselbe Text"),
    ],
)
def test_a_new_version_is_known_by_name_title_or_text(text, name, because):
    article = imported(STORY * 1)

    found = find_former(parse_bytes(text.encode()), name=name, pasted=batches.PASTED)

    assert (found.article, found.because) == (article, because)


def test_among_texts_alike_the_nearer_is_meant_and_not_the_newer():
    first = imported()
    second = imported(STORY.replace("Lindqvist gewinnt in Altmark", "Was am Freitag zu erwarten ist"), "zweiter.txt")
    changed = CHANGED.replace("Lindqvist gewinnt in Altmark", "Lindqvist gewinnt knapp in Altmark")

    found = find_former(parse_bytes(changed.encode()), name="dritter.txt", pasted=batches.PASTED)

    assert first.pk != second.pk
    assert (found.article, found.because) == (first, "fast derselbe Text")


def test_another_story_under_the_same_file_name_is_no_new_version():
    imported()
    other = (
        "Regen in Moorbeck\n\nDer zweite Lauf der Marschenserie wurde abgesagt, weil die Strecke unter Wasser steht. "
        "Ein neuer Termin steht noch nicht fest.\n"
    )

    assert find_former(parse_bytes(other.encode()), name="sieg.txt", pasted=batches.PASTED) is None


def test_a_page_is_known_by_its_own_address():
    page = '<html><head><link rel="canonical" href="https://landbote.example/1"></head><body><h1>{}</h1><p>{}</p></body></html>'
    first = page.format("Sieg am Deister", "Zum dritten Mal in Folge steht das gelbe Auto ganz oben.")
    second = page.format("Doch kein Sieg", "Nach der Nachkontrolle wurde das Ergebnis gestern Abend aufgehoben.")
    article = imported(first, "a.html")

    found = find_former(parse_bytes(second.encode()), name="b.html", pasted=batches.PASTED)

    assert (found.article, found.because) == (article, "gleiche Adresse der Seite")


# -- at the desk


def test_a_pasted_new_version_is_offered_for_comparison_and_taken_over(desk):
    page = desk.post(UPLOAD, {"text": STORY}, follow=True)
    desk.post(preview_of(STORY), sent(page, commit="1"))
    article = edit(Article.objects.get(), kicker="Langstrecke")

    page = desk.post(UPLOAD, {"text": CHANGED}, follow=True)
    assert "Eine neue Fassung eines Artikels?" in page.content.decode()
    compared = desk.post(preview_of(CHANGED), sent(page, compare="1"), follow=True)
    assert "<ins>1,304</ins>" in compared.content.decode()
    done = desk.post(
        compared.request["PATH_INFO"],
        {"lock_version": article.lock_version, "changed": "", "as_of": "", "take-body": "source"},
    )

    assert done.status_code == 302
    article.refresh_from_db()
    assert (article.kicker, Article.objects.count()) == ("Langstrecke", 1)
    assert "1,304 Sekunden" in article.body


def test_a_person_may_make_a_draft_of_its_own_of_a_new_version(desk):
    imported()
    page = desk.post(UPLOAD, {"text": CHANGED}, follow=True)

    desk.post(preview_of(CHANGED), sent(page, commit="1"))

    assert Article.objects.count() == 2


def test_a_late_comparison_shows_the_draft_as_it_is_now(desk):
    article = imported()
    edit(article, title="Inzwischen geändert")
    SourceDocument.objects.create(**document(CHANGED))

    answer = desk.post(update_of(CHANGED, article), {"lock_version": "1", "changed": "", "as_of": ""})

    assert answer.status_code == 409
    assert "Inzwischen hat jemand den Entwurf gespeichert" in answer.content.decode()
    assert "1,204 Sekunden" in Article.objects.get().body


def test_labels_changed_after_the_import_are_a_proposal_like_any_other(desk):
    page = desk.post(UPLOAD, {"text": STORY}, follow=True)
    desk.post(preview_of(STORY), sent(page, commit="1"))
    article = edit(Article.objects.get(), title="Von Hand")

    page = desk.get(preview_of(STORY), {"lines": "1"})
    assert "Dieser Text ist schon ein Artikel" in page.content.decode()
    compared = desk.post(preview_of(STORY) + "?lines=1", sent(page, compare="1", line__11="paragraph"), follow=True)
    fields = hidden(compared)
    desk.post(compared.request["PATH_INFO"], fields)

    article.refresh_from_db()
    assert article.title == "Von Hand"
    assert article.body.endswith("<p>Holger Mann</p>")
    assert article.imports.first().labels == {"11": "paragraph"}


def test_events_of_a_known_text_can_be_confirmed_later(desk):
    text = STORY + EVENT
    page = desk.post(UPLOAD, {"text": text, "as_of": "2025-05-20"}, follow=True)
    desk.post(preview_of(text), sent(page, commit="1"))
    assert not Event.objects.exists()

    page = desk.get(preview_of(text), {"lines": "1"})
    desk.post(preview_of(text) + "?lines=1", sent(page, compare="1", **{"event-0-take": "on"}))

    assert Event.objects.get().sessions.count() == 2


@pytest.mark.parametrize(("role", "status"), [("reporter", 200), ("results", 403), ("pictures", 403)])
def test_who_may_see_a_comparison(client, role, status):
    article = imported()
    SourceDocument.objects.create(**document(CHANGED))
    client.force_login(factories.UserFactory(role=role))

    assert client.get(update_of(CHANGED, article)).status_code == status


def test_every_line_of_a_long_text_can_be_changed_in_windows(desk):
    text = STORY + "\n" + "\n\n".join(f"Absatz {number} erzählt noch etwas vom Rennen." for number in range(700))
    page = desk.post(UPLOAD, {"text": text}, follow=True)
    assert len(page.context["reading"].labels.rows()) == 500

    second = desk.post(preview_of(text), sent(page, show="1", window="0"))
    rows = second.context["reading"].labels.rows()
    last = rows[-1][0]
    desk.post(preview_of(text), sent(second, commit="1", window="1", **{f"line__{last.number}": "furniture"}))

    assert last.text == "Absatz 699 erzählt noch etwas vom Rennen."
    assert "Absatz 699" not in Article.objects.get().body
    assert "Absatz 698" in Article.objects.get().body


# -- many at once


def files(*named):
    return [SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text) for name, text in named]


def several(number):
    return [
        (
            f"text-{one}.txt",
            f"Sieg Nummer {one}\n\n" + f"Zum {one}. Mal stand Wagen {one * 7} ganz oben, Fahrer {one} war froh. " * 2,
        )
        for one in range(number)
    ]


def work_off():
    for item in TextItem.objects.filter(state=State.WAITING):
        batches.work(item.pk)


def test_fifty_files_become_drafts_with_a_report_and_twice_they_are_nothing_new(desk):
    answer = desk.post(UPLOAD, {"file": files(*several(50))})
    batch = TextBatch.objects.get()
    assert answer["Location"] == f"{UPLOAD}batch/{batch.pk}/"
    assert "50 Texte werden noch gelesen" in desk.get(answer["Location"]).content.decode()
    assert not Article.objects.exists()

    work_off()
    work_off()

    assert Article.objects.count() == 50
    page = desk.get(answer["Location"]).content.decode()
    assert "Neuer Entwurf: <b>50</b>" in page
    assert "data-busy" not in page
    desk.post(UPLOAD, {"file": files(*several(50))})
    work_off()
    assert Article.objects.count() == 50
    assert TextBatch.objects.first().items.filter(state=State.UNCHANGED).count() == 50
    assert not Publication.objects.exists()


def test_fifty_one_files_are_refused_and_nothing_is_kept(desk):
    answer = desk.post(UPLOAD, {"file": files(*several(51))})

    assert "Höchstens 50 Dateien auf einmal" in answer.content.decode()
    assert not SourceDocument.objects.exists()


def test_the_report_says_of_every_file_what_became_of_it(desk):
    article = edit(imported(), title="Von Hand")
    desk.post(UPLOAD, {"file": files(
        ("sieg.txt", CHANGED), ("gleich.txt", STORY), ("leer.txt", ""), ("muell.txt", "Teilen\n\nTweeten"),
        ("neu.txt", several(1)[0][1]), ("bild.docx", b"PK\x03\x04 kein Archiv"),
    )})  # fmt: skip

    work_off()

    items = {item.name: item for item in TextItem.objects.select_related("article")}
    assert {name: item.state for name, item in items.items()} == {
        "sieg.txt": State.PROPOSED, "gleich.txt": State.UNCHANGED, "leer.txt": State.REFUSED, "muell.txt": State.REFUSED,
        "neu.txt": State.DONE, "bild.docx": State.REFUSED,
    }  # fmt: skip
    assert items["sieg.txt"].article == items["gleich.txt"].article == article
    page = desk.get(f"{UPLOAD}batch/{items['sieg.txt'].batch_id}/").content.decode()
    for words in ("gleicher Dateiname, ähnlicher Text", "Die Datei ist leer.", "kein Artikel gefunden", "beschädigt"):
        assert words in page
    article.refresh_from_db()
    assert "1,204 Sekunden" in article.body
    assert "Quellen, die sich geändert haben" in desk.get(UPLOAD).content.decode()


def test_a_proposal_is_settled_by_taking_it_or_by_leaving_the_draft(desk, person):
    article = imported()
    batch = batches.open_batch([upload(CHANGED)], by=person)
    work_off()
    item = batch.items.get()

    desk.post(f"{UPLOAD}batch/{batch.pk}/", {"drop": str(item.pk)})
    item.refresh_from_db()
    assert item.state == State.DROPPED

    TextItem.objects.update(state=State.PROPOSED)
    taken(article, CHANGED, person)
    item.refresh_from_db()
    assert item.state == State.TAKEN


def test_whoever_lost_the_right_meanwhile_writes_nothing(person):
    batch = batches.open_batch([upload(STORY)], by=person)
    person.groups.clear()

    work_off()

    assert batch.items.get().state == State.REFUSED
    assert not Article.objects.exists()


def test_a_changed_file_on_the_command_line_proposes_and_changes_nothing(tmp_path, capsys):
    file = tmp_path / "sieg.txt"
    file.write_text(STORY)
    call_command("import_article", str(file), json=True)
    article = edit(Article.objects.get(), title="Von Hand")
    capsys.readouterr()
    file.write_text(CHANGED)

    for _run in range(2):
        call_command("import_article", str(file), json=True)
        answer = json.loads(capsys.readouterr().out)
        assert (answer["article"], answer["created"], answer["proposed"]) == (article.pk, 0, 1)
    call_command("import_article", str(file))

    assert "Änderungsvorschlag" in capsys.readouterr().out
    assert batches.open_proposals().count() == 1
    article.refresh_from_db()
    assert (article.title, Article.objects.count()) == ("Von Hand", 1)
    assert "1,204 Sekunden" in article.body


def document(text):
    import hashlib  # noqa: PLC0415

    data = text.encode()
    return {
        "sha256": hashlib.sha256(data).hexdigest(), "name": "sieg.txt", "size": len(data), "content": data,
        "format": "article",
    }  # fmt: skip


def update_of(text, article):
    return f"{preview_of(text)}{article.pk}/"


def hidden(response):
    """The hidden fields of a comparison and what is chosen in it, as a browser sends them."""
    page = response.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(lock_version|changed|as_of)" value="([^"]*)"', page))
    return fields | dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked>', page))
