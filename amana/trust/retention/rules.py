"""Who sees what ends when, and who decides on holds and on requests to be forgotten."""

from django.db.models import Q

from amana.trust.access.models import ADMINISTRATORS, Role, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    define_rule,
    find_teammates,
    has_role,
)
from amana.trust.retention.record_kinds import build_overseen_filter, build_seen_filter
from amana.trust.retention.states import OPEN_REQUESTS, HoldStatus, RequestStatus

OFFICERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR})
"""Who sees the page: officers all of it, supervisors of what their team keeps."""
READERS = OFFICERS | ADMINISTRATORS | {Role.AUDITOR}


@define_rule
def read_retention(user: User) -> Q:
    """Allow reading the terms, and the list of what was erased, which names no one."""
    return EVERYTHING if has_role(user, READERS) else NOTHING


@define_rule
def see_hold(user: User) -> Q:
    return build_overseen_filter(user)


@define_rule
def confirm_hold(user: User) -> Q:
    """Allow confirming as the second person."""
    return Q(status=HoldStatus.PROPOSED) & ~Q(set_by=user) & build_overseen_filter(user)


@define_rule
def withdraw_hold(user: User) -> Q:
    return Q(status=HoldStatus.PROPOSED, set_by=user) & build_overseen_filter(user)


@define_rule
def lift_hold(user: User) -> Q:
    """Allow proposing it as the first of two."""
    return Q(status=HoldStatus.CONFIRMED) & build_overseen_filter(user)


@define_rule
def confirm_lifting(user: User) -> Q:
    """Allow lifting as the second, of no team in which the first one is or was: what a
    hold kept may be erased the next night.
    """
    independent = ~Q(lift_by=user) & ~Q(lift_by__in=find_teammates(user))
    return Q(status=HoldStatus.LIFTING) & independent & build_overseen_filter(user)


@define_rule
def keep_hold(user: User) -> Q:
    """Allow deciding that it is not lifted after all."""
    return Q(status=HoldStatus.LIFTING) & build_overseen_filter(user)


@define_rule
def see_request(user: User) -> Q:
    return build_seen_filter(user) | build_overseen_filter(user)


@define_rule
def answer_request(user: User) -> Q:
    """Allow granting as the first of two."""
    return Q(status=RequestStatus.RECEIVED) & build_overseen_filter(user)


@define_rule
def refuse_request(user: User) -> Q:
    """Allow refusing, also after another has granted it: what keeps a record needs one
    person only.
    """
    return Q(status__in=OPEN_REQUESTS) & build_overseen_filter(user)


@define_rule
def confirm_request(user: User) -> Q:
    """Allow confirming as the second, of no team in which the first one is or was."""
    # People of one team may be pressed together (ADR 53): the same rule as for keys.
    independent = ~Q(decided_by=user) & ~Q(decided_by__in=find_teammates(user))
    return Q(status=RequestStatus.GRANTED) & independent & build_overseen_filter(user)


@define_rule
def stop_request(user: User) -> Q:
    """Allow stopping before anything is erased: the person has changed their mind."""
    return Q(status__in=OPEN_REQUESTS) & see_request.where(user)
