"""The sound of a phrase, where the mechanism has it."""

from collections.abc import Mapping

from django import template

from amana.care.consent.recordings import PhraseRecording

register = template.Library()


@register.inclusion_tag("consent/sound.html")
def sound(
    sounds: Mapping[str, PhraseRecording] | str, phrase: str
) -> dict[str, PhraseRecording | None]:
    """Draw a player next to a phrase; nothing where it is not recorded."""
    return {"sound": sounds.get(phrase) if isinstance(sounds, Mapping) else None}
