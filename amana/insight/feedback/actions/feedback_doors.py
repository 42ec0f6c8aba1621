"""Doors through which people answer: desks that read, slips of paper, kiosks."""

import calendar
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.feedback.models import (
    Complaint,
    Desk,
    DeskDuty,
    Kiosk,
    Review,
    Slip,
    Voice,
    WaitingVoice,
)
from amana.insight.feedback.questions import SlipMoment
from amana.insight.feedback.rules import appoint_desk, arrange_kiosk, distribute_slips
from amana.trust.access import codes
from amana.trust.access.models import Organisation, Team, User
from amana.trust.audit import log
from amana.trust.vault import erasure
from amana.trust.vault.keys import find_current_keys

BITS = 50
"""Twelve characters to copy by hand. They protect nothing but the box from flooding:
of some thousand slips that are out, a guess finds one in 2³⁶."""
KIOSK_BITS = 80
ON_A_SHEET = 12
MOST = 2_000
"""Slips of one organisation that are out at any time: paper is not for flooding."""
VALID_FOR = timedelta(days=92)


# --- desks


@transaction.atomic
def appoint_team(team: Team, duty: DeskDuty, *, by: User) -> Desk:
    appoint_desk.require(by, team)
    # Else what people write could not be sealed, and would be refused to them.
    if not find_current_keys([team.pk]):
        raise Refused(_("This team has no key yet, so nothing can be sealed for it."))
    desk, made = Desk.objects.get_or_create(team=team, duty=duty, ended_at=None)
    if made:
        log.record("appointed desk", desk, by=by, duty=duty)
    return desk


@transaction.atomic
def dismiss_desk(desk: Desk, *, by: User) -> None:
    """Dismiss a desk, once nothing waits that only this team can open."""
    appoint_desk.require(by, desk)
    unread: list[QuerySet[Any]] = [
        WaitingVoice.objects.filter(team_key__team=desk.team_id),
        Voice.objects.unmarked().filter(team_key__team=desk.team_id),
    ]
    if desk.duty != DeskDuty.FEEDBACK:
        asked = Review.objects.open()
        unread = [
            Complaint.objects.open().filter(body=desk.team_id),
            asked.filter(body=desk.team_id),
            asked.filter(complaint__body=desk.team_id, handed_on=None),
        ]
    if any(rows.exists() for rows in unread):
        raise Refused(
            _(
                "This team has not finished reading what was sealed for it. Try again "
                "when it has."
            )
        )
    if Desk.objects.filter(pk=desk.pk, ended_at=None).update(ended_at=timezone.now()):
        log.record("dismissed desk", desk, by=by)


def find_desk(duty: DeskDuty, about: Organisation | None) -> Desk | None:
    """Find a team that reads this, and is not of the organisation that it is about."""
    found = Desk.objects.standing(duty).independent_of(about)
    return found.select_related("team__organisation").order_by("pk").first()


# --- slips


@transaction.atomic
def print_slips(
    about: Organisation, moment: SlipMoment, *, sheets: int = 1, by: User
) -> list[str]:
    """Print codes for slips, in the clear for this once; who takes which is not
    known."""
    distribute_slips.require(by, about)
    today = timezone.localdate()
    wanted = sheets * ON_A_SHEET
    if Slip.objects.valid(today).filter(about=about).count() + wanted > MOST:
        raise Refused(
            _(
                "There are already many unused slips for this organisation. Hand "
                "those out first."
            )
        )
    made = [codes.create_code(BITS) for _number in range(wanted)]
    # The end of a month, the same for many sheets: the day itself would tell on which
    # day a slip was printed, and so who may have taken it.
    until = get_month_end(today + VALID_FOR)
    Slip.objects.bulk_create(
        [
            Slip(code=compute_digest(code), about=about, moment=moment, until=until)
            for code in made
        ]
    )
    log.record("printed slips", about, by=by, number=wanted, moment=moment)
    return made


def compute_digest(code: str) -> bytes:
    return codes.compute_digest(codes.parse_code(code))


def get_month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


# --- kiosks


@transaction.atomic
def open_kiosk(about: Organisation, *, by: User) -> tuple[Kiosk, str]:
    """Open a device of a house; with what its address contains, shown this once."""
    distribute_slips.require(by, about)
    code = codes.create_code(KIOSK_BITS)
    kiosk = Kiosk.objects.create(about=about, code=compute_digest(code))
    log.record("opened kiosk", kiosk, by=by, organisation=about.pk)
    return kiosk, code


@transaction.atomic
def end_kiosk(kiosk: Kiosk, *, by: User) -> None:
    arrange_kiosk.require(by, kiosk)
    if Kiosk.objects.standing().filter(pk=kiosk.pk).update(ended_at=timezone.now()):
        log.record("ended kiosk", kiosk, by=by)


# --- what is old


@transaction.atomic
def forget_old_slips() -> None:
    """Forget slips past their time."""
    Slip.objects.filter(until__lt=timezone.localdate()).delete()
    erasure.clear_traces()
