"""Check a pack: `manage.py pack check FOLDER`."""

from argparse import ArgumentParser
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from time import perf_counter

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import choose_words
from amana.faults import Fault

type Look = Callable[[Collection[str]], Iterable[Fault]]

LOOKS: list[Look] = []
"""What rooms above find wrong with the names of a pack's files: they add it here."""


class Command(BaseCommand):
    help = "Check a mechanism's pack, a folder or a zip, and explain every mistake."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="list each mistake and where it is")
        check.add_argument("pack", type=Path, help="a folder, or a zip file")

    def handle(self, *, pack: Path, verbosity: int = 1, **options: object) -> None:
        begun = perf_counter()
        found, faults = check_pack(pack)
        if found is None:
            for fault in faults:
                self.stderr.write(fault.format_line(_))
            raise CommandError(f"{len(faults)} to fix in {pack}.")
        if verbosity:
            self.stdout.write(
                f"{format_summary(found)} ({perf_counter() - begun:.2f} s)"
            )


def check_pack(path: Path) -> tuple[Pack | None, list[Fault]]:
    try:
        given = read_files(path)
        found, faults = reading.read_pack(given)
        # What rooms above check comes in by a registry: this room may not import them.
        beside = [fault for look in LOOKS for fault in look(given)]
        return (None if beside else found), [*faults, *beside]
    except files.BadPack as bad:
        return None, [bad.fault]
    except OSError as error:
        raise CommandError(str(error)) from error


def read_files(path: Path) -> files.Files:
    return (
        files.read_zip(path.read_bytes()) if path.is_file() else files.read_folder(path)
    )


def format_summary(pack: Pack) -> str:
    counts = [
        (len(pack.roles), "roles"),
        (len(pack.pathway.steps), "steps"),
        (len(pack.forms), "forms"),
        (len(pack.instruments), "screening instruments"),
        (len(pack.law), "provisions of law"),
        (len(pack.indicators), "indicators"),
        (sum(map(len, pack.sop.values())), "chapters"),
        (len(pack.languages), "languages"),
    ]
    listed = ", ".join(f"{count} {what}" for count, what in counts)
    return f"{choose_words(pack.title, pack.language)} can be adopted: {listed}."
