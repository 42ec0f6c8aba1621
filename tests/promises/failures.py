"""What we promise: when something fails."""

from .promise import Promise

RUN = "It can be run"
KILLED = "tests/reliability/test_kill.py"
INTERRUPTED = "tests/reliability/test_interrupted.py"
SERVERS = "tests/reliability/test_two_servers.py"
GOES_ON = "test_where_one_is_killed_the_other_has_all_that_was_acknowledged"
VAULT = "amana/trust/vault/tests"
CASES = "amana/care/cases/tests"
REFERRALS = "amana/care/referrals/tests"
MEETINGS = "amana/care/meetings/tests"
UI = "amana/ui/tests"

PROMISES = (
    Promise(
        "P36",
        "What was acknowledged is there afterwards, though the process was killed "
        "or the power went.",
        (KILLED, INTERRUPTED, f"{SERVERS}::{GOES_ON}"),
        ("commit_does_not_wait_for_the_disk", "codes_are_made_once"),
        later=f"{RUN}: for the power, the test sees that a commit waits for the disk.",
    ),
    Promise(
        "P37",
        "The same form has one effect, however often and in whatever order it arrives.",
        (f"{UI}/test_once.py", f"{MEETINGS}/test_screenings.py"),
        ("each_arrival_counts", "screening_made_twice"),
    ),
    Promise(
        "P38",
        "Of two who change the same, the second is shown both versions; neither "
        "is lost.",
        (f"{VAULT}/test_documents.py", f"{CASES}/test_work_pages.py"),
        ("last_writer_wins",),
    ),
    Promise(
        "P39",
        "A full disk is said plainly, what was acknowledged stays, and work goes "
        "on when there is room again.",
        (KILLED, INTERRUPTED, f"{UI}/test_outages.py"),
        ("full_disk_is_any_error", "full_disk_is_a_page_of_code"),
    ),
    Promise(
        "P40",
        "A task that fails holds up no other, is kept without a word of what it "
        "was about, and can be run again.",
        (
            "amana/trust/operation/tests/tasks/test_failing.py",
            "amana/trust/operation/tests/tasks/test_task_page.py",
            "amana/trust/alarms/tests/test_clockwork.py",
            "amana/trust/alarms/tests/test_schedule.py",
            "tests/architecture/test_tasks.py",
        ),
        (
            *("task_may_hang", "failed_task_keeps_words", "killed_task_is_lost"),
            *("failed_task_forgotten", "failing_timer_stops_others"),
            *("timer_may_hang", "missed_night_is_skipped"),
        ),
    ),
    Promise(
        "P41",
        "A clock that jumps destroys nothing and ends nothing: what looks expired "
        "stays closed, and is kept, until a person has confirmed the time.",
        (
            f"{VAULT}/test_heartbeat.py",
            *(
                "tests/architecture/test_timers.py",
                f"{REFERRALS}/test_escalation_outages.py",
            ),
        ),
        (
            *("clock_believed_after_a_jump", "clock_believed_step_by_step"),
            "expires_by_doubted_clock",
        ),
    ),
    Promise(
        "P42",
        "On an empty machine everything is back from the backups within half an "
        "hour, for 100,000 cases.",
        later=f"{RUN}: restoring is tried in each test run, and timed there at "
        "full size.",
    ),
    Promise(
        "P43",
        "A new version is installed while people work, and at most five seconds "
        "are lost.",
        later=f"{RUN}: measured together with the work on size.",
    ),
)
