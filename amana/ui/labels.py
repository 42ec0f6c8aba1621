"""Formats labels and lists of them as people write them, in the page's language."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import pgettext


def format_list(values: Iterable[object]) -> str:
    """Format values one after the other: "a, b, c" here, "a، b، c" in Arabic; by their
    labels, where they have any."""
    # Not "a, b and c": the values may be in any language.
    return pgettext("between the things of a list", ", ").join(
        map(format_label, values)
    )


def format_label(value: object) -> str:
    label = getattr(value, "label", None)
    return str(label if isinstance(label, str | Promise) else value)
