from typing import Any

from django.core.management.base import BaseCommand

from amana.exchange.lti import actions, marks


class Command(BaseCommand):
    help = "Tell other learning systems how far those are who agreed; forget who came."

    def handle(self, **options: Any) -> None:
        actions.forget_launches()
        told, failed = marks.send_waiting()
        self.stdout.write(f"Marks told: {told}, not answered: {failed}")
