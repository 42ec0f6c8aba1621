from django.core.management.base import BaseCommand, CommandParser

from amana.insight.facts import batch


class Command(BaseCommand):
    help = "Write the waiting observations about people, shuffled, and make a new key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--give-up-lost",
            action="store_true",
            help="delete what no key opens: the key file has been lost for good",
        )

    def handle(self, *, give_up_lost: bool, **options: object) -> None:
        night = batch.write_batch(give_up_lost=give_up_lost)
        self.stdout.write(
            f"{night.written} observations written, {night.waiting} still waiting."
        )
        if night.lost and give_up_lost:
            self.stdout.write(f"{night.lost} observations given up.")
        elif night.lost:
            self.stderr.write(
                f"{night.lost} observations can’t be opened: their key is not in the "
                "file FACTS_KEY_FILE. Add its lines to that file. If they are lost for "
                "good, run this command with --give-up-lost."
            )
