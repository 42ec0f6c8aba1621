"""What has to be done so that a team that loses its keys gets them back."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.home.kinds import Kind, Questions, Section, Task
from amana.home.voices import end_of
from amana.trust.access.kept import Anew, kept
from amana.trust.access.models import ADMINISTRATORS, KEYHOLDERS, Role, User
from amana.trust.access.rules import administer
from amana.trust.recovery.models import Regaining, ReleasedShare, Share, limits_on
from amana.trust.recovery.rules import (
    KEEPING,
    complete_regaining,
    confirm_custodians,
    confirm_regaining,
    keep_share,
    release_share,
)
from amana.trust.vault.models import RecoveryKey
from amana.trust.vault.rules import WATCHING


@kept(User)
def custodians_to_confirm(user: User) -> QuerySet[RecoveryKey]:
    proposed = RecoveryKey.objects.select_related("team")
    return confirm_custodians.among(proposed, user).order_by("pk")


def custodians_confirmed(recovery: RecoveryKey) -> Task:
    url = reverse("recovery:team", args=[recovery.team_id])
    return Task(
        recovery.proposed_at,
        _("Confirm the recovery key’s custodians"),
        recovery.team.name,
        url,
        since=True,
    )


def shares_due(user: User, now: datetime) -> Questions:
    yield own_shares.of(user, *limits_on(timezone.localdate(now)))


@kept(User, datetime, date)
def own_shares(user: User, made: datetime, drilled: date) -> QuerySet[Share]:
    due = Share.objects.of_before(made, drilled).select_related("recovery_key__team")
    return keep_share.among(due, user).order_by("pk")


def share_due(share: Share) -> Task:
    due_on = share.due_on
    assert due_on is not None
    return Task(
        end_of(due_on),
        _("Confirm that you have your recovery share"),
        share.recovery_key.team.name,
        reverse("recovery:drill", args=[share.pk]),
    )


@kept(User, datetime)
def shares_asked_for(user: User, now: datetime) -> QuerySet[Regaining]:
    """Find recoveries that wait for a share of this custodian."""
    mine = ReleasedShare.objects.filter(regaining=OuterRef("pk"), share__custodian=user)
    open_ = Regaining.objects.open(now).exclude(Exists(mine))
    waiting = open_.select_related("membership__team")
    return release_share.among(waiting, user).order_by("effective_at", "pk")


def share_asked_for(regaining: Regaining) -> Task:
    title = _("A team has lost its keys and asks for your share")
    return regaining_task(title, regaining)


@kept(User)
def regainings_to_confirm(user: User) -> QuerySet[Regaining]:
    proposed = Regaining.objects.select_related("membership__team")
    return confirm_regaining.among(proposed, user).order_by("proposed_at", "pk")


def regaining_to_confirm(regaining: Regaining) -> Task:
    return regaining_task(_("Confirm who recovers a team’s key"), regaining)


@kept(User, datetime)
def own_regainings(user: User, now: datetime) -> QuerySet[Regaining]:
    mine = Regaining.objects.open(now).select_related("membership__team")
    return complete_regaining.among(mine, user).order_by("pk")


def own_regaining(regaining: Regaining) -> Task:
    return regaining_task(_("Recover your team’s key"), regaining)


def regaining_task(title: str, regaining: Regaining) -> Task:
    url = reverse("recovery:regaining", args=[regaining.pk])
    team = regaining.membership.team.name
    return Task(regaining.proposed_at, title, team, url, since=True)


def shares_overdue(user: User, now: datetime) -> Questions:
    due = Share.objects.due(timezone.localdate(now))
    yield Anew(administer.among(due, user).order_by("pk"))


def share_overdue(share: Share) -> Task:
    # Housekeeping is counted, not listed: only the page is used.
    return Task(None, "", "", reverse("recovery:overview"))


KINDS = (
    Kind("", KEYHOLDERS, custodians_to_confirm, custodians_confirmed, ""),
    Kind("", frozenset(KEEPING), shares_asked_for, share_asked_for, ""),
    Kind(
        "",
        frozenset({*WATCHING, Role.SUPERVISOR}),
        regainings_to_confirm,
        regaining_to_confirm,
        "",
    ),
    Kind("", None, own_regainings, own_regaining, ""),
    Kind(
        gettext_lazy("Recovery shares"),
        frozenset(KEEPING),
        shares_due,
        share_due,
        "recovery:shares",
    ),
    Kind(
        gettext_lazy("Recovery shares to confirm"),
        ADMINISTRATORS,
        shares_overdue,
        share_overdue,
        "recovery:overview",
        Section.HOUSEKEEPING,
    ),
)
