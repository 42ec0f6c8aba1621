"""What one's side thinks of a referral that has ended, and what the council advises."""

from itertools import chain
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.referrals.models import Referral
from amana.insight.feedback import actions
from amana.insight.feedback.actions.partner_ratings import RULES
from amana.insight.feedback.forms import (
    AdviceAnswerForm,
    AdviceForm,
    PartnerForm,
    group_by_language,
    read_answers,
)
from amana.insight.feedback.models import Advice, PartnerRating, PartnerSide
from amana.insight.feedback.models.published_changes import choose_language
from amana.insight.feedback.partner_scores import ASKED
from amana.insight.feedback.rules import answer_advice, keep_advice, see_themes
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once

REFERRALS, RATE = "feedback/referrals.html", "feedback/rate.html"
ADVICE, ANSWER = "feedback/advice.html", "feedback/answer_advice.html"
EACH = 20
LOOKED_AT = 200
"""So many referrals that ended last: who rated none of them will not go on with older
ones, and an agency with ten thousand is not compared with ten thousand ratings."""


# --- referrals


def to_rate(request: Request, side: PartnerSide) -> QuerySet[Referral]:
    """Find the referrals that ended last and can be rated."""
    seen = RULES[side].among(Referral.objects.all(), request.user)
    # What a row shows comes last: a database that joins before it sorts reads the needs
    # of a whole country.
    latest = seen.order_by("-ended_at", "-pk")[:LOOKED_AT]
    said = PartnerRating.objects.filter(referral=OuterRef("pk"), side=side)
    ended = Referral.objects.for_list().filter(pk__in=latest.values("pk"))
    return ended.filter(~Exists(said)).order_by("-ended_at", "-pk")[:EACH]


@require_GET
def referrals(request: Request) -> HttpResponse:
    found = [
        [(side, referral) for referral in to_rate(request, side)]
        for side in PartnerSide
    ]
    return show(request, REFERRALS, {"referrals": list(chain.from_iterable(found))})


@require_http_methods(["GET", "POST"])
@apply_once
def rate(request: Request, pk: UUID, part: str) -> HttpResponse:
    side = PartnerSide(part)
    rows = Referral.objects.select_related(
        "recipient__organisation", "sender__organisation", "service"
    )
    found = RULES[side].find(rows, request.user, pk=pk)
    form = PartnerForm(ASKED[side], posted(request))
    if form.is_valid():
        said = read_answers(request.POST, ASKED[side])
        actions.rate_referral(found, side, said, by=request.user)
        return done(request, then="feedback:referrals")
    context = {"referral": found, "side": side, "form": form}
    return show(request, RATE, context, status=422 if form.is_bound else 200)


# --- the council


@require_http_methods(["GET", "POST"])
@apply_once
def advice(request: Request) -> HttpResponse:
    """Show all of it; who keeps it adds more, who is advised answers."""
    user = request.user
    keeps = keep_advice.permits(user, user)
    mine = set(answer_advice.among(Advice.objects.open(), user).values_list("pk"))
    if not (keeps or mine or see_themes.permits(user, user)):
        raise NotAccessible(answer_advice, Advice, {})
    form = AdviceForm(posted(request) if keeps else None)
    if form.is_valid():
        said = form.cleaned_data
        actions.record_advice(
            group_by_language(form, "says"),
            to=said["to"],
            due_on=said["due_on"],
            by=user,
        )
        return done(request, then="feedback:advice")
    rows = Advice.objects.select_related("to").order_by("-made_on", "-pk")[:100]
    context = {
        "form": form if keeps else None,
        "advice": [
            (
                row,
                choose_language(row.says),
                choose_language(row.answer),
                (row.pk,) in mine,
            )
            for row in rows
        ],
    }
    return show(request, ADVICE, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def answer(request: Request, pk: int) -> HttpResponse:
    rows = Advice.objects.open().select_related("to")
    found = answer_advice.find(rows, request.user, pk=pk)
    form = AdviceAnswerForm(posted(request))
    if form.is_valid():
        actions.answer_advice(
            found,
            adopted=bool(form.cleaned_data["adopted"]),
            answer=group_by_language(form, "answer"),
            by=request.user,
        )
        return done(request, then=reverse("feedback:advice"))
    context = {"advice": found, "says": choose_language(found.says), "form": form}
    return show(request, ANSWER, context, status=422 if form.is_bound else 200)
