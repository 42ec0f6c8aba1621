"""Asking whether a person is known elsewhere, and hearing such questions."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amana.care.cases.models import Case
from amana.care.known_elsewhere import actions, enquiry_text
from amana.care.known_elsewhere.actions import ComparedEnquiry
from amana.care.known_elsewhere.forms import EnquiryConsentForm, EnquiryTeamForm
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.care.known_elsewhere.rules import (
    ask_elsewhere,
    be_asked,
    follow_question,
    hear_question,
    withdraw_question,
)
from amana.errors import Refused
from amana.trust.access.http import Request, posted, slow_down
from amana.trust.access.models import ANSWERING, Team
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.audit import log
from amana.trust.vault.middleware import require_recent_unlock
from amana.ui import languages
from amana.ui.http import done, show
from amana.ui.once import apply_once

LIST, ASK = "known_elsewhere/list.html", "known_elsewhere/ask.html"


@require_http_methods(["GET", "POST"])
def questions(request: Request) -> HttpResponse:
    """Show what one asked, with answers; and about whom of ours others ask. A POST
    answers one of them.
    """
    if not has_role(request.user, ANSWERING):
        raise NotAccessible(hear_question, IdentityEnquiry, {})
    answers = request.method == "POST"
    # Not `@once`, and no redirect to a second page view: a submission that is kept, or
    # two views in one second, would distinguish an answer. To answer twice changes
    # nothing.
    about_ours = (
        answer(request) if answers else actions.review_questions(by=request.user)
    )
    mine = follow_question.among(
        IdentityEnquiry.objects.open().for_list(), request.user
    )
    asked = [
        (question, actions.read_reply(question, by=request.user))
        for question in mine[: actions.SHOWN]
    ]
    return show(request, LIST, {"about_ours": about_ours, "asked": asked})


def answer(request: Request) -> list[ComparedEnquiry]:
    """Answer, and return what the page then shows."""
    try:
        pk = UUID(request.POST.get("question", ""))
    except ValueError as error:
        raise BadRequest("An answer says to which question.") from error
    found = hear_question.find(IdentityEnquiry.objects.all(), request.user, pk=pk)
    about_ours = actions.answer_question(found, by=request.user)
    messages.success(request, _("Answered. They can call you now."))
    return about_ours


@require_recent_unlock
@require_http_methods(["GET", "POST"])
def ask(request: Request, pk: UUID) -> HttpResponse:
    case = ask_elsewhere.find(
        Case.objects.select_related("team__organisation"), request.user, pk=pk
    )
    if request.method == "POST":  # outside the transaction: what failed counts too
        slow_down(request, "elsewhere")
        if actions.is_over_budget(case, by=request.user):
            log.record("asked too often", by=request.user, case=case.pk)
            raise Refused(
                _(
                    "You or your team have asked too often in the last 24 "
                    "hours. Ask again tomorrow."
                )
            )
    return _ask(request, case)


@apply_once
def _ask(request: Request, case: Case) -> HttpResponse:
    teams = be_asked.among(Team.objects.select_related("organisation"), request.user)
    whom = EnquiryTeamForm(
        teams.order_by("organisation__name", "name"),
        request.GET if "asked" in request.GET else None,
        initial={"language": languages.choose_complete_language(enquiry_text.TEXT)},
    )
    context = {"case": case, "whom": whom}
    if not whom.is_valid():
        return show(request, ASK, context, status=422 if whom.errors else 200)
    form = EnquiryConsentForm(posted(request))
    said = whom.cleaned_data
    if form.is_valid():
        actions.ask_team(case, by=request.user, **said, **form.cleaned_data)
        return done(request, then=reverse("cases:tab", args=[case.pk, "consent"]))
    language = said["language"]
    context |= {
        "form": form,
        "asked": said["asked"],
        "text": enquiry_text.format_text(language, asked=said["asked"]),
        "language": language,
        "direction": languages.get_direction(language),
    }
    return show(request, ASK, context, status=422 if form.errors else 200)


@require_POST
@apply_once
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    found = withdraw_question.find(IdentityEnquiry.objects.all(), request.user, pk=pk)
    actions.withdraw(found, by=request.user)
    messages.success(
        request, _("Question withdrawn. The details sealed for it are destroyed.")
    )
    return done(request, then=reverse("known_elsewhere:list"))
