"""Organisations, teams and people: proposed by one, admitted by another."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import codes, sessions, tasks
from amana.trust.access.models import (
    ADMINISTRATORS,
    KEYHOLDERS,
    Invitation,
    Membership,
    Organisation,
    Role,
    Session,
    Team,
    User,
)
from amana.trust.access.rules import (
    Denied,
    administer,
    admit_organisation,
    holds,
    invite_again,
    own_session,
    propose_colleague,
    take_back_proposal,
)
from amana.trust.audit import log

INVITATION_BITS = 90


# --- organisations and teams


@transaction.atomic
def propose_organisation(
    *, name: str, kind: str, sphere: str, by: User
) -> Organisation:
    """Enter an organisation; it takes part once another administrator has agreed."""
    if not holds(by, ADMINISTRATORS):
        raise Denied(administer, by)
    organisation = Organisation.objects.create(
        name=name, kind=kind, sphere=sphere, proposed_by=by
    )
    log.record("proposed organisation", organisation, by=by, sphere=sphere)
    return organisation


@transaction.atomic
def admit(organisation: Organisation, *, by: User) -> None:
    """Vouch, as the second person, that an organisation is what it says."""
    administer.require(by, organisation)
    waiting = admit_organisation.among(Organisation.objects.all(), by)
    now = timezone.now()
    if not waiting.filter(pk=organisation.pk).update(admitted_at=now, confirmed_by=by):
        raise Refused(
            _("Someone other than who proposed this organisation has to admit it.")
        )
    organisation.admitted_at, organisation.confirmed_by = now, by
    log.record("admitted organisation", organisation, by=by)


@transaction.atomic
def change_organisation(organisation: Organisation, *, by: User, **to: str) -> None:
    """Correct the name or the kind; another sphere needs another admission."""
    administer.require(by, organisation)
    if to.get("sphere", organisation.sphere) != organisation.sphere:
        organisation.admitted_at = organisation.confirmed_by = None
        organisation.proposed_by = by
    for name, value in to.items():
        setattr(organisation, name, value)
    organisation.save()
    log.record("changed organisation", organisation, by=by, fields=sorted(to))


@transaction.atomic
def add_team(
    organisation: Organisation, *, name: str, email: str, phone: str = "", by: User
) -> Team:
    administer.require(by, organisation)
    team = Team.objects.create(
        organisation=organisation, name=name, email=email, phone=phone
    )
    log.record("added team", team, by=by, organisation=organisation.pk)
    return team


@transaction.atomic
def change_team(
    team: Team, *, name: str, email: str, phone: str = "", by: User
) -> None:
    administer.require(by, team)
    team.name, team.email, team.phone = name, email, phone
    team.save()
    log.record("changed team", team, by=by)


# --- people


@transaction.atomic
def propose(
    team: Team, *, email: str, name: str, language: str, role: Role, by: User
) -> tuple[Membership, str]:
    """Propose a colleague for a team; the code is for a newcomer, else empty."""
    propose_colleague.require(by, team)
    if role not in KEYHOLDERS and not holds(by, ADMINISTRATORS):
        raise Refused(_("Only administrators and coordinators can propose this role."))
    user = User.objects.filter(email=email.lower()).first()
    needs_code = user is None or not (
        user.is_active or Invitation.objects.open().filter(user=user).exists()
    )
    if user is None:
        user = User.objects.create_user(
            email, name=name, language=language, is_active=False
        )
    if Membership.objects.filter(user=user, team=team, role=role, ended_at=None):
        raise Refused(_("This colleague has this role already, or waits for it."))
    membership = Membership.objects.create(
        user=user, team=team, role=role, proposed_by=by
    )
    log.record(
        "proposed colleague", membership, by=by, user=user.pk, team=team.pk, role=role
    )
    needs_code = needs_code and invite_again.permits(by, user)
    return membership, invite(user, by=by) if needs_code else ""


@transaction.atomic
def renew_invitation(user: User, *, by: User) -> str:
    """A new code for someone who has not joined yet; the old one opens nothing."""
    out = Invitation.objects.filter(user=user, user__is_active=False)
    if not out.exists():
        raise Refused(_("This colleague has joined already and needs no code."))
    invite_again.require(by, user)
    return invite(user, by=by)


def invite(user: User, *, by: User | None) -> str:
    code = codes.new(INVITATION_BITS)
    now = timezone.now()
    Invitation.objects.update_or_create(
        user=user,
        defaults={
            "code": codes.digest(codes.read(code)),
            "made_by": by,
            "made_at": now,
            "expires_at": now + Invitation.TIME_TO_JOIN,
        },
    )
    log.record("made invitation", user, by=by)
    transaction.on_commit(lambda: tasks.tell_invited.enqueue(user.pk))
    return code


@transaction.atomic
def withdraw_proposal(membership: Membership, *, by: User) -> None:
    """Take a proposal back before it was confirmed; who was proposed may decline it."""
    take_back_proposal.require(by, membership)
    waiting = Membership.objects.waiting().filter(pk=membership.pk)
    if not waiting.update(ended_at=timezone.now()):
        raise Refused(_("This has been confirmed meanwhile, so it can't be withdrawn."))
    others = Membership.objects.filter(user=membership.user_id, ended_at=None)
    if not others.exists():
        Invitation.objects.filter(user=membership.user_id).delete()
        close(membership.user)
    log.record("withdrew proposal", membership, by=by)


def close(user: User) -> None:
    """Close an account: no sign-in, no session. The name stays for the log."""
    user.is_active = False
    user.end_sessions()
    user.save(update_fields=["is_active", "password"])
    sessions.end_all(user)


# --- oneself


@transaction.atomic
def change_profile(user: User, *, name: str, language: str, by: User) -> None:
    if user.pk != by.pk:
        raise Denied(own_session, user)
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    log.record("changed own profile", user, by=by)


@transaction.atomic
def end_session(session: Session, *, by: User) -> None:
    """End one of one's own sessions, on a device that is elsewhere or lost."""
    own_session.require(by, session)
    session.delete()
    log.record("ended session", by, by=by)


@transaction.atomic
def end_other_sessions(*, by: User, but: str | None) -> int:
    ended = sessions.end_all(by, but=but)
    log.record("ended other sessions", by, by=by, ended=ended)
    return ended


# --- the beginning


@transaction.atomic
def found(
    *, organisation: str, sphere: str, administrators: list[tuple[str, str]]
) -> dict[str, str]:
    """Enter the first organisation and its administrators; returns their codes.

    Only where there is nobody yet. From then on it takes two of them for anything.
    """
    if User.objects.exists() or Organisation.objects.exists():
        raise Refused(_("There are people here already, so nothing can be founded."))
    if len({email.lower() for email, _name in administrators}) < 2:
        raise Refused(_("It takes two different people to begin."))
    now = timezone.now()
    first = Organisation.objects.create(
        name=organisation, sphere=sphere, admitted_at=now
    )
    team = Team.objects.create(organisation=first, name=_("Administration"))
    log.record("founded", first, by=None)
    return {email: _first(team, email, name, now) for email, name in administrators}


def _first(team: Team, email: str, name: str, now: Any) -> str:
    user = User.objects.create_user(email, name=name, is_active=False)
    Membership.objects.create(
        user=user, team=team, role=Role.ADMINISTRATOR, confirmed_at=now
    )
    return invite(user, by=None)
