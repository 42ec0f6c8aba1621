"""Notifications of the academy, of keys and of oversight."""

from datetime import date

from django.db.models import QuerySet

from amana.academy.assessment.models import HandIn
from amana.academy.assessment.rules import follow_own_work
from amana.academy.credentials.models import Certificate
from amana.academy.credentials.rules import hold_certificate
from amana.care.emergency_access.models import EmergencyAccess
from amana.care.emergency_access.rules import see_emergency_access
from amana.notifications.kinds.notification_kind import NotificationText
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models.organisations import User
from amana.trust.access.models.sign_in import Device, Suspension
from amana.trust.access.rules import manage_own_device, see_suspension
from amana.trust.alarms.models import Alarm, AlteredRecord
from amana.trust.alarms.rules import see_alarm, see_altered
from amana.trust.exports.models import Export
from amana.trust.exports.rules import see_export
from amana.trust.recovery.models import Regaining, Share
from amana.trust.recovery.rules import follow_regaining, keep_share
from amana.trust.vault.models.key_removals import KeyRemoval
from amana.trust.vault.models.recovery_keys import RecoveryKey
from amana.trust.vault.rules import is_concerned_by_removal
from amana.trust.witness.models import Finding
from amana.trust.witness.rules import see_witnesses


def find_own_works(user: User, day: date) -> QuerySet[HandIn]:
    return follow_own_work.among(HandIn.objects.all(), user)


def find_own_certificates(user: User, day: date) -> QuerySet[Certificate]:
    return hold_certificate.among(Certificate.objects.all(), user)


def build_empty_line(row: HandIn | Certificate) -> NotificationText:
    return NotificationText()


def find_removals(user: User, day: date) -> QuerySet[KeyRemoval]:
    return is_concerned_by_removal.among(KeyRemoval.objects.all(), user)


def build_removal_line(removal: KeyRemoval) -> NotificationText:
    """Build a line without the colleague's name: that is on the removal's page, and not
    in a list that lies open on a desk."""
    return NotificationText(who=str(removal.get_status_display()))


def find_kept_shares(user: User, day: date) -> QuerySet[Share]:
    return keep_share.among(Share.objects.all(), user)


def build_share_line(share: Share) -> NotificationText:
    return NotificationText(who=share.recovery_key.team.name)


def find_ended_keys(user: User, day: date) -> QuerySet[RecoveryKey]:
    """Find the ended recovery keys of those who kept a share."""
    # The shares are deleted with the key: only these notifications still know whose
    # they were.
    told = Notification.objects.filter(user=user, what=NotificationTopic.SHARES_ENDED)
    ended = RecoveryKey.objects.filter(ended_at__isnull=False)
    return ended.filter(pk__in=told.values("number"))


def build_ended_line(recovery: RecoveryKey) -> NotificationText:
    return NotificationText(who=recovery.team.name)


def find_regainings(user: User, day: date) -> QuerySet[Regaining]:
    return follow_regaining.among(Regaining.objects.all(), user)


def build_regaining_line(regaining: Regaining) -> NotificationText:
    return NotificationText(who=str(regaining.get_status_display()))


def find_suspensions(user: User, day: date) -> QuerySet[Suspension]:
    return see_suspension.among(Suspension.objects.all(), user)


def build_suspension_line(suspension: Suspension) -> NotificationText:
    return NotificationText()


def find_emergency_accesses(user: User, day: date) -> QuerySet[EmergencyAccess]:
    return see_emergency_access.among(EmergencyAccess.objects.all(), user)


def build_emergency_line(access: EmergencyAccess) -> NotificationText:
    """Build a line; of a case that has been restricted since, without its reference."""
    return NotificationText(
        reference="" if access.case.restricted else access.case.reference
    )


def find_alarms(user: User, day: date) -> QuerySet[Alarm]:
    return see_alarm.among(Alarm.objects.all(), user)


def find_altered_records(user: User, day: date) -> QuerySet[AlteredRecord]:
    return see_altered.among(AlteredRecord.objects.all(), user)


def build_altered_line(record: AlteredRecord) -> NotificationText:
    """Build a line without the record or its case: they are on the page of alarms."""
    return NotificationText()


def build_alarm_line(alarm: Alarm) -> NotificationText:
    """Build a line without the person: that is on the alarm's page, and not in a list
    that lies open on a desk."""
    return NotificationText()


def find_findings(user: User, day: date) -> QuerySet[Finding]:
    return see_witnesses.among(Finding.objects.all(), user)


def build_log_line(finding: Finding) -> NotificationText:
    return NotificationText()


def find_devices(user: User, day: date) -> QuerySet[Device]:
    return manage_own_device.among(Device.objects.all(), user)


def build_device_line(device: Device) -> NotificationText:
    return NotificationText()


def find_exports(user: User, day: date) -> QuerySet[Export]:
    return see_export.among(Export.objects.all(), user)


def build_export_line(export: Export) -> NotificationText:
    """Build a line without the people in the export, or who asked for it."""
    return NotificationText()
