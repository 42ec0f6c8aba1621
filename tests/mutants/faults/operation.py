"""Faults of tasks, checks, settings and servers."""

from types import SimpleNamespace

from .registry import fault, put

OPERATION = "amana/trust/operation/tests"


@fault(
    f"{OPERATION}/tasks/test_failing.py::"
    "test_a_task_that_hangs_is_stopped_and_holds_up_no_other"
)
def task_may_hang() -> None:
    """A task may take as long as it likes; all others wait for it."""
    from amana.trust.operation import worker

    put(worker, begin_limit=lambda limit: None)


@fault(f"{OPERATION}/tasks/test_failing.py::test_no_word_of_an_error_is_kept_or_logged")
def failed_task_keeps_words() -> None:
    """What a mail server answered is kept with the task, addresses and all."""
    from amana.trust.operation import worker

    put(worker, list_places=lambda trace: trace)


@fault(
    f"{OPERATION}/tasks/test_task_page.py::"
    "test_a_task_whose_worker_was_killed_is_shown_as_failed"
)
def killed_task_is_lost() -> None:
    """A task whose worker was killed counts as running for ever."""
    from django.db.models import Q

    from amana.trust.operation import queue

    put(queue, match_lost_tasks=lambda now=None: Q(pk=None))


@fault(
    f"{OPERATION}/tasks/test_failing.py::"
    "test_failed_tasks_are_kept_and_done_ones_for_a_week"
)
def failed_task_forgotten() -> None:
    """What failed is deleted with what was done."""
    from django_tasks_db.models import DBTaskResult

    from amana.trust.operation import queue

    put(queue, delete_done_tasks=lambda: DBTaskResult.objects.finished().delete()[0])


PUBLIC = "amana/trust/operation/tests/test_public.py"


@fault(f"{PUBLIC}::test_metrics_are_off_until_a_setting_names_who_may")
def metrics_for_anyone() -> None:
    """Who finds the address reads how the server is."""
    from amana.trust.operation import public

    put(public, may_read=lambda request: True)


@fault(f"{OPERATION}/checks/test_single_checks.py::test_half_a_backup_is_none")
def half_a_backup_counts() -> None:
    """Contents without the keys count as a backup."""
    from amana.trust.backup import present_backups

    put(present_backups, _keys_of=lambda data: data)


@fault(f"{OPERATION}/checks/test_single_checks.py::test_to_look_for_the_key_makes_none")
def doctor_makes_a_key() -> None:
    """To look for the log's key makes another one, which signs from then on."""
    from amana.trust.audit import log_keys
    from amana.trust.operation import checks

    put(checks, _is_signed_here=lambda note: bool(log_keys.get_public_key()) and False)


@fault(
    f"{OPERATION}/checks/test_planted_mistakes.py::test_what_is_most_urgent_comes_first"
)
def most_urgent_is_not_first() -> None:
    """What is wrong is listed the other way round."""
    from amana.trust.operation import checks

    run = checks.run_checks
    put(checks, run_checks=lambda **asked: run(**asked)[::-1])


@fault(
    f"{OPERATION}/checks/test_planted_mistakes.py::"
    "test_where_no_process_runs_the_timers_they_are_not_named_one_by_one"
)
def each_timer_is_named_where_none_runs() -> None:
    """Thirty names hide that one process does not run."""
    from dataclasses import replace

    from amana.trust.operation import checks

    checks.CHECKS[:] = [replace(check, needs="") for check in checks.CHECKS]


@fault(
    f"{OPERATION}/checks/test_planted_mistakes.py::"
    "test_a_half_restoration_is_named_first_and_nothing_else_is_asked_of_it"
)
def half_a_restoration_is_asked_like_any() -> None:
    """Ten wrong findings hide that a restoration has to be run again."""
    from dataclasses import replace

    from amana.trust.operation import checks

    checks.CHECKS[:] = [replace(check, asks_database=False) for check in checks.CHECKS]


CONTACT = "amana/trust/operation/tests/test_security_contact.py"


@fault(f"{CONTACT}::test_it_ends_at_the_end_of_the_day_that_was_set")
def contact_past_its_day() -> None:
    """Who finds a weakness is sent to an address that nobody reads any more."""
    from amana.trust.operation import security_contact

    put(security_contact, is_valid=lambda now: True)


OUTSIDE = "amana/trust/operation/tests/test_outside.py"


@fault(f"{OUTSIDE}::test_a_second_server_with_files_of_its_own_does_not_begin")
def second_server_begins() -> None:
    """A server without the shared keys makes its own, and signs with them."""
    from amana.trust.operation import outside

    put(outside, check_outside_files=lambda: None)


@fault(f"{OUTSIDE}::test_a_lost_anchor_is_not_made_anew_where_something_was_signed")
def lost_anchor_made_anew() -> None:
    """A new anchor hides that the log was cut back."""
    from amana.trust.operation import outside

    none = SimpleNamespace(exists=lambda: False)
    put(outside, Checkpoint=SimpleNamespace(objects=none))


SERVERS = "tests/reliability/test_two_servers.py"


@fault(f"{SERVERS}::test_a_server_without_the_keys_does_not_begin", on_postgresql=True)
def second_server_makes_its_own_keys() -> None:
    """A server that lacks the files of its database begins with others."""
    from amana.trust.operation import outside

    put(outside, _require_right=lambda: None)


@fault(
    "amana/trust/operation/tests/test_journal.py"
    "::test_a_page_that_was_refused_is_named_by_its_kind"
)
def addresses_in_the_journal() -> None:
    """A page that was refused stands in the journal with its address."""
    from amana import unattended

    put(unattended, describe_page=lambda record, request: record.getMessage())
