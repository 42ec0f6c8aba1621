"""A meeting that was held without a network does what the same answers do online."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case, Need
from amana.care.cases.opened_records import iterate_askings
from amana.care.consent import consent_questions, consent_text
from amana.care.consent.forms import compute_end_of_day
from amana.care.consent.models import USUAL, Consent
from amana.care.meetings import actions, retention
from amana.care.meetings.actions import PURPOSE, ReceivedMeeting
from amana.care.meetings.models import Meeting
from amana.care.referrals.models import Referral
from amana.care.requests.models import HelpRequest
from amana.design.directory.models import Service
from amana.errors import Changed, Refused
from amana.trust.access.models import Role, Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing, retention_rows
from amana.trust.vault import documents, drafts, epochs, keys, leaving
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import BrowserPair
from amana.trust.vault.models import DraftKey, WaitingDraft
from tests.patching import replace_everywhere

from .conftest import NAME, Fields, Seals, an_id, answers

pytestmark = pytest.mark.django_db
UNTIL = timezone.localdate() + USUAL


def heard(team: Team, officer: User, services: list[Service], *fields: str) -> str:
    """The digest of the text that the device makes of the same answers."""
    case = given.make_case(
        worked_on_by=officer, identity_name="Somebody else", needs_area="Gate 3"
    )
    need = Need.objects.select_related("case__team__organisation").get(case=case)
    asked = consent_questions.open_question(
        case,
        recipients=[service.team for service in services],
        purpose=PURPOSE,
        need=need,
        by=officer,
    )
    payload = asked.payload(fields, expires_at=compute_end_of_day(UNTIL))
    text = consent_text.build_wording("en", payload).plain()
    Case.objects.filter(pk=case.pk).update(team=given.make_team())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def agreed_to(team: Team, officer: User, services: list[Service]) -> Fields:
    share = ("identity.name", "needs.area")
    return [
        *answers(),
        ("asked_need", "0"),
        *(("service", str(service.pk)) for service in services),
        *(("share", key) for key in share),
        ("until", UNTIL.isoformat()),
        ("language", "en"),
        ("heard", heard(team, officer, services, *share)),
        ("understood", "on"),
        ("given_by", "person"),
        ("mode", "spoken"),
        ("copy", "none"),
        ("order", "in_turn"),
        ("answer", "given"),
    ]


def receive(pk: UUID, sealed: bytes, key: DraftKey, officer: User) -> Meeting:
    return actions.receive(pk, sealed, key=key, device_now=timezone.now(), by=officer)


def taken(
    fields: Fields, key: DraftKey, seal: Seals, officer: User, **more: Any
) -> ReceivedMeeting:
    pk = an_id()
    meeting = receive(pk, seal(pk, fields, **more), key, officer)
    return actions.take_meeting_over(meeting, by=officer)


def notes(case: Case, by: User) -> str:
    opened = documents.open_documents(
        case.pk, [Compartment.NEEDS], by=by, purpose="test of notes"
    )
    return " ".join(
        str(document.content.get("words"))
        for (_part, name), document in opened.items()
        if name.startswith("note/")
    )


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


# --- once, and by whom


def test_however_often_it_comes_it_counts_once(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk = an_id()
    sealed = seal(pk, answers())
    first = receive(pk, sealed, key, officer)
    actions.take_meeting_over(first, by=officer)

    for _again in range(3):
        again = receive(pk, sealed, key, officer)
        assert again.taken_at is not None
        with pytest.raises(Changed):
            actions.take_meeting_over(again, by=officer)

    assert Case.objects.count() == 1


def test_what_comes_is_taken_at_once_where_its_sender_has_unlocked(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk = an_id()
    sealed = seal(pk, answers())

    def bring() -> ReceivedMeeting:
        return actions.receive_and_take(
            pk, sealed, key=key, device_now=timezone.now(), by=officer
        )

    ring = officer.keyring
    keys.set_keyring(None, to=officer)
    assert [bring().state, bring().state] == ["waits", "waits"]
    officer.keyring = ring
    assert [bring().state, bring().state] == ["taken", "known"]
    assert Case.objects.count() == 1


def test_two_devices_that_met_one_person_are_both_kept(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    first = taken(answers(), key, seal, officer)
    second = taken(answers(), key, seal, officer)

    assert first.case != second.case
    assert first.case
    assert second.case
    assert second.left == []
    [alike] = second.alike
    assert first.case.reference in alike
    noted = notes(second.case, officer)
    assert "may already have a case" in noted
    assert first.case.reference not in noted


def test_nothing_is_sent_of_someone_who_may_be_known(
    key: DraftKey, seal: Seals, team: Team, officer: User, houses: list[Service]
) -> None:
    known = taken(answers(), key, seal, officer)

    done = taken(agreed_to(team, officer, houses[:1]), key, seal, officer)

    assert known.case
    assert done.case
    [left] = done.left
    assert "Not sent" in left
    assert not Consent.objects.filter(case=done.case).exists()
    assert not Referral.objects.exists()
    assert known.case.reference not in notes(done.case, officer)


def test_it_waits_for_whoever_of_the_team_unlocks_first(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    pk, colleague = an_id(), given.make_worker(of=team)
    keys.set_keyring(None, to=officer)
    meeting = receive(pk, seal(pk, answers()), key, officer)
    with pytest.raises(keys.Locked):
        actions.take_meeting_over(meeting, by=officer)

    actions.take_meeting_over(meeting, by=colleague)

    assert Case.objects.get().team == team


@pytest.mark.parametrize("answer", ["given", "refused"])
def test_who_met_the_person_is_who_asked_whoever_opens_it(
    key: DraftKey,
    seal: Seals,
    team: Team,
    officer: User,
    houses: list[Service],
    answer: str,
) -> None:
    pk, colleague = an_id(), given.make_worker(of=team, role=Role.SCREENER)
    fields = [*agreed_to(team, officer, houses[:1])[:-1], ("answer", answer)]
    meeting = receive(pk, seal(pk, fields), key, officer)

    done = actions.take_meeting_over(meeting, by=colleague)

    case = done.case
    assert (done.left, done.alike) == ([], [])
    assert case
    assert Consent.objects.get(case=case).taken_by == officer
    opened = documents.open_documents(
        case.pk, [Compartment.CONTACT], by=colleague, purpose="test"
    )
    [asked] = iterate_askings(opened)
    assert asked.by == officer.name


def test_so_many_of_one_sender_wait_and_no_more(
    key: DraftKey, seal: Seals, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_everywhere(monkeypatch, actions, "MOST_WAITING", 2)
    first, *others = [(pk, seal(pk, answers())) for pk in (an_id(), an_id(), an_id())]
    receive(*first, key, officer)
    receive(*others[0], key, officer)

    with pytest.raises(Refused, match="are waiting to be opened"):
        receive(*others[1], key, officer)

    assert receive(*first, key, officer).pk == first[0]
    assert Meeting.objects.count() == 2


def test_a_supervisor_sets_aside_what_cannot_be_read_and_nothing_else(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    elsewhere = given.make_worker(role=Role.SUPERVISOR)
    whole, torn = an_id(), an_id()
    readable = receive(whole, seal(whole, answers()), key, officer)
    lost = receive(torn, seal(an_id(), answers()), key, officer)
    for no in (officer, elsewhere):
        with pytest.raises(Denied):
            actions.set_aside(lost, by=no)
    with pytest.raises(Refused, match="can be read"):
        actions.set_aside(readable, by=supervisor)

    actions.set_aside(lost, by=supervisor)

    assert list(Meeting.objects.waiting()) == [readable]
    assert [waiting_draft.pk for waiting_draft in WaitingDraft.objects.all()] == [whole]
    assert AuditEvent.objects.filter(did="set meeting aside").exists()


def test_nobody_of_another_team_receives_or_takes(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk, stranger = an_id(), given.make_worker()
    with pytest.raises(Denied):
        receive(pk, seal(pk, answers()), key, stranger)
    meeting = receive(pk, seal(pk, answers()), key, officer)

    with pytest.raises(Denied):
        actions.take_meeting_over(meeting, by=stranger)

    assert not Case.objects.exists()


def test_a_colleague_on_the_same_device_sends_nothing_in_their_own_name(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    """Whose it is stands beside it on the device, where anyone can alter it."""
    pk, colleague = an_id(), given.make_worker(of=team, role=Role.SCREENER)

    with pytest.raises(drafts.UnreadableDraft):
        actions.receive_and_take(
            pk, seal(pk, answers()), key=key, device_now=timezone.now(), by=colleague
        )

    assert not Meeting.objects.exists()
    assert not Case.objects.exists()
    meeting = receive(pk, seal(pk, answers()), key, officer)
    actions.take_meeting_over(meeting, by=colleague)
    assert Case.objects.exists()


def test_an_id_that_another_team_has_used_is_refused(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk = an_id()
    receive(pk, seal(pk, answers()), key, officer)
    other = given.make_worker()
    theirs = drafts.get_draft_key(other.memberships.get().team, by=other)

    with pytest.raises(Refused, match="Something else was sent"):
        receive(pk, b"\x03", theirs, other)


@pytest.mark.parametrize("is_taken", [True, False])
def test_garbage_that_came_first_under_its_id_does_not_destroy_a_meeting(
    key: DraftKey, seal: Seals, team: Team, officer: User, is_taken: bool
) -> None:
    """The device deletes what is known, so another under its id is not known."""
    pk, colleague = an_id(), given.make_worker(of=team)
    sealed = seal(pk, answers())
    receive(pk, b"\x03 garbage", key, officer)
    if is_taken:
        Meeting.objects.update(taken_at=timezone.now())

    with pytest.raises(Refused, match="Something else was sent"):
        receive(pk, sealed, key, officer)
    with pytest.raises(Refused, match="Something else was sent"):
        receive(pk, b"\x03 garbage", key, colleague)


def test_what_was_sealed_before_someone_left_still_opens(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    pk, later = an_id(), an_id()
    meeting = receive(pk, seal(pk, answers()), key, officer)
    epoch = epochs.begin_epoch(team, by=officer)
    while not leaving.rewrap_some(epoch, by=officer).is_complete:
        pass

    assert drafts.get_draft_key(team, by=officer) != key
    actions.take_meeting_over(meeting, by=officer)
    key.refresh_from_db()
    late = receive(later, seal(later, answers(identity_name="Late")), key, officer)
    actions.take_meeting_over(late, by=officer)

    assert Case.objects.count() == 2


def test_an_exchanged_key_is_found_before_anything_is_sealed_to_it(
    key: DraftKey, team: Team, officer: User
) -> None:
    DraftKey.objects.update(public=BrowserPair.new().public)

    with pytest.raises(Tampered):
        drafts.get_draft_key(team, by=officer)


def test_an_exchanged_secret_is_found_though_the_public_half_is_vouched_for(
    key: DraftKey, team: Team, officer: User
) -> None:
    keys.seal_held(key, BrowserPair.new().secret, "draft key", key.pk)
    key.save(update_fields=["sealed"])

    with pytest.raises(Tampered):
        drafts.get_draft_key(team, by=officer)


def exchange_both_halves(key: DraftKey) -> None:
    """What someone who writes in the database can do: it takes no secret."""
    pair = BrowserPair.new()
    key.refresh_from_db()
    key.public = pair.public
    keys.seal_held(key, pair.secret, "draft key", key.pk)
    key.save()


def test_a_pair_that_nobody_vouched_for_is_found_though_it_is_sealed_to_the_team(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    meeting = receive(an_id(), seal(an_id(), answers()), key, officer)
    exchange_both_halves(key)

    with pytest.raises(Tampered):
        drafts.get_draft_key(team, by=officer)
    with pytest.raises(Tampered):
        actions.take_meeting_over(meeting, by=officer)
    with pytest.raises(Tampered):
        drafts.rewrap_draft_keys(DraftKey.objects.all(), officer)


def test_what_nobody_opens_goes_after_the_time_of_a_screening(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    old, new, opened = [
        receive(pk, seal(pk, answers(identity_name=str(pk))), key, officer)
        for pk in (an_id(), an_id(), an_id())
    ]
    actions.take_meeting_over(opened, by=officer)
    long_ago = timezone.now() - timedelta(days=31)
    Meeting.objects.exclude(pk=new.pk).update(received_at=long_ago)

    assert erasing.erase_due()["meeting"] == 1

    assert set(Meeting.objects.all()) == {new, opened}
    assert [waiting_draft.pk for waiting_draft in WaitingDraft.objects.all()] == [
        new.pk
    ]
    assert not Meeting.objects.filter(pk=old.pk).exists()
    assert [line.label for line in retention_rows.list_terms()].count(
        retention.LABEL
    ) == 1


# --- what could not be done


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
