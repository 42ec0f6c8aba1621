from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amana.errors import Refused
from amana.insight.release.verdicts import list_verdicts


class Command(BaseCommand):
    help = "Check if each table in a CSV file may be published: PASS, FAIL or neither."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            found = list_verdicts(read_chunks(file))
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        for verdict in found:
            self.stdout.write(f"{verdict.number}. {verdict.word}  {verdict.about}")
            for reason in verdict.reasons:
                self.stdout.write(f"   {reason}")
        if any(verdict.failed for verdict in found):
            raise CommandError("This file must not be published as it is.")


def read_chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(65_536):
            yield chunk
