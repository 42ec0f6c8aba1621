"""Forms, their fields, and questions before something is done."""

from typing import Literal

from django import forms
from django.template import Context
from django.utils.safestring import SafeString

from amana.ui import once
from amana.ui.components import render_component
from amana.ui.harmless import remove_tricks as made_harmless
from amana.ui.templatetags.ui_tags import Tone, register


@register.simple_block_tag(takes_context=True)
def form(
    context: Context,
    content: SafeString,
    *,
    to: str = "",
    method: Literal["post", "get"] = "post",
    upload: bool = False,
    target: str = "",
    swap: str = "outerHTML",
    id: str = "",
) -> SafeString:
    return render_component(
        "form",
        content=content,
        to=to or get_page_address(context),
        method=method,
        upload=upload,
        target=target,
        swap=swap,
        id=id,
        once=once.choose_key(context.get("request")),
        csrf_token=context.get("csrf_token"),
    )


def get_page_address(context: Context) -> str:
    """Return the address of this page: where a form that names no other goes."""
    request = context.get("request")
    return request.get_full_path() if request else ""


@register.inclusion_tag("ui/field.html")
def field(
    field: forms.BoundField,
    *,
    label: str = "",
    hint: str = "",
    width: Literal["", "short", "medium"] = "",
    large: bool = False,
) -> dict[str, object]:
    field.help_text = hint or field.help_text  # so that the widget points to it
    return {
        "field": field,
        "look": choose_field_look(field),
        "label": label or field.label,
        "width": width,
        "large": large,
        "optional": not field.field.required,
    }


def choose_field_look(field: forms.BoundField) -> str:
    """Choose how it is drawn: alone, one box to tick, choices, or a group of inputs."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if widget.use_fieldset else "alone"


def get_anchor(field: forms.BoundField) -> str:
    """Return where the error summary leads: to the input, or to the first of
    several."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.inclusion_tag("ui/fields.html")
def fields(form: forms.BaseForm) -> dict[str, object]:
    return {"form": form}


def strip_punctuation(label: object) -> str:
    """Strip what ends a label, so that a colon can follow it."""
    return str(label).rstrip(" .:?؟")


@register.inclusion_tag("ui/form_errors.html")
def form_errors(*forms: forms.BaseForm) -> dict[str, object]:
    general = [
        made_harmless(str(error)) for form in forms for error in form.non_field_errors()
    ]
    wrong = [
        {
            "label": strip_punctuation(field.label),
            # Some errors repeat what was typed.
            "errors": [made_harmless(str(error)) for error in field.errors],
            "at": get_anchor(field),
        }
        for form in forms
        for field in form
        if field.errors
    ]
    return {"general": general, "fields": wrong}


@register.simple_block_tag
def fieldset(
    content: SafeString, legend: str, *, hint: str = "", level: int = 0
) -> SafeString:
    return render_component(
        "fieldset", content=content, legend=legend, hint=hint, level=level
    )


@register.inclusion_tag("ui/steps.html")
def steps(now: int, of: int, *, label: str = "") -> dict[str, object]:
    return {"now": now, "of": of, "label": label, "all": range(1, of + 1)}


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: SafeString,
    question: str,
    *,
    to: str,
    yes: str,
    no: str,
    url: str = "",
    tone: Tone = "plain",
) -> SafeString:
    return render_component(
        "confirm",
        content=content,
        question=question,
        to=to,
        yes=yes,
        no=no,
        url=url,
        tone=tone,
        once=once.make_key(),
        csrf_token=context.get("csrf_token"),
    )
