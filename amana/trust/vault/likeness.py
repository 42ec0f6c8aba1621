"""How alike two descriptions of people are, across scripts and spellings. Pure.

The same name is written in many ways: محمد is Mohammed, Muhamad, Mehmed, Maxamed. What
the ways have in common is the order of their consonants, the *skeleton*; letters that
are read differently in different countries give a word two skeletons or three. Parts
of a name may come in any order, with or without their articles.

Nothing here decides that two people are one. It finds whom to look at, and says which
fields agree; a person compares, and asks.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise, product
from typing import Any

from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

# --- the skeleton of a name

VARIANTS: dict[str, tuple[str, ...]] = {
    "tch": ("s",),
    "sch": ("s",),
    "dj": ("g",),
    "kh": ("h", "k"),
    "gh": ("g",),
    "sh": ("s",),
    "zh": ("s", "g"),
    "ch": ("s", "h"),
    "th": ("t", "s"),
    "dh": ("d", "s"),
    "ph": ("f",),
    "ts": ("s", "ts"),
    "ck": ("k",),
    "j": ("g", ""),
    "q": ("k", "g"),
    "c": ("k", ""),
    "x": ("h", "ks"),
    "z": ("s",),
    "v": ("f", "b", ""),
    "p": ("b", "f"),
    "w": ("",),
    "y": ("",),
}
"""How letters are read, in Latin letters or once brought into them. `x` and `c` are
Somali ح and ع as well; ذ ض ظ are heard as d or z, ث as t or s; ق as k or g."""

LETTERS = re.compile("|".join([*VARIANTS, "[a-z]"]))
MOST_SKELETONS = 4

PARTICLES = frozenset(
    """al el ul il as ar ad ed an at az bin ibn ben bint bent ould wuld mint mc mac
    de da do del della di du la le van von der den ter the""".split()  # noqa: SIM905
)
ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u06d6-\u06ed]")
SERVANT = re.compile(
    r"^(?:abd|ebd)[aeiou]*(?:l|r(?=r)|s(?=s)|n(?=n)|t(?=t)|d(?=d)|z(?=z))?(?=[a-z]{2})"
)
"""Abdul-, Abdel-, Abder-, Abdi-: one name with what follows, whatever the article."""
DIVIDERS = re.compile(r"[\s\-_.,;/·'’`ʿʾ‘]+")


def split_name(name: str) -> list[str]:
    """Split a name into its parts, in Latin letters, without titles' and articles'
    noise.
    """
    text = unicodedata.normalize("NFKC", name)
    # Before the letters are Latin: “Abd al-” is one name with what follows, and ض
    # becomes dh, because it is heard as d or as z.
    text = ARABIC_MARKS.sub("", text).replace("عبد ال", "عبدال").replace("ض", "dh")
    words = []
    for part in DIVIDERS.split(text):
        if part.startswith("ال") and len(part) > 3:
            part = part[2:]
        elif part.startswith("عبدال") and len(part) > 6:
            part = "عبد" + part[5:]
        latin = re.sub("[^a-z]", "", anyascii(part).lower())
        if latin and latin not in PARTICLES:
            words.append(latin)
    return list(join_servant_names(words))


def join_servant_names(words: Iterable[str]) -> Iterator[str]:
    """Join `abdul` `rahman` into one part; so also `abd` `rahman` without its
    article.
    """
    before = ""
    for word in words:
        if re.fullmatch("(?:abd|ebd|bd)(?:[aeiou]*[lrsntdz]?)", word) and not before:
            before = word
            continue
        yield ("abd" + word if before else word)
        before = ""
    if before:
        yield before


def list_skeletons(word: str) -> tuple[str, ...]:
    """List the orders of consonants that one Latin word may have; the first is likely.

    A word of vowels alone becomes its first letter.
    """
    plain = re.sub(r"([^aeiou])\1+", r"\1", SERVANT.sub("bd", word))
    heard = [
        VARIANTS.get(sound, ("" if sound in "aeiou" else sound,))
        for sound in LETTERS.findall(plain)
    ]
    found: dict[str, None] = {}
    for letters in product(*heard):
        bones = "".join(letters)
        bones = bones[:1] + bones[1:].replace("h", "")  # an h within comes and goes
        found[bones or word[0]] = None
        # Each letter with two readings doubles them: a long name would have hundreds.
        if len(found) == MOST_SKELETONS:
            break
    return tuple(found)


class SkeletonCache(dict[str, frozenset[str]]):
    """The skeletons of the words of one comparison, each worked out once. It ends with
    the comparison: a cache would keep people's names in a server that is locked."""

    def __missing__(self, word: str) -> frozenset[str]:
        self[word] = bones = frozenset(list_skeletons(word))
        return bones


def soften(bones: str) -> str:
    """Soften hard consonants, which removes one difference: Ahmed and Ahmet, Fatma and
    Fadma.
    """
    return bones.translate(SOFT)


SOFT = str.maketrans("tkp", "dgb")


def list_name_parts(card: Mapping[str, Any]) -> list[str]:
    """List all parts of all names on a card."""
    names = [card.get("name"), card.get("other_names")]
    return [word for name in names if name for word in split_name(str(name))]


# --- what else tells people apart


def extract_digits(text: object) -> str:
    return "".join(c for c in anyascii(str(text or "")) if c.isdigit())


def get_phone_key(card: Mapping[str, Any]) -> str:
    """Get the last eight digits of a telephone number: with or without the country's
    code.
    """
    number = extract_digits(card.get("phone"))
    # Fewer digits would be shared by chance.
    return number[-8:] if len(number) >= 6 else ""


def parse_birth(card: Mapping[str, Any]) -> tuple[int, int, int] | None:
    """Parse year, month and day of birth; 0 for what isn't known."""
    found = re.findall(r"\d+", anyascii(str(card.get("birth_date") or "")))
    years = [int(n) for n in found if len(n) == 4]
    if not years:
        return None
    others = [int(n) for n in found if len(n) < 4]
    month, day = (*others, 0, 0)[:2]
    return years[0], month, day


def normalise_codes(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value.casefold()}) if value else frozenset()
    return frozenset(str(code).casefold() for code in value or ())


# --- a line of keys, by which a card is found without being read


BESIDE = "|"


def build_line(card: Mapping[str, Any]) -> str:
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


# --- searching by a few words

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


# --- is she known to us already?

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
    at: int, person: Mapping[str, Any], other: Mapping[str, Any], heard: SkeletonCache
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


def have_both(field: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    return bool(a.get(field)) and bool(b.get(field))


def compare_names(
    a: Mapping[str, Any], b: Mapping[str, Any], heard: SkeletonCache
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


def compare_phones(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, float]:
    same = get_phone_key(a) and get_phone_key(a) == get_phone_key(b)
    return "phone", AGREE["phone"] if same else 0.0


def compare_births(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, float]:
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


def compare_ages(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, float]:
    """Compare ages. An age is an estimate: a year more or less is the same."""
    ours, theirs = parse_age(a), parse_age(b)
    if ours is None or theirs is None:
        return "age", 0.0
    apart = abs(ours - theirs)
    if apart <= 1:
        return "age", AGREE["age"]
    return "age", -DIFFER["age"] if apart > 5 else 0.0


def parse_age(card: Mapping[str, Any]) -> int | None:
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
