"""Phrases of the text that a mechanism has as sound, in voices that people trust.

A pack keeps them as `consent/audio/LANGUAGE/PHRASE.ogg`, `.mp3`, `.m4a` or `.wav`. A
phrase is the `name` of a sentence in `texts/*.toml`, or the key of a thing that is
shared. They are played from here, under our own policy; no other server is asked."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db.models.functions import Length
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from amana.care.consent.consent_text import WRITTEN, ConsentText, iterate_phrases
from amana.care.consent.rules import RECORDINGS
from amana.design.mechanism.models import Version, VersionFile
from amana.faults import Fault, gettext_noop

TYPES = {
    ".ogg": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
}
NO_PHRASE = gettext_noop(
    "The consent text in “%(language)s” has no phrase with this name: this "
    "recording would never be played."
)


@dataclass(frozen=True)
class PhraseRecording:
    """One recorded phrase: where it is, and what it costs to hear it."""

    url: str
    bytes: int

    @property
    def weight(self) -> str:
        return filesizeformat(self.bytes)


def iterate_unplayed(names: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each recording of a pack that belongs to no phrase."""
    for name in sorted(names):
        if name.startswith(f"{RECORDINGS}/"):
            language, file = name.removeprefix(f"{RECORDINGS}/").split("/")
            known = iterate_phrases(language) if language in WRITTEN else ()
            if PurePosixPath(file).stem not in known:
                yield Fault(name, 0, NO_PHRASE, {"language": language})


def map_sounds(text: ConsentText) -> dict[str, PhraseRecording]:
    """Find where each phrase of a text that is recorded can be heard. One query; no
    sound is loaded here, nor by the page before it is played."""
    known = set(iterate_phrases(text.language))
    in_force = Version.objects.in_force().values("pk")
    found = VersionFile.objects.filter(
        version__in=in_force, path__startswith=f"{RECORDINGS}/{text.language}/"
    )
    rows = found.order_by("version", "path").values_list(
        "pk", "path", Length("content")
    )
    # A later version's sound takes the place of an earlier one's.
    named = {PurePosixPath(path).stem: (pk, size) for pk, path, size in rows}
    return {
        phrase: PhraseRecording(reverse("consent:recording", args=[pk]), size)
        for phrase, (pk, size) in named.items()
        if phrase in known
    }
