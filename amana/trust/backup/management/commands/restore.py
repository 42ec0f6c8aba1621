import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amana.errors import Refused
from amana.trust.backup import archives, restoring
from amana.trust.backup.parts import ArchivePart
from amana.trust.vault.erased import ListBroken


class Command(BaseCommand):
    help = (
        "Restore the two archives of a backup into an empty database, and erase again "
        "what was erased since. First put the log's key and the newest list of erased "
        "records in place."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("data", type=Path)
        parser.add_argument("keys", type=Path)
        for part in ArchivePart:
            parser.add_argument(f"--{part}-key", type=Path, required=True)
        parser.add_argument("--list", type=Path, help="the newest ERASED_LIST")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, data: Path, keys: Path, **options: Any) -> None:
        try:
            done = restoring.restore_backup(
                data,
                keys,
                data_key=archives.read_identity(options["data_key"]),
                keys_key=archives.read_identity(options["keys_key"]),
                listed=options["list"],
            )
        except (Refused, ListBroken) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(build_summary(done)))
            return
        self.stdout.write(f"Restored as it was at {done.data.made_at}.")
        self.stdout.write(f"{done.erased_anew} cases were erased again.")
        for table, (said, there) in done.short.items():
            self.stderr.write(f"{table}: {said} rows were written, {there} are there.")
        if done.short:
            raise CommandError("Rows are missing. No one may work with this database.")
        self.stdout.write("Now run after_restore: it lists what is left to do.")


def build_summary(done: restoring.RestoreResult) -> dict[str, object]:
    """Build what a drill reads."""
    return {
        "made_at": done.data.made_at,
        "rows": sum((done.data.rows | done.keys.rows).values()),
        "erased_anew": done.erased_anew,
        "short": done.short,
        "log_size": done.log_size,
    }
