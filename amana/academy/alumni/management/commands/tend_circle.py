"""End places in the circle after their certificate; destroy old discussions."""

from typing import Any

from amana.academy.alumni import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        actions.end_lapsed_places()
        actions.delete_expired()
