from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from amana.errors import Refused
from amana.trust.backup import archives, archiving, copies, making, moments
from amana.trust.backup.making import BackupFiles
from amana.trust.backup.parts import ArchivePart

NEWEST = "newest"


class Command(BaseCommand):
    help = (
        "Write the two archives of a backup into a folder, while people work; with "
        "--at, on PostgreSQL, as the database was at an earlier time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            type=Path,
            nargs="?",
            help="where to write; BACKUP_FOLDER if omitted",
        )
        parser.add_argument(
            "--at",
            help=f"the earlier time, such as “2026-11-29 14:05”, or {NEWEST}",
        )
        parser.add_argument(
            "--from",
            dest="kept_in",
            type=Path,
            help="where amana-base-… and amana-wal-… are; WAL_FOLDER if omitted",
        )
        for part in ArchivePart:
            parser.add_argument(
                f"--{part}-key", type=Path, help="with --at: the private key"
            )

    def handle(self, *, folder: Path | None, at: str | None, **options: Any) -> None:
        if folder is None:
            if not settings.BACKUP_FOLDER:
                raise CommandError("Name a folder, or set BACKUP_FOLDER.")
            folder = Path(settings.BACKUP_FOLDER)
        try:
            if at is None:
                made = making.make_backup(folder, sealed_to=making.get_recipients())
            else:
                made = self.of_moment(at, folder, **options)
        except Refused as error:
            raise CommandError(str(error)) from error
        for path in (made.data, made.keys):
            self.stdout.write(f"{path} ({path.stat().st_size:,} bytes)")

    def of_moment(
        self, at: str, folder: Path, *, kept_in: Path | None, **options: Any
    ) -> BackupFiles:
        archiving.require_postgresql()
        paths = {part: options[f"{part}_key"] for part in ArchivePart}
        if not all(paths.values()):
            raise Refused("Give both private keys: --data-key and --keys-key.")
        made = moments.make_backup_at(
            parse_moment(at),
            folder,
            kept_in=kept_in or Path(settings.WAL_FOLDER or folder),
            opened_by={
                part: archives.read_identity(paths[part]) for part in ArchivePart
            },
        )
        self.stdout.write(f"As it was at {copies.format_moment(made.about.moment)}.")
        return made


def parse_moment(text: str) -> datetime | None:
    """Parse a moment, in TIME_ZONE where it says no other; None for the newest. Raises
    `Refused` if it is none."""
    if text == NEWEST:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"“{text}” is not a time such as “2026-11-29 14:05”.") from error
    return found if found.tzinfo else timezone.make_aware(found)
