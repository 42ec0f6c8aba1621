"""Phrases of the text that a mechanism has as sound, in voices that people trust.

A pack keeps them as `consent/audio/LANGUAGE/PHRASE.ogg`, `.mp3` or `.m4a`. A phrase is
the `name` of a sentence in `texts/*.toml`, or the key of a thing that is told. They are
played from here, under our own policy; nobody else is asked for anything."""

from pathlib import PurePosixPath

from django.urls import reverse

from amana.care.consent.rules import RECORDINGS
from amana.care.consent.wording import Wording, phrases_in
from amana.design.mechanism.models import Version, VersionFile

TYPES = {".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4"}


def recorded(text: Wording) -> dict[str, str]:
    """Find where each phrase of a text that is recorded can be heard. One query."""
    known = set(phrases_in(text.language))
    in_force = Version.objects.in_force().values("pk")
    found = VersionFile.objects.filter(
        version__in=in_force, path__startswith=f"{RECORDINGS}/{text.language}/"
    )
    rows = found.order_by("-version", "-path").values_list("pk", "path")
    named = {PurePosixPath(path).stem: pk for pk, path in rows}
    return {
        phrase: reverse("consent:recording", args=[pk])
        for phrase, pk in named.items()
        if phrase in known
    }
