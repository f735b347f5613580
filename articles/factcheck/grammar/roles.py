"""What part somebody plays in a sentence: the one spoken of, somebody he is measured by, what he drives, whose he is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from articles.factcheck.claim import Subject
from articles.factcheck.grammar.lexicon import some
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.reading import Reading
from articles.factcheck.grammar.strangers import describes_a_person
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import Driver, fold_words

_OBJECT_WORDS = words("page_object_words")
_RELATIVE = words("page_relative")
_ARTICLES = frozenset({"der", "die", "das", "dem", "den"})
_HE = frozenset({"er", "sie", "he", "she"})
_ONE = frozenset({"er", "he", "she"})
_OF = frozenset({"des", "von", "der"})
_BRACKET = 5  # tokens: `(117,5)`
_DESCRIBED = 4  # words
_ATTRIBUTED = 2  # words
_POSSESSED = 3  # words: `Tänaks finnischer Markenkollege`


@dataclass(slots=True)
class Roles(Reading):
    """The parts of those a sentence names."""

    def _begins_with_another(self, clause: tuple[int, int]) -> bool:
        """`…, der zweite 963 schied aus`: one of those that were spoken of, and which is not said."""
        keys = [token.key for token in self.cut.tokens[clause[0] : clause[0] + 2]]
        return len(keys) > 1 and keys[0] in _ARTICLES | {"the"} and keys[1] in words("page_choosing")

    def _before_aside(self, sentence: Sentence, clause: tuple[int, int], groups: list[Group]) -> Group:
        """`Dillon finished 25th, and Busch, one lap off the pace, was 21st`: the last one before what stands between commas."""
        at = sentence.clauses.index(clause[0])
        aside = sentence.clauses[at - 1] if at > 1 else clause[0]
        free = [group for group in groups if group.last <= aside and not self.is_object(group)]
        return free[-1] if free else self._first(groups)

    def _is_company(self, group: Group) -> bool:
        """`was disqualified for contact with Andersson`, `nach einer Berührung mit Fink`: somebody beside."""
        before = self.cut.tokens[group.first - 1].key if group.first else ""
        return before in {"with", "mit", "alongside"} and group.parts[0].is_person

    def _first(self, groups: list[Group]) -> Group:
        """The one a sentence began with: `Bird followed Evans home, then retired`."""
        free = [group for group in groups if not self.is_object(group)]
        return (free or groups)[0]

    def _has_pronoun(self, clause: tuple[int, int], first: int) -> bool:
        """`which left him seventh and moved Goethe`: somebody named before is spoken of, not the one behind."""
        tokens = self.cut.tokens
        if tokens[clause[0]].key in words("page_elliptical") and tokens[clause[0] - 1].text == ",":
            return True  # `…, was 12th overall and had a lap in hand over …`
        return any(
            tokens[index].key in words("page_pronouns")
            and (index == clause[0] or tokens[index - 1].key not in words("page_beside_pronouns"))
            for index in range(clause[0], first)
        )

    def _opens_with_verb(self, clause: tuple[int, int]) -> bool:
        """`…, erbte den dritten Startplatz`, `…, nursed the Jaguar home`: the subject stands in a clause before."""
        first = self.cut.tokens[clause[0]]
        if not clause[0] or self.cut.tokens[clause[0] - 1].text != "," or not first.text[0].islower():
            return False
        if self.cut.tokens[self.sentence_at(first.start).first].key in words("page_subordinating"):
            return False  # `Weil auch Frijns aufgab, genügte de Vries ein neunter Rang`
        return first.key in words("page_finite") or (
            first.key.endswith(("te", "ten", "ed")) and first.key not in words("page_no_verbs")
        )

    def says_he(self, clause: tuple[int, int]) -> bool:
        """`Von Startplatz drei schob er sich an Lacombe vorbei`: somebody named before, not the one behind."""
        if not self.says(clause, _ONE):
            return False
        tokens = self.cut.tokens[clause[0] : clause[1]]
        return any(
            token.key in _ONE and before.key not in words("page_beside_pronouns") for before, token in pairwise(tokens)
        )

    def is_relative(self, clause: tuple[int, int]) -> bool:
        """Whether a clause begins with a pronoun or a conjunction; `das Schwesterauto` begins with an article."""
        first = self.cut.tokens[clause[0]]
        after = self.cut.tokens[clause[0] + 1] if clause[0] + 1 < clause[1] else None
        is_article = first.key in _ARTICLES and after is not None and after.is_capital
        is_behind_comma = clause[0] > 0 and self.cut.tokens[clause[0] - 1].text == ","
        return is_behind_comma and first.key in _RELATIVE and not is_article

    def _nearest(self, groups: list[Group]) -> Group:
        """The nearest before, but not the one behind `vor` or `gegen` where another stands free."""
        free = [group for group in groups if not self.is_object(group)]
        drivers = [group for group in free if group.people]
        if len(drivers) == 1 and all(
            group is drivers[0] or self._is_vehicle(group) or drivers[0].cars <= group.cars for group in free
        ):
            return drivers[0]
        free = [group for group in free if not self.is_possessor(group)] or free
        return (free or groups)[-1]

    def is_possessor(self, group: Group) -> bool:
        """`Tänaks finnischer Markenkollege Esapekka Lappi`: the one behind is spoken of."""
        end = self.cut.tokens[group.last - 1]
        people = group.parts[-1].people
        is_genitive = end.text.endswith(("'s", "’s"))
        is_name = any(fold_words(driver.last)[-1:] == (end.key,) for driver in people)
        if not people or not end.text.endswith("s") or (is_name and not is_genitive):
            return False
        sentence = self.sentence_at(end.start)
        return any(0 < other.first - group.last <= _POSSESSED and other.people for other in self.groups(sentence))

    def _is_vehicle(self, group: Group) -> bool:
        """`im ADAC-Tatuus`, `mit dem Toyota`, `in the Ferrari`: what somebody drives, not who is spoken of."""
        if group.people:
            return False
        at = group.first - 1
        while at > 0 and (self.cut.tokens[at].text == "-" or self.cut.tokens[at + 1].text == "-"):
            at -= 1
        before = self.cut.tokens[max(at - 1, 0) : at + 1]
        return any(token.key in {"im", "in", "mit", "aboard"} for token in before)

    def is_object(self, group: Group) -> bool:
        """Whether a group stands behind `vor`, `hinter`, `auf`: somebody else than the one spoken of."""
        span = (group.first, group.last)
        known = self.objects.get(span)
        if known is None:
            known = self.objects[span] = self._is_object(group)
        return known

    def _is_object(self, group: Group) -> bool:
        index = group.first - 1
        before = [token.key for token in self.cut.tokens[max(group.first - 3, 0) : group.first]]
        if self._is_measure(before):
            return True
        if index >= 0 and group.parts[0].is_person and self.cut.tokens[index].key in {"von", "vom"}:
            return not self._is_owner(group)  # `von Cacá Bueno umgedreht`
        if self._is_outdone(group) or self._is_overcome(group) or self._is_bowed_to(group) or self._is_reference(group):
            return True
        former = self._joined_to(group) or self._seated_in(group)
        if former is not None:
            return self.is_object(former)
        if self._is_owner(group):
            return False
        if index > 0 and group.parts[0].is_person and self._is_first_name(index):
            index -= 1
        return self._follows_object_word(index)

    def here(self, start: int) -> tuple[str, ...]:
        """Every car the sentence itself names; where some are named before, those up to the end of the clause: what follows speaks of others."""
        sentence = self.sentence_at(start)
        token = self.cut.token_at(start)
        is_named = any(group.cars and group.last <= token for group in self.groups(sentence))
        last = self.clause(sentence, token)[1] if is_named else sentence.last
        known = self.named_here.get(last)
        if known is None:
            groups = [group for group in self.groups(sentence) if group.first < last]
            groups = [group for group in groups if not (is_named and self._measures(group, token))]
            cars = [car for group in groups for car in some(group.cars)]
            known = self.named_here[last] = tuple(dict.fromkeys(cars))
        return known

    def _measures(self, group: Group, token: int) -> bool:
        """Whether somebody is measured by a group; but `auf den neuen Zweiten Fink` gives him the place."""
        return self.is_object(group) and not 0 <= group.first - token <= _ATTRIBUTED

    def _is_overcome(self, group: Group) -> bool:
        """`in der Tabelle verdrängte er Fink`; but `verwies er Fink auf Platz zwei` gives Fink the place."""
        if not self.is_behind_pronoun(group):
            return False
        at = group.first - 1
        at -= self.cut.tokens[at].key in _ARTICLES | {"the"}
        return not self.cut.tokens[at - 1].key.startswith("verwies")

    def is_behind_pronoun(self, group: Group) -> bool:
        """Whether the pronoun right before says who does it."""
        at = group.first - 1
        at -= at > 0 and self.cut.tokens[at].key in _ARTICLES | {"the"}
        return at > 0 and self.cut.tokens[at].key in {"er", "he", "she"}

    def begins_with_pronoun(self, sentence: Sentence) -> bool:
        """`Der gewann nun seinerseits …`, `Er brachte …`: somebody of the sentences before."""
        first, second = self.cut.tokens[sentence.first], self.cut.tokens[min(sentence.first + 1, sentence.last - 1)]
        return first.key in _HE or (
            first.key in _ARTICLES and second.text[0].islower() and second.key in words("page_finite")
        )

    def _is_reference(self, group: Group) -> bool:
        """`4,2 Sekunden nach dem Niederländer`, `Auf die Familie Breukers und Fabian Danz fehlten …`: who is ahead."""
        tokens = self.cut.tokens
        at = group.first - 1
        if at > 1 and tokens[at].key in _ARTICLES:
            at -= 1
        if at > 0 and tokens[at].key == "nach" and tokens[at - 1].key in words("page_measures"):
            return True
        first, last = self.clause(self.sentence_at(tokens[group.first].start), group.first)
        if tokens[first].key != "auf":
            return False
        verb = next((at for at in range(first, last) if tokens[at].key in words("page_missing")), None)
        return verb is not None and group.last <= verb

    def _is_measure(self, before: list[str]) -> bool:
        """`wurde beim Erfolg der Corvette-Piloten Dritter`, `ihre Runde lag knapp über der des Duqueine`: somebody else."""
        if len(before) < 3:  # noqa: PLR2004
            return False
        is_success = before[0] in {"bei", "beim"} and before[1] in words("page_successes")
        return is_success or (before[0] in {"uber", "unter", "als"} and before[1] in _ARTICLES and before[2] in _OF)

    def _is_outdone(self, group: Group) -> bool:
        """`hatte die Pole geholt und Blomqvist um eine Zehntel distanziert`: who is beaten by so much."""
        tokens = self.cut.tokens
        if group.last >= len(tokens) or tokens[group.last].key not in {"um", "ab", "vorbei"}:
            return False
        if tokens[group.last].key == "vorbei":  # `zog er an Fink vorbei und wurde Dritter`
            return bool(group.people)
        sentence = self.sentence_at(tokens[group.first].start)
        first, last = self.clause(sentence, group.first)
        if tokens[group.last].key == "ab":  # `fing auf den letzten Metern noch Fink ab und wurde Vierter`
            return any(token.key in words("page_catching") for token in tokens[first : group.first])
        return any(token.key in words("page_outdone") for token in tokens[first:last])

    def _is_bowed_to(self, group: Group) -> bool:
        """`musste er sich Landsmann Hartog um 0,391 Sekunden beugen`: the one who was better."""
        tokens = self.cut.tokens
        if "sich" not in {token.key for token in tokens[max(group.first - 3, 0) : group.first]}:
            return False
        _first, last = self.clause(self.sentence_at(tokens[group.first].start), group.first)
        return any(token.key in words("page_bowing") for token in tokens[group.last : last])

    def _is_first_name(self, index: int) -> bool:
        """`vor Danny Krieg`: a capital word behind a small one, before a name."""
        return self.cut.tokens[index].is_capital and self.cut.tokens[index - 1].key in _OBJECT_WORDS

    def _follows_object_word(self, index: int) -> bool:
        """Whether a word like `vor` stands at most five small words back."""
        for _step in range(5):
            if index < 0:
                return False
            key = self.cut.tokens[index].key
            if key == "of" and index and self.cut.tokens[index - 1].key in words("page_cars"):
                return False  # `the sister car of Yoluc and Albuquerque`
            if key in _OBJECT_WORDS:
                former = self.cut.tokens[index - 1] if index else None
                if key == "fur":
                    return former is not None and "strafe" in former.key  # `eine Strafe für Fink`
                return key != "for" or (former is not None and former.text.isalnum())  # `For Kauz the race was over`
            token = self.cut.tokens[index]
            if (
                key not in words("glue")
                and key not in {"beiden", "aus"}
                and not _may_describe(token)
                and not describes_a_person(token)
                and not ordinal(key)
                and not (key.endswith(("en", "e", "er")) and self.cut.tokens[index - 1].key in _ARTICLES)
            ):
                return False
            index -= 1
        return False

    def _is_owner(self, group: Group) -> bool:
        """`der Vorsprung von Bussard`: he is the one spoken of."""
        before = self.cut.tokens[max(group.first - 2, 0) : group.first]
        return (
            len(before) > 1 and before[0].key in words("page_owned") and before[1].key in {"von", "vom", "des", "der"}
        )

    def _is_seconded(self, sentence: Sentence, clause: tuple[int, int], group: Group) -> bool:
        """Whether somebody else in the clause names the very car that a group only lets understand."""
        return any(
            other.cars == group.cars and other.level > 1 and other.last > clause[0] and other.first < clause[1]
            for other in self.groups(sentence)
            if other is not group
        )

    def _seated_in(self, group: Group) -> Group | None:
        """`hinter Bonato im Peugeot`: the car of somebody named right before it."""
        before = self.cut.tokens[group.first - 1].key if group.first else ""
        is_behind = before in _ARTICLES | {"the"} and self.cut.tokens[group.first - 2].key in {"mit", "in", "with"}
        if group.people or not (before in {"im", "in"} or is_behind):
            return None
        sentence = self.sentence_at(self.cut.tokens[group.first].start)
        last = group.first - (2 if is_behind else 1)
        return next((other for other in self.groups(sentence) if other.people and other.last == last), None)

    def _joined_to(self, group: Group) -> Group | None:
        """The group before an `und`: `vor Alt (121) und Hanika (117,5)`."""
        index = group.first - 1
        if index > 0 and self.cut.tokens[index].key in _ARTICLES | {"the"}:
            index -= 1  # `hinter der 77 und dem Schwesterauto`
        if index < 0 or self.cut.tokens[index].key not in {"und", "and"}:
            return None
        if group.last < len(self.cut.tokens) and self.cut.tokens[group.last].key in words("page_finite"):
            return None  # `shy of Newgarden, and Dixon was fourth`
        sentence = self.sentence_at(self.cut.tokens[group.first].start)
        before = [other for other in self.groups(sentence) if other.last <= index]
        former = before[-1] if before and index - before[-1].last <= _BRACKET else None
        is_list = former is not None and former.parts[-1].is_person == group.parts[0].is_person
        return former if is_list else None  # not `in the best of the Hondas and Ferrucci sixth`

    def as_subject(self, group: Group, level: int, is_seconded: bool = False) -> Subject:  # noqa: FBT001, FBT002
        people: tuple[Driver, ...] = tuple(driver for part in group.people for driver in part.people)
        # of namesakes those alone whose car is meant
        people = tuple(driver for driver in people if group.cars & self.sheet.people.get(driver, frozenset())) or people
        last = self._end_of_name(group)
        span = self.text[self.cut.tokens[group.first].start : self.cut.tokens[last - 1].end]
        cars = some(group.cars)
        return Subject(cars, level if is_seconded else min(level, group.level), group.is_plural, people, span)

    def _end_of_name(self, group: Group) -> int:
        """`Ducati-Pilot` is somebody, and no entrant of a table of makes."""
        behind = self.cut.tokens[group.last : group.last + 2]
        is_pilot = len(behind) > 1 and behind[0].text == "-" and behind[1].key in words("pilots_nouns")
        return group.last + 2 if is_pilot and not group.people else group.last

    def described(self, first: int) -> Group | None:
        """`auf den neuen Zweiten Perez`, `auf Tabellenführer Bortolotti`: a name behind words that describe him."""
        sentence = self.sentence_at(self.cut.tokens[first].start) if first < len(self.cut.tokens) else None
        groups = self.groups(sentence) if sentence else []
        group = next((group for group in groups if group.first >= first), None)
        if group is None or group.first - first > _DESCRIBED:
            return None
        return None if any(token.text in ",;:()" for token in self.cut.tokens[first : group.first]) else group


def _may_describe(token: Token) -> bool:
    """What may stand between `over` and a name: `over the Omani-entered Mercedes`."""
    return token.text == "-" or (
        token.text[0].islower() and token.key.endswith(("ed", "ing", "ende", "enden", "ierten"))
    )
