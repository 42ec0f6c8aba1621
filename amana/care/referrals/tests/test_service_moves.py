"""A service moves to another team."""

import pytest
from django.core.exceptions import PermissionDenied

from amana import given
from amana.care.referrals import actions, referral_messages
from amana.care.referrals.models import Referral
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.access.models import Role, User


def test_what_is_under_way_stays_with_the_team_that_was_asked(
    referral: Referral, shelter: Service, shelter_worker: User, worker: User
) -> None:
    sister = given.make_team(of=shelter.organisation)
    of_sister = given.make_worker(of=sister, role=Role.FOCAL_POINT)
    directory.move_service(
        shelter, to=sister, by=given.make_worker(role=Role.COORDINATOR)
    )
    referral = Referral.objects.get()
    free = shelter.places_free

    with pytest.raises(PermissionDenied):
        actions.accept(referral, by=of_sister)
    actions.accept(referral, by=shelter_worker)
    shelter.refresh_from_db()
    assert shelter.places_free == free - 1
    assert (
        referral_messages.get_disclosure(referral).recipient
        == referral.recipient
        != sister
    )

    for step in (
        actions.record_attendance,
        actions.start_service,
        actions.complete_service,
    ):
        step(referral, by=shelter_worker)
    shelter.refresh_from_db()
    assert shelter.places_free == free


def test_what_is_sent_afterwards_goes_to_the_new_team(
    referral: Referral, shelter: Service, worker: User
) -> None:
    sister = given.make_team(of=shelter.organisation)
    of_sister = given.make_worker(of=sister, role=Role.FOCAL_POINT)
    directory.move_service(
        shelter, to=sister, by=given.make_worker(role=Role.COORDINATOR)
    )
    service = Service.objects.get(pk=shelter.pk)
    case = given.make_case(worked_on_by=worker)
    need = case.needs.get()

    with pytest.raises(Refused):
        actions.send(need, to=service, consent=referral.agreed, by=worker)
    again = given.make_referral(need=need, to=service, by=worker)

    assert again.recipient == sister
    actions.accept(again, by=of_sister)
