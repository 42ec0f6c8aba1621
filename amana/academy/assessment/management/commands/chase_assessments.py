from typing import Any

from django.core.management.base import BaseCommand

from amana.academy.assessment import chasing


class Command(BaseCommand):
    help = "Give back work kept too long, tell of late work, issue what is due."

    def handle(self, **options: Any) -> None:
        released, late = chasing.chase()
        chasing.catch_up()
        self.stdout.write(f"Given back: {released}, late: {late}")
