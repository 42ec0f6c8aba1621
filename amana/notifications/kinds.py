"""What each kind of notification is about: which rows, found by which rule.

A room above care that notifies of something adds its kind here; everything else (who
may read it, the list, the badge, the stream) follows from it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.assessment.models import HandIn
from amana.academy.assessment.rules import follow_own_work
from amana.academy.credentials.models import Certificate
from amana.academy.credentials.rules import hold_certificate
from amana.care.cases.models import Case, Closure, Transfer
from amana.care.cases.rules import (
    answer_transfer,
    see_thing_of_case,
    supervise_case,
    work_on_case,
)
from amana.care.consent.models import Consent, Destruction
from amana.care.consent.rules import destroy_copies
from amana.care.emergency_access.models import EmergencyAccess
from amana.care.emergency_access.rules import see_emergency_access
from amana.care.pathways import labels as pathways
from amana.care.pathways.models import OpenTask
from amana.care.pathways.rules import do_step
from amana.care.pending.models import PendingDecision
from amana.care.pending.rules import see_own_decision
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import (
    answer_referral,
    filter_covered_referrals,
    follow_referral,
    see_referral,
    supervise_referral,
    watch_referral,
)
from amana.care.screening.models import Screening
from amana.care.screening.rules import receive_screening
from amana.design.mechanism.models import Version
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Device, Membership, Role, Suspension, User
from amana.trust.access.rules import manage_own_device, see_suspension
from amana.trust.alarms.models import Alarm, AlteredRecord
from amana.trust.alarms.rules import see_alarm, see_altered
from amana.trust.exports.models import Export
from amana.trust.exports.rules import see_export
from amana.trust.recovery.models import Regaining, Share
from amana.trust.recovery.rules import follow_regaining, keep_share
from amana.trust.vault.models import KeyRemoval, RecoveryKey
from amana.trust.vault.rules import is_concerned_by_removal
from amana.trust.witness.models import Finding
from amana.trust.witness.rules import see_witnesses


@dataclass(frozen=True)
class NotificationText:
    """What a notification shows: what changed, and for which case; codes alone."""

    what: str = ""
    """Instead of the label of its kind."""
    need: str = ""
    reference: str = ""
    who: str = ""
    """The other team."""
    urgency: str = ""


type Rows = Callable[[User, date], QuerySet[Any]]
type Describe = Callable[[Any], NotificationText]
type Address = Callable[[Any, User], str]


@dataclass(frozen=True)
class NotificationKind:
    """Notifications about rows of one model, that a rule lets the person see today."""

    whats: tuple[NotificationTopic, ...]
    rows: Rows
    line: Describe
    address: Address
    """The page of such a row."""
    beside: tuple[str, ...] = ()
    """What is loaded along."""
    id: str = "pk"
    """The column by which a notification names its row."""
    by_number: bool = False
    by_day: bool = False
    """Whether what one sees depends on the day."""

    @property
    def column(self) -> str:
        return "number" if self.by_number else "object"

    def lines(
        self, ids: Iterable[UUID | int], user: User, day: date
    ) -> dict[UUID | int, NotificationText]:
        """Map each id that `user` may still see to its line."""
        found = self.rows(user, day).filter(**{f"{self.id}__in": list(ids)})
        rows = found.order_by("-pk")
        if self.beside:
            rows = rows.select_related(*self.beside)
        return {self.id_of(row): self.line(row) for row in rows}

    def page_of(self, id: UUID | int, user: User, day: date) -> str:
        """Build the address of one of them; empty where `user` no longer sees it."""
        row = self.rows(user, day).filter(**{self.id: id}).order_by("pk").first()
        return self.address(row, user) if row else ""

    def id_of(self, row: Any) -> UUID | int:
        name = "pk" if self.id == "pk" else f"{self.id}_id"
        found: UUID | int = getattr(row, name)
        return found


def build_address(name: str, id: str = "pk") -> Address:
    """Return what builds the address of the page of that name, with this id of the
    row."""
    return lambda row, user: reverse(name, args=[getattr(row, id)])


# --- referrals


def find_received(user: User, day: date) -> QuerySet[Referral]:
    return answer_referral.among(Referral.objects.all(), user)


def find_followed(user: User, day: date) -> QuerySet[Referral]:
    """Find the referrals of those who act for the sender on this day."""
    mine = follow_referral.where(user) | supervise_referral.where(user)
    return Referral.objects.filter(mine | filter_covered_referrals(user, day))


def find_seen_late(user: User, day: date) -> QuerySet[Referral]:
    mine = answer_referral.where(user) | follow_referral.where(user)
    led = supervise_referral.where(user) | watch_referral.where(user)
    return Referral.objects.filter(mine | led | filter_covered_referrals(user, day))


def build_received_line(referral: Referral) -> NotificationText:
    """Build the line for the recipient."""
    return NotificationText(
        # Without our reference, which the recipient doesn't know.
        need=str(referral.needed),
        who=str(referral.sender),
        urgency=referral.urgency,
    )


def build_followed_line(referral: Referral) -> NotificationText:
    return NotificationText(
        what=str(referral.stands),
        need=str(referral.needed),
        reference=referral.case.reference,
        who=str(referral.recipient),
        urgency=referral.urgency,
    )


def build_late_line(referral: Referral) -> NotificationText:
    waits_for = referral.sender if referral.stage == "word" else referral.recipient
    return NotificationText(
        need=str(referral.needed),
        who=str(waits_for),
        urgency=referral.urgency,
    )


def build_late_address(referral: Referral, user: User) -> str:
    """Build the address of an overdue referral."""
    # Coordinators have a list of what is late, and no page of the one referral.
    if see_referral.permits(user, referral):
        return reverse("referrals:referral", args=[referral.pk])
    return reverse("referrals:late")


# --- cases


def find_offered(user: User, day: date) -> QuerySet[Transfer]:
    return answer_transfer.among(Transfer.objects.waiting(), user)


def build_offer_line(transfer: Transfer) -> NotificationText:
    return NotificationText(who=str(transfer.origin))


def find_declined(user: User, day: date) -> QuerySet[Transfer]:
    declined = Transfer.objects.filter(accepted=False)
    return see_thing_of_case.among(declined, user)


def build_decline_line(transfer: Transfer) -> NotificationText:
    case = transfer.case
    return NotificationText(reference=case.reference, who=str(transfer.to))


def find_handed(user: User, day: date) -> QuerySet[Screening]:
    return receive_screening.among(Screening.objects.handed(), user)


def build_screening_line(screening: Screening) -> NotificationText:
    return NotificationText(who=str(screening.origin or ""), urgency=screening.urgency)


def find_worked_on(user: User, day: date) -> QuerySet[Case]:
    return work_on_case.among(Case.objects.all(), user)


def build_case_line(case: Case) -> NotificationText:
    return NotificationText(reference=case.reference, urgency=case.urgency)


def find_proposed(user: User, day: date) -> QuerySet[Closure]:
    led = Q(case__in=supervise_case.among(Case.objects.all(), user))
    return Closure.objects.waiting().filter(led)


def build_closure_line(closure: Closure) -> NotificationText:
    return NotificationText(reference=closure.case.reference)


# --- consent


def find_own_consents(user: User, day: date) -> QuerySet[Consent]:
    mine = Q(case__in=work_on_case.among(Case.objects.all(), user))
    return Consent.objects.filter(mine)


def build_consent_line(consent: Consent) -> NotificationText:
    return NotificationText(
        reference=consent.case.reference, who=str(consent.recipient)
    )


def find_to_destroy(user: User, day: date) -> QuerySet[Destruction]:
    return destroy_copies.among(Destruction.objects.waiting(), user)


def build_copies_line(destruction: Destruction) -> NotificationText:
    return NotificationText(who=str(destruction.basis.case.team))


# --- decisions


def find_failed(user: User, day: date) -> QuerySet[PendingDecision]:
    return see_own_decision.among(PendingDecision.objects.failed(), user)


def build_decision_line(decision: PendingDecision) -> NotificationText:
    return NotificationText()


# --- pathways


def find_steps(user: User, day: date) -> QuerySet[OpenTask]:
    return do_step.among(OpenTask.objects.all(), user)


def build_step_line(due: OpenTask) -> NotificationText:
    return NotificationText(
        what=_("Pathway task overdue") if due.is_late else "",
        need=pathways.format_step_of_course(due.course, due.key),
        reference=due.case.reference,
    )


def find_versions(user: User, day: date) -> QuerySet[Version]:
    """Find the versions in force, for those who coordinate now. One query, as for all
    kinds."""
    coordinates = Membership.objects.holding([Role.COORDINATOR]).filter(user=user)
    return Version.objects.in_force().filter(Exists(coordinates))


def build_unmoved_line(version: Version) -> NotificationText:
    return NotificationText()


# --- the academy


def find_own_works(user: User, day: date) -> QuerySet[HandIn]:
    return follow_own_work.among(HandIn.objects.all(), user)


def find_own_certificates(user: User, day: date) -> QuerySet[Certificate]:
    return hold_certificate.among(Certificate.objects.all(), user)


def build_empty_line(row: HandIn | Certificate) -> NotificationText:
    return NotificationText()


# --- keys


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


REFERRAL, CASE = build_address("referrals:referral"), build_address("cases:case")
OF_CASE = build_address("cases:case", "case_id")

KINDS: list[NotificationKind] = [
    NotificationKind(
        (NotificationTopic.REFERRAL_RECEIVED, NotificationTopic.REFERRAL_ENDED),
        find_received,
        build_received_line,
        REFERRAL,
        ("need", "sender__organisation"),
    ),
    NotificationKind(
        (NotificationTopic.REFERRAL_CHANGED,),
        find_followed,
        build_followed_line,
        REFERRAL,
        ("need", "case", "recipient__organisation"),
        by_day=True,
    ),
    NotificationKind(
        (NotificationTopic.REFERRAL_LATE,),
        find_seen_late,
        build_late_line,
        build_late_address,
        ("need", "sender__organisation", "recipient__organisation"),
        by_day=True,
    ),
    NotificationKind(
        (NotificationTopic.TRANSFER_OFFERED,),
        find_offered,
        build_offer_line,
        build_address("cases:transfer"),
        ("origin__organisation",),
    ),
    NotificationKind(
        (NotificationTopic.TRANSFER_DECLINED,),
        find_declined,
        build_decline_line,
        OF_CASE,
        ("case", "to__organisation"),
    ),
    NotificationKind(
        (NotificationTopic.SCREENING_RECEIVED,),
        find_handed,
        build_screening_line,
        build_address("screening:result"),
        ("origin__organisation",),
    ),
    NotificationKind(
        (NotificationTopic.STEP,),
        find_steps,
        build_step_line,
        lambda due, user: reverse("pathways:step", args=[due.course_id, due.key]),
        ("course__version", "case"),
        id="course",
    ),
    NotificationKind(
        (NotificationTopic.UNMOVED,),
        find_versions,
        build_unmoved_line,
        build_address("mechanism:adoption"),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.CONSENT_ENDED,),
        find_own_consents,
        build_consent_line,
        build_address("consent:consent"),
        ("case", "recipient__organisation"),
    ),
    NotificationKind(
        (NotificationTopic.DESTROY,),
        find_to_destroy,
        build_copies_line,
        build_address("consent:destroy"),
        (
            "consent__case__team__organisation",
            "vital_interest__case__team__organisation",
        ),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.DECISION_FAILED,),
        find_failed,
        build_decision_line,
        lambda decision, user: reverse("pending:list"),
    ),
    NotificationKind(
        (NotificationTopic.ASSIGNED, NotificationTopic.CLOSURE_DECLINED),
        find_worked_on,
        build_case_line,
        CASE,
    ),
    NotificationKind(
        (NotificationTopic.CLOSURE_PROPOSED,),
        find_proposed,
        build_closure_line,
        OF_CASE,
        ("case",),
        id="case",
    ),
    NotificationKind(
        (NotificationTopic.WORK_MARKED,),
        find_own_works,
        build_empty_line,
        build_address("assessment:work"),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.CERTIFICATE,),
        find_own_certificates,
        build_empty_line,
        build_address("credentials:certificate"),
    ),
    NotificationKind(
        (NotificationTopic.SUSPENDED,),
        find_suspensions,
        build_suspension_line,
        lambda suspension, user: reverse("vault:admissions"),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.EMERGENCY_ACCESS,),
        find_emergency_accesses,
        build_emergency_line,
        build_address("emergency_access:access"),
        ("case",),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.ALTERED,),
        find_altered_records,
        build_altered_line,
        lambda record, user: reverse("alarms:list"),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.ALARM,),
        find_alarms,
        build_alarm_line,
        build_address("alarms:alarm"),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.LOG,),
        find_findings,
        build_log_line,
        lambda finding, user: reverse("witness:witnesses"),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.DEVICE,),
        find_devices,
        build_device_line,
        lambda device, user: reverse("access:account"),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.EXPORT,),
        find_exports,
        build_export_line,
        build_address("exports:export"),
    ),
    NotificationKind(
        (NotificationTopic.KEYS,),
        find_removals,
        build_removal_line,
        build_address("vault:removal"),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.SHARE,),
        find_kept_shares,
        build_share_line,
        lambda share, user: reverse("recovery:shares"),
        beside=("recovery_key__team",),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.SHARES_ENDED,),
        find_ended_keys,
        build_ended_line,
        lambda recovery, user: reverse("recovery:shares"),
        beside=("team",),
        by_number=True,
    ),
    NotificationKind(
        (NotificationTopic.REGAINING,),
        find_regainings,
        build_regaining_line,
        build_address("recovery:regaining"),
        by_number=True,
    ),
]
