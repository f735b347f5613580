"""The front page: pins of the chief, the rule for the rest, and no word of what is not public."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from articles import front, pinning, workflow
from articles.models import FrontPin, Publication
from tests.factories import ArticleFactory, EventFactory, ImageFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def chief():
    return UserFactory(role="chief")


def story(title, *, hours=0, kind="report", event=None, picture=False):
    """A public story that old; its event gives it a series."""
    image = ImageFactory() if picture else None
    publication = publish(title=title, kind=kind, lead_event=event or EventFactory(), lead_image=image)
    Publication.objects.filter(pk=publication.pk).update(visible_from=timezone.now() - hours * HOUR)
    return publication.article


def slots(page):
    return [str(one) for one in (page.lead, *page.second) if one]


def test_the_newest_report_leads():
    story("Gestern", hours=24)
    story("Eben")

    assert slots(front.front_page()) == ["Eben", "Gestern"]


def test_a_report_leads_over_a_news_item_that_is_little_newer():
    story("Meldung", kind="news")
    story("Bericht", hours=3)

    assert front.front_page().lead.title == "Bericht"


def test_the_second_row_prefers_another_series():
    event = EventFactory()
    story("Aufmacher", event=event)
    story("Dieselbe Serie", hours=1, event=event)
    story("Andere Serie", hours=5)

    assert slots(front.front_page()) == ["Aufmacher", "Andere Serie", "Dieselbe Serie"]


def test_variety_never_beats_a_week():
    event = EventFactory()
    story("Aufmacher", event=event)
    story("Dieselbe Serie", hours=1, event=event)
    story("Andere Serie", hours=200)

    assert slots(front.front_page()) == ["Aufmacher", "Dieselbe Serie", "Andere Serie"]


def test_no_story_stands_twice_and_none_is_missing():
    event = EventFactory()
    for n in range(15):
        story(f"Bericht {n}", hours=n, event=event)

    page = front.front_page()

    listed = [*slots(page), *map(str, page.newest), *(str(one) for strip in page.strips for one in strip.stories)]
    assert sorted(listed) == sorted({f"Bericht {n}" for n in range(15)})


def test_a_series_with_stories_left_gets_a_strip():
    event = EventFactory(season__series__name="Langstrecke")
    for n in range(15):
        story(f"Bericht {n}", hours=n, event=event)

    (strip,) = front.front_page().strips
    assert (strip.series, [str(one) for one in strip.stories]) == (
        event.season.series,
        ["Bericht 12", "Bericht 13", "Bericht 14"],
    )


def test_a_pin_puts_an_old_story_on_top_until_its_end(client, chief):
    old = story("Alt", hours=2000)
    for n in range(5):
        story(f"Neu {n}", hours=n)
    pin = pinning.pin(article=old, slot="lead", until=timezone.now() + HOUR, by=chief)

    assert front.front_page().lead.title == "Alt"
    FrontPin.objects.filter(pk=pin.pk).update(until=timezone.now() - HOUR)
    assert front.front_page().lead.title == "Neu 0"


def test_a_pinned_story_of_the_second_row_keeps_its_place(chief):
    for n in range(6):
        story(f"Neu {n}", hours=n)
    pinning.pin(article=story("Rechts", hours=900), slot="second-3", until=timezone.now() + HOUR, by=chief)

    assert slots(front.front_page())[3] == "Rechts"


def test_the_same_story_pinned_twice_stands_once(chief):
    article = story("Überall")
    story("Sonst", hours=1)
    for slot in ("lead", "second-1"):
        pinning.pin(article=article, slot=slot, until=timezone.now() + HOUR, by=chief)

    assert slots(front.front_page()) == ["Überall", "Sonst"]


def test_the_later_pin_of_a_slot_counts_and_ends_the_former(chief):
    first, second = story("Erste", hours=1), story("Zweite", hours=2)
    for article in (first, second):
        pinning.pin(article=article, slot="lead", until=timezone.now() + HOUR, by=chief)

    assert front.front_page().lead.title == "Zweite"
    assert [pin.article for pin in FrontPin.objects.running()] == [second]


def hidden_draft():
    return ArticleFactory(title="Nachtigall")


def hidden_until_later():
    return publish(title="Nachtigall", visible_from=timezone.now() + HOUR).article


def hidden_by_withdrawal():
    article = publish(title="Nachtigall").article
    workflow.withdraw(article, by=UserFactory(role="chief"), note="Irrtum.")
    return article


@pytest.mark.parametrize("hide", [hidden_draft, hidden_until_later, hidden_by_withdrawal], ids=lambda f: f.__name__)
def test_a_pin_of_a_hidden_story_shows_and_changes_nothing(client, chief, hide):
    story("Eben")
    story("Gestern", hours=24)
    without = client.get("/").content
    pinning.pin(article=hide(), slot="lead", until=timezone.now() + HOUR, by=chief)

    assert client.get("/").content == without


def test_a_pinned_story_appears_with_its_own_hour(chief):
    article = hidden_until_later()
    story("Eben")
    pinning.pin(article=article, slot="lead", until=timezone.now() + 5 * HOUR, by=chief)
    Publication.objects.filter(article=article).update(visible_from=timezone.now() - 100 * HOUR)

    assert front.front_page().lead.title == "Nachtigall"


# ------------------------------------------------------------------ at the desk


def test_only_the_chief_pins(chief):
    article = story("Eben")
    with pytest.raises(PermissionDenied):
        pinning.pin(article=article, slot="lead", until=timezone.now() + HOUR, by=UserFactory(role="editor"))
    pin = pinning.pin(article=article, slot="lead", until=timezone.now() + HOUR, by=chief)
    with pytest.raises(PermissionDenied):
        pinning.unpin(pin, by=UserFactory(role="reporter"))


def test_a_pin_that_is_over_before_it_begins_is_refused(chief):
    with pytest.raises(ValueError, match="Vergangenheit"):
        pinning.pin(article=story("Eben"), slot="lead", until=timezone.now() - HOUR, by=chief)


def test_the_chief_pins_and_takes_down_in_the_admin(client, chief):
    client.force_login(chief)
    article = story("Vorgestern", hours=48)
    story("Eben")
    tomorrow = timezone.localtime() + 24 * HOUR

    client.post(
        reverse("admin:articles_frontpin_add"),
        {"article": article.pk, "slot": "lead", "until_0": f"{tomorrow:%d.%m.%Y}", "until_1": "12:00"},
    )
    assert front.front_page().lead.title == "Vorgestern"
    page = client.get(reverse("admin:articles_frontpin_changelist")).content.decode()
    assert "steht auf der Startseite" in page

    pin = FrontPin.objects.get()
    client.post(reverse("admin:articles_frontpin_delete", args=[pin.pk]), {"post": "yes"})
    assert front.front_page().lead.title == "Eben"
    assert FrontPin.objects.get().pinned_by == chief


def test_the_list_of_pins_says_what_shows_nothing(client, chief):
    client.force_login(chief)
    pinning.pin(article=hidden_draft(), slot="lead", until=timezone.now() + HOUR, by=chief)

    page = client.get(reverse("admin:articles_frontpin_changelist")).content.decode()
    assert "nichts: Der Artikel ist nicht öffentlich" in page
