"""The one door to background work: jobs in Postgres, asked for in the transaction of the act and done by a worker.

The rest of the house never imports this module: it sends a signal, whose receiver here writes the job. A job is
idempotent, for it may run twice: a worker that was killed leaves its job "doing", and whoever comes next takes it up.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from articles import pictures, renditions
from articles.importers import batches as texts
from results.importers import batches
from results.importers.loading.summaries import catch_up

# Every living worker holds this lock shared. Who gets it alone knows that all others are dead.
ALIVE = 0x776F_726B
HEARTBEAT_SECONDS, STALLED_SECONDS = 5.0, 20.0
POLLING_SECONDS = 2.0
LATER_SECONDS = 30
GRACE_SECONDS = 8.0  # for the job under way when the worker is told to stop
# A database that was away is asked again after 2, 4, 8 … seconds; a fault of ours is not worth more.
AGAIN = RetryStrategy(max_attempts=6, exponential_wait=2)
ORPHANS = (
    "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs WHERE status = 'doing'"
)
OLDEST = (
    "SELECT extract(epoch FROM now() - min(greatest(event.at, job.scheduled_at)))::int,"
    " (SELECT extract(epoch FROM now() - max(last_heartbeat))::int FROM procrastinate_workers)"
    " FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'"
    " WHERE job.status = 'todo' AND job.task_name <> 'retry_stalled' AND coalesce(job.scheduled_at, now()) <= now()"
)


class NotMigrated(Exception):  # noqa: N818 - reads as the sentence it stands for
    """There is no table of jobs yet."""


@app.task(name="work_on_file", queue="imports", retry=AGAIN)
def work_on_file(item: int) -> None:
    """Reads or imports one file of a batch, whatever it waits for."""
    batches.work(item)


@app.task(name="make_renditions", queue="pictures", retry=AGAIN)
def make_renditions(image: int) -> None:
    """Makes the sizes that a picture lacks."""
    renditions.make(image)


@app.task(name="catch_up_laps", queue="laps", retry=AGAIN)
def catch_up_laps(session: int) -> None:
    """Works out anew what follows from the laps of a session, now that some ceased to count by the clock."""
    catch_up(session)


@app.periodic(cron="17 3 * * *")
@app.task(name="empty_picture_bin", queue="upkeep")
def empty_picture_bin(timestamp: int) -> None:
    """Deletes what has lain in the bin of the library for 30 days."""
    pictures.empty_bin()


@app.task(name="work_on_text", queue="imports", retry=AGAIN)
def work_on_text(item: int) -> None:
    """Reads one text of a batch of stories."""
    texts.work(item)


@app.periodic(cron="* * * * * */15")  # the sixth are seconds
@app.task(name="retry_stalled", queue="upkeep", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Gives back to the queue what nobody works on: the jobs of workers without a sign of life, and our own lost ones.

    A job whose end could not be written, because the database went away in that moment, stays "doing" while its worker
    lives on. One worker does one job at a time, and now that is this one.
    """
    manager, me = context.app.job_manager, context.job
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.retry_job(job)
    for job in await manager.list_jobs_async(status="doing", worker_id=me.worker_id):
        if job.id != me.id:
            await manager.retry_job(job)


def ask_for_file(*, item: int, later: bool, **_signal: Any) -> None:
    """Receiver of `results.signals.file_waits`: the job is written in the sender's transaction."""
    when: dict[str, Any] = {"schedule_in": {"seconds": LATER_SECONDS}} if later else {}
    work_on_file.configure(lock=f"file-{item}", **when).defer(item=item)


def ask_for_renditions(*, image: int, **_signal: Any) -> None:
    """Receiver of `articles.signals.renditions_wait`: written in the sender's transaction; imports go first."""
    make_renditions.configure(lock=f"picture-{image}", priority=-1).defer(image=image)


def ask_for_laps(*, session: int, at: dt.datetime, **_signal: Any) -> None:
    """Receiver of `results.signals.summaries_wait`: written in the sender's transaction, done at that hour, first of all."""
    same = {"task_name": catch_up_laps.name, "args": {"session": session}, "scheduled_at": at}
    if ProcrastinateJob.objects.filter(status="todo", **same).exists():
        return  # the sender holds the lock on the session, so nobody asks at once
    catch_up_laps.configure(lock=f"laps-{session}", schedule_at=at, priority=1).defer(session=session)


def ask_for_text(*, item: int, **_signal: Any) -> None:
    """Receiver of `articles.signals.text_waits`: the job is written in the sender's transaction."""
    work_on_text.configure(lock=f"text-{item}").defer(item=item)


def run_worker(*, once: bool = False) -> None:
    """Works until SIGTERM or SIGINT; with `once` until nothing waits any more. NotMigrated where jobs have no table."""
    if not app.check_connection():
        raise NotMigrated
    life = _sign_of_life()
    try:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(
                wait=not once,
                concurrency=1,
                delete_jobs="successful",
                fetch_job_polling_interval=POLLING_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=GRACE_SECONDS,
            )
    finally:
        life.close()


def _sign_of_life() -> BaseDatabaseWrapper:
    """A connection that holds the shared lock while we live; before that, what the dead have left is taken up."""
    life = connection.copy()
    with life.cursor() as cursor:
        for _attempt in range(20):  # the server needs a moment to notice that a killed worker is gone
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ALIVE])
            if cursor.fetchone()[0]:
                cursor.execute(ORPHANS)
                cursor.execute("SELECT pg_advisory_lock_shared(%s), pg_advisory_unlock(%s)", [ALIVE, ALIVE])
                return life
            time.sleep(0.1)
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [ALIVE])
    return life


def waiting(cursor: Any) -> dict[str, int | None]:
    """Seconds the oldest job has been due, and seconds since a worker was last heard of; None for nothing and nobody."""
    cursor.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
    oldest = heard = None
    if cursor.fetchone()[0]:  # else nobody has migrated yet, which is no reason to call the database ill
        cursor.execute(OLDEST)
        oldest, heard = cursor.fetchone()
    return {"oldest_waiting_seconds": oldest, "worker_heard_seconds_ago": heard}
