"""Embargo: an instant before which no version of a story may be visible, whatever hour anybody schedules.

It is the article's, not a version's, and the database refuses a version that would break it. Set on a live story it takes
the story back without a word: every address answers 404 until the embargo ends, and then the story returns by itself.
"""

import datetime as dt

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.acts.ground import NotNow, claim, database_now, require
from articles.acts.journal import act, record
from articles.acts.versions import hand_over, move_start, repeat
from articles.models import Act, Article
from articles.state import code_of


@act(Act.Verb.EMBARGO)
def embargo(article: Article, *, by: User, until: dt.datetime, reason: str = "") -> Article:
    """Set, prolong or shorten an embargo (aware instant).

    Scheduled versions that would begin sooner begin when it ends. A public version ends now: what was scheduled after it
    comes out at its hour or at the end of the embargo, else the very same version comes back then. Needs the right to
    withdraw where readers lose a story, and the right to lift an embargo where it gets shorter.
    """
    require(by, "articles.embargo_article")
    current = claim(article)
    moment = database_now()
    if until <= moment:
        raise NotNow(_("This moment has passed."))
    if current.trashed_at:
        raise NotNow(_("The article is in the bin."))
    is_shorter = _is_on(current, moment) and until < (current.embargo_until or until)
    if is_shorter:
        require(by, "articles.liftembargo_article")
    public = current.publications.public(moment).first()
    if public:
        require(by, "articles.withdraw_article")
    before = code_of(current)
    _set(current, until)
    to_come = current.publications.to_come(moment).first()
    if public:
        hand_over(current, moment, moment, keep=to_come)
    if to_come and to_come.visible_from < until:
        move_start(to_come, until)
    elif public and to_come is None:
        to_come = repeat(public, by=by, visible_from=until)
    verb = Act.Verb.LIFT if is_shorter else Act.Verb.EMBARGO
    record(verb, current, by=by, before=before, reason=reason, at=moment, instant=until, publication=to_come)
    article.embargo_until = until
    return current


@act(Act.Verb.LIFT)
def lift_embargo(article: Article, *, by: User, reason: str = "") -> Article:
    """End the embargo now. Nothing goes out by it: scheduled versions keep their hour until somebody moves them."""
    require(by, "articles.liftembargo_article")
    current = claim(article)
    moment = database_now()
    if not _is_on(current, moment):
        raise NotNow(_("There is no embargo."))
    before = code_of(current)
    _set(current, None)
    record(Act.Verb.LIFT, current, by=by, before=before, reason=reason, at=moment)
    article.embargo_until = None
    return current


def _is_on(article: Article, moment: dt.datetime) -> bool:
    return article.embargo_until is not None and article.embargo_until > moment


def _set(article: Article, until: dt.datetime | None) -> None:
    Article.objects.filter(pk=article.pk).update(embargo_until=until)
    article.embargo_until = until
