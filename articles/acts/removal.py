"""Taking a story off the site, with a note or without a word, and putting it back as it stood."""

import datetime as dt

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.acts.ground import NothingToWithdraw, NotNow, claim, database_now, require, under_embargo
from articles.acts.journal import act, record
from articles.acts.versions import hand_over, repeat
from articles.models import Act, Article, Publication, TakeDown, Withdrawal
from articles.state import code_of
from results.venue_time import moment as in_words


@act(Act.Verb.WITHDRAW)
def withdraw(article: Article, *, by: User, note: str) -> Withdrawal:
    """Take the story back now: the public version ends, a scheduled one never begins. The note is public.

    Raises `NothingToWithdraw` where no version is public or scheduled, ValueError without a note.
    """
    require(by, "articles.withdraw_article")
    if not note.strip():
        raise ValueError(_("A withdrawal needs a note for the readers."))
    current, before, moment = _end(article)
    if before is None:
        raise NothingToWithdraw(_("No version of the article is public or scheduled."))
    withdrawal = Withdrawal.objects.create(article=current, note=note.strip(), withdrawn_by=by)
    record(Act.Verb.WITHDRAW, current, by=by, before=before, reason=note.strip(), at=moment)
    return withdrawal


@act(Act.Verb.TAKE_DOWN)
def take_down(article: Article, *, by: User, reason: str) -> TakeDown:
    """Take the story off without a word: its addresses answer 404, a note of withdrawal disappears too.

    The reason stays inside. Raises `NothingToWithdraw` where readers see nothing of it and nothing is scheduled.
    """
    require(by, "articles.takedown_article")
    if not reason.strip():
        raise ValueError(_("Taking down needs a reason. It stays inside."))
    current, before, moment = _end(article)
    if before is None:
        before = code_of(current)
        if before != "withdrawn":
            raise NothingToWithdraw(_("No version of the article is public or scheduled."))
    gone = TakeDown.objects.create(article=current, reason=reason.strip(), taken_down_by=by)
    record(Act.Verb.TAKE_DOWN, current, by=by, before=before, reason=reason.strip(), at=moment)
    return gone


@act(Act.Verb.REINSTATE)
def reinstate(article: Article, *, by: User, reason: str) -> Publication:
    """Put back what readers saw last, word for word and now; the draft may hold anything else by then."""
    require(by, "articles.withdraw_article")
    if not reason.strip():
        raise ValueError(_("Say why the story comes back. It stays inside."))
    current = claim(article)
    moment = database_now()
    before = code_of(current)
    if before == "taken_down":
        require(by, "articles.takedown_article")
    last = current.publications.seen().order_by("-visible_from", "-version").first()
    if last is None or before not in {"withdrawn", "taken_down"}:
        raise NotNow(_("There is nothing to put back."))
    if under_embargo(current, moment, moment):
        raise NotNow(_("Under embargo until %(at)s.") % {"at": in_words(current.embargo_until or moment)})
    back = repeat(last, by=by, visible_from=moment)
    record(Act.Verb.REINSTATE, current, by=by, before=before, reason=reason.strip(), at=moment, publication=back)
    return back


def _end(article: Article) -> tuple[Article, str | None, dt.datetime]:
    """End all versions now. Gives the locked article, its state before if anything ended, and the instant."""
    current = claim(article)
    moment = database_now()
    before = code_of(current)
    ended = hand_over(current, moment, moment)
    return current, before if ended else None, moment
