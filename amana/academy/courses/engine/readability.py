"""Compute how many years of school a text requires.

Flesch–Kincaid grade level: Kincaid, Fishburne, Rogers and Chissom, *Derivation of new
readability formulas for Navy enlisted personnel* (1975). For English only. Syllables
are counted by groups of vowels, which is right to within a few in a hundred and needs
no dictionary; the libraries that have one bring a corpus of tens of megabytes.
"""

import re
from collections.abc import Iterable

WORD = re.compile(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*")
SENTENCE = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+|\n+")
VOWELS = re.compile(r"[aeiouy]+")


def compute_grade(passages: Iterable[str]) -> float:
    """Compute the grade of all passages together; 0 where there is nothing to read."""
    sentences, words, syllables = 0, 0, 0
    for passage in passages:
        for sentence in SENTENCE.split(passage):
            found = WORD.findall(sentence)
            if found:
                sentences += 1
                words += len(found)
                syllables += sum(map(count_syllables, found))
    if not words:
        return 0.0
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def count_syllables(word: str) -> int:
    word = word.lower()
    count = len(VOWELS.findall(word))
    silent = word.endswith(("e", "es", "ed")) and not word.endswith(
        ("le", "les", "ted", "ded", "ses", "ces", "ges", "zes", "ches", "shes")
    )
    return max(1, count - silent)
