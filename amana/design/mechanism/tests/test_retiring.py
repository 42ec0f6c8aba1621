"""A mechanism retires on a day that all know of a week before."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana.design.mechanism import actions
from amana.design.mechanism.choosing import list_versions_in_force
from amana.design.mechanism.models import State
from amana.errors import Refused
from amana.trust.audit.models import AuditEvent


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=True)


def test_only_keepers_announce_it_for_a_mechanism_in_force(
    adopted, coordinator, worker
):
    mechanism = adopted.mechanism
    with pytest.raises(PermissionDenied):
        actions.announce_retirement(mechanism, on=in_days(9), by=worker)
    with pytest.raises(Refused, match="in force"):
        actions.announce_retirement(mechanism, on=in_days(9), by=coordinator)
    actions.put_in_force(adopted, by=coordinator)
    actions.announce_retirement(mechanism, on=in_days(9), by=coordinator)

    mechanism.refresh_from_db()
    assert (mechanism.retires_on, mechanism.successor) == (in_days(9), None)
    assert not mechanism.is_retired
    assert AuditEvent.objects.filter(did="announced retirement").count() == 1


def test_it_is_called_off_by_keepers_alone(in_force, coordinator, worker):
    mechanism = in_force.mechanism
    with pytest.raises(Refused, match="does not retire"):
        actions.call_off_retirement(mechanism, by=coordinator)
    actions.announce_retirement(mechanism, on=in_days(9), by=coordinator)
    with pytest.raises(PermissionDenied):
        actions.call_off_retirement(mechanism, by=worker)
    actions.call_off_retirement(mechanism, by=coordinator)

    mechanism.refresh_from_db()
    assert mechanism.retires_on is None


def test_it_ends_once_it_has_retired_and_is_not_used(in_force, coordinator):
    actions.announce_retirement(in_force.mechanism, on=in_days(7), by=coordinator)
    assert not actions.end_if_unused(in_force, used=False)
    with later(days=8):
        assert not actions.end_if_unused(in_force, used=True)
        assert list_versions_in_force() == [in_force]
        assert actions.end_if_unused(in_force, used=False)
    in_force.refresh_from_db()
    assert in_force.state == State.SUPERSEDED


def test_a_new_version_of_one_that_ended_is_in_use_again(
    in_force, coordinator, supervisor, house, office
):
    actions.announce_retirement(in_force.mechanism, on=in_days(7), by=coordinator)
    with later(days=8):
        actions.end_if_unused(in_force, used=False)
    draft = actions.begin_draft(in_force, by=coordinator)
    actions.open_consultation(draft, by=coordinator)
    for organisation, by in ((house, supervisor), (office, coordinator)):
        actions.sign(draft, organisation=organisation, sha256=draft.sha256, by=by)
    actions.adopt(draft, by=coordinator)
    actions.put_in_force(draft, by=coordinator)

    draft.mechanism.refresh_from_db()
    assert draft.mechanism.retires_on is None
    assert list_versions_in_force() == [draft]
