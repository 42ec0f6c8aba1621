from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amana.errors import Refused
from amana.insight.release import synthesis
from amana.insight.release.noising import ONCE_IN_A_CASE


class Command(BaseCommand):
    help = (
        "Write rows of people who don't exist, for training and software tests alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--kind", choices=ONCE_IN_A_CASE, default="screening")
        parser.add_argument("--rows", type=int, default=1_000)
        parser.add_argument("--epsilon", type=float, default=1.0)

    def handle(
        self,
        *,
        folder: Path,
        year: int,
        kind: str,
        rows: int,
        epsilon: float,
        **options: object,
    ) -> None:
        rows = min(max(1, rows), synthesis.MOST_ROWS)
        try:
            tree = synthesis.get_tree(year, kind, epsilon)
            file = folder / synthesis.build_file_name(year, kind)
            file.write_text(
                "".join(synthesis.write_lines(tree, rows)), encoding="utf-8"
            )
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(file))
