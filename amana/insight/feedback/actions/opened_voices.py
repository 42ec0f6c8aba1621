"""Those who read: open words, find their themes. Each opening stands in the log."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.feedback import sealing
from amana.insight.feedback.models import Complaint, ComplaintMessage, Voice, VoiceTheme
from amana.insight.feedback.rules import answer_complaint, read_voice
from amana.insight.feedback.themes import Theme
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def open_voices(voices: Sequence[Voice], *, by: User) -> dict[object, str]:
    """Open words, by their ids, with one event for all of them."""
    allowed = read_voice.among(
        Voice.objects.filter(pk__in=[voice.pk for voice in voices]), by
    )
    found = list(allowed.select_related("team_key"))
    log.record("read feedback", by=by, number=len(found))
    return {voice.pk: sealing.open_words(voice, by=by) for voice in found}


@transaction.atomic
def mark_themes(voice: Voice, themes: Collection[Theme], *, by: User) -> None:
    """Mark a person's words with the themes that they are about."""
    read_voice.require(by, voice)
    if not themes:
        raise Refused(_("Choose at least one theme."))
    VoiceTheme.objects.filter(voice=voice).delete()
    VoiceTheme.objects.bulk_create(
        [VoiceTheme(voice=voice, theme=theme) for theme in themes]
    )
    log.record("found themes", by=by)


@transaction.atomic
def open_complaint(
    complaint: Complaint, *, by: User
) -> list[tuple[ComplaintMessage, str]]:
    """Open its letters, oldest first."""
    answer_complaint.require(by, complaint)
    first = complaint.letters.filter(turn=ComplaintMessage.Turn.FIRST)
    letters = first.select_related("team_key")
    in_order = sorted(letters, key=lambda one: (one.written_on, one.answers))
    log.record("read complaint", complaint, by=by)
    return [(letter, sealing.open_letter(letter, by=by)) for letter in in_order]
