"""Which tables the words of a sentence have in mind."""

from __future__ import annotations

from articles.factcheck.entrants import names_teams
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words

TABLES = ("wertung", "tabelle", "standings", "championship", "meisterschaft", "klassement")


def among(tokens: list[Token], sentence: Sentence, index: int) -> str:
    """The kind of table that was named last before a number in its sentence: `teams`, `drivers`, or nothing known.

    Of `In der Endurance-Wertung …` it is `=endurance`: a word that the table's name must hold.
    """
    for at in range(index - 1, sentence.first - 1, -1):
        key = tokens[at].key
        is_owned = key == "teams" and at + 1 < sentence.last and tokens[at + 1].text in "'’"  # `the teams' table`
        if is_owned or (names_teams(key) and key not in words("tables_no_kind")):
            return "teams"
        if key.startswith(("fahrerw", "drivers")):
            return "drivers"
        if key.endswith(TABLES):
            is_compound = at - 2 >= sentence.first and tokens[at - 1].text == "-"
            stem = tokens[at - 2].key if is_compound else ""
            return f"={stem}" if stem and stem not in words("tables_overall") else ""
    return ""
