from django.core.management.base import BaseCommand

from amana.care.consent import vital_interests


class Command(BaseCommand):
    help = (
        "Notify supervisors and data-protection officers of information that was sent "
        "without consent and not confirmed within the hour; end it when it expires."
    )

    def handle(self, **options: object) -> None:
        told, ended = vital_interests.chase()
        self.stdout.write(f"Notified of: {told}, ended: {ended}")
