"""The register of the database: whole, never stale, cheap; and what an article's remarks are."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.admin.facts_lint import Draft, remarks, shown
from articles.factcheck.facts import Driver
from articles.factcheck.lint.database import register, starters_of
from articles.models import Article
from articles.remarks import digest_of, hidden_digests, hide, show_all
from results.models import Driver as DriverRow
from results.models import DriverAlias
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def goetz():
    return factories.DriverFactory(first_name="Maximilian", last_name="Götz")


@pytest.fixture
def event(goetz):
    event = factories.EventFactory()  # 5 and 6 November 2021, a Friday and a Saturday
    entry = factories.EntryFactory(event=event, number="84", team=factories.TeamFactory(name="HTP Charouz"))
    factories.CrewMemberFactory(entry=entry, driver=goetz)
    return event


def test_names_are_read_once_and_anew_when_one_changes_however(goetz, django_assert_num_queries):
    register()
    with django_assert_num_queries(1):
        assert Driver("Maximilian", "Götz") in register().drivers

    DriverRow.objects.filter(pk=goetz.pk).update(last_name="Gotz")  # no save, no signal
    with django_assert_num_queries(8):
        assert Driver("Maximilian", "Gotz") in register().drivers
    DriverRow.objects.bulk_create([DriverRow(first_name="Bernd", last_name="Schneider", slug="b", folded="x")])
    assert Driver("Bernd", "Schneider") in register().drivers
    DriverAlias.objects.create(driver=goetz, name="Maxi Götz")
    assert register().aliases == ("Maxi Götz",)
    DriverRow.objects.filter(slug="b").delete()
    assert Driver("Bernd", "Schneider") not in register().drivers


def test_two_names_exchanged_are_a_change():
    factories.DriverFactory(first_name="Anna", last_name="Adler")
    factories.DriverFactory(first_name="Bert", last_name="Bussard")
    register()
    for first, last in (("Anna", "Bussard"), ("Bert", "Adler")):
        DriverRow.objects.filter(first_name=first).update(last_name=last)

    assert set(register().drivers) == {Driver("Anna", "Bussard"), Driver("Bert", "Adler")}


def test_starters_are_those_of_the_event_else_of_its_season(event, goetz, django_assert_num_queries):
    later = factories.EventFactory(season=event.season)
    with django_assert_num_queries(3):
        own = starters_of([event])
    with django_assert_num_queries(4):
        seasons = starters_of([later])

    assert [(crew.team, crew.drivers) for crew in own.crews] == [("HTP Charouz", (Driver("Maximilian", "Götz"),))]
    assert seasons.crews == own.crews
    assert [day.isoformat() for day in own.days] == ["2021-11-05", "2021-11-06"]


def test_who_sat_in_the_car_in_one_session_starts_too(event):
    entry = event.entries.get()
    once = factories.SessionEntryFactory(session=factories.SessionFactory(event=event), entry=entry)
    factories.SessionCrewMemberFactory(session_entry=once, driver__first_name="Gast", driver__last_name="Fahrer")

    assert Driver("Gast", "Fahrer") in starters_of([event]).crews[0].drivers


def test_queries_do_not_grow_with_the_field(event, django_assert_num_queries):
    article = factories.ArticleFactory(lead_event=event, lead_image=factories.ImageFactory())
    remarks(Draft.stored(article, "Text."))
    for number in range(20):
        entry = factories.EntryFactory(event=event, number=str(number + 200))
        factories.CrewMemberFactory(entry=entry)
    article = Article.objects.get(pk=article.pk)
    register()
    with django_assert_num_queries(7):  # event, further events, fingerprint, three of starters, pictures
        remarks(Draft.stored(article, "Text."))


def test_the_remarks_of_an_article(event):
    bare = factories.ImageFactory(title="Sieger", credit="", alt="Auto", caption="Der Sieger in der Box")
    body = (
        f'<p>Maximilian Gotz siegte am Sonntag, 6. November.</p><figure data-image="{bare.token}"></figure>'
        "<p>Der Sieger in der Box</p>"
    )
    article = factories.ArticleFactory(lead_event=event, lead_image=None, body=body)
    text = "Maximilian Gotz siegte am Sonntag, 6. November.\n\nDer Sieger in der Box"

    assert [(str(one.kind), one.text, one.suggestion) for one in remarks(Draft.stored(article, text))] == [
        ("picture", "Sieger", None),
        ("accent", "Gotz", "Götz"),
        ("weekday", "Sonntag", "Samstag"),
        ("caption", "Der Sieger in der Box", ""),
    ]


def test_a_remark_is_hidden_for_one_revision(event):
    chief = factories.UserFactory()
    article = factories.ArticleFactory(lead_event=event, lead_image=None)
    revision = article.revisions.create(number=1, content={})
    text = "Goetz und Goetz siegten."
    (remark, _again) = remarks(Draft.stored(article, text))
    (line,) = shown(Draft.stored(article, text)).groups[0][1]
    assert [place.before for place in line.places] == ["", "Goetz und "]

    assert hide(article, digest_of(remark), by=chief)
    assert hide(article, digest_of(remark), by=chief)
    assert (shown(Draft.stored(article, text)).count, shown(Draft.stored(article, text)).hidden) == (0, 1)
    assert revision.hidden_remarks.get().hidden_by == chief

    article.revisions.create(number=2, content={})
    assert (shown(Draft.stored(article, text)).count, shown(Draft.stored(article, text)).hidden) == (1, 0)
    hide(article, digest_of(remark), by=chief)
    show_all(article)
    assert hidden_digests(article) == frozenset()


def test_lint_text_prints_remarks(event, tmp_path, capsys):
    file = tmp_path / "text.txt"
    file.write_text("Am Sonntag, 6. November, siegte Goetz.", "utf-8")

    call_command("lint_text", str(file), event=event.slug, json=True)
    assert json.loads(capsys.readouterr().out) == [
        {
            "start": 3, "end": 10, "text": "Sonntag", "kind": "weekday", "suggestion": "Samstag",
            "why": "Der 6. November 2021 ist ein Samstag.",
        },
        {"start": 32, "end": 37, "text": "Goetz", "kind": "accent", "suggestion": "Götz", "why": "Im Register steht „Maximilian Götz“."},
    ]  # fmt: skip
    call_command("lint_text", str(file))
    assert capsys.readouterr().out == "\n"
    call_command("lint_text", str(file), as_of="2021-11-01")
    assert "„Sonntag“: Der 6. November 2021 ist ein Samstag." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"file": "nirgends.txt"}, "Eine Datei nirgends.txt gibt es nicht."),
        ({"file": __file__, "event": "nie"}, "Ein Event „nie“ gibt es nicht."),
        ({"file": __file__, "as_of": "gestern"}, "„gestern“ ist kein Tag. Erwartet wird zum Beispiel 2025-03-22."),
    ],
)
def test_lint_text_refuses_in_german(options, words):
    with pytest.raises(CommandError, match=words):
        call_command("lint_text", options.pop("file"), **options)
