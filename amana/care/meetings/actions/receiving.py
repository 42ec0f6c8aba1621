"""Take in what a device sent."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases.finding import FoundCase, find_known_people
from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import open_cases_in
from amana.care.meetings import screenings
from amana.care.meetings.actions.meeting_requests import (
    ReceivedMeeting,
    compute_answer_time,
    format_undone_parts,
    record_answer_and_send_request,
)
from amana.care.meetings.models import Meeting
from amana.care.meetings.rules import set_meeting_aside, take_meeting
from amana.care.meetings.sheet import MeetingAnswers
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import drafts
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.keys.keyring import Keyring, Locked
from amana.trust.vault.models.handed_over import DraftKey, WaitingDraft

MOST_WAITING = 50
"""So many of one sender wait; the next stays on the device."""


NOTED_IN = Compartment.NEEDS
"""A part that every colleague who works on the case reads."""


@transaction.atomic
def receive_and_take(
    pk: UUID, sealed: bytes, *, key: DraftKey, device_now: datetime, by: User
) -> ReceivedMeeting:
    """Receive what a device sends, and take it at once where its sender has unlocked.
    What can't be read then is not kept: it stays on the device."""
    meeting = receive(pk, sealed, key=key, device_now=device_now, by=by)
    if meeting.taken_at is not None:
        return ReceivedMeeting(meeting, state="known")
    if not isinstance(by.keyring, Keyring):
        return ReceivedMeeting(meeting, state="waits")
    return take_meeting_over(meeting, by=by)


@transaction.atomic
def receive(
    pk: UUID, sealed: bytes, *, key: DraftKey, device_now: datetime, by: User
) -> Meeting:
    """Keep what a device has sent, sealed as it is, until it is taken. By someone
    signed in, who need not have unlocked; what came before is not kept twice."""
    open_cases_in.require(by, key.team)
    if len(sealed) > drafts.LARGEST:
        raise Refused(_("This meeting is too large to send. It stays on the device."))
    if _too_many_wait(pk, by):
        raise Refused(
            _(
                "%(most)s of your meetings are waiting to be opened. Open them "
                "first; this one stays on the device."
            )
            % {"most": MOST_WAITING}
        )
    offset = timezone.now() - device_now
    digest = hashlib.sha256(sealed).digest()
    meeting = Meeting(pk=pk, team=key.team, met_by=by, offset=offset, digest=digest)
    try:
        # In a savepoint: after a failed insert, PostgreSQL refuses what follows in the
        # transaction, and the row that is there has yet to be read.
        with transaction.atomic():
            meeting.save(force_insert=True)
    except IntegrityError:
        return _known(meeting)
    drafts.keep_waiting(pk, sealed, key=key)
    log.record("received meeting", meeting, by=by, team=key.team_id)
    return meeting


def _known(sent: Meeting) -> Meeting:
    """Find the same meeting, sent once more. Raises `Refused` for anything else."""
    known = Meeting.objects.select_related("case", "team").get(pk=sent.pk)
    # The device deletes what is known, so nothing else under this id may be called
    # that.
    same = bytes(known.digest) == sent.digest and known.met_by_id == sent.met_by_id
    if not same or known.team_id != sent.team_id:
        raise Refused(
            _(
                "Something else was sent in place of this. It stays on the device: "
                "contact your supervisor."
            )
        )
    return known


def _too_many_wait(pk: UUID, by: User) -> bool:
    others = Meeting.objects.waiting().filter(met_by=by).exclude(pk=pk)
    return others.count() >= MOST_WAITING and not Meeting.objects.filter(pk=pk).exists()


@transaction.atomic
def set_aside(meeting: Meeting, *, by: User) -> None:
    """Delete one that can never be opened; one that can is opened instead."""
    set_meeting_aside.require(by, meeting)
    held, waiting = _held(meeting)
    _require_hopeless(held, by=by)
    waiting.delete()
    held.taken_at = timezone.now()
    held.save(update_fields=["taken_at"])
    log.record("set meeting aside", held, by=by, met_by=held.met_by_id)


def _require_hopeless(held: Meeting, *, by: User) -> None:
    """Try to take it: it may go only where that is refused, and for ever."""
    try:
        with transaction.atomic():
            take_meeting_over(held, by=by)
            # It can be read: the exception rolls back all that was done to find this
            # out.
            raise screenings.NotYetReadable(_("This can be read. Open the case."))
    except (Locked, Tampered, Changed, screenings.NotYetReadable):
        raise
    except Refused:
        return


def _held(meeting: Meeting) -> tuple[Meeting, WaitingDraft]:
    """Lock a meeting until this transaction ends: of two who open one at once, one
    does."""
    rows = Meeting.objects.select_for_update(of=["self"])
    held = rows.select_related("met_by", "team").get(pk=meeting.pk)
    if held.taken_at is not None:
        raise Changed(_("A colleague has opened this meeting already."))
    waiting = WaitingDraft.objects.select_related("draft_key", "team_key")
    return held, waiting.get(pk=held.pk)


@transaction.atomic
def take_meeting_over(meeting: Meeting, *, by: User) -> ReceivedMeeting:
    """Open what a device has sent, and do what the person was asked and agreed to."""
    take_meeting.require(by, meeting)
    held, waiting = _held(meeting)
    content = drafts.open_waiting(waiting, sender=held.met_by, by=by)
    if screenings.is_screening(content):
        taken = _take_screening(held, content, by=by)
    else:
        taken = _take_first(held, MeetingAnswers.read(content, team=held.team), by=by)
    waiting.delete()
    return taken


def _take_screening(
    held: Meeting, content: Mapping[str, object], *, by: User
) -> ReceivedMeeting:
    asked_at = (
        compute_answer_time(screenings.get_asked_time(content), held)
        or held.received_at
    )
    made = screenings.record_screening(held, content, asked_at=asked_at, by=by)
    taken = ReceivedMeeting(held)
    since = compute_answer_time(screenings.get_begin_time(content), held)
    if screenings.was_asked_meanwhile(made, since=since):
        taken.alike.append(
            _(
                "A colleague asked this person the same questions meanwhile. Both are "
                "kept: compare them."
            )
        )
    _is_taken(held, made.case, by=by, said_at=asked_at, screening=made.pk)
    return taken


def _is_taken(
    held: Meeting, case: Case | None, *, by: User, said_at: datetime, **about: Any
) -> None:
    held.taken_at, held.case = timezone.now(), case
    held.save(update_fields=["taken_at", "case"])
    log.record(
        "took meeting",
        held,
        by=by,
        case=case.pk if case else None,
        met_by=held.met_by_id,
        said_at=said_at.isoformat(),
        **about,
    )


def _take_first(held: Meeting, sheet: MeetingAnswers, *, by: User) -> ReceivedMeeting:
    asked_at = compute_answer_time(sheet.asked_at, held) or held.received_at
    alike = find_known_people(sheet.records, by=by)
    case = cases.open_case(
        team=held.team,
        gate=sheet.gate.plain(),
        records=sheet.records,
        needs=sheet.needs,
        asked_at=asked_at,
        asked_by=held.met_by,
        by=by,
    )
    taken = ReceivedMeeting(held, [*sheet.left], [_is_alike(found) for found in alike])
    # What is refused goes into a note of the case: in the language of the meeting.
    with translation.override(sheet.page_language):
        _tried(taken, lambda: record_answer_and_send_request(case, sheet, taken, by=by))
    noted = [*taken.left, *_to_compare(taken)]
    if noted:
        cases.add_note(case, NOTED_IN, format_undone_parts(noted), by=by)
    _is_taken(held, case, by=by, said_at=asked_at, left=len(noted))
    return taken


def _is_alike(found: FoundCase) -> str:
    """Describe a case that may be of the same person: two devices may have met one
    person, or a colleague knew her. Both cases are kept."""
    if not found.seen:
        lead = found.lead or _("your supervisor")
        return _(
            "Your team may know this person already. Ask %(lead)s to compare the cases."
        ) % {"lead": lead}
    return _(
        "This may be the person of case %(reference)s. Compare both, and close one."
    ) % {"reference": found.case.reference}


def _to_compare(taken: ReceivedMeeting) -> list[str]:
    """List what everyone who reads the case is shown, who may not see the other."""
    if not taken.alike:
        return []
    return [_("This person may already have a case. Search and compare.")]


def _tried(taken: ReceivedMeeting, act: Callable[[], object]) -> None:
    """Do it, or leave everything as it was and record why."""
    try:
        with transaction.atomic():
            act()
    except Locked:
        raise
    except Refused as no:
        taken.left.append(str(no))
