"""A text read once: its words, names, scenes and speech, and the two questions every claim asks: who, and where?"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from articles.factcheck.claim import NOBODY, Claim, ClaimType, Context, Scene, Subject, Value
from articles.factcheck.grammar.cue import Cue
from articles.factcheck.grammar.doubts import is_doubtful
from articles.factcheck.grammar.lexicon import Lexicon, lexicon, some
from articles.factcheck.grammar.mentions import Group, Named, read_names
from articles.factcheck.grammar.moods import PLAIN, moods_of
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.ordered import is_at_an_hour
from articles.factcheck.grammar.resolving import resolve
from articles.factcheck.grammar.scenes import Setting, read_settings
from articles.factcheck.grammar.speech import speech_spans
from articles.factcheck.grammar.strangers import between, describes_a_person, is_elsewhere, strangers_of
from articles.factcheck.grammar.tokens import Cut, Sentence, Token, cut
from articles.factcheck.grammar.weekdays import half_fits
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS, Driver, FactSheet, Session, fold_words

_OBJECT_WORDS = words("page_object_words")
_RELATIVE = words("page_relative")
_COMPARING = frozenset({("as", "though"), ("as", "if"), ("als", "ob"), ("als", "wenn")})
_NOMINATIVE = frozenset({"der", "die", "das", "who", "which", "that"})
_SUPPOSING = frozenset(second for _first, second in _COMPARING)
_ARTICLES = frozenset({"der", "die", "das", "dem", "den"})
_CLASS_REACH = 5
_BRACKET = 5  # tokens: `(117,5)`
_IN_SENTENCE = 2
_DESCRIBED = 4  # words
_IN_CLAUSE = 3  # level of what the clause itself says
_POSSESSED = 3  # words: `Tänaks finnischer Markenkollege`
_APPOSITION = 2  # words before a clause's figure: `…, knapp 18 Sekunden zurück`


@dataclass(slots=True)
class Page:
    """One text beside one sheet."""

    text: str
    sheet: FactSheet
    cut: Cut
    lexicon: Lexicon
    named: list[Named]
    settings: list[Setting]
    speech: list[tuple[int, int]]
    topics: list[str | None]  # the car in mind when a sentence begins
    strangers: list[list[int]]  # tokens of each sentence that speak of somebody the sheet does not hold
    # What has been asked before, for many claims ask the same of one place.
    scenes: dict[tuple[int, frozenset[str]], Scene] = field(default_factory=dict)
    objects: dict[tuple[int, int], bool] = field(default_factory=dict)
    moments: dict[tuple[int, int], bool] = field(default_factory=dict)
    around: dict[int, tuple[str, ...]] = field(default_factory=dict)

    # -------------------------------------------------------------- places

    def sentence_at(self, position: int) -> Sentence:
        return self.cut.sentence_at(position)

    def groups(self, sentence: Sentence) -> list[Group]:
        return self.named[sentence.number].groups

    def clause(self, sentence: Sentence, token: int) -> tuple[int, int]:
        """First and last (exclusive) token of the clause a token stands in."""
        at = bisect_right(sentence.clauses, token) - 1
        begin = sentence.clauses[at]
        end = sentence.clauses[at + 1] if at + 1 < len(sentence.clauses) else sentence.last
        return begin, end

    def words_before(self, position: int, count: int) -> list[str]:
        """The folded words before a position, the nearest last, none from another sentence."""
        sentence = self.sentence_at(position)
        first = bisect_right(self.cut.starts, position - 1)
        return [token.key for token in self.cut.tokens[max(first - count, sentence.first) : first]]

    def words_after(self, position: int, count: int) -> list[str]:
        first = bisect_right(self.cut.starts, position - 1)
        sentence = self.sentence_at(max(position - 1, 0))
        return [token.key for token in self.cut.tokens[first : min(first + count, sentence.last)]]

    def matches(self, pattern: re.Pattern[str], *stems: str) -> Iterator[re.Match[str]]:
        """The pattern's matches, searched only in sentences with a word that holds a stem: without one it cannot match."""
        telling = {key for key in self.cut.vocabulary if _holds(key, stems)}
        if not telling:
            return
        for sentence, keys in zip(self.cut.sentences, self.cut.keys, strict=True):
            if not keys.isdisjoint(telling):
                yield from pattern.finditer(self.text, sentence.start, sentence.end)

    def is_spoken(self, position: int) -> bool:
        at = bisect_right(self.speech, (position, len(self.text) + 1)) - 1
        return at >= 0 and self.speech[at][0] <= position < self.speech[at][1]

    # -------------------------------------------------------------- who

    def subject(self, start: int, end: int, *, but: tuple[str, ...] = ()) -> Subject:
        """Whom words at this span speak of; never the cars in `but`."""
        sentence = self.sentence_at(start)
        first, last = self.cut.token_at(start), self.cut.token_at(max(end - 1, start)) + 1
        clause = self.clause(sentence, first)
        if self._names_unknown(sentence, clause, first):
            return NOBODY
        group, level = self._group_for(sentence, clause, first, last, frozenset(but))
        is_strange = between(self.strangers[sentence.number], *clause)
        is_other = any(token.key in words("page_others") for token in self.cut.tokens[slice(*clause)])
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
        if not topic or topic in but:
            return NOBODY
        said = {token.key for token in self.cut.tokens[sentence.first : sentence.last]}
        is_strange = between(self.strangers[sentence.number], sentence.first, clause[1]) or is_other
        return Subject((topic,), 1, is_doubted=is_strange, is_recalled=bool(said & words("page_recalling")))

    def _begins_with_another(self, clause: tuple[int, int]) -> bool:
        """`…, der zweite 963 schied aus`: one of those that were spoken of, and which is not said."""
        keys = [token.key for token in self.cut.tokens[clause[0] : clause[0] + 2]]
        return len(keys) > 1 and keys[0] in _ARTICLES | {"the"} and keys[1] in words("page_choosing")

    def _is_plain(self, sentence: Sentence, clause: tuple[int, int], group: Group) -> bool:
        """Whether a clause speaks of this group and of nobody else: no other name, no pronoun, no verb that opens it."""
        inside = [other for other in self.groups(sentence) if other.last > clause[0] and other.first < clause[1]]
        return (
            inside == [group]
            and not self.is_object(group)
            and not self._opens_with_verb(clause)
            and not self._says_he(clause)
        )

    def _is_adjacent(self, group: Group, first: int) -> bool:
        """`Vettel (126)`, `Bottas was sixth`, `wurde Buhk Dritter`: nothing stands between."""
        between = self.cut.tokens[group.last : first]
        small = len(between) <= 1 and all(token.key in words("page_linking") for token in between)
        return group.last <= first and small and not self.is_object(group)

    def names_session(self, start: int) -> bool:
        """Whether the words right behind say which session is spoken of: `fifth in SuperPole`."""
        sentence = self.sentence_at(start)
        token = self.cut.token_at(start)
        cues = self.settings[sentence.number].cues
        return any(cue.what in {"kind", "sessions"} and 0 < abs(cue.at - token) <= _APPOSITION + 1 for cue in cues)

    def is_of_a_later_race(self, start: int) -> bool:
        """Whether words at a position have another race of the event in mind than its first."""
        races = sorted(
            (session for session in self.sheet.sessions if session.is_race),
            key=lambda session: (session.day or dt.date.min, session.clock),
        )
        scene = self.scene(start, RACE_KINDS)
        return len(races) > 1 and races[0] not in scene.sessions

    def _group_for(
        self, sentence: Sentence, clause: tuple[int, int], first: int, last: int, but: frozenset[str]
    ) -> tuple[Group | None, int]:
        """The group words at first..last speak of, and how surely; None where it is the car in mind, or nobody."""
        groups = [
            group for group in self.groups(sentence) if (group.cars or group.people) and not (but and group.cars <= but)
        ]
        beside = self._beside(groups, first)
        if beside:
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
        return (free[0], 1) if free else (None, 0)

    def _driver_before(
        self, sentence: Sentence, clause: tuple[int, int], named: list[Group], own: Group | None, last: int
    ) -> tuple[Group | None, int]:
        """Somebody of the clauses before whom a relative pronoun or a verb that opens this clause points back to."""
        if not named:
            return None, 0
        is_behind = own is None or own.first >= last
        if self._is_relative(clause) and self.cut.tokens[clause[0]].key in _NOMINATIVE:
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
        beside = next((group for group in groups if group.last == first - 1 and group.people), None)
        is_measured = beside is not None and beside.first and self.cut.tokens[beside.first - 1].key == "auf"
        return beside if beside is not None and not is_measured and self.is_object(beside) else None

    def _in_clause(self, inside: list[Group], clause: tuple[int, int], first: int, last: int) -> Group | None:
        """The group of the clause that is spoken of; None where it only names those somebody else is measured by."""
        if self._opens_with_verb(clause) or self._says_he(clause):
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
        return next((group for group in after if not self._is_company(group)), None)

    def _earlier(
        self, sentence: Sentence, clause: tuple[int, int], first: int, earlier: list[Group]
    ) -> tuple[Group | None, int]:
        """Of the groups in the clauses before: the one a pronoun or the grammar points back to."""
        if self.topics[sentence.number] and all(self.is_object(group) for group in earlier):
            return None, 0  # the car in mind is meant, not the ones it is measured by
        begin = self.cut.tokens[clause[0]].key
        if self._is_relative(clause):
            return earlier[-1], 2
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

    def _says_he(self, clause: tuple[int, int]) -> bool:
        """`Von Startplatz drei schob er sich an Lacombe vorbei`: somebody named before, not the one behind."""
        tokens = self.cut.tokens[clause[0] : clause[1]]
        return any(
            token.key in {"er", "he", "she"} and before.key not in words("page_beside_pronouns")
            for before, token in pairwise(tokens)
        )

    def _is_relative(self, clause: tuple[int, int]) -> bool:
        """Whether a clause begins with a pronoun or a conjunction; `das Schwesterauto` begins with an article."""
        first = self.cut.tokens[clause[0]]
        after = self.cut.tokens[clause[0] + 1] if clause[0] + 1 < clause[1] else None
        is_article = first.key in _ARTICLES and after is not None and after.is_capital
        is_behind_comma = clause[0] > 0 and self.cut.tokens[clause[0] - 1].text == ","
        return is_behind_comma and first.key in _RELATIVE and not is_article

    def _names_unknown(self, sentence: Sentence, clause: tuple[int, int], first: int) -> bool:
        """Whether the clause speaks of a sister car or a nation nobody could place."""
        roles = [group for group in self.groups(sentence) if group.is_sister or group.nation]
        return any(not group.cars and clause[0] <= group.first < first for group in roles)

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
        if len(before) > 2 and before[0] in {"bei", "beim"} and before[1] in words("page_successes"):  # noqa: PLR2004
            return True  # `wurde beim Erfolg der Corvette-Piloten Dritter`
        if index >= 0 and group.parts[0].is_person and self.cut.tokens[index].key in {"von", "vom"}:
            return not self._is_owner(group)  # `von Cacá Bueno umgedreht`
        former = self._joined_to(group) or self._seated_in(group)
        if former is not None:
            return self.is_object(former)
        if self._is_owner(group):
            return False
        if index > 0 and group.parts[0].is_person and self._is_first_name(index):
            index -= 1
        return self._follows_object_word(index)

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
        first, _last = self.clause(sentence, token)
        groups = [group for group in self.groups(sentence) if first <= group.first and group.last <= token]
        if not groups:
            return None
        begin = groups[-2].last if len(groups) > 1 else first
        keys = {word.key for word in self.cut.tokens[begin : groups[-1].first]}
        if not keys & words("transitive"):
            return None
        if len(groups) > 1:
            return self.as_subject(groups[-2], 2), self.as_subject(groups[-1], 2)
        doer = self.subject(start, start + 1, but=some(groups[-1].cars))
        return (doer, self.as_subject(groups[-1], 2)) if doer.cars else None

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
        if index < 0 or self.cut.tokens[index].key not in {"und", "and"}:
            return None
        sentence = self.sentence_at(self.cut.tokens[group.first].start)
        before = [other for other in self.groups(sentence) if other.last <= index]
        former = before[-1] if before and index - before[-1].last <= _BRACKET else None
        is_list = former is not None and former.parts[-1].is_person == group.parts[0].is_person
        return former if is_list else None  # not `in the best of the Hondas and Ferrucci sixth`

    def as_subject(self, group: Group, level: int, is_seconded: bool = False) -> Subject:  # noqa: FBT001, FBT002
        people: tuple[Driver, ...] = tuple(driver for part in group.people for driver in part.people)
        span = self.text[self.cut.tokens[group.first].start : self.cut.tokens[group.last - 1].end]
        cars = some(group.cars)
        return Subject(cars, level if is_seconded else min(level, group.level), group.is_plural, people, span)

    def group_at(self, position: int) -> Group | None:
        """The group that begins at most three small words behind a position."""
        first = bisect_right(self.cut.starts, position - 1)
        sentence = self.sentence_at(max(position - 1, 0))
        for group in self.groups(sentence):
            if group.first >= first:
                between = self.cut.tokens[first : group.first]
                small = all(token.text[0].islower() or token.text in "-–(" for token in between)
                return group if len(between) <= 3 and small else None  # noqa: PLR2004 - "auf den zweiten"
        return None

    def pair_apart(self, start: int) -> tuple[Subject, Subject] | None:
        """`der Abstand zwischen Elster und Condor`, `trennten Elster und Condor`: two cars that one word names together."""
        sentence = self.sentence_at(start)
        first, last = self.clause(sentence, self.cut.token_at(start))
        if not any(token.key in words("times_apart") for token in self.cut.tokens[first:last]):
            return None
        groups = [group for group in self.groups(sentence) if first <= group.first < last and group.cars]
        if len(groups) == 1 and groups[0].is_plural and len(groups[0].cars) == len(groups[0].people) == 2:  # noqa: PLR2004
            both = self.as_subject(groups[0], 2)
            one, other = (replace(both, cars=tuple(part.cars), people=part.people) for part in groups[0].people)
            return one, other
        return None

    def missing_to(self, start: int) -> Subject:
        """`auf die Bestzeit des Manthey-Elfers fehlten …`, `Auf Márquez fehlte …`: who stands behind `auf` is the other one."""
        sentence = self.sentence_at(start)
        token = self.cut.token_at(start)
        first, _last = self.clause(sentence, token)
        for group in self.groups(sentence):
            before = self.cut.tokens[max(group.first - 4, first) : group.first]
            if first <= group.first < token and "auf" in {other.key for other in before} and group.car:
                return self.as_subject(group, 2)
        return NOBODY

    def described(self, first: int) -> Group | None:
        """`auf den neuen Zweiten Perez`, `auf Tabellenführer Bortolotti`: a name behind words that describe him."""
        sentence = self.sentence_at(self.cut.tokens[first].start) if first < len(self.cut.tokens) else None
        groups = self.groups(sentence) if sentence else []
        group = next((group for group in groups if group.first >= first), None)
        if group is None or group.first - first > _DESCRIBED:
            return None
        return None if any(token.text in ",;:()" for token in self.cut.tokens[first : group.first]) else group

    def near(self, start: int) -> tuple[str, ...]:
        sentence = self.sentence_at(start)
        known = self.around.get(sentence.number)
        if known is None:
            known = self.around[sentence.number] = self._near(sentence)
        return known

    def _near(self, sentence: Sentence) -> tuple[str, ...]:
        cars = [car for group in self.groups(sentence) for car in some(group.cars)]
        topic = self.topics[sentence.number]
        cars += [topic] if topic else []
        before = self.cut.sentences[sentence.number - 1] if sentence.number else sentence
        if before.paragraph == sentence.paragraph:
            cars += [car for group in self.groups(before) if group.car for car in group.cars]
        return tuple(dict.fromkeys(cars))

    # -------------------------------------------------------------- where

    def scene(self, start: int, kinds: frozenset[str] = frozenset()) -> Scene:
        """The sessions, the class and the table that words at this position have in mind."""
        token = self.cut.token_at(start)
        known = self.scenes.get((token, kinds))
        if known is None:
            known = self.scenes[token, kinds] = self._scene(self.sentence_at(start), token, kinds)
        return known

    def _scene(self, sentence: Sentence, token: int, kinds: frozenset[str]) -> Scene:
        setting = self.settings[sentence.number]
        clause = self.clause(sentence, token)
        sessions, level = self._sessions(setting, token, clause, kinds)
        klass, class_level = setting.latest("class", token, clause)
        table, table_level = setting.latest("table", token, clause)
        name = str(klass.value) if klass else ""
        kind, _level = setting.latest("kind", token, clause)
        is_far = kind is not None and self.sentence_at(self.cut.tokens[kind.at].start).paragraph != sentence.paragraph
        return Scene(
            is_far=is_far,
            day=self._day_said(setting, token, clause),
            sessions=sessions,
            level=level,
            class_name=name,
            class_level=min(class_level, self._reach(klass, token)),
            is_class_known=not name or name in self.sheet.classes,
            in_table=table is not None and table_level > 0,
            table_level=min(table_level, self._reach(table, token)),
            is_interim=((setting.moods.is_interim or setting.moods.is_meanwhile(clause)) and not setting.at_checkpoint)
            or setting.moods.is_coloured
            or setting.moods.names_year
            or self._is_another_moment(setting, clause),
        )

    def _day_said(self, setting: Setting, token: int, clause: tuple[int, int]) -> dt.date | None:
        day, level = setting.latest("day", token, clause)
        return day.value if day and level >= _IN_SENTENCE and isinstance(day.value, dt.date) else None

    def _is_another_moment(self, setting: Setting, clause: tuple[int, int]) -> bool:
        known = self.moments.get(clause)
        if known is None:
            known = (
                self._is_midway(clause)
                or self._is_pointed_at(setting, clause)
                or (not setting.at_checkpoint and is_at_an_hour(self.cut.tokens[clause[0] : clause[1]], self.sheet))
                or is_elsewhere(self.cut.tokens, clause, self.sheet)
            )
            self.moments[clause] = known
        return known

    def _is_midway(self, clause: tuple[int, int]) -> bool:
        """`stürzt auf Position drei liegend, Alex holt …`: a state of the race, in this clause only."""
        return any(token.key in words("interim_clause") for token in self.cut.tokens[clause[0] : clause[1]])

    def _is_pointed_at(self, setting: Setting, clause: tuple[int, int]) -> bool:
        """`in diesem Lauf`: a session of the sentences before, whichever it was."""
        return any(
            cue.what in {"kind", "sessions"}
            and clause[0] < cue.at < clause[1]
            and self.cut.tokens[cue.at - 1].key in {"diesem", "dieser", "jenem", "jener", "that", "this"}
            for cue in setting.cues
        )

    def _reach(self, klass: Cue | None, token: int) -> int:
        """How surely a class named behind the words is theirs: `third in class`, not `als Fünfte den Sieg im Silver Cup`."""
        if klass is None or klass.at <= token:
            return 3
        between = {word.key for word in self.cut.tokens[token + 1 : klass.at]}
        return (
            3 if klass.at - token <= _CLASS_REACH and not between & {"und", "and", "sieg", "den", "die", "damit"} else 1
        )

    def _sessions(
        self, setting: Setting, token: int, clause: tuple[int, int], kinds: frozenset[str]
    ) -> tuple[tuple[Session, ...], int]:
        """The sessions in mind, and how surely. Words that speak of one the sheet does not hold leave none."""
        pool = tuple(session for session in self.sheet.run if not kinds or session.kind in kinds)
        level = _IN_CLAUSE if len(pool) <= 1 else 0
        for chosen, chosen_level in (
            self._by_kind(pool, setting, token, clause, kinds),
            self._by_day(pool, setting, token, clause),
        ):
            if chosen is None:
                continue
            both = tuple(session for session in pool if session in chosen)
            if not both and chosen and level < chosen_level == _IN_SENTENCE and not kinds:
                both = chosen  # a day and its half said here count more than a race said before
            if both or not chosen or (chosen_level > 1 and not kinds):
                pool, level = both, max(level, chosen_level)
        if not self._is_another_day(pool, setting, token, clause):
            race = self._race_of_day(pool, setting, token, clause) if not kinds and level < _IN_SENTENCE else ()
            return (race, _IN_SENTENCE) if race else (pool, level)
        day, _level = setting.latest("day", token, clause)
        same = tuple(
            session
            for session in self.sheet.run
            if day and day.value in session.days and (not kinds or session.kind in kinds)
        )
        if day and self._is_nearer(day, setting, token, clause):
            races = tuple(session for session in same if session.is_race)
            return (races, _IN_SENTENCE) if len(races) == 1 else (same, 1)
        return (same, 1) if level < _IN_SENTENCE and same else (pool, 0)

    def _is_nearer(self, day: Cue, setting: Setting, token: int, clause: tuple[int, int]) -> bool:
        """`gewann am Samstag das erste Rennen und wurde tags darauf Dritter`: the day is said after the race."""
        named, _level = setting.latest("sessions", token, clause)
        kind, _level = setting.latest("kind", token, clause)
        said = max((cue.at for cue in (named, kind) if cue), default=-1)
        return said < day.at <= token

    def _race_of_day(
        self, pool: tuple[Session, ...], setting: Setting, token: int, clause: tuple[int, int]
    ) -> tuple[Session, ...]:
        """`Am Sonntag wurde Elster Zweiter`: in the race of that day, unless a qualifying is spoken of."""
        day, day_level = setting.latest("day", token, clause)
        kind, _level = setting.latest("kind", token, clause)
        if day is None or day_level < _IN_SENTENCE or (kind and kind.value in {"qualifying", "practice", "stage"}):
            return ()
        races = tuple(session for session in pool if session.is_race)
        return races if len(races) == 1 < len(pool) else ()

    def _is_another_day(self, pool: tuple[Session, ...], setting: Setting, token: int, clause: tuple[int, int]) -> bool:
        """Whether the clause names a day on which none of the sessions was: then one of the two is not what it seems."""
        day, level = setting.latest("day", token, clause)
        return (
            day is not None
            and level >= _IN_CLAUSE
            and not any(session.day is None or day.value in session.days for session in pool)
        )

    def _by_kind(
        self, pool: tuple[Session, ...], setting: Setting, token: int, clause: tuple[int, int], kinds: frozenset[str]
    ) -> tuple[tuple[Session, ...] | None, int]:
        kind, kind_level = setting.latest("kind", token, clause)
        named, named_level = setting.latest("sessions", token, clause)
        verb, verb_level = setting.latest("verb", token, clause)
        _day, day_level = setting.latest("day", token, clause)
        if named_level == 1 and day_level > 1:
            named = None  # another day is spoken of
        if named and isinstance(named.value, tuple) and _counts_more(named, named_level, kind, kind_level, token):
            is_carried = named_level == 1 and not set(self.sheet.checkpoints.values()).isdisjoint(named.value)
            ends = tuple(session for session in self.sheet.run if is_carried and _is_kind(session, "race", self.sheet))
            return named.value + ends, named_level  # how it stood after some hours is soon left for how it ended
        wanted = str(kind.value) if kind else ""
        is_coming = any(session.is_race for session in self.sheet.sessions) and not any(
            session.is_race for session in self.sheet.run
        )
        is_later = kind is not None and verb is not None and verb_level == kind_level > 1 and kind.at < verb.at < token
        if (
            verb
            and (verb_level > kind_level or is_later)
            and wanted in {"", "qualifying", "practice"}
            and not is_coming
        ):
            wanted, kind_level = "race", verb_level
        if not wanted:
            return None, 0
        chosen = tuple(session for session in self.sheet.run if _is_kind(session, wanted, self.sheet))
        is_said = kind_level > 1 or not any(_is_kind(session, wanted, self.sheet) for session in self.sheet.sessions)
        if chosen or (is_said and (not kinds or wanted in kinds)):
            return chosen, kind_level
        return None, 0

    def _by_day(
        self, pool: tuple[Session, ...], setting: Setting, token: int, clause: tuple[int, int]
    ) -> tuple[tuple[Session, ...] | None, int]:
        day, level = setting.latest("day", token, clause)
        half, half_level = setting.latest("half", token, clause)
        chosen = pool
        if day:
            chosen = tuple(session for session in chosen if day.value in session.days)
            if level > 1 and not any(day.value in session.days for session in self.sheet.sessions):
                return (), level  # a day of which the sheet holds nothing
        if half and half_level > 1:
            fitting = tuple(session for session in chosen if half_fits(session, half.value))
            if fitting and day and level > 1:
                return fitting, _IN_SENTENCE
            chosen, level = fitting or chosen, max(level, 1)
        if not day and not half:
            return None, 0
        return (chosen or None), min(level, 1)

    # -------------------------------------------------------------- claims

    def context(self, start: int) -> Context:
        setting = self.settings[self.sentence_at(start).number]
        if self.is_spoken(start):
            return Context.QUOTE
        moods = setting.moods
        if moods.is_hypothetical or self._is_compared(start):
            return Context.HYPOTHETICAL
        if not moods.is_coloured:
            return Context.PLAIN
        clause = self.clause(self.sentence_at(start), self.cut.token_at(start))
        if moods.is_maybe(clause):
            return Context.HYPOTHETICAL
        return Context.HISTORICAL if moods.is_past(clause) else Context.PLAIN

    def _is_compared(self, start: int) -> bool:
        """`as though it had been first`, `als wäre er Erster`: nobody says that it was so."""
        sentence = self.sentence_at(start)
        token = self.cut.token_at(start)
        first, _last = self.clause(sentence, token)
        if self.cut.keys[sentence.number].isdisjoint(_SUPPOSING):
            return False
        keys = [word.key for word in self.cut.tokens[first:token]]
        return any(pair in _COMPARING for pair in pairwise(keys))

    def claim(self, type_: ClaimType, start: int, end: int, value: Value, **given: Any) -> Claim:
        """A claim at a span; subject, scene, context and neighbours are found unless they are given."""
        kinds = given.pop("kinds", frozenset())
        found: dict[str, Any] = {
            "subject": given["subject"] if "subject" in given else self.subject(start, end),
            "scene": given["scene"] if "scene" in given else self.scene(start, kinds),
            "context": self.context(start),
            "near": self.near(start),
        }
        return Claim(type_, start, end, self.text[start:end], value, **(found | given))


@lru_cache(maxsize=65_536)
def _holds(key: str, stems: tuple[str, ...]) -> bool:
    return any(stem in key for stem in stems)


def _may_describe(token: Token) -> bool:
    """What may stand between `over` and a name: `over the Omani-entered Mercedes`."""
    return token.text == "-" or (
        token.text[0].islower() and token.key.endswith(("ed", "ing", "ende", "enden", "ierten"))
    )


def _counts_more(one: Cue, level: int, other: Cue | None, other_level: int, token: int) -> bool:
    """Of two cues the one in the nearer clause counts, then the one before the words, then the nearer one."""
    if other is None:
        return True
    return (level, one.at <= token, -abs(one.at - token)) >= (other_level, other.at <= token, -abs(other.at - token))


@lru_cache(maxsize=1024)
def _is_kind(session: Session, kind: str, sheet: FactSheet) -> bool:
    if kind == "race" and session in sheet.checkpoints.values():
        return False
    if kind == "race":
        has_sprint = any(other.kind == "sprint" for other in sheet.sessions)
        return session.is_race and not (has_sprint and session.kind == "sprint")
    return session.kind == kind


# ------------------------------------------------------------------ reading


def read_page(text: str, sheet: FactSheet) -> Page:
    """Reads a text beside a sheet: names first, then scenes, then who is meant by whom."""
    pieces = cut(text)
    names = lexicon(sheet, {token.key for token in pieces.tokens})
    named = [read_names(pieces, sentence, names) for sentence in pieces.sentences]
    settings = read_settings(pieces, named, sheet)
    page = Page(text, sheet, pieces, names, named, settings, speech_spans(text), [], [])
    _leave_out_speech(page)
    resolve(page)
    page.strangers.extend(strangers_of(pieces, named, sheet))
    return page


def _leave_out_speech(page: Page) -> None:
    """What somebody else says (`"Ich hätte gern gewonnen", sagte der Sieger von 2019`) does not colour the words around it."""
    for sentence, setting in zip(page.cut.sentences, page.settings, strict=True):
        if setting.moods is PLAIN or not page.speech:
            continue
        tokens = page.cut.tokens[sentence.first : sentence.last]
        told = [token._replace(text="…", key="…") if page.is_spoken(token.start) else token for token in tokens]
        if told != tokens:
            setting.moods = moods_of(told, sentence.first, page.sheet)
