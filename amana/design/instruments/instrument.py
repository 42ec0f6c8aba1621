"""An instrument and how its answers become findings."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from amana.design.instruments.findings import (
    BY_STANDING,
    Dimension,
    DimensionStatus,
    FindingOverride,
    Findings,
    Flag,
    FlagRule,
    FlagStatus,
    FoundSign,
    RecommendedAction,
    ResultRow,
    Sign,
    TraffickingElement,
    choose_first_result,
    collect_condition_values,
    compute_dimension_status,
    compute_flag_status,
    deduplicate_missing_answers,
    is_sign_in_answers,
    iterate_missing_answers,
)
from amana.design.pathway.conditions.condition import Condition
from amana.design.pathway.pathway_model import Text

if TYPE_CHECKING:
    from amana.design.forms.engine.form_model import Form, Question


NOTHING = FindingOverride()


@dataclass(frozen=True)
class Instrument:
    """A form, and what its answers may be signs of."""

    form: str
    title: Text
    signs: tuple[Sign, ...]
    otherwise: tuple[RecommendedAction, ...]
    about: Text = field(default_factory=dict)
    child: Condition | None = None
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    flags: Mapping[Flag, FlagRule] = field(default_factory=dict)
    gives: Mapping[str, tuple[ResultRow, ...]] = field(default_factory=dict)
    follows: tuple[RecommendedAction, ...] = ()

    @property
    def codes(self) -> dict[str, frozenset[str]]:
        """What the pathway can be given: each fact, and every code it may have."""
        return {
            name: frozenset(row.then for row in rows)
            for name, rows in self.gives.items()
        }

    @property
    def reads(self) -> frozenset[str]:
        """The questions in which a sign can lie."""
        return frozenset(chain.from_iterable(sign.when.names for sign in self.signs))

    def find(
        self,
        answers: Mapping[str, object],
        *,
        child: bool = False,
        hidden: Collection[str] = (),
        judged: FindingOverride = NOTHING,
    ) -> Findings:
        """Find what the answers may be signs of, and what should happen next.

        `child`: known from elsewhere; `hidden`: questions that the form does not ask in
        this case, and so misses nothing by.
        """
        is_child = child or bool(self.child and self.child.holds(answers))
        counted = [s for s in self.signs if s.strength(child=is_child)]
        in_answers = {s.id for s in counted if is_sign_in_answers(s, answers)}
        present = in_answers - judged.rejected
        # A sign that a person rejected was answered all the same: it leaves no gap.
        gaps = {
            sign.id: list(iterate_missing_answers(sign, answers, hidden))
            for sign in counted
            if sign.id not in in_answers
        }
        signs = tuple(
            FoundSign(sign, strength)
            for sign in counted
            if sign.id in present and (strength := sign.strength(child=is_child))
        )
        dimensions = {
            name: compute_dimension_status(dimension, signs, counted, gaps)
            for name, dimension in self.dimensions.items()
        }
        elements = {**self._elements(dimensions), **judged.elements}
        # What a person decided replaces what the answers give, before the flags are
        # drawn from it: a decision about an element counts in all that follows.
        known = collect_condition_values(answers, is_child, signs, dimensions, elements)
        flags = {**self._flags(known, signs), **judged.flags}
        known |= {str(flag): str(raised) for flag, raised in flags.items()}
        return Findings(
            child=is_child,
            signs=signs,
            dimensions=dimensions,
            elements=elements,
            flags=flags,
            missing=deduplicate_missing_answers(chain.from_iterable(gaps.values())),
            gives={
                name: choose_first_result(rows, known)
                for name, rows in self.gives.items()
            },
            follows=self._follows(known),
        )

    def _elements(
        self, dimensions: Mapping[str, DimensionStatus]
    ) -> dict[TraffickingElement, DimensionStatus]:
        """Choose the best of the dimensions that count for an element; open, when none
        was asked.
        """
        spoken_for = [d for d in self.dimensions.values() if d.elements]
        if not spoken_for:
            return {}
        return {
            element: min(
                (dimensions[d.id] for d in spoken_for if element in d.elements),
                key=BY_STANDING.index,
                default=DimensionStatus.OPEN,
            )
            for element in TraffickingElement
        }

    def _flags(
        self, known: Mapping[str, object], signs: Iterable[FoundSign]
    ) -> dict[Flag, FlagStatus]:
        by_signs = {flag for found in signs for flag in found.sign.flags}
        return {
            flag: compute_flag_status(
                self.flags.get(flag, FlagRule()), known, flag in by_signs
            )
            for flag in Flag
        }

    def _follows(self, known: Mapping[str, object]) -> tuple[RecommendedAction, ...]:
        fit = [n for n in self.follows if n.when is None or n.when.holds(known)]
        return tuple(sorted(fit or self.otherwise, key=lambda n: n.urgency or "U9"))


def convert_answers(form: "Form", answers: Mapping[str, object]) -> dict[str, object]:
    """Convert answers: numbers as numbers, several choices as lists; of what was asked
    for each child or need, the answers of all.
    """
    return {
        name: _value(form, question, answers)
        for name, question in form.questions.items()
    }


def _value(form: "Form", question: "Question", answers: Mapping[str, object]) -> object:
    if not form.repeats_above.get(question.name):
        return _typed(question, answers.get(question.name))
    each = [
        _typed(question, answer)
        for name, answer in answers.items()
        if name.partition(".")[0] == question.name and answer not in (None, "")
    ]
    return list(
        chain.from_iterable(
            value if isinstance(value, list) else [value] for value in each
        )
    )


def _typed(question: "Question", answer: Any) -> Any:
    if answer is None or answer == "":
        return None
    if question.kind == "select_multiple":
        return answer.split() if isinstance(answer, str) else list(answer)
    if question.kind in NUMBERS:
        return _number(answer)
    if question.kind == "calculate":  # says in no other way what it is
        number = _number(answer)
        return str(answer) if number is None else number
    return answer if isinstance(answer, str) else str(answer)


NUMBERS = frozenset({"integer", "decimal", "range"})


def _number(answer: Any) -> float | None:
    try:
        return float(answer)
    except (TypeError, ValueError):
        return None
