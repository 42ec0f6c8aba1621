"""Two at the same moment, in two connections: on PostgreSQL they really run at once.

SQLite lets one writer in at a time; there the same acts follow each other, on old
pages (test_machine). Planted fault: `_locked` without its lock and `move`
without its comparison let both houses accept."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.models import HelpRequest
from amana.care.requests.states import AskingOrder, HelpRequestStatus
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import CaseLink, Disclosure
from tests.races import AT_MOST, at_once, until_somebody_waits

from .conftest import House, a_house, asked, now, of

TWICE = 2


@pytest.fixture
def sent(transactional_db: None) -> Iterator[tuple[HelpRequest, User, list[House]]]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    given.people._founders.clear()
    worker = given.make_worker()
    houses = [a_house("Lake House"), a_house("Hill House"), a_house("Sea House")]
    case = given.make_case(worked_on_by=worker)
    need = case.needs.select_related("case__team").get()
    yield asked(need, houses, by=worker, order=AskingOrder.AT_ONCE), worker, houses
    given.people._founders.clear()


def test_of_two_houses_that_accept_at_once_one_gets_it(
    sent: tuple[HelpRequest, User, list[House]],
) -> None:
    request, _worker, houses = sent
    mine, theirs = of(request, houses[0]), of(request, houses[1])
    came = at_once(
        lambda: actions.accept(mine, by=houses[0][1]),
        lambda: actions.accept(theirs, by=houses[1][1]),
    )
    refused = [error for error in came if error]
    assert [isinstance(error, Refused) for error in refused] == [True]
    assert "already been accepted" in str(refused[0])
    assert Referral.objects.count() == 1
    assert Disclosure.objects.count() == 1


def test_of_two_colleagues_that_accept_at_once_one_takes_the_place(
    sent: tuple[HelpRequest, User, list[House]],
) -> None:
    request, _worker, houses = sent
    service, focal = houses[0]
    colleague = given.make_worker(of=service.team)
    mine, theirs = of(request, houses[0]), of(request, houses[0])
    came = at_once(
        lambda: actions.accept(mine, by=focal),
        lambda: actions.accept(theirs, by=colleague),
    )
    refused = [error for error in came if error]
    assert [isinstance(error, Refused) for error in refused] == [True]
    assert "has just answered" in str(refused[0])
    service.refresh_from_db()
    assert service.places_free == TWICE


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_whoever_answers_while_consent_ends_can_t_hold_it_up(
    verb: str, sent: tuple[HelpRequest, User, list[House]]
) -> None:
    request, worker, houses = sent
    enquiry = of(request, houses[0])
    consent = Consent.objects.get(recipient=houses[0][0].team)
    acts: dict[str, Callable[[], Any]] = {
        "accept": lambda: actions.accept(enquiry, by=houses[0][1]),
        "decline": lambda: actions.decline(
            enquiry, reason=DeclineReason.NO_CAPACITY, by=houses[0][1]
        ),
    }
    came = at_once(acts[verb], lambda: consents.withdraw(consent, by=worker))
    closed_before = verb == "decline" and came[1] is not None
    assert came[1] is None or closed_before, came[1]
    assert came[0] is None or isinstance(came[0], Refused), came[0]
    assert not Disclosure.objects.filter(consent=consent.pk).exists()


def test_two_consents_taken_back_at_once_both_end(
    sent: tuple[HelpRequest, User, list[House]],
) -> None:
    request, worker, houses = sent
    one, two = (
        Consent.objects.select_related("case").get(recipient=house[0].team)
        for house in houses[:2]
    )
    came = at_once(
        lambda: consents.withdraw(one, by=worker),
        lambda: consents.withdraw(two, by=worker),
    )
    # The slower may find its own closed as never used: ended it is in either case.
    assert all(error is None or isinstance(error, Refused) for error in came), came
    assert came.count(None) >= 1
    actions.destroy_left_behind()
    assert now(request).status == HelpRequestStatus.ENDED
    assert not Disclosure.objects.exists()
    assert not Consent.objects.live().exists()


def test_an_end_waits_for_other_consents_before_it_holds_the_manifest(
    sent: tuple[HelpRequest, User, list[House]],
) -> None:
    """Else two that end at once each hold what the other waits for."""
    _request, worker, houses = sent
    one, two = (
        Consent.objects.select_related("case").get(recipient=house[0].team)
        for house in houses[:2]
    )

    came: list[BaseException | None] = []
    ending = threading.Thread(
        target=lambda: came.extend(at_once(lambda: consents.withdraw(one, by=worker)))
    )
    with transaction.atomic():
        Consent.objects.select_for_update().get(pk=two.pk)
        ending.start()
        until_somebody_waits()
        manifests = CaseLink.objects.filter(place=0).select_for_update(nowait=True)
        assert len(manifests) == 1
    ending.join(AT_MOST)
    assert came == [None]
    assert not Consent.objects.live().filter(pk=one.pk).exists()


@pytest.fixture
def guarded(transactional_db: None) -> Iterator[tuple[Case, User, House]]:
    """A child whose aunt may agree for it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    given.people._founders.clear()
    worker = given.make_worker()
    case = given.make_case(
        worked_on_by=worker, identity_child="yes", identity_guardian="Her aunt"
    )
    yield case, worker, a_house("Lake House")
    given.people._founders.clear()


def suspect(case: Case, *, by: User) -> None:
    said = {"guardian_suspect": "yes"}
    cases.rewrite(case, Compartment.IDENTITY, said, replacing=1, by=by)


@transaction.atomic
def agree_and_ask(case: Case, house: House, *, by: User) -> HelpRequest:
    """As a page does it: both or neither."""
    need = case.needs.select_related("case__team").get()
    consent = given.make_consent(
        case, to=house[0].team, given_by=Consent.GivenBy.GUARDIAN, by=by
    )
    return actions.ask(
        need, services=[house[0]], agreed=[consent], order=AskingOrder.IN_TURN, by=by
    )


def test_who_accepts_while_the_guardian_comes_under_suspicion_is_first_or_refused(
    guarded: tuple[Case, User, House],
) -> None:
    case, worker, house = guarded
    mine = of(agree_and_ask(case, house, by=worker), house)
    came = at_once(
        lambda: actions.accept(mine, by=house[1]), lambda: suspect(case, by=worker)
    )
    assert came[1] is None, came
    assert came[0] is None or isinstance(came[0], Refused), came
    released = Disclosure.objects.filter(held_back=False).exists()
    assert released == (came[0] is None)
    assert not Disclosure.objects.filter(held_back=True).exists()


def test_a_guardian_s_yes_in_the_moment_of_the_suspicion_leaves_nothing_to_release(
    guarded: tuple[Case, User, House],
) -> None:
    case, worker, house = guarded
    came = at_once(
        lambda: agree_and_ask(case, house, by=worker),
        lambda: suspect(Case.objects.get(pk=case.pk), by=worker),
    )
    assert came[1] is None, came
    assert came[0] is None or isinstance(came[0], Refused), came
    assert not Disclosure.objects.exists()
    assert not Consent.objects.live().exists()
