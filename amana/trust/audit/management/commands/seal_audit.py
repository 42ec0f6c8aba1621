import time
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandParser

from amana import watchdog
from amana.trust.audit import log_keys, sealing
from amana.unattended import begin_service

LONGEST = timedelta(minutes=10)
"""What waits after an outage is sealed by then, many times over."""


class Command(BaseCommand):
    help = "Put new audit events into the signed tree; with --every, repeatedly."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help="repeat until stopped"
        )
        parser.add_argument(
            "--key", action="store_true", help="only print the log's public key"
        )

    def handle(self, *, every: float | None, key: bool, **options: object) -> None:
        if key:
            self.stdout.write(str(log_keys.get_public_key()))
            return
        if every:
            begin_service()
        self.stdout.write(f"{sealing.seal_all()} events sealed.")
        while every:
            watchdog.report_alive(within=timedelta(seconds=every) + LONGEST)
            time.sleep(every)
            sealing.seal_all()
