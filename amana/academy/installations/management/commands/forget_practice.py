"""Remove the practice installations that no one has visited for half a year."""

from amana.academy.installations import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        actions.forget_old()
