"""Announcement boxes ("Nächstes Event") and television lists: cut out of the page, sessions proposed, years settled."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from articles.importers.lines import Line
from articles.importers.records import AnnouncedBroadcast, Label, ProposedSession, Widget
from articles.importers.series import looks_like_series, restore_case
from articles.importers.signs import (
    SESSION_NAME,
    Sign,
    Token,
    heads_schedule,
    names_channel,
    tokens_of,
    without_channel,
)
from articles.importers.timetable import DayRange, Reference, Row, When
from articles.importers.years import Dated, days_of, settle

_HEADING = {Sign.HEAD, Sign.TV, Sign.BROADCAST, Sign.FURNITURE}
_BOXED = {Sign.HEAD, Sign.TV, Sign.MARKER, Sign.RANGE, Sign.ROWS, Sign.BROADCAST, Sign.DAY}
_LOOK_BACK = 8
_VENUE_WORDS = 8
_PARTED = re.compile(r"\s[–—|-]\s|,\s|:\s")


@dataclass(frozen=True, slots=True)
class Boxes:
    """All boxes of a text, and the label of every line they took."""

    widgets: tuple[Widget, ...]
    broadcasts: tuple[AnnouncedBroadcast, ...]
    labels: Mapping[int, Label]


@dataclass(slots=True)
class _Aired:
    line: Line
    rows: tuple[Row, ...]
    channel: str | None
    series: str = ""
    day: When | None = None


@dataclass(slots=True)
class _Draft:
    """A box being read; `next` is the token behind it."""

    series: str = ""
    venue: str = ""
    days: DayRange | None = None
    sessions: list[tuple[str, When]] = field(default_factory=list)
    aired: list[_Aired] = field(default_factory=list)
    labels: dict[int, Label] = field(default_factory=dict)
    from_air: set[str] = field(default_factory=set)  # sessions that only a television row has named so far
    day: When | None = None
    pending: str = ""
    next: int = 0

    @property
    def is_event(self) -> bool:
        return bool(self.days or self.sessions)


class _Reader:
    """Goes once over the tokens of a text and takes out what belongs to boxes."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.labels: dict[int, Label] = {}
        self.drafts: list[_Draft] = []
        self.aired: list[_Aired] = []
        self.taken = 0  # tokens before this one belong to earlier boxes

    def read(self) -> None:
        position = 0
        while position < len(self.tokens):
            position = max(self._step(position), position + 1)

    def _step(self, position: int) -> int:
        sign = self.tokens[position].sign
        if sign is Sign.MARKER:
            return self._event(position, position)
        if sign is Sign.RANGE and self._rows_follow(position + 1):
            return self._event(position, self._venue_before(position))
        if sign is Sign.ROWS and self._continues_event(position):
            return self._event(position, position)
        if sign in {Sign.TV, Sign.BROADCAST}:
            return self._television(position)
        if sign is Sign.HEAD and self._stands_in_box(position):
            self._label(position, Label.FURNITURE)
        return position + 1

    # -- events

    def _event(self, position: int, first: int) -> int:
        """Reads the box whose marker, range or first row is at `position`; `first` is where its venue stands."""
        draft = _Draft(next=position)
        if first < position:
            self._take_text(draft, self.tokens[first])
        if self.tokens[position].sign is Sign.ROWS and self.drafts:  # a second series at the venue of the first
            draft.venue, draft.days = self.drafts[-1].venue, self.drafts[-1].days
        while draft.next < len(self.tokens) and self._take(draft, self.tokens[draft.next]):
            draft.next += 1
        if not draft.is_event:
            if not self.tokens[position].name:  # `Nächste Station: Zandvoort` heads a paragraph
                self._label(position, Label.FURNITURE)
            return position + 1
        self._take_heading(draft, first)
        self.labels |= draft.labels
        self.drafts.append(draft)
        self.aired += draft.aired
        self.taken = draft.next
        return draft.next

    def _take(self, draft: _Draft, token: Token) -> bool:
        """Adds one line to the box; False where it stands outside."""
        match token.sign:
            case Sign.MARKER:
                return self._take_marker(draft, token)
            case Sign.RANGE:
                return self._take_range(draft, token)
            case Sign.TEXT:
                return self._take_text(draft, token)
            case Sign.ROWS:
                self._take_rows(draft, token)
            case Sign.DAY:
                draft.day = token.day
                draft.labels[token.line.number] = Label.WIDGET_SESSION
            case Sign.BROADCAST if draft.is_event:
                self._take_broadcast(draft, token)
            case _:
                return token.sign is Sign.FURNITURE
        return True

    def _take_marker(self, draft: _Draft, token: Token) -> bool:
        if draft.labels:
            return False
        draft.labels[token.line.number] = Label.WIDGET_HEAD
        draft.days = token.days
        self._name_venue(draft, token.name)
        return True

    def _name_venue(self, draft: _Draft, name: str) -> None:
        """`Deutschland-Trophäe, Most` before the days names the series as well."""
        series, venue, *more = [*_PARTED.split(name, maxsplit=1), ""]
        named = bool(more) and looks_like_series(series) and not draft.series
        draft.series, draft.venue = (series, venue) if named else (draft.series, name)

    def _take_range(self, draft: _Draft, token: Token) -> bool:
        if draft.days is None:
            draft.days = token.days
            if not draft.venue:
                self._name_venue(draft, token.name)
            draft.labels[token.line.number] = Label.WIDGET_RANGE
            return True
        draft.day = token.day  # `Samstag, 24. Mai` over the rows of that day
        draft.labels[token.line.number] = Label.WIDGET_SESSION
        return token.day is not None

    def _take_rows(self, draft: _Draft, token: Token) -> None:
        draft.labels[token.line.number] = Label.WIDGET_SESSION
        for row in token.rows:
            name = row.name or draft.pending or self._name_below(draft) or row.rest or token.line.text
            if name in draft.from_air:  # the true row comes behind the one that says where it is shown
                draft.sessions = [session for session in draft.sessions if session[0] != name]
                draft.from_air.discard(name)
            draft.sessions.append((name, _with_day(row.when, draft.day)))
            draft.pending = ""

    def _name_below(self, draft: _Draft) -> str:
        """A table torn to lines may print the time first and the session under it."""
        below = self._at(draft.next + 1)
        return below.line.text if below and below.sign is Sign.TEXT and SESSION_NAME.match(below.line.text) else ""

    def _take_text(self, draft: _Draft, token: Token) -> bool:
        text = token.line.text
        if draft.sessions and draft.sessions[-1][0] == text:  # the name below its time
            draft.labels[token.line.number] = Label.WIDGET_SESSION
            return True
        if self._is_name_of_next_row(draft):
            draft.pending = text.strip(" :")
            draft.labels[token.line.number] = Label.WIDGET_SESSION
            return True
        fresh = not draft.sessions and (draft.days is None or not draft.venue)
        if (
            not fresh
            or len(text.split()) > _VENUE_WORDS
            or sum(label is Label.WIDGET_VENUE for label in draft.labels.values()) > 1
        ):
            return False
        self._name_venue(draft, text.strip(" ,"))  # of two lines the first names the event, the second its venue
        draft.labels[token.line.number] = Label.WIDGET_VENUE
        return True

    def _is_name_of_next_row(self, draft: _Draft) -> bool:
        """Whether the next line with a meaning is a time without a name."""
        if draft.days is None:
            return False
        for token in self.tokens[draft.next + 1 : draft.next + 3]:
            if token.sign is Sign.ROWS:
                return not token.rows or not token.rows[0].name
            if token.sign is not Sign.DAY:
                return False
        return False

    def _take_broadcast(self, draft: _Draft, token: Token) -> None:
        """A television row is no session; a session that says behind its time who shows it is both."""
        draft.labels[token.line.number] = Label.BROADCAST
        draft.aired.append(_Aired(token.line, token.rows, token.channel, day=draft.day))
        for row in token.rows:
            named = SESSION_NAME.match(row.name) and without_channel(row.name) == row.name
            if named and draft.sessions and not any(name == row.name for name, _ in draft.sessions):
                draft.sessions.append((row.name, _with_day(row.when, draft.day)))
                draft.from_air.add(row.name)

    def _take_heading(self, draft: _Draft, first: int) -> None:
        """The lines above a box: `ADAC GT MASTERS LIVE`, `ADAC GT Masters im TV`, a bare name of a series."""
        names, position = [], first - 1
        while position >= max(self.taken, first - _LOOK_BACK) and self._is_heading(self.tokens[position]):
            token = self.tokens[position]
            names += [token.name] if token.sign in {Sign.HEAD, Sign.TV} and token.name else []
            self._take_heading_line(draft, token)
            position -= 1
        if not names and position >= self.taken and self._is_bare_series(self.tokens[position]):
            names = [self.tokens[position].line.text.strip(" :|–-")]
            draft.labels[self.tokens[position].line.number] = Label.WIDGET_HEAD
        written = [name for name in names if not name.isupper()]
        if names:
            draft.series = written[-1] if written else restore_case(names[-1], self.text)
        for aired in draft.aired + [aired for aired in self.aired if aired.line.number in draft.labels]:
            aired.series = aired.series or draft.series

    def _is_heading(self, token: Token) -> bool:
        return token.sign in _HEADING or (token.sign is Sign.TEXT and heads_schedule(token.line.text))

    def _take_heading_line(self, draft: _Draft, token: Token) -> None:
        if token.sign in {Sign.HEAD, Sign.TV, Sign.TEXT}:
            draft.labels[token.line.number] = Label.WIDGET_HEAD
        elif token.sign is Sign.BROADCAST:
            draft.labels[token.line.number] = Label.BROADCAST

    def _is_bare_series(self, token: Token) -> bool:
        return (
            token.sign is Sign.TEXT
            and len(token.line.text.split()) <= _VENUE_WORDS
            and looks_like_series(token.line.text)
        )

    def _rows_follow(self, position: int) -> bool:
        """Rows of a timetable behind a range, over day lines and a venue at most."""
        for token in self.tokens[position : position + 3]:
            if token.sign is Sign.ROWS:
                return True
            if token.sign not in {Sign.DAY, Sign.TEXT, Sign.FURNITURE}:
                return False
        return False

    def _venue_before(self, position: int) -> int:
        above = position - 1
        inline = bool(self.tokens[position].name)
        return above if not inline and above >= self.taken and self.tokens[above].sign is Sign.TEXT else position

    def _continues_event(self, position: int) -> bool:
        """Rows right under a series heading, while the box above has told venue and days."""
        return bool(self.drafts) and position > self.taken and self.tokens[position - 1].sign is Sign.HEAD

    # -- television

    def _television(self, position: int) -> int:
        """A label and the lines of its list. Every line with a time or a channel is a broadcast, none is a session."""
        label = self.tokens[position]
        heads_list = label.sign is Sign.TV
        above = self._at(position - 1)
        if (
            not heads_list
            and above
            and position > self.taken
            and above.sign in {Sign.DAY, Sign.RANGE}
            and not above.name
        ):
            self._label(position - 1, Label.FURNITURE)
        end, day, channel = position + heads_list, None, label.channel if heads_list else None
        while end < len(self.tokens) and self._is_listed(end, heads_list=heads_list):
            token = self.tokens[end]
            day = token.day if token.sign in {Sign.DAY, Sign.RANGE} else day
            channel = token.channel if token.sign is Sign.TEXT else channel
            if token.sign in {Sign.ROWS, Sign.BROADCAST}:
                self.aired.append(_Aired(token.line, token.rows, token.channel or channel, label.name, day))
                self._label(end, Label.BROADCAST)
            else:
                named = names_channel(token.line.text)
                if named and token.sign is Sign.TEXT and not token.channel:
                    self.aired.append(_Aired(token.line, (), named, label.name, day))
                self._label(end, Label.BROADCAST if named else Label.FURNITURE)
            end += 1
        if heads_list and (end > position + 1 or self._stands_in_box(position)):
            self._label(position, Label.FURNITURE)
        return end

    def _is_listed(self, position: int, *, heads_list: bool) -> bool:
        token = self.tokens[position]
        if token.sign is Sign.BROADCAST or (heads_list and token.sign is Sign.ROWS):
            return True
        if (
            token.sign is Sign.TEXT
            and self.tokens[position - 1].line.number + 1 == token.line.number
            and names_channel(token.line.text)
        ):
            return True  # `Alle Trainings kostenlos auf YouTube`, right under a line of the list
        between = token.sign in {Sign.DAY, Sign.RANGE} or (heads_list and token.sign is Sign.TEXT)
        return between and self._airs_soon(position + 1)

    def _airs_soon(self, position: int) -> bool:
        """Whether a television line follows, over a day, a venue or a channel at most."""
        for token in self.tokens[position : position + 3]:
            if token.sign is Sign.BROADCAST or (token.sign is Sign.ROWS and self._channel_above(position)):
                return True
            if token.sign not in {Sign.DAY, Sign.RANGE, Sign.TEXT}:
                return False
        return False

    def _channel_above(self, position: int) -> bool:
        return any(token.channel for token in self.tokens[max(position - 3, 0) : position + 1])

    def _stands_in_box(self, position: int) -> bool:
        """Whether a label is furniture: beside other lines of a box, or behind the last paragraph."""
        around = [self._at(position - 1), self._at(position + 1)]
        last = all(token.sign is not Sign.PROSE for token in self.tokens[position:])
        return (last and position > 0) or any(token is not None and token.sign in _BOXED for token in around)

    def _at(self, position: int) -> Token | None:
        return self.tokens[position] if 0 <= position < len(self.tokens) else None

    def _label(self, position: int, label: Label) -> None:
        self.labels.setdefault(self.tokens[position].line.number, label)


def find_boxes(
    lines: Sequence[Line],
    *,
    running: Collection[int],
    reference: Reference | None,
    today: dt.date | None,
    forced: Mapping[int, Label],
    years: Mapping[int, int],
) -> Boxes:
    """Cuts the boxes out of a page.

    `reference` is the article's date, `today` only proposes a year where it is missing, `years` are a person's: number
    of the box, from 0 -> year of its first day.
    """
    text = "\n".join(line.text for line in lines)
    reader = _Reader(tokens_of(lines, running=running, forced=forced), text)
    reader.read()
    dated = [_settle(draft, reference, today, years.get(number)) for number, draft in enumerate(reader.drafts)]
    widgets = tuple(_widget(draft, when) for draft, when in zip(reader.drafts, dated, strict=True))
    places = {
        aired.line.number: (draft, when)
        for draft, when in zip(reader.drafts, dated, strict=True)
        for aired in _all_aired(reader, draft)
    }
    broadcasts = tuple(
        _broadcast(aired, *places.get(aired.line.number, (None, None))) for aired in _in_order(reader.aired)
    )
    return Boxes(widgets, broadcasts, reader.labels)


def _in_order(aired: list[_Aired]) -> list[_Aired]:
    return sorted(aired, key=lambda one: one.line.number)


def _all_aired(reader: _Reader, draft: _Draft) -> list[_Aired]:
    return [aired for aired in reader.aired if aired.line.number in draft.labels]


def _with_day(when: When, above: When | None) -> When:
    """A row under `Samstag` that prints no day of its own."""
    if above is None or when.weekday is not None or when.day is not None:
        return when
    return replace(when, weekday=above.weekday, day=above.day)


def _settle(draft: _Draft, reference: Reference | None, today: dt.date | None, chosen: int | None) -> Dated:
    if draft.days is None:
        return Dated(None, None, doubtful=True)
    weekdays = {when.weekday for _, when in draft.sessions if when.weekday is not None}
    return settle(draft.days, weekdays, reference, today, chosen)


def _widget(draft: _Draft, dated: Dated) -> Widget:
    sessions, day = [], None
    for name, when in draft.sessions:
        day = _day_in(dated, when, day)
        sessions.append(ProposedSession(name, day + dt.timedelta(days=when.next_day) if day else None, when.time))
    return Widget(
        draft.series or None, draft.venue or None, dated.start, dated.end, tuple(sessions), dated.doubtful, dated.years
    )


def _day_in(dated: Dated, when: When, previous: dt.date | None) -> dt.date | None:
    """The day of a row inside the range. In a range longer than a week rows go forward, so the previous day counts."""
    if dated.start is None or dated.end is None:
        return None
    days = days_of(dated.start, dated.end)
    if when.day:
        return next((day for day in days if (day.month, day.day) == when.day), None)
    if when.weekday is None:
        return days[0] if len(days) == 1 else None
    fitting = [day for day in days if day.weekday() == when.weekday]
    later = [day for day in fitting if previous is None or day >= previous]
    return next(iter(later or fitting), None)


def _broadcast(aired: _Aired, draft: _Draft | None, dated: Dated | None) -> AnnouncedBroadcast:
    starts_at = None
    if draft and dated and len(aired.rows) == 1:
        when = _with_day(aired.rows[0].when, aired.day)
        starts_at = ProposedSession("", _day_in(dated, when, None), when.time).starts_at
    return AnnouncedBroadcast(
        aired.line.text, aired.channel, aired.series or (draft.series if draft else "") or None, starts_at
    )
