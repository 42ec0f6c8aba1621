from django.core.management.base import BaseCommand

from amana.insight.facts import monthly


class Command(BaseCommand):
    help = "Count services, places and caseloads of the month that is over. Once."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{monthly.count_month()} observations written.")
