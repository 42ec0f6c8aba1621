"""Organisations, teams and people: proposed by one, admitted by another."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import codes, gates, sessions, tasks
from amana.trust.access.events import (
    colleague_proposed,
    proposal_withdrawn,
    suspension_changed,
)
from amana.trust.access.models import (
    ADMINISTRATORS,
    KEYHOLDERS,
    Invitation,
    Membership,
    Organisation,
    Role,
    Session,
    Suspension,
    Team,
    User,
)
from amana.trust.access.rules import (
    Denied,
    administer,
    admit_organisation,
    has_role,
    invite_again,
    lift_suspension,
    manage_own_session,
    match_not_joined,
    propose_colleague,
    suspend_person,
    take_back_proposal,
)
from amana.trust.audit import log

INVITATION_BITS = 90
FEWEST = 2
"""How many stay who can lift a suspension, and let others in."""


# --- organisations and teams


@transaction.atomic
def propose_organisation(
    *, name: str, kind: str, sphere: str, by: User
) -> Organisation:
    """Enter an organisation, and sign for its sphere; it takes part once people of two
    other organisations have."""
    if not has_role(by, ADMINISTRATORS):
        raise Denied(administer, by)
    organisation = Organisation.objects.create(
        name=name, kind=kind, sphere=sphere, proposed_by=by
    )
    gates.sign_for_sphere(organisation, sphere, by=by)
    log.record("proposed organisation", organisation, by=by, sphere=sphere)
    return organisation


@transaction.atomic
def admit(organisation: Organisation, *, by: User) -> str:
    """Vouch that an organisation is what it claims to be, or for another sphere that
    was proposed; return who has to sign as well before that holds, or nothing."""
    # `no_key`: rows that refer to the organisation may still be added meanwhile.
    waiting = Organisation.objects.select_for_update(of=["self"], no_key=True)
    found = admit_organisation.among(waiting, by).filter(pk=organisation.pk).first()
    if found is None:
        administer.require(by, organisation)
        raise Refused(
            _(
                "The person who proposed this organisation can’t admit it. Ask someone "
                "else."
            )
        )
    sphere = found.proposed_sphere or found.sphere
    if missing := gates.sign_for_sphere(found, sphere, by=by):
        log.record("signed for organisation", organisation, by=by, sphere=sphere)
        return missing
    if found.admitted_at is None:
        changes = {"admitted_at": timezone.now(), "confirmed_by": by}
    else:
        changes = {
            "sphere": sphere,
            "proposed_sphere": "",
            "sphere_proposed_by": None,
        }
    Organisation.objects.filter(pk=found.pk).update(**changes)
    for name, value in changes.items():
        setattr(organisation, name, value)
    did = "moved organisation" if found.admitted_at else "admitted organisation"
    log.record(did, organisation, by=by, sphere=sphere)
    return ""


@transaction.atomic
def change_organisation(
    organisation: Organisation, *, by: User, sphere: str = "", **to: str
) -> None:
    """Correct the name or the kind. Another sphere of one that takes part is proposed:
    it changes nothing before people of two other organisations have signed for it."""
    administer.require(by, organisation)
    for name, value in to.items():
        setattr(organisation, name, value)
    before = organisation.proposed_sphere or organisation.sphere
    if is_moved := bool(sphere) and sphere != before:
        if organisation.admitted_at is None:
            organisation.sphere, organisation.proposed_by = sphere, by
        else:
            # Proposing the sphere that it has withdraws the proposal, with its
            # signatures.
            is_back = sphere == organisation.sphere
            organisation.proposed_sphere = "" if is_back else sphere
            organisation.sphere_proposed_by = None if is_back else by
    organisation.save()
    if is_moved:
        gates.sign_for_sphere(organisation, sphere, by=by)
    fields = sorted([*to, *(["sphere"] if is_moved else [])])
    log.record("changed organisation", organisation, by=by, fields=fields)


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
    if role not in KEYHOLDERS and not has_role(by, ADMINISTRATORS):
        raise Refused(_("Only administrators and coordinators can propose this role."))
    user = User.objects.filter(email=email.lower()).first()
    # Who only learns has an account, and yet no key: they join with a code as others.
    needs_code = (
        user is None
        or user.only_learns
        or not (user.is_active or Invitation.objects.open().filter(user=user).exists())
    )
    if user is None:
        user = User.objects.create_user(
            email, name=name, language=language, is_active=False
        )
    if Membership.objects.filter(user=user, team=team, role=role, ended_at=None):
        raise Refused(_("This colleague already has this role or is waiting for it."))
    membership = Membership.objects.create(
        user=user, team=team, role=role, proposed_by=by
    )
    log.record(
        "proposed colleague", membership, by=by, user=user.pk, team=team.pk, role=role
    )
    colleague_proposed.send(sender=Membership, membership=membership, by=by)
    # A proposal alone gives no say over someone who works elsewhere: no code for them,
    # with which they could be admitted again.
    needs_code = needs_code and invite_again.permits(by, user)
    needs_code = needs_code and not is_suspended(user)
    return membership, invite(user, by=by) if needs_code else ""


@transaction.atomic
def renew_invitation(user: User, *, by: User) -> str:
    """Make a new code for someone who has not joined yet; the old one opens nothing."""
    out = User.objects.filter(match_not_joined(), pk=user.pk, invitation__isnull=False)
    if not out.exists():
        raise Refused(_("This colleague has already joined and doesn’t need a code."))
    invite_again.require(by, user)
    if is_suspended(user):
        raise Refused(
            _(
                "This colleague is suspended. An administrator or "
                "coordinator must lift the suspension first."
            )
        )
    return invite(user, by=by)


def invite(user: User, *, by: User | None) -> str:
    code = codes.create_code(INVITATION_BITS)
    now = timezone.now()
    Invitation.objects.update_or_create(
        user=user,
        defaults={
            "code": codes.compute_digest(codes.parse_code(code)),
            "made_by": by,
            "made_at": now,
            "expires_at": now + Invitation.TIME_TO_JOIN,
        },
    )
    log.record("made invitation", user, by=by)
    transaction.on_commit(lambda: tasks.notify_invited.enqueue(user.pk))
    return code


@transaction.atomic
def withdraw_proposal(membership: Membership, *, by: User) -> None:
    """Take a proposal back before it was confirmed; who was proposed may decline it."""
    take_back_proposal.require(by, membership)
    waiting = Membership.objects.waiting().filter(pk=membership.pk)
    if not waiting.update(ended_at=timezone.now()):
        raise Refused(_("This has already been confirmed, so it can’t be withdrawn."))
    if not _other_places(membership).exists():
        gates.require_to_close(membership.user)
        Invitation.objects.filter(user=membership.user_id).delete()
        if not membership.user.only_learns:  # who learned before goes on learning
            close_account(membership.user)
    log.record("withdrew proposal", membership, by=by)
    proposal_withdrawn.send(sender=Membership, membership=membership, by=by)


def list_bound_by_keys(waiting: Iterable[Membership]) -> set[int]:
    """List those of these places that can't be withdrawn: it would close an account
    that holds more than a proposal."""
    kept = [p for p in waiting if p.user.is_active and gates.needs_open_account(p.user)]
    return {p.pk for p in kept if not _other_places(p).exists()}


def _other_places(membership: Membership) -> QuerySet[Membership]:
    theirs = Membership.objects.filter(user=membership.user_id, ended_at=None)
    return theirs.exclude(pk=membership.pk)


def close_account(user: User) -> None:
    """Close an account: no sign-in, no session. The name stays for the log."""
    user.is_active = False
    user.end_sessions()
    user.save(update_fields=["is_active", "password"])
    sessions.end_all_sessions(user)


# --- suspending


MOST_A_DAY = 3
"""How many one person suspends in 24 hours: else one alone would stop the house."""


@transaction.atomic
def suspend(user: User, *, by: User) -> Suspension:
    """Keep someone out at once: no sign-in, no session. Nothing of theirs is lost."""
    suspend_person.require(by, user)
    _hold_still(user, by)
    now = timezone.now()
    today = Suspension.objects.filter(by=by, suspended_at__gt=now - timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        raise Refused(
            _(
                "You can suspend at most three people a day. Ask another colleague "
                "who can suspend people."
            )
        )
    if has_role(user, ADMINISTRATORS) and count_lifting(without=[user, by]) < FEWEST:
        raise Refused(
            _(
                "At least two other people who can lift a suspension must remain. Ask "
                "one of them."
            )
        )
    suspension = Suspension.objects.create(user=user, by=by, suspended_at=now)
    close_account(user)
    log.record("suspended colleague", suspension, by=by, user=user.pk)
    _tell_of(suspension, by=by)
    return suspension


@transaction.atomic
def end_suspension(suspension: Suspension, *, by: User) -> None:
    """Admit someone again who was suspended, as if it had never been."""
    lift_suspension.require(by, suspension)
    current = Suspension.objects.current().filter(pk=suspension.pk)
    if not current.update(lifted_by=by, lifted_at=timezone.now()):
        raise Refused(_("Someone else has already lifted this suspension."))
    user = User.objects.select_for_update(no_key=True).get(pk=suspension.user_id)
    places = Membership.objects.filter(user=user, ended_at=None)
    # Who still has a code to use joins with it first.
    joins_first = Invitation.objects.filter(user=user).exists()
    user.is_active = user.only_learns or (places.exists() and not joins_first)
    user.save(update_fields=["is_active"])
    log.record("lifted suspension", suspension, by=by, user=user.pk)
    _tell_of(suspension, by=by)


def _hold_still(user: User, by: User) -> None:
    """Lock everyone who can lift a suspension, and these two."""
    lifting = Membership.objects.holding(ADMINISTRATORS).values("user")
    # Two who suspend at once wait for each other, so that both are counted; locked in
    # one order, so that neither waits for ever.
    people = User.objects.filter(Q(pk__in=lifting) | Q(pk__in=[user.pk, by.pk]))
    list(people.order_by("pk").select_for_update(no_key=True))


def count_lifting(*, without: Iterable[User] = ()) -> int:
    """Count how many others can lift a suspension now, and admit people."""
    held = Membership.objects.holding(ADMINISTRATORS).filter(user__is_active=True)
    return held.exclude(user__in=list(without)).values("user").distinct().count()


def is_suspended(user: User) -> bool:
    return Suspension.objects.current().filter(user=user).exists()


def _tell_of(suspension: Suspension, *, by: User) -> None:
    """Notify the person, and two who could lift it."""
    lifting = Membership.objects.holding(ADMINISTRATORS).filter(user__is_active=True)
    others = lifting.exclude(user__in=[suspension.user_id, by.pk]).order_by("user")
    watching = others.values_list("user", flat=True).distinct()[:2]
    users = sorted({suspension.user_id, suspension.by_id, *watching} - {by.pk})
    suspension_changed.send(
        sender=Suspension, suspension=suspension, users=users, by=by
    )
    tasks.notify_once_committed(users, urgent=True)


# --- oneself


@transaction.atomic
def change_profile(user: User, *, name: str, language: str, by: User) -> None:
    if user.pk != by.pk:
        raise Denied(manage_own_session, user)
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    log.record("changed own profile", user, by=by)


@transaction.atomic
def end_session(session: Session, *, by: User) -> None:
    """End one of one's own sessions, on a device that is elsewhere or lost."""
    manage_own_session.require(by, session)
    session.delete()
    log.record("ended session", by, by=by)


@transaction.atomic
def end_other_sessions(*, by: User, but: str | None) -> int:
    ended = sessions.end_all_sessions(by, but=but)
    log.record("ended other sessions", by, by=by, ended=ended)
    return ended
