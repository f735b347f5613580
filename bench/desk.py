"""What the newsroom's first page and its list of articles cost with 100,000 articles: milliseconds and queries.

Makes its own database:  RACEDESK_DB_NAME=bench_desk python -m bench.desk
"""

import logging
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")
os.environ.setdefault("RACEDESK_DB_NAME", "bench_desk")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from articles.models import Article  # noqa: E402
from racedesk.roles import group_of  # noqa: E402

ARTICLES, ROUNDS = 100_000, 5
PAGES = ["/admin/", "/admin/articles/article/"]
PAGES += [
    f"/admin/articles/article/?state={state}"
    for state in ("draft", "review", "returned", "approved", "scheduled", "public", "changed", "withdrawn", "bin")
]
PAGES += ["/admin/articles/article/?q=Sieger", "/admin/articles/article/?p=400", "/admin/articles/act/"]

# Nine in ten are public, every hundredth is scheduled, in review, returned, withdrawn or in the bin; twenty people write.
FILL = """
INSERT INTO auth_user (username, password, is_staff, is_active, is_superuser, first_name, last_name, email, date_joined)
SELECT 'person' || n, '!', true, true, false, 'Person', n::text, '', now() FROM generate_series(1, 20) n;
INSERT INTO articles_author (name, slug, short_name) SELECT 'Autorin ' || n, 'autorin-' || n, '' FROM generate_series(1, 50) n;
INSERT INTO articles_article (uid, title, slug, kind, kicker, standfirst, body, language, dateline, agency, notes, stage,
  lock_version, created_by_id, edited_by_id, changed_at, stage_at, trashed_at)
SELECT gen_random_uuid(), 'Sieger in Rennen ' || n, 'rennen-' || n, 'report', '', 'Was geschah, in einem Satz.',
  '<p>' || repeat('Der Bericht von der Strecke. ', 60) || '</p>', 'de', '', '', '',
  CASE n % 100 WHEN 1 THEN 'review' WHEN 2 THEN 'returned' WHEN 3 THEN 'approved' ELSE 'draft' END, 1,
  (SELECT min(id) FROM auth_user) + n % 20, (SELECT min(id) FROM auth_user) + n % 20, now() - n * interval '1 hour', now(),
  CASE n % 100 WHEN 6 THEN now() END
FROM generate_series(1, {n}) n;
INSERT INTO articles_byline (article_id, author_id, position)
SELECT id, (SELECT min(id) FROM articles_author) + id % 50, 1 FROM articles_article;
INSERT INTO articles_revision (article_id, number, content, comment, created_by_id)
SELECT id, 1, jsonb_build_object('title', title, 'body', body), '', created_by_id FROM articles_article;
INSERT INTO articles_act (article_id, verb, outcome, by_id, by_name, before, after, reason, at)
SELECT id, 'save', 'done', created_by_id, 'Person', '', '', '', changed_at FROM articles_article;
UPDATE articles_article SET lock_version = 2 WHERE id % 50 = 9;
ANALYZE;
"""

# The first thousand apart, and the planner told: every row asks for its neighbours, with a plan made for what was there.
PUBLISH = """
INSERT INTO articles_publication (article_id, version, revision_id, uid, slug, title, kicker, kind, standfirst, body_html,
  body_text, language, dateline, agency, content, correction_note, visible_from, visible_until)
SELECT a.id, 1, r.id, a.uid, a.slug, a.title, '', 'report', a.standfirst, a.body, a.body, 'de', '', '', '{{}}', '',
  CASE WHEN a.id % 100 = 5 THEN now() + a.id * interval '1 minute' ELSE a.changed_at END,
  CASE WHEN a.id % 100 = 4 THEN now() END
FROM articles_article a JOIN articles_revision r ON r.article_id = a.id
WHERE a.id % 100 NOT IN (1, 2, 3, 6) AND a.id % 20 <> 7
  AND a.id - (SELECT min(id) FROM articles_article) {part};
ANALYZE;
"""


def main() -> None:
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    if not Article.objects.exists():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FILL.format(n=ARTICLES))
            for part in ("< 1000", ">= 1000"):
                cursor.execute(PUBLISH.format(part=part))
    person = User.objects.get(username="person3")
    person.groups.add(group_of("chief"))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person)
    slow = False
    for page in PAGES:
        times, cpu, queries = [], [], 0
        for _ in range(ROUNDS):
            with CaptureQueriesContext(connection) as captured:
                start, busy = time.perf_counter(), time.process_time()
                status = client.get(page).status_code
                times.append((time.perf_counter() - start) * 1000)
                cpu.append((time.process_time() - busy) * 1000)
            queries = len(captured)
        longest = max(captured, key=lambda query: float(query["time"]))
        print(
            f"{page:48} {status} {min(times):7.0f} ms  {min(cpu):5.0f} ms CPU  {queries:3} queries  slowest {longest['time']} s"
        )
        if "-v" in sys.argv:
            print("   ", longest["sql"][:1500])
        slow |= min(times) > 1000
    raise SystemExit(slow)


if __name__ == "__main__":
    main()
