"""What the keys and the names of sessions say of their kind, where nobody says it outright. Pure."""

import re

# What a short name says, without its number.
_OF_KEYS = {
    "WU": "warmup", "FP": "practice", "T": "practice", "Q": "qualifying", "H": "qualifying", "G": "grid",
    "SR": "sprint", "S": "sprint", "WP": "stage", "SS": "stage", "R": "race",
}  # fmt: skip

# What words in a name say; the first that fits. A "Qualifikationsrennen" is a race, a "Sprint-Qualifying" is none.
_OF_NAMES = (
    (re.compile(r"warm-?\s?up", re.IGNORECASE), "warmup"),
    (re.compile(r"startaufstellung|\bgrid\b", re.IGNORECASE), "grid"),
    (re.compile(r"qualifikationsrennen|qualirennen|qualifying race", re.IGNORECASE), "sprint"),
    (re.compile(r"quali|pole|shootout|zeittraining|\bq\d|top\s?-?30", re.IGNORECASE), "qualifying"),
    (re.compile(r"sprint", re.IGNORECASE), "sprint"),
    (re.compile(r"training|practice|\bfp\d|\btest|shakedown|prove libere|essais|treino", re.IGNORECASE), "practice"),
    (re.compile(r"wertungspr|\bwp\s?\d|etappe|stage", re.IGNORECASE), "stage"),
    (
        re.compile(
            r"rennen|race|\blauf\b|stunden|hours|grand prix|\bgara\b|carrera|corrida|\d ?h\b|horas|heures|\d ?km\b",
            re.IGNORECASE,
        ),
        "race",
    ),
)

LETTERS = {
    "warmup": "WU", "sprint": "SR", "qualifying": "Q", "practice": "FP", "stage": "SS", "race": "R", "grid": "G",
}  # fmt: skip


def kind_of_key(key: str) -> str:
    """`Q2` is a qualifying, `R` a race, `FP1` a practice; empty for a key that says nothing."""
    return _OF_KEYS.get(key.upper().rstrip("0123456789"), "")


def kind_of_name(name: str) -> str:
    """`Freies Training 2` is a practice, `Zeittraining` a qualifying; empty for a name that says nothing."""
    return next((kind for pattern, kind in _OF_NAMES if pattern.search(name)), "")
