"""Crews in prose: `(Dumas/Pla/Derani)`, `Fuoco, Molina und Nielsen`, `sharing the No. 8 with …`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from articles.factcheck.claim import NOBODY, NOWHERE, Claim, ClaimType, Subject
from articles.factcheck.grammar.joint import is_bound
from articles.factcheck.grammar.lexicon import Kind, some
from articles.factcheck.grammar.mentions import Group, Mention
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.partners import find_partners, is_no_car_shared
from articles.factcheck.grammar.strangers import describes_a_person
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import pairs, words

_LAST_LINKS = frozenset({"und", "and", "&", "sowie"})
_TIES = words("crews_ties")
_SEAT = frozenset({"im", "in"})
_SHARING = words("crews_sharing")
_PARTICLES = words("crews_particles")
_ARTICLES = frozenset({"der", "dem", "den", "die"})
_FEWEST = 2
_LONGEST_NAME = 9  # tokens before a slash
_MOST = 8
_MOST_IN_CREW = 4
_LONGEST_ORIGIN = 4  # tokens
_JOINT_REACH = 14  # words


@dataclass(slots=True)
class Listed:
    """Names that stand in one list, and whether slashes join them (then they are a crew for certain)."""

    first: int
    last: int
    names: list[str]
    cars: list[frozenset[str]]
    has_slashes: bool

    @property
    def shared(self) -> frozenset[str]:
        known = [cars for cars in self.cars if cars]
        return frozenset.intersection(*known) if known else frozenset()


def find(page: Page) -> Iterator[Claim]:
    """Every list of drivers that is meant as a crew."""
    if not page.sheet.has_crews:
        return
    lists: list[tuple[int, int]] = []
    for sentence in page.cut.sentences:
        for listed in _lists(page, sentence):
            claim = _claim(page, sentence, listed)
            if claim:
                lists.append((claim.start, claim.end))
                yield claim
    ends = [end for _start, end in lists]
    for claim in find_partners(page):
        at = bisect_right(ends, claim.start)
        if at == len(lists) or claim.start < lists[at][0]:  # nobody of a list that is a claim of its own
            yield claim


# ------------------------------------------------------------------ lists


def _lists(page: Page, sentence: Sentence) -> Iterator[Listed]:
    people = [part for part in page.named[sentence.number].mentions if part.is_person]
    if not people:
        return
    tokens = page.cut.tokens
    by_first = {part.first: part for part in people}
    slashes = [at for at in range(sentence.first, sentence.last) if tokens[at].text == "/"]
    near = {at for slash in slashes for at in range(max(slash - _LONGEST_NAME, sentence.first), slash)}
    done = sentence.first
    for index in sorted(near | by_first.keys()):
        if index < done:
            continue
        listed = (_slashed(tokens, index, sentence, by_first) if index in near else None) or _written(
            tokens, index, sentence, by_first
        )
        if listed:
            yield listed
            done = listed.last


def _slashed(tokens: list[Token], index: int, sentence: Sentence, by_first: dict[int, Mention]) -> Listed | None:
    """Names joined by slashes; one of them at least is known, unknown ones count as names too."""
    names: list[str] = []
    cars: list[frozenset[str]] = []
    at = index
    while len(names) < _MOST:
        end, known = _one_name(tokens, at, sentence, by_first)
        if end == at:
            break
        names.append(" ".join(_plain(token) for token in tokens[at:end] if token.text not in "\"'„“»«"))
        cars.append(known)
        at = end
        if not (at < sentence.last and tokens[at].text == "/"):
            break
        at += 1
    if len(names) < _FEWEST or not any(cars) or tokens[at - 1].text == "/":
        return None
    return Listed(index, at, names, cars, has_slashes=True)


def _one_name(
    tokens: list[Token], at: int, sentence: Sentence, by_first: dict[int, Mention]
) -> tuple[int, frozenset[str]]:
    """Where the name that begins here ends; a name is known, or a capital word beside a slash."""
    part = by_first.get(at)
    if part:
        return part.last, part.cars
    if at + 1 in by_first:
        return at, frozenset()  # `von` before a name that is known without it
    end = at
    while end < sentence.last and (tokens[end].key in _PARTICLES or tokens[end].text == "-") and end < at + 3:
        end += 1
    if end >= sentence.last or not tokens[end].is_capital or not tokens[end].text[0].isalpha():
        return at, frozenset()
    follows = tokens[end + 1].text if end + 1 < sentence.last else ""
    beside = follows == "/" or (at > sentence.first and tokens[at - 1].text == "/")
    return (end + 1, frozenset()) if beside else (at, frozenset())


def _written(tokens: list[Token], index: int, sentence: Sentence, by_first: dict[int, Mention]) -> Listed | None:
    """`A, B und C`: known names only."""
    part = by_first.get(index)
    if not part:
        return None
    parts, at = [part], _skip_origin(tokens, part.last, sentence.last)
    while at + 1 < sentence.last and len(parts) < _MOST:
        step = 2 if tokens[at].text == "," and tokens[at + 1].key in _LAST_LINKS else 1
        at_link = at + step - 1
        begin = at + step
        following = by_first.get(begin) or by_first.get(_skip_role(tokens, begin, sentence.last))
        following = following or _unknown(tokens, begin, sentence.last, by_first)
        if not following or not (tokens[at].text == "," or tokens[at].key in _LAST_LINKS):
            break
        parts.append(following)
        at = _skip_origin(tokens, following.last, sentence.last)
        if tokens[at_link].key in _LAST_LINKS:
            break
    if len(parts) < _FEWEST or not any(token.key in _LAST_LINKS for token in tokens[part.last : parts[-1].first]):
        return None
    names = [" ".join(_plain(token) for token in tokens[one.first : one.last] if token.text != "-") for one in parts]
    return Listed(index, parts[-1].last, names, [one.cars for one in parts], has_slashes=False)


def _unknown(tokens: list[Token], at: int, last: int, by_first: dict[int, Mention]) -> Mention | None:
    """`A, B und Jakob Krüger`: somebody the sheet does not hold, by his first and last name; or a first name before a known one."""
    if at + 1 >= last or not all(one.is_capital and one.text.isalpha() for one in tokens[at : at + 2]):
        return None
    known = by_first.get(at + 1)
    if known is not None:
        return replace(known, first=at)
    is_name = not any(one.key in words("strangers_ordinary") or describes_a_person(one) for one in tokens[at : at + 2])
    ends = at + 2 >= last or not tokens[at + 2].is_capital
    return Mention(at, at + 2, Kind.DRIVER, frozenset()) if is_name and ends else None


def _skip_role(tokens: list[Token], at: int, last: int) -> int:
    """`und Copilot Frank Christian`, `und der Belgier Yannick Roux`, `und Routinier Kai Jordan`."""
    if at + 1 < last and tokens[at].key in _ARTICLES and tokens[at + 1].is_capital:
        at += 1 + _is_role(tokens[at + 1])
    elif at < last and _is_role(tokens[at]):
        at += 1
    return _skip_quotes(tokens, at, last)


def _is_role(token: Token) -> bool:
    """`Copilot`, `Belgier`, `Teamkollege`: what he is, before his name."""
    is_word = token.key in words("partners_nouns") or token.key in pairs("nations") or describes_a_person(token)
    return is_word and token.is_capital


def _skip_origin(tokens: list[Token], at: int, last: int) -> int:
    """`Frank Stippler aus Bad Münstereifel und Patrick Kolb`, `Hin (Rottenburg) und Lang`."""
    at = _skip_quotes(tokens, at, last)
    if at < last and tokens[at].key in {"aus", "from"}:
        end = at + 1
        while end < last and end <= at + _LONGEST_ORIGIN and (tokens[end].is_capital or tokens[end].text == "-"):
            end += 1
        return end if end > at + 1 else at
    if at < last and tokens[at].text == "(":
        closing = next((end for end in range(at, min(at + _LONGEST_ORIGIN + 1, last)) if tokens[end].text == ")"), None)
        return closing + 1 if closing else at
    return at


def _plain(token: Token) -> str:
    """`Allison and Thompson's Porsche`: the name without its genitive."""
    return token.text.removesuffix("'s").removesuffix("’s")


def _skip_quotes(tokens: list[Token], at: int, last: int) -> int:
    while at < last and tokens[at].text in '"„“”»«':
        at += 1
    return at


# ------------------------------------------------------------------ claims


def _claim(page: Page, sentence: Sentence, listed: Listed) -> Claim | None:
    if _is_match(page, sentence, listed):
        return None
    tied, hint = _tie(page, sentence, listed)
    if not hint and not listed.has_slashes and not listed.shared and _did_it_together(page, sentence, listed):
        hint = "joint"
    if not hint and not listed.has_slashes and not listed.shared and _is_all_but_one(page, sentence, listed):
        hint = "most"
    if not hint and not listed.has_slashes and is_bound(page, sentence, listed):
        hint = "joint"
    if not listed.has_slashes and not all(listed.cars):  # somebody unknown among them
        hint = "joint" if is_bound(page, sentence, listed) else ""
    if not listed.has_slashes and not hint and not (listed.shared and all(listed.cars)):
        return None
    tokens = page.cut.tokens
    start, end = tokens[listed.first].start, tokens[listed.last - 1].end
    cars = tied.cars if tied else ()
    subject = Subject(cars, 2 if cars else 1, name=tied.name if tied else "")
    if listed.shared and not cars:
        subject = Subject(some(listed.shared), 1)
    return page.claim(
        ClaimType.CREW,
        start,
        end,
        tuple(listed.names),
        subject=subject,
        scene=NOWHERE,
        hint=hint or ("slashes" if listed.has_slashes else ""),
    )


def _is_match(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """`das Duell Bussard/Dohle`: the slash stands between two cars that met, not between the drivers of one."""
    if not listed.has_slashes or len(listed.names) > _FEWEST or listed.shared or not all(listed.cars):
        return False
    first, last = page.clause(sentence, listed.first)
    return page.says((first, last), words("crews_met"))


def _tie(page: Page, sentence: Sentence, listed: Listed) -> tuple[Subject | None, str]:
    """The car a list is said to drive, by a number, a team or a make beside it; and how it is tied."""
    shared = _sharing(page, sentence, listed)
    if shared:
        return shared, "partial"
    for group in page.groups(sentence):
        others = [part for part in group.parts if not part.is_person]
        if not others or group.last < listed.first or group.first > listed.last:
            continue
        cars = _cars_of(others)
        if cars and (group.first <= listed.last and group.last >= listed.first):
            has_number = any(part.is_number for part in others)
            return Subject(some(cars), 2), "numbered" if has_number else "tied"
    return _seat(page, sentence, listed)


def _cars_of(parts: list[Mention]) -> frozenset[str]:
    numbers = [part.cars for part in parts if part.is_number and part.cars]
    known = numbers or [part.cars for part in parts if part.cars]
    if not known:
        return frozenset()
    return frozenset.intersection(*known) or known[0]


def _seat(page: Page, sentence: Sentence, listed: Listed) -> tuple[Subject | None, str]:
    """`A und B im Attempto-Audi`: one seat, so one car; and `Audi von A und B` where the group broke apart."""
    tokens = page.cut.tokens
    for group in page.groups(sentence):
        if all(part.is_person for part in group.parts):
            continue
        if group.first > listed.last - 1:
            between = [token.key for token in tokens[listed.last : group.first]]
            if 0 < len(between) <= _FEWEST and between[0] in _SEAT and _is_one_seat(group):
                return Subject(some(group.cars), 2), "seat"
            break
        between = [token.key for token in tokens[group.last : listed.first]]
        if group.last <= listed.first and len(between) == 1 and between[0] in _TIES:
            return Subject(some(group.cars), 2), "tied"
    if _is_one_result(page, sentence, listed) or _is_car_of(tokens, sentence, listed):
        return None, "result"
    if len(listed.names) >= _MOST_IN_CREW and not listed.has_slashes:
        return None, "most"
    before = tokens[listed.first - 1].key if listed.first > sentence.first else ""
    return None, "most" if before in _TIES | {"mates", "teamkollegen", "trio"} and len(listed.names) > _FEWEST else ""


def _is_all_but_one(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """`haben A, B und C gewonnen` where A and B share a car that C does not drive: a crew with a wrong name."""
    if len(listed.names) <= _FEWEST:
        return False
    most = max(sum(car in cars for cars in listed.cars) for one in listed.cars for car in one or {""})
    before = page.cut.tokens[listed.first - 1].key if listed.first > sentence.first else ""
    _first, last = page.clause(sentence, listed.last - 1)
    keys = {token.key for token in page.cut.tokens[listed.last : last]}
    is_object = before in words("page_object_words") | words("crews_beside")
    return most == len(listed.names) - 1 and not is_object and not keys & words("crews_apart")


def _did_it_together(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """`A und B wurden Vierte`, `das A und B für sich entschieden`: two cars cannot both have won or have one place."""
    tokens = page.cut.tokens
    before = tokens[listed.first - 1].key if listed.first > sentence.first else ""
    if before in words("page_object_words") | words("crews_beside"):
        return False
    first, last = page.clause(sentence, listed.first)
    keys = [token.key for token in tokens[listed.last : min(listed.last + _JOINT_REACH, max(last, listed.last))]]
    keys += [before] if listed.first > first else []
    if set(keys) & words("crews_apart"):
        return False
    if set(keys) & words("crews_took_turns") and set(keys) & words("crews_not_shared"):
        return False  # `shared fourth place`
    # `aus der ersten Reihe`: the ordinal counts rows, and in a row stand two cars
    places = [key for key, behind in pairwise([*keys, ""]) if ordinal(key) and behind not in words("crews_no_places")]
    is_won = (
        bool(set(keys) & words("crews_won")) or ("fur", "sich") in pairwise(keys) or ("upper", "hand") in pairwise(keys)
    )
    is_first = listed.first == first
    led = {token.key for token in tokens[max(listed.first - 4, first) : listed.first]}
    is_won |= bool(led & {"vorn", "vorne"}) and bool(led & {"lag", "lagen", "liegen"})  # `ganz vorne lagen A und B`
    return is_won or (len(places) == 1 and (is_first or bool(set(keys) & words("crews_placed"))))


def _is_car_of(tokens: list[Token], sentence: Sentence, listed: Listed) -> bool:
    """`the sister car of A and B`, `das Auto von A und B`."""
    at = listed.first - 1
    return at > sentence.first and tokens[at].key in {"of", "von"} and tokens[at - 1].key in words("crews_cars")


def _is_one_result(page: Page, sentence: Sentence, listed: Listed) -> bool:
    """`A und B wurden Dritte`: one place for both, so one car; `als Erster und Zweiter` are two."""
    tokens = page.cut.tokens
    before = tokens[listed.first - 1] if listed.first > sentence.first else None
    if len(listed.names) > _MOST_IN_CREW or (before is not None and before.text != ","):
        return False
    _first, last = page.clause(sentence, listed.last - 1)
    behind = tokens[listed.last : last]
    keys = {token.key for token in behind}
    if behind and behind[0].key in words("crews_took_turns"):
        return not keys & words("crews_not_shared")  # `teilten sich Rang vier` are two cars
    if behind and behind[0].key in {"haben", "hatten", "have"} and keys & {"gewonnen", "won", "geholt", "erobert"}:
        return not keys & (words("crews_severally") | _LAST_LINKS)
    if not behind or behind[0].key not in words("crews_results") or keys & (words("crews_severally") | _LAST_LINKS):
        return False
    if any(ordinal(one.key) and other.key in words("crews_no_places") for one, other in pairwise(behind)):
        return False  # `belegten die erste Reihe`
    return any(ordinal(token.key) or token.key in {"platz", "rang", "position", "sieg", "race"} for token in behind)


def _is_one_seat(group: Group) -> bool:
    return any(part.kind in (Kind.TEAM, Kind.MAKE, Kind.MODEL, None) for part in group.parts) and not group.is_plural


def _sharing(page: Page, sentence: Sentence, listed: Listed) -> Subject | None:
    """`Duval, sharing the No. 8 with A and B`; `Co-drivers A and B`; `das er sich mit A teilte`."""
    tokens = page.cut.tokens
    before = {token.key for token in tokens[max(sentence.first, listed.first - 9) : listed.first]}
    after = {token.key for token in tokens[listed.last : min(sentence.last, listed.last + 3)]}
    is_co = listed.first - 1 >= sentence.first and tokens[listed.first - 1].key == "drivers" and "co" in before
    if not (is_co or (before & _SHARING and {"with", "mit"} & before) or ("mit" in before and after & _SHARING)):
        return None
    if not is_co and is_no_car_shared(page, sentence, listed.first):
        return None
    earlier = [group for group in page.groups(sentence) if group.last <= listed.first and group.car]
    if earlier:
        return page.as_subject(earlier[-1], 2)
    topic = page.topics[sentence.number]
    return Subject((topic,), 1) if topic else NOBODY
