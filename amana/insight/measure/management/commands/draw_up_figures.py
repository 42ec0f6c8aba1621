from django.core.management.base import BaseCommand

from amana.insight.measure import actions


class Command(BaseCommand):
    help = "Draw up the figures of a month, once it is over."

    def handle(self, **options: object) -> None:
        self.stdout.write(str(actions.prepare_protected_tables()))
