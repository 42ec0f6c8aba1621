from typing import Any

from django.core.management.base import BaseCommand

from amana.care.screening import actions


class Command(BaseCommand):
    help = "Destroy what was screened 30 days ago and led to no case."

    def handle(self, **options: Any) -> None:
        count = actions.expire_stale()
        self.stdout.write(f"{count} destroyed.")
