from typing import Any

from django.core.management.base import BaseCommand

from amana.care.consent import actions


class Command(BaseCommand):
    help = "End consents whose time is over, and delete what was shared under them."

    def handle(self, **options: Any) -> None:
        ended = actions.expire_lapsed()
        self.stdout.write(f"Ended consents: {ended}")
