"""What is read aloud before another organisation is asked about a person."""

from django.utils import translation
from django.utils.translation import gettext as _

from amana.trust.access.models import Team


def text_in(language: str, *, asked: Team) -> list[str]:
    """The sentences, in the person's language where we have it."""
    with translation.override(language):
        team = {"team": f"{asked.organisation.name} · {asked.name}"}
        return [
            _("May I ask %(team)s whether they know you?") % team,
            _(
                "A computer compares your names, age, date of birth and telephone "
                "number with theirs."
            ),
            _("If they don’t know you, none of them learns that I asked about you."),
            _(
                "If they may know you, those there who help you learn that our team "
                "asks, and whom to call. They decide whether to answer."
            ),
            _("I only learn something if they answer."),
            _("If you say no, we still help you."),
            _(
                "You can stop it at any time: tell anyone in our team who helps "
                "people. After 30 days it ends by itself."
            ),
        ]
