"""What the pages of a draft look up."""

from collections.abc import Mapping

from django import template

from amana.design.mechanism.labels import format_fault
from amana.faults import Fault

register = template.Library()


@register.filter
def of(path: str, numbers: Mapping[str, int]) -> int:
    """Return the number of the file at a path."""
    return numbers[path]


@register.filter
def words(fault: Fault) -> str:
    return format_fault(fault)


@register.filter
def inone(title: object) -> str:
    """Return the first of a title that is given once, or in several languages."""
    if isinstance(title, Mapping):
        return str(next(iter(title.values()), ""))
    return str(title)
