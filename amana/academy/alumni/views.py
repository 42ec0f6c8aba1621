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
from amana.academy.alumni import actions, rules
from amana.academy.alumni.forms import AnswerForm, GatheringForm, TalkForm
from amana.academy.alumni.models import Ending, Gathering, Place, Talk, Theme
from amana.academy.credentials.models import SOON
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.trust.access.rules import NotAmong
from amana.ui.http import done, show
from amana.ui.once import once

HOME, TALK, WRITE = "alumni/home.html", "alumni/talk.html", "alumni/write.html"
ANNOUNCE, LEAVE = "alumni/announce.html", "alumni/leave.html"


@dataclass(frozen=True)
class Words:
    text: str
    mine: bool


@require_GET
def home(request: Request) -> HttpResponse:
    """Show what is new in the circle; or how to join it, or why one is no longer in
    it."""
    user = request.user
    place = rules.place_of(user)
    was = Place.objects.filter(person=user, ending=Ending.RAN_OUT).last()
    gatherings = rules.see_gathering.among(Gathering.objects.to_come(), user)
    own = rules.call_off_gathering.among(Gathering.objects.all(), user)
    may_join = rules.certificates_of(user).exists()
    context = {
        "place": place,
        "may_join": may_join,
        "ran_out": was if not (place or may_join) else None,
        "ends_on": ends_soon(user) if place else None,
        "may_announce": rules.may_announce(user),
        "gatherings": list(gatherings[:20]),
        "own": set(own.values_list("pk", flat=True)),
        "talks": rules.join_talk.among(Talk.objects.for_list(), user)[:50],
    }
    return show(request, HOME, context)


def ends_soon(user: User) -> object:
    """Compute when the last certificate ends by which a person is in the circle, if
    soon."""
    held = rules.certificates_of(user).values_list("valid_until", flat=True)
    days = [day for day in held if day]
    # A certificate without an end keeps the place for good.
    if not days or len(days) < len(held):
        return None
    return max(days) if max(days) < timezone.now() + SOON else None


@require_POST
@once
def join(request: Request) -> HttpResponse:
    actions.join(by=request.user)
    return done(request, then="alumni:home")


@require_http_methods(["GET", "POST"])
@once
def leave(request: Request) -> HttpResponse:
    """Ask for confirmation: what was written can't be read afterwards."""
    if not Place.objects.standing().filter(person=request.user).exists():
        raise NotAmong(rules.join_talk, Place, {})
    if request.method == "POST":
        actions.leave(by=request.user)
        return done(request, then="alumni:home")
    return show(request, LEAVE, {})


@require_http_methods(["GET", "POST"])
@once
def begin(request: Request) -> HttpResponse:
    if rules.place_of(request.user) is None:
        raise NotAmong(rules.join_talk, Talk, {})
    form = TalkForm(posted(request))
    if form.is_valid():
        theme = Theme(form.cleaned_data["theme"])
        talk = actions.begin(theme, form.cleaned_data["text"], by=request.user)
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
    request: Request, talk: Talk, form: AnswerForm | None = None
) -> HttpResponse:
    written = circle.opened(talk.pk, by=request.user, purpose="alumni")
    context = {
        "talk": talk,
        "words": [
            Words(
                written.get(actions.name_of(word), {}).get("text", ""),
                word.by_id == request.user.pk,
            )
            for word in talk.words.order_by("pk")
        ],
        "mine": talk.by_id == request.user.pk,
        "form": form or AnswerForm(),
    }
    return show(request, TALK, context, status=422 if form else 200)


@require_POST
@once
def answer(request: Request, pk: UUID) -> HttpResponse:
    found = heard(request, pk)
    form = AnswerForm(posted(request))
    if not form.is_valid():
        return talk_page(request, found, form)
    actions.answer(found, form.cleaned_data["text"], by=request.user)
    return done(request, then=reverse("alumni:talk", args=[pk]))


@require_POST
@once
def take_back(request: Request, pk: UUID) -> HttpResponse:
    found = rules.take_back_talk.find(Talk.objects.all(), request.user, pk=pk)
    actions.take_back(found, by=request.user)
    return done(request, then="alumni:home")


@require_http_methods(["GET", "POST"])
@once
def announce(request: Request) -> HttpResponse:
    if not rules.may_announce(request.user):
        raise NotAmong(rules.see_gathering, Gathering, {})
    form = GatheringForm(posted(request))
    if form.is_valid():
        actions.announce(**form.said, by=request.user)
        return done(request, then="alumni:home")
    return show(request, ANNOUNCE, {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@once
def call_off(request: Request, pk: int) -> HttpResponse:
    found = rules.call_off_gathering.find(Gathering.objects.all(), request.user, pk=pk)
    actions.call_off(found, by=request.user)
    return done(request, then="alumni:home")
