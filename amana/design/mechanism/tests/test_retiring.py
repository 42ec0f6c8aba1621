"""A mechanism retires on a day that all know of a week before."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana.design.mechanism import actions
from amana.design.mechanism.choosing import find_successor, list_versions_in_force
from amana.design.mechanism.models import State
from amana.design.mechanism.pack.tests.packs import DISTRICT, ROAD
from amana.errors import Refused
from amana.trust.audit.models import AuditEvent


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def other(coordinator):
    """What stays in force next to it."""
    return actions.adopt_shipped(DISTRICT, by=coordinator)


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=True)


def test_only_keepers_announce_it_for_a_mechanism_in_force(
    adopted, coordinator, worker, administrator, other
):
    mechanism = adopted.mechanism
    with pytest.raises(PermissionDenied):
        actions.announce_retirement(mechanism, on=in_days(9), by=worker)
    with pytest.raises(Refused, match="in force"):
        actions.announce_retirement(mechanism, on=in_days(9), by=coordinator)
    actions.put_in_force(adopted, by=administrator)
    actions.announce_retirement(mechanism, on=in_days(9), by=coordinator)

    mechanism.refresh_from_db()
    assert (mechanism.retires_on, mechanism.successor) == (in_days(9), None)
    assert not mechanism.is_retired
    assert AuditEvent.objects.filter(did="announced retirement").count() == 1


def test_the_last_one_in_force_does_not_retire(in_force, coordinator):
    """New cases would follow none: no pathway, and no law."""
    with pytest.raises(Refused, match="No other mechanism stays in force"):
        actions.announce_retirement(in_force.mechanism, on=in_days(9), by=coordinator)


def test_cases_go_from_one_to_the_next_that_is_in_force(
    in_force, other, coordinator, tmp_path
):
    """A into B, and B into C: B is no longer one into which cases go, once A ended."""
    third = actions.adopt_shipped(ROAD, by=coordinator)
    first, second = in_force.mechanism, other.mechanism
    actions.announce_retirement(first, on=in_days(7), successor=second, by=coordinator)
    with pytest.raises(Refused, match="continue in this one"):
        actions.announce_retirement(second, on=in_days(9), by=coordinator)
    with later(days=8):
        assert actions.end_if_unused(in_force, is_used=lambda: False)
        actions.announce_retirement(
            second, on=in_days(7), successor=third.mechanism, by=coordinator
        )
    with later(days=20):
        first.refresh_from_db()
        assert find_successor(first) == other
        assert actions.end_if_unused(other, is_used=lambda: False)
        assert find_successor(first) == third


def test_a_mechanism_next_to_others_is_brought_into_force_by_two(
    other, adopted, coordinator, administrator
):
    """One alone could have its terms of keeping, and its law, hold for all cases."""
    with pytest.raises(Refused, match="needs two people"):
        actions.put_in_force(adopted, by=coordinator)
    actions.put_in_force(adopted, by=administrator)
    assert {*list_versions_in_force()} == {other, adopted}


def test_it_is_called_off_by_keepers_alone(in_force, other, coordinator, worker):
    mechanism = in_force.mechanism
    with pytest.raises(Refused, match="does not retire"):
        actions.call_off_retirement(mechanism, by=coordinator)
    actions.announce_retirement(mechanism, on=in_days(9), by=coordinator)
    with pytest.raises(PermissionDenied):
        actions.call_off_retirement(mechanism, by=worker)
    actions.call_off_retirement(mechanism, by=coordinator)

    mechanism.refresh_from_db()
    assert mechanism.retires_on is None


def test_it_ends_once_it_has_retired_and_is_not_used(in_force, other, coordinator):
    actions.announce_retirement(in_force.mechanism, on=in_days(7), by=coordinator)
    assert not actions.end_if_unused(in_force, is_used=lambda: False)
    with later(days=8):
        assert not actions.end_if_unused(in_force, is_used=lambda: True)
        assert in_force in list_versions_in_force()
        assert actions.end_if_unused(in_force, is_used=lambda: False)
    in_force.refresh_from_db()
    assert in_force.state == State.SUPERSEDED


def test_a_new_version_of_one_that_ended_is_in_use_again(
    in_force, other, coordinator, supervisor, house, office
):
    actions.announce_retirement(in_force.mechanism, on=in_days(7), by=coordinator)
    with later(days=8):
        actions.end_if_unused(in_force, is_used=lambda: False)
    draft = actions.begin_draft(in_force, by=coordinator)
    actions.open_consultation(draft, by=coordinator)
    for organisation, by in ((house, supervisor), (office, coordinator)):
        actions.sign(draft, organisation=organisation, sha256=draft.sha256, by=by)
    actions.adopt(draft, by=coordinator)
    actions.put_in_force(draft, by=coordinator)

    draft.mechanism.refresh_from_db()
    assert draft.mechanism.retires_on is None
    assert {*list_versions_in_force()} == {draft, other}
