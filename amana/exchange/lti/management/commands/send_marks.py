from typing import Any

from django.core.management.base import BaseCommand

from amana.exchange.lti import marks


class Command(BaseCommand):
    help = "Tell other learning systems how far those are who agreed to it."

    def handle(self, **options: Any) -> None:
        told, failed = marks.send_waiting()
        self.stdout.write(f"Marks told: {told}, not answered: {failed}")
