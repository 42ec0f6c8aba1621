from django.core.management.base import BaseCommand

from amana.care.requests import chasing


class Command(BaseCommand):
    help = "Ask the next team when a request for help was not answered in time."

    def handle(self, **options: object) -> None:
        went_on = chasing.chase()
        self.stdout.write(f"Requests for help passed on: {went_on}")
