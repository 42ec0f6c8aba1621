"""Words put together as people write them, in the language of the page."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import pgettext


def format_list(things: Iterable[object]) -> str:
    """Format things one after the other: "a, b, c" here, "a، b، c" in Arabic; by their
    labels, where they have any."""
    # Not "a, b and c": the things may be in any language.
    return pgettext("between the things of a list", ", ").join(
        map(format_label, things)
    )


def format_label(thing: object) -> str:
    label = getattr(thing, "label", None)
    return str(label if isinstance(label, str | Promise) else thing)
