"""What those who listen do: read, find themes, answer complaints, say what changed."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.insight.feedback import actions, heard, partner_scores
from amana.insight.feedback.forms import (
    AnswerForm,
    ChangeForm,
    ThemesForm,
    group_by_language,
)
from amana.insight.feedback.models import (
    Advice,
    Change,
    Complaint,
    ComplaintOutcome,
    DeskDuty,
    Review,
    Voice,
)
from amana.insight.feedback.models.complaints import ComplaintQuerySet
from amana.insight.feedback.models.published_changes import choose_language
from amana.insight.feedback.models.reviews import ReviewQuerySet
from amana.insight.feedback.rules import (
    answer_advice,
    answer_complaint,
    distribute_slips,
    find_desks,
    find_reviewing_desks,
    publish_change,
    read_voice,
    review_complaint,
    see_themes,
    watch_complaint,
    watch_review,
)
from amana.insight.feedback.themes import Theme
from amana.insight.measure.country import get_smallest_group
from amana.trust.access.http import Request, posted
from amana.trust.access.models import KEYHOLDERS, Organisation, Team, User
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once

DESK, READ, CHANGES = "feedback/desk.html", "feedback/read.html", "feedback/made.html"
COMPLAINTS, COMPLAINT = "feedback/complaints.html", "feedback/complaint.html"


@require_GET
def desk(request: Request) -> HttpResponse:
    """Show what is here for the reader; a theme only when enough people spoke of it."""
    user = request.user
    sees = see_themes.permits(user, user)
    reads = find_desks(user, DeskDuty.FEEDBACK).exists()
    context = {
        "sees": sees,
        "themes": heard.list_themes() if sees else {},
        "places": heard.list_by_organisation() if sees else [],
        "partners": partner_scores.list_shares() if sees else [],
        "enough": get_smallest_group(),
        "hands_out": distribute_slips.among(Organisation.objects.all(), user).exists(),
        "works": bool(user.roles & KEYHOLDERS),
        "reads": reads,
        "unread": to_read(request).count() if reads else 0,
        "answers": find_reviewing_desks(user).exists(),
        "late": watch_complaint.among(find_late(), user).count()
        + watch_review.among(find_late_reviews(), user).count(),
        "publishes": publish_change.permits(user, user),
        "advised": answer_advice.among(Advice.objects.open(), user).count(),
    }
    return show(request, DESK, context)


def find_late() -> ComplaintQuerySet:
    return Complaint.objects.late(timezone.localdate())


def find_late_reviews() -> ReviewQuerySet:
    return Review.objects.late(timezone.localdate())


def to_read(request: Request) -> QuerySet[Voice]:
    return read_voice.among(Voice.objects.unmarked(), request.user)


# --- reading


@require_GET
def read(request: Request) -> HttpResponse:
    """Show one person's words after the other, in no order."""
    if not find_desks(request.user, DeskDuty.FEEDBACK).exists():
        raise NotAccessible(read_voice, Voice, {})
    left = to_read(request)
    # The id is random, so this is no order in which they came.
    voice = left.select_related("about").order_by("pk").first()
    words = actions.open_voices([voice], by=request.user)[voice.pk] if voice else ""
    context = {
        "voice": voice,
        "words": words,
        "left": left.count(),
        "form": ThemesForm(),
    }
    return show(request, READ, context)


@require_POST
@apply_once
def mark(request: Request, pk: UUID) -> HttpResponse:
    voice = read_voice.find(Voice.objects.all(), request.user, pk=pk)
    form = ThemesForm(request.POST)
    if form.is_valid():
        themes = [Theme(code) for code in form.cleaned_data["themes"]]
        actions.mark_themes(voice, themes, by=request.user)
        return done(request, then="feedback:read")
    words = actions.open_voices([voice], by=request.user)[voice.pk]
    context = {"voice": voice, "words": words, "left": 0, "form": form}
    return show(request, READ, context, status=422)


# --- you said, we did


@require_http_methods(["GET", "POST"])
@apply_once
def changes(request: Request) -> HttpResponse:
    if not publish_change.permits(request.user, request.user):
        raise NotAccessible(publish_change, Change, {})
    told = heard.list_themes()
    form = ChangeForm(told, posted(request))
    if form.is_valid():
        actions.announce_change(
            Theme(form.cleaned_data["theme"]),
            said=group_by_language(form, "said"),
            did=group_by_language(form, "did"),
            by=request.user,
        )
        return done(request, then="feedback:made")
    rows = Change.objects.shown().order_by("-published_at", "-pk")[:50]
    context = {
        "form": form,
        "themes": told,
        "enough": get_smallest_group(),
        "changes": [
            (row, Theme(row.theme).label, choose_language(row.did)) for row in rows
        ],
    }
    return show(request, CHANGES, context, status=422 if form.is_bound else 200)


@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    change = publish_change.find(Change.objects.shown(), request.user, pk=pk)
    actions.withdraw_change(change, by=request.user)
    return done(request, then="feedback:made")


# --- complaints


@require_GET
def complaints(request: Request) -> HttpResponse:
    """Show the body's own, by their clock; coordinators see which wait too long."""
    user = request.user
    if not (find_reviewing_desks(user).exists() or see_themes.permits(user, user)):
        raise NotAccessible(answer_complaint, Complaint, {})
    rows = Complaint.objects.for_list().order_by("answer_by", "pk")
    ours = answer_complaint.among(rows, user)
    asked = Review.objects.for_list().order_by("answer_by", "pk")
    again = review_complaint.among(asked, user)
    kept_back = asked.open().filter(handed_on=None)
    context = {
        "open": list(ours.filter(closed_on=None)[:100]),
        "closed": list(
            ours.filter(closed_on__isnull=False).order_by("-closed_on")[:50]
        ),
        "again": list(again.filter(closed_on=None)[:100]),
        "decided": list(
            again.filter(closed_on__isnull=False).order_by("-closed_on")[:50]
        ),
        "to_hand_over": list(kept_back.filter(complaint__in=ours.order_by())[:100]),
        "late": list(iterate_late(user)),
    }
    return show(request, COMPLAINTS, context)


def iterate_late(user: User) -> Iterator[tuple[str, Team, date]]:
    """Yield which wait, for whom, and since when."""
    answers = (
        find_late().select_related("body__organisation").order_by("answer_by", "pk")
    )
    for complaint in watch_complaint.among(answers, user)[:100]:
        yield complaint.number, complaint.body, complaint.due_on
    again = find_late_reviews().for_list().order_by("answer_by", "pk")
    for review in watch_review.among(again, user)[:100]:
        if review.keeps_back:
            yield review.complaint.number, review.complaint.body, review.hand_over_by
        if review.is_late:
            yield review.complaint.number, review.body, review.answer_by


@require_http_methods(["GET", "POST"])
@apply_once
def complaint(request: Request, pk: UUID) -> HttpResponse:
    """Show its letters, and what to answer."""
    rows = Complaint.objects.for_list()
    found = answer_complaint.find(rows, request.user, pk=pk)
    form = AnswerForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        if said["outcome"]:
            outcome = ComplaintOutcome(said["outcome"])
            actions.close_complaint(found, outcome, said["words"], by=request.user)
        else:
            actions.write_to_person(found, said["words"], by=request.user)
        return done(request, then=reverse("feedback:complaint", args=[found.pk]))
    context = {
        "complaint": found,
        "letters": actions.open_complaint(found, by=request.user),
        "review": Review.objects.for_list().filter(complaint=found).first(),
        "form": form,
    }
    return show(request, COMPLAINT, context, status=422 if form.is_bound else 200)


@require_POST
def see(request: Request, pk: UUID) -> HttpResponse:
    found = answer_complaint.find(Complaint.objects.all(), request.user, pk=pk)
    actions.acknowledge_complaint(found, by=request.user)
    return done(request, then=reverse("feedback:complaint", args=[found.pk]))
