"""Check a course, or bundle it: `manage.py course check|map|bundle FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from amana.academy.courses.course_bundles import WRITERS
from amana.academy.courses.engine import course_content, files, mapping, reading
from amana.academy.courses.engine.reading import CheckedCourse
from amana.design.mechanism.pack.files import BadPack


class Command(BaseCommand):
    help = "Check a course's folder and explain every mistake; write it to a USB stick."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="list each mistake and where it is")
        check.add_argument("folder", type=Path, help="a folder with a course.yaml")
        table = verbs.add_parser("map", help="list what teaches and assesses what")
        table.add_argument("folder", type=Path, help="a folder with a course.yaml")
        bundle = verbs.add_parser("bundle", help="write it as pages for a USB stick")
        bundle.add_argument("folder", type=Path, help="a folder with a course.yaml")
        bundle.add_argument("out", type=Path, help="where the pages are written")

    def handle(self, *, verb: str, folder: Path, **options: Any) -> None:
        if verb == "map":
            self.say_map(folder)
        elif verb == "bundle":
            self.bundle(folder, options["out"])
        else:
            self.say_faults(folder, verbosity=options.get("verbosity", 1))

    def say_map(self, folder: Path) -> None:
        checked = check_folder(folder)
        if checked.faults:
            raise CommandError(f"{len(checked.faults)} to fix in {folder} first.")
        self.stdout.write(
            mapping.format_table(course_content.build_course(checked.compiled))
        )

    def bundle(self, folder: Path, out: Path) -> None:
        checked = check_folder(folder)
        if checked.faults:
            raise CommandError(f"{len(checked.faults)} to fix in {folder} first.")
        found = course_content.build_course(checked.compiled)
        for write in WRITERS:
            count = write(found, checked.sha256, found.languages, out)
            self.stdout.write(f"{count} files in {out}: open index.html of a language.")

    def say_faults(self, folder: Path, *, verbosity: int) -> None:
        begun = perf_counter()
        checked = check_folder(folder)
        if verbosity:
            for remark in checked.remarks:
                self.stdout.write(f"{remark.format_line(_)} ({_('to review')})")
        if checked.faults:
            for fault in checked.faults:
                self.stderr.write(fault.format_line(_))
            raise CommandError(f"{len(checked.faults)} to fix in {folder}.")
        if verbosity:
            self.stdout.write(
                f"{format_summary(checked)} ({perf_counter() - begun:.2f} s)"
            )


def check_folder(folder: Path) -> CheckedCourse:
    try:
        return reading.read_course(files.read_folder(folder))
    except BadPack as bad:
        return CheckedCourse("", [bad.fault], [])
    except OSError as error:
        raise CommandError(str(error)) from error


def format_summary(checked: CheckedCourse) -> str:
    read = course_content.build_course(checked.compiled)
    minutes = sum(module.minutes.total for module in read.modules)
    counts = [
        (len(read.modules), "modules"),
        (len(read.lessons), "lessons"),
        (round(minutes / 60, 1), "hours"),
        (len(read.questions), "questions"),
        (sum(len(module.kit) for module in read.modules), "pieces of session kits"),
        (len(read.sources), "sources"),
        (len(read.languages), "languages"),
        (len(checked.remarks), "to review"),
    ]
    listed = ", ".join(f"{count} {what}" for count, what in counts)
    return f"{read.title[read.first]} can be published: {listed}. {checked.sha256[:12]}"
