from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amana.trust.audit import export
from amana.trust.audit.offline_verifier import Wrong


class Command(BaseCommand):
    help = "Check the whole audit log, and name the first bad entry."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--key", default="", help="the log's public key, as you noted it elsewhere"
        )

    def handle(self, **options: Any) -> None:
        try:
            report = export.check_here(options["key"])
        except Wrong as wrong:
            raise CommandError(f"The log is not right: {wrong}.") from wrong
        self.stdout.write(
            f"The log is right: {report.entries} entries, "
            f"{report.checkpoints} checkpoints, {len(report.waiting)} events waiting."
        )
