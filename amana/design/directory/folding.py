"""Words in the form in which a search compares them, however they were typed.

Folded are: capitals, accents and vowel signs; Arabic letters that people write in
several ways (أ إ آ ا, ى ي, ة ه, Persian ک ی) and the Arabic article; American and
British spelling; digits of any script. Endings are cut by the stemmers of the languages
of the pages. Texts and what is searched in them pass the same way, so that a fold that
makes no sense in one language does no harm there."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

import snowballstemmer

from amana.language_folders import load_languages

SIGNS = re.compile(r"[^\W_]+")
ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’]")
LETTERS = str.maketrans(
    {
        **{"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه"},
        **{"ء": "", "ـ": "", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"},
        "ı": "i",
    }
)
ARABIC = re.compile("[\u0600-\u06ff]")
ARTICLE = re.compile("^(?:[وفبك]?ال|لل)(?=..)")
"""With what is written before it: والطبيب, بالطبيب, للطبيب."""
SPELLINGS = [
    (re.compile(r"(?<=..)is(?=(?:e[drs]?|ers?|ing|ations?)$)"), "iz"),
    (re.compile(r"(?<=[bcdfglmnptv])our(?=s?$|e|ing|able|hood|ly)"), "or"),
    (re.compile(r"(?<=[bt])re(?=s?$)"), "er"),
    (re.compile(r"ll(?=(?:ing|ed|ers?|ors?)$)"), "l"),
    (re.compile(r"[ao]e"), "e"),
    (re.compile(r"amme(?=s?$)"), "am"),
    (re.compile(r"(?<=en)c(?=es?$)"), "s"),
]
"""Organise, labour, centre, counselling, paediatric, programme, licence."""
IRREGULAR = {"women": "woman", "men": "man", "children": "child", "yeux": "oeil"}
LEAST = 4
"""Letters that a stem has to have: what is shorter begins too many words."""


def fold_text(text: str) -> str:
    """Fold a text: its words with one space before and after each."""
    # Elisions first: l’aide has to match aide, and the letter alone is no word.
    words = SIGNS.findall(ELIDED.sub(" ", fold_letters(text)))
    return f" {' '.join(map(fold_word, words))} "


def fold_letters(text: str) -> str:
    # After decomposing, accents and vowel signs are signs of their own.
    apart = unicodedata.normalize("NFKD", text.casefold())
    return apart.translate(LETTERS if apart.isascii() else build_letters())


@cache
def build_letters() -> dict[int, str]:
    """Build what stands for each letter that is folded; without the signs above and
    below others, and with the digits of all scripts."""
    # One table, in C: descriptions of a whole directory pass through it.
    signs = map(chr, range(0x10000))
    marks = {ord(sign): "" for sign in signs if unicodedata.combining(sign)}
    digits = {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(0x80, 0x10000)
        if chr(code).isdecimal()
    }
    return marks | digits | LETTERS


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """Fold a word whose letters are folded already."""
    if ARABIC.search(word):
        return ARTICLE.sub("", word)
    for spelled, otherwise in SPELLINGS:
        word = spelled.sub(otherwise, word)
    return IRREGULAR.get(word, word)


def list_variants(text: str) -> list[tuple[str, ...]]:
    """List, for each word that is searched, what in a folded text stands for it. Words
    such as “the” and “pour” are left out, unless there are no others."""
    words = fold_text(text).split()
    telling = [word for word in words if word not in list_common_words()]
    return [build_variants(word) for word in dict.fromkeys(telling or words)]


def match_variants(variants: Iterable[tuple[str, ...]], folded: str) -> bool:
    """Check whether each of the words is in a folded text."""
    return all(any(part in folded for part in parts) for parts in variants)


@lru_cache(maxsize=10_000)
def build_variants(word: str) -> tuple[str, ...]:
    if len(word) < LEAST:
        # “man” is in “management”, and “art” in “partners”.
        return (f" {word} ", f" {word}s ")
    found = [word]
    for stem in load_stemmers(is_arabic=bool(ARABIC.search(word))):
        cut = stem(word)
        # “families” becomes “famili”, and begins as “family” does before the i.
        cut = cut.removesuffix("i")
        if cut != word and (len(cut) >= LEAST or word.endswith("ies")):
            found.append(f" {cut}")
    if word.endswith(("s", "x")) and len(word) > LEAST:
        found.append(f" {word[:-1]}")
    return tuple(dict.fromkeys(found))


@cache
def list_common_words() -> frozenset[str]:
    return frozenset(
        word
        for page in load_languages().values()
        for word in fold_text(page.common_words).split()
    )


@cache
def load_stemmers(*, is_arabic: bool) -> tuple[Callable[[str], str], ...]:
    return tuple(
        snowballstemmer.stemmer(page.stemmer).stemWord
        for page in load_languages().values()
        if page.stemmer and (page.code == "ar") == is_arabic
    )
