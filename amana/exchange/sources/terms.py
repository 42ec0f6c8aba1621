"""Their words for kinds of help, groups, documents, and which codes of ours they stand
for. A coordinator decides once for a word, not for each service."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from amana.design.directory.codes import is_country
from amana.design.directory.taxonomy import (
    Accessibility,
    FeedbackMethod,
    LegalStatus,
    Modality,
    NextStep,
    PersonGroup,
    ReferralMethod,
    RequiredDocument,
    ServiceType,
    Sex,
)
from amana.exchange.rows import ServiceValues
from amana.exchange.sources.columns import MEANINGS, fold_heading
from amana.exchange.sources.mapping import (
    Codes,
    SourceMapping,
    Terms,
    build_unknown,
)
from amana.exchange.sources.source_tables import Cell, SourceFile, iterate_texts
from amana.names import LANGUAGES

LIKELY = 72
"""Of 100: how like a label of ours a word has to be, to suggest it."""
LONGEST_WORD = 200
LISTS = re.compile(r"[;|\n،؛]+|,(?=\s)")


class ServiceStatus(TextChoices):
    """As the directory has it; it is read where no model may be imported."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Not taking new people")
    ENDED = "ended", _("Ended")


class Within(TextChoices):
    """Whether it is only for people who live near it."""

    AREA = "area", _("Only people of its area")
    REGION = "region", _("Only people of the region around it")


class Answer(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


VOCABULARIES: Mapping[str, type[TextChoices] | None] = {
    "types": ServiceType,
    "status": ServiceStatus,
    "modalities": Modality,
    "sexes": Sex,
    "groups": PersonGroup,
    "statuses": LegalStatus,
    "nationalities": None,
    "not_nationalities": None,
    "documents": RequiredDocument,
    "accessibility": Accessibility,
    "referral_method": ReferralMethod,
    "accepts_referrals": Answer,
    "next_step": NextStep,
    "feedback": FeedbackMethod,
    "within": Within,
}
"""By the field of a service: the codes that it may have. None: countries."""
SINGLE = frozenset(
    {
        "status",
        "referral_method",
        "accepts_referrals",
        "next_step",
        "feedback",
        "within",
    }
)
"""Fields with one code."""
ANSWERED = frozenset(
    {"accepts_referrals", "own_assessment", "needs_police", "needs_identified"}
)
"""Fields that are yes or no."""
SYNONYMS: Mapping[str, Mapping[str, Codes]] = {
    "status": {
        "active": ("active",),
        "open": ("active",),
        "yes": ("active",),
        "true": ("active",),
        "ouvert": ("active",),
        "مفتوح": ("active",),
        "inactive": ("paused",),
        "temporarily closed": ("paused",),
        "no": ("paused",),
        "false": ("paused",),
        "defunct": ("ended",),
        "closed": ("ended",),
        "ferme": ("ended",),
        "مغلق": ("ended",),
    },
    "accepts_referrals": {"true": ("yes",), "false": ("no",)},
}
"""Words of standards that leave nothing to decide."""


def list_words(cell: Cell) -> list[str]:
    """List the words of a cell: each value of a list, or the parts of a text. A text of
    many sentences is no word."""
    texts = iterate_texts(cell) if isinstance(cell, list) else LISTS.split(cell)
    words = (" ".join(text.split()) for text in texts)
    return [word for word in words if 0 < len(word) <= LONGEST_WORD]


def convert_terms(
    name: str, words: Iterable[str], terms: Terms
) -> tuple[ServiceValues, list[str]]:
    """Convert their words for a field into codes of ours; return the words, too, of
    which it is not decided what they mean. A code of another field bears its name:
    “women's shelter” is a kind of help, and `sexes:female`."""
    # What a person decided comes before what is plain: “Shelter” may mean a bus stop.
    decided = terms.get(name, {})
    codes: dict[str, list[str]] = {}
    open_words = []
    for word in dict.fromkeys(words):
        known = decided.get(word, find_plain(name, word))
        if known is None:
            open_words.append(word)
        for code in known or ():
            of, colon, rest = code.partition(":")
            codes.setdefault(of if colon else name, []).append(rest if colon else code)
    return {of: settle_codes(of, held) for of, held in codes.items()}, open_words


def settle_codes(name: str, codes: list[str]) -> object:
    if name in ANSWERED:
        return codes[-1] == Answer.YES
    return codes[-1] if name in SINGLE else sorted({*codes})


def find_plain(name: str, word: str) -> Codes | None:
    """Find what a word plainly means: a code, a label of ours in any language, a word
    of a standard. None if that is for a person to decide."""
    folded = fold_heading(word)
    if folded in SYNONYMS.get(name, {}):
        return SYNONYMS[name][folded]
    code = label_codes(name).get(folded)
    return (code,) if code else None


@cache
def label_codes(name: str) -> dict[str, str]:
    """Return the codes of a field by their labels in all languages, folded."""
    found: dict[str, str] = {}
    vocabulary = VOCABULARIES[name]
    for language in LANGUAGES:
        if vocabulary is None:
            territories = Locale(language).territories
            labels = [
                (code, label) for code, label in territories.items() if is_country(code)
            ]
        else:
            with translation.override(language):
                labels = [(str(code), str(label)) for code, label in vocabulary.choices]
        for code, label in labels:
            found.setdefault(fold_heading(label), code)
            found.setdefault(fold_heading(code), code)
    return found


def require_known_codes(mapping: SourceMapping) -> None:
    """Check that a mapping that came as a file decides on codes of ours alone. Raises
    `Unreadable` with the first other one."""
    decided = [
        (name, code)
        for name, words in mapping.terms.items()
        for codes in words.values()
        for code in codes
    ]
    for name, code in [*decided, *(("types", kind) for kind in mapping.kinds_by_words)]:
        of, colon, rest = code.partition(":")
        field, value = (of, rest) if colon else (name, code)
        if not is_known(field, value):
            raise build_unknown(code)


def is_known(field: str, code: str) -> bool:
    if field in ANSWERED:
        return code in Answer.values
    if field not in VOCABULARIES:
        return False
    vocabulary = VOCABULARIES[field]
    return code in vocabulary.values if vocabulary else is_country(code)


def suggest_codes(name: str, word: str) -> Codes:
    """Suggest what a word may mean, for a person to confirm; nothing if it is like no
    label."""
    plain = find_plain(name, word)
    if plain is not None:
        return plain
    labels = label_codes(name)
    best = process.extractOne(
        fold_heading(word),
        labels.keys(),
        scorer=fuzz.token_set_ratio,
        score_cutoff=LIKELY,
    )
    return (labels[best[0]],) if best else ()


# -- what is to be decided -------------------------------------------------------------


@dataclass(frozen=True)
class FoundTerm:
    """A word of theirs, how often it stands in the file, and what it may mean."""

    field: str
    word: str
    times: int
    decided: Codes | None

    @property
    def suggested(self) -> Codes:
        """What it may mean; found out only for the words that a page shows."""
        return suggest_codes(self.field, self.word)

    @property
    def shown(self) -> Codes:
        """The codes that its form shows first."""
        return self.suggested if self.decided is None else self.decided


def find_terms(file: SourceFile, mapping: SourceMapping) -> list[FoundTerm]:
    """Find the words that a person has to decide on, the most frequent first; without
    those that plainly mean a code of ours."""
    found: list[FoundTerm] = []
    for name, meanings in CODED.items():
        decided = mapping.terms.get(name, {})
        words = count_words(file, mapping, meanings)
        found += [
            FoundTerm(name, word, times, decided.get(word))
            for word, times in words.most_common()
            if word in decided or find_plain(name, word) is None
        ]
    return found


def count_words(
    file: SourceFile, mapping: SourceMapping, meanings: Iterable[str]
) -> Counter[str]:
    return Counter(
        word
        for table in file.tables
        for meaning in meanings
        for column in mapping.find_columns(table.name, meaning)
        for cell in table.iterate_values(column)
        for word in dict.fromkeys(list_words(cell))
    )


CODED: Mapping[str, tuple[str, ...]] = {
    meaning.codes: (meaning.code, *(("term.name",) if meaning.codes == "types" else ()))
    for meaning in MEANINGS.values()
    if meaning.codes
}
"""By the field that codes fill: what says it. The terms of a taxonomy are kinds of
help."""


def list_choices(name: str) -> list[tuple[str, str | Promise]]:
    """List the codes of a field, each with its label in the reader's language."""
    vocabulary = VOCABULARIES[name]
    if vocabulary is not None:
        return [(str(code), label) for code, label in vocabulary.choices]
    locale = Locale.parse(translation.get_language() or "en", sep="-")
    named = (
        (code, label) for code, label in locale.territories.items() if is_country(code)
    )
    return sorted(named, key=lambda each: each[1])
