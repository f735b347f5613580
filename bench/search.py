"""What the search and the archive cost on 100,000 public stories: p50 and p99 of a whole request, without any cache.

`wall` is what a reader waits. On a machine that others use, too, most of that is waiting for a core: `CPU` is the time that
this process and its database connection computed, `alone` is `wall` without the time in which they stood in line.

    python -m bench.search [--stories N] [--drop]

Builds the database bench_search on the configured server and keeps it for the next run; --drop drops it. Words are
drawn by Zipf's law, so there are common ones, rare ones and pairs of both. Goal: p99 of every search below 60 ms.
"""

import argparse
import datetime as dt
import random
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from bench.databases import drop, own_database  # first: sets Django up

# isort: split

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection, transaction

from articles.models import Article, Author, Listing, Publication, Revision, Tag
from bench.pages import ask, quiet
from racedesk.warm import warm_up
from results.models import Event, Season, Series

NAME = "bench_search"
GOAL_MS = 60
ROUNDS = 40
STEP = 1000
WRITTEN = 25_000  # stories with words of their own
SYLLABLES = [
    "ren",
    "wa",
    "fah",
    "ber",
    "lin",
    "ger",
    "tal",
    "mo",
    "tor",
    "stre",
    "ke",
    "box",
    "sti",
    "lan",
    "kur",
    "ve",
    "rei",
    "fen",
    "zeit",
    "hal",
    "no",
    "rin",
    "spa",
    "zan",
    "dor",
    "le",
    "mans",
]
REAL = "Rennen Fahrer Runde Sekunden Team Start Nürburgring Qualifying Boxenstopp Führung Reifen Strafe Klasse Sieg Porsche"


def vocabulary(chance: random.Random) -> list[str]:
    made = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(60_000)}
    return [*REAL.split(), *sorted(made)]


def build(stories: int) -> None:
    if Publication.objects.exists():
        return
    chance = random.Random(20_261_125)
    words = vocabulary(chance)
    weights = [1 / (rank + 8) for rank in range(len(words))]
    series = [Series.objects.create(name=f"Serie {n}", slug=f"serie-{n}") for n in range(8)]
    for one in series:
        season = Season.objects.create(series=one, label="2026", slug="2026")
        Event.objects.create(
            season=season,
            name="Rennen",
            slug="lauf",
            time_zone="Europe/Berlin",
            public_from=dt.datetime(2015, 1, 1, tzinfo=dt.UTC),
        )
    authors = [Author.objects.create(name=f"Autorin {n}") for n in range(60)]
    tags = [Tag.objects.create(name=f"Thema {n}") for n in range(400)]
    first = Article.objects.create(title="Erste", slug="erste")
    revision = Revision.objects.create(article=first, number=1, content={})
    end = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    for start in range(0, stories, STEP):
        count = min(STEP, stories - start)
        articles = Article.objects.bulk_create(
            Article(title=f"Bericht {n}", slug=f"bericht-{n}") for n in range(start, start + count)
        )
        made = Publication.objects.bulk_create(
            one_publication(article, revision, chance, words, weights, end, start + n, stories)
            for n, article in enumerate(articles)
        )
        for link, field, things in (
            ("series", "series", series),
            ("authors", "author", authors),
            ("tags", "tag", tags),
        ):
            through = getattr(Publication, link).through
            through.objects.bulk_create(
                through(publication=publication, **{field: thing})
                for publication in made
                for thing in {min(int(chance.expovariate(4 / len(things))), len(things) - 1)}
                for thing in [things[thing]]
            )


# Later years repeat the words of the first ones: their rows are copied with the words already in the index's form.
COPIES = [
    (
        "INSERT INTO articles_article ({article}) SELECT {copied_article} FROM articles_article "
        "WHERE id IN (SELECT article_id FROM articles_publication ORDER BY id LIMIT %(count)s)"
    ),
    (
        "INSERT INTO articles_publication ({publication}) SELECT {copied_publication} "
        "FROM articles_publication ORDER BY id LIMIT %(count)s"
    ),
    (
        "INSERT INTO articles_listing (publication_id, published_at, visible_from, visible_until, words) "
        "SELECT publication_id + %(up)s, published_at - %(back)s, visible_from - %(back)s, NULL, words FROM articles_listing "
        "WHERE publication_id + %(up)s IN (SELECT id FROM articles_publication) ORDER BY publication_id LIMIT %(count)s"
    ),
    *(
        f"INSERT INTO articles_publication_{link} (publication_id, {column}) SELECT publication_id + %(up)s, {column} "
        f"FROM articles_publication_{link} WHERE publication_id + %(up)s IN (SELECT id FROM articles_publication)"
        for link, column in (("series", "series_id"), ("authors", "author_id"), ("tags", "tag_id"))
    ),
]
COPIED = {
    "id": "id + %(up)s",
    "uid": "gen_random_uuid()",
    "slug": "'kopie-' || (id + %(up)s)",
    "article_id": "article_id + %(up)s",
    "visible_from": "visible_from - %(back)s",
}

INDEX = """
CREATE INDEX listing_search ON articles_listing
USING gin (words, articles_heading(words), articles_quarter(published_at)) WITH (fastupdate = off)
"""


def grow(stories: int) -> None:
    """Doubles what is there until it is enough."""
    columns = {}
    for model in (Article, Publication):
        name = model._meta.model_name
        names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
        columns[name] = ", ".join(["id", *names])
        columns[f"copied_{name}"] = ", ".join(COPIED.get(column, column) for column in ["id", *names])
    # One transaction: an interrupted run leaves what was there before, with its index, and not half an archive without one.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_publication DISABLE TRIGGER publication_listed")
        cursor.execute("DROP INDEX IF EXISTS listing_search")
        while (there := Publication.objects.count()) < stories:
            up = 1 + max(Article.objects.order_by("-pk")[0].pk, Publication.objects.order_by("-pk")[0].pk)
            values = {"count": min(there, stories - there), "up": up, "back": dt.timedelta(days=365 * 4)}
            for copy in COPIES:
                cursor.execute(copy.format(**columns), values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(INDEX)
        cursor.execute("ALTER TABLE articles_publication ENABLE TRIGGER publication_listed")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def one_publication(article, revision, chance, words, weights, end, number, stories):  # noqa: PLR0917
    text = chance.choices(words, weights, k=chance.randint(120, 420))
    body = " ".join(text)
    return Publication(
        article=article, version=1, revision=revision, uid=article.uid, slug=article.slug,
        title=" ".join(text[:6]), standfirst=" ".join(text[6:24]), kind=chance.choice(["report", "news", "preview"]),
        body_html=f"<p>{body}</p>", body_text=body, language="de",
        content={"bylines": [], "lead_image": None, "sidebar": [], "tags": [], "events": []},
        visible_from=end - dt.timedelta(days=4200) * (1 - number / stories),
    )  # fmt: skip


def questions() -> Iterator[tuple[str, list[str]]]:
    """Kinds of questions, with many of each kind."""
    chance = random.Random(7)
    words = vocabulary(random.Random(20_261_125))
    common, middle, rare = words[:15], words[40:400], words[20_000:40_000]
    yield "rare", chance.sample(rare, 30)
    yield "middle", chance.sample(middle, 30)
    yield "common", common
    yield "two common", [f"{one} {other}" for one, other in pairwise(common)]
    yield "common and rare", [f"{chance.choice(common)} {word}" for word in chance.sample(rare, 30)]
    yield "prefix", [word[:4] for word in chance.sample(middle, 30)]
    yield "short prefix", [word[:3] for word in chance.sample(middle, 30)]
    yield "twelve words", [" ".join(chance.sample([*common, *middle], 12)) for _ in range(20)]
    yield "nonsense", [f"qxyz{n}" for n in range(10)]


def pages() -> Iterator[tuple[str, list[str]]]:
    for name, asked in questions():
        yield f"search {name}", [f"/suche/?q={words.replace(' ', '+')}" for words in asked]
    yield "search common, by date", [f"/suche/?q={word}&sortierung=datum" for word in REAL.split()]
    yield "search common, page 50", [f"/suche/?q={word}&seite=50" for word in REAL.split()]
    yield "search umlaut", [f"/suche/?q={word}" for word in ("Nürburgring", "Nuerburgring", "Führung", "Fuehrung")]
    yield "archive", ["/archiv/", "/archiv/2024/", "/archiv/2024/5/"]
    yield "archive, page 40", ["/archiv/?seite=40", "/archiv/?serie=serie-0&seite=40"]
    yield "archive, series", [f"/archiv/?serie=serie-{n}" for n in range(8)]
    yield "archive, rare tag", [f"/archiv/?thema=thema-{n}" for n in range(350, 399)]
    yield "archive, two filters", [f"/archiv/?autor=autorin-{n}&thema=thema-{n}" for n in (0, 1, 20, 40)]
    yield "author", [f"/autor/autorin-{n}/" for n in (0, 20, 50)]
    yield "tag", [f"/thema/thema-{n}/" for n in (0, 100, 380)]
    yield "home", ["/"]
    yield "article", [f"/artikel/bericht-{n}/" for n in (5, 5000, 50_000)]
    yield (
        "abuse",
        ["/archiv/?page=100000", "/archiv/?limit=1000000", f"/suche/?q={'x' * 8000}", "/suche/?q=" + "a+" * 99],
    )


def computed(pid: str) -> tuple[float, float]:
    """Milliseconds that a process ran and that it stood in line for a core, by Linux' own account."""
    ran, waited, _slices = Path(f"/proc/{pid}/schedstat").read_text("ascii").split()
    return int(ran) / 1e6, int(waited) / 1e6


def timed(handler: WSGIHandler, address: str) -> tuple[int, dict[str, float]]:
    """Status and milliseconds of one request; CPU and `alone` only where the database runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    both = ["self", *([str(pid)] if Path(f"/proc/{pid}/schedstat").exists() else [])]
    before = [computed(one) for one in both]
    started = time.perf_counter()
    status, _length = ask(handler, address)
    wall = (time.perf_counter() - started) * 1000
    spent = [
        (ran - old[0], waited - old[1])
        for one, old in zip(both, before, strict=True)
        for ran, waited in [computed(one)]
    ]
    return status, {
        "wall": wall,
        "CPU": sum(ran for ran, _waited in spent),
        "alone": wall - sum(waited for _ran, waited in spent),
    }


def measure() -> None:
    handler = WSGIHandler()
    warm_up()
    for name, addresses in pages():
        times: list[dict[str, float]] = []
        statuses = set()
        for turn in range(ROUNDS):
            status, spent = timed(handler, addresses[turn % len(addresses)])
            times.append(spent)
            statuses.add(status)
        line = f"{name:26}"
        for kind in ("wall", "CPU", "alone"):
            ordered = sorted(spent[kind] for spent in times[2:])  # the first ones fill the database's own memory
            line += f"  {kind} p50 {median(ordered):6.1f} p99 {ordered[int(len(ordered) * 0.99)]:6.1f} ms"
        print(f"{line}  {sorted(statuses)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--drop", action="store_true")
    options = parser.parse_args()
    if options.drop:
        drop(NAME)
        return
    quiet()
    connection.settings_dict["CONN_MAX_AGE"] = None  # one connection for all, whose account is read
    with own_database(NAME, keep=True):
        call_command("migrate", verbosity=0)
        if Publication.objects.count() < options.stories:
            build(min(options.stories, WRITTEN))
            grow(options.stories)
        print(f"{Listing.objects.count():,} stories on {settings.DATABASES['default']['ENGINE']}; goal {GOAL_MS} ms")
        measure()


if __name__ == "__main__":
    main()
