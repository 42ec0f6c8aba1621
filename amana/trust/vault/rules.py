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
    beside,
    holds,
    rule,
    teams_of,
)
from amana.trust.vault.models import KeyRemoval, TeamKey
from amana.trust.vault.removal_states import PENDING, RemovalStatus


@rule
def confirm_in_team(user: User) -> Q:
    """A colleague of one's own team, proposed by another."""
    return by_another(user) & Q(team__in=teams_of(user, *KEYHOLDERS))


@rule
def confirm_where_no_key_is_needed(user: User) -> Q:
    """Anywhere, for whoever administers: where the role comes without a key, or none
    has been made yet."""
    has_key = Q(team__in=TeamKey.objects.values("team"))
    no_key_needed = ~Q(role__in=KEYHOLDERS) | ~has_key
    return by_another(user) & administer.where(user) & no_key_needed


confirm_membership = confirm_in_team | confirm_where_no_key_is_needed
"""The second of two people who vouch for a colleague.

Where the role comes with a key that exists, it is someone who holds that key."""


def by_another(user: User) -> Q:
    """Waiting, and neither proposed by the person nor their own."""
    return Q(confirmed_at=None, ended_at=None) & ~Q(proposed_by=user) & ~Q(user=user)


# --- taking keys away

WATCHING = (*ADMINISTRATORS, Role.DATA_PROTECTION_OFFICER)
"""Roles that answer for what happens to keys, in any team."""


@rule
def confirm_clock(user: User) -> Q:
    """That the server's clock is right, after it was in doubt."""
    return EVERYTHING if holds(user, WATCHING) else NOTHING


@rule
def answer_for_person(user: User) -> Q:
    """About someone else: for administrators, coordinators and data-protection
    officers, and for supervisors about people of their organisation."""
    everywhere = EVERYTHING if holds(user, WATCHING) else NOTHING
    return (everywhere | _of_organisation(user, Role.SUPERVISOR)) & ~Q(user=user)


def _of_organisation(user: User, *roles: Role) -> Q:
    """About people who work in an organisation where `user` holds one of these roles,
    or did until this removal. A mere proposal makes nobody one of its people."""
    homes = Team.objects.filter(pk__in=teams_of(user, *roles)).values("organisation")
    there = Membership.objects.filter(team__organisation__in=homes)
    return (
        Q(user__in=there.active().values("user"))
        | Q(membership__in=there)
        | Q(status=RemovalStatus.EFFECTIVE) & Q(Exists(_proposed_anew(there)))
    )


def _proposed_anew(places: MembershipQuerySet) -> MembershipQuerySet:
    """Of these, the places that a removal left to be confirmed again: a place that
    someone else proposed gives no say."""
    return places.waiting().filter(
        user=OuterRef("user"),
        proposed_by=OuterRef("proposed_by"),
        proposed_at__gt=OuterRef("proposed_at"),
    )


@rule
def confirm_removal(user: User) -> Q:
    """As the second person: of no team in which the first one is or was."""
    waits = Q(status=RemovalStatus.PROPOSED) & ~Q(proposed_by__in=beside(user))
    return waits & ~Q(proposed_by=user) & answer_for_person.where(user)


@rule
def concerned_by_removal(user: User) -> Q:
    told = KeyRemoval.told.through.objects.filter(user=user)
    acted = Q(proposed_by=user) | Q(confirmed_by=user)
    return Q(user=user) | acted | Q(pk__in=told.values("keyremoval"))


see_removal = answer_for_person | concerned_by_removal


@rule
def stop_removal(user: User) -> Q:
    """Before it takes effect, and while it can be undone: those who were told or acted,
    and those who administer. Who starts again may keep the keys they have; whether
    somebody leaves is for others to say."""
    open_ = Q(status__in=[*PENDING, RemovalStatus.EFFECTIVE])
    own = Q(user=user, why=KeyRemoval.Why.START_AGAIN)
    others = concerned_by_removal.where(user) | administer.where(user)
    return open_ & (own | (others & ~Q(user=user)))


@rule
def allow_for_coordinator(user: User) -> Q:
    """That fewer than two keyholders stay, as a coordinator."""
    coordinates = EVERYTHING if holds(user, [Role.COORDINATOR]) else NOTHING
    free = Q(status__in=PENDING, coordinator_word=None) & ~Q(user=user)
    return coordinates & free & (Q(organisation_word=None) | ~Q(organisation_word=user))


@rule
def allow_for_organisation(user: User) -> Q:
    """The same for the person's organisation, as a supervisor or administrator of it,
    and not by the one who spoke as coordinator."""
    speaks = _of_organisation(user, Role.SUPERVISOR, Role.ADMINISTRATOR)
    free = Q(status__in=PENDING, organisation_word=None) & ~Q(user=user)
    return speaks & free & (Q(coordinator_word=None) | ~Q(coordinator_word=user))


allow_fewer_keyholders = allow_for_coordinator | allow_for_organisation
