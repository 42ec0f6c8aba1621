from typing import Any

from django.core.management.base import BaseCommand

from amana.care.known_elsewhere import actions


class Command(BaseCommand):
    help = "Ask those whose question was looked at elsewhere to look at it themselves."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{actions.tell_askers()} questions were looked at.")
