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
    PlanForm,
    SettleForm,
    WindowForm,
)
from amana.insight.advocacy.models import Commitment, Message, Office, Plan, Window
from amana.insight.advocacy.rules import (
    READERS,
    WRITERS,
    read_advocacy,
    write_advocacy,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAmong, holds
from amana.ui.http import done, show, written
from amana.ui.once import once
from amana.ui.paging import page

PLANS, PLAN = "advocacy/plans.html", "advocacy/plan.html"
WINDOWS, WRITE = "advocacy/windows.html", "advocacy/write.html"


def for_readers(request: Request, model: type[Model]) -> None:
    """Require a reader, on a page above single things. Raises `NotAmong`."""
    if not holds(request.user, READERS):
        raise NotAmong(read_advocacy, model, {})


def for_writers(request: Request, model: type[Model]) -> None:
    if not holds(request.user, WRITERS):
        raise NotAmong(write_advocacy, model, {})


def may_write(request: Request) -> bool:
    return holds(request.user, WRITERS)


@require_GET
def plans(request: Request) -> HttpResponse:
    for_readers(request, Plan)
    found = read_advocacy.among(Plan.objects.for_list(), request.user)
    context = {
        "plans": page(found, request, key=("due_on", "pk")),
        "soon": Window.objects.soon().for_list()[:5],
        "may_write": may_write(request),
    }
    return show(request, PLANS, context)


@dataclass(frozen=True)
class Quarter:
    """Of the map of who decides."""

    title: str
    offices: list[Office]


def map_of(offices: Iterable[Office]) -> list[Quarter]:
    """Map the offices: much influence above, those who are for it at the end of the
    line.
    """
    there = list(offices)
    return [
        Quarter(
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
    found = read_advocacy.find(Plan.objects.all(), request.user, pk=pk)
    offices = list(found.offices.order_by("power", "title"))
    context = {
        "plan": found,
        "offices": offices,
        "quarters": map_of(offices),
        "windows": (found.windows.all() | Window.objects.filter(plan=None))
        .to_come()
        .for_list()[:20],
        "sayings": found.messages.order_by("audience", "pk"),
        "promises": found.commitments.order_by("due_on", "pk"),
        "may_write": may_write(request),
    }
    return show(request, PLAN, context)


# -- writing


def address(plan: Plan) -> str:
    return reverse("advocacy:plan", args=[plan.pk])


def to_write(request: Request, pk: UUID) -> Plan:
    return write_advocacy.find(Plan.objects.all(), request.user, pk=pk)


@require_http_methods(["GET", "POST"])
@once
def new(request: Request) -> HttpResponse:
    for_writers(request, Plan)
    form = PlanForm(posted(request), begun=False)
    if form.is_valid():
        made = actions.begin(form.aim, by=request.user)
        return done(request, then=address(made))
    context = {
        "form": form,
        "title": _("Plan a policy change"),
        "back": reverse("advocacy:plans"),
    }
    return show(request, WRITE, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@once
def change(request: Request, pk: UUID) -> HttpResponse:
    found = to_write(request, pk)
    initial = {name: getattr(found, name) for name in actions.Aim.__dataclass_fields__}
    form = PlanForm(posted(request), initial=initial, begun=True)
    return written(
        request,
        WRITE,
        form,
        lambda _said: actions.change(found, form.aim, by=request.user),
        title=found.goal,
        back=address(found),
    )


@require_http_methods(["GET", "POST"])
@once
def place(request: Request, pk: UUID) -> HttpResponse:
    found = to_write(request, pk)
    return written(
        request,
        WRITE,
        OfficeForm(posted(request)),
        lambda said: actions.place(found, **said, by=request.user),
        title=_("Add an office"),
        back=address(found),
    )


def an_office(request: Request, pk: UUID, number: int) -> Office:
    offices = Office.objects.select_related("plan")
    return write_advocacy.find(offices, request.user, pk=number, plan=pk)


@require_http_methods(["GET", "POST"])
@once
def move(request: Request, pk: UUID, number: int) -> HttpResponse:
    office = an_office(request, pk, number)
    names = ("title", "side", "power", "view", "moved_by")
    form = OfficeForm(
        posted(request), initial={name: getattr(office, name) for name in names}
    )
    form.fields["title"].disabled = True  # another name is another office
    return written(
        request,
        WRITE,
        form,
        lambda said: actions.place(office.plan, **said, by=request.user),
        title=office.title,
        back=address(office.plan),
        off=reverse("advocacy:take_off", args=[pk, number]),
    )


@require_POST
@once
def take_off(request: Request, pk: UUID, number: int) -> HttpResponse:
    office = an_office(request, pk, number)
    actions.take_off(office, by=request.user)
    return done(request, then=address(office.plan))


@require_http_methods(["GET", "POST"])
@once
def say(request: Request, pk: UUID) -> HttpResponse:
    found = to_write(request, pk)

    def act(said: dict[str, Any]) -> None:
        del said["looked"]
        actions.write_message(found, **said, by=request.user)

    return written(
        request,
        WRITE,
        MessageForm(posted(request)),
        act,
        title=_("Write a message"),
        back=address(found),
        of_survivors=True,
    )


@require_POST
@once
def withdraw(request: Request, pk: UUID, number: int) -> HttpResponse:
    messages = Message.objects.select_related("plan")
    message = write_advocacy.find(messages, request.user, pk=number, plan=pk)
    actions.withdraw(message, by=request.user)
    return done(request, then=address(message.plan))


@require_http_methods(["GET", "POST"])
@once
def promise(request: Request, pk: UUID) -> HttpResponse:
    found = to_write(request, pk)
    return written(
        request,
        WRITE,
        CommitmentForm(posted(request)),
        lambda said: actions.record_commitment(found, **said, by=request.user),
        title=_("Record a commitment"),
        back=address(found),
    )


@require_http_methods(["GET", "POST"])
@once
def settle(request: Request, pk: UUID, number: int) -> HttpResponse:
    promises = Commitment.objects.select_related("plan")
    found = write_advocacy.find(promises, request.user, pk=number, plan=pk)
    settled = found.state != Commitment.State.OPEN
    initial = {"state": found.state, "evidence": found.evidence} if settled else {}
    return written(
        request,
        WRITE,
        SettleForm(posted(request), initial=initial),
        lambda said: actions.settle(found, **said, by=request.user),
        title=found.words,
        back=address(found.plan),
    )


# -- occasions


@require_GET
def windows(request: Request) -> HttpResponse:
    for_readers(request, Window)
    found = Window.objects.to_come().for_list().select_related("plan")
    context = {
        "windows": read_advocacy.among(found, request.user)[:200],
        "may_write": may_write(request),
    }
    return show(request, WINDOWS, context)


@require_http_methods(["GET", "POST"])
@once
def new_window(request: Request) -> HttpResponse:
    for_writers(request, Window)
    return written(
        request,
        WRITE,
        WindowForm(posted(request)),
        lambda said: actions.plan_window(**said, by=request.user),
        title=_("Record an occasion"),
        back=reverse("advocacy:windows"),
    )
