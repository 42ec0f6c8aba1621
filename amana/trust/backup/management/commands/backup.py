from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amana.errors import Refused
from amana.trust.backup import making


class Command(BaseCommand):
    help = "Write the two archives of a backup into a folder, while people work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            type=Path,
            nargs="?",
            help="where to; without it, into BACKUP_FOLDER",
        )

    def handle(self, *, folder: Path | None, **options: Any) -> None:
        if folder is None:
            if not settings.BACKUP_FOLDER:
                raise CommandError("Name a folder, or set BACKUP_FOLDER.")
            folder = Path(settings.BACKUP_FOLDER)
        try:
            made = making.make(folder, sealed_to=making.recipients())
        except Refused as error:
            raise CommandError(str(error)) from error
        for path in (made.data, made.keys):
            self.stdout.write(f"{path} ({path.stat().st_size:,} bytes)")
