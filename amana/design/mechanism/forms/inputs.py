"""Inputs of time, codes and text."""

import re
from collections.abc import Callable
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.outline import Outline
from amana.ui import languages
from amana.working_time import InvalidTimeSpan, parse_span

type Words = str | Promise


type Choices = list[tuple[str, Words]]


type Offer = Callable[[Outline], Choices]


CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


MOST_WORDS = 2000


EMPTY: Choices = [("", "–")]


class SpanInput(forms.MultiWidget):
    """A number, and of what: minutes, hours, days, working days."""

    template_name = "mechanism/widgets/span.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = forms.TextInput(
            {
                "inputmode": "numeric",
                "size": 4,
                "maxlength": 4,
                "autocomplete": "off",
                "aria-label": _("How many"),
            }
        )
        units = forms.Select(
            {"aria-label": pgettext("unit of a length of time", "Of what")},
            choices=list(labels.UNITS.items()),
        )
        super().__init__({"amount": number, "unit": units}, attrs)

    @override
    def decompress(self, value: object) -> list[object]:
        span = outlines.read_span(value)
        return [span.amount, span.unit] if span else [None, "hours"]


WRITTEN = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D", "working_days": "P{}B"}


class SpanField(forms.MultiValueField):
    """A length of time, as a pack writes it: PT24H."""

    widget = SpanInput

    def __init__(self, **said: Any) -> None:
        parts = (
            forms.CharField(required=False),
            forms.ChoiceField(choices=[(unit, unit) for unit in WRITTEN]),
        )
        super().__init__(parts, require_all_fields=False, **said)

    @override
    def clean(self, value: Any) -> str:
        amount, unit = [*(value or []), "", ""][:2]
        if not str(amount or "").strip():
            if self.required:
                raise ValidationError(_("Enter a length of time."), code="required")
            return ""
        try:
            return parse_span(WRITTEN[unit].format(str(amount).strip())).written
        except (InvalidTimeSpan, KeyError) as error:
            raise ValidationError(
                _("Enter a whole number from 1 to 9999, and choose a unit.")
            ) from error


class CodeListField(forms.CharField):
    """Codes in one line: yes, no, unsure. Words become codes."""

    @override
    def clean(self, value: object) -> list[str]:
        said = super().clean(value)
        parts = [part.strip() for part in re.split(r"[,;،\n]", said) if part.strip()]
        # People list codes by comma, semicolon, the Arabic comma or line; each code
        # once, in the order typed.
        return list(dict.fromkeys(parse_code(part) for part in parts))

    @override
    def prepare_value(self, value: object) -> object:
        return ", ".join(value) if isinstance(value, list) else value


def parse_code(said: str) -> str:
    code = re.sub(r"[\s-]+", "_", said.strip())
    if not CODE.fullmatch(code):
        raise ValidationError(
            _(
                "“%(said)s” can’t be a code: use letters without accents, digits and "
                "underscores, and begin with a letter."
            ),
            params={"said": said},
        )
    return code


def build_language_attributes(language: str) -> dict[str, str]:
    return {"lang": language, "dir": languages.get_direction(language)}
