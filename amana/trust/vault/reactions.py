"""What is said in the roster when others act."""

from typing import Any

from django.dispatch import receiver

from amana.trust.access.events import colleague_proposed, proposal_withdrawn
from amana.trust.access.models import Membership, User
from amana.trust.vault import roster
from amana.trust.vault.keys import Keyring, keyring_of


@receiver(colleague_proposed)
def proposed(membership: Membership, by: User, **kwargs: Any) -> None:
    """The first of two words for a colleague."""
    names = {"user": membership.user_id, "team": membership.team_id}
    roster.say("propose", by=keyring_of(by), **names)


@receiver(proposal_withdrawn)
def withdrawn(membership: Membership, by: User, **kwargs: Any) -> None:
    """Who declines for themselves isn't in the roster yet, and takes no word back."""
    ring, known = by.keyring, roster.now()
    if (membership.user_id, membership.team_id) not in known.proposed:
        return
    if isinstance(ring, Keyring) and known.here(ring.person_key_id):
        names = {"user": membership.user_id, "team": membership.team_id}
        roster.say("withdraw", by=ring, **names)
