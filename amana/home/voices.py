"""What waits because of what people say: complaints, what survivors advise, and slips
by which people say how their life is."""

from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases.models import Case
from amana.home.kinds import Kind, Questions, Section, Task
from amana.insight.feedback import due
from amana.insight.feedback.models import Advice, Complaint, Review
from amana.insight.feedback.rules import (
    SPEAKS,
    answer_advice,
    answer_complaint,
    offer_slip,
    review_complaint,
    watch_complaint,
    watch_review,
)
from amana.trust.access.kept import Anew, kept
from amana.trust.access.models import KEYHOLDERS, Role, User


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


@kept(User)
def complaints_to_answer(user: User) -> QuerySet[Complaint]:
    """Find complaints that wait for an answer, and those to hand over for a review."""
    asked = Q(review__handed_on=None, review__closed_on=None, review__isnull=False)
    waits = Complaint.objects.filter(Q(closed_on=None) | asked)
    ours = answer_complaint.among(waits, user).select_related("review")
    return ours.order_by("answer_by", "pk")


def complaint_to_answer(complaint: Complaint) -> Task:
    url = reverse("feedback:complaint", args=[complaint.pk])
    if complaint.closed_on:
        what = _("Hand over a complaint for review")
        by = complaint.review.hand_over_by
        return Task(end_of(by), what, complaint.number, url)
    unseen = complaint.seen_on is None
    what = _("Read a complaint") if unseen else _("Answer a complaint")
    return Task(end_of(complaint.due_on), what, complaint.number, url)


def complaints_late(user: User, now: datetime) -> Questions:
    late = Complaint.objects.late(timezone.localdate(now))
    yield Anew(watch_complaint.among(late, user).order_by("answer_by", "pk"))


def complaint_late(complaint: Complaint) -> Task:
    what, url = _("A complaint is overdue"), reverse("feedback:complaints")
    return Task(end_of(complaint.due_on), what, complaint.number, url)


@kept(User)
def reviews_to_decide(user: User) -> QuerySet[Review]:
    ours = review_complaint.among(Review.objects.open(), user)
    return ours.select_related("complaint").order_by("answer_by", "pk")


def review_to_decide(review: Review) -> Task:
    what = _("Review a complaint")
    url = reverse("feedback:review", args=[review.pk])
    return Task(end_of(review.answer_by), what, review.complaint.number, url)


def reviews_late(user: User, now: datetime) -> Questions:
    late = Review.objects.late(timezone.localdate(now)).select_related("complaint")
    yield Anew(watch_review.among(late, user).order_by("answer_by", "pk"))


def review_late(review: Review) -> Task:
    what, url = _("A complaint is overdue"), reverse("feedback:complaints")
    # A team that keeps the complaint back is late; who reviews can't begin before it
    # comes.
    by = review.hand_over_by if review.keeps_back else review.answer_by
    return Task(end_of(by), what, review.complaint.number, url)


@kept(User)
def advice_to_answer(user: User) -> QuerySet[Advice]:
    given = answer_advice.among(Advice.objects.open(), user)
    return given.order_by("due_on", "pk")


def advice_given(advice: Advice) -> Task:
    what = _("Answer advice from survivors")
    url = reverse("feedback:answer_advice", args=[advice.pk])
    return Task(end_of(advice.due_on), what, "", url)


@kept(User, datetime)
def slips_to_offer(user: User, now: datetime) -> QuerySet[Case]:
    mine = offer_slip.among(due.lacking(now), user).only("opened_at", "reference")
    return mine.order_by("opened_at", "pk")


def slip_to_offer(case: Case) -> Task:
    url = reverse("feedback:offer", args=[case.pk])
    return Task(
        None, due.said_of(case), "", url, case=case.pk, reference=case.reference
    )


COMPLAINTS = gettext_lazy("Complaints")
KINDS = (
    Kind(
        COMPLAINTS,
        KEYHOLDERS,
        complaints_to_answer,
        complaint_to_answer,
        "feedback:complaints",
    ),
    Kind(
        COMPLAINTS,
        frozenset({Role.COORDINATOR}),
        complaints_late,
        complaint_late,
        "feedback:complaints",
    ),
    Kind("", KEYHOLDERS, reviews_to_decide, review_to_decide, ""),
    Kind("", frozenset({Role.COORDINATOR}), reviews_late, review_late, ""),
    Kind(
        gettext_lazy("Advice from survivors"),
        frozenset(SPEAKS),
        advice_to_answer,
        advice_given,
        "feedback:advice",
    ),
    Kind(
        gettext_lazy("Feedback slips to offer"),
        KEYHOLDERS,
        slips_to_offer,
        slip_to_offer,
        "feedback:offers",
        Section.HOUSEKEEPING,
    ),
)
