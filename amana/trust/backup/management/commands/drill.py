from django.core.management.base import BaseCommand, CommandError

from amana.errors import Refused
from amana.trust.backup import restore_drill


class Command(BaseCommand):
    help = "Make a backup, restore it into a temporary place, and report what is there."

    def handle(self, **options: object) -> None:
        try:
            done = restore_drill.run_drill()
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Made in {done.making:.1f} s, restored in {done.restoring:.1f} s."
        )
        for part, size in done.bytes.items():
            self.stdout.write(f"{part}: {size:,} bytes")
        for what, found in done.restored.items():
            self.stdout.write(f"{what}: {found}")
        if done.restored["short"]:
            raise CommandError("Rows are missing from what was restored.")
