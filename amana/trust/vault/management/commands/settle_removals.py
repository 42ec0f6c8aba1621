from typing import Any

from django.core.management.base import BaseCommand

from amana.trust.vault import removal


class Command(BaseCommand):
    help = "Take away keys after the delay; destroy what can't be undone any more."

    def handle(self, **options: Any) -> None:
        effective, final = removal.settle()
        self.stdout.write(f"{effective} took effect, {final} are final.")
