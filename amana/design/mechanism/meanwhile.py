"""Two people on one piece: what the other wrote, and what of one's own stays typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from amana.design.mechanism import sentences
from amana.design.mechanism.actions import same
from amana.design.mechanism.forms import Ask, PieceForm, SpanInput, Words, as_text
from amana.design.mechanism.outline import Outline, a_map
from amana.ui.sentences import listed


@dataclass(frozen=True)
class Difference:
    label: Words
    was: str
    now: str


def differing(
    asks: Iterable[Ask], was: Any, now: Any, whole: bool = False
) -> list[Difference]:
    """List what the other person has changed, question by question."""
    return [
        Difference(ask.label, in_a_line(of(ask, was, whole)), in_a_line(new))
        for ask in asks
        if not same(of(ask, was, whole), new := of(ask, now, whole))
    ]


def of(ask: Ask, piece: Any, whole: bool) -> Any:
    return piece if whole else a_map(piece).get(ask.name)


def in_a_line(said: Any) -> str:
    """Format any value of a file in one line."""
    if said is None or said in ("", [], {}):
        return _("nothing")
    if isinstance(said, Mapping):
        return listed(f"{key}: {in_a_line(value)}" for key, value in said.items())
    if isinstance(said, list):
        return listed(in_a_line(value) for value in said)
    if isinstance(said, bool):
        return _("Yes") if said else _("No")
    return sentences.in_words(str(said))


def woven(
    data: QueryDict, form: PieceForm, was: Any, now: Any, seen: Outline
) -> QueryDict:
    """Merge what was typed with what the other person wrote: questions that were not
    touched take the other's answer.
    """
    mixed = data.copy()
    # From here on the other's version counts as seen, so saving again succeeds unless a
    # third change comes.
    mixed["seen"] = as_text(now)
    for ask in form.asks:
        typed = of(ask, form.piece, form.whole)
        if not same(typed, of(ask, was, form.whole)):
            continue
        new = of(ask, now, form.whole)
        # The old inputs go first: the other's answer may need more or fewer of them.
        for name in [name for name in form.fields if name in form.names[ask.name]]:
            forget(mixed, form.fields[name], name)
        shown = ask.shown(seen, new)
        for name, input_ in ask.inputs(seen, new).items():
            put(mixed, input_, name, shown.get(name))
    return mixed


def forget(data: QueryDict, field: forms.Field, name: str) -> None:
    for input_name in inputs_of(field, name):
        data.pop(input_name, None)


def inputs_of(field: forms.Field, name: str) -> list[str]:
    if isinstance(field.widget, SpanInput):
        return [f"{name}_amount", f"{name}_unit"]
    return [name]


def put(data: QueryDict, field: forms.Field, name: str, value: Any) -> None:
    widget = field.widget
    if isinstance(widget, SpanInput):
        parts = widget.decompress(field.prepare_value(value))
        for input_name, part in zip(inputs_of(field, name), parts, strict=True):
            data[input_name] = "" if part is None else str(part)
    elif isinstance(widget, forms.CheckboxInput):
        if value:
            data[name] = "on"
    elif isinstance(widget, forms.CheckboxSelectMultiple):
        data.setlist(name, [str(choice) for choice in value or []])
    else:
        said = field.prepare_value(value)
        data[name] = "" if said is None else str(said)
