"""What a person does about a contradicted claim: answer for it, put the right words in its place, bind it to the data.

Whoever calls has checked the text before, outside of any transaction. Answering needs the right to write: the answer
stands beside the claim under the person's name for everybody who reads or publishes the story after.
"""

import re
from dataclasses import dataclass
from html import escape
from itertools import takewhile

from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from articles.acts.ground import NotNow, NotPublishable, claim, remember, require
from articles.acts.journal import act, name_of, record
from articles.fact_desk import Item, Report, Words, check, words_kept, words_of
from articles.factcheck.text import BODY, KICKER, STANDFIRST, TITLE, StoryText, as_html
from articles.models import Act, Article, Revision, Waiver

LONGEST_REASON = 400
_SHORT = 12  # signs of a key that tell contradictions of one story apart
_FIELDS = {KICKER: 80, TITLE: 200, STANDFIRST: 600}


@act(Act.Verb.WAIVE)
def waive(article: Article, *, by: User, item: Item, reason: str) -> Waiver:
    """Answer by name for a claim that the data contradict. Answering twice is once."""
    require(by, "articles.change_article")
    if not reason.strip():
        raise NotNow(_("Say why the text is right against the data."))
    current = claim(article)
    if current.trashed_at:
        raise NotNow(_("The article is in the bin."))
    if not item.is_open:
        raise NotNow(_("The data do not contradict this claim (any more)."))
    known = current.waivers.in_force().filter(key=item.key).first()
    if known:
        return known
    waiver = Waiver.objects.create(
        article=current,
        key=item.key,
        words=item.words[:400],
        why=item.why,
        reason=reason.strip()[:LONGEST_REASON],
        waived_by=by,
        waived_by_name=name_of(by),
    )
    told = _("“%(words)s”: %(reason)s") % {"words": item.words, "reason": waiver.reason}
    record(Act.Verb.WAIVE, current, by=by, reason=told)
    return waiver


@act(Act.Verb.UNWAIVE)
def unwaive(article: Article, *, by: User, waiver: Waiver) -> None:
    """Take an answer back: the claim is open again."""
    require(by, "articles.change_article")
    current = claim(article)
    taken = current.waivers.in_force().filter(pk=waiver.pk).update(withdrawn_at=Now(), withdrawn_by=by)
    if taken:
        record(Act.Verb.UNWAIVE, current, by=by, reason=_("“%(words)s”") % {"words": waiver.words})


@act(Act.Verb.SAVE)
def correct(
    article: Article, *, by: User, report: Report, item: Item, words: str, expected_lock_version: int
) -> Revision:
    """Put other words in the place of a claim's, as a new revision. Raises `StaleSave` where somebody saved meanwhile."""
    wanted = re.sub(r"\s+", " ", words).strip()
    if not wanted:
        raise NotNow(_("Say what shall stand there."))
    field = item.place.field
    written = _rewritten(report.words, item.start, item.end, wanted, field)
    comment = _("“%(old)s” became “%(new)s”") % {"old": item.words, "new": wanted}
    return _store(article, by=by, written=written, checked=report.words, version=expected_lock_version, comment=comment)


@act(Act.Verb.SAVE)
def bind(article: Article, *, by: User, report: Report, item: Item, expected_lock_version: int) -> Revision:
    """Put a data node in the place of a claim's words, as a new revision."""
    binding = item.binding
    if binding is None:
        raise NotNow(_("The data hold nothing that could stand in this place."))
    value = f' value="{escape(binding.value)}"' if binding.value else ""
    node = f'<data{value} data-ref="{escape(binding.reference)}">{as_html(binding.text)}</data>'
    body = report.words.as_text().replaced(binding.start, binding.end, node)
    comment = _("“%(words)s” is bound to the data") % {"words": binding.place.words}
    written = _Written(BODY, body) if body is not None else None
    return _store(article, by=by, written=written, checked=report.words, version=expected_lock_version, comment=comment)


@dataclass(frozen=True, slots=True)
class _Written:
    """A field of the article and what it shall hold."""

    field: str
    content: str


def _rewritten(words: Words, start: int, end: int, wanted: str, field: str) -> _Written | None:
    text: StoryText = words.as_text()
    if field == BODY:
        body = _put(text, start, end, wanted)
        return _Written(BODY, body) if body is not None else None
    if field not in _FIELDS or field not in text.fields:
        return None
    begin = text.fields[field][0]
    held: str = getattr(words, field)
    content = held[: start - begin] + wanted + held[end - begin :]
    return _Written(field, content) if len(content) <= _FIELDS[field] else None


def _put(text: StoryText, start: int, end: int, wanted: str) -> str | None:
    """The body with other words in the place of a span. Only what differs is touched: emphasis and links stay where they are."""
    old = text.text[start:end].replace("\u00a0", " ")
    skip = _alike(old, wanted)
    keep = _alike(old[skip:][::-1], wanted[skip:][::-1])
    if skip + keep == len(old):  # something comes in between: with one sign beside it, it stands in that one's emphasis
        skip, keep = (skip - 1, keep) if skip else (skip, max(keep - 1, 0))
    narrow = text.replaced(start + skip, end - keep, as_html(wanted[skip : len(wanted) - keep]))
    return narrow if narrow is not None else text.replaced(start, end, as_html(wanted))


def _alike(one: str, other: str) -> int:
    """How many signs two texts begin with alike."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _store(
    article: Article, *, by: User, written: _Written | None, checked: Words, version: int, comment: str
) -> Revision:
    require(by, "articles.change_article")
    current = claim(article, expected_lock_version=version)
    if current.trashed_at:
        raise NotNow(_("The article is in the bin."))
    if written is None or words_of(current) != checked:
        raise NotNow(_("This place cannot be changed here. Change it in the text."))
    setattr(current, written.field, written.content)
    current.save()
    return remember(current, by=by, comment=comment)


# ------------------------------------------------------------------ at publication


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was made before the transaction of a publication began: of the draft, or of a revision that waits."""

    report: Report
    revision: int | None = None

    @classmethod
    def of(cls, article: Article) -> "Checked":
        stored = Article.objects.get(pk=article.pk)
        return cls(check(words_of(stored), stored))

    @classmethod
    def of_waiting(cls, article: Article) -> "Checked | None":
        """Of the version that is scheduled, beside the data as they are by now; None where none is."""
        waiting = article.publications.to_come().select_related("revision").first()
        return cls(check(words_kept(waiting.revision.content), article), waiting.revision_id) if waiting else None

    def is_of(self, current: Article) -> bool:
        """Whether the text under the lock is still the one that was checked."""
        return self.report.words == words_of(current)

    def open_under_lock(self, current: Article) -> list[Item]:
        """The contradictions nobody answers for now: an answer may have come or gone since the check."""
        waived = set(current.waivers.in_force().values_list("key", flat=True)) if self.report.items else set()
        found = [item for item in self.report.items if item.is_open or item.waiver]
        return [item for item in found if item.key not in waived]


def told(item: Item) -> str:
    """A contradiction as the list of what is missing names it."""
    return _("“%(words)s”: %(why)s") % {"words": item.words, "why": item.why}


def seen_of(items: list[Item]) -> str:
    """What a page shows of open contradictions, short enough for a hidden field."""
    return " ".join(sorted({item.key[:_SHORT] for item in items}))


def need_no_contradiction(items: list[Item], *, by: User, because: str, seen: str | None = None) -> None:
    """The stop: contradictions nobody answers for keep a story in, unless the chief lets it out and says why.

    A reason covers what the chief was shown: `seen` as `seen_of` gave it to the page, None where no page was asked.
    """
    if not items:
        return
    reasons = [told(item) for item in items]
    if not by.has_perm("articles.liftfacts_article"):
        raise NotPublishable([_("The data contradict the text. Correct it, bind it or answer for it."), *reasons])
    if not because.strip():
        raise NotPublishable([_("The data contradict the text. Say why it goes out all the same."), *reasons])
    if seen is not None and not {item.key[:_SHORT] for item in items} <= set(seen.split()):
        raise NotPublishable([_("By now the data contradict more of the text than you were shown."), *reasons])


def note_lifted(article: Article, items: list[Item], *, by: User, because: str, **about: object) -> None:
    """The chief's reason stays in the audit log with what was let out."""
    if items:
        reason = "\n".join([because.strip(), *(told(item) for item in items)])
        record(Act.Verb.LIFT_FACTS, article, by=by, reason=reason, **about)  # type: ignore[arg-type]
