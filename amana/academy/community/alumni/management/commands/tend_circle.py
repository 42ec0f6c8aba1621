"""End places in the circle after their certificate; destroy old discussions."""

from amana.academy.community.alumni import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        actions.end_lapsed_places()
        actions.delete_expired()
