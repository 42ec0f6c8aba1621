"""What can be done in mentorship: wish, propose, agree, write, commit, end."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.community.mentoring import between
from amana.academy.community.mentoring.events import pair_agreed, pair_proposed
from amana.academy.community.mentoring.models import (
    CheckIn,
    Commitment,
    MentoringSide,
    MentoringWish,
    Pair,
    PairEnding,
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
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log

MONTHS = (3, 6)
"""Shortest and longest time of a pair: long enough for change at work to show, short
enough that the end is in sight."""

# --- wishes


@transaction.atomic
def record_wish(
    side: MentoringSide,
    *,
    sector: str,
    languages: Sequence[str],
    region: str = "",
    most: int = 1,
    by: User,
) -> MentoringWish:
    """Record that a person would mentor, or looks for a mentor. Raises `Refused` for
    those who may not, or who have a wish of that side already."""
    _require_may(side, by)
    if MentoringWish.objects.standing().filter(person=by, side=side).exists():
        raise Refused(
            _("You have already made this request or offer. Withdraw it first.")
        )
    if not languages:
        raise Refused(_("Choose at least one language."))
    found = MentoringWish.objects.create(
        person=by,
        side=side,
        sector=sector,
        languages=sorted(languages),
        region=region,
        most=most if side == MentoringSide.MENTOR else 1,
    )
    log.record("wished mentorship", found, by=by, side=str(side))
    return found


def _require_may(side: MentoringSide, user: User) -> None:
    if side == MentoringSide.MENTOR and not may_mentor(user):
        raise Refused(
            _("Mentors hold a valid certificate of the academy, or are trainers.")
        )
    if side == MentoringSide.MENTEE and not may_be_mentored(user):
        raise Refused(_("Begin a course first. Mentorship builds on it."))


@transaction.atomic
def withdraw_wish(wish: MentoringWish, *, by: User) -> None:
    see_own_wish.require(by, wish)
    _end_wish(wish)
    log.record("took back mentorship wish", wish, by=by)


def _end_wish(wish: MentoringWish) -> None:
    # One statement: two withdrawals at once end it once.
    standing = MentoringWish.objects.standing().filter(pk=wish.pk)
    if not standing.update(ended_at=timezone.now()):
        raise Changed(_("This has already been withdrawn."))


# --- pairs


@transaction.atomic
def propose_pair(
    mentee: MentoringWish, mentor: MentoringWish, *, months: int, by: User
) -> Pair:
    """Propose two people to each other. Nothing begins before both agree. Raises
    `Refused` where they don't fit."""
    for wish in (mentee, mentor):
        arrange_mentoring.require(by, wish)
    _require_fit(mentee, mentor)
    shortest, longest = MONTHS
    if not shortest <= months <= longest:
        raise Refused(
            _("A mentorship lasts %(shortest)d to %(longest)d months.")
            % {"shortest": shortest, "longest": longest}
        )
    pair = Pair.objects.create(
        mentor=mentor.person,
        mentee=mentee.person,
        until=timezone.localdate() + timedelta(days=round(30.44 * months)),
        proposed_by=by,
    )
    log.record("proposed mentorship", pair, by=by)
    pair_proposed.send(Pair, pair=pair)
    return pair


def _require_fit(mentee: MentoringWish, mentor: MentoringWish) -> None:
    wishes = MentoringWish.objects.standing().select_for_update(
        of=["self"], no_key=True
    )
    both = wishes.filter(pk__in=[mentee.pk, mentor.pk]).order_by("pk")
    held = {wish.side: wish for wish in both}  # no one else pairs them now
    locked, looking = held.get(MentoringSide.MENTOR), held.get(MentoringSide.MENTEE)
    if locked is None or looking is None:
        raise Changed(_("One of the two people has withdrawn in the meantime."))
    if mentor.person_id == mentee.person_id:
        raise Refused(_("People can’t mentor themselves."))
    if not set(mentor.languages) & set(mentee.languages):
        raise Refused(_("The two people have no language in common."))
    # Counted under the lock of the mentor's wish: two proposals at once would both find
    # the last place free.
    if Pair.objects.open().filter(mentor=mentor.person).count() >= locked.most:
        raise Refused(_("This mentor already has as many people as they wished."))
    if Pair.objects.open().filter(mentee=mentee.person).exists():
        raise Refused(
            _("This person already has a mentor, or has been asked to agree to one.")
        )


@transaction.atomic
def agree_to_pair(pair: Pair, *, by: User) -> None:
    """Agree to the charter. When both have, the two can write to each other. Raises
    `Changed` the second time."""
    join_pair.require(by, pair)
    now = timezone.now()
    field = f"{pair.side_of(by)}_agreed_at"
    free = Pair.objects.open().filter(pk=pair.pk, **{field: None})
    if not free.update(**{field: now}):
        raise Changed(_("You have already agreed, or the mentorship has ended."))
    pair.refresh_from_db()
    log.record("agreed to mentorship", pair, by=by)
    # Read again after the update: of two who agree at once, the second sees that both
    # have.
    if pair.is_under_way:
        between.begin_circle(pair, by=by)
        looking = MentoringWish.objects.standing().filter(person=pair.mentee_id)
        looking.filter(side=MentoringSide.MENTEE).update(ended_at=now)
        pair_agreed.send(Pair, pair=pair)


@transaction.atomic
def end_pair(pair: Pair, *, by: User) -> None:
    """End a mentorship. Either may, at any time, without a reason. What they wrote is
    destroyed."""
    join_pair.require(by, pair)
    how = PairEnding.LEFT if pair.is_under_way else PairEnding.DECLINED
    if pair.is_under_way and pair.until <= timezone.localdate():
        how = PairEnding.COMPLETED
    _end(pair, how)
    log.record("ended mentorship", pair, by=by)


@transaction.atomic
def end_overdue_pair(pair: Pair) -> None:
    """End a mentorship whose time is over, which neither of the two has ended."""
    _end(pair, PairEnding.COMPLETED)
    log.record("ended mentorship", pair, by=None)


def _end(pair: Pair, how: PairEnding) -> None:
    now = timezone.now()
    if not Pair.objects.open().filter(pk=pair.pk).update(ended_at=now, ending=how):
        raise Changed(_("The mentorship has already ended."))
    pair.ended_at, pair.ending = now, how
    # In one transaction with the end, by whichever way it comes: nothing that they
    # wrote remains to be destroyed later.
    pair.check_ins.all().delete()
    pair.commitments.all().delete()
    between.destroy_texts(pair)


# --- what the two write


def _require_under_way(pair: Pair) -> None:
    """Require that a mentorship is under way, and keep it so until the end of the
    transaction."""
    locked = Pair.objects.under_way().select_for_update(of=["self"], no_key=True)
    if not locked.filter(pk=pair.pk).exists():
        raise Changed(_("The mentorship has not begun, or has ended."))


@transaction.atomic
def record_check_in(
    pair: Pair, month: date, *, better: str, stuck: str, doing: str, by: User
) -> CheckIn:
    """Record the answers to the month's three questions, once."""
    be_mentored_in_pair.require(by, pair)
    _require_under_way(pair)
    first = month.replace(day=1)
    found, new = CheckIn.objects.get_or_create(pair=pair, month=first)
    if not new:
        raise Changed(_("You have already written for this month."))
    content = {"better": better, "stuck": stuck, "doing": doing}
    between.write_text(pair, between.build_name(found), content, by=by)
    log.record("wrote mentorship check-in", found, by=by)
    return found


@transaction.atomic
def record_reply(check_in: CheckIn, text: str, *, by: User) -> None:
    """Record the mentor's answer to a check-in, once."""
    pair = check_in.pair
    reply_as_mentor.require(by, pair)
    _require_under_way(pair)
    free = CheckIn.objects.filter(pk=check_in.pk, answered_at=None)
    if not free.update(answered_at=timezone.now()):
        raise Changed(_("You have already answered this."))
    name = f"reply {between.build_name(check_in)}"
    between.write_text(pair, name, {"text": text}, by=by)
    log.record("answered mentorship check-in", check_in, by=by)


@transaction.atomic
def record_commitment(
    pair: Pair, text: str, *, due_on: date, indicator: str = "", by: User
) -> Commitment:
    """Record what a mentee will change at work, and by when. Raises `Refused` for a day
    in the past."""
    be_mentored_in_pair.require(by, pair)
    _require_under_way(pair)
    if due_on < timezone.localdate():
        raise Refused(_("Choose today or a later date."))
    found = Commitment.objects.create(pair=pair, due_on=due_on, indicator=indicator)
    between.write_text(pair, between.build_name(found), {"text": text}, by=by)
    log.record("made commitment", found, by=by)
    return found


@transaction.atomic
def settle_commitment(commitment: Commitment, *, kept: bool, by: User) -> None:
    """Settle a commitment as kept, or given up; the one who made it decides."""
    be_mentored_in_pair.require(by, commitment.pair)
    _require_under_way(commitment.pair)
    state = Commitment.State.KEPT if kept else Commitment.State.DROPPED
    still = Commitment.objects.open().filter(pk=commitment.pk)
    if not still.update(state=state, settled_at=timezone.now()):
        raise Changed(_("This has already been settled."))
    log.record("settled commitment", commitment, by=by, kept=kept)
