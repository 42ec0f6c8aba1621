"""What we write when something happens in other rooms: for whom, and no word of what.

Who is notified is decided here, widely where a rule decides again when it is read. The
person who did it is not notified."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from amana.academy.assessment.events import work_judged
from amana.academy.assessment.models import HandIn
from amana.academy.credentials.events import certificate_issued
from amana.academy.credentials.models import Certificate
from amana.care.cases.events import (
    case_assigned,
    case_erasing,
    closure_declined,
    closure_proposed,
    transfer_answered,
    transfer_offered,
)
from amana.care.cases.models import Assignment, Case, Closure, Transfer
from amana.care.consent.events import consent_ended, destruction_asked
from amana.care.consent.models import Consent, Destruction
from amana.care.emergency_access.events import left_unreviewed, opened_in_emergency
from amana.care.emergency_access.models import EmergencyAccess
from amana.care.pathways.events import cases_unmoved, step_asked
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.tasks import list_people as who_plays
from amana.care.pending.events import decision_failed
from amana.care.pending.models import PendingDecision
from amana.care.referrals import calendars, rota
from amana.care.referrals.events import (
    referral_answered,
    referral_completed,
    referral_confirmed,
    referral_ended,
    referral_late,
    referral_met,
    referral_sent,
)
from amana.care.referrals.models import Referral, ReferralEvent
from amana.care.referrals.states import ReferralStatus
from amana.care.referrals.tasks import list_notified as who_is_told
from amana.care.screening.events import screening_handed
from amana.care.screening.models import Screening
from amana.design.mechanism.models import Version
from amana.notifications.actions import notify, notify_badges
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.events import device_unknown, suspension_changed
from amana.trust.access.models import Device, Suspension, User
from amana.trust.alarms.events import alarm_raised, records_altered
from amana.trust.alarms.models import Alarm, AlteredRecord
from amana.trust.exports.events import export_waits
from amana.trust.exports.models import Export
from amana.trust.recovery.events import (
    regaining_changed,
    share_given,
    shares_ended,
)
from amana.trust.recovery.models import Regaining, Share
from amana.trust.vault.events import removal_changed
from amana.trust.vault.models import KeyRemoval, RecoveryKey
from amana.trust.witness.events import found_wrong
from amana.trust.witness.models import Finding


def list_ids(people: Iterable[User]) -> list[int]:
    return [person.pk for person in people]


# --- referrals


@receiver(referral_sent)
def notify_received(referral: Referral, by: User | None, **kwargs: object) -> None:
    notify(
        NotificationTopic.REFERRAL_RECEIVED,
        referral.pk,
        teams=[referral.recipient_id],
        by=by,
        is_new=True,
    )


@receiver([referral_answered, referral_met, referral_completed])
def notify_changed(referral: Referral, by: User | None, **kwargs: object) -> None:
    """Notify those who act for the sender. The colleagues of the person who answered
    have one task less: their numbers change."""
    senders = rota.list_people_of_sender(referral, calendars.get_today())
    notify(
        NotificationTopic.REFERRAL_CHANGED, referral.pk, users=list_ids(senders), by=by
    )
    notify_badges(referral.pk, teams=[referral.recipient_id])


@receiver(referral_confirmed)
def notify_confirmed(referral: Referral, **kwargs: object) -> None:
    notify_badges(referral.pk, teams=[referral.recipient_id, referral.sender_id])


@receiver(referral_ended)
def notify_ended(referral: Referral, by: User | None, **kwargs: object) -> None:
    """Notify the recipient of what the sender or the person ended; the sender of what
    was not answered in time."""
    if referral.status == ReferralStatus.EXPIRED:
        senders = rota.list_people_of_sender(referral, calendars.get_today())
        notify(
            NotificationTopic.REFERRAL_CHANGED,
            referral.pk,
            users=list_ids(senders),
            by=by,
        )
        notify_badges(referral.pk, teams=[referral.recipient_id])
    else:
        team = [referral.recipient_id]
        notify(NotificationTopic.REFERRAL_ENDED, referral.pk, teams=team, by=by)


@receiver(referral_late)
def notify_late(referral: Referral, told: ReferralEvent.What, **kwargs: object) -> None:
    people = who_is_told(referral, told.value)
    notify(
        NotificationTopic.REFERRAL_LATE, referral.pk, users=list_ids(people), by=None
    )


@receiver(decision_failed)
def notify_not_in_effect(decision: PendingDecision, **kwargs: object) -> None:
    """Notify the person who decided, and no one else: only they knew of it."""
    users = [decision.by_id]
    notify(
        NotificationTopic.DECISION_FAILED,
        decision.pk,
        users=users,
        by=None,
        is_new=True,
    )


# --- cases, screenings, consent


@receiver(case_assigned)
def notify_assigned(case: Case, worker: User, by: User, **kwargs: object) -> None:
    notify(NotificationTopic.ASSIGNED, case.pk, users=[worker.pk], by=by)


@receiver(transfer_offered)
def notify_offered(transfer: Transfer, by: User, **kwargs: object) -> None:
    team = [transfer.to_id]
    notify(
        NotificationTopic.TRANSFER_OFFERED, transfer.pk, teams=team, by=by, is_new=True
    )


@receiver(transfer_answered)
def notify_answered(transfer: Transfer, by: User, **kwargs: object) -> None:
    """Update the team to which it was offered; notify the person who offered it when it
    was declined."""
    notify_badges(transfer.pk, teams=[transfer.to_id])
    if not transfer.accepted:
        users = [transfer.offered_by_id]
        notify(NotificationTopic.TRANSFER_DECLINED, transfer.pk, users=users, by=by)


@receiver(screening_handed)
def notify_handed(screening: Screening, by: User, **kwargs: object) -> None:
    team = [screening.team_id]
    notify(NotificationTopic.SCREENING_RECEIVED, screening.pk, teams=team, by=by)


@receiver(closure_proposed)
def notify_proposed(closure: Closure, by: User, **kwargs: object) -> None:
    team = [closure.case.team_id]
    notify(NotificationTopic.CLOSURE_PROPOSED, closure.case_id, teams=team, by=by)


@receiver(closure_declined)
def notify_declined(closure: Closure, by: User, **kwargs: object) -> None:
    users = [closure.proposed_by_id]
    notify(NotificationTopic.CLOSURE_DECLINED, closure.case_id, users=users, by=by)


@receiver(consent_ended)
def notify_consent_ended(consent: Consent, by: User | None, **kwargs: object) -> None:
    """Notify those who work on the case."""
    at_work = Assignment.objects.current().filter(case=consent.case_id)
    workers = at_work.values_list("worker", flat=True)
    notify(
        NotificationTopic.CONSENT_ENDED, consent.pk, users=workers, by=by, is_new=True
    )


@receiver(destruction_asked)
def notify_to_destroy(
    destruction: Destruction, by: User | None, **kwargs: object
) -> None:
    """Notify the recipient, where copies may be left: of a consent, or of what was
    shared without one."""
    team = [destruction.basis.recipient_id]
    notify(NotificationTopic.DESTROY, destruction.pk, teams=team, by=by, is_new=True)


# --- pathways


@receiver(step_asked)
def notify_step_asked(
    course: PathwayRun, role: str, step: str, **kwargs: object
) -> None:
    """Notify the members of another team who play the role; otherwise those who get an
    e-mail."""
    dues = course.dues.filter(role=role, own=False, named=None)
    teams = list(dues.values_list("team", flat=True)) if not step else []
    users = [] if teams else list_ids(who_plays(course, role, step))
    notify(NotificationTopic.STEP, course.pk, teams=teams, users=users, by=None)


@receiver(cases_unmoved)
def notify_unmoved(version: Version, users: list[User], **kwargs: object) -> None:
    notify(
        NotificationTopic.UNMOVED,
        version.pk,
        users=list_ids(users),
        by=None,
        is_new=True,
    )


# --- keys


@receiver(suspension_changed, dispatch_uid="notifications: suspended")
def notify_suspended(
    suspension: Suspension, users: Iterable[int], by: User | None, **kwargs: object
) -> None:
    notify(NotificationTopic.SUSPENDED, suspension.pk, users=users, by=by)


@receiver(removal_changed, dispatch_uid="notifications: keys to be taken away")
def notify_keys_removed(
    removal: KeyRemoval, users: Iterable[int], by: User | None, **kwargs: object
) -> None:
    notify(NotificationTopic.KEYS, removal.pk, users=users, by=by)


@receiver(share_given, dispatch_uid="notifications: share of a recovery key")
def notify_share_given(share: Share, by: User | None, **kwargs: object) -> None:
    notify(NotificationTopic.SHARE, share.pk, users=[share.custodian_id], by=by)


@receiver(shares_ended, dispatch_uid="notifications: shares that open nothing more")
def notify_shares_ended(
    recovery: RecoveryKey, users: Iterable[int], by: User | None, **kwargs: Any
) -> None:
    notify(NotificationTopic.SHARES_ENDED, recovery.pk, users=users, by=by)


@receiver(regaining_changed, dispatch_uid="notifications: key to be regained")
def notify_regaining(
    regaining: Regaining, users: Iterable[int], by: User | None, **kwargs: object
) -> None:
    notify(NotificationTopic.REGAINING, regaining.pk, users=users, by=by)


@receiver(records_altered, dispatch_uid="notifications: altered records")
def notify_altered(record: AlteredRecord, users: list[User], **kwargs: object) -> None:
    notify(
        NotificationTopic.ALTERED,
        record.pk,
        users=list_ids(users),
        by=None,
        is_new=True,
    )


@receiver(alarm_raised, dispatch_uid="notifications: unusual use")
def notify_alarm(alarm: Alarm, users: list[User], **kwargs: object) -> None:
    notify(
        NotificationTopic.ALARM, alarm.pk, users=list_ids(users), by=None, is_new=True
    )


@receiver(found_wrong, dispatch_uid="notifications: something wrong with the log")
def notify_log_wrong(finding: Finding, users: list[User], **kwargs: object) -> None:
    notify(
        NotificationTopic.LOG, finding.pk, users=list_ids(users), by=None, is_new=True
    )


@receiver(device_unknown, dispatch_uid="notifications: unknown device")
def notify_new_device(device: Device, **kwargs: object) -> None:
    notify(
        NotificationTopic.DEVICE,
        device.pk,
        users=[device.user_id],
        by=None,
        is_new=True,
    )


@receiver(export_waits, dispatch_uid="notifications: export to decide")
def notify_export(export: Export, users: list[User], **kwargs: object) -> None:
    notify(
        NotificationTopic.EXPORT, export.pk, users=list_ids(users), by=None, is_new=True
    )


@receiver(
    [opened_in_emergency, left_unreviewed],
    dispatch_uid="notifications: emergency access",
)
def notify_emergency_access(
    access: EmergencyAccess, users: list[User], **kwargs: Any
) -> None:
    notify(
        NotificationTopic.EMERGENCY_ACCESS, access.pk, users=list_ids(users), by=None
    )


# --- the academy


@receiver(work_judged, dispatch_uid="notifications: work marked")
def notify_marked(hand_in: HandIn, **kwargs: object) -> None:
    users = [hand_in.enrolment.person_id]
    notify(NotificationTopic.WORK_MARKED, hand_in.pk, users=users, by=None)


@receiver(certificate_issued, dispatch_uid="notifications: certificate issued")
def notify_issued(certificate: Certificate, **kwargs: object) -> None:
    if certificate.learner_id:
        users = [certificate.learner_id]
        notify(
            NotificationTopic.CERTIFICATE,
            certificate.pk,
            users=users,
            by=None,
            is_new=True,
        )


# --- a case is erased


@receiver(case_erasing)
def forget(things: list[UUID], **kwargs: object) -> None:
    """Delete what points to the case, or to anything of it."""
    Notification.objects.filter(object__in=things).delete()
