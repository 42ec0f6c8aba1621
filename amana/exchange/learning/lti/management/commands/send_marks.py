from django.core.management.base import BaseCommand

from amana.exchange.learning.lti import actions, marks


class Command(BaseCommand):
    help = "Send marks of learners who agreed to other systems; delete old arrivals."

    def handle(self, **options: object) -> None:
        actions.forget_launches()
        told, failed = marks.send_waiting()
        self.stdout.write(f"Marks sent: {told}, not answered: {failed}")
