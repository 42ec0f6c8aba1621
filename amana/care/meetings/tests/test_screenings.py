"""A screening that was finished without a network, as a device sends it (P37)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Assignment, Case
from amana.care.meetings import actions
from amana.care.meetings.models import Meeting
from amana.care.screening import actions as screenings
from amana.care.screening import results, retention
from amana.care.screening.models import Screening
from amana.care.screening.tests.pack import write_pack
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.errors import Refused
from amana.trust.access.models import Role, Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing, terms
from amana.trust.vault import drafts, keys
from amana.trust.vault.models import DraftKey, WaitingDraft

from .conftest import NOW, Seals, an_id, now

pytestmark = pytest.mark.django_db

SAID = [
    ["age_group", "adult"],
    ["forced", "yes"],
    ["papers_held", "yes"],
    ["words", "canary: they took it all"],
    ["form:instance", "uuid:not this one"],
]


@pytest.fixture
def version(db: None, tmp_path: Path) -> Version:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    return mechanisms.adopt_shipped(write_pack(tmp_path), by=coordinator)


@pytest.fixture
def case(officer: User) -> Case:
    return given.make_case(worked_on_by=officer)


def receive(pk: UUID, sealed: bytes, key: DraftKey, by: User) -> Meeting:
    return actions.receive(pk, sealed, key=key, device_now=timezone.now(), by=by)


def a_screening(version: Version, **more: Any) -> dict[str, Any]:
    usual = {"screening": "first", "version": version.pk, "case": ""}
    times = {"begun": now() - 600 * NOW, "asked": now() - 300 * NOW}
    return usual | {"times": times} | more


def test_it_is_kept_as_if_it_had_been_finished_on_the_page(
    key: DraftKey, seal: Seals, officer: User, team: Team, version: Version
) -> None:
    pk = an_id()
    meeting = receive(pk, seal(pk, SAID, **a_screening(version)), key, officer)

    taken = actions.take_meeting_over(meeting, by=officer)

    made = Screening.objects.get()
    assert taken.screening == made
    assert (made.team, made.case, made.instance) == (team, None, pk)
    assert made.screened_by == officer
    ago = timezone.now() - made.screened_at
    assert timedelta(minutes=4) < ago < timedelta(minutes=6)
    opened = results.open_result(made, by=officer)
    assert opened.sealed.answers["words"] == "canary: they took it all"
    assert not WaitingDraft.objects.exists()
    meeting.refresh_from_db()
    assert meeting.taken_at
    assert AuditEvent.objects.filter(did="took meeting").count() == 1


def test_what_came_late_is_not_destroyed_the_next_night(
    key: DraftKey, seal: Seals, officer: User, version: Version
) -> None:
    """Its clock runs from when we have it, and not from when it was asked."""
    pk, ago = an_id(), now() - timedelta(days=45).total_seconds() * NOW
    late = seal(pk, SAID, **a_screening(version, times={"asked": ago}))
    made = actions.take_meeting_over(
        receive(pk, late, key, officer), by=officer
    ).screening
    assert made
    assert timezone.now() - made.screened_at > timedelta(days=44)

    assert erasing.erase_due()["screening"] == 0

    made.refresh_from_db()
    assert made.is_waiting
    ends = retention.compute_end_date(made, terms.load())
    assert ends == timezone.localdate(made.received_at + timedelta(days=30))


def test_sent_again_or_by_the_page_too_it_is_one(
    key: DraftKey, seal: Seals, officer: User, team: Team, version: Version
) -> None:
    pk = an_id()
    made = screenings.screen_person(
        team,
        instrument="first",
        version=version,
        answers={"forced": "yes"},
        instance=pk,
        by=officer,
    )
    sealed = seal(pk, SAID, **a_screening(version))

    first = actions.receive_and_take(
        pk, sealed, key=key, device_now=timezone.now(), by=officer
    )
    again = actions.receive_and_take(
        pk, sealed, key=key, device_now=timezone.now(), by=officer
    )

    assert first.screening == again.screening == made
    assert again.state == "known"
    assert Screening.objects.count() == 1


def test_it_stands_in_its_case(
    key: DraftKey, seal: Seals, officer: User, case: Case, version: Version
) -> None:
    pk = an_id()
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))

    taken = actions.take_meeting_over(receive(pk, sent, key, officer), by=officer)

    assert taken.screening
    assert taken.screening.case == taken.case == case


def test_who_no_longer_works_on_the_case_puts_nothing_into_it(
    key: DraftKey, seal: Seals, officer: User, case: Case, version: Version
) -> None:
    pk = an_id()
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))
    Assignment.objects.update(ended_at=timezone.now())

    with pytest.raises(Refused, match="no longer work on the case"):
        actions.receive_and_take(
            pk, sent, key=key, device_now=timezone.now(), by=officer
        )

    assert not Screening.objects.exists()
    assert not Meeting.objects.exists()


def test_nothing_is_put_into_a_case_by_the_hand_of_a_colleague(
    key: DraftKey, seal: Seals, officer: User, team: Team, version: Version
) -> None:
    """Who asked works on the case, and not only who opens what they sent."""
    colleague = given.make_worker(of=team)
    case = given.make_case(worked_on_by=colleague)
    pk = an_id()
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))
    meeting = receive(pk, sent, key, officer)

    with pytest.raises(Refused, match="no longer works on the case"):
        actions.take_meeting_over(meeting, by=colleague)

    assert not Screening.objects.exists()


def test_who_opens_it_works_on_the_case_too(
    key: DraftKey, seal: Seals, officer: User, team: Team, case: Case, version: Version
) -> None:
    pk, colleague = an_id(), given.make_worker(of=team)
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))
    meeting = receive(pk, sent, key, officer)

    with pytest.raises(Refused, match="that you don’t work on"):
        actions.take_meeting_over(meeting, by=colleague)

    assert not Screening.objects.exists()


def test_nothing_is_put_into_a_case_of_another_team(
    key: DraftKey, seal: Seals, officer: User, version: Version
) -> None:
    other = given.make_team()
    case = given.make_case(worked_on_by=officer)
    Case.objects.update(team=other)
    given.join_team(officer, other)
    pk = an_id()
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))

    with pytest.raises(Refused, match="no longer work on the case"):
        actions.take_meeting_over(receive(pk, sent, key, officer), by=officer)


def test_what_one_asked_oneself_before_is_no_colleagues(
    key: DraftKey, seal: Seals, officer: User, case: Case, version: Version
) -> None:
    given.make_screening(by=officer, version=version, case=case, forced="no")
    pk = an_id()
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))

    taken = actions.take_meeting_over(receive(pk, sent, key, officer), by=officer)

    assert taken.alike == []


def test_when_a_colleague_asked_is_compared_by_our_clock(
    key: DraftKey, seal: Seals, officer: User, case: Case, version: Version, team: Team
) -> None:
    """A device ten minutes ahead began before the colleague asked."""
    colleague, ahead = given.make_worker(of=team), timedelta(minutes=10)
    cases.assign(case, worker=colleague, by=officer)
    given.make_screening(by=colleague, version=version, case=case, forced="no")
    pk = an_id()
    times = {"begun": now() + 300 * NOW, "asked": now() + 500 * NOW}
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk), times=times))
    by_device = timezone.now() + ahead
    meeting = actions.receive(pk, sent, key=key, device_now=by_device, by=officer)

    taken = actions.take_meeting_over(meeting, by=officer)

    assert any("same questions meanwhile" in said for said in taken.alike)


def test_one_that_is_refused_for_ever_is_set_aside(
    key: DraftKey, seal: Seals, officer: User, team: Team, version: Version
) -> None:
    """It can be read, but never be kept: it would wait for ever."""
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    whole, wrong = an_id(), an_id()
    right = receive(whole, seal(whole, SAID, **a_screening(version)), key, officer)
    sent = seal(wrong, [], **a_screening(version, screening="none"))
    lost = receive(wrong, sent, key, officer)
    with pytest.raises(Refused, match="can be read"):
        actions.set_aside(right, by=supervisor)

    actions.set_aside(lost, by=supervisor)

    assert list(Meeting.objects.waiting()) == [right]
    assert [waiting_draft.pk for waiting_draft in WaitingDraft.objects.all()] == [whole]
    assert not Screening.objects.exists()
    assert not AuditEvent.objects.filter(did="took meeting").exists()


def test_what_a_colleague_can_open_is_not_set_aside(
    key: DraftKey, seal: Seals, officer: User, team: Team, case: Case, version: Version
) -> None:
    supervisor, pk = given.make_worker(of=team, role=Role.SUPERVISOR), an_id()
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))
    meeting = receive(pk, sent, key, officer)

    with pytest.raises(Refused, match="that you don’t work on"):
        actions.set_aside(meeting, by=supervisor)

    cases.assign(case, worker=supervisor, by=officer)
    Case.objects.update(closed_at=timezone.now())
    with pytest.raises(Refused, match="This case is closed"):
        actions.set_aside(meeting, by=supervisor)
    assert WaitingDraft.objects.exists()


def test_of_a_closed_case_it_stays_on_the_device(
    key: DraftKey, seal: Seals, officer: User, case: Case, version: Version
) -> None:
    pk = an_id()
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))
    Case.objects.update(closed_at=timezone.now())

    with pytest.raises(Refused, match="This case is closed"):
        actions.receive_and_take(
            pk, sent, key=key, device_now=timezone.now(), by=officer
        )

    assert not Meeting.objects.exists()


def test_a_colleague_who_asked_the_same_meanwhile_is_named_and_both_are_kept(
    key: DraftKey, seal: Seals, officer: User, case: Case, version: Version, team: Team
) -> None:
    colleague = given.make_worker(of=team)
    cases.assign(case, worker=colleague, by=officer)
    given.make_screening(by=colleague, version=version, case=case, forced="no")
    pk = an_id()
    sent = seal(pk, SAID, **a_screening(version, case=str(case.pk)))

    taken = actions.take_meeting_over(receive(pk, sent, key, officer), by=officer)

    assert any("same questions meanwhile" in said for said in taken.alike)
    assert Screening.objects.filter(case=case).count() == 2


def test_a_colleague_opens_it_and_who_asked_stays_who_asked(
    key: DraftKey, seal: Seals, officer: User, team: Team, version: Version
) -> None:
    pk, colleague = an_id(), given.make_worker(of=team)
    meeting = receive(pk, seal(pk, SAID, **a_screening(version)), key, officer)

    taken = actions.take_meeting_over(meeting, by=colleague)

    assert taken.screening
    assert taken.screening.screened_by == officer


def test_a_stranger_opens_nothing(
    key: DraftKey, seal: Seals, officer: User, version: Version
) -> None:
    pk, stranger = an_id(), given.make_worker()
    meeting = receive(pk, seal(pk, SAID, **a_screening(version)), key, officer)

    with pytest.raises(Denied):
        actions.take_meeting_over(meeting, by=stranger)
    keys.set_keyring(None, to=officer)
    with pytest.raises(keys.Locked):
        actions.take_meeting_over(meeting, by=officer)

    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"version": 0}, {"version": "x"}, {"screening": "none"}, {"fields": {}}],
)
def test_what_is_no_screening_stays_on_the_device(
    key: DraftKey, seal: Seals, officer: User, version: Version, wrong: dict[str, Any]
) -> None:
    pk = an_id()
    fields = wrong.pop("fields", SAID)
    sent = seal(pk, fields, **a_screening(version) | wrong)

    with pytest.raises(drafts.UnreadableDraft):
        actions.receive_and_take(
            pk, sent, key=key, device_now=timezone.now(), by=officer
        )

    assert not Meeting.objects.exists()


def test_the_page_that_is_kept_says_nothing_of_anybody(
    officer: User, team: Team, version: Version
) -> None:
    client = given.sign_in(officer)
    kit = client.get("/cases/meet/kit/").content.decode()
    url = f"/cases/meet/screening/{team.pk}/first/"

    page = client.get(url)

    assert f'href="{url}" data-kept' in kit
    for word in (officer.name, officer.email, "csrfmiddlewaretoken", "nonce"):
        assert word not in page.content.decode()
    assert given.sign_in(given.make_worker()).get(url).status_code == 404
    assert client.get(url.replace("first", "none")).status_code == 404
