"""Kinds about people."""

from django.utils.translation import gettext_lazy as _

from amana.insight.facts import codes
from amana.insight.facts.kinds.kind_of_observation import (
    ALL_BUT_TOPIC,
    ALL_OF_IT,
    CLOSED_OPEN,
    CLOSURES,
    DECLINES,
    IN_TIME,
    IN_TIME_OR_NOT,
    MOMENTS,
    RESULT,
    SEVERAL,
    TYPES,
    YES_NO,
    YES_PARTLY_NO,
    ObservationKind,
)

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
            "When a case records the condition for the period, as explained to the "
            "person."
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
        _("How the handover was arranged"),
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
        _("When the person asked reports how far this outcome has been reached."),
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
