"""People say something, the night goes by, readers find themes in it."""

from django.utils import timezone

from amana.insight.feedback import actions
from amana.insight.feedback.models import Voice, WaitingVoice
from amana.insight.feedback.themes import Theme
from amana.trust.access.models import User


def say(codes: list[str], words: str = "The door of my room does not lock.") -> None:
    for code in codes:
        actions.answer_with_slip(code, {"safe": "no"}, words)


def mix() -> None:
    """Whatever there is, as after the end of the month."""
    WaitingVoice.objects.update(month=timezone.localdate().replace(year=2025, day=1))
    actions.mix_words()
    Voice.objects.update(month=timezone.localdate().replace(day=1))


def find(theme: Theme, *, by: User) -> None:
    """In all that nobody has read yet."""
    for voice in Voice.objects.unmarked():
        actions.mark_themes(voice, [theme], by=by)
