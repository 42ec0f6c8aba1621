"""What is done at a table: messages, proposals and their answers, the signed text."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.practice.labs import actions, rules
from amana.academy.practice.labs.actions import negotiations
from amana.academy.practice.labs.engine.lab import LabClause
from amana.academy.practice.labs.forms import ChannelForm, ProposalForm, ReasonForm
from amana.academy.practice.labs.models import Lab, Proposal
from amana.academy.practice.labs.table_status import load_lab
from amana.academy.practice.labs.views.table_finding import (
    find_seated,
    find_table,
    finish,
)
from amana.design.mechanism.pack.files import write_zip
from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import answer_form, done, send_file, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

PROPOSE, ASK = "labs/propose.html", "labs/ask.html"


@require_POST
@apply_once
def write(request: Request, pk: UUID) -> HttpResponse:
    """Write a message in a channel of one's seat."""
    lab = find_seated(request, pk)
    channel = request.POST.get("channel", "")
    form = ChannelForm(posted(request))
    if not form.is_valid():
        raise Refused(_("Write a message first, of at most 2,000 characters."))
    words = form.cleaned_data["text"]
    actions.write_in_channel(lab, channel, words, by=request.user)
    return finish(request, pk, part="speak", channel=channel)


@require_http_methods(["GET", "POST"])
@apply_once
def propose(request: Request, pk: UUID, code: str) -> HttpResponse:
    """Propose words for a clause; with `over` a counter to others."""
    lab = find_seated(request, pk)
    clause = load_lab(lab).clauses.get(code)
    if clause is None:
        raise NotAccessible(rules.sit, Proposal, {"clause": code})
    over = find_over(lab, code, request.GET.get("over", ""))
    initial = build_initial(clause, over)
    form = ProposalForm(clause, initial, posted(request))
    if form.is_valid():
        actions.propose(
            lab,
            code,
            option=form.cleaned_data.get("option", ""),
            words=form.cleaned_data["words"],
            why=form.cleaned_data["why"],
            counters=over,
            by=request.user,
        )
        return finish(request, pk, then=f"#{code}")
    context = {"lab": lab, "clause": clause, "form": form, "over": over}
    return show(request, PROPOSE, context, status=422 if form.is_bound else 200)


def find_over(lab: Lab, clause: str, number: str) -> Proposal | None:
    """Find the proposal to which a counter is written, if any."""
    found = parse_small_int(number)
    if found is None:
        return None
    return lab.proposals.filter(clause=clause, pk=found).first()


def build_initial(clause: LabClause, over: Proposal | None) -> dict[str, str]:
    if over is not None:
        return {"option": over.option, "words": over.words}
    return {"words": clause.draft}


def find_proposal(request: Request, pk: UUID, number: int) -> Proposal:
    lab = find_seated(request, pk)
    found = lab.proposals.filter(pk=number).first()
    if found is None:
        raise NotAccessible(rules.sit, Proposal, {"pk": number})
    found.lab = lab
    return found


@require_POST
@apply_once
def accept(request: Request, pk: UUID, number: int) -> HttpResponse:
    found = find_proposal(request, pk, number)
    actions.accept(found, by=request.user)
    return finish(request, pk, then=f"#{found.clause}")


@require_http_methods(["GET", "POST"])
@apply_once
def refuse(request: Request, pk: UUID, number: int) -> HttpResponse:
    found = find_proposal(request, pk, number)

    def act(asked: dict[str, str]) -> None:
        actions.refuse(found, why=asked["why"], by=request.user)

    return answer_form(
        request,
        ASK,
        ReasonForm(posted(request)),
        act,
        title=_("Refuse these words"),
        back=reverse("labs:table", args=[pk]) + f"#{found.clause}",
        lead=found.words,
        label=_("Refuse"),
        kind="primary",
    )


@require_POST
@apply_once
def sign(request: Request, pk: UUID) -> HttpResponse:
    lab = find_seated(request, pk)
    actions.sign(lab, sha256=request.POST.get("text", ""), by=request.user)
    return finish(request, pk)


@require_POST
@apply_once
def unsign(request: Request, pk: UUID) -> HttpResponse:
    actions.withdraw_signature(find_seated(request, pk), by=request.user)
    return finish(request, pk)


@require_POST
@apply_once
def make_draft(request: Request, pk: UUID) -> HttpResponse:
    """Make a draft of a mechanism of the signed text, by those who may."""
    version = actions.make_draft(find_table(request, pk), by=request.user)
    return done(request, then=reverse("mechanism:version", args=[version.pk]))


@require_GET
def text_file(request: Request, pk: UUID) -> HttpResponse:
    """Send the mechanism with what was agreed in it: it can be loaded into any
    Amana."""
    written = negotiations.write_agreed_files(find_table(request, pk))
    return send_file(write_zip(written), "application/zip", "mechanism.zip")
