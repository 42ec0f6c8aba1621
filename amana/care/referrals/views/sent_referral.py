"""After sending: who answers, what to explain to the person now, and the slip to take
along.

The slip does not name its subject: a paper is found by others."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.care.referrals import escalation, reaching
from amana.care.referrals.forms import SlipForm
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import (
    answer_for_outsider,
    carry_referral,
    speak_for_sender,
)
from amana.trust.access.http import Request
from amana.ui import languages
from amana.ui.http import show

SENT_TO, SLIP, PAPER = (
    "referrals/sent_to.html",
    "referrals/person_slip.html",
    "referrals/slip_paper.html",
)


def sent_by_us(request: Request, pk: UUID) -> Referral:
    return speak_for_sender.find(Referral.objects.for_page(), request.user, pk=pk)


@require_GET
def sent_to(request: Request, pk: UUID) -> HttpResponse:
    """Show who answers and what happens next; once after sending, and whenever it is
    asked for."""
    found = sent_by_us(request, pk)
    carries = carry_referral.permits(request.user, found)
    context = {
        "referral": found,
        "contact": reaching.build_team_contact(found.recipient),
        "ahead": escalation.list_steps_ahead(found) if found.is_open else [],
        "may_print": carries,
        "outsider": carries and answer_for_outsider.permits(request.user, found),
    }
    return show(request, SENT_TO, context)


@require_http_methods(["GET", "POST"])
@never_cache
def person_slip(request: Request, case: UUID) -> HttpResponse:
    """Print the number by which a person reaches the team that leads her case, after a
    referral as after asking several. Posted to choose the language: which one a person
    speaks is in no address."""
    cases = Case.objects.select_related("team__organisation")
    found = see_case.find(cases, request.user, pk=case)
    initial = {"language": choose_slip_language(found), "team": True}
    form = SlipForm(request.POST or None, initial=initial)
    chosen = form.cleaned_data if form.is_valid() else initial
    context = {"case": found, "form": form, "paper": render_slip(found, **chosen)}
    return show(request, SLIP, context, status=422 if form.errors else 200)


def choose_slip_language(case: Case) -> str:
    """Choose the language in which the person was last asked, if Amana has it; else the
    worker's."""
    heard = case.consents.order_by("-asked_at", "-pk").values_list(
        "language", flat=True
    )
    asked = languages.get_base_code(heard.first() or "")
    return asked if asked in dict(settings.LANGUAGES) else str(get_language())


def render_slip(case: Case, *, language: str, team: bool) -> str:
    """Render the slip in the language of the person who takes it along."""
    with translation.override(language):
        context = {
            "language": language,
            "direction": languages.get_direction(language),
            "reference": case.reference,
            "team": case.team if team else None,
            "phone": case.team.phone,
        }
        return render_to_string(PAPER, context)
