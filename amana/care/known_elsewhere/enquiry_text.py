"""What is read aloud before another organisation is asked about a person."""

from django.utils import translation
from django.utils.translation import gettext as _

from amana.trust.access.models import Team

TEXT = "amana/care/known_elsewhere/enquiry_text.py"


def format_text(language: str, *, asked: Team) -> list[str]:
    """Format the sentences, in the person's language where we have it."""
    with translation.override(language):
        team = {"team": f"{asked.organisation.name} · {asked.name}"}
        # ADR 61: the person agrees to this one team, and these lines promise what the
        # code does.
        return [
            _("May I ask %(team)s whether they know you?") % team,
            _(
                "A computer compares your names, age, date of birth and telephone "
                "number with theirs."
            ),
            _("If they don’t know you, no one there learns that I asked about you."),
            _(
                "If they may know you, the people there who help you see that our "
                "team is asking, and who to call. They decide whether to answer."
            ),
            _("I only learn something if they answer."),
            _("If you don’t agree, we still help you."),
            _(
                "You can stop this at any time: tell anyone in our team who helps "
                "people. After 30 days it ends by itself."
            ),
        ]
