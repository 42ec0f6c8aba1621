"""What is known of a table: its script, who plays, what may be done now, what is
agreed."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from amana.academy.practice.labs import rules, shipped_labs
from amana.academy.practice.labs.engine import table as tables
from amana.academy.practice.labs.engine.lab import MEDIATOR, LabRound, LabScript
from amana.academy.practice.labs.engine.protocol import AgreedWords
from amana.academy.practice.labs.engine.table import ClauseProposal, Stage, TableNow
from amana.academy.practice.labs.models import Lab, LabEvent, Proposal
from amana.errors import Changed
from amana.trust.access.models import User


def load_lab(lab: Lab) -> LabScript:
    """Load the table's negotiation in the reader's language."""
    return shipped_labs.get_lab(lab.cohort.version, lab.code)


def list_taken_parties(lab: Lab) -> frozenset[str]:
    """List the parties that are played: those whose acceptance counts."""
    if lab.result == Stage.AGREED:  # those who signed it; to leave changes it no more
        return frozenset(lab.signatures.values_list("party", flat=True))
    # A person who has left the cohort no longer blocks the agreement of the others.
    here = lab.seats.filter(person__applications__in=lab.cohort.applications.seated())
    return frozenset(here.exclude(party=MEDIATOR).values_list("party", flat=True))


def list_taken_seats(lab: Lab) -> frozenset[str]:
    """List the seats that someone has taken: those between which there are channels."""
    return frozenset(lab.seats.values_list("party", flat=True))


def get_round(lab: Lab, script: LabScript) -> LabRound | None:
    """Return the round that is played; None while seats are taken."""
    if lab.reopened_at:
        return script.renegotiation
    return script.rounds[lab.round - 1] if lab.round else None


def get_now(lab: Lab, script: LabScript) -> TableNow:
    left = lab.departures.filter(returned_at=None).values_list("party", flat=True)
    return TableNow(
        Stage(lab.stage),
        get_round(lab, script),
        lab.signatures.exists(),
        frozenset(left),
    )


def get_seat(lab: Lab, user: User) -> str:
    """Return the code of the person's seat. Raises `Denied` for those without one."""
    rules.sit.require(user, lab)
    return lab.seats.get(person=user).party


def build_proposals(proposals: Iterable[Proposal]) -> list[ClauseProposal]:
    """Build the proposals of the engine, with their acceptances at hand."""
    return [
        ClauseProposal(
            proposal.pk,
            proposal.clause,
            frozenset(acceptance.party for acceptance in proposal.acceptances.all()),
        )
        for proposal in proposals
    ]


def map_agreed(lab: Lab, script: LabScript) -> dict[str, Proposal]:
    """Map each clause that is agreed to the proposal on which they agree."""
    proposals = list(lab.proposals.prefetch_related("acceptances"))
    needs = {code: clause.needs for code, clause in script.clauses.items()}
    agreed = tables.map_agreed(
        build_proposals(proposals), needs, list_taken_parties(lab)
    )
    by_id = {proposal.pk: proposal for proposal in proposals}
    return {clause: by_id[id] for clause, id in agreed.items()}


def get_words(agreed: dict[str, Proposal]) -> dict[str, AgreedWords]:
    return {
        clause: AgreedWords(proposal.option, proposal.words)
        for clause, proposal in agreed.items()
    }


def lock_table(lab: Lab) -> Lab:
    """Lock the table, and return it as it is now: the text doesn't change while a party
    signs, and events get one number each. Raises `Changed` if it is closed."""
    locked = Lab.objects.select_for_update(of=("self",), no_key=True)
    found = locked.select_related("cohort__version__course").get(pk=lab.pk)
    if found.stage == Stage.CLOSED:
        raise Changed(_("This table is already closed."))
    return found


def record_event(
    lab: Lab,
    kind: LabEvent.Kind,
    *,
    party: str = "",
    channel: str = "",
    clause: str = "",
) -> LabEvent:
    """Record what happened at a table that is locked; open pages learn of it by the
    number."""
    lab.last_event += 1
    lab.save(update_fields=["last_event"])
    return LabEvent.objects.create(
        lab=lab,
        number=lab.last_event,
        kind=kind,
        party=party,
        channel=channel,
        clause=clause,
        round=lab.round,
    )
