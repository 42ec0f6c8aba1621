"""How the people of a team are reached about a referral: by a person, and by telephone.

A decision that can't wait for a message is made by a call; so each side sees whom to
ask for, and the number.
"""

from dataclasses import dataclass

from amana.care.referrals import calendars, rota
from amana.care.referrals.models import Referral
from amana.trust.access.models import Team


@dataclass(frozen=True)
class Contact:
    """Whom to call of a team. `people` and `phone` are empty where none is known."""

    team: Team
    people: tuple[str, ...]
    """Names of those who answer today, covers included."""

    @property
    def organisation(self) -> str:
        return self.team.organisation.name

    @property
    def phone(self) -> str:
        return self.team.phone


def contact_of(team: Team) -> Contact:
    """Build the contact of a team, with the names of those who answer today."""
    people = rota.who_answers(team, calendars.today())
    return Contact(team, tuple(user.name for user in people))


def sender_contact(referral: Referral) -> Contact:
    """Build the contact of a sender, with the names of those who work on the case."""
    people = rota.who_sent(referral, calendars.today())
    return Contact(referral.sender, tuple(user.name for user in people))
