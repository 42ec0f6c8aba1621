"""How each step of a referral is made: who may, under which lock, what is written and
told."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases import actions as cases
from amana.care.cases.fields import list_closed_parts
from amana.care.cases.models.case_needs import Need
from amana.care.cases.rules import list_readable_parts
from amana.care.consent.models import Consent, VitalInterest
from amana.care.referrals import calendars, clocks, referral_messages, tasks
from amana.care.referrals.bearers import Actor, Outsider
from amana.care.referrals.clocks import ReferralClock
from amana.care.referrals.events import referral_completed
from amana.care.referrals.models import (
    OutsideChannel,
    Referral,
    ReferralEvent,
    ReferralStage,
    ReferralStatus,
)
from amana.care.referrals.referral_messages import MessageKind
from amana.care.referrals.rules import may_answer, speak_for_sender
from amana.care.referrals.states import TO_CHOOSE_AGAIN, WAITS
from amana.design.directory import actions as directory
from amana.errors import Refused
from amana.trust.access.models.organisations import Membership, Team, User
from amana.trust.vault import disclosures
from amana.trust.vault import handover as vault_handover
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models.shared_copies import Disclosure

S = ReferralStatus


What = ReferralEvent.What


WORDS_IN = Compartment.NEEDS
"""What the person said of a service lies with what she said of her needs."""


LETS_GO = TO_CHOOSE_AGAIN | {S.COMPLETED, S.PARTLY, S.DISCONTINUED}
"""After these the person, who was to come or came, no longer needs the place."""


ONE_MINUTE = timedelta(minutes=1)


STAYS = frozenset({S.ATTENDED, S.STARTED})
"""She is there: the end of a consent does not put her out of her bed."""


NOT_HEARD_OF = gettext_lazy(
    "The person was not informed that this is sent too. Remove it, or ask again."
)


def require_all_parts_readable(
    shared: Disclosure, referral: Referral, *, by: User
) -> None:
    """Require that `by` may read all of it: a page shows everything that was shared."""
    parts = list_readable_parts(by, referral.case)
    if list_closed_parts(parts, shared.fields):
        raise Refused(_("This part of the case is not open to your role."))


def get_account(by: Actor | None) -> User | None:
    """Get the account that acts; None for an outsider."""
    return None if isinstance(by, Outsider) else by


def require_may_answer(referral: Referral, *, by: Actor) -> None:
    """Require that they may answer it, and lock what it rests on."""
    if isinstance(by, Outsider):
        lock_referral_basis(referral)
        by.require(referral)  # locked: no one revokes it meanwhile
        return
    may_answer.require(by, referral)
    lock_referral_basis(referral)


def require_may_speak_for_sender(referral: Referral, *, by: User) -> None:
    """Require that they may, and lock what it rests on."""
    speak_for_sender.require(by, referral)
    lock_referral_basis(referral)


def lock_referral_basis(referral: Referral) -> None:
    """Lock what a referral rests on, so that no one else acts and it does not end
    meanwhile."""
    # Ending a consent changes its row first, and then its referrals. Locked in the same
    # order here, so neither waits for the other for ever.
    room = VitalInterest if referral.vital_interest_id else Consent
    held = room._default_manager.select_for_update().filter(pk=referral.basis_id)
    held.values_list("pk", flat=True).get()


def record_referral_answer(
    referral: Referral,
    to: ReferralStatus,
    *,
    by: Actor | None,
    at: datetime | None = None,
    **changes: Any,
) -> None:
    first = referral.answered_at is None
    now = at or timezone.now()
    if first:
        changes["answered_at"] = now
    change_referral_status(referral, to, team=referral.recipient, by=by, **changes)
    # Only the first answer counts for how fast a service answers: a waiting list is
    # asked again and again.
    if first:
        due_at, start = referral.reply_by, min(referral.counted_from, now)
        directory.record_answer(
            referral.service,
            took_minutes=(now - start) // ONE_MINUTE,
            promised_minutes=(due_at - start) // ONE_MINUTE,
            by=get_account(by),
        )
    notify_sender_or_recipient(referral, tasks.SENDER)


def change_referral_status(
    referral: Referral,
    to: ReferralStatus,
    *,
    team: Team | None,
    by: Actor | None,
    since: datetime | None = None,
    need: Need.Status | None = None,
    way: OutsideChannel | None = None,
    **changes: Any,
) -> None:
    """Change the status, set the clocks, record who did it. `need`: the need's status
    from now on; a referral that failed opens it again."""
    ours = team is not None and team.pk == referral.recipient_id
    if way is None:
        way = by.way if isinstance(by, Outsider) else OutsideChannel.HERE
    user = get_account(by)
    if ours and team is not None:
        member = _member(user, team, referral)
        changes.setdefault("handler", referral.handler or member)
        way = OutsideChannel.NOTED if user and not member else way
    referral.move(to, **_due(referral, to, since), **changes)
    if to in LETS_GO:
        # A place belongs to the recipient: a recall gives it back as the clock would.
        give_back_held_places(referral, by=user if ours else None)
    if to in TO_CHOOSE_AGAIN:
        disclosures.take_back(referral.disclosure)
    if to.stage is ReferralStage.ENDED:
        vault_handover.close(referral.disclosure)
    record_referral_event(
        referral, ReferralEvent.What.MOVED, team=team, by=user, way=way
    )
    update_need_of_referral(
        referral, Need.Status.OPEN if to in TO_CHOOSE_AGAIN else need
    )


def _member(by: User | None, team: Team, referral: Referral) -> User | None:
    """Return who acts, unless they note what a team without the system answered."""
    if by is None or by.pk == referral.handler_id:
        return by
    ours = Membership.objects.active().filter(user=by, team=team)
    return by if ours.exists() else None


def _due(
    referral: Referral, to: ReferralStatus, since: datetime | None
) -> dict[str, object]:
    """Compute when it next has to be acted on; `since`: the moment of an
    appointment."""
    if to not in WAITS:
        return {}
    calendar, start = calendars.get_calendar(), since or timezone.now()
    _turn, clock = WAITS[to]
    if clock is ReferralClock.ANSWER:
        due_at = referral.reply_by
    else:
        again = to is S.STARTED and referral.state is S.STARTED
        clock = ReferralClock.NEXT_FOLLOW_UP if again else clock
        due_at = clocks.compute_deadline(clock, referral.urgency, start, calendar)
    return {"due_at": due_at, "tell_at": due_at, "told": 0}


def record_referral_event(
    referral: Referral,
    what: ReferralEvent.What,
    *,
    team: Team | None,
    by: User | None,
    way: OutsideChannel = OutsideChannel.HERE,
) -> None:
    ReferralEvent.objects.create(
        referral=referral, what=what, status=referral.status, team=team, by=by, way=way
    )


def seal_step_note(
    referral: Referral, kind: MessageKind, text: str, *, team: Team, by: Actor
) -> None:
    """Seal a word that goes with a step; of an outsider, also the name they gave."""
    if text or (isinstance(by, Outsider) and by.name):
        seal_referral_message(referral, kind, {"text": text}, team=team, by=by)


def seal_referral_message(
    referral: Referral,
    kind: MessageKind,
    content: dict[str, object],
    *,
    team: Team,
    by: Actor,
) -> None:
    if isinstance(by, Outsider):
        by.put_letter(kind, content, team=team)
    else:
        referral_messages.write(referral, kind, content, team=team, by=by)


def give_back_held_places(referral: Referral, *, by: User | None) -> None:
    held = referral.places
    # Compare and set: of two that give back at the same moment, one does.
    if held and Referral.objects.filter(pk=referral.pk, places=held).update(places=0):
        referral.places = 0
        directory.give_back_places(referral.service, places=held, by=by)


def announce_completion(referral: Referral, *, by: Actor) -> None:
    referral_completed.send(Referral, referral=referral, by=get_account(by))
    notify_sender_or_recipient(referral, tasks.SENDER)


NEXT_DUE = Subquery(
    Referral.objects.open()
    .filter(case=OuterRef("pk"))
    .order_by("due_at")
    .values("due_at")[:1]
)
"""Of a case: when the next of its open referrals is due."""


def update_need_of_referral(referral: Referral, to: Need.Status | None) -> None:
    """Set the need's status, unless another service is still asked or at work; and
    record with the case when the next of its referrals is due."""
    others = Referral.objects.open().filter(need=referral.need_id)
    if to is None or others.exclude(pk=referral.pk).exists():
        cases.refresh_deadline(referral.case, NEXT_DUE)
    else:
        cases.set_need_status(referral.need, to, waits_until=NEXT_DUE)


def notify_sender_or_recipient(referral: Referral, whom: str) -> None:
    """Queue the notification."""
    # In the transaction: with the database as queue, the message can't be lost.
    tasks.notify_people.enqueue(str(referral.pk), whom)
