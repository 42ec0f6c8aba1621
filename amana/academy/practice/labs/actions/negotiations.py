"""What is done at a table: to write in a channel, propose, accept, refuse, sign; and to
make a mechanism's draft of what was agreed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.practice.labs import rules, shipped_labs
from amana.academy.practice.labs.actions.stages import end_in_agreement
from amana.academy.practice.labs.engine import protocol
from amana.academy.practice.labs.engine.lab import MEDIATOR, LabClause
from amana.academy.practice.labs.engine.table import (
    Stage,
    is_read_by,
    iterate_all_channels,
    parse_channel,
)
from amana.academy.practice.labs.models import (
    Acceptance,
    Lab,
    LabEvent,
    LabMessage,
    Proposal,
    Refusal,
    Signature,
)
from amana.academy.practice.labs.table_status import (
    get_now,
    get_seat,
    get_words,
    list_taken_parties,
    list_taken_seats,
    load_lab,
    lock_table,
    map_agreed,
    record_event,
)
from amana.design.mechanism.actions import load_draft
from amana.design.mechanism.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def write_in_channel(lab: Lab, channel: str, words: str, *, by: User) -> LabMessage:
    """Write in a channel of one's seat; in that of the own seat alone, a note."""
    seat = get_seat(lab, by)
    table = lock_table(lab)
    script = load_lab(table)
    known = channel in iterate_all_channels(list_taken_seats(table))
    if not known or not is_read_by(channel, seat):
        raise Refused(_("You have no such channel."))
    if not get_now(table, script).may_talk(channel):
        raise Refused(_("This channel is closed at the moment."))
    message = LabMessage.objects.create(
        lab=table, channel=channel, party=seat, text=words
    )
    record_event(table, LabEvent.Kind.MESSAGE, party=seat, channel=channel)
    # The log doesn't keep with whom: it is read by people who are not at the table.
    is_note = parse_channel(channel) == {seat}
    if is_note:
        log.record("wrote aside in negotiation", table, by=by)
    else:
        log.record("wrote message in negotiation", table, by=by)
    return message


@transaction.atomic
def propose(
    lab: Lab,
    clause: str,
    *,
    option: str = "",
    words: str = "",
    why: str = "",
    counters: Proposal | None = None,
    by: User,
) -> Proposal:
    """Put words for a clause on the table; the party that proposes accepts them. The
    mediator proposes without accepting."""
    seat = get_seat(lab, by)
    table = lock_table(lab)
    _require_open_text(table)
    found = load_lab(table).clauses.get(clause)
    if found is None:
        raise Refused(_("This clause does not exist."))
    words = words.strip()
    _require_content(found, option, words)
    same = table.proposals.filter(clause=clause, option=option, words=words)
    if same.exists():
        raise Changed(_("This is already on the table: accept it."))
    if counters is not None and (counters.lab_id, counters.clause) != (lab.pk, clause):
        counters = None
    proposal = Proposal.objects.create(
        lab=table,
        clause=clause,
        option=option,
        words=words,
        party=seat,
        why=why,
        counters=counters,
    )
    record_event(table, LabEvent.Kind.PROPOSED, party=seat, clause=clause)
    log.record("proposed in negotiation", table, by=by, clause=clause)
    if seat != MEDIATOR:
        _accept(proposal, seat)
    return proposal


def _require_content(clause: LabClause, option: str, words: str) -> None:
    if clause.options and option not in clause.options:
        raise Refused(_("Choose one of the options of this clause."))
    if not clause.options and option:
        raise Refused(_("This option does not exist."))
    if not clause.options and not words:
        raise Refused(_("Write the words of the clause."))


@transaction.atomic
def accept(proposal: Proposal, *, by: User) -> None:
    """Accept a proposal for one's party, in place of what it accepted of this clause
    before."""
    party = _get_party(proposal.lab, by)
    table = lock_table(proposal.lab)
    _require_open_text(table)
    _accept(proposal, party)
    proposal.refusals.filter(party=party).delete()
    record_event(table, LabEvent.Kind.ACCEPTED, party=party, clause=proposal.clause)
    log.record("accepted in negotiation", table, by=by, clause=proposal.clause)


def _accept(proposal: Proposal, party: str) -> None:
    Acceptance.objects.update_or_create(
        lab_id=proposal.lab_id,
        clause=proposal.clause,
        party=party,
        defaults={"proposal": proposal, "at": timezone.now()},
    )


@transaction.atomic
def refuse(proposal: Proposal, *, why: str = "", by: User) -> Refusal:
    """Refuse a proposal for one's party; an earlier acceptance is withdrawn."""
    party = _get_party(proposal.lab, by)
    table = lock_table(proposal.lab)
    _require_open_text(table)
    refusal, _new = Refusal.objects.update_or_create(
        proposal=proposal, party=party, defaults={"why": why, "at": timezone.now()}
    )
    proposal.acceptances.filter(party=party).delete()
    record_event(table, LabEvent.Kind.REFUSED, party=party, clause=proposal.clause)
    log.record("refused in negotiation", table, by=by, clause=proposal.clause)
    return refusal


@transaction.atomic
def sign(lab: Lab, *, sha256: str, by: User) -> Signature:
    """Sign the text with this fingerprint for one's party. From then on it can't
    change; with the last signature the negotiation ends in agreement."""
    party = _get_party(lab, by)
    table = lock_table(lab)
    script = load_lab(table)
    if not get_now(table, script).may_sign:
        raise Refused(_("The text can’t be signed now."))
    agreed = get_words(map_agreed(table, script))
    if set(script.clauses) - set(agreed):
        raise Refused(_("A clause is still open, so there is nothing to sign yet."))
    # What is signed is what was read: a clause may have changed since the page was
    # loaded.
    if protocol.compute_fingerprint(agreed) != sha256:
        raise Changed(_("The text has changed since you read it."))
    signature, new = Signature.objects.get_or_create(
        lab=table, party=party, defaults={"sha256": sha256}
    )
    if not new:
        raise Changed(_("Your party has already signed."))
    record_event(table, LabEvent.Kind.SIGNED, party=party)
    signed = set(table.signatures.values_list("party", flat=True))
    if signed >= list_taken_parties(table):
        end_in_agreement(table)
    log.record("signed in negotiation", table, by=by)
    return signature


@transaction.atomic
def withdraw_signature(lab: Lab, *, by: User) -> None:
    """Withdraw one's party's signature, so that the text can be changed again."""
    party = _get_party(lab, by)
    table = lock_table(lab)
    if table.stage != Stage.PLAYING:
        raise Refused(_("The negotiation is over, or paused: a signature stays now."))
    if not table.signatures.filter(party=party).delete()[0]:
        raise Changed(_("Your party has not signed."))
    record_event(table, LabEvent.Kind.UNSIGNED, party=party)
    log.record("withdrew signature in negotiation", table, by=by)


@transaction.atomic
def make_draft(lab: Lab, *, by: User) -> Version:
    """Make a draft of a mechanism of what was agreed, by those who may bring one."""
    rules.see.require(by, lab)
    version = load_draft(write_agreed_files(lab), by=by)
    log.record("made draft of negotiation", lab, by=by, draft=version.pk)
    return version


def write_agreed_files(lab: Lab) -> dict[str, bytes]:
    """Write the mechanism with what was agreed in it. Raises `Refused` while it isn't
    signed by all."""
    if lab.result != Stage.AGREED:
        raise Refused(_("The text is not signed by all parties yet."))
    script = load_lab(lab)
    agreed = get_words(map_agreed(lab, script))
    return shipped_labs.write_draft_files(lab, script, agreed)


def _require_open_text(table: Lab) -> None:
    """Check that words may be proposed, accepted and refused now. Raises `Refused` or
    `Changed`."""
    if table.stage == Stage.SEATS:
        raise Refused(_("The first round has not begun."))
    now = get_now(table, load_lab(table))
    if now.is_signed and table.stage == Stage.PLAYING:
        raise Changed(_("A party has signed, so the text can no longer be changed."))
    if not now.may_propose:
        raise Refused(_("In this round, nothing is proposed, accepted or refused."))


def _get_party(lab: Lab, user: User) -> str:
    seat = get_seat(lab, user)
    if seat == MEDIATOR:
        raise Refused(_("The mediator accepts, refuses and signs nothing."))
    return seat
