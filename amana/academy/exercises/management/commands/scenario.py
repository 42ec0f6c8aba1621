"""Check a scenario: `manage.py scenario check FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from amana.academy.exercises.engine.scenario import Scenario
from amana.academy.exercises.engine.scenario_reading import read_scenario
from amana.academy.exercises.standard_criteria import STANDARD
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import choose_words
from amana.faults import Fault

FILE = "scenario.yaml"
MECHANISM = settings.ROOT / "mechanisms" / "example"


class Command(BaseCommand):
    help = "Check a scenario's folder, and explain every mistake."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="list each mistake and where it is")
        check.add_argument("folder", type=Path, help=f"a folder with a {FILE}")
        check.add_argument(
            "--mechanism",
            type=Path,
            default=MECHANISM,
            help="the folder of the mechanism on which it is played",
        )

    def handle(self, *, folder: Path, mechanism: Path, **options: object) -> None:
        pack = load_pack(mechanism)
        scenario, faults = check_scenario(folder, pack)
        if scenario is None:
            for fault in faults:
                self.stderr.write(fault.format_line(_))
            raise CommandError(f"{len(faults)} to fix in {folder}.")
        self.stdout.write(format_summary(scenario))


def load_pack(folder: Path) -> Pack:
    try:
        pack, faults = reading.read_pack(files.read_folder(folder))
    except (files.BadPack, OSError) as error:
        raise CommandError(str(error)) from error
    if pack is None:
        raise CommandError(f"{len(faults)} to fix in {folder} first.")
    return pack


def check_scenario(folder: Path, pack: Pack) -> tuple[Scenario | None, list[Fault]]:
    try:
        content = (folder / FILE).read_bytes()
    except OSError as error:
        raise CommandError(f"There is no {FILE} to read in {folder}.") from error
    return read_scenario(FILE, content, pack=pack, criteria=frozenset(STANDARD))


def format_summary(scenario: Scenario) -> str:
    counts = [
        (scenario.crowd, "people"),
        (len(scenario.seats), "seats"),
        (len(scenario.injects), "injects"),
        (len(scenario.criteria) + len(scenario.observed), "criteria"),
        (len(scenario.languages), "languages"),
    ]
    listed = ", ".join(f"{count} {what}" for count, what in counts)
    title = choose_words(scenario.title, scenario.languages[0])
    return f"{title} can be played: {listed}."
