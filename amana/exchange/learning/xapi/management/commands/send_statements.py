from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from amana.exchange.learning.xapi import sending


class Command(BaseCommand):
    help = "Send learning events to the record store, for learners who agreed."

    def handle(self, **options: object) -> None:
        if not settings.LRS_URL:
            return
        try:
            taken, refused = sending.send_waiting()
        except sending.StoreUnreachable as error:
            raise CommandError(f"The record store can't be reached: {error}") from error
        self.stdout.write(f"Statements accepted: {taken}, refused: {refused}")
