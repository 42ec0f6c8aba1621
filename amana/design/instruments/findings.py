"""Signs, dimensions and flags, and what answers say of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from amana.design.pathway.conditions.condition import Condition, Constant
from amana.design.pathway.pathway_model import Text


class TraffickingElement(StrEnum):
    """The three elements of trafficking (UN Protocol 2000, Article 3)."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"


class SignStrength(StrEnum):
    """How much a sign says; the strongest first."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    PROTECTIVE = "protective"
    """Shown with the others, and counted for nothing."""


class Flag(StrEnum):
    """What may have happened, or may be needed; none excludes another."""

    TRAFFICKING = "trafficking"
    SMUGGLING = "smuggling"
    AGGRAVATED_SMUGGLING = "aggravated_smuggling"
    GBV = "gbv"
    ASYLUM = "asylum"
    LABOUR = "labour"
    CHILD = "child"
    HEALTH = "health"


class DimensionStatus(StrEnum):
    """How a dimension or an element stands."""

    FOUND = "found"
    """Enough signs."""
    SOME = "some"
    """Signs, but not enough."""
    OPEN = "open"
    """No sign, and not everything was asked and answered."""
    NONE = "none"
    """No sign, and everything was answered."""


class FlagStatus(StrEnum):
    """How a flag stands."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


class MissingReason(StrEnum):
    """Why an answer is missing."""

    NOT_ASKED = "not_asked"
    UNSURE = "unsure"
    PREFERS_NOT = "prefers_not"


STRENGTHS = list(SignStrength)


COUNTED = STRENGTHS[:3]


BY_STANDING = list(DimensionStatus)


type Enough = tuple[tuple[SignStrength, ...], ...]


ILO_EC: Enough = (
    (SignStrength.STRONG, SignStrength.STRONG),
    (SignStrength.STRONG, SignStrength.WEAK),
    (SignStrength.MEDIUM, SignStrength.MEDIUM, SignStrength.MEDIUM),
    (SignStrength.MEDIUM, SignStrength.MEDIUM, SignStrength.WEAK),
)
"""Operational indicators of trafficking in human beings, ILO and European Commission
2009, revised in September 2009: which signs make a dimension positive."""


@dataclass(frozen=True)
class Sign:
    """Something in the answers, and how much it says for whom."""

    id: str
    when: Condition
    words: Text
    source: str
    dimension: str = ""
    adult: SignStrength | None = SignStrength.STRONG
    child: SignStrength | None = SignStrength.STRONG
    flags: tuple[Flag, ...] = ()

    def strength(self, *, child: bool) -> SignStrength | None:
        """Return the sign's strength for such a person; None: it is no sign."""
        return self.child if child else self.adult

    @cached_property
    def looked_for(self) -> list[object]:
        """The codes that an answer is compared with."""
        return [
            value
            for compared in self.when.compared()
            if compared.sign in ("==", "in") and isinstance(compared.right, Constant)
            for value in convert_to_tuple(compared.right.value)
        ]


@dataclass(frozen=True)
class Dimension:
    """Signs that belong together, and how many of them are enough."""

    id: str
    title: Text
    elements: tuple[TraffickingElement, ...] = ()
    enough: Enough = ILO_EC


@dataclass(frozen=True)
class FlagRule:
    """When a flag stands, when it can't be ruled out, and why, in words."""

    yes: Condition | None = None
    perhaps: Condition | None = None
    words: Text = field(default_factory=dict)


@dataclass(frozen=True)
class ResultRow:
    """One row of what the pathway is given; without a condition it always fits."""

    when: Condition | None
    then: str


@dataclass(frozen=True)
class RecommendedAction:
    """Something that should happen next."""

    words: Text
    urgency: str = ""
    need: str = ""
    screening: str = ""
    step: str = ""
    when: Condition | None = field(default=None, compare=False)


@dataclass(frozen=True)
class FoundSign:
    """A sign in a person's answers."""

    sign: Sign
    strength: SignStrength


@dataclass(frozen=True)
class MissingAnswer:
    """A question whose answer could still show a sign."""

    question: str
    why: MissingReason


@dataclass(frozen=True)
class Findings:
    """What the answers say, and what should happen next. Always something."""

    child: bool
    signs: tuple[FoundSign, ...]
    dimensions: Mapping[str, DimensionStatus]
    elements: Mapping[TraffickingElement, DimensionStatus]
    """Empty for an instrument that does not ask about them."""
    flags: Mapping[Flag, FlagStatus]
    missing: tuple[MissingAnswer, ...]
    gives: Mapping[str, str]
    follows: tuple[RecommendedAction, ...]

    def needed(self, element: TraffickingElement) -> bool:
        """Check whether an element is needed: means are not, for a child."""
        return not (self.child and element is TraffickingElement.MEANS)

    @property
    def urgency(self) -> str:
        """Of the most urgent thing to do; empty when nothing has a time."""
        return min((n.urgency for n in self.follows if n.urgency), default="")


@dataclass(frozen=True)
class FindingOverride:
    """What a person says otherwise than the answers; empty, nothing."""

    rejected: frozenset[str] = frozenset()
    """Ids of signs that are none, as a person sees it."""
    elements: Mapping[TraffickingElement, DimensionStatus] = field(default_factory=dict)
    flags: Mapping[Flag, FlagStatus] = field(default_factory=dict)


def is_sign_in_answers(sign: Sign, answers: Mapping[str, object]) -> bool:
    """Check whether a sign is in the answers.

    None is in what no one has answered, however the condition is written, unless it
    looks for exactly that: a doubt whether a person is of age is a sign.
    """
    answered = any(
        find_missing_reason(answer) is None or answer in sign.looked_for
        for answer in map(answers.get, sign.when.names)
    )
    return answered and sign.when.holds(answers)


def convert_to_tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def iterate_missing_answers(
    sign: Sign, answers: Mapping[str, object], hidden: Collection[str]
) -> Iterable[MissingAnswer]:
    for name in sorted(sign.when.names):
        why = find_missing_reason(answers.get(name))
        if why and name not in hidden:
            yield MissingAnswer(name, why)


def find_missing_reason(answer: object) -> MissingReason | None:
    """Find why there is no answer; None when there is one."""
    if answer is None or answer in ("", [], ()):
        return MissingReason.NOT_ASKED
    codes = [answer] if isinstance(answer, str) else answer
    if isinstance(codes, list) and all(code in list(MissingReason) for code in codes):
        return MissingReason(codes[0])
    return None


def compute_dimension_status(
    dimension: Dimension,
    signs: Iterable[FoundSign],
    counted: Iterable[Sign],
    gaps: Mapping[str, Sequence[MissingAnswer]],
) -> DimensionStatus:
    found = [f.strength for f in signs if f.sign.dimension == dimension.id]
    if is_enough(found, dimension.enough):
        return DimensionStatus.FOUND
    if any(strength in COUNTED for strength in found):
        return DimensionStatus.SOME
    asked = [s for s in counted if s.dimension == dimension.id]
    # One open question is enough to leave it open: "no sign" may be read only after
    # every question was answered.
    unanswered = any(gaps.get(sign.id) for sign in asked)
    return DimensionStatus.OPEN if unanswered or not asked else DimensionStatus.NONE


def is_enough(found: Iterable[SignStrength], enough: Enough) -> bool:
    """Check whether these fill the places of one line; a stronger one fills a
    weaker's."""
    best = sorted(COUNTED.index(s) for s in found if s in COUNTED)
    return any(
        len(best) >= len(line)
        and all(
            have <= need
            for have, need in zip(
                best, sorted(COUNTED.index(s) for s in line), strict=False
            )
        )
        for line in enough
    )


def collect_condition_values(
    answers: Mapping[str, object],
    child: bool,
    signs: Iterable[FoundSign],
    dimensions: Mapping[str, DimensionStatus],
    elements: Mapping[TraffickingElement, DimensionStatus],
) -> dict[str, object]:
    """Collect all that a condition behind the signs sees, as plain words."""
    return {
        **answers,
        **{name: str(standing) for name, standing in dimensions.items()},
        **{str(element): str(standing) for element, standing in elements.items()},
        "child": "yes" if child else "no",
        "signs": [found.sign.id for found in signs],
    }


def compute_flag_status(
    rule: FlagRule, known: Mapping[str, object], by_sign: bool
) -> FlagStatus:
    if by_sign or (rule.yes and rule.yes.holds(known)):
        return FlagStatus.YES
    return (
        FlagStatus.PERHAPS
        if rule.perhaps and rule.perhaps.holds(known)
        else FlagStatus.NO
    )


def choose_first_result(rows: Iterable[ResultRow], known: Mapping[str, object]) -> str:
    return next(row.then for row in rows if row.when is None or row.when.holds(known))


def deduplicate_missing_answers(
    gaps: Iterable[MissingAnswer],
) -> tuple[MissingAnswer, ...]:
    return tuple(dict.fromkeys(gaps))
