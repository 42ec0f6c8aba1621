"""How the people of a team are reached about a referral: by a person, and by telephone.

A decision that can't wait for a message is made by a call; so each side sees whom to
ask for, and the number.
"""

from dataclasses import dataclass

from amana.care.referrals import calendars, rota
from amana.care.referrals.models import Referral
from amana.trust.access.models import Team


@dataclass(frozen=True)
class TeamContact:
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


def build_team_contact(team: Team) -> TeamContact:
    """Build the contact of a team, with the names of those who answer today."""
    people = rota.list_people_answering(team, calendars.get_today())
    return TeamContact(team, tuple(user.name for user in people))


def build_sender_contact(referral: Referral) -> TeamContact:
    """Build the contact of a sender, with the names of those who work on the case."""
    people = rota.list_people_of_sender(referral, calendars.get_today())
    return TeamContact(referral.sender, tuple(user.name for user in people))
