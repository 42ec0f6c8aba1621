"""Words in the form in which they are compared: without accents and vowel signs, Arabic
letters that people write in several ways unified, and endings cut off (Snowball)."""

import re
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

ALGORITHMS = {"en": "english", "fr": "french", "ar": "arabic"}
WORD = re.compile(r"[^\W_]+")
ONE_LETTER = str.maketrans({"ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ء": "", "ـ": ""})
ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’]")

COMMON = {
    "en": "a an and are as at be by can could do does for from have how i if in is it "
    "may me my of on or our should so some that the their them there they this to us "
    "want was we what when where which who whom will with would you your",
    "fr": "a ai au aux avec ce ces cette comment dans de des du elle en est et etre il "
    "ils je la le les leur lui ma mes mon ne nos notre nous on ou par pas peut peux "
    "pour puis quand que quel quelle quels qui quoi sa sans se ses si son sont sur ta "
    "te tu un une vos votre vous veux voudrais y",
    "ar": "في من على الى عن هل ما ماذا كيف متى اين هذا هذه ذلك التي الذي ان او لي انا "
    "اريد نحن هو هي كل مع قد لا لم لن كان يكون ثم اذا عند بعد قبل",
}


def normalise_text(text: str) -> str:
    """Normalise a text: small letters, without marks above and below."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    # After decomposing, accents and vowel signs are signs of their own and can be left
    # out.
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return bare.translate(ONE_LETTER)


@cache
def list_common_words(language: str) -> frozenset[str]:
    return frozenset(normalise_text(COMMON.get(language, "")).split())


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
    if language not in ALGORITHMS:
        return word
    cut: str = build_stemmer(language).stemWord(word)
    return cut


@cache
def build_stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(ALGORITHMS[language])
