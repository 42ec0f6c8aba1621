from django.core.management.base import BaseCommand, CommandError

from amana.errors import Refused
from amana.trust.backup import archiving, making


class Command(BaseCommand):
    help = (
        "Copy the whole PostgreSQL server into WAL_FOLDER, sealed to two people. With "
        "it and what archive_wal keeps, any later moment can be restored."
    )

    def handle(self, **options: object) -> None:
        try:
            folder = archiving.require_folder()
            made = archiving.copy_server(folder, sealed_to=making.get_recipients())
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made.path} ({made.path.stat().st_size:,} bytes)")
