"""Fill in a form from what was posted, step by step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from amana.design.forms import drawn_form
from amana.design.forms.drawn_form import Paged
from amana.design.forms.engine.filling.answer_errors import fill_form
from amana.design.forms.engine.filling.form_nodes import AnswerProblem
from amana.design.forms.engine.filling.settling import FilledForm
from amana.design.forms.engine.form_model import (
    Form,
    Item,
    Question,
    QuestionGroup,
    walk_items,
)
from amana.design.forms.pages.posted_answers import (
    INSTANCE,
    MOVE,
    OFF,
    STEP,
    change_repeats,
    read_answers,
)


@dataclass(frozen=True)
class PageResult:
    """The result of one request to fill in a form."""

    form: Form
    filled: FilledForm
    instance_id: str
    language: str
    paged: Paged = ""
    step: int = 0
    errors: Mapping[str, AnswerProblem] = field(default_factory=dict)
    """Those to be shown now."""
    more: bool = False
    """The answers led to questions that no one has seen yet."""
    finished: bool = False

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    def steps(self) -> list[list[Item]]:
        return drawn_form.split_into_steps(self.form, self.paged)


def take_answers(
    request: HttpRequest,
    form: Form,
    *,
    answers: Mapping[str, Any] | None = None,
    paged: Paged = "",
    language: str = "",
) -> PageResult:
    """Take the answers of a request, and decide which page comes next; `answers` are
    those with which the form is opened. Raises `BadRequest` where the id of the answers
    is missing."""
    if request.method != "POST":
        return open_form(form, answers=answers, paged=paged, language=language)
    language = form.language_for(language or get_language() or "")
    move, _, what = request.POST.get(MOVE, "finish").partition(" ")
    # Before filling: how often a part is repeated decides which questions there are.
    given = read_answers(request.POST, form)
    if move in ("add", "remove"):
        given = change_repeats(form, given, move, what)
    filled = fill_form(form, given, now=timezone.localtime(), language=language)
    step = request.POST.get(STEP, "0")
    taken = PageResult(
        form,
        filled,
        read_instance_id(request),
        language,
        paged,
        # The number comes from the browser: nothing but a few digits is converted.
        int(step) if step.isdecimal() and len(step) < 5 else 0,
    )
    return move_step(taken, move, has_unseen_questions(request, filled))


def open_form(
    form: Form,
    *,
    answers: Mapping[str, Any] | None = None,
    paged: Paged = "",
    language: str = "",
) -> PageResult:
    """Open the form, with these answers or empty."""
    language = form.language_for(language or get_language() or "")
    filled = fill_form(form, answers or {}, now=timezone.localtime(), language=language)
    taken = PageResult(form, filled, f"uuid:{uuid4()}", language, paged)
    return replace(taken, step=find_asked_step(taken, range(len(taken.steps()))))


def read_instance_id(request: HttpRequest) -> str:
    """Read the id that the browser gave these answers when the page was opened. Raises
    `BadRequest` where there is none."""
    try:
        return f"uuid:{UUID(request.POST.get(INSTANCE, '').removeprefix('uuid:'))}"
    except ValueError as error:
        raise BadRequest(f"This form came without its id ({INSTANCE}).") from error


def has_unseen_questions(request: HttpRequest, filled: FilledForm) -> bool:
    """Check whether something is asked now that was hidden when the page was drawn."""
    hidden = set(request.POST.get(OFF, "").split(" "))
    return any(
        node.key in hidden
        and node.key not in filled.off
        and not filled.values.get(node.key)
        for node in filled.nodes()
        if isinstance(node.item, Question) and node.item.is_answered
    )


def move_step(taken: PageResult, move: str, more: bool) -> PageResult:
    here = list_step_errors(taken, taken.step)
    if move == "back":
        return replace(
            taken, step=find_asked_step(taken, range(taken.step - 1, -1, -1))
        )
    if move == "next":
        # Without a script a question can become visible only when the page comes back:
        # no one may finish past a question that they have not seen.
        if here or more:
            return replace(taken, errors=here, more=more and not here)
        last = len(taken.steps())
        return replace(taken, step=find_asked_step(taken, range(taken.step + 1, last)))
    if move != "finish":
        return taken
    errors = taken.filled.errors
    if errors:
        return replace(taken, errors=errors, step=find_step(taken, next(iter(errors))))
    return replace(taken, more=more, finished=not more)


def find_asked_step(taken: PageResult, steps: Iterable[int]) -> int:
    """Find the first of these steps on which anything is asked; the current step where
    there is none."""
    all_steps = taken.steps()
    for step in steps:
        if any(is_seen(item, taken.filled) for item in all_steps[step]):
            return step
    return taken.step


def is_seen(item: Item, filled: FilledForm) -> bool:
    if item.name in filled.off:
        return False
    if isinstance(item, QuestionGroup) and not item.repeats:
        return any(is_seen(inner, filled) for inner in item.items)
    return item.is_shown


def list_step_errors(taken: PageResult, step: int) -> dict[str, AnswerProblem]:
    """List what is wrong on one step."""
    steps = taken.steps()
    items = steps[step] if step < len(steps) else []
    names = {item.name for item in walk_items(items)}
    return {
        key: problem
        for key, problem in taken.filled.errors.items()
        if problem.item.name in names
    }


def find_step(taken: PageResult, key: str) -> int:
    name = key.partition(".")[0]
    for number, items in enumerate(taken.steps()):
        if any(item.name == name for item in walk_items(items)):
            return number
    return taken.step
