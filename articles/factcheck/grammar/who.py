"""Whom words speak of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from articles.factcheck.claim import NOBODY, Subject
from articles.factcheck.grammar.doubts import is_doubtful
from articles.factcheck.grammar.lexicon import some
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.roles import Roles
from articles.factcheck.grammar.strangers import between
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words

_NOMINATIVE = frozenset({"der", "die", "das", "who", "which", "that"})
_SUBORDINATE = frozenset(
    {"as", "while", "when", "whilst", "because", "weil", "nachdem", "wahrend"}
)  # `won as Vipper retired`
_POSSESSIVE = frozenset({"sein", "seine", "seinem", "seinen", "seiner", "his", "her", "ihre", "ihrem", "ihren"})
_HE = _POSSESSIVE | {"er", "ihm", "ihn", "ihnen", "he", "him", "she", "they", "them"}
_BEHIND_VERB = 3  # words
_IN_SENTENCE = 2
_APPOSITION = 2  # words before a clause's figure: `…, knapp 18 Sekunden zurück`


@dataclass(slots=True)
class Who(Roles):
    """The question every claim asks first: who?"""

    def subject(self, start: int, end: int, *, but: tuple[str, ...] = ()) -> Subject:
        """Whom words at this span speak of; never the cars in `but`."""
        sentence = self.sentence_at(start)
        first, last = self.cut.token_at(start), self.cut.token_at(max(end - 1, start)) + 1
        clause = self.clause(sentence, first)
        if self._names_unknown(sentence, clause, first):
            return NOBODY
        group, level = self._group_for(sentence, clause, first, last, frozenset(but))
        is_strange = between(self.strangers[sentence.number], *clause)
        is_other = self.says(clause, words("page_others"))
        if group is not None:
            is_doubted = not level or is_other or is_doubtful(self, sentence, clause, group, first) or group.is_torn
            is_doubted |= group.last <= clause[0] and self._begins_with_another(clause)
            level = min(level, 1) if is_doubted else level
            found = self.as_subject(group, level, self._is_seconded(sentence, clause, group))
            is_doubted = is_doubted or (is_strange and level < _IN_SENTENCE)
            is_plain = (
                level > 1
                and not is_doubted
                and (self._is_plain(sentence, clause, group) or self._is_adjacent(group, first))
            )
            return replace(found, is_doubted=is_doubted, is_recalled=True, is_plain=is_plain)
        topic = self.topics[sentence.number]
        if not topic or topic in but or self.cut.tokens[sentence.first].key in words("page_whoever"):
            return NOBODY  # `Wer als Erster anreist, braucht keinen Sieg`
        said = self.cut.keys[sentence.number]
        is_strange = between(self.strangers[sentence.number], sentence.first, clause[1]) or is_other
        former = None if is_strange else self._pointed_back(sentence, clause, topic)
        if former is not None:
            return replace(self.as_subject(former, 2), is_recalled=True)
        return Subject((topic,), 1, is_doubted=is_strange, is_recalled=bool(said & words("page_recalling")))

    def _pointed_back(self, sentence: Sentence, clause: tuple[int, int], topic: str) -> Group | None:
        """`Brandt wurde Zweiter. Ihm fehlten …`: the only one of the sentence before, whom a pronoun of the clause means."""
        if not sentence.number or not any(token.key in _HE for token in self.cut.tokens[slice(*clause)]):
            return None
        former = self.cut.sentences[sentence.number - 1]
        groups = self.groups(former)
        is_alone = bool(groups) and all(group.cars == {topic} for group in groups) and bool(groups[0].people)
        is_known = not self.strangers[former.number] and former.paragraph == sentence.paragraph
        return groups[0] if is_alone and is_known else None

    def _is_plain(self, sentence: Sentence, clause: tuple[int, int], group: Group) -> bool:
        """Whether a clause speaks of this group and of nobody else: no other name, no pronoun, no verb that opens it."""
        inside = [other for other in self.groups(sentence) if other.last > clause[0] and other.first < clause[1]]
        return (
            inside == [group]
            and not self.is_object(group)
            and not self._opens_with_verb(clause)
            and not self.says_he(clause)
        )

    def _is_adjacent(self, group: Group, first: int) -> bool:
        """`Vettel (126)`, `Bottas was sixth`, `wurde Buhk Dritter`: nothing stands between."""
        between = self.cut.tokens[group.last : first]
        if [token.text for token in between] == ["("]:
            return True  # `Unter den ersten zehn Viñales (6.)`
        between = [token for token in between if token.key not in words("page_merely")]
        small = len(between) <= 1 and all(token.key in words("page_linking") for token in between)
        return group.last <= first and small and not self.is_object(group)

    def _group_for(
        self, sentence: Sentence, clause: tuple[int, int], first: int, last: int, but: frozenset[str]
    ) -> tuple[Group | None, int]:
        """The group words at first..last speak of, and how surely; None where it is the car in mind, or nobody."""
        groups = [
            group for group in self.groups(sentence) if (group.cars or group.people) and not (but and group.cars <= but)
        ]
        beside = self._beside(groups, first)
        if beside and not (self.says_he(clause) and self.is_object(beside)):
            by = self.cut.tokens[beside.first - 1].key in {"von", "by", "zu", "to", "with", "mit"}
            return beside, int(by)  # `Hinter Volt auf drei holte Clairet …`: he or the other one
        inside = [group for group in groups if group.last > clause[0] and group.first < clause[1]]
        earlier = [group for group in groups if group.last <= first]
        own = self._in_clause(inside, clause, first, last)
        driver, level = self._driver_before(
            sentence, clause, [one for one in earlier if one.last <= clause[0]], own, last
        )
        if driver is not None:
            return driver, level
        if own and not (self._is_vehicle(own) and any(group.people for group in earlier)):
            return own, 2
        if earlier:
            return self._before(sentence, clause, first, earlier)
        free = [group for group in groups if not self.is_object(group)]
        is_to_come = bool(free) and free[0].first >= clause[1] and not self._is_doer(free[0], clause[1])
        if is_to_come and self.topics[sentence.number]:
            return (
                None,
                0,
            )  # `steht er nun bei 103 Punkten, Leitch folgt mit 64`: whoever was spoken of, not the one to come
        return (free[0], 1) if free else (None, 0)

    def _is_doer(self, group: Group, first: int) -> bool:
        """`Von Position drei gestartet, nutzte der Phoenix-Mann …`: right behind the verb that the clause behind opens with."""
        return group.first - first <= _BEHIND_VERB and self._opens_with_verb((first, group.last))

    def _driver_before(
        self, sentence: Sentence, clause: tuple[int, int], named: list[Group], own: Group | None, last: int
    ) -> tuple[Group | None, int]:
        """Somebody of the clauses before whom a relative pronoun or a verb that opens this clause points back to."""
        if not named:
            return None, 0
        is_behind = own is None or own.first >= last
        if self.is_relative(clause) and self.cut.tokens[clause[0]].key in _NOMINATIVE:
            if is_behind:
                return named[-1], 2  # `Engstler, der als Vierter losfahren durfte und Proczyk kassierte`
            if own and not own.people and named[-1].people and own.cars.isdisjoint(named[-1].cars):
                return named[-1], 1  # `Nojiri, der den Honda #16 auf Rang drei brachte`, and his is another
        if own and not own.people and self._opens_with_verb(clause):
            driver = self._before_aside(sentence, clause, named)
            if driver.people and driver.cars.isdisjoint(own.cars):
                return driver, 1  # `Bird, hurting, nursed the No. 9 Jaguar home eighth`, and his is another
        return None, 0

    def _before(
        self, sentence: Sentence, clause: tuple[int, int], first: int, earlier: list[Group]
    ) -> tuple[Group | None, int]:
        """Where the clause itself names nobody who is spoken of: the car in mind, or somebody of the clauses before."""
        inside = [group for group in earlier if group.last > clause[0]]
        if inside and all(self.is_object(group) for group in earlier):
            is_he = self._has_pronoun(clause, first) or self.cut.tokens[sentence.first].key in words("page_pronouns")
            return (None, 0) if self.topics[sentence.number] and is_he else (inside[-1], 1)
        outside = [group for group in earlier if group.last <= clause[0]]
        if outside and inside:  # `wurde Fünfter, 1,6 Sekunden hinter Fink und 2,2 vor …`
            return self._earlier(sentence, clause, clause[0], outside)
        return self._earlier(sentence, clause, first, earlier)

    def _beside(self, groups: list[Group], first: int) -> Group | None:
        """Somebody behind a preposition, with nothing but `auf` or `als` between him and the place."""
        if self.cut.tokens[first - 1].key not in {"auf", "als", "in"} or not first:
            return None
        beside = next((group for group in groups if group.last == first - 1 and (group.people or group.car)), None)
        is_measured = beside is not None and beside.first and self.cut.tokens[beside.first - 1].key == "auf"
        return beside if beside is not None and not is_measured and self.is_object(beside) else None

    def _in_clause(self, inside: list[Group], clause: tuple[int, int], first: int, last: int) -> Group | None:
        """The group of the clause that is spoken of; None where it only names those somebody else is measured by."""
        if self._opens_with_verb(clause) or self.says_he(clause):
            vehicles = [group for group in inside if group.last <= first and self._is_vehicle(group)]
            return (
                vehicles[-1] if vehicles else None
            )  # `…, held off Suninen to finish third`: only objects behind a verb
        before = [group for group in inside if group.last <= first]
        free = [group for group in before if not self.is_object(group)]
        if free:
            return self._nearest(free)
        within = [group for group in inside if group.first >= first and group.last <= last]
        if within:
            return within[0]  # `fiel Condor … aus`
        if self._has_pronoun(clause, first):
            return None
        after = [group for group in inside if group.first >= last and not self.is_object(group)]
        after = [group for group in after if self.cut.tokens[group.first - 1].key not in _SUBORDINATE]
        return next((group for group in after if not self._is_company(group)), None)

    def _earlier(
        self, sentence: Sentence, clause: tuple[int, int], first: int, earlier: list[Group]
    ) -> tuple[Group | None, int]:
        """Of the groups in the clauses before: the one a pronoun or the grammar points back to."""
        others = [
            group
            for group in earlier
            if self.is_object(group) or (group.last <= clause[0] and self.is_behind_pronoun(group))
        ]
        if self.topics[sentence.number] and len(others) == len(earlier):
            return None, 0  # the car in mind is meant, not the ones it is measured by
        begin = self.cut.tokens[clause[0]].key
        owner = self._owner_of(begin, earlier)
        if self.is_relative(clause) or owner:
            return owner or earlier[-1], 2
        if self._opens_with_verb(clause):
            return self._before_aside(sentence, clause, earlier), 2  # `Magnussen, wie Hülkenberg überrundet, wurde 15.`
        goes_on = begin in {"then", "dann", "and", "und", "but", "aber", "before", "ehe"}
        same = len({group.cars for group in earlier}) == 1
        at = sentence.clauses.index(clause[0]) if clause[0] in sentence.clauses else 0
        if at > 1 and not same and self._opens_with_verb((sentence.clauses[at - 1], clause[0])):
            return self._before_aside(sentence, (sentence.clauses[at - 1], clause[0]), earlier), 2
        if same or (first - clause[0] <= _APPOSITION and not goes_on):
            return self._nearest(earlier), 2
        return self._first(earlier), 1

    def _owner_of(self, begin: str, earlier: list[Group]) -> Group | None:
        """`lag Dürksen hinter der Bestzeit von Bortoleto, seine schnellste Runde wurde …`: the only one free to be meant."""
        free = [group for group in earlier if not self.is_object(group)] if begin in _POSSESSIVE else []
        return free[0] if len(free) == 1 and free[0].people else None

    def _names_unknown(self, sentence: Sentence, clause: tuple[int, int], first: int) -> bool:
        """Whether the clause speaks of a sister car or a nation nobody could place."""
        roles = [group for group in self.groups(sentence) if group.is_sister or group.nation]
        return any(not group.cars and clause[0] <= group.first < first for group in roles)

    def rival_before(self, start: int, subject: Subject) -> Subject:
        """`der Vorsprung von Bussard auf Elster betrug …`: the other one, named before the figure."""
        sentence = self.sentence_at(start)
        first, _last = self.clause(sentence, self.cut.token_at(start))
        token = self.cut.token_at(start)
        for group in reversed(self.groups(sentence)):
            before = self.cut.tokens[group.first - 1].key if group.first > sentence.first else ""
            if first <= group.first < token and before in {"auf", "vor", "gegenuber", "over", "to"} and group.cars:
                return NOBODY if set(group.cars) & set(subject.cars) else self.as_subject(group, 2)
        return NOBODY

    def pair_before(self, start: int) -> tuple[Subject, Subject] | None:
        """`Bussard leads Elster by …`, `sie bezwangen den McLaren um …`: who does it, and to whom; names of the clause only."""
        sentence = self.sentence_at(start)
        token = self.cut.token_at(start)
        first, last = self.clause(sentence, token)
        groups = [group for group in self.groups(sentence) if first <= group.first and group.last <= token]
        if not groups:
            return None
        begin = groups[-2].last if len(groups) > 1 else first
        keys = {word.key for word in self.cut.tokens[begin : groups[-1].first]}
        behind = {word.key for word in self.cut.tokens[token:last]}
        if not (keys & words("transitive") or ("sich" in keys and "geschlagen" in behind)):
            return None
        if len(groups) > 1:
            return self.as_subject(groups[-2], 2), self.as_subject(groups[-1], 2)
        doer = self.subject(start, start + 1, but=some(groups[-1].cars))
        return (doer, self.as_subject(groups[-1], 2)) if doer.cars else None

    def taken_from(self, start: int) -> tuple[Subject, Subject] | None:
        """`In 12:31,6 Minuten nahm er Kern 1,3 Sekunden ab`: the last name before the figure is of whom it is taken."""
        sentence, token = self.sentence_at(start), self.cut.token_at(start)
        first, _last = self.clause(sentence, token)
        verbs = [at for at in range(first, token) if self.cut.tokens[at].key in words("who_takes")]
        groups = [group for group in self.groups(sentence) if verbs and verbs[0] < group.first and group.last <= token]
        if not groups or not groups[-1].cars:
            return None
        rival = groups[-1]
        if len(groups) > 1:
            return self.as_subject(groups[0], 2), self.as_subject(rival, 2)  # `auf WP 7 nahm Griebel Tannert … ab`
        doer = self.subject(start, start + 1, but=some(rival.cars))
        return (doer, self.as_subject(rival, 2)) if doer.cars else None

    def pair_apart(self, start: int) -> tuple[Subject, Subject] | None:
        """`der Abstand zwischen Elster und Condor`, `trennten Elster und Condor`: two cars that one word names together."""
        sentence = self.sentence_at(start)
        first, last = self.clause(sentence, self.cut.token_at(start))
        if not self.says((first, last), words("times_apart")):
            return None
        groups = [group for group in self.groups(sentence) if first <= group.first < last and group.cars]
        if len(groups) == 1 and groups[0].is_plural and len(groups[0].cars) == len(groups[0].people) == 2:  # noqa: PLR2004
            both = self.as_subject(groups[0], 2)
            one, other = (replace(both, cars=tuple(part.cars), people=part.people) for part in groups[0].people)
            return one, other
        if len(groups) == 2 and not any(group.is_plural for group in groups):  # noqa: PLR2004
            between = [token.key for token in self.cut.tokens[groups[0].last : groups[1].first]]
            if between in (["und"], ["and"]):  # two teams, two makes
                return self.as_subject(groups[0], 2), self.as_subject(groups[1], 2)
        return None

    def missing_to(self, start: int) -> Subject:
        """`auf die Bestzeit des Manthey-Elfers fehlten …`, `Auf Márquez fehlte …`: who stands behind `auf` is the other one."""
        sentence = self.sentence_at(start)
        token = self.cut.token_at(start)
        first, _last = self.clause(sentence, token)
        for group in self.groups(sentence):
            before = [other.key for other in self.cut.tokens[max(group.first - 4, first) : group.first]]
            is_seat = bool({"dem", "der", "einem", "einer", "seinem", "seiner", "rang", "platz"} & set(before))
            if first <= group.first < token and "auf" in before and not is_seat and group.car:
                return self.as_subject(group, 2)
        return NOBODY
