from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amana.trust.retention import erasing
from amana.trust.vault.erased import ListBroken


class Command(BaseCommand):
    help = (
        "After a restoration: erase again what is on the list of erased records. "
        "Nothing can be opened before that."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("list", nargs="?", type=Path, help="ERASED_LIST if omitted")

    def handle(self, *, list: Path | None = None, **options: object) -> None:
        try:
            cases, lines = erasing.apply(list)
        except ListBroken as error:
            raise CommandError(
                f"The list of erased records was changed. {error}"
            ) from error
        self.stdout.write(f"{cases} cases erased again; {lines} lines were missing.")
