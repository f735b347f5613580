"""Which change of a story readers know is so small that nobody has to be told: spelling, a comma, a word."""

import re
from collections import Counter
from difflib import SequenceMatcher

from articles import body_nodes, content
from articles.models import Article, Publication

# Beyond that many words it is no slip of the pen.
MOST_WORDS = 12
NUMBER = re.compile(r"\d[\d.,:]*")


def texts_differ(old: Publication, article: Article) -> bool:
    """Whether the draft says anything else in its words than the version readers saw."""
    return old.title != article.title or _text(old) != _draft(article)


def is_minor(old: Publication, article: Article) -> bool:
    """Whether title, numbers and names of the authors stay and only a few words change."""
    if old.title != article.title or [line["name"] for line in old.content["bylines"]] != _signed(article):
        return False
    before, after = _text(old), _draft(article)
    if Counter(NUMBER.findall(before)) != Counter(NUMBER.findall(after)):
        return False
    return _changed_words(before.split(), after.split()) <= MOST_WORDS


def _changed_words(before: list[str], after: list[str]) -> int:
    if abs(len(before) - len(after)) > MOST_WORDS:  # comparing long texts takes the square of their length
        return abs(len(before) - len(after))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return sum(max(b - a, d - c) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal")


def _text(old: Publication) -> str:
    return f"{old.kicker}\n{old.standfirst}\n{old.body_text}"


def _draft(article: Article) -> str:
    """What readers would read now, tables and captions among it: they are in the text of the old version, too."""
    words = body_nodes.plain_text(article.body, content.freeze_for_public(article, ()))
    return f"{article.kicker}\n{article.standfirst}\n{words}"


def _signed(article: Article) -> list[str]:
    return [line.author.name for line in article.bylines.select_related("author")]
