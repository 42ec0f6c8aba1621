"""A meeting that was held without a network does what the same answers do online."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.cases.opened_records import iterate_askings
from amana.care.consent.models import Consent
from amana.care.meetings import actions
from amana.care.meetings.models import Meeting
from amana.care.referrals.models import Referral
from amana.care.requests.models import HelpRequest
from amana.design.directory.models import Service
from amana.trust.access.models import Team, User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import DraftKey, WaitingDraft

from .conftest import NAME, Fields, Seals, an_id, answers
from .receiving import agreed_to, notes, receive, taken

pytestmark = pytest.mark.django_db


def test_it_opens_a_case_with_what_was_said(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    done = taken(answers(), key, seal, officer)

    assert done.left == []
    case = Case.objects.get()
    assert done.case == case
    identity = documents.open_documents(
        case.pk, [Compartment.IDENTITY], by=officer, purpose="test"
    )
    assert identity[Compartment.IDENTITY, "record"].content["name"] == NAME
    assert [need.type for need in given.open_needs(case, by=officer)] == ["SH2"]
    assert not WaitingDraft.objects.exists()


def test_two_houses_are_asked_in_the_order_that_was_agreed_to(
    key: DraftKey, seal: Seals, team: Team, officer: User, houses: list[Service]
) -> None:
    fields = agreed_to(team, officer, houses[::-1])

    done = taken(fields, key, seal, officer)

    assert done.left == []
    assert done.case
    request = HelpRequest.objects.get(case=done.case)
    asked = [(enquiry.service, enquiry.status) for enquiry in request.in_order()]
    assert asked == [(houses[1], "asked"), (houses[0], "waiting")]
    agreed = Consent.objects.filter(case=done.case)
    assert {consent.recipient_id for consent in agreed} == {
        house.team_id for house in houses
    }
    assert agreed[0].fields == ["identity.name", "needs.area"]


def test_one_house_is_sent_a_referral(
    key: DraftKey, seal: Seals, team: Team, officer: User, houses: list[Service]
) -> None:
    done = taken(agreed_to(team, officer, houses[:1]), key, seal, officer)

    assert done.left == []
    referral = Referral.objects.get()
    assert (referral.service, referral.case) == (houses[0], done.case)


def test_a_no_is_recorded_and_nothing_is_sent(
    key: DraftKey, seal: Seals, team: Team, officer: User, houses: list[Service]
) -> None:
    fields = dict_of(agreed_to(team, officer, houses[:1])) | {"answer": "refused"}

    done = taken(list(fields.items()), key, seal, officer)

    assert done.left == []
    assert Consent.objects.get(case=done.case).status == "refused"
    assert not Referral.objects.exists()


def dict_of(fields: Fields) -> dict[str, str]:
    return dict(fields)


def test_times_are_those_when_it_was_said(
    key: DraftKey, seal: Seals, team: Team, officer: User, houses: list[Service]
) -> None:
    """Also when the clock of the device is ten minutes behind."""
    behind = timedelta(minutes=10)
    said = timezone.now() - timedelta(hours=5)
    by_device = (said - behind).timestamp() * 1000
    pk = an_id()
    times = {"asked": by_device, "answered": by_device + 60_000}
    sealed = seal(pk, agreed_to(team, officer, houses[:1]), times=times)
    meeting = actions.receive(
        pk, sealed, key=key, device_now=timezone.now() - behind, by=officer
    )

    case = actions.take_meeting_over(meeting, by=officer).case

    assert case
    opened = documents.open_documents(
        case.pk, [Compartment.CONTACT], by=officer, purpose="test"
    )
    [asked] = iterate_askings(opened)
    assert abs(asked.at - said) < timedelta(seconds=5)
    answered = Consent.objects.get(case=case).asked_at
    assert abs(answered - said - timedelta(minutes=1)) < timedelta(seconds=5)


@pytest.mark.parametrize("ms", [-1e30, 1e30, 4e12, 0, "yesterday", True, None])
def test_a_time_that_cannot_be_is_now(
    key: DraftKey, seal: Seals, officer: User, ms: Any
) -> None:
    case = taken(answers(), key, seal, officer, times={"asked": ms}).case

    assert case
    opened = documents.open_documents(
        case.pk, [Compartment.CONTACT], by=officer, purpose="test"
    )
    [asked] = iterate_askings(opened)
    assert abs(asked.at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("ago", [timedelta(hours=73), timedelta(days=400), None])
@pytest.mark.parametrize("answer", ["given", "refused"])
def test_an_answer_of_long_ago_or_of_no_known_time_is_asked_again(
    key: DraftKey,
    seal: Seals,
    team: Team,
    officer: User,
    houses: list[Service],
    ago: timedelta | None,
    answer: str,
) -> None:
    fields = [*agreed_to(team, officer, houses[:1])[:-1], ("answer", answer)]
    times = {"answered": (timezone.now() - ago).timestamp() * 1000} if ago else {}

    done = taken(fields, key, seal, officer, times=times)

    assert done.case
    [left] = done.left
    assert ("too long ago" if ago == timedelta(hours=73) else "not certain") in left
    assert not Consent.objects.filter(case=done.case).exists()
    assert not Referral.objects.exists()


@pytest.mark.parametrize("wrong_by", [timedelta(minutes=20), -timedelta(days=400)])
@pytest.mark.parametrize("answer", ["given", "refused"])
def test_by_a_clock_that_is_far_off_it_is_not_known_when_she_answered(
    key: DraftKey,
    seal: Seals,
    team: Team,
    officer: User,
    houses: list[Service],
    wrong_by: timedelta,
    answer: str,
) -> None:
    """A sender could make an old yes a new one: the case is opened, nothing is sent."""
    pk = an_id()
    fields = [*agreed_to(team, officer, houses[:1])[:-1], ("answer", answer)]
    by_device = timezone.now() - wrong_by
    said = by_device.timestamp() * 1000 - 60_000
    sealed = seal(pk, fields, times={"asked": said, "answered": said})
    meeting = actions.receive(pk, sealed, key=key, device_now=by_device, by=officer)

    done = actions.take_meeting_over(meeting, by=officer)

    assert done.case
    [left] = done.left
    assert "not certain" in left
    assert "Ask the person again" in notes(done.case, officer)
    assert not Consent.objects.filter(case=done.case).exists()
    assert not Referral.objects.exists()
    opened = documents.open_documents(
        done.case.pk, [Compartment.CONTACT], by=officer, purpose="test"
    )
    [asked] = iterate_askings(opened)
    assert asked.at == meeting.received_at


def test_what_waited_was_not_said_when_it_was_opened(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk = an_id()
    meeting = receive(pk, seal(pk, answers(), times={}), key, officer)
    came = timezone.now() - timedelta(days=2)
    Meeting.objects.update(received_at=came)

    case = actions.take_meeting_over(meeting, by=officer).case

    assert case
    opened = documents.open_documents(
        case.pk, [Compartment.CONTACT], by=officer, purpose="test"
    )
    assert [asked.at for asked in iterate_askings(opened)] == [came]


def test_an_answer_of_the_day_before_yesterday_is_sent(
    key: DraftKey, seal: Seals, team: Team, officer: User, houses: list[Service]
) -> None:
    said = timezone.now() - timedelta(hours=71)
    times = {"answered": said.timestamp() * 1000}

    done = taken(agreed_to(team, officer, houses[:1]), key, seal, officer, times=times)

    assert done.left == []
    assert Referral.objects.exists()
