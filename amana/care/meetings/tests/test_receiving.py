"""A meeting is received once, and opened by its team alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.cases.opened_records import iterate_askings
from amana.care.consent.models import Consent
from amana.care.meetings import actions, retention
from amana.care.meetings.actions import ReceivedMeeting
from amana.care.meetings.models import Meeting
from amana.care.referrals.models import Referral
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

from .conftest import Seals, an_id, answers
from .receiving import agreed_to, notes, receive, taken

pytestmark = pytest.mark.django_db


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
