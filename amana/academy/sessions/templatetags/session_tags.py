"""What the room's own small forms need."""

from django import template

from amana.ui import once

register = template.Library()


@register.simple_tag
def once_key() -> str:
    """Make the key of a form that no component draws: what is sent twice counts
    once.
    """
    return once.make_key()
