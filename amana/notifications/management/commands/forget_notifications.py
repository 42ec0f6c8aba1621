from amana.notifications import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = "Delete notifications that are older than 30 days."

    def handle(self, **options: object) -> None:
        actions.forget_old()
