"""Turn a worker away as often as raises an alarm."""

from datetime import date

from amana.trust.access.http import record_attempt
from amana.trust.access.models import User
from amana.trust.alarms import actions, budgets
from amana.trust.alarms.models import ActiveDay, ActivityKind, Alarm

FIRST = budgets.WATCHED[ActivityKind.DENIED].at_first
SEEN = FIRST + 1


def is_turned_away(user: User, times: int) -> None:
    for _time in range(times):
        record_attempt("work_on_case", None, by=user)


def raised(user: User) -> Alarm:
    is_turned_away(user, FIRST + 1)
    [alarm] = actions.watch_log()
    return alarm


def seen_on(user: User, on: date, count: int, *, role: str, kind: ActivityKind) -> None:
    ActiveDay.objects.create(user=user, on=on, kind=kind, role=role, count=count)
