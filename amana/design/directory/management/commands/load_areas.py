"""Load administrative areas from a GeoJSON file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from amana.design.directory import area_files
from amana.errors import Unreadable


class Command(BaseCommand):
    help = "Load administrative areas, with their codes, names and shapes, from a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a GeoJSON FeatureCollection")

    def handle(self, *, file: Path, verbosity: int = 1, **options: object) -> None:
        try:
            count = area_files.load_areas(area_files.read_areas(file))
        except (OSError, Unreadable) as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"{count} areas loaded.")
