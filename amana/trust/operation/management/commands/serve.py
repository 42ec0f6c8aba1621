import os

from django.core.management.base import BaseCommand, CommandParser

from amana.trust.operation import serving
from amana.unattended import begin_service


class Command(BaseCommand):
    help = "Serve the pages, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--workers", type=int, default=2, help="processes; one for each core"
        )

    def handle(self, *, host: str, port: int, workers: int, **options: object) -> None:
        begin_service()
        command = serving.build_server_command(host=host, port=port, workers=workers)
        # Replaces this process, so that systemd's signals reach the server itself.
        os.execv(command[0], command)  # noqa: S606 — words of our own
