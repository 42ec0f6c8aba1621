"""When things run: every command that the clock starts, in one place.

`manage.py timers` runs them. All of them may run twice, or late, without harm."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

DAY = timedelta(days=1)


class Recurrence(Protocol):
    """Moments that come again and again."""

    @property
    def gap(self) -> timedelta:
        """How much time lies between two of them, at most."""

    def latest(self, now: datetime, zone: tzinfo) -> datetime:
        """Find the last of them that is not after `now`."""


@dataclass(frozen=True)
class MinutesRecurrence:
    """Each so many minutes, `after` so many past the hour."""

    minutes: int
    after: int = 0

    @property
    def gap(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    def latest(self, now: datetime, zone: tzinfo) -> datetime:
        # Counted from a fixed day: two processes, or one that was restarted, find the
        # same moments, so that a timer is claimed once (ADR 69).
        began = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=self.after)
        return began + (now - began) // self.gap * self.gap


@dataclass(frozen=True)
class DailyRecurrence:
    """Each day at this time of where people are."""

    at: str

    @property
    def gap(self) -> timedelta:
        return DAY

    def latest(self, now: datetime, zone: tzinfo) -> datetime:
        today = now.astimezone(zone).date()
        on = _moment(today, self.at, zone)
        return on if on <= now else _moment(today - DAY, self.at, zone)


@dataclass(frozen=True)
class MonthlyRecurrence:
    """On the first of each month at this time of where people are."""

    at: str

    @property
    def gap(self) -> timedelta:
        return 31 * DAY

    def latest(self, now: datetime, zone: tzinfo) -> datetime:
        first = now.astimezone(zone).date().replace(day=1)
        on = _moment(first, self.at, zone)
        return on if on <= now else _moment((first - DAY).replace(day=1), self.at, zone)


def _moment(day: date, at: str, zone: tzinfo) -> datetime:
    """Return it in UTC, or two moments around the end of summer time could not be
    compared."""
    local = datetime.combine(day, time.fromisoformat(at), tzinfo=zone)
    return local.astimezone(UTC)


@dataclass(frozen=True)
class Timer:
    command: str
    when: Recurrence
    why: str
    setting: str = ""
    """Without a value of this setting it doesn't run."""
    asks_others: bool = False
    """Whether it waits for other systems: one that hangs would hold up consents."""

    @property
    def is_long(self) -> bool:
        """Whether it may take minutes: what runs each day goes through whole tables."""
        return self.when.gap >= DAY

    @property
    def is_beside(self) -> bool:
        """Whether it runs in a process of its own, while the short ones continue."""
        return self.is_long or self.asks_others


MINUTELY = MinutesRecurrence(minutes=1)

TIMERS = (
    # Each minute, not each night: what was shared is deleted when the consent ends, and
    # a copy that stays readable until morning would break what the person was promised.
    Timer("expire_consents", MINUTELY, "a consent ends on the minute"),
    Timer(
        "chase_referrals",
        MinutesRecurrence(minutes=5),
        "late answers are told to the next in line",
    ),
    Timer(
        "chase_requests",
        MINUTELY,
        "a request for help that nobody answers goes on to the next team",
    ),
    Timer(
        "chase_vital_interests",
        MINUTELY,
        "what was sent without consent is confirmed within the hour",
    ),
    Timer(
        "carry_out_decisions",
        MINUTELY,
        "what could be undone for ten minutes takes effect",
    ),
    Timer(
        "chase_steps",
        MinutesRecurrence(minutes=5),
        "waits that are over, steps that are late, moves that were stopped",
    ),
    Timer(
        "send_statements",
        MinutesRecurrence(minutes=5),
        "learning that was agreed to be told",
        asks_others=True,
    ),
    Timer(
        "send_marks",
        MinutesRecurrence(minutes=5),
        "marks for the systems people came from",
        asks_others=True,
    ),
    Timer(
        "settle_applications",
        MinutesRecurrence(minutes=5),
        "offers of places that ran out go to the next; what is over is deleted",
    ),
    Timer(
        "clear_pages",
        MinutesRecurrence(minutes=5),
        "sealed pages and what was open long enough",
    ),
    Timer(
        "settle_removals",
        MINUTELY,
        "keys are taken away after the delay, and destroyed when it can't be undone",
    ),
    Timer(
        "tend_emergency_access",
        MINUTELY,
        "what was opened in an emergency ends after a day, and is reviewed",
    ),
    Timer(
        "tell_askers",
        MinutesRecurrence(minutes=60, after=40),
        "who asked whether a person is known hears that their question was looked at",
    ),
    Timer("watch_log", MINUTELY, "who does much more than is usual is noticed"),
    Timer(
        "ask_witnesses",
        MinutesRecurrence(minutes=10),
        "others cosign how far the log has come",
        asks_others=True,
    ),
    Timer(
        "remind_destructions",
        DailyRecurrence("07:05"),
        "copies are destroyed, and confirmed",
    ),
    Timer("erase_due", DailyRecurrence("03:20"), "what its time is over for is erased"),
    Timer(
        "chase_assessments",
        MinutesRecurrence(minutes=60, after=25),
        "work of learners waits for nobody",
    ),
    Timer(
        "ask_services",
        MinutesRecurrence(minutes=10, after=5),
        "services are asked, by day, whether their details are still true",
    ),
    Timer(
        "forget_submissions",
        DailyRecurrence("03:15"),
        "keys of forms that were sent long ago",
    ),
    Timer(
        "forget_notifications",
        DailyRecurrence("03:18"),
        "notifications are kept for 30 days",
    ),
    Timer(
        "forget_sessions",
        MinutesRecurrence(minutes=60, after=20),
        "sessions that have ended, old tries",
    ),
    Timer(
        "forget_incidents",
        DailyRecurrence("03:33"),
        "incidents are kept for five years",
    ),
    Timer(
        "forget_source_files",
        DailyRecurrence("03:36"),
        "files that were not explained within a week",
    ),
    Timer(
        "continue_imports",
        MinutesRecurrence(minutes=5),
        "imports of services that were stopped",
    ),
    Timer(
        "forget_area_files",
        DailyRecurrence("03:37"),
        "files of areas that were not explained within a week",
    ),
    Timer(
        "forget_clinics",
        DailyRecurrence("03:28"),
        "what was said of a case is destroyed",
    ),
    Timer(
        "forget_feedback",
        DailyRecurrence("03:29"),
        "who filled in the feedback form of a session is forgotten",
    ),
    Timer(
        "forget_exercises",
        DailyRecurrence("03:31"),
        "exercises that were closed a month ago are removed",
    ),
    Timer(
        "forget_practice",
        DailyRecurrence("03:32"),
        "practice installations that no one visits are removed",
    ),
    Timer(
        "end_mentorships",
        DailyRecurrence("03:25"),
        "mentorship ends when its time is over",
    ),
    Timer(
        "tend_feedback",
        DailyRecurrence("03:50"),
        "words lie among others; complaints and advice that wait are told",
    ),
    Timer(
        "write_facts",
        DailyRecurrence("02:35"),
        "facts of people, shuffled, under a fresh key",
    ),
    Timer(
        "draw_up_figures",
        DailyRecurrence("03:50"),
        "a month is over: its figures are shown",
    ),
    Timer(
        "tend_circle",
        DailyRecurrence("03:27"),
        "the circle is for whoever holds a certificate",
    ),
    Timer(
        "count_month", MonthlyRecurrence("00:05"), "what a month looked like at its end"
    ),
    Timer(
        "forget_tasks",
        DailyRecurrence("03:22"),
        "background tasks that are done are forgotten after a week",
    ),
    Timer(
        "backup",
        DailyRecurrence("01:40"),
        "the day’s two archives, where BACKUP_FOLDER is set",
        setting="BACKUP_FOLDER",
    ),
    Timer(
        "archive_wal",
        MINUTELY,
        "what PostgreSQL has changed since, where WAL_FOLDER is set",
        setting="WAL_FOLDER",
    ),
    Timer(
        "base_backup",
        DailyRecurrence("02:10"),
        "the copy of PostgreSQL that these changes follow",
        setting="WAL_FOLDER",
    ),
    Timer(
        "forget_wal",
        MinutesRecurrence(minutes=60, after=15),
        "both are kept for 14 days, as the archives of keys are",
        setting="WAL_FOLDER",
    ),
    Timer(
        "survey_tables",
        DailyRecurrence("03:40"),
        "so that lists stay fast as they grow",
    ),
)
