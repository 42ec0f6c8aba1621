from django.core.management.base import BaseCommand

from amana.care.referrals import escalation


class Command(BaseCommand):
    help = "Notify supervisors, senders and coordinators of overdue referrals."

    def handle(self, **options: object) -> None:
        steps = escalation.chase()
        self.stdout.write(f"Notified of overdue referrals: {steps}")
