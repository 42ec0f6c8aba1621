"""From a need to a sent referral: choose, ask, send; at most three minutes.

The person chooses among services with reasons; is asked, in words that are read aloud,
whether exactly this may be shared with exactly them; and one form records the consent
and sends the referral. A no is recorded too, and leads to what else there is."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amana.care.cases import sections
from amana.care.cases.models import Need, UnmetReason
from amana.care.consent import actions as consents
from amana.care.consent import consent_questions, valid_consents, vital_interests
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import Consent
from amana.care.consent.valid_consents import ConsentSummary
from amana.care.referrals import actions, choosing
from amana.care.referrals.choosing import MOST, SHOWN, ServiceSearch
from amana.care.referrals.forms import HandoverForm, ServiceSearchForm, UnmetForm
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import refer_need
from amana.design.directory.codes import is_language
from amana.design.directory.models import Area, Service
from amana.design.directory.rules import see_service
from amana.errors import NotAgreed, Refused
from amana.trust.access.http import Request
from amana.trust.access.models import Organisation, User
from amana.trust.access.rules import can_answer_in_amana
from amana.trust.vault.middleware import require_recent_unlock
from amana.ui.http import done, show
from amana.ui.once import apply_once

CHOOSE, ASK = "referrals/choose.html", "referrals/ask.html"
UNMET = "referrals/unmet.html"
PURPOSE = Consent.Purpose.REFERRAL


def need_of(request: Request, pk: UUID) -> Need:
    along = [f"case__{what}" for what in sections.ALONG]
    needs = Need.objects.select_related("case__team__organisation", *along)
    return refer_need.find(needs, request.user, pk=pk)


def followed(request: Request, need: Need) -> Referral | None:
    """Find the referral that the new one replaces: the address names it."""
    try:
        pk = UUID(request.GET.get("follows", ""))
    except ValueError:
        return None
    return choosing.find_replaceable(need, pk)


def build_follows_query(follows: Referral | None) -> str:
    return f"?follows={follows.pk}" if follows else ""


# --- choosing


@require_http_methods(["GET", "POST"])
def choose(request: Request, need: UUID) -> HttpResponse:
    """List the services that fit, with reasons and what to ask; posted only to search
    elsewhere."""
    found = need_of(request, need)
    follows = followed(request, found)
    form = ServiceSearchForm(request.POST or None)
    answer = choosing.build_choice(
        found, read_search(form), by=request.user, follows=follows
    )
    if not form.is_bound and answer.area:
        form.initial["area"] = answer.area.code
    context = {
        "need": found,
        "case": found.case,
        "choice": answer,
        "form": form,
        "follows": follows,
        "tail": build_follows_query(follows),
        "no_longer": {"no_longer": 1},
    }
    return show(request, CHOOSE, context, part="answer")


def read_search(form: ServiceSearchForm) -> ServiceSearch:
    if not form.is_bound or not form.is_valid():
        return ServiceSearch()
    said = form.cleaned_data
    area = Area.objects.for_choice().filter(code=said["area"] or None).first()
    shown = MOST if said["more"] else SHOWN
    return ServiceSearch(area=area, within_km=said["within_km"], shown=shown)


@require_http_methods(["GET", "POST"])
@apply_once
def unmet(request: Request, need: UUID) -> HttpResponse:
    """Record that no service is acceptable, with the reason, so that the gap is
    seen."""
    found = need_of(request, need)
    form = UnmetForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        context = {"need": found, "case": found.case, "form": form}
        return show(request, UNMET, context, status=422 if form.is_bound else 200)
    reason = UnmetReason(form.cleaned_data["reason"])
    actions.record_unmet_need(found, reason=reason, by=request.user)
    messages.success(
        request, _("Recorded as an unmet need. It counts towards the figures on gaps.")
    )
    return done(request, then=reverse("cases:case", args=[found.case_id]))


@require_POST
@apply_once
def avoid(request: Request, need: UUID, organisation: int) -> HttpResponse:
    """Exclude an organisation for this person, or admit it again."""
    found = need_of(request, need)
    meant = get_object_or_404(Organisation, pk=organisation)
    if request.POST.get("no_longer"):
        actions.stop_avoiding(found.case, organisation=meant, by=request.user)
    else:
        actions.avoid_organisation(found.case, organisation=meant, by=request.user)
    back = reverse("referrals:choose", args=[found.pk])
    return done(request, then=back + build_follows_query(followed(request, found)))


# --- asking, and sending


@dataclass
class ConsentPage:
    """Everything on the page on which the person is asked."""

    need: Need
    service: Service
    by: User
    follows: Referral | None
    live: Consent | None
    """What the person has already agreed to with this team, if it is enough."""
    asked: ConsentFormContext | None
    consent_form: ConsentForm | None
    handover_form: HandoverForm
    sent_unasked: Referral | None = None
    """What was sent there already because the person could not be asked."""

    @property
    def is_valid(self) -> bool:
        forms = [form for form in (self.consent_form, self.handover_form) if form]
        wrong = [form for form in forms if not form.is_valid()]  # each shows its own
        agreed = [self.live] if self.live else []
        return not wrong and self.handover_form.is_heard_of(agreed)

    @property
    def agreed_already(self) -> list[ConsentSummary]:
        agreed = [self.live] if self.live else []
        return valid_consents.list_standing(self.need, agreed, by=self.by)

    @property
    def handover_is_open(self) -> bool:
        return any(self.handover_form.data.get(n) for n in self.handover_form.fields)


@require_http_methods(["GET", "POST"])
@apply_once
def ask(request: Request, need: UUID, service: int) -> HttpResponse:
    found = need_of(request, need)
    services = Service.objects.select_related("organisation", "team__organisation")
    asked_of = see_service.find(services, request.user, pk=service)
    question = question_about(request, found, asked_of)
    if request.method == "POST":
        # A refusal is recorded at any time, whatever else is filled in: no other field
        # has to be valid for it.
        if request.POST.get("answer") == "refused" and question.asked:
            return refused(request, question)
        if question.is_valid:
            return send(request, question)
    context = {
        "question": question,
        "need": found,
        "case": found.case,
        "service": asked_of,
        "asked": question.asked,
        "consent_form": question.consent_form,
        "standing": question.agreed_already,
        "anew_url": valid_consents.anew_url(request),
        "handover_form": question.handover_form,
        "tail": build_follows_query(question.follows),
        "outside": not can_answer_in_amana(asked_of.team_id),
        "may_send_unasked": question.sent_unasked is None
        and not vital_interests.describe_obstacle(found, asked_of.team),
    }
    return show(request, ASK, context, status=422 if request.POST else 200)


def question_about(request: Request, need: Need, service: Service) -> ConsentPage:
    actions.require_takes_referrals(service)
    if service.team_id == need.case.team_id:
        raise Refused(_("This is your own team’s service: you don’t need a referral."))
    data = request.POST or None
    sent = find_sent_unasked(need, service)
    live, asked = None, None
    if not valid_consents.asks_anew(request) and not sent:
        agreed = valid_consents.find_standing(need, [service.team], by=request.user)
        live = agreed.get(service.team_id)
    if live is None:
        asked = consent_questions.open_question(
            need.case,
            recipients=[service.team],
            purpose=PURPOSE,
            need=need,
            by=request.user,
        )
    return ConsentPage(
        need=need,
        service=service,
        by=request.user,
        follows=followed(request, need),
        live=live,
        asked=asked,
        consent_form=ConsentForm(asked, data) if asked else None,
        handover_form=HandoverForm(data, auto_id="handover_%s"),
        sent_unasked=sent,
    )


def find_sent_unasked(need: Need, service: Service) -> Referral | None:
    """Find the open referral, sent without consent, that rests on her consent from now
    on."""
    sent = Referral.objects.waiting().filter(need=need, service=service)
    unasked = sent.filter(vital_interest__isnull=False)
    return unasked.select_related("vital_interest", "case").first()


@require_recent_unlock
def send(request: Request, question: ConsentPage) -> HttpResponse:
    """Record the consent, if it was asked for now, and send the referral: both or
    neither, in the one transaction of `@once`."""
    consent, need = question.live, question.need
    if consent is None and question.consent_form:
        consent = consents.give(
            need.case,
            recipient=question.service.team,
            purpose=PURPOSE,
            need=need,
            by=request.user,
            **question.consent_form.said(),
        )
    if consent is None:
        raise NotAgreed(_("The person has not agreed to share with this service."))
    consent.case = need.case
    if question.sent_unasked:
        referral = actions.rest_on_consent(
            question.sent_unasked, consent, by=request.user
        )
        return done(request, then=reverse("referrals:referral", args=[referral.pk]))
    referral = actions.send(
        need,
        to=question.service,
        consent=consent,
        by=request.user,
        note=question.handover_form.cleaned_data["note"],
        handover=question.handover_form.handover(),
        follows=question.follows,
    )
    return done(request, then=reverse("referrals:sent_to", args=[referral.pk]))


def refused(request: Request, question: ConsentPage) -> HttpResponse:
    """Record a refusal; the next page lists the other services."""
    assert question.asked is not None
    heard = request.POST.get("language", "")
    consents.refuse(
        question.need.case,
        recipient=question.service.team,
        purpose=PURPOSE,
        need=question.need,
        language=heard if is_language(heard) else question.asked.language,
        by=request.user,
    )
    messages.success(
        request,
        _(
            "Recorded: the person does not agree, and nothing was sent. These are the "
            "other services."
        ),
    )
    back = reverse("referrals:choose", args=[question.need.pk])
    return redirect(back + build_follows_query(question.follows))
