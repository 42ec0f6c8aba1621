"""The texts of a result. None of them is ever a number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Urgency
from amana.care.screening.results import (
    FindingKind,
    FindingVerdict,
    ScreeningResult,
    build_key,
)
from amana.design.directory.taxonomy import ServiceType
from amana.design.instruments import (
    Dimension,
    DimensionStatus,
    Findings,
    Flag,
    FlagRule,
    FlagStatus,
    FoundSign,
    MissingAnswer,
    MissingReason,
    RecommendedAction,
    SignStrength,
    TraffickingElement,
    convert_answers,
)
from amana.design.pathway.conditions import iterate_holding_names
from amana.design.pathway.pathway_model import Text, choose_words
from amana.ui.templatetags.ui_tags import Tone

type Words = str | Promise

ELEMENTS: dict[TraffickingElement, Words] = {
    TraffickingElement.ACT: _("Act: what others did"),
    TraffickingElement.MEANS: _("Means: how they did it"),
    TraffickingElement.PURPOSE: _("Purpose: what they did it for"),
}

STANDINGS: dict[DimensionStatus, Words] = {
    DimensionStatus.FOUND: _("Enough signs"),
    DimensionStatus.SOME: _("Some signs, but not enough"),
    DimensionStatus.OPEN: _("No signs so far; some questions not answered"),
    DimensionStatus.NONE: _("No signs"),
}
NOT_NEEDED = _("Not needed for a child")
NOT_ASKED_HERE = _("Not asked in this screening")

STRENGTHS: dict[SignStrength, Words] = {
    SignStrength.STRONG: pgettext_lazy("a sign", "Strong"),
    SignStrength.MEDIUM: pgettext_lazy("a sign", "Medium"),
    SignStrength.WEAK: pgettext_lazy("a sign", "Weak"),
    SignStrength.PROTECTIVE: pgettext_lazy("a sign", "Protective"),
}

FLAGS: dict[Flag, Words] = {
    Flag.TRAFFICKING: _("Trafficking"),
    Flag.SMUGGLING: _("Smuggling"),
    Flag.AGGRAVATED_SMUGGLING: _("Smuggling, with danger or abuse"),
    Flag.GBV: _("Gender-based violence"),
    Flag.ASYLUM: _("Asylum"),
    Flag.LABOUR: _("Labour exploitation"),
    Flag.CHILD: _("A child"),
    Flag.HEALTH: _("Health"),
}

RAISED: dict[FlagStatus, Words] = {
    FlagStatus.YES: _("There are signs"),
    FlagStatus.PERHAPS: _("Can’t be ruled out"),
    FlagStatus.NO: _("No signs"),
}

WHY: dict[MissingReason, Words] = {
    MissingReason.NOT_ASKED: _("Not answered"),
    MissingReason.UNSURE: _("Unsure"),
    MissingReason.PREFERS_NOT: _("Prefers not to say: do not ask again"),
}

TONES: dict[FlagStatus, Tone] = {
    FlagStatus.YES: "due",
    FlagStatus.PERHAPS: "info",
    FlagStatus.NO: "plain",
}


def localise_text(words: Text) -> str:
    """Localise a text to the language of the page, or to one that the mechanism has."""
    return choose_words(words, (get_language() or "en")[:2], "en")


@dataclass(frozen=True)
class FindingRow:
    """One finding on the page, and how a person has judged it."""

    kind: FindingKind
    name: str
    label: Words
    stands: Words
    tone: Tone = "plain"
    because: str = ""
    source: str = ""
    verdict: FindingVerdict | None = None
    says: Words = ""
    """The person's own judgement, as text."""

    @property
    def key(self) -> str:
        return build_key(self.kind, self.name)


def find_verdict(
    result: ScreeningResult, kind: FindingKind, name: str
) -> FindingVerdict | None:
    if result.judgement is None:
        return None
    return result.judgement.verdicts.get(build_key(kind, name))


def list_flags(result: ScreeningResult) -> list[FindingRow]:
    """List the flags that the answers or a person raise."""
    shown = [build_flag(result, flag) for flag in Flag]
    # A flag that a person changed is listed whichever way: with the answers' result
    # next to it, so that a reader sees both.
    return [
        flag for flag in shown if flag.name in list_raised_flags(result) or flag.says
    ]


def list_unraised_flags(result: ScreeningResult) -> list[Words]:
    """List the names of the flags that neither the answers nor a person raise."""
    raised = {shown.name for shown in list_flags(result)}
    return [FLAGS[flag] for flag in Flag if flag not in raised]


def list_raised_flags(result: ScreeningResult) -> set[str]:
    """List the flags that the answers raise."""
    found = result.found.flags.items()
    return {str(flag) for flag, raised in found if raised is not FlagStatus.NO}


def build_flag(result: ScreeningResult, flag: Flag) -> FindingRow:
    raised = result.found.flags[flag]
    rule = result.instrument.flags.get(flag)
    signs = [f.sign for f in result.found.signs if flag in f.sign.flags]
    because = [localise_text(sign.words) for sign in signs]
    # Signs explain a flag best. Without one, the rule's own words do, and without these
    # the answers that made it hold: no flag is shown without a reason.
    if rule and raised is not FlagStatus.NO and not because:
        because = (
            [localise_text(rule.words)]
            if rule.words
            else list(iterate_reasons(result, flag, rule))
        )
    verdict = find_verdict(result, FindingKind.FLAG, flag)
    return FindingRow(
        FindingKind.FLAG,
        flag,
        FLAGS[flag],
        RAISED[raised],
        TONES[raised],
        because=" · ".join(because),
        verdict=verdict,
        says=RAISED[FlagStatus(verdict.said)] if verdict and verdict.differs else "",
    )


def iterate_reasons(
    result: ScreeningResult, flag: Flag, rule: FlagRule
) -> Iterator[str]:
    """Yield the answers that raise a flag which neither signs nor words explain."""
    filled = result.filled
    seen: set[str] = set()
    data = convert_answers(filled.form, filled.answers)
    child = result.instrument.child if flag is Flag.CHILD else None
    for condition in filter(None, (rule.yes, rule.perhaps, child)):
        for name in iterate_holding_names(condition, data):
            question = filled.form.questions.get(name)
            # An answer in a part that this person may not read would be revealed here.
            if question and name not in result.unread and name not in seen:
                seen.add(name)
                language = filled.form.language_for((get_language() or "en")[:2])
                answer = filled.label(name, filled.values.get(name, ""), language)
                yield f"{localise_text(question.label)} {answer}"


def list_elements(result: ScreeningResult) -> list[FindingRow]:
    """List the elements of trafficking with what was found of each."""
    return [
        build_element(result, element, standing)
        for element, standing in result.found.elements.items()
    ]


def build_element(
    result: ScreeningResult, element: TraffickingElement, standing: DimensionStatus
) -> FindingRow:
    about = result.instrument.dimensions.values()
    verdict = find_verdict(result, FindingKind.ELEMENT, element)
    stands: Words = STANDINGS[standing]
    # To recruit a child for exploitation is trafficking without any means (Palermo
    # Protocol, Art. 3(c)).
    if not result.found.needed(element):
        stands = NOT_NEEDED
    elif not any(element in dimension.elements for dimension in about):
        stands = NOT_ASKED_HERE
    return FindingRow(
        FindingKind.ELEMENT,
        element,
        ELEMENTS[element],
        stands,
        "due" if standing is DimensionStatus.FOUND else "plain",
        because=" · ".join(iterate_dimensions(result, element)),
        verdict=verdict,
        says=STANDINGS[DimensionStatus(verdict.said)]
        if verdict and verdict.differs
        else "",
    )


def iterate_dimensions(
    result: ScreeningResult, element: TraffickingElement
) -> Iterator[str]:
    """Yield the titles of the dimensions in which signs of this element were found."""
    for name, dimension in result.instrument.dimensions.items():
        found = result.found.dimensions[name] in (
            DimensionStatus.FOUND,
            DimensionStatus.SOME,
        )
        if found and element in dimension.elements:
            yield localise_text(dimension.title)


@dataclass(frozen=True)
class DimensionRow:
    """A dimension, its result, and the signs in it."""

    title: str
    stands: Words
    signs: list[FindingRow]


def group_signs(result: ScreeningResult) -> list[DimensionRow]:
    """Group the signs found by dimension; what belongs to none comes last."""
    found = result.found
    groups = [
        DimensionRow(
            localise_text(dimension.title),
            STANDINGS[found.dimensions[name]],
            list(iterate_signs(result, dimension)),
        )
        for name, dimension in result.instrument.dimensions.items()
    ]
    others = list(iterate_signs(result, None))
    return [g for g in groups if g.signs] + (
        [DimensionRow("", "", others)] * bool(others)
    )


def iterate_signs(
    result: ScreeningResult, dimension: Dimension | None
) -> Iterator[FindingRow]:
    name = dimension.id if dimension else ""
    for found in result.found.signs:
        if found.sign.dimension == name:
            yield build_sign(result, found)


def build_sign(result: ScreeningResult, found: FoundSign) -> FindingRow:
    verdict = find_verdict(result, FindingKind.SIGN, found.sign.id)
    return FindingRow(
        FindingKind.SIGN,
        found.sign.id,
        localise_text(found.sign.words),
        STRENGTHS[found.strength],
        source=found.sign.source,
        verdict=verdict,
        says=_("Rejected on review") if verdict and verdict.differs else "",
    )


@dataclass(frozen=True)
class RecommendedStep:
    """What should happen next."""

    words: str
    urgency: Words
    tone: Tone
    need: Words
    screening: str
    """The name of another instrument to go through."""
    screening_title: str


def list_next_steps(
    result: ScreeningResult, findings: Findings
) -> list[RecommendedStep]:
    return [build_step(result, follow) for follow in findings.follows]


def build_step(result: ScreeningResult, one: RecommendedAction) -> RecommendedStep:
    others = result.screening.version.pack.instruments
    other = others.get(one.screening)
    return RecommendedStep(
        localise_text(one.words),
        Urgency(one.urgency).label if one.urgency else "",
        "late" if one.urgency == Urgency.U0 else "due" if one.urgency else "plain",
        ServiceType(one.need).label if one.need in ServiceType.values else "",
        one.screening if other else "",
        localise_text(other.title) if other else "",
    )


@dataclass(frozen=True)
class AnswerGap:
    question: str
    why: Words


def list_unanswered(result: ScreeningResult) -> list[AnswerGap]:
    """List what is not answered; what the person prefers not to say comes last."""
    # Last, because the others can still be asked. To ask once more for what a person
    # did not want to say harms trust.
    gaps = sorted(
        result.found.missing, key=lambda gap: gap.why is MissingReason.PREFERS_NOT
    )
    return [AnswerGap(label_question(result, gap), WHY[gap.why]) for gap in gaps]


def label_question(result: ScreeningResult, gap: MissingAnswer) -> str:
    label = result.filled.form.questions[gap.question].label
    return localise_text(label) or gap.question


def iterate_needs(steps: Iterable[RecommendedAction]) -> Iterator[tuple[str, str]]:
    """Yield the kinds of help that the next steps ask for, each once, the soonest
    first."""
    seen = set()
    for next_step in steps:
        if next_step.need in ServiceType.values and next_step.need not in seen:
            seen.add(next_step.need)
            yield next_step.need, next_step.urgency or Urgency.U2
