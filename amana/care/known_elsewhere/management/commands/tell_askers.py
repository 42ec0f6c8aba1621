from django.core.management.base import BaseCommand

from amana.care.known_elsewhere import actions


class Command(BaseCommand):
    help = "Notify colleagues whose question was opened elsewhere, answered or not."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{actions.notify_askers()} questions were opened elsewhere.")
