"""Work as learners hand it in and as others judge it, without a name."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.assessment import actions, panels
from amana.academy.assessment.forms import (
    AppealForm,
    AssessorForm,
    HandInForm,
    JudgeForm,
    NameForm,
)
from amana.academy.assessment.models import Assessor, HandIn, Wish
from amana.academy.assessment.rules import (
    assess_work,
    judge_again,
    judge_work,
    judges,
    list_work,
    own_work,
    see_assessors,
    see_work,
)
from amana.academy.assessment.shown import files_of, judgements, place_of
from amana.academy.assessment.states import Status
from amana.academy.courses import pages
from amana.academy.courses.content import content_of
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Role, User
from amana.trust.access.rules import NotAmong, Rule, holds
from amana.trust.vault import files
from amana.ui.http import SHOWN_ALONE, as_file, done, show
from amana.ui.lists import ListDefinition, Part, Sort, in_parts
from amana.ui.once import once, unless_done
from amana.ui.paging import page

QUEUE, WORK, JUDGE = (
    "assessment/queue.html",
    "assessment/work.html",
    "assessment/judge.html",
)
AROUND_THEM = 512 * 1024
"""What a form with files has besides them, at most."""


# --- finding


def found(request: Request, pk: int, rule: Rule = see_work) -> HandIn:
    return rule.find(HandIn.objects.for_page(), request.user, pk=pk)


def enrolled(request: Request, slug: str) -> Enrolment:
    mine = Enrolment.objects.for_page()
    return learn.find(mine, request.user, version__course__slug=slug)


def url_of(work: HandIn) -> str:
    return reverse("assessment:work", args=[work.pk])


# --- handing in


@require_http_methods(["GET", "POST"])
@unless_done
def hand_in(request: Request, slug: str, code: str) -> HttpResponse:
    """Show and accept the work that a module asks for: words, files, or both."""
    enrolment = enrolled(request, slug)
    course = content_of(enrolment.version)
    module = course.module(code)
    assignment = pages.assignment_of(course, module) if module else None
    if assignment is None:
        raise NotAmong(learn, Enrolment, {"assignment": code})
    form = HandInForm(posted(request), request.FILES or None)
    if form.is_valid():
        refuse_too_much(request)
        # Read before the transaction begins: on SQLite, no one could write while a file
        # is examined.
        attached = [
            files.look_into(content, name, by=request.user.pk)
            for name, content in form.attached
        ]
        return keep(request, enrolment, code, form.cleaned_data["words"], attached)
    context = {
        "form": form,
        "assignment": assignment,
        "back": reverse("courses:assignment", args=[slug, code]),
    }
    status = 422 if form.is_bound else 200
    return show(request, "assessment/hand_in.html", context, status=status)


@once
def keep(
    request: Request,
    enrolment: Enrolment,
    code: str,
    words: str,
    attached: list[files.LookedInto],
) -> HttpResponse:
    made = actions.hand_in(enrolment, code, words, attached, by=request.user)
    messages.success(request, _("Your work is handed in."))
    return done(request, then=url_of(made))


def refuse_too_much(request: Request) -> None:
    most = actions.MOST_FILES * files.LARGEST + AROUND_THEM
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise Refused(_("This file is too large: at most 10 MB."))


@require_GET
def work(request: Request, pk: int) -> HttpResponse:
    """Show a piece of work; to those who may judge it, also what to do."""
    this = found(request, pk)
    place = place_of(this)
    own = own_work.permits(request.user, this)
    context = {
        "work": this,
        "place": place,
        "own": own,
        "tone": panels.TONES[Status(this.status)],
        "files": files_of(this, own=own),
        "judgements": list(judgements(this, place, own=own)),
        "appeal": getattr(this, "appeal", None),
        **(what_i_can_do(this, place.course.slug) if own else to_judge(request, this)),
    }
    return show(request, WORK, context)


def what_i_can_do(work: HandIn, slug: str) -> dict[str, Any]:
    appealed = getattr(work, "appeal", None) is not None
    newest = not HandIn.objects.newer_than(work).exists()
    above = reverse("courses:assignment", args=[slug, work.module])
    revise = work.status in (Status.REVISE, Status.WITHDRAWN)
    return {
        "back": above,
        "may_withdraw": work.status in (Status.WAITING, Status.TAKEN),
        "may_appeal": work.status == Status.REVISE and not appealed and newest,
        "again": reverse("assessment:hand_in", args=[slug, work.module])
        if revise and newest
        else "",
    }


def to_judge(request: Request, work: HandIn) -> dict[str, Any]:
    return {
        "back": reverse("assessment:queue"),
        "may_take": work.status == Status.WAITING,
        "has_taken": judge_work.permits(request.user, work),
        "may_judge_again": judge_again.permits(request.user, work),
    }


@require_GET
def file(request: Request, pk: int, file: int) -> HttpResponse:
    """Send the harmless copy, to be saved."""
    this = found(request, pk)
    own = own_work.permits(request.user, this)
    names = {work_file.pk: name for work_file, name in files_of(this, own=own)}
    kept = this.files.filter(pk=file).first()
    if kept is None:
        raise NotAmong(see_work, HandIn, {"file": file})
    response = as_file(bytes(kept.content), kept.kind, names[kept.pk])
    # A learner's file must never run inside a page of ours.
    response["Content-Security-Policy"] = SHOWN_ALONE
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    this = found(request, pk, own_work)
    actions.withdraw(this, by=request.user)
    messages.success(request, _("Your work is withdrawn."))
    return done(request, then=url_of(this))


@require_http_methods(["GET", "POST"])
@once
def appeal(request: Request, pk: int) -> HttpResponse:
    this = found(request, pk, own_work)
    form = AppealForm(posted(request))
    if form.is_valid():
        actions.appeal(this, form.cleaned_data["words"], by=request.user)
        return done(request, then=url_of(this))
    context = {"form": form, "work": this, "place": place_of(this)}
    status = 422 if form.is_bound else 200
    return show(request, "assessment/appeal.html", context, status=status)


@require_http_methods(["GET", "POST"])
@once
def name(request: Request, slug: str) -> HttpResponse:
    """Choose which name one's certificates bear."""
    enrolment = enrolled(request, slug)
    wish = Wish.objects.filter(enrolment=enrolment).first()
    initial = {"shown": wish.shown, "pseudonym": wish.pseudonym} if wish else {}
    form = NameForm(posted(request), initial=initial)
    back = reverse("courses:progress", args=[slug])
    if form.is_valid():
        said = form.cleaned_data
        shown = Wish.Shown(said["shown"])
        actions.choose_name(enrolment, shown, said["pseudonym"], by=request.user)
        return done(request, then=back)
    status = 422 if form.is_bound else 200
    context = {"form": form, "back": back}
    return show(request, "assessment/name.html", context, status=status)


# --- judging


def queue_of(user: User) -> ListDefinition[Any]:
    def to_mark() -> Q:
        waiting = HandIn.objects.filter(status=Status.WAITING)
        return Q(pk__in=assess_work.among(waiting, user).values("pk"))

    return in_parts(
        Sort("due", gettext_lazy("Most urgent first"), ("due_at", "pk")),
        Part("to-mark", gettext_lazy("For you to mark"), to_mark),
    )


@require_GET
def queue(request: Request) -> HttpResponse:
    """Show what waits to be judged, the most urgent first; without a name."""
    if not judges(request.user):
        raise NotAmong(assess_work, HandIn, {})
    visible = list_work.among(HandIn.objects.open().for_list(), request.user)
    wanted = queue_of(request.user).read(request.GET, None, here=request.path)
    listed = page(visible.filter(wanted.where()), request, key=wanted.key)
    may = set(
        assess_work.among(
            HandIn.objects.filter(pk__in=[hand_in.pk for hand_in in listed]),
            request.user,
        ).values_list("pk", flat=True)
    )
    lines = [(hand_in, place_of(hand_in), hand_in.pk in may) for hand_in in listed]
    context = {
        "wanted": wanted,
        "page": listed,
        "lines": lines,
        "coordinates": holds(request.user, [Role.COORDINATOR]),
    }
    return show(request, QUEUE, context, part="list")


@require_POST
@once
def take(request: Request, pk: int) -> HttpResponse:
    this = found(request, pk, assess_work)
    actions.take(this, by=request.user)
    return done(request, then=reverse("assessment:judge", args=[this.pk]))


@require_POST
@once
def give_back(request: Request, pk: int) -> HttpResponse:
    this = found(request, pk, judge_work)
    actions.give_back(this, by=request.user)
    return done(request, then="assessment:queue")


@require_http_methods(["GET", "POST"])
@once
def judge(request: Request, pk: int) -> HttpResponse:
    """Mark each criterion with a level, and what decided it."""
    this = found(request, pk, judge_work)
    form = JudgeForm(this, place_of(this).criteria, posted(request))
    if form.is_valid():
        to_do = form.cleaned_data["to_do"]
        actions.judge(this, form.verdicts, to_do=to_do, by=request.user)
        messages.success(request, _("Your mark is saved, and the learner sees it."))
        return done(request, then=url_of(this))
    return ask(request, this, form)


@require_http_methods(["GET", "POST"])
@once
def again(request: Request, pk: int) -> HttpResponse:
    """Override another person's mark, or decide an appeal."""
    this = found(request, pk, judge_again)
    form = JudgeForm(this, place_of(this).criteria, posted(request), again=True)
    if form.is_valid():
        said = form.cleaned_data
        words = {"reason": said["reason"], "to_do": said["to_do"]}
        actions.override(this, form.verdicts, by=request.user, **words)
        messages.success(request, _("Your mark is saved, and the learner sees it."))
        return done(request, then=url_of(this))
    return ask(request, this, form)


def ask(request: Request, work: HandIn, form: JudgeForm) -> HttpResponse:
    context = {
        "work": work,
        "place": place_of(work),
        "form": form,
        "files": files_of(work, own=False),
        "appeal": getattr(work, "appeal", None),
    }
    return show(request, JUDGE, context, status=422 if form.is_bound else 200)


# --- who judges


@require_http_methods(["GET", "POST"])
@once
def assessors(request: Request) -> HttpResponse:
    if not holds(request.user, [Role.COORDINATOR]):
        raise NotAmong(see_assessors, Assessor, {})
    form = AssessorForm(posted(request))
    if form.is_valid() and form.user:
        actions.appoint(form.user, by=request.user)
        return done(request, then="assessment:assessors")
    active = Assessor.objects.active().select_related("user")
    listed = see_assessors.among(active, request.user).order_by("appointed_at", "pk")
    context = {"form": form, "assessors": listed}
    status = 422 if form.is_bound else 200
    return show(request, "assessment/assessors.html", context, status=status)


@require_POST
def end_assessor(request: Request, pk: int) -> HttpResponse:
    this = see_assessors.find(Assessor.objects.all(), request.user, pk=pk)
    actions.end_appointment(this, by=request.user)
    return done(request, then="assessment:assessors")
