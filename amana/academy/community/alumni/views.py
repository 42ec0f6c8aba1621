"""The pages of the circle, for its members and for those who could be."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy import circle
from amana.academy.community.alumni import actions, rules
from amana.academy.community.alumni.forms import GatheringForm, TalkAnswerForm, TalkForm
from amana.academy.community.alumni.models import (
    CircleEnding,
    CircleMembership,
    Gathering,
    Talk,
    TalkTheme,
)
from amana.academy.credentials.models import SOON
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once

HOME, TALK, WRITE = "alumni/home.html", "alumni/talk.html", "alumni/write.html"
ANNOUNCE, LEAVE = "alumni/announce.html", "alumni/leave.html"


@dataclass(frozen=True)
class MessageText:
    text: str
    mine: bool


@require_GET
def home(request: Request) -> HttpResponse:
    """Show what is new in the circle; or how to join it, or why one is no longer in
    it."""
    user = request.user
    place = rules.find_place(user)
    was = CircleMembership.objects.filter(
        person=user, ending=CircleEnding.RAN_OUT
    ).last()
    gatherings = rules.see_gathering.among(Gathering.objects.to_come(), user)
    own = rules.call_off_gathering.among(Gathering.objects.all(), user)
    may_join = rules.find_certificates(user).exists()
    context = {
        "place": place,
        "may_join": may_join,
        "ran_out": was if not (place or may_join) else None,
        "ends_on": compute_end_date(user) if place else None,
        "may_announce": rules.may_announce(user),
        "gatherings": list(gatherings[:20]),
        "own": set(own.values_list("pk", flat=True)),
        "talks": rules.join_talk.among(Talk.objects.for_list(), user)[:50],
    }
    return show(request, HOME, context)


def compute_end_date(user: User) -> object:
    """Compute when the last certificate ends by which a person is in the circle, if
    soon."""
    held = rules.find_certificates(user).values_list("valid_until", flat=True)
    days = [day for day in held if day]
    # A certificate without an end keeps the place for good.
    if not days or len(days) < len(held):
        return None
    return max(days) if max(days) < timezone.now() + SOON else None


@require_POST
@apply_once
def join(request: Request) -> HttpResponse:
    actions.join_circle(by=request.user)
    return done(request, then="alumni:home")


@require_http_methods(["GET", "POST"])
@apply_once
def leave(request: Request) -> HttpResponse:
    """Ask for confirmation: what was written can't be read afterwards."""
    if not CircleMembership.objects.standing().filter(person=request.user).exists():
        raise NotAccessible(rules.join_talk, CircleMembership, {})
    if request.method == "POST":
        actions.leave_circle(by=request.user)
        return done(request, then="alumni:home")
    return show(request, LEAVE, {})


@require_http_methods(["GET", "POST"])
@apply_once
def begin(request: Request) -> HttpResponse:
    if rules.find_place(request.user) is None:
        raise NotAccessible(rules.join_talk, Talk, {})
    form = TalkForm(posted(request))
    if form.is_valid():
        theme = TalkTheme(form.cleaned_data["theme"])
        talk = actions.begin_talk(theme, form.cleaned_data["text"], by=request.user)
        return done(request, then=reverse("alumni:talk", args=[talk.pk]))
    return show(request, WRITE, {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@never_cache
def talk(request: Request, pk: UUID) -> HttpResponse:
    # Not cached: after leaving, the browser's back button would show it again.
    return talk_page(request, heard(request, pk))


def heard(request: Request, pk: UUID) -> Talk:
    return rules.join_talk.find(Talk.objects.all(), request.user, pk=pk)


def talk_page(
    request: Request, talk: Talk, form: TalkAnswerForm | None = None
) -> HttpResponse:
    written = circle.open_messages(talk.pk, by=request.user, purpose="alumni")
    context = {
        "talk": talk,
        "words": [
            MessageText(
                written.get(actions.build_document_name(word), {}).get("text", ""),
                word.by_id == request.user.pk,
            )
            for word in talk.words.order_by("pk")
        ],
        "mine": talk.by_id == request.user.pk,
        "form": form or TalkAnswerForm(),
    }
    return show(request, TALK, context, status=422 if form else 200)


@require_POST
@apply_once
def answer(request: Request, pk: UUID) -> HttpResponse:
    found = heard(request, pk)
    form = TalkAnswerForm(posted(request))
    if not form.is_valid():
        return talk_page(request, found, form)
    actions.answer_talk(found, form.cleaned_data["text"], by=request.user)
    return done(request, then=reverse("alumni:talk", args=[pk]))


@require_POST
@apply_once
def take_back(request: Request, pk: UUID) -> HttpResponse:
    found = rules.take_back_talk.find(Talk.objects.all(), request.user, pk=pk)
    actions.withdraw_talk(found, by=request.user)
    return done(request, then="alumni:home")


@require_http_methods(["GET", "POST"])
@apply_once
def announce(request: Request) -> HttpResponse:
    if not rules.may_announce(request.user):
        raise NotAccessible(rules.see_gathering, Gathering, {})
    form = GatheringForm(posted(request))
    if form.is_valid():
        actions.announce_clinic(**form.said, by=request.user)
        return done(request, then="alumni:home")
    return show(request, ANNOUNCE, {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def call_off(request: Request, pk: int) -> HttpResponse:
    found = rules.call_off_gathering.find(Gathering.objects.all(), request.user, pk=pk)
    actions.cancel_clinic(found, by=request.user)
    return done(request, then="alumni:home")
