"""Notifications that something waits, and nothing more. They hold ids; no task reads a
case."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.tasks import task
from django.urls import reverse

from amana.care.consent.models import Destruction, VitalInterest
from amana.care.consent.rules import confirm_vital_interest
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.rules import can_answer_in_amana
from amana.trust.access.tasks import notify_each, notify_outside


@task
def notify_to_destroy(destruction_id: int) -> None:
    """Notify the recipient, unless they have confirmed meanwhile."""
    waiting = Destruction.objects.waiting().select_related(
        "consent__recipient", "vital_interest__recipient"
    )
    destruction = waiting.filter(pk=destruction_id).first()
    if destruction is None:
        return
    team = destruction.basis.recipient
    if not can_answer_in_amana(team):
        if team.email:
            slip = reverse("referrals:slip")
            notify_outside(team.email, settings.LANGUAGE_CODE, where=slip, urgent=True)
        return
    notify_each(iterate_team_addresses(team), urgent=True)


@task
def notify_to_confirm(interest_id: str) -> None:
    """Notify those who can be the second person, while no one has decided."""
    interest = find_undecided(interest_id)
    if interest is not None:
        # Where the team has no second person, the officers have to know at once:
        # waiting for the hour to pass would change nothing.
        found = list_second_people(interest) or list_officers(interest)
        notify_each(iterate_user_addresses(found), urgent=True)


@task
def notify_unconfirmed(interest_id: str) -> None:
    """Notify supervisors and data-protection officers: the hour is over."""
    interest = find_undecided(interest_id)
    if interest is not None:
        found = [*list_second_people(interest), *list_officers(interest)]
        notify_each(iterate_user_addresses(found), urgent=True)


def find_undecided(interest_id: str) -> VitalInterest | None:
    found = VitalInterest.objects.undecided().select_related(
        "case__team", "recorded_by"
    )
    return found.filter(pk=interest_id).first()


def list_second_people(interest: VitalInterest) -> list[User]:
    """List the supervisors who may confirm it; where there are none, all others who
    may."""
    team = interest.case.team
    held = Membership.objects.holding(KEYHOLDERS).filter(team=team)
    members = held.select_related("user").order_by("user")
    may = [m for m in members if confirm_vital_interest.permits(m.user, interest)]
    leading = [m.user for m in may if m.role == Role.SUPERVISOR]
    return list(dict.fromkeys(leading or [m.user for m in may]))


def list_officers(interest: VitalInterest) -> list[User]:
    """List those of the organisation that sent it; where it has none, all of them."""
    held = Membership.objects.holding([Role.DATA_PROTECTION_OFFICER])
    found = list(held.select_related("user", "team").order_by("user"))
    house = interest.case.team.organisation_id
    ours = [m.user for m in found if m.team.organisation_id == house]
    return list(dict.fromkeys(ours or [m.user for m in found]))


def iterate_user_addresses(people: Iterable[User]) -> Iterator[tuple[str, str]]:
    for user in dict.fromkeys(people):
        if user.is_active:
            yield user.email, user.language


def iterate_team_addresses(team: Team) -> Iterator[tuple[str, str]]:
    """Yield the team's own address; where it has none, those of its members."""
    if team.email:
        yield team.email, settings.LANGUAGE_CODE
        return
    members = Membership.objects.holding(KEYHOLDERS).filter(team=team)
    yield from members.values_list("user__email", "user__language").distinct()
