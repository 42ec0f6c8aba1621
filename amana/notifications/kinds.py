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
from amana.academy.assessment.rules import own_work
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
from amana.care.pathways import words as pathways
from amana.care.pathways.models import Due
from amana.care.pathways.rules import do_step
from amana.care.pending.models import PendingDecision
from amana.care.pending.rules import own_decision
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import (
    answer_referral,
    follow_referral,
    see_referral,
    standing_in,
    supervise_referral,
    watch_referral,
)
from amana.care.screening.models import Screening
from amana.care.screening.rules import receive_screening
from amana.design.mechanism.models import Version
from amana.notifications.models import Notification, What
from amana.trust.access.models import Device, Membership, Role, Suspension, User
from amana.trust.access.rules import own_device, see_suspension
from amana.trust.alarms.models import Alarm, AlteredRecord
from amana.trust.alarms.rules import see_alarm, see_altered
from amana.trust.exports.models import Export
from amana.trust.exports.rules import see_export
from amana.trust.recovery.models import Regaining, Share
from amana.trust.recovery.rules import concerned_by_regaining, keep_share
from amana.trust.vault.models import KeyRemoval, RecoveryKey
from amana.trust.vault.rules import concerned_by_removal
from amana.trust.witness.models import Finding
from amana.trust.witness.rules import see_witnesses


@dataclass(frozen=True)
class Line:
    """What a notification shows: what changed, and for which case; codes alone."""

    what: str = ""
    """Instead of the label of its kind."""
    need: str = ""
    reference: str = ""
    who: str = ""
    """The other team."""
    urgency: str = ""


type Rows = Callable[[User, date], QuerySet[Any]]
type Describe = Callable[[Any], Line]
type Address = Callable[[Any, User], str]


@dataclass(frozen=True)
class Kind:
    """Notifications about rows of one model, that a rule lets the person see today."""

    whats: tuple[What, ...]
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
    ) -> dict[UUID | int, Line]:
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


def page(name: str, id: str = "pk") -> Address:
    """Return what builds the address of the page of that name, with this id of the
    row."""
    return lambda row, user: reverse(name, args=[getattr(row, id)])


# --- referrals


def received(user: User, day: date) -> QuerySet[Referral]:
    return answer_referral.among(Referral.objects.all(), user)


def followed(user: User, day: date) -> QuerySet[Referral]:
    """Find the referrals of those who act for the sender on this day."""
    mine = follow_referral.where(user) | supervise_referral.where(user)
    return Referral.objects.filter(mine | standing_in(user, day))


def seen_late(user: User, day: date) -> QuerySet[Referral]:
    mine = answer_referral.where(user) | follow_referral.where(user)
    led = supervise_referral.where(user) | watch_referral.where(user)
    return Referral.objects.filter(mine | led | standing_in(user, day))


def referral_received(referral: Referral) -> Line:
    """Build the line for the recipient."""
    return Line(
        # Without our reference, which the recipient doesn't know.
        need=str(referral.needed),
        who=str(referral.sender),
        urgency=referral.urgency,
    )


def referral_followed(referral: Referral) -> Line:
    return Line(
        what=str(referral.stands),
        need=str(referral.needed),
        reference=referral.case.reference,
        who=str(referral.recipient),
        urgency=referral.urgency,
    )


def referral_late(referral: Referral) -> Line:
    waits_for = referral.sender if referral.stage == "word" else referral.recipient
    return Line(
        need=str(referral.needed),
        who=str(waits_for),
        urgency=referral.urgency,
    )


def late_page(referral: Referral, user: User) -> str:
    """Build the address of an overdue referral."""
    # Coordinators have a list of what is late, and no page of the one referral.
    if see_referral.permits(user, referral):
        return reverse("referrals:referral", args=[referral.pk])
    return reverse("referrals:late")


# --- cases


def offered(user: User, day: date) -> QuerySet[Transfer]:
    return answer_transfer.among(Transfer.objects.waiting(), user)


def transfer_offered(transfer: Transfer) -> Line:
    return Line(who=str(transfer.origin))


def kept_after_all(user: User, day: date) -> QuerySet[Transfer]:
    declined = Transfer.objects.filter(accepted=False)
    return see_thing_of_case.among(declined, user)


def transfer_declined(transfer: Transfer) -> Line:
    case = transfer.case
    return Line(reference=case.reference, who=str(transfer.to))


def handed(user: User, day: date) -> QuerySet[Screening]:
    return receive_screening.among(Screening.objects.handed(), user)


def screening_received(screening: Screening) -> Line:
    return Line(who=str(screening.origin or ""), urgency=screening.urgency)


def worked_on(user: User, day: date) -> QuerySet[Case]:
    return work_on_case.among(Case.objects.all(), user)


def case_of_mine(case: Case) -> Line:
    return Line(reference=case.reference, urgency=case.urgency)


def proposed(user: User, day: date) -> QuerySet[Closure]:
    led = Q(case__in=supervise_case.among(Case.objects.all(), user))
    return Closure.objects.waiting().filter(led)


def closure_proposed(closure: Closure) -> Line:
    return Line(reference=closure.case.reference)


# --- consent


def own_consents(user: User, day: date) -> QuerySet[Consent]:
    mine = Q(case__in=work_on_case.among(Case.objects.all(), user))
    return Consent.objects.filter(mine)


def consent_ended(consent: Consent) -> Line:
    return Line(reference=consent.case.reference, who=str(consent.recipient))


def to_destroy(user: User, day: date) -> QuerySet[Destruction]:
    return destroy_copies.among(Destruction.objects.waiting(), user)


def copies(destruction: Destruction) -> Line:
    return Line(who=str(destruction.basis.case.team))


# --- decisions


def failed(user: User, day: date) -> QuerySet[PendingDecision]:
    return own_decision.among(PendingDecision.objects.failed(), user)


def decision_failed(decision: PendingDecision) -> Line:
    return Line()


# --- pathways


def steps(user: User, day: date) -> QuerySet[Due]:
    return do_step.among(Due.objects.all(), user)


def step(due: Due) -> Line:
    return Line(
        what=_("Pathway task overdue") if due.is_late else "",
        need=pathways.step_of(due.course, due.key),
        reference=due.case.reference,
    )


def versions(user: User, day: date) -> QuerySet[Version]:
    """Find the versions in force, for those who coordinate now. One query, as for all
    kinds."""
    coordinates = Membership.objects.holding([Role.COORDINATOR]).filter(user=user)
    return Version.objects.in_force().filter(Exists(coordinates))


def cases_unmoved(version: Version) -> Line:
    return Line()


# --- the academy


def own_works(user: User, day: date) -> QuerySet[HandIn]:
    return own_work.among(HandIn.objects.all(), user)


def own_certificates(user: User, day: date) -> QuerySet[Certificate]:
    return hold_certificate.among(Certificate.objects.all(), user)


def nothing_more(row: HandIn | Certificate) -> Line:
    return Line()


# --- keys


def removals(user: User, day: date) -> QuerySet[KeyRemoval]:
    return concerned_by_removal.among(KeyRemoval.objects.all(), user)


def removal_changed(removal: KeyRemoval) -> Line:
    """Build a line without the colleague's name: that is on the removal's page, and not
    in a list that lies open on a desk."""
    return Line(who=str(removal.get_status_display()))


def shares_kept(user: User, day: date) -> QuerySet[Share]:
    return keep_share.among(Share.objects.all(), user)


def share_given(share: Share) -> Line:
    return Line(who=share.recovery_key.team.name)


def keys_ended(user: User, day: date) -> QuerySet[RecoveryKey]:
    """Find the ended recovery keys of those who kept a share."""
    # The shares are deleted with the key: only these notifications still know whose
    # they were.
    told = Notification.objects.filter(user=user, what=What.SHARES_ENDED)
    ended = RecoveryKey.objects.filter(ended_at__isnull=False)
    return ended.filter(pk__in=told.values("number"))


def shares_ended(recovery: RecoveryKey) -> Line:
    return Line(who=recovery.team.name)


def regainings(user: User, day: date) -> QuerySet[Regaining]:
    return concerned_by_regaining.among(Regaining.objects.all(), user)


def regaining_changed(regaining: Regaining) -> Line:
    return Line(who=str(regaining.get_status_display()))


def suspensions(user: User, day: date) -> QuerySet[Suspension]:
    return see_suspension.among(Suspension.objects.all(), user)


def suspension_changed(suspension: Suspension) -> Line:
    return Line()


def emergency_accesses(user: User, day: date) -> QuerySet[EmergencyAccess]:
    return see_emergency_access.among(EmergencyAccess.objects.all(), user)


def opened_in_emergency(access: EmergencyAccess) -> Line:
    """Build a line; of a case that has been restricted since, without its reference."""
    return Line(reference="" if access.case.restricted else access.case.reference)


def alarms(user: User, day: date) -> QuerySet[Alarm]:
    return see_alarm.among(Alarm.objects.all(), user)


def altered_records(user: User, day: date) -> QuerySet[AlteredRecord]:
    return see_altered.among(AlteredRecord.objects.all(), user)


def record_altered(record: AlteredRecord) -> Line:
    """Build a line without the record or its case: they are on the page of alarms."""
    return Line()


def alarm_raised(alarm: Alarm) -> Line:
    """Build a line without the person: that is on the alarm's page, and not in a list
    that lies open on a desk."""
    return Line()


def findings(user: User, day: date) -> QuerySet[Finding]:
    return see_witnesses.among(Finding.objects.all(), user)


def found_wrong(finding: Finding) -> Line:
    return Line()


def devices(user: User, day: date) -> QuerySet[Device]:
    return own_device.among(Device.objects.all(), user)


def device_unknown(device: Device) -> Line:
    return Line()


def exports(user: User, day: date) -> QuerySet[Export]:
    return see_export.among(Export.objects.all(), user)


def export_waits(export: Export) -> Line:
    """Build a line without the people in the export, or who asked for it."""
    return Line()


REFERRAL, CASE = page("referrals:referral"), page("cases:case")
OF_CASE = page("cases:case", "case_id")

KINDS: list[Kind] = [
    Kind(
        (What.REFERRAL_RECEIVED, What.REFERRAL_ENDED),
        received,
        referral_received,
        REFERRAL,
        ("need", "sender__organisation"),
    ),
    Kind(
        (What.REFERRAL_CHANGED,),
        followed,
        referral_followed,
        REFERRAL,
        ("need", "case", "recipient__organisation"),
        by_day=True,
    ),
    Kind(
        (What.REFERRAL_LATE,),
        seen_late,
        referral_late,
        late_page,
        ("need", "sender__organisation", "recipient__organisation"),
        by_day=True,
    ),
    Kind(
        (What.TRANSFER_OFFERED,),
        offered,
        transfer_offered,
        page("cases:transfer"),
        ("origin__organisation",),
    ),
    Kind(
        (What.TRANSFER_DECLINED,),
        kept_after_all,
        transfer_declined,
        OF_CASE,
        ("case", "to__organisation"),
    ),
    Kind(
        (What.SCREENING_RECEIVED,),
        handed,
        screening_received,
        page("screening:result"),
        ("origin__organisation",),
    ),
    Kind(
        (What.STEP,),
        steps,
        step,
        lambda due, user: reverse("pathways:step", args=[due.course_id, due.key]),
        ("course__version", "case"),
        id="course",
    ),
    Kind(
        (What.UNMOVED,),
        versions,
        cases_unmoved,
        page("mechanism:adoption"),
        by_number=True,
    ),
    Kind(
        (What.CONSENT_ENDED,),
        own_consents,
        consent_ended,
        page("consent:consent"),
        ("case", "recipient__organisation"),
    ),
    Kind(
        (What.DESTROY,),
        to_destroy,
        copies,
        page("consent:destroy"),
        (
            "consent__case__team__organisation",
            "vital_interest__case__team__organisation",
        ),
        by_number=True,
    ),
    Kind(
        (What.DECISION_FAILED,),
        failed,
        decision_failed,
        lambda decision, user: reverse("pending:list"),
    ),
    Kind((What.ASSIGNED, What.CLOSURE_DECLINED), worked_on, case_of_mine, CASE),
    Kind(
        (What.CLOSURE_PROPOSED,),
        proposed,
        closure_proposed,
        OF_CASE,
        ("case",),
        id="case",
    ),
    Kind(
        (What.WORK_MARKED,),
        own_works,
        nothing_more,
        page("assessment:work"),
        by_number=True,
    ),
    Kind(
        (What.CERTIFICATE,),
        own_certificates,
        nothing_more,
        page("credentials:certificate"),
    ),
    Kind(
        (What.SUSPENDED,),
        suspensions,
        suspension_changed,
        lambda suspension, user: reverse("vault:admissions"),
        by_number=True,
    ),
    Kind(
        (What.EMERGENCY_ACCESS,),
        emergency_accesses,
        opened_in_emergency,
        page("emergency_access:access"),
        ("case",),
        by_number=True,
    ),
    Kind(
        (What.ALTERED,),
        altered_records,
        record_altered,
        lambda record, user: reverse("alarms:list"),
        by_number=True,
    ),
    Kind(
        (What.ALARM,),
        alarms,
        alarm_raised,
        page("alarms:alarm"),
        by_number=True,
    ),
    Kind(
        (What.LOG,),
        findings,
        found_wrong,
        lambda finding, user: reverse("witness:witnesses"),
        by_number=True,
    ),
    Kind(
        (What.DEVICE,),
        devices,
        device_unknown,
        lambda device, user: reverse("access:account"),
        by_number=True,
    ),
    Kind((What.EXPORT,), exports, export_waits, page("exports:export")),
    Kind(
        (What.KEYS,),
        removals,
        removal_changed,
        page("vault:removal"),
        by_number=True,
    ),
    Kind(
        (What.SHARE,),
        shares_kept,
        share_given,
        lambda share, user: reverse("recovery:shares"),
        beside=("recovery_key__team",),
        by_number=True,
    ),
    Kind(
        (What.SHARES_ENDED,),
        keys_ended,
        shares_ended,
        lambda recovery, user: reverse("recovery:shares"),
        beside=("team",),
        by_number=True,
    ),
    Kind(
        (What.REGAINING,),
        regainings,
        regaining_changed,
        page("recovery:regaining"),
        by_number=True,
    ),
]
