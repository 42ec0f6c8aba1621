"""Two at once, on PostgreSQL: neither the floor nor a second word is passed twice."""

import pytest
from django.db import connection
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Role, Suspension
from amana.trust.vault import removal
from amana.trust.vault.models import KeyRemoval, TeamWrap
from amana.trust.vault.removal_states import RemovalStatus
from amana.trust.vault.tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _writers_at_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at any time")


def trying(act, refused):
    """Note a refusal, where another was first."""

    def work():
        try:
            act()
        except Refused as error:
            refused.append(error)

    return work


def test_of_three_keyholders_two_are_not_taken_out_at_once():
    team = given.make_team()
    workers = [given.make_worker(of=team) for _three in range(3)]
    extra = given.make_worker(of=team)
    coordinator = given.make_worker(role=Role.COORDINATOR)
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    made = [removal.propose_start_again(w, by=coordinator) for w in workers]
    for each in made:
        removal.confirm(each, by=officer)
    KeyRemoval.objects.update(effective_at=timezone.now())
    refused: list[str] = []

    at_once(*(trying(lambda e=each: removal.take_effect(e), refused) for each in made))

    effective = KeyRemoval.objects.filter(status=RemovalStatus.EFFECTIVE)
    assert effective.count() == 2
    assert len(refused) == 1
    left = TeamWrap.objects.values_list("person_key__user", flat=True)
    assert extra.pk in left
    assert len(left) == 2


def test_one_removal_takes_effect_once():
    team = given.make_team()
    workers = [given.make_worker(of=team) for _four in range(4)]
    coordinator = given.make_worker(role=Role.COORDINATOR)
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    made = removal.propose_start_again(workers[0], by=coordinator)
    removal.confirm(made, by=officer)
    KeyRemoval.objects.update(effective_at=timezone.now())
    refused: list[str] = []

    def once():
        removal.take_effect(KeyRemoval.objects.get(pk=made.pk))

    at_once(*(trying(once, refused) for _four in range(4)))

    assert len(refused) == 3
    removal.stop(KeyRemoval.objects.get(), by=officer)
    assert given.unlock_user(workers[0]).is_active


def test_two_who_suspend_at_once_leave_two_who_can_lift_it():
    first, second, third, fourth = [
        given.make_worker(role=Role.ADMINISTRATOR) for _four in range(4)
    ]
    refused: list[str] = []

    at_once(
        trying(lambda: access.suspend(third, by=first), refused),
        trying(lambda: access.suspend(fourth, by=second), refused),
    )

    assert Suspension.objects.count() == 1
    assert len(refused) == 1


def test_nobody_suspends_a_fourth_by_being_quick():
    supervisor = given.make_worker(role=Role.SUPERVISOR)
    team = supervisor.memberships.get().team
    workers = [given.make_worker(of=team) for _six in range(6)]
    refused: list[str] = []

    at_once(
        *(
            trying(lambda w=worker: access.suspend(w, by=supervisor), refused)
            for worker in workers
        )
    )

    assert Suspension.objects.count() == 3
    assert len(refused) == 3
