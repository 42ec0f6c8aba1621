"""Continue the work on imports that was stopped: a server that was switched off."""

from django.core.management.base import BaseCommand

from amana.exchange.imports import actions


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"Imports continued: {actions.continue_stopped_imports()}")
