"""What was posted of a form."""

from typing import Any, Protocol

from django.core.exceptions import BadRequest
from django.utils import timezone

from amana.design.forms.engine.filling.answer_errors import fill_form
from amana.design.forms.engine.filling.form_nodes import build_key, iterate_nodes
from amana.design.forms.engine.filling.settling import FilledForm
from amana.design.forms.engine.form_model import (
    MOST_REPEATS,
    Form,
    Question,
    QuestionGroup,
    walk_items,
)

MOVE, STEP, OFF, INSTANCE = "form:to", "form:step", "form:off", "form:instance"


class PostedData(Protocol):
    """What `request.POST` is, as far as we need it."""

    def getlist(self, key: str) -> list[Any]: ...
    def __contains__(self, key: object) -> bool: ...
    def __iter__(self) -> Any: ...


def fill_from_post(posted: PostedData, form: Form, *, language: str = "") -> FilledForm:
    return fill_form(
        form, read_answers(posted, form), now=timezone.localtime(), language=language
    )


def read_answers(posted: PostedData, form: Form) -> dict[str, str]:
    """Read the answers in a form: what was shown and is not there was left empty."""
    given = {
        key: " ".join(map(str, posted.getlist(key)))
        for key in posted
        if key.partition(".")[0] in form.everything
    }
    counts = {
        # Bounded before anything is built: a posted count of a million would build a
        # million questions.
        key: min(int(count), MOST_REPEATS)
        for key, count in given.items()
        if key.partition(".")[0] in form.groups and count.isdecimal()
    }
    for node in iterate_nodes(form.items, (), counts):
        if isinstance(node.item, Question) and node.item.is_answered:
            # A browser sends nothing for boxes that are not ticked; without this the
            # default would come back.
            given.setdefault(node.key, "")
    return given


def change_repeats(
    form: Form, given: dict[str, str], move: str, what: str
) -> dict[str, str]:
    """Add one repetition at the end, or remove the named one. Raises `BadRequest` for a
    part that is none."""
    name, *place = what.split(".")
    group = form.groups.get(name)
    if group is None or not group.repeats or not all(p.isdecimal() for p in place):
        raise BadRequest("There is no such part of the form.")
    places = tuple(int(p) for p in place if len(p) < 4)
    if move == "add":
        count = int(given.get(what, "0") or "0")
        return given | {what: str(min(count + 1, MOST_REPEATS))}
    return remove_repeat(group, given, places)


def remove_repeat(
    group: QuestionGroup, given: dict[str, str], place: tuple[int, ...]
) -> dict[str, str]:
    """Remove one repetition; those behind it move up."""
    *outer, gone = place
    depth, names = len(outer), {item.name for item in walk_items(group.items)}
    kept: dict[str, str] = {}
    for key, answer in given.items():
        name, *rest = key.split(".")
        at = [int(part) for part in rest if part.isdecimal()]
        if name in names and at[:depth] == outer and len(at) > depth:
            if at[depth] == gone:
                continue
            at[depth] -= at[depth] > gone
        kept[build_key(name, tuple(at))] = answer
    count = build_key(group.name, tuple(outer))
    kept[count] = str(max(0, int(given.get(count, "0") or "0") - 1))
    return kept
