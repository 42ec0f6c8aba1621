"""One referral, and the steps that can be taken with it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.care.cases.fields import list_field_names
from amana.care.cases.rules import list_readable_parts
from amana.care.pending import actions as pending
from amana.care.referrals import (
    actions,
    decision,
    escalation,
    outside_recipients,
    reaching,
    referral_messages,
    undoing,
)
from amana.care.referrals.decision import DecisionScreen
from amana.care.referrals.forms import MessageForm
from amana.care.referrals.models import Referral
from amana.care.referrals.reaching import TeamContact
from amana.care.referrals.rules import (
    SPEAKS,
    answer_for_outsider,
    answer_referral,
    follow_referral,
    refer_need,
    see_referral,
    supervise_referral,
)
from amana.care.referrals.states import TO_CHOOSE_AGAIN
from amana.care.referrals.steps import BY_CODE, ReferralStep, Side, list_possible_steps
from amana.design.directory import labels
from amana.design.directory.labels import format_free_places
from amana.design.directory.models import Service
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure
from amana.ui import clocks
from amana.ui.http import done, show
from amana.ui.once import apply_once

REFERRAL, STEP = "referrals/referral.html", "referrals/step.html"
GONE = "referrals/gone.html"


@dataclass(frozen=True)
class ReferralPerspective:
    """From which side someone sees a referral, and for whom they may speak."""

    side: Side
    sides: frozenset[Side]


RECIPIENT = ReferralPerspective("recipient", frozenset({"recipient"}))
SENDER = ReferralPerspective("sender", frozenset({"sender"}))
FOR_OUTSIDER = ReferralPerspective("sender", frozenset({"sender", "recipient"}))
"""The sender, who also writes down what a team without the system says."""


def referral_of(request: Request, pk: UUID) -> tuple[Referral, ReferralPerspective]:
    found = see_referral.find(Referral.objects.for_page(), request.user, pk=pk)
    if answer_referral.permits(request.user, found):
        return found, RECIPIENT
    noted = answer_for_outsider.permits(request.user, found)
    return found, FOR_OUTSIDER if noted else SENDER


def asked_of_us(request: Request, pk: UUID) -> Referral:
    return answer_referral.find(Referral.objects.for_page(), request.user, pk=pk)


@require_GET
def referral(request: Request, pk: UUID) -> HttpResponse:
    return show_referral(request, *referral_of(request, pk), MessageForm())


def show_referral(
    request: Request, referral: Referral, seat: ReferralPerspective, form: MessageForm
) -> HttpResponse:
    shared = Disclosure.objects.live().filter(pk=referral.disclosure).first()
    if seat.side == "recipient" and shared is None:
        return gone(request, referral)
    over = referral.state in TO_CHOOSE_AGAIN
    received = read_letters(request, seat, shared, over=over)
    context = about(request, referral, seat) | {
        "letters": received,
        "decision": decision_on(request, seat, referral, shared, received, over=over),
        "shared_names": name_shared(request, seat, referral, shared, over=over),
        "may_write": shared is not None and referral.is_open,
        "free_places": format_places_free(referral.service),
        "message_form": form,
    }
    return show(request, REFERRAL, context, status=422 if form.errors else 200)


def sheet_of(request: Request, pk: UUID) -> dict[str, object]:
    """Build the printed sheet of a referral; those who answer also get what was
    shared."""
    referral, seat = referral_of(request, pk)
    shared = Disclosure.objects.live().filter(pk=referral.disclosure).first()
    over = referral.state in TO_CHOOSE_AGAIN
    return {
        "referral": referral,
        "turn": referral.turn_for(seat.side),
        "contact": choose_contact(referral, seat),
        "decision": decision_on(request, seat, referral, shared, [], over=over),
        "is_gone": seat.side == "recipient" and shared is None,
    }


def about(
    request: Request, referral: Referral, seat: ReferralPerspective
) -> dict[str, object]:
    steps = list_possible_steps(referral, seat.sides)
    sender, over = seat.side == "sender", referral.state in TO_CHOOSE_AGAIN
    follows = sender and follow_referral.permits(request.user, referral)
    return {
        "referral": referral,
        "side": seat.side,
        "turn": referral.turn_for(seat.side),
        "outsider": seat is FOR_OUTSIDER,
        "contact": choose_contact(referral, seat),
        "ahead": escalation.list_steps_ahead(referral)
        if sender and referral.is_open
        else [],
        "bar": (bar := choose_bar_steps(steps)),
        "more": [step for step in steps if step not in bar],
        "happenings": referral.happenings.select_related("team").order_by("-at", "-pk"),
        "taken_back": over,
        "may_choose_again": (
            over
            and referral.need.is_open
            and not referral.followed_by.exists()
            and refer_need.permits(request.user, referral.need)
        ),
        "may_open_case": follows,
        "may_carry": follows
        or (sender and supervise_referral.permits(request.user, referral)),
    }


def choose_contact(referral: Referral, seat: ReferralPerspective) -> TeamContact:
    """Choose whom to call on the other side."""
    if seat.side == "recipient":
        return reaching.build_sender_contact(referral)
    return reaching.build_team_contact(referral.recipient)


def choose_bar_steps(steps: list[ReferralStep]) -> list[ReferralStep]:
    """Choose what is in the bar: accept and decline for a request, else the likely
    step."""
    answers = [step for step in steps if step.code in ("accept", "decline")]
    return answers if len(answers) > 1 else steps[:1]


def format_places_free(service: Service) -> str:
    """Format how many places are free, and since when that is known."""
    if not service.counts_places:
        return ""
    if service.places_said_at is None or service.places_are_stale():
        return _("How many places are free has not been confirmed lately.")
    if service.hidden:
        return labels.format_count(service)
    return _("%(places)s, confirmed %(ago)s") % {
        "places": format_free_places(service),
        "ago": clocks.format_age(service.places_said_at),
    }


def gone(request: Request, referral: Referral) -> HttpResponse:
    """Show that the consent has ended, and with it every word that was shared."""
    context = {"referral": referral, "destruction": referral.to_destroy()}
    return show(request, GONE, context, status=410)


def decision_on(
    request: Request,
    seat: ReferralPerspective,
    referral: Referral,
    shared: Disclosure | None,
    received: list[referral_messages.OpenedMessage],
    *,
    over: bool,
) -> DecisionScreen | None:
    """Build what was disclosed, in the order of a decision, for those to whom it
    was."""
    if shared is None or over or seat.side == "sender":
        return None
    content = disclosures.open_disclosure(shared, by=request.user, purpose="referral")
    outside_recipients.apply_help_asked(referral, content)
    return decision.build_decision(content, received)


def name_shared(
    request: Request,
    seat: ReferralPerspective,
    referral: Referral,
    shared: Disclosure | None,
    *,
    over: bool,
) -> list[str]:
    """List for the sender the fields that were shared: what is in them is in the
    case."""
    if shared is None or over or seat.side == "recipient":
        return []
    return list_field_names(
        list_readable_parts(request.user, referral.case), shared.fields
    )


def read_letters(
    request: Request,
    seat: ReferralPerspective,
    shared: Disclosure | None,
    *,
    over: bool,
) -> list[referral_messages.OpenedMessage]:
    if shared is None or (over and seat.side == "recipient"):
        return []
    if not referral_messages.can_read(shared, by=request.user):
        return []
    return referral_messages.open_letters(shared, by=request.user)


@require_http_methods(["GET", "POST"])
@apply_once
def step(request: Request, pk: UUID, step: str) -> HttpResponse:
    """Show one decision on its own page: what it means, the little it asks, one
    button."""
    found, seat = referral_of(request, pk)
    chosen = BY_CODE[step]
    if chosen.side not in seat.sides:
        # Raised like a rule's refusal, so that the log records the attempt.
        raise NotAccessible(SPEAKS[chosen.side], Referral, {"pk": pk})
    if request.method == "POST":
        require_unchanged(request, found)
    if not chosen.allowed(found.state):
        return too_late(request, found, chosen)
    find = {"find": request.GET["find"]} if "find" in request.GET else {}
    form = chosen.form(found, request.POST or None, initial=find, by=request.user)
    due_at = undoing.compute_effect_time(found, chosen)
    # The page offered ten minutes to undo; if a deadline leaves none now, it is shown
    # again instead of acting at once.
    if not form.is_valid() or pending.is_promise_broken(request.POST, due_at):
        context = {
            "referral": found,
            "step": chosen,
            "form": form,
            "undo": chosen.code in undoing.DECIDED,
            "takes_effect_at": due_at,
            "seen": request.POST.get("seen") or found.version,
            "button_kind": chosen.first_kind,
            "for_outsider": seat is FOR_OUTSIDER and chosen.side == "recipient",
        }
        return show(request, STEP, context, status=422 if form.is_bound else 200)
    if due_at:
        undoing.decide(
            found, chosen, due_at=due_at, by=request.user, **form.cleaned_data
        )
        return done(request, then=reverse("referrals:referral", args=[found.pk]))
    chosen.act(found, by=request.user, **form.cleaned_data)
    messages.success(request, format_saved_message(found))
    return done(request, then=build_next_address(chosen, found))


def too_late(request: Request, referral: Referral, step: ReferralStep) -> HttpResponse:
    """Refuse a form that came second; lead a link to the referral as it is now."""
    changed = referral.changed(step.to)
    if request.method == "POST":
        raise changed
    messages.info(request, str(changed))
    return redirect("referrals:referral", referral.pk)


def require_unchanged(request: Request, referral: Referral) -> None:
    """Refuse a decision that was made on an earlier state of the referral."""
    seen = request.POST.get("seen", "")
    if seen != str(referral.version):
        raise referral.changed()


def format_saved_message(referral: Referral) -> str:
    return _("Saved: %(status)s.") % {"status": referral.state.label}


def build_next_address(step: ReferralStep, referral: Referral) -> str:
    if step.side == "sender" and referral.state in TO_CHOOSE_AGAIN:
        return build_choice_address(referral)
    return reverse("referrals:referral", args=[referral.pk])


def build_choice_address(referral: Referral) -> str:
    choose = reverse("referrals:choose", args=[referral.need_id])
    return f"{choose}?follows={referral.pk}"


@require_POST
@apply_once
def take(request: Request, pk: UUID) -> HttpResponse:
    found = asked_of_us(request, pk)
    actions.take_on(found, by=request.user)
    messages.success(request, _("You have taken this on."))
    return done(request, then=reverse("referrals:referral", args=[found.pk]))


@require_POST
@apply_once
def leave(request: Request, pk: UUID) -> HttpResponse:
    """Record that the person has left: after the end of a consent nothing else is
    recorded of the stay."""
    found = asked_of_us(request, pk)
    actions.record_departure(found, by=request.user)
    messages.success(request, _("Saved."))
    return done(request, then=reverse("referrals:referral", args=[found.pk]))


@require_POST
@apply_once
def write(request: Request, pk: UUID) -> HttpResponse:
    found, seat = referral_of(request, pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return show_referral(request, found, seat, form)
    actions.write_message(found, text=form.cleaned_data["text"], by=request.user)
    return done(request, then=reverse("referrals:referral", args=[found.pk]))
