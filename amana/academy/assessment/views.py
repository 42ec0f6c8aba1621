"""Work as learners hand it in and as others judge it, without a name."""

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

from amana.academy.assessment import actions, sections
from amana.academy.assessment.forms import (
    AppealForm,
    AssessorForm,
    CertificateNameForm,
    HandInForm,
    MarkForm,
)
from amana.academy.assessment.models import Assessor, CertificateName, HandIn
from amana.academy.assessment.rubrics import is_made_in_practice
from amana.academy.assessment.rules import (
    assess_work,
    follow_own_work,
    judge_again,
    judge_work,
    list_work,
    may_judge,
    see_assessors,
    see_work,
)
from amana.academy.assessment.states import WorkStatus
from amana.academy.assessment.work_details import (
    build_place,
    iterate_judgements,
    list_files,
    list_work_sections,
)
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Role, User
from amana.trust.access.rules import NotAccessible, Rule, has_role
from amana.trust.vault import files
from amana.ui.http import SHOWN_ALONE, done, send_file, show
from amana.ui.lists import ListDefinition, ListSort, NumberedPart, build_parts_list
from amana.ui.once import answer_unless_done, apply_once
from amana.ui.paging import find_page

QUEUE, WORK, JUDGE = (
    "assessment/queue.html",
    "assessment/work.html",
    "assessment/judge.html",
)
AROUND_THEM = 512 * 1024
"""What a form with files has besides them, at most."""


# --- finding


def find_hand_in(request: Request, pk: int, rule: Rule = see_work) -> HandIn:
    return rule.find(HandIn.objects.for_page(), request.user, pk=pk)


def find_enrolment(request: Request, slug: str) -> Enrolment:
    mine = Enrolment.objects.for_page()
    return learn.find(mine, request.user, version__course__slug=slug)


def build_url(work: HandIn) -> str:
    return reverse("assessment:work", args=[work.pk])


# --- handing in


@require_http_methods(["GET", "POST"])
@answer_unless_done
def hand_in(request: Request, slug: str, code: str) -> HttpResponse:
    """Show and accept the work that a module asks for: words, files, or both."""
    enrolment = find_enrolment(request, slug)
    course = load_content(enrolment.version)
    module = course.module(code)
    assignment = pages.build_assignment(course, module) if module else None
    if assignment is None:
        raise NotAccessible(learn, Enrolment, {"assignment": code})
    form = HandInForm(posted(request), request.FILES or None)
    if form.is_valid():
        refuse_too_much(request)
        # Read before the transaction begins: on SQLite, no one could write while a file
        # is examined.
        attached = [
            files.inspect_file(content, name, by=request.user.pk)
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


@apply_once
def keep(
    request: Request,
    enrolment: Enrolment,
    code: str,
    words: str,
    attached: list[files.InspectedFile],
) -> HttpResponse:
    made = actions.submit_work(enrolment, code, words, attached, by=request.user)
    messages.success(request, _("Your work is handed in."))
    return done(request, then=build_url(made))


def refuse_too_much(request: Request) -> None:
    most = actions.MOST_FILES * files.LARGEST + AROUND_THEM
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise Refused(_("This file is too large: at most 10 MB."))


@require_GET
def work(request: Request, pk: int) -> HttpResponse:
    """Show a piece of work; to those who may judge it, also what to do."""
    this = find_hand_in(request, pk)
    place = build_place(this)
    own = follow_own_work.permits(request.user, this)
    context = {
        "work": this,
        "place": place,
        "own": own,
        "tone": sections.TONES[WorkStatus(this.status)],
        "files": list_files(this, own=own),
        "panels": list_work_sections(this),
        "judgements": list(iterate_judgements(this, place, own=own)),
        "appeal": getattr(this, "appeal", None),
        **(
            build_own_context(this, place.course.slug)
            if own
            else build_marking_context(request, this)
        ),
    }
    return show(request, WORK, context)


def build_own_context(work: HandIn, slug: str) -> dict[str, object]:
    appealed = getattr(work, "appeal", None) is not None
    newest = not HandIn.objects.newer_than(work).exists()
    above = reverse("courses:assignment", args=[slug, work.module])
    revise = work.status in (WorkStatus.REVISE, WorkStatus.WITHDRAWN)
    again = reverse("assessment:hand_in", args=[slug, work.module])
    if is_made_in_practice(work.enrolment, work.module):
        again = above
    return {
        "back": above,
        "may_withdraw": work.status in (WorkStatus.WAITING, WorkStatus.TAKEN),
        "may_appeal": work.status == WorkStatus.REVISE and not appealed and newest,
        "again": again if revise and newest else "",
    }


def build_marking_context(request: Request, work: HandIn) -> dict[str, object]:
    return {
        "back": reverse("assessment:queue"),
        "may_take": work.status == WorkStatus.WAITING,
        "has_taken": judge_work.permits(request.user, work),
        "may_judge_again": judge_again.permits(request.user, work),
    }


@require_GET
def file(request: Request, pk: int, file: int) -> HttpResponse:
    """Send the harmless copy, to be saved."""
    this = find_hand_in(request, pk)
    own = follow_own_work.permits(request.user, this)
    names = {work_file.pk: name for work_file, name in list_files(this, own=own)}
    kept = this.files.filter(pk=file).first()
    if kept is None:
        raise NotAccessible(see_work, HandIn, {"file": file})
    response = send_file(bytes(kept.content), kept.kind, names[kept.pk])
    # A learner's file must never run inside a page of ours.
    response["Content-Security-Policy"] = SHOWN_ALONE
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    this = find_hand_in(request, pk, follow_own_work)
    actions.withdraw_work(this, by=request.user)
    messages.success(request, _("Your work is withdrawn."))
    return done(request, then=build_url(this))


@require_http_methods(["GET", "POST"])
@apply_once
def appeal(request: Request, pk: int) -> HttpResponse:
    this = find_hand_in(request, pk, follow_own_work)
    form = AppealForm(posted(request))
    if form.is_valid():
        actions.appeal_mark(this, form.cleaned_data["words"], by=request.user)
        return done(request, then=build_url(this))
    context = {"form": form, "work": this, "place": build_place(this)}
    status = 422 if form.is_bound else 200
    return show(request, "assessment/appeal.html", context, status=status)


@require_http_methods(["GET", "POST"])
@apply_once
def name(request: Request, slug: str) -> HttpResponse:
    """Choose which name one's certificates bear."""
    enrolment = find_enrolment(request, slug)
    wish = CertificateName.objects.filter(enrolment=enrolment).first()
    initial = {"shown": wish.shown, "pseudonym": wish.pseudonym} if wish else {}
    form = CertificateNameForm(posted(request), initial=initial)
    back = reverse("courses:progress", args=[slug])
    if form.is_valid():
        said = form.cleaned_data
        shown = CertificateName.Shown(said["shown"])
        actions.choose_name(enrolment, shown, said["pseudonym"], by=request.user)
        return done(request, then=back)
    status = 422 if form.is_bound else 200
    context = {"form": form, "back": back}
    return show(request, "assessment/name.html", context, status=status)


# --- judging


def build_queue(user: User) -> ListDefinition[object]:
    def to_mark() -> Q:
        waiting = HandIn.objects.filter(status=WorkStatus.WAITING)
        return Q(pk__in=assess_work.among(waiting, user).values("pk"))

    return build_parts_list(
        ListSort("due", gettext_lazy("Most urgent first"), ("due_at", "pk")),
        NumberedPart("to-mark", gettext_lazy("For you to mark"), to_mark),
    )


@require_GET
def queue(request: Request) -> HttpResponse:
    """Show what waits to be judged, the most urgent first; without a name."""
    if not may_judge(request.user):
        raise NotAccessible(assess_work, HandIn, {})
    visible = list_work.among(HandIn.objects.open().for_list(), request.user)
    wanted = build_queue(request.user).read(request.GET, None, here=request.path)
    listed = find_page(visible.filter(wanted.where()), request, key=wanted.key)
    may = set(
        assess_work.among(
            HandIn.objects.filter(pk__in=[hand_in.pk for hand_in in listed]),
            request.user,
        ).values_list("pk", flat=True)
    )
    lines = [(hand_in, build_place(hand_in), hand_in.pk in may) for hand_in in listed]
    context = {
        "wanted": wanted,
        "page": listed,
        "lines": lines,
        "coordinates": has_role(request.user, [Role.COORDINATOR]),
    }
    return show(request, QUEUE, context, part="list")


@require_POST
@apply_once
def take(request: Request, pk: int) -> HttpResponse:
    this = find_hand_in(request, pk, assess_work)
    actions.take_work(this, by=request.user)
    return done(request, then=reverse("assessment:judge", args=[this.pk]))


@require_POST
@apply_once
def give_back(request: Request, pk: int) -> HttpResponse:
    this = find_hand_in(request, pk, judge_work)
    actions.return_work(this, by=request.user)
    return done(request, then="assessment:queue")


@require_http_methods(["GET", "POST"])
@apply_once
def judge(request: Request, pk: int) -> HttpResponse:
    """Mark each criterion with a level, and what decided it."""
    this = find_hand_in(request, pk, judge_work)
    form = MarkForm(this, build_place(this).criteria, posted(request))
    if form.is_valid():
        to_do = form.cleaned_data["to_do"]
        actions.mark_work(this, form.verdicts, to_do=to_do, by=request.user)
        messages.success(request, _("Your mark is saved, and the learner sees it."))
        return done(request, then=build_url(this))
    return show_mark_form(request, this, form)


@require_http_methods(["GET", "POST"])
@apply_once
def again(request: Request, pk: int) -> HttpResponse:
    """Override another person's mark, or decide an appeal."""
    this = find_hand_in(request, pk, judge_again)
    form = MarkForm(this, build_place(this).criteria, posted(request), again=True)
    if form.is_valid():
        said = form.cleaned_data
        words = {"reason": said["reason"], "to_do": said["to_do"]}
        actions.override_mark(this, form.verdicts, by=request.user, **words)
        messages.success(request, _("Your mark is saved, and the learner sees it."))
        return done(request, then=build_url(this))
    return show_mark_form(request, this, form)


def show_mark_form(request: Request, work: HandIn, form: MarkForm) -> HttpResponse:
    context = {
        "work": work,
        "place": build_place(work),
        "form": form,
        "files": list_files(work, own=False),
        "panels": list_work_sections(work),
        "appeal": getattr(work, "appeal", None),
    }
    return show(request, JUDGE, context, status=422 if form.is_bound else 200)


# --- who judges


@require_http_methods(["GET", "POST"])
@apply_once
def assessors(request: Request) -> HttpResponse:
    if not has_role(request.user, [Role.COORDINATOR]):
        raise NotAccessible(see_assessors, Assessor, {})
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
