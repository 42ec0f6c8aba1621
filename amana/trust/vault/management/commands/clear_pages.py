from typing import Any

from django.core.management.base import BaseCommand

from amana.trust.vault import handover


class Command(BaseCommand):
    help = "Destroy sealed pages that nobody opened in time, or that were open long."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{handover.clear_expired()} pages destroyed.")
