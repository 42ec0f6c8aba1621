"""Fill in a form; what is wrong with its answers."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from amana.design.forms.engine import values
from amana.design.forms.engine.expressions import Tree, evaluate
from amana.design.forms.engine.filling.form_nodes import (
    LONGEST,
    AnswerProblem,
    Code,
    check_format,
    iterate_nodes,
)
from amana.design.forms.engine.filling.settling import (
    FilledForm,
    FormSettlement,
    NodeScope,
)
from amana.design.forms.engine.form_model import Form, Question
from amana.design.forms.engine.values import convert_to_truth


def fill_form(
    form: Form,
    answers: Mapping[str, Any],
    *,
    now: datetime | None = None,
    language: str = "",
) -> FilledForm:
    """Fill a form with answers: find what is asked, calculated, missing and wrong.

    `answers` are by name; in a repeat by `name.0`, `name.1`, and the repeat's own name
    has how many there are. What isn't among them gets its default."""
    now = now or values.get_now()
    given = {
        key: values.format_answer(answer)
        for key, answer in answers.items()
        if key.partition(".")[0] in form.everything
    }
    settled = FormSettlement(form, given, now, language)
    settled.settle()
    return FilledForm(
        form=form,
        answers=settled.answers,
        values=settled.values,
        off=frozenset(settled.off),
        counts=settled.counts,
        errors=dict(iterate_errors(settled)),
        options=settled.options,
        now=now,
        language=language,
    )


def iterate_errors(settled: FormSettlement) -> Iterator[tuple[str, AnswerProblem]]:
    for node in iterate_nodes(settled.form.items, (), settled.counts):
        item, key = node.item, node.key
        code: Code | None = None
        if isinstance(item, Question) and item.is_answered and key not in settled.off:
            repeats = settled.form.repeats_above[item.name]
            answer = settled.values.get(key, "")
            here = NodeScope(settled, repeats, node.place, dot=answer, key=key)
            code = find_error(item, answer, here)
        if key in settled.grown:
            code = "grown"
        if code:
            yield key, AnswerProblem(code, item, key)


def find_error(question: Question, answer: str, here: NodeScope) -> Code | None:
    if answer == "":
        return "required" if is_met(question.required, here, otherwise=False) else None
    # Before anything else is checked, since a pattern takes longer the longer the
    # answer is.
    if len(answer) > LONGEST:
        return "too_long"
    code = check_format(question, answer)
    if code:
        return code
    return None if is_met(question.constraint, here, otherwise=True) else "constraint"


def is_met(condition: Tree | None, here: NodeScope, *, otherwise: bool) -> bool:
    return (
        otherwise if condition is None else convert_to_truth(evaluate(condition, here))
    )
