"""What the nodes of a text lack before readers may see it: facts that readers may not know, pictures without credit."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.body import picture_tokens, references, sanitise
from articles.body_figures import DataValue, figures, values
from articles.facts.current import Fact, extracts_of, facts_of
from articles.facts.tables import tables_of
from articles.models import Article, Image
from results.notation import Language


def reasons_of_the_text(article: Article) -> list[str]:
    """One German sentence for each value, extract or picture with which the text must not go out.

    A value must say what readers may know now. One that says something else would tell what is not public yet, or was
    never so; the desk takes the current value over or makes plain words of it.
    """
    clean = sanitise(article.body)
    if "<data" not in clean and "<figure" not in clean:
        return []
    asked = references(clean)
    public = facts_of(asked, language=language_of(article))
    desk = facts_of(asked, language=language_of(article), for_desk=True)
    reasons = [_of_value(value, judge(value, public, desk)) for value in dict.fromkeys(values(clean))]
    return [*filter(None, reasons), *_of_extracts(clean), *_of_pictures(clean)]


def language_of(article: Article) -> Language:
    return "en" if article.language == "en" else "de"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a value stands to the data: `same`, `differs`, `hidden` (not public yet) or `gone`; `fact` is what they say."""

    state: str
    fact: Fact | None = None


def judge(value: DataValue, public: dict[str, Fact], desk: dict[str, Fact]) -> Verdict:
    """Compare a value with what readers may know and with what the desk knows (`facts_of`)."""
    now = public.get(value.reference)
    if now:
        return Verdict("same" if now.text == value.text else "differs", now)
    known = desk.get(value.reference)
    return Verdict("hidden", known) if known else Verdict("gone")


def _of_value(value: DataValue, verdict: Verdict) -> str:
    fact = verdict.fact
    if fact is None:
        return _("The value “%(text)s” refers to something that is not there (any more).") % {"text": value.text}
    told = {"text": value.text, "about": fact.about, "now": fact.text}
    if verdict.state == "differs":
        return _("The value “%(text)s” (%(about)s) differs from the data: there it is “%(now)s”.") % told
    return _("The value “%(text)s” (%(about)s) is not public yet.") % told if verdict.state == "hidden" else ""


def _of_extracts(clean: str) -> list[str]:
    asked = references(clean)
    there = {*extracts_of(asked), *tables_of(asked)}
    return [
        _("The extract “%(name)s” has no public result yet.") % {"name": figure.caption or figure.reference}
        for figure in dict.fromkeys(figures(clean))
        if figure.kind == "extract" and figure.reference not in there
    ]


def _of_pictures(clean: str) -> list[str]:
    tokens = picture_tokens(clean)
    known = {image.token: image for image in Image.objects.filter(token__in=tokens)}
    reasons = []
    for token in tokens:
        image = known.get(token)
        if image is None:
            reasons.append(_("A picture in the text is not in the library any more."))
            continue
        if not image.alt.strip():
            reasons.append(_("The picture “%(title)s” in the text has no alternative text.") % {"title": image.title})
        if not image.credit.strip():
            reasons.append(_("The picture “%(title)s” in the text has no credit.") % {"title": image.title})
    return reasons
