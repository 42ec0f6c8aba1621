from django.core.management.base import CommandError, CommandParser

from amana.trust.retention import erasing
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = "Erase records past their retention period, and what people asked to erase."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at-most",
            type=int,
            help="the number of cases that a data-protection officer has confirmed",
        )

    def handle(self, *, at_most: int | None = None, **options: object) -> None:
        try:
            done = erasing.erase_due(at_most)
        except erasing.TooMany as error:
            raise CommandError(str(error)) from error
        for kind, count in sorted(done.items()):
            self.stdout.write(f"{kind}: {count}")
