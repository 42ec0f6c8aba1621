"""Write a pack’s documents without the web: `manage.py paper PACK FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from amana.design.mechanism.documents import toolkit
from amana.design.mechanism.documents.source import build_file_edition
from amana.design.mechanism.management.commands.pack import check_pack


class Command(BaseCommand):
    help = "Write all documents of a mechanism's pack, in each of its languages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", type=Path, help="a folder, or a zip file")
        parser.add_argument("folder", type=Path, help="where the documents are written")
        parser.add_argument(
            "--language",
            action="append",
            default=[],
            help="write only this language; may be given several times",
        )

    def handle(
        self, *, pack: Path, folder: Path, language: list[str], **options: object
    ) -> None:
        found, faults = check_pack(pack)
        if found is None:
            for fault in faults:
                self.stderr.write(fault.format_line(_))
            raise CommandError(f"{len(faults)} to fix in {pack}.")
        if unknown := sorted(set(language) - set(found.languages)):
            raise CommandError(f"The pack is not written in {', '.join(unknown)}.")
        edition = build_file_edition(found.files)
        for name, content in toolkit.iterate_files(found, edition, language):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.stdout.write(f"Documents written to {folder}.")
