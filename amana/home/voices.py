"""What waits because of what people say: complaints, what survivors advise, and slips
by which people say how their life is."""

from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases.models import Case
from amana.home.kinds import Questions, Task, TaskKind, TaskSection
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
from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.prepared import DynamicQuery, prepare_query


def get_end_of_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


@prepare_query(User)
def find_complaints_to_answer(user: User) -> QuerySet[Complaint]:
    """Find complaints that wait for an answer, and those to hand over for a review."""
    asked = Q(review__handed_on=None, review__closed_on=None, review__isnull=False)
    waits = Complaint.objects.filter(Q(closed_on=None) | asked)
    ours = answer_complaint.among(waits, user).select_related("review")
    return ours.order_by("answer_by", "pk")


def build_complaint_task(complaint: Complaint) -> Task:
    url = reverse("feedback:complaint", args=[complaint.pk])
    if complaint.closed_on:
        what = _("Hand over a complaint for review")
        by = complaint.review.hand_over_by
        return Task(get_end_of_day(by), what, complaint.number, url)
    unseen = complaint.seen_on is None
    what = _("Read a complaint") if unseen else _("Answer a complaint")
    return Task(get_end_of_day(complaint.due_on), what, complaint.number, url)


def find_complaints_late(user: User, now: datetime) -> Questions:
    late = Complaint.objects.late(timezone.localdate(now))
    yield DynamicQuery(watch_complaint.among(late, user).order_by("answer_by", "pk"))


def build_late_complaint_task(complaint: Complaint) -> Task:
    what, url = _("A complaint is overdue"), reverse("feedback:complaints")
    return Task(get_end_of_day(complaint.due_on), what, complaint.number, url)


@prepare_query(User)
def find_reviews_to_decide(user: User) -> QuerySet[Review]:
    ours = review_complaint.among(Review.objects.open(), user)
    return ours.select_related("complaint").order_by("answer_by", "pk")


def build_review_task(review: Review) -> Task:
    what = _("Review a complaint")
    url = reverse("feedback:review", args=[review.pk])
    return Task(get_end_of_day(review.answer_by), what, review.complaint.number, url)


def find_reviews_late(user: User, now: datetime) -> Questions:
    late = Review.objects.late(timezone.localdate(now)).select_related("complaint")
    yield DynamicQuery(watch_review.among(late, user).order_by("answer_by", "pk"))


def build_late_review_task(review: Review) -> Task:
    what, url = _("A complaint is overdue"), reverse("feedback:complaints")
    # A team that keeps the complaint back is late; who reviews can't begin before it
    # comes.
    by = review.hand_over_by if review.keeps_back else review.answer_by
    return Task(get_end_of_day(by), what, review.complaint.number, url)


@prepare_query(User)
def find_advice_to_answer(user: User) -> QuerySet[Advice]:
    given = answer_advice.among(Advice.objects.open(), user)
    return given.order_by("due_on", "pk")


def build_advice_task(advice: Advice) -> Task:
    what = _("Answer advice from survivors")
    url = reverse("feedback:answer_advice", args=[advice.pk])
    return Task(get_end_of_day(advice.due_on), what, "", url)


@prepare_query(User, datetime)
def find_slips_to_offer(user: User, now: datetime) -> QuerySet[Case]:
    mine = offer_slip.among(due.find_lacking(now), user).only("opened_at", "reference")
    return mine.order_by("opened_at", "pk")


def build_slip_task(case: Case) -> Task:
    url = reverse("feedback:offer", args=[case.pk])
    return Task(
        None, due.format_due_slip(case), "", url, case=case.pk, reference=case.reference
    )


COMPLAINTS = gettext_lazy("Complaints")
KINDS = (
    TaskKind(
        COMPLAINTS,
        KEYHOLDERS,
        find_complaints_to_answer,
        build_complaint_task,
        "feedback:complaints",
    ),
    TaskKind(
        COMPLAINTS,
        frozenset({Role.COORDINATOR}),
        find_complaints_late,
        build_late_complaint_task,
        "feedback:complaints",
    ),
    TaskKind("", KEYHOLDERS, find_reviews_to_decide, build_review_task, ""),
    TaskKind(
        "", frozenset({Role.COORDINATOR}), find_reviews_late, build_late_review_task, ""
    ),
    TaskKind(
        gettext_lazy("Advice from survivors"),
        frozenset(SPEAKS),
        find_advice_to_answer,
        build_advice_task,
        "feedback:advice",
    ),
    TaskKind(
        gettext_lazy("Feedback slips to offer"),
        KEYHOLDERS,
        find_slips_to_offer,
        build_slip_task,
        "feedback:offers",
        TaskSection.HOUSEKEEPING,
    ),
)
