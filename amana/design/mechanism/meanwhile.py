"""Two people on one piece: what the other wrote, and what of one's own stays typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism.actions import is_same_data
from amana.design.mechanism.forms import (
    PieceForm,
    PieceInput,
    SpanInput,
    Words,
    encode_piece,
)
from amana.design.mechanism.outline import Outline, read_map
from amana.ui.labels import format_list


@dataclass(frozen=True)
class ConcurrentDifference:
    label: Words
    was: str
    now: str


def list_differences(
    asks: Iterable[PieceInput], was: object, now: object, whole: bool = False
) -> list[ConcurrentDifference]:
    """List what the other person has changed, question by question."""
    return [
        ConcurrentDifference(
            ask.label,
            format_value(get_answer_in_piece(ask, was, whole)),
            format_value(new),
        )
        for ask in asks
        if not is_same_data(
            get_answer_in_piece(ask, was, whole),
            new := get_answer_in_piece(ask, now, whole),
        )
    ]


def get_answer_in_piece(ask: PieceInput, piece: object, whole: bool) -> object:
    return piece if whole else read_map(piece).get(ask.name)


def format_value(said: object) -> str:
    """Format any value of a file in one line."""
    if said is None or said in ("", [], {}):
        return _("nothing")
    if isinstance(said, Mapping):
        return format_list(
            f"{key}: {format_value(value)}" for key, value in said.items()
        )
    if isinstance(said, list):
        return format_list(format_value(value) for value in said)
    if isinstance(said, bool):
        return _("Yes") if said else _("No")
    return labels.format_span(str(said))


def merge_answers(
    data: QueryDict, form: PieceForm, was: Any, now: Any, seen: Outline
) -> QueryDict:
    """Merge what was typed with what the other person wrote: questions that were not
    touched take the other's answer.
    """
    mixed = data.copy()
    # From here on the other's version counts as seen, so saving again succeeds unless a
    # third change comes.
    mixed["seen"] = encode_piece(now)
    for ask in form.asks:
        typed = get_answer_in_piece(ask, form.piece, form.whole)
        if not is_same_data(typed, get_answer_in_piece(ask, was, form.whole)):
            continue
        new = get_answer_in_piece(ask, now, form.whole)
        # The old inputs go first: the other's answer may need more or fewer of them.
        for name in [name for name in form.fields if name in form.names[ask.name]]:
            remove_inputs(mixed, form.fields[name], name)
        shown = ask.shown(seen, new)
        for name, input_ in ask.inputs(seen, new).items():
            write_input(mixed, input_, name, shown.get(name))
    return mixed


def remove_inputs(data: QueryDict, field: forms.Field, name: str) -> None:
    for input_name in list_input_names(field, name):
        data.pop(input_name, None)


def list_input_names(field: forms.Field, name: str) -> list[str]:
    if isinstance(field.widget, SpanInput):
        return [f"{name}_amount", f"{name}_unit"]
    return [name]


def write_input(data: QueryDict, field: forms.Field, name: str, value: Any) -> None:
    widget = field.widget
    if isinstance(widget, SpanInput):
        parts = widget.decompress(field.prepare_value(value))
        for input_name, part in zip(list_input_names(field, name), parts, strict=True):
            data[input_name] = "" if part is None else str(part)
    elif isinstance(widget, forms.CheckboxInput):
        if value:
            data[name] = "on"
    elif isinstance(widget, forms.CheckboxSelectMultiple):
        data.setlist(name, [str(choice) for choice in value or []])
    else:
        said = field.prepare_value(value)
        data[name] = "" if said is None else str(said)
