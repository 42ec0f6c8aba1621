from amana.trust.vault import handover
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = "Destroy sealed pages that no one opened in time, or that have expired."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{handover.clear_expired()} pages destroyed.")
