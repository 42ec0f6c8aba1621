"""Two at the same moment, in two connections: on PostgreSQL they really run at once.

SQLite lets one writer in at a time, so that there they can only follow each other (see
test_machine). Planted fault: `_hold` without its query lets an answer and a withdrawal
pass each other, and `change` without `version` lets both answers through."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from amana import given
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions
from amana.care.referrals.models import DeclineReason, Referral, ReferralStatus
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.access.models import Role, User
from amana.trust.vault.models import Disclosure
from tests.races import at_once

S = ReferralStatus


@pytest.fixture
def sent(transactional_db: None) -> Iterator[tuple[Referral, User, User]]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    given.people._founders.clear()
    worker = given.make_worker()
    team = given.make_team()
    focal = given.make_worker(of=team, role=Role.FOCAL_POINT)
    service = given.make_service(of=team, by=focal, places_total=1, places_free=1)
    case = given.make_case(worked_on_by=worker)
    yield (
        given.make_referral(need=case.needs.get(), to=service, by=worker),
        worker,
        focal,
    )
    given.people._founders.clear()


def fresh(referral: Referral) -> Referral:
    return Referral.objects.select_related("service", "sender", "recipient").get(
        pk=referral.pk
    )


def test_of_two_answers_at_once_one_counts_and_the_other_is_told(
    sent: tuple[Referral, User, User],
) -> None:
    referral, _worker, focal = sent
    mine, theirs = fresh(referral), fresh(referral)
    came = at_once(
        lambda: actions.accept(mine, by=focal),
        lambda: actions.add_to_waiting_list(theirs, by=focal),
    )
    refused = [error for error in came if error]
    assert len(refused) == 1
    assert isinstance(refused[0], Refused)
    assert fresh(referral).happenings.count() == 2
    assert fresh(referral).version == 2


def test_the_last_place_is_taken_once(sent: tuple[Referral, User, User]) -> None:
    referral, worker, focal = sent
    other_case = given.make_case(worked_on_by=worker)
    other = given.make_referral(
        need=other_case.needs.get(), to=referral.service, by=worker
    )
    one, two = fresh(referral), fresh(other)
    came = at_once(
        lambda: actions.accept(one, by=focal), lambda: actions.accept(two, by=focal)
    )
    assert [type(error) for error in came if error] == [Refused]
    assert Service.objects.get(pk=referral.service_id).places_free == 0


@pytest.mark.parametrize("verb", ["accept", "decline", "write", "recall"])
def test_whoever_acts_while_consent_ends_can_t_hold_it_up(
    verb: str, sent: tuple[Referral, User, User]
) -> None:
    referral, worker, focal = sent
    found, consent = fresh(referral), Consent.objects.get(pk=referral.basis_id)
    acts: dict[str, Callable[[], Any]] = {
        "accept": lambda: actions.accept(found, note="Come by six", by=focal),
        "decline": lambda: actions.decline(
            found, reason=DeclineReason.UNSAFE, note="Not here", by=focal
        ),
        "write": lambda: actions.write_message(found, text="Hello there", by=focal),
        "recall": lambda: actions.recall(found, by=worker),
    }
    came = at_once(acts[verb], lambda: consents.withdraw(consent, by=worker))
    assert came[1] is None, "a withdrawal never fails because of somebody else"
    assert came[0] is None or isinstance(came[0], Refused), came[0]
    assert not Disclosure.objects.exists()
    assert fresh(referral).state in (S.WITHDRAWN, S.DECLINED, S.RECALLED)


def test_sending_while_consent_ends_leaves_nothing_behind(
    sent: tuple[Referral, User, User],
) -> None:
    referral, worker, _focal = sent
    other = given.make_case(worked_on_by=worker)
    need = other.needs.select_related("case__team").get()
    consent = given.make_consent(other, to=referral.recipient, by=worker)
    again = Consent.objects.get(pk=consent.pk)
    came = at_once(
        lambda: actions.send(need, to=referral.service, consent=consent, by=worker),
        lambda: consents.withdraw(again, by=worker),
    )
    assert came[1] is None
    assert came[0] is None or isinstance(came[0], Refused)
    assert not Disclosure.objects.filter(consent=consent.pk).exists()
    sent_now = Referral.objects.filter(consent=consent.pk).first()
    assert sent_now is None or sent_now.state is S.WITHDRAWN
