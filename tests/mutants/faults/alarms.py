"""Faults of alarms, of what is usual, and of timers."""

from types import SimpleNamespace
from typing import Any

from .registry import fault, other, put

ALARMS = "amana/trust/alarms/tests"


@fault(f"{ALARMS}/test_raising.py")
def own_days_raise_the_budget() -> None:
    """Who looks at a little more each day makes much looking usual for themselves."""
    from amana.trust.alarms import budgets

    whole = budgets.compute_budget

    def budget(kind: Any, role: str, user: Any, on: Any) -> int:
        from amana.trust.access.models import User

        return whole(kind, role, User(pk=-1), on)

    put(budgets, compute_budget=budget)


@fault(f"{ALARMS}/test_settling.py")
def own_alarm_is_settled() -> None:
    """Who set an alarm off sees it, and says that all is well."""
    from amana.trust.access.rules import EVERYTHING, define_rule
    from amana.trust.alarms import actions

    put(actions, settle_alarm=define_rule(lambda user: EVERYTHING))


@fault(f"{ALARMS}/test_settling.py")
def alarm_tells_one() -> None:
    """Who leads the team is told alone, and may be the one who looks."""
    from amana.trust.alarms import actions

    put(actions, BESIDE=())


@fault(f"{ALARMS}/test_settling.py")
def looking_is_not_slowed_down() -> None:
    """Only what is sent counts against the pace, as in allauth's own limits."""
    from amana.trust.access import http

    put(http, within_limit=lambda request, action, **whose: request.method == "GET")


@fault(f"{ALARMS}/test_settling.py")
def incident_lifts_the_pace() -> None:
    """An alarm that was a data incident lets the account go on as before."""
    from amana.trust.alarms.models import Alarm

    put(Alarm, Outcome=SimpleNamespace(EXPLAINED="incident"))


@fault(f"{ALARMS}/test_timer_runs.py")
def missed_timer_told_again_and_again() -> None:
    """A timer that stands still is told each minute, until nobody reads it."""
    from amana.trust.alarms import timer_runs

    put(timer_runs, _claim=lambda missed, now: True)


@fault(f"{ALARMS}/test_timer_runs.py")
def failed_timer_counts_as_run() -> None:
    """A timer that fails each time looks as if it ran."""
    from amana.trust.alarms import timer_runs

    look = timer_runs.notify_missed

    def looked() -> Any:
        timer_runs.record_run("chase_steps")
        return look()

    put(timer_runs, notify_missed=looked)


@fault(f"{ALARMS}/test_door.py")
def guesses_at_the_door_unnoticed() -> None:
    """Someone tries one passphrase with every account."""
    from amana.trust.alarms import actions

    put(actions, AT_THE_DOOR=10_000)


CLOCKWORK = "amana/trust/alarms/tests/test_clockwork.py"


@fault(f"{CLOCKWORK}::test_a_timer_that_fails_holds_up_no_other")
def failing_timer_stops_others() -> None:
    """An error of one timer ends the round."""
    from amana.trust.alarms import clockwork, timer_runs

    def run(timer: Any, say: Any) -> bool:
        clockwork.call_command(timer.command)
        timer_runs.record_run(timer.command)
        return True

    put(clockwork, run_timer=run)


@fault(f"{CLOCKWORK}::test_a_timer_that_hangs_is_stopped")
def timer_may_hang() -> None:
    """A timer may take as long as it likes; consents wait for it."""
    from contextlib import nullcontext

    from amana.trust.alarms import clockwork

    put(clockwork, limit_time=nullcontext)


@fault(
    f"{ALARMS}/test_timer_runs.py::test_a_long_timer_that_is_still_running_is_not_told"
)
def running_counts_as_failing() -> None:
    """A timer that still runs after two hours counts as one that failed twice."""
    from amana.trust.alarms import timer_runs

    def is_failing(run: Any, now: Any) -> bool:
        since = run.unfinished_since
        return since is not None and since < now - timer_runs.FAILING

    put(timer_runs, is_failing=is_failing)


@fault(
    f"{ALARMS}/test_schedule.py::"
    "test_a_daily_timer_runs_once_for_each_day_the_server_was_up"
)
def missed_night_is_skipped() -> None:
    """Only who is up at the hour itself runs what is due then, as cron does."""
    from amana.trust.alarms import clockwork

    due = clockwork.is_due

    def on_time(timer: Any, run: Any, now: Any) -> bool:
        zone = clockwork.timezone.get_default_timezone()
        late = now - timer.when.latest(now, zone)
        return due(timer, run, now) and late < clockwork.timedelta(minutes=20)

    put(clockwork, is_due=on_time)


@fault(f"{CLOCKWORK}::test_of_two_processes_on_one_disk_one_leads")
def two_lead() -> None:
    """Who does not get the lock leads all the same."""
    from amana.trust.alarms import leading

    put(leading, fcntl=other(leading.fcntl, flock=lambda file, how: None))


SERVERS = "tests/reliability/test_two_servers.py"


@fault(
    f"{SERVERS}::test_two_that_both_think_they_lead_run_each_timer_once",
    on_postgresql=True,
)
def timers_are_not_claimed() -> None:
    """Two servers that both think they lead run each timer twice."""
    from amana.trust.alarms import clockwork

    put(clockwork, claim=lambda timer, now: True)
