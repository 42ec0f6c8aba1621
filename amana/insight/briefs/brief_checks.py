"""What keeps a brief from being published, and what another person has to check.

Sure: a way to reach a person, a person who is named or recognisable by several traits,
a figure that can't be shown, something that is still to be written. Unsure: a word that
may be a name, a person with one trait, a small number, a number of people that was
typed; then a second person looks. It can't find everything, and says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.design.directory.identifying_details import (
    CALLED,
    CONTACT,
    NUMBER,
    IdentifierKind,
    find_traces,
)
from amana.insight.briefs.small_numbers import (
    has_count_of_people,
    has_people,
    has_small_number,
)

OPEN = "[…]"
"""Marks where a draft can't know what is to be written."""


SENTENCE = re.compile(r"(?<=[.!?؟])\s+|\n+")


@dataclass(frozen=True)
class TextFinding:
    words: str | Promise
    sentence: str
    sure: bool = True


# --- a person who can be recognised

SINGLE_PERSON = re.compile(
    r"\b(?:an?|one|the|this|that)\s+(?:\S+\s+){0,3}?"
    r"(?:person|victim|survivor|woman|man|girl|boy|child|migrant|mother|father|patient|"
    r"teenager|refugee)\b|\b(?:she|he|her|his)\b|"
    r"\b(?:une?|cette|cet|ce|la|le|l’)\s*(?:\S+\s+){0,2}?"
    r"(?:personne|victime|survivante?|femme|homme|fille|garçon|enfant|migrante?|mère|"
    r"père|patiente?)\b|\b(?:elle|il)\s+(?:a|est|était|avait)\b|"
    r"(?<!\w)(?:فتاة|امرأة|رجل|طفلة|طفل|شابة|شاب|ناجية|ضحية|شخص)(?!\w)",
    re.IGNORECASE,
)
AGE = re.compile(
    # An age, and not a range of ages, which is of a group: “aged 12 to 17”.
    r"\b\d{1,2}[- ]years?[- ]old\b|\baged\s+\d{1,2}\b(?!\s*(?:to|[–-])\s*\d)|"
    r"\bâgée?\s+de\s+\d{1,2}\b|\b(?:de|à)\s+\d{1,2}\s+ans\b|"
    r"عمر(?:ها|ه)\s+\S+|تبلغ\s+من\s+العمر|يبلغ\s+من\s+العمر",
    re.IGNORECASE,
)
FROM = re.compile(
    r"\b(?:from|born in|originaire d[eu’]\s?|née? (?:à|en|au))\s*[A-ZÀ-Þ]\w+|"
    r"(?<!\w)من\s+مواليد"
)
KIN = re.compile(
    r"\b(?:mother|father)\s+of\s+\w+|\bpregnant\b|\b(?:mère|père)\s+de\s+\w+|\benceinte\b|"
    r"\b(?:her|his|their)\s+(?:mother|father|son|parents)\b|"
    r"\b(?:uncle|aunt|brother|sister|husband|wife|cousin|nephew|niece|daughter|fiancé)s?\b|"
    r"\b(?:oncle|tante|frère|s(?:œ|oe)ur|mari|épouse|époux|cousine?|neveu|nièce)s?\b|"
    r"\bs(?:on|a)\s+(?:mère|père|fille|fils)\b|"
    r"(?<!\w)(?:حامل|أم\s+ل\w+|(?:عم|عمت|خال|خالت|زوج|زوجت|أخت|أخو|أخا|أخي|شقيق|شقيقت|"
    r"والد|والدت|ابن|ابنت)(?:ها|ه))(?!\w)",
    re.IGNORECASE,
)
# Capitals in the names of offices: without these words each ministry would be taken for
# a person, and need a second reader.
OFFICE_WORDS = (
    "Ministry Ministries Minister Ministers Prime President Affairs Foreign Education "
    "Women Children Police Border Migration Treasury Parliament Government Cabinet "
    "Council State States Ministres Affaires Santé Intérieur Sociales "
    "Committee Commission Office Agency Authority Centre Court Convention Protocol Act "
    "Law Fund Plan Programme Budget National Union United Nations European Article "
    "Option GRETA IOM UNHCR UNODC OSCE ODIHR Ministère Ministre Parlement Gouvernement "
    "Conseil État Commission Bureau Agence Convention Protocole Loi Fonds Plan Budget "
    "Nations Unies Article Finance Finances Health Interior Justice Labour Social"
)
OFFICES = frozenset(OFFICE_WORDS.split())


def check_for_person(
    sentence: str, places: Iterable[str], known: str
) -> TextFinding | None:
    """Check a sentence for a person who is named, or recognisable, or may be one."""
    if CALLED.search(sentence):
        return TextFinding(_("A person is named."), sentence)
    found = find_traces(sentence, places)
    traits = sum(bool(pattern.search(sentence)) for pattern in (AGE, FROM, KIN))
    traits += len(
        {trace.kind for trace in found} & {IdentifierKind.PLACE, IdentifierKind.DATE}
    )
    if SINGLE_PERSON.search(sentence) and traits:
        # One trait fits many people; two together show the village who it was.
        sure = traits > 1
        words = _("This is the story of one person.") if sure else MAY_TELL
        return TextFinding(words, sentence, sure)
    names = (trace.text for trace in found if trace.kind is IdentifierKind.NAME)
    if any(name not in known and not OFFICES & set(name.split()) for name in names):
        return TextFinding(_("This may contain a name."), sentence, sure=False)
    return None


# --- a number

FEW = _("A count of fewer than 11 people could identify them.")
REACHED = _("This contains a number or address that could lead to a person.")
TYPED = _(
    "This number of people was typed in and is in no release. Insert a "
    "figure by its name, or name the source of the number."
)
MAY_TELL = _("This may be the story of one person.")


def check_text(
    words: str,
    *,
    places: Iterable[str] = (),
    known: str = "",
    reachable: bool = False,
    may_be_empty: bool = False,
) -> Iterator[TextFinding]:
    """Check a text, sentence by sentence. `known` holds names that may be in it:
    organisations, areas. `reachable`: this is how an office is reached, so a number or
    an address is no finding, unless people are counted."""
    if OPEN in words or (not words.strip() and not may_be_empty):
        yield TextFinding(_("This is still to be written."), words[:80])
    for sentence in filter(None, map(str.strip, SENTENCE.split(words))):
        # An office is on floor 4; people who are counted there are looked at.
        if has_small_number(sentence) and (not reachable or has_people(sentence)):
            yield TextFinding(FEW, sentence, sure=False)
        elif has_count_of_people(sentence):
            yield TextFinding(TYPED, sentence, sure=False)
        if reachable:
            continue
        if CONTACT.search(sentence) or any(map(_reaches, NUMBER.findall(sentence))):
            yield TextFinding(REACHED, sentence)
        elif found := check_for_person(sentence, places, known):
            yield found


HARMLESS = re.compile(
    r"\d{1,3}(?: \d{3})+|(?:19|20)\d\d ?[/-] ?(?:(?:19|20)\d\d|\d{2})(?:-\d{2})?"
)
"""An amount of money, a span of years, a day."""


def _reaches(number: str) -> bool:
    """Ask whether it may be a telephone or a document, and not an amount or a span."""
    return not HARMLESS.fullmatch(number.strip())


# --- plain language

LONGEST, MEAN = 20, 14
"""Words of a sentence, at most and in the middle, that reads easily."""


def list_hard_sentences(words: str) -> list[str]:
    """List the sentences that are too long, or all of them where they are long
    throughout."""
    sentences = [sentence for sentence in SENTENCE.split(words) if sentence.strip()]
    # By length alone: measures that count syllables don't work for Arabic (ADR 28).
    lengths = [
        len(re.findall(r"[^\W\d]+(?:[’'-]\w+)*", sentence)) for sentence in sentences
    ]
    long = [
        sentence for sentence, n in zip(sentences, lengths, strict=True) if n > LONGEST
    ]
    if not long and lengths and sum(lengths) / len(lengths) > MEAN:
        return sentences
    return long
