"""The sound of a phrase, where the mechanism has it."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.inclusion_tag("consent/sound.html")
def sound(sounds: Mapping[str, str] | str, phrase: str) -> dict[str, str]:
    """Draw a player beside a phrase; nothing where nobody has recorded it."""
    return {"url": sounds.get(phrase, "") if isinstance(sounds, Mapping) else ""}
