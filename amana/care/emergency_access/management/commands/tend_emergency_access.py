from typing import Any

from django.core.management.base import BaseCommand

from amana.care.emergency_access import actions


class Command(BaseCommand):
    help = "End emergency access after a day; tell of what nobody has reviewed."

    def handle(self, **options: Any) -> None:
        ended, late = actions.tend()
        self.stdout.write(f"{ended} ended, {late} were not reviewed in time.")
