from typing import Any

from django.core.management.base import BaseCommand

from amana.academy.cohorts import actions


class Command(BaseCommand):
    help = "End offers of places that ran out, and delete applications that are over."

    def handle(self, **options: Any) -> None:
        lapsed, forgotten = actions.lapse_offers(), actions.forget()
        self.stdout.write(f"{lapsed} ran out, {forgotten} deleted or shortened.")
