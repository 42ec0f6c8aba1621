from typing import Any

from django.core.management.base import BaseCommand

from amana.care.referrals import escalation


class Command(BaseCommand):
    help = "Tell supervisors, senders and coordinators of referrals that are late."

    def handle(self, **options: Any) -> None:
        steps = escalation.chase()
        self.stdout.write(f"Told of late referrals: {steps}")
