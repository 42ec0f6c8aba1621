"""What a meeting asked for that could not be done, and what is no meeting."""

from typing import Any

import pytest

from amana import given
from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.care.meetings import actions
from amana.care.meetings.models import Meeting
from amana.care.requests.models import HelpRequest
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.vault import drafts
from amana.trust.vault.models import DraftKey

from .conftest import Seals, an_id, answers
from .receiving import agreed_to, notes, receive, taken

pytestmark = pytest.mark.django_db


def test_a_service_that_closed_meanwhile_is_left_out_and_the_other_asked(
    key: DraftKey, seal: Seals, team: Team, officer: User, houses: list[Service]
) -> None:
    fields = agreed_to(team, officer, houses)
    Service.objects.filter(pk=houses[0].pk).update(accepts_referrals=False)

    done = taken(fields, key, seal, officer)

    assert done.case
    [left] = done.left
    assert houses[0].name in left
    request = HelpRequest.objects.get()
    assert [enquiry.service for enquiry in request.in_order()] == [houses[1]]
    assert houses[0].name in notes(done.case, officer)


def test_nothing_is_sent_when_the_text_she_heard_is_another(
    key: DraftKey, seal: Seals, team: Team, officer: User, houses: list[Service]
) -> None:
    fields = agreed_to(team, officer, houses)
    given_fields = [(n, "0" * 16 if n == "heard" else v) for n, v in fields]

    done = taken(given_fields, key, seal, officer)

    assert done.case
    [left] = done.left
    assert "Ask the person again" in left
    assert not Consent.objects.filter(case=done.case).exists()
    assert not HelpRequest.objects.exists()


def test_a_service_that_is_gone_leaves_the_case_and_a_note(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    fields = [
        *answers(),
        ("asked_need", "0"),
        ("service", "99999"),
        ("answer", "given"),
    ]

    done = taken(fields, key, seal, officer)

    assert done.case
    [left] = done.left
    assert "no longer listed" in left


def test_an_older_form_is_read_and_what_no_longer_fits_is_noted(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    fields = [
        *answers(identity_age="about thirty", SAFE99="yes", identity_gone="x"),
        ("need-1-type", "ZZ9"),
        ("need-1-words", "Someone for my son"),
    ]

    done = taken(fields, key, seal, officer)

    assert done.case
    said = notes(done.case, officer)
    assert "about thirty" in said
    assert "ZZ9" in said
    assert "Someone for my son" in said
    assert [need.type for need in given.open_needs(done.case, by=officer)] == ["SH2"]


@pytest.mark.parametrize("fields", ["none", {"a": 1}, None, [["x", "y"]] * 3000])
def test_what_is_no_meeting_is_refused_and_leaves_nothing(
    key: DraftKey, seal: Seals, officer: User, fields: Any
) -> None:
    pk = an_id()
    meeting = receive(pk, seal(pk, fields), key, officer)

    with pytest.raises(Refused):
        actions.take_meeting_over(meeting, by=officer)

    assert not Case.objects.exists()


def test_what_was_altered_on_the_way_is_refused(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk = an_id()
    sealed = bytearray(seal(pk, answers()))
    sealed[100] ^= 1
    meeting = receive(pk, bytes(sealed), key, officer)

    with pytest.raises(drafts.UnreadableDraft):
        actions.take_meeting_over(meeting, by=officer)


def test_what_one_device_sealed_is_not_sent_as_another_meeting(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk, other = an_id(), an_id()
    meeting = receive(other, seal(pk, answers()), key, officer)

    with pytest.raises(drafts.UnreadableDraft):
        actions.take_meeting_over(meeting, by=officer)


def test_something_too_large_is_not_kept(key: DraftKey, officer: User) -> None:
    with pytest.raises(Refused):
        receive(an_id(), b"\x03" * (drafts.LARGEST + 1), key, officer)

    assert not Meeting.objects.exists()
