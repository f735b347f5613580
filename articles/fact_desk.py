"""An article beside the data: its claims by verdict, with evidence, the right words, and who answers for what is wrong.

The lead event's data judge; those of the further events only speak for the text. What is found is for the desk alone. A
check reads and never writes; one that fails says so and keeps nobody from anything.
"""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.body import sanitise
from articles.body_figures import DataValue, figures
from articles.body_gate import judge
from articles.fact_links import Link, links_of
from articles.factcheck.binding import Slot, Where, moved, says, slot_of
from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.correcting import corrected, is_likely
from articles.factcheck.database import EventSheet, event_sheet
from articles.factcheck.relevance import speaks_of
from articles.factcheck.run import Finding, check_text
from articles.factcheck.text import (
    BODY,
    CAPTION,
    KICKER,
    STANDFIRST,
    TITLE,
    Node,
    Place,
    StoryText,
    end_of_reading,
    sentence_around,
    story_text,
)
from articles.factcheck.verdict import TWO_READINGS, Evidence, Judgement, uncheckable
from articles.facts.current import Fact, facts_of
from articles.models import Article, Image, Waiver
from results.models import Event, PrintedStanding
from results.notation import Language

MOST_EVENTS = 6
# Further claims of a text that long are counted and not listed.
MOST_ITEMS = 400
# No story is longer; whatever stands behind is said to be unread, for nobody shall wait half a minute for a form.
LONGEST_TEXT = 100_000
# Who may see results may see what they say against a text.
RIGHTS = ("results.view_event", "results.view_session", "results.view_classification")
BOUND = "bound"
_COARSE = frozenset(
    {
        ClaimType.POSITION, ClaimType.CLASS_POSITION, ClaimType.GRID_POSITION, ClaimType.COUNT, ClaimType.GAP_LAPS,
        ClaimType.STATUS, ClaimType.TITLE, ClaimType.POINTS_GAP,
    }
)  # fmt: skip
_NO_EVIDENCE = Evidence()
_QUOTED = "Wörtliche Rede wird berichtet, nicht geprüft."
_ELSEWHERE = "Nur eine weitere Veranstaltung des Artikels sagt etwas dazu, und etwas anderes."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Words:
    """What is checked: the texts of an article, its language, and the events whose data count, the lead event first."""

    title: str
    standfirst: str
    body: str
    language: Language
    events: tuple[int, ...]
    captions: tuple[str, ...] = ()
    kicker: str = ""

    def as_text(self) -> StoryText:
        return story_text(
            kicker=self.kicker,
            title=self.title,
            standfirst=self.standfirst,
            body=self.body,
            captions=self.captions,
        )


@dataclass(frozen=True, slots=True)
class Binding:
    """A data node that could stand in the place of the words `start` to `end` of the text."""

    start: int
    end: int
    place: Place
    reference: str
    value: str
    text: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A claim with its verdict, or a bound value (`verdict` is `bound`). `key` is the same as long as both sides are.

    A text may say the same twice: `repeat` counts what bears the key of one before it.
    """

    key: str
    verdict: str
    type: str
    start: int
    end: int
    place: Place
    before: str
    after: str
    why: str
    evidence: Evidence = _NO_EVIDENCE
    right: str = ""
    replacement: str = ""
    is_likely: bool = True
    link: Link | None = None
    binding: Binding | None = None
    waiver: Waiver | None = None
    event: str = ""
    repeat: int = 0

    @property
    def handle(self) -> str:
        """What names this one claim of its report, as an answer names both places of the same."""
        return f"{self.key}.{self.repeat}" if self.repeat else self.key

    @property
    def words(self) -> str:
        return self.place.words

    @property
    def is_open(self) -> bool:
        """A contradiction nobody answers for."""
        return self.verdict == Judgement.CONTRADICTED and self.waiver is None

    @property
    def in_field(self) -> str:
        """What the field is called, for whatever does not stand in the text itself."""
        names = {KICKER: _("kicker"), TITLE: _("title"), STANDFIRST: _("standfirst"), CAPTION: _("caption")}
        return names.get(self.place.field, "")

    def as_kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = {
            "key": self.key, "verdict": self.verdict, "type": self.type, "field": self.place.field, "start": self.start,
            "words": self.words, "why": self.why, "right": self.right, "event": self.event,
            "evidence": {name: getattr(self.evidence, name) for name in ("source", "car", "column", "value")},
        }  # fmt: skip
        return kept | ({"waiver": self.waiver.pk} if self.waiver else {})


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `sheets` tell the data it was held against; `failed`: the check itself broke.

    `counts` is of all claims by verdict, `items` of those that are listed; `unread` are the signs behind `LONGEST_TEXT`.
    `foreign` is the first event where the text is about something else.
    """

    words: Words
    items: tuple[Item, ...] = ()
    sheets: tuple[dict[str, Any], ...] = ()
    failed: bool = False
    left_out: int = 0
    at: dt.datetime = field(default_factory=timezone.now)
    counts: Mapping[str, int] = field(default_factory=Counter)
    unread: int = 0
    foreign: str = ""
    read: tuple[EventSheet, ...] = field(default=(), repr=False)

    def of(self, verdict: str) -> list[Item]:
        return [item for item in self.items if item.verdict == verdict]

    @property
    def open(self) -> list[Item]:
        return [item for item in self.items if item.is_open]

    @property
    def waived(self) -> list[Item]:
        return [item for item in self.items if item.waiver]

    @property
    def under_decision(self) -> list[str]:
        """Sessions in which the stewards have decided what no result holds yet."""
        return [name for one in self.read for name in one.under_decision]

    @property
    def has_data(self) -> bool:
        return bool(self.sheets)

    def item(self, handle: str) -> Item | None:
        return next((item for item in self.items if item.handle == handle), None)


# ------------------------------------------------------------------ what is checked


def words_of(article: Article) -> Words:
    """The article as it is stored."""
    return Words(
        title=article.title,
        standfirst=article.standfirst,
        body=article.body,
        language=_language(article.language),
        events=events_of(article),
        captions=(*_caption(article.lead_image_id), *_captions_in(article.body)),
        kicker=article.kicker,
    )


def events_of(article: Article) -> tuple[int, ...]:
    """The keys of an article's events, the lead event first. One query."""
    further = article.further_events.order_by("pk").values_list("pk", flat=True)
    return _events([article.lead_event_id, *further])


def words_kept(content: dict[str, Any]) -> Words:
    """The article as a revision remembers it."""
    events = [content["lead_event"], *content["further_events"]]
    image = content["lead_image"]
    return Words(
        title=content["title"],
        standfirst=content["standfirst"],
        body=content["body"],
        language=_language(content["language"]),
        events=_events(event["id"] for event in events if event),
        captions=(*([image["caption"]] if image and image["caption"] else []), *_captions_in(content["body"])),
        kicker=content.get("kicker", ""),
    )


def words_sent(sent: Any) -> Words:
    """The article as its form holds it (`QueryDict`); what is no key is none."""
    keys = [sent.get("lead_event", ""), *sent.getlist("further_events")]
    image = sent.get("lead_image", "")
    body = _plain(sent.get("body", ""))
    return Words(
        title=_plain(sent.get("title", "")),
        standfirst=_plain(sent.get("standfirst", "")),
        body=body,
        language=_language(sent.get("language")),
        events=_events(int(key) for key in keys if _is_key(key)),
        captions=(*_caption(key_in(image)), *_captions_in(body)),
        kicker=_plain(sent.get("kicker", "")),
    )


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19  # noqa: PLR2004 - fits a bigint


def key_in(text: str) -> int | None:
    """The key that a field of a form holds, if it is one."""
    return int(text) if _is_key(text) else None


def _language(code: str | None) -> Language:
    return "en" if code == "en" else "de"


def _events(keys: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(key for key in keys if key))[:MOST_EVENTS]


def _caption(image: int | None) -> tuple[str, ...]:
    found = Image.objects.filter(pk=image).values_list("caption", flat=True).first() if image else None
    return (found,) if found else ()


def _captions_in(body: str) -> tuple[str, ...]:
    """Captions that pictures in the text have from the library, where the text gives them none of its own."""
    if "data-image" not in body:
        return ()
    shown = [one.reference for one in figures(sanitise(body)) if one.kind == "image" and not one.caption]
    held = dict(Image.objects.filter(token__in=shown).values_list("token", "caption")) if shown else {}
    return tuple(filter(None, (held.get(token, "") for token in dict.fromkeys(shown))))


# ------------------------------------------------------------------ checking


def check(words: Words, article: Article | None = None) -> Report:
    """The words beside the data as they are now; waivers are those of the article. Never raises."""
    # A failed statement would spoil a transaction that the caller has open.
    guard: AbstractContextManager[object] = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with guard:
            return _check(words, article)
    except Exception:  # a fault of ours must keep no story from going out
        log.exception("fact check failed", article=article.pk if article else None)
        return Report(words, failed=True)


def _check(words: Words, article: Article | None) -> Report:
    text = words.as_text()
    sheets = _sheets(words.events)
    end = end_of_reading(text.text, LONGEST_TEXT)
    items = [*_claims(text, sheets, words.language, end), *_bound(text, words.language)]
    items = _told_apart(sorted(items, key=lambda item: (item.start, item.end)))
    if article is not None and any(item.verdict == Judgement.CONTRADICTED for item in items):
        waivers = {waiver.key: waiver for waiver in article.waivers.in_force()}
        items = [
            replace(item, waiver=waivers.get(item.key)) if item.verdict == Judgement.CONTRADICTED else item
            for item in items
        ]
    return Report(
        words,
        tuple(_most_telling(items)),
        tuple({"event": one.event.pk, "name": str(one.event), "fingerprint": one.fingerprint} for one in sheets),
        left_out=max(len(items) - MOST_ITEMS, 0),
        counts=Counter(item.verdict for item in items),
        unread=len(text.text) - end,
        foreign=_foreign(text.text[:end], sheets),
        read=tuple(sheets),
    )


def _foreign(text: str, sheets: list[EventSheet]) -> str:
    """The event that is to judge the text, where the text does not speak of it."""
    return sheets[0].event.name if sheets and text.strip() and not speaks_of(text, sheets[0].sheet) else ""


def _told_apart(items: list[Item]) -> list[Item]:
    """Each with a handle of its own, also where the text says the same twice."""
    seen: Counter[str] = Counter()
    found = []
    for item in items:
        found.append(replace(item, repeat=seen[item.key]) if seen[item.key] else item)
        seen[item.key] += 1
    return found


def _most_telling(items: list[Item]) -> list[Item]:
    """All of them, or of very many the open contradictions first, then those somebody answers for."""
    if len(items) <= MOST_ITEMS:
        return items
    kept = sorted(items, key=lambda item: (not item.is_open, item.verdict != Judgement.CONTRADICTED))[:MOST_ITEMS]
    return sorted(kept, key=lambda item: (item.start, item.end))


def _sheets(keys: tuple[int, ...]) -> list[EventSheet]:
    known = Event.objects.select_related("season__series", "circuit").in_bulk(keys)
    return [event_sheet(known[key]) for key in keys if key in known]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A finding and the sheet that decided it."""

    finding: Finding
    sheet: EventSheet


def _claims(text: StoryText, sheets: list[EventSheet], language: Language, end: int) -> list[Item]:
    found: dict[tuple[int, int, str], _Judged] = {}
    for number, one in enumerate(sheets):
        for finding in check_text(text.text[:end], one.sheet):
            span = (finding.claim.start, finding.claim.end, str(finding.claim.type))
            if text.node_at(span[0], span[1]):
                continue
            judged = _Judged(_heard(finding, text), one)
            found[span] = _beside(found.get(span), judged) if number else judged
    return _with_bindings([_item(one, text) for one in found.values()], found, text, language)


def _heard(finding: Finding, text: StoryText) -> Finding:
    """What stands in a quotation is somebody's word, whether signs or a node mark it."""
    return Finding(finding.claim, uncheckable(_QUOTED)) if text.is_quoted(finding.claim.start) else finding


def _beside(first: _Judged | None, other: _Judged) -> _Judged:
    """The verdict of a claim that a further event knows too: it may speak for the text, never against it."""
    judgement = other.finding.verdict.judgement
    if first is None:
        if judgement is not Judgement.CONTRADICTED:
            return other
        return _Judged(
            Finding(other.finding.claim, uncheckable(_ELSEWHERE, other.finding.verdict.evidence)), other.sheet
        )
    if judgement is not Judgement.CONFIRMED or first.finding.verdict.judgement is Judgement.CONFIRMED:
        return first
    if first.finding.verdict.judgement is Judgement.CONTRADICTED and other.finding.claim.type in _COARSE:
        return _Judged(
            Finding(first.finding.claim, uncheckable(TWO_READINGS, other.finding.verdict.evidence)), other.sheet
        )
    return other


def _item(judged: _Judged, text: StoryText) -> Item:
    claim, verdict = judged.finding.claim, judged.finding.verdict
    before, after = sentence_around(text.text, claim.start, claim.end)
    is_wrong = verdict.judgement is Judgement.CONTRADICTED
    words = corrected(claim, verdict, judged.sheet.sheet.people) if is_wrong else ""
    return Item(
        key=_key(claim, judged),
        verdict=str(verdict.judgement),
        type=str(claim.type),
        start=claim.start,
        end=claim.end,
        place=text.place(claim.start, claim.end),
        before=before,
        after=after,
        why=verdict.why,
        evidence=verdict.evidence,
        right=verdict.right,
        replacement=words,
        is_likely=is_likely(claim, words),
        event=judged.sheet.event.name,
    )


def _key(claim: Claim, judged: _Judged) -> str:
    """What a waiver covers: these words with this meaning about these subjects, against this value of the data."""
    evidence = judged.finding.verdict.evidence
    meant = [
        claim.type,
        claim.text,
        str(claim.value),
        claim.op,
        *[(one.cars, [person.name for person in one.people], one.name) for one in (claim.subject, claim.rival)],
        claim.scene.class_name,
        [session.key for session in claim.scene.sessions],
        (judged.sheet.event.pk, evidence.source, evidence.car, evidence.column, evidence.value),
    ]
    return hashlib.sha256(json.dumps(meant, ensure_ascii=False).encode()).hexdigest()


# ------------------------------------------------------------------ evidence and data nodes


def _with_bindings(
    items: list[Item], found: dict[tuple[int, int, str], _Judged], text: StoryText, language: Language
) -> list[Item]:
    """Adds where the evidence stands, and the data node that could take the place of the words."""
    sheets = {judged.sheet.event.pk: judged.sheet for judged in found.values()}
    links = {key: links_of(sheet.event) for key, sheet in sheets.items()}
    wheres = {key: _where(sheet) for key, sheet in sheets.items()}
    slots: list[Slot | None] = []
    for judged in found.values():
        claim, verdict, key = judged.finding.claim, judged.finding.verdict, judged.sheet.event.pk
        is_told = _may_be_bound(claim, verdict.judgement) and text.field_at(claim.start) == BODY
        slot = slot_of(claim, verdict.evidence, judged.sheet.sheet, wheres[key]) if is_told else None
        slots.append(moved(slot, claim.start) if slot else None)
    asked = [str(reference) for slot in slots if slot for reference in slot.references]
    facts = facts_of(asked, language=language, for_desk=True) if asked else {}
    return [
        replace(
            item,
            link=links[judged.sheet.event.pk].of(item.evidence),
            binding=_binding(slot, item, facts, text) if slot else None,
        )
        for item, judged, slot in zip(items, found.values(), slots, strict=True)
    ]


def _may_be_bound(claim: Claim, judgement: Judgement) -> bool:
    """What is wrong, and what is right now and may change: a car keeps its number."""
    if judgement is Judgement.CONFIRMED:
        return claim.type is not ClaimType.CAR_NUMBER
    return judgement is Judgement.CONTRADICTED


def _where(sheet: EventSheet) -> Where:
    season = sheet.event.season
    keys = [int(table.key) for table in sheet.sheet.tables]
    tables = PrintedStanding.objects.filter(pk__in=keys).values_list("pk", "name", "class_name", "after")
    named = {str(pk): (name, class_name, after) for pk, name, class_name, after in tables} if keys else {}
    return Where((season.series.slug, season.slug, sheet.event.slug), named)


def _binding(slot: Slot, item: Item, facts: dict[str, Fact], text: StoryText) -> Binding | None:
    for reference in map(str, slot.references):
        fact = facts.get(reference)
        if fact and says(fact.text, item.evidence):
            place = text.place(slot.start, slot.end)
            return Binding(slot.start, slot.end, place, reference, fact.value, fact.text, fact.is_public)
    return None


def _bound(text: StoryText, language: Language) -> list[Item]:
    """The values that stand in the text as nodes, with what the data say of them now."""
    asked = [node.reference for node in text.nodes]
    if not asked:
        return []
    public = facts_of(asked, language=language)
    desk = facts_of(asked, language=language, for_desk=True)
    return [_bound_item(node, public, desk, text) for node in text.nodes]


def _bound_item(node: Node, public: dict[str, Fact], desk: dict[str, Fact], text: StoryText) -> Item:
    verdict = judge(DataValue(node.reference, "", node.text), public, desk)
    about = verdict.fact.about if verdict.fact else node.reference
    told = {"about": about, "now": verdict.fact.text if verdict.fact else ""}
    why = {
        "same": _("%(about)s: as in the data.") % told,
        "differs": _("%(about)s: the data say “%(now)s” by now.") % told,
        "hidden": _("%(about)s: not public yet.") % told,
    }.get(verdict.state, _("Refers to something that is not there (any more)."))
    before, after = sentence_around(text.text, node.start, node.end)
    return Item(
        key=hashlib.sha256(f"{node.reference}\n{node.text}\n{node.start}".encode()).hexdigest(),
        verdict=BOUND,
        type=verdict.state,
        start=node.start,
        end=node.end,
        place=text.place(node.start, node.end),
        before=before,
        after=after,
        why=why,
    )
