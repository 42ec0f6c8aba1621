from typing import Any

from django.core.management.base import BaseCommand

from amana.trust.vault import handover


class Command(BaseCommand):
    help = "Destroy the sealed pages that nobody opened in time."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{handover.clear_expired()} pages destroyed.")
