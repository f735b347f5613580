"""Which acts a person is offered for an article where it stands now; the verbs ask again."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from articles.models import Article
from articles.state import State

STAGE = Article.Stage


@dataclass(frozen=True, slots=True)
class Offer:
    """A link to the page of an act. Those that go on with the story stand in front, the others behind “More”."""

    name: str
    label: StrOrPromise
    is_next: bool = False
    is_grave: bool = False

    @property
    def address(self) -> str:
        return f"admin:articles_article_{self.name}"


def offers(article: Article, state: State, person: User) -> list[Offer]:
    """In the order of the work."""
    if article.trashed_at:
        return [Offer("restore", _("Take out of the bin …"), is_next=True)] if _may(person, "delete") else []
    waits, is_known = article.stage in {STAGE.REVIEW, STAGE.APPROVED}, state.code in {"withdrawn", "taken_down"}
    has_news = state.has_changes or not state.is_out
    wanted = [
        (_may(person, "submit") and not waits and has_news, Offer("submit", _("Submit for review …"), is_next=True)),
        (_may(person, "review") and article.stage == STAGE.REVIEW, Offer("approve", _("Approve …"), is_next=True)),
        (_may(person, "review") and waits, Offer("return", _("Return …"), is_next=True)),
        (_may(person, "publish") and state.scheduled_for, Offer("reschedule", _("Move to another hour …"))),
        (_may(person, "publish") and state.scheduled_for, Offer("unschedule", _("Take back the schedule …"))),
        (_may(person, "embargo"), Offer("embargo", _("Embargo …"))),
        (_may(person, "liftembargo") and state.embargo_until, Offer("lift-embargo", _("Lift the embargo …"))),
        (_may(person, "withdraw") and is_known, Offer("reinstate", _("Put back online …"))),
        (_may(person, "withdraw") and state.is_out, Offer("withdraw", _("Withdraw …"), is_grave=True)),
        (
            _may(person, "takedown") and (state.is_out or state.code == "withdrawn"),
            Offer("take-down", _("Take down …"), is_grave=True),
        ),
        (_may(person, "delete") and not state.is_out, Offer("trash", _("Put into the bin …"), is_grave=True)),
    ]
    return [offer for is_wanted, offer in wanted if is_wanted]


def _may(person: User, verb: str) -> bool:
    return person.has_perm(f"articles.{verb}_article")
