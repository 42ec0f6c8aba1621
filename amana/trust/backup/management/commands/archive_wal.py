from django.core.management.base import BaseCommand, CommandError

from amana.errors import Refused
from amana.trust.backup import archiving, making


class Command(BaseCommand):
    help = "Seal the latest changes of PostgreSQL into WAL_FOLDER, to two people."

    def handle(self, **options: object) -> None:
        try:
            folder = archiving.require_folder()
            archiving.archive_changes(folder, sealed_to=making.get_recipients())
        except Refused as error:
            raise CommandError(str(error)) from error
