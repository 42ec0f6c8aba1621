"""Notifications that something waits, and nothing more. They hold ids; no task reads a
case."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.tasks import task
from django.urls import reverse

from amana.care.consent.models import Destruction, VitalInterest
from amana.care.consent.rules import confirm_vital_interest
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.rules import uses_amana
from amana.trust.access.tasks import ask_each, ask_outside


@task
def tell_to_destroy(destruction_id: int) -> None:
    """Notify the recipient, unless they have confirmed meanwhile."""
    waiting = Destruction.objects.waiting().select_related(
        "consent__recipient", "vital_interest__recipient"
    )
    destruction = waiting.filter(pk=destruction_id).first()
    if destruction is None:
        return
    team = destruction.basis.recipient
    if not uses_amana(team):
        if team.email:
            slip = reverse("referrals:slip")
            ask_outside(team.email, settings.LANGUAGE_CODE, where=slip, urgent=True)
        return
    ask_each(addresses(team), urgent=True)


@task
def tell_to_confirm(interest_id: str) -> None:
    """Notify those who can be the second person, while no one has decided."""
    interest = undecided(interest_id)
    if interest is not None:
        # Where the team has no second person, the officers have to know at once:
        # waiting for the hour to pass would change nothing.
        found = second_people(interest) or officers(interest)
        ask_each(addresses_of(found), urgent=True)


@task
def tell_unconfirmed(interest_id: str) -> None:
    """Notify supervisors and data-protection officers: the hour is over."""
    interest = undecided(interest_id)
    if interest is not None:
        found = [*second_people(interest), *officers(interest)]
        ask_each(addresses_of(found), urgent=True)


def undecided(interest_id: str) -> VitalInterest | None:
    found = VitalInterest.objects.undecided().select_related(
        "case__team", "recorded_by"
    )
    return found.filter(pk=interest_id).first()


def second_people(interest: VitalInterest) -> list[User]:
    """List the supervisors who may confirm it; where there are none, all others who
    may."""
    team = interest.case.team
    held = Membership.objects.holding(KEYHOLDERS).filter(team=team)
    members = held.select_related("user").order_by("user")
    may = [m for m in members if confirm_vital_interest.permits(m.user, interest)]
    leading = [m.user for m in may if m.role == Role.SUPERVISOR]
    return list(dict.fromkeys(leading or [m.user for m in may]))


def officers(interest: VitalInterest) -> list[User]:
    """List those of the organisation that sent it; where it has none, all of them."""
    held = Membership.objects.holding([Role.DATA_PROTECTION_OFFICER])
    found = list(held.select_related("user", "team").order_by("user"))
    house = interest.case.team.organisation_id
    ours = [m.user for m in found if m.team.organisation_id == house]
    return list(dict.fromkeys(ours or [m.user for m in found]))


def addresses_of(people: Iterable[User]) -> Iterator[tuple[str, str]]:
    for user in dict.fromkeys(people):
        if user.is_active:
            yield user.email, user.language


def addresses(team: Team) -> Iterator[tuple[str, str]]:
    """Yield the team's own address; where it has none, those of its members."""
    if team.email:
        yield team.email, settings.LANGUAGE_CODE
        return
    members = Membership.objects.holding(KEYHOLDERS).filter(team=team)
    yield from members.values_list("user__email", "user__language").distinct()
