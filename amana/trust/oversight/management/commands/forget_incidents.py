"""Delete data breaches that were closed, or found to be none, five years ago."""

from amana.trust.oversight import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        actions.forget_old_breaches()
