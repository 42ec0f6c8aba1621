"""The texts of a result. None of them is ever a number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Urgency
from amana.care.screening.results import Kind, Result, Verdict, key_of
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism.engine.conditions import names_that_hold
from amana.design.mechanism.engine.instruments import (
    Dimension,
    Element,
    Findings,
    Flag,
    FlagRule,
    Found,
    Missing,
    Next,
    Raised,
    Standing,
    Strength,
    Why,
    as_data,
)
from amana.design.mechanism.engine.pathway import Text, said
from amana.ui.templatetags.ui import Tone

type Words = str | Promise

ELEMENTS: dict[Element, Words] = {
    Element.ACT: _("Act: what others did"),
    Element.MEANS: _("Means: how they did it"),
    Element.PURPOSE: _("Purpose: what they did it for"),
}

STANDINGS: dict[Standing, Words] = {
    Standing.FOUND: _("Enough signs"),
    Standing.SOME: _("Some signs, but not enough"),
    Standing.OPEN: _("No signs so far; some questions not answered"),
    Standing.NONE: _("No signs"),
}
NOT_NEEDED = _("Not needed for a child")
NOT_ASKED_HERE = _("Not asked in this screening")

STRENGTHS: dict[Strength, Words] = {
    Strength.STRONG: pgettext_lazy("a sign", "Strong"),
    Strength.MEDIUM: pgettext_lazy("a sign", "Medium"),
    Strength.WEAK: pgettext_lazy("a sign", "Weak"),
    Strength.PROTECTIVE: pgettext_lazy("a sign", "Protective"),
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

RAISED: dict[Raised, Words] = {
    Raised.YES: _("There are signs"),
    Raised.PERHAPS: _("Can’t be ruled out"),
    Raised.NO: _("No signs"),
}

WHY: dict[Why, Words] = {
    Why.NOT_ASKED: _("Not answered"),
    Why.UNSURE: _("Unsure"),
    Why.PREFERS_NOT: _("Prefers not to say: do not ask again"),
}

TONES: dict[Raised, Tone] = {
    Raised.YES: "due",
    Raised.PERHAPS: "info",
    Raised.NO: "plain",
}


def here(words: Text) -> str:
    """Localise a text to the language of the page, or to one that the mechanism has."""
    return said(words, (get_language() or "en")[:2], "en")


@dataclass(frozen=True)
class Shown:
    """One finding on the page, and how a person has judged it."""

    kind: Kind
    name: str
    label: Words
    stands: Words
    tone: Tone = "plain"
    because: str = ""
    source: str = ""
    verdict: Verdict | None = None
    says: Words = ""
    """The person's own judgement, as text."""

    @property
    def key(self) -> str:
        return key_of(self.kind, self.name)


def verdict_of(result: Result, kind: Kind, name: str) -> Verdict | None:
    if result.judgement is None:
        return None
    return result.judgement.verdicts.get(key_of(kind, name))


def flags(result: Result) -> list[Shown]:
    """List the flags that the answers or a person raise."""
    shown = [flag_shown(result, flag) for flag in Flag]
    # A flag that a person changed is listed whichever way: with the answers' result
    # next to it, so that a reader sees both.
    return [flag for flag in shown if flag.name in raised_in(result) or flag.says]


def not_raised(result: Result) -> list[Words]:
    """List the names of the flags that neither the answers nor a person raise."""
    raised = {shown.name for shown in flags(result)}
    return [FLAGS[flag] for flag in Flag if flag not in raised]


def raised_in(result: Result) -> set[str]:
    """List the flags that the answers raise."""
    found = result.found.flags.items()
    return {str(flag) for flag, raised in found if raised is not Raised.NO}


def flag_shown(result: Result, flag: Flag) -> Shown:
    raised = result.found.flags[flag]
    rule = result.instrument.flags.get(flag)
    signs = [f.sign for f in result.found.signs if flag in f.sign.flags]
    because = [here(sign.words) for sign in signs]
    # Signs explain a flag best. Without one, the rule's own words do, and without these
    # the answers that made it hold: no flag is shown without a reason.
    if rule and raised is not Raised.NO and not because:
        because = [here(rule.words)] if rule.words else list(behind(result, flag, rule))
    verdict = verdict_of(result, Kind.FLAG, flag)
    return Shown(
        Kind.FLAG,
        flag,
        FLAGS[flag],
        RAISED[raised],
        TONES[raised],
        because=" · ".join(because),
        verdict=verdict,
        says=RAISED[Raised(verdict.said)] if verdict and verdict.differs else "",
    )


def behind(result: Result, flag: Flag, rule: FlagRule) -> Iterator[str]:
    """Yield the answers that raise a flag which neither signs nor words explain."""
    filled = result.filled
    seen: set[str] = set()
    data = as_data(filled.form, filled.answers)
    child = result.instrument.child if flag is Flag.CHILD else None
    for condition in filter(None, (rule.yes, rule.perhaps, child)):
        for name in names_that_hold(condition, data):
            question = filled.form.questions.get(name)
            # An answer in a part that this person may not read would be revealed here.
            if question and name not in result.unread and name not in seen:
                seen.add(name)
                language = filled.form.language_for((get_language() or "en")[:2])
                answer = filled.label(name, filled.values.get(name, ""), language)
                yield f"{here(question.label)} {answer}"


def elements(result: Result) -> list[Shown]:
    """List the elements of trafficking with what was found of each."""
    return [
        element_shown(result, element, standing)
        for element, standing in result.found.elements.items()
    ]


def element_shown(result: Result, element: Element, standing: Standing) -> Shown:
    about = result.instrument.dimensions.values()
    verdict = verdict_of(result, Kind.ELEMENT, element)
    stands: Words = STANDINGS[standing]
    # To recruit a child for exploitation is trafficking without any means (Palermo
    # Protocol, Art. 3(c)).
    if not result.found.needed(element):
        stands = NOT_NEEDED
    elif not any(element in dimension.elements for dimension in about):
        stands = NOT_ASKED_HERE
    return Shown(
        Kind.ELEMENT,
        element,
        ELEMENTS[element],
        stands,
        "due" if standing is Standing.FOUND else "plain",
        because=" · ".join(dimensions_of(result, element)),
        verdict=verdict,
        says=STANDINGS[Standing(verdict.said)] if verdict and verdict.differs else "",
    )


def dimensions_of(result: Result, element: Element) -> Iterator[str]:
    """Yield the titles of the dimensions in which signs of this element were found."""
    for name, dimension in result.instrument.dimensions.items():
        found = result.found.dimensions[name] in (Standing.FOUND, Standing.SOME)
        if found and element in dimension.elements:
            yield here(dimension.title)


@dataclass(frozen=True)
class Together:
    """A dimension, its result, and the signs in it."""

    title: str
    stands: Words
    signs: list[Shown]


def signs(result: Result) -> list[Together]:
    """Group the signs found by dimension; what belongs to none comes last."""
    found = result.found
    groups = [
        Together(
            here(dimension.title),
            STANDINGS[found.dimensions[name]],
            list(signs_in(result, dimension)),
        )
        for name, dimension in result.instrument.dimensions.items()
    ]
    others = list(signs_in(result, None))
    return [g for g in groups if g.signs] + ([Together("", "", others)] * bool(others))


def signs_in(result: Result, dimension: Dimension | None) -> Iterator[Shown]:
    name = dimension.id if dimension else ""
    for found in result.found.signs:
        if found.sign.dimension == name:
            yield sign_shown(result, found)


def sign_shown(result: Result, found: Found) -> Shown:
    verdict = verdict_of(result, Kind.SIGN, found.sign.id)
    return Shown(
        Kind.SIGN,
        found.sign.id,
        here(found.sign.words),
        STRENGTHS[found.strength],
        source=found.sign.source,
        verdict=verdict,
        says=_("Rejected on review") if verdict and verdict.differs else "",
    )


@dataclass(frozen=True)
class Step:
    """What should happen next."""

    words: str
    urgency: Words
    tone: Tone
    need: Words
    screening: str
    """The name of another instrument to go through."""
    screening_title: str


def follows(result: Result, findings: Findings) -> list[Step]:
    return [step(result, follow) for follow in findings.follows]


def step(result: Result, one: Next) -> Step:
    others = result.screening.version.pack.instruments
    other = others.get(one.screening)
    return Step(
        here(one.words),
        Urgency(one.urgency).label if one.urgency else "",
        "late" if one.urgency == Urgency.U0 else "due" if one.urgency else "plain",
        ServiceType(one.need).label if one.need in ServiceType.values else "",
        one.screening if other else "",
        here(other.title) if other else "",
    )


@dataclass(frozen=True)
class Gap:
    question: str
    why: Words


def missing(result: Result) -> list[Gap]:
    """List what is not answered; what the person prefers not to say comes last."""
    # Last, because the others can still be asked. To ask once more for what a person
    # did not want to say harms trust.
    gaps = sorted(result.found.missing, key=lambda gap: gap.why is Why.PREFERS_NOT)
    return [Gap(asked(result, gap), WHY[gap.why]) for gap in gaps]


def asked(result: Result, gap: Missing) -> str:
    label = result.filled.form.questions[gap.question].label
    return here(label) or gap.question


def needs_in(steps: Iterable[Next]) -> Iterator[tuple[str, str]]:
    """Yield the kinds of help that the next steps ask for, each once, the soonest
    first."""
    seen = set()
    for next_step in steps:
        if next_step.need in ServiceType.values and next_step.need not in seen:
            seen.add(next_step.need)
            yield next_step.need, next_step.urgency or Urgency.U2
