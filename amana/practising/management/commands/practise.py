from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application

from amana.academy.sandboxes.sandbox_folder import NotWanted


class Command(BaseCommand):
    help = "Build and serve a practice installation, until it is left alone."
    requires_system_checks: list[str] = []
    """They open the database, which may have to be built anew."""

    def handle(self, **options: object) -> None:
        if not settings.PRACTISING:
            raise CommandError(
                "Set AMANA_SANDBOX to its folder, AMANA_PRACTISING to 1."
            )
        # What is in this room exists in a practice installation alone.
        from amana.practising import building, running
        from amana.practising.here import FOLDER
        from amana.sandbox import server

        if not FOLDER.is_built:
            building.clear(FOLDER)
        # At each start: the server may have been upgraded since.
        call_command("migrate", verbosity=0)
        if not FOLDER.is_built:
            try:
                building.build(FOLDER)
            except NotWanted:
                return  # closed meanwhile: what was begun is removed with its folder
        pages = server.UnixServer(FOLDER.socket, get_wsgi_application())
        running.draw_up_figures()
        server.serve(pages, running.try_turn, partial(running.is_over, pages))
