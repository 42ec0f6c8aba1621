"""Every kind of fact: what can come of it, and in one sentence how it arises."""

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
class Kind:
    """One thing that is counted."""

    code: str
    title: str | Promise
    arises: str | Promise
    """How it comes about, for whoever reads a figure."""
    results: Codes = ()
    reasons: Codes = ()
    topics: Codes = ()
    timed: bool = False
    """Whether it says how long it took."""
    numbered: bool = False
    sealed: Codes = ()
    """The columns that only sealed words say: in the clear it stands nowhere."""
    of_person: bool = True
    """Whether it is of a person, and so waits sealed for the batch."""
    most_of_a_person: int = 1
    """How many of these one person may add in a year: a group is shown from so many
    times as many facts on as it has to have people."""
    each_topic: bool = False
    """A person may say something of every topic: counted topic by topic (ADR 24)."""

    @property
    def is_hidden(self) -> bool:
        """Whether nothing in the clear says so much as that there is such a fact."""
        return "kind" in self.sealed


IN_TIME: Codes = ("in_time", "late")
IN_TIME_OR_NOT: Codes = ("in_time", "late", "not")
YES_NO: Codes = ("yes", "no")
YES_PARTLY_NO: Codes = ("yes", "partly", "no")
CLOSED_OPEN: Codes = ("closed", "open")
FRESH_STALE: Codes = ("fresh", "stale")
CLOSURES: Codes = tuple(ClosureReason.values)
DECLINES: Codes = tuple(DeclineReason.values)
MOMENTS: Codes = tuple(codes.Moment.values)
RESULT: Codes = ("result",)
ALL_BUT_TOPIC: Codes = ("kind", "result")
"""A case shows which needs it has, and not what came of what was agreed for them."""
ALL_OF_IT: Codes = ("kind", "result", "number", "topic", "reason")
TYPES = codes.SERVICE_TYPES
MONTHS = 12
"""What is counted at the end of each month counts each worker so often in a year."""
SEVERAL = 3
"""Nearly nobody has more needs or referrals of a kind in a year."""

OF_PEOPLE = (
    Kind(
        "screening",
        _("A person was screened"),
        _("When somebody has looked at the result of a screening in a case."),
        ("presumed", "not_presumed", "undecided"),
        sealed=RESULT,
    ),
    Kind(
        "safety_gate",
        _("The safety questions came first"),
        _("When a case is opened: whether every safety question was answered before."),
        ("complete", "incomplete"),
        sealed=RESULT,
    ),
    Kind(
        "consent",
        _("The work has a lawful basis"),
        _("When a case is closed: whether the person agreed to anything in it."),
        ("consent", "legal_basis", "none"),
    ),
    Kind(
        "consent_answer",
        _("A person was asked to agree"),
        _("When a person agrees, says no, or takes back what was agreed."),
        ("given", "refused", "withdrawn"),
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "decision",
        _("A decision on identification"),
        _(
            "When the pathway records a decision, or ends without a first one that was "
            "due: the first from when it was due, the final one from the beginning of "
            "the case."
        ),
        IN_TIME,
        topics=tuple(codes.Decision.values),
        timed=True,
        most_of_a_person=len(codes.Decision),
    ),
    Kind(
        "review",
        _("A decision was looked at again"),
        _("When the pathway records what the review came to."),
        ("changed", "upheld"),
    ),
    Kind(
        "reflection",
        _("A period for recovery and reflection"),
        _(
            "When a period that was granted is over; or when the pathway ends, and "
            "there were grounds for one but none was granted."
        ),
        ("granted", "not_granted"),
    ),
    Kind(
        "reflection_condition",
        _("On what reflection depended"),
        _(
            "When it is written down in a case on what it depended, as the person was "
            "told."
        ),
        ("free", "for_cooperation"),
        sealed=ALL_OF_IT,
    ),
    Kind(
        "immediate_needs",
        _("Immediate needs were met"),
        _("When the pathway records it, against a clock of 24 hours."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    Kind(
        "safe_bed",
        _("A safe bed for the night"),
        _("When a bed was needed at once: whether there was one the same night."),
        ("placed", "not_placed"),
    ),
    Kind(
        "health_offer",
        _("A health check was offered"),
        _("When the pathway records the offer, against a clock of 72 hours."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    Kind(
        "rape_care",
        _("Care after rape"),
        _(
            "When it is written down in a case: within 72 hours of what happened, "
            "later, or not at all though it was wanted. How long it took exactly is "
            "not asked."
        ),
        IN_TIME_OR_NOT,
        sealed=ALL_OF_IT,
    ),
    Kind(
        "assessment",
        _("An assessment"),
        _("When the pathway records that it is done, against its clock."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    Kind(
        "plan",
        _("A plan made with the person"),
        _("When the pathway records the plan, with the person and approved."),
        ("complete", "incomplete"),
    ),
    Kind(
        "safety_plan",
        _("A safety plan where one is needed"),
        _("When the pathway records whether there is one."),
        YES_NO,
    ),
    Kind(
        "answer",
        _("A referral was answered"),
        _(
            "When a service answers a referral, from when it was sent; or when it ends "
            "late and unanswered."
        ),
        IN_TIME,
        topics=TYPES,
        timed=True,
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "acceptance",
        _("A referral was accepted or declined"),
        _("When a service says yes or no; a no says why."),
        ("accepted", "declined"),
        DECLINES,
        TYPES,
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "loop",
        _("The loop was closed"),
        _("When it is known what came of a referral, or it ends and nobody knows."),
        CLOSED_OPEN,
        topics=TYPES,
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "service_start",
        _("A service began"),
        _(
            "When the person came or the service began, from when it was asked; or "
            "when an accepted referral ends without."
        ),
        ("started", "not_started"),
        topics=TYPES,
        timed=True,
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "need_met",
        _("The need was met, as the person says"),
        _("When the person has been asked whether a service helped."),
        ("met", "partly", "not_met"),
        topics=TYPES,
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "need",
        _("A need"),
        _("When a need is met, or nothing acceptable was found for it."),
        ("met", "unmet"),
        topics=TYPES,
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "handover",
        _("How a person was handed over"),
        _(
            "When an urgent referral is answered, or nobody answers it: whether it was "
            "said who brings the person."
        ),
        ("warm", "cold"),
        topics=TYPES,
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "case_referrals",
        _("Referrals in a case"),
        _("When a case is closed: how many referrals were sent in it."),
        numbered=True,
    ),
    Kind(
        "interviews",
        _("How often the story was told"),
        _("When a case is closed: how many full interviews there were."),
        numbered=True,
    ),
    Kind(
        "follow_up",
        _("A follow-up"),
        _("When the pathway records it, against its clock."),
        ("in_time", "late", "missed"),
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "goal",
        _("A goal of the plan"),
        _(
            "When it is written down in a case, need by need, whether what was agreed "
            "was reached, or given up."
        ),
        ("met", "not_met"),
        topics=TYPES,
        sealed=ALL_BUT_TOPIC,
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "closure",
        _("A case was closed"),
        _("When a case is closed: why, and how long the work took."),
        reasons=CLOSURES,
        timed=True,
    ),
    Kind(
        "contact",
        _("Contact with the person"),
        _("When a case is closed: whether contact was kept to the end."),
        ("kept", "lost"),
    ),
    Kind(
        "return_to_harm",
        _("Exploited again"),
        _(
            "When a case is looked at again a year or two after the work ended, or the "
            "person is back before."
        ),
        YES_NO,
        sealed=ALL_OF_IT,
    ),
    Kind(
        "guardian",
        _("A guardian for a child"),
        _("When the pathway records it, against a clock of 48 hours."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    Kind(
        "best_interests",
        _("A child’s best interests were assessed"),
        _("When the pathway records it, against a clock of 7 days."),
        IN_TIME_OR_NOT,
        timed=True,
    ),
    Kind(
        "child_care",
        _("Where a child is cared for"),
        _(
            "When it is written down in a case whether it is right for a child where "
            "the child lives."
        ),
        ("suitable", "unsuitable"),
        sealed=ALL_OF_IT,
    ),
    Kind(
        "detention",
        _("Presumed, and detained or not"),
        _(
            "When it is written down in a case whether somebody who was thought to be "
            "a victim was held."
        ),
        ("detained", "not_detained"),
        sealed=ALL_OF_IT,
    ),
    Kind(
        "non_punishment",
        _("Not punished for what one was made to do"),
        _(
            "When it is written down in a case what came of charges for what the "
            "person was made to do."
        ),
        ("applied", "not_applied"),
        sealed=ALL_OF_IT,
    ),
    Kind(
        "legal_aid",
        _("A lawyer for those who want one"),
        _("When a need for legal help is met, or is not."),
        ("received", "not_received"),
        most_of_a_person=SEVERAL,
    ),
    Kind(
        "residence",
        _("Residence or asylum"),
        _(
            "When it is written down in a case what came of an application to stay, or "
            "for asylum."
        ),
        ("granted", "refused", "pending"),
        sealed=ALL_OF_IT,
    ),
    Kind(
        "compensation_claimed",
        _("Compensation was claimed"),
        _("When it is written down in a case, of whoever is entitled."),
        YES_NO,
        sealed=ALL_OF_IT,
    ),
    Kind(
        "compensation_awarded",
        _("Compensation was awarded"),
        _("When it is written down in a case, of whoever is entitled."),
        YES_NO,
        sealed=ALL_OF_IT,
    ),
    Kind(
        "compensation_paid",
        _("Compensation was paid"),
        _("When it is written down in a case whether the money reached the person."),
        YES_NO,
        sealed=ALL_OF_IT,
    ),
    Kind(
        "return",
        _("A return"),
        _("When a person returns: whether risks were looked at, with consent."),
        ("checked", "unchecked"),
    ),
    Kind(
        "reintegration",
        _("Standing on one’s own feet after a return"),
        _(
            "When the scores of a survey 6 or 12 months after a return are written "
            "down in a case: from 0 to 100."
        ),
        reasons=MOMENTS,
        topics=tuple(codes.Standing.values),
        numbered=True,
        sealed=ALL_OF_IT,
        most_of_a_person=len(MOMENTS),
    ),
    Kind(
        "outcome",
        _("An outcome that survivors named"),
        _("When a person who was asked says how far it is reached."),
        YES_PARTLY_NO,
        MOMENTS,
        tuple(codes.Outcome.values),
        most_of_a_person=len(MOMENTS),
        each_topic=True,
    ),
    Kind(
        "feedback",
        _("What survivors say of how they were treated"),
        _("When somebody leaves feedback, without a name."),
        YES_PARTLY_NO,
        topics=tuple(codes.Question.values),
        each_topic=True,
    ),
    Kind(
        "partner",
        _("What agencies say of each other’s referrals"),
        _("When a side of a referral that has ended says how the other did."),
        YES_PARTLY_NO,
        topics=tuple(codes.Partner.values),
        most_of_a_person=SEVERAL,
        each_topic=True,
    ),
)

OF_THE_MECHANISM = (
    Kind(
        "complaint",
        _("A complaint"),
        _("When a complaint is closed, against a clock of 30 days."),
        IN_TIME,
        of_person=False,
    ),
    Kind(
        "caseload",
        _("Open cases of a worker"),
        _("At the end of each month, once for each worker and without a name."),
        numbered=True,
        of_person=False,
        most_of_a_person=MONTHS,
    ),
    Kind(
        "directory",
        _("A service in the directory"),
        _("At the end of each month: whether it was checked in the last 90 days."),
        FRESH_STALE,
        topics=TYPES,
        of_person=False,
    ),
    Kind(
        "capacity",
        _("Free places of a service"),
        _("At the end of each month: whether it said so in the last 7 days."),
        FRESH_STALE,
        topics=TYPES,
        of_person=False,
    ),
    Kind(
        "places",
        _("Places of a service"),
        _("At the end of each month: how many people a service can take."),
        topics=TYPES,
        numbered=True,
        of_person=False,
    ),
    Kind(
        "supervised",
        _("Workers of a supervisor"),
        _("At the end of each month, once for each supervisor and without a name."),
        numbered=True,
        of_person=False,
    ),
    Kind(
        "sector_ready",
        _("A sector that has signed and is trained"),
        _(
            "At the end of each month, once for each sector of the mechanism in force: "
            "whether all its agencies that are asked have signed it, and four of five "
            "of its staff hold the certificates that their roles ask for."
        ),
        ("signed_trained", "not_signed_trained"),
        of_person=False,
    ),
    Kind(
        "certified",
        _("A worker’s certificate"),
        _(
            "At the end of each month, once and without a name for each worker whose "
            "role asks for one; with the sector where eleven or more are asked in it."
        ),
        ("in_force", "not_in_force"),
        of_person=False,
        most_of_a_person=MONTHS,
    ),
    Kind(
        "exercise",
        _("A simulation exercise"),
        _(
            "When a coordinator writes down an exercise, in the month in which it was "
            "held. At the end of a month a nought, where a mechanism is in force."
        ),
        numbered=True,
        of_person=False,
    ),
    Kind(
        "action",
        _("An action that an exercise led to"),
        _(
            "When it is agreed, and again when it is done, in the month of its "
            "exercise: the later takes the place of the earlier."
        ),
        CLOSED_OPEN,
        of_person=False,
    ),
    Kind(
        "breach",
        _("A breach, or a look without need"),
        _(
            "When the data-protection officer records an incident, in the month in "
            "which it was found; taken out again if it was none. At the end of a month "
            "a nought, where there is such an officer."
        ),
        numbered=True,
        of_person=False,
    ),
    Kind(
        "money",
        _("Money"),
        _("When a line of the funding ledger is entered, in thousands."),
        topics=tuple(codes.Money.values),
        numbered=True,
        of_person=False,
    ),
    Kind(
        "advice",
        _("What the survivor council advised"),
        _("When advice is answered, or its answer is due."),
        ("adopted", "reasoned", "open"),
        of_person=False,
    ),
    Kind(
        "recommendation",
        _("What monitors recommended"),
        _("When a recommendation is entered, and when it changes."),
        ("implemented", "partly", "open"),
        of_person=False,
    ),
)

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in OF_PEOPLE + OF_THE_MECHANISM}
REASONS: Mapping[str, str | Promise] = {
    value: label
    for words in (DeclineReason, ClosureReason, codes.Moment)
    for value, label in words.choices
}
TOPICS: Mapping[str, str | Promise] = {
    value: label
    for words in (
        ServiceType,
        codes.Decision,
        codes.Standing,
        codes.Outcome,
        codes.Question,
        codes.Partner,
        codes.Money,
    )
    for value, label in words.choices
}
