from django.core.management.base import BaseCommand

from amana.academy.assessment import chasing


class Command(BaseCommand):
    help = "Return work kept too long, notify of late work, issue certificates due."

    def handle(self, **options: object) -> None:
        released, late = chasing.chase_late_work()
        chasing.enqueue_certificates()
        self.stdout.write(f"Returned: {released}, late: {late}")
