"""The home of both, and a table: its rounds, its one text, what a party alone sees."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.cohorts.models import Cohort
from amana.academy.courses.content import load_content
from amana.academy.practice.labs import actions, rules, shipped_cases, shipped_labs
from amana.academy.practice.labs.actions import negotiations
from amana.academy.practice.labs.engine import lab as labs
from amana.academy.practice.labs.engine import text
from amana.academy.practice.labs.forms import AsideForm, OptionProposalForm
from amana.academy.practice.labs.models import Clinic, Lab, Proposal
from amana.design.mechanism.pack.files import write_zip
from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, send_file, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

HOME, TABLE, PROPOSE = "labs/home.html", "labs/table.html", "labs/propose.html"


@require_GET
def home(request: Request) -> HttpResponse:
    """Show the clinics and tables of one's cohorts, and what can be begun."""
    cohorts = Cohort.objects.standing().for_list()
    mine = list(rules.take_part.among(cohorts, request.user)[:50])
    led = list(rules.open_lab.among(cohorts, request.user)[:50])
    open_labs = rules.see.among(Lab.objects.open().for_list(), request.user)[:50]
    # Closed ones too, while they are kept: their findings come at the end.
    clinics = rules.hear.among(Clinic.objects.for_list(), request.user)[:50]
    context = {
        "cohorts": mine,
        "labs": [(lab, negotiations.load_lab(lab).title) for lab in open_labs],
        "clinics": [(clinic, get_clinic_title(clinic)) for clinic in clinics],
        "with_cases": [
            cohort
            for cohort in rules.open_case.among(cohorts, request.user)[:50]
            if load_content(cohort.version).clinics
        ],
        "offered": [
            (cohort, code, lab.title)
            for cohort in led
            for code, lab in shipped_labs.load_labs(cohort.version).items()
        ],
    }
    return show(request, HOME, context)


def get_clinic_title(clinic: Clinic) -> str:
    """Get the title of the course's case; of a participant's own, the cohort's name."""
    cases = shipped_cases.load_cases(clinic.cohort.version) if clinic.case else {}
    case = cases.get(clinic.case)
    return case.title if case else clinic.cohort.name


@require_POST
@apply_once
def open_lab(request: Request, cohort: int, code: str) -> HttpResponse:
    found = rules.open_lab.find(Cohort.objects.for_list(), request.user, pk=cohort)
    lab = actions.open_lab(found, code, by=request.user)
    return done(request, then=reverse("labs:table", args=[lab.pk]))


# --- a table


@dataclass(frozen=True)
class ShownProposal:
    proposal: Proposal
    text: str
    by: str
    accepted: list[str]
    mine: bool
    """My party accepts this one."""
    outside: bool
    """It is outside what my party could accept."""


@dataclass(frozen=True)
class ShownClause:
    clause: labs.LabClause
    agreed: str
    """The words on which all agree; empty while it is open."""
    offers: list[ShownProposal]
    more: bool
    """There are options that have not been proposed."""
    could: list[tuple[str, str]]
    """After the table is closed: what each party could have accepted."""


def seen(request: Request, pk: UUID) -> Lab:
    return rules.see.find(Lab.objects.for_list(), request.user, pk=pk)


@require_GET
@never_cache
def table(request: Request, pk: UUID) -> HttpResponse:
    lab = seen(request, pk)
    said = negotiations.load_lab(lab)
    seat = lab.seats.filter(person=request.user).first()
    party = said.parties.get(seat.party) if seat else None
    agreed = negotiations.map_agreed(lab)
    signed = set(lab.signatures.values_list("party", flat=True))
    now = said.rounds[lab.round - 1] if lab.round else None
    leads = rules.lead.permits(request.user, lab)
    context = {
        "lab": lab,
        "said": said,
        "party": party,
        "leads": leads,
        "seats": count_seats(lab, said),
        "now": now,
        "next": lab.round + 1 if lab.round < len(said.rounds) else 0,
        "clauses": build_clauses(lab, said, agreed, party),
        "whole": not set(said.clauses) - set(agreed),
        "fingerprint": text.compute_fingerprint(agreed),
        "signed": [said.parties[code].title for code in sorted(signed)],
        "may_sign": bool(party) and party.code not in signed,  # type: ignore[union-attr]
        "may_speak": bool(now and not now.caucus and party and not signed),
        "asides": lab.asides.filter(party=party.code) if party else (),
        "aside": AsideForm(),
    }
    return show(request, TABLE, context)


def count_seats(lab: Lab, said: labs.LabScript) -> list[tuple[labs.LabParty, int]]:
    """Count how many play each party; who they are, the people at the table know."""
    parties = list(lab.seats.values_list("party", flat=True))
    return [(party, parties.count(party.code)) for party in said.parties.values()]


def build_clauses(
    lab: Lab, said: labs.LabScript, agreed: dict[str, str], party: labs.LabParty | None
) -> list[ShownClause]:
    proposals = list(lab.proposals.prefetch_related("acceptances").order_by("pk"))
    return [
        ShownClause(
            clause,
            clause.options[agreed[code]].text if code in agreed else "",
            [
                build_shown_offer(proposal, clause, said, party)
                for proposal in proposals
                if proposal.clause == code
            ],
            sum(proposal.clause == code for proposal in proposals)
            < len(clause.options),
            # Only afterwards: to know what the others could accept would end the
            # negotiation.
            list_possible(clause, said) if lab.closed_at else [],
        )
        for code, clause in said.clauses.items()
    ]


def build_shown_offer(
    proposal: Proposal,
    clause: labs.LabClause,
    said: labs.LabScript,
    party: labs.LabParty | None,
) -> ShownProposal:
    accepted = sorted(acceptance.party for acceptance in proposal.acceptances.all())
    mine = party.code if party else ""
    return ShownProposal(
        proposal,
        clause.options[proposal.option].text,
        said.parties[proposal.party].title,
        [said.parties[code].title for code in accepted],
        mine in accepted,
        bool(mine) and proposal.option not in clause.zones[mine],
    )


def list_possible(
    clause: labs.LabClause, said: labs.LabScript
) -> list[tuple[str, str]]:
    return [
        (
            said.parties[code].title,
            " · ".join(
                option.text for option in clause.options.values() if option.code in zone
            ),
        )
        for code, zone in clause.zones.items()
    ]


def back(request: Request, lab: Lab, where: str = "") -> HttpResponse:
    return done(request, then=reverse("labs:table", args=[lab.pk]) + where)


@require_POST
@apply_once
def take_seat(request: Request, pk: UUID) -> HttpResponse:
    lab = rules.join.find(Lab.objects.for_list(), request.user, pk=pk)
    actions.take_seat(lab, request.POST.get("party", ""), by=request.user)
    return back(request, lab)


@require_POST
@apply_once
def go_on(request: Request, pk: UUID) -> HttpResponse:
    lab = rules.lead.find(Lab.objects.for_list(), request.user, pk=pk)
    to = parse_small_int(request.POST.get("to", "")) or 0
    actions.begin_round(lab, to=to, by=request.user)
    return back(request, lab)


def seated(request: Request, pk: UUID) -> Lab:
    return rules.sit.find(Lab.objects.for_list(), request.user, pk=pk)


@require_http_methods(["GET", "POST"])
@apply_once
def propose(request: Request, pk: UUID, code: str) -> HttpResponse:
    lab = seated(request, pk)
    clause = negotiations.load_lab(lab).clauses.get(code)
    if clause is None:
        raise NotAccessible(rules.sit, Proposal, {"clause": code})
    there = lab.proposals.filter(clause=code).values_list("option", flat=True)
    form = OptionProposalForm(clause, frozenset(there), posted(request))
    if form.is_valid():
        said = form.cleaned_data
        actions.propose(lab, code, said["option"], why=said["why"], by=request.user)
        return back(request, lab, f"#{code}")
    context = {"lab": lab, "clause": clause, "form": form}
    return show(request, PROPOSE, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def accept(request: Request, pk: UUID, number: int) -> HttpResponse:
    lab = seated(request, pk)
    found = lab.proposals.filter(pk=number).first()
    if found is None:
        raise NotAccessible(rules.sit, Proposal, {"pk": number})
    found.lab = lab
    actions.accept(found, by=request.user)
    return back(request, lab, f"#{found.clause}")


@require_POST
@apply_once
def aside(request: Request, pk: UUID) -> HttpResponse:
    lab = seated(request, pk)
    form = AsideForm(posted(request))
    if not form.is_valid():
        raise Refused(_("Write a note first, of at most 2,000 characters."))
    actions.write_aside(lab, form.cleaned_data["text"], by=request.user)
    return back(request, lab)


@require_POST
@apply_once
def sign(request: Request, pk: UUID) -> HttpResponse:
    lab = seated(request, pk)
    actions.sign(lab, sha256=request.POST.get("text", ""), by=request.user)
    return back(request, lab)


@require_POST
@apply_once
def close(request: Request, pk: UUID) -> HttpResponse:
    lab = rules.lead.find(Lab.objects.for_list(), request.user, pk=pk)
    actions.close(lab, by=request.user)
    return back(request, lab)


@require_GET
def text_file(request: Request, pk: UUID) -> HttpResponse:
    """Send the mechanism with what was agreed in it: it can be imported into any
    Amana."""
    lab = seen(request, pk)
    said, agreed = negotiations.load_lab(lab), negotiations.map_agreed(lab)
    if set(said.clauses) - set(agreed):
        raise Refused(_("A clause is still open, so there is no text to download yet."))
    written = text.write_agreed(said, shipped_labs.load_pack(said), agreed)
    return send_file(write_zip(written), "application/zip", "mechanism.zip")
