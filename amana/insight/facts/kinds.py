"""Every kind of observation: its possible results, and in one sentence how it
arises."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import ClosureReason
from amana.care.referrals.states import DeclineReason
from amana.design.directory.taxonomy import ServiceType
from amana.insight.facts import codes

type Codes = tuple[str, ...]


@dataclass(frozen=True)
class ObservationKind:
    """One thing that is counted."""

    code: str
    title: str | Promise
    arises: str | Promise
    """How it arises, for readers of a figure."""
    results: Codes = ()
    reasons: Codes = ()
    topics: Codes = ()
    timed: bool = False
    """Whether it says how long it took."""
    numbered: bool = False
    sealed: Codes = ()
    """The columns that are only in sealed words, and nowhere in the clear."""
    of_person: bool = True
    """Whether it is of a person, and so waits sealed for the batch."""
    most_of_a_person: int = 1
    """How many of these one person may add in a year: a group is shown from so many
    times as many facts on as it has to have people."""
    each_topic: bool = False
    """A person may say something of every topic: counted topic by topic (ADR 24)."""

    @property
    def is_hidden(self) -> bool:
        """Whether not even the existence of such an observation is in the clear."""
        return "kind" in self.sealed


IN_TIME: Codes = ("in_time", "late")
IN_TIME_OR_NOT: Codes = ("in_time", "late", "not")
YES_NO: Codes = ("yes", "no")
YES_PARTLY_NO: Codes = ("yes", "partly", "no")
CLOSED_OPEN: Codes = ("closed", "open")
FRESH_STALE: Codes = ("fresh", "stale")
CLOSURES: Codes = tuple(ClosureReason.values)
DECLINES: Codes = tuple(DeclineReason.values)
MOMENTS: Codes = tuple(codes.OutcomeMoment.values)
RESULT: Codes = ("result",)
ALL_BUT_TOPIC: Codes = ("kind", "result")
"""A case shows which needs it has, and not whether what was agreed was reached."""
ALL_OF_IT: Codes = ("kind", "result", "number", "topic", "reason")
TYPES = codes.SERVICE_TYPES
MONTHS = 12
"""What is counted at the end of each month counts each worker so often in a year."""
SEVERAL = 3
"""Hardly anyone has more needs or referrals of a kind in a year."""

OF_PEOPLE = (
    ObservationKind(
        "screening",
        _("A person was screened"),
        _("When the result of a screening in a case has been reviewed."),
        ("presumed", "not_presumed", "undecided"),
        sealed=RESULT,
    ),
    ObservationKind(
        "safety_gate",
        _("The safety questions came first"),
        _(
            "When a case is opened: whether every safety question was answered "
            "beforehand."
        ),
        ("complete", "incomplete"),
        sealed=RESULT,
    ),
    ObservationKind(
        "consent",
        _("The work has a lawful basis"),
        _("When a case is closed: whether the person consented to anything in it."),
        ("consent", "legal_basis", "none"),
    ),
    ObservationKind(
        "consent_answer",
        _("A person was asked for consent"),
        _("When a person gives, refuses or withdraws consent."),
        ("given", "refused", "withdrawn"),
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "decision",
        _("A decision on identification"),
        _(
            "When the pathway records a decision, or ends without a first decision "
            "that was due. The first decision is timed from when it was due, the "
            "final one from the start of the case."
        ),
        IN_TIME,
        topics=tuple(codes.Decision.values),
        timed=True,
        most_of_a_person=len(codes.Decision),
    ),
    ObservationKind(
        "review",
        _("A decision was reviewed"),
        _("When the pathway records the result of the review."),
        ("changed", "upheld"),
    ),
    ObservationKind(
        "reflection",
        _("A recovery and reflection period"),
        _(
            "When a period that was granted is over; or when the pathway ends and "
            "there were grounds for a period, but none was granted."
        ),
        ("granted", "not_granted"),
    ),
    ObservationKind(
        "reflection_condition",
        _("Condition of the reflection period"),
        _(
            "When a case records what the period depended on, as it was explained to "
            "the person."
        ),
        ("free", "for_cooperation"),
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "immediate_needs",
        _("Immediate needs were met"),
        _("When the pathway records it, against a time limit of 24 hours."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    ObservationKind(
        "safe_bed",
        _("A safe bed for the night"),
        _("When a bed was needed immediately: whether there was one the same night."),
        ("placed", "not_placed"),
    ),
    ObservationKind(
        "health_offer",
        _("A health check was offered"),
        _("When the pathway records the offer, against a time limit of 72 hours."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    ObservationKind(
        "rape_care",
        _("Care after rape"),
        _(
            "When a case records it: within 72 hours of what happened, later, or not "
            "at all although it was wanted. The exact time is not asked."
        ),
        IN_TIME_OR_NOT,
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "assessment",
        _("An assessment"),
        _("When the pathway records that it is done, against its time limit."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    ObservationKind(
        "plan",
        _("A plan made with the person"),
        _("When the pathway records the plan, made with the person and approved."),
        ("complete", "incomplete"),
    ),
    ObservationKind(
        "safety_plan",
        _("A safety plan where one is needed"),
        _("When the pathway records whether there is one."),
        YES_NO,
    ),
    ObservationKind(
        "answer",
        _("A referral was answered"),
        _(
            "When a service answers a referral, counted from when it was sent; or "
            "when the referral ends late and unanswered."
        ),
        IN_TIME,
        topics=TYPES,
        timed=True,
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "acceptance",
        _("A referral was accepted or declined"),
        _("When a service accepts or declines; if it declines, with the reason."),
        ("accepted", "declined"),
        DECLINES,
        TYPES,
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "loop",
        _("The referral loop was closed"),
        _(
            "When the outcome of a referral is known, or the referral ends without a "
            "known outcome."
        ),
        CLOSED_OPEN,
        topics=TYPES,
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "service_start",
        _("A service started"),
        _(
            "When the person came or the service started, counted from the request; "
            "or when an accepted referral ends without either."
        ),
        ("started", "not_started"),
        topics=TYPES,
        timed=True,
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "need_met",
        _("The need was met, according to the person"),
        _("When the person has been asked whether a service helped."),
        ("met", "partly", "not_met"),
        topics=TYPES,
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "need",
        _("A need"),
        _("When a need is met, or nothing acceptable was found for it."),
        ("met", "unmet"),
        topics=TYPES,
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "handover",
        _("How a person was handed over"),
        _(
            "When an urgent referral is answered or left unanswered: whether it "
            "named who brings the person."
        ),
        ("warm", "cold"),
        topics=TYPES,
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "case_referrals",
        _("Referrals in a case"),
        _("When a case is closed: how many referrals were sent in it."),
        numbered=True,
    ),
    ObservationKind(
        "interviews",
        _("Number of full interviews"),
        _("When a case is closed: how many full interviews there were."),
        numbered=True,
    ),
    ObservationKind(
        "follow_up",
        _("A follow-up"),
        _("When the pathway records it, against its time limit."),
        ("in_time", "late", "missed"),
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "goal",
        _("A goal of the plan"),
        _(
            "When a case records, need by need, whether what was agreed was reached "
            "or given up."
        ),
        ("met", "not_met"),
        topics=TYPES,
        sealed=ALL_BUT_TOPIC,
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "closure",
        _("A case was closed"),
        _("When a case is closed: why, and how long the work took."),
        reasons=CLOSURES,
        timed=True,
    ),
    ObservationKind(
        "contact",
        _("Contact with the person"),
        _("When a case is closed: whether contact lasted to the end."),
        ("kept", "lost"),
    ),
    ObservationKind(
        "return_to_harm",
        _("Exploited again"),
        _(
            "When a case is reviewed a year or two after the work ended, or the "
            "person comes back earlier."
        ),
        YES_NO,
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "guardian",
        _("A guardian for a child"),
        _("When the pathway records it, against a time limit of 48 hours."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    ObservationKind(
        "best_interests",
        _("A child’s best interests were assessed"),
        _("When the pathway records it, against a time limit of 7 days."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    ObservationKind(
        "child_care",
        _("Where a child is cared for"),
        _(
            "When a case records whether the place where a child lives is suitable "
            "for children."
        ),
        ("suitable", "unsuitable"),
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "detention",
        _("Detention of presumed victims"),
        _("When a case records whether a person presumed to be a victim was detained."),
        ("detained", "not_detained"),
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "non_punishment",
        _("Non-punishment"),
        _(
            "When a case records the outcome of charges for what the person was made "
            "to do."
        ),
        ("applied", "not_applied"),
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "legal_aid",
        _("A lawyer for those who want one"),
        _("When a need for legal help is met, or is not."),
        ("received", "not_received"),
        most_of_a_person=SEVERAL,
    ),
    ObservationKind(
        "residence",
        _("Residence or asylum"),
        _("When a case records the outcome of an application for residence or asylum."),
        ("granted", "refused", "pending"),
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "compensation_claimed",
        _("Compensation was claimed"),
        _("When a case records it, for a person who is entitled to it."),
        YES_NO,
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "compensation_awarded",
        _("Compensation was awarded"),
        _("When a case records it, for a person who is entitled to it."),
        YES_NO,
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "compensation_paid",
        _("Compensation was paid"),
        _("When a case records whether the money reached the person."),
        YES_NO,
        sealed=ALL_OF_IT,
    ),
    ObservationKind(
        "return",
        _("A return"),
        _("When a person returns: whether the risks were assessed, with consent."),
        ("checked", "unchecked"),
    ),
    ObservationKind(
        "reintegration",
        _("Reintegration after a return"),
        _(
            "When a case records the scores (0 to 100) of a survey 6 or 12 months "
            "after a return."
        ),
        reasons=MOMENTS,
        topics=tuple(codes.ReintegrationArea.values),
        numbered=True,
        sealed=ALL_OF_IT,
        most_of_a_person=len(MOMENTS),
    ),
    ObservationKind(
        "outcome",
        _("An outcome that survivors named"),
        _("When a person who was asked answers how far it has been reached."),
        YES_PARTLY_NO,
        MOMENTS,
        tuple(codes.Outcome.values),
        most_of_a_person=len(MOMENTS),
        each_topic=True,
    ),
    ObservationKind(
        "feedback",
        _("Survivors’ feedback on how they were treated"),
        _("When a person leaves feedback, without a name."),
        YES_PARTLY_NO,
        topics=tuple(codes.SurveyQuestion.values),
        each_topic=True,
    ),
    ObservationKind(
        "partner",
        _("Organisations’ feedback on each other’s referrals"),
        _("When one side of a referral that has ended rates the other."),
        YES_PARTLY_NO,
        topics=tuple(codes.Partner.values),
        most_of_a_person=SEVERAL,
        each_topic=True,
    ),
)

OF_THE_MECHANISM = (
    ObservationKind(
        "complaint",
        _("A complaint"),
        _("When a complaint is closed, against a time limit of 30 days."),
        IN_TIME,
        of_person=False,
    ),
    ObservationKind(
        "caseload",
        _("Open cases per worker"),
        _("At the end of each month, once for each worker and without a name."),
        numbered=True,
        of_person=False,
        most_of_a_person=MONTHS,
    ),
    ObservationKind(
        "directory",
        _("A service in the directory"),
        _("At the end of each month: whether it was checked in the last 90 days."),
        FRESH_STALE,
        topics=TYPES,
        of_person=False,
    ),
    ObservationKind(
        "capacity",
        _("Places free at a service"),
        _("At the end of each month: whether they were updated in the last 7 days."),
        FRESH_STALE,
        topics=TYPES,
        of_person=False,
    ),
    ObservationKind(
        "places",
        _("Places of a service"),
        _("At the end of each month: how many people a service can take."),
        topics=TYPES,
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "supervised",
        _("Workers per supervisor"),
        _("At the end of each month, once for each supervisor and without a name."),
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "sector_ready",
        _("A sector that has signed and is trained"),
        _(
            "At the end of each month, once for each sector of the mechanism in "
            "force: whether all its organisations that were asked to have signed it, "
            "and whether four in five of its staff hold the certificates that their "
            "roles require."
        ),
        ("signed_trained", "not_signed_trained"),
        of_person=False,
    ),
    ObservationKind(
        "certified",
        _("A worker’s certificate"),
        _(
            "At the end of each month, once for each worker whose role requires one, "
            "and without a name; with the sector only where eleven or more workers "
            "in it need one."
        ),
        ("in_force", "not_in_force"),
        of_person=False,
        most_of_a_person=MONTHS,
    ),
    ObservationKind(
        "exercise",
        _("A simulation exercise"),
        _(
            "When a coordinator records an exercise, counted in the month in which "
            "it was held. At the end of each month a zero is added if a mechanism is "
            "in force."
        ),
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "action",
        _("A step agreed after an exercise"),
        _(
            "When it is agreed, and again when it is done, in the month of its "
            "exercise. The later entry replaces the earlier one."
        ),
        CLOSED_OPEN,
        of_person=False,
    ),
    ObservationKind(
        "breach",
        _("A data breach, or access without need"),
        _(
            "When the data-protection officer records a data breach, in the month in "
            "which it was found; removed again if there was none. At the end of each "
            "month a zero is added if there is such an officer."
        ),
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "money",
        _("Money"),
        _("When a line of the funding ledger is entered, in thousands."),
        topics=tuple(codes.MoneyKind.values),
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "advice",
        _("Advice from the survivors’ council"),
        _("When advice is answered, or its answer is overdue."),
        ("adopted", "reasoned", "open"),
        of_person=False,
    ),
    ObservationKind(
        "recommendation",
        _("Monitors’ recommendations"),
        _("When a recommendation is entered, and when it changes."),
        ("implemented", "partly", "open"),
        of_person=False,
    ),
)

KINDS: Mapping[str, ObservationKind] = {
    kind.code: kind for kind in OF_PEOPLE + OF_THE_MECHANISM
}
REASONS: Mapping[str, str | Promise] = {
    value: label
    for words in (DeclineReason, ClosureReason, codes.OutcomeMoment)
    for value, label in words.choices
}
TOPICS: Mapping[str, str | Promise] = {
    value: label
    for words in (
        ServiceType,
        codes.Decision,
        codes.ReintegrationArea,
        codes.Outcome,
        codes.SurveyQuestion,
        codes.Partner,
        codes.MoneyKind,
    )
    for value, label in words.choices
}
