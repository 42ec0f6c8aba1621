from typing import Any

from django.core.management.base import BaseCommand

from amana.notifications import actions


class Command(BaseCommand):
    help = "Forget notifications that are older than 30 days."

    def handle(self, **options: Any) -> None:
        actions.forget_old()
