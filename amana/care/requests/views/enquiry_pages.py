"""One conversation, several houses: the person agrees once, to an ordered list."""

from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.care.cases import need_kinds, sections
from amana.care.cases.models import Need
from amana.care.consent import actions as consents
from amana.care.consent import consent_questions, valid_consents
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import Consent
from amana.care.consent.purposes import describe_out_of_bounds
from amana.care.referrals import actions as referrals
from amana.care.referrals.forms import HandoverForm
from amana.care.referrals.rules import refer_need
from amana.care.requests import actions
from amana.care.requests.forms import AskingOrderForm
from amana.care.requests.models import MOST, HelpRequest
from amana.care.requests.rules import follow_request
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.models import Team
from amana.trust.vault.middleware import require_recent_unlock
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

ASK, SHARE = "requests/ask.html", "requests/share.html"
PURPOSE = Consent.Purpose.REFERRAL


@dataclass
class ChosenServices:
    """The services of a list, in order, and those that can't be asked, with why."""

    services: list[Service] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def teams(self) -> list[Team]:
        return list(
            {service.team_id: service.team for service in self.services}.values()
        )


def chosen(request: Request, need: Need) -> ChosenServices:
    """Read what the address names: ids of services, in the order of the list."""
    named = [parse_small_int(word) for word in request.GET.getlist("service")]
    wanted = list(dict.fromkeys(pk for pk in named if pk is not None))
    if len(wanted) > MOST:
        raise Refused(_("Ask %(most)s services at most.") % {"most": MOST})
    rows = Service.objects.select_related("organisation", "team__organisation")
    seen = see_service.among(rows.filter(pk__in=wanted), request.user).in_bulk()
    found = ChosenServices()
    for pk in wanted:
        if pk not in seen:
            # No name: it may be a service that this user is not permitted to see.
            found.left_out.append(
                (_("A service"), _("It is no longer listed. Choose another one."))
            )
            continue
        service = seen[pk]
        why = referrals.describe_obstacle(service) or describe_out_of_bounds(
            service.organisation.sphere, need.type
        )
        if service.team_id == need.case.team_id:
            why = _("This is your own team’s service. You don’t need to send anything.")
        if why:
            found.left_out.append((service.called, why))
        else:
            found.services.append(service)
    return found


def need_of(request: Request, pk: UUID) -> Need:
    along = [f"case__{what}" for what in sections.ALONG]
    needs = Need.objects.select_related("case__team__organisation", *along)
    return refer_need.find(needs, request.user, pk=pk)


@require_http_methods(["GET", "POST"])
@apply_once
def ask(request: Request, need: UUID) -> HttpResponse:
    """Read one text about all of them; her yes asks the first, or all at once."""
    found = need_of(request, need)
    need_kinds.open_to_decide([found], by=request.user, purpose="choosing a service")
    them = chosen(request, found)
    if not them.services:
        reasons = [f"{name}: {why}" for name, why in them.left_out]
        raise Refused(" ".join(reasons) or _("Choose at least one service."))
    agreed = already(request, found, them.teams)
    asked = question_to(request, found, them.teams, agreed)
    data = request.POST or None
    form = ConsentForm(asked, data) if asked else None
    order, handover = AskingOrderForm(data), HandoverForm(data, auto_id="handover_%s")
    forms = [each for each in (form, order, handover) if each]
    if request.method == "POST":
        if asked and request.POST.get("answer") == "refused":
            return refused(request, asked)
        wrong = [each for each in forms if not each.is_valid()]  # each shows its own
        if not wrong and handover.is_heard_of(agreed.values()):
            return send(request, found, them, agreed, form, order, handover)
    context = {
        "need": found,
        "case": found.case,
        "chosen": them,
        "asked": asked,
        "standing": valid_consents.list_standing(
            found, agreed.values(), by=request.user
        ),
        "anew_url": valid_consents.anew_url(request),
        "consent_form": form,
        "order_form": order,
        "handover_form": handover,
        "handover_is_open": any(handover.data.get(n) for n in handover.fields),
    }
    return show(request, ASK, context, status=422 if request.POST else 200)


def already(request: Request, need: Need, teams: list[Team]) -> dict[int, Consent]:
    """Find what she has agreed to with these teams: none of it is read to her again,
    unless she is asked about something else."""
    if valid_consents.asks_anew(request):
        return {}
    return valid_consents.find_standing(need, teams, by=request.user)


def question_to(
    request: Request, need: Need, teams: list[Team], agreed: dict[int, Consent]
) -> ConsentFormContext | None:
    """Open the question about those of the teams that she has not heard of yet."""
    new = [team for team in teams if team.pk not in agreed]
    if not new:
        return None
    return consent_questions.open_question(
        need.case, recipients=new, purpose=PURPOSE, need=need, by=request.user
    )


@require_recent_unlock
def send(
    request: Request,
    need: Need,
    them: ChosenServices,
    agreed: dict[int, Consent],
    form: ConsentForm | None,
    order: AskingOrderForm,
    handover: HandoverForm,
) -> HttpResponse:
    """Record the consents and the request: both or neither, in the transaction of
    `@once`."""
    new = form and consents.give_in_order(
        need.case,
        recipients=form.asked.recipients,
        need=need,
        purpose=PURPOSE,
        by=request.user,
        **form.said(),
    )
    asked = actions.ask(
        need,
        services=them.services,
        agreed=[*agreed.values(), *(new or [])],
        order=AskingOrder(order.cleaned_data["order"]),
        note=handover.cleaned_data["note"],
        handover=handover.handover(),
        by=request.user,
    )
    return done(request, then=reverse("requests:request", args=[asked.pk]))


def refused(request: Request, asked: ConsentFormContext) -> HttpResponse:
    """Record a refusal, valid at any time; the next page lists the other services."""
    assert asked.need is not None
    for team in asked.recipients:
        consents.refuse(
            asked.case,
            recipient=team,
            need=asked.need,
            purpose=PURPOSE,
            language=asked.language,
            by=request.user,
        )
    return redirect(reverse("referrals:choose", args=[asked.need.pk]))


@require_http_methods(["GET", "POST"])
@apply_once
def share(request: Request, pk: UUID) -> HttpResponse:
    """Send to the team that helps already what the person agrees to share."""
    found = follow_request.find(
        HelpRequest.objects.for_list().select_related("need__case__team__organisation"),
        request.user,
        pk=pk,
    )
    accepted, need = found.accepted, found.need
    if accepted is None or need is None or accepted.referral_id is not None:
        return redirect("requests:request", found.pk)
    refer_need.find(Need.objects.all(), request.user, pk=need.pk)
    agreed = already(request, need, [accepted.recipient])
    asked = question_to(request, need, [accepted.recipient], agreed)
    form = ConsentForm(asked, request.POST or None) if asked else None
    if request.method == "POST":
        if asked and request.POST.get("answer") == "refused":
            refused(request, asked)
            return redirect("requests:request", found.pk)
        if form is None or form.is_valid():
            return send_to_accepted(
                request, found, agreed.get(accepted.recipient_id), form
            )
    context = {
        "asked_for": found,
        "accepted": accepted,
        "case": need.case,
        "asked": asked,
        "standing": valid_consents.list_standing(
            need, agreed.values(), by=request.user
        ),
        "anew_url": valid_consents.anew_url(request),
        "consent_form": form,
    }
    return show(request, SHARE, context, status=422 if request.POST else 200)


@require_recent_unlock
def send_to_accepted(
    request: Request,
    found: HelpRequest,
    agreed: Consent | None,
    form: ConsentForm | None,
) -> HttpResponse:
    consent = agreed
    if form:
        [recipient] = form.asked.recipients
        consent = consents.give(
            form.asked.case,
            recipient=recipient,
            need=form.asked.need,
            purpose=PURPOSE,
            by=request.user,
            **form.said(),
        )
    assert consent is not None
    referral = actions.share(found, consent=consent, by=request.user)
    return done(request, then=reverse("referrals:referral", args=[referral.pk]))
