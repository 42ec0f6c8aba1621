import signal

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amana import watchdog
from amana.schedule import TIMERS
from amana.trust.alarms.clockwork import Clockwork, run_timer
from amana.trust.alarms.leading import build_candidate
from amana.unattended import begin_service


class Command(BaseCommand):
    help = "Run all timers when they are due, until stopped; with --only, run one now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only",
            choices=[timer.command for timer in TIMERS],
            help="run only this one, now",
        )

    def handle(self, *, only: str | None, **options: object) -> None:
        if only is None:
            self.run_all()
            return
        timer = next(timer for timer in TIMERS if timer.command == only)
        if not run_timer(timer, self.stderr.write):
            raise CommandError(f"{only} failed.")

    def run_all(self) -> None:
        begin_service()
        clockwork = Clockwork(
            build_candidate(), self.stderr.write, watchdog.report_alive
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, clockwork.stop)
        clockwork.go_on()
