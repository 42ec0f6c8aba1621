from django.core.management.base import CommandError
from django.utils import timezone

from amana.errors import Refused
from amana.trust.backup import archiving, copies
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = (
        "Delete from WAL_FOLDER what is 14 days old, and what no copy needs any more."
    )

    def handle(self, **options: object) -> None:
        try:
            copies.delete_old_copies(archiving.require_folder(), timezone.now())
        except Refused as error:
            raise CommandError(str(error)) from error
