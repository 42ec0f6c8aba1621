from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from amana.trust.audit import export, log_keys


class Command(BaseCommand):
    help = "Write the audit log to a file that anyone can check offline."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--details", action="store_true", help="with the details of each event"
        )

    def handle(self, *, file: Path, details: bool, **options: object) -> None:
        with file.open("w", encoding="utf-8") as written:
            for line in export.iterate_lines(details=details):
                written.write(f"{line}\n")
        # For its owner only: with details it has what was done to whose case.
        file.chmod(0o600)
        self.stdout.write(
            f"Check it with offline_verifier.py, key {log_keys.get_public_key()}"
        )
