"""What is a small change is asked of all that readers read, tables and captions among it."""

import pytest

from articles import workflow
from articles.models import Act, Article
from tests.factories import ArticleFactory, ClassificationFactory, ImageFactory, TagFactory, UserFactory, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """A public story with a table of eight cars and a picture with a long caption in its text."""
    rows = [{"position": place, "entry__number": str(place)} for place in range(1, 9)]
    session = ClassificationFactory(rows=rows).session
    event = session.event
    path = f"{event.season.series.slug}/{event.season.slug}/{event.slug}/{session.key}"
    image = ImageFactory(
        caption="Dreizehn Wörter stehen unter diesem Bild, und keines davon hat sich seit gestern geändert."
    )
    body = (
        f'<p>Der Bericht.</p><figure data-extract="result:{path}"></figure><figure data-image="{image.token}"></figure>'
    )
    publication = publish(ArticleFactory(body=body))
    assert "#8" in publication.body_text
    assert "Dreizehn Wörter" in publication.body_text
    return publication.article


def test_a_topic_more_needs_no_notice(story):
    story.tags.add(TagFactory())

    workflow.publish(story, by=UserFactory(role="editor"))

    assert story.acts.filter(verb=Act.Verb.UPDATE).exists()


def test_another_number_does(story):
    Article.objects.filter(pk=story.pk).update(body=story.body.replace("Der Bericht.", "Der Bericht mit 3 Siegern."))

    with pytest.raises(workflow.NotPublishable, match="Der Artikel war schon zu lesen"):
        workflow.publish(story, by=UserFactory(role="editor"))


def test_another_table_does(story):
    Article.objects.filter(pk=story.pk).update(
        body=story.body.replace('"></figure><figure data-image', '?rows=3"></figure><figure data-image')
    )

    with pytest.raises(workflow.NotPublishable, match="Der Artikel war schon zu lesen"):
        workflow.publish(story, by=UserFactory(role="editor"))
