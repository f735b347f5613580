"""Two memories of an article compared field by field: texts in words, boxes and relations one by one."""

import pytest

from articles import workflow
from articles.comparison import compare, readable
from tests.factories import ArticleFactory, AuthorFactory, ImageFactory, SeriesFactory, SidebarItemFactory, TagFactory

pytestmark = pytest.mark.django_db


def remembered(article):
    article.refresh_from_db()
    return workflow.save(article, by=None, expected_lock_version=None).content


def told(changes):
    """Label to what became of it, as a person reads it."""
    signs = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}

    def words(pieces):
        return "".join(signs[piece.kind].format(piece.text) for piece in pieces)

    return {
        change.label: [(item.kind, item.was, words(item.pieces)) for item in change.items] or words(change.pieces)
        for change in changes
    }


def test_boxes_are_new_gone_moved_and_changed():
    article = ArticleFactory()
    first, second, third = (
        SidebarItemFactory(article=article, kind="free", heading=word, text=word, position=n)
        for n, word in enumerate(("Eins", "Zwei", "Drei"), start=1)
    )
    series = SeriesFactory(name="WEC")
    next_event = SidebarItemFactory(article=article, kind="next_event", series=series, text="", position=4)
    before = remembered(article)
    first.delete()
    third.position = 1
    third.save()
    next_event.heading = "Weiter geht es"
    next_event.save()
    SidebarItemFactory(article=article, kind="free", heading="Neu", text="Neu", position=9)

    changes = told(compare(before, remembered(article)))

    assert [(kind, was) for kind, was, _ in changes["Randspalte"]] == [
        ("same", 0), ("moved", 2), ("changed", 0), ("new", 0), ("gone", 0),
    ]  # fmt: skip
    assert "[+ · Weiter geht es+]" in changes["Randspalte"][2][2]
    assert changes["Randspalte"][4][2] == "[-freier Kasten · Eins · Eins-]"
    assert second.pk


def test_authors_and_topics_are_told_one_by_one():
    old, kept, new = (AuthorFactory(name=name) for name in ("Alt", "Bleibt", "Neu"))
    article = ArticleFactory(authors=[old, kept])
    article.tags.add(TagFactory(name="GT3"))
    before = remembered(article)
    article.bylines.get(author=old).delete()
    article.bylines.create(author=new, position=9)
    article.tags.clear()

    changes = told(compare(before, remembered(article)))

    assert changes["Autoren"] == [("same", 0, "Bleibt"), ("new", 0, "[+Neu+]"), ("gone", 0, "[-Alt-]")]
    assert changes["Themen"] == [("gone", 0, "[-GT3-]")]


def test_a_picture_and_its_texts_are_parts_of_the_article():
    image = ImageFactory(title="Start", alt="Der Start", credit="Foto: A")
    article = ArticleFactory(lead_image=image)
    before = remembered(article)
    image.credit = "Foto: B"
    image.save()

    (change,) = compare(before, remembered(article))

    assert "Foto: [-A-][+B+]" in told([change])["Aufmacherbild"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>Kopf</h2><p>Text</p>", "## Kopf\nText"),
        ("<p>Ein <strong>Sieg</strong> und <em>mehr</em></p>", "Ein **Sieg** und _mehr_"),
        ('<p><a href="/wec/">WEC</a></p>', "WEC [/wec/]"),
        ("<ul><li>eins</li><li>zwei</li></ul>", "– eins\n– zwei"),
        ("<blockquote><p>Zitat</p></blockquote>", "> Zitat"),
        ('<p>in <data value="106540" data-ref="lap:7">1:46,540</data></p>', "in 1:46,540 [lap:7]"),
        (
            '<p>in <data value="106540" data-ref="lap:wec/2021/bahrain/Q#7">1:46,540</data></p>',
            "in 1:46,540 [beste Rundenzeit · wec/2021/bahrain/Q · #7]",
        ),
        ('<p><data value="" data-ref="">Namenlos</data></p>', "Namenlos"),
        ("", ""),
        ("   ", ""),
        ("nur Text", "nur Text"),
    ],
)
def test_what_is_not_words_is_told_by_signs(html, text):
    assert readable(html) == text


def test_a_changed_link_alone_is_a_visible_change():
    article = ArticleFactory(body='<p><a href="https://a.example/">Tabelle</a></p>')
    before = remembered(article)
    article.body = '<p><a href="https://b.example/">Tabelle</a></p>'
    article.save()

    assert told(compare(before, remembered(article)))["Text"] == (
        "Tabelle [-[https://a.example/]-][+[https://b.example/]+]"
    )


def test_markup_in_a_text_stays_text():
    article = ArticleFactory(title="<img src=x onerror=alert(1)>")

    assert told(compare({}, remembered(article)))["Titel"] == "[+<img src=x onerror=alert(1)>+]"
