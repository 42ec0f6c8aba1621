"""Show mentorship to the two people of a pair, and to those who match them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.cohorts.rules import STAFF
from amana.academy.community.mentoring import actions, aims, between, matching
from amana.academy.community.mentoring.forms import (
    CheckInForm,
    CommitmentForm,
    MentoringWishForm,
    MonthReplyForm,
    PairProposalForm,
)
from amana.academy.community.mentoring.matching import (
    PairCandidate,
    PairingReason,
    Suggestion,
)
from amana.academy.community.mentoring.models import (
    CheckIn,
    Commitment,
    MentoringSide,
    MentoringWish,
    Pair,
)
from amana.academy.community.mentoring.rules import (
    arrange_mentoring,
    be_mentored_in_pair,
    join_pair,
    may_be_mentored,
    may_mentor,
    reply_as_mentor,
    see_own_wish,
)
from amana.design.directory import codes
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, Rule, has_role
from amana.ui.http import done, show
from amana.ui.labels import format_list
from amana.ui.once import apply_once

MINE, WISH, PAIR = "mentoring/mine.html", "mentoring/wish.html", "mentoring/pair.html"
ARRANGE, PROPOSE = "mentoring/arrange.html", "mentoring/propose.html"
WRITE, END = "mentoring/write.html", "mentoring/end.html"

REASONS: dict[PairingReason, str | Promise] = {
    PairingReason.LANGUAGE: gettext_lazy("They have a language in common"),
    PairingReason.SECTOR: gettext_lazy("They work in the same field"),
    PairingReason.REGION: gettext_lazy("They work in the same region"),
}


# --- my mentorship


@dataclass(frozen=True)
class PairLine:
    """A pair, as one of its two sees it in a list."""

    pair: Pair
    side: MentoringSide
    other: str
    to_agree: bool


@require_GET
def mine(request: Request) -> HttpResponse:
    pairs = join_pair.among(Pair.objects.open().for_list(), request.user)
    wishes = see_own_wish.among(MentoringWish.objects.standing(), request.user)
    standing = {wishe.side: wishe for wishe in wishes}
    context = {
        "lines": [build_line(pair, request) for pair in pairs],
        "mentoring": standing.get(MentoringSide.MENTOR),
        "looking": standing.get(MentoringSide.MENTEE),
        "may_mentor": may_mentor(request.user),
        "may_look": may_be_mentored(request.user),
        "arranges": has_role(request.user, STAFF),
    }
    return show(request, MINE, context)


def build_line(pair: Pair, request: Request) -> PairLine:
    me = request.user
    return PairLine(pair, pair.side_of(me), pair.other(me).name, not pair.agreed_by(me))


@require_http_methods(["GET", "POST"])
@apply_once
def wish(request: Request, kind: str) -> HttpResponse:
    chosen = MentoringSide(kind)
    form = MentoringWishForm(posted(request), mentor=chosen == MentoringSide.MENTOR)
    if form.is_valid():
        actions.record_wish(chosen, **form.cleaned_data, by=request.user)
        return done(request, then="mentoring:mine")
    context = {"form": form, "side": chosen}
    return show(request, WISH, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def take_back(request: Request, pk: int) -> HttpResponse:
    found = see_own_wish.find(MentoringWish.objects.standing(), request.user, pk=pk)
    actions.withdraw_wish(found, by=request.user)
    return done(request, then="mentoring:mine")


# --- a pair


@dataclass(frozen=True)
class CheckInMonth:
    """What was written for one month, in the clear."""

    check_in: CheckIn
    said: dict[str, str]
    reply: str


@dataclass(frozen=True)
class ShownCommitment:
    commitment: Commitment
    text: str
    indicator: str
    figure: str
    """Of all together; empty while none is counted, or it is too small."""


@require_GET
def pair(request: Request, pk: UUID) -> HttpResponse:
    found = join_pair.find(Pair.objects.for_list(), request.user, pk=pk)
    context: dict[str, object] = {
        "pair": found,
        "other": found.other(request.user).name,
        "mentors": found.side_of(request.user) == MentoringSide.MENTOR,
        "agreed": found.agreed_by(request.user),
    }
    if found.is_under_way:
        context |= load_texts(found, request)
    return show(request, PAIR, context)


def load_texts(pair: Pair, request: Request) -> dict[str, object]:
    written = between.open_texts(pair, by=request.user)
    titles = aims.map_indicators()
    made = list(pair.commitments.order_by("due_on", "pk"))
    aimed_at = {commitment.indicator for commitment in made if commitment.indicator}
    # Figures of everyone together: counting for one mentee would reveal the cases of
    # their work.
    figures = aims.map_figures(aimed_at) if aimed_at else {}

    def said(name: str) -> dict[str, str]:
        return dict(written.get(name, {}))

    months = [
        CheckInMonth(
            check_in,
            said(between.build_name(check_in)),
            said(f"reply {between.build_name(check_in)}").get("text", ""),
        )
        for check_in in pair.check_ins.order_by("-month")
    ]
    promised = [
        ShownCommitment(
            commitment,
            said(between.build_name(commitment)).get("text", ""),
            titles.get(commitment.indicator, commitment.indicator),
            figures.get(commitment.indicator, ""),
        )
        for commitment in made
    ]
    this_month = timezone.localdate().replace(day=1)
    return {
        "months": months,
        "promised": promised,
        "month_due": not any(month.check_in.month == this_month for month in months),
    }


def find_pair(rule: Rule, request: Request, pk: UUID) -> Pair:
    # Through the rule of the side: a mentor can't write as the mentee, nor the other
    # way round.
    return rule.find(Pair.objects.under_way().for_list(), request.user, pk=pk)


@require_POST
@apply_once
def agree(request: Request, pk: UUID) -> HttpResponse:
    found = join_pair.find(Pair.objects.proposed(), request.user, pk=pk)
    actions.agree_to_pair(found, by=request.user)
    return done(request, then=reverse("mentoring:pair", args=[pk]))


@require_http_methods(["GET", "POST"])
@apply_once
def end(request: Request, pk: UUID) -> HttpResponse:
    """Ask once more before ending, since what they wrote is then gone."""
    found = join_pair.find(Pair.objects.open().for_list(), request.user, pk=pk)
    if request.method == "POST":
        actions.end_pair(found, by=request.user)
        return done(request, then="mentoring:mine")
    return show(request, END, {"pair": found, "other": found.other(request.user).name})


@require_http_methods(["GET", "POST"])
@apply_once
def check_in(request: Request, pk: UUID) -> HttpResponse:
    found = find_pair(be_mentored_in_pair, request, pk)
    form = CheckInForm(posted(request))
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("better", "stuck", "doing")}
        actions.record_check_in(found, timezone.localdate(), **said, by=request.user)
        return done(request, then=reverse("mentoring:pair", args=[pk]))
    return render_writing(request, found, form, _("This month"))


@require_http_methods(["GET", "POST"])
@apply_once
def reply(request: Request, pk: UUID, number: int) -> HttpResponse:
    found = find_pair(reply_as_mentor, request, pk)
    asked = found.check_ins.filter(pk=number, answered_at=None).first()
    if asked is None:
        raise NotAccessible(reply_as_mentor, CheckIn, {"pk": number})
    form = MonthReplyForm(posted(request))
    if form.is_valid():
        actions.record_reply(asked, form.cleaned_data["text"], by=request.user)
        return done(request, then=reverse("mentoring:pair", args=[pk]))
    return render_writing(request, found, form, _("Answer"))


@require_http_methods(["GET", "POST"])
@apply_once
def commit(request: Request, pk: UUID) -> HttpResponse:
    found = find_pair(be_mentored_in_pair, request, pk)
    form = CommitmentForm(posted(request))
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("due_on", "indicator")}
        actions.record_commitment(
            found, form.cleaned_data["text"], **said, by=request.user
        )
        return done(request, then=reverse("mentoring:pair", args=[pk]))
    return render_writing(request, found, form, _("A commitment"))


@require_POST
@apply_once
def settle(request: Request, pk: UUID, number: int) -> HttpResponse:
    found = find_pair(be_mentored_in_pair, request, pk)
    promised = found.commitments.filter(pk=number).first()
    if promised is None:
        raise NotAccessible(be_mentored_in_pair, Commitment, {"pk": number})
    actions.settle_commitment(promised, kept="kept" in request.POST, by=request.user)
    return done(request, then=reverse("mentoring:pair", args=[pk]))


def render_writing(
    request: Request, pair: Pair, form: Form, title: str
) -> HttpResponse:
    context = {"pair": pair, "form": form, "title": title}
    return show(request, WRITE, context, status=422 if form.is_bound else 200)


# --- bringing two together


@require_GET
def arrange(request: Request) -> HttpResponse:
    """Show who looks, who offers and how many people they have, and the pairs there
    are."""
    wishes = list_wishes(request)
    context = {
        "looking": [
            (w, format_languages(w.languages))
            for w in wishes
            if w.side == MentoringSide.MENTEE
        ],
        "mentors": [
            (w, format_languages(w.languages))
            for w in wishes
            if w.side == MentoringSide.MENTOR
        ],
        "pairs": arrange_mentoring.among(Pair.objects.open().for_list(), request.user)[
            :200
        ],
    }
    return show(request, ARRANGE, context)


def list_wishes(request: Request) -> list[MentoringWish]:
    if not has_role(request.user, STAFF):
        raise NotAccessible(arrange_mentoring, MentoringWish, {})
    standing = MentoringWish.objects.standing().with_load().for_list()
    return list(arrange_mentoring.among(standing, request.user)[:500])


@require_http_methods(["GET", "POST"])
@apply_once
def propose(request: Request, pk: int) -> HttpResponse:
    wishes = list_wishes(request)
    mentee = next(
        (w for w in wishes if w.pk == pk and w.side == MentoringSide.MENTEE), None
    )
    if mentee is None:
        raise NotAccessible(arrange_mentoring, MentoringWish, {"pk": pk})
    mentors = {
        wishe.pk: wishe for wishe in wishes if wishe.side == MentoringSide.MENTOR
    }
    offered = list_suggestions(mentee, mentors.values())
    choices = [
        (
            suggestion.mentor.id,
            label_suggestion(suggestion, mentors[suggestion.mentor.id]),
        )
        for suggestion in offered
    ]
    form = PairProposalForm(choices, posted(request))
    if form.is_valid():
        chosen = mentors[form.cleaned_data["mentor"]]
        months = form.cleaned_data["months"]
        actions.propose_pair(mentee, chosen, months=months, by=request.user)
        return done(request, then="mentoring:arrange")
    context = {"form": form, "mentee": mentee, "offered": offered}
    return show(request, PROPOSE, context, status=422 if form.is_bound else 200)


def list_suggestions(
    mentee: MentoringWish, mentors: Iterable[MentoringWish]
) -> list[Suggestion]:
    pairs = Pair.objects.filter(mentee=mentee.person_id)
    tried = set(pairs.values_list("mentor", flat=True))
    return matching.suggest_mentors(build_half(mentee), map(build_half, mentors), tried)


def build_half(wish: MentoringWish) -> PairCandidate:
    return PairCandidate(
        id=wish.pk,
        person=wish.person_id,
        sector=wish.sector,
        languages=frozenset(wish.languages),
        region=wish.region,
        most=wish.most,
        load=getattr(wish, "load", 0),
    )


def label_suggestion(suggestion: Suggestion, wish: MentoringWish) -> str:
    """Label a suggestion with who it is and why they fit."""
    why = [str(REASONS[reason]) for reason in suggestion.reasons[1:]]
    carried = _("has %(load)d of %(most)d") % {"load": wish.load, "most": wish.most}  # type: ignore[attr-defined]
    return " · ".join(
        [wish.person.name, format_languages(suggestion.languages), *why, carried]
    )


def format_languages(languages: Iterable[str]) -> str:
    return format_list(map(codes.format_language, languages))
