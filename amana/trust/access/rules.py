"""A rule defines who may do something, once: as a filter, and so for one object too."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404

from amana.trust.access.everyones import ScopedSubquery
from amana.trust.access.models import (
    ADMINISTRATORS,
    ANSWERING,
    KEYHOLDERS,
    Membership,
    Role,
    Team,
    User,
)


class Denied(PermissionDenied):
    """Someone tried what a rule forbids; `http.AttemptsMiddleware` writes it down."""

    def __init__(self, rule: "Rule", thing: Model) -> None:
        super().__init__(rule.name)
        self.rule = rule
        self.thing = thing


class NotAccessible(Http404):
    """Someone asked for a thing that isn't there for them; also written down."""

    def __init__(self, rule: "Rule", model: type[Model], lookup: Mapping[str, object]):
        super().__init__(rule.name)
        self.rule = rule
        self.model = model
        self.lookup = lookup


@dataclass(frozen=True)
class Rule:
    name: str
    where: Callable[[User], Q]
    parts: tuple["Rule", ...] = ()

    def among[M: Model](self, things: QuerySet[M], user: User) -> QuerySet[M]:
        """Filter those of `things` to which the rule admits `user`."""
        return things.filter(self.where(user))

    def permits(self, user: User, thing: Model) -> bool:
        stored = type(thing)._default_manager.filter(pk=thing.pk)
        return self.among(stored, user).exists()

    def require(self, user: User, thing: Model) -> None:
        if not self.permits(user, thing):
            raise Denied(self, thing)

    def find[M: Model](self, things: QuerySet[M], user: User, **lookup: object) -> M:
        """Find the one of `things` that `user` may see. Raises `NotAccessible`, a
        404."""
        found = self.among(things, user).filter(**lookup).first()
        if found is None:
            # The same answer as for a thing that does not exist, so that trying ids
            # shows nothing.
            raise NotAccessible(self, things.model, lookup)
        return found

    def explain(self, user: User, thing: Model) -> list[str]:
        """List the names of the rules that admit `user`; empty when none does."""
        parts = self.parts or (self,)
        return [
            name
            for part in parts
            for name in (
                part.explain(user, thing)
                if part.parts
                else [part.name] * part.permits(user, thing)
            )
        ]

    def __or__(self, other: "Rule") -> "Rule":
        return Rule(
            f"{self.name} or {other.name}",
            lambda user: self.where(user) | other.where(user),
            parts=(self, other),
        )

    def __and__(self, other: "Rule") -> "Rule":
        return Rule(
            f"{self.name} and {other.name}",
            lambda user: self.where(user) & other.where(user),
        )


def define_rule(where: Callable[[User], Q]) -> Rule:
    return Rule(where.__name__, where)


def find_team_ids(user: User, *roles: Role) -> RawSQL:
    """Find the ids of the teams in which `user` is now, or holds one of `roles`; a
    subquery."""
    return _teams_by(roles).of(user)


@cache
def _teams_by(roles: tuple[Role, ...]) -> ScopedSubquery:
    held = Membership.objects.active().filter(user__is_active=True)
    return ScopedSubquery(
        held.filter(role__in=roles) if roles else held, "team", whose="user"
    )


def find_teammates(user: User) -> QuerySet[Membership, object]:
    """Find everyone who shares a team with `user`, or once did."""
    # Those who have left too: leaving a team makes no one an independent second.
    ever = Membership.objects.filter(confirmed_at__isnull=False)
    own = ever.filter(user=user).values("team")
    return ever.filter(team__in=own).values("user")


def are_independent(one: User, other: User) -> bool:
    """Check whether these are two people who never shared a team."""
    return one != other and not find_teammates(one).filter(user=other).exists()


def find_memberships(user: User, *roles: Role) -> QuerySet[Membership]:
    """Find the places that `user` has now, in one of `roles`."""
    return Membership.objects.holding(roles).filter(user=user, user__is_active=True)


def has_role(user: User, roles: Iterable[Role]) -> bool:
    """Check whether `user` holds one of `roles` in any team, read from the database."""
    return find_memberships(user, *roles).exists()


# --- teams that use Amana, and teams that are reached by paper, page or telephone


def find_members_answering() -> QuerySet[Membership]:
    """Find the people who can open, and answer, what is sent to their team."""
    return Membership.objects.holding(ANSWERING).filter(user__is_active=True)


def can_answer_in_amana(team: Team | int) -> bool:
    """Check whether anyone in a team can open here what is sent to it.

    Who asks a person for consent has to explain how it gets there: a team for which
    this is False is reached by paper, or by a page that a spoken code opens."""
    return find_members_answering().filter(team=team).exists()


# --- organisations, teams and people

EVERYTHING, NOTHING = Q(pk__isnull=False), Q(pk__in=[])
"""Not `Q()`: an empty Q vanishes in an OR."""


@define_rule
def administer(user: User) -> Q:
    """Permit administrators and coordinators: any organisation, team or membership."""
    return EVERYTHING if has_role(user, ADMINISTRATORS) else NOTHING


@define_rule
def supervise_team(user: User) -> Q:
    return Q(pk__in=find_team_ids(user, Role.SUPERVISOR))


@define_rule
def belong_to_team(user: User) -> Q:
    return Q(pk__in=find_team_ids(user))


@define_rule
def admit_organisation(user: User) -> Q:
    """Permit to vouch for an organisation, or for another sphere, those who did not
    propose it: who administers, and supervisors of other organisations."""
    entered = Q(admitted_at=None, proposed_by__isnull=False) & ~Q(proposed_by=user)
    moved = ~Q(proposed_sphere="") & ~Q(sphere_proposed_by=user)
    led = Exists(find_memberships(user, Role.SUPERVISOR))
    theirs = Team.objects.filter(pk__in=find_team_ids(user))
    other = Q(led) & ~Q(pk__in=theirs.values("organisation"))
    return (administer.where(user) | other) & (entered | moved)


@define_rule
def belong_to_organisation(user: User) -> Q:
    homes = Team.objects.filter(pk__in=find_team_ids(user))
    return Q(pk__in=homes.values("organisation"))


propose_colleague = administer | supervise_team


@define_rule
def vouch_for(user: User) -> Q:
    """Permit, for people who are in: administrators, or who leads wherever they
    work."""
    return administer.where(user) | _led_alone(user, Membership.objects.active())


def match_not_joined() -> Q:
    """Match people who have no key yet: who were invited, and who only learns."""
    return Q(is_active=False) | Q(learner_since__isnull=False)


@define_rule
def invite_again(user: User) -> Q:
    """Permit, for people who have not joined yet, the same for the places they wait
    for."""
    waiting = Membership.objects.filter(ended_at=None)
    leads = administer.where(user) | _led_alone(user, waiting)
    return match_not_joined() & leads


def _led_alone(user: User, places: QuerySet[Membership]) -> Q:
    """Filter people whose every place a supervisor could have proposed, and no other
    one.

    A proposal alone gives no say over someone who works elsewhere."""
    led = Q(team__in=find_team_ids(user, Role.SUPERVISOR), role__in=KEYHOLDERS)
    elsewhere = places.exclude(led).values("user")
    return Q(pk__in=places.filter(led).values("user")) & ~Q(pk__in=elsewhere)


@define_rule
def suspend_person(user: User) -> Q:
    """Permit the same people, at once and alone; not for oneself, nor for who is out
    already."""
    return vouch_for.where(user) & Q(is_active=True) & ~Q(pk=user.pk)


@define_rule
def lift_suspension(user: User) -> Q:
    """Permit who administers, for others."""
    return Q(lifted_at=None) & administer.where(user) & ~Q(user=user)


@define_rule
def see_suspension(user: User) -> Q:
    administers = Q(Exists(find_memberships(user, *ADMINISTRATORS)))
    return administers | Q(user=user) | Q(by=user)


see_team = administer | belong_to_team
see_organisation = administer | belong_to_organisation | admit_organisation


@define_rule
def end_membership(user: User) -> Q:
    supervised = Q(team__in=find_team_ids(user, Role.SUPERVISOR))
    return Q(ended_at=None) & (administer.where(user) | supervised | Q(user=user))


@define_rule
def withdraw_own_proposal(user: User) -> Q:
    """Permit who proposed it, also when they may propose no one any more."""
    return Q(ended_at=None, proposed_by=user)


take_back_proposal = end_membership | withdraw_own_proposal


@define_rule
def see_membership(user: User) -> Q:
    return administer.where(user) | Q(team__in=find_team_ids(user)) | Q(user=user)


@define_rule
def manage_own_session(user: User) -> Q:
    return Q(user=user)


@define_rule
def manage_own_device(user: User) -> Q:
    return Q(user=user)
