from typing import Any

from django.core.management.base import BaseCommand

from amana.care.consent import vital


class Command(BaseCommand):
    help = (
        "Tell supervisors and data-protection officers what was sent without consent "
        "and not confirmed within the hour; end what its time is over for."
    )

    def handle(self, **options: Any) -> None:
        told, ended = vital.chase()
        self.stdout.write(f"Told of: {told}, ended: {ended}")
