"""Actions: ask a colleague for a decoy case, make it, end it."""

import secrets
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases.actions import StatedNeed
from amana.care.cases.closing import REQUIRED
from amana.care.cases.gate import NO, QUESTIONS, YES
from amana.care.cases.models import Case, ClosureReason
from amana.care.cases.usual import get_usual_urgency
from amana.care.decoys.rules import ask_for_decoy, set_decoys
from amana.care.pending.models import TO_UNDO
from amana.errors import Changed
from amana.trust.access.models import Membership, Team, User
from amana.trust.alarms import decoys
from amana.trust.alarms.decoys import DecoySecret
from amana.trust.alarms.models import Decoy
from amana.trust.audit import log
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import generate_uuid7

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=2)


@transaction.atomic
def request_decoy(place: Membership, *, by: User) -> Decoy:
    """Ask the colleague in that place to make a decoy case in that team.

    The log has this, and nothing else that marks a case as one: the colleague makes it
    when they like, and then it is a case like others there too."""
    ask_for_decoy.require(by, place)
    row = Decoy()
    DecoySecret(officer=by.pk, maker=place.user_id, team=place.team_id).put(row)
    log.record("asked for decoy case", by=by, user=place.user_id, team=place.team_id)
    return row


def list_requested_decoys(user: User) -> list[tuple[Decoy, DecoySecret]]:
    """List what `user` has been asked to make and hasn't made yet."""
    # All rows are read: they are few, and no column has whose they are (ADR 67).
    return [
        (row, secret)
        for row, secret in decoys.read_all()
        if secret.maker == user.pk and secret.case is None and not secret.ended
    ]


@transaction.atomic
def make_decoy(
    row: Decoy, *, name: str, phone: str, words: str, need: str, by: User
) -> Case:
    """Open the case of a person who doesn't exist as any other, and decide to close it:
    within two hours it has no task, no clock and no place in anyone's caseload. Raises
    `Changed` where it was made or ended meanwhile."""
    found = decoys.read_all(Decoy.objects.select_for_update().filter(pk=row.pk))
    secret = found[0][1] if found else None
    if secret is None or secret.maker != by.pk or secret.case or secret.ended:
        raise Changed(_("You are no longer asked to make this decoy case."))
    # The id is sealed before the case is opened, so that its first events already count
    # as a decoy's: observations omit it, and no one reviews its closure.
    pk = generate_uuid7()
    replace(secret, case=pk).put(row)
    case = cases.open_case(
        team=Team.objects.get(pk=secret.team),
        gate=build_safe_answers(),
        records={
            Compartment.IDENTITY: {"name": name, "child": "no"},
            Compartment.CONTACT: {"number": phone},
            Compartment.NARRATIVE: {"account": words},
        },
        needs=[StatedNeed(need, get_usual_urgency(need))],
        pk=pk,
        by=by,
    )
    due_at = timezone.now() + choose_open_time()
    cases.decide_to_close(
        case,
        reason=ClosureReason.LOST_CONTACT,
        checklist=REQUIRED,
        left_open=_("Contact was lost."),
        due_at=due_at,
        # Dated ahead: the delay of an ordinary closure is shorter than the time that
        # the case has to be open.
        made_at=due_at - TO_UNDO,
        by=by,
    )
    return case


def build_safe_answers() -> dict[str, str]:
    """Answer each safety question so that the case asks for no special care."""
    return {
        asked.code: NO if NO not in asked.red | asked.against | asked.care else YES
        for asked in QUESTIONS.values()
    }


def choose_open_time() -> timedelta:
    """Choose how long it is open: longer than a real closure is delayed, and never the
    same."""
    # A fixed time would mark it: a case that is open for exactly that long is a decoy.
    seconds = int((LONGEST - SHORTEST).total_seconds())
    return SHORTEST + timedelta(seconds=secrets.randbelow(seconds))


@transaction.atomic
def end_decoy(row: Decoy, *, by: User) -> None:
    """Stop raising alarms for it. A case that was made stays, uncounted, until the
    retention time of closed cases is over."""
    set_decoys.require(by, row)
    found = decoys.read_all(Decoy.objects.select_for_update().filter(pk=row.pk))
    if not found or found[0][1].ended:
        raise Changed(_("A colleague has ended this already."))
    # The row of a case that was made has to stay: observations omit the case for as
    # long as its row names it.
    if found[0][1].case is None:
        row.delete()
    else:
        replace(found[0][1], ended=True).put(row)
    log.record("ended decoy case", by=by)
