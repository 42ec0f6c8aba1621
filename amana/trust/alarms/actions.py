"""Look through the log, raise an alarm, settle it."""

from collections import defaultdict
from collections.abc import Mapping
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
from amana.trust.alarms import budgets, decoys
from amana.trust.alarms.budgets import LEARNT_FROM, WATCHED
from amana.trust.alarms.events import alarm_raised, records_altered
from amana.trust.alarms.models import (
    ActiveDay,
    ActivityKind,
    Alarm,
    AlteredRecord,
    LogPosition,
)
from amana.trust.alarms.rules import BESIDE, settle_alarm
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.trust.oversight.actors import parse_user_id
from amana.trust.vault import altered
from amana.trust.vault.altered import Alteration
from amana.turns import run_in_turn

AGAIN = 1_000
"""So many events before the last one seen are looked at again: on PostgreSQL one with
a lower number may be committed after one with a higher."""
SLOWED = timedelta(hours=24)
RAISED_FOR = timedelta(days=1)
"""For days longer ago an alarm would come too late: they only teach what is usual."""
DOOR_WITHIN = timedelta(hours=1)
AT_THE_DOOR = 20
"""Failed sign-ins to more accounts than these in that time can't all be forgotten
passphrases. Each guess at an address that no account has counts as an account of its
own."""
SILENT = frozenset({ActivityKind.DURESS})
"""Nothing of the account may change by these: who forces the person may be looking."""
TOLD_AGAIN = timedelta(days=1)
TOLD_OF_ASIDE = timedelta(days=30)
ASIDE_AT_ONCE = 20
"""So many are told of after one page; the others after the next."""
TOLD = 2
"""At least so many are told."""


# --- looking


def watch_log() -> list[Alarm]:
    """Count what was done since the last run; raise alarms where it is too much.

    Counts again what each of these people did on each of these days, so that a run may
    come twice, or late, and finds the same.
    """
    now = timezone.now()
    watch = LogPosition.objects.first()
    up_to = watch.up_to if watch else 0
    seen = AuditEvent.objects.filter(pk__gt=up_to - AGAIN, at__gte=now - LEARNT_FROM)
    newest = seen.order_by("-pk").values_list("pk", flat=True).first()
    before = Alarm.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        run_in_turn(
            partial(check_day, user, on, kind)
            for user, on, kind in list_active_days(seen)
        )
        check_sign_in_attempts(now)
    finally:  # one that can't be counted doesn't hide the others
        # Also after an error: an event that always fails must not stop the watch for
        # good.
        up_to = max(up_to, newest or 0)
        LogPosition.objects.update_or_create(pk=1, defaults={"up_to": up_to, "at": now})
    ActiveDay.objects.filter(on__lt=timezone.localdate() - LEARNT_FROM).delete()
    return list(Alarm.objects.filter(pk__gt=before).order_by("pk"))


def list_active_days(
    seen: QuerySet[AuditEvent],
) -> list[tuple[User, date, ActivityKind]]:
    """List who did what counts in these events, and on which days."""
    kinds: dict[str, list[ActivityKind]] = defaultdict(list)
    for kind, watched in WATCHED.items():
        for did in watched.did:
            kinds[did].append(kind)
    touched = set(decoys.filter_touching(seen).values_list("pk", flat=True))
    events = seen.filter(did__in=list(kinds)).values_list("pk", "actor", "at", "did")
    days = {
        (pk, timezone.localdate(at), kind)
        for event, actor, at, did in events.iterator()
        if (pk := parse_user_id(actor)) is not None
        for kind in kinds[did]
        if kind is not ActivityKind.DECOY or event in touched
    }
    users = User.objects.in_bulk({pk for pk, _on, _kind in days})
    return [(users[pk], on, kind) for pk, on, kind in sorted(days) if pk in users]


@transaction.atomic
def check_day(user: User, on: date, kind: ActivityKind) -> int:
    """Check one kind of one person's day; return 1 if that raised an alarm."""
    User.objects.select_for_update().get(pk=user.pk)  # two looks at once raise one
    count, role = count_events(user, on, kind)
    if not count:
        return 0
    ActiveDay.objects.update_or_create(
        user=user, on=on, kind=kind, defaults={"count": count, "role": role}
    )
    of_day = Alarm.objects.filter(user=user, kind=kind, on=on)
    # An open alarm is counted on. What happened days ago, seen late, only teaches.
    if of_day.open().update(count=count) or on < timezone.localdate() - RAISED_FOR:
        return 0
    usual = budgets.compute_budget(kind, role, user, on)
    # What a colleague has explained is allowed for that day, or each further event
    # would raise the same alarm again.
    explained = of_day.filter(outcome=Alarm.Outcome.EXPLAINED).order_by("-count")
    allowed = usual + (explained.values_list("count", flat=True).first() or 0)
    if count <= allowed:
        return 0
    raise_alarm(user, on, kind, count, usual)
    return 1


@transaction.atomic
def check_sign_in_attempts(now: datetime) -> None:
    """Raise an alarm if, in an hour, passphrases of many accounts were guessed.

    It slows no one down: otherwise a stranger could slow a colleague down from outside.
    """
    since = now - DOOR_WITHIN
    failed = AuditEvent.objects.filter(did="failed to sign in", at__gte=since)
    accounts = failed.exclude(thing="").values("thing").distinct().count()
    count = accounts + failed.filter(thing="").count()
    if count <= AT_THE_DOOR:
        return
    today = timezone.localdate(now)
    alarms = Alarm.objects.filter(user=None, kind=ActivityKind.DOOR)
    if alarms.open().filter(on=today).exists():
        alarms.open().filter(on=today, count__lt=count).update(count=count)
    # One alarm an hour: the attempts that led to the last one still count.
    elif not alarms.filter(settled_at__gte=since).exists():
        raise_alarm(None, today, ActivityKind.DOOR, count, AT_THE_DOOR)


def count_events(user: User, on: date, kind: ActivityKind) -> tuple[int, str]:
    """Count how often `user` did it on that day, and find the roles held then."""
    watched = WATCHED[kind]
    begins = timezone.make_aware(datetime.combine(on, time.min))
    ends = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    done: QuerySet[AuditEvent] = AuditEvent.objects.filter(
        actor=user.actor_id, did__in=watched.did, at__gte=begins, at__lt=ends
    )
    if kind is ActivityKind.DECOY:
        # Only here without those who know of the decoy: `list_active_days` asks for
        # all.
        done = decoys.filter_touching(done, but=user)
    last = done.order_by("-pk").values_list("role", flat=True).first()
    return done.aggregate(n=watched.counts)["n"], last or ""


# --- the alarm


def raise_alarm(
    user: User | None, on: date, kind: ActivityKind, count: int, budget: int
) -> Alarm:
    """Raise an alarm: slow the person down at once, unless it is silent; and notify two
    others, on the page and by mail.
    """
    alarm = Alarm.objects.create(
        user=user, on=on, kind=kind, count=count, budget=budget
    )
    told = list_people_to_notify(user)
    alarm.told.set(told)
    if user is not None and kind not in SILENT:
        until = timezone.now() + SLOWED
        User.objects.filter(pk=user.pk).update(slowed_until=until)
    log.record("raised alarm", alarm, by=None, user=alarm.user_id, kind=kind.value)
    alarm_raised.send(Alarm, alarm=alarm, users=told)
    tasks.notify_once_committed([person.pk for person in told], urgent=True)
    return alarm


@transaction.atomic
def raise_alarm_once(user: User, kind: ActivityKind) -> None:
    """Notify two others of something that needs no counting, unless they know
    already.
    """
    today = timezone.localdate()
    User.objects.select_for_update().get(pk=user.pk)
    if not Alarm.objects.open().filter(user=user, kind=kind, on=today).exists():
        raise_alarm(user, today, kind, 1, 0)


@transaction.atomic
def record_altered(
    what: Alteration, *, case: UUID | None = None, by: User | None
) -> AlteredRecord | None:
    """Record in the log that something was found altered, and notify data-protection
    officers (`altered.list_people_to_notify`), by mail too; the same on the same day
    again only in the log.
    """
    log.record("found altered records", by=by, case=case, what=what.value)
    since = timezone.now() - TOLD_AGAIN
    same = AlteredRecord.objects.filter(what=what, case=case, found_at__gte=since)
    if same.exists():
        return None
    record = AlteredRecord.objects.create(what=what, case=case, found_by=by)
    told = altered.list_people_to_notify()
    record.told.set(told)
    records_altered.send(AlteredRecord, record=record, users=told)
    tasks.notify_once_committed([person.pk for person in told], urgent=True)
    return record


@transaction.atomic
def record_omitted(aside: Mapping[UUID, Alteration], *, by: User | None) -> None:
    """Record what can't be opened while a page continues without it, which each search
    of a team meets: once in a while, and otherwise not even in the log.
    """
    since = timezone.now() - TOLD_OF_ASIDE
    told = AlteredRecord.objects.filter(case__in=list(aside), found_at__gte=since)
    known = set(told.values_list("case", "what"))
    new = [(case, what) for case, what in aside.items() if (case, what) not in known]
    for case, what in new[:ASIDE_AT_ONCE]:
        record_altered(what, case=case, by=by)


def list_people_to_notify(user: User | None) -> list[User]:
    """List the leads of the person's teams, and the data-protection officers; auditors,
    then coordinators, if no one oversees or there are fewer than two.
    """
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


def _holding(places: Q, *, but: User | None) -> list[User]:
    held = Membership.objects.active().filter(places, user__is_active=True)
    people = User.objects.filter(pk__in=held.values("user"))
    if but is not None:
        people = people.exclude(pk=but.pk)
    return list(people.order_by("pk"))


@transaction.atomic
def settle(alarm: Alarm, *, outcome: str, words: str, seen: int, by: User) -> None:
    """Settle an alarm with what was found out about the `seen` times. After a good
    reason the person is no longer slowed down, unless another alarm is open. Raises
    `Changed` when more was seen since, or a colleague was first.
    """
    settle_alarm.require(by, alarm)
    if not words.strip():
        raise Refused(_("Enter what you found out."))
    settled = Alarm.objects.open().filter(pk=alarm.pk)
    if settled.exclude(count=seen).exists():
        raise Changed(
            _("More activity was recorded after you opened this page. Review it again.")
        )
    if not settled.update(
        settled_at=timezone.now(),
        settled_by=by,
        outcome=outcome,
        words=words.strip(),
    ):
        raise Changed(_("A colleague has already resolved this alarm."))
    user, explained = alarm.user, outcome == Alarm.Outcome.EXPLAINED
    if user and explained and not Alarm.objects.open().filter(user=user).exists():
        User.objects.filter(pk=user.pk).update(slowed_until=None)
    log.record("settled alarm", alarm, by=by, outcome=outcome)
