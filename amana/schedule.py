"""When things run: every command that the clock starts, in one place.

`python -m amana.schedule` prints it as a crontab. All of them may run twice, or late,
without harm. `run_timer` notes that one has run, so that a missed one is noticed."""

import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True)
class Timer:
    command: str
    when: str
    """Minute, hour, day, month, weekday, as cron has it."""
    why: str

    @property
    def every(self) -> timedelta:
        """How much time lies between two runs, at most."""
        minute, hour, day, *_rest = self.when.split()
        if minute == "*":
            return timedelta(minutes=1)
        if minute.startswith("*/"):
            return timedelta(minutes=int(minute[2:]))
        if hour == "*":
            return timedelta(hours=1)
        return timedelta(days=1 if day == "*" else 31)


TIMERS = (
    Timer("expire_consents", "* * * * *", "a consent ends on the minute"),
    Timer(
        "chase_referrals", "*/5 * * * *", "late answers are told to the next in line"
    ),
    Timer(
        "chase_requests",
        "* * * * *",
        "a request for help that nobody answers goes on to the next team",
    ),
    Timer(
        "chase_vital_interests",
        "* * * * *",
        "what was sent without consent is confirmed within the hour",
    ),
    Timer(
        "carry_out_decisions",
        "* * * * *",
        "what could be undone for ten minutes takes effect",
    ),
    Timer("chase_steps", "*/5 * * * *", "waits that are over, steps that are late"),
    Timer("send_statements", "*/5 * * * *", "learning that was agreed to be told"),
    Timer("send_marks", "*/5 * * * *", "marks for the systems people came from"),
    Timer(
        "settle_applications",
        "*/5 * * * *",
        "offers of places that ran out go to the next; what is over is deleted",
    ),
    Timer("clear_pages", "*/5 * * * *", "sealed pages and what was open long enough"),
    Timer(
        "settle_removals",
        "* * * * *",
        "keys are taken away after the delay, and destroyed when it can't be undone",
    ),
    Timer(
        "tend_emergency_access",
        "* * * * *",
        "what was opened in an emergency ends after a day, and is reviewed",
    ),
    Timer(
        "tell_askers",
        "40 * * * *",
        "who asked whether a person is known hears that their question was looked at",
    ),
    Timer("watch_log", "* * * * *", "who does much more than is usual is noticed"),
    Timer("ask_witnesses", "*/10 * * * *", "others cosign how far the log has come"),
    Timer("remind_destructions", "5 7 * * *", "copies are destroyed, and confirmed"),
    Timer("erase_due", "20 3 * * *", "what its time is over for is erased"),
    Timer("chase_assessments", "25 * * * *", "work of learners waits for nobody"),
    Timer("forget_submissions", "15 3 * * *", "keys of forms that were sent long ago"),
    Timer("forget_notifications", "18 3 * * *", "notifications are kept for 30 days"),
    Timer("forget_sessions", "20 * * * *", "sessions that have ended, old tries"),
    Timer("forget_incidents", "33 3 * * *", "incidents are kept for five years"),
    Timer("forget_clinics", "28 3 * * *", "what was said of a case is destroyed"),
    Timer("end_mentorships", "25 3 * * *", "mentorship ends when its time is over"),
    Timer(
        "tend_feedback",
        "50 3 * * *",
        "words lie among others; complaints and advice that wait are told",
    ),
    Timer("write_facts", "35 2 * * *", "facts of people, shuffled, under a fresh key"),
    Timer("draw_up_figures", "50 3 * * *", "a month is over: its figures are shown"),
    Timer("tend_circle", "27 3 * * *", "the circle is for whoever holds a certificate"),
    Timer("count_month", "5 0 1 * *", "what a month looked like at its end"),
    Timer("survey_tables", "40 3 * * *", "so that lists stay fast as they grow"),
)


def crontab(python: str = sys.executable) -> str:
    """Lines for `crontab`, to be run as the user of the service."""
    manage = f"{python} {Path(__file__).resolve().parent.parent / 'manage.py'}"
    lines = [
        f"# {timer.why}\n{timer.when} {manage} run_timer {timer.command}"
        for timer in TIMERS
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(crontab())
