from typing import Any

from django.core.management.base import BaseCommand

from amana.care.pathways import ticking


class Command(BaseCommand):
    help = "End waits that are over; remind of steps, and tell of those that are late."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Waits ended, reminders and notices: {ticking.tick()}")
