from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from amana.schedule import TIMERS
from amana.trust.alarms import timers


class Command(BaseCommand):
    help = "Run a timer, note that it ran, and tell of those that did not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("timer", choices=[timer.command for timer in TIMERS])

    def handle(self, *, timer: str, **options: Any) -> None:
        try:
            call_command(timer, stdout=self.stdout, stderr=self.stderr)
            timers.note_run(timer)
        finally:  # one that fails still sees that others are missed
            timers.look()
