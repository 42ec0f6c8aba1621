from django.core.management.base import BaseCommand

from amana.trust.operation import queue


class Command(BaseCommand):
    help = "Delete background tasks that were done a week ago; failed ones are kept."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{queue.delete_done_tasks()} tasks deleted.")
