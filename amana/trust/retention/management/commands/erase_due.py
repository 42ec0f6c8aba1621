from typing import Any

from amana.trust.retention import erasing
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = "Erase what its time is over for, and what people asked for."

    def handle(self, **options: Any) -> None:
        done = erasing.erase_due()
        for kind, count in sorted(done.items()):
            self.stdout.write(f"{kind}: {count}")
