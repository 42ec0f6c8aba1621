"""Whether two cards may be of one person."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from rapidfuzz.distance import JaroWinkler

from amana.trust.name_matching.card_lines import (
    ENOUGH,
    HARD_OR_SOFT,
    NEARLY,
    CardLines,
    list_skeleton_keys,
    score_cards,
)
from amana.trust.name_matching.name_skeletons import (
    SkeletonCache,
    extract_digits,
    get_phone_key,
    list_name_parts,
    normalise_codes,
    parse_birth,
    soften,
)

AGREE: dict[str, float] = {
    "name": 4,  # for each part of the name, up to three
    "phone": 9,
    "birth_date": 6,
    "birth_year": 3,
    "nationality": 1,
    "origin": 2,
    "age": 1.5,
    "place": 1,
    "companions": 1.5,
}


DIFFER: dict[str, float] = {"sex": 4, "nationality": 1, "birth_year": 4, "age": 3}
"""Log-odds in rough halves of a bit, in the order of what was measured on two invented
registers (Fellegi and Sunter's weights, by EM): a telephone number says most, then a
whole date of birth, then a second part of the name. 1 January says only the year."""


WORTH_A_LOOK = 9.0


HOURS_AGO = "hours_ago"
"""Of a card whose case was begun lately at the same desk: how long ago that was."""


MET_LATELY: tuple[tuple[float, float], ...] = ((24, 4.5), (72, 3), (168, 1.5))
"""Hours, and what it says that both were met at one desk within them. One first name
and an age are shared by many people in the world, and by few at one desk on one day:
with this they are worth a look, and a name without an age is not."""


LATELY = timedelta(hours=MET_LATELY[-1][0])


@dataclass(frozen=True)
class LikelyMatch:
    """Someone who may be the same person, and the fields that agree."""

    at: int
    score: float
    agrees: tuple[str, ...]


def find_candidates(
    person: Mapping[str, Any],
    lines: Sequence[str],
    *,
    lately: Collection[int] = (),
    at_most: int = 400,
) -> list[int]:
    """Find the cards worth comparing: two parts of the name, or one and the year, or
    one and met `lately` at the same desk, or the telephone number. Uses the keys alone.
    """
    all_lines = CardLines(lines)
    weight: dict[int, float] = defaultdict(float)
    for word in dict.fromkeys(list_name_parts(person)):
        keys = list_skeleton_keys(word, all_lines)
        for at, score in score_cards(keys, all_lines).items():
            weight[at] += score
    if birth := parse_birth(person):
        near_years = [f" y{year} " for year in range(birth[0] - 2, birth[0] + 3)]
        for at in weight:
            weight[at] += any(year in lines[at] for year in near_years)
    for at in weight.keys() & set(lately):
        weight[at] += 1
    if phone := get_phone_key(person):
        for at in all_lines.having(f"p{phone}"):
            weight[at] += 3
    # Two parts of a name, of which one may be a near miss, or one part and one more
    # sign.
    likely = [(at, w) for at, w in weight.items() if w >= 1.7]
    likely.sort(key=lambda item: (-item[1], item[0]))
    return [at for at, _w in likely[:at_most]]


def rank_likely(
    person: Mapping[str, Any], others: Iterable[tuple[int, Mapping[str, Any]]]
) -> list[LikelyMatch]:
    """Rank those of `others` who may be the same person, the likeliest first."""
    heard = SkeletonCache()
    likely = [score_likeness(at, person, other, heard) for at, other in others]
    worth = [candidate for candidate in likely if candidate.score >= WORTH_A_LOOK]
    return sorted(worth, key=lambda one: (-one.score, one.at))


def score_likeness(
    at: int,
    person: Mapping[str, object],
    other: Mapping[str, object],
    heard: SkeletonCache,
) -> LikelyMatch:
    score, agrees = 0.0, []
    for field, points in [
        compare_names(person, other, heard),
        compare_phones(person, other),
        compare_births(person, other),
        compare_codes("nationality", person, other),
        compare_codes("origin", person, other),
        compare_codes("sex", person, other),
        *compare_if_met_lately(person, other),
    ]:
        score += points
        if points > 0 or (
            field == "sex" and points == 0 and have_both(field, person, other)
        ):
            agrees.append(field)
    return LikelyMatch(at, score, tuple(agrees))


def have_both(field: str, a: Mapping[str, object], b: Mapping[str, object]) -> bool:
    return bool(a.get(field)) and bool(b.get(field))


def compare_names(
    a: Mapping[str, object], b: Mapping[str, object], heard: SkeletonCache
) -> tuple[str, float]:
    """Compare names by the parts that fit, each used once, in any order."""
    ours, theirs = list_name_parts(a), list_name_parts(b)
    left, points, parts = list(dict.fromkeys(theirs)), 0.0, 0
    for word in dict.fromkeys(ours):
        scored = [(compare_words(word, other, heard), other) for other in left]
        best, other = max(scored, default=(0.0, ""))
        if best >= ENOUGH and parts < 3:
            left.remove(other)
            parts += 1
            points += AGREE["name"] * best
    # No part fits by itself: one of the two may be written as one word.
    if not parts:
        joined_up = compare_words("".join(ours), "".join(theirs), heard)
        points = 2 * AGREE["name"] * joined_up if joined_up >= ENOUGH and ours else 0.0
    return "name", points


def compare_words(a: str, b: str, heard: SkeletonCache) -> float:
    """Compare one part of a name with another: 0 to 1."""
    if a == b or not a or not b:
        return 1.0 if a == b and a else 0.0
    ours, theirs = heard[a], heard[b]
    if same := ours & theirs:
        return 0.98 if max(map(len, same)) > 1 else 0.85
    if {soften(x) for x in ours if len(x) > 2} & {soften(x) for x in theirs}:
        return HARD_OR_SOFT
    pairs = [(a, b), *((x, y) for x in ours for y in theirs)]
    compare = JaroWinkler.normalized_similarity
    best = max((compare(x, y) for x, y in pairs if min(len(x), len(y)) > 2), default=0)
    return best * 0.95 if best >= NEARLY else 0.0


def compare_phones(
    a: Mapping[str, object], b: Mapping[str, object]
) -> tuple[str, float]:
    same = get_phone_key(a) and get_phone_key(a) == get_phone_key(b)
    return "phone", AGREE["phone"] if same else 0.0


def compare_births(
    a: Mapping[str, object], b: Mapping[str, object]
) -> tuple[str, float]:
    """Compare births: the whole date, day and month perhaps exchanged; the year; a year
    apart.
    """
    ours, theirs = parse_birth(a), parse_birth(b)
    if ours is None or theirs is None:
        return "birth_date", 0.0
    apart = abs(ours[0] - theirs[0])
    if apart > 2:
        return "birth_date", -DIFFER["birth_year"]
    # 1 January is what offices enter when only the year is known.
    whole = (
        sorted(ours[1:]) == sorted(theirs[1:]) and 0 not in ours and ours[1:] != (1, 1)
    )
    if apart == 0:
        return "birth_date", AGREE["birth_date"] if whole else AGREE["birth_year"]
    return "birth_date", 1.0


def compare_if_met_lately(
    a: Mapping[str, Any], b: Mapping[str, Any]
) -> Iterator[tuple[str, float]]:
    """Compare what tells two people apart who were met at one desk within days, and
    shows nothing of two met years apart: an age, where they are, who is with them.
    """
    hours = b.get(HOURS_AGO)
    if hours is None:
        return
    yield "met", next((points for most, points in MET_LATELY if hours <= most), 0.0)
    yield compare_ages(a, b)
    for field in ("place", "companions"):
        same = have_both(field, a, b) and a[field] == b[field]
        yield field, AGREE[field] if same else 0.0


def compare_ages(a: Mapping[str, object], b: Mapping[str, object]) -> tuple[str, float]:
    """Compare ages. An age is an estimate: a year more or less is the same."""
    ours, theirs = parse_age(a), parse_age(b)
    if ours is None or theirs is None:
        return "age", 0.0
    apart = abs(ours - theirs)
    if apart <= 1:
        return "age", AGREE["age"]
    return "age", -DIFFER["age"] if apart > 5 else 0.0


def parse_age(card: Mapping[str, object]) -> int | None:
    number = extract_digits(card.get("age"))
    return int(number) if 0 < len(number) <= 3 else None


def compute_trace(text: str) -> str:
    """Compute a mark that is the same for the same words, and doesn't reveal them."""
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return blake2b(words.encode(), digest_size=8, person=b"card").hexdigest()


def compare_codes(
    field: str, a: Mapping[str, Any], b: Mapping[str, Any]
) -> tuple[str, float]:
    ours, theirs = normalise_codes(a.get(field)), normalise_codes(b.get(field))
    if not ours or not theirs:
        return field, 0.0
    same = bool(ours & theirs)
    return field, AGREE.get(field, 0.0) if same else -DIFFER.get(field, 0.0)
