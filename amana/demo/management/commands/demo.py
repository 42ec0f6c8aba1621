import os
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from amana.trust.operation import serving

BUILT = "built"
"""A file that says: this demo was built to its end."""
BEGUN = "this-is-a-demo"
"""A file that marks its folder as a demo's: the rest may be removed and built again."""

HELLO = """\
Amana's demo: an invented country to explore. Never enter real people.

  Open:        http://localhost:{port}/demo/
  Sign in as:  anyone on that page, with one click. For example
               Karim Bensalah, who meets people at the border
               Leila Mansouri, a case worker; Grace Achieng, who answers referrals
               Salma Haddou, the coordinator; Ines Carvalho, an administrator
               (passphrase, where one is asked: {passphrase})
"""


class Command(BaseCommand):
    help = "Serve an invented country to explore."
    requires_system_checks: list[str] = []
    """They open the database, and so would make the file that `clear` looks for."""

    def add_arguments(self, parser: CommandParser | ArgumentParser) -> None:
        parser.add_argument(
            "--directory",
            type=Path,
            metavar="FILE",
            help="fill the directory from this file (GeoJSON or HSDS) instead",
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--fresh", action="store_true", help="build it again")
        parser.add_argument("--build-only", action="store_true", help="serve nothing")

    def handle(
        self,
        *,
        directory: Path | None,
        port: int,
        fresh: bool,
        build_only: bool,
        **options: object,
    ) -> None:
        from amana import given

        if not settings.DEMO:
            raise CommandError("Set AMANA_DEMO=1: the demo signs anyone in.")
        hello = HELLO.format(port=port, passphrase=given.PASSPHRASE)
        self.stdout.write(hello)
        self.stdout.flush()
        if directory and not directory.exists():
            raise CommandError(f"There is no file {directory}.")
        self.use_address(port)
        built = settings.VAR / BUILT
        # Its certificates were issued by this address, and are checked at it.
        of_what = f"{directory} {settings.ADDRESS}"
        same = built.exists() and built.read_text() == of_what
        if fresh or not same:
            self.build(directory)
            built.write_text(of_what)
        else:
            self.count_places()
        call_command("collectstatic", interactive=False, verbosity=0)
        if not build_only:
            self.serve(port)

    def use_address(self, port: int) -> None:
        """Use the address at which it is served, unless another one is set: otherwise
        its certificates would name another server."""
        if "ADDRESS" not in os.environ:
            settings.ADDRESS = f"http://localhost:{port}"
            os.environ["ADDRESS"] = settings.ADDRESS  # for the server, which follows

    def build(self, directory: Path | None) -> None:
        from amana.demo.building import DemoUnfinished, build_demo

        self.clear()
        call_command("migrate", verbosity=0)
        try:
            self.watch(build_demo(directory))
        except DemoUnfinished as error:
            raise CommandError(str(error)) from error

    def count_places(self) -> None:
        """Count the places again of a kept demo, which is started again after days."""
        from amana.demo import fresh

        if counted := fresh.count_places():
            self.stdout.write(f"  Places free counted again: {counted} services")

    def clear(self) -> None:
        """Remove an earlier demo, and nothing that isn't one."""
        begun = settings.VAR / BEGUN
        patterns = ("amana.sqlite3*", BUILT, "audit-log.key")
        earlier = [path for p in patterns for path in settings.VAR.glob(p)]
        # Never by the setting alone: a wrong AMANA_VAR would delete a real database.
        if earlier and not begun.exists():
            raise CommandError(f"{settings.VAR} holds something that is not a demo.")
        if Path(connection.settings_dict["NAME"]).parent != settings.VAR:
            raise CommandError("The demo has its own database: unset DATABASE_URL.")
        begun.touch()
        connection.close()
        for path in earlier:
            path.unlink()

    def watch(self, steps: Iterable[tuple[str, int, int]]) -> None:
        """Write a line for each stage, with a bar that grows on a terminal."""
        stage = ""
        for what, done, total in steps:
            if stage and what != stage:
                self.stdout.write("")
            stage = what
            if self.stdout.isatty() or done == total:
                bar = "█" * (24 * done // total)
                line = f"\r  {what:<28}{bar:<24} {done}/{total}"
                self.stdout.write(line, ending="")
                self.stdout.flush()
        self.stdout.write("\n")

    def serve(self, port: int) -> None:
        self.stdout.write(f"Serving on http://localhost:{port}/demo/  (Ctrl+C ends it)")
        self.stdout.flush()
        quiet = ("--log-level", "warning")
        command = serving.build_server_command(
            *quiet, host="127.0.0.1", port=port, workers=2
        )
        # In the place of this process, so that Ctrl+C reaches the server itself.
        os.execv(command[0], command)  # noqa: S606 — words of our own
