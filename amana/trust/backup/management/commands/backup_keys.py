from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from pyrage.x25519 import Identity

from amana import on_disk
from amana.trust.backup import archives
from amana.trust.backup.parts import ArchivePart

SETTINGS = {
    ArchivePart.DATA: "BACKUP_DATA_RECIPIENT",
    ArchivePart.KEYS: "BACKUP_KEYS_RECIPIENT",
}


class Command(BaseCommand):
    help = (
        "Make the two keys of backups, once, and not on the server: the private ones "
        "go to two people, each on their own USB stick."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: object) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        paths = {part: folder / f"amana-backup-{part}.key" for part in ArchivePart}
        if all(path.exists() for path in paths.values()):
            raise CommandError("There are keys already. Nothing was written.")
        for part, path in paths.items():
            if not path.exists():  # one is there where this was killed between them
                key = Identity.generate()
                text = f"# public key: {key.to_public()}\n{key}\n"
                on_disk.replace_file(path, text)
            public = archives.read_identity(path).to_public()
            self.stdout.write(f"{SETTINGS[part]}={public}")
