"""Who answers on which day, and who stands in."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.referrals.models import Cover, Duty
from amana.care.referrals.rules import arrange_team, cover_others
from amana.errors import Refused
from amana.trust.access.models.organisations import ANSWERING, Membership, Team, User
from amana.trust.audit import log


@transaction.atomic
def arrange_cover(
    team: Team,
    *,
    away: User,
    covered_by: User,
    first_on: date,
    last_on: date,
    by: User,
) -> Cover:
    """Record who is notified of and shown a colleague's work while they are away."""
    if by != away:
        cover_others.require(by, team)
    _are_members(team, [away, covered_by])
    if away == covered_by:
        raise Refused(_("Choose someone else as cover."))
    if last_on < first_on:
        raise Refused(_("The last day is before the first day."))
    cover = Cover.objects.create(
        team=team, away=away, covered_by=covered_by, first_on=first_on, last_on=last_on
    )
    log.record("arranged cover", cover, by=by, team=team.pk)
    return cover


@transaction.atomic
def end_cover(cover: Cover, *, by: User) -> None:
    if by != cover.away:
        arrange_team.require(by, cover.team)
    log.record("ended cover", cover, by=by, team=cover.team_id)
    cover.delete()


@transaction.atomic
def set_duty(team: Team, *, weekday: int, workers: Collection[User], by: User) -> None:
    """Record who reads the inbox on a day of the week; if none is named, everyone
    does."""
    arrange_team.require(by, team)
    _are_members(team, workers)
    Duty.objects.filter(team=team, weekday=weekday).delete()
    Duty.objects.bulk_create(
        [Duty(team=team, weekday=weekday, worker=worker) for worker in workers]
    )
    log.record(
        "set duty",
        team,
        by=by,
        weekday=weekday,
        workers=sorted(worker.pk for worker in workers),
    )


def _are_members(team: Team, people: Collection[User]) -> None:
    """Require that these are members who may open the inbox."""
    ours = Membership.objects.holding(ANSWERING).filter(team=team)
    known = set(ours.values_list("user", flat=True))
    if any(person.pk not in known for person in people):
        raise Refused(_("Only members who answer this team’s referrals can be named."))
