"""What was altered in the database is told to two people, once a day, by mail too."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from amana import given
from amana.trust.access.models import Role
from amana.trust.alarms import actions
from amana.trust.alarms.models import AlteredRecord
from amana.trust.alarms.rules import see_altered
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.altered import Alteration

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return given.make_worker()


@pytest.fixture
def officer():
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


def test_an_administrator_is_told_where_there_is_one_officer(
    worker, officer, mailoutbox, django_capture_on_commit_callbacks
):
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    with django_capture_on_commit_callbacks(execute=True):
        record = actions.record_altered(Alteration.OLDER, case=uuid4(), by=worker)

    assert record is not None
    assert set(record.told.all()) == {officer, administrator}
    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {officer.email, administrator.email}


def test_the_same_again_is_told_the_next_day_and_stands_in_the_log(worker, officer):
    case = uuid4()
    for _time in range(3):
        actions.record_altered(Alteration.OLDER, case=case, by=worker)
    assert AlteredRecord.objects.count() == 1
    actions.record_altered(Alteration.MISSING, case=case, by=worker)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        actions.record_altered(Alteration.OLDER, case=case, by=worker)

    assert AlteredRecord.objects.count() == 3
    assert AuditEvent.objects.filter(did="found altered records").count() == 5


def test_only_who_oversees_or_was_told_sees_it(worker, officer):
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    record = actions.record_altered(Alteration.OLDER, case=uuid4(), by=worker)
    assert record is not None
    later = given.make_worker(role=Role.ADMINISTRATOR)

    for user, sees in [
        (officer, True),
        (administrator, True),
        (given.make_worker(role=Role.AUDITOR), True),
        (later, False),
        (worker, False),
        (given.make_worker(role=Role.SUPERVISOR), False),
    ]:
        assert see_altered.permits(user, record) is sees
        assert (record in see_altered.among(AlteredRecord.objects.all(), user)) is sees


def test_what_is_set_aside_is_told_once_and_not_at_every_search(
    worker, officer, mailoutbox, django_capture_on_commit_callbacks
):
    one, other = uuid4(), uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        for _search in range(3):
            actions.record_omitted({one: Alteration.CARD}, by=worker)
    assert len(mailoutbox) == 1
    actions.record_omitted({one: Alteration.CARD, other: Alteration.CARD}, by=worker)

    found = AlteredRecord.objects.order_by("pk").values_list("case", "what")
    assert list(found) == [(one, "card"), (other, "card")]
    assert AuditEvent.objects.filter(did="found altered records").count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        actions.record_omitted({one: Alteration.CARD}, by=worker)
    assert AlteredRecord.objects.filter(case=one).count() == 2


def test_of_very_many_at_once_some_are_told_after_each_page(worker, officer):
    aside = {uuid4(): Alteration.CARD for _number in range(30)}

    actions.record_omitted(aside, by=worker)
    assert AlteredRecord.objects.count() == actions.ASIDE_AT_ONCE
    actions.record_omitted(aside, by=worker)
    assert AlteredRecord.objects.count() == len(aside)
