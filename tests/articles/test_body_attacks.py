"""Case I13: markup that would run, in every part of a text, harms no page, no feed, no JSON-LD and no form of the desk."""

import json

import pytest
from lxml.html import fromstring

from articles.models import Article
from tests import factories
from tests.articles.test_body import ATTACKS
from tests.articles.test_body_nodes import TOKEN, qualifying, released_later  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


def run_by(html):
    """What in a page or a piece of HTML would run: foreign scripts, handlers, addresses of script, foreign elements."""
    tree = fromstring(f"<div>{html}</div>")
    scripts = [
        one
        for one in tree.iter("script")
        if one.get("type") not in {"application/ld+json", "application/json", "importmap"}
    ]
    scripts = [one for one in scripts if not (one.get("src") or "").startswith("/static/")]
    elements = [one for one in tree.iter() if isinstance(one.tag, str)]
    handlers = [name for one in elements for name in one.attrib if name.startswith("on")]
    addresses = [
        text
        for text in tree.xpath("//@href | //@src | //@action")
        if ":" in text.split("/")[0] and not text.startswith(("http", "mailto"))
    ]
    foreign = [one.tag for one in elements if one.tag in {"iframe", "object", "embed", "math", "base"}]
    return scripts, handlers, addresses, foreign


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_runs_nowhere(attack, client, qualifying):  # noqa: F811
    attack = attack.replace("data-ref='x'", "")  # a value that refers to nothing keeps the gate shut
    quoted = attack.replace("'", "&quot;")
    body = (
        f"<p>vorher {attack}</p>"
        f'<figure data-extract="result:wec/2021/bahrain/Q?rows=2"><figcaption>{attack}</figcaption></figure>'
        f'<figure data-quote=""><blockquote><p>Zitat {attack}</p></blockquote><figcaption>Quelle {attack}</figcaption></figure>'
        f"<figure data-image='{quoted}'>{attack}</figure><figure data-extract='{quoted}'>{attack}</figure><p>nachher</p>"
    )
    article = factories.ArticleFactory(title=attack[:200], standfirst=attack, body=body)
    publication = factories.publish(article)

    page = client.get(publication.get_absolute_url()).content.decode()
    assert run_by(page) == ([], [], [], [])
    assert "vorher" in page
    feed = json.loads(client.get("/feeds/feed.json").content)
    assert run_by(feed["items"][0]["content_html"]) == ([], [], [], [])
    assert b"<script>alert" not in client.get("/feeds/rss.xml").content
    client.force_login(factories.UserFactory(role="chief"))
    form = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert "<script>alert" not in form
    told = client.post("/admin/articles/article/nodes/", {"body": body})
    assert told["Content-Type"] == "application/json"


def test_saving_sanitises_whoever_writes(db):
    article = Article.objects.create(
        title="x", body=f'<figure data-image="{TOKEN}" onclick="x"><script>alert(1)</script>a</figure>'
    )

    assert article.body == f'<figure data-image="{TOKEN}"><figcaption>a</figcaption></figure>'


def test_a_new_version_under_embargo_shows_in_no_story_that_has_its_extract(client, qualifying):  # noqa: F811
    extract = '<figure data-extract="result:wec/2021/bahrain/Q?rows=2"></figure>'
    hidden = factories.ClassificationFactory(
        session=qualifying, version=2, hidden=True, rows=[{"position": 1, "entry__team__name": "Geheimnadel"}]
    )
    assert hidden.public_from is None
    publication = factories.publish(body=f"<p>x</p>{extract}")

    for path in (publication.get_absolute_url(), "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"):
        assert "Geheimnadel" not in client.get(path).content.decode()
    assert "Geheimnadel" not in publication.body_text
