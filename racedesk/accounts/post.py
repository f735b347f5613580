"""Letters leave in the background: an answer takes the same time whether or not somebody gets one."""

from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

import structlog
from django.core.mail import EmailMessage

log = structlog.get_logger("racedesk.post")

WAITING = 100  # letters; more than that means that the mail server is away or somebody plays with us
_room = BoundedSemaphore(WAITING)
# One thread: letters leave in order, and a process that ends finishes those it has taken.
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")


def deliver(message: EmailMessage) -> None:
    """Send it soon; a failure is logged without address and text, for nobody waits for the outcome."""
    if _room.acquire(blocking=False):
        _postman.submit(_send, message)
    else:
        log.error("letter dropped", waiting=WAITING)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the next letter has to go out
        log.error("letter not sent", reason=type(error).__name__)  # noqa: TRY400 - a traceback may hold the address
    finally:
        _room.release()
