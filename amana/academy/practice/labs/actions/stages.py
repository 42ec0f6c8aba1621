"""A table of a negotiation: opened, its seats taken, its rounds, breaks and end."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Cohort
from amana.academy.practice.labs import rules, shipped_labs
from amana.academy.practice.labs.engine.lab import MEDIATOR
from amana.academy.practice.labs.engine.table import ENDED, NEXT, RUNNING, Stage
from amana.academy.practice.labs.models import Departure, Lab, LabEvent, LabParticipant
from amana.academy.practice.labs.table_status import (
    get_now,
    get_seat,
    list_taken_parties,
    load_lab,
    lock_table,
    record_event,
)
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log

FEWEST = 2
"""Parties without whom there is nothing to negotiate."""


@transaction.atomic
def open_lab(cohort: Cohort, code: str, *, by: User) -> Lab:
    """Open a table; its clauses are written in the language of the one who opens it."""
    rules.open_lab.require(by, cohort)
    shipped_labs.get_lab(cohort.version, code)
    language = (get_language() or "en").split("-")[0]
    lab = Lab.objects.create(cohort=cohort, code=code, opened_by=by, language=language)
    log.record("opened negotiation", lab, by=by)
    return lab


@transaction.atomic
def take_seat(lab: Lab, seat: str, *, by: User) -> LabParticipant:
    """Take a seat. It can be changed until the first round begins. Those who lead can
    mediate, but play no party."""
    (rules.see if seat == MEDIATOR else rules.join).require(by, lab)
    table = lock_table(lab)
    if table.stage != Stage.SEATS:
        raise Changed(
            _("The first round has begun, so seats can no longer be changed.")
        )
    if seat not in load_lab(table).seats:
        raise Refused(_("There is no such party at this table."))
    taken, _new = LabParticipant.objects.update_or_create(
        lab=table, person=by, defaults={"party": seat}
    )
    record_event(table, LabEvent.Kind.SEAT, party=seat)
    log.record("took seat in negotiation", table, by=by)
    return taken


@transaction.atomic
def begin_round(lab: Lab, *, to: int, by: User) -> None:
    """Begin the next round, when those who lead decide."""
    rules.lead.require(by, lab)
    table = lock_table(lab)
    if to > len(load_lab(table).rounds) or table.reopened_at:
        raise Refused(_("This round does not exist."))
    if to != table.round + 1:
        raise Changed(_("Someone else has already started the next round."))
    if table.stage not in (Stage.SEATS, Stage.PLAYING):
        raise Refused(_("No round can begin now."))
    if len(list_taken_parties(table)) < FEWEST:
        raise Refused(_("At least two parties have to be played."))
    table.round = to
    table.round_began_at = timezone.now()
    if table.stage == Stage.SEATS:
        _move(table, Stage.PLAYING)
    table.save(update_fields=["round", "round_began_at"])
    record_event(table, LabEvent.Kind.ROUND)
    log.record("began round of negotiation", table, by=by, round=to)


@transaction.atomic
def call_break(lab: Lab, *, by: User) -> None:
    """Call a break for everyone at the table. Who called it is not kept there: no one
    has to give a reason."""
    _require_presence(lab, by)
    table = lock_table(lab)
    if table.stage != Stage.PLAYING:
        raise Changed(_("The table is not in a round, so there is nothing to pause."))
    _move(table, Stage.BREAK)
    record_event(table, LabEvent.Kind.BREAK)
    log.record("called break in negotiation", table, by=by)


@transaction.atomic
def resume(lab: Lab, *, by: User) -> None:
    """End the break: the mediator, or those who lead."""
    may_lead = rules.lead.permits(by, lab)
    if not may_lead and get_seat(lab, by) != MEDIATOR:
        rules.lead.require(by, lab)
    table = lock_table(lab)
    if table.stage != Stage.BREAK:
        raise Changed(_("The break is already over."))
    _move(table, Stage.PLAYING)
    record_event(table, LabEvent.Kind.RESUMED)
    log.record("resumed negotiation", table, by=by)


@transaction.atomic
def walk_away(lab: Lab, *, why: str, by: User) -> Departure:
    """Walk away for one's party; the negotiation ends or is suspended, as its file
    determines. The party's signature is withdrawn with it."""
    party = get_seat(lab, by)
    table = lock_table(lab)
    script = load_lab(table)
    if party == MEDIATOR:
        raise Refused(_("Only a party can walk away."))
    if not get_now(table, script).may_walk_away(party):
        raise Changed(_("Your party can’t walk away now."))
    departure = Departure.objects.create(lab=table, party=party, why=why)
    table.signatures.filter(party=party).delete()
    record_event(table, LabEvent.Kind.LEFT, party=party)
    if script.walk_away_ends:
        _end(table, Stage.BROKEN)
        record_event(table, LabEvent.Kind.BROKEN)
    elif table.stage != Stage.SUSPENDED:
        _move(table, Stage.SUSPENDED)
    log.record("walked away from negotiation", table, by=by)
    return departure


@transaction.atomic
def come_back(lab: Lab, *, by: User) -> None:
    """Come back to the table for one's party; when all are back, it is played on."""
    party = get_seat(lab, by)
    table = lock_table(lab)
    if not get_now(table, load_lab(table)).may_come_back(party):
        raise Changed(_("Your party is at the table, or the negotiation is over."))
    away = table.departures.filter(returned_at=None)
    away.filter(party=party).update(returned_at=timezone.now())
    record_event(table, LabEvent.Kind.RETURNED, party=party)
    if not away.exists():
        _move(table, Stage.PLAYING)
    log.record("came back to negotiation", table, by=by)


@transaction.atomic
def break_down(lab: Lab, *, by: User) -> None:
    """End the negotiation without an agreement."""
    rules.lead.require(by, lab)
    table = lock_table(lab)
    if table.stage not in RUNNING:
        raise Changed(_("The negotiation is not in progress."))
    _end(table, Stage.BROKEN)
    record_event(table, LabEvent.Kind.BROKEN)
    log.record("ended negotiation without agreement", table, by=by)


@transaction.atomic
def reopen(lab: Lab, *, by: User) -> None:
    """Begin the renegotiation, once: everyone is back, and nothing is signed."""
    rules.lead.require(by, lab)
    table = lock_table(lab)
    if load_lab(table).renegotiation is None or table.reopened_at:
        raise Refused(_("This negotiation has no further round."))
    if table.stage not in ENDED:
        raise Changed(_("The negotiation has not ended yet."))
    table.reopened_at = table.round_began_at = timezone.now()
    table.result = ""
    _move(table, Stage.PLAYING)
    table.save(update_fields=["reopened_at", "round_began_at", "result"])
    table.signatures.all().delete()
    table.departures.filter(returned_at=None).update(returned_at=timezone.now())
    record_event(table, LabEvent.Kind.REOPENED)
    log.record("reopened negotiation", table, by=by)


@transaction.atomic
def close(lab: Lab, *, by: User) -> None:
    """Close the table, signed or not: the debrief begins."""
    rules.lead.require(by, lab)
    table = lock_table(lab)
    table.closed_at = timezone.now()
    table.stage = Stage.CLOSED
    table.save(update_fields=["stage", "closed_at"])
    record_event(table, LabEvent.Kind.CLOSED)
    log.record("closed negotiation", table, by=by)


def end_in_agreement(table: Lab) -> None:
    """End a locked table whose text all have signed."""
    _end(table, Stage.AGREED)
    record_event(table, LabEvent.Kind.AGREED)


def _require_presence(lab: Lab, user: User) -> None:
    if not rules.lead.permits(user, lab):
        get_seat(lab, user)


def _end(table: Lab, stage: Stage) -> None:
    table.result = stage
    table.save(update_fields=["result"])
    _move(table, stage)


def _move(table: Lab, to: Stage) -> None:
    """Bring a locked table to another stage."""
    assert to in NEXT[Stage(table.stage)], (table.stage, to)
    table.stage = to
    table.save(update_fields=["stage", "result"])
