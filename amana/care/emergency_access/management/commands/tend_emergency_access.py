from django.core.management.base import BaseCommand

from amana.care.emergency_access import actions


class Command(BaseCommand):
    help = "End emergency access after a day; report access that no one has reviewed."

    def handle(self, **options: object) -> None:
        ended, late = actions.tend_accesses()
        self.stdout.write(f"{ended} ended, {late} not reviewed in time.")
