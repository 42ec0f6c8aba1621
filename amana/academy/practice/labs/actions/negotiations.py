"""A table of a negotiation: opened, taken, played round by round, signed, closed."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Cohort
from amana.academy.practice.labs import rules, shipped_labs
from amana.academy.practice.labs.engine import lab as labs
from amana.academy.practice.labs.engine import text
from amana.academy.practice.labs.engine.text import ClauseProposal
from amana.academy.practice.labs.models import (
    Acceptance,
    Aside,
    Lab,
    LabParticipant,
    Proposal,
    Signature,
)
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def open_lab(cohort: Cohort, code: str, *, by: User) -> Lab:
    rules.open_lab.require(by, cohort)
    shipped_labs.get_lab(cohort.version, code)
    lab = Lab.objects.create(cohort=cohort, code=code, opened_by=by)
    log.record("opened negotiation", lab, by=by)
    return lab


@transaction.atomic
def take_seat(lab: Lab, party: str, *, by: User) -> LabParticipant:
    """Take a party's seat. It can be changed until the first round begins."""
    rules.join.require(by, lab)
    _hold(lab)
    if lab.round:
        raise Changed(
            _("The first round has begun, so seats can no longer be changed.")
        )
    if party not in load_lab(lab).parties:
        raise Refused(_("There is no such party at this table."))
    seat, _new = LabParticipant.objects.update_or_create(
        lab=lab, person=by, defaults={"party": party}
    )
    log.record("took seat in negotiation", lab, by=by)
    return seat


@transaction.atomic
def begin_round(lab: Lab, *, to: int, by: User) -> None:
    """Begin the next round, when the facilitator decides."""
    rules.lead.require(by, lab)
    if to > len(load_lab(lab).rounds) or to != lab.round + 1:
        raise Refused(_("This round does not exist."))
    if not list_taken_parties(lab):
        raise Refused(_("No one has taken a seat at this table yet."))
    still = Lab.objects.open().filter(pk=lab.pk, round=to - 1)
    if not still.update(round=to):
        raise Changed(_("Someone else has already started the next round."))
    lab.round = to
    log.record("began round of negotiation", lab, by=by, round=to)


@transaction.atomic
def propose(lab: Lab, clause: str, option: str, *, why: str = "", by: User) -> Proposal:
    """Put an option on the table; the party that proposes accepts it."""
    party = _party_at_open_table(lab, by)
    found = load_lab(lab).clauses.get(clause)
    if found is None or option not in found.options:
        raise Refused(_("This option does not exist."))
    try:
        with transaction.atomic():
            # In a savepoint: the constraint `proposal_once` decides when two parties
            # propose the same at once.
            proposal = Proposal.objects.create(
                lab=lab, clause=clause, option=option, party=party, why=why
            )
    except IntegrityError as error:
        raise Changed(_("This is already on the table: accept it.")) from error
    log.record("proposed in negotiation", lab, by=by, clause=clause)
    _accept(proposal, party)
    return proposal


@transaction.atomic
def accept(proposal: Proposal, *, by: User) -> None:
    """Accept a proposal for one's party, in place of what it accepted of this clause
    before."""
    party = _party_at_open_table(proposal.lab, by)
    log.record("accepted in negotiation", proposal.lab, by=by, clause=proposal.clause)
    _accept(proposal, party)


def _accept(proposal: Proposal, party: str) -> None:
    Acceptance.objects.update_or_create(
        lab=proposal.lab,
        clause=proposal.clause,
        party=party,
        defaults={"proposal": proposal, "at": timezone.now()},
    )


@transaction.atomic
def write_aside(lab: Lab, words: str, *, by: User) -> Aside:
    """Write a note that only one's own party sees."""
    party = get_party(lab, by)
    _hold(lab)
    note = Aside.objects.create(lab=lab, party=party, text=words)
    log.record("wrote aside in negotiation", lab, by=by)
    return note


@transaction.atomic
def sign(lab: Lab, *, sha256: str, by: User) -> Signature:
    """Sign the text with this fingerprint for one's party. From then on it can't
    change."""
    party = get_party(lab, by)
    _hold(lab)
    agreed = map_agreed(lab)
    if set(load_lab(lab).clauses) - set(agreed):
        raise Refused(_("A clause is still open, so there is nothing to sign yet."))
    # What is signed is what was read: a clause may have changed since the page was
    # loaded.
    if text.compute_fingerprint(agreed) != sha256:
        raise Changed(_("The text has changed since you read it."))
    signature, new = Signature.objects.get_or_create(
        lab=lab, party=party, defaults={"sha256": sha256}
    )
    if not new:
        raise Changed(_("Your party has already signed."))
    log.record("signed in negotiation", lab, by=by)
    return signature


@transaction.atomic
def close(lab: Lab, *, by: User) -> None:
    """Close the table, signed or not: all may now see all briefs."""
    rules.lead.require(by, lab)
    if not Lab.objects.open().filter(pk=lab.pk).update(closed_at=timezone.now()):
        raise Changed(_("This table is already closed."))
    log.record("closed negotiation", lab, by=by)


# --- what is known of a table


def load_lab(lab: Lab) -> labs.LabScript:
    return shipped_labs.get_lab(lab.cohort.version, lab.code)


def list_taken_parties(lab: Lab) -> frozenset[str]:
    """List the parties that are played: those whose acceptance counts."""
    # A person who has left the cohort no longer blocks the agreement of the others.
    here = lab.seats.filter(person__applications__in=lab.cohort.applications.seated())
    return frozenset(here.values_list("party", flat=True))


def build_offers(proposals: Iterable[Proposal]) -> list[ClauseProposal]:
    """Build the offers of `proposals`, with their acceptances at hand."""
    return [
        ClauseProposal(
            proposal.clause,
            proposal.option,
            frozenset(acceptance.party for acceptance in proposal.acceptances.all()),
        )
        for proposal in proposals
    ]


def map_agreed(lab: Lab) -> dict[str, str]:
    proposals = lab.proposals.prefetch_related("acceptances")
    return text.map_agreed(build_offers(proposals), list_taken_parties(lab))


def get_party(lab: Lab, user: User) -> str:
    rules.sit.require(user, lab)
    return lab.seats.get(person=user).party


def _hold(lab: Lab) -> None:
    """Lock the table: the text doesn't change while a party signs, and a closed table
    stays closed. Raises `Changed`."""
    locked = Lab.objects.select_for_update(no_key=True).filter(pk=lab.pk)
    found = locked.open().first()
    if found is None:
        raise Changed(_("This table is already closed."))
    lab.round = found.round


def _party_at_open_table(lab: Lab, user: User) -> str:
    party = get_party(lab, user)
    _hold(lab)
    if not lab.round:
        raise Refused(_("The first round has not begun."))
    if load_lab(lab).rounds[lab.round - 1].caucus:
        raise Refused(_("In this round, each party talks separately."))
    if lab.signatures.exists():
        raise Changed(_("A party has signed, so the text can no longer be changed."))
    return party
