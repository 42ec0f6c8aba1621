"""Look through the log, raise an alarm, settle it."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access import tasks
from amana.trust.access.models import Membership, Role, User
from amana.trust.alarms import budgets
from amana.trust.alarms.budgets import LEARNT_FROM, WATCHED
from amana.trust.alarms.events import alarm_raised, records_altered
from amana.trust.alarms.models import ActiveDay, Alarm, Finding, Kind, Watch
from amana.trust.alarms.rules import BESIDE, settle_alarm
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.trust.oversight.actors import user_id
from amana.trust.vault import altered
from amana.trust.vault.altered import Alteration
from amana.turns import in_turn

AGAIN = 1_000
"""So many events before the last one seen are looked at again: on PostgreSQL one with
a lower number may be committed after one with a higher."""
SLOWED = timedelta(hours=24)
RAISED_FOR = timedelta(days=1)
"""For days longer ago an alarm would come too late: they only teach what is usual."""
TOLD_AGAIN = timedelta(days=1)
TOLD = 2
"""At least so many are told."""


# --- looking


def look() -> list[Alarm]:
    """Count what was done since the last look; raise alarms where it is too much.

    Counts anew what each of these people did on each of these days, so that a look may
    run twice, or late, and finds the same."""
    now = timezone.now()
    watch = Watch.objects.first()
    up_to = watch.up_to if watch else 0
    seen = AuditEvent.objects.filter(pk__gt=up_to - AGAIN, at__gte=now - LEARNT_FROM)
    newest = seen.order_by("-pk").values_list("pk", flat=True).first()
    before = Alarm.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        in_turn(partial(weigh, user, on, kind) for user, on, kind in active(seen))
    finally:  # one that can't be counted blinds nobody to the others
        up_to = max(up_to, newest or 0)
        Watch.objects.update_or_create(pk=1, defaults={"up_to": up_to, "at": now})
    ActiveDay.objects.filter(on__lt=timezone.localdate() - LEARNT_FROM).delete()
    return list(Alarm.objects.filter(pk__gt=before).order_by("pk"))


def active(seen: QuerySet[AuditEvent]) -> list[tuple[User, date, Kind]]:
    """Who did what counts in these events, and on which days."""
    kinds: dict[str, list[Kind]] = defaultdict(list)
    for kind, watched in WATCHED.items():
        for did in watched.did:
            kinds[did].append(kind)
    events = seen.filter(did__in=list(kinds)).values_list("actor", "at", "did")
    days = {
        (pk, timezone.localdate(at), kind)
        for actor, at, did in events.iterator()
        if (pk := user_id(actor)) is not None
        for kind in kinds[did]
    }
    users = User.objects.in_bulk({pk for pk, _on, _kind in days})
    return [(users[pk], on, kind) for pk, on, kind in sorted(days) if pk in users]


@transaction.atomic
def weigh(user: User, on: date, kind: Kind) -> int:
    """Count one kind of one person's day; 1 where that raised an alarm."""
    User.objects.select_for_update().get(pk=user.pk)  # two looks at once raise one
    count, role = counted(user, on, kind)
    if not count:
        return 0
    ActiveDay.objects.update_or_create(
        user=user, on=on, kind=kind, defaults={"count": count, "role": role}
    )
    of_day = Alarm.objects.filter(user=user, kind=kind, on=on)
    if of_day.open().update(count=count) or on < timezone.localdate() - RAISED_FOR:
        return 0
    usual = budgets.budget(kind, role, user, on)
    explained = of_day.filter(outcome=Alarm.Outcome.EXPLAINED).order_by("-count")
    allowed = usual + (explained.values_list("count", flat=True).first() or 0)
    if count <= allowed:
        return 0
    raise_alarm(user, on, kind, count, usual)
    return 1


def counted(user: User, on: date, kind: Kind) -> tuple[int, str]:
    """How often `user` did it on that day, and the roles held then."""
    watched = WATCHED[kind]
    begins = timezone.make_aware(datetime.combine(on, time.min))
    ends = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    done = AuditEvent.objects.filter(
        actor=user.actor_id, did__in=watched.did, at__gte=begins, at__lt=ends
    )
    last = done.order_by("-pk").values_list("role", flat=True).first()
    return done.aggregate(n=watched.counts)["n"], last or ""


# --- the alarm


def raise_alarm(user: User, on: date, kind: Kind, count: int, budget: int) -> Alarm:
    """Slow the person down at once, and tell two others: on the page and by mail."""
    alarm = Alarm.objects.create(
        user=user, on=on, kind=kind, count=count, budget=budget
    )
    told = who_is_told(user)
    alarm.told.set(told)
    User.objects.filter(pk=user.pk).update(slowed_until=timezone.now() + SLOWED)
    log.record("raised alarm", alarm, by=None, user=user.pk, kind=kind.value)
    alarm_raised.send(Alarm, alarm=alarm, users=told)
    for person in told:
        enqueue = partial(tasks.tell.enqueue, person.pk, urgent=True)
        transaction.on_commit(enqueue)
    return alarm


@transaction.atomic
def note_altered(
    what: Alteration, *, case: UUID | None = None, by: User | None
) -> Finding | None:
    """Write into the log that something was found altered, and tell two people, by mail
    too; the same again on the same day only into the log."""
    log.record("found altered records", by=by, case=case, what=what.value)
    since = timezone.now() - TOLD_AGAIN
    same = Finding.objects.filter(what=what, case=case, found_at__gte=since)
    if same.exists():
        return None
    finding = Finding.objects.create(what=what, case=case, found_by=by)
    told = altered.whom_to_tell()
    finding.told.set(told)
    records_altered.send(Finding, finding=finding, users=told)
    for person in told:
        enqueue = partial(tasks.tell.enqueue, person.pk, urgent=True)
        transaction.on_commit(enqueue)
    return finding


def who_is_told(user: User) -> list[User]:
    """Those who lead the person's teams, and the data-protection officers; auditors,
    then coordinators, where nobody oversees or it is fewer than two."""
    teams = Membership.objects.active().filter(user=user).values("team")
    leads = Q(role=Role.SUPERVISOR, team__in=teams)
    told = _holding(leads, but=user)
    overseeing = False
    for role in BESIDE:
        if overseeing and len(told) >= TOLD:
            break
        more = [p for p in _holding(Q(role=role), but=user) if p not in told]
        overseeing = overseeing or bool(more)
        told += more
    return told


def _holding(places: Q, *, but: User) -> list[User]:
    held = Membership.objects.active().filter(places, user__is_active=True)
    people = User.objects.filter(pk__in=held.values("user")).exclude(pk=but.pk)
    return list(people.order_by("pk"))


@transaction.atomic
def settle(alarm: Alarm, *, outcome: str, words: str, seen: int, by: User) -> None:
    """Say what was found out of the `seen` times. After a good reason the person is
    slowed down no more, unless another alarm is open."""
    settle_alarm.require(by, alarm)
    if not words.strip():
        raise Refused(_("Say what you found out."))
    settled = Alarm.objects.open().filter(pk=alarm.pk)
    if settled.exclude(count=seen).exists():
        raise Changed(_("More was done since you opened this page. Look again."))
    if not settled.update(
        settled_at=timezone.now(),
        settled_by=by,
        outcome=outcome,
        words=words.strip(),
    ):
        raise Changed(_("A colleague has settled this alarm already."))
    explained = outcome == Alarm.Outcome.EXPLAINED
    if explained and not Alarm.objects.open().filter(user=alarm.user_id).exists():
        User.objects.filter(pk=alarm.user_id).update(slowed_until=None)
    log.record("settled alarm", alarm, by=by, outcome=outcome)
