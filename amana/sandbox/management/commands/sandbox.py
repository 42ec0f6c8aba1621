from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application

from amana.academy.sandboxes.sandbox_folder import NotWanted


class Command(BaseCommand):
    help = "Build and serve the exercise of AMANA_SANDBOX, until it is left alone."
    requires_system_checks: list[str] = []
    """They open the database, which may have to be built anew."""

    def handle(self, **options: object) -> None:
        if settings.SANDBOX is None:
            raise CommandError("Set AMANA_SANDBOX to the folder of an exercise.")
        # What is in this room exists in an exercise alone.
        from amana.sandbox import building, directing, resuming, server
        from amana.sandbox.here import FOLDER, STAGE

        if not FOLDER.is_built:
            building.clear(FOLDER)
        # At each start: the server may have been upgraded since.
        call_command("migrate", verbosity=0)
        if not FOLDER.is_built:
            try:
                building.build(FOLDER)
            except NotWanted:
                return  # closed meanwhile: what was begun is removed with its folder
        resuming.resume(STAGE)
        pages = server.UnixServer(FOLDER.socket, get_wsgi_application())
        server.serve(
            pages,
            partial(directing.try_turn, STAGE),
            partial(directing.is_over, STAGE, pages),
        )
