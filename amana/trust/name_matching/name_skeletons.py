"""The skeleton of a name, and other keys: digits, birth, codes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from anyascii import anyascii

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


def list_name_parts(card: Mapping[str, object]) -> list[str]:
    """List all parts of all names on a card."""
    names = [card.get("name"), card.get("other_names")]
    return [word for name in names if name for word in split_name(str(name))]


def extract_digits(text: object) -> str:
    return "".join(c for c in anyascii(str(text or "")) if c.isdigit())


def get_phone_key(card: Mapping[str, object]) -> str:
    """Get the last eight digits of a telephone number: with or without the country's
    code.
    """
    number = extract_digits(card.get("phone"))
    # Fewer digits would be shared by chance.
    return number[-8:] if len(number) >= 6 else ""


def parse_birth(card: Mapping[str, object]) -> tuple[int, int, int] | None:
    """Parse year, month and day of birth; 0 for what isn't known."""
    found = re.findall(r"\d+", anyascii(str(card.get("birth_date") or "")))
    years = [int(n) for n in found if len(n) == 4]
    if not years:
        return None
    others = [int(n) for n in found if len(n) < 4]
    month, day = (*others, 0, 0)[:2]
    return years[0], month, day


def normalise_codes(value: Iterable[object] | None) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value.casefold()}) if value else frozenset()
    return frozenset(str(code).casefold() for code in value or ())
