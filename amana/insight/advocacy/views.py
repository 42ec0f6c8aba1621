"""Plans for a change of policy, and the occasions on which one is heard."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.insight.advocacy import actions
from amana.insight.advocacy.forms import (
    CommitmentForm,
    MessageForm,
    OfficeForm,
    PolicyPlanForm,
    SettleForm,
    WindowForm,
)
from amana.insight.advocacy.models import (
    Commitment,
    Message,
    Office,
    PolicyPlan,
    Window,
)
from amana.insight.advocacy.rules import (
    READERS,
    WRITERS,
    read_advocacy,
    write_advocacy,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import answer_form, done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

PLANS, PLAN = "advocacy/plans.html", "advocacy/plan.html"
WINDOWS, WRITE = "advocacy/windows.html", "advocacy/write.html"


def require_reader(request: Request, model: type[Model]) -> None:
    """Require a reader, on a page above single things. Raises `NotAccessible`."""
    if not has_role(request.user, READERS):
        raise NotAccessible(read_advocacy, model, {})


def require_writer(request: Request, model: type[Model]) -> None:
    if not has_role(request.user, WRITERS):
        raise NotAccessible(write_advocacy, model, {})


def may_write(request: Request) -> bool:
    return has_role(request.user, WRITERS)


@require_GET
def plans(request: Request) -> HttpResponse:
    require_reader(request, PolicyPlan)
    found = read_advocacy.among(PolicyPlan.objects.for_list(), request.user)
    context = {
        "plans": find_page(found, request, key=("due_on", "pk")),
        "soon": Window.objects.soon().for_list()[:5],
        "may_write": may_write(request),
    }
    return show(request, PLANS, context)


@dataclass(frozen=True)
class MapQuadrant:
    """Of the map of who decides."""

    title: str
    offices: list[Office]


def map_offices(offices: Iterable[Office]) -> list[MapQuadrant]:
    """Map the offices: much influence above, those who are for it at the end of the
    line.
    """
    there = list(offices)
    return [
        MapQuadrant(
            f"{power.label} · {view.label}",
            [
                office
                for office in there
                if (office.power, office.view) == (power, view)
            ],
        )
        for power in (Office.Power.MUCH, Office.Power.LITTLE)
        for view in (Office.View.AGAINST, Office.View.FOR)
    ]


@require_GET
def plan(request: Request, pk: UUID) -> HttpResponse:
    found = read_advocacy.find(PolicyPlan.objects.all(), request.user, pk=pk)
    offices = list(found.offices.order_by("power", "title"))
    context = {
        "plan": found,
        "offices": offices,
        "quarters": map_offices(offices),
        "windows": (found.windows.all() | Window.objects.filter(plan=None))
        .to_come()
        .for_list()[:20],
        "sayings": found.messages.order_by("audience", "pk"),
        "promises": found.commitments.order_by("due_on", "pk"),
        "may_write": may_write(request),
    }
    return show(request, PLAN, context)


# -- writing


def build_url(plan: PolicyPlan) -> str:
    return reverse("advocacy:plan", args=[plan.pk])


def find_plan_to_write(request: Request, pk: UUID) -> PolicyPlan:
    return write_advocacy.find(PolicyPlan.objects.all(), request.user, pk=pk)


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request) -> HttpResponse:
    require_writer(request, PolicyPlan)
    form = PolicyPlanForm(posted(request), begun=False)
    if form.is_valid():
        made = actions.begin_plan(form.aim, by=request.user)
        return done(request, then=build_url(made))
    context = {
        "form": form,
        "title": _("Plan a policy change"),
        "back": reverse("advocacy:plans"),
    }
    return show(request, WRITE, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def change(request: Request, pk: UUID) -> HttpResponse:
    found = find_plan_to_write(request, pk)
    initial = {
        name: getattr(found, name) for name in actions.PolicyTarget.__dataclass_fields__
    }
    form = PolicyPlanForm(posted(request), initial=initial, begun=True)
    return answer_form(
        request,
        WRITE,
        form,
        lambda _said: actions.change_plan(found, form.aim, by=request.user),
        title=found.goal,
        back=build_url(found),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def place(request: Request, pk: UUID) -> HttpResponse:
    found = find_plan_to_write(request, pk)
    return answer_form(
        request,
        WRITE,
        OfficeForm(posted(request)),
        lambda said: actions.place_office(found, **said, by=request.user),
        title=_("Add an office"),
        back=build_url(found),
    )


def find_office(request: Request, pk: UUID, number: int) -> Office:
    offices = Office.objects.select_related("plan")
    return write_advocacy.find(offices, request.user, pk=number, plan=pk)


@require_http_methods(["GET", "POST"])
@apply_once
def move(request: Request, pk: UUID, number: int) -> HttpResponse:
    office = find_office(request, pk, number)
    names = ("title", "side", "power", "view", "moved_by")
    form = OfficeForm(
        posted(request), initial={name: getattr(office, name) for name in names}
    )
    form.fields["title"].disabled = True  # another name is another office
    return answer_form(
        request,
        WRITE,
        form,
        lambda said: actions.place_office(office.plan, **said, by=request.user),
        title=office.title,
        back=build_url(office.plan),
        off=reverse("advocacy:take_off", args=[pk, number]),
    )


@require_POST
@apply_once
def take_off(request: Request, pk: UUID, number: int) -> HttpResponse:
    office = find_office(request, pk, number)
    actions.remove_office(office, by=request.user)
    return done(request, then=build_url(office.plan))


@require_http_methods(["GET", "POST"])
@apply_once
def say(request: Request, pk: UUID) -> HttpResponse:
    found = find_plan_to_write(request, pk)

    def act(said: dict[str, Any]) -> None:
        del said["looked"]
        actions.write_message(found, **said, by=request.user)

    return answer_form(
        request,
        WRITE,
        MessageForm(posted(request)),
        act,
        title=_("Write a message"),
        back=build_url(found),
        of_survivors=True,
    )


@require_POST
@apply_once
def withdraw(request: Request, pk: UUID, number: int) -> HttpResponse:
    messages = Message.objects.select_related("plan")
    message = write_advocacy.find(messages, request.user, pk=number, plan=pk)
    actions.withdraw_message(message, by=request.user)
    return done(request, then=build_url(message.plan))


@require_http_methods(["GET", "POST"])
@apply_once
def promise(request: Request, pk: UUID) -> HttpResponse:
    found = find_plan_to_write(request, pk)
    return answer_form(
        request,
        WRITE,
        CommitmentForm(posted(request)),
        lambda said: actions.record_commitment(found, **said, by=request.user),
        title=_("Record a commitment"),
        back=build_url(found),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def settle(request: Request, pk: UUID, number: int) -> HttpResponse:
    promises = Commitment.objects.select_related("plan")
    found = write_advocacy.find(promises, request.user, pk=number, plan=pk)
    settled = found.state != Commitment.State.OPEN
    initial = {"state": found.state, "evidence": found.evidence} if settled else {}
    return answer_form(
        request,
        WRITE,
        SettleForm(posted(request), initial=initial),
        lambda said: actions.settle_commitment(found, **said, by=request.user),
        title=found.words,
        back=build_url(found.plan),
    )


# -- occasions


@require_GET
def windows(request: Request) -> HttpResponse:
    require_reader(request, Window)
    found = Window.objects.to_come().for_list().select_related("plan")
    context = {
        "windows": read_advocacy.among(found, request.user)[:200],
        "may_write": may_write(request),
    }
    return show(request, WINDOWS, context)


@require_http_methods(["GET", "POST"])
@apply_once
def new_window(request: Request) -> HttpResponse:
    require_writer(request, Window)
    return answer_form(
        request,
        WRITE,
        WindowForm(posted(request)),
        lambda said: actions.plan_window(**said, by=request.user),
        title=_("Record an occasion"),
        back=reverse("advocacy:windows"),
    )
