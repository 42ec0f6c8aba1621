"""A form that was drawn before a colleague changed the same thing."""

from datetime import date, time
from typing import Any

from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amana.ui.labels import format_list

SEEN = "seen"
"""The field that says what was read before it was changed."""


def show_both(form: BaseForm, now: BaseForm, sentence: str) -> None:
    """Keep what was typed in `form`, and add to each field its value `now`.

    Sent again, it counts: the sender has read both."""
    form.add_error(None, sentence)
    for name, field in now.fields.items():
        typed = field.widget.value_from_datadict(form.data, form.files, name)
        stands = now.get_initial_for_field(field, name)
        if name != SEEN and field.has_changed(stands, typed):
            form.add_error(
                name,
                _("Current value: %(now)s") % {"now": format_field_value(now[name])},
            )
    form.data = form.data.copy()  # type: ignore[attr-defined]
    # The form now counts as read at this state; else sending it again would find the
    # same conflict for ever.
    form.data[SEEN] = now[SEEN].value()  # type: ignore[index]


def format_field_value(bound: BoundField) -> str:
    value: Any = bound.value()
    if isinstance(value, date):
        return str(date_format(value))
    if isinstance(value, time):
        return value.strftime("%H:%M")
    labels = {str(key): label for key, label in getattr(bound.field, "choices", ())}
    if labels:
        chosen = value if isinstance(value, list | tuple) else [value]
        return format_list(labels.get(str(choice), choice) for choice in chosen) or "–"
    return str(value or "–")
