"""Forms of the article import: a file or text, the labels of its lines, and the events it announces."""

import re
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from articles.importers.batches import MOST_FILES, PASTED
from articles.importers.proposals import ConfirmedEvent, find_event
from articles.importers.records import ArticleRefused, Label, LabelledLine, ProposedSession, Widget
from articles.importers.text import LARGEST, LIMIT, parse_bytes
from results.importers.kinds import kind_of_name
from results.importers.plan import Upload
from results.models import SessionKind
from results.venue_time import days, weekday

WINDOW = 500  # lines whose label can be changed on one page; a longer text has several
_OVERRIDES = re.compile(r"(?:\d{1,5}=[a-z_]{2,20})(?:,\d{1,5}=[a-z_]{2,20})*")

LABELS: dict[Label, StrOrPromise] = {
    Label.TITLE: _("title"),
    Label.STANDFIRST: _("standfirst"),
    Label.PARAGRAPH: _("paragraph"),
    Label.SUBHEAD: _("subhead"),
    Label.LIST_ITEM: _("list item"),
    Label.CAPTION: _("caption"),
    Label.CREDIT: _("credit"),
    Label.ALT: _("alternative text"),
    Label.KICKER: _("kicker"),
    Label.BYLINE: _("byline"),
    Label.DATE: _("date"),
    Label.AGENCY: _("agency"),
    Label.WIDGET_HEAD: _("event: heading"),
    Label.WIDGET_VENUE: _("event: venue"),
    Label.WIDGET_RANGE: _("event: days"),
    Label.WIDGET_SESSION: _("event: session"),
    Label.BROADCAST: _("broadcast"),
    Label.FURNITURE: _("page furniture"),
    Label.COOKIE: _("cookie notice"),
    Label.LOGO: _("sponsor logos"),
    Label.PLACEHOLDER: _("placeholder"),
    Label.UNKNOWN: _("unclear, left out"),
}


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; cleaned to a list."""

    widget = FilesInput(attrs={"accept": ".txt,.html,.htm,.docx,text/plain,text/html"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        sent = [file for file in (data if isinstance(data, list) else [data]) if file]
        if not sent:
            super().clean(None, initial)
        return [super(FilesField, self).clean(file, initial) for file in sent]


class ArticleUploadForm(forms.Form):
    """Files or pasted text; `uploads` holds what came of it."""

    file = FilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,
        help_text=_("Text, HTML page or Word document (DOCX), up to 50 at once."),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        max_length=LIMIT,
        widget=forms.Textarea(attrs={"rows": 16, "class": "vLargeTextField"}),
    )
    as_of = forms.DateField(
        label=_("Date of reference"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("When the page was saved, if the text does not say: the year of announced events follows from it."),
    )

    uploads: list[Upload]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        files, text = cleaned.get("file") or [], cleaned.get("text") or ""
        if self.errors:
            return cleaned
        if bool(files) == bool(text):
            raise forms.ValidationError(_("Please choose files or paste a text, one of the two."))
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)s files at once."), params={"most": MOST_FILES})
        self.uploads = [_upload(file) for file in files] or [
            Upload(PASTED, text.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))
        ]
        if len(self.uploads) == 1:
            self._refuse_unreadable(self.uploads[0])
        return cleaned

    def _refuse_unreadable(self, upload: Upload) -> None:
        """A single text that cannot be read is said so at once; of several the report says it."""
        if len(upload.content) > LARGEST:
            raise forms.ValidationError(_("The file is larger than %(limit)s kB."), params={"limit": LARGEST // 1000})
        try:
            parse_bytes(upload.content)
        except ArticleRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def _upload(file: Any) -> Upload:
    """The bytes of a file; of one that is too large only as many as show that it is."""
    return Upload(file.name, file.read(LARGEST + 1))


class ReadingForm(forms.Form):
    """How the text is to be read: date of reference, and the labels changed so far (`5=caption,9=paragraph`)."""

    as_of = ArticleUploadForm.declared_fields["as_of"]
    window = forms.IntegerField(required=False, min_value=0, max_value=100, widget=forms.HiddenInput)
    changed = forms.CharField(required=False, max_length=60_000, widget=forms.HiddenInput)
    events = forms.IntegerField(required=False, widget=forms.HiddenInput)  # how many stood on the page

    def clean_changed(self) -> dict[int, Label]:
        """Line number -> label; what is no label is refused."""
        text = self.cleaned_data["changed"]
        if not text:
            return {}
        if not _OVERRIDES.fullmatch(text):
            raise forms.ValidationError(_("The changed labels cannot be read."))
        pairs = [pair.split("=") for pair in text.split(",")]
        try:
            return {int(number): Label(label) for number, label in pairs}
        except ValueError as error:
            raise forms.ValidationError(_("The changed labels cannot be read.")) from error


class LabelsForm(forms.Form):
    """One choice for every line with words of one window, with the label it has."""

    def __init__(
        self, lines: Sequence[LabelledLine], data: Mapping[str, Any] | None = None, *, window: int = 0
    ) -> None:
        super().__init__(data)
        filled = [line for line in lines if line.label is not Label.EMPTY]
        self.window = min(window, max(len(filled) - 1, 0) // WINDOW)
        self.lines = filled[self.window * WINDOW : (self.window + 1) * WINDOW]
        starts = range(0, len(filled), WINDOW)
        self.windows = [
            (number, filled[start].number, filled[min(start + WINDOW, len(filled)) - 1].number)
            for number, start in enumerate(starts)
        ]
        for line in self.lines:
            self.fields[f"line-{line.number}"] = forms.ChoiceField(
                choices=[(label.value, words) for label, words in LABELS.items()],
                initial=line.label.value,
                required=False,
                label=_("What line %(number)s is") % {"number": line.number},
            )

    def changes(self) -> dict[int, Label]:
        """The lines that a person calls something else than the page did."""
        if not self.is_valid():
            return {}
        sent = {line.number: str(self.cleaned_data.get(f"line-{line.number}", "")) for line in self.lines}
        return {
            line.number: Label(sent[line.number]) for line in self.lines if sent[line.number] not in {"", line.label}
        }

    def rows(self) -> list[tuple[LabelledLine, forms.BoundField]]:
        return [(line, self[f"line-{line.number}"]) for line in self.lines]


def _zones() -> list[tuple[str, str]]:
    return [("", "–"), *((zone, zone) for zone in sorted(zoneinfo.available_timezones()) if "/" in zone)]


class EventForm(forms.Form):
    """One announced event: whether it goes into the calendar, in which year, and which of its sessions."""

    take = forms.BooleanField(label=_("Put into the calendar"), required=False)
    series = forms.CharField(label=_("Racing series"), required=False, max_length=120)
    name = forms.CharField(label=_("Name of the event"), required=False, max_length=160)
    season = forms.CharField(
        label=_("Season"), required=False, max_length=20, help_text=_("Empty: the year of the event.")
    )
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    zone = forms.ChoiceField(label=_("Time zone of the venue"), required=False, choices=_zones)

    def __init__(self, number: int, widget: Widget, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=f"event-{number}")
        self.widget_, self.number = widget, number
        self.event = find_event(widget)
        year = widget.start.year if widget.start else None
        self.fields["year"].choices = [("", "–"), *((str(one), self._days_in(one)) for one in widget.years)]  # type: ignore[attr-defined]
        self.initial = {
            "series": self.event.season.series.name if self.event else widget.series or "",
            "name": self.event.name if self.event else widget.venue or "",
            "season": self.event.season.label if self.event else "",
            "year": "" if widget.year_doubtful else year,
            "zone": self._zone(),
        }
        for position, session in enumerate(widget.sessions):
            self.fields[f"session-{position}"] = forms.ChoiceField(
                label=session.name,
                required=False,
                choices=[("", _("do not take over")), *SessionKind.choices],
                initial=kind_of_name(session.name),
                help_text=_moment(session),
            )

    def _zone(self) -> str:
        if self.event:
            return self.event.time_zone
        return "Europe/Berlin"

    def _days_in(self, year: int) -> str:
        start, end = self.widget_.start, self.widget_.end
        if start is None or end is None or start.year != year:
            return str(year)
        return days(start, end)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("take"):
            return cleaned
        for field in ("series", "name", "year", "zone"):
            if not cleaned.get(field) and field not in self.errors:
                self.add_error(field, _("Needed for the calendar."))
        cleaned["season"] = cleaned.get("season") or str(cleaned.get("year") or "")
        return cleaned

    @property
    def chosen_year(self) -> int | None:
        """The year a person chose, None where nobody did."""
        return self.cleaned_data.get("year") if self.is_bound and self.is_valid() else None

    def session_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("session-")]

    def place_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("session-")]

    def confirmed(self) -> ConfirmedEvent | None:
        """What was confirmed, None where the box is not taken. Call it on a valid form whose box has its year."""
        cleaned = self.cleaned_data
        if not cleaned.get("take"):
            return None
        wanted = [
            (session, cleaned[f"session-{position}"])
            for position, session in enumerate(self.widget_.sessions)
            if cleaned.get(f"session-{position}") and session.day
        ]
        stays = self.event and self.event.name == cleaned["name"] and self.event.season.series.name == cleaned["series"]
        return ConfirmedEvent(
            series=cleaned["series"].strip(),
            season=cleaned["season"].strip(),
            name=cleaned["name"].strip(),
            zone=cleaned["zone"],
            widget=self.widget_,
            sessions=tuple(wanted),
            event=self.event if stays else None,
        )


def _moment(session: ProposedSession) -> str:
    if session.day is None:
        return gettext("The day lies outside the days of the event.")
    clock = f"{session.time:%H:%M}" if session.time else gettext("time unknown")
    return f"{weekday(session.day)} {session.day:%d.%m.%Y}, {clock}"
