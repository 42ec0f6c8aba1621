"""What is said in the roster when others act."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.events import (
    colleague_proposed,
    proposal_withdrawn,
    sphere_changed,
)
from amana.trust.access.models import Membership, Organisation, User
from amana.trust.vault import roster
from amana.trust.vault.keys import Keyring, get_keyring


@receiver(colleague_proposed)
def record_proposal(membership: Membership, by: User, **kwargs: object) -> None:
    """Record the proposer's statement for a colleague, the first of two."""
    names = {"user": membership.user_id, "team": membership.team_id}
    roster.record_statement("propose", by=get_keyring(by), **names)


@receiver(proposal_withdrawn)
def record_withdrawal(membership: Membership, by: User, **kwargs: object) -> None:
    """Record that a proposal was withdrawn. A person who declines for themselves isn't
    in the roster yet, and withdraws no statement.
    """
    ring, known = by.keyring, roster.get_roster()
    if (membership.user_id, membership.team_id) not in known.proposed:
        return
    if isinstance(ring, Keyring) and known.here(ring.person_key_id):
        names = {"user": membership.user_id, "team": membership.team_id}
        roster.record_statement("withdraw", by=ring, **names)


def sign_sphere(organisation: Organisation, sphere: str, by: User) -> str:
    """Sign for the sphere of an organisation; return who has to sign as well, or
    nothing.
    """
    before, pk = roster.get_roster(), organisation.pk
    ring, said = get_keyring(by), before.signings.get(pk)
    # The sphere is changed back before the second signature: signing for the present
    # one ends what was proposed.
    if before.spheres.get(pk) == sphere:
        if said:  # what was proposed meanwhile is taken back, with who signed for it
            roster.record_statement("sphere", by=ring, organisation=pk, sphere=sphere)
        return ""
    if said and said.sphere == sphere and ring.person_key_id in said.signers:
        raise Refused(_("You have already signed for this. Someone else must sign."))
    after = roster.record_statement("sphere", by=ring, organisation=pk, sphere=sphere)
    if after.spheres.get(pk) != sphere:
        return _(
            "You have signed for this. People from two other organisations must "
            "sign, so the next signature must come from an organisation other than "
            "yours."
        )
    if pk in before.spheres:
        sphere_changed.send(sender=Organisation, organisation=organisation, by=by)
    return ""
