"""A complaint that is looked at again: by those who take it, with what the others hand
over."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from amana.insight.feedback import actions
from amana.insight.feedback.forms import VerdictForm
from amana.insight.feedback.models import Complaint, Review, ReviewVerdict
from amana.insight.feedback.rules import answer_complaint, review_complaint
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

REVIEW = "feedback/review.html"


@require_http_methods(["GET", "POST"])
@apply_once
def review(request: Request, pk: UUID) -> HttpResponse:
    """Show all its letters, and whether the first answer is upheld."""
    found = review_complaint.find(Review.objects.for_list(), request.user, pk=pk)
    form = VerdictForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        if said["verdict"]:
            verdict = ReviewVerdict(said["verdict"])
            actions.decide_review(found, verdict, said["words"], by=request.user)
        else:
            actions.write_for_review(found, said["words"], by=request.user)
        return done(request, then=reverse("feedback:review", args=[found.pk]))
    context = {
        "review": found,
        "complaint": found.complaint,
        "letters": actions.open_review(found, by=request.user),
        "form": form,
    }
    return show(request, REVIEW, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def hand_over(request: Request, pk: UUID) -> HttpResponse:
    found = answer_complaint.find(Complaint.objects.all(), request.user, pk=pk)
    actions.transfer_letters(found, by=request.user)
    return done(request, then=reverse("feedback:complaint", args=[found.pk]))
