"""Propose that a colleague regains a key; tell whom it concerns; stop it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import tasks
from amana.trust.access.models.organisations import (
    ADMINISTRATORS,
    Membership,
    Role,
    Team,
    User,
)
from amana.trust.audit import log
from amana.trust.recovery.events import regaining_changed
from amana.trust.recovery.models import CONFIRMED_WITHIN, Regaining, RegainingStatus
from amana.trust.recovery.rules import propose_regaining, stop_regaining
from amana.trust.vault import epochs, keys, roster
from amana.trust.vault.models.team_keys import PersonKey, TeamKey


def is_lost(team: Team | int) -> bool:
    """Check whether no one who belongs to the team holds its key any more."""
    current = TeamKey.objects.filter(team=team, retired_at=None).first()
    return current is not None and not epochs.find_staying_wraps(current).exists()


def require_lost(team: Team | int) -> None:
    if not is_lost(team):
        raise Refused(
            _("A colleague holds this team’s key and can give others access.")
        )


@transaction.atomic
def propose(membership: Membership, *, by: User) -> Regaining:
    """Propose who gets the key of a team that has lost it."""
    propose_regaining.require(by, membership)
    # Locked before the check: two proposals at once would both find none.
    team = Team.objects.select_for_update(no_key=True).get(pk=membership.team_id)
    require_lost(team)
    recovery = keys.find_recovery_key(team.pk)
    if recovery is None:
        raise Refused(_("This team has no recovery key."))
    if not PersonKey.objects.filter(user=membership.user_id).exists():
        raise Refused(
            _("This colleague must first enter their code and set a passphrase.")
        )
    for stale in recovery.regainings.pending():
        if not is_stale(stale):
            raise Refused(_("This has already been proposed."))
        _withdraw(stale, by=by)
    made = Regaining.objects.create(
        recovery_key=recovery, membership=membership, proposed_by=by
    )
    made.told.set(list_people_to_notify(made))
    log.record(
        "proposed to regain key", made, by=by, team=team.pk, user=membership.user_id
    )
    sign_regaining(made, by=by)
    notify_about_regaining(made, by=by)
    return made


def is_stale(regaining: Regaining) -> bool:
    """Check whether its time is over, to be confirmed or to be carried out."""
    if regaining.state is RegainingStatus.PROPOSED:
        return timezone.now() - regaining.proposed_at >= CONFIRMED_WITHIN
    until = regaining.open_until
    return until is not None and timezone.now() >= until


def list_people_to_notify(regaining: Regaining) -> list[User]:
    """List two who answer for what happens to keys, other than those who act."""
    watching = Membership.objects.holding(
        [Role.DATA_PROTECTION_OFFICER, *ADMINISTRATORS]
    )
    acting = {
        *(regaining.proposed_by_id, regaining.confirmed_by_id),
        regaining.membership.user_id,
    } - {None}
    others = watching.filter(user__is_active=True).exclude(user__in=acting)
    kept = regaining.recovery_key.shares.values("custodian")
    apart = others.exclude(user__in=kept)  # from who opens it
    officers = apart.filter(role=Role.DATA_PROTECTION_OFFICER)
    found: dict[int, User] = {}
    for group in (officers, apart, others):
        for place in group.select_related("user").order_by("user"):
            if len(found) < 2:
                found.setdefault(place.user_id, place.user)
    return list(found.values())


def sign_regaining(regaining: Regaining, *, by: User) -> None:
    """Sign, as one of two, that this person gets the team's key."""
    roster.record_statement(
        "regain",
        by=keys.get_keyring(by),
        regaining=regaining.pk,
        team=regaining.membership.team_id,
        user=regaining.membership.user_id,
    )


def notify_about_regaining(regaining: Regaining, *, by: User) -> None:
    """Notify everyone whom it concerns; the custodians from its confirmation until
    their shares are destroyed, of which `custody.destroy_recovery_key` notifies them.
    """
    users = {
        *(regaining.proposed_by_id, regaining.confirmed_by_id),
        *(regaining.membership.user_id,),
        *regaining.told.values_list("pk", flat=True),
    }
    if regaining.confirmed_by_id is not None:
        kept = regaining.recovery_key.shares
        users |= set(kept.values_list("custodian", flat=True))
    whom = {pk for pk in users if pk is not None and pk != by.pk}
    regaining_changed.send(sender=Regaining, regaining=regaining, users=whom, by=by)
    tasks.notify_once_committed(sorted(whom), urgent=True)


@transaction.atomic
def stop(regaining: Regaining, *, by: User) -> None:
    """Withdraw it before the key is regained; what was released is gone."""
    stop_regaining.require(by, regaining)
    _withdraw(regaining, by=by)
    notify_about_regaining(regaining, by=by)


def _withdraw(regaining: Regaining, *, by: User) -> None:
    place = regaining.membership
    was_confirmed = regaining.state is RegainingStatus.CONFIRMED
    regaining.move(RegainingStatus.WITHDRAWN, ended_by=by)
    regaining.released.all().delete()
    log.record("withdrew to regain key", regaining, by=by, team=place.team_id)
    ring, known = keys.get_keyring(by), roster.get_roster()
    if regaining.pk in known.regainings:
        roster.record_statement("forgo", by=ring, regaining=regaining.pk)
    if was_confirmed and by.pk != place.user_id:
        # their place waits on: for a first word again, and a second one
        waiting = Membership.objects.waiting().filter(pk=place.pk)
        if waiting.update(proposed_by=by, proposed_at=timezone.now()):
            roster.record_statement(
                "propose", by=ring, user=place.user_id, team=place.team_id
            )
