"""Days, written as the reader's language does: *5 de marzo de 2031*."""

from typing import Any

from django.template.defaultfilters import date as format_as
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

FORMATS = (
    gettext_noop("j F"),
    gettext_noop("j F, H:i"),
    gettext_noop("j F Y"),
    gettext_noop("j F Y, H:i"),
    gettext_noop("j M"),
    gettext_noop("j M, H:i"),
    gettext_noop("j M Y"),
    gettext_noop("j M Y, H:i"),
    gettext_noop("F Y"),
    gettext_noop("l, j F"),
    gettext_noop("l, j F Y"),
    gettext_noop("l j F Y, H:i"),
)
"""The formats that templates ask for, each with its translation."""


def format_date(value: Any, form: str = "") -> str:
    """Format a day or time, in place of Django's `date`: by the format's translation.

    So that no template has to think of it; in some languages words stand between day
    and month, and no list of names of months holds them."""
    return str(format_as(value, _(form) if form else None))
