from django.core.management.base import BaseCommand

from amana.trust.alarms import actions


class Command(BaseCommand):
    help = "Count what each person did today; raise an alarm where it is unusual."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{len(actions.watch_log())} alarms raised.")
