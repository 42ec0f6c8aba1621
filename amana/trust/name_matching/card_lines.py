"""A line of keys for each card, and searching in lines."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from amana.trust.name_matching.name_skeletons import (
    extract_digits,
    get_phone_key,
    list_name_parts,
    list_skeletons,
    parse_birth,
    soften,
    split_name,
)

BESIDE = "|"


def build_line(card: Mapping[str, object]) -> str:
    """Build a card's keys: `s` skeleton, `j` two parts joined, `w` word; and after them
    `p` phone, `y` year, `r` reference.
    """
    words = list_name_parts(card)
    keys = {f"s{bones}" for word in words for bones in list_skeletons(word)}
    keys |= {f"w{word}" for word in words}
    # Parts that some write together: Nour Eddine, Noureddine.
    keys |= {f"j{list_skeletons(a + b)[0]}" for a, b in pairwise(words)}
    numbers = []
    if phone := get_phone_key(card):
        numbers.append(f"p{phone}")
    if birth := parse_birth(card):
        numbers.append(f"y{birth[0]}")
    if reference := card.get("reference"):
        numbers.append(f"r{normalise_reference(reference)}")
    return f" {' '.join(sorted(keys))} {BESIDE} {' '.join(numbers)} "


def normalise_reference(reference: object) -> str:
    """Normalise a reference as people read it out: no signs between, O is 0, I and L
    are 1.
    """
    text = re.sub("[^0-9A-Z]", "", anyascii(str(reference)).upper())
    return text.translate(str.maketrans("OIL", "011"))


class CardLines:
    """Many cards' lines. Looking through them as text is faster than any index that
    would have to be made first."""

    places: Collection[int]
    """Of the cards that are looked through: those that fit what was asked before."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.places = range(len(lines))

    def having(self, key: str) -> list[int]:
        whole = f" {key} "
        return [at for at in self.places if whole in self.lines[at]]

    def having_part(self, kind: str, part: str) -> list[int]:
        """List the places of cards with a key of this kind that contains `part`."""
        lines = self.lines
        return [
            at
            for at in self.places
            # The plain test of the whole line first: it rules out nearly all of them
            # quickly.
            if part in lines[at]
            and any(key[0] == kind and part in key[1:] for key in lines[at].split())
        ]

    @cached_property
    def names(self) -> list[str]:
        """The keys of names alone."""
        return [line[: line.index(BESIDE)] for line in self.lines]

    @cached_property
    def kinds(self) -> dict[str, list[str]]:
        """Every different key of a name, by its kind."""
        found: dict[str, list[str]] = defaultdict(list)
        for key in set("".join(self.names).split()):
            found[key[0]].append(key[1:])
        return found

    @cached_property
    def coarse(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for bones in self.kinds["s"]:
            found[soften(bones)].append(bones)
        return found


SAME, HARD_OR_SOFT, NEARLY = 1.0, 0.92, 0.9


ENOUGH = 0.8


def rank_matches(text: str, lines: Sequence[str]) -> list[int]:
    """Rank the places of the cards that fit every part of `text`, the best first."""
    scores: dict[int, float] = {}
    left = CardLines(lines)
    for scored in score_each_part(text, left):
        scores = {at: scores.get(at, 0) + score for at, score in scored.items()}
        # Each part is compared only with the cards that fit the parts before it.
        left.places = scores
    return sorted(scores, key=lambda at: (-scores[at], at))


def score_each_part(text: str, lines: CardLines) -> Iterator[dict[int, float]]:
    """Yield, for each part of what was typed, the cards that have it, and how well."""
    for part in NUMBER_APART.sub("", text).split()[:MOST_PARTS]:
        if any(c.isdigit() for c in anyascii(part)):
            yield match_number(part, lines)
    words = split_name(re.sub(r"\S*\d\S*", " ", text))[:MOST_PARTS]
    for at, word in enumerate(words):
        beside = [
            "".join(words[i : i + 2]) for i in (at - 1, at) if 0 <= i < len(words) - 1
        ]
        yield match_word(word, lines, beside)


MOST_PARTS = 8


NUMBER_APART = re.compile(r"(?<!\b19\d\d)(?<!\b20\d\d)(?<=\d)[ \-]+(?=\d)")
"""Between groups of one telephone number; a year stands for itself."""


def match_number(part: str, lines: CardLines) -> dict[int, float]:
    """Match a year, some of a telephone number, or the beginning of a reference."""
    number, reference = extract_digits(part), normalise_reference(part)
    found = lines.having(f"y{number}") if len(number) == 4 else []
    if len(number) >= 4:
        found += lines.having_part("p", number[-8:])
    if len(reference) >= 4:
        found += lines.having_part("r", reference)
    return dict.fromkeys(found, SAME)


def match_word(
    word: str, lines: CardLines, beside: Iterable[str] = ()
) -> dict[int, float]:
    """Match a name, or its beginning, in any script and spelling; or a reference.

    `beside`: the word together with a neighbour, which others write as one.
    """
    keys = list_skeleton_keys(word, lines)
    keys |= {
        f"s{bones}": HARD_OR_SOFT for pair in beside for bones in list_skeletons(pair)
    }
    for whole in lines.kinds["w"]:
        if whole.startswith(word):
            # Above an equal skeleton: a person who types a name as the card has it
            # comes first.
            keys[f"w{whole}"] = 1.2 if whole == word else 1.05
    if len(word) > 3:
        keys |= {
            f"w{whole}": score
            for whole, score in iterate_similar_texts(word, lines.kinds["w"])
        }
    scores = score_cards(keys, lines)
    reference = normalise_reference(word)
    if len(reference) >= 4:
        scores |= dict.fromkeys(lines.having_part("r", reference), SAME)
    return scores


def score_cards(keys: Mapping[str, float], lines: CardLines) -> dict[int, float]:
    """Score the cards whose names have one of the keys, each by its best one."""
    wanted = frozenset(keys)
    scores: dict[int, float] = {}
    for at in lines.places:
        if found := wanted.intersection(lines.names[at].split()):
            scores[at] = max(keys[key] for key in found)
    return scores


def list_skeleton_keys(word: str, lines: CardLines) -> dict[str, float]:
    """List the keys that may be this word's; it may be two parts written together."""
    bones = score_skeletons(word, lines)
    keys = {f"s{key}": score for key, score in bones.items()}
    return keys | {f"j{key}": HARD_OR_SOFT for key in list_skeletons(word)}


def score_skeletons(word: str, lines: CardLines) -> dict[str, float]:
    """Score the skeletons that may be this word's by how likely they are."""
    found: dict[str, float] = {}
    for at, bones in enumerate(list_skeletons(word)):
        # One consonant is shared by too many names to count as the same.
        exact = SAME if len(bones) > 1 else HARD_OR_SOFT
        for key, score in [(bones, exact), *iterate_similar_skeletons(bones, lines)]:
            found[key] = max(score - 0.02 * at, found.get(key, 0))
    return found


def iterate_similar_skeletons(
    bones: str, lines: CardLines
) -> Iterator[tuple[str, float]]:
    """Yield skeletons that differ by a slip; the shortest have no room for one."""
    if len(bones) < 3:
        return
    for key in lines.coarse.get(soften(bones), ()):
        if key != bones:
            yield key, HARD_OR_SOFT
    yield from iterate_similar_texts(bones, lines.kinds["s"])


def iterate_similar_texts(
    text: str, known: Sequence[str]
) -> Iterator[tuple[str, float]]:
    found = process.extract(
        text,
        known,
        scorer=JaroWinkler.normalized_similarity,
        score_cutoff=NEARLY,
        limit=None,
    )
    yield from ((key, score) for key, score, _at in found if score < 1)
