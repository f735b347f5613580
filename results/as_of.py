"""What of a result stood at some time: the address names a version, or an instant at the venue.

`?version=2` is a version of the chain chosen by `wertung`; `?stand=2026-06-12T17:42` is read on clocks at the venue unless
it carries an offset. What is written names a span (a day, a minute, a second), and what stood at its end is shown, or now
where the span has not ended yet: a page that says "Stand 17:42 Uhr" is found again by that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import DateTimeField, Value
from django.db.models.functions import Least, Now
from django.db.models.lookups import LessThanOrEqual
from django.http import Http404

from results.history import History
from results.models import Classification, Session

_STAND = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?)(?P<offset>Z|[+\- ][0-9]{2}:?[0-9]{2})?)?"
)
_LAST = {0: dt.timedelta(days=1), 5: dt.timedelta(minutes=1), 8: dt.timedelta(seconds=1)}  # by length of the clock
_TICK = dt.timedelta(microseconds=1)
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Span:
    """The instants that a written time covers, both ends included; zone-aware."""

    start: dt.datetime
    end: dt.datetime


def parse_stand(text: str, zone: dt.tzinfo) -> Span:
    """`2026-06-12`, `2026-06-12T17:42`, `…T17:42:05`, with `Z` or an offset; raises ValueError.

    An hour that clocks skip is refused; one that they show twice ends with the second.
    """
    match = _STAND.fullmatch(text)
    if not match:
        raise ValueError(text)
    day, clock, offset = match["day"], match["clock"] or "", match["offset"] or ""
    local = dt.datetime.fromisoformat(f"{day}T{clock.replace(',', '.') or '00:00'}")
    if local.year not in _YEARS:
        raise ValueError(text)
    here: dt.tzinfo = zone
    if offset:
        # A plus sign that nobody encoded has become a blank.
        here = (
            dt.datetime.fromisoformat(f"2000-01-01T00:00{offset.replace(' ', '+').replace('Z', '+00:00')}").tzinfo
            or zone
        )
    start = local.replace(tzinfo=here)
    if clock and start.astimezone(dt.UTC).astimezone(here).replace(tzinfo=None) != local:
        raise ValueError(text)
    length = _LAST.get(len(clock))
    end = (local + length - _TICK if length else local).replace(tzinfo=here, fold=1)
    return Span(start.astimezone(dt.UTC), end.astimezone(dt.UTC))


class AsOfForm(forms.Form):
    """Which past of a result is asked for: a version, a time, or neither."""

    version = forms.RegexField(r"\A[1-9][0-9]{0,4}\Z", required=False)
    stand = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, zone: dt.tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def clean_version(self) -> int | None:
        return int(self.cleaned_data["version"]) if self.cleaned_data["version"] else None

    def clean_stand(self) -> Span | None:
        text = self.cleaned_data["stand"]
        try:
            return parse_stand(text, self._zone) if text else None
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError("no such time") from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("version") and cleaned.get("stand"):
            raise forms.ValidationError("a version or a time")
        return cleaned


@dataclass(frozen=True, slots=True)
class AsOf:
    """What a reader is shown of a session's results. `span` or `is_by_version` say what was asked; neither: now."""

    classifications: list[Classification]
    span: Span | None = None
    is_by_version: bool = False

    @property
    def is_asked(self) -> bool:
        return self.span is not None or self.is_by_version


def as_of(asked: Mapping[str, Any], session: Session, history: History) -> AsOf:
    """The version of each checkpoint that was asked for; without a wish those of now.

    Raises BadRequest for what is no version or time, Http404 where readers saw nothing like that.
    """
    form = AsOfForm(asked, zone=session.event.zone)
    if not form.is_valid():
        raise BadRequest("no such time")
    number, span = form.cleaned_data["version"], form.cleaned_data["stand"]
    wanted = asked.get("wertung", "")
    if number is not None:
        return AsOf(_with_version(history, wanted, number), is_by_version=True)
    if span is not None:
        return AsOf(_at(session, history, wanted, span), span)
    return AsOf(history.public)


def _with_version(history: History, wanted: str, number: int) -> list[Classification]:
    """What is public now, one of it replaced by the version asked for."""
    if not history.chains:
        raise Http404
    if wanted and wanted not in history.chains:
        raise BadRequest("no such scoring")
    checkpoint = wanted if wanted in history.chains else list(history.chains)[-1]
    found = history.find(checkpoint, number)
    if found is None:
        raise Http404
    return [found.classification if one.checkpoint == checkpoint else one for one in history.public]


def _at(session: Session, history: History, wanted: str, span: Span) -> list[Classification]:
    """What stood at the end of the span, or stands now if it has not ended; the future is nobody's to see."""
    if wanted and wanted not in history.chains and history.chains:
        raise BadRequest("no such scoring")
    start, end = (Value(instant, output_field=DateTimeField()) for instant in (span.start, span.end))
    then = Classification.objects.public_at(Least(end, Now())).filter(LessThanOrEqual(start, Now()), session=session)
    keys = set(then.values_list("pk", flat=True))
    found = [one.classification for chain in history.chains.values() for one in chain if one.classification.pk in keys]
    if not found or (wanted and all(one.checkpoint != wanted for one in found)):
        raise Http404
    return found
