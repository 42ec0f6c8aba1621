"""Words in the form in which they are compared: without accents and vowel signs, Arabic
letters that people write in several ways unified, and endings cut off (Snowball)."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

import snowballstemmer

from amana.language_folders import load_languages

WORD = re.compile(r"[^\W_]+")
ONE_LETTER = str.maketrans({"ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ء": "", "ـ": ""})
ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’]")


def normalise_text(text: str) -> str:
    """Normalise a text: small letters, without marks above and below."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    # After decomposing, accents and vowel signs are signs of their own and can be left
    # out.
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return bare.translate(ONE_LETTER)


@cache
def list_common_words(language: str) -> frozenset[str]:
    page = load_languages().get(language)
    return frozenset(normalise_text(page.common_words).split() if page else ())


def extract_words(text: str, language: str) -> list[str]:
    """Extract the words of a text for comparing: all but the commonest, without
    endings."""
    # Elisions first: l’aide has to match aide, and the letter alone is no word.
    found = WORD.findall(ELIDED.sub(" ", normalise_text(text)))
    return [
        stem_word(word, language)
        for word in found
        if word not in list_common_words(language)
    ]


@lru_cache(maxsize=50_000)
def stem_word(word: str, language: str) -> str:
    """Cut a word to its stem."""
    # Cached, because the stemmer is pure Python and texts use the same words again and
    # again.
    return load_stemmer(language)(word)


@cache
def load_stemmer(language: str) -> Callable[[str], str]:
    """Load Snowball's stemmer; where a language has none, what leaves words whole."""
    page = load_languages().get(language)
    if page is None or not page.stemmer:
        return str
    stem: Callable[[str], str] = snowballstemmer.stemmer(page.stemmer).stemWord
    return stem
