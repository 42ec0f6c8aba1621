from django.core.management.base import BaseCommand

from amana.trust.witness import asking


class Command(BaseCommand):
    help = "Ask the log's witnesses to cosign its newest checkpoint."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{asking.ask_all_witnesses()} witnesses cosigned.")
