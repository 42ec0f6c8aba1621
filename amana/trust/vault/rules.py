"""Who may let a colleague in, and who may take their keys away."""

from django.db.models import Exists, OuterRef, Q

from amana.trust.access.models import (
    ADMINISTRATORS,
    KEYHOLDERS,
    Membership,
    MembershipQuerySet,
    Role,
    Team,
    User,
)
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    administer,
    define_rule,
    find_team_ids,
    find_teammates,
    has_role,
)
from amana.trust.vault.models import KeyRemoval, TeamKey
from amana.trust.vault.removal_states import PENDING, RemovalStatus


@define_rule
def confirm_in_team(user: User) -> Q:
    """Allow confirming a colleague of one's own team, proposed by another."""
    return is_proposed_by_another(user) & Q(team__in=find_team_ids(user, *KEYHOLDERS))


@define_rule
def confirm_where_no_key_is_needed(user: User) -> Q:
    """Allow administrators to confirm anywhere, where the role comes without a key, or
    none has been made yet.
    """
    has_key = Q(team__in=TeamKey.objects.values("team"))
    no_key_needed = ~Q(role__in=KEYHOLDERS) | ~has_key
    return is_proposed_by_another(user) & administer.where(user) & no_key_needed


confirm_membership = confirm_in_team | confirm_where_no_key_is_needed
"""The second of two people who vouch for a colleague.

Where the role comes with a key that exists, it is someone who holds that key."""


def is_proposed_by_another(user: User) -> Q:
    """Select those that wait, and are neither proposed by the person nor their own."""
    return Q(confirmed_at=None, ended_at=None) & ~Q(proposed_by=user) & ~Q(user=user)


# --- taking keys away

WATCHING = (*ADMINISTRATORS, Role.DATA_PROTECTION_OFFICER)
"""Roles that answer for what happens to keys, in any team."""


@define_rule
def confirm_clock(user: User) -> Q:
    """Allow confirming that the server's clock is right, after it was in doubt."""
    return EVERYTHING if has_role(user, WATCHING) else NOTHING


@define_rule
def answer_for_person(user: User) -> Q:
    """Allow acting for another person: administrators, coordinators and data-protection
    officers, and supervisors for people of their organisation.
    """
    everywhere = EVERYTHING if has_role(user, WATCHING) else NOTHING
    return (everywhere | _of_organisation(user, Role.SUPERVISOR)) & ~Q(user=user)


def _of_organisation(user: User, *roles: Role) -> Q:
    """Select those about people who work in an organisation where `user` holds one of
    these roles, or did until this removal. A mere proposal makes no one one of its
    people.
    """
    homes = Team.objects.filter(pk__in=find_team_ids(user, *roles)).values(
        "organisation"
    )
    there = Membership.objects.filter(team__organisation__in=homes)
    return (
        Q(user__in=there.active().values("user"))
        | Q(membership__in=there)
        | Q(status=RemovalStatus.EFFECTIVE) & Q(Exists(_proposed_anew(there)))
    )


def _proposed_anew(places: MembershipQuerySet) -> MembershipQuerySet:
    """Select, of these, the places that a removal left to be confirmed again: a place
    that another person proposed gives no right.
    """
    return places.waiting().filter(
        user=OuterRef("user"),
        proposed_by=OuterRef("proposed_by"),
        proposed_at__gt=OuterRef("proposed_at"),
    )


@define_rule
def confirm_removal(user: User) -> Q:
    """Allow confirming as the second person: of no team in which the first one is or
    was.
    """
    # People of one office are coerced, or deceived, together (ADR 53).
    waits = Q(status=RemovalStatus.PROPOSED) & ~Q(proposed_by__in=find_teammates(user))
    return waits & ~Q(proposed_by=user) & answer_for_person.where(user)


@define_rule
def is_concerned_by_removal(user: User) -> Q:
    told = KeyRemoval.told.through.objects.filter(user=user)
    acted = Q(proposed_by=user) | Q(confirmed_by=user)
    return Q(user=user) | acted | Q(pk__in=told.values("keyremoval"))


see_removal = answer_for_person | is_concerned_by_removal


@define_rule
def stop_removal(user: User) -> Q:
    """Allow stopping, before it takes effect and while it can be undone: for those who
    were informed or acted, and those who administer. A person who is to start again may
    keep the keys they have; whether a person leaves is for others to decide.
    """
    open_ = Q(status__in=[*PENDING, RemovalStatus.EFFECTIVE])
    own = Q(user=user, why=KeyRemoval.Why.START_AGAIN)
    others = is_concerned_by_removal.where(user) | administer.where(user)
    return open_ & (own | (others & ~Q(user=user)))


@define_rule
def allow_for_coordinator(user: User) -> Q:
    """Allow approving, as a coordinator, that fewer than two keyholders stay."""
    coordinates = EVERYTHING if has_role(user, [Role.COORDINATOR]) else NOTHING
    free = Q(status__in=PENDING, coordinator_word=None) & ~Q(user=user)
    return coordinates & free & (Q(organisation_word=None) | ~Q(organisation_word=user))


@define_rule
def allow_for_organisation(user: User) -> Q:
    """Allow the same for the person's organisation, to a supervisor or administrator of
    it, who didn't approve it as coordinator.
    """
    speaks = _of_organisation(user, Role.SUPERVISOR, Role.ADMINISTRATOR)
    free = Q(status__in=PENDING, organisation_word=None) & ~Q(user=user)
    return speaks & free & (Q(coordinator_word=None) | ~Q(coordinator_word=user))


allow_fewer_keyholders = allow_for_coordinator | allow_for_organisation
