"""Load administrative areas from a file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from amana.errors import Unreadable
from amana.exchange.areas import actions


class Command(BaseCommand):
    help = "Load administrative areas, with their codes, names and shapes, from a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="GeoJSON, CSV, a workbook, or a zip of these"
        )

    def handle(self, *, file: Path, verbosity: int = 1, **options: object) -> None:
        try:
            plan = actions.load_areas_as_suggested(file.read_bytes())
        except (OSError, Unreadable) as error:
            raise CommandError(str(error)) from error
        if plan.faults:
            faults = (f"{f.where}, {f.field}: {f.what}" for f in plan.faults[:20])
            raise CommandError("\n".join(faults))
        if verbosity:
            self.stdout.write(f"{len(plan.records)} areas loaded.")
