"""What has to be done so that a team that loses its keys gets them back."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.home.kinds import Questions, Task, TaskKind, TaskSection
from amana.home.voices import get_end_of_day
from amana.trust.access.models import ADMINISTRATORS, KEYHOLDERS, Role, User
from amana.trust.access.prepared import DynamicQuery, prepare_query
from amana.trust.access.rules import administer
from amana.trust.recovery.models import (
    Regaining,
    ReleasedShare,
    Share,
    compute_due_limits,
)
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


@prepare_query(User)
def find_custodians_to_confirm(user: User) -> QuerySet[RecoveryKey]:
    proposed = RecoveryKey.objects.select_related("team")
    return confirm_custodians.among(proposed, user).order_by("pk")


def build_custodians_task(recovery: RecoveryKey) -> Task:
    url = reverse("recovery:team", args=[recovery.team_id])
    return Task(
        recovery.proposed_at,
        _("Confirm the recovery key’s custodians"),
        recovery.team.name,
        url,
        since=True,
    )


def find_shares_due(user: User, now: datetime) -> Questions:
    yield find_own_shares.of(user, *compute_due_limits(timezone.localdate(now)))


@prepare_query(User, datetime, date)
def find_own_shares(user: User, made: datetime, drilled: date) -> QuerySet[Share]:
    due = Share.objects.of_before(made, drilled).select_related("recovery_key__team")
    return keep_share.among(due, user).order_by("pk")


def build_share_task(share: Share) -> Task:
    due_on = share.due_on
    assert due_on is not None
    return Task(
        get_end_of_day(due_on),
        _("Confirm that you have your recovery share"),
        share.recovery_key.team.name,
        reverse("recovery:drill", args=[share.pk]),
    )


@prepare_query(User, datetime)
def find_shares_asked_for(user: User, now: datetime) -> QuerySet[Regaining]:
    """Find recoveries that wait for a share of this custodian."""
    mine = ReleasedShare.objects.filter(regaining=OuterRef("pk"), share__custodian=user)
    open_ = Regaining.objects.open(now).exclude(Exists(mine))
    waiting = open_.select_related("membership__team")
    return release_share.among(waiting, user).order_by("effective_at", "pk")


def build_release_task(regaining: Regaining) -> Task:
    title = _("A team has lost its keys and asks for your share")
    return build_regaining_task(title, regaining)


@prepare_query(User)
def find_regainings_to_confirm(user: User) -> QuerySet[Regaining]:
    proposed = Regaining.objects.select_related("membership__team")
    return confirm_regaining.among(proposed, user).order_by("proposed_at", "pk")


def build_confirmation_task(regaining: Regaining) -> Task:
    return build_regaining_task(_("Confirm who recovers a team’s key"), regaining)


@prepare_query(User, datetime)
def find_own_regainings(user: User, now: datetime) -> QuerySet[Regaining]:
    mine = Regaining.objects.open(now).select_related("membership__team")
    return complete_regaining.among(mine, user).order_by("pk")


def build_own_task(regaining: Regaining) -> Task:
    return build_regaining_task(_("Recover your team’s key"), regaining)


def build_regaining_task(title: str, regaining: Regaining) -> Task:
    url = reverse("recovery:regaining", args=[regaining.pk])
    team = regaining.membership.team.name
    return Task(regaining.proposed_at, title, team, url, since=True)


def find_shares_overdue(user: User, now: datetime) -> Questions:
    due = Share.objects.due(timezone.localdate(now))
    yield DynamicQuery(administer.among(due, user).order_by("pk"))


def build_overdue_task(share: Share) -> Task:
    # Housekeeping is counted, not listed: only the page is used.
    return Task(None, "", "", reverse("recovery:overview"))


KINDS = (
    TaskKind("", KEYHOLDERS, find_custodians_to_confirm, build_custodians_task, ""),
    TaskKind("", frozenset(KEEPING), find_shares_asked_for, build_release_task, ""),
    TaskKind(
        "",
        frozenset({*WATCHING, Role.SUPERVISOR}),
        find_regainings_to_confirm,
        build_confirmation_task,
        "",
    ),
    TaskKind("", None, find_own_regainings, build_own_task, ""),
    TaskKind(
        gettext_lazy("Recovery shares"),
        frozenset(KEEPING),
        find_shares_due,
        build_share_task,
        "recovery:shares",
    ),
    TaskKind(
        gettext_lazy("Recovery shares to confirm"),
        ADMINISTRATORS,
        find_shares_overdue,
        build_overdue_task,
        "recovery:overview",
        TaskSection.HOUSEKEEPING,
    ),
)
