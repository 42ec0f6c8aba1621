from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from amana.errors import Refused
from amana.trust.operation import outside


class Command(BaseCommand):
    help = (
        "Give up a file outside the database that is lost for good, so that services "
        "start without it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = sorted(kept.setting for kept in outside.OUTSIDE)
        parser.add_argument("setting", choices=names, help="the file’s setting")

    def handle(self, *, setting: str, **options: object) -> None:
        try:
            known = outside.give_up_file(setting)
        except Refused as no:
            raise CommandError(str(no)) from no
        if not known:
            raise CommandError(f"This database has no record of a file for {setting}.")
        self.stdout.write(f"{setting} is given up. Start the services again.")
