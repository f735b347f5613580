"""German or English, by the small words every text is full of."""

import re
from collections import Counter

from articles.importers.words import words

_ENOUGH = 20_000  # characters; more adds no certainty
_WORDS = {
    "de": words("language_de"),
    "en": words("language_en"),
}
_WORD = re.compile(r"[a-zäöüß]+")


def detect(text: str) -> str | None:
    """`de` or `en`; None where the text has no word that tells."""
    words = Counter(_WORD.findall(text[:_ENOUGH].lower()))
    score = {language: sum(words[word] for word in small) for language, small in _WORDS.items()}
    best = max(score, key=lambda language: score[language])
    return best if score[best] and len(set(score.values())) > 1 else None
