from typing import Any

from django.core.management.base import BaseCommand

from amana.insight.facts import monthly


class Command(BaseCommand):
    help = "Count the month that is over: services, places, caseloads. Once."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{monthly.count()} facts written.")
