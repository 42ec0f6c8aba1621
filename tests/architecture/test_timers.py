"""No timer destroys anything while the server's clock is in doubt (P41)."""

from django.core.management import get_commands, load_command_class

from amana.schedule import TIMERS
from amana.trust.vault.heartbeat import DestroyingCommand

DESTROY_NOTHING = {
    "chase_referrals": "tells; before it ends a request it asks by itself",
    "chase_requests": "passes on: a person waits, so it goes on under any clock",
    "chase_vital_interests": "tells within the hour; what it ends asks by itself",
    "carry_out_decisions": "does what a person decided ten minutes ago",
    "chase_steps": "tells",
    "continue_imports": "has work queued",
    "send_statements": "sends",
    "send_marks": "sends",
    "ask_witnesses": "sends",
    "remind_destructions": "tells",
    "chase_assessments": "tells",
    "ask_services": "sends",
    "tend_emergency_access": "ends access, which can be given again; tells",
    "tell_askers": "tells",
    "watch_log": "numbers of the last weeks, counted for nobody's case",
    "forget_submissions": "ids of forms that were sent",
    "forget_sessions": "people sign in again",
    "write_facts": "figures, which say nothing of any one person",
    "draw_up_figures": "figures",
    "count_month": "figures",
    "survey_tables": "statistics of tables",
    "forget_tasks": "background tasks that were done",
    "backup": "writes",
    "base_backup": "writes",
    "archive_wal": "writes",
}


def test_each_timer_that_destroys_asks_the_clock_first() -> None:
    commands = get_commands()
    asking = {
        timer.command
        for timer in TIMERS
        if isinstance(
            load_command_class(commands[timer.command], timer.command),
            DestroyingCommand,
        )
    }
    others = {timer.command for timer in TIMERS} - asking

    assert others == DESTROY_NOTHING.keys()
    assert len(asking) > 10
